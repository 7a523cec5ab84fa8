"""What is seen in three dimensions: a surface over two axes, and dots in space."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Any, Self

from flodesk.indicators.base import Indicator
from flodesk.indicators.pictures import Heat, extremes
from flodesk.markers import Array

MOST_CELLS = 64
"""Rows and columns of cells of a surface that a screen is given."""
MOST_DOTS_3D = 3000
"""Dots in space that a screen is given."""


@dataclass(frozen=True, slots=True)
class Surface(Heat):
    """Values over two axes, as heights and as colours; `z_label` is what the values are."""

    z_label: str = ""

    def still(self, points: int | None = None) -> Self:
        """Return a copy, of many values with the one of each neighbourhood that stands out most."""
        import numpy

        if self.values is None or points is None:
            return Heat.still(self, points)
        values = numpy.asarray(self.values)
        rows, columns = values.shape
        step = max(1, -(-(max(rows, columns) - 1) // MOST_CELLS))
        found = self.found or (extremes(values) if step > 1 else ())
        return replace(
            self,
            values=coarse(values, step),
            x_start=self.x_start + (step - 1) / 2 * self.x_step,
            x_step=self.x_step * step,
            y_start=self.y_start + (step - 1) / 2 * self.y_step,
            y_step=self.y_step * step,
            found=found,
            whole=self.whole or (int(rows), int(columns)),
        )


def coarse(values: Array, step: int) -> Array:
    """Return of each `step` × `step` values the one farthest from their mean: no peak and no hole gets lost.

    Shape (rows, columns) → (rows / step, columns / step), rounded up; what is no number counts only where all are none.
    """
    import numpy

    numbers = numpy.asarray(values, dtype=numpy.float32)
    if step == 1:
        return numpy.ascontiguousarray(numbers)
    rows, columns = (-(-size // step) * step for size in numbers.shape)
    full = numpy.full((rows, columns), numpy.nan, dtype=numpy.float32)
    full[: numbers.shape[0], : numbers.shape[1]] = numbers
    blocks = full.reshape(rows // step, step, columns // step, step).swapaxes(1, 2).reshape(rows // step, -1, step**2)
    there = numpy.isfinite(blocks)
    count = there.sum(axis=2)
    mean = numpy.where(there, blocks, 0).sum(axis=2) / numpy.maximum(count, 1)
    far = numpy.where(there, numpy.abs(blocks - mean[:, :, None]), -1.0)
    picked = numpy.take_along_axis(blocks, far.argmax(axis=2)[:, :, None], axis=2)[:, :, 0]
    return numpy.where(count > 0, picked, numpy.float32(numpy.nan))


@dataclass(frozen=True, slots=True)
class Scatter3D(Indicator):
    """Dots in space.

    Attributes
    ----------
    x, y, z : Array
        Where each dot is, each of shape (n,).
    values : Array or None
        What the colour of each dot stands for, shape (n,); None for `z`.
    whole : int
        How many dots there are, where only some were sent; 0 otherwise.
    """

    x: Array = None
    y: Array = None
    z: Array = None
    values: Array | None = None
    x_label: str = ""
    x_unit: str = ""
    y_label: str = ""
    y_unit: str = ""
    z_label: str = ""
    z_unit: str = ""
    label: str = ""
    unit: str = ""
    low: float | None = None
    high: float | None = None
    whole: int = 0

    @property
    def colored(self) -> Array:
        """The numbers that the colours stand for."""
        return self.z if self.values is None else self.values

    def levels(self) -> tuple[float, float]:
        """Return the values that the first and the last colour stand for."""
        low, high = extremes(self.colored)
        if not math.isfinite(low):
            low, high = 0.0, 1.0
        return self.low if self.low is not None else low, self.high if self.high is not None else high

    def still(self, points: int | None = None) -> Self:
        """Return a copy, of many dots every n-th one."""
        import numpy

        if self.z is None:
            return self
        step = max(1, -(-len(self.z) // MOST_DOTS_3D)) if points is not None else 1
        taken: dict[str, Any] = {}
        for name in ("x", "y", "z", "values"):
            given = getattr(self, name)
            if given is not None:
                taken[name] = numpy.array(numpy.asarray(given)[::step], dtype=numpy.float64)
        return replace(self, **taken, whole=self.whole or (len(self.z) if step > 1 else 0))

    def summary(self) -> str:
        """Say how many dots there are."""
        return f"{self.whole or (len(self.z) if self.z is not None else 0)} dots"
