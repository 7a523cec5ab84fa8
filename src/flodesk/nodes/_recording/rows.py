"""Recording to a CSV file: rows as text."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime
from typing import Any

from flodesk.nodes._recording.ring import Turn
from flodesk.public import Waveform


class Rows:
    """Turns as lines of a CSV file: a row a turn, or for signals a row a sample."""

    def __init__(self, columns: list[str]) -> None:
        self._columns = columns

    def opening(self, first: Turn) -> bytes:
        """Return the line of column names."""
        count = len(first.values)
        names = ["value"] if count == 1 else [f"value_{i}" for i in range(1, count + 1)]
        return _text([("time", *(self._columns or names))])

    def pack(self, turns: list[Turn]) -> bytes:
        """Return turns as lines."""
        rows: list[tuple[Any, ...]] = []
        for turn in turns:
            if isinstance(turn.values[0], Waveform):
                # 12 digits are far finer than a sample and leave the rounding of t0 + i·dt out
                times = [float(f"{t:.12g}") for t in turn.values[0].time.tolist()]
                rows += zip(times, *(value.y.tolist() for value in turn.values), strict=True)
            else:
                rows.append((_clock(turn.time), *turn.values))
        return _text(rows)

    def closing(self) -> bytes:
        """Return nothing: a CSV file has no end."""
        return b""


def _text(rows: list[tuple[Any, ...]]) -> bytes:
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="\n").writerows(rows)
    return buffer.getvalue().encode("utf-8")


def _clock(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
