"""The small clock that stands beside a value which the newest run has not made."""

from __future__ import annotations

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

FADED = 0.5
"""Opacity of such a value."""
CLOCK = 4.5
"""Radius of the clock in pixels."""


def paint_clock(painter: QPainter, at: QPointF, color: str, radius: float = CLOCK) -> None:
    """Paint the clock around a point."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    pen = QPen(QColor(color), radius / 3.6)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawEllipse(at, radius, radius)
    painter.drawPolyline(QPolygonF([at + QPointF(0, -0.55 * radius), at, at + QPointF(0.45 * radius, 0.2 * radius)]))
    painter.restore()
