"""Figures that sum up many values."""

from __future__ import annotations

from collections import deque
from typing import Annotated, NamedTuple

from flodesk.nodes._numbers import numbers
from flodesk.public import Array, Quantity, Range, node

__all__ = ["Recent", "RunningMean", "describe", "histogram", "linear_fit"]


@node(tags=("moving average", "smooth"))
class RunningMean:
    """Average the last values of a stream.

    Parameters
    ----------
    window : int
        Number of values to average over; until so many have come, over those that have.

    Raises
    ------
    ValueError
        The window is below 1.
    """

    def __init__(self, window: Annotated[int, Range(1)] = 10) -> None:
        if window < 1:
            raise ValueError(f"a window of {window} values is empty: set it to 1 or more")
        self._values: deque[float] = deque(maxlen=window)

    def __call__(self, value: float) -> float:
        """Take in the next value.

        Parameters
        ----------
        value : float
            The value, in any unit.

        Returns
        -------
        float
            Mean of the last values, in the same unit as the value.
        """
        import math

        self._values.append(float(value))
        # summed anew each time: a running sum would keep the rounding errors, and one NaN, for ever
        return math.fsum(self._values) / len(self._values)


@node(tags=("history", "trend", "buffer", "last"))
class Recent:
    """Keep the last values of a stream of numbers, to draw them as a trend.

    Parameters
    ----------
    number : int
        Number of values to keep.

    Raises
    ------
    ValueError
        The number is below 1.
    """

    def __init__(self, number: Annotated[int, Range(1)] = 200) -> None:
        if number < 1:
            raise ValueError(f"{number} values cannot be kept: set number to 1 or more")
        self._rows: deque[tuple[float, ...]] = deque(maxlen=number)

    def __call__(self, *values: float) -> Array:
        """Take in the next value of each stream.

        Parameters
        ----------
        *values : float
            One number a stream, in any unit.

        Returns
        -------
        Array
            The last values, oldest first: shape (n,) for one stream, else (streams, n).

        Raises
        ------
        ValueError
            There is no value, or their number changes.
        """
        import numpy

        if not values or (self._rows and len(values) != len(self._rows[0])):
            before = f" where {len(self._rows[0])} came before" if self._rows else ""
            raise ValueError(f"{len(values)} values came{before}: wire one or more to it, and always the same")
        self._rows.append(tuple(float(value) for value in values))
        rows = numpy.array(self._rows).T
        return rows[0] if len(values) == 1 else rows


class Summary(NamedTuple):
    """What there is to say about some numbers.

    Attributes
    ----------
    number : int
        How many values are not NaN.
    mean, deviation, minimum, median, maximum : float
        In the unit of the values; the deviation is that of a sample (n - 1).
    """

    number: int
    mean: float
    deviation: float
    minimum: float
    median: float
    maximum: float


@node(tags=("mean", "standard deviation", "median", "minimum", "maximum"), pure=True)
def describe(values: Quantity) -> Summary:
    """Sum up numbers: how many, where, how far apart.

    Parameters
    ----------
    values : Array, Waveform or list
        Numbers in any unit, any shape; NaN are left out.

    Returns
    -------
    number : int
        How many values are not NaN.
    mean : float
        Mean, in the unit of the values.
    deviation : float
        Standard deviation of a sample (n - 1), in the unit of the values; NaN for a single value.
    minimum, median, maximum : float
        In the unit of the values.

    Raises
    ------
    ValueError
        There is no number among them.
    """
    import numpy

    array = numbers(values, "values").ravel()
    array = array[~numpy.isnan(array)]
    if array.size == 0:
        raise ValueError("there are no numbers to sum up")
    deviation = float(array.std(ddof=1)) if array.size > 1 else float("nan")
    return Summary(
        int(array.size),
        float(array.mean()),
        deviation,
        float(array.min()),
        float(numpy.median(array)),
        float(array.max()),
    )


class Histogram(NamedTuple):
    """How many values fall where.

    Attributes
    ----------
    centers : Array
        Middle of each bin, in the unit of the values, shape (bins,).
    counts : Array
        Number of values in each, shape (bins,).
    """

    centers: Array
    counts: Array


@node(tags=("distribution", "bins"), pure=True)
def histogram(
    values: Quantity, bins: Annotated[int, Range(1)] = 20, lower: float | None = None, upper: float | None = None
) -> Histogram:
    """Count how many values fall into each of some bins of one width.

    Parameters
    ----------
    values : Array, Waveform or list
        Numbers in any unit, any shape; NaN are left out.
    bins : int
        Number of bins.
    lower, upper : float, optional
        Ends of the first and the last bin, in the unit of the values; None for the smallest and largest value. Values
        outside are not counted; one at the upper end is in the last bin.

    Returns
    -------
    centers : Array
        Middle of each bin, in the unit of the values, shape (bins,).
    counts : Array
        Number of values in each bin, shape (bins,).

    Raises
    ------
    ValueError
        There is no number among the values, or the lower end is above the upper one.
    """
    import numpy

    array = numbers(values, "values").ravel()
    array = array[numpy.isfinite(array)]
    if array.size == 0 and (lower is None or upper is None):
        raise ValueError("there are no numbers to count: give some, or both ends of the bins")
    low, high = array.min() if lower is None else lower, array.max() if upper is None else upper
    if low > high:
        raise ValueError(f"the lower end {low:g} is above the upper one {high:g}: swap them")
    counts, edges = numpy.histogram(array, bins=bins, range=(low, high))
    return Histogram(0.5 * (edges[:-1] + edges[1:]), counts)


class Fit(NamedTuple):
    """A straight line through points.

    Attributes
    ----------
    slope : float
        In the unit of y over that of x.
    intercept : float
        Value at x = 0, in the unit of y.
    r_squared : float
        Share of the scatter of y that the line explains, from 0 to 1 (dimensionless).
    """

    slope: float
    intercept: float
    r_squared: float


@node(tags=("regression", "trend", "straight line", "calibration"), pure=True)
def linear_fit(x: Array, y: Array) -> Fit:
    """Lay a straight line through points by least squares.

    Parameters
    ----------
    x, y : Array
        Points in any units, each of shape (n,); pairs with a NaN are left out.

    Returns
    -------
    slope : float
        In the unit of `y` over that of `x`.
    intercept : float
        Value at x = 0, in the unit of `y`.
    r_squared : float
        Share of the scatter of `y` that the line explains, from 0 to 1 (dimensionless).

    Raises
    ------
    ValueError
        Lengths differ, or there are fewer than two different `x`.
    """
    import numpy

    across, up = numbers(x, "x"), numbers(y, "y")
    if across.ndim != 1 or across.shape != up.shape:
        raise ValueError(f"x has the shape {across.shape} and y {up.shape}: both must have one axis of one length")
    good = numpy.isfinite(across) & numpy.isfinite(up)
    across, up = across[good], up[good]
    if numpy.unique(across).size < 2:
        raise ValueError("a line needs points at two different x or more")
    middle_x, middle_y = across.mean(), up.mean()
    dx, dy = across - middle_x, up - middle_y
    slope = float((dx * dy).sum() / (dx * dx).sum())
    total = float((dy * dy).sum())
    left = float(((dy - slope * dx) ** 2).sum())
    return Fit(slope, float(middle_y - slope * middle_x), 1.0 - left / total if total else 1.0)
