"""How long a run may go on: by iterations, by time as its normal end, and by time as a failure."""

from __future__ import annotations

import inspect
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from operator import length_hint
from typing import Any

from flodesk.public import Acknowledged

LOADING_SECONDS = 5.0
"""`Limits.seconds` counts from here on at the latest, also where the first turn does not end. A library that is still
being imported, module after module, puts it off: after an installation, on a busy machine, that takes its time."""
_LOOK_SECONDS = 0.02
_SHORTEST = 0.005
"""Seconds between two looks at the least: the clock of a run that is paused stands still."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What ends a run before its flow does; 0 is no limit.

    Attributes
    ----------
    iterations : int
        Each outermost loop ends after so many turns, as if its producer had nothing more to give: what stands below
        it runs, and the run succeeds.
    seconds : float
        The run is stopped after this time in s, counted from the end of the first turn (libraries are imported in
        it), at the latest when no module has been imported for `LOADING_SECONDS`. That is what was asked for, and no
        failure.
    timeout : float
        The run has failed if it has not ended this time in s after its start.
    """

    iterations: int = 0
    seconds: float = 0.0
    timeout: float = 0.0

    def to_json(self) -> dict[str, float]:
        """Return them as plain JSON values."""
        return {"iterations": self.iterations, "seconds": self.seconds, "timeout": self.timeout}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Limits:
        """Make them again."""
        return cls(int(data["iterations"]), float(data["seconds"]), float(data["timeout"]))

    def __bool__(self) -> bool:
        """Return whether anything is limited."""
        return bool(self.iterations or self.seconds or self.timeout)


UNLIMITED = Limits()


class Counted:
    """A producer that has nothing more to give after so many turns."""

    def __init__(self, producer: Iterator[Any], left: int) -> None:
        self.producer = producer
        self._left = left

    def __iter__(self) -> Iterator[Any]:
        return self

    def __next__(self) -> Any:
        if self._left <= 0:
            settle(self.producer)
            raise StopIteration
        value = next(self.producer)
        self._left -= 1
        return value

    def __length_hint__(self) -> int:
        known = length_of(self.producer)
        return self._left if known < 0 else min(known, self._left)


def length_of(iterator: Iterator[Any]) -> int:
    """Return how many values are still to come; -1 where the producer does not say."""
    try:
        return length_hint(iterator, -1)
    except Exception:  # noqa: BLE001 - foreign code, and nothing hangs on it
        return -1


def close_iterator(iterator: Any) -> None:
    """End a generator, so that its ``finally`` runs now and not when the garbage is collected."""
    if isinstance(iterator, Counted):
        iterator = iterator.producer
    if inspect.isgenerator(iterator) or isinstance(iterator, Acknowledged):
        iterator.close()


def settle(iterator: Any) -> None:
    """Tell a producer that wants to know it that the turn of its last value has ended well."""
    if isinstance(iterator, Counted):
        iterator = iterator.producer
    if isinstance(iterator, Acknowledged):
        iterator.settle()


def keep_time(
    limits: Limits,
    over: threading.Event,
    turned: Callable[[], bool],
    expire: Callable[[bool], None],
    held: Callable[[], float] = lambda: 0.0,
    counting: Callable[[float], None] = lambda seconds: None,
) -> threading.Thread | None:
    """Watch the clock of a run in a thread; none is needed where no time is limited.

    Parameters
    ----------
    over : Event
        Set at the end of the run.
    turned : callable
        Returns whether every function is past its first turn.
    expire : callable
        Called once with whether the run has failed by that (`Limits.timeout`) or may end (`Limits.seconds`).
    held : callable
        Returns for how long it was paused, in s: that does not count.
    counting : callable
        Told in how many seconds it may end: at the latest while it loads, then as soon as that is known.
    """
    if not limits.seconds and not limits.timeout:
        return None

    def clock() -> float:
        return time.monotonic() - held()

    started = clock()

    def watch() -> None:
        failing = started + limits.timeout if limits.timeout else float("inf")
        ending = float("inf")
        modules, loaded = len(sys.modules), started
        while True:
            now = clock()
            if limits.seconds and ending == float("inf"):
                if now - loaded >= LOADING_SECONDS or turned():
                    ending = now + limits.seconds
                    counting(limits.seconds)
                elif len(sys.modules) != modules:
                    modules, loaded = len(sys.modules), now
                    counting(LOADING_SECONDS + limits.seconds)
            if now >= min(failing, ending):
                return expire(failing <= ending)
            known = not limits.seconds or ending < float("inf")
            wait = min(failing, ending) - now if known else min(_LOOK_SECONDS, failing - now)
            if over.wait(min(max(wait, _SHORTEST), 1e6)):
                return None

    thread = threading.Thread(target=watch, name="flodesk time limit", daemon=True)
    thread.start()
    return thread
