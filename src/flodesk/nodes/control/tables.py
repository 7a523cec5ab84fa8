"""A control of whole tables: rows and columns that a hand types."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from flodesk.public import Table, node


def _number(cell: Any) -> float:
    if isinstance(cell, bool) or not isinstance(cell, int | float):
        raise ValueError
    return float(cell)


def _integer(cell: Any) -> int:
    if isinstance(cell, bool) or not isinstance(cell, int):
        raise ValueError
    return cell


def _truth(cell: Any) -> bool:
    if not isinstance(cell, bool):
        raise ValueError
    return cell


_CELLS: Mapping[str, tuple[Callable[[Any], Any], str]] = {
    "text": (str, "a text"),
    "number": (_number, "a number"),
    "integer": (_integer, "a whole number"),
    "truth": (_truth, "True or False"),
    "date": (lambda cell: datetime.datetime.fromisoformat(cell), "a date such as 2026-11-22"),
}


def _column(name: str, kind: str, cells: Sequence[Any]) -> Any:
    import pandas

    if kind not in _CELLS:
        raise ValueError(f"column “{name}” has the type {kind!r}; there are {', '.join(_CELLS)}")
    read, words = _CELLS[kind]
    values = []
    for row, cell in enumerate(cells, 1):
        try:
            values.append(None if cell is None else read(cell))
        except (TypeError, ValueError):
            raise ValueError(f"row {row}, column “{name}”: {cell!r} is not {words}") from None
    missing = None in values
    match kind:
        case "number":
            return pandas.Series(values, dtype="float64")
        case "integer":
            return pandas.Series(values, dtype="Int64" if missing else "int64")
        case "truth":
            return pandas.Series(values, dtype="boolean" if missing else "bool")
        case "date":
            return pandas.to_datetime(pandas.Series(values, dtype="object"))
        case _:
            return pandas.Series(values, dtype="object")


@node(role="control", widget="table", tags=("spreadsheet", "grid", "cells", "rows", "dataframe", "editor", "list"))
def table(value: list[Any] | None = None, label: str = "") -> Table:
    """Set a table by typing its cells.

    Parameters
    ----------
    value : list
        What the hand has typed: first the columns, each with its type, then one list for each row:
        ``[{"part": "text", "mass": "number"}, ["bolt", 4.21], ["nut", None]]``. The types are text, number, integer,
        truth and date (an ISO text); None is a cell without a value. A row may end early. A wire may bring a pandas
        DataFrame, which is given on.
    label : str
        What stands beside it; empty for the node's name.

    Returns
    -------
    pandas.DataFrame
        The table, a column for each: texts as objects, numbers as float64, whole numbers as int64 and truths as bool
        (as Int64 and boolean where cells are empty), dates as datetime64.

    Raises
    ------
    ValueError
        The first entry names no columns, a row is too long, or a cell is not of its column's type.

    Examples
    --------
    >>> control.table([{"part": "text", "mass": "number"}, ["bolt", 4.25], ["nut", 1.75]])["mass"].sum()
    6.0
    """
    import pandas

    if isinstance(value, pandas.DataFrame):
        return value
    if not value:
        return pandas.DataFrame()
    columns, *rows = value
    if not isinstance(columns, Mapping):
        raise ValueError(
            f'{columns!r} names no columns: begin the table with them, as {{"part": "text", "mass": "number"}}'
        )
    for number, row in enumerate(rows, 1):
        if not isinstance(row, list | tuple) or len(row) > len(columns):
            raise ValueError(f"row {number} is no list of up to {len(columns)} cells: {row!r}")
    full = [[*row, *[None] * (len(columns) - len(row))] for row in rows]
    made = {name: _column(name, kind, [row[at] for row in full]) for at, (name, kind) in enumerate(columns.items())}
    return pandas.DataFrame(made)
