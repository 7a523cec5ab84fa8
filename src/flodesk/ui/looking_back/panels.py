"""The panels of a flow, each with its bar of time: all of them are at the same moment."""

from __future__ import annotations

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QVBoxLayout

from flodesk.ui.looking_back.bar import HistoryBar
from flodesk.ui.looking_back.moments import Moments
from flodesk.ui.panel import ControlPanel
from flodesk.ui.run import Run


class LookingBack(QObject):
    """Gives panels a bar of time.

    One that is locked has it on the screen as long as it shows the past: nothing else there would say so.
    """

    def __init__(self, parent: QObject, run: Run) -> None:
        super().__init__(parent)
        self.moments = Moments(self, run)
        self.bars: dict[ControlPanel, HistoryBar] = {}
        self._unasked: set[ControlPanel] = set()
        """Those that have their bar only because another one looks back."""
        self.moments.changed.connect(self._tell)

    def add(self, panel: ControlPanel) -> None:
        """Let one more panel look back."""
        bar = self.bars[panel] = HistoryBar(self.moments, panel, uppermost=panel.views.locked)
        layout = panel.layout()
        assert isinstance(layout, QVBoxLayout)
        layout.insertWidget(1, bar)
        panel.bar.history_wanted.connect(bar.setVisible)
        self.moments.add(panel)

    def drop(self, panel: ControlPanel) -> None:
        """Let a panel look back no more: it goes. The others are live, unless one of them has its bar open."""
        self.moments.drop(panel)
        self._unasked.discard(panel)
        bar = self.bars.pop(panel)
        others = (other for other in self.bars if other not in self._unasked)
        if not bar.isHidden() and self.moments.at is not None and all(self.bars[other].isHidden() for other in others):
            self.moments.go_live()

    def _tell(self) -> None:
        """Say on panels that say it nowhere else that they show the past, and which turn."""
        past = self.moments.at is not None
        for panel, bar in self.bars.items():
            if past and panel.views.locked and bar.isHidden():
                self._unasked.add(panel)
                panel.bar.history.setChecked(True)
            elif not past and panel in self._unasked:
                self._unasked.discard(panel)
                panel.bar.history.setChecked(False)

    def look(self) -> None:
        """Ask what is held now, while a bar is to be seen."""
        if any(bar.isVisible() for bar in self.bars.values()):
            self.moments.look()


__all__ = ["LookingBack"]
