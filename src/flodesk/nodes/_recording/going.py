"""How a recording goes, for who looks at it: read by any thread while others record and write."""

from __future__ import annotations

import time

from flodesk.nodes._recording.writing import Writing
from flodesk.public import Recording

MOMENT = 0.5
"""Time in s over which rates are taken."""


class Going:
    """What a recorder tells of itself.

    Attributes
    ----------
    dropped : int
        How many turns had no room.
    """

    def __init__(self, writing: Writing, split_size: int, split_time: float) -> None:
        self.dropped = 0
        self._writing = writing
        self._splits = split_size, split_time
        self._on = True
        self._ended = False
        self._since: float | None = None
        self._before = 0.0
        self._mark = time.monotonic(), 0, writing.size
        self._rates = 0.0, 0.0

    def record(self, came: float) -> None:
        """Take note of a turn that is recorded; it came at a time in s of the clock that only goes forward."""
        self._on = True
        if self._since is None:
            self._since = came

    def pause(self) -> None:
        """Take note of a turn that is not to be recorded."""
        self._on = False
        self._stop_watch()

    def end(self) -> None:
        """Take note that nothing is recorded any more."""
        self._ended = True
        self._stop_watch()

    def _stop_watch(self) -> None:
        since, self._since = self._since, None
        if since is not None:
            self._before += time.monotonic() - since

    @property
    def lost(self) -> int:
        """How many turns are not in the files."""
        return self.dropped + self._writing.lost

    @property
    def state(self) -> str:
        """What it does, in a word."""
        if self._ended:
            return Recording.ENDED
        return Recording.PAUSED if not self._on else Recording.PROBLEM if self._writing.problem else Recording.RECORDING

    def now(self) -> Recording:
        """Return how it goes now."""
        writing, since, clock = self._writing, self._since, time.monotonic()
        then, kept, size = self._mark
        if clock - then >= MOMENT:
            turns, space = max(0, writing.kept - kept), max(0, writing.size - size)
            self._rates = turns / (clock - then), space / (clock - then)
            self._mark = clock, writing.kept, writing.size
        state = self.state
        turns_rate, bytes_rate = self._rates if state == Recording.RECORDING else (0.0, 0.0)
        split_size, split_time = self._splits
        return Recording(
            path=str(writing.path),
            state=state,
            turns=writing.kept,
            dropped=self.lost,
            size=writing.size,
            turns_rate=turns_rate,
            bytes_rate=bytes_rate,
            seconds=self._before + (clock - since if since is not None else 0.0),
            files=max(1, len(writing.files) + (not self._ended)),
            split_size=split_size,
            split_time=split_time,
            problem=writing.problem,
        )

    def stamp(self) -> int:
        """Return a number that moves when `now` says something else: at least with the clock while it records."""
        writing, state = self._writing, self.state
        moment = int(time.monotonic() / MOMENT) if state in (Recording.RECORDING, Recording.PROBLEM) else 0
        return hash((writing.kept, self.lost, writing.size, writing.problem, str(writing.path), state, moment))
