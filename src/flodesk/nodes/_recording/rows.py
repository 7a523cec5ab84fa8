"""Recording to a CSV file: rows as text, and beside it what is known of them, as the W3C describes tables."""

from __future__ import annotations

import contextlib
import csv
import io
import json
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from flodesk.nodes._disk import explain
from flodesk.nodes._recording.beside import beside_of, columns_told, described, kept_beside, wider
from flodesk.nodes._recording.columns import Column
from flodesk.nodes._recording.csv_cells import Unfinished, whole_rows
from flodesk.nodes._recording.csv_end import End, end_of
from flodesk.nodes._recording.ring import Turn
from flodesk.nodes._recording.target import Growing, Head
from flodesk.public import Waveform

AGAIN = 0.5
"""Time in s after which what has changed is written beside the rows."""
_SAID = {"bool": "boolean", "int64": "integer", "str": "string"}


class Rows:
    """Turns as lines of a CSV file: a row a turn, or for signals a row a sample."""

    def opening(self, head: Head, columns: Sequence[Column]) -> bytes:
        """Return the line of column names."""
        return _text([("time", *(column.name for column in columns))])

    def pack(self, turns: Sequence[Turn]) -> bytes:
        """Return turns as lines."""
        rows: list[tuple[Any, ...]] = []
        for turn in turns:
            if isinstance(turn.values[0], Waveform):
                # 12 digits are far finer than a sample and leave the rounding of t0 + i·dt out
                times = [float(f"{t:.12g}") for t in turn.values[0].time.tolist()]
                rows += zip(times, *(value.y.tolist() for value in turn.values), strict=True)
            else:
                rows.append((clock(turn.time), *turn.values))
        return _text(rows)

    def closing(self, tail: Head) -> bytes:
        """Return nothing: a CSV file has no end."""
        return b""


class Described(Growing):
    """A CSV file with another beside it, ``NAME.csv-metadata.json`` (CSV on the Web): columns, units, the flow."""

    def __init__(self, path: Path, append: bool = False) -> None:
        super().__init__(path, Rows(), append)
        self.begun = False  # whether it can be gone on with is known when its columns are
        self._about: dict[str, Any] = {}
        self._beside = beside_of(path)
        self._seen: list[str | None] = []
        self._known: list[set[type]] = []
        self._due = 0.0
        self._stale = False

    def begin(self, head: Head, columns: Sequence[Column]) -> None:
        """Write the names of the columns and what is known of them, or see that those of the file are the same."""
        if self.size:
            self._go_on(head, columns)
        else:
            super().begin(head, columns)
            self._seen = [datatype(column) if column.samples else None for column in columns]
            self._about = {
                "@context": "http://www.w3.org/ns/csvw",
                "url": self.path.name,
                "tableSchema": {"columns": [{"titles": "time"}, *map(_column, columns)]},
                "notes": [{**head, "changes": []}],
            }
        self._known = [set() for _ in columns]
        self._describe()
        told = kept_beside(self.path) if self._about else ""
        self.remark = "; ".join(filter(None, (self.remark, told)))

    def _go_on(self, head: Head, columns: Sequence[Column]) -> None:
        self._about = described(self.path)
        unlike = difference(self.path, self._about, columns)
        if not unlike:
            try:
                end = end_of(self.path, self._about, len(columns) + 1)
            except ValueError as error:
                unlike = str(error)
        if unlike:
            self._about = {}
            raise FileExistsError(
                f"{self.path} {unlike}: choose another file, or set existing to 'number' for the next free name"
            )
        told = columns_told(self._about, ["time", *(column.name for column in columns)])
        # of what nobody has said before what it is, nothing is said now: the rows that are there may be anything
        self._seen = [str(about.get("datatype", "")) for about in told[1:]] if told else [""] * len(columns)
        if self._about:
            self._about["notes"].append({**head, "changes": []})
        self._mend(end)
        self.begun = True

    def _mend(self, end: End) -> None:
        """Let the first row that is appended begin a line."""
        if end.size < self.size:
            try:
                self._file.truncate(end.size)
            except OSError as error:
                raise explain(error, self.path) from error
            self.size, self.remark = end.size, end.remark
        if end.newline:
            self._append(b"\n")

    def write(self, turns: Sequence[Turn]) -> None:
        """Write turns, and what has changed before them."""
        self._widen(turns)
        super().write(turns)
        if not self._about:
            return
        for turn in turns:
            if turn.changed:
                self._about["notes"][-1]["changes"].append({"turn": turn.number, "to": json.loads(turn.changed)})
                self._stale = True
        if self._stale and time.monotonic() > self._due:
            self._describe()

    def _widen(self, turns: Sequence[Turn]) -> None:
        """See that what is said of the columns is true of what is written next, also if the program is killed then."""
        seen = list(self._seen)
        for place, cells in enumerate(zip(*(turn.values for turn in turns), strict=True)):
            kinds = set(map(type, cells))
            if kinds <= self._known[place]:
                continue
            self._known[place] |= kinds
            if seen[place] == "" or Waveform in kinds:
                continue
            for value in {type(cell): cell for cell in cells}.values():
                seen[place] = wider(seen[place], value)
        if seen != self._seen and self._about:
            self._seen = seen
            for about, told in zip(self._about["tableSchema"]["columns"][1:], seen, strict=True):
                if told:
                    about["datatype"] = told
            self._describe()

    def end(self, tail: Head) -> None:
        """Close it, and say how many turns it has."""
        super().end(tail)
        if self._about:
            self._about["notes"][-1].update(tail, size=self.size)
            self._describe()

    def _describe(self) -> None:
        """Write what is known; where that cannot be, it is said, and the rows are written all the same."""
        self._stale, self._due = False, time.monotonic() + AGAIN
        if not self._about or not self.path.is_file():
            return  # beside a device there is no place
        new = self._beside.with_name(f"{self._beside.name}~")
        try:
            new.write_text(json.dumps(self._about, ensure_ascii=False, indent=1), encoding="utf-8")
            new.replace(self._beside)
        except OSError as error:
            with contextlib.suppress(OSError):
                new.unlink(missing_ok=True)
            self.remark = str(explain(error, self._beside))


def difference(path: Path, about: dict[str, Any], columns: Sequence[Column]) -> str:
    """Return in words what is other in a CSV file than in what is to be appended; empty if it fits."""
    first: list[str] | None = None
    try:
        with path.open("rb") as file:
            rows = whole_rows(file, 0)
            _, head = next(rows, (0, [""]))
            with contextlib.suppress(Unfinished):
                _, first = next(rows, (0, None))
    except (OSError, ValueError, csv.Error) as error:
        return f"cannot be read as a CSV file ({error})"
    names = [column.name for column in columns]
    if head != ["time", *names]:
        return f"has the columns {', '.join(head)}, and time, {', '.join(names)} are to be appended"
    if first and number(first[0]) != columns[0].samples:
        return f"has {_ROW[number(first[0])]}, and {_ROW[columns[0].samples]} is to be appended"
    for told, column in zip(columns_told(about, head)[1:], columns, strict=False):
        if (unit := told.get("unit", "")) != column.unit and column.samples:
            return f"has {column.name} in {unit or 'no unit'}, and {column.unit or 'no unit'} is to be appended"
    return ""


_ROW = {True: "a row a sample", False: "a row a turn"}


def number(text: str) -> bool:
    """Say whether a text is a number."""
    try:
        float(text)
    except ValueError:
        return False
    return True


def clock(seconds: float) -> str:
    """Return a time of day (UTC) as it stands in a file."""
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _column(column: Column) -> dict[str, Any]:
    found = {"titles": column.name, "datatype": datatype(column)}
    return {**found, "unit": column.unit} if column.unit else found


def datatype(column: Column) -> str:
    """Return the datatype of a column as CSV on the Web names it."""
    return _SAID.get(column.dtype, "number")


def _text(rows: list[tuple[Any, ...]]) -> bytes:
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="\n").writerows(rows)
    text = buffer.getvalue()
    if "\r" in text:  # it stands in quotes only where it is part of the end of lines, before Python 3.13
        lines = _Lines()
        csv.writer(lines, lineterminator="\r\n").writerows(rows)
        text = "".join(f"{line[:-2]}\n" for line in lines)
    return text.encode("utf-8")


class _Lines(list[str]):
    """Lines as they are written."""

    def write(self, line: str) -> None:
        """Take a line."""
        self.append(line)
