"""Controls of dates and times of day. In the script they are ISO texts, which anybody can read and compare."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import TypeVar
from zoneinfo import ZoneInfo

from flodesk.public import node

M = TypeVar("M", datetime.datetime, datetime.date, datetime.time)


def _read(value: object, kind: type[M], read: Callable[[str], M], what: str, example: str) -> M:
    if type(value) is kind:
        return value
    try:
        return read(str(value).strip())
    except ValueError:
        raise ValueError(f"“{value}” is no {what}: write it as {example}") from None


def _limited(value: M, low: M | None, high: M | None) -> M:
    try:
        if low is not None and high is not None and low > high:
            raise ValueError(f"the minimum {low} is after the maximum {high}: swap them")
        value = value if low is None else max(value, low)
        return value if high is None else min(value, high)
    except TypeError:
        raise ValueError(
            "of value and limits one has a time zone and another has none: give each an offset, or none"
        ) from None


def _zone(name: str) -> ZoneInfo | None:
    try:
        return ZoneInfo(name) if name else None
    except (OSError, ValueError, LookupError):  # not there, a path, or not UTF-8: each has its own exception
        raise ValueError(f"“{name}” is no time zone: write one such as “Europe/Berlin” or “UTC”") from None


@node(role="control", widget="date_time", tags=("calendar", "timestamp", "moment", "clock", "when", "datetime"))
def date_time(
    value: str = "2026-01-01T12:00:00", minimum: str = "", maximum: str = "", zone: str = "", label: str = ""
) -> datetime.datetime:
    """Set a date with a time of day.

    Parameters
    ----------
    value : str
        What the hand has set, as ISO text: ``2026-11-22T14:30:00``, with or without an offset (``+01:00``).
    minimum, maximum : str
        Limits, both included, as ISO text; empty for none.
    zone : str
        The time zone that the texts are of, such as ``"Europe/Berlin"`` or ``"UTC"``. Empty for none: the value is
        what a clock on the wall shows, the same on every computer.
    label : str
        What stands beside it; empty for the node's name.

    Returns
    -------
    datetime.datetime
        The value, limited to the range. It knows its zone if one is given, or if its text has an offset.

    Raises
    ------
    ValueError
        A text is no date and time, the zone is not known, the minimum is after the maximum, or one of value and limits
        has a zone and the other has none.

    Examples
    --------
    >>> control.date_time("2026-11-22T14:30:00", zone="Europe/Berlin").isoformat()
    '2026-11-22T14:30:00+01:00'
    """
    home = _zone(zone)

    def read(text: object) -> datetime.datetime:
        found = _read(
            text, datetime.datetime, datetime.datetime.fromisoformat, "date and time", "2026-11-22T14:30:00"
        )  # fmt: skip
        if home is None:
            return found
        return found.replace(tzinfo=home) if found.tzinfo is None else found.astimezone(home)

    return _limited(read(value), read(minimum) if minimum else None, read(maximum) if maximum else None)


@node(role="control", widget="date", tags=("calendar", "day", "when"))
def date(value: str = "2026-01-01", minimum: str = "", maximum: str = "", label: str = "") -> datetime.date:
    """Set a date.

    Parameters
    ----------
    value : str
        What the hand has set, as ISO text: ``2026-11-22``.
    minimum, maximum : str
        Limits, both included, as ISO text; empty for none.
    label : str
        What stands beside it; empty for the node's name.

    Returns
    -------
    datetime.date
        The date, limited to the range.

    Raises
    ------
    ValueError
        A text is no date, or the minimum is after the maximum.

    Examples
    --------
    >>> control.date("2026-02-28", minimum="2026-03-01").isoformat()
    '2026-03-01'
    """

    def read(text: object) -> datetime.date:
        return _read(text, datetime.date, datetime.date.fromisoformat, "date", "2026-11-22")

    return _limited(read(value), read(minimum) if minimum else None, read(maximum) if maximum else None)


@node(role="control", widget="time", tags=("clock", "hour", "minute", "when"))
def time(value: str = "12:00:00", minimum: str = "", maximum: str = "", label: str = "") -> datetime.time:
    """Set a time of day.

    Parameters
    ----------
    value : str
        What the hand has set, as ISO text: ``14:30:00``.
    minimum, maximum : str
        Limits, both included, as ISO text; empty for none.
    label : str
        What stands beside it; empty for the node's name.

    Returns
    -------
    datetime.time
        The time, limited to the range.

    Raises
    ------
    ValueError
        A text is no time of day, the minimum is after the maximum, or one of value and limits has an offset and another
        has none.

    Examples
    --------
    >>> control.time("14:30").hour
    14
    """

    def read(text: object) -> datetime.time:
        return _read(text, datetime.time, datetime.time.fromisoformat, "time of day", "14:30:00")

    return _limited(read(value), read(minimum) if minimum else None, read(maximum) if maximum else None)
