"""The marks of debugging: the dot of a breakpoint, where the run is held, the ring of a probe."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen, QPolygonF

from flodesk.ui.canvas.card import HEADER, Card
from flodesk.ui.canvas.painting import tint
from flodesk.ui.theme import theme

DOT = 6.0
_NONE = Qt.BrushStyle.NoBrush


def paint_card_marks(painter: QPainter, card: Card, breakpoint: str | None, held: bool, far: bool) -> None:
    """Paint the marks of a card on top of it; `breakpoint` is the condition, None where there is none.

    The dot of a breakpoint lies on the arrow of where the run is held, so that both are seen.
    """
    look = theme()
    if held:
        painter.setBrush(_NONE)
        painter.setPen(QPen(tint(look.warning), 12 if far else 3))
        painter.drawRoundedRect(QRectF(-1.5, -1.5, card.width + 3, card.height + 3), 11, 11)
    at = QPointF(0, HEADER / 2)
    scale = 3.0 if far else 1.0
    if held:
        painter.setPen(QPen(tint(look.raised), 1.2))
        painter.setBrush(tint(look.warning))
        painter.drawPolygon(
            QPolygonF(
                [at + QPointF(x * scale, y * scale) for x, y in ((-8, -6.5), (2, -6.5), (8, 0), (2, 6.5), (-8, 6.5))]
            )
        )
    if breakpoint is not None:
        paint_dot(painter, at - QPointF(1.5 * scale, 0) * held, bool(breakpoint), scale * (0.7 if held else 1.0))


def paint_probes(painter: QPainter, card: Card, ports: frozenset[str]) -> None:
    """Paint a ring around each output that is probed."""
    painter.setBrush(_NONE)
    painter.setPen(QPen(tint(theme().accent), 2.0))
    for row in card.outputs:
        if row.port.name in ports:
            painter.drawEllipse(QPointF(card.width, row.y), 9.0, 9.0)


def paint_dot(painter: QPainter, at: QPointF, conditional: bool, scale: float = 1.0, held: bool = False) -> None:
    """Paint the dot of a breakpoint; one with a condition has a bar in it."""
    look = theme()
    if held:
        painter.setPen(QPen(tint(look.warning), 3))
        painter.setBrush(_NONE)
        painter.drawEllipse(at, DOT * scale + 4, DOT * scale + 4)
    painter.setPen(QPen(tint(look.raised), 1.5))
    painter.setBrush(tint(look.error))
    painter.drawEllipse(at, DOT * scale, DOT * scale)
    if conditional:
        painter.setPen(QPen(tint(look.raised), 1.6))
        for bar in (-1.7, 1.7):
            painter.drawLine(at + QPointF(-2.6, bar) * scale, at + QPointF(2.6, bar) * scale)
