"""Tables summed up: rows in groups, and tables across."""

from __future__ import annotations

from typing import Any, Literal

from flodesk.nodes._columns import check, check_new, numbers
from flodesk.public import Table, node

Period = Literal["", "day", "month", "quarter", "year"]
Aggregate = Literal["count", "sum", "mean", "median", "minimum", "maximum", "deviation", "first", "last", "distinct"]
_CODES = {"day": "D", "month": "M", "quarter": "Q", "year": "Y"}
_AGGREGATES = {
    "count": "count", "sum": "sum", "mean": "mean", "median": "median", "minimum": "min", "maximum": "max",
    "deviation": "std", "first": "first", "last": "last", "distinct": "nunique",
}  # fmt: skip
"""What an aggregate is in pandas."""
_OF_NUMBERS = {"sum", "mean", "median", "deviation"}


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

    Examples
    --------
    >>> table.totals(pd.DataFrame({"city": ["A", "B", "A"], "sum": [1, 2, 3]}), "sum", by="city")
      city  sum  rows
    0    A    4     2
    1    B    2     1
    """
    import pandas

    check(table, value, by)
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


def _checked(table: Any, values: list[str], aggregates: list[str]) -> list[str]:
    """Return what the aggregates are in pandas, for columns that they can be taken of."""
    if unknown := [name for name in aggregates if name not in _AGGREGATES]:
        raise ValueError(f"{unknown[0]!r} is no aggregate: {', '.join(_AGGREGATES)} are")
    if _OF_NUMBERS & set(aggregates) and values:
        numbers(table, values)
    return [_AGGREGATES[name] for name in aggregates]


@node(tags=("aggregate", "splitapply", "groupsummary", "grouped", "mean by", "statistics"), pure=True)
def group_by(
    table: Table, by: list[str], values: list[str] | None = None, aggregates: list[str] | None = None
) -> Table:
    """Sum up the rows that are equal in some columns, with several aggregates at once.

    Parameters
    ----------
    table : Table
        The table.
    by : list of str
        Names of the columns to group by.
    values : list of str, optional
        Names of the columns to sum up; all other columns of numbers if there are none.
    aggregates : list of str, optional
        What to tell of them: ``count`` (of values that are there), ``sum``, ``mean``, ``median``, ``minimum``,
        ``maximum``, ``deviation`` (standard deviation, with n - 1), ``first``, ``last``, ``distinct`` (number of
        different values). The mean if there are none.

    Returns
    -------
    Table
        A row a group, in order: the columns of `by`, then one for each value and aggregate, called ``volt_mean``.
        Rows without a group are left out, and so are missing values.

    Raises
    ------
    LookupError
        One of the columns does not exist.
    TypeError
        Text cannot be added up.
    ValueError
        There is nothing to group by or to sum up, an aggregate is not known, or a name would come twice.

    Examples
    --------
    >>> parts = pd.DataFrame({"lot": ["A", "B", "A"], "volt": [1.0, 5.0, 3.0]})
    >>> table.group_by(parts, ["lot"], aggregates=["mean", "maximum"])
      lot  volt_mean  volt_maximum
    0   A        2.0           3.0
    1   B        5.0           5.0
    """
    check(table, *by, *(values or ()))
    if not by:
        raise ValueError("there is no column to group by: name at least one")
    wanted = values or [name for name in numbers(table) if name not in by]
    if not wanted:
        raise ValueError("there is no other column of numbers to sum up: name columns in values")
    asked = list(aggregates or ["mean"])
    functions = _checked(table, wanted, asked)
    result = table.groupby(list(by), sort=True, observed=True)[wanted].agg(functions)
    result.columns = [f"{value}_{aggregate}" for value in wanted for aggregate in asked]
    check_new(result, *by)
    return result.reset_index()


@node(title="Pivot table", tags=("pivottable", "unstack", "wide", "crosstab", "spread"), pure=True)
def pivot(table: Table, rows: str, columns: str, values: str, aggregate: Aggregate = "mean") -> Table:
    """Spread a column of values: a row for each value of one column, a column for each value of another.

    Parameters
    ----------
    table : Table
        The table.
    rows : str
        Name of the column whose values give the rows.
    columns : str
        Name of the column whose values give the names of the new columns.
    values : str
        Name of the column of values.
    aggregate : str
        How several values that come to one place are summed up.

    Returns
    -------
    Table
        The column of `rows` in order, then a column for each value of `columns` in order; missing where there is none.

    Raises
    ------
    LookupError
        One of the columns does not exist.
    TypeError
        Text cannot be added up: choose ``"first"`` or ``"count"``.
    ValueError
        A new column would have the name of `rows`, or a column is named twice.

    Examples
    --------
    >>> long = pd.DataFrame({"day": [1, 1, 2], "place": ["in", "out", "in"], "temp": [20.0, 5.0, 22.0]})
    >>> table.pivot(long, rows="day", columns="place", values="temp")
       day    in  out
    0    1  20.0  5.0
    1    2  22.0  NaN
    """
    check(table, rows, columns, values)
    if len({rows, columns, values}) < 3:
        raise ValueError("rows, columns and values are three different columns: a name is given twice")
    (function,) = _checked(table, [values], [aggregate])
    spread = table.groupby([rows, columns], sort=True, observed=True)[values].agg(function).unstack(columns)
    spread.columns = [str(name) for name in spread.columns]
    check_new(spread, rows)
    return spread.reset_index()
