"""Taking values out of arrays, and putting them in order."""

from __future__ import annotations

from typing import Annotated, Any, NamedTuple

from flodesk.nodes._quantity import along, like, quantity, samples
from flodesk.public import Array, Quantity, Range, Unit, Waveform, node


@node(tags=("cut", "crop", "subset", "array subset", "part", "range", "every nth", "decimate"), pure=True)
def slice(
    values: Quantity,
    start: int | None = None,
    stop: int | None = None,
    step: Annotated[int, Range(1)] = 1,
) -> Quantity:
    """Take a part of an array or a signal.

    Parameters
    ----------
    values : Array or Waveform
        The values, shape (..., n).
    start : int, optional
        Number of the first value, from 0; negative ones count from the end. None for the first of all.
    stop : int, optional
        Number of the value before which it ends; None for the end.
    step : int
        Number of values from one that is taken to the next: 2 takes every second. No filter is applied.

    Returns
    -------
    Array or Waveform
        The part; nothing in it where start and stop leave nothing. A signal begins at the time of its first value.

    Raises
    ------
    ValueError
        The step is below 1, or the value is a single number.

    Examples
    --------
    >>> array.slice([10, 11, 12, 13, 14], start=1, stop=4)
    array([11, 12, 13])
    >>> array.slice([10, 11, 12, 13, 14], start=-2)
    array([13, 14])
    """
    import builtins

    if step < 1:
        raise ValueError(f"the step is {step}: give 1 or more, and Reverse for the other direction")
    found = samples(values)
    if found.ndim == 0:
        raise ValueError("values is a single number: give an array or a signal")
    asked = builtins.slice(start, stop, step)
    part = found[..., asked]
    known = quantity(values)
    if isinstance(known, Waveform):
        first = asked.indices(len(known))[0]
        return Waveform(part, known.dt * step, known.t0 + first * known.dt, known.unit)
    return part


@node(tags=("row", "index", "index array", "channel", "line"), pure=True)
def row(values: Quantity, index: int = 0) -> Quantity:
    """Take one row of an array, or one channel of a signal.

    Parameters
    ----------
    values : Array or Waveform
        Shape (rows, n); values one after the other are one row.
    index : int
        Number of the row, from 0; negative ones count from the end.

    Returns
    -------
    Array or Waveform
        Shape (n,), in the unit of the values.

    Raises
    ------
    ValueError
        There is no such row.

    Examples
    --------
    >>> array.row([[1, 2, 3], [4, 5, 6]], index=1)
    array([4, 5, 6])
    """
    import numpy

    rows = numpy.atleast_2d(samples(values))
    if not -len(rows) <= index < len(rows):
        raise ValueError(f"there are {len(rows)} rows: there is no number {index}")
    return like(quantity(values), rows[index])


@node(tags=("column", "index", "index array"), pure=True)
def column(values: Array, index: int = 0) -> Array:
    """Take one column of an array.

    Parameters
    ----------
    values : Array
        Shape (rows, columns).
    index : int
        Number of the column, from 0; negative ones count from the end.

    Returns
    -------
    Array
        Shape (rows,), in the unit of the values.

    Raises
    ------
    ValueError
        There is no such column.

    Examples
    --------
    >>> array.column([[1, 2, 3], [4, 5, 6]], index=-1)
    array([3, 6])
    """
    import numpy

    columns = numpy.atleast_2d(along(values)).T
    if not -len(columns) <= index < len(columns):
        raise ValueError(f"there are {len(columns)} columns: there is no number {index}")
    return columns[index]


@node(tags=("pick", "select", "filter", "index", "mask", "gather"), pure=True)
def take(values: Array, which: Array) -> Array:
    """Take values by their numbers, or those where a mask is true.

    Parameters
    ----------
    values : Array
        The values, shape (..., n).
    which : Array
        Numbers of the values, from 0, shape (m,), as Find and Sort order give them; or a mask, shape (n,).

    Returns
    -------
    Array
        Shape (..., m), in the unit of the values.

    Raises
    ------
    ValueError
        There is no value of a number, the mask has another length, or the numbers are not whole.

    Examples
    --------
    >>> array.take([10.0, 20.0, 30.0], [2, 0])
    array([30., 10.])
    """
    found, asked = along(values), samples(which, "which")
    count = found.shape[-1]
    if asked.dtype.kind == "b":
        if asked.shape != (count,):
            raise ValueError(f"the mask has the shape {asked.shape}: for {count} values it needs ({count},)")
        return found[..., asked]
    if (asked != asked.round()).any():
        raise ValueError("which holds numbers that are not whole: give whole ones, or a mask of truths")
    outside = (asked < -count) | (asked >= count)
    if outside.any():
        raise ValueError(f"there are {count} values: there is no number {asked[outside].flat[0]:g}")
    return found[..., asked.astype(int)]


@node(tags=("order", "ascending", "descending", "rank"), pure=True)
def sort(values: Array, descending: bool = False) -> Array:
    """Put values in order.

    Parameters
    ----------
    values : Array
        The values in any unit, shape (..., n): each row by itself.
    descending : bool
        Whether the largest comes first.

    Returns
    -------
    Array
        The values in order, in the same shape; NaN at the end.

    Raises
    ------
    ValueError
        There are no values.

    Examples
    --------
    >>> array.sort([3.0, 1.0, 2.0])
    array([1., 2., 3.])
    """
    import numpy

    found = along(values)
    return numpy.take_along_axis(found, _order(found, descending), axis=-1)


@node(title="Sort order", tags=("argsort", "index", "rank", "permutation"), pure=True)
def sort_order(values: Array, descending: bool = False) -> Array:
    """Find the order in which values would be sorted, to take others in the same order.

    Parameters
    ----------
    values : Array
        The values, shape (..., n): each row by itself.
    descending : bool
        Whether the largest comes first.

    Returns
    -------
    Array
        Numbers of the values, from 0, in the same shape; of equal values the earlier is first.

    Raises
    ------
    ValueError
        There are no values.

    Examples
    --------
    >>> array.sort_order([3.0, 1.0, 2.0])
    array([1, 2, 0])
    """
    return _order(along(values), descending)


def _order(found: Any, descending: bool) -> Any:
    import numpy

    if not descending:
        return numpy.argsort(found, axis=-1, kind="stable")
    if found.dtype.kind in "bu":  # which have no minus
        found = found.astype(int)
    return numpy.argsort(-found, axis=-1, kind="stable")


class Unique(NamedTuple):
    """The different values of an array.

    Attributes
    ----------
    values : Array
        Each value once, in order, shape (m,).
    counts : Array
        How often it is there, shape (m,).
    """

    values: Array
    counts: Array


@node(tags=("distinct", "duplicates", "values", "count", "tally", "deduplicate"), pure=True)
def unique(values: Array) -> Unique:
    """Find the different values of an array, and how often each is there.

    Parameters
    ----------
    values : Array
        The values, any shape.

    Returns
    -------
    values : Array
        Each value once, in order, shape (m,).
    counts : Array
        How often each is there, shape (m,).

    Examples
    --------
    >>> array.unique([3, 1, 3, 3]).values, array.unique([3, 1, 3, 3]).counts
    (array([1, 3]), array([1, 3]))
    """
    import numpy

    return Unique(*numpy.unique(samples(values), return_counts=True))


@node(tags=("flip", "backwards", "mirror", "fliplr"), pure=True)
def reverse(values: Quantity) -> Quantity:
    """Turn the order of values round.

    Parameters
    ----------
    values : Array or Waveform
        The values in any unit, shape (..., n): each row by itself.

    Returns
    -------
    Array or Waveform
        The values from the last to the first, in the same shape; a signal on the same time axis.

    Raises
    ------
    ValueError
        There are no values.

    Examples
    --------
    >>> array.reverse([1, 2, 3])
    array([3, 2, 1])
    """
    return like(quantity(values), along(values)[..., ::-1].copy())


@node(tags=("roll", "rotate", "circshift", "delay", "circular"), pure=True)
def shift(values: Quantity, places: int = 1, circular: bool = True, fill: float = 0.0) -> Quantity:
    """Move values along by some places.

    Parameters
    ----------
    values : Array or Waveform
        The values in any unit, shape (..., n): each row by itself.
    places : int
        Number of places; negative ones move towards the begin.
    circular : bool
        Whether what falls out at one end comes in at the other.
    fill : float
        What comes in otherwise, in the unit of the values.

    Returns
    -------
    Array or Waveform
        The moved values, in the same shape; a signal on the same time axis.

    Raises
    ------
    ValueError
        There are no values.

    Examples
    --------
    >>> array.shift([1, 2, 3, 4], places=1)
    array([4, 1, 2, 3])
    """
    import numpy

    found = along(values)
    moved = numpy.roll(found, places, axis=-1)
    if not circular and places:
        moved = moved.astype(numpy.result_type(found, float))
        if places > 0:
            moved[..., :places] = fill
        else:
            moved[..., places:] = fill
    return like(quantity(values), moved)


class Extreme(NamedTuple):
    """Where an extreme value is.

    Attributes
    ----------
    place : int
        Number of the value, from 0, counted row by row.
    value : float
        The value, in its unit.
    time : float
        For a signal its time in s, else its number.
    """

    place: int
    value: float
    time: Annotated[float, Unit("s")]


def _extreme(values: Any, largest: bool) -> Extreme:
    import numpy

    found = along(values)
    if numpy.isnan(found).all():
        raise ValueError("all values are NaN: none of them is an extreme")
    place = int(numpy.nanargmax(found) if largest else numpy.nanargmin(found))
    known = quantity(values)
    column = place % found.shape[-1]
    time = known.t0 + column * known.dt if isinstance(known, Waveform) else float(column)
    return Extreme(place, float(found.flat[place]), time)


@node(title="Index of maximum", tags=("argmax", "largest", "peak", "position", "where", "max"), pure=True)
def index_of_maximum(values: Quantity) -> Extreme:
    """Find where the largest value is, the first of several.

    Parameters
    ----------
    values : Array or Waveform
        The values in any unit; NaN is passed over.

    Returns
    -------
    place : int
        Number of the value, from 0, counted row by row.
    value : float
        The value, in the unit of the values.
    time : float
        For a signal the time of it in s, else the number of its column.

    Raises
    ------
    ValueError
        There are no values, or all are NaN.

    Examples
    --------
    >>> array.index_of_maximum([1.0, 5.0, 2.0]).place
    1
    """
    return _extreme(values, largest=True)


@node(title="Index of minimum", tags=("argmin", "smallest", "valley", "position", "where", "min"), pure=True)
def index_of_minimum(values: Quantity) -> Extreme:
    """Find where the smallest value is, the first of several.

    Parameters
    ----------
    values : Array or Waveform
        The values in any unit; NaN is passed over.

    Returns
    -------
    place : int
        Number of the value, from 0, counted row by row.
    value : float
        The value, in the unit of the values.
    time : float
        For a signal the time of it in s, else the number of its column.

    Raises
    ------
    ValueError
        There are no values, or all are NaN.

    Examples
    --------
    >>> array.index_of_minimum([4.0, 5.0, 2.0]).place
    2
    """
    return _extreme(values, largest=False)


@node(tags=("nonzero", "search", "where", "indices", "search array", "mask"), pure=True)
def find(mask: Array) -> Array:
    """Find the numbers of the places where a mask is true, or a value is not 0.

    Parameters
    ----------
    mask : Array
        A mask as Compare each makes it, shape (n,).

    Returns
    -------
    Array
        The numbers of these places, from 0, in order, shape (m,).

    Raises
    ------
    ValueError
        The mask has rows.

    Examples
    --------
    >>> array.find([False, True, True])
    array([1, 2])
    """
    found = samples(mask, "mask")
    if found.ndim != 1:
        raise ValueError(f"the mask has the shape {found.shape}: take a row of it first")
    return found.nonzero()[0]


@node(tags=("how many", "number", "true", "sum"), pure=True)
def count_true(mask: Array) -> int:
    """Count the places where a mask is true, or a value is not 0.

    Parameters
    ----------
    mask : Array
        A mask as Compare each makes it, any shape.

    Returns
    -------
    int
        Number of these places.

    Examples
    --------
    >>> array.count_true([False, True, True])
    2
    """
    import numpy

    return int(numpy.count_nonzero(samples(mask, "mask")))
