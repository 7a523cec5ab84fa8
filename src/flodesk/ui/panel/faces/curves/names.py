"""Names along an axis in place of numbers, as below bars: as many as there is room for, and none over another."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter

from flodesk.ui.panel.faces.curves.ticks import Ruler

GAP = 6.0
"""Pixels between two names at least."""
SHORT = 64.0
"""Pixels up to which a name is written whole: others are left out for it. Of a longer one the end is."""


def spaced(
    places: Sequence[float], texts: Sequence[str], measure: QFontMetricsF, ends: tuple[float, float]
) -> list[tuple[float, str]]:
    """Return the names that are written, and where each begins.

    Parameters
    ----------
    places : sequence of float
        Their middles in pixels, in order, the same distance apart.
    texts : sequence of str
        The names.
    ends : tuple of float
        Between which pixels there is room.
    """
    if not places:
        return []
    spacing = abs(places[1] - places[0]) if len(places) > 1 else math.inf
    widest = max(measure.horizontalAdvance(text) for text in texts)
    every = 1 if math.isinf(spacing) else max(1, math.ceil((min(widest, SHORT) + GAP) / max(spacing, 1e-3)))
    half = (every * spacing - GAP) / 2
    found = []
    for at, text in list(zip(places, texts, strict=True))[::every]:
        first, last = max(at - half, ends[0]), min(at + half, ends[1])
        told = measure.elidedText(text, Qt.TextElideMode.ElideRight, last - first)
        wide = measure.horizontalAdvance(told)
        if told == text or widest > SHORT:
            found.append((min(max(at - wide / 2, first), last - wide), told))
    return found


def paint_names(axis: Any, painter: QPainter, names: Sequence[tuple[float, str]]) -> None:
    """Paint the line of an axis below a plot, and names at its places; those at the ends stay within the axis."""
    ruler = Ruler(False, axis.size(), axis.range, axis.grid_area)
    if not ruler.length:
        return
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    painter.setPen(axis.pen())
    painter.drawLine(ruler.edge())
    painter.setFont(axis.style["tickFont"])
    painter.setPen(axis.textPen())
    measure = QFontMetricsF(painter.font(), painter.device())
    seen = [(at, text) for tick, text in names if (at := ruler.place(tick)) is not None]
    high, extent = 0.8 * measure.height(), axis.boundingRect()
    room, top = (extent.left(), extent.right()), axis.style["tickTextOffset"][1]
    for left, text in spaced([at for at, _ in seen], [text for _, text in seen], measure, room):
        painter.drawText(QRectF(left, top, measure.horizontalAdvance(text), high), ruler.flags, text)
    if seen and high > axis.textHeight:
        axis._updateMaxTextSize(high)


__all__ = ["paint_names", "spaced"]
