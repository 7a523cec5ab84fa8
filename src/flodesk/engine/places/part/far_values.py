"""Big buffers of values on their way over a Redis server: by a hash of what is in them, each of them once, in pieces.

The head that names a hash is signed, so what was altered on its way is found out. Whoever has parts of runs on workers
has buffers of its own on the server: past a budget those go that no call needs, the oldest first, and in the end all of
them; where it has died, they are gone after a while. Whoever sent or got one keeps it, as long as there is room.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterable, Mapping
from typing import Any

from redis import Redis
from redis.exceptions import OutOfMemoryError

from flodesk.engine.places.server.pieces import Kept, bring, keys_of, whole

KEPT_SECONDS = 600
"""How long they lie on the server after they were last sent."""
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
        self._kept = Kept()
        self._lock = threading.Lock()

    def put(self, parts: Mapping[str, Any]) -> None:
        """Bring buffers to the server, those that are not there.

        Raises
        ------
        OutOfMemoryError
            The server has no room for them; all that no call needs was taken away before.
        RedisError
            The server does not answer.
        """
        try:
            self._put(parts)
        except OutOfMemoryError:
            self._put(parts, 0)

    def _put(self, parts: Mapping[str, Any], most: int | None = None) -> None:
        with self._writing:
            gone = self._keys(self.there.over(most).items())
            with self._connection.pipeline(transaction=False) as pipe:
                if gone:
                    pipe.unlink(*gone)
                for name, part in parts.items():
                    for key in self._keys([(name, memoryview(part).nbytes)]):
                        pipe.expire(key, KEPT_SECONDS)
                there = list(pipe.execute()[bool(gone) :] if pipe.command_stack else ())
            data = {name: bytes(part) for name, part in parts.items()}
            new: dict[str, bytes] = {}
            for name, part in data.items():
                pieces = len(self._keys([(name, len(part))]))
                if not all(there[:pieces]):
                    new[name] = part
                del there[:pieces]
            bring(self._connection, new, self._prefix, KEPT_SECONDS)
            self.sent += len(new)
        with self._lock:
            for name, part in data.items():
                self._kept.keep(name, part)

    def make_room(self) -> None:
        """Take away all that no call needs.

        Raises
        ------
        RedisError
            The server does not answer.
        """
        self._put({}, 0)

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
            gone = self._keys(self.there.everything().items())
            if gone:
                self._connection.unlink(*gone)

    def get(self, name: str, size: int) -> bytes:
        """Return a buffer of so many bytes.

        Raises
        ------
        MissingError
            It is not there, or is another one.
        RedisError
            The server does not answer.
        """
        with self._lock:
            kept = self._kept.get(name)
        if kept is not None:
            return kept

        def piece(key: str) -> bytes | None:
            found: Any = self._connection.get(key)
            return None if found is None else bytes(found)

        data = whole(name, self._keys([(name, size)]), piece)
        if data is None:
            raise MissingError(f"a value is gone from the server: {name[:12]}")
        with self._lock:
            self._kept.keep(name, data)
        return data

    def fetch(self, parcels: Iterable[Mapping[str, Any]]) -> None:
        """Have the large buffers of values here before these are made again, as many as there is room for.

        Raises
        ------
        MissingError
            One is not there, or is another one.
        RedisError
            The server does not answer.
        """
        for parcel in parcels:
            for place in parcel.get("p", ()):
                if len(place) == 3:
                    self.get(str(place[0]), int(place[2]))

    def _keys(self, sizes: Iterable[tuple[str, int]]) -> list[str]:
        return [key for name, size in sizes for key in keys_of(self._prefix, name, size)]

    @property
    def _prefix(self) -> str:
        return f"flodesk:{self._owner}:value"


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

    def over(self, most: int | None = None) -> dict[str, int]:
        """Return those for which there is no room, and how large they are; they are known no more.

        Parameters
        ----------
        most : int
            How many bytes may stay that no call needs; by default the budget.
        """
        with self._lock:
            needed = frozenset().union(*self._calls.values())
            free = [name for name in self._sizes if name not in needed]
            size = sum(self._sizes[name] for name in free)
            gone = {}
            for name in free:
                if size <= (MOST_THERE if most is None else most):
                    break
                gone[name] = self._sizes.pop(name)
                size -= gone[name]
            return gone

    def everything(self) -> dict[str, int]:
        """Return all of them, and know none any more."""
        with self._lock:
            found = dict(self._sizes)
            self._sizes.clear()
            self._calls.clear()
            return found

    def _note(self, sizes: Mapping[str, int]) -> None:
        for name, size in sizes.items():
            self._sizes[name] = size
            self._sizes.move_to_end(name)
