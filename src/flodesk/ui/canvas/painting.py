"""Brushes of the canvas: colours of the theme, fonts, the shapes of ports, the curves of wires."""

from __future__ import annotations

import math
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import pairwise

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainterPath, QPen, QPolygonF
from PySide6.QtWidgets import QApplication

from flodesk.ui.theme import current

GRID = 24.0
"""Distance of the grid's dots in scene pixels."""
_WORDS = 8192
"""Texts whose widths are kept."""

_SHAPES = {
    "number": "circle",
    "integer": "circle",
    "truth": "ring",
    "text": "circle",
    "path": "circle",
    "array": "square",
    "signal": "square",
    "image": "square",
    "list": "square",
    "table": "diamond",
    "instrument": "hexagon",
    "indicator": "pentagon",
}


@cache
def tint(color: str, alpha: float = 1.0) -> QColor:
    """Return a colour of the theme, `alpha` from 0 (nothing) to 1."""
    made = QColor(color)
    made.setAlphaF(alpha)
    return made


@cache
def mixed(color: str, ground: str, share: float) -> QColor:
    """Return `color` laid over `ground` with the opacity `share`, as an opaque colour."""
    upper, lower = QColor(color), QColor(ground)
    parts = ((upper.redF(), lower.redF()), (upper.greenF(), lower.greenF()), (upper.blueF(), lower.blueF()))
    return QColor.fromRgbF(*(a * share + b * (1 - share) for a, b in parts))


@cache
def pen(color: str, width: float, alpha: float = 1.0, style: Qt.PenStyle = Qt.PenStyle.SolidLine) -> QPen:
    """Return a pen of a colour of the theme; it is made once, and never to be changed."""
    return QPen(tint(color, alpha), width, style)


@cache
def round_pen(color: str, width: float, alpha: float = 1.0) -> QPen:
    """Return a pen whose lines end and turn round; it is made once, and never to be changed."""
    made = QPen(tint(color, alpha), width)
    made.setCapStyle(Qt.PenCapStyle.RoundCap)
    made.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    return made


@dataclass(frozen=True)
class Type:
    """A font with its measures."""

    font: QFont
    measure: QFontMetricsF
    _widths: dict[str, float] = field(default_factory=dict)
    """Those that were asked for last: cards say the same words each time they are painted."""

    def width(self, text: str) -> float:
        """Width of a line of text in pixels."""
        known = self._widths.get(text)
        if known is None:
            if len(self._widths) >= _WORDS:
                self._widths.clear()
            known = self._widths[text] = self.measure.horizontalAdvance(text)
        return known

    def elided(self, text: str, width: float) -> str:
        """Return the text, its end replaced by an ellipsis if it is wider than `width` pixels."""
        if self.width(text) <= width:
            return text
        return self.measure.elidedText(text, Qt.TextElideMode.ElideRight, width)


@dataclass(frozen=True)
class Fonts:
    """The fonts of a card."""

    family: str
    title: Type
    kind: Type
    label: Type
    value: Type
    code: Type


_own = threading.local()


def _fonts(family: str) -> Fonts:
    def made(pixels: int, weight: QFont.Weight = QFont.Weight.Normal, name: str = family) -> Type:
        font = QFont(name)
        font.setPixelSize(pixels)
        font.setWeight(weight)
        if name != family:
            font.setStyleHint(QFont.StyleHint.Monospace)
        return Type(font, QFontMetricsF(font))

    return Fonts(
        family,
        made(13, QFont.Weight.DemiBold),
        made(10),
        made(11),
        made(11, QFont.Weight.Medium),
        made(10, name="monospace"),
    )


def fonts() -> Fonts:
    """Return the fonts of a card, from the program's font.

    Each thread has its own: small pictures are painted beside the window, and what Qt has found out about a font is no
    thing to be shared between threads.
    """
    family = current.family or QApplication.font().family()
    known: tuple[str, Fonts] | None = getattr(_own, "fonts", None)
    if known is None or known[0] != family:
        known = _own.fonts = family, _fonts(family)
    return known[1]


@cache
def port_shape(port_type: str, radius: float) -> QPainterPath:
    """Return the outline of a port around (0, 0): each family of types has its own, so that colour is not all."""
    path = QPainterPath()
    shape = _SHAPES.get(port_type, "circle")
    if shape == "square":
        side = radius * 0.9
        path.addRoundedRect(QRectF(-side, -side, 2 * side, 2 * side), 2, 2)
    elif shape in ("diamond", "hexagon", "pentagon"):
        corners, turn = {"diamond": (4, 0.0), "hexagon": (6, 0.0), "pentagon": (5, -math.pi / 2)}[shape]
        angles = [turn + 2 * math.pi * k / corners for k in range(corners)]
        size = radius * 1.16
        path.addPolygon(QPolygonF([QPointF(size * math.cos(a), size * math.sin(a)) for a in angles]))
        path.closeSubpath()
    else:
        path.addEllipse(QPointF(0, 0), radius, radius)
        if shape == "ring":
            path.addEllipse(QPointF(0, 0), radius * 0.34, radius * 0.34)
    return path


def curve(start: QPointF, end: QPointF) -> QPainterPath:
    """Return the curve of a wire from an output to an input; it leaves to the right and comes in from the left."""
    left, top, right, bottom = start.x(), start.y(), end.x(), end.y()
    across, down = right - left, bottom - top
    if across > 0:
        reach = max(min(36.0, abs(down)), across * 0.5)
    else:
        reach = max(70.0, min(260.0, -across * 0.6 + abs(down) * 0.25))
    path = QPainterPath(start)
    path.cubicTo(left + reach, top, right - reach, bottom, right, bottom)
    return path


def curve_by(start: QPointF, points: Sequence[QPointF], end: QPointF) -> QPainterPath:
    """Return a smooth curve from an output to an input by way of points: it passes each as its neighbours lie."""
    way = [start, *points, end]
    first, last = (way[1] - start).manhattanLength(), (end - way[-2]).manhattanLength()
    slopes = [QPointF(min(160.0, first), 0)]
    slopes += [(after - before) / 2 for before, after in zip(way, way[2:], strict=False)]
    slopes.append(QPointF(min(160.0, last), 0))
    path = QPainterPath(start)
    for number, (here, there) in enumerate(pairwise(way)):
        far = math.hypot(there.x() - here.x(), there.y() - here.y())
        out, into = (_no_longer(slopes[n], 1.5 * far) / 3 for n in (number, number + 1))
        path.cubicTo(here + out, there - into, there)
    return path


def _no_longer(slope: QPointF, most: float) -> QPointF:
    """Return a slope that is at most so long: a short way after a long one must not swing out."""
    length = math.hypot(slope.x(), slope.y())
    return slope * (most / length) if length > most else slope


def return_curve(start: QPointF, end: QPointF, below: float) -> QPainterPath:
    """Return the way of a feedback wire: out to the right, back underneath at the height `below`, in from the left."""
    out, corner = 26.0, 14.0
    right, left = start.x() + out, end.x() - out
    path = QPainterPath(start)
    path.cubicTo(start + QPointF(out * 0.7, 0), QPointF(right, start.y()), QPointF(right, start.y() + corner))
    path.lineTo(right, below - corner)
    path.quadTo(QPointF(right, below), QPointF(right - corner, below))
    path.lineTo(left + corner, below)
    path.quadTo(QPointF(left, below), QPointF(left, below - corner))
    path.lineTo(left, end.y() + corner)
    path.cubicTo(QPointF(left, end.y()), end - QPointF(out * 0.7, 0), end)
    return path
