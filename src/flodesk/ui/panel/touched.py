"""Whose views a hand is at on the panel: the one that has the keyboard, or those that are selected in arranging."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QApplication, QWidget

from flodesk.ui.panel.layout.board import Board
from flodesk.ui.panel.views import Views


class Touched(QObject):
    """Tells of it. It follows the keyboard, which a click on a view brings there, and costs nothing in between."""

    changed = Signal(list)
    """A hand is at views of these nodes (``function.node``)."""

    def __init__(self, parent: QObject, views: Views, board: Board) -> None:
        super().__init__(parent)
        self._views = views
        self._board = board
        board.glass.reselected.connect(lambda: self._tell(board.glass.selection))
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        app.focusChanged.connect(self._follow)

    def tell(self, key: str) -> None:
        """Tell of a view that was clicked on where its card has the keyboard already."""
        self._tell([key])

    def _follow(self, old: QWidget | None, now: QWidget | None) -> None:
        if now is None or now.window() is not self._board.window():
            return
        pressed = QApplication.mouseButtons() != Qt.MouseButton.NoButton
        if (old is None or old.window() is not now.window()) and not pressed:
            return  # the window has come to the front with the keyboard where it was: nobody touched the view
        if not self._board.isAncestorOf(now):
            return
        self._tell([key for key, card in self._board.cards.items() if card is now or card.isAncestorOf(now)])

    def _tell(self, keys: Iterable[str]) -> None:
        nodes = [self._views.node_of(key) for key in keys if key in self._board.cards]
        if nodes:
            self.changed.emit(list(dict.fromkeys(nodes)))
