"""What nodes ask of a table: that it is one, and which columns it has."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any


def check(table: Any, *columns: str) -> None:
    """Raise unless it is a table that has these columns."""
    if not hasattr(table, "columns"):
        raise TypeError(f"a table is needed, and {type(table).__name__} came: wire a table to it")
    absent = [name for name in columns if name not in table.columns]
    if absent:
        there = ", ".join(str(name) for name in table.columns)
        raise LookupError(f"there is no column {', '.join(map(repr, absent))}: the table has {there}")


def numbers(table: Any, columns: Iterable[str] | None = None) -> list[Any]:
    """Return the columns asked for, which have to hold numbers, or else all that do."""
    from pandas.api.types import is_bool_dtype, is_numeric_dtype

    check(table, *(columns or ()))
    if not columns:
        return [name for name in table.columns if is_numeric_dtype(table[name]) and not is_bool_dtype(table[name])]
    for name in columns:
        if not is_numeric_dtype(table[name]):
            raise TypeError(f"column {name!r} holds {table[name].dtype} and no numbers: validate the table first")
    return list(columns)


def check_new(table: Any, *columns: str) -> None:
    """Raise if the table has one of these columns: it would be lost."""
    there = [name for name in columns if name in table.columns]
    if there:
        raise ValueError(f"the table has a column {there[0]!r} already: choose another name")


def check_once(table: Any, key: str) -> None:
    """Raise if a value of the column comes more than once."""
    twice = table[key][table[key].duplicated()].tolist()
    if twice:
        raise ValueError(f"{twice[0]!r} comes more than once in column {key!r}: drop its duplicates first")
