"""What is painted over the panel while it is arranged: outlines, handles, columns, the rubber band."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QPainter, QPen

from flodesk.ui.panel.layout.grid import COLUMNS, Cells, Metrics
from flodesk.ui.panel.paint import RADIUS, color
from flodesk.ui.theme import theme


def paint_columns(painter: QPainter, metrics: Metrics, height: int) -> None:
    """Paint the columns of the grid."""
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(color(theme().accent, 0.05))
    for column in range(COLUMNS):
        x, _, width, _ = metrics.rectangle(Cells(column, 0, 1, 1))
        painter.drawRect(x, 0, width, height)


def paint_outlines(painter: QPainter, areas: Iterable[tuple[QRect, bool]]) -> None:
    """Paint a line round each view, a strong one round those that are selected."""
    colors = theme()
    for area, chosen in areas:
        painter.setPen(QPen(color(colors.accent if chosen else colors.line_strong), 2 if chosen else 1))
        painter.setBrush(color(colors.accent, 0.06) if chosen else Qt.BrushStyle.NoBrush)
        inset = 1.0 if chosen else 0.5
        painter.drawRoundedRect(QRectF(area).adjusted(inset, inset, -inset, -inset), RADIUS, RADIUS)


def paint_frame(painter: QPainter, area: QRect, *, several: bool) -> None:
    """Paint the handles of what is selected, and a line round several views."""
    colors = theme()
    frame = QRectF(area)
    if several:
        painter.setPen(QPen(color(colors.accent), 1, Qt.PenStyle.DashLine))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        frame.adjust(-3, -3, 3, 3)
        painter.drawRect(frame)
    painter.setPen(QPen(color(colors.accent), 2))
    painter.setBrush(color(colors.raised))
    inset = 0 if several else 1
    for x in (frame.left() + inset, frame.center().x(), frame.right() - inset):
        for y in (frame.top() + inset, frame.center().y(), frame.bottom() - inset):
            if (x, y) != (frame.center().x(), frame.center().y()):
                painter.drawRect(QRectF(x - 3, y - 3, 6, 6))


def paint_band(painter: QPainter, area: QRect) -> None:
    """Paint the rubber band."""
    accent = theme().accent
    painter.setPen(QPen(color(accent), 1))
    painter.setBrush(color(accent, 0.12))
    painter.drawRect(QRectF(area).adjusted(0.5, 0.5, -0.5, -0.5))
