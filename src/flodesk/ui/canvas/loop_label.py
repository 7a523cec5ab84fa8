"""How often a loop has turned, and how fast: a line above its producer, on the ground of the loop."""

from __future__ import annotations

from functools import cache

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from flodesk.ui.canvas.card_paint import MIDDLE, NAMES
from flodesk.ui.canvas.painting import fonts, tint
from flodesk.ui.theme import theme

HEIGHT, ABOVE = 20.0, 2.0
"""Of the label, and what is between it and the card, in scene pixels."""
_NEAR, _WIDE = 11, 17
"""Height of the letters near by, and from some way off."""
_LEFT = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
_SPACE = "\u202f"


def number(count: float) -> str:
    """Write a number with its thousands apart."""
    return f"{count:,.0f}".replace(",", _SPACE)


def rate_words(rate: float) -> str:
    """Say how often in a second, or in a minute, in two figures: so the last one does not flicker."""
    if rate <= 0:
        return ""
    if rate < 0.95:
        return f"{number(max(1.0, rate * 60))}/min"
    if rate < 9.95:
        return f"{rate:.1f}/s"
    unit = 10.0 ** max(0, len(str(int(rate))) - 2)
    return f"{number(round(rate / unit) * unit)}/s"


def live_words(turns: int, rate: float) -> str:
    """Say which turn a loop is in, and how fast it turns."""
    return " · ".join(filter(None, (f"turn {number(turns)}", rate_words(rate))))


def end_words(turns: int, took: str) -> str:
    """Say how many turns a loop has made; without a time, in all of its rounds."""
    return f"{number(turns)} turn{'' if turns == 1 else 's'} {f'in {took}' if took else 'in all'}"


class LoopLabel(QGraphicsItem):
    """The line of one loop. It takes no press, and its width grows with its figures alone."""

    def __init__(self) -> None:
        super().__init__()
        self.words = ""
        self._width = 0.0
        self.setAcceptedMouseButtons(Qt.MouseButton.NoButton)
        self.setZValue(0.5)  # above the wires, below the cards
        self.hide()

    def stand(self, corner: QPointF | None) -> None:
        """Stand above a card, whose upper left corner this is; None if there is none."""
        if corner is None:
            self.hide()
            return
        self.setPos(corner + QPointF(0, -HEIGHT - ABOVE))
        self.setVisible(bool(self.words))

    def say(self, words: str) -> None:
        """Say this; nothing is painted where it is what was said before."""
        if words == self.words:
            return
        figures = "".join("0" if c.isdigit() else c for c in words)
        width = _type(_WIDE)[1].horizontalAdvance(figures) + 12 if words else 0.0
        if width != self._width:
            self.prepareGeometryChange()
            self._width = width
        self.words = words
        self.setVisible(bool(words))
        self.update()

    def boundingRect(self) -> QRectF:
        """Return the line with its ground."""
        return QRectF(0, 0, self._width, HEIGHT)

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        """Paint the line: in larger letters from some way off, and not at all from far away."""
        detail = option.levelOfDetailFromTransform(painter.worldTransform())
        if detail < NAMES:
            return
        look, (font, measure) = theme(), _type(_NEAR if detail > MIDDLE else _WIDE)
        box = QRectF(0, 1, measure.horizontalAdvance(self.words) + 10, HEIGHT - 2)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(tint(look.canvas, 0.6))  # wires that pass below stay below
        painter.drawRoundedRect(box, 5, 5)
        painter.setFont(font)
        painter.setPen(tint(look.muted))
        painter.drawText(box.adjusted(5, 0, 5, 0), _LEFT, self.words)


def _type(pixels: int) -> tuple[QFont, QFontMetricsF]:
    return _made(fonts().label.font.family(), pixels)


@cache
def _made(family: str, pixels: int) -> tuple[QFont, QFontMetricsF]:
    font = QFont(family)
    font.setPixelSize(pixels)
    font.setFeature(QFont.Tag("tnum"), 1)  # figures of one width: what counts must not tremble
    return font, QFontMetricsF(font)
