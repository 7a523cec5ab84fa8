"""A value in a queue on a Redis server: one field for its head, one for each buffer, and one that signs them.

It is signed with the project's key for the queue of that name, so a loop takes nothing that somebody else has put
there: whoever can write to a server could otherwise feed any flow whose queue is on it.
"""

from __future__ import annotations

import hmac
from collections.abc import Mapping, Sequence
from typing import Any

from flodesk.engine.codec import CodecError, decode
from flodesk.engine.places.server.signing import RefusedError, signature
from flodesk.engine.places.server.stream import pack, unpack

SIGNED = b"s"
"""The field of the signature."""
NO_VALUE = (CodecError, RefusedError, KeyError, TypeError, ValueError, RecursionError)
"""What comes of an entry that is none of ours."""
_NOT_SIGNED = (
    "is not signed with the project's key: somebody else has put it there. A queue that others may write to needs "
    "open = true in its line under [tool.flodesk.queues]; loops on several machines need the same key"
)


def entry_of(key: bytes, queue: str, head: Any, buffers: Sequence[Any]) -> list[bytes | str]:
    """Return what the entry of an encoded value has: names of fields and what is in them, in turns."""
    fields = {name: _plain(part) for name, part in pack({"v": head}, buffers).items()}
    signed = _signature(key, queue, list(fields.values()))
    return [part for pair in fields.items() for part in pair] + [SIGNED, signed]


def value_of(fields: Mapping[bytes, bytes], queue: str = "", key: bytes = b"") -> Any:
    """Return the value of an entry.

    Parameters
    ----------
    key : bytes
        It has to be signed with this one, if one is given, for the queue of that name.

    Raises
    ------
    RefusedError
        It is not.
    CodecError, KeyError, TypeError, ValueError, RecursionError
        It is none of ours (`NO_VALUE`).
    """
    own = {name: part for name, part in fields.items() if name != SIGNED}
    if key and b"h" in own:  # else it is said what it has
        expected = _signature(key, queue, [own[b"h"], *(own[b"b%d" % n] for n in range(len(own) - 1))])
        if not hmac.compare_digest(expected.encode(), fields.get(SIGNED, b"")):
            raise RefusedError(_NOT_SIGNED)
    head, buffers = unpack(own)
    return decode(head["v"], buffers, copy=True)


def why_no_value(fields: Mapping[bytes, bytes], error: Exception) -> str:
    """Say why an entry holds no value."""
    if isinstance(error, RefusedError):
        return str(error)
    if b"h" in fields:
        return f"holds no value of flodesk: {error}"
    names = ", ".join(sorted(repr(name.decode(errors="replace")) for name in fields))
    return f"was written by somebody else: it has the fields {names}, and none that flodesk writes"


def _signature(key: bytes, queue: str, parts: Sequence[bytes]) -> str:
    return signature(key, b"flodesk queue", queue.encode(), *parts)


def _plain(part: bytes | str) -> bytes:
    return part if isinstance(part, bytes) else part.encode()
