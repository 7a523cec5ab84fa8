"""Who of those that follow a session is there: each says so on the server, again and again; who was killed does not.

The word is a key that lives a few seconds longer than the next one takes, and says nothing but that: whoever can write
to the server can make a run look followed, or left, and that alone.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterable
from typing import Any

from redis import Redis
from redis.exceptions import ResponseError

SAY_SECONDS = 2.0
"""How often who follows says so, and how often it is looked."""
KEPT_MS = 6000
"""How long that is good for."""
MISSED_SECONDS = 3.0
"""After so long without it he has gone: a server that has come back empty has it again by then."""


def here_key(session: str, who: str) -> str:
    """Return the key under which somebody who follows a session says so."""
    return f"flodesk:{session}:here:{who}"


class SayingHere:
    """Says again and again that somebody follows a session."""

    def __init__(self, session: str, who: str) -> None:
        self._key = here_key(session, who)
        self._at = -SAY_SECONDS

    def say(self, connection: Redis) -> None:
        """Say so if it is time; a server that is full hears it later.

        Raises
        ------
        RedisError
            The server does not answer.
        """
        now = time.monotonic()
        if now - self._at < SAY_SECONDS:
            return
        with contextlib.suppress(ResponseError):
            connection.set(self._key, b"", px=KEPT_MS)
        self._at = now


class Here:
    """Sees who has gone without a word.

    Parameters
    ----------
    expected : iterable of str
        Those who say that they are there. Of all others it counts from their first such word on: an older flodesk says
        none.
    """

    def __init__(self, session: str, expected: Iterable[str]) -> None:
        self._session = session
        self._looked = time.monotonic()
        self._seen = dict.fromkeys(expected, self._looked)

    def gone(self, connection: Redis, names: Iterable[str]) -> set[str] | None:
        """Return who of these has gone; None where it is not yet time to look again.

        Raises
        ------
        RedisError
            The server does not answer.
        """
        now = time.monotonic()
        if (passed := now - self._looked) < SAY_SECONDS:
            return None
        asked = [*names]
        found: list[Any] = []
        if asked:
            found = connection.mget([here_key(self._session, who) for who in asked])
        if passed > MISSED_SECONDS:  # this was held up, or its server was away: who was there could not be seen
            self._seen = dict.fromkeys(self._seen, now)
        self._looked = now
        self._seen |= {who: now for who, word in zip(asked, found, strict=True) if word is not None}
        return {who for who in asked if now - self._seen.get(who, now) > MISSED_SECONDS}
