"""Curves over an axis."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, Self

from flodesk.indicators.base import Indicator
from flodesk.indicators.cutting import minmax
from flodesk.indicators.history import Kept
from flodesk.markers import Array


@dataclass(frozen=True, slots=True)
class Steps:
    """Numbers at equal distances, `count` of them from `start`: an array that is made when somebody reads all of it.

    Samples over time have such an axis; as an array it would take as long to make, and as much room, as the samples.
    """

    start: float
    step: float
    count: int

    def __len__(self) -> int:
        return self.count

    def __getitem__(self, index: Any) -> Any:
        import numpy

        some = isinstance(index, numpy.ndarray) and index.dtype.kind in "iu" and index.size > 0
        if some and index.min() >= 0 and index.max() < self.count:
            return self.start + self.step * index
        return numpy.asarray(self)[index]

    def __iter__(self) -> Iterator[Any]:
        import numpy

        return iter(numpy.asarray(self))

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> Array:
        """Give the numbers to NumPy."""
        import numpy

        values = self.start + self.step * numpy.arange(self.count)
        return values if dtype is None else values.astype(dtype)

    def tolist(self) -> list[float]:
        """Return the numbers."""
        import numpy

        return list(numpy.asarray(self).tolist())


@dataclass(frozen=True, slots=True)
class Trace:
    """One curve: `x` and `y` are 1-D arrays of one length; `x` may be `Steps`."""

    x: Array | Steps
    y: Array
    name: str = ""
    unit: str = ""

    def still(self, points: int | None = None) -> Trace:
        """Return it with arrays as arrays, and with so few points that look the same."""
        import numpy

        if isinstance(self.y, Kept):
            return Trace(*self.y.cut(points), self.name, self.unit)
        y = numpy.asarray(self.y)
        if points is not None and len(y) > points and y.dtype.kind in "biuf" and len(self.x) == len(y):
            index, y = minmax(y, points)
            x = self.x if isinstance(self.x, Steps) else numpy.asarray(self.x)
            return Trace(x[index], y, self.name, self.unit)
        return Trace(numpy.asarray(self.x), y, self.name, self.unit)


@dataclass(frozen=True, slots=True)
class Line(Indicator):
    """A plot of one or more traces over a common axis."""

    traces: tuple[Trace, ...] = ()
    x_label: str = ""
    x_unit: str = ""
    y_label: str = ""
    y_unit: str = ""

    def summary(self) -> str:
        """Say the number of points and the range of each trace."""
        parts = []
        for number, trace in enumerate(self.traces, 1):
            name = trace.name or f"trace {number}"
            if len(trace.y) == 0:
                parts.append(f"{name}: empty")
                continue
            low, high, unit = float(trace.y.min()), float(trace.y.max()), f" {trace.unit}" if trace.unit else ""
            parts.append(f"{name}: {len(trace.y)} points from {low:.4g} to {high:.4g}{unit}")
        return "; ".join(parts) or "no traces"

    def still(self, points: int | None = None) -> Self:
        """Return it with its curves cut down to so many points."""
        return self if points is None else replace(self, traces=tuple(trace.still(points) for trace in self.traces))

    def curve(self) -> Array | None:
        """Return the last curve."""
        return self.traces[-1].y if self.traces else None
