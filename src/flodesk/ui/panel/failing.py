"""What a card knows of the failures of what it shows: what fails again in the same way is not tried at each value."""

from __future__ import annotations

import traceback
from typing import Any

_TIMES = 2
"""So often something fails in the same way before it is left alone."""
_WELL = 10
"""So many values in a row that are shown without a failure make those before forgotten."""


class Failing:
    """Counts failures of one card.

    What is tried is told by its form and its options: with others it is something else, and is tried again.
    """

    def __init__(self) -> None:
        self._way: tuple[object, ...] = ()
        self._what: Any = None
        self._times = 0
        self._well = 0

    def note(self, error: Exception, what: Any) -> bool:
        """Note that something has failed; return whether that is new, and worth a line in the log."""
        way = _way(error)
        if (way, what) != (self._way, self._what):
            self._way, self._what, self._times = way, what, 0
        self._times += 1
        self._well = 0
        return self._times == 1

    def stays(self, what: Any) -> bool:
        """Say whether something has failed often enough in one way to be left alone."""
        return self._times >= _TIMES and what == self._what

    def went_well(self) -> None:
        """Note that one more value is shown where the one before was."""
        if self._times:
            self._well += 1
            if self._well >= _WELL:
                self.forget()

    def forget(self) -> bool:
        """Forget all failures; return whether there were any."""
        there, self._times, self._well, self._what = bool(self._times), 0, 0, None
        return there


def _way(error: Exception) -> tuple[object, ...]:
    """Return what two failures of the same way have in common: not the words, which may hold the value."""
    frames = traceback.extract_tb(error.__traceback__)
    return (type(error), frames[-1].filename, frames[-1].lineno) if frames else (type(error), str(error))
