"""The four operations, and what else is done with a straight line."""

from __future__ import annotations

from functools import reduce
from typing import Any

from flodesk.nodes._quantity import finite, quantity
from flodesk.public import Quantity, Waveform, node


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


@node(tags=("magnitude", "modulus", "rectify", "abs"), pure=True)
def absolute(value: Quantity) -> Quantity:
    """Take the size of a value without its sign, that of a complex one without its phase.

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


@node(tags=("modulo", "mod", "rest", "wrap", "%"), pure=True)
def remainder(a: Quantity, b: Quantity) -> Quantity:
    """Find what is left of a value when as many whole others as fit are taken off.

    Parameters
    ----------
    a : float, Array or Waveform
        The value, in any unit.
    b : float, Array or Waveform
        What is taken off, in the same unit.

    Returns
    -------
    float, Array or Waveform
        ``a - b * floor(a / b)``, in the unit of `a`: it has the sign of `b`. Where `b` is 0 in an array, NaN.

    Raises
    ------
    ZeroDivisionError
        `b` is the number 0.

    Examples
    --------
    >>> maths.remainder(370.0, 360.0)
    10.0
    >>> maths.remainder(-30.0, 360.0)
    330.0
    """
    import numpy

    whole, part = quantity(a, "a"), quantity(b, "b")
    if numpy.ndim(part) == 0 and part == 0:
        raise ZeroDivisionError("b is 0: nothing can be divided by it")
    with numpy.errstate(divide="ignore", invalid="ignore"):
        return numpy.remainder(whole, part)


@node(title="Map range", tags=("scale", "rescale", "normalise", "convert", "linear", "4-20 mA"), pure=True)
def map_range(
    value: Quantity,
    from_low: float = 0.0,
    from_high: float = 1.0,
    to_low: float = 0.0,
    to_high: float = 100.0,
    limit: bool = False,
) -> Quantity:
    """Carry a value from one range over to another, as the 4 to 20 mA of a sensor to its 0 to 10 bar.

    Parameters
    ----------
    value : float, Array or Waveform
        The value, in any unit.
    from_low, from_high : float
        The ends of the first range, in the unit of the value.
    to_low, to_high : float
        What they become, in the unit of the result.
    limit : bool
        Whether a value outside of the first range becomes the nearer end of the second; else the line goes on.

    Returns
    -------
    float, Array or Waveform
        The value in the second range. A signal keeps the name of its unit only where the ranges are the same.

    Raises
    ------
    ValueError
        The ends of the first range are the same, or an end is not finite.

    Examples
    --------
    >>> maths.map_range(12.0, from_low=4.0, from_high=20.0, to_low=0.0, to_high=10.0)
    5.0
    """
    import numpy

    known = quantity(value)
    low, high = finite(from_low, "from_low"), finite(from_high, "from_high")
    least, most = finite(to_low, "to_low"), finite(to_high, "to_high")
    if low == high:
        raise ValueError(f"from_low and from_high are both {low:g}: a range needs two ends")
    share = numpy.divide(numpy.subtract(known, low), high - low)
    if limit:
        share = numpy.minimum(numpy.maximum(share, 0.0), 1.0)
    result = numpy.add(numpy.multiply(share, most - least), least)
    same = (low, high) == (least, most)
    return result.with_y(result.y, result.unit if same else "") if isinstance(result, Waveform) else result


@node(tags=("negative", "minus", "opposite", "sign", "invert"), pure=True)
def negate(value: Quantity) -> Quantity:
    """Turn the sign of a value.

    Parameters
    ----------
    value : float, Array or Waveform
        The value, in any unit.

    Returns
    -------
    float, Array or Waveform
        ``-value``, in the unit of the value.

    Examples
    --------
    >>> maths.negate(2.5)
    -2.5
    """
    import numpy

    return numpy.multiply(quantity(value), -1)


@node(tags=("1/x", "inverse", "one over"), pure=True)
def reciprocal(value: Quantity) -> Quantity:
    """Divide 1 by a value: a period becomes a frequency.

    Parameters
    ----------
    value : float, Array or Waveform
        The value, in any unit.

    Returns
    -------
    float, Array or Waveform
        ``1 / value``, in 1 over the unit of the value. In arrays and signals an infinity where the value is 0.

    Raises
    ------
    ZeroDivisionError
        The value is the number 0.

    Examples
    --------
    >>> maths.reciprocal(0.02)
    50.0
    """
    import numpy

    known = quantity(value)
    if numpy.ndim(known) == 0 and known == 0:
        raise ZeroDivisionError("the value is 0: 1 cannot be divided by it")
    with numpy.errstate(divide="ignore", invalid="ignore"):
        return numpy.true_divide(1.0, known)


@node(title="Whole quotient", tags=("quotient", "floor division", "integer division", "div", "//"), pure=True)
def quotient(a: Quantity, b: Quantity) -> Quantity:
    """Find how many times one value fits into another as a whole; Remainder gives what is left.

    Parameters
    ----------
    a : float, Array or Waveform
        The value, in any unit.
    b : float, Array or Waveform
        What is to fit into it, in the same unit.

    Returns
    -------
    float, Array or Waveform
        ``floor(a / b)`` (dimensionless for values in one unit). In arrays an infinity or NaN where `b` is 0.

    Raises
    ------
    ZeroDivisionError
        `b` is the number 0.

    Examples
    --------
    >>> maths.quotient(370.0, 360.0)
    1.0
    """
    import numpy

    whole, part = quantity(a, "a"), quantity(b, "b")
    if numpy.ndim(part) == 0 and part == 0:
        raise ZeroDivisionError("b is 0: nothing can be divided by it")
    with numpy.errstate(divide="ignore", invalid="ignore"):
        return numpy.floor_divide(numpy.multiply(whole, 1.0), part)


@node(tags=("hypot", "pythagoras", "distance", "magnitude", "root sum of squares", "rss"), pure=True)
def hypotenuse(a: Quantity, b: Quantity) -> Quantity:
    """Find the long side of a triangle with a right angle: the root of the sum of two squares.

    Parameters
    ----------
    a, b : float, Array or Waveform
        The short sides, in one unit, of shapes that fit each other.

    Returns
    -------
    float, Array or Waveform
        ``sqrt(a² + b²)``, in the unit of the values.

    Raises
    ------
    ValueError
        Rates, lengths, shapes or units do not fit.

    Examples
    --------
    >>> maths.hypotenuse(3.0, 4.0)
    5.0
    """
    import numpy

    return numpy.hypot(quantity(a, "a"), quantity(b, "b"))
