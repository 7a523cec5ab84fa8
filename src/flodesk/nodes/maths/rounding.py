"""Rounding, and what a number is apart from its size."""

from __future__ import annotations

import builtins
import math
from typing import Annotated, Literal

from flodesk.nodes._quantity import like, quantity, samples
from flodesk.public import Quantity, Range, node


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
        return builtins.round(number)
    return math.floor(number) if how == "down" else math.ceil(number)


@node(tags=("decimals", "digits", "precision", "nearest"), pure=True)
def round(value: Quantity, digits: Annotated[int, Range(-15, 15)] = 0) -> Quantity:
    """Round to a number of digits after the point.

    Parameters
    ----------
    value : float, Array or Waveform
        The value, in any unit.
    digits : int
        Number of digits that are kept after the point; -2 rounds to hundreds.

    Returns
    -------
    float, Array or Waveform
        The rounded value, in the unit of the value. Of two that are as near, the one with an even last digit.

    Examples
    --------
    >>> maths.round(2.71828, digits=2)
    2.72
    """
    import numpy

    return like(value, numpy.round(samples(value, "value"), digits)[()])


@node(tags=("round down", "integer", "truncate", "int"), pure=True)
def floor(value: Quantity) -> Quantity:
    """Round down to a whole number.

    Parameters
    ----------
    value : float, Array or Waveform
        The value, in any unit.

    Returns
    -------
    float, Array or Waveform
        The greatest whole number that is not above the value, in the unit of the value.

    Examples
    --------
    >>> maths.floor(np.array([2.7, -2.1]))
    array([ 2., -3.])
    """
    import numpy

    return numpy.floor(quantity(value))


@node(title="Ceiling", tags=("round up", "integer", "int"), pure=True)
def ceil(value: Quantity) -> Quantity:
    """Round up to a whole number.

    Parameters
    ----------
    value : float, Array or Waveform
        The value, in any unit.

    Returns
    -------
    float, Array or Waveform
        The least whole number that is not below the value, in the unit of the value.

    Examples
    --------
    >>> maths.ceil(np.array([2.1, -2.7]))
    array([ 3., -2.])
    """
    import numpy

    return numpy.ceil(quantity(value))


@node(tags=("signum", "plus", "minus", "direction"), pure=True)
def sign(value: Quantity) -> Quantity:
    """Say whether a value is above 0, below, or 0.

    Parameters
    ----------
    value : float, Array or Waveform
        The value, in any unit.

    Returns
    -------
    float, Array or Waveform
        1, -1 or 0 (dimensionless); NaN for NaN.

    Examples
    --------
    >>> maths.sign(np.array([-0.5, 0.0, 7.0]))
    array([-1.,  0.,  1.])
    """
    import numpy

    return numpy.sign(quantity(value))
