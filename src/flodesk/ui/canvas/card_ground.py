"""The ground of a card: its shadow, its body with an edge that tells the state, its header in the shelf's colour."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPainterPath

from flodesk.flow.graph import Node
from flodesk.ui.canvas.card import HEADER, Card, Live, category, unknown
from flodesk.ui.canvas.card_signs import SMALL_KINDS
from flodesk.ui.canvas.card_state import state_color
from flodesk.ui.canvas.painting import mixed, pen, tint
from flodesk.ui.canvas.stamps import Stamps
from flodesk.ui.theme import Theme, theme

RADIUS = 10.0
_GLOW = 4.0
_SHADOW = ((5.0, 0.22), (3.0, 0.32), (1.2, 0.46))
"""How far each layer of the shadow reaches, and its share of the strength."""
Edge = tuple[str, float, Qt.PenStyle]
"""Colour and width of a line, and whether it is dashed. It is opaque: others take five times as long."""
_SOLID, _DASHED = Qt.PenStyle.SolidLine, Qt.PenStyle.DashLine


def ground_color(node: Node, look: Theme) -> str:
    """Return the colour that stands for the node: of its shelf; grey for the script's own constructions."""
    return look.muted if node.kind in SMALL_KINDS else look.category_color(category(node))


def put_ground(stamps: Stamps, node: Node, card: Card, live: Live, selected: bool, shadow: bool, block: bool) -> None:
    """Put the ground of a card down, with a glow where it is selected; all of a `block` has the header's colour."""
    look = theme()
    edge, head = _edge(node, live, selected, look), ground_color(node, look)
    room = (-_GLOW, -_GLOW, card.width + _GLOW, card.height + 8.0)
    stamps.put(0, 0, room, _paint_from_rim, card.width, card.height, head, edge, selected, shadow, block)


def _edge(node: Node, live: Live, selected: bool, look: Theme) -> Edge:
    if selected:
        return look.accent, 1.8, _SOLID
    if live.wrong:
        return look.error, 1.6, _SOLID
    if live.state == "running":
        return mixed(state_color(look, live), look.raised, 0.85).name(), 1.4, _SOLID
    if live.doubtful:
        return look.warning, 1.4, _SOLID
    if unknown(node):
        return look.warning, 1.4, _DASHED
    if node.kind in ("code", "feedback"):
        return look.faint, 1.3, _DASHED
    return look.line_strong, 1.0, _SOLID


def _paint_from_rim(
    painter: QPainter, width: float, height: float, head: str, edge: Edge, selected: bool, shadow: bool,
    block: bool,
) -> None:  # fmt: skip
    """Paint shadow and glow from their rims inwards, each layer in place of the one under it, and the body onto it.

    Laid over each other the layers would take ten times as long.
    """
    look = theme()
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Source)
    strength, through = 0.30 if look.dark else 0.10, 1.0
    for grow, share in _SHADOW if shadow else ():
        through *= 1 - strength * share
        painter.setBrush(tint("#000000", round(1 - through, 3)))
        layer = QRectF(-grow * 0.4, 1, width + grow * 0.8, height + grow * 1.2)
        painter.drawRoundedRect(layer, RADIUS + 1, RADIUS + 1)
    if selected:
        painter.setBrush(tint(look.accent, 0.28))
        painter.drawRoundedRect(QRectF(-3, -3, width + 6, height + 6), RADIUS + 4, RADIUS + 4)
    painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceOver)
    color, thick, style = edge
    painter.setPen(pen(color, thick, 1.0, style))
    painter.setBrush(tint(look.raised))
    painter.drawRoundedRect(QRectF(0, 0, width, height), RADIUS, RADIUS)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(mixed(head, look.raised, 0.17 if look.dark else 0.12))
    if block or height <= HEADER + 3:
        painter.drawRoundedRect(QRectF(1, 1, width - 2, height - 2), RADIUS - 1, RADIUS - 1)
    else:
        painter.drawPath(_header(width))


def _header(width: float) -> QPainterPath:
    """Return the outline of a header: round above, with corners below."""
    path = QPainterPath()
    path.setFillRule(Qt.FillRule.WindingFill)
    path.addRoundedRect(QRectF(1, 1, width - 2, HEADER - 1), RADIUS - 1, RADIUS - 1)
    path.addRect(QRectF(1, HEADER - RADIUS, width - 2, RADIUS))
    return path


__all__ = ["RADIUS", "ground_color", "put_ground"]
