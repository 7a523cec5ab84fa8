"""What a run says of a card: the badge of its state, and the chips beside its name. A sign each, not colour alone."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPolygonF

from flodesk.flow.graph import Node
from flodesk.ui.canvas.card import BEHIND, EACH, Live
from flodesk.ui.canvas.card_overview import paint_warning
from flodesk.ui.canvas.painting import fonts, pen, round_pen, tint
from flodesk.ui.canvas.stamps import Box, Stamps
from flodesk.ui.place_words import card_words
from flodesk.ui.theme import Theme, theme

_NONE = Qt.BrushStyle.NoBrush
_REACH, _PLACE = 9.0, 12.0
"""Half the width of the sign of a place, in its own pixels; its width on the screen."""


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
    return live.state != "idle" or bool(live.problem or live.warning or live.anew)


def paint_chips(painter: QPainter, node: Node, live: Live, end: float, look: Theme) -> float:
    """Draw where the node runs, and how far it is behind, right-aligned at `end`; return the width taken."""
    taken = 0.0
    if node.place:
        taken += _chip(painter, card_words(node.place), end, look.accent, look)
    if node.mapped:
        color = look.warning if live.state == "done" and live.items < live.of else look.muted
        taken += _chip(painter, items_words(live), end - taken, color, look)
    if live.behind >= 0:
        taken += _chip(painter, BEHIND.format(live.behind), end - taken, look.muted, look)
    return taken


def put_place(stamps: Stamps, end: float, middle: float) -> float:
    """Put the sign that a node runs in a place of its own, right-aligned at `end`; return the width taken.

    It stands for the chip where letters could not be read, and has the same size on the screen at any zoom.
    """
    scale = round(_PLACE / (2 * _REACH * stamps.detail), 2)
    reach = _REACH * scale
    stamps.put(end - reach, middle, _around(reach), _paint_place, scale)
    return 2 * reach + 4


def items_words(live: Live) -> str:
    """Say in a few letters how many items of how many are done, or have not failed."""
    if not live.of or live.state not in ("running", "paused", "done"):
        return EACH
    return f"{live.items} of {live.of}" if live.state != "done" or live.items < live.of else f"{live.of} items"


def _chip(painter: QPainter, text: str, end: float, color: str, look: Theme) -> float:
    width = fonts().kind.width(text) + 16
    box = QRectF(end - width + 4, 21, width - 6, 14)
    painter.setPen(pen(color, 1, 0.7))
    painter.setBrush(tint(color, 0.14))
    painter.drawRoundedRect(box, 7, 7)
    painter.setFont(fonts().kind.font)
    painter.setPen(tint(look.text))
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)
    return width


def put_badge(stamps: Stamps, x: float, y: float, live: Live, scale: float = 1.0) -> None:
    """Put the sign of the state around a point."""
    look = theme()
    color = state_color(look, live) or look.idle
    if live.doubtful and live.state == "idle":
        sign = "warning"
    elif live.state == "running" and not live.problem:
        share = round(live.progress if live.progress is not None else 0.3, 2)
        stamps.put(x, y, _around(9.0 * scale), _paint_ring, color, share, scale)
        return
    else:
        sign = "wrong" if live.wrong else live.state
    hollow = live.state in ("queued", "cached") and not live.problem
    stamps.put(x, y, _around(9.0 * scale), _paint_badge, sign, color, hollow, scale)


def _around(reach: float) -> Box:
    return -reach, -reach, reach, reach


def _paint_ring(painter: QPainter, color: str, share: float, scale: float) -> None:
    painter.scale(scale, scale)
    ring = QRectF(-6, -6, 12, 12)
    painter.setBrush(_NONE)
    painter.setPen(pen(theme().running, 2.4, 0.28))
    painter.drawEllipse(ring)
    painter.setPen(round_pen(color, 2.4))
    painter.drawArc(ring, 90 * 16, -round(360 * 16 * share))


def _paint_badge(painter: QPainter, sign: str, color: str, hollow: bool, scale: float) -> None:
    look = theme()
    painter.scale(scale, scale)
    if sign == "warning":
        paint_warning(painter, QPointF(0, 0), 8.0, look)
        return
    if hollow:
        painter.setPen(pen(color, 1.6))
        painter.setBrush(_NONE)
        painter.drawEllipse(QPointF(0, 0), 6.2, 6.2)
    else:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(tint(color))
        painter.drawEllipse(QPointF(0, 0), 7, 7)
    painter.setPen(round_pen(color if hollow else look.raised, 1.9))
    if sign == "wrong":
        painter.drawLine(QPointF(0, -3.4), QPointF(0, 0.6))
        painter.drawPoint(QPointF(0, 3.4))
    elif sign == "paused":
        for bar in (-2.2, 2.2):
            painter.drawLine(QPointF(bar, -2.8), QPointF(bar, 2.8))
    elif sign == "queued":
        for dot in (-3.0, 0.0, 3.0):
            painter.drawPoint(QPointF(dot, 0))
    elif sign == "waiting":
        _turning_arrow(painter)
    elif sign in ("done", "cached"):
        painter.drawPolyline(QPolygonF([QPointF(-3, 0.2), QPointF(-0.9, 2.4), QPointF(3.2, -2.2)]))
    else:
        painter.drawPolyline(QPolygonF([QPointF(0, -3.6), QPointF(0, 0), QPointF(2.5, 1.5)]))


def _paint_place(painter: QPainter, scale: float) -> None:
    """Draw an arrow that leaves its frame."""
    look = theme()
    painter.scale(scale, scale)
    painter.setPen(pen(look.accent, 1.4))
    painter.setBrush(tint(look.accent, 0.2))
    painter.drawRoundedRect(QRectF(-8, -8, 16, 16), 4, 4)
    painter.setPen(round_pen(look.text, 2.2))
    painter.drawLine(QPointF(-3.6, 3.6), QPointF(3.4, -3.4))
    painter.drawPolyline(QPolygonF([QPointF(-1.6, -3.8), QPointF(3.8, -3.8), QPointF(3.8, 1.6)]))


def _turning_arrow(painter: QPainter) -> None:
    painter.setBrush(_NONE)
    painter.drawArc(QRectF(-3.4, -3.4, 6.8, 6.8), 60 * 16, 270 * 16)
    tip = QPointF(3.4 * 0.5, -3.4 * 0.87)
    painter.drawPolyline(QPolygonF([tip + QPointF(-2.2, -1.2), tip, tip + QPointF(-0.2, 2.4)]))
