"""Tables made clean: missing values, rows that come twice, and names."""

from __future__ import annotations

from typing import Literal

from flodesk.nodes._columns import check, numbers
from flodesk.public import Table, node


@node(tags=("dropna", "rmmissing", "remove", "nan", "empty", "clean"), pure=True)
def drop_missing(table: Table, columns: list[str] | None = None, when: Literal["any", "all"] = "any") -> Table:
    """Leave out the rows in which values are missing.

    Parameters
    ----------
    table : Table
        The table.
    columns : list of str, optional
        Names of the columns to look at; all if there are none.
    when : str
        Whether a row goes when ``"any"`` of these values is missing, or when ``"all"`` are.

    Returns
    -------
    Table
        The other rows, in their order.

    Raises
    ------
    LookupError
        One of the columns does not exist.

    Examples
    --------
    >>> table.drop_missing(pd.DataFrame({"x": [1.0, np.nan, 3.0]}))
         x
    0  1.0
    2  3.0
    """
    check(table, *(columns or ()))
    gaps = table[columns or list(table.columns)].isna()
    return table[~(gaps.any(axis=1) if when == "any" else gaps.all(axis=1))]


@node(tags=("fillna", "fillmissing", "impute", "nan", "interpolate", "hold", "clean"), pure=True)
def fill_missing(
    table: Table,
    columns: list[str] | None = None,
    method: Literal["value", "previous", "next", "interpolate", "mean", "median"] = "value",
    value: float | str = 0.0,
) -> Table:
    """Put something in where values are missing.

    Parameters
    ----------
    table : Table
        The table.
    columns : list of str, optional
        Names of the columns to fill. If there are none, all that it makes sense for: those of numbers, with
        ``"previous"`` and ``"next"`` all, and with a text as the value those of text.
    method : str
        What to put in: a ``"value"``, the ``"previous"`` or the ``"next"`` value of the column, a point on the straight
        line between the two (``"interpolate"``; rows count as equally far apart), or the ``"mean"`` or ``"median"`` of
        the column.
    value : float or str
        The value for the method ``"value"``, in the unit of the columns.

    Returns
    -------
    Table
        The table without these gaps. Before the first value there is no previous one, and after the last no next: such
        gaps stay.

    Raises
    ------
    LookupError
        One of the columns does not exist.
    TypeError
        The value or the method does not suit a column: text for numbers, a mean of text.

    Examples
    --------
    >>> table.fill_missing(pd.DataFrame({"volt": [1.0, np.nan, 3.0]}), method="interpolate")
       volt
    0   1.0
    1   2.0
    2   3.0
    """
    from pandas.api.types import is_numeric_dtype, is_object_dtype, is_string_dtype

    check(table, *(columns or ()))
    if method in ("previous", "next"):
        names = columns or list(table.columns)
    elif method == "value" and isinstance(value, str):
        names = columns or [n for n in table.columns if is_string_dtype(table[n]) or is_object_dtype(table[n])]
        if wrong := [name for name in names if is_numeric_dtype(table[name])]:
            raise TypeError(f"column {wrong[0]!r} holds numbers, and the value is the text {value!r}: give a number")
    else:
        names = numbers(table, columns)
    filled = table.copy()
    for name in names:
        series = table[name]
        if method == "previous":
            filled[name] = series.ffill()
        elif method == "next":
            filled[name] = series.bfill()
        elif method == "interpolate":
            filled[name] = series.interpolate(limit_area="inside")
        else:
            filled[name] = series.fillna(value if method == "value" else getattr(series, method)())
    return filled


@node(tags=("unique", "distinct", "deduplicate", "remove", "clean"), pure=True)
def drop_duplicates(
    table: Table, columns: list[str] | None = None, keep: Literal["first", "last", "none"] = "first"
) -> Table:
    """Leave out rows that came before.

    Parameters
    ----------
    table : Table
        The table.
    columns : list of str, optional
        Names of the columns in which two rows have to be equal; all if there are none. Missing values are equal.
    keep : str
        Which of equal rows to keep: the ``"first"``, the ``"last"``, or ``"none"``, so that only those are left that
        have no equal.

    Returns
    -------
    Table
        The rows that are left, in their order.

    Raises
    ------
    LookupError
        One of the columns does not exist.

    Examples
    --------
    >>> table.drop_duplicates(pd.DataFrame({"city": ["A", "B", "A"]}))
      city
    0    A
    1    B
    """
    check(table, *(columns or ()))
    return table[~table.duplicated(columns or None, keep=False if keep == "none" else keep)]


@node(tags=("names", "header", "relabel"), pure=True)
def rename_columns(table: Table, names: dict[str, str]) -> Table:
    """Give columns other names.

    Parameters
    ----------
    table : Table
        The table.
    names : dict of str to str
        For each column that gets another name: the old name and the new one.

    Returns
    -------
    Table
        The table with these names, its columns in their order.

    Raises
    ------
    LookupError
        One of the columns does not exist.
    ValueError
        Two columns would have the same name.

    Examples
    --------
    >>> table.rename_columns(pd.DataFrame({"U": [4.9], "I": [0.1]}), {"U": "volt"})
       volt    I
    0   4.9  0.1
    """
    check(table, *names)
    renamed = table.rename(columns=names)
    if twice := list(renamed.columns[renamed.columns.duplicated()]):
        raise ValueError(f"two columns would be called {twice[0]!r}: choose another name for one of them")
    return renamed
