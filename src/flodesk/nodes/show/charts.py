"""Dots, bars and histograms."""

from __future__ import annotations

import math
from typing import Annotated, Any

from flodesk.nodes._numbers import numbers
from flodesk.nodes.show.curves import points
from flodesk.public import Array, Bars, Quantity, Range, Scatter, node

FINE = 32
"""Bins that are counted for each that is shown, where the values decide how far they reach."""

__all__ = ["Histogram", "bars", "scatter"]


@node(title="Scatter plot", tags=("plot", "dots", "points", "correlation", "cloud"))
def scatter(
    x: Array,
    *ys: Array,
    title: str = "",
    names: str = "",
    x_label: str = "",
    x_unit: str = "",
    y_label: str = "",
    y_unit: str = "",
) -> Scatter:
    """Show one or more arrays over another as dots; more than 5000 as a picture of how dense they are.

    Parameters
    ----------
    x : Array
        Where each dot is on the horizontal axis, shape (n,).
    *ys : Array
        How high each dot is, each of shape (n,).
    title : str
        Title of the plot; empty for the node's name.
    names : str
        Names of the rows of dots in order, with commas between.
    x_label, y_label : str
        What the axes are.
    x_unit, y_unit : str
        Units of the axes.

    Returns
    -------
    Scatter
        The plot.

    Raises
    ------
    ValueError
        Lengths differ, or a value is no array of numbers with one axis.

    Examples
    --------
    >>> show.scatter([0.0, 1.0, 2.0], [0.1, 0.9, 2.2], names="mass").summary()
    'mass: 3 dots from 0.1 to 2.2'
    """
    return Scatter(title, points(x, ys, names, y_unit), x_label, x_unit, y_label, y_unit)


@node(title="Bar chart", tags=("plot", "columns", "compare"))
def bars(
    *heights: Array,
    title: str = "",
    labels: str = "",
    names: str = "",
    x_label: str = "",
    y_label: str = "",
    y_unit: str = "",
) -> Bars:
    """Show numbers as bars side by side.

    Parameters
    ----------
    *heights : Array
        A row of bars each, all of shape (n,), in the unit given below.
    title : str
        Title of the chart; empty for the node's name.
    labels : str
        What stands below the bars in order, with commas between; empty for 1, 2, 3.
    names : str
        Names of the rows in order, with commas between.
    x_label, y_label : str
        What the axes are.
    y_unit : str
        Unit of the heights.

    Returns
    -------
    Bars
        The chart.

    Raises
    ------
    TypeError, ValueError
        A value is no row of numbers, or lengths differ.

    Examples
    --------
    >>> show.bars([3, 5, 2], labels="red, green, blue").summary()
    '3 bars, the highest 5 at green'
    """
    rows: list[Any] = []
    for position, given in enumerate(heights, 1):
        row = numbers(given, f"row {position}")
        row = row.reshape(1) if row.ndim == 0 else row
        if row.ndim != 1:
            raise ValueError(f"row {position} has the shape {row.shape}: it must have one axis")
        if rows and len(row) != len(rows[0]):
            raise ValueError(f"row 1 has {len(rows[0])} bars and row {position} has {len(row)}: they must agree")
        rows.append(row)
    return Bars(title, tuple(rows), _split(labels), _split(names), None, x_label, "", y_label, y_unit)


def _split(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",")) if text.strip() else ()


@node(tags=("distribution", "bins", "statistics", "chart"))
class Histogram:
    """Count where the values of a stream fall, over the whole run or the last ones.

    Without limits the bins follow the values, however far these reach, and nothing is lost, however long it runs.

    Parameters
    ----------
    bins : int
        Number of bins; an even one.
    lower, upper : float, optional
        Ends of the first and the last bin, in the unit of the values; None to follow the values.
    last : int
        How many of the last values count; 0 for all of the run.
    title : str
        Title of the chart; empty for the node's name.
    x_label : str
        What the values are.
    unit : str
        Unit of the values.

    Raises
    ------
    ValueError
        The number of bins is odd or below 2, the ends are swapped, or only one is given.

    Examples
    --------
    >>> count = show.Histogram(bins=4, lower=0.0, upper=4.0)
    >>> count([0.5, 1.5, 1.6, 9.0]).note
    '3 values, 1 outside'
    """

    def __init__(
        self,
        bins: Annotated[int, Range(2)] = 30,
        lower: float | None = None,
        upper: float | None = None,
        last: Annotated[int, Range(0)] = 0,
        title: str = "",
        x_label: str = "",
        unit: str = "",
    ) -> None:
        if bins < 2 or bins % 2:
            raise ValueError(f"{bins} bins cannot be joined in pairs: set bins to an even number of 2 or more")
        if (lower is None) != (upper is None):
            raise ValueError("one end of the bins is given and the other is not: give both, or none")
        if lower is not None and upper is not None and not lower < upper:
            raise ValueError(f"the lower end {lower:g} is not below the upper one {upper:g}: swap them")
        self._bins, self._last = bins, max(0, last)
        self._fixed = lower is not None
        self._ends = (lower, upper) if lower is not None and upper is not None else None
        self._looks = (title, x_label, unit)
        self._counts: Any = None
        self._edges: Any = None
        self._fine = bins
        self._recent: Any = None
        self._seen = self._outside = self._gaps = 0
        if self._ends is not None:
            self._begin(*self._ends)

    def __call__(self, values: Quantity) -> Bars:
        """Take in more values.

        Parameters
        ----------
        values : float, Array or Waveform
            One or many, in any unit and of any shape; what is not finite is left out.

        Returns
        -------
        Bars
            The histogram.

        Raises
        ------
        TypeError
            The values are no numbers.
        """
        import numpy

        given = numbers(values, "values").ravel()
        good = given[numpy.isfinite(given)]
        self._gaps += len(given) - len(good)
        if self._last:
            self._count_recent(good)
        elif len(good):
            self._seen += len(good)
            self._count(good)
        title, label, unit = self._looks
        counts, edges = self._shown() if self._counts is not None else (numpy.zeros(0), numpy.zeros(1))
        return Bars(title, (counts,), (), (), edges, label, unit, "Count", "", self._note())

    def _shown(self) -> tuple[Any, Any]:
        """Return the bins: the given ones, or as many as there are to be over the fine ones that hold something."""
        import numpy

        held = numpy.flatnonzero(self._counts)
        if self._fixed or not len(held):
            return self._counts.copy(), self._edges
        first = int(held[0])
        size = -(-(int(held[-1]) + 1 - first) // self._bins)
        counts = numpy.zeros(size * self._bins)
        part = self._counts[first : first + len(counts)]
        counts[: len(part)] = part
        width = float(self._edges[1] - self._edges[0])
        edges = float(self._edges[first]) + width * size * numpy.arange(self._bins + 1)
        return counts.reshape(self._bins, size).sum(axis=1), edges

    def _note(self) -> str:
        inside = self._seen - self._outside
        said = [f"{inside} value" + ("s" if inside != 1 else "")]
        said += [f"{self._outside} outside"] if self._outside else []
        said += [f"{self._gaps} not finite"] if self._gaps else []
        return ", ".join(said)

    def _begin(self, lower: float, upper: float) -> None:
        import numpy

        self._fine = self._bins if self._fixed else self._bins * FINE
        self._edges = numpy.linspace(lower, upper, self._fine + 1)
        self._counts = numpy.zeros(self._fine)

    def _count(self, good: Any) -> None:
        """Count values, after the bins were made wide enough for them where they may be."""
        import numpy

        if self._edges is None:
            low, high = float(good.min()), float(good.max())
            room = (high - low) or max(abs(low), 1.0) * 0.1
            self._begin(low if high > low else low - room, high if high > low else high + room)
        if not self._fixed:
            self._reach(float(good.min()), float(good.max()))
        edges = self._edges
        inside = good[(good >= edges[0]) & (good <= edges[-1])]
        self._outside += len(good) - len(inside)
        bins = numpy.minimum(numpy.searchsorted(edges, inside, side="right") - 1, self._fine - 1)
        self._counts += numpy.bincount(bins, minlength=self._fine)

    def _reach(self, low: float, high: float) -> None:
        """Join bins in pairs until all values are within."""
        import numpy

        while low < self._edges[0] or high > self._edges[-1]:
            first, last = float(self._edges[0]), float(self._edges[-1])
            width = last - first
            if not math.isfinite(2.0 * width):
                return
            joined, empty = self._counts.reshape(-1, 2).sum(axis=1), numpy.zeros(self._fine // 2)
            below = low < first
            self._counts = numpy.concatenate([empty, joined] if below else [joined, empty])
            ends = (first - width, last) if below else (first, last + width)
            self._edges = numpy.linspace(*ends, self._fine + 1)

    def _count_recent(self, good: Any) -> None:
        """Count the last values anew."""
        import numpy

        before = self._recent if self._recent is not None else numpy.zeros(0)
        self._recent = recent = numpy.concatenate([before, good])[-self._last :]
        self._seen, self._outside = len(recent), 0
        if self._fixed:
            self._counts[:] = 0
        else:
            self._edges = None
        if len(recent):
            self._count(recent)
