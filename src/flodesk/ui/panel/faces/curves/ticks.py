"""Ticks of an axis: where they are, what is written at them, and how both are painted."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from PySide6.QtCore import QLineF, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from flodesk.ui.panel.figures import exponent_of, prefix

ROOM = 130
"""Pixels of a decade above which there are numbers within it."""
KEPT = 500
"""Numbers whose sizes are remembered."""


@dataclass(slots=True)
class Ruler:
    """Where on an axis of some pixels the numbers of a range are.

    Parameters
    ----------
    upright : bool
        Whether it is at the left of its plot; else it is below.
    size : QSizeF
        Of the axis, in pixels.
    range : tuple of float
        What its ends stand for.
    grid : QRectF
        The plot, seen from the axis.
    """

    upright: bool
    size: QSizeF
    range: tuple[float, float]
    grid: QRectF
    length: float = field(init=False)
    """Pixels from end to end."""
    flags: int = field(init=False)
    """How a number stands in its area."""
    _scale: float = field(init=False)
    _offset: float = field(init=False)
    _ends: tuple[float, float] = field(init=False)

    def __post_init__(self) -> None:
        pixels = self.size.height() if self.upright else self.size.width()
        (low, high), way = self.range, -1.0 if self.upright else 1.0
        self._scale = way * pixels / (high - low) if high != low else 1.0
        self._offset = low * self._scale - (pixels if self.upright else 0.0)
        first, last = sorted(end * self._scale - self._offset for end in (low, high))
        self._ends = (first, last)
        self.length = pixels + 2.0 if pixels > 0.0 else 0.0
        side = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        below = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop
        self.flags = int(((side if self.upright else below) | Qt.TextFlag.TextDontClip).value)

    def place(self, tick: float) -> float | None:
        """Return the pixel of a number; None beyond the ends."""
        at = tick * self._scale - self._offset
        return at if self._ends[0] <= at <= self._ends[1] else None

    def edge(self) -> QLineF:
        """Return the line along the axis."""
        if self.upright:
            return QLineF(self.size.width() - 1.0, -1.0, self.size.width() - 1.0, self.size.height() + 1.0)
        return QLineF(-1.0, 1.0, self.size.width() + 1.0, 1.0)

    def line(self, at: float) -> QLineF:
        """Return the line of the grid at a pixel."""
        if self.upright:
            return QLineF(self.grid.right(), at, self.size.width(), at)
        return QLineF(at, self.grid.top(), at, 0.0)

    def area(self, at: float, size: QSizeF, offset: float) -> QRectF:
        """Return where a number of some size is written that stands at a pixel."""
        wide, high = size.width(), size.height()
        if self.upright:
            return QRectF(self.size.width() - offset - wide, at - high / 2, wide, high)
        return QRectF(at - wide / 2, offset, wide, high)


def _meets(tick: float, spacing: float, finer: float) -> bool:
    """Say whether a tick of a finer level is one of those that lie `spacing` apart."""
    return abs(tick - round(tick / spacing) * spacing) < 0.01 * finer


def levels_of(low: float, high: float, spacings: Iterable[tuple[float, float]]) -> list[tuple[float, list[float]]]:
    """Return the ticks of each level, coarsest first, each with its spacing; a tick is of one level alone.

    Parameters
    ----------
    spacings : iterable of (float, float)
        How far apart the ticks of a level are, and where one of them is.
    """
    levels: list[tuple[float, list[float]]] = []
    for spacing, offset in spacings:
        first, last = math.ceil((low - offset) / spacing), math.floor((high - offset) / spacing)
        ticks = (number * spacing + offset for number in range(first, last + 1))
        levels.append((spacing, [tick for tick in ticks if not any(_meets(tick, one, spacing) for one, _ in levels)]))
    return levels


def decade_strings(values: Sequence[float], ends: Sequence[float], pixels: float) -> list[str]:
    """Return numbers of an axis of decades as they are said (10, 100, 1k), some between if there is room.

    Parameters
    ----------
    values, ends
        Logarithms: of the numbers, and of the ends of the axis.
    pixels : float
        Width of the axis.
    """
    decades = max(abs(ends[1] - ends[0]), 1e-9)
    told = "125" if pixels / decades > ROOM else "1"
    places = [float(f"{10.0**value:.3g}") for value in values]
    texts = [f"{place / 10.0 ** exponent_of(place):g}{prefix(exponent_of(place))}" for place in places]
    return [text if f"{place:e}"[0] in told else "" for text, place in zip(texts, places, strict=True)]


def paint_ticks(axis: Any, painter: QPainter) -> None:
    """Paint the line of an axis, its grid and its numbers.

    pyqtgraph can do so in any style, and takes three to four times as long.
    """
    extent = axis.boundingRect()
    painter.setClipRect(extent.toAlignedRect(), Qt.ClipOperation.IntersectClip)
    ruler = Ruler(axis.orientation == "left", axis.size(), axis.range, axis.grid_area)
    if not ruler.length:
        return
    low, high = axis.range
    levels = axis.tickValues(low, high, ruler.length)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    painter.setPen(axis.pen())
    painter.drawLine(ruler.edge())
    for number, (_, ticks) in enumerate(levels):
        crowd = min(0.05 * ruler.length / (len(ticks) + 1), 1.0)
        pen = QPen(axis.tickPen())
        pen.setColor(
            _mixed(axis.getViewWidget().backgroundBrush().color(), pen.color(), axis.grid / (number + 1) * crowd)
        )
        painter.setPen(pen)
        painter.drawLines([ruler.line(at) for at in map(ruler.place, ticks) if at is not None])
    painter.setFont(axis.style["tickFont"])
    painter.setPen(axis.textPen())
    for area, text in _texts(axis, painter, ruler, levels[: axis.style["maxTextLevel"] + 1]):
        if extent.intersected(area) == area:
            painter.drawText(area, ruler.flags, text)


def _mixed(ground: QColor, ink: QColor, strength: float) -> QColor:
    """Return how thin ink looks on a ground, 0 to 255. Lines that let the ground through take five times as long."""
    part = strength / 255.0
    return QColor.fromRgbF(
        ground.redF() + part * (ink.redF() - ground.redF()),
        ground.greenF() + part * (ink.greenF() - ground.greenF()),
        ground.blueF() + part * (ink.blueF() - ground.blueF()),
    )


def _texts(
    axis: Any, painter: QPainter, ruler: Ruler, levels: list[tuple[float, list[float]]]
) -> list[tuple[QRectF, str]]:
    """Return the numbers at the ticks and where they are written: of finer levels while there is room."""
    found: list[tuple[QRectF, str]] = []
    along = across = room = 0.0
    for number, (spacing, ticks) in enumerate(levels):
        told = axis.tickStrings(ticks, axis.autoSIPrefixScale * axis.scale, spacing)
        pairs = [(at, text) for tick, text in zip(ticks, told, strict=True) if (at := ruler.place(tick)) is not None]
        sizes = [_size_of(axis.sizes, painter, text) for _, text in pairs]
        along += sum(size.height() if ruler.upright else size.width() for size in sizes)
        across = max([across, *(size.width() if ruler.upright else size.height() for size in sizes)])
        limits = axis.style["textFillLimits"]
        if number and any(len(found) >= count and along >= most * ruler.length for count, most in limits):
            break
        room = across if told else room
        offset = axis.style["tickTextOffset"][not ruler.upright]
        found += [(ruler.area(at, size, offset), text) for (at, text), size in zip(pairs, sizes, strict=True)]
    if room > (axis.textWidth if ruler.upright else axis.textHeight):
        axis._updateMaxTextSize(room)
    return found


def _size_of(sizes: dict[str, QSizeF], painter: QPainter, text: str) -> QSizeF:
    """Return the room that a number takes."""
    if text not in sizes:
        if len(sizes) > KEPT:
            sizes.clear()
        area = painter.boundingRect(QRectF(0, 0, 100, 100), Qt.AlignmentFlag.AlignCenter, text)
        sizes[text] = QSizeF(area.width(), 0.8 * area.height())
    return sizes[text]
