"""The panels of a flow, each with its bar of time: all of them are at the same moment."""

from __future__ import annotations

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QVBoxLayout

from flodesk.ui.looking_back.bar import HistoryBar
from flodesk.ui.looking_back.moments import Moments
from flodesk.ui.panel import ControlPanel
from flodesk.ui.probes.desk import ProbeDesk
from flodesk.ui.run import Run


class LookingBack(QObject):
    """Gives panels a bar of time."""

    def __init__(self, parent: QObject, run: Run, probes: ProbeDesk | None = None) -> None:
        super().__init__(parent)
        self.moments = Moments(self, run, probes)
        self.bars: dict[ControlPanel, HistoryBar] = {}

    def add(self, panel: ControlPanel) -> None:
        """Let one more panel look back."""
        bar = self.bars[panel] = HistoryBar(self.moments, panel)
        layout = panel.layout()
        assert isinstance(layout, QVBoxLayout)
        layout.insertWidget(1, bar)
        panel.bar.history_wanted.connect(bar.setVisible)
        self.moments.add(panel)

    def drop(self, panel: ControlPanel) -> None:
        """Let a panel look back no more: it goes."""
        self.moments.drop(panel)
        del self.bars[panel]

    def look(self) -> None:
        """Ask what is held now, while a bar is to be seen."""
        if any(bar.isVisible() for bar in self.bars.values()):
            self.moments.look()


__all__ = ["LookingBack"]
