"""Texts as signs that any wire takes, and the figures that tell two of them apart."""

from __future__ import annotations

import base64
import binascii
import zlib
from typing import Any, Literal

from flodesk.public import node


def _bytes(data: Any) -> bytes:
    if isinstance(data, str):
        return data.encode()
    if isinstance(data, bytes | bytearray | memoryview):
        return bytes(data)
    raise TypeError(f"a text or bytes are needed, and {type(data).__name__} came: write it as text first")


@node(title="To Base64", tags=("encode", "binary", "attachment", "bytes"), pure=True)
def to_base64(data: Any, for_addresses: bool = False) -> str:
    """Write bytes, or a text, in letters and digits that pass everywhere.

    Parameters
    ----------
    data : bytes or str
        What is written; a text as UTF-8.
    for_addresses : bool
        Use ``-`` and ``_`` in place of ``+`` and ``/``, which mean something in addresses and names of files.

    Returns
    -------
    str
        The signs: four for three bytes.

    Raises
    ------
    TypeError
        The value is neither bytes nor a text.

    Notes
    -----
    RFC 4648, sections 4 and 5.

    Examples
    --------
    >>> text.to_base64("4.7 kΩ")
    'NC43IGvOqQ=='
    """
    return (base64.urlsafe_b64encode if for_addresses else base64.b64encode)(_bytes(data)).decode()


@node(title="From Base64", tags=("decode", "binary", "attachment", "bytes"), pure=True)
def from_base64(text: str, gives: Literal["text", "bytes"] = "text") -> Any:
    """Read what was written in Base64.

    Parameters
    ----------
    text : str
        The signs, of either kind; white space does not matter, nor do ``=`` that lack at the end.
    gives : str
        Whether it was a ``text`` (in UTF-8), or ``bytes``.

    Returns
    -------
    str or bytes
        What was written.

    Raises
    ------
    ValueError
        A sign is none of Base64, some are missing, or it is no text.

    Examples
    --------
    >>> text.from_base64("NC43IGvOqQ==")
    '4.7 kΩ'
    """
    plain = "".join(text.split()).translate(str.maketrans("-_", "+/")).rstrip("=")
    try:
        data = base64.b64decode(plain + "=" * (-len(plain) % 4), validate=True)
    except binascii.Error as error:
        raise ValueError(f"this is no Base64 ({error}): see that all of it came") from None
    try:
        return data.decode() if gives == "text" else data
    except UnicodeDecodeError:
        raise ValueError(f"these are {len(data)} bytes and no text: set gives to bytes") from None


@node(
    title="Hash of text",
    tags=("checksum", "digest", "sha", "sha256", "md5", "crc", "fingerprint", "signature"),
    pure=True,
)
def hash(data: Any, method: Literal["sha256", "sha512", "sha1", "md5", "blake2b", "crc32"] = "sha256") -> str:
    """Tell two texts apart by a few signs.

    Parameters
    ----------
    data : str or bytes
        The text (as UTF-8), or bytes.
    method : str
        How it is computed. ``md5`` and ``sha1`` find what was damaged, and not what was forged; ``crc32`` is the check
        sum of ZIP and Ethernet.

    Returns
    -------
    str
        Hexadecimal digits.

    Raises
    ------
    TypeError
        The value is neither bytes nor a text.

    Notes
    -----
    FIPS 180-4 (SHA), RFC 1321 (MD5), RFC 7693 (BLAKE2), ISO 3309 (CRC-32).

    Examples
    --------
    >>> text.hash("abc", method="md5")
    '900150983cd24fb0d6963f7d28e17f72'
    """
    import hashlib

    known = _bytes(data)
    if method == "crc32":
        return f"{zlib.crc32(known):08x}"
    return hashlib.new(method, known, usedforsecurity=False).hexdigest()
