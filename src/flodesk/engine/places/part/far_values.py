"""Big buffers of values on their way over a Redis server: by a hash of what is in them, each of them once.

The head that names a hash is signed, so what was altered on its way is found out. They lie on the server for a while
after they were last needed; and whoever sent or got one keeps it, as long as there is room.
"""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Collection, Mapping
from typing import Any

from redis import Redis

KEPT_SECONDS = 600
"""How long they lie on the server after they were last sent."""
MOST_KEPT = 1 << 27
"""Bytes that are kept here for the next time."""


class MissingError(LookupError):
    """A buffer is not on the server any more, or is not what was sent."""


class FarValues:
    """The buffers that went over one server.

    Attributes
    ----------
    sent : int
        How many of them were sent to it.
    """

    def __init__(self, connection: Redis) -> None:
        self.sent = 0
        self._connection = connection
        self._kept: OrderedDict[str, bytes] = OrderedDict()
        self._size = 0
        self._lock = threading.Lock()

    @staticmethod
    def name_of(part: Any) -> str:
        """Return the hash of a buffer, 64 hexadecimal digits."""
        return hashlib.blake2b(part, digest_size=32).hexdigest()

    def put(self, parts: Mapping[str, Any]) -> None:
        """Bring buffers to the server, those that are not there.

        Raises
        ------
        RedisError
            The server does not answer.
        """
        if not parts:
            return
        with self._connection.pipeline(transaction=False) as pipe:
            for name in parts:
                pipe.expire(_key(name), KEPT_SECONDS)
            there = pipe.execute()
            for name, known in zip(parts, there, strict=True):
                data = bytes(parts[name])
                if not known:
                    self.sent += 1
                    pipe.set(_key(name), data, ex=KEPT_SECONDS)
                self._keep(name, data)
            if pipe.command_stack:
                pipe.execute()

    def get(self, name: str) -> bytes:
        """Return a buffer.

        Raises
        ------
        MissingError
            It is not there, or is another one.
        RedisError
            The server does not answer.
        """
        with self._lock:
            if name in self._kept:
                self._kept.move_to_end(name)
                return self._kept[name]
        data: Any = self._connection.get(_key(name))
        if data is None or self.name_of(data) != name:
            raise MissingError(f"a value is gone from the server: {name[:12]}")
        self._keep(name, data)
        return bytes(data)

    def fetch(self, names: Collection[str]) -> dict[str, bytes]:
        """Return buffers by their names."""
        return {name: self.get(name) for name in names}

    def _keep(self, name: str, data: bytes) -> None:
        with self._lock:
            if name not in self._kept and len(data) <= MOST_KEPT // 4:
                self._kept[name] = data
                self._size += len(data)
            while self._size > MOST_KEPT:
                _, old = self._kept.popitem(last=False)
                self._size -= len(old)


def _key(name: str) -> str:
    return f"flodesk:value:{name}"
