"""The good rows of a table, and those with a fault."""

from __future__ import annotations

import math
from typing import Any, NamedTuple

from flodesk.nodes._columns import check
from flodesk.public import Table, node


class Parts(NamedTuple):
    """A table in two parts.

    Attributes
    ----------
    good : Table
        Rows without a fault, dates and numbers as such.
    rejects : Table
        The others as they came, with the columns ``row`` (from 1) and ``reason``.
    """

    good: Table
    rejects: Table


@node(tags=("check", "clean", "reject", "quality", "quarantine"))
def validate(
    table: Table,
    required: list[str] | None = None,
    dates: list[str] | None = None,
    numbers: list[str] | None = None,
    positive: list[str] | None = None,
    unique: list[str] | None = None,
    allowed: dict[str, list[str]] | None = None,
) -> Parts:
    """Part the good rows of a table from those with a fault; no row is lost, and each reject says why it is one.

    Read the table with `as_text`, so that one bad value does not change what its whole column is.

    Parameters
    ----------
    table : Table
        The table as it came.
    required : list of str, optional
        Columns that must have a value.
    dates : list of str, optional
        Columns that hold dates as in ``2024-05-31``.
    numbers : list of str, optional
        Columns that hold numbers.
    positive : list of str, optional
        Columns that hold numbers above 0.
    unique : list of str, optional
        Columns in which no value comes twice: every row after the first with it is rejected.
    allowed : dict of str to list of str, optional
        For some columns the values that there may be.

    Returns
    -------
    good : Table
        Rows without a fault, in their order, with dates and numbers as such. A missing value is a fault in required
        columns only.
    rejects : Table
        The other rows as they came, in their order, with the columns ``row`` (number of the row, from 1) and ``reason``
        (all its faults, with ``; `` between).

    Raises
    ------
    LookupError
        A column does not exist.

    Examples
    --------
    >>> good, rejects = table.validate(pd.DataFrame({"volt": ["4.9", "high"]}), numbers=["volt"])
    >>> rejects
       row  volt             reason
    0    2  high  volt is no number
    """
    import pandas

    numeric = [*(numbers or ()), *(name for name in positive or () if name not in (numbers or ()))]
    columns = [*(required or ()), *(dates or ()), *numeric, *(unique or ()), *(allowed or {})]
    check(table, *columns)
    typed = table.copy()
    faults: list[tuple[Any, str]] = [(table[name].isna(), f"{name} is missing") for name in required or ()]
    for name in dates or ():
        typed[name] = pandas.to_datetime(table[name], format="%Y-%m-%d", errors="coerce")
        faults.append((typed[name].isna() & table[name].notna(), f"{name} is no date"))
    for name in numeric:
        typed[name] = pandas.to_numeric(table[name], errors="coerce").replace([math.inf, -math.inf], math.nan)
        faults.append((typed[name].isna() & table[name].notna(), f"{name} is no number"))
    faults += [(typed[name] <= 0, f"{name} is not above 0") for name in positive or ()]
    faults += [(table[name].notna() & table[name].duplicated(), f"{name} came before") for name in unique or ()]
    for name, values in (allowed or {}).items():
        faults.append((table[name].notna() & ~table[name].isin(values), f"{name} is not allowed"))
    reasons = [""] * len(table)
    for found, text in faults:
        for place in found.to_numpy().nonzero()[0]:
            reasons[place] = f"{reasons[place]}; {text}" if reasons[place] else text
    bad = pandas.Series([bool(reason) for reason in reasons], index=table.index, dtype=bool)
    rejects = table[bad].reset_index(drop=True)
    rejects.insert(0, "row", [number for number, reason in enumerate(reasons, 1) if reason])
    rejects["reason"] = [reason for reason in reasons if reason]
    return Parts(typed[~bad].reset_index(drop=True), rejects)
