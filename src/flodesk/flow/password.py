"""A password as a flow's header keeps it: salted and stretched by scrypt, so that nobody reads it there."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import secrets
import unicodedata

_COST, _BLOCK, _LANES = 2**14, 8, 1
"""What scrypt is told: 16 MB and some 50 ms for each try."""
_SALT, _KEY = 16, 32
"""Bytes of salt and of what comes out."""
_DEAREST = 2**17 * 16
"""Cost times block above which a line is refused: a try would take all of the memory."""
_FORM = re.compile(r"scrypt\$(\d{1,7})\$(\d{1,2})\$(\d)\$([A-Za-z0-9+/]+=*)\$([A-Za-z0-9+/]+=*)")


def hashed(password: str) -> str:
    """Return what is kept of a password: ``scrypt$cost$block$lanes$salt$key``, another line each time.

    It takes some 50 ms: not in the thread of a window.
    """
    salt = secrets.token_bytes(_SALT)
    key = _stretched(password, salt, _COST, _BLOCK, _LANES, _KEY)
    return f"scrypt${_COST}${_BLOCK}${_LANES}${_text(salt)}${_text(key)}"


def matches(password: str, kept: str) -> bool:
    """Return whether a password is the one of which this is kept. It takes as long as `hashed` does.

    Raises
    ------
    ValueError
        What is kept cannot be read, or would take more than 256 MB to compare: no password opens it.
    """
    found = _FORM.fullmatch(kept)
    if found is None:
        raise ValueError("it is not what flodesk writes there")
    cost, block, lanes = (int(found[number]) for number in (1, 2, 3))
    if cost * block > _DEAREST:
        raise ValueError("it would take more memory than a try may take")
    salt, key = (base64.b64decode(found[number], validate=True) for number in (4, 5))
    return hmac.compare_digest(_stretched(password, salt, cost, block, lanes, len(key)), key)


def same(password: str, other: str) -> bool:
    """Return whether two texts are the same password, however their signs are spelled."""
    return hmac.compare_digest(_spelled(password), _spelled(other))


def _stretched(password: str, salt: bytes, cost: int, block: int, lanes: int, length: int) -> bytes:
    said = _spelled(password)
    memory = 128 * block * (cost + lanes + 2)
    return hashlib.scrypt(said, salt=salt, n=cost, r=block, p=lanes, maxmem=2 * memory, dklen=length)


def _spelled(password: str) -> bytes:
    """Return a password as bytes: a sign has several spellings in Unicode, and keyboards differ in which they give."""
    return unicodedata.normalize("NFC", password).encode("utf-8", "surrogatepass")


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")


__all__ = ["hashed", "matches", "same"]
