"""How a card looks that is switched off or bypassed: pale, its outline dashed, what goes on drawn through it."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPainterPath, QPen

from flodesk.flow.graph import Node
from flodesk.ui.canvas.card import Card, Live
from flodesk.ui.canvas.card_ground import RADIUS
from flodesk.ui.canvas.card_paint import paint_card
from flodesk.ui.canvas.painting import tint
from flodesk.ui.canvas.stamps import Stamps
from flodesk.ui.theme import theme

_PALE = 0.6
"""Opacity of a card that does not run: its words can still be read."""


def paint_switched_card(
    stamps: Stamps, painter: QPainter, node: Node, card: Card, live: Live, selected: bool
) -> None:  # fmt: skip
    """Paint a card that does not run, and the value that passes it."""
    look, before = theme(), painter.opacity()
    painter.setOpacity(before * _PALE)
    paint_card(stamps, painter, node, card, live, selected)
    painter.setOpacity(before)
    pen = QPen(tint(look.accent if selected else look.muted), 1.4)
    pen.setDashPattern([3.0, 3.0])
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(QRectF(0, 0, card.width, card.height), RADIUS, RADIUS)
    row = next((row for row in card.inputs if row.port.name == node.passing), None)
    if row is None or not card.outputs:
        return
    out = card.outputs[0]
    path = QPainterPath(QPointF(0, row.y))
    half = card.width / 2
    path.cubicTo(QPointF(half, row.y), QPointF(half, out.y), QPointF(card.width, out.y))
    for color, width in ((look.raised, 6.0), (look.type_color(row.port.type), 2.0)):
        painter.setPen(QPen(tint(color), width))
        painter.drawPath(path)
