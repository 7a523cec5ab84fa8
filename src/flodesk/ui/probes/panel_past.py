"""The bar of time moves the views of the panels, too: while there are probes, what these show is kept along."""

from __future__ import annotations

from PySide6.QtCore import QObject

from flodesk.ui.panel import ControlPanel
from flodesk.ui.probes.desk import ProbeDesk


class PanelPast(QObject):
    """Lets panels follow the moment that the probes show."""

    def __init__(self, parent: QObject, desk: ProbeDesk, panel: ControlPanel) -> None:
        super().__init__(parent)
        self._desk = desk
        self._panels: list[ControlPanel] = []
        self._kept: set[str] = set()
        desk.along = lambda: self._kept
        desk.answered.connect(self._show)
        desk.changed.connect(self._show)
        self.add(panel)

    def add(self, panel: ControlPanel) -> None:
        """Let one more panel follow."""
        self._panels.append(panel)
        panel.watched_changed.connect(self._follow)
        panel.bar.live_wanted.connect(self._desk.go_live)
        self._follow()

    def drop(self, panel: ControlPanel) -> None:
        """Let a panel follow no more."""
        self._panels.remove(panel)
        self._follow()

    def _follow(self) -> None:
        """Keep what the panels show now."""
        wanted: set[str] = set().union(*(panel.watched() for panel in self._panels))
        if wanted != self._kept:
            self._kept = wanted
            if self._desk.any:
                self._desk.keep()
                self._desk.refresh()

    def _show(self) -> None:
        desk = self._desk
        if desk.at is None or not desk.any:
            for panel in self._panels:
                panel.past.leave()
            return
        found = {}
        for name in self._kept:
            held = desk.held.get(name) if name in desk.rooms else desk.beside.get(name)
            if held is not None and held.number and held.kept is not None and held.kept.place is not None:
                found[name] = held.kept.place.number, held.kept.value
        lead = desk.held.get(desk.leader)
        what = "turn" if lead is not None and lead.loop else "value"
        for panel in self._panels:
            panel.past.show(found, f"{what.capitalize()} {desk.turn}")


__all__ = ["PanelPast"]
