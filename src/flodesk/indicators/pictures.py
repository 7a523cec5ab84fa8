"""Pictures: numbers or colours in rows and columns, with what stands at their edges."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Any, Self

from flodesk.indicators.base import Indicator
from flodesk.markers import Array

LARGEST = 1 << 20
"""Bytes of a picture that a screen is given: 1024 × 1024 of 8 bits, 512 × 512 of numbers."""
COLORS = ("grey", "viridis", "inferno", "turbo", "ice and fire")
"""The names of the colour maps."""


@dataclass(frozen=True, slots=True)
class Raster(Indicator):
    """Base of what has rows and columns; `values` has the shape (rows, columns), or a third axis of 3 or 4 colours.

    Attributes
    ----------
    x_start, x_step, y_start, y_step : float
        Where the middle of the first column and row is, and how far it is from one to the next.
    low, high : float or None
        The values that the first and the last colour stand for; None for the least and the greatest that there are.
    found : tuple of float
        The least and the greatest value of the whole, where only a part was sent; empty otherwise.
    whole : tuple of int
        Rows and columns of the whole, where only a part was sent; empty otherwise.
    """

    values: Array = None
    x_start: float = 0.0
    x_step: float = 1.0
    y_start: float = 0.0
    y_step: float = 1.0
    x_label: str = ""
    x_unit: str = ""
    y_label: str = ""
    y_unit: str = ""
    unit: str = ""
    low: float | None = None
    high: float | None = None
    found: tuple[float, ...] = ()
    whole: tuple[int, ...] = ()

    @property
    def colored(self) -> bool:
        """Whether it says its colours itself."""
        return getattr(self.values, "ndim", 2) == 3

    @property
    def size(self) -> tuple[int, int]:
        """Rows and columns of the whole."""
        rows, columns = self.whole or (self.values.shape[:2] if self.values is not None else (0, 0))
        return int(rows), int(columns)

    def extremes(self) -> tuple[float, float]:
        """Return the least and the greatest finite value; NaN where there is none."""
        return (self.found[0], self.found[1]) if self.found else extremes(self.values)

    def levels(self) -> tuple[float, float]:
        """Return the values that the first and the last colour stand for."""
        if self.low is not None and self.high is not None:
            return self.low, self.high
        kind = getattr(self.values, "dtype", None)
        low, high = (0.0, 255.0) if kind == "uint8" else (0.0, 1.0) if kind == "bool" else self.extremes()
        if not math.isfinite(low):
            low, high = 0.0, 1.0
        return self.low if self.low is not None else low, self.high if self.high is not None else high

    def summary(self) -> str:
        """Say the size, and the range of the values."""
        rows, columns = self.size
        if self.values is None or not rows * columns:
            return "no picture"
        if self.colored:
            return f"{columns} × {rows} colours"
        low, high = self.extremes()
        span = f" from {low:.4g} to {high:.4g} {self.unit}".rstrip() if math.isfinite(low) else " without a number"
        return f"{columns} × {rows} values{span}"

    def still(self, points: int | None = None) -> Self:
        """Return a copy, with so few rows and columns as a screen has."""
        import numpy

        if self.values is None:
            return self
        values = numpy.asarray(self.values)
        if points is None:
            return replace(self, values=values.copy())
        rows, columns = values.shape[:2]
        if not values.size:
            return replace(self, values=values.astype(numpy.float32))
        narrow = values.dtype.itemsize > 4 or values.dtype.kind == "c"
        size = values.nbytes * 4 / values.dtype.itemsize if narrow else values.nbytes
        step = max(1, math.ceil(math.sqrt(size / LARGEST)))
        found = () if self.colored or self.found or values.dtype == "uint8" else extremes(values)
        part = self._fewer(values, step)
        return replace(
            self,
            values=numpy.ascontiguousarray(part, dtype=numpy.float32 if narrow else None),
            x_start=self.x_start + (step - 1) / 2 * self.x_step,
            x_step=self.x_step * step,
            y_start=self.y_start + (step - 1) / 2 * self.y_step,
            y_step=self.y_step * step,
            found=self.found or found,
            whole=self.whole or (int(rows), int(columns)),
        )

    @staticmethod
    def _fewer(values: Any, step: int) -> Any:
        return values[::step, ::step]


@dataclass(frozen=True, slots=True)
class Image(Raster):
    """A picture of a camera or a file: its first row is the upper one."""


@dataclass(frozen=True, slots=True)
class Heat(Raster):
    """Values over two axes, as colours: the first row is the lower one. Of many the greatest ones are shown."""

    @staticmethod
    def _fewer(values: Any, step: int) -> Any:
        import numpy

        if step == 1:
            return values
        # no narrow peak gets lost
        rows, columns = (numpy.arange(0, size, step) for size in values.shape[:2])
        return numpy.maximum.reduceat(numpy.maximum.reduceat(values, columns, axis=1), rows, axis=0)


@dataclass(frozen=True, slots=True)
class Fall(Heat):
    """Rows that came one after the other, the newest last; `room` is how many are kept."""

    room: int = 0

    def still(self, points: int | None = None) -> Self:
        """Return a copy, with so few rows and columns as a screen has."""
        made = Raster.still(self, points)
        step = round(made.y_step / self.y_step)
        return replace(made, room=-(-self.room // step)) if step > 1 else made

    def summary(self) -> str:
        """Say how many rows there are, and the range of the values."""
        return Raster.summary(self)


def extremes(values: Array) -> tuple[float, float]:
    """Return the least and the greatest finite number of an array; NaN where there is none."""
    import numpy

    if values is None or not values.size:
        return math.nan, math.nan
    low, high = float(values.min()), float(values.max())
    if not (math.isfinite(low) and math.isfinite(high)):
        finite = values[numpy.isfinite(values)]
        if not finite.size:
            return math.nan, math.nan
        low, high = float(finite.min()), float(finite.max())
    return low, high
