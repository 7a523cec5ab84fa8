"""SQLite files of ours: opened through SQLAlchemy, so that a process that is killed loses nothing that was written.

SQLAlchemy takes a while to import, so it is imported by who opens a file, and not by who might.
"""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

BUSY_SECONDS = 10.0
"""How long one process waits for another that is writing."""


def open_database(file: Path) -> Any:
    """Return a SQLAlchemy engine for a file, which is made when it is first written to.

    A write that has returned outlives a kill of the process; one that was cut short is as if it had never been begun.
    Readers and one writer do not wait for each other.
    """
    import sqlalchemy

    url = sqlalchemy.URL.create("sqlite", database=str(file))
    engine = sqlalchemy.create_engine(url, connect_args={"timeout": BUSY_SECONDS})
    sqlalchemy.event.listen(engine, "connect", _prepare)
    return engine


def _prepare(connection: sqlite3.Connection, record: Any) -> None:
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode = WAL")
    cursor.execute("PRAGMA synchronous = NORMAL")
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.close()
