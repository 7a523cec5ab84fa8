"""What the values of columns are: numbers, dates, texts; and rows by spans of time."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from flodesk.nodes._columns import check, numbers
from flodesk.public import Range, Table, Unit, node

_TRUTH = {"true": True, "yes": True, "on": True, "1": True, "false": False, "no": False, "off": False, "0": False}
_MOST = 10_000_000
"""Rows that a table of equal spans may have: more is a span in the wrong unit."""


def _number(series: Any) -> Any:
    import pandas

    return pandas.to_numeric(series, errors="coerce").astype(float)


def _integer(series: Any) -> Any:
    import pandas

    found = pandas.to_numeric(series, errors="coerce")
    whole = found.where((found % 1 == 0) & (found.abs() < 2**63))  # so that 1.5 and infinity are none
    return whole.astype("Int64" if whole.isna().any() else "int64")


def _truth(series: Any) -> Any:
    texts = series.where(series.notna()).map(lambda value: str(value).strip().lower(), na_action="ignore")
    found = texts.map(lambda text: _TRUTH.get(text.removesuffix(".0")), na_action="ignore")
    return found.astype("boolean" if found.isna().any() else bool)


def _date(series: Any, pattern: str = "ISO8601") -> Any:
    import pandas

    return pandas.to_datetime(series, format=pattern, errors="coerce")


_CONVERSIONS = {
    "number": _number,
    "integer": _integer,
    "text": lambda series: series.astype(object).where(series.isna(), series.astype(str)),
    "truth": _truth,
    "date": _date,
}


def _refuse(before: Any, after: Any, name: str, what: str) -> None:
    """Raise at the first value that was lost."""
    lost = (after.isna() & before.notna()).to_numpy().nonzero()[0]
    if len(lost):
        (value,) = before.iloc[lost[:1]].tolist()
        raise ValueError(f"row {lost[0] + 1} of column {name!r} holds {value!r}, which is no {what}")


@node(tags=("astype", "cast", "dtype", "number", "integer", "text", "boolean"), pure=True)
def convert_types(table: Table, types: dict[str, str], invalid: Literal["error", "missing"] = "error") -> Table:
    """Turn the values of columns into numbers, whole numbers, texts, truth values or dates.

    Parameters
    ----------
    table : Table
        The table.
    types : dict of str to str
        For each column that is converted what it becomes: ``number``, ``integer``, ``text``, ``truth`` (of true, yes,
        on, 1 and false, no, off, 0) or ``date`` (as in ``2024-05-31`` or ``2024-05-31T12:30:00``).
    invalid : str
        What becomes of a value that cannot be converted: an ``"error"``, or it is ``"missing"``.

    Returns
    -------
    Table
        The table with these columns converted; missing values stay missing.

    Raises
    ------
    LookupError
        One of the columns does not exist.
    ValueError
        A type is not known, or a value cannot be converted (the text says which).

    Examples
    --------
    >>> table.convert_types(pd.DataFrame({"volt": ["4.9", "5"]}), {"volt": "number"})
       volt
    0   4.9
    1   5.0
    """
    check(table, *types)
    if unknown := [kind for kind in types.values() if kind not in _CONVERSIONS]:
        raise ValueError(f"{unknown[0]!r} is nothing that a column can become: {', '.join(_CONVERSIONS)} are")
    converted = {}
    for name, kind in types.items():
        converted[name] = _CONVERSIONS[kind](table[name])
        if invalid == "error":
            _refuse(table[name], converted[name], name, kind)
    return table.assign(**converted)


@node(tags=("datetime", "timestamp", "strptime", "date", "time", "convert"), pure=True)
def parse_dates(
    table: Table, columns: list[str], format: str = "", invalid: Literal["error", "missing"] = "error"
) -> Table:
    """Read texts in columns as dates and times.

    Parameters
    ----------
    table : Table
        The table.
    columns : list of str
        Names of the columns.
    format : str
        How they are written, in Python's signs: ``%d.%m.%Y %H:%M`` for ``31.05.2024 12:30``. Empty for those that begin
        with the year (ISO 8601).
    invalid : str
        What becomes of a text that is no such date: an ``"error"``, or it is ``"missing"``.

    Returns
    -------
    Table
        The table with dates in these columns.

    Raises
    ------
    LookupError
        One of the columns does not exist.
    ValueError
        A text is no such date (the text says which).

    Examples
    --------
    >>> table.parse_dates(pd.DataFrame({"day": ["31.05.2024"]}), ["day"], "%d.%m.%Y")
             day
    0 2024-05-31
    """
    check(table, *columns)
    converted = {}
    for name in columns:
        converted[name] = _date(table[name], format or "ISO8601")
        if invalid == "error":
            _refuse(table[name], converted[name], name, f"date as in {format}" if format else "date")
    return table.assign(**converted)


@node(title="Resample by time", tags=("retime", "downsample", "timetable", "every", "interval", "bucket"), pure=True)
def resample_time(
    table: Table,
    time: str,
    period: Annotated[float, Unit("s"), Range(0.000001)] = 60.0,
    values: list[str] | None = None,
    aggregate: Literal["mean", "sum", "minimum", "maximum", "first", "last", "count"] = "mean",
) -> Table:
    """Sum up rows by equal spans of time.

    Parameters
    ----------
    table : Table
        The table; its rows may be in any order.
    time : str
        Name of the column of dates and times.
    period : float
        Length of a span in s. Spans begin at midnight of the first day.
    values : list of str, optional
        Names of the columns of numbers to sum up; all if there are none.
    aggregate : str
        What to tell of the rows of a span.

    Returns
    -------
    Table
        A row a span: its begin under the name of `time`, then the values. In a span without rows they are missing (the
        sum and the count are 0). Rows without a time are left out.

    Raises
    ------
    LookupError
        One of the columns does not exist.
    TypeError
        `time` is no column of dates, or one of the others none of numbers.
    ValueError
        The period is so short that there would be more than ten million spans.

    Examples
    --------
    >>> log = pd.DataFrame({"time": pd.to_datetime(["2024-05-31 08:00:10", "2024-05-31 08:00:50"]), "volt": [1.0, 3.0]})
    >>> table.resample_time(log, "time", period=60.0)
                     time  volt
    0 2024-05-31 08:00:00   2.0
    """
    import pandas

    check(table, time, *(values or ()))
    if not pandas.api.types.is_datetime64_any_dtype(table[time]):
        raise TypeError(f"column {time!r} holds {table[time].dtype} and no dates: parse its dates first")
    wanted = [name for name in numbers(table, values) if name != time]
    dated = table[table[time].notna()].set_index(time)[wanted]
    step = pandas.Timedelta(seconds=period)
    if len(dated) and (dated.index.max() - dated.index.min()) / step > _MOST:
        raise ValueError(f"spans of {period:g} s would be more than {_MOST} rows: choose a longer period")
    function = {"minimum": "min", "maximum": "max"}.get(aggregate, aggregate)
    return getattr(dated.resample(step), function)().reset_index()
