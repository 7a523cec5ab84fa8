"""Signatures of what goes to a worker: whoever can write to the server must not be able to have it run anything.

A signature is an HMAC-SHA256 over parts of known length, the first of which says what is signed: a job is no command,
and a command of one run none of another. A job is signed as the very text that travels, so nothing depends on how JSON
is written. Commands are numbered by who sends them, so that none is obeyed twice.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
from collections.abc import Mapping, Sequence
from typing import Any

from flodesk.engine.places.server.stream import pack, unpack

SMALL = 1 << 14
"""Bytes that are put together to be signed at once."""


class RefusedError(Exception):
    """A worker does not do what it was sent; the text says why, and what to do."""


class RepeatedError(RefusedError):
    """It is as it was sent, and was done before."""


def signature(key: bytes, *parts: Any) -> str:
    """Return the signature of parts, 64 hexadecimal digits.

    Parameters
    ----------
    parts : bytes-like
        In this order, each with its length.
    """
    views = [memoryview(part) for part in parts]
    pieces: list[Any] = [piece for view in views for piece in (view.nbytes.to_bytes(8, "little"), view)]
    if sum(view.nbytes for view in views) < SMALL:
        return hmac.digest(key, b"".join(pieces), "sha256").hex()  # takes half as long as what follows
    made = hmac.new(key, digestmod=hashlib.sha256)
    for piece in pieces:
        made.update(piece)
    return made.hexdigest()


def seal(key: bytes, kind: str, head: Mapping[str, Any]) -> tuple[str, str]:
    """Return (text, signature) of a head.

    Parameters
    ----------
    kind : str
        What it is, for example ``job``: it is read again as that and as nothing else.
    """
    text = json.dumps(head, separators=(",", ":"))
    return text, signature(key, b"flodesk " + kind.encode(), text.encode())


def unseal(key: bytes, kind: str, text: Any, signed: Any) -> dict[str, Any]:
    """Return the head that was sealed.

    Raises
    ------
    RefusedError
        It was not sealed with this key, or was altered since.
    """
    if not isinstance(text, str) or not isinstance(signed, str) or not signed:
        raise RefusedError("it is not signed")
    expected = signature(key, b"flodesk " + kind.encode(), text.encode(errors="replace"))
    if not hmac.compare_digest(expected.encode(), signed.encode(errors="replace")):
        raise RefusedError("its signature is not that of the project's key: it was altered, or signed with another key")
    head: dict[str, Any] = json.loads(text)
    return head


class Writing:
    """Signs the commands that go to one run.

    Parameters
    ----------
    channel : str
        Names the run.

    Attributes
    ----------
    sender : str
        By which the run tells apart who sends something.
    """

    def __init__(self, key: bytes, channel: str) -> None:
        self._key = key
        self._channel = channel
        self.sender = secrets.token_hex(8)
        self._number = 0

    def entry(self, command: Mapping[str, Any], buffers: Sequence[Any] = ()) -> dict[Any, Any]:
        """Return the fields of the stream's entry of a command."""
        self._number += 1
        fields = pack(command, buffers)
        head, *parts = fields.values()
        who, number = self.sender, str(self._number)
        fields["s"], fields["n"] = who, number
        fields["m"] = signature(self._key, *_about(self._channel, who, number), head.encode(), *parts)
        return fields


class Reading:
    """Checks the commands that come to one run.

    Parameters
    ----------
    channel : str
        Names the run.
    """

    def __init__(self, key: bytes, channel: str) -> None:
        self._key = key
        self._channel = channel
        self._last: dict[str, int] = {}
        """The number of the last command of each sender."""

    def command(self, fields: Mapping[bytes, bytes]) -> tuple[dict[str, Any], list[bytes]]:
        """Return (command, buffers) of an entry.

        Raises
        ------
        RefusedError
            It was not signed for this run, or has come before.
        KeyError, ValueError
            It is signed, and no command.
        """
        try:
            who, number, signed = (fields[name].decode("ascii") for name in (b"s", b"n", b"m"))
            count = int(number)
        except (KeyError, ValueError):
            raise RefusedError("a command that is not signed was refused") from None
        own = {name: value for name, value in fields.items() if name not in (b"s", b"n", b"m")}
        parts = [own[b"b%d" % at] for at in range(len(own) - 1)]
        expected = signature(self._key, *_about(self._channel, who, number), own[b"h"], *parts)
        if not hmac.compare_digest(expected, signed):
            raise RefusedError("a command was refused: its signature is not that of the project's key")
        if count <= self._last.get(who, 0):
            raise RepeatedError("a command that has come before was refused")
        self._last[who] = count
        return unpack(own)

    def give_back(self, fields: Mapping[bytes, bytes]) -> None:
        """Let the command of an entry, which could not be taken to its end, come once more; those before it do not."""
        self._last[fields[b"s"].decode("ascii")] = int(fields[b"n"]) - 1


def _about(channel: str, who: str, number: str) -> tuple[bytes, ...]:
    return b"flodesk command", channel.encode(), who.encode(), number.encode()
