"""One number of many, and sums that run along."""

from __future__ import annotations

from collections.abc import Callable
from functools import reduce
from typing import Any

from flodesk.nodes._quantity import along, like, plain, quantity, samples
from flodesk.public import Quantity, node


@node(tags=("average",), pure=True)
def mean(values: Quantity) -> float:
    """Average all values of an array or signal.

    Parameters
    ----------
    values : Array or Waveform
        Values in any unit, any shape, at least one.

    Returns
    -------
    float
        Their mean, in the unit of the values.

    Raises
    ------
    ValueError
        There are no values.

    Examples
    --------
    >>> maths.mean([1.0, 2.0, 6.0])
    3.0
    """
    array = samples(values)
    if array.size == 0:
        raise ValueError("there are no values to average")
    result: float = plain(array.mean())
    return result


@node(tags=("last", "first", "index", "pick", "sample"), pure=True)
def element(values: Quantity, index: int = -1) -> float:
    """Take one value of an array, signal or list: the last one by default.

    Parameters
    ----------
    values : Array, Waveform or list
        Values in any unit, one after the other.
    index : int
        Number of the value, from 0; negative ones count from the end, so that -1 is the last.

    Returns
    -------
    float
        The value, in the unit of the values.

    Raises
    ------
    ValueError
        There is no such value, or they do not lie one after the other.

    Examples
    --------
    >>> maths.element([1.0, 2.0, 5.0])
    5.0
    >>> maths.element([1.0, 2.0, 5.0], index=0)
    1.0
    """
    array = samples(values)
    if array.ndim != 1:
        raise ValueError(f"the values have the shape {array.shape}: take a row of them first")
    if not -len(array) <= index < len(array):
        raise ValueError(f"there are {len(array)} values: there is no number {index}")
    result: float = plain(array[index])
    return result


@node(tags=("total", "add up", "accumulate", "sigma"), pure=True)
def sum(values: Quantity) -> float:
    """Add up all values of an array or signal.

    Parameters
    ----------
    values : Array or Waveform
        Values in any unit, any shape; none at all make 0.

    Returns
    -------
    float
        Their sum, in the unit of the values.

    Raises
    ------
    TypeError
        They are no numbers.

    Examples
    --------
    >>> maths.sum([1.0, 2.0, 6.0])
    9.0
    """
    result: float = plain(samples(values).sum())
    return result


@node(tags=("multiply all", "factorial", "pi"), pure=True)
def product(values: Quantity) -> float:
    """Multiply all values of an array or signal.

    Parameters
    ----------
    values : Array or Waveform
        Values, any shape; none at all make 1.

    Returns
    -------
    float
        Their product; its unit is that of the values to the power of their number.

    Raises
    ------
    TypeError
        They are no numbers.

    Examples
    --------
    >>> maths.product([1.0, 2.0, 6.0])
    12.0
    """
    found = samples(values)
    # whole numbers would run over their 64 bits without a word
    result: float = plain((found if found.dtype.kind == "c" else found.astype(float)).prod())
    return result


def _extreme(function: Callable[..., Any], values: tuple[Any, ...]) -> Any:
    """Return the extreme of one array, or of several values place by place."""
    known = [quantity(value, f"input {number}") for number, value in enumerate(values, 1)]
    if not known:
        raise ValueError("there is nothing to compare: wire at least one value to it")
    if len(known) > 1:
        return reduce(function, known)
    array = samples(known[0])
    if array.size == 0:
        raise ValueError("there are no values to compare")
    return function.reduce(array, axis=None)  # type: ignore[attr-defined]


@node(tags=("min", "lowest", "smallest", "least"), pure=True)
def minimum(*values: Quantity) -> Quantity:
    """Find the smallest value: of one array or signal its smallest, of several things the smallest at each place.

    Parameters
    ----------
    *values : float, Array or Waveform
        At least one; in one unit, of shapes that fit each other.

    Returns
    -------
    float, Array or Waveform
        The smallest, in the unit of the values; NaN where one is NaN.

    Raises
    ------
    ValueError
        There is nothing to compare, or rates, lengths, shapes or units do not fit.

    Examples
    --------
    >>> maths.minimum(np.array([3.0, 1.0, 2.0]))
    1.0
    >>> maths.minimum(np.array([3.0, 1.0, 2.0]), 2.0)
    array([2., 1., 2.])
    """
    import numpy

    return _extreme(numpy.minimum, values)


@node(tags=("max", "highest", "largest", "greatest", "peak"), pure=True)
def maximum(*values: Quantity) -> Quantity:
    """Find the largest value: of one array or signal its largest, of several things the largest at each place.

    Parameters
    ----------
    *values : float, Array or Waveform
        At least one; in one unit, of shapes that fit each other.

    Returns
    -------
    float, Array or Waveform
        The largest, in the unit of the values; NaN where one is NaN.

    Raises
    ------
    ValueError
        There is nothing to compare, or rates, lengths, shapes or units do not fit.

    Examples
    --------
    >>> maths.maximum(np.array([3.0, 1.0, 2.0]))
    3.0
    >>> maths.maximum(np.array([3.0, 1.0, 2.0]), 2.0)
    array([3., 2., 2.])
    """
    import numpy

    return _extreme(numpy.maximum, values)


@node(title="Cumulative sum", tags=("running total", "cumsum", "accumulate"), pure=True)
def cumulative_sum(values: Quantity) -> Quantity:
    """Add up values one after the other and keep each sum on the way.

    Parameters
    ----------
    values : Array or Waveform
        Values in any unit, shape (..., n), n above 0.

    Returns
    -------
    Array or Waveform
        The sums, in the same shape and unit: the last one is the sum of all.

    Raises
    ------
    ValueError
        There are no values.

    Examples
    --------
    >>> maths.cumulative_sum([1.0, 2.0, 6.0])
    array([1., 3., 9.])
    """
    return like(values, along(values).cumsum(axis=-1))
