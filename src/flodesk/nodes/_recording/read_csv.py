"""Reading a recording that is a CSV file."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any, TypeAlias

from flodesk.nodes._recording.beside import columns_told, described, noted
from flodesk.nodes._recording.csv_cells import Unfinished, whole_rows
from flodesk.nodes._recording.reading import Place, Row
from flodesk.public import Waveform

_Rows: TypeAlias = Iterator[tuple[int, list[str]]]
_LOOKED_AT = 1000
"""Rows that say of which kind a column is."""
_BLOCK = 1000
"""Samples of a signal that come at once at most."""
_BLOCK_SECONDS = 0.1
_DTYPES = {"bool", *(f"{kind}{bits}" for kind in ("int", "uint") for bits in (8, 16, 32, 64)), "float32", "float64"}
"""What samples were."""
_NO_END = "it has no end: its recorder was killed, or still records"
_TAILS = (65_536, 2**20, 2**26)
"""Bytes at the end of the file in which its last time is looked for: more where its last rows are long texts."""


class CsvRecording:
    """Rows of a CSV file. Where the column ``time`` holds seconds the rows are samples of signals.

    Parameters
    ----------
    path : Path
        The file; it may still be written to.

    Attributes
    ----------
    datatypes : mapping
        What its recorder has said that the columns are; empty where it is not known.

    Raises
    ------
    ValueError
        It is no CSV file in UTF-8.
    OSError
        It may not be read.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        beside = described(path)
        self.about: Mapping[str, Any] = noted(beside)
        self.ending = _NO_END if beside and "ended" not in beside["notes"][-1] else ""
        self._width = 0
        head, self._begin, first = self._start()
        timed = bool(head) and head[0] == "time" and bool(first)
        self._seconds = _clock_of(first[0][0]) if timed else None
        self.timed = self._seconds is not None
        self.others: tuple[str, ...] = ("time",) if self.timed else ()
        self.values = tuple(head[1:] if self.timed else head)
        self._sampled = self._seconds is float
        self._told = columns_told(beside, head) or [{}] * len(head)
        self.datatypes = {name: str(told.get("datatype", "")) for name, told in zip(head, self._told, strict=True)}
        columns = zip(zip(*first, strict=True), head, strict=False)
        kinds = self.about.get("kinds")
        self._dtypes = [str(kinds.get(name, "")).partition(" ")[2] if isinstance(kinds, dict) else "" for name in head]
        self._kinds = [_kind(cells, self.datatypes[name], not self._sampled) for cells, name in columns]
        self.begins = float(self._seconds(first[0][0])) if self._seconds else 0.0
        self._step = float(f"{float(first[1][0]) - self.begins:.12g}") if self._sampled and len(first) > 1 else 0.0
        self.length = max(0.0, self._last_time(self.begins) - self.begins)

    def close(self) -> None:
        """Do nothing: it is open only while it is read."""

    def _start(self) -> tuple[list[str], int, list[list[str]]]:
        """Return the names of the columns, where the first row begins, and the rows that say what the columns are."""
        rows = self._cells(0)
        begin, head = next(rows, (0, []))
        return head, begin, [cells for _, cells in islice(rows, _LOOKED_AT)]

    def _cells(self, at: int) -> _Rows:
        """Give the rows from a byte of the file on, up to one that is not whole; each with the byte behind it."""
        with self.path.open("rb") as file:
            try:
                for after, row in whole_rows(file, at):
                    if not row:
                        continue
                    self._width = self._width or len(row)
                    if len(row) != self._width:
                        self.ending = f"a row has {len(row)} fields, and the first one {self._width}"
                        return
                    yield after, row
            except UnicodeDecodeError as error:
                raise ValueError(f"{self.path} is no text in UTF-8: choose a recording (*.csv)") from error
            except Unfinished:
                self.ending = "its last line is not whole: its recorder was killed, or still records"
            except csv.Error as error:
                self.ending = f"a row cannot be read ({error})"

    def _last_time(self, otherwise: float) -> float:
        """Return the time of the last whole row, in s."""
        if self._seconds is None:
            return otherwise
        with self.path.open("rb") as file:
            size = file.seek(0, 2)
            for tail in _TAILS:
                start = file.seek(max(0, size - tail))
                lines = file.read().decode("utf-8", "replace").split("\n")[bool(start) : -1]
                for line in reversed(lines):
                    try:
                        return float(self._seconds(line.split(",", 1)[0]))
                    except ValueError:
                        continue
                if not start:
                    break
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
        return float(self._value(cells, 0)) - self.begins if self._seconds is not None else 0.0

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
        times = [self._value(cells, 0) for cells in block]
        step = float(f"{(times[-1] - times[0]) / (len(times) - 1):.12g}") if len(times) > 1 else self._step
        found: list[Any] = []
        for column in chosen:
            if column == 0:
                found.append(times[0])
            else:
                samples = _typed([self._value(cells, column) for cells in block], self._dtypes[column])
                unit = str(self._told[column].get("unit", ""))
                found.append(Waveform(samples, step if step > 0 else 1.0, times[0], unit))
        return Row((after, 0), times[0] - self.begins, tuple(found))


class _Unreadable(ValueError):  # noqa: N818 - ends the reading of a file, and no more
    """A cell is of another kind than those before it."""


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


_TOLD: Mapping[str, Callable[[str], Any]] = {"boolean": _truth, "integer": _number, "number": _number, "string": str}


def _kind(cells: Sequence[str], datatype: str, gaps: bool) -> Callable[[str], Any]:
    """Return what reads the cells of a column: as its recorder has said if it does so, else as they look.

    Parameters
    ----------
    datatype : str
        What its recorder has said that they are; empty if it is not known.
    gaps : bool
        An empty cell of numbers or truths is None.
    """
    told = _TOLD.get(datatype)
    if told is not None and told is not str and gaps:
        told = partial(_or_gap, told)
    for read in (told, _truth, _number) if told is not None else (_truth, _number):
        try:
            for cell in cells:
                read(cell)
        except ValueError:
            continue
        return read
    return str


def _or_gap(read: Callable[[str], Any], text: str) -> Any:
    return read(text) if text else None


def _typed(samples: list[Any], dtype: str) -> Any:
    """Return samples in the type that they had, if they still are of it."""
    import numpy

    array = numpy.array(samples)
    if dtype not in _DTYPES:
        return array
    with numpy.errstate(over="ignore", invalid="ignore"):
        typed = array.astype(dtype)
    return typed if numpy.array_equal(typed, array, equal_nan=array.dtype.kind == "f") else array
