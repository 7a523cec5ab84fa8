"""Names of runs: unique over processes, machines and restarts, and in the order of their starts."""

from __future__ import annotations

import secrets
import threading
import time

_LETTERS = "0123456789abcdefghjkmnpqrstvwxyz"  # Crockford's: none is taken for another when it is read out
_RANDOM_BITS = 32
_LENGTH = 16
"""80 bits: 48 of the time in ms, as in a UUID of version 7, and 32 of chance."""

_lock = threading.Lock()
_last = 0


def new_run() -> str:
    """Return a name for a run; of two that this process makes, the later one sorts after the earlier one."""
    global _last
    with _lock:
        now = (time.time_ns() // 1_000_000) << _RANDOM_BITS | secrets.randbits(_RANDOM_BITS)
        # within one millisecond, and where the clock was set back, it counts on from the last
        _last = number = max(now, _last + 1)
    return "".join(_LETTERS[number >> shift & 31] for shift in range(5 * (_LENGTH - 1), -1, -5))


def new_part(run: str) -> str:
    """Return a name for a part that is run after a whole run, or for one of its own where there was none."""
    return f"{whole(run)}+{new_run()}" if run else new_run()


def whole(run: str) -> str:
    """Return the run that a part of it (``RUN+1``: what was computed again after its end) belongs to."""
    return run.partition("+")[0]


def recorded(run: str) -> str:
    """Return the name under which the history keeps a run: a part by its own, what is computed again with its run."""
    head, _, part = run.partition("+")
    return part if len(part) == _LENGTH else head


def begun(run: str) -> float:
    """Return when a run began, in s since 1970, as its name tells; of what is computed again, its run. 0 if unknown."""
    name = recorded(run)
    if len(name) != _LENGTH or not set(name) <= set(_LETTERS):
        return 0.0
    number = 0
    for letter in name:
        number = number << 5 | _LETTERS.index(letter)
    return (number >> _RANDOM_BITS) / 1000
