"""What was recorded and is not in the file yet: a loop puts turns in, a thread takes them out."""

from __future__ import annotations

import threading
from collections import deque
from typing import Any, NamedTuple

SECONDS = 4.0
"""For how long the disk may stand still before turns are dropped."""
LEAST = 64
"""How many turns there is room for, however seldom they come."""
MOST = 256_000_000
"""How many bytes wait at most."""


class Turn(NamedTuple):
    """What was recorded in a turn.

    Attributes
    ----------
    number : int
        Counted from 0, those that were dropped too.
    came : float
        When, by a clock that only goes forward, in s.
    time : float
        When, by that of the wall, in s since 1970; or of a signal the time of its first sample.
    clock : float
        When it came by the clock of the wall, in s since 1970.
    dropped : int
        How many turns before it were not kept.
    size : int
        How much memory it takes, in bytes.
    changed : str
        What of the flow has changed since the turn before: JSON, new texts by ``function.node.parameter``.
    """

    number: int
    came: float
    time: float
    clock: float
    dropped: int
    size: int
    values: tuple[Any, ...]
    changed: str = ""


class Ring:
    """Turns on their way. The loop never waits: where there is no room, its turn is dropped and counted."""

    def __init__(self) -> None:
        self._turns: deque[Turn] = deque()
        self._size = 0
        self._lock = threading.Lock()

    def put(self, turn: Turn) -> bool:
        """Take a turn in; False if there is no room."""
        with self._lock:
            turns = self._turns
            if turns and (
                self._size + turn.size > MOST or (len(turns) >= LEAST and turn.came - turns[0].came > SECONDS)
            ):
                return False
            turns.append(turn)
            self._size += turn.size
            return True

    def take(self, most: int) -> list[Turn]:
        """Take the oldest turns out, of so many bytes together, and one at least if there is any."""
        found: list[Turn] = []
        size = 0
        with self._lock:
            while self._turns and (not found or size + self._turns[0].size <= most):
                found.append(self._turns.popleft())
                size += found[-1].size
            self._size -= size
        return found
