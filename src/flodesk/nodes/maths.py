"""Arithmetic on numbers, arrays and signals.

Signals keep their time axis and unit (see `flodesk.public.Waveform`), so that adding two of different sample rates or
units is an error and not a number.
"""

from __future__ import annotations

import math
from functools import reduce
from typing import Any, Literal

from flodesk.public import Quantity, Waveform, node

__all__ = [
    "absolute", "add", "clip", "divide", "element", "greater", "less", "mean", "multiply", "scale", "subtract",
    "whole",
]  # fmt: skip


def _summed(left: Any, right: Any) -> Any:
    import numpy

    return numpy.add(left, right)


def _multiplied(left: Any, right: Any) -> Any:
    import numpy

    return numpy.multiply(left, right)


@node(tags=("sum", "plus", "mix", "+"), pure=True)
def add(*values: Quantity) -> Quantity:
    """Add values.

    Parameters
    ----------
    *values : float, Array or Waveform
        What to add: at least one; in one unit, of shapes that fit each other.

    Returns
    -------
    float, Array or Waveform
        The sum.

    Raises
    ------
    ValueError
        There is nothing to add, or rates, lengths, shapes or units do not fit.

    Examples
    --------
    >>> maths.add(1.0, 2.0, 3.5)
    6.5
    """
    if not values:
        raise ValueError("there is nothing to add: wire at least one value to it")
    return reduce(_summed, values)


@node(tags=("minus", "difference", "-"), pure=True)
def subtract(a: Quantity, b: Quantity) -> Quantity:
    """Take one value from another.

    Parameters
    ----------
    a, b : float, Array or Waveform
        Values in one unit, of shapes that fit each other.

    Returns
    -------
    float, Array or Waveform
        ``a - b``.

    Raises
    ------
    ValueError
        Rates, lengths, shapes or units do not fit.

    Examples
    --------
    >>> maths.subtract(1.0, 3.0)
    -2.0
    """
    import numpy

    return numpy.subtract(a, b)


@node(tags=("product", "times", "mix", "*"), pure=True)
def multiply(*values: Quantity) -> Quantity:
    """Multiply values; their units are multiplied too.

    Parameters
    ----------
    *values : float, Array or Waveform
        What to multiply: at least one; of shapes that fit each other.

    Returns
    -------
    float, Array or Waveform
        The product.

    Raises
    ------
    ValueError
        There is nothing to multiply, or rates, lengths or shapes do not fit.

    Examples
    --------
    >>> maths.multiply(2.0, 3.0, -4.0)
    -24.0
    """
    if not values:
        raise ValueError("there is nothing to multiply: wire at least one value to it")
    return reduce(_multiplied, values)


@node(tags=("quotient", "ratio", "/"), pure=True)
def divide(a: Quantity, b: Quantity) -> Quantity:
    """Divide one value by another; their units are divided too.

    Parameters
    ----------
    a, b : float, Array or Waveform
        Values of shapes that fit each other.

    Returns
    -------
    float, Array or Waveform
        ``a / b``. In arrays and signals a division by 0 gives an infinity or NaN at that place.

    Raises
    ------
    ZeroDivisionError
        `b` is the number 0.
    ValueError
        Rates, lengths or shapes do not fit.

    Examples
    --------
    >>> maths.divide(np.array([1.0, 3.0]), 2.0)
    array([0.5, 1.5])
    """
    import numpy

    if numpy.ndim(b) == 0 and b == 0:
        raise ZeroDivisionError("b is 0: nothing can be divided by it")
    with numpy.errstate(divide="ignore", invalid="ignore"):
        return numpy.true_divide(a, b)


@node(tags=("gain", "offset", "amplify", "linear"), pure=True)
def scale(value: Quantity, factor: float = 1.0, offset: float = 0.0) -> Quantity:
    """Multiply a value by a factor and add an offset.

    Parameters
    ----------
    value : float, Array or Waveform
        The value, in any unit.
    factor : float
        What it is multiplied by (dimensionless).
    offset : float
        What is added then, in the unit of the value.

    Returns
    -------
    float, Array or Waveform
        ``value * factor + offset``, in the unit of the value.

    Examples
    --------
    >>> maths.scale(100.0, factor=1.8, offset=32.0)
    212.0
    """
    import numpy

    return numpy.add(numpy.multiply(value, factor), offset)


@node(tags=("limit", "saturate", "clamp"), pure=True)
def clip(value: Quantity, lower: float | None = None, upper: float | None = None) -> Quantity:
    """Limit a value.

    Parameters
    ----------
    value : float, Array or Waveform
        The value, in any unit.
    lower, upper : float, optional
        Limits, both included, in the unit of the value; None for no limit.

    Returns
    -------
    float, Array or Waveform
        The value where it is within the limits, else the limit.

    Raises
    ------
    ValueError
        The lower limit is above the upper one.

    Examples
    --------
    >>> maths.clip(np.array([-2.0, 0.5, 7.0]), lower=0.0, upper=5.0)
    array([0. , 0.5, 5. ])
    """
    import numpy

    if lower is not None and upper is not None and lower > upper:
        raise ValueError(f"the lower limit {lower:g} is above the upper one {upper:g}: swap them")
    low, high = -numpy.inf if lower is None else lower, numpy.inf if upper is None else upper
    return numpy.minimum(numpy.maximum(value, low), high)


@node(tags=("magnitude", "rectify", "abs"), pure=True)
def absolute(value: Quantity) -> Quantity:
    """Take the size of a value without its sign.

    Parameters
    ----------
    value : float, Array or Waveform
        The value, in any unit.

    Returns
    -------
    float, Array or Waveform
        ``|value|``.

    Examples
    --------
    >>> maths.absolute(-3.0)
    3.0
    """
    import numpy

    return numpy.absolute(value)


def _single(value: Any, name: str) -> float:
    """Return the one number that a value is, or say what to do if it is many."""
    import numpy

    array = numpy.asarray(value)
    if array.size != 1:
        raise ValueError(f"{name} holds {array.size} values: take one of them first, by mean, rms or peak")
    return float(array.reshape(()))


@node(tags=("compare", "threshold", "over", ">"), pure=True)
def greater(value: float, limit: float = 0.0) -> bool:
    """Say whether a number is above a limit.

    Parameters
    ----------
    value : float
        The number, in any unit.
    limit : float
        The limit, in the same unit as the number.

    Returns
    -------
    bool
        True if ``value > limit``; False if they are equal or one is NaN.

    Raises
    ------
    ValueError
        The value is an array of several numbers.

    Examples
    --------
    >>> maths.greater(5.1, 5.0)
    True
    """
    return _single(value, "value") > _single(limit, "limit")


@node(tags=("compare", "threshold", "under", "<"), pure=True)
def less(value: float, limit: float = 0.0) -> bool:
    """Say whether a number is below a limit.

    Parameters
    ----------
    value : float
        The number, in any unit.
    limit : float
        The limit, in the same unit as the number.

    Returns
    -------
    bool
        True if ``value < limit``; False if they are equal or one is NaN.

    Raises
    ------
    ValueError
        The value is an array of several numbers.

    Examples
    --------
    >>> maths.less(5.1, 5.0)
    False
    """
    return _single(value, "value") < _single(limit, "limit")


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
    import numpy

    array = numpy.asarray(values.y if isinstance(values, Waveform) else values)
    if array.size == 0:
        raise ValueError("there are no values to average")
    return float(array.mean())


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
    import numpy

    array = numpy.asarray(values.y if isinstance(values, Waveform) else values)
    if array.ndim != 1:
        raise ValueError(f"the values have the shape {array.shape}: take a row of them first")
    if not -len(array) <= index < len(array):
        raise ValueError(f"there are {len(array)} values: there is no number {index}")
    return float(array[index])


@node(title="Whole number", tags=("round", "integer", "floor", "ceiling"), pure=True)
def whole(value: float, how: Literal["nearest", "down", "up"] = "nearest") -> int:
    """Round a number to a whole one.

    Parameters
    ----------
    value : float
        The number, in any unit.
    how : str
        ``nearest`` takes the nearer one (of two that are as near, the even one), ``down`` the one below, ``up`` the
        one above.

    Returns
    -------
    int
        The whole number, in the unit of the number.

    Raises
    ------
    ValueError
        The number is infinite, or none at all (NaN).

    Examples
    --------
    >>> maths.whole(2.6)
    3
    >>> maths.whole(2.6, how="down")
    2
    """
    number = float(value)
    if not math.isfinite(number):
        raise ValueError(f"{number} has no whole number beside it")
    if how == "nearest":
        return round(number)
    return math.floor(number) if how == "down" else math.ceil(number)
