"""Columns added to a table: calculated by a formula, along the rows, or by their order."""

from __future__ import annotations

from typing import Annotated, Literal

from flodesk.nodes._columns import check, check_new, numbers
from flodesk.nodes._formula import read
from flodesk.public import Range, Table, node


@node(tags=("formula", "calculate", "computed", "derive", "expression", "assign", "mutate"), pure=True)
def add_column(table: Table, name: str, formula: str) -> Table:
    """Add a column that a formula calculates from the others, row by row.

    It may use ``+ - * / // % **`` (``^`` is a power, too), comparisons, ``and``, ``or``, ``not``, ``p if q else r``,
    the constants ``pi`` and ``e``, and the functions that `maths.formula` lists.

    Parameters
    ----------
    table : Table
        The table.
    name : str
        Name of the new column; one that has it is replaced.
    formula : str
        The formula, with the names of columns of numbers in it: ``volt * amp``. A name with blanks or signs in it has
        to be renamed first.

    Returns
    -------
    Table
        The table with the column, at its end.

    Raises
    ------
    ValueError
        The formula cannot be read, or names no column of the table; the text lists those that there are.
    TypeError
        It names a column that holds no numbers.

    Examples
    --------
    >>> table.add_column(pd.DataFrame({"volt": [2.0, 3.0], "amp": [0.5, 2.0]}), "watt", "volt * amp")
       volt  amp  watt
    0   2.0  0.5   1.0
    1   3.0  2.0   6.0
    """
    import numpy
    from pandas.api.types import is_bool_dtype

    check(table)
    wanted = read(formula)
    used = [column for column in table.columns if str(column) in wanted.names]
    given = dict.fromkeys(map(str, table.columns))  # all may be read, which is told if it reads another
    for column in numbers(table, used) if used else ():
        values = table[column]
        given[str(column)] = values.to_numpy() if is_bool_dtype(values) else values.to_numpy(float, na_value=numpy.nan)
    return table.assign(**{name: numpy.broadcast_to(wanted.value(given), len(table)).copy()})


@node(title="Rolling window", tags=("moving average", "movmean", "window", "smooth", "running"), pure=True)
def rolling(
    table: Table,
    columns: list[str],
    window: Annotated[int, Range(1)] = 5,
    aggregate: Literal["mean", "sum", "minimum", "maximum", "median", "deviation"] = "mean",
    whole: bool = True,
) -> Table:
    """Sum up a window of rows that moves along the table, for each row that and those before it.

    Parameters
    ----------
    table : Table
        The table.
    columns : list of str
        Names of the columns of numbers.
    window : int
        Number of rows in the window.
    aggregate : str
        What to tell of the window; the ``"deviation"`` is the standard deviation, with n - 1.
    whole : bool
        Leave the first rows empty, where the window is not yet full.

    Returns
    -------
    Table
        The table with a column more for each, called ``volt_mean``, in the unit of the column.

    Raises
    ------
    LookupError
        One of the columns does not exist.
    TypeError
        It holds no numbers.
    ValueError
        The table has a column with the new name already.

    Examples
    --------
    >>> table.rolling(pd.DataFrame({"volt": [1.0, 3.0, 8.0]}), ["volt"], window=2)
       volt  volt_mean
    0   1.0        NaN
    1   3.0        2.0
    2   8.0        5.5
    """
    numbers(table, columns)
    names = {"mean": "mean", "sum": "sum", "minimum": "min", "maximum": "max", "median": "median", "deviation": "std"}
    new = {f"{name}_{aggregate}": name for name in columns}
    check_new(table, *new)
    least = window if whole else 1
    added = {
        to: getattr(table[name].rolling(window, min_periods=least), names[aggregate])() for to, name in new.items()
    }
    return table.assign(**added)


@node(tags=("running total", "cumsum", "cumprod", "cummax", "integral", "accumulate"), pure=True)
def cumulative(
    table: Table, columns: list[str], kind: Literal["sum", "product", "maximum", "minimum"] = "sum"
) -> Table:
    """Add up a column from its first row to each row, or tell the largest or smallest value so far.

    Parameters
    ----------
    table : Table
        The table.
    columns : list of str
        Names of the columns of numbers.
    kind : str
        What to tell.

    Returns
    -------
    Table
        The table with a column more for each, called ``volt_sum``. Where a value is missing it is missing, too, and
        goes on after that.

    Raises
    ------
    LookupError
        One of the columns does not exist.
    TypeError
        It holds no numbers.
    ValueError
        The table has a column with the new name already.

    Examples
    --------
    >>> table.cumulative(pd.DataFrame({"parts": [2, 3, 4]}), ["parts"])
       parts  parts_sum
    0      2          2
    1      3          5
    2      4          9
    """
    numbers(table, columns)
    function = {"sum": "cumsum", "product": "cumprod", "maximum": "cummax", "minimum": "cummin"}[kind]
    new = {f"{name}_{kind}": name for name in columns}
    check_new(table, *new)
    return table.assign(**{to: getattr(table[name], function)() for to, name in new.items()})


@node(tags=("order", "place", "position", "tiedrank", "percentile"), pure=True)
def rank(
    table: Table,
    by: str,
    name: str = "rank",
    descending: bool = False,
    ties: Literal["average", "lowest", "highest", "dense", "in order"] = "lowest",
) -> Table:
    """Tell for each row which place it takes by one column.

    Parameters
    ----------
    table : Table
        The table.
    by : str
        Name of the column.
    name : str
        Name of the new column.
    descending : bool
        The largest value takes the first place.
    ties : str
        Which place equal values take: the ``"average"`` of theirs, the ``"lowest"`` or ``"highest"`` number, the lowest
        with no number left out after it (``"dense"``), or each its own, ``"in order"`` of the rows.

    Returns
    -------
    Table
        The table with the column of places, from 1; a missing value takes none.

    Raises
    ------
    LookupError
        There is no such column.
    ValueError
        The table has a column with the new name already.

    Examples
    --------
    >>> table.rank(pd.DataFrame({"volt": [5.0, 9.0, 7.0]}), "volt", descending=True)
       volt  rank
    0   5.0   3.0
    1   9.0   1.0
    2   7.0   2.0
    """
    check(table, by)
    check_new(table, name)
    method = {"average": "average", "lowest": "min", "highest": "max", "dense": "dense", "in order": "first"}[ties]
    return table.assign(**{name: table[by].rank(method=method, ascending=not descending)})


@node(title="Sample rows", tags=("random", "subset", "draw", "bootstrap", "datasample", "shuffle"), pure=True)
def sample(
    table: Table, number: Annotated[int, Range(0)] = 10, repeated: bool = False, seed: Annotated[int, Range(0)] = 0
) -> Table:
    """Draw rows by chance.

    Parameters
    ----------
    table : Table
        The table.
    number : int
        Number of rows to draw.
    repeated : bool
        Whether a row may be drawn more than once, as for a bootstrap.
    seed : int
        Number that the chance begins with (dimensionless): the same gives the same rows.

    Returns
    -------
    Table
        The rows in the order in which they were drawn; all of them, shuffled, if fewer are there than asked for.

    Raises
    ------
    ValueError
        Rows are to be drawn more than once, and there is none.

    Examples
    --------
    >>> len(table.sample(pd.DataFrame({"x": range(100)}), 7))
    7
    """
    import numpy

    check(table)
    if repeated and number and not len(table):
        raise ValueError("the table has no rows: there is none to draw")
    draw = numpy.random.default_rng(seed)
    return table.sample(number if repeated else min(number, len(table)), replace=repeated, random_state=draw)
