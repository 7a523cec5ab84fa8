"""Tables: pandas DataFrames, one row a record."""

from __future__ import annotations

import math
from typing import Annotated, Any, Literal, NamedTuple

from flodesk.public import Array, Range, Table, node

__all__ = ["column", "count_rows", "filter_rows", "head", "join", "select", "sort", "totals", "validate"]

Comparison = Literal["==", "!=", "<", "<=", ">", ">=", "contains"]
Period = Literal["", "day", "month", "quarter", "year"]
_CODES = {"day": "D", "month": "M", "quarter": "Q", "year": "Y"}


def _check(table: Any, *columns: str) -> None:
    """Raise unless it is a table that has these columns."""
    if not hasattr(table, "columns"):
        raise TypeError(f"a table is needed, and {type(table).__name__} came: wire a table to it")
    absent = [name for name in columns if name not in table.columns]
    if absent:
        there = ", ".join(str(name) for name in table.columns)
        raise LookupError(f"there is no column {', '.join(map(repr, absent))}: the table has {there}")


@node(tags=("series", "values", "array"))
def column(table: Table, name: str) -> Array:
    """Take one column out of a table.

    Parameters
    ----------
    table : Table
        The table.
    name : str
        The column's name.

    Returns
    -------
    Array
        Its values, shape (rows,).

    Raises
    ------
    LookupError
        There is no such column; the text lists those that there are.
    """
    _check(table, name)
    return table[name].to_numpy()


@node(tags=("length", "size", "number of rows"))
def count_rows(table: Table) -> int:
    """Count the rows of a table.

    Parameters
    ----------
    table : Table
        The table.

    Returns
    -------
    int
        Number of rows.
    """
    _check(table)
    return len(table)


@node(tags=("columns", "keep", "project"))
def select(table: Table, columns: list[str]) -> Table:
    """Keep some columns, in the order given.

    Parameters
    ----------
    table : Table
        The table.
    columns : list of str
        Names of the columns to keep.

    Returns
    -------
    Table
        All rows with these columns.

    Raises
    ------
    LookupError
        One of them does not exist; the text lists those that do.
    """
    _check(table, *columns)
    return table[list(columns)]


@node(title="Filter rows", tags=("where", "query", "keep"))
def filter_rows(table: Table, column: str, comparison: Comparison = "==", value: float | str = 0.0) -> Table:
    """Keep the rows whose value in one column compares as asked.

    Parameters
    ----------
    table : Table
        The table.
    column : str
        Name of the column to look at.
    comparison : str
        How to compare; ``"contains"`` looks for a piece of text. A missing value never passes.
    value : float or str
        What to compare with, in the unit of the column; for dates as text (``"2024-05-31"``).

    Returns
    -------
    Table
        The rows that pass, in their order.

    Raises
    ------
    LookupError
        There is no such column.
    TypeError
        The column cannot be compared with that value (text with a number).
    """
    _check(table, column)
    series = table[column]
    if comparison == "contains":
        passed = series.astype(str).str.contains(str(value), regex=False)
    else:
        names = {"==": "eq", "!=": "ne", "<": "lt", "<=": "le", ">": "gt", ">=": "ge"}
        try:
            passed = getattr(series, names[comparison])(value)
        except (TypeError, ValueError) as error:
            raise TypeError(f"column {column!r} ({series.dtype}) cannot be compared with {value!r}") from error
    return table[passed.fillna(False).astype(bool) & series.notna()]


@node(tags=("order", "arrange"))
def sort(table: Table, by: str, descending: bool = False) -> Table:
    """Order the rows by one column.

    Parameters
    ----------
    table : Table
        The table.
    by : str
        Name of the column.
    descending : bool
        Largest first. Rows with equal values keep their order; missing values come last.

    Returns
    -------
    Table
        The rows in the new order.

    Raises
    ------
    LookupError
        There is no such column.
    """
    _check(table, by)
    return table.sort_values(by, ascending=not descending, kind="stable")


@node(tags=("first", "limit", "top"))
def head(table: Table, number: Annotated[int, Range(0)] = 10) -> Table:
    """Keep the first rows.

    Parameters
    ----------
    table : Table
        The table.
    number : int
        Number of rows to keep.

    Returns
    -------
    Table
        The first rows.
    """
    _check(table)
    return table.head(number)


@node(tags=("merge", "lookup", "vlookup"))
def join(left: Table, right: Table, on: str, how: Literal["inner", "left", "outer"] = "inner") -> Table:
    """Put the columns of two tables side by side where a key is equal.

    Parameters
    ----------
    left, right : Table
        The tables; both have the key's column.
    on : str
        Name of the key's column.
    how : str
        Which rows to keep: those with a partner (``"inner"``), all of the left table (``"left"``), or all
        (``"outer"``).

    Returns
    -------
    Table
        A row for each pair; columns that both have get ``_left`` and ``_right`` added to their names.

    Raises
    ------
    LookupError
        One of the tables has no such column.
    """
    _check(left, on)
    _check(right, on)
    return left.merge(right, on=on, how=how, suffixes=("_left", "_right"))


@node(tags=("group", "sum", "aggregate", "pivot", "by month"))
def totals(table: Table, value: str, by: str, period: Period = "") -> Table:
    """Add up one column for each value of another, or for each month (day, year) of a date.

    Parameters
    ----------
    table : Table
        The table.
    value : str
        Name of the column of numbers to add up.
    by : str
        Name of the column to group by.
    period : str
        For a column of dates: the span to group by; empty to group by the values as they are.

    Returns
    -------
    Table
        A row a group, in order: the group (under the name of the period if there is one, as text such as ``2024-05``),
        the sum under the name of `value`, and ``rows``, the number of rows in it. Rows without a group are left out.

    Raises
    ------
    LookupError
        There is no such column.
    TypeError
        `value` is no column of numbers, or `by` no column of dates where a period is asked for.
    """
    import pandas

    _check(table, value, by)
    if not pandas.api.types.is_numeric_dtype(table[value]):
        raise TypeError(f"column {value!r} holds {table[value].dtype} and no numbers: validate the table first")
    group, name = table[by], by
    if period:
        if not pandas.api.types.is_datetime64_any_dtype(group):
            raise TypeError(
                f"column {by!r} holds {group.dtype} and no dates: validate the table first, with it in `dates`"
            )
        group, name = group.dt.to_period(_CODES[period]).astype(str).where(group.notna()), period
    grouped = table[value].groupby(group.rename(name), sort=True)
    return pandas.DataFrame({value: grouped.sum(), "rows": grouped.size()}).reset_index()


class Parts(NamedTuple):
    """A table in two parts.

    Attributes
    ----------
    good : Table
        Rows without a fault, dates and numbers as such.
    rejects : Table
        The others as they came, with the columns ``row`` (from 1) and ``reason``.
    """

    good: Table
    rejects: Table


@node(tags=("check", "clean", "reject", "quality", "quarantine"))
def validate(
    table: Table,
    required: list[str] | None = None,
    dates: list[str] | None = None,
    numbers: list[str] | None = None,
    positive: list[str] | None = None,
    unique: list[str] | None = None,
    allowed: dict[str, list[str]] | None = None,
) -> Parts:
    """Part the good rows of a table from those with a fault; no row is lost, and each reject says why it is one.

    Read the table with `as_text`, so that one bad value does not change what its whole column is.

    Parameters
    ----------
    table : Table
        The table as it came.
    required : list of str, optional
        Columns that must have a value.
    dates : list of str, optional
        Columns that hold dates as in ``2024-05-31``.
    numbers : list of str, optional
        Columns that hold numbers.
    positive : list of str, optional
        Columns that hold numbers above 0.
    unique : list of str, optional
        Columns in which no value comes twice: every row after the first with it is rejected.
    allowed : dict of str to list of str, optional
        For some columns the values that there may be.

    Returns
    -------
    good : Table
        Rows without a fault, in their order, with dates and numbers as such. A missing value is a fault in required
        columns only.
    rejects : Table
        The other rows as they came, in their order, with the columns ``row`` (number of the row, from 1) and ``reason``
        (all its faults, with ``; `` between).

    Raises
    ------
    LookupError
        A column does not exist.
    """
    import pandas

    numeric = [*(numbers or ()), *(name for name in positive or () if name not in (numbers or ()))]
    columns = [*(required or ()), *(dates or ()), *numeric, *(unique or ()), *(allowed or {})]
    _check(table, *columns)
    typed = table.copy()
    faults: list[tuple[Any, str]] = [(table[name].isna(), f"{name} is missing") for name in required or ()]
    for name in dates or ():
        typed[name] = pandas.to_datetime(table[name], format="%Y-%m-%d", errors="coerce")
        faults.append((typed[name].isna() & table[name].notna(), f"{name} is no date"))
    for name in numeric:
        typed[name] = pandas.to_numeric(table[name], errors="coerce").replace([math.inf, -math.inf], math.nan)
        faults.append((typed[name].isna() & table[name].notna(), f"{name} is no number"))
    faults += [(typed[name] <= 0, f"{name} is not above 0") for name in positive or ()]
    faults += [(table[name].notna() & table[name].duplicated(), f"{name} came before") for name in unique or ()]
    for name, values in (allowed or {}).items():
        faults.append((table[name].notna() & ~table[name].isin(values), f"{name} is not allowed"))
    reasons = [""] * len(table)
    for found, text in faults:
        for place in found.to_numpy().nonzero()[0]:
            reasons[place] = f"{reasons[place]}; {text}" if reasons[place] else text
    bad = pandas.Series([bool(reason) for reason in reasons], index=table.index, dtype=bool)
    rejects = table[bad].reset_index(drop=True)
    rejects.insert(0, "row", [number for number, reason in enumerate(reasons, 1) if reason])
    rejects["reason"] = [reason for reason in reasons if reason]
    return Parts(typed[~bad].reset_index(drop=True), rejects)
