"""Making arrays, joining them, and giving them another shape."""

from __future__ import annotations

from typing import Annotated, Literal, NamedTuple

from flodesk.nodes._quantity import along, quantity, samples
from flodesk.public import Array, Quantity, Range, Waveform, node

Count = Annotated[int, Range(1)]


@node(title="Make array", tags=("build array", "vector", "list", "collect", "pack"), pure=True)
def make(*values: Quantity) -> Array:
    """Make an array of single numbers, one after the other.

    Parameters
    ----------
    *values : float
        At least one number, in one unit.

    Returns
    -------
    Array
        Shape (number of values,), in their order.

    Raises
    ------
    ValueError
        There are no values, or one is an array: Stack and Concatenate join these.

    Examples
    --------
    >>> array.make(1.0, 2.5, 4.0)
    array([1. , 2.5, 4. ])
    """
    import numpy

    if not values:
        raise ValueError("there is nothing to put in: wire at least one number to it")
    known = [samples(value, f"input {number}") for number, value in enumerate(values, 1)]
    for number, value in enumerate(known, 1):
        if value.size != 1:
            raise ValueError(f"input {number} has the shape {value.shape}: join arrays by Stack or Concatenate")
    return numpy.array([value.reshape(()) for value in known])


@node(tags=("zeros", "ones", "constant", "initialize array", "fill", "full"), pure=True)
def filled(value: float = 0.0, rows: Annotated[int, Range(0)] = 0, columns: Count = 10) -> Array:
    """Make an array that holds one number everywhere.

    Parameters
    ----------
    value : float
        The number, in any unit.
    rows : int
        Number of rows; 0 for values one after the other.
    columns : int
        Number of values, or of columns.

    Returns
    -------
    Array
        Shape (columns,) or (rows, columns).

    Raises
    ------
    ValueError
        A number is too small.

    Examples
    --------
    >>> array.filled(1.5, columns=3)
    array([1.5, 1.5, 1.5])
    """
    import numpy

    if rows < 0 or columns < 1:
        raise ValueError(f"{rows} rows of {columns} values make no array: give 0 rows or more, and 1 column or more")
    return numpy.full((rows, columns) if rows else columns, float(value))


class Shape(NamedTuple):
    """How large an array is.

    Attributes
    ----------
    rows : int
        Number of rows; 1 for values one after the other.
    columns : int
        Number of values, or of columns.
    size : int
        Number of values in all.
    dimensions : int
        Number of dimensions.
    """

    rows: int
    columns: int
    size: int
    dimensions: int


@node(tags=("size", "length", "count", "dimensions", "array size", "numel"), pure=True)
def shape(values: Quantity) -> Shape:
    """Say how large an array or a signal is.

    Parameters
    ----------
    values : Array or Waveform
        The values; of a signal the channels are rows.

    Returns
    -------
    rows : int
        Number of rows; 1 for values one after the other.
    columns : int
        Number of values, or of columns.
    size : int
        Number of values in all.
    dimensions : int
        Number of dimensions; of more than two the last two are told as rows and columns.

    Examples
    --------
    >>> array.shape([[1, 2, 3], [4, 5, 6]])
    Shape(rows=2, columns=3, size=6, dimensions=2)
    """
    found = samples(values)
    rows = found.shape[-2] if found.ndim > 1 else 1
    return Shape(rows, found.shape[-1] if found.ndim else 1, found.size, found.ndim)


@node(tags=("shape", "matrix", "rows", "columns", "fold"), pure=True)
def reshape(values: Array, rows: Annotated[int, Range(-1)] = -1, columns: Annotated[int, Range(-1)] = 2) -> Array:
    """Put values into rows and columns, row by row.

    Parameters
    ----------
    values : Array
        The values, any shape.
    rows : int
        Number of rows; -1 for as many as there are values for, 0 for values one after the other.
    columns : int
        Number of columns; -1 for as many as there are values for.

    Returns
    -------
    Array
        Shape (rows, columns), or (columns,) for 0 rows.

    Raises
    ------
    ValueError
        The values do not fill that shape.

    Examples
    --------
    >>> array.reshape([1, 2, 3, 4, 5, 6], columns=3)
    array([[1, 2, 3],
           [4, 5, 6]])
    """
    found = samples(values)
    try:
        return found.reshape((rows, columns) if rows else columns)
    except ValueError:
        wanted = f"{rows} x {columns}" if rows > 0 else f"rows of {columns}"
        raise ValueError(f"{found.size} values do not fill {wanted}: change rows or columns") from None


@node(tags=("ravel", "one-dimensional", "vector", "merge"), pure=True)
def flatten(values: Array) -> Array:
    """Put all values of an array one after the other, row by row.

    Parameters
    ----------
    values : Array
        The values, any shape.

    Returns
    -------
    Array
        Shape (number of values,).

    Examples
    --------
    >>> array.flatten([[1, 2], [3, 4]])
    array([1, 2, 3, 4])
    """
    return samples(values).reshape(-1)


@node(tags=("swap", "rows to columns", "turn", "'"), pure=True)
def transpose(values: Array) -> Array:
    """Turn rows into columns and columns into rows.

    Parameters
    ----------
    values : Array
        Shape (rows, columns); values one after the other are taken as one row.

    Returns
    -------
    Array
        Shape (columns, rows).

    Raises
    ------
    ValueError
        There are more than two dimensions.

    Examples
    --------
    >>> array.transpose([[1, 2, 3], [4, 5, 6]])
    array([[1, 4],
           [2, 5],
           [3, 6]])
    """
    import numpy

    found = samples(values)
    if found.ndim > 2:
        raise ValueError(f"the values have the shape {found.shape}: only rows and columns can be swapped")
    return numpy.atleast_2d(found).T


@node(tags=("append", "join", "cat", "horzcat", "vertcat", "chain"), pure=True)
def concatenate(*values: Quantity, along: Literal["columns", "rows"] = "columns") -> Quantity:
    """Put arrays one behind the other; signals are joined in time.

    Parameters
    ----------
    *values : float, Array or Waveform
        At least one; of arrays with rows, the other dimension must be the same. Signals in one unit and sample rate.
    along : str
        ``"columns"`` puts them side by side, ``"rows"`` below one another (of arrays with rows).

    Returns
    -------
    Array or Waveform
        All values; a signal if all are, from the time of the first: whether a gap was between them is not looked at.

    Raises
    ------
    ValueError
        There is nothing to join, or shapes, units or rates do not fit.

    Examples
    --------
    >>> array.concatenate([1, 2], [3, 4, 5])
    array([1, 2, 3, 4, 5])
    """
    import numpy

    if not values:
        raise ValueError("there is nothing to join: wire at least one array to it")
    waves = [value for value in values if isinstance(value, Waveform)]
    if waves and len(waves) == len(values) and along == "columns":
        return _chained(waves)
    parts = [numpy.atleast_1d(samples(value, f"input {number}")) for number, value in enumerate(values, 1)]
    if along == "rows":
        parts = [numpy.atleast_2d(part) for part in parts]
    try:
        return numpy.concatenate(parts, axis=-2 if along == "rows" else -1)
    except ValueError:
        shapes = ", ".join(str(part.shape) for part in parts)
        raise ValueError(f"arrays of the shapes {shapes} do not fit behind one another along the {along}") from None


def _chained(waves: list[Waveform]) -> Waveform:
    import numpy

    first = waves[0]
    for other in waves[1:]:
        if abs(first.dt - other.dt) > 1e-9 * first.dt:
            raise ValueError(f"sample rates differ, {first.rate:g} Hz and {other.rate:g} Hz: resample one of the two")
        if first.unit != other.unit:
            raise ValueError(f"units differ, {first.unit or 'none'} and {other.unit or 'none'}: convert one of the two")
    return first.with_y(numpy.concatenate([wave.y for wave in waves], axis=-1))


@node(tags=("rows", "channels", "vstack", "combine", "merge signals"), pure=True)
def stack(*values: Quantity) -> Quantity:
    """Put arrays or signals of one length below one another, each as a row.

    Parameters
    ----------
    *values : Array or Waveform
        At least one; of shape (n,), or (rows, n).

    Returns
    -------
    Array or Waveform
        Shape (rows, n); a signal with a row for each channel if all are signals on one time axis. Its unit is kept
        where they have one and the same.

    Raises
    ------
    ValueError
        There is nothing to stack, or lengths or time axes differ.

    Examples
    --------
    >>> array.stack([1, 2], [3, 4])
    array([[1, 2],
           [3, 4]])
    """
    import numpy

    if not values:
        raise ValueError("there is nothing to stack: wire at least one array to it")
    parts = [numpy.atleast_2d(samples(value, f"input {number}")) for number, value in enumerate(values, 1)]
    lengths = {part.shape[-1] for part in parts}
    if len(lengths) > 1:
        raise ValueError(f"the lengths differ, {' and '.join(map(str, sorted(lengths)))}: cut them, or pad the shorter")
    rows = numpy.vstack(parts)
    waves = [value for value in values if isinstance(value, Waveform)]
    if len(waves) < len(values):
        return rows
    for other in waves[1:]:
        waves[0].check_axis(other)
    return waves[0].with_y(rows, waves[0].unit if len({wave.unit for wave in waves}) == 1 else "")


@node(tags=("tile", "copy", "replicate", "duplicate", "repmat"), pure=True)
def repeat(values: Array, times: Count = 2, each: bool = False) -> Array:
    """Repeat the values of an array.

    Parameters
    ----------
    values : Array
        The values, shape (n,); of arrays with rows each row is repeated along itself.
    times : int
        Number of times that they are there afterwards.
    each : bool
        Whether each value is repeated by itself (1 1 2 2), and not the whole (1 2 1 2).

    Returns
    -------
    Array
        Shape (..., n * times).

    Raises
    ------
    ValueError
        `times` is below 1, or there are no values.

    Examples
    --------
    >>> array.repeat([1, 2], times=2), array.repeat([1, 2], times=2, each=True)
    (array([1, 2, 1, 2]), array([1, 1, 2, 2]))
    """
    import numpy

    if times < 1:
        raise ValueError(f"times is {times}: give 1 or more")
    found = along(values)
    return numpy.repeat(found, times, axis=-1) if each else numpy.concatenate([found] * times, axis=-1)


@node(tags=("extend", "zero padding", "border", "fill", "margin"), pure=True)
def pad(
    values: Quantity,
    before: Annotated[int, Range(0)] = 0,
    after: Annotated[int, Range(0)] = 0,
    how: Literal["constant", "edge", "mirror", "wrap"] = "constant",
    value: float = 0.0,
) -> Quantity:
    """Add values at both ends of an array or a signal.

    Parameters
    ----------
    values : Array or Waveform
        The values, shape (..., n).
    before, after : int
        Number of values that are added in front and at the end.
    how : str
        What they are: the ``"constant"`` `value`; the first and last value (``"edge"``); the values near the end
        (``"mirror"``, which does not double the last one), or those of the other end (``"wrap"``).
    value : float
        The constant, in the unit of the values.

    Returns
    -------
    Array or Waveform
        Shape (..., before + n + after). A signal begins so much earlier.

    Raises
    ------
    ValueError
        There are no values, or a number is below 0.

    Examples
    --------
    >>> array.pad([1, 2, 3], before=1, after=2, how="mirror")
    array([2, 1, 2, 3, 2, 1])
    """
    import numpy

    found = along(values)
    if before < 0 or after < 0:
        raise ValueError(f"before is {before} and after {after}: give 0 or more. Slice takes values away")
    sides = [(0, 0)] * (found.ndim - 1) + [(before, after)]
    if how == "constant":
        longer = numpy.pad(found.astype(numpy.result_type(found, float)), sides, constant_values=value)
    elif how == "edge":
        longer = numpy.pad(found, sides, mode="edge")
    else:
        longer = numpy.pad(found, sides, mode="reflect" if how == "mirror" else "wrap")
    known = quantity(values)
    if isinstance(known, Waveform):
        return Waveform(longer, known.dt, known.t0 - before * known.dt, known.unit)
    return longer


@node(title="Rolling window", tags=("sliding", "frames", "segments", "overlap", "buffer", "block"), pure=True)
def rolling_window(values: Array, size: Count = 10, step: Count = 1) -> Array:
    """Cut an array into windows that overlap, a row each.

    Parameters
    ----------
    values : Array
        The values, shape (n,).
    size : int
        Number of values of a window.
    step : int
        Number of values from the begin of one window to that of the next.

    Returns
    -------
    Array
        Shape (windows, size): only windows that are full.

    Raises
    ------
    ValueError
        There are fewer values than a window holds, they have rows, or a number is below 1.

    Examples
    --------
    >>> array.rolling_window([1, 2, 3, 4, 5], size=3, step=2)
    array([[1, 2, 3],
           [3, 4, 5]])
    """
    import numpy

    found = along(values)
    if found.ndim != 1:
        raise ValueError(f"the values have the shape {found.shape}: take a row of them first")
    if size < 1 or step < 1:
        raise ValueError(f"size is {size} and step {step}: give 1 or more")
    if len(found) < size:
        raise ValueError(f"{len(found)} values do not fill a window of {size}: make it smaller")
    return numpy.lib.stride_tricks.sliding_window_view(found, size)[::step].copy()
