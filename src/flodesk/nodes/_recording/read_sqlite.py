"""Reading a recording that is a SQLite database."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from flodesk.nodes._recording.sqlite import quoted
from flodesk.nodes._recording.tables import Columns


class SqliteRecording(Columns):
    """Turns of a database.

    Raises
    ------
    ValueError
        It is no recording.
    """

    def __init__(self, path: Path) -> None:
        self._base = sqlite3.connect(path, check_same_thread=False)  # a producer may go on in another thread
        try:
            known = dict(self._base.execute("SELECT name, value FROM about"))
            about = json.loads(known["flodesk"])
            types = self._base.execute("SELECT name, type, samples FROM columns").fetchall()
            names = [row[1] for row in self._base.execute("PRAGMA table_info(turns)")]
            (count,) = self._base.execute("SELECT COUNT(*) FROM turns").fetchone()
            if "ended" not in known:
                self.ending = "it has no end: its recorder was killed, or still records"
            self._samples = {name: kind for name, kind, samples in types if samples}
            self._truths = {name for name, kind, samples in types if kind == "bool" and not samples}
            super().__init__(about, names, count)
        except (sqlite3.Error, KeyError, TypeError, ValueError) as error:
            self._base.close()
            raise ValueError(f"{path} is no database of a recorder: choose a recording (*.sqlite)") from error

    def _part(self, name: str, start: int, stop: int) -> Sequence[Any]:
        import numpy

        text = f"SELECT {quoted(name)} FROM turns WHERE rowid > ? AND rowid <= ? ORDER BY rowid"
        found = [row[0] for row in self._base.execute(text, (start, stop))]
        if kind := self._samples.get(name):
            return [numpy.frombuffer(blob, kind) for blob in found]
        if name in self._truths:
            return [bool(value) for value in found]
        # SQLite has no NaN, and keeps none
        return [float("nan") if value is None else value for value in found]

    def close(self) -> None:
        """Close the file."""
        self._base.close()
