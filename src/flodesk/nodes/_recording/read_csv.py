"""Reading a recording that is a CSV file."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO, TypeAlias

from flodesk.nodes._recording.reading import Place, Row
from flodesk.nodes._recording.rows import described
from flodesk.public import Waveform

_Rows: TypeAlias = Iterator[tuple[int, list[str]]]
_LOOKED_AT = 1000
"""Rows that say of which kind a column is."""
_BLOCK = 1000
"""Samples of a signal that come at once at most."""
_BLOCK_SECONDS = 0.1
_TAIL = 65_536
"""Bytes at the end of the file in which its last time is looked for."""


class CsvRecording:
    """Rows of a CSV file. Where the column ``time`` holds seconds the rows are samples of signals.

    Parameters
    ----------
    path : Path
        The file; it may still be written to.

    Raises
    ------
    ValueError
        It is no CSV file in UTF-8.
    OSError
        It may not be read.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.ending = ""
        self.about: Mapping[str, Any] = described(path)
        self._width = 0
        head, self._begin, first = self._start()
        timed = bool(head) and head[0] == "time" and bool(first)
        self._seconds = _clock_of(first[0][0]) if timed else None
        self.timed = self._seconds is not None
        self.others: tuple[str, ...] = ("time",) if self.timed else ()
        self.values = tuple(head[1:] if self.timed else head)
        self._kinds = [_kind(column) for column in zip(*first, strict=True)]
        self._sampled = self._seconds is float
        self._first = float(self._seconds(first[0][0])) if self._seconds else 0.0
        self._step = float(f"{float(first[1][0]) - self._first:.12g}") if self._sampled and len(first) > 1 else 0.0
        self.length = max(0.0, self._last_time(self._first) - self._first)

    def close(self) -> None:
        """Do nothing: it is open only while it is read."""

    def _start(self) -> tuple[list[str], int, list[list[str]]]:
        """Return the names of the columns, where the first row begins, and the rows that say what the columns are."""
        rows = self._cells(0)
        begin, head = next(rows, (0, []))
        return head, begin, [cells for _, cells in islice(rows, _LOOKED_AT)]

    def _cells(self, at: int) -> Iterator[tuple[int, list[str]]]:
        """Give the rows from a byte of the file on, up to one that is not whole; each with the byte behind it."""
        with self.path.open("rb") as file:
            file.seek(at)
            lines = _Lines(file)
            rows = csv.reader(lines)
            try:
                for row in rows:
                    if not row:
                        continue
                    self._width = self._width or len(row)
                    if len(row) != self._width:
                        self.ending = f"a row has {len(row)} fields, and the first one {self._width}"
                        return
                    yield lines.at, row
                if lines.half:
                    self.ending = "its last line is not whole: its recorder was killed, or still records"
            except UnicodeDecodeError as error:
                raise ValueError(f"{self.path} is no text in UTF-8: choose a recording (*.csv)") from error
            except csv.Error as error:
                self.ending = f"a row cannot be read ({error})"

    def _last_time(self, otherwise: float) -> float:
        """Return the time of the last whole row, in s."""
        if self._seconds is None:
            return otherwise
        with self.path.open("rb") as file:
            size = file.seek(0, 2)
            file.seek(max(0, size - _TAIL))
            lines = file.read().decode("utf-8", "replace").split("\n")[:-1]
        for line in reversed(lines):
            try:
                return float(self._seconds(line.split(",", 1)[0]))
            except ValueError:
                continue
        return otherwise

    def find(self, seconds: float) -> Place:
        """Return where the first row stands that is not earlier than so many seconds after the first of all."""
        place = self._begin
        for after, cells in self._cells(place) if seconds > 0 else ():
            if self._at(cells) >= seconds:
                break
            place = after
        return place, 0

    def _at(self, cells: list[str]) -> float:
        return float(self._value(cells, 0)) - self._first if self._seconds is not None else 0.0

    def rows(self, columns: Sequence[str], place: Place) -> Iterator[Row]:
        """Give the rows from a place on, or blocks of samples; where one is damaged it ends, and `ending` says so."""
        names = [*self.others, *self.values]
        chosen = [names.index(name) for name in columns]
        rows = self._cells(max(place[0], self._begin))
        try:
            yield from self._blocks(rows, chosen) if self._sampled else self._plain(rows, chosen)
        except _Unreadable as error:
            self.ending = f"a cell cannot be read ({error})"

    def _plain(self, rows: _Rows, chosen: list[int]) -> Iterator[Row]:
        for after, cells in rows:
            yield Row((after, 0), self._at(cells), tuple(self._value(cells, column) for column in chosen))

    def _value(self, cells: list[str], column: int) -> Any:
        read = self._seconds if self._seconds is not None and column == 0 else self._kinds[column]
        try:
            return read(cells[column])
        except ValueError as error:
            raise _Unreadable(str(error)) from error

    def _blocks(self, rows: _Rows, chosen: list[int]) -> Iterator[Row]:
        """Give samples at equal distances together, as a recorder got them or in smaller pieces."""
        most = min(_BLOCK, max(1, round(_BLOCK_SECONDS / self._step))) if self._step > 0 else 1
        block: list[list[str]] = []
        end, due = 0, 0.0
        for after, cells in rows:
            at = self._at(cells)
            if block and (len(block) == most or abs(at - due) > 0.01 * self._step):
                yield self._block(block, chosen, end)
                block = []
            block.append(cells)
            end, due = after, at + self._step
        if block:
            yield self._block(block, chosen, end)

    def _block(self, block: list[list[str]], chosen: list[int], after: int) -> Row:
        import numpy

        times = [self._value(cells, 0) for cells in block]
        step = float(f"{(times[-1] - times[0]) / (len(times) - 1):.12g}") if len(times) > 1 else self._step
        found: list[Any] = []
        for column in chosen:
            if column == 0:
                found.append(times[0])
            else:
                samples = numpy.array([self._value(cells, column) for cells in block])
                found.append(Waveform(samples, step if step > 0 else 1.0, times[0]))
        return Row((after, 0), times[0] - self._first, tuple(found))


class _Unreadable(ValueError):  # noqa: N818 - ends the reading of a file, and no more
    """A cell is of another kind than those before it."""


class _Lines:
    """The lines of a file that end; one that does not is still being written, or never was to its end.

    Attributes
    ----------
    at : int
        The byte behind the line that was given last.
    half : bool
        There is a line that does not end.
    """

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.at = file.tell()
        self.half = False

    def __iter__(self) -> Iterator[str]:
        for line in self._file:
            if not line.endswith(b"\n"):
                self.half = True
                return
            text = line.decode("utf-8-sig" if not self.at else "utf-8")
            self.at += len(line)
            yield text


def _clock_of(text: str) -> Callable[[str], float] | None:
    """Return what reads times that look like this one, in s; None if it is none."""
    for read in (float, _day_time):
        try:
            read(text)
        except ValueError:
            continue
        return read
    return None


def _day_time(text: str) -> float:
    return datetime.fromisoformat(text).timestamp()


def _truth(text: str) -> bool:
    if text not in ("True", "False"):
        raise ValueError(f"{text!r} is neither True nor False")
    return text == "True"


def _number(text: str) -> float:
    try:
        return int(text)
    except ValueError:
        return float(text)


def _kind(cells: Sequence[str]) -> Callable[[str], Any]:
    """Return what reads the cells of a column; at last texts as they are."""
    for read in (_truth, _number):
        try:
            for cell in cells:
                read(cell)
        except ValueError:
            continue
        return read
    return str
