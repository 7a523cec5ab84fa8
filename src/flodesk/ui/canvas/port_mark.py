"""Where the keyboard is among the ports: a ring around the port, and a few words beside it."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QPainter, QPen
from PySide6.QtWidgets import QFrame, QGraphicsItem, QLabel, QStyleOptionGraphicsItem, QVBoxLayout, QWidget

from flodesk.ui.canvas.painting import tint
from flodesk.ui.theme import theme

_RADIUS = 11.0
_ROOM = 16
"""Pixels between a port and the words about it."""


class PortRing(QGraphicsItem):
    """The ring around the port that the keyboard is at; its (0, 0) is the middle of the port."""

    def __init__(self) -> None:
        super().__init__()
        self.setZValue(6)
        self.setAcceptedMouseButtons(Qt.MouseButton.NoButton)
        self.setFlag(QGraphicsItem.GraphicsItemFlag.ItemIgnoresTransformations, True)
        self.setVisible(False)

    def boundingRect(self) -> QRectF:
        """Return the ring with its ground."""
        return QRectF(-_RADIUS - 3, -_RADIUS - 3, 2 * _RADIUS + 6, 2 * _RADIUS + 6)

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        """Paint it in two lines, so that it is seen on every ground."""
        look = theme()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(tint(look.raised), 5))
        painter.drawEllipse(QPointF(0, 0), _RADIUS, _RADIUS)
        painter.setPen(QPen(tint(look.accent), 2.4))
        painter.drawEllipse(QPointF(0, 0), _RADIUS, _RADIUS)


class PortWords(QFrame):
    """Says beside a port what it is, and what keys do there; a screen reader hears it, too."""

    def __init__(self, viewport: QWidget) -> None:
        super().__init__(viewport)
        self._viewport = viewport
        self.setObjectName("hover_card")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.words, self.keys = QLabel(), QLabel()
        for label in (self.words, self.keys):
            label.setTextFormat(Qt.TextFormat.PlainText)
        self.keys.setProperty("role", "muted")
        column = QVBoxLayout(self)
        column.setContentsMargins(10, 6, 10, 6)
        column.setSpacing(2)
        column.addWidget(self.words)
        column.addWidget(self.keys)
        self.hide()

    def say(self, words: str, keys: str, at: QPoint) -> None:
        """Show words and keys below a point of the viewport, or above it where there is no room."""
        new = words != self.words.text() or not self.isVisible()
        self.words.setText(words)
        self.keys.setText(keys)
        self.keys.setVisible(bool(keys))
        self.setAccessibleName(words)
        self.adjustSize()
        self.place(at)
        self.show()
        self.raise_()
        if new:
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self._viewport, words))

    def place(self, at: QPoint) -> None:
        """Stand beside a point of the viewport."""
        room = self._viewport.rect().adjusted(6, 6, -6, -6)
        left = max(room.left(), min(at.x() - self.width() // 2, room.right() - self.width()))
        below = at.y() + _ROOM
        top = below if below + self.height() <= room.bottom() else at.y() - _ROOM - self.height()
        self.move(left, max(room.top(), top))
