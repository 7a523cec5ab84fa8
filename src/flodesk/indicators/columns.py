"""Values as columns of a table: to sort it, to find in it, and to write it to a file."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from flodesk.indicators.base import Indicator
from flodesk.indicators.charts import Bars, Scatter
from flodesk.indicators.curves import Line, Steps
from flodesk.indicators.pictures import Raster
from flodesk.indicators.scales import Lamp, Number, Scale
from flodesk.indicators.solids import Scatter3D
from flodesk.indicators.telling import LEVELS, Lines, Timeline
from flodesk.indicators.words import Note, Sheet
from flodesk.markers import Array, Table


class NoColumnsError(ValueError):
    """A value has no data that a table could hold, or a file cannot be written."""


# ------------------------------------------------------------------ rows of a table
def arranged(table: Table, sort: tuple[int, bool] | None = None, find: str = "") -> Array | None:
    """Return which rows of a table are wanted, in which order; None for all as they are.

    Parameters
    ----------
    table : Table
        A pandas DataFrame.
    sort : tuple of int and bool, optional
        The number of the column to sort by, and whether the greatest comes first. What is missing comes last.
    find : str
        Only rows with this text in one of their cells, in capitals or not.
    """
    import numpy

    rows: Any = None
    if find:
        sought = find.casefold()
        found = numpy.zeros(len(table), dtype=bool)
        for column in range(table.shape[1]):
            texts = table.iloc[:, column].astype(str)
            found |= texts.str.casefold().str.contains(sought, regex=False).to_numpy(dtype=bool, na_value=False)
        rows = numpy.flatnonzero(found)
    if sort is not None and 0 <= sort[0] < table.shape[1]:
        series = table.iloc[:, sort[0]] if rows is None else table.iloc[rows, sort[0]]
        try:
            order = _order(series.reset_index(drop=True), sort[1])
        except TypeError:  # numbers and texts in one column
            order = _order(series.reset_index(drop=True).astype(str), sort[1])
        rows = order if rows is None else rows[order]
    return rows


def _order(series: Any, down: bool) -> Array:
    return series.sort_values(ascending=not down, kind="stable", na_position="last").index.to_numpy()


# ------------------------------------------------------------------ columns of anything
def columns(value: Any) -> Table:
    """Return a value as a pandas DataFrame.

    Raises
    ------
    NoColumnsError
        It has no data.
    """
    import numpy
    import pandas

    if hasattr(value, "columns") and hasattr(value, "iloc"):
        return value
    for kind, make in _KINDS:
        if isinstance(value, kind):
            return make(value.still() if isinstance(value, Indicator) else value)
    if hasattr(value, "y") and hasattr(value, "time"):
        return _curves([("", value.time, row) for row in numpy.atleast_2d(value.y)], "time", "s")
    array = numpy.asarray(value) if hasattr(value, "dtype") or isinstance(value, list | tuple) else None
    if array is not None and array.dtype.kind in "biufU" and array.ndim in (1, 2):
        return pandas.DataFrame(array if array.ndim == 2 else {"value": array})
    if isinstance(value, bool | int | float | str):
        return pandas.DataFrame({"value": [value]})
    raise NoColumnsError(f"a {type(value).__name__} has no data that a table could hold")


def _curves(curves: list[tuple[str, Any, Any]], x_name: str, x_unit: str) -> Table:
    """Return curves as columns: one for x if they share it, else one before each."""
    import numpy
    import pandas

    head = f"{x_name or 'x'} ({x_unit})" if x_unit else x_name or "x"
    made: dict[str, Any] = {}
    for number, (name, x, y) in enumerate(curves, 1):
        if number == 1 or not _same(curves[0][1], x):
            made[head if number == 1 else f"{head} {number}"] = numpy.asarray(x)
        made[name if name and name not in made else f"y{number}"] = numpy.asarray(y)
    if len({len(column) for column in made.values()}) <= 1:
        return pandas.DataFrame(made)
    return pandas.DataFrame({key: pandas.Series(column) for key, column in made.items()})


def _same(one: Any, other: Any) -> bool:
    import numpy

    if one is other or (isinstance(one, Steps) and one == other):
        return True
    return len(one) == len(other) and bool(numpy.array_equal(numpy.asarray(one), numpy.asarray(other)))


def _line(value: Line) -> Table:
    if isinstance(value, Scatter) and value.density is not None:
        raise NoColumnsError("of so many dots only their density is shown here: save the whole of it")
    curves = [(f"{t.name} ({t.unit})" if t.name and t.unit else t.name, t.x, t.y) for t in value.traces]
    return _curves(curves, value.x_label, value.x_unit)


def _bars(value: Bars) -> Table:
    import pandas

    count = len(value.heights[0]) if value.heights else 0
    made: dict[str, Any] = {}
    if value.edges is not None:
        made["from"], made["to"] = value.edges[:-1], value.edges[1:]
    else:
        made["bar"] = list(value.labels) if len(value.labels) == count else list(range(1, count + 1))
    for number, heights in enumerate(value.heights):
        made[value.names[number] if number < len(value.names) and value.names[number] else f"y{number + 1}"] = heights
    return pandas.DataFrame(made)


def _raster(value: Raster) -> Table:
    """Return a row for each row, headed by where the columns are; of colours one for each pixel."""
    import numpy
    import pandas

    values = value.values
    if values is None:
        raise NoColumnsError("there is no picture yet")
    if value.colored:
        row, column = (part.ravel() for part in numpy.indices(values.shape[:2]))
        parts = {name: values[..., n].ravel() for n, name in enumerate("rgba"[: values.shape[2]])}
        names = dict(zip(("red", "green", "blue", "opacity"), parts.values(), strict=False))
        return pandas.DataFrame({"row": row, "column": column, **names})
    places = [f"{value.x_start + n * value.x_step:.9g}" for n in range(values.shape[1])]
    made = pandas.DataFrame(values, columns=places)
    made.insert(0, value.y_label or "y", value.y_start + value.y_step * numpy.arange(values.shape[0]))
    return made


def _lines(value: Lines) -> Table:
    import pandas

    rows = value.rows()
    return pandas.DataFrame(
        {
            "time": [
                f"{time.strftime('%Y-%m-%d %H:%M:%S', time.localtime(w))}.{math.floor(w % 1 * 1e6):06d}"
                for w, _, _ in rows
            ],
            "level": [LEVELS[level] for _, level, _ in rows],
            "text": [text for _, _, text in rows],
        }
    )


def _timeline(value: Timeline) -> Table:
    import pandas

    rows = [
        (lane.name, float(start) - value.now, lane.words[int(code)])
        for lane in value.lanes
        for start, code in zip(lane.starts, lane.codes, strict=True)
    ]
    return pandas.DataFrame(rows, columns=["name", "since (s)", "state"])


def _sheet(value: Sheet) -> Table:
    if value.table is None:
        raise NoColumnsError("there is no table yet")
    return value.table


def _one(value: Any) -> Table:
    import pandas

    told = value.on if isinstance(value, Lamp) else value.text if isinstance(value, Note) else value.value
    unit = getattr(value, "unit", "")
    return pandas.DataFrame({"value": [told], **({"unit": [unit]} if unit else {})})


def _head(name: str, unit: str) -> str:
    return f"{name} ({unit})" if unit else name


def _dots(value: Scatter3D) -> Table:
    import pandas

    heads = {
        "x": _head(value.x_label or "x", value.x_unit),
        "y": _head(value.y_label or "y", value.y_unit),
        "z": _head(value.z_label or "z", value.z_unit),
        "values": _head(value.label or "color", value.unit),
    }
    there = {heads[name]: getattr(value, name) for name in heads if getattr(value, name) is not None}
    return pandas.DataFrame(there)


_KINDS: tuple[tuple[Any, Callable[[Any], Table]], ...] = (
    (Line, _line),
    (Bars, _bars),
    (Raster, _raster),
    (Scatter3D, _dots),
    (Lines, _lines),
    (Timeline, _timeline),
    (Sheet, _sheet),
    ((Number, Scale, Lamp, Note), _one),
)


# ------------------------------------------------------------------ files
def parquet_there() -> bool:
    """Say whether the package that writes Parquet is installed."""
    return find_spec("pyarrow") is not None


def named(table: Table) -> bool:
    """Say whether the rows of a table have names of their own, and not just numbers from 0 on."""
    import pandas

    return not table.index.equals(pandas.RangeIndex(len(table)))


def write(table: Table, path: Path) -> int:
    """Write a table to a file, CSV or Parquet by its ending, and return how many rows that were.

    Raises
    ------
    NoColumnsError
        It cannot be written there, or the package for that is not installed.
    """
    try:
        if path.suffix.lower() == ".parquet":
            if not parquet_there():
                raise NoColumnsError(
                    'Parquet needs the package pyarrow (pip install "flodesk[parquet]"): install it, or save as CSV'
                )
            table.rename(columns=str).to_parquet(path, index=named(table))
        else:
            table.to_csv(path, index=named(table), lineterminator="\n", encoding="utf-8")
    except OSError as error:
        why = error.strerror or error
        raise NoColumnsError(
            f"{path} could not be written: {why}. Choose another folder, or see to its rights"
        ) from error
    return len(table)
