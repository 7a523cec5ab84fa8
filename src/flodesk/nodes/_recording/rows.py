"""Recording to a CSV file: rows as text, and beside it what is known of them, as the W3C describes tables."""

from __future__ import annotations

import csv
import io
import json
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from flodesk.nodes._disk import explain
from flodesk.nodes._recording.columns import Column
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
        self._about: dict[str, Any] = {}
        self._due = 0.0
        self._stale = False

    def begin(self, head: Head, columns: Sequence[Column]) -> None:
        """Write the names of the columns, and what is known of them."""
        super().begin(head, columns)
        self._about = {
            "@context": "http://www.w3.org/ns/csvw",
            "url": self.path.name,
            "tableSchema": {"columns": [{"titles": "time"}, *map(_column, columns)]},
            "notes": [{**head, "changes": []}],
        }
        self._describe()

    def write(self, turns: Sequence[Turn]) -> None:
        """Write turns, and what has changed before them."""
        super().write(turns)
        if not self._about:
            return
        for turn in turns:
            if turn.changed:
                self._about["notes"][0]["changes"].append({"turn": turn.number, "to": json.loads(turn.changed)})
                self._stale = True
        if self._stale and time.monotonic() > self._due:
            self._describe()

    def end(self, tail: Head) -> None:
        """Close it, and say how many turns it has."""
        super().end(tail)
        if self._about:
            self._about["notes"][0].update(tail)
            self._describe()

    def _describe(self) -> None:
        if not self.path.is_file():
            return  # beside a device there is no place
        beside = beside_of(self.path)
        new = beside.with_name(f"{beside.name}~")
        try:
            new.write_text(json.dumps(self._about, ensure_ascii=False, indent=1), encoding="utf-8")
            new.replace(beside)
        except OSError as error:
            new.unlink(missing_ok=True)
            raise explain(error, beside) from error
        self._stale, self._due = False, time.monotonic() + AGAIN


def beside_of(path: Path) -> Path:
    """Return the file in which stands what is known of a CSV file."""
    return path.with_name(f"{path.name}-metadata.json")


def described(path: Path) -> dict[str, Any]:
    """Return what its recorder has noted beside a CSV file; nothing where there is no such note."""
    try:
        notes = json.loads(beside_of(path).read_text(encoding="utf-8"))["notes"]
    except (OSError, ValueError, LookupError, TypeError):
        return {}
    return dict(notes[0]) if isinstance(notes, list) and notes and isinstance(notes[0], dict) else {}


def clock(seconds: float) -> str:
    """Return a time of day (UTC) as it stands in a file."""
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _column(column: Column) -> dict[str, Any]:
    found = {"titles": column.name, "datatype": _SAID.get(column.dtype, "number")}
    return {**found, "unit": column.unit} if column.unit else found


def _text(rows: list[tuple[Any, ...]]) -> bytes:
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="\n").writerows(rows)
    return buffer.getvalue().encode("utf-8")
