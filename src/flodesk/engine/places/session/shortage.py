"""What a session on a worker does where its server has no memory left: what happens goes before what is shown."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable
from typing import Any

from redis import Redis
from redis.exceptions import OutOfMemoryError, RedisError

from flodesk.engine.places.server.refusals import no_room
from flodesk.engine.places.server.stream import Keys, pause
from flodesk.engine.places.session.large_values import Bringing
from flodesk.engine.places.session.sent_events import KEPT_EVENTS


class Shortage:
    """Makes room on a server that is full, and says what does not come to the window.

    Parameters
    ----------
    url : str
        Address of the server.
    patience : float
        How long in s events wait for room.
    said : callable
        Takes a sentence.
    """

    def __init__(self, url: str, patience: float, said: Callable[[str], None]) -> None:
        self._url = url
        self._patience = patience
        self._said = said
        self._since = 0.0
        self._tries = 0
        self._told: dict[str, str] = {}
        """What was said of this run: by port, and of all by an empty name."""

    def begin(self) -> None:
        """Note that another run begins."""
        self._told = {}

    def over(self) -> None:
        """Note that the server has taken what there was."""
        self._since, self._tries = 0.0, 0

    def value(self, port: str, size: int) -> None:
        """Say that a value of so many bytes does not come; of each port once."""
        self._say(
            port,
            f"{port}: the Redis server has no memory left for this value of {size / 1e6:.1f} MB, which does not come "
            "to the window. Show less of it, or free memory there, or raise its maxmemory",
        )

    def bear(self, error: OutOfMemoryError, connection: Redis, keys: Keys, bringing: Bringing) -> None:
        """Make room for events, and wait a little.

        Raises
        ------
        RuntimeError
            There has been none for too long.
        """
        words, now = no_room(self._url, error), time.monotonic()
        self._since = self._since or now
        self._say("", f"{words}. Newest values are left out meanwhile; the run goes on.")
        if now - self._since > self._patience:
            raise RuntimeError(f"the run was given up after {self._patience:g} s: {words}")
        with contextlib.suppress(RedisError):
            bringing.make_room()
            connection.unlink(keys.values)
            connection.xtrim(keys.events, maxlen=KEPT_EVENTS)
        if self._tries:  # room was made before that, and was not enough
            time.sleep(pause(self._tries))
        self._tries += 1

    def ended(self, head: dict[str, Any]) -> dict[str, Any]:
        """Return the frame of a run's end, which says what has not come."""
        words = " ".join((str(head["message"]), *self._told.values()))
        return {**head, "message": words.strip()}

    def _say(self, port: str, words: str) -> None:
        if port not in self._told:
            self._told[port] = words
            self._said(words)
