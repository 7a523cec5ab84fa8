"""The file of the history: opened, brought up to date, and moved aside where it cannot be read."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, inspect, text
from sqlalchemy.exc import DatabaseError, SQLAlchemyError
from sqlalchemy.pool import NullPool

from flodesk.engine.history.schema import HEAD, metadata

FILE = "history.db"
MIGRATIONS = Path(__file__).parent / "migrations"
BUSY_SECONDS = 10.0
"""How long to wait while another process writes. Only the recorder's own thread waits."""
_BROKEN = ("file is not a database", "malformed", "file is encrypted")


class HistoryError(Exception):
    """The history cannot be used; the message says why and what to do."""


class Database:
    """An open history; used by one thread.

    Parameters
    ----------
    folder : Path
        Where its file is, or will be.
    said : callable
        Takes a sentence about what had to be done to open it.

    Raises
    ------
    HistoryError
        It cannot be opened.
    """

    def __init__(self, folder: Path, said: Callable[[str], None] = lambda sentence: None) -> None:
        self.file = folder / FILE
        try:
            self._engine, self.connection = _open(self.file)
        except DatabaseError as error:
            if not is_broken(error):
                raise HistoryError(why(error, self.file)) from error
            self._renew(said)
        except SQLAlchemyError as error:
            raise HistoryError(why(error, self.file)) from error

    def _renew(self, said: Callable[[str], None]) -> None:
        """Begin a new history where the old one is broken; nothing of it is deleted."""
        try:
            aside = move_aside(self.file)
            self._engine, self.connection = _open(self.file)
        except (SQLAlchemyError, OSError) as error:
            raise HistoryError(why(error, self.file)) from error
        said(f"The history of runs was broken: it was moved to {aside}, and a new one was begun.")

    @contextlib.contextmanager
    def writing(self) -> Iterator[Connection]:
        """Give the connection for one transaction."""
        with self.connection.begin():
            yield self.connection

    def close(self) -> None:
        """Let go of the file."""
        with contextlib.suppress(SQLAlchemyError):
            self.connection.close()
        self._engine.dispose()


def is_broken(error: BaseException) -> bool:
    """Return whether the file is no database, or not a whole one."""
    return any(words in str(error) for words in _BROKEN)


def why(error: BaseException, file: Path) -> str:
    """Say in a sentence why the history cannot be used."""
    cause = getattr(error, "orig", None) or error
    return f"The history of runs ({file}) cannot be used: {cause}"


def move_aside(file: Path) -> Path:
    """Rename a broken file, with what belongs to it; returns its new name."""
    aside = file.with_name(f"{file.stem}-broken-{time.strftime('%Y%m%d-%H%M%S')}{file.suffix}")
    for ending in ("-wal", "-shm", ""):
        with contextlib.suppress(FileNotFoundError):
            Path(f"{file}{ending}").replace(f"{aside}{ending}")
    return aside


def _open(file: Path) -> tuple[Engine, Connection]:
    engine = create_engine(f"sqlite:///{file}", poolclass=NullPool, connect_args={"timeout": BUSY_SECONDS})
    event.listen(engine, "connect", _connected)
    event.listen(engine, "begin", _begin)
    connection = engine.connect()
    try:
        with connection.begin():
            bring_up_to_date(connection)
    except BaseException:
        connection.close()
        engine.dispose()
        raise
    return engine, connection


def _connected(raw: Any, record: object) -> None:
    raw.isolation_level = None  # SQLite's own transactions, not the driver's: also tables are made within one
    # with a log written ahead, readers and a writer do not wait for each other, and a kill loses nothing that was
    # committed; a commit does not wait for the disk, so that a power cut may lose the last ones, but breaks nothing
    raw.execute("PRAGMA journal_mode=WAL").close()
    raw.execute("PRAGMA synchronous=NORMAL").close()
    raw.execute("PRAGMA foreign_keys=ON").close()


def _begin(connection: Connection) -> None:
    # two that both have read cannot both go on to write: the lock is taken at once
    connection.exec_driver_sql("BEGIN IMMEDIATE")


# ------------------------------------------------------------------ versions
def bring_up_to_date(connection: Connection, location: Path = MIGRATIONS, head: str = HEAD) -> None:
    """Make the tables, or change them to what they are now.

    Raises
    ------
    HistoryError
        A newer flodesk has written them.
    """
    version = version_of(connection)
    if version == head:
        return
    if version is None and location == MIGRATIONS:
        metadata.create_all(connection)
        connection.execute(text("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL PRIMARY KEY)"))
        connection.execute(text("INSERT INTO alembic_version VALUES (:head)"), {"head": head})
        return
    migrate(connection, "head", location)


def version_of(connection: Connection) -> str | None:
    """Return the migration that the tables stand at; None where there are none."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    found: str | None = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return found


def migrate(connection: Connection, to: str, location: Path = MIGRATIONS) -> None:
    """Run migrations, within the transaction that is on.

    Raises
    ------
    HistoryError
        A newer flodesk has written the tables.
    """
    # Alembic takes longer to import than all the rest, and is needed once in a long while
    command: Any = import_module("alembic.command")
    config: Any = import_module("alembic.config")
    errors: Any = import_module("alembic.util")
    settings = config.Config()
    settings.set_main_option("script_location", str(location).replace("%", "%%"))
    settings.attributes["connection"] = connection
    try:
        command.upgrade(settings, to)
    except errors.CommandError as error:
        raise HistoryError(
            f"The history of runs was written by a newer flodesk ({error}): it is left as it is. Update flodesk."
        ) from error
