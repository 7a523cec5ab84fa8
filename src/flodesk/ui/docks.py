"""Where things stand: docks, control panel and canvas, their places, and the verbs of the View menu about them."""

from __future__ import annotations

import json
from itertools import pairwise

from PySide6.QtCore import QByteArray, QObject, QSize, Qt, Signal
from PySide6.QtWidgets import QDockWidget, QMainWindow, QSplitter

from flodesk.ui.dock import Dock
from flodesk.ui.dock_sizes import DockSizes
from flodesk.ui.neighbours import CLOSE, Neighbours
from flodesk.ui.on_screen import TITLE_BAR, keep_on_screen
from flodesk.ui.panel import ControlPanel
from flodesk.ui.panel_place import PanelPlace
from flodesk.ui.settings import settings

_VERSION = 2
"""Of the stored layout: one from another version is not restored."""
FIRST = (1440, 900)
"""Size in pixels of the first window; on a screen with less room it takes all of it."""
SIDES = {"library": 256, "inspector": 288, "versions": 288}
"""Widths in pixels of docks beside the canvas at first."""
BELOW, LOWEST, HIGHEST = 0.21, 176, 240
"""Share of the window's height that the docks below the canvas take at first, and its limits in pixels."""
PICTURES, TALL = 0.36, 300
"""The same for the probes, which show a picture of each value, and its upper limit."""
SCRIPT = 0.32
"""Share of the window's width that the script takes at first."""
ROOMY, NARROWEST = 1280, 150
"""Width of a window, in pixels, below which the docks at its sides give way in proportion, and their least width."""
CANVAS = 440
"""Width in pixels that the canvas keeps as long as the docks at its sides can give way."""


class Docks(QObject):
    """Holds the docks of the window by name, and the place of the control panel.

    `changed` tells, in the next turn of the event loop, that a dock has come or gone: never from within a window that
    is just being taken apart.
    """

    changed = Signal()

    def __init__(
        self,
        window: QMainWindow,
        library: Dock,
        inspector: Dock,
        log: Dock,
        problems: Dock,
        runs: Dock,
        letters: Dock,
        script: Dock,
        probes: Dock,
        split: QSplitter,
        panel: ControlPanel,
    ) -> None:
        super().__init__(window)
        self._window = window
        self.library, self.inspector, self.log, self.problems = library, inspector, log, problems
        self.runs, self.letters, self.script, self.probes = runs, letters, script, probes
        self.panel = PanelPlace(split, panel)
        self._lower: list[Dock] = []
        self.more: list[Dock] = []
        """Docks that share the inspector's place, and are hidden at first."""
        room = window.screen().availableGeometry()
        window.resize(min(FIRST[0], room.width()), min(FIRST[1], room.height() - TITLE_BAR))
        self._neighbours = Neighbours(window, inspector, script)
        self._widths = DockSizes(
            window,
            (library, script, inspector, *self._below),
            Qt.Orientation.Horizontal,
            self._first_width,
            least=NARROWEST,
            middle=CANVAS,
            roomy=ROOMY,
        )
        self._heights = DockSizes(window, (*self._below, script), Qt.Orientation.Vertical, self._first_height, least=0)
        self._widths.crowded.connect(self._neighbours.share)
        self._widths.changed.connect(self.changed)
        self.panel.drawn.connect(self._store_sizes)
        self.reset()

    def add(self, dock: Dock) -> None:
        """Take in a dock that shares the inspector's place, and is hidden at first."""
        self._window.addDockWidget(Qt.DockWidgetArea.RightDockWidgetArea, dock)
        self._window.tabifyDockWidget(self.inspector, dock)
        dock.hide()
        self.more.append(dock)
        self._widths.add(dock)

    def add_below(self, dock: Dock) -> None:
        """Take in a dock below the canvas, behind the others there, and hidden at first."""
        self._window.addDockWidget(Qt.DockWidgetArea.BottomDockWidgetArea, dock)
        self._window.tabifyDockWidget(self._below[-1], dock)
        dock.hide()
        self._lower.append(dock)
        self._widths.add(dock)
        self._heights.add(dock)

    def reset(self) -> None:
        """Put everything to its first place."""
        window, areas = self._window, Qt.DockWidgetArea
        window.setCorner(Qt.Corner.BottomLeftCorner, areas.LeftDockWidgetArea)
        window.setCorner(Qt.Corner.BottomRightCorner, areas.RightDockWidgetArea)
        window.addDockWidget(areas.LeftDockWidgetArea, self.library)
        below = self._below
        for dock in below:
            window.addDockWidget(areas.BottomDockWidgetArea, dock)
        for first, second in pairwise(below):
            window.tabifyDockWidget(first, second)
        self._neighbours.part()
        for dock in self.more:
            window.addDockWidget(areas.RightDockWidgetArea, dock)
            window.tabifyDockWidget(self.inspector, dock)
        for dock in (self.library, self.inspector, self.script, *below, *self.more):
            dock.setFloating(False)
            dock.setVisible(dock in (self.library, self.inspector))
        self._widths.forget()
        self._heights.forget()
        self.panel.reset()
        self.lay()

    def lay(self) -> None:
        """Give everything that is shown its size, now that the window has one."""
        if self._window.isVisible():
            self._neighbours.fit(self._window.width())
            self._widths.lay()
            self._heights.lay()
            self.panel.lay()

    def window_resized(self, before: QSize, now: QSize) -> None:
        """Let docks give way in proportion with a narrow window, and come back with a wide one."""
        if (before.width() < CLOSE) != (now.width() < CLOSE):
            self._neighbours.fit(now.width())
        self._widths.lay()
        if before.height() != now.height():
            self._heights.lay()

    def _first_width(self, dock: QDockWidget) -> float:
        """Return the width that a dock beside the canvas has at first in a window that is roomy."""
        width = max(self._window.width(), ROOMY) * SCRIPT
        return SIDES.get(dock.objectName(), width if dock is self.script else SIDES["inspector"])

    def _first_height(self, dock: QDockWidget) -> float:
        """Return a height in which a list can be read, or a hint of some lines."""
        whole = self._window.height()
        if dock is self.probes:
            return min(max(whole * PICTURES, LOWEST), TALL)
        return min(max(whole * BELOW, LOWEST), HIGHEST)

    # -------------------------------------------------------------- what is stored
    def restore(self) -> None:
        """Put everything where it was when the window was closed."""
        store = settings()
        geometry, state = store.value("geometry"), store.value("docks")
        if isinstance(geometry, QByteArray):
            self._window.restoreGeometry(geometry)
            keep_on_screen(self._window)  # it may be another than last time
        if isinstance(state, QByteArray):
            self._window.restoreState(state, _VERSION)
        try:
            sizes = json.loads(str(store.value("sizes", "{}")))
        except ValueError:
            return
        if isinstance(sizes, dict):
            self._widths.restore(sizes.get("widths"))
            self._heights.restore(sizes.get("heights"))
            self.panel.restore(sizes.get("panel"))
            self._neighbours.shares = sizes.get("shares") is True
        self.lay()

    def store(self) -> None:
        """Remember where everything is."""
        store = settings()
        store.setValue("geometry", self._window.saveGeometry())
        store.setValue("docks", self._window.saveState(_VERSION))
        self._store_sizes()

    def _store_sizes(self) -> None:
        """Remember what hands have drawn: at once, as the program may end in any way."""
        sizes = {
            "widths": self._widths.drawn,
            "heights": self._heights.drawn,
            "panel": self.panel.stored(),
            "shares": self._neighbours.shares,
        }
        settings().setValue("sizes", json.dumps(sizes))

    def close(self) -> None:
        """Remember where everything is, and lay out nothing more."""
        self.store()
        for part in (self._widths, self._heights, self.panel):
            part.close()

    @property
    def _below(self) -> list[QDockWidget]:
        """The docks below the canvas, in the order of their tabs."""
        return [self.problems, self.log, self.runs, self.letters, self.probes, *self._lower]
