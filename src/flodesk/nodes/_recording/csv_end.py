"""How a CSV file ends that is to be appended to: a line cut in half must not become the beginning of a new one."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

_PIECE = 2**20
_SHOWN = 200
"""Characters that are said of what is cut off."""


class End(NamedTuple):
    """What is to be done before the first row is appended.

    Attributes
    ----------
    size : int
        Bytes that stay; what is behind them is cut off.
    newline : bool
        The last line is whole and has no end: it gets one.
    remark : str
        What is cut off, in words; empty if nothing is.
    """

    size: int
    newline: bool = False
    remark: str = ""


def end_of(path: Path, about: Mapping[str, Any], width: int) -> End:
    """Return how a file ends.

    Parameters
    ----------
    about : mapping
        What its recorder has said beside it; empty where nobody knows who has written it.
    width : int
        Number of its columns.

    Raises
    ------
    ValueError
        The last line is not whole and not a recorder's, which alone may be cut off; in words that go on after its name.
    """
    with path.open("rb") as file:
        whole, size = _whole(file, bool(about)), file.seek(0, 2)
        if whole == size:
            return End(size)
        file.seek(whole)
        last = file.read()
    known = about["notes"][-1] if about else {}
    cut = bool(about) and ("ended" not in known or size < known.get("size", 0) - 1)
    if not cut and _fields(last) == width:
        return End(size, newline=True)
    if not about:
        raise ValueError("has a last line that is not whole")
    shown = last.decode("utf-8", "replace")
    shown = shown if len(shown) <= _SHOWN else f"{shown[:_SHOWN]}…"
    return End(whole, remark=f"The last line of {path.name} is not whole and was cut off: {shown!r}")


def _whole(file: BinaryIO, quotes: bool) -> int:
    """Return the byte behind the last line that ends; of a recorder's file none that ends within a text in quotes."""
    inside = [False]  # of each piece whether a text in quotes goes on in it
    file.seek(0)
    while piece := file.read(_PIECE):
        inside.append(inside[-1] ^ bool(quotes and piece.count(b'"') % 2))
    for number in reversed(range(len(inside) - 1)):
        file.seek(number * _PIECE)
        end = _last_end(file.read(_PIECE), inside[number], quotes)
        if end:
            return number * _PIECE + end
    return 0


def _last_end(piece: bytes, inside: bool, quotes: bool) -> int:
    """Return the place behind the last end of a line in a piece; 0 if there is none."""
    end = at = 0
    for number, text in enumerate(piece.split(b'"') if quotes else [piece]):
        if number:
            at, inside = at + 1, not inside
        found = text.rfind(b"\n")
        if found >= 0 and not inside:
            end = at + found + 1
        at += len(text)
    return end


def _fields(line: bytes) -> int:
    try:
        rows = list(csv.reader(line.decode("utf-8").splitlines(keepends=True), strict=True))
    except (UnicodeDecodeError, csv.Error):
        return 0
    return len(rows[0]) if len(rows) == 1 else 0
