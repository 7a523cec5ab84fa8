"""What there is in a table: values counted, compared, correlated."""

from __future__ import annotations

from typing import Any, Literal

from flodesk.nodes._columns import check, check_new, check_once, numbers
from flodesk.public import Array, Table, node


@node(tags=("frequency", "histogram", "tabulate", "groupcounts", "distinct", "occurrences"), pure=True)
def value_counts(table: Table, column: str) -> Table:
    """Count how often each value of a column comes.

    Parameters
    ----------
    table : Table
        The table.
    column : str
        Name of the column.

    Returns
    -------
    Table
        A row a value, the most frequent first: the value under the name of the column, ``rows``, the number of rows
        with it, and ``share``, their share from 0 to 1 of those that have a value.

    Raises
    ------
    LookupError
        There is no such column.
    ValueError
        The column is called ``rows`` or ``share``.

    Examples
    --------
    >>> table.value_counts(pd.DataFrame({"grade": ["A", "B", "A", "A"]}), "grade")
      grade  rows  share
    0     A     3   0.75
    1     B     1   0.25
    """
    check(table, column)
    check_new(table[[]].assign(rows=0, share=0.0), column)
    counts = table[column].value_counts(sort=False).sort_values(ascending=False, kind="stable")
    result = counts.rename("rows").rename_axis(column).reset_index()
    return result.assign(share=result["rows"] / max(int(result["rows"].sum()), 1))


@node(title="Unique values", tags=("distinct", "different", "levels", "categories", "set"), pure=True)
def unique(table: Table, column: str) -> Array:
    """List the different values of a column.

    Parameters
    ----------
    table : Table
        The table.
    column : str
        Name of the column.

    Returns
    -------
    Array
        Each value once, in the order in which they come first, shape (values,); missing ones are left out.

    Raises
    ------
    LookupError
        There is no such column.

    Examples
    --------
    >>> table.unique(pd.DataFrame({"x": [3.0, 1.0, 3.0]}), "x")
    array([3., 1.])
    """
    check(table, column)
    return table[column].dropna().drop_duplicates().to_numpy()


@node(title="Cross table", tags=("crosstab", "contingency", "confusion", "frequency", "pivot"), pure=True)
def cross_tab(table: Table, rows: str, columns: str) -> Table:
    """Count how often each pair of values of two columns comes.

    Parameters
    ----------
    table : Table
        The table.
    rows : str
        Name of the column whose values give the rows.
    columns : str
        Name of the column whose values give the columns.

    Returns
    -------
    Table
        The column of `rows` in order, then a column with numbers of rows for each value of `columns` in order.

    Raises
    ------
    LookupError
        One of the columns does not exist.
    ValueError
        Both are the same, or a new column would have the name of `rows`.

    Examples
    --------
    >>> parts = pd.DataFrame({"lot": ["A", "A", "B"], "grade": ["good", "bad", "good"]})
    >>> table.cross_tab(parts, "lot", "grade")
      lot  bad  good
    0   A    1     1
    1   B    0     1
    """
    check(table, rows, columns)
    if rows == columns:
        raise ValueError(f"rows and columns are both {rows!r}: two columns are needed")
    counted = table.groupby([rows, columns], sort=True, observed=True).size().unstack(columns, fill_value=0)
    counted.columns = [str(name) for name in counted.columns]
    check_new(counted, rows)
    return counted.reset_index()


@node(tags=("corrcoef", "correlation matrix", "pearson", "spearman", "kendall", "relation"), pure=True)
def correlation_table(
    table: Table, columns: list[str] | None = None, method: Literal["pearson", "spearman"] = "pearson"
) -> Table:
    """Correlate each column of numbers with each other.

    Parameters
    ----------
    table : Table
        The table.
    columns : list of str, optional
        Names of the columns; all of numbers if there are none.
    method : str
        ``"pearson"`` tells how well a straight line fits, ``"spearman"`` how well any rising curve does (by ranks).

    Returns
    -------
    Table
        A row and a column for each: the names under ``column``, then coefficients from -1 to 1 (dimensionless), of the
        rows in which both have a value (Spearman's: in which all have).

    Raises
    ------
    LookupError
        One of the columns does not exist.
    TypeError
        It holds no numbers.
    ValueError
        A column is called ``column``.

    Examples
    --------
    >>> table.correlation_table(pd.DataFrame({"volt": [1.0, 2.0, 3.0], "amp": [6.0, 4.0, 2.0]}))
      column  volt  amp
    0   volt   1.0 -1.0
    1    amp  -1.0  1.0
    """
    chosen = table[numbers(table, columns)]
    check_new(chosen, "column")
    found = chosen.dropna().rank().corr() if method == "spearman" else chosen.corr()  # Spearman's: that of the ranks
    found.insert(0, "column", found.index)
    return found.reset_index(drop=True)


@node(title="Compare tables", tags=("diff", "difference", "changes", "setdiff", "audit"), pure=True)
def compare(before: Table, after: Table, key: str) -> Table:
    """Find what differs between two tables, row by row with the same key.

    Parameters
    ----------
    before, after : Table
        The tables.
    key : str
        Name of the column that tells which rows belong together; no value may come twice.

    Returns
    -------
    Table
        A row a difference: the key under its name, ``change`` (``removed``, ``added`` or ``changed``), and for a
        changed value its ``column`` and what stood there ``before`` and ``after``. Two missing values are equal.
        Columns that only one of the tables has are not compared.

    Raises
    ------
    LookupError
        One of the tables has no such column.
    ValueError
        A key comes twice or is missing, or is called like one of the columns of the result.

    Examples
    --------
    >>> old, new = pd.DataFrame({"id": [1, 2], "ohm": [10, 20]}), pd.DataFrame({"id": [2], "ohm": [22]})
    >>> table.compare(old, new, "id")
       id   change column before after
    0   1  removed   None   None  None
    1   2  changed    ohm     20    22
    """
    import pandas

    names = ["change", "column", "before", "after"]
    if key in names:
        raise ValueError(f"the key is called {key!r} as a column of the result is: rename it first")
    old, new = (_by_key(one, key) for one in (before, after))
    common = [name for name in old.columns if name in new.columns]
    found: list[tuple[Any, ...]] = []
    for place in old.index:
        if place not in new.index:
            found.append((place, "removed", None, None, None))
            continue
        for name in common:
            left, right = old.at[place, name], new.at[place, name]
            if not (pandas.isna(left) and pandas.isna(right)) and (
                pandas.isna(left) or pandas.isna(right) or left != right
            ):
                found.append((place, "changed", name, left, right))
    found += [(place, "added", None, None, None) for place in new.index if place not in old.index]
    result = pandas.DataFrame(found, columns=[key, *names], dtype=object)
    return result.astype({key: before[key].dtype if before[key].dtype == after[key].dtype else object})


def _by_key(table: Any, key: str) -> Any:
    check(table, key)
    if table[key].isna().any():
        raise ValueError(f"the key {key!r} is missing in a row: drop missing rows first")
    check_once(table, key)
    return table.set_index(key)
