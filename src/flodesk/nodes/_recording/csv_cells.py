"""The rows of a CSV file that are whole, with fields of any length."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from typing import BinaryIO

_FIELD = re.compile(r'"([^"]*(?:""[^"]*)*)"|([^",\n]*)')
"""A field in quotes, or one without."""


class Unfinished(csv.Error):
    """The last row is still being written, or never was to its end."""


def whole_rows(file: BinaryIO, at: int) -> Iterator[tuple[int, list[str]]]:
    """Give the rows from a byte of a file on, each with the byte behind it, up to one that is not whole.

    Raises
    ------
    Unfinished
        There is such a row.
    UnicodeDecodeError
        It is no text in UTF-8.
    csv.Error
        A row cannot be read.
    """
    while True:
        file.seek(at)
        lines = _Lines(file)
        try:
            for cells in csv.reader(lines):
                if lines.over:  # it asked for more and there was none: its last text has no end
                    break
                at = lines.at
                yield at, cells
        except csv.Error:
            file.seek(at)
            lines = _Lines(file)
            found = _cells(lines)
            if found is None and not lines.over:
                raise
        else:
            found = None
            if at == lines.at and not lines.half:
                return
        if found is None:
            raise Unfinished
        at = lines.at
        yield at, found


def _cells(lines: _Lines) -> list[str] | None:
    r"""Read the row that comes next; None if it is none.

    Python's own reader, which is much faster, refuses fields of more than 131,072 characters, a limit that holds for
    all threads of the program, and a lone ``\r`` without quotes, which it has written itself before Python 3.13.
    """
    pieces, quotes = [], 0
    for line in lines:
        pieces.append(line)
        quotes += line.count('"')
        if not quotes % 2:
            break
    else:
        return None
    row = "".join(pieces).removesuffix("\n").removesuffix("\r")
    found: list[str] = []
    at = 0
    while True:
        field = _FIELD.match(row, at)
        if field is None:
            return None
        quoted, plain = field.groups()
        found.append(plain if quoted is None else quoted.replace('""', '"'))
        at = field.end()
        if at == len(row):
            return found
        if row[at] != ",":
            return None
        at += 1


class _Lines:
    """The lines of a file that end; one that does not is still being written, or never was to its end.

    Attributes
    ----------
    at : int
        The byte behind the line that was given last.
    half : bool
        There is a line that does not end.
    over : bool
        All were given.
    """

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.at = file.tell()
        self.half = self.over = False

    def __iter__(self) -> Iterator[str]:
        for line in self._file:
            if not line.endswith(b"\n"):
                self.half = True
                break
            text = line.decode("utf-8-sig" if not self.at else "utf-8")
            self.at += len(line)
            yield text
        self.over = True
