"""Producers that give the beat, and clocks."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Annotated

from flodesk.public import Range, Unit, context, node

__all__ = ["Stopwatch", "count", "every"]

_MAKE_UP = 1.0
"""Lateness in s up to which `every` makes up for it; what is more (the computer slept) is given up."""


@node(tags=("timer", "tick", "clock", "interval"), pure=False)
def every(period: Annotated[float, Unit("s"), Range(0.001)] = 0.1) -> Iterator[int]:
    """Give 0, 1, 2 ... at a steady beat, for ever.

    The beat keeps to the clock: the time that the loop takes is part of the period, and a turn that came late does not
    move those after it. A loop that is slower than the beat runs without a pause. After more than a second of lateness
    the beat starts afresh from there.

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
    """
    if not period > 0.0:
        raise ValueError(f"the period is {period:g} s: it must be above 0 s")
    run = context()
    number, due = 0, time.monotonic()
    while True:
        yield number
        number += 1
        due += period
        wait = due - time.monotonic()
        if wait > 0.0:
            run.sleep(wait)
        else:
            run.check()
            if wait < -max(_MAKE_UP, period):
                due = time.monotonic()


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
    """
    yield from range(number)


@node(tags=("elapsed", "time", "clock"), pure=False)
class Stopwatch:
    """Say how long ago the first turn was."""

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
