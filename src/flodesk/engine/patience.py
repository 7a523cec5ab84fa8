"""How long a process is waited for: the time in which it had no processor, as others had them all, is not its own."""

from __future__ import annotations

import threading
import time

from flodesk.engine.remains import queueing_times

MOST_SECONDS = 5.0
"""What is waited longer at most: a machine that has no time for anything must not keep a run that was stopped."""
_NEXT_TO_NOTHING = 0.02
"""What is left of a wait in s that is not worth another look."""


class Patience:
    """Waits for a process, from now on; where the system does not tell what it had of its time, by the clock alone."""

    def __init__(self, pid: int) -> None:
        self._pid = pid
        self._since = time.monotonic()
        self._before = queueing_times(pid)

    def over(self, seconds: float) -> bool:
        """Return whether the process has had so much time."""
        return self._since + seconds + self._kept_waiting() < time.monotonic()

    def wait(self, event: threading.Event, seconds: float) -> bool:
        """Wait until something is over, or the process has had so much time for it; return whether it is over."""
        while (left := self._since + seconds + self._kept_waiting() - time.monotonic()) > _NEXT_TO_NOTHING:
            if event.wait(left):
                return True
        return event.is_set()

    def _kept_waiting(self) -> float:
        """Return for how long that thread of it had no processor which got one least."""
        waited = (seconds - self._before.get(thread, 0.0) for thread, seconds in queueing_times(self._pid).items())
        return min(MOST_SECONDS, max(waited, default=0.0))
