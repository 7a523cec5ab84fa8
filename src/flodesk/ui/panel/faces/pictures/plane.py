"""A picture laid over two axes: which pixel is where, and what is written about it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QPoint, QPointF, QRect

from flodesk.indicators.pictures import Fall, Heat, Raster
from flodesk.ui.panel.figures import with_unit


@dataclass(frozen=True, slots=True)
class Axis:
    """One axis: what it says at the picture's two edges, left and right or top and bottom."""

    start: float
    stop: float
    label: str = ""
    unit: str = ""

    def at(self, share: float) -> float:
        """Return what it says at a share of the picture's length, 0 to 1."""
        return self.start + share * (self.stop - self.start)

    def share(self, value: float) -> float:
        """Return where a value is."""
        return (value - self.start) / (self.stop - self.start)

    def text(self, value: float) -> str:
        """Write a value of it out."""
        return " ".join(filter(None, with_unit(value, self.unit, 4)))


@dataclass(frozen=True, slots=True)
class Plane:
    """Values as they lie on the screen, the first row the upper one; `fineness` are pixels of the whole for each."""

    values: Any
    x: Axis
    y: Axis
    fineness: int = 1

    @property
    def rows(self) -> int:
        """Number of rows."""
        return int(self.values.shape[0])

    @property
    def columns(self) -> int:
        """Number of columns."""
        return int(self.values.shape[1])

    def cell(self, across: float, down: float) -> tuple[int, int] | None:
        """Return row and column at shares of its size; None outside."""
        if not (0.0 <= across < 1.0 and 0.0 <= down < 1.0):
            return None
        return int(down * self.rows), int(across * self.columns)

    def place(self, share: QPointF) -> QPoint:
        """Return column and row at shares of its size, also beyond its edges."""
        return QPoint(math.floor(share.x() * self.columns), math.floor(share.y() * self.rows))

    def statistics(self, cells: QRect) -> tuple[float, float, float]:
        """Return mean, least and greatest value of some columns and rows; of colours, of their mean. NaN if none."""
        import numpy

        some = self.values[cells.top() : cells.bottom() + 1, cells.left() : cells.right() + 1]
        if some.ndim == 3:
            some = some[..., :3].mean(axis=2)
        finite = some[numpy.isfinite(some)]
        if not finite.size:
            return math.nan, math.nan, math.nan
        return float(finite.mean(dtype=float)), float(finite.min()), float(finite.max())


def plane_of(raster: Raster, newest: str = "top") -> Plane:
    """Lay a picture over its axes: an image from above, a heat map from below, a waterfall from its newest row on."""
    import numpy

    values = raster.values
    rows, columns = values.shape[:2]
    across = Axis(
        raster.x_start - raster.x_step / 2, raster.x_start + (columns - 0.5) * raster.x_step, raster.x_label,
        raster.x_unit,
    )  # fmt: skip
    up = Axis(raster.y_start - raster.y_step / 2, raster.y_start + (rows - 0.5) * raster.y_step, raster.y_label,
              raster.y_unit)  # fmt: skip
    fineness = max(1, round(raster.size[1] / columns)) if columns else 1
    if not isinstance(raster, Heat):
        return Plane(values, across, up, fineness)
    values = values[::-1]
    down = Axis(up.stop, up.start, up.label, up.unit)
    if isinstance(raster, Fall):
        missing = max(raster.room - rows, 0)
        if missing:
            empty = numpy.full((missing, columns), numpy.nan, numpy.float32)
            values = numpy.concatenate([values, empty])
        down = Axis(0.0, -(rows + missing) * raster.y_step, up.label, up.unit)
        if newest == "left":
            return Plane(values.T[::-1], down, Axis(across.stop, across.start, across.label, across.unit), fineness)
    return Plane(values, across, down, fineness)
