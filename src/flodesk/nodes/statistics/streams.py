"""Figures of the last values of a stream."""

from __future__ import annotations

import math
from collections import deque
from typing import Annotated, NamedTuple

from flodesk.public import Array, Range, node


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

    Examples
    --------
    >>> average = statistics.RunningMean(window=2)
    >>> average(1.0), average(3.0), average(5.0)
    (1.0, 2.0, 4.0)
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

    Examples
    --------
    >>> recent = statistics.Recent(number=2)
    >>> recent(1.0), recent(3.0), recent(5.0)
    (array([1.]), array([1., 3.]), array([3., 5.]))
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


@node(tags=("moving median", "median filter", "despike", "smooth", "robust"))
class RunningMedian:
    """Give the median of the last values of a stream, which a single spike does not move.

    Parameters
    ----------
    window : int
        Number of values; until so many have come, the median is of those that have.

    Raises
    ------
    ValueError
        The window is below 1.

    Examples
    --------
    >>> steady = statistics.RunningMedian(window=3)
    >>> steady(1.0), steady(2.0), steady(99.0)
    (1.0, 1.5, 2.0)
    """

    def __init__(self, window: Annotated[int, Range(1)] = 5) -> None:
        if window < 1:
            raise ValueError(f"a window of {window} values is empty: set it to 1 or more")
        self._values: deque[float] = deque(maxlen=window)

    def __call__(self, value: float) -> float:
        """Take in the next value.

        Parameters
        ----------
        value : float
            The value, in any unit; NaN is left out.

        Returns
        -------
        float
            Median of the last values, in the unit of the value; NaN before the first.
        """
        import statistics

        if value == value:  # NaN is unequal to itself
            self._values.append(float(value))
        return statistics.median(self._values) if self._values else float("nan")


class Running(NamedTuple):
    """Figures of the last values of a stream."""

    mean: float
    deviation: float
    minimum: float
    maximum: float


@node(tags=("moving statistics", "rolling", "standard deviation", "noise", "ripple", "peak to peak"))
class RunningStatistics:
    """Give mean, standard deviation and limits of the last values of a stream.

    Parameters
    ----------
    window : int
        Number of values; until so many have come, the figures are of those that have.

    Raises
    ------
    ValueError
        The window is below 2.

    Examples
    --------
    >>> watch = statistics.RunningStatistics(window=3)
    >>> [watch(value).mean for value in (1.0, 3.0, 5.0, 7.0)]
    [1.0, 2.0, 3.0, 5.0]
    """

    def __init__(self, window: Annotated[int, Range(2)] = 100) -> None:
        if window < 2:
            raise ValueError(f"a window of {window} values has no deviation: set it to 2 or more")
        self._values: deque[float] = deque(maxlen=window)

    def __call__(self, value: float) -> Running:
        """Take in the next value.

        Parameters
        ----------
        value : float
            The value, in any unit.

        Returns
        -------
        mean : float
            Mean of the last values, in their unit.
        deviation : float
            Standard deviation of a sample (n - 1), in the unit of the values; NaN for a single value.
        minimum, maximum : float
            The smallest and the largest of the last values, in their unit.
        """
        import statistics

        last = self._values
        last.append(float(value))
        deviation = statistics.stdev(last) if len(last) > 1 else math.nan
        return Running(math.fsum(last) / len(last), deviation, min(last), max(last))
