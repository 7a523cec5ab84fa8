"""Collectors: filled in a loop, read after it."""

from __future__ import annotations

from typing import Any

from flodesk.public import Quantity, node
from flodesk.public import Table as Frame

__all__ = ["Last", "List", "Mean", "Table"]


@node(tags=("append", "gather", "sequence"))
class List:
    """Collect the values of a loop in a list.

    Examples
    --------
    >>> rows = collect.List()
    >>> rows.add(1)
    >>> rows.add("two")
    >>> rows.result()
    [1, 'two']
    """

    def __init__(self) -> None:
        self._values: list[Any] = []

    def add(self, value: object) -> None:
        """Take in a value.

        Parameters
        ----------
        value : object
            Any value.
        """
        self._values.append(value)

    def result(self) -> list[Any]:
        """Give all values in the order in which they came.

        Returns
        -------
        list
            The values.
        """
        return list(self._values)


@node(tags=("append", "gather", "rows", "data frame"))
class Table:
    """Collect the values of a loop as the rows of a table.

    Parameters
    ----------
    columns : list of str, optional
        Names of the columns; by default ``value``, or ``value_1``, ``value_2`` ...

    Examples
    --------
    >>> rows = collect.Table(columns=["t", "volt"])
    >>> rows.add(0.0, 1.5)
    >>> rows.result()
         t  volt
    0  0.0   1.5
    """

    def __init__(self, columns: list[str] | None = None) -> None:
        self._columns = list(columns or ())
        self._rows: list[tuple[Any, ...]] = []

    def add(self, *values: object) -> None:
        """Take in a row.

        Parameters
        ----------
        *values : object
            One value a column.

        Raises
        ------
        ValueError
            There are more or fewer values than columns.
        """
        expected = len(self._columns) or (len(self._rows[0]) if self._rows else len(values))
        if len(values) != expected or not values:
            raise ValueError(
                f"a row has {expected or 'one or more'} values, and {len(values)} came: wire one to each column"
            )
        self._rows.append(values)

    def result(self) -> Frame:
        """Give the table.

        Returns
        -------
        Table
            A row for each turn of the loop.
        """
        import pandas

        width = len(self._rows[0]) if self._rows else max(1, len(self._columns))
        columns = self._columns or (["value"] if width == 1 else [f"value_{i}" for i in range(1, width + 1)])
        return pandas.DataFrame(self._rows, columns=columns)


@node(tags=("final", "newest"))
class Last:
    """Keep the last value of a loop.

    Examples
    --------
    >>> last = collect.Last()
    >>> last.add(1)
    >>> last.add(2)
    >>> last.result()
    2
    """

    def __init__(self) -> None:
        self._values: list[Any] = []

    def add(self, value: object) -> None:
        """Take in a value.

        Parameters
        ----------
        value : object
            Any value.
        """
        self._values = [value]

    def result(self) -> Any:
        """Give the last value.

        Returns
        -------
        object
            The value.

        Raises
        ------
        ValueError
            The loop did not run once.
        """
        if not self._values:
            raise ValueError("the loop gave no value: there is no last one")
        return self._values[0]


@node(tags=("average",))
class Mean:
    """Average the values of a loop.

    Examples
    --------
    >>> mean = collect.Mean()
    >>> mean.add(1.0)
    >>> mean.add(4.0)
    >>> mean.result()
    2.5
    """

    def __init__(self) -> None:
        self._count = 0
        self._sum: Any = 0.0

    def add(self, value: Quantity) -> None:
        """Take in a value.

        Parameters
        ----------
        value : float, Array or Waveform
            A value in any unit; all of one shape.
        """
        import numpy

        # not in place: the first value is somebody else's array
        self._sum = numpy.add(self._sum, value)
        self._count += 1

    def result(self) -> Quantity:
        """Give the mean.

        Returns
        -------
        float, Array or Waveform
            The mean, in the unit of the values.

        Raises
        ------
        ValueError
            The loop did not run once.
        """
        if not self._count:
            raise ValueError("the loop gave no value: there is no mean")
        return self._sum / self._count
