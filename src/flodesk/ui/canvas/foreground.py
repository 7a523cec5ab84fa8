"""What lies over the canvas in screen pixels: the hint while it is empty, and why something cannot be dropped."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPoint, QRectF, Qt
from PySide6.QtGui import QPainter, QPen

from flodesk.ui.canvas.painting import fonts, mixed, tint
from flodesk.ui.theme import theme


def paint_hint(painter: QPainter, view: QRectF, lines: Sequence[str]) -> None:
    """Write lines in the middle of the view, the first as their title."""
    look, kinds = theme(), fonts()
    top, width = view.center().y() - 22, min(view.width() - 24, 600)
    painter.setPen(tint(look.muted))
    flags = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap
    for number, line in enumerate(lines):
        kind = kinds.label if number else kinds.title
        painter.setFont(kind.font)
        box = QRectF(view.center().x() - width / 2, top, width, 200)
        painter.drawText(box, flags, line)
        top += kind.measure.boundingRect(box, flags, line).height() + 6


def paint_message(painter: QPainter, view: QRectF, text: str, at: QPoint, *, refuses: bool = True) -> None:
    """Write a message beside a place, within the view."""
    look, kinds = theme(), fonts()
    flags = Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignLeft
    inner = kinds.label.measure.boundingRect(QRectF(0, 0, 300, 400), flags, text)
    box = QRectF(at.x() + 16, at.y() + 16, inner.width() + 20, inner.height() + 14)
    port = view.adjusted(6, 6, -6, -6)
    if box.right() > port.right():
        box.moveRight(at.x() - 12)
    if box.bottom() > port.bottom():
        box.moveBottom(at.y() - 12)
    color = look.error if refuses else look.accent
    painter.setPen(QPen(tint(color), 1))
    painter.setBrush(mixed(color, look.raised, 0.12))
    painter.drawRoundedRect(box, 6, 6)
    painter.setFont(kinds.label.font)
    painter.setPen(tint(look.text))
    painter.drawText(box.adjusted(10, 7, -10, -7), flags, text)
