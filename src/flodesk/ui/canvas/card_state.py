"""What a run says of a card: the badge of its state, and the chips beside its name. A sign each, not colour alone."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen, QPolygonF

from flodesk.flow.graph import Node
from flodesk.ui.canvas.card import BEHIND, Live
from flodesk.ui.canvas.card_overview import paint_warning
from flodesk.ui.canvas.painting import fonts, tint
from flodesk.ui.theme import Theme

_NONE = Qt.BrushStyle.NoBrush


def state_color(look: Theme, live: Live) -> str:
    """Return the colour of a card's state; empty where it has none."""
    if live.wrong:
        return look.error
    if live.ahead and live.state in ("done", "cached"):
        return look.idle
    colors = {
        "running": look.running,
        "paused": look.warning,
        "waiting": look.warning,
        "queued": look.muted,
        "done": look.ok,
        "cached": look.ok,
    }
    return colors.get(live.state, look.warning if live.doubt else "")


def has_badge(live: Live) -> bool:
    """Return whether there is anything that the badge would say."""
    return live.state != "idle" or bool(live.problem or live.doubt)


def paint_chips(painter: QPainter, node: Node, live: Live, end: float, look: Theme) -> float:
    """Draw where the node runs, and how far it is behind, right-aligned at `end`; return the width taken."""
    taken = 0.0
    if node.place:
        taken += _chip(painter, node.place, end, look.accent, look)
    if live.behind >= 0:
        taken += _chip(painter, BEHIND.format(live.behind), end - taken, look.muted, look)
    return taken


def _chip(painter: QPainter, text: str, end: float, color: str, look: Theme) -> float:
    width = fonts().kind.width(text) + 16
    box = QRectF(end - width + 4, 21, width - 6, 14)
    painter.setPen(QPen(tint(color, 0.7), 1))
    painter.setBrush(tint(color, 0.14))
    painter.drawRoundedRect(box, 7, 7)
    painter.setFont(fonts().kind.font)
    painter.setPen(tint(look.text))
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)
    return width


def paint_badge(painter: QPainter, c: QPointF, live: Live, look: Theme) -> None:
    """Draw the sign of the state around a point."""
    color = tint(state_color(look, live) or look.idle)
    if live.doubtful and live.state == "idle":
        paint_warning(painter, c, 8.0, look)
        return
    if live.state == "running" and not live.problem:
        ring = QRectF(c.x() - 6, c.y() - 6, 12, 12)
        painter.setBrush(_NONE)
        painter.setPen(QPen(tint(look.running, 0.28), 2.4))
        painter.drawEllipse(ring)
        pen = QPen(color, 2.4)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        painter.setPen(pen)
        painter.drawArc(ring, 90 * 16, -round(360 * 16 * (live.progress if live.progress is not None else 0.3)))
        return
    hollow = live.state in ("queued", "cached") and not live.problem
    if hollow:
        painter.setPen(QPen(color, 1.6))
        painter.setBrush(_NONE)
        painter.drawEllipse(c, 6.2, 6.2)
    else:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(color)
        painter.drawEllipse(c, 7, 7)
    pen = QPen(color if hollow else tint(look.raised), 1.9)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    painter.setPen(pen)
    if live.wrong:
        painter.drawLine(c + QPointF(0, -3.4), c + QPointF(0, 0.6))
        painter.drawPoint(c + QPointF(0, 3.4))
    elif live.state == "paused":
        for bar in (-2.2, 2.2):
            painter.drawLine(c + QPointF(bar, -2.8), c + QPointF(bar, 2.8))
    elif live.state == "queued":
        for dot in (-3.0, 0.0, 3.0):
            painter.drawPoint(c + QPointF(dot, 0))
    elif live.state == "waiting":
        _turning_arrow(painter, c)
    elif live.state in ("done", "cached"):
        painter.drawPolyline(QPolygonF([c + QPointF(-3, 0.2), c + QPointF(-0.9, 2.4), c + QPointF(3.2, -2.2)]))
    else:
        painter.drawPolyline(QPolygonF([c + QPointF(0, -3.6), c, c + QPointF(2.5, 1.5)]))


def _turning_arrow(painter: QPainter, c: QPointF) -> None:
    ring = QRectF(c.x() - 3.4, c.y() - 3.4, 6.8, 6.8)
    painter.setBrush(_NONE)
    painter.drawArc(ring, 60 * 16, 270 * 16)
    tip = c + QPointF(3.4 * 0.5, -3.4 * 0.87)
    painter.drawPolyline(QPolygonF([tip + QPointF(-2.2, -1.2), tip, tip + QPointF(-0.2, 2.4)]))
