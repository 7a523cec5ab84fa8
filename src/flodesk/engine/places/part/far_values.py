"""Big buffers of values on their way over a Redis server: by a hash of what is in them, each of them once.

The head that names a hash is signed, so what was altered on its way is found out. Whoever has parts of runs on workers
has buffers of its own on the server: past a budget those go that no call needs, the oldest first, and in the end all of
them; where it has died, they are gone after a while. Whoever sent or got one keeps it, as long as there is room.
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
MOST_THERE = 1 << 27
"""Bytes that lie on the server for the next time, beside those that calls need."""


class MissingError(LookupError):
    """A buffer is not on the server any more, or is not what was sent."""


class FarValues:
    """The buffers that went over one server.

    Parameters
    ----------
    owner : str
        Whose they are: nobody else's go with them.

    Attributes
    ----------
    sent : int
        How many of them were sent to it.
    """

    def __init__(self, connection: Redis, owner: str) -> None:
        self.sent = 0
        self.there = There()
        self._connection = connection
        self._owner = owner
        self._writing = threading.Lock()
        """Held while something is brought there or taken away: what is needed anew is not taken away after that."""
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
        with self._writing, self._connection.pipeline(transaction=False) as pipe:
            gone = [self._key(name) for name in self.there.over()]
            if gone:
                pipe.unlink(*gone)
            for name in parts:
                pipe.expire(self._key(name), KEPT_SECONDS)
            if not pipe.command_stack:
                return
            there = pipe.execute()[bool(gone) :]
            for name, known in zip(parts, there, strict=True):
                data = bytes(parts[name])
                if not known:
                    self.sent += 1
                    pipe.set(self._key(name), data, ex=KEPT_SECONDS)
                self._keep(name, data)
            if pipe.command_stack:
                pipe.execute()

    def tidy(self) -> None:
        """Take away what there is no room for, unless somebody brings something just now, and does so.

        Raises
        ------
        RedisError
            The server does not answer.
        """
        if self._writing.acquire(blocking=False):
            self._writing.release()
            self.put({})

    def clear(self) -> None:
        """Take everything away.

        Raises
        ------
        RedisError
            The server does not answer.
        """
        with self._writing:
            gone = [self._key(name) for name in self.there.everything()]
            if gone:
                self._connection.unlink(*gone)

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
        data: Any = self._connection.get(self._key(name))
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

    def _key(self, name: str) -> str:
        return f"flodesk:{self._owner}:value:{name}"


def sizes_of(head: Mapping[str, Any]) -> dict[str, int]:
    """Return the names and sizes of the buffers that a worker has brought to the server for an answer."""
    return {str(name): int(size) for name, size in head.get("put", {}).items()}


class There:
    """What lies on the server: what calls need, and the newest of the rest, as much as there is room for."""

    def __init__(self) -> None:
        self._sizes: OrderedDict[str, int] = OrderedDict()
        """Those that were needed last stand last."""
        self._calls: dict[object, frozenset[str]] = {}
        self._lock = threading.Lock()

    def need(self, call: object, sizes: Mapping[str, int]) -> None:
        """Note that a call needs these beside what it needs already, whose sizes in bytes they are."""
        with self._lock:
            self._note(sizes)
            self._calls[call] = self._calls.get(call, frozenset()) | sizes.keys()

    def done(self, call: object, given: Mapping[str, int]) -> None:
        """Note that a call needs nothing any more, and which it has given."""
        with self._lock:
            self._note(given)
            self._calls.pop(call, None)

    def over(self) -> list[str]:
        """Return those for which there is no room, and know them no more."""
        with self._lock:
            needed = frozenset().union(*self._calls.values())
            free = [name for name in self._sizes if name not in needed]
            size = sum(self._sizes[name] for name in free)
            gone = []
            for name in free:
                if size <= MOST_THERE:
                    break
                size -= self._sizes.pop(name)
                gone.append(name)
            return gone

    def everything(self) -> list[str]:
        """Return all of them, and know none any more."""
        with self._lock:
            found = list(self._sizes)
            self._sizes.clear()
            self._calls.clear()
            return found

    def _note(self, sizes: Mapping[str, int]) -> None:
        for name, size in sizes.items():
            self._sizes[name] = size
            self._sizes.move_to_end(name)
