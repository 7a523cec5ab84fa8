"""Arrays with some values put in, taken out or exchanged, and ramps to start from."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from flodesk.nodes._quantity import along, like, quantity, samples
from flodesk.public import Array, Quantity, Range, node

Count = Annotated[int, Range(1)]


def _line(values: Any, name: str = "values") -> Any:
    found = samples(values, name)
    if found.ndim > 1:
        raise ValueError(f"{name} have the shape {found.shape}: take a row of them first")
    return found.reshape(-1)


def _place(at: int, count: int, name: str = "at") -> int:
    """Return the number of a place from 0, of one that may count from the end."""
    if not -count <= at < count:
        raise ValueError(f"{name} is {at}, and there are {count} values: there is no such place")
    return at % count


@node(tags=("insert into array", "add", "put in", "append", "prepend"), pure=True)
def insert(values: Array, what: Quantity, at: int | None = None) -> Array:
    """Put values into an array.

    Parameters
    ----------
    values : Array
        The array, shape (n,).
    what : float or Array
        The value, or the values, that are put in, in the same unit.
    at : int, optional
        Number of the value before which they come, from 0; negative ones count from the end. None puts them at the end.

    Returns
    -------
    Array
        Shape (n + number of what is put in,).

    Raises
    ------
    ValueError
        There is no such place, or an array has rows.

    Examples
    --------
    >>> array.insert([1.0, 2.0, 3.0], 9.0, at=1)
    array([1., 9., 2., 3.])
    """
    import numpy

    found, more = _line(values), _line(what, "what")
    place = len(found) if at is None or at == len(found) else _place(at, len(found))
    return numpy.concatenate([found[:place], more, found[place:]])


@node(tags=("delete from array", "take out", "drop", "cut"), pure=True)
def remove(values: Array, at: int = -1, number: Count = 1) -> Array:
    """Take values out of an array.

    Parameters
    ----------
    values : Array
        The array, shape (n,).
    at : int
        Number of the first value that goes, from 0; negative ones count from the end.
    number : int
        Number of values that go, as far as they are there.

    Returns
    -------
    Array
        The others, shape (n - number,).

    Raises
    ------
    ValueError
        There is no such place, `number` is below 1, or the array has rows.

    Examples
    --------
    >>> array.remove([1.0, 2.0, 3.0], at=1)
    array([1., 3.])
    """
    import numpy

    found = _line(values)
    if number < 1:
        raise ValueError(f"number is {number}: give 1 or more")
    place = _place(at, len(found))
    return numpy.concatenate([found[:place], found[place + number :]])


@node(tags=("replace array subset", "set", "assign", "overwrite", "change"), pure=True)
def replace(values: Quantity, what: Quantity, at: int = 0) -> Quantity:
    """Exchange values of an array or a signal for others.

    Parameters
    ----------
    values : Array or Waveform
        The values, shape (n,). They are left as they are: the result is another array.
    what : float or Array
        What is put in their place, in the same unit.
    at : int
        Number of the first value that is exchanged, from 0; negative ones count from the end.

    Returns
    -------
    Array or Waveform
        Shape (n,); a signal on the same time axis.

    Raises
    ------
    ValueError
        There are not as many values from this place on, or an array has rows.

    Examples
    --------
    >>> array.replace([1.0, 2.0, 3.0], 9.0, at=-1)
    array([1., 2., 9.])
    """
    import numpy

    found, new = _line(values), _line(what, "what")
    place = _place(at, len(found))
    if place + len(new) > len(found):
        raise ValueError(f"from place {place} on there are {len(found) - place} values: {len(new)} do not fit")
    changed = found.astype(numpy.result_type(found, new))  # a copy
    changed[place : place + len(new)] = new
    return like(quantity(values), changed)


@node(tags=("alternate", "multiplex", "weave", "merge"), pure=True)
def interleave(*values: Array) -> Array:
    """Take values from several arrays in turn: the first of each, the second of each ...

    Parameters
    ----------
    *values : Array
        At least one, each of shape (n,).

    Returns
    -------
    Array
        Shape (n * number of arrays,). Reshape and Transpose take them apart again.

    Raises
    ------
    ValueError
        There is nothing to take from, or lengths differ.

    Examples
    --------
    >>> array.interleave([1, 2, 3], [10, 20, 30])
    array([ 1, 10,  2, 20,  3, 30])
    """
    import numpy

    if not values:
        raise ValueError("there is nothing to take from: wire at least one array to it")
    found = [_line(value, f"input {number}") for number, value in enumerate(values, 1)]
    lengths = {len(one) for one in found}
    if len(lengths) > 1:
        raise ValueError(f"the lengths differ, {' and '.join(map(str, sorted(lengths)))}: cut them to one length")
    return numpy.stack(found, axis=-1).reshape(-1)


@node(title="Index of nearest", tags=("search", "closest", "lookup", "threshold", "find value"), pure=True)
def index_of_nearest(values: Array, to: float) -> int:
    """Find which value of an array is nearest to a number.

    Parameters
    ----------
    values : Array
        The values in any unit, shape (n,), in any order; NaN is passed over.
    to : float
        The number, in the same unit.

    Returns
    -------
    int
        Number of the nearest value, from 0, the first of several.

    Raises
    ------
    ValueError
        There are no values, all are NaN, or the array has rows.

    Examples
    --------
    >>> array.index_of_nearest([10.0, 20.0, 30.0], 21.0)
    1
    """
    import numpy

    along(values)  # which says when there are none
    away = numpy.abs(_line(values) - float(to))
    if numpy.isnan(away).all():
        raise ValueError("all values are NaN: none of them is near")
    return int(numpy.nanargmin(away))


@node(tags=("normalise", "scale", "0 to 1", "unit", "standardize", "z-score", "min max"), pure=True)
def normalize(values: Quantity, how: Literal["range", "peak", "deviation", "sum"] = "range") -> Quantity:
    """Scale values so that they can be compared with others.

    Parameters
    ----------
    values : Array or Waveform
        The values, any shape: all are scaled together.
    how : str
        ``"range"`` to 0 for the smallest and 1 for the largest; ``"peak"`` to 1 for the largest size; ``"deviation"``
        to the mean 0 and the standard deviation 1; ``"sum"`` to the sum 1.

    Returns
    -------
    Array or Waveform
        The scaled values (dimensionless), in the same shape.

    Raises
    ------
    ValueError
        There are no values, or they leave nothing to divide by: all the same, or all 0.

    Examples
    --------
    >>> array.normalize([2.0, 4.0, 6.0])
    array([0. , 0.5, 1. ])
    """
    import numpy

    found = along(values).astype(float)
    offset, size = {
        "range": (found.min(), numpy.ptp(found)),
        "peak": (0.0, numpy.abs(found).max()),
        "deviation": (found.mean(), found.std()),
        "sum": (0.0, found.sum()),
    }[how]
    if not size:
        raise ValueError(f"the values cannot be scaled by {how}: they leave nothing to divide by")
    return like(quantity(values), (found - offset) / size, "")


@node(title="Logarithmic ramp", tags=("logspace", "geomspace", "sweep", "decades", "frequencies"), pure=True)
def logarithmic(start: float = 1.0, stop: float = 1000.0, number: Count = 31) -> Array:
    """Make a ramp of numbers whose ratio is always the same, as for a sweep of frequencies.

    Parameters
    ----------
    start, stop : float
        The first and the last number, in one unit, both above 0 (or both below).
    number : int
        Number of values, both ends included.

    Returns
    -------
    Array
        Shape (number,).

    Raises
    ------
    ValueError
        An end is 0, they differ in sign, or the number of values is below 1.

    Examples
    --------
    >>> array.logarithmic(1.0, 1000.0, number=4)
    array([   1.,   10.,  100., 1000.])
    """
    import numpy

    if number < 1:
        raise ValueError(f"a ramp of {number} values is empty: set number to 1 or more")
    if not start * stop > 0.0:
        raise ValueError(f"from {start:g} to {stop:g} no ratio leads: give two numbers above 0")
    return numpy.geomspace(start, stop, number)
