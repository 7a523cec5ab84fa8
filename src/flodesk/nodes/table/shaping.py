"""Tables in another shape: joined, put below each other, made long, turned, made of rows."""

from __future__ import annotations

from typing import Any, Literal

from flodesk.nodes._columns import check, check_new
from flodesk.public import Table, node


@node(tags=("merge", "lookup", "vlookup"))
def join(left: Table, right: Table, on: str, how: Literal["inner", "left", "right", "outer"] = "inner") -> Table:
    """Put the columns of two tables side by side where a key is equal.

    Parameters
    ----------
    left, right : Table
        The tables; both have the key's column.
    on : str
        Name of the key's column.
    how : str
        Which rows to keep: those with a partner (``"inner"``), all of the left or of the right table (``"left"``,
        ``"right"``), or all (``"outer"``).

    Returns
    -------
    Table
        A row for each pair; columns that both have get ``_left`` and ``_right`` added to their names.

    Raises
    ------
    LookupError
        One of the tables has no such column.

    Examples
    --------
    >>> table.join(pd.DataFrame({"id": [1, 2], "x": [5, 6]}), pd.DataFrame({"id": [2], "y": [7]}), on="id")
       id  x  y
    0   2  6  7
    """
    check(left, on)
    check(right, on)
    return left.merge(right, on=on, how=how, suffixes=("_left", "_right"))


@node(tags=("append", "union", "stack", "vertcat", "rows", "combine"), pure=True)
def concatenate(*tables: Table, columns: Literal["all", "common"] = "all", source: str = "") -> Table:
    """Put tables below each other, in the order of their wires.

    Parameters
    ----------
    *tables : Table
        At least one; columns belong together by their names.
    columns : str
        Which columns to keep: ``"all"``, with missing values where a table has no such column, or those that the tables
        have in ``"common"``.
    source : str
        Name of a column to add, which tells the number of the table that a row is from (from 1); empty for none.

    Returns
    -------
    Table
        All rows, numbered anew from 0.

    Raises
    ------
    TypeError
        What is wired is no table.
    ValueError
        There is nothing to put together, or a table has a column called `source` already.

    Examples
    --------
    >>> table.concatenate(pd.DataFrame({"x": [1]}), pd.DataFrame({"x": [2]}), source="run")
       x  run
    0  1    1
    1  2    2
    """
    import pandas

    if not tables:
        raise ValueError("there is nothing to put together: wire at least one table to it")
    for one in tables:
        check(one)
        check_new(one, *filter(None, [source]))
    marked = [one.assign(**{source: number}) for number, one in enumerate(tables, 1)] if source else list(tables)
    return pandas.concat(marked, ignore_index=True, join="outer" if columns == "all" else "inner")


@node(tags=("unpivot", "stack", "long", "gather", "tidy"), pure=True)
def melt(
    table: Table, keep: list[str], values: list[str] | None = None, name: str = "name", value: str = "value"
) -> Table:
    """Put columns below each other: a row for each value, with the name of the column that it was in.

    Parameters
    ----------
    table : Table
        The table.
    keep : list of str
        Names of the columns that stay, and are repeated.
    values : list of str, optional
        Names of the columns to put below each other; all others if there are none.
    name : str
        Name of the new column that tells which column a value was in.
    value : str
        Name of the new column of values.

    Returns
    -------
    Table
        The columns of `keep`, the name and the value; all rows of the first column come before those of the second.

    Raises
    ------
    LookupError
        One of the columns does not exist.
    ValueError
        A new column would have the name of one that stays, or both have the same.

    Examples
    --------
    >>> table.melt(pd.DataFrame({"day": [1, 2], "low": [3, 4], "high": [8, 9]}), keep=["day"])
       day  name  value
    0    1   low      3
    1    2   low      4
    2    1  high      8
    3    2  high      9
    """
    check(table, *keep, *(values or ()))
    check_new(table[list(keep)], name, value)
    if name == value:
        raise ValueError(f"both new columns would be called {name!r}: choose another name for one of them")
    wanted = values or [one for one in table.columns if one not in keep]
    # pandas refuses a name for the values that some other column has, also one that is left out
    melted = table.melt(
        id_vars=list(keep), value_vars=wanted, ignore_index=True, var_name=_ASIDE[0], value_name=_ASIDE[1]
    )
    return melted.rename(columns={_ASIDE[0]: name, _ASIDE[1]: value})


_ASIDE = ("\0name", "\0value")
"""Names that no column has."""


@node(title="Transpose table", tags=("flip", "rows to columns", "turn", "rotate"), pure=True)
def transpose(table: Table, names: str = "", first: str = "column") -> Table:
    """Make rows of the columns, and columns of the rows.

    Parameters
    ----------
    table : Table
        The table.
    names : str
        Name of the column whose values become the names of the new columns; empty numbers them from 1.
    first : str
        Name of the first new column, in which the names of the old ones stand.

    Returns
    -------
    Table
        A row for each old column.

    Raises
    ------
    LookupError
        There is no such column.
    ValueError
        Two new columns would have the same name.

    Examples
    --------
    >>> table.transpose(pd.DataFrame({"part": ["R1", "R2"], "ohm": [10, 20], "watt": [1, 2]}), names="part")
      column  R1  R2
    0    ohm  10  20
    1   watt   1   2
    """
    check(table, *filter(None, [names]))
    body = table.drop(columns=names) if names else table
    new = [str(name) for name in (table[names] if names else range(1, len(table) + 1))]
    if len({first, *new}) <= len(new):
        raise ValueError(f"two columns would have the same name: values of {names or 'first'!r} must differ")
    turned = body.T.infer_objects()
    turned.columns = new
    turned.insert(0, first, list(body.columns))
    return turned.reset_index(drop=True)


@node(title="Rows to table", tags=("records", "list of dict", "json", "struct2table", "build", "create"), pure=True)
def from_rows(rows: list[Any], columns: list[str] | None = None) -> Table:
    """Make a table of a list of rows.

    Parameters
    ----------
    rows : list
        The rows: dictionaries, whose keys become the columns, or lists of values in the order of `columns`.
    columns : list of str, optional
        Names of the columns: needed for lists, and for dictionaries which of their keys to take.

    Returns
    -------
    Table
        The table; a value that a dictionary does not have is missing.

    Raises
    ------
    ValueError
        A row has another number of values than there are columns.
    TypeError
        The rows are neither all dictionaries nor all lists.

    Examples
    --------
    >>> table.from_rows([{"part": "R1", "ohm": 10}, {"part": "R2", "ohm": 20}])
      part  ohm
    0   R1   10
    1   R2   20
    """
    import pandas

    if all(isinstance(row, dict) for row in rows):
        return pandas.DataFrame(list(rows), columns=columns or None)
    if not all(isinstance(row, list | tuple) for row in rows):
        raise TypeError("the rows of a table are all dictionaries, or all lists of values")
    if not columns:
        raise ValueError("the rows are lists of values: name the columns, too")
    for number, row in enumerate(rows, 1):
        if len(row) != len(columns):
            raise ValueError(f"row {number} has {len(row)} values, and there are {len(columns)} columns")
    return pandas.DataFrame([list(row) for row in rows], columns=list(columns))


@node(title="Table to rows", tags=("records", "list of dict", "json", "table2struct", "iterate"), pure=True)
def to_rows(table: Table) -> list[dict[str, Any]]:
    """Take a table apart into a list of its rows, for loops, templates and JSON.

    Parameters
    ----------
    table : Table
        The table.

    Returns
    -------
    list of dict
        For each row a dictionary: its values, as plain Python has them, by the names of the columns. A missing value
        is None.

    Examples
    --------
    >>> table.to_rows(pd.DataFrame({"part": ["R1"], "ohm": [10.5]}))
    [{'part': 'R1', 'ohm': 10.5}]
    """
    import pandas

    check(table)
    found = table.to_dict("records")
    return [{str(name): None if _is_missing(pandas, value) else value for name, value in row.items()} for row in found]


def _is_missing(pandas: Any, value: Any) -> bool:
    return bool(pandas.api.types.is_scalar(value) and pandas.isna(value))
