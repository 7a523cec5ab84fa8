r"""Text that can be written anywhere: into a database, a file of UTF-8, a line of JSON that every reader takes.

The name of a file that is not UTF-8 comes as text with halves of characters (lone surrogates) in it, which no encoding
knows: they are written as Python writes them in a literal, ``\udcfc``.
"""

from __future__ import annotations

import json
from typing import Any


def writable(text: str) -> str:
    """Return the text, with halves of characters spelled out."""
    if text.isascii():
        return text
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-8", "backslashreplace").decode()
    return text


def writable_in(value: Any) -> Any:
    """Return the value; texts in its dicts, lists and tuples can be written."""
    if isinstance(value, str):
        return writable(value)
    if isinstance(value, dict):
        return {writable_in(key): writable_in(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        parts = [writable_in(part) for part in value]
        return parts if isinstance(value, list) else tuple(parts)
    return value


def json_of(value: Any, indent: int | None = None) -> str:
    """Return plain values as JSON that every reader takes."""
    text = json.dumps(value, indent=indent)
    # a half is written as an escape that only Python reads again; so are the halves of a pair, which all do
    return json.dumps(writable_in(value), indent=indent) if "\\ud" in text else text
