"""TOML on single lines: values written out, and the lines of a block told apart into tables and entries."""

from __future__ import annotations

import datetime
import math
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

_BARE = re.compile(r"[A-Za-z0-9_-]+\Z")
_PLACE = re.compile(r"([A-Za-z0-9_-]+) = \[(-?[0-9]{1,15}), (-?[0-9]{1,15})((?:, -?[0-9]{1,15})*)\]\Z")
_ESCAPES = {"\b": "\\b", "\t": "\\t", "\n": "\\n", "\f": "\\f", "\r": "\\r", '"': '\\"', "\\": "\\\\"}
_LEADING_ZERO = re.compile(r"[\[ ]-?0[0-9]")


def key(name: str) -> str:
    """Write a key, in quotes where it needs them."""
    return name if _BARE.match(name) else string(name)


def path(names: tuple[str, ...]) -> str:
    """Write a dotted key."""
    return ".".join(key(name) for name in names)


def string(text: str) -> str:
    """Write a text in double quotes, with nothing in it that could end a line."""
    return '"' + "".join(_ESCAPES.get(c) or (c if _plain(c) else f"\\u{ord(c):04x}") for c in text) + '"'


def _plain(character: str) -> bool:
    number = ord(character)
    return number >= 0x20 and number not in (0x7F, 0x85, 0x2028, 0x2029)


def value(item: Any) -> str:
    """Write a value on one line.

    Raises
    ------
    TypeError
        TOML has no such value.
    """
    match item:
        case bool():
            return "true" if item else "false"
        case int():
            return _whole(item)
        case float():
            return _float(item)
        case str():
            return string(item)
        case datetime.datetime() | datetime.date() | datetime.time():
            return item.isoformat()
        case Mapping():
            return "{ " + ", ".join(f"{key(k)} = {value(v)}" for k, v in item.items()) + " }" if item else "{}"
        case list() | tuple():
            return "[" + ", ".join(map(value, item)) + "]"
        case _:
            raise TypeError(f"a header cannot hold {item!r}: only text, numbers, truth values, lists, tables and dates")


def short(item: Any) -> str:
    """Write a value for a message, the beginning of a long one."""
    text = value(item)
    return text if len(text) <= 60 else f"{text[:59]}…"


def said(item: Any) -> str:
    """Return a text as it is, and of anything else what `short` writes."""
    return item if isinstance(item, str) else short(item)


def _whole(number: int) -> str:
    try:
        return str(number)
    except ValueError:  # of so many digits Python writes none: such a number was read from hexadecimal digits
        return hex(number)


def _float(number: float) -> str:
    if math.isnan(number):
        return "nan"
    if math.isinf(number):
        return "inf" if number > 0 else "-inf"
    return repr(number)


@dataclass(frozen=True, slots=True)
class Entry:
    """Some lines of a block.

    Attributes
    ----------
    kind : str
        ``table`` for ``[a.b]``, ``value`` for ``key = value``, ``opaque`` for what belongs to an array of tables,
        ``other`` for blank lines and comments.
    path : tuple of str
        The whole path, the table's included.
    start, end : int
        Numbers of the first line and of the line behind the last one.
    """

    kind: str
    path: tuple[str, ...]
    start: int
    end: int
    value: Any = None
    table: tuple[str, ...] = ()


def entries(lines: list[str]) -> list[Entry]:
    """Tell the lines of a TOML text, which has to be correct, apart."""
    found: list[Entry] = []
    table: tuple[str, ...] = ()
    opaque = False
    number = 0
    while number < len(lines):
        line = lines[number].strip()
        if not line or line.startswith("#"):
            found.append(Entry("other", table, number, number + 1, table=table))
            number += 1
        elif line.startswith("["):
            opaque = line.startswith("[[")
            table = _only_path(tomllib.loads(line))
            found.append(Entry("opaque" if opaque else "table", table, number, number + 1, table=table))
            number += 1
        else:
            end, names, item = _entry(lines, number)
            whole = table if opaque else (*table, *names)
            found.append(Entry("opaque" if opaque else "value", whole, number, end, item, table))
            number = end
    return found


def _entry(lines: list[str], number: int) -> tuple[int, tuple[str, ...], Any]:
    """Read ``key = value``, over as many lines as it takes."""
    if (quick := _PLACE.match(lines[number])) and not _LEADING_ZERO.search(lines[number]):
        return number + 1, (quick[1],), [int(part) for part in lines[number][quick.start(2) : -1].split(",")]
    for end in range(number + 1, len(lines) + 1):
        try:
            data = tomllib.loads("\n".join(lines[number:end]))
        except tomllib.TOMLDecodeError:
            continue
        break
    names = _key_path(data, lines[number])
    for name in names:
        data = data[name]
    return end, names, data


def _key_path(data: dict[str, Any], line: str) -> tuple[str, ...]:
    """Path of the one key on a line: as long as its own dots make it, not as deep as an inline table goes."""
    names: list[str] = []
    depth = _dots(line) + 1
    node: Any = data
    while len(names) < depth:
        name = next(iter(node))
        names.append(name)
        node = node[name]
    return tuple(names)


_KEY_PART = re.compile(r"""\s*(?:"(?:[^"\\]|\\.)*"|'[^']*'|[A-Za-z0-9_-]+)\s*(\.?)""")


def _dots(line: str) -> int:
    """Count the dots that part a key."""
    count = offset = 0
    while (found := _KEY_PART.match(line, offset)) and found[1]:
        count += 1
        offset = found.end()
    return count


def _only_path(data: Any) -> tuple[str, ...]:
    names: list[str] = []
    while data:
        data = data[0] if isinstance(data, list) else data
        if not data:
            break
        name = next(iter(data))
        names.append(name)
        data = data[name]
    return tuple(names)
