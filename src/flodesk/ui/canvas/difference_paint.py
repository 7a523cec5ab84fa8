"""How differences look: each has a sign and a colour, so that colour is never all that tells them."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPainterPath, QPen, QPolygonF

from flodesk.ui.canvas.painting import fonts, mixed, tint
from flodesk.ui.theme import Theme, theme

BADGE = 9.0
"""Radius of a sign in scene pixels."""
TAG, MOST_TAGS = 18.0, 3
"""Height of a line below a card, and how many there are at most."""
LEAST_TAG = 140.0
_NONE = Qt.BrushStyle.NoBrush
_LEFT = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft


def color_of(sign: str, look: Theme) -> str:
    """Return the colour of a sign: green is new, red is gone, amber is changed, blue is renamed or moved."""
    return {"+": look.ok, "-": look.error, "~": look.warning}.get(sign, look.accent)


def paint_badge(painter: QPainter, at: QPointF, sign: str, scale: float = 1.0) -> None:
    """Paint a sign in a disc."""
    look = theme()
    painter.setPen(QPen(tint(look.canvas), 1.5 * scale))
    painter.setBrush(tint(color_of(sign, look)))
    painter.drawEllipse(at, BADGE * scale, BADGE * scale)
    pen = QPen(tint(look.raised), 2.0 * scale)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    painter.setPen(pen)
    painter.setBrush(_NONE)
    painter.drawPath(_sign(sign, at, scale))


def _sign(sign: str, at: QPointF, scale: float) -> QPainterPath:
    path = QPainterPath()

    def line(*points: tuple[float, float]) -> None:
        path.addPolygon(QPolygonF([at + QPointF(x, y) * scale for x, y in points]))

    if sign in ("+", "-"):
        line((-4.2, 0), (4.2, 0))
    if sign == "+":
        line((0, -4.2), (0, 4.2))
    if sign == "~":
        path.moveTo(at + QPointF(-4.6, 1.2) * scale)
        path.cubicTo(*(at + QPointF(x, y) * scale for x, y in ((-2.2, -4.4), (2.2, 4.4), (4.6, -1.2))))
    if sign == "»":
        line((-3.6, -3.2), (-0.4, 0), (-3.6, 3.2))
        line((0.8, -3.2), (4.0, 0), (0.8, 3.2))
    if sign == "↔":
        line((-4.6, 0), (4.6, 0))
        line((-2.2, -2.4), (-4.6, 0), (-2.2, 2.4))
        line((2.2, -2.4), (4.6, 0), (2.2, 2.4))
    return path


def paint_frame(painter: QPainter, width: float, height: float, sign: str, far: bool) -> None:
    """Paint the frame around a card."""
    color = color_of(sign, theme())
    painter.setBrush(_NONE)
    painter.setPen(QPen(tint(color, 0.25), 12 if far else 7))
    painter.drawRoundedRect(QRectF(-5, -5, width + 10, height + 10), 14, 14)
    painter.setPen(QPen(tint(color), 6 if far else 2))
    painter.drawRoundedRect(QRectF(-5, -5, width + 10, height + 10), 14, 14)


def paint_field(painter: QPainter, box: QRectF) -> None:
    """Paint the frame around a parameter that has another value."""
    look = theme()
    painter.setPen(QPen(tint(look.warning), 1.5))
    painter.setBrush(tint(look.warning, 0.12))
    painter.drawRoundedRect(box, 4.5, 4.5)


def paint_tags(
    painter: QPainter, tags: Sequence[str], sign: str, at: QPointF, width: float, scale: float = 1.0
) -> None:
    """Paint what changed in a few words, a line each, from the upper left corner `at`."""
    look, kinds = theme(), fonts()
    color = color_of(sign, look)
    painter.save()
    painter.translate(at)
    painter.scale(scale, scale)
    painter.setFont(kinds.label.font)
    for number, text in enumerate(shown_tags(tags)):
        words = kinds.label.elided(text, tag_room(width) - 16)
        box = QRectF(0, (TAG + 3) * number, kinds.label.width(words) + 16, TAG)
        painter.setPen(QPen(tint(color, 0.7), 1))
        painter.setBrush(mixed(color, look.raised, 0.14))
        painter.drawRoundedRect(box, 5, 5)
        painter.setPen(tint(look.text))
        painter.drawText(box.adjusted(8, 0, 0, 0), _LEFT, words)
    painter.restore()


def shown_tags(tags: Sequence[str]) -> list[str]:
    """Return the lines that are shown: the last of them says how many more there are."""
    if len(tags) <= MOST_TAGS:
        return list(tags)
    return [*tags[: MOST_TAGS - 1], f"and {len(tags) - MOST_TAGS + 1} more"]


def tag_room(width: float) -> float:
    """Return how wide a line below a card of some width may be."""
    return max(LEAST_TAG, width + 40)
