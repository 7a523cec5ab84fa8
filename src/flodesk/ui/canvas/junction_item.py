"""A point that a wire goes by: a hand drags it, and the wire follows."""

from __future__ import annotations

from typing import Any, Protocol

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPainterPath, QPen
from PySide6.QtWidgets import QGraphicsItem, QGraphicsSceneMouseEvent, QStyleOptionGraphicsItem, QWidget

from flodesk.ui.canvas.framework import AbstractNodeItem
from flodesk.ui.canvas.painting import tint
from flodesk.ui.theme import theme

_RADIUS, _REACH = 4.5, 9.0
_Change = QGraphicsItem.GraphicsItemChange


class Bent(Protocol):
    """The wire that goes by it."""

    name: str

    def follow(self) -> None:
        """Draw the wire anew, and what lies behind it."""

    def color(self) -> str:
        """Return the colour of the wire."""


class JunctionItem(AbstractNodeItem):
    """One point of a wire; its own (0, 0) is the point."""

    def __init__(self, wire: Bent, number: int) -> None:
        super().__init__(f"{wire.name} {number}")
        self.id = f"{wire.name} {number}"
        self.wire = wire
        self.number = number
        self.setFlag(QGraphicsItem.GraphicsItemFlag.ItemSendsGeometryChanges, True)
        self.setCacheMode(QGraphicsItem.CacheMode.NoCache)
        self.setCursor(Qt.CursorShape.SizeAllCursor)
        self.setZValue(0.6)

    def box(self) -> QRectF:
        """Return the square that it takes in the scene."""
        return QRectF(self.pos().x() - _RADIUS, self.pos().y() - _RADIUS, 2 * _RADIUS, 2 * _RADIUS)

    def boundingRect(self) -> QRectF:
        """Return the point with room for a hand."""
        return QRectF(-_REACH, -_REACH, 2 * _REACH, 2 * _REACH)

    def shape(self) -> QPainterPath:
        """Return a circle that a hand can hit."""
        path = QPainterPath()
        path.addEllipse(QPointF(0, 0), _REACH, _REACH)
        return path

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        """Paint a dot in the wire's colour, with a ring while it is selected; nothing from far away."""
        if option.levelOfDetailFromTransform(painter.worldTransform()) < 0.25:
            return
        look = theme()
        if self.isSelected():
            painter.setPen(QPen(tint(look.accent), 2))
            painter.setBrush(tint(look.accent, 0.25))
            painter.drawEllipse(QPointF(0, 0), _REACH - 1, _REACH - 1)
        painter.setPen(QPen(tint(look.canvas), 1.5))
        painter.setBrush(tint(self.wire.color()))
        painter.drawEllipse(QPointF(0, 0), _RADIUS, _RADIUS)

    def itemChange(self, change: QGraphicsItem.GraphicsItemChange, value: Any) -> Any:
        """Take the wire along."""
        if change == _Change.ItemPositionHasChanged:
            self.wire.follow()
        elif change == _Change.ItemSelectedHasChanged:
            self.update()
        return super().itemChange(change, value)

    def mousePressEvent(self, event: QGraphicsSceneMouseEvent) -> None:
        """Begin a drag with the left button only."""
        if event.button() == Qt.MouseButton.LeftButton:
            super().mousePressEvent(event)
        else:
            event.ignore()

    def mouseDoubleClickEvent(self, event: QGraphicsSceneMouseEvent) -> None:
        """Leave double clicks to the viewer."""
        event.ignore()
