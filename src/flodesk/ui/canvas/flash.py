"""A frame that lights up around a card or a wire twice, so that an eye finds what it was led to."""

from __future__ import annotations

from PySide6.QtCore import QAbstractAnimation, QRectF, QVariantAnimation
from PySide6.QtGui import QPainter, QPainterPath, QPen
from PySide6.QtWidgets import QGraphicsItem, QGraphicsScene, QStyleOptionGraphicsItem, QWidget
from shiboken6 import isValid

from flodesk.ui.canvas.painting import tint
from flodesk.ui.theme import theme

LASTS = 900
"""Milliseconds."""
_ROUND = 12.0


class Flash(QGraphicsItem):
    """The frame. `shape_of` is what it goes around: a box, or the way of a wire."""

    def __init__(self, around: QRectF | QPainterPath) -> None:
        super().__init__()
        self._path = QPainterPath()
        if isinstance(around, QRectF):
            self._path.addRoundedRect(around.adjusted(-4, -4, 4, 4), _ROUND, _ROUND)
        else:
            self._path = QPainterPath(around)
        self._strength = 1.0
        self.setZValue(6)
        self.setAcceptedMouseButtons(self.acceptedMouseButtons().NoButton)

    def set_strength(self, share: float) -> None:
        """Show it as strongly as this, from 0 to 1."""
        self._strength = share
        self.update()

    def shape(self) -> QPainterPath:
        """Return nothing: no hand can take it."""
        return QPainterPath()

    def boundingRect(self) -> QRectF:
        """Return the frame with its glow."""
        return self._path.boundingRect().adjusted(-8, -8, 8, 8)

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        """Paint it."""
        painter.setBrush(tint("#000000", 0.0))
        for width, share in ((10.0, 0.35), (3.0, 1.0)):
            painter.setPen(QPen(tint(theme().accent, round(share * self._strength, 2)), width))
            painter.drawPath(self._path)


def flash(scene: QGraphicsScene, around: QRectF | QPainterPath) -> Flash:
    """Light up what is around a box, or a way, for a moment."""
    item = Flash(around)
    scene.addItem(item)
    run = QVariantAnimation(scene)
    run.setDuration(LASTS)
    for at, strength in ((0.0, 0.0), (0.15, 1.0), (0.4, 0.35), (0.55, 1.0), (1.0, 0.0)):
        run.setKeyValueAt(at, strength)

    def shown(value: float) -> None:
        if isValid(item):
            item.set_strength(value)

    def gone() -> None:
        if isValid(item) and item.scene() is not None:
            item.scene().removeItem(item)

    run.valueChanged.connect(shown)
    run.finished.connect(gone)
    run.start(QAbstractAnimation.DeletionPolicy.DeleteWhenStopped)
    return item
