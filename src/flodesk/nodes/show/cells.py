"""Arrays, waveforms and lists as the columns of a table."""

from __future__ import annotations

from typing import Any

from flodesk.public import Table, Waveform

__all__ = ["as_table"]


def as_table(value: Any, names: str = "", streams: bool = False) -> Table:
    """Return a value as a DataFrame: a column with numbers from 0, or with the time, and those of the values.

    Parameters
    ----------
    value : DataFrame, Series, array, Waveform or list
        Shape (n,) or (rows, columns); of a `Waveform` (n,) or (channels, n).
    names : str
        Names of the columns of values in order, with commas between.
    streams : bool
        Whether each row of a two-dimensional array becomes a column.

    Raises
    ------
    TypeError
        It has no rows.
    ValueError
        It has more than two axes, or rows of several lengths.
    """
    import numpy
    import pandas

    if hasattr(value, "columns") and hasattr(value, "iloc"):
        return value
    if hasattr(value, "to_frame") and hasattr(value, "iloc"):
        return value.to_frame(name=value.name if value.name is not None else _heads(names, ["value"])[0])
    if isinstance(value, Waveform):
        y = numpy.atleast_2d(numpy.asarray(value.y))
        unit = f" ({value.unit})" if value.unit else ""
        known = [f"{'value' if len(y) == 1 else f'channel {n}'}{unit}" for n in range(1, len(y) + 1)]
        return _table(("time (s)", numpy.asarray(value.time)), _heads(names, known), list(y))
    if isinstance(value, list | tuple | range) and not any(_is_row(item) for item in value):
        return _table(("index", numpy.arange(len(value))), _heads(names, ["value"]), [pandas.Series(list(value))])
    if not hasattr(value, "dtype") and not isinstance(value, list | tuple):
        raise TypeError(
            f"a table shows tables, arrays, waveforms and lists, and got {type(value).__name__}: "
            "to see the values of many turns, put collect.Table or statistics.Recent before it"
        )
    if not hasattr(value, "dtype") and all(isinstance(item, list | tuple) for item in value):
        return _of_rows(value, names, streams)
    return _of_array(numpy.asarray(value), names, streams)


def _of_rows(rows: Any, names: str, streams: bool) -> Table:
    """Lay out lists in a list: each column keeps its own type, where an array would make texts of all of them."""
    import numpy
    import pandas

    lengths = {len(row) for row in rows}
    if len(lengths) > 1:
        told = f"{min(lengths)} to {max(lengths)}"
        raise ValueError(f"a table cannot show rows of {told} values: give it rows of one length")
    parts = [pandas.Series(list(part)) for part in (rows if streams else zip(*rows, strict=True))]
    heads = _heads(names, [str(number) for number in range(len(parts))])
    return _table(("index", numpy.arange(lengths.pop() if streams else len(rows))), heads, parts)


def _of_array(array: Any, names: str, streams: bool) -> Table:
    import numpy

    if array.ndim not in (1, 2):
        raise ValueError(f"a table cannot show an array of shape {array.shape}: give it one with one or two axes")
    index = "index", numpy.arange(array.shape[-1 if streams else 0])
    if array.dtype.names and array.ndim == 1:
        return _table(index, list(array.dtype.names), [array[name] for name in array.dtype.names])
    if array.ndim == 1:
        return _table(index, _heads(names, ["value"]), [array])
    parts = list(array if streams else array.T)
    return _table(index, _heads(names, [str(number) for number in range(len(parts))]), parts)


def _is_row(item: Any) -> bool:
    return isinstance(item, list | tuple) or getattr(item, "ndim", 0) > 0


def _heads(names: str, known: list[str]) -> list[str]:
    """Return the names of columns: those that are given in place of those that are known."""
    given = [name.strip() for name in names.split(",")]
    return [given[n] if n < len(given) and given[n] else head for n, head in enumerate(known)]


def _table(first: tuple[str, Any], heads: list[str], parts: list[Any]) -> Table:
    """Put columns beside each other; two may have one name."""
    import pandas

    made = pandas.DataFrame(dict(enumerate([first[1], *parts])))
    made.columns = pandas.Index([first[0], *heads])
    return made
