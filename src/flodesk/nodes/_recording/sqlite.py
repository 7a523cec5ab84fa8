"""Recording to SQLite: a row a turn, and a transaction for all that has come since the last."""

from __future__ import annotations

import contextlib
import errno
import json
import os
import sqlite3
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from flodesk.nodes._disk import explain
from flodesk.nodes._recording.columns import Column, Own, own_columns, plain, samples_of
from flodesk.nodes._recording.ring import Turn
from flodesk.nodes._recording.target import Head

_SQL = {"bool": "INTEGER", "int64": "INTEGER", "float64": "REAL", "str": "TEXT"}


class SqliteFile:
    """Turns as rows of a database; see `Target` for the rest."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.size = self.safe = 0
        self.begun = self.broken = False
        self.remark = ""
        self._base: sqlite3.Connection | None = None
        self._columns: Sequence[Column] = ()
        self._own: list[Own] = []
        self._insert = ""

    def begin(self, head: Head, columns: Sequence[Column]) -> None:
        """Make the tables."""
        self._columns, self._own = columns, own_columns(columns)
        fields = [(own.name, _SQL[own.dtype]) for own in self._own]
        fields += [(column.name, "BLOB" if column.samples else _SQL[column.dtype]) for column in columns]
        declared = ", ".join(f"{quoted(name)} {kind}" for name, kind in fields)
        self._insert = f"INSERT INTO turns VALUES ({', '.join('?' * len(fields))})"
        with _words(self.path):
            if self._base is None:
                self._base = sqlite3.connect(self.path, isolation_level=None)
                self._base.execute("PRAGMA journal_mode=WAL").close()
                self._base.execute("PRAGMA synchronous=NORMAL").close()
            with self._transaction() as base:
                base.execute(f"CREATE TABLE turns ({declared})")
                base.execute(
                    "CREATE TABLE columns (name TEXT, type TEXT, samples INTEGER, unit TEXT, dt REAL, t0 REAL)"
                )
                rows = [(c.name, stored(c), c.samples, c.unit, c.dt, c.t0) for c in columns]
                base.executemany("INSERT INTO columns VALUES (?, ?, ?, ?, ?, ?)", rows)
                base.execute("CREATE TABLE about (name TEXT PRIMARY KEY, value TEXT)")
                self._tell({"flodesk": json.dumps(head, ensure_ascii=False), **_flat(head)})
        self.begun = True
        self._measure()

    def write(self, turns: Sequence[Turn]) -> None:
        """Write turns: all of them, or none."""
        rows = []
        for turn in turns:
            row: list[Any] = [own.of(turn) for own in self._own]
            for column, value in zip(self._columns, turn.values, strict=True):
                row.append(_blob(value, stored(column)) if column.samples else plain(value, column.dtype))
            rows.append(row)
        with _words(self.path), self._transaction() as base:
            base.executemany(self._insert, rows)
        self.safe += len(turns)
        self._measure()

    def flush(self) -> None:
        """Do nothing: each transaction is the system's when it ends, and is not lost with the program."""

    def end(self, tail: Head) -> None:
        """Say how many turns it has, and make one file of it."""
        if self._base is None:
            return
        try:
            with _words(self.path):
                if self.begun:
                    with self._transaction():
                        self._tell(_flat(tail))
                with contextlib.suppress(sqlite3.OperationalError):  # somebody reads along: it stays as it is
                    self._base.execute("PRAGMA journal_mode=DELETE").close()
        finally:
            self.leave()
        self.size = self.path.stat().st_size

    def leave(self) -> None:
        """Close it as it is."""
        base, self._base = self._base, None
        if base is not None:
            with contextlib.suppress(sqlite3.Error):
                base.close()

    @contextlib.contextmanager
    def _transaction(self) -> Any:
        assert self._base is not None
        self._base.execute("BEGIN IMMEDIATE")
        try:
            yield self._base
            self._base.execute("COMMIT")
        except BaseException:
            with contextlib.suppress(sqlite3.Error):  # a full disk has rolled it back already
                self._base.execute("ROLLBACK")
            raise

    def _tell(self, known: Head) -> None:
        assert self._base is not None
        self._base.executemany("INSERT OR REPLACE INTO about VALUES (?, ?)", [(k, str(v)) for k, v in known.items()])

    def _measure(self) -> None:
        beside = self.path.with_name(f"{self.path.name}-wal")
        self.size = sum(file.stat().st_size for file in (self.path, beside) if file.exists())


def stored(column: Column) -> str:
    """Return the type of what stands in a column: of samples NumPy's, little end first."""
    if not column.samples:
        return column.dtype
    import numpy

    return numpy.dtype("u1" if column.dtype == "bool" else column.dtype).newbyteorder("<").str


def _blob(value: Any, dtype: str) -> bytes:
    import numpy

    return bytes(numpy.ascontiguousarray(samples_of(value), dtype=dtype).tobytes())


def _flat(head: Head) -> dict[str, Any]:
    """Return what is known as names and values, to be asked for one by one."""
    found: dict[str, Any] = {}
    for name, value in head.items():
        if isinstance(value, dict):
            found |= {f"{name}.{key}": item for key, item in _flat(value).items()}
        elif name != "flodesk":
            found[name] = value if isinstance(value, str | int | float) else json.dumps(value, ensure_ascii=False)
        else:
            found["version"] = value
    return found


@contextlib.contextmanager
def _words(path: Path) -> Any:
    """Say in words why a database cannot be written."""
    try:
        yield
    except sqlite3.Error as error:
        number = {"SQLITE_FULL": errno.ENOSPC, "SQLITE_READONLY": errno.EACCES}.get(
            getattr(error, "sqlite_errorname", ""),
            0,  # those of the module itself have none
        )
        raise explain(OSError(number, os.strerror(number)) if number else OSError(str(error)), path) from error


def quoted(name: str) -> str:
    """Return a name as it stands in SQL."""
    return '"' + name.replace('"', '""') + '"'
