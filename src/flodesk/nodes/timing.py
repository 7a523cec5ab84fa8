"""Producers that give the beat, and clocks."""

from __future__ import annotations

import datetime
import math
import re
import time
from collections import deque
from collections.abc import Iterator
from typing import Annotated, Any

from flodesk.public import Range, Unit, context, node

__all__ = [
    "OffDelay", "OnDelay", "Rate", "Stopwatch", "Timeout", "clock", "count", "daily", "delay", "every", "once",
    "timestamp",
]  # fmt: skip

Seconds = Annotated[float, Unit("s"), Range(0.0)]

_MAKE_UP = 1.0
"""Lateness in s up to which `every` makes up for it; what is more (the computer slept) is given up."""


@node(tags=("timer", "tick", "clock", "interval"), pure=False)
def every(period: Annotated[float, Unit("s"), Range(0.001)] = 0.1) -> Iterator[int]:
    """Give 0, 1, 2 ... at a steady beat, for ever.

    The beat keeps to the clock: the time that the loop takes is part of the period, and a turn that came late does not
    move those after it. A loop that is slower than the beat runs without a pause. After more than a second of lateness
    the beat starts afresh from there, and the log says how many turns have not come; of what the first turn takes, or a
    pause, it says nothing.

    Parameters
    ----------
    period : float
        Time from one turn to the next in s, above 0.

    Yields
    ------
    int
        Number of the turn, from 0 (dimensionless); none is ever left out.

    Raises
    ------
    ValueError
        The period is not above 0.

    Examples
    --------
    >>> turns = timing.every(0.01)
    >>> next(turns), next(turns)
    (0, 1)
    """
    if not period > 0.0:
        raise ValueError(f"the period is {period:g} s: it must be above 0 s")
    run = context()
    number, due = 0, time.monotonic()
    missed, told, held, paused = 0, 0, 0.0, 0.0
    while True:
        yield number
        number += 1
        due += period
        wait = due - time.monotonic()
        before, held = held, run.held()
        paused += held - before
        if wait > 0.0:
            paused = 0.0  # what a hand has held it for is made up
            run.sleep(wait)
        else:
            run.check()
            if wait < -max(_MAKE_UP, period):
                due = time.monotonic()
                missed += int(max(0.0, -wait - paused) / period) if number > 1 else 0
                paused = 0.0
                if missed >= max(1, 2 * told):  # a loop that is always too slow says it ever more seldom
                    told = missed
                    run.log(f"The loop was held up: {missed} turns of its beat have not come until now", "warning")


@node(tags=("repeat", "range", "times"))
def count(number: Annotated[int, Range(0)] = 10) -> Iterator[int]:
    """Give 0, 1, 2 ... as fast as the loop goes.

    Parameters
    ----------
    number : int
        Number of turns.

    Yields
    ------
    int
        Number of the turn, from 0 (dimensionless).

    Examples
    --------
    >>> list(timing.count(3))
    [0, 1, 2]
    """
    yield from range(number)


@node(tags=("elapsed", "time", "clock"), pure=False)
class Stopwatch:
    """Say how long ago the first turn was.

    Examples
    --------
    >>> watch = timing.Stopwatch()
    >>> watch()
    0.0
    """

    def __init__(self) -> None:
        self._start: float | None = None

    def __call__(self, trigger: object = None) -> Annotated[float, Unit("s")]:
        """Read the watch; the first reading starts it.

        Parameters
        ----------
        trigger : object, optional
            Whatever this is wired to decides when the watch is read; the value plays no part.

        Returns
        -------
        float
            Time since the first reading in s.
        """
        now = time.monotonic()
        if self._start is None:
            self._start = now
        return now - self._start


@node(tags=("single shot", "start", "inject", "trigger", "run once"))
def once() -> Iterator[int]:
    """Give one turn and end.

    Yields
    ------
    int
        Number of the turn: 0 (dimensionless).

    Examples
    --------
    >>> list(timing.once())
    [0]
    """
    yield 0


@node(tags=("schedule", "cron", "alarm clock", "time of day", "appointment", "every day"), pure=False)
def daily(times: str = "08:00, 20:00") -> Iterator[str]:
    """Give a turn at some times of each day, for ever.

    Parameters
    ----------
    times : str
        Times of day of the computer's clock, as ``08:00, 20:30:15``.

    Yields
    ------
    str
        Date and time that it was due, as ``2026-03-01T08:00:00``. What was due while the
        computer slept comes once; what was due while a turn still went on is left out.

    Raises
    ------
    ValueError
        There is no time, or one is none.

    Examples
    --------
    >>> turns = timing.daily("08:00")  # the first turn waits until then
    """
    due = sorted(_time_of(part) for part in times.split(",") if part.strip())
    if not due:
        raise ValueError("there is no time of day: write one such as 08:00")
    run, last = context(), datetime.datetime.fromtimestamp(time.time())
    while True:
        days = (last.date() + datetime.timedelta(days=ahead) for ahead in (0, 1))
        following = next(when for day in days for at in due if (when := datetime.datetime.combine(day, at)) > last)
        # the clock may be set, or the computer sleep: it is read again each minute
        while (wait := (following - datetime.datetime.fromtimestamp(time.time())).total_seconds()) > 0.0:
            run.sleep(min(wait, 60.0))
        yield following.isoformat(timespec="seconds")
        last = max(following, datetime.datetime.fromtimestamp(time.time()))


def _time_of(text: str) -> datetime.time:
    try:
        known = text.strip()
        if not re.fullmatch(r"\d{1,2}:\d\d(:\d\d)?", known):
            raise ValueError(known)
        return datetime.time.fromisoformat(known if known[2] == ":" else f"0{known}")
    except ValueError:
        raise ValueError(f"{text.strip()!r} is no time of day: write it as 08:00 or 20:30:15") from None


@node(tags=("wait", "sleep", "pause", "slow down"), pure=False)
def delay(value: Any, seconds: Seconds = 1.0) -> Any:
    """Wait, and pass a value on; *Stop* ends the wait.

    Parameters
    ----------
    value : Any
        The value.
    seconds : float
        How long to wait, in s.

    Returns
    -------
    Any
        The value.

    Raises
    ------
    ValueError
        The time is below 0, or endless.

    Examples
    --------
    >>> timing.delay("late", seconds=0.0)
    'late'
    """
    if not 0.0 <= seconds < math.inf:
        raise ValueError(f"{seconds:g} s cannot be waited for: give 0 s or more")
    if seconds > 0.0:
        context().sleep(seconds)
    return value


@node(tags=("now", "unix time", "epoch", "date", "time stamp", "tick count"), pure=False)
def timestamp(trigger: object = None) -> Annotated[float, Unit("s")]:
    """Read the computer's clock as a number.

    Parameters
    ----------
    trigger : object, optional
        Whatever this is wired to decides when the clock is read; the value plays no part.

    Returns
    -------
    float
        Time since 1 January 1970, 0:00 UTC, in s.

    Examples
    --------
    >>> timing.timestamp() > 1.7e9
    True
    """
    return time.time()


@node(tags=("now", "date", "time", "format", "strftime", "file name", "date string"), pure=False)
def clock(trigger: object = None, form: str = "%Y-%m-%d %H:%M:%S", utc: bool = False) -> str:
    """Read the computer's clock as a text.

    Parameters
    ----------
    trigger : object, optional
        Whatever this is wired to decides when the clock is read; the value plays no part.
    form : str
        How it is written: ``%Y`` year, ``%m`` month, ``%d`` day, ``%H`` hour, ``%M`` minute, ``%S`` second.
    utc : bool
        Give the time of Greenwich instead of that of the place.

    Returns
    -------
    str
        Date and time.

    Examples
    --------
    >>> len(timing.clock(form="%H:%M"))
    5
    """
    zone = datetime.UTC if utc else None
    return datetime.datetime.fromtimestamp(time.time(), zone).strftime(form)


@node(tags=("frequency", "per second", "throughput", "hz", "speed", "fps"), pure=False)
class Rate:
    """Say how many turns there are in a second.

    Parameters
    ----------
    window : int
        Number of turns to average over.

    Raises
    ------
    ValueError
        The window is below 1.

    Examples
    --------
    >>> rate = timing.Rate()
    >>> rate()
    0.0
    """

    def __init__(self, window: Annotated[int, Range(1)] = 20) -> None:
        if window < 1:
            raise ValueError(f"a window of {window} turns is empty: set it to 1 or more")
        self._times: deque[float] = deque(maxlen=window + 1)

    def __call__(self, trigger: object = None) -> Annotated[float, Unit("Hz")]:
        """Count one turn.

        Parameters
        ----------
        trigger : object, optional
            Whatever this is wired to decides when a turn is counted; the value plays no part.

        Returns
        -------
        float
            Turns a second in Hz, over the last ones; 0 in the first.
        """
        self._times.append(time.monotonic())
        span = self._times[-1] - self._times[0]
        return (len(self._times) - 1) / span if span > 0.0 else 0.0


@node(tags=("watchdog", "heartbeat", "stale", "lost connection", "alive", "no data"), pure=False)
class Timeout:
    """Say whether something has not changed for too long: a watchdog.

    Parameters
    ----------
    limit : float
        How long it may stay the same, in s.

    Raises
    ------
    ValueError
        The limit is not above 0.

    Examples
    --------
    >>> stale = timing.Timeout(limit=60.0)
    >>> stale(1), stale(1)
    (False, False)
    """

    def __init__(self, limit: Seconds = 5.0) -> None:
        if not limit > 0.0:
            raise ValueError(f"the limit is {limit:g} s: it must be above 0 s")
        self._limit = limit
        self._last: list[Any] = []
        self._since = 0.0

    def __call__(self, value: Any) -> bool:
        """Take in the next value.

        Parameters
        ----------
        value : Any
            What is watched: a count of what came, for instance.

        Returns
        -------
        bool
            True once it has been the same for longer than the limit.
        """
        import numpy

        now = time.monotonic()
        if not self._last or not numpy.array_equal(self._last[0], value):
            self._last, self._since = [value], now
        return now - self._since > self._limit


@node(title="On delay", tags=("ton", "timer", "plc", "delay on", "persistent", "alarm delay"), pure=False)
class OnDelay:
    """Become true when something has been true for a time; false at once.

    Parameters
    ----------
    seconds : float
        How long it has to be true, in s.

    Notes
    -----
    TON of IEC 61131-3.

    Examples
    --------
    >>> alarm = timing.OnDelay(seconds=60.0)
    >>> alarm(True)
    False
    """

    def __init__(self, seconds: Seconds = 1.0) -> None:
        self._seconds = seconds
        self._since: float | None = None

    def __call__(self, level: bool) -> bool:
        """Take in the next truth.

        Parameters
        ----------
        level : bool
            What is watched.

        Returns
        -------
        bool
            True once it has been true for the time.
        """
        now = time.monotonic()
        if not level:
            self._since = None
            return False
        self._since = now if self._since is None else self._since
        return now - self._since >= self._seconds


@node(title="Off delay", tags=("tof", "timer", "plc", "delay off", "hold", "after-run"), pure=False)
class OffDelay:
    """Become true at once, and stay so for a time after it is false, as a light on a staircase does.

    Parameters
    ----------
    seconds : float
        How long it stays true, in s.

    Notes
    -----
    TOF of IEC 61131-3.

    Examples
    --------
    >>> light = timing.OffDelay(seconds=60.0)
    >>> light(False), light(True), light(False)
    (False, True, True)
    """

    def __init__(self, seconds: Seconds = 1.0) -> None:
        self._seconds = seconds
        self._last: float | None = None

    def __call__(self, level: bool) -> bool:
        """Take in the next truth.

        Parameters
        ----------
        level : bool
            What is watched.

        Returns
        -------
        bool
            True while it is, and for the time after that.
        """
        now = time.monotonic()
        if level:
            self._last = now
        return self._last is not None and (bool(level) or now - self._last < self._seconds)
