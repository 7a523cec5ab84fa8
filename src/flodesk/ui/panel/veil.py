"""What is drawn over an indicator whose value is not of the newest run: a veil, and a hint beside the title."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from flodesk.ui.panel.paint import color, small
from flodesk.ui.theme import theme
from flodesk.ui.theme.clock import CLOCK, paint_clock

_DENSE = 0.55
_AROUND = 2 * CLOCK + 6
"""Width in pixels of the clock and what is free beside it."""


class Veil(QWidget):
    """Lies over the content of a card and lets it shine through: dearer effects would paint it into a picture first."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the card's ground thinly."""
        with QPainter(self) as painter:
            painter.fillRect(self.rect(), color(theme().raised, _DENSE))


def paint_hint(painter: QPainter, widget: QWidget, area: QRectF, hint: str, *, title: int, bare: bool) -> float:
    """Write a hint with a clock at the right end of a title's area. Returns the width.

    In a low card (`bare`) and where the words would leave too little for a title of that width, the clock stands alone:
    the tooltip says the rest.
    """
    colors = theme()
    painter.setFont(small(widget, 11))
    words = painter.fontMetrics().horizontalAdvance(hint) + 6.0
    if bare or area.width() - words - _AROUND < title:
        words = 0.0
    paint_clock(painter, QPointF(area.right() - words - CLOCK, area.center().y()), colors.muted)
    if words:
        painter.setPen(color(colors.muted))
        painter.drawText(area, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, hint)
    return words + _AROUND
