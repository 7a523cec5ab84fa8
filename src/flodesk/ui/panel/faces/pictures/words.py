"""What is written below a picture: the value at a place, the figures of a region."""

from __future__ import annotations

import math

from PySide6.QtCore import QPointF, QRect, QRectF

from flodesk.indicators.pictures import Raster
from flodesk.ui.panel.faces.pictures.frame import words_of
from flodesk.ui.panel.faces.pictures.plane import Plane
from flodesk.ui.panel.figures import with_unit


def usual_words(raster: Raster, plane: Plane, seen: QRectF, *, axes: bool) -> str:
    """Write what the horizontal axis is; of a picture without axes its size in pixels."""
    rows, columns = raster.size
    return words_of(plane.x, seen) if axes else f"{columns} × {rows}"


def value_words(raster: Raster, plane: Plane, share: QPointF, *, axes: bool) -> str:
    """Write the value at a place, given as shares of the picture's size; nothing outside.

    `axes` says that places are read off the axes; without them, and without a unit, they are pixels.
    """
    cell = plane.cell(share.x(), share.y())
    if cell is None:
        return ""
    value = plane.values[cell]
    places = ((plane.x, (cell[1] + 0.5) / plane.columns), (plane.y, (cell[0] + 0.5) / plane.rows))
    where = ", ".join(axis.text(axis.at(at)) for axis, at in places)
    if not axes and not plane.x.unit:
        where = f"{cell[1] * plane.fineness}, {cell[0] * plane.fineness}"
    if raster.colored:
        return f"{where}: " + " ".join(f"{part:g}" for part in value.tolist())
    number = float(value)
    return f"{where}: {_figure(number, raster)}" if math.isfinite(number) else f"{where}: no value"


def region_words(raster: Raster, plane: Plane, cells: QRect) -> str:
    """Write size, mean, least and greatest value of some columns and rows."""
    mean, low, high = plane.statistics(cells)
    size = f"{cells.width() * plane.fineness} × {cells.height() * plane.fineness}"
    if math.isnan(mean):
        return f"{size}: no value"
    return f"{size}: mean {_figure(mean, raster)}, min {_figure(low, raster)}, max {_figure(high, raster)}"


def _figure(value: float, raster: Raster) -> str:
    return " ".join(filter(None, with_unit(value, raster.unit, 4)))
