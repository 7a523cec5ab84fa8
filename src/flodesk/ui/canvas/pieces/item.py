"""What notes and frames have in common on the scene: a box of their own that a hand drags by its edges."""

from __future__ import annotations

import math
from typing import Any

from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QPainterPath
from PySide6.QtWidgets import QGraphicsItem, QGraphicsSceneHoverEvent, QGraphicsSceneMouseEvent

from flodesk.flow.pieces import LEAST, Box, Piece
from flodesk.ui.canvas.framework import AbstractNodeItem
from flodesk.ui.canvas.painting import mixed
from flodesk.ui.theme import Theme

_GRIP, _OUTSIDE = 8.0, 4.0
"""How far an edge takes the hand, in scene pixels: inside the box, and outside."""
_COLORS = {"blue": "number", "green": "array", "yellow": "text", "orange": "table", "red": "truth", "violet": "image"}
"""The colours of pieces are those of port types, which both themes hold apart."""
_Cursor = Qt.CursorShape
_CURSORS = {
    frozenset("l"): _Cursor.SizeHorCursor,
    frozenset("r"): _Cursor.SizeHorCursor,
    frozenset("t"): _Cursor.SizeVerCursor,
    frozenset("b"): _Cursor.SizeVerCursor,
    frozenset("lt"): _Cursor.SizeFDiagCursor,
    frozenset("rb"): _Cursor.SizeFDiagCursor,
    frozenset("rt"): _Cursor.SizeBDiagCursor,
    frozenset("lb"): _Cursor.SizeBDiagCursor,
}


class PieceItem(AbstractNodeItem):
    """A note or a frame. `snap` (of the scene) may put an edge that is dragged to where it fits better."""

    def __init__(self, piece: Piece) -> None:
        super().__init__(piece.id)
        self.id = " ".join(piece.key)
        self.piece = piece
        self.extent = QSizeF()
        self._edges: frozenset[str] = frozenset()
        self._grip = QPointF()
        self._before = QRectF()
        self.setAcceptHoverEvents(True)
        self.setFlag(QGraphicsItem.GraphicsItemFlag.ItemSendsGeometryChanges, True)
        self.setCacheMode(QGraphicsItem.CacheMode.NoCache)
        self.show_piece(piece)

    def show_piece(self, piece: Piece) -> None:
        """Show what the flow says now."""
        self.piece = piece
        self.set_box(QRectF(*piece.box))
        self.update()

    # -------------------------------------------------------------- where it is
    def box(self) -> QRectF:
        """Return its rectangle in the scene."""
        return QRectF(self.pos(), self.extent)

    def flat(self) -> Box:
        """Return its rectangle in whole pixels, as the header holds it."""
        box = self.box()
        return float(round(box.x())), float(round(box.y())), float(round(box.width())), float(round(box.height()))

    def set_box(self, box: QRectF) -> None:
        """Put it somewhere, in some size."""
        if box.size() != self.extent:
            self.prepareGeometryChange()
            self.extent = box.size()
            self.resized()
        self.setPos(box.topLeft())

    def resized(self) -> None:
        """Follow another size."""

    def boundingRect(self) -> QRectF:
        """Return the box with its frame."""
        return QRectF(QPointF(0, 0), self.extent).adjusted(-_OUTSIDE, -_OUTSIDE, _OUTSIDE, _OUTSIDE)

    def shape(self) -> QPainterPath:
        """Return the box."""
        path = QPainterPath()
        path.addRect(self.boundingRect())
        return path

    # -------------------------------------------------------------- the hand at an edge
    @property
    def resizing(self) -> bool:
        """An edge is in the hand."""
        return bool(self._edges)

    def edges_at(self, place: QPointF) -> frozenset[str]:
        """Return the edges (of "l", "r", "t", "b") that a press at a point of the item would take hold of."""
        found = set()
        for edge, far in (
            ("l", place.x()),
            ("r", self.extent.width() - place.x()),
            ("t", place.y()),
            ("b", self.extent.height() - place.y()),
        ):
            if -_OUTSIDE <= far <= (_GRIP if edge in "rb" else _GRIP / 2):
                found.add(edge)
        return frozenset(found)

    def take_back(self) -> None:
        """Give up the size that a hand was about to give it."""
        if self._edges:
            self._edges = frozenset()
            self.set_box(self._before)

    def mousePressEvent(self, event: QGraphicsSceneMouseEvent) -> None:
        """Take hold of an edge, or begin a drag."""
        if event.button() != Qt.MouseButton.LeftButton:
            event.ignore()
            return
        self._edges = self.edges_at(event.pos())
        if not self._edges:
            super().mousePressEvent(event)
            return
        self._grip, self._before = event.scenePos(), self.box()
        if not self.isSelected():
            self.scene().clearSelection()
            self.setSelected(True)
        event.accept()

    def mouseMoveEvent(self, event: QGraphicsSceneMouseEvent) -> None:
        """Let the edge follow the hand."""
        if not self._edges:
            super().mouseMoveEvent(event)
            return
        step, box = event.scenePos() - self._grip, QRectF(self._before)
        snap = getattr(self.scene(), "snap_edge", None)

        def at(value: float, across: bool) -> float:
            return float(snap(self, value, across)) if snap is not None else value

        if "l" in self._edges:
            box.setLeft(min(at(box.left() + step.x(), True), box.right() - LEAST[0]))
        if "r" in self._edges:
            box.setRight(max(at(box.right() + step.x(), True), box.left() + LEAST[0]))
        if "t" in self._edges:
            box.setTop(min(at(box.top() + step.y(), False), box.bottom() - LEAST[1]))
        if "b" in self._edges:
            box.setBottom(max(at(box.bottom() + step.y(), False), box.top() + LEAST[1]))
        self.set_box(box)

    def mouseReleaseEvent(self, event: QGraphicsSceneMouseEvent) -> None:
        """Let go of the edge."""
        if not self._edges:
            super().mouseReleaseEvent(event)
            return
        self._edges = frozenset()
        self.unsetCursor()
        reshaped = getattr(self.scene(), "reshaped", None)
        if reshaped is not None:
            reshaped(self)

    def mouseDoubleClickEvent(self, event: QGraphicsSceneMouseEvent) -> None:
        """Leave double clicks to the viewer."""
        event.ignore()

    def hoverMoveEvent(self, event: QGraphicsSceneHoverEvent) -> None:
        """Show which way an edge goes."""
        self.setCursor(_CURSORS.get(self.edges_at(event.pos()), self.usual_cursor(event.pos())))

    def usual_cursor(self, place: QPointF) -> Qt.CursorShape:
        """Return the cursor away from the edges."""
        return Qt.CursorShape.ArrowCursor

    def itemChange(self, change: QGraphicsItem.GraphicsItemChange, value: Any) -> Any:
        """Repaint when the selection changes."""
        if change == QGraphicsItem.GraphicsItemChange.ItemSelectedHasChanged:
            self.update()
        return super().itemChange(change, value)


def piece_color(look: Theme, piece: Piece) -> str:
    """Return the colour of a piece in a theme."""
    name = piece.color or ("yellow" if piece.kind == "note" else "blue")
    return look.type_color(_COLORS[name]) if name in _COLORS else look.muted


def sheet_color(look: Theme, piece: Piece) -> QColor:
    """Return the ground of a note."""
    return mixed(piece_color(look, piece), look.raised, 0.15 if look.dark else 0.12)


def head_color(look: Theme, piece: Piece) -> QColor:
    """Return the ground of a frame's title."""
    return mixed(piece_color(look, piece), look.canvas, 0.22 if look.dark else 0.18)


def depth_of(extent: QSizeF) -> float:
    """Return from 0 to 1 how far behind others a frame of a size lies: a small one in a large one is seen."""
    return min(1.0, math.log10(max(10.0, extent.width() * extent.height())) / 10)
