"""Large buffers on a Redis server: by a hash of what is in them, in pieces, and what each end keeps of them.

What another thread has to say to the server waits for one piece at most. As whoever names a buffer signs its hash,
nobody can put other pieces there.
"""

from __future__ import annotations

import contextlib
import hashlib
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from redis import Redis
from redis.exceptions import OutOfMemoryError, RedisError

PIECE = 1 << 22
"""Bytes of one command."""
MOST_KEPT = 1 << 27
"""Bytes that either end keeps."""


def name_of(part: Any) -> str:
    """Return the hash of a buffer, 64 hexadecimal digits."""
    return hashlib.sha256(part).hexdigest()


def keys_of(prefix: str, name: str, size: int) -> list[str]:
    """Return the keys of the pieces of a buffer of so many bytes."""
    return [f"{prefix}:{name}:{at}" for at in range(0, size, PIECE)]


def bring(connection: Redis, parts: Mapping[str, Any], prefix: str, seconds: int) -> None:
    """Put buffers there for so many s; none of them where one has no room.

    Raises
    ------
    OutOfMemoryError
        The server has no room for them.
    RedisError
        It does not answer.
    """
    begun: list[str] = []
    together: list[tuple[str, Any]] = []
    try:
        for name, part in parts.items():
            view = memoryview(part).cast("B")
            for number, key in enumerate(keys_of(prefix, name, view.nbytes)):
                begun.append(key)
                together.append((key, view[number * PIECE : (number + 1) * PIECE]))
                if sum(piece.nbytes for _, piece in together) >= PIECE:
                    _set(connection, together, seconds)
                    together = []
        if together:
            _set(connection, together, seconds)
    except OutOfMemoryError:
        with contextlib.suppress(RedisError):  # half of it is of no use, and in the way of a word about that
            connection.unlink(*begun)
        raise


def _set(connection: Redis, pieces: Sequence[tuple[str, Any]], seconds: int) -> None:
    with connection.pipeline(transaction=False) as pipe:
        for key, piece in pieces:
            pipe.set(key, piece, ex=seconds)
        for answer in pipe.execute(raise_on_error=False):  # what it raises by itself has the whole command in its words
            if isinstance(answer, RedisError):
                raise answer


def whole(name: str, keys: Sequence[str], piece: Callable[[str], bytes | None]) -> bytes | None:
    """Return a buffer; None if it is not there, or is another one.

    Parameters
    ----------
    piece : callable
        Gets the piece of a key, None where it is gone.
    """
    pieces: list[bytes] = []
    for key in keys:
        found = piece(key)
        if found is None:
            return None
        pieces.append(found)
    data = pieces[0] if len(pieces) == 1 else b"".join(pieces)
    return data if name_of(data) == name else None


class Kept:
    """The newest buffers, as many as there is room for."""

    def __init__(self) -> None:
        self._parts: OrderedDict[str, bytes] = OrderedDict()
        self._size = 0

    def get(self, name: str) -> bytes | None:
        """Return one, and keep it for longer."""
        if name in self._parts:
            self._parts.move_to_end(name)
        return self._parts.get(name)

    def keep(self, name: str, part: bytes) -> list[tuple[str, int]]:
        """Keep one; returns (name, size) of those for which there is no room any more."""
        gone: list[tuple[str, int]] = []
        if self.get(name) is None:
            self._parts[name] = part
            self._size += len(part)
        while self._size > MOST_KEPT and len(self._parts) > 1:
            old, dropped = self._parts.popitem(last=False)
            self._size -= len(dropped)
            gone.append((old, len(dropped)))
        return gone
