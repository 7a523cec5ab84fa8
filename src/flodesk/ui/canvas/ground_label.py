"""The line on the ground of a loop or an arm, above one of its cards: turns and rate, or the head of the arm."""

from __future__ import annotations

from functools import cache
from math import inf

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from flodesk.ui.canvas.card_paint import MIDDLE, NAMES
from flodesk.ui.canvas.painting import fonts, tint
from flodesk.ui.theme import theme

HEIGHT, _ABOVE = 20.0, 2.0
"""Of the label, and what is between it and the card, in scene pixels."""
_NEAR, _WIDE = 11, 17
"""Height of the letters near by, and from some way off."""
_LEFT = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft


class GroundLabel(QGraphicsItem):
    """It takes no press, and its width grows with its figures alone. Longer than `most` it ends in an ellipsis."""

    def __init__(self) -> None:
        super().__init__()
        self.words = ""
        self.most = inf
        self._width = 0.0
        self.setAcceptedMouseButtons(Qt.MouseButton.NoButton)
        self.setZValue(0.5)  # above the wires, below the cards
        self.hide()

    def stand(self, corner: QPointF, most: float = inf) -> None:
        """Stand on this corner (of a card), and be no wider than so."""
        self.setPos(corner + QPointF(0, -HEIGHT - _ABOVE))
        self.most = most
        self._measure()
        self.setVisible(bool(self.words))

    def say(self, words: str) -> None:
        """Say this; nothing is painted where it is what was said before."""
        if words == self.words:
            return
        self.words = words
        self._measure()
        self.setVisible(bool(words))
        self.update()

    def _measure(self) -> None:
        figures = "".join("0" if c.isdigit() else c for c in self.words)
        width = min(_type(_WIDE)[1].horizontalAdvance(figures) + 12, self.most) if self.words else 0.0
        if width != self._width:
            self.prepareGeometryChange()
            self._width = width

    def boundingRect(self) -> QRectF:
        """Return the line with its ground."""
        return QRectF(0, 0, self._width, HEIGHT)

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        """Paint the line: in larger letters from some way off, and not at all from far away."""
        detail = option.levelOfDetailFromTransform(painter.worldTransform())
        if detail < NAMES:
            return
        look, (font, measure) = theme(), _type(_NEAR if detail > MIDDLE else _WIDE)
        words = self.words
        if self.most < inf:
            words = measure.elidedText(words, Qt.TextElideMode.ElideRight, self.most - 10)
        box = QRectF(0, 1, measure.horizontalAdvance(words) + 10, HEIGHT - 2)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(tint(look.canvas, 0.6))  # wires that pass below stay below
        painter.drawRoundedRect(box, 5, 5)
        painter.setFont(font)
        painter.setPen(tint(look.muted))
        painter.drawText(box.adjusted(5, 0, 5, 0), _LEFT, words)


def _type(pixels: int) -> tuple[QFont, QFontMetricsF]:
    return _made(fonts().label.font.family(), pixels)


@cache
def _made(family: str, pixels: int) -> tuple[QFont, QFontMetricsF]:
    font = QFont(family)
    font.setPixelSize(pixels)
    font.setFeature(QFont.Tag("tnum"), 1)  # figures of one width: what counts must not tremble
    return font, QFontMetricsF(font)
