"""A server that is away, or full, while nodes of a run here are on its workers: what is said, and how long it takes."""

from __future__ import annotations

import time
from collections.abc import Callable

from redis import Redis
from redis.exceptions import OutOfMemoryError, RedisError

from flodesk.engine.places.server.refusals import no_room
from flodesk.engine.places.server.stream import PlaceError, hidden, pause


class Outage:
    """Says what is wrong with a server once, and when it is well again.

    Parameters
    ----------
    url : str
        Its address.
    patience : float
        How long in s it is waited for.
    said : callable
        Takes a sentence: (level, text).
    """

    def __init__(self, url: str, patience: float, said: Callable[[str, str], None]) -> None:
        self._where = hidden(url)
        self._url = url
        self._patience = patience
        self._said = said
        self._away = self._full = 0.0
        self._tries = 0

    @property
    def away(self) -> bool:
        """Whether it does not answer."""
        return bool(self._away)

    @property
    def is_full(self) -> bool:
        """Whether it has no memory left."""
        return bool(self._full)

    def lost(self, error: RedisError) -> float:
        """Note that it does not answer; returns for how long in s it is to be left alone.

        Raises
        ------
        PlaceError
            It was waited for long enough.
        """
        now = time.monotonic()
        if not self._away:
            self._away, self._tries = now, 0
            self._said(
                "warning",
                f"The Redis server at {self._where} does not answer ({error}): waiting for it, {self._patience:g} s "
                "at most. Nodes that are on its workers go on.",
            )
        if now - self._away > self._patience:
            raise PlaceError(
                f"The Redis server at {self._where} has not answered for {self._patience:g} s ({error}): start it "
                "again, or run the node on this machine"
            )
        self._tries += 1
        return pause(self._tries - 1)

    def back(self) -> None:
        """Note that it answers again."""
        self._away = 0.0
        self._said("info", f"The Redis server at {self._where} answers again.")

    def look(self, connection: Redis) -> bool:
        """Look whether it has room for a word; returns whether there was none until now.

        Raises
        ------
        PlaceError
            It was waited for long enough.
        RedisError
            It does not answer.
        """
        try:
            connection.set("flodesk:room", b"", px=1)
        except OutOfMemoryError as error:
            self.full(error)
            return True
        full, self._full = self._full, 0.0
        if full:
            self._said("info", f"The Redis server at {self._where} has room again.")
        return bool(full)

    def full(self, error: OutOfMemoryError) -> None:
        """Note that it has no memory left.

        Raises
        ------
        PlaceError
            It was waited for long enough.
        """
        now = time.monotonic()
        if not self._full:
            self._full = now
            self._said(
                "warning",
                f"{no_room(self._url, error)}. Until then nothing goes to the nodes on its workers, nor comes from "
                f"them; that is waited for, {self._patience:g} s at most.",
            )
        elif now - self._full > self._patience:
            raise PlaceError(no_room(self._url, error))
