"""Columns written in another way: in classes, as zeros and ones, to one scale, in parts, by a list."""

from __future__ import annotations

from itertools import pairwise
from typing import Annotated, Literal

from flodesk.nodes._columns import check, check_new, check_once, numbers
from flodesk.public import Range, Table, node


@node(title="Bin values", tags=("cut", "discretize", "histogram", "classes", "intervals", "bucket"), pure=True)
def bin(
    table: Table,
    column: str,
    number: Annotated[int, Range(1, 100_000)] = 10,
    edges: list[float] | None = None,
    name: str = "bin",
    label: Literal["text", "middle", "number"] = "text",
) -> Table:
    """Tell for each row in which of several classes its value lies.

    Parameters
    ----------
    table : Table
        The table.
    column : str
        Name of the column of numbers.
    number : int
        Number of classes of equal width from the smallest value to the largest, where no edges are given.
    edges : list of float, optional
        Where classes begin and end, rising, in the unit of the column. A value on an edge belongs to the class that
        begins there, on the last one to the last class.
    name : str
        Name of the new column.
    label : str
        What stands in it: a ``"text"`` such as ``0 to 5``, the ``"middle"`` of the class, or its ``"number"``, from 1.

    Returns
    -------
    Table
        The table with the new column; it is missing where the value is, or lies in no class.

    Raises
    ------
    LookupError
        There is no such column.
    TypeError
        It holds no numbers.
    ValueError
        The edges do not rise, or the table has a column with the new name already.

    Examples
    --------
    >>> table.bin(pd.DataFrame({"volt": [1.0, 5.0, 9.0]}), "volt", edges=[0, 5, 10])
       volt      bin
    0   1.0   0 to 5
    1   5.0  5 to 10
    2   9.0  5 to 10
    """
    import numpy
    import pandas

    numbers(table, [column])
    check_new(table, name)
    values = table[column].to_numpy(float, na_value=numpy.nan)
    if edges is None:
        finite = values[numpy.isfinite(values)]
        limits = numpy.histogram_bin_edges(finite, bins=number)
    else:
        limits = numpy.asarray(edges, dtype=float)
        if len(limits) < 2 or not (numpy.diff(limits) > 0).all():
            raise ValueError(f"the edges {list(edges)} do not rise: at least two are needed, each above the one before")
    place = numpy.searchsorted(limits, values, side="right") - 1
    place[values == limits[-1]] = len(limits) - 2
    inside = (place >= 0) & (place < len(limits) - 1)
    place = numpy.where(inside, place, 0)
    if label == "text":
        texts = numpy.array([f"{low:g} to {high:g}" for low, high in pairwise(limits)], dtype=object)
        found = pandas.Series(texts[place], index=table.index).where(inside, None)
    elif label == "middle":
        found = pandas.Series(((limits[1:] + limits[:-1]) / 2)[place], index=table.index).where(inside)
    else:
        found = pandas.Series(place + 1, index=table.index).astype("Int64").where(inside)
    return table.assign(**{name: found})


@node(
    title="One-hot columns", tags=("dummy", "dummyvar", "get_dummies", "indicator", "encode", "categorical"), pure=True
)
def one_hot(table: Table, column: str) -> Table:
    """Spread a column over columns of 0 and 1, one for each of its values, as models need it.

    Parameters
    ----------
    table : Table
        The table.
    column : str
        Name of the column; it is left out.

    Returns
    -------
    Table
        The other columns, then one for each value in order, called ``city_A``; all are 0 where the value is missing.

    Raises
    ------
    LookupError
        There is no such column.
    ValueError
        The table has a column with one of the new names already.

    Examples
    --------
    >>> table.one_hot(pd.DataFrame({"city": ["A", "B", "A"]}), "city")
       city_A  city_B
    0       1       0
    1       0       1
    2       1       0
    """
    import pandas

    check(table, column)
    new = pandas.get_dummies(table[column], prefix=column, dtype=int)
    rest = table.drop(columns=column)
    check_new(rest, *new.columns)
    return pandas.concat([rest, new], axis=1)


@node(title="Normalise columns", tags=("normalize", "scale", "standardize", "zscore", "minmax", "rescale"), pure=True)
def normalise(
    table: Table, columns: list[str] | None = None, method: Literal["deviation", "range", "maximum"] = "deviation"
) -> Table:
    """Bring columns of numbers to one scale, each by itself.

    Parameters
    ----------
    table : Table
        The table.
    columns : list of str, optional
        Names of the columns; all of numbers if there are none.
    method : str
        ``"deviation"`` gives each the mean 0 and the standard deviation 1 (with n - 1), ``"range"`` goes from 0 to 1,
        ``"maximum"`` divides by the largest size.

    Returns
    -------
    Table
        The table with these columns (dimensionless); one whose values are all equal becomes 0.

    Raises
    ------
    LookupError
        One of the columns does not exist.
    TypeError
        It holds no numbers.

    Examples
    --------
    >>> table.normalise(pd.DataFrame({"volt": [2.0, 3.0, 6.0]}), method="range")
       volt
    0  0.00
    1  0.25
    2  1.00
    """
    scaled = {}
    for name in numbers(table, columns):
        series = table[name].astype(float)
        if method == "deviation":
            shifted, size = series - series.mean(), series.std()
        elif method == "range":
            shifted, size = series - series.min(), series.max() - series.min()
        else:
            shifted, size = series, series.abs().max()
        scaled[name] = shifted / size if size > 0 else shifted * 0.0
    return table.assign(**scaled)


@node(tags=("split text", "delimiter", "text to columns", "str.split", "separate"), pure=True)
def split_column(table: Table, column: str, names: list[str], separator: str = ",") -> Table:
    """Take the texts of a column apart, and give each part a column.

    Parameters
    ----------
    table : Table
        The table.
    column : str
        Name of the column of texts; it stays.
    names : list of str
        Names of the new columns; the last takes all that is left.
    separator : str
        What stands between two parts, to the letter.

    Returns
    -------
    Table
        The table with these columns of text, without blanks round them; missing where there are not so many parts.

    Raises
    ------
    LookupError
        There is no such column.
    ValueError
        There is no separator or no name, or the table has a column with one of the names already.

    Examples
    --------
    >>> table.split_column(pd.DataFrame({"id": ["A-1", "B-2"]}), "id", ["lot", "part"], "-")
        id lot part
    0  A-1   A    1
    1  B-2   B    2
    """
    import pandas

    check(table, column)
    check_new(table, *names)
    if not separator or not names:
        raise ValueError("a separator and the name of at least one column are needed")
    rows = []
    for value in table[column]:
        parts = [] if pandas.isna(value) else [part.strip() for part in str(value).split(separator, len(names) - 1)]
        rows.append([*parts, *[None] * (len(names) - len(parts))])
    new = pandas.DataFrame(rows, columns=list(names), index=table.index, dtype=object)
    return table.assign(**{name: new[name] for name in names})


@node(tags=("vlookup", "map", "translate", "replace values", "dictionary", "recode"), pure=True)
def lookup(table: Table, column: str, other: Table, key: str, value: str) -> Table:
    """Look the values of a column up in another table, and add what stands there.

    Parameters
    ----------
    table : Table
        The table.
    column : str
        Name of its column of what is looked up.
    other : Table
        The table to look in.
    key : str
        Name of its column to look in; no value may come twice.
    value : str
        Name of its column to take from, and of the new column.

    Returns
    -------
    Table
        The table, all rows in their order, with the new column; missing where nothing was found.

    Raises
    ------
    LookupError
        One of the columns does not exist.
    ValueError
        A key comes twice, or the table has a column with the new name already.

    Examples
    --------
    >>> limits = pd.DataFrame({"kind": ["R", "C"], "limit": [5.0, 2.0]})
    >>> table.lookup(pd.DataFrame({"part": ["C", "R", "L"]}), "part", limits, "kind", "limit")
      part  limit
    0    C    2.0
    1    R    5.0
    2    L    NaN
    """
    check(table, column)
    check(other, key, value)
    check_new(table, value)
    known = other[other[key].notna()]
    check_once(known, key)
    return table.assign(**{value: table[column].map(known.set_index(key)[value])})
