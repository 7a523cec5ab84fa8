"""Rows and columns of a table: picked out, counted, ordered."""

from __future__ import annotations

from typing import Annotated, Literal

from flodesk.nodes._columns import check
from flodesk.public import Array, Range, Table, node

Comparison = Literal["==", "!=", "<", "<=", ">", ">=", "contains"]


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

    Examples
    --------
    >>> table.column(pd.DataFrame({"x": [1.0, 2.0]}), "x")
    array([1., 2.])
    """
    check(table, name)
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

    Examples
    --------
    >>> table.count_rows(pd.DataFrame({"x": [1.0, 2.0]}))
    2
    """
    check(table)
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

    Examples
    --------
    >>> table.select(pd.DataFrame({"x": [1], "y": [2], "z": [3]}), ["z", "x"])
       z  x
    0  3  1
    """
    check(table, *columns)
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

    Examples
    --------
    >>> table.filter_rows(pd.DataFrame({"volt": [4.9, 5.3]}), "volt", ">", 5.0)
       volt
    1   5.3
    """
    check(table, column)
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

    Examples
    --------
    >>> table.sort(pd.DataFrame({"volt": [5.3, 4.9]}), "volt")
       volt
    1   4.9
    0   5.3
    """
    check(table, by)
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

    Examples
    --------
    >>> table.head(pd.DataFrame({"x": [1, 2, 3]}), 2)
       x
    0  1
    1  2
    """
    check(table)
    return table.head(number)
