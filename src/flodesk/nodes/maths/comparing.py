"""Comparisons, the logic of truths, and the choice between values."""

from __future__ import annotations

from functools import reduce
from typing import Any, Literal

from flodesk.nodes._quantity import choose, quantity, single
from flodesk.public import Quantity, Waveform, node


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
    return single(value, "value") > single(limit, "limit")


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
    return single(value, "value") < single(limit, "limit")


@node(tags=("compare", "same", "match", "is", "=", "=="), pure=True)
def equal(a: Any, b: Any, tolerance: float = 0.0) -> bool:
    """Say whether two values are the same.

    Parameters
    ----------
    a, b : Any
        Two numbers, texts, arrays or signals.
    tolerance : float
        How far two numbers may be apart and still count as the same, in their unit.

    Returns
    -------
    bool
        True if all is the same: for arrays the shape and each value, for signals the time axis and the unit, too. NaN
        is the same as nothing.

    Raises
    ------
    ValueError
        The tolerance is below 0.

    Examples
    --------
    >>> maths.equal(0.1 + 0.2, 0.3), maths.equal(0.1 + 0.2, 0.3, tolerance=1e-9)
    (False, True)
    """
    import numpy

    if not tolerance >= 0.0:
        raise ValueError(f"the tolerance is {tolerance:g}: give 0 or more")
    if isinstance(a, Waveform) and isinstance(b, Waveform) and (a.dt, a.t0, a.unit) != (b.dt, b.t0, b.unit):
        return False
    left, right = (numpy.asarray(value.y if isinstance(value, Waveform) else value) for value in (a, b))
    if left.shape != right.shape:
        return False
    if left.dtype.kind in "biufc" and right.dtype.kind in "biufc" and tolerance:
        with numpy.errstate(invalid="ignore"):  # of infinities and NaN
            return bool(numpy.all((left == right) | (numpy.abs(left - 1.0 * right) <= tolerance)))
    return bool(numpy.all(left == right))


@node(title="Not equal", tags=("compare", "different", "unequal", "!=", "<>"), pure=True)
def not_equal(a: Any, b: Any, tolerance: float = 0.0) -> bool:
    """Say whether two values differ.

    Parameters
    ----------
    a, b : Any
        Two numbers, texts, arrays or signals.
    tolerance : float
        How far two numbers may be apart and still count as the same, in their unit.

    Returns
    -------
    bool
        True unless all is the same (see Equal).

    Examples
    --------
    >>> maths.not_equal(1.0, 2.0)
    True
    """
    return not equal(a, b, tolerance)


@node(tags=("in range", "window", "inside", "within", "limits", "compare", "pass", "fail"), pure=True)
def between(value: float, lower: float = 0.0, upper: float = 1.0) -> bool:
    """Say whether a number is within two limits.

    Parameters
    ----------
    value : float
        The number, in any unit.
    lower, upper : float
        The limits, both included, in the same unit as the number.

    Returns
    -------
    bool
        True if ``lower <= value <= upper``; False if one is NaN.

    Raises
    ------
    ValueError
        The value is an array of several numbers, or the lower limit is above the upper one.

    Examples
    --------
    >>> maths.between(5.1, lower=4.9, upper=5.2)
    True
    """
    low, high = single(lower, "lower"), single(upper, "upper")
    if low > high:
        raise ValueError(f"the lower limit {low:g} is above the upper one {high:g}: swap them")
    return low <= single(value, "value") <= high


@node(title="Compare each", tags=("mask", "threshold", "elementwise", "greater", "less"), pure=True)
def compare(a: Quantity, b: Quantity, how: Literal[">", ">=", "<", "<=", "==", "!="] = ">") -> Quantity:
    """Compare each value of an array or signal, which makes a mask for Where.

    Parameters
    ----------
    a, b : float, Array or Waveform
        Values in one unit, of shapes that fit each other.
    how : str
        The comparison.

    Returns
    -------
    bool, Array or Waveform
        A truth for each value, in the shape of the values.

    Raises
    ------
    ValueError
        Rates, lengths, shapes or units do not fit.

    Examples
    --------
    >>> maths.compare(np.array([1.0, 2.0, 3.0]), 2.0, how=">=")
    array([False,  True,  True])
    """
    import numpy

    functions = {
        ">": numpy.greater, ">=": numpy.greater_equal, "<": numpy.less, "<=": numpy.less_equal,
        "==": numpy.equal, "!=": numpy.not_equal,
    }  # fmt: skip
    return functions[how](quantity(a, "a"), quantity(b, "b"))


def _truth(value: Any) -> Any:
    """Return a single truth as Python's own, which a switch takes, and masks as they are."""
    return value if isinstance(value, Waveform) or value.ndim else bool(value)


def _combined(function: Any, values: tuple[Any, ...]) -> Any:
    import numpy

    if not values:
        raise ValueError("there is nothing to combine: wire at least one truth to it")
    known = [quantity(value, f"input {number}") for number, value in enumerate(values, 1)]
    return _truth(reduce(function, known[1:], numpy.logical_or(known[0], False)))


@node(title="And", tags=("all", "both", "logic", "boolean", "&", "&&"), pure=True)
def logical_and(*values: Quantity) -> Quantity:
    """Say whether all of several truths are true.

    Parameters
    ----------
    *values : bool, Array or Waveform
        At least one truth; or masks of shapes that fit each other. A number is true if it is not 0.

    Returns
    -------
    bool, Array or Waveform
        True where all are.

    Raises
    ------
    ValueError
        There is nothing to combine, or the shapes do not fit.

    Examples
    --------
    >>> maths.logical_and(True, False)
    False
    """
    import numpy

    return _combined(numpy.logical_and, values)


@node(title="Or", tags=("any", "either", "logic", "boolean", "|", "||"), pure=True)
def logical_or(*values: Quantity) -> Quantity:
    """Say whether at least one of several truths is true.

    Parameters
    ----------
    *values : bool, Array or Waveform
        At least one truth; or masks of shapes that fit each other. A number is true if it is not 0.

    Returns
    -------
    bool, Array or Waveform
        True where at least one is.

    Raises
    ------
    ValueError
        There is nothing to combine, or the shapes do not fit.

    Examples
    --------
    >>> maths.logical_or(True, False)
    True
    """
    import numpy

    return _combined(numpy.logical_or, values)


@node(title="Exclusive or", tags=("xor", "odd", "logic", "boolean", "^"), pure=True)
def logical_xor(*values: Quantity) -> Quantity:
    """Say whether an odd number of several truths is true: of two, just one.

    Parameters
    ----------
    *values : bool, Array or Waveform
        At least one truth; or masks of shapes that fit each other. A number is true if it is not 0.

    Returns
    -------
    bool, Array or Waveform
        True where an odd number of them is.

    Raises
    ------
    ValueError
        There is nothing to combine, or the shapes do not fit.

    Examples
    --------
    >>> maths.logical_xor(True, True)
    False
    """
    import numpy

    return _combined(numpy.logical_xor, values)


@node(title="Not", tags=("invert", "negate", "logic", "boolean", "!", "~"), pure=True)
def logical_not(value: Quantity) -> Quantity:
    """Turn true into false and false into true.

    Parameters
    ----------
    value : bool, Array or Waveform
        A truth or a mask. A number is true if it is not 0.

    Returns
    -------
    bool, Array or Waveform
        True where the value is not.

    Examples
    --------
    >>> maths.logical_not(True)
    False
    """
    import numpy

    return _truth(numpy.logical_not(quantity(value)))


@node(tags=("select", "choose", "mask", "ternary", "place by place"), pure=True)
def where(condition: Quantity, then: Quantity, otherwise: Quantity) -> Quantity:
    """Choose between two values, place by place.

    Parameters
    ----------
    condition : bool, Array or Waveform
        A truth or a mask, as Compare each makes it.
    then, otherwise : float, Array or Waveform
        What is taken where the condition is true, and where it is false: in one unit, of shapes that fit the mask.

    Returns
    -------
    float, Array or Waveform
        The values chosen. Of signals the time axis is kept.

    Raises
    ------
    ValueError
        Rates, lengths, shapes or units do not fit.

    Examples
    --------
    >>> wave = np.array([-1.0, 2.0, -3.0])
    >>> maths.where(maths.compare(wave, 0.0, how="<"), 0.0, wave)
    array([0., 2., 0.])
    """
    return choose(condition, then, otherwise)
