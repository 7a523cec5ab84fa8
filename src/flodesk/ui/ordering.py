"""Canvas → Order of the run: numbers on the cards. Nothing is worked out while it is off."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from flodesk.flow.document import Change, Document
from flodesk.flow.ordering import legend, turns
from flodesk.ui.canvas import FlowCanvas
from flodesk.ui.canvases import Canvases
from flodesk.ui.settings import settings

_KEY = "canvas/order"


class Ordering(QObject):
    """Shows the order on every canvas that is opened, or on none.

    `noted` gives a sentence for the status bar, `over` the same one when it is about nothing any more.
    """

    noted = Signal(str)
    over = Signal(str)

    def __init__(self, parent: QObject, document: Document, canvases: Canvases) -> None:
        super().__init__(parent)
        self._canvases = canvases
        self._said = ""
        self.shown = bool(settings().value(_KEY, False, bool))
        canvases.page_made.connect(self._show_on)
        document.listeners.append(self._follow)
        self.refresh()

    def toggle(self) -> None:
        """Show the order, or hide it."""
        self.shown = not self.shown
        settings().setValue(_KEY, self.shown)
        self.refresh()
        if self.shown:
            self._said = legend({key: badge.turn for key, badge in self._canvases.current.order.items.items()})
            self.noted.emit(self._said)
        elif self._said:
            self.over.emit(self._said)

    def refresh(self) -> None:
        """Bring the numbers of all canvases up to date."""
        for page in self._canvases.pages:
            self._show_on(page)

    def _follow(self, change: Change) -> None:
        if self.shown and change.kind != "save":
            self.refresh()

    def _show_on(self, page: FlowCanvas) -> None:
        if self.shown:
            page.refresh()  # the picture of now: it may not have heard of a change yet
            page.order.show(turns(page.document.flow, page.board.graph))
        elif page.order.items:
            page.order.show({})
