"""Tables in another shape: joined, put below each other, made long."""

from __future__ import annotations

from typing import Literal

from flodesk.nodes.table.columns import check, check_new
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
