"""Where things stand: docks, control panel and canvas, their places, and the verbs of the View menu about them."""

from __future__ import annotations

from itertools import pairwise

from PySide6.QtCore import QByteArray, QObject, Qt
from PySide6.QtWidgets import QDockWidget, QMainWindow, QSplitter, QWidget

from flodesk.ui.dock import Dock
from flodesk.ui.settings import settings

_VERSION = 1
"""Of the stored layout: one from another version is not restored."""
FIRST = (1440, 900)
"""Size in pixels of the first window; on a screen with less room it takes all of it."""
TITLE_BAR = 36
"""Height in pixels that the system's title bar is thought to have."""
SIDES = (256, 288)
"""Widths in pixels of library and inspector."""
LOW = 260
"""Height in pixels that the canvas gets at first before it shares a low window evenly with the panel."""
BELOW, LOWEST, HIGHEST = 0.21, 176, 240
"""Share of the window's height that the docks below the canvas take at first, and its limits in pixels."""
SCRIPT = 0.32
"""Share of the window's width that the script takes when it is opened for the first time."""
CLOSE = 1000
"""Width of a window, in pixels, below which the script and the inspector share a place at first."""
ROOMY, NARROWEST = 1280, 150
"""Width of a window, in pixels, below which library and inspector give way in proportion, and their least width."""


class Docks(QObject):
    """Holds the docks of the window by name, and the splitter between canvas and control panel."""

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
    ) -> None:
        super().__init__(window)
        self._window = window
        self.library, self.inspector, self.log, self.problems = library, inspector, log, problems
        self.runs, self.letters, self.script, self.probes = runs, letters, script, probes
        self.split = split
        self.more: list[Dock] = []
        """Docks that share the inspector's place, and are hidden at first."""
        self._exact: dict[str, float] = {}
        """Widths of library and inspector before they were rounded, so that there and back leads to the same."""
        room = window.screen().availableGeometry()
        window.resize(min(FIRST[0], room.width()), min(FIRST[1], room.height() - TITLE_BAR))
        self._script_seen = False
        self.script.visibilityChanged.connect(self._script_shown)
        self.reset()
        self._first = window.saveState(_VERSION)

    def reset(self) -> None:
        """Put everything to its first place."""
        window, areas = self._window, Qt.DockWidgetArea
        window.setCorner(Qt.Corner.BottomLeftCorner, areas.LeftDockWidgetArea)
        window.setCorner(Qt.Corner.BottomRightCorner, areas.RightDockWidgetArea)
        window.addDockWidget(areas.LeftDockWidgetArea, self.library)
        window.addDockWidget(areas.RightDockWidgetArea, self.inspector)
        window.splitDockWidget(self.inspector, self.script, Qt.Orientation.Horizontal)
        window.splitDockWidget(self.script, self.inspector, Qt.Orientation.Horizontal)
        self.script.setFloating(False)
        self.script.hide()
        below = self._below
        for dock in below:
            window.addDockWidget(areas.BottomDockWidgetArea, dock)
        for first, second in pairwise(below):
            window.tabifyDockWidget(first, second)
        for dock in (self.library, self.inspector):
            dock.setFloating(False)
            dock.show()
        for dock in below:
            dock.setFloating(False)
            dock.hide()
        for dock in self.more:
            window.addDockWidget(areas.RightDockWidgetArea, dock)
            window.tabifyDockWidget(self.inspector, dock)
            dock.setFloating(False)
            dock.hide()
        window.resizeDocks([self.library, self.inspector], list(SIDES), Qt.Orientation.Horizontal)
        self._script_seen = False
        self._side(beside=False)
        self._panel.show()
        self._sized = False
        self._size_below()

    def first_shown(self) -> None:
        """Give docks and panel their first sizes, now that the window has its own; sizes that are stored stay."""
        if not self._sized:
            self._sized = True
            share = min(self._window.width(), ROOMY) / ROOMY
            widths = [round(side * share) for side in SIDES]
            self._window.resizeDocks([self.library, self.inspector], widths, Qt.Orientation.Horizontal)
            self._size_below()
            self._side(beside=self.panel_beside)

    def _size_below(self) -> None:
        """Give the docks below the canvas a height in which a list or a hint of some lines can be read."""
        height = round(min(max(self._window.height() * BELOW, LOWEST), HIGHEST))
        self._window.resizeDocks(self._below, [height] * len(self._below), Qt.Orientation.Vertical)

    def _script_shown(self, seen: bool) -> None:
        """Give the script room when it is opened for the first time, and the canvas when it is closed.

        Widths that a hand drew stay, that of the inspector too, which stands beside the script.
        """
        if not seen and self.script.isHidden() and self.inspector.isVisible() and not self.inspector.isFloating():
            self._window.resizeDocks([self.inspector], [self.inspector.width()], Qt.Orientation.Horizontal)
        if seen and not self._script_seen:
            self._script_seen = True
            if self._window.width() < CLOSE:
                self._window.tabifyDockWidget(self.inspector, self.script)
                self.script.raise_()
            docks: list[QDockWidget] = [self.script]
            widths = [round(self._window.width() * SCRIPT)]
            if not self.inspector.isHidden() and not self.inspector.isFloating():
                docks.append(self.inspector)
                share = min(self._window.width(), ROOMY) / ROOMY
                widths.append(max(round(SIDES[1] * share), self.inspector.width()))  # the script took from its room
            self._window.resizeDocks(docks, widths, Qt.Orientation.Horizontal)

    def window_resized(self, before: int, now: int) -> None:
        """Let library and inspector give way in proportion with a narrow window, and come back with a wide one."""
        if before <= 0 or min(before, ROOMY) == min(now, ROOMY):
            return
        share = min(now, ROOMY) / min(before, ROOMY)
        sides = [dock for dock in (self.library, self.inspector) if not dock.isHidden() and not dock.isFloating()]
        widths = []
        for dock in sides:
            exact = self._exact.get(dock.objectName(), 0.0)
            width = exact if round(exact) == dock.width() else float(dock.width())  # else a hand drew it
            self._exact[dock.objectName()] = width * share
            widths.append(max(round(width * share), NARROWEST))
        if sides:
            self._window.resizeDocks(sides, widths, Qt.Orientation.Horizontal)

    # -------------------------------------------------------------- what is stored
    def restore(self) -> None:
        """Put everything where it was when the window was closed."""
        store = settings()
        geometry, state, split = (store.value(key) for key in ("geometry", "docks", "split"))
        if isinstance(geometry, QByteArray):
            self._window.restoreGeometry(geometry)
        if isinstance(state, QByteArray):
            self._sized = True
            self._window.restoreState(state, _VERSION)
            self._script_seen = not self.script.isHidden()
        if isinstance(split, QByteArray):
            self._side(beside=store.value("panel_beside") in (True, "true"))
            self.split.restoreState(split)

    def store(self) -> None:
        """Remember where everything is."""
        store = settings()
        store.setValue("geometry", self._window.saveGeometry())
        store.setValue("docks", self._window.saveState(_VERSION))
        store.setValue("split", self.split.saveState())
        store.setValue("panel_beside", self.panel_beside)

    # -------------------------------------------------------------- verbs and what they have done
    def toggle_panel(self) -> None:
        """Show or hide the control panel."""
        self._panel.setVisible(self._panel.isHidden())

    def toggle_panel_side(self) -> None:
        """Put the control panel beside the canvas, or below it."""
        self._side(beside=not self.panel_beside)

    @property
    def panel_open(self) -> bool:
        """Whether the control panel is shown."""
        return not self._panel.isHidden()

    @property
    def panel_beside(self) -> bool:
        """Whether the control panel is beside the canvas."""
        return self.split.orientation() == Qt.Orientation.Horizontal

    @property
    def _below(self) -> list[QDockWidget]:
        """The docks below the canvas, in the order of their tabs."""
        return [self.problems, self.log, self.runs, self.letters, self.probes]

    @property
    def _panel(self) -> QWidget:
        panel = self.split.widget(1)
        assert panel is not None
        return panel

    def _side(self, *, beside: bool) -> None:
        self.split.setOrientation(Qt.Orientation.Horizontal if beside else Qt.Orientation.Vertical)
        whole = max(self.split.width() if beside else self.split.height(), 100)
        canvas = round(whole * 0.42)
        if not beside:
            canvas = max(canvas, min(LOW, whole // 2))
        self.split.setSizes([canvas, whole - canvas])
