"""Text that others have put on a server, made fit to be shown: whoever can write there must not write to a terminal."""

from __future__ import annotations

import unicodedata
import zlib
from typing import Any

LONGEST = 300
"""Characters of a line that are shown."""
LONGEST_TRACE = 200_000
"""Characters of a traceback that are shown."""
_HIDDEN = frozenset({"Cc", "Cf", "Co", "Cs", "Zl", "Zp"})
"""Categories of Unicode that move the cursor, turn the direction of writing, or are not to be seen."""


def line(said: Any, most: int = LONGEST) -> str:
    """Return what was said as one line of at most so many characters, in which what cannot be seen is spelled out."""
    text = " ".join(_text(said, 4 * most).split())
    return _cut("".join(_seen(sign) for sign in text), most)


def lines(said: Any, most: int = LONGEST_TRACE) -> str:
    """Return what was said with its lines and tabs; where it is too long, its end, which says most of a traceback."""
    text = _text(said, None).replace("\r\n", "\n")
    whole = "".join(sign if sign in "\n\t" else _seen(sign) for sign in text)
    return whole if len(whole) <= most else f"…{whole[1 - most :]}"


def inflated(data: bytes, most: int) -> bytes:
    """Return what was packed by zlib, of which no more than so many bytes are made.

    Raises
    ------
    ValueError
        It is damaged, or more.
    """
    unpacking = zlib.decompressobj()
    try:
        made = unpacking.decompress(data, most)
    except zlib.error as error:
        raise ValueError(f"it cannot be unpacked: {error}") from error
    if unpacking.unconsumed_tail:
        raise ValueError(f"it is more than {most:,} bytes")
    return made


def _text(said: Any, most: int | None) -> str:
    if isinstance(said, bytes | bytearray | memoryview):
        return bytes(said)[:most].decode(errors="replace")
    return "" if said is None else str(said)[:most]


def _seen(sign: str) -> str:
    if sign.isascii():
        return sign if sign.isprintable() else f"\\x{ord(sign):02x}"
    return sign.encode("ascii", "backslashreplace").decode() if unicodedata.category(sign) in _HIDDEN else sign


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}…"
