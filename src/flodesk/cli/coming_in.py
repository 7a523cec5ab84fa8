"""What ``flodesk attach`` says of the run that it follows: which, since when, what it shows as it changes, its end."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping

from flodesk.cli.afar import when
from flodesk.cli.stop import HOW
from flodesk.engine.glance import duration
from flodesk.engine.places.session.run_on import RunOn
from flodesk.engine.result import Result, line_of
from flodesk.public import Indicator

FIRST_SECONDS, MOST_SECONDS = 1.0, 10.0
"""How long after a line about an indicator the next one comes, at first and at last: each time it is twice as long."""


def opening(run: RunOn) -> str:
    """Say which run is followed, since when it is what it is, and how to let go of it."""
    what = f"{run.run} of {run.path or 'a flow without a file'}"
    if run.over:
        return f"{what}: began {when(run.since)}, over since {_about(run)}{when(run.ended or run.since)}"
    if run.waits:
        return f"{what}: waits for a worker since {when(run.since)}. Ctrl+C leaves it there"
    where = f" on {run.worker}" if run.worker else ""
    return f"{what}: {run.state} since {when(run.since)}{where}. Ctrl+C leaves it on"


def ending(run: RunOn, result: Result) -> str:
    """Say how it has ended, and after how long."""
    how = "succeeded" if result.reason == "succeeded" else HOW[result.reason]
    seconds = max(0.0, (run.ended or time.time()) - run.since)
    return f"{run.run} {how} after {_about(run)}{duration(seconds)}."


def _about(run: RunOn) -> str:
    return "about " if run.about else ""


class Course:
    """Says what indicators show when that has changed, each ever more seldom.

    Parameters
    ----------
    say : callable
        Takes a line.
    """

    def __init__(self, say: Callable[[str], None]) -> None:
        self._say = say
        self._said: dict[str, tuple[str, float, float]] = {}
        """By indicator its line, the moment from which on there may be another, and how long it waits then."""

    def look(self, shown: Mapping[str, Indicator], now: float) -> None:
        """Say what is new at this moment, in s."""
        for name, indicator in shown.items():
            before, due, pause = self._said.get(name, ("", now, FIRST_SECONDS))
            if now < due:
                continue
            line = line_of(name, indicator)
            if line != before:
                self._say(line)
                self._said[name] = line, now + pause, min(2 * pause, MOST_SECONDS)
