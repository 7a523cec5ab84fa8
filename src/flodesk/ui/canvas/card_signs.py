"""The sign in a card's header: of its shelf, of one of the script's own constructions, or that it is not known."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPainterPath

from flodesk.flow.graph import Node
from flodesk.ui.canvas.card import category, unknown
from flodesk.ui.canvas.painting import fonts, round_pen, tint
from flodesk.ui.canvas.stamps import Stamps
from flodesk.ui.theme import theme
from flodesk.ui.theme.glyphs import paint_glyph

SMALL_KINDS = frozenset({"switch", "merge", "feedback", "constant", "jump", "inputs", "return"})
"""The script's own constructions: they belong to no shelf."""
_SQUARE = QRectF(0, 0, 22, 22)


def put_sign(stamps: Stamps, node: Node) -> None:
    """Put the sign of a node into the header of its card."""
    if node.kind in SMALL_KINDS:
        kind = node.text.split()[0] if node.kind == "jump" else node.kind  # each jump has its own
        stamps.put(9, 8, (0, 0, 22, 22), _paint_kind, kind)
    elif unknown(node):
        stamps.put(9, 8, (0, 0, 22, 22), _paint_unknown)
    else:
        stamps.put(9, 8, (0, 0, 22, 22), _paint_shelf, category(node))


def _paint_shelf(painter: QPainter, shelf: str) -> None:
    painter.setFont(fonts().title.font)
    paint_glyph(painter, _SQUARE, shelf)


def _paint_unknown(painter: QPainter) -> None:
    color = theme().warning
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(tint(color, 0.2))
    painter.drawRoundedRect(_SQUARE, 5.7, 5.7)
    painter.setFont(fonts().title.font)
    painter.setPen(tint(color))
    painter.drawText(_SQUARE, Qt.AlignmentFlag.AlignCenter, "?")


def _paint_kind(painter: QPainter, kind: str) -> None:
    """Draw the sign of a construction of the script: a fork, a join, a turning arrow, an equals sign."""
    look = theme()
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(tint(look.muted, 0.18))
    painter.drawRoundedRect(_SQUARE, 5.7, 5.7)
    painter.setPen(round_pen(look.text, 1.7))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    c = _SQUARE.center()
    path = QPainterPath()
    if kind in ("switch", "merge"):
        way = 1 if kind == "switch" else -1
        for up in (-1, 1):
            path.moveTo(c + QPointF(-6 * way, 0))
            path.cubicTo(c, c + QPointF(0, 5 * up), c + QPointF(6 * way, 5 * up))
    elif kind == "feedback":
        path.arcMoveTo(QRectF(c.x() - 5.5, c.y() - 5.5, 11, 11), 60)
        path.arcTo(QRectF(c.x() - 5.5, c.y() - 5.5, 11, 11), 60, 290)
        tip = path.currentPosition()
        path.moveTo(tip + QPointF(-4, -1.4))
        path.lineTo(tip)
        path.lineTo(tip + QPointF(1.2, -4))
    elif kind in ("break", "continue"):
        _way_out(path, c, kind)
    elif kind in ("inputs", "return"):
        # an arrow away from the edge of the function, or to it
        edge = -6 if kind == "inputs" else 6
        path.moveTo(c + QPointF(edge, -5))
        path.lineTo(c + QPointF(edge, 5))
        start, tip = (c + QPointF(-3, 0), c + QPointF(6, 0)) if edge < 0 else (c + QPointF(-6, 0), c + QPointF(3, 0))
        path.moveTo(start)
        path.lineTo(tip)
        for up in (-3, 3):
            path.moveTo(tip + QPointF(-3, up))
            path.lineTo(tip)
    else:
        for bar in (-2.6, 2.6):
            path.moveTo(c + QPointF(-5, bar))
            path.lineTo(c + QPointF(5, bar))
    painter.drawPath(path)


def _way_out(path: QPainterPath, c: QPointF, kind: str) -> None:
    """Draw an arrow out of a half circle (the loop is left), or back to the start of it (its next turn)."""
    ring = QRectF(c.x() - 5.5, c.y() - 5.5, 11, 11)
    if kind == "break":
        path.arcMoveTo(ring, 70)
        path.arcTo(ring, 70, 220)
        tip = c + QPointF(6.5, 0)
        path.moveTo(c + QPointF(-1.5, 0))
        path.lineTo(tip)
        for up in (-3, 3):
            path.moveTo(tip + QPointF(-3, up))
            path.lineTo(tip)
        return
    tip = c + QPointF(-6, -3)
    path.moveTo(tip + QPointF(0, 0))
    path.lineTo(c + QPointF(2, -3))
    path.arcTo(QRectF(c.x() - 1.5, c.y() - 3, 7.5, 8), 90, -180)
    path.lineTo(c + QPointF(-3, 5))
    for up in (-3, 3):
        path.moveTo(tip + QPointF(3, up))
        path.lineTo(tip)
