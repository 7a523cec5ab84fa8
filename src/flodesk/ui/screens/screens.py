"""Every panel that shows the open flow: that of the window, and those of single pages in windows of their own."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMainWindow, QMenu, QSplitter

from flodesk.flow.document import Change
from flodesk.ui.display import Display
from flodesk.ui.panel import ControlPanel
from flodesk.ui.screens.full_screen import FullScreen
from flodesk.ui.screens.own_places import OwnPlace, keep_places, places_of
from flodesk.ui.screens.own_window import OwnWindow
from flodesk.ui.station import Station

SHARED = (
    "edit.undo", "edit.redo", "file.save", "run.start", "run.stop", "run.pause", "panel.preset_save",
    *(f"panel.preset_{number}" for number in range(1, 10)),
)  # fmt: skip
"""The commands whose keys are wanted on every screen of the panel."""
TURNS = "view.next_function", "view.previous_function"
"""Those that turn to another page, and are wanted where there are several."""

Consent = Callable[[Callable[[], object]], bool]


class Screens(QObject):
    """Opens pages in windows of their own, and lets every panel show and turn what runs.

    Windows of pages belong to the window of the flow. They are remembered by the file of the flow: where they are, and
    whether they come back with it.

    Parameters
    ----------
    window : QMainWindow
        The window of the flow.
    panel : ControlPanel
        Its panel.
    station : Station
        What both have behind them.
    split : QSplitter
        Where the panel has its place in the window.
    """

    changed = Signal()
    """Another page has a window now, or none any more."""
    refused = Signal(str)
    touched = Signal(list)
    """A hand is at views of these nodes on another screen."""
    node_wanted = Signal(str)
    """A hand in another window asks to see a node on the canvas."""

    def __init__(
        self,
        window: QMainWindow,
        panel: ControlPanel,
        station: Station,
        display: Display,
        split: QSplitter,
        name: Callable[[], str],
    ) -> None:
        super().__init__(window)
        self._window = window
        self._panel = panel
        self._station = station
        self._display = display
        self._name = name
        self._actions: Sequence[QAction] = ()
        self.own: dict[str, OwnWindow] = {}
        """The windows of pages, by the name of the page."""
        self._ahead: frozenset[str] = frozenset()
        self._path = panel.document.path
        self._places = places_of(self._path)
        """Where they are, and where those were that have been closed."""
        self.full = FullScreen(window, panel, split)
        self.full.changed.connect(self.changed)
        self._later = QTimer(self, singleShot=True, interval=0)
        self._later.timeout.connect(self._come_back)
        panel.page_row.tabs.offers.append(self._offer)
        panel.pages.changed.connect(self._follow_pages)
        window.windowTitleChanged.connect(self._call)
        panel.document.listeners.append(self._follow)
        if self._places:  # of a flow that was open before its window
            self._later.start()

    def share(self, action: Callable[[str], QAction]) -> None:
        """Let keys of the window's commands, which `action` gives, do what they do on other screens, too."""
        self._actions = [action(name) for name in SHARED]
        self.full.actions = [*self._actions, *(action(name) for name in TURNS)]

    def asks(self, consent: Consent) -> Consent:
        """Return a way to ask whether the flow may run which is seen: nobody sees the window behind the panel."""

        def asked(then: Callable[[], object]) -> bool:
            may = consent(then)
            if not may:
                self.full.leave()
                if not self._window.isActiveWindow():
                    self._window.raise_()
                    self._window.activateWindow()
            return may

        return asked

    # -------------------------------------------------------------- windows of pages
    @property
    def shown_has_window(self) -> bool:
        """Whether the page that the panel shows has a window of its own."""
        return self._panel.pages.shown in self.own

    def toggle_shown(self) -> None:
        """Open the page that the panel shows in its own window, or close that."""
        if self.shown_has_window:
            self.own[self._panel.pages.shown].close()
        else:
            self.open(self._panel.pages.shown)

    def open(self, page: str) -> None:
        """Open a page in its own window; one that has one comes to the front."""
        if page in self.own:
            window = self.own[page]
            window.setWindowState(window.windowState() & ~Qt.WindowState.WindowMinimized)
        else:
            window = self._make(page, self._places.get(page))
        window.raise_()
        window.activateWindow()

    def _make(self, page: str, place: OwnPlace | None, *, quiet: bool = False) -> OwnWindow:
        """Make the window of a page; one that is `quiet` takes the keyboard from nobody."""
        main = self._panel
        panel = self._station.panel(page, main.pulses)
        window = self.own[page] = OwnWindow(self._window, panel, self._actions)
        window.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating, quiet)
        panel.watched_changed.connect(self._display.watch)
        panel.ages.hold(self._ahead)
        panel.node_wanted.connect(self._wanted)
        panel.touched.changed.connect(self.touched)
        panel.pages.renamed.connect(self._renamed)
        panel.pages.gone.connect(partial(self._gone, window))
        window.left.connect(partial(self._left, window))
        window.placed.connect(self._keep)
        window.call(self._name())
        window.put(place)
        self._display.add(panel)
        self._keep()
        self.changed.emit()
        return window

    def _wanted(self, node: str) -> None:
        self.full.leave()
        self._window.raise_()
        self._window.activateWindow()
        self.node_wanted.emit(node)

    def _left(self, window: OwnWindow) -> None:
        """Forget a window that a hand has closed; where it was is remembered."""
        if self.own.get(window.page) is window:
            self._places[window.page] = window.place().closed()
            self._drop(window.page)
            self._keep()

    def _gone(self, window: OwnWindow) -> None:
        """Close the window of a page that is no more. It comes back with its page."""
        if self.own.get(window.page) is window:
            self._places[window.page] = window.place()
            self._drop(window.page)

    def _drop(self, page: str) -> None:
        window = self.own.pop(page)
        self._display.drop(window.panel)
        self._station.looking_back.drop(window.panel)
        window.blockSignals(True)
        window.close()
        window.deleteLater()
        self.changed.emit()

    # -------------------------------------------------------------- follow
    def hold(self, ahead: frozenset[str]) -> None:
        """Take note on every panel of the statements that a run which is held has not reached again."""
        self._ahead = ahead
        for panel in (self._panel, *(window.panel for window in self.own.values())):
            panel.ages.hold(ahead)

    def _follow(self, change: Change) -> None:
        if change.kind == "save" and self._panel.document.path != self._path:
            self._path = self._panel.document.path
            self._keep()
        elif change.kind == "open" and not change.again:
            self._keep()
            for page in [*self.own]:
                self._drop(page)
            self._path = self._panel.document.path
            self._places = places_of(self._path)
            self._later.start()

    def _come_back(self) -> None:
        """Open the windows that were open when the flow was closed, or whose pages have come back."""
        for page in self._panel.pages.names:
            place = self._places.get(page)
            if place is not None and place.shown and page not in self.own:
                self._make(page, place, quiet=True)

    def _follow_pages(self) -> None:
        if any(place.shown and page not in self.own for page, place in self._places.items()):
            self._later.start()

    def _renamed(self, old: str, new: str) -> None:
        self.own = {new if page == old else page: window for page, window in self.own.items()}
        self._places.pop(old, None)
        self._call()
        self._keep()

    def _call(self) -> None:
        for window in self.own.values():
            window.call(self._name())

    def _keep(self) -> None:
        """Remember where the windows are."""
        self._places |= {page: window.place() for page, window in self.own.items()}
        keep_places(self._path, self._places)

    def _offer(self, menu: QMenu, page: str) -> None:
        """Add what screens can do to the menu of a page."""
        there = page in self.own
        menu.addAction("Bring its window to the front" if there else "Open in its own window", partial(self.open, page))
        if there:
            menu.addAction("Close its window", self.own[page].close)
        entry = menu.addAction("Panel on the whole screen", self.full.toggle)
        entry.setCheckable(True)
        entry.setChecked(self.full.on)

    def close(self) -> None:
        """Remember where the windows are, and close them: the window of the flow goes."""
        self._later.stop()
        self.full.leave()
        self._keep()
        for page in [*self.own]:
            self._drop(page)
