"""How often a session on a worker says something: as often as a screen shows it, and no more."""

from __future__ import annotations

import time
from typing import Any

from flodesk.engine.states import USUAL_RATE

STATES_SECONDS = 0.1
"""How often states are sent while they change."""
BEAT_SECONDS = 0.4
"""How often they are sent where nothing changes: whoever follows a run sees that it is alive."""
WAIT_SECONDS = 0.5
"""How often an idle session looks whether somebody else needs the worker."""


class Pace:
    """When what may be sent: values at once after quiet, and no more often than a screen shows them."""

    def __init__(self) -> None:
        self._last: dict[str, float] = {}
        self._values = 0.0
        self._waiting = 0
        self._items: Any = None
        self._beat = 0.0

    def due(self, what: str, seconds: float) -> bool:
        """Return whether something is to be done again, and count from now on if so."""
        now = time.monotonic()
        if now - self._last.get(what, -1e9) < seconds:
            return False
        self._last[what] = now
        return True

    def wait(self, *, idle: bool) -> float:
        """Return for how long in s nothing has to be done but what comes."""
        if self._waiting:
            return max(0.0, self._values - time.monotonic())
        return WAIT_SECONDS if idle else STATES_SECONDS

    def sent(self, batch: int) -> None:
        """Note that a batch of values goes: the next is asked for when the screen can show it."""
        self._waiting = max(self._waiting, batch)
        self._values = max(time.monotonic(), self._values + 1.0 / USUAL_RATE)

    def taken(self) -> int:
        """Return the number of the batch after which the next may come; 0 where none waits, or not yet."""
        if not self._waiting or time.monotonic() < self._values:
            return 0
        batch, self._waiting = self._waiting, 0
        return batch

    def changed(self, items: Any) -> bool:
        """Return whether states are to be sent: they are others, or some time has passed."""
        now = time.monotonic()
        if items == self._items and now - self._beat < BEAT_SECONDS:
            return False
        self._items, self._beat = items, now
        return True
