"""Pages of an app in windows of their own: those that have one where the flow is edited, or that a hand opens."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QWidget

from flodesk.ui.display import Display
from flodesk.ui.panel import ControlPanel
from flodesk.ui.panel.touch import on_touch
from flodesk.ui.screens.own_places import OwnPlace, places_of
from flodesk.ui.screens.own_window import OwnWindow
from flodesk.ui.station import Station

FULL = "F11"
"""The key for the whole screen, in all windows of an app."""


class PageWindows(QObject):
    """Opens pages as locked as the panel is. Where their windows are moved to is not remembered.

    Parameters
    ----------
    actions : sequence of QAction
        What the keys of the window do is wanted in theirs, too.
    """

    def __init__(
        self,
        window: QWidget,
        station: Station,
        panel: ControlPanel,
        display: Display,
        title: Callable[[], str],
        actions: Sequence[QAction],
    ) -> None:
        super().__init__(window)
        self._window, self._station, self._panel, self._display = window, station, panel, display
        self._title, self._actions = title, actions
        self.own: dict[str, OwnWindow] = {}

    def begin(self) -> None:
        """Open those that come with the flow."""
        for page, place in places_of(self._station.document.path).items():
            if place.shown and page in self._panel.pages.names and self._panel.pages.several:
                self._make(page, place)

    def fill(self, menu: QMenu) -> None:
        """List the pages that have no window yet."""
        for page in self._panel.pages.names if self._panel.pages.several else ():
            if page not in self.own:
                name = self._panel.pages.title(page).replace("&", "&&")
                menu.addAction(f"Open “{name}” in a window", partial(self._make, page, None))

    def _make(self, page: str, place: OwnPlace | None) -> None:
        panel = self._station.panel(page, self._panel.pulses, locked=True, touch=on_touch(self._panel))
        window = self.own[page] = OwnWindow(self._window, panel, self._actions, full=(FULL,))
        panel.watched_changed.connect(self._display.watch)
        panel.pages.gone.connect(window.close)
        window.left.connect(partial(self._left, page))
        window.call(self._title())
        window.put(place)
        self._display.add(panel)

    def _left(self, page: str) -> None:
        window = self.own.pop(page, None)
        if window is not None:
            self._display.drop(window.panel)
            self._station.looking_back.drop(window.panel)
            window.deleteLater()

    def close(self) -> None:
        """Close them all."""
        for window in [*self.own.values()]:
            window.close()


__all__ = ["FULL", "PageWindows"]
