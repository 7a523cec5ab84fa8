"""Whether somebody still needs the parts of runs that a worker has: who does says so again and again."""

from __future__ import annotations

import time

from redis import Redis
from redis.exceptions import OutOfMemoryError, RedisError

ALIVE_SECONDS = 8
"""For so long a word of whoever needs it is good: ``alive_key`` expires then."""


def alive_key(client: str) -> str:
    """Return the key that is there as long as somebody lives who has parts of runs on workers."""
    return f"flodesk:{client}:alive"


class Needed:
    """Looks for that word.

    Parameters
    ----------
    client : str
        Whose it is.
    patience : float
        How long in s a server that is away is waited for.
    """

    def __init__(self, connection: Redis, client: str, patience: float) -> None:
        self._connection = connection
        self._client = client
        self._patience = patience
        self._away = self._missed = 0.0
        self._unheard = -1e9
        """When nobody could say anything there last."""

    def missed(self) -> float:
        """Return for how long in s nobody has needed it any more; 0 as long as somebody does."""
        now = time.monotonic()
        try:
            there = bool(self._connection.exists(alive_key(self._client)))
            room = there or self._room()
        except RedisError:
            self._away = self._away or now
            self._unheard = now
            return max(0.0, now - self._away - self._patience)
        self._away = 0.0
        if not room:
            self._unheard = now
        if there or not room:
            self._missed = 0.0
            return 0.0
        self._missed = self._missed or now
        # a server that comes back empty, or has room again, hears of it soon
        grace = ALIVE_SECONDS if now - self._unheard < 2 * ALIVE_SECONDS else ALIVE_SECONDS / 4
        return max(0.0, now - self._missed - grace)

    def _room(self) -> bool:
        """Return whether the server takes a word at all."""
        try:
            self._connection.set("flodesk:room", b"", px=1)
        except OutOfMemoryError:
            return False
        return True
