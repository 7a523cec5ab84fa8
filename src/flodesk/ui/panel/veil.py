"""What is drawn over an indicator whose value is not of the newest run: a veil, and a hint beside the title."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from flodesk.ui.panel.paint import color, small
from flodesk.ui.theme import theme
from flodesk.ui.theme.clock import CLOCK, paint_clock

_DENSE = 0.55


class Veil(QWidget):
    """Lies over the content of a card and lets it shine through: dearer effects would paint it into a picture first."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the card's ground thinly."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), color(theme().raised, _DENSE))
        painter.end()


def paint_hint(painter: QPainter, widget: QWidget, area: QRectF, hint: str, *, bare: bool) -> float:
    """Write a hint with a clock at the right end of a title's area; a `bare` clock in a low card. Returns the width."""
    colors = theme()
    painter.setFont(small(widget, 11))
    words = 0.0 if bare else painter.fontMetrics().horizontalAdvance(hint) + 6.0
    paint_clock(painter, QPointF(area.right() - words - CLOCK, area.center().y()), colors.muted)
    if not bare:
        painter.setPen(color(colors.muted))
        painter.drawText(area, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, hint)
    return words + 2 * CLOCK + 6
