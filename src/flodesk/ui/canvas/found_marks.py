"""What was found on a canvas, marked: a ground around each card, a stronger one around that which is shown."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget
from shiboken6 import isValid

from flodesk.ui.canvas.board import Board
from flodesk.ui.canvas.dragging import flat
from flodesk.ui.canvas.node_item import NodeItem
from flodesk.ui.canvas.painting import tint
from flodesk.ui.canvas.pieces.item import PieceItem
from flodesk.ui.theme import theme

_OUT = 7.0


class FoundMark(QGraphicsItem):
    """A frame around a card, a note or a frame, which it goes along with."""

    def __init__(self, of: NodeItem | PieceItem, here: bool) -> None:
        super().__init__(of)
        self._of = of
        self._here = here
        self.setFlag(QGraphicsItem.GraphicsItemFlag.ItemStacksBehindParent, True)
        self.setAcceptedMouseButtons(Qt.MouseButton.NoButton)

    def boundingRect(self) -> QRectF:
        """Return the frame with its line."""
        *_, width, height = flat(self._of.box())
        return QRectF(0, 0, width, height).adjusted(-_OUT - 2, -_OUT - 2, _OUT + 2, _OUT + 2)

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        """Paint it: a ground that shines through, and a line whose width stays the same from afar."""
        look = theme()
        pen = QPen(tint(look.warning, 1.0 if self._here else 0.7), 2.5 if self._here else 1.5)
        pen.setCosmetic(True)
        painter.setPen(pen)
        painter.setBrush(tint(look.warning, 0.34 if self._here else 0.16))
        painter.drawRoundedRect(self.boundingRect().adjusted(2, 2, -2, -2), 11, 11)


class FoundMarks:
    """The marks on one canvas."""

    def __init__(self, board: Board) -> None:
        self._board = board
        self._marks: list[FoundMark] = []

    def show(self, found: Iterable[tuple[str, str]], here: tuple[str, str] | None) -> None:
        """Mark what was found, by kind and id, and nothing else; `here` is the one that is shown."""
        for mark in self._marks:
            if isValid(mark):
                mark.setParentItem(None)  # type: ignore[arg-type]  # PySide's stubs forbid what Qt allows
                if mark.scene() is not None:
                    mark.scene().removeItem(mark)
        self._marks.clear()
        for key in dict.fromkeys(found):
            item = self.item(key)
            if item is not None:
                self._marks.append(FoundMark(item, key == here))

    def item(self, key: tuple[str, str]) -> NodeItem | PieceItem | None:
        """Return what has a kind and an id on this canvas."""
        kind, name = key
        if kind == "node":
            return self._board.cards.get(name)
        return next((item for (k, n), item in self._board.pieces.items() if (k, n) == key), None)
