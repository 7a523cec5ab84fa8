"""Dates and times of day as text and back: what the script says, what is shown, what a hand types, and single steps."""

from __future__ import annotations

import calendar
import datetime
import re
from collections.abc import Mapping
from typing import Any, Literal, TypeAlias
from zoneinfo import ZoneInfo

Kind: TypeAlias = Literal["date_time", "date", "time"]
Moment: TypeAlias = datetime.datetime | datetime.date | datetime.time
Part: TypeAlias = Literal["year", "month", "day", "hour", "minute", "second"]

EXAMPLES: Mapping[Kind, str] = {
    "date_time": "2026-11-22 14:30:00",
    "date": "2026-11-22",
    "time": "14:30:00",
}
"""How each is written."""
WORDS: Mapping[Kind, str] = {"date_time": "a date and time", "date": "a date", "time": "a time of day"}
_DAY = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})|(\d{1,2})\.(\d{1,2})\.(\d{4})")
_CLOCK = re.compile(r"(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,6}))?)?\s*(Z|[+-]\d{2}:?\d{2})?")
_SECONDS: Mapping[Part, int] = {"day": 86_400, "hour": 3600, "minute": 60, "second": 1}


def read(text: Any, kind: Kind) -> Moment | None:
    """Read an ISO text as a script has it; None if it is none of that kind."""
    if not isinstance(text, str):
        return None
    try:
        match kind:
            case "date_time":
                return datetime.datetime.fromisoformat(text.strip())
            case "date":
                return datetime.date.fromisoformat(text.strip())
            case "time":
                return datetime.time.fromisoformat(text.strip())
    except ValueError:
        return None


def shown(moment: Moment) -> str:
    """Return what is read in a field: ISO with a blank between date and time."""
    return moment.isoformat(" ") if isinstance(moment, datetime.datetime) else moment.isoformat()


def present(kind: Kind, like: Moment | None, zone: str = "") -> Moment:
    """Return what a clock shows now: in a zone, else with the offset of another moment, else here.

    Parameters
    ----------
    zone : str
        Name of a time zone whose wall clock is meant; one that is not known counts as none.
    """
    home = getattr(like, "tzinfo", None)
    try:
        clock = datetime.datetime.now(home or (ZoneInfo(zone) if zone else None)).replace(microsecond=0)
    except (OSError, ValueError, LookupError):
        clock = datetime.datetime.now().replace(microsecond=0)
    clock = clock.replace(tzinfo=home)
    return clock if kind == "date_time" else clock.date() if kind == "date" else clock.timetz()


def typed(text: str, kind: Kind, before: Moment | None, now: Moment) -> Moment | None:
    """Read what a hand typed; None if it is none.

    Beside ISO it takes ``22.11.2026``, hours without seconds, ``now`` and ``today``; of a date and time one part alone
    leaves the other as it was. What has no offset keeps that of `before`.
    """
    text = text.strip()
    if text.lower() in ("now", "today"):
        return now
    day, clock = _DAY.search(text), _CLOCK.search(text)
    rest = text
    for found in (day, clock):
        rest = rest.replace(found[0], "", 1) if found else rest
    if rest.strip(" T,") or not (day or clock):
        return None
    base = before if before is not None else now
    try:
        date = _date(day) if day else None
        time = _time(clock, getattr(base, "tzinfo", None)) if clock else None
    except ValueError:
        return None
    match kind:
        case "date":
            return date if time is None else None
        case "time":
            return time if date is None else None
        case "date_time":
            assert isinstance(base, datetime.datetime)
            return datetime.datetime.combine(date or base.date(), time or base.timetz())


def _date(found: re.Match[str]) -> datetime.date:
    year, month, day = found.group(1, 2, 3) if found[1] else found.group(6, 5, 4)
    return datetime.date(int(year), int(month), int(day))


def _time(found: re.Match[str], zone: datetime.tzinfo | None) -> datetime.time:
    fraction = (found[4] or "").ljust(6, "0")
    time = datetime.time(int(found[1]), int(found[2]), int(found[3] or 0), int(fraction or 0))
    offset = datetime.time.fromisoformat("00:00" + found[5]).tzinfo if found[5] else zone
    return time.replace(tzinfo=offset)


def part_at(kind: Kind, position: int) -> tuple[Part, int, int]:
    """Return which part of the shown text is at a place, and from where to where it goes."""
    parts: tuple[tuple[Part, int, int], ...] = (
        ("year", 0, 4), ("month", 5, 7), ("day", 8, 10), ("hour", 11, 13), ("minute", 14, 16), ("second", 17, 19)
    )  # fmt: skip
    skipped, number = (11, 3) if kind == "time" else (0, 3 if kind == "date" else 6)
    own = [(part, start - skipped, end - skipped) for part, start, end in parts if start >= skipped][:number]
    return next((one for one in own if position <= one[2]), own[-1])


def stepped(moment: Moment, part: Part, steps: int) -> Moment:
    """Return a moment so many years, months, days ... seconds away; a time of day goes round at midnight.

    The last day of a month stays within the next one; beyond the years 1 and 9999 nothing moves.
    """
    try:
        if isinstance(moment, datetime.time):
            day = datetime.datetime.combine(datetime.date(2000, 1, 2), moment)
            return (day + datetime.timedelta(seconds=steps * _SECONDS[part])).timetz()
        if part in ("year", "month"):
            months = moment.year * 12 + moment.month - 1 + steps * (12 if part == "year" else 1)
            year, month = divmod(months, 12)
            last = calendar.monthrange(year, month + 1)[1]
            return moment.replace(year=year, month=month + 1, day=min(moment.day, last))
        return moment + datetime.timedelta(seconds=steps * _SECONDS[part])
    except (OverflowError, ValueError):
        return moment


def before(one: Moment, other: Moment) -> bool:
    """Say whether one moment is before another of its kind; if one alone has an offset, by the clock on the wall."""
    try:
        return one < other  # type: ignore[operator]
    except TypeError:
        return one.replace(tzinfo=None) < other.replace(tzinfo=None)  # type: ignore[call-arg, operator]
