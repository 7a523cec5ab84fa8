"""Dots and bars."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Self

from flodesk.indicators.base import Indicator
from flodesk.indicators.curves import Line, Trace
from flodesk.markers import Array, Picture

MOST_DOTS = 5000
"""Dots above which a screen shows how dense they are rather than each of them."""
CELLS = (96, 64)
"""Cells across and up of that."""
MOST_BARS = 200
"""Bars above which neighbours are shown as one."""
MOST_BINS = 1000
"""The same of a histogram, whose bars need no names."""


@dataclass(frozen=True, slots=True)
class Scatter(Line):
    """Dots that no line joins.

    Attributes
    ----------
    density : Picture or None
        In place of more than `MOST_DOTS` dots: how many are in each cell, shape (rows, columns), the lowest row first.
    extent : tuple of float
        Left, right, lower and upper edge of `density`.
    """

    density: Picture | None = None
    extent: tuple[float, ...] = ()

    def still(self, points: int | None = None) -> Self:
        """Return all dots, or how dense they are where they are too many for a screen."""
        import numpy

        if points is None or self.density is not None:
            return self
        if sum(len(trace.y) for trace in self.traces) <= MOST_DOTS:
            return replace(self, traces=tuple(trace.still() for trace in self.traces))
        x = numpy.concatenate([numpy.asarray(trace.x, dtype=float) for trace in self.traces])
        y = numpy.concatenate([numpy.asarray(trace.y, dtype=float) for trace in self.traces])
        good = numpy.isfinite(x) & numpy.isfinite(y)
        if not good.any():
            return replace(self, traces=())
        counts, across, up = numpy.histogram2d(x[good], y[good], CELLS)
        extent = tuple(float(edge) for edge in (across[0], across[-1], up[0], up[-1]))
        return replace(self, traces=(), density=counts.T.copy(), extent=extent)

    def summary(self) -> str:
        """Say how many dots there are, and where."""
        if self.density is not None:
            return f"{int(self.density.sum())} dots"
        return Line.summary(self).replace(" points ", " dots ")


@dataclass(frozen=True, slots=True)
class Bars(Indicator):
    """Bars side by side, or a histogram.

    Attributes
    ----------
    heights : tuple of Array
        A row of bars each, all of one length.
    labels : tuple of str
        What each place along the axis is; numbers from 1 where it is empty.
    names : tuple of str
        What each row is.
    edges : Array or None
        Of a histogram: where each bar begins, and the last one ends; in `x_unit`.
    note : str
        What else is to be said, as how many values are outside.
    """

    heights: tuple[Array, ...] = ()
    labels: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    edges: Array | None = None
    x_label: str = ""
    x_unit: str = ""
    y_label: str = ""
    y_unit: str = ""
    note: str = ""

    def summary(self) -> str:
        """Say how many bars there are, and which is the highest."""
        import numpy

        if not self.heights or not len(self.heights[0]):
            return "no bars"
        rows = numpy.asarray(self.heights, dtype=float)
        if not numpy.isfinite(rows).any():
            return f"{rows.shape[1]} bars without a height"
        row, best = divmod(int(numpy.nanargmax(rows)), rows.shape[1])
        unit = f" {self.y_unit}" if self.y_unit else ""
        named = f" of {self.names[row]}" if row < len(self.names) and self.names[row] else ""
        top = f"{rows[row, best]:.4g}{unit} at {self.place(best)}"
        return f"{rows.shape[1]} bars, the highest{named} {top}" + (f"; {self.note}" if self.note else "")

    def place(self, number: int) -> str:
        """Say where the bar with this number from 0 stands."""
        if self.edges is not None:
            low, high = float(self.edges[number]), float(self.edges[number + 1])
            return f"{low:.4g} to {high:.4g} {self.x_unit}".rstrip()
        return self.labels[number] if number < len(self.labels) else str(number + 1)

    def still(self, points: int | None = None) -> Self:
        """Return it with no more bars than a screen shows: of neighbours the highest, of a histogram their sum."""
        import numpy

        rows = numpy.atleast_2d(numpy.asarray(self.heights, dtype=float)) if self.heights else numpy.zeros((0, 0))
        most = MOST_BARS if self.edges is None else MOST_BINS
        if points is None or rows.shape[1] <= most:
            return replace(self, heights=tuple(rows)) if points is not None else self
        size = -(-rows.shape[1] // most)
        starts = numpy.arange(0, rows.shape[1], size)
        join: Any = numpy.maximum if self.edges is None else numpy.add
        edges = None if self.edges is None else numpy.append(numpy.asarray(self.edges)[starts], self.edges[-1])
        labels = tuple(self.place(int(start)) for start in starts) if self.edges is None else ()
        return replace(self, heights=tuple(join.reduceat(rows, starts, axis=1)), edges=edges, labels=labels)

    def line(self) -> Line:
        """Return the tops of the bars as curves over their middles, for whatever reads values."""
        import numpy

        count = len(self.heights[0]) if self.heights else 0
        edges = None if self.edges is None else numpy.asarray(self.edges, dtype=float)
        middles = numpy.arange(1.0, count + 1) if edges is None else 0.5 * (edges[:-1] + edges[1:])
        names = (*self.names, *[""] * len(self.heights))
        traces = tuple(Trace(middles, row, names[n]) for n, row in enumerate(self.heights))
        return Line(self.title, traces, self.x_label, self.x_unit, self.y_label, self.y_unit)

    def curve(self) -> Array | None:
        """Return the heights of the first row."""
        return self.heights[0] if self.heights else None
