"""The two labels of a wire that is drawn without a curve: its name at its source and at its target."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QPainterPath, QPen

from flodesk.ui.canvas.card_paint import MIDDLE
from flodesk.ui.canvas.painting import fonts, mixed, tint
from flodesk.ui.theme import theme

_STUB, _HEIGHT, _TIP, _WIDEST = 18.0, 18.0, 7.0, 150.0
"""Length of the wire between port and label; height, arrow and greatest width of a label, in scene pixels."""


def label_boxes(name: str, start: QPointF, end: QPointF) -> tuple[QRectF, QRectF]:
    """Return where the label right of the source and the one left of the target stand."""
    width = min(_WIDEST, fonts().label.width(name) + 16) + _TIP
    return (
        QRectF(start.x() + _STUB, start.y() - _HEIGHT / 2, width, _HEIGHT),
        QRectF(end.x() - _STUB - width, end.y() - _HEIGHT / 2, width, _HEIGHT),
    )


def stubs(start: QPointF, end: QPointF) -> QPainterPath:
    """Return what is left of the wire: a piece at each end."""
    path = QPainterPath(start)
    path.lineTo(start + QPointF(_STUB, 0))
    path.moveTo(end - QPointF(_STUB, 0))
    path.lineTo(end)
    return path


def paint_label(painter: QPainter, box: QRectF, name: str, color: str, lit: bool, detail: float) -> None:
    """Paint a label: a pill that points the way the value goes; its words grow with the distance."""
    look = theme()
    path = QPainterPath(box.topLeft() + QPointF(4, 0))
    path.lineTo(box.topRight() - QPointF(_TIP, 0))
    path.lineTo(box.right(), box.center().y())
    path.lineTo(box.bottomRight() - QPointF(_TIP, 0))
    path.lineTo(box.bottomLeft() + QPointF(4, 0))
    path.quadTo(box.bottomLeft(), box.bottomLeft() - QPointF(0, 4))
    path.lineTo(box.topLeft() + QPointF(0, 4))
    path.quadTo(box.topLeft(), box.topLeft() + QPointF(4, 0))
    painter.setPen(QPen(tint(look.accent if lit else color), 1.6 if lit else 1.2))
    painter.setBrush(mixed(color, look.canvas, 0.22 if look.dark else 0.14))
    painter.drawPath(path)
    if detail < 0.4:
        return
    font = QFont(fonts().label.font)
    font.setPixelSize(15 if detail < MIDDLE else font.pixelSize())
    inner = box.adjusted(3, 0, -_TIP + 2, 0)
    painter.setFont(font)
    painter.setPen(tint(look.text))
    text = QFontMetricsF(font).elidedText(name, Qt.TextElideMode.ElideRight, inner.width())
    painter.drawText(inner, Qt.AlignmentFlag.AlignCenter, text)
