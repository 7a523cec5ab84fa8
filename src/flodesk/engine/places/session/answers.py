"""What a session on a worker says is signed, too: whoever can write to the server cannot make a window show anything.

A frame is signed for its session, with the number that it has in its stream: so none counts that was said elsewhere,
earlier, or by somebody who has not the key. Frames that must all arrive are numbered ``k``, and taken in this order;
newest values and states are numbered ``v``, and one that is older than what has come is left.
"""

from __future__ import annotations

import hmac
from collections.abc import Mapping, Sequence
from typing import Any

from flodesk.engine.places.server.signing import RefusedError, RepeatedError, signature
from flodesk.engine.places.server.stream import pack, unpack

KIND = b"flodesk answer"


class Saying:
    """Signs the frames of one session.

    Parameters
    ----------
    session : str
        Names it.
    """

    def __init__(self, key: bytes, session: str) -> None:
        self._key = key
        self._session = session.encode()
        self._newest = 0

    def entry(self, head: Mapping[str, Any], buffers: Sequence[Any] = ()) -> dict[Any, Any]:
        """Return the fields of the stream's entry of a frame; one without a number gets that of the newest values."""
        if "k" not in head:
            self._newest += 1
            head = {**head, "v": self._newest}
        fields = pack(head, buffers)
        text, *parts = fields.values()
        fields["m"] = signature(self._key, KIND, self._session, text.encode(), *parts)
        return fields


class Hearing:
    """Checks the frames that come from one session."""

    def __init__(self, key: bytes, session: str) -> None:
        self._key = key
        self._session = session.encode()
        self._newest = 0

    def frame(self, fields: Mapping[bytes, bytes]) -> tuple[dict[str, Any], list[bytes]]:
        """Return (head, buffers) of an entry.

        Raises
        ------
        RefusedError
            It was not signed by the session.
        RepeatedError
            It is older than what has come.
        """
        own = {name: value for name, value in fields.items() if name != b"m"}
        try:
            signed = fields[b"m"].decode("ascii")
            parts = [own[b"b%d" % at] for at in range(len(own) - 1)]
            expected = signature(self._key, KIND, self._session, own[b"h"], *parts)
        except (KeyError, ValueError):
            raise RefusedError("it is not signed") from None
        if not hmac.compare_digest(expected, signed):
            raise RefusedError("its signature is not that of the project's key")
        head, buffers = unpack(own)
        newest = int(head.pop("v", 0))
        if newest:
            if newest <= self._newest:
                raise RepeatedError("it is older than what has come")
            self._newest = newest
        elif "k" not in head:
            raise RefusedError("it has no number")
        return head, buffers
