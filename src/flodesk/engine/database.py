"""The stores of flodesk: SQLite files, opened, locked, brought up to date and reported on in one way.

A write that has returned outlives a kill of the process; one that was cut short is as if it had never been begun.
Readers and a writer do not wait for each other. A file that is broken is moved aside and a new one is begun; one that
a newer flodesk has written is left alone. SQLAlchemy takes a while to import, so it is imported by who opens a store,
and not by who might.
"""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

from flodesk.engine.folders import VARIABLE, FolderError, data_folder
from flodesk.engine.writable import writable_in

BUSY_SECONDS = 10.0
"""How long one process waits for another that is writing."""
ENVIRONMENT = Path(__file__).parent / "migrations"
"""What Alembic runs for every store; the migrations themselves lie beside each store."""
FIRST = "0001"
_BROKEN = ("file is not a database", "malformed", "file is encrypted")
_READING = "flodesk_reading"
_HINTS = (
    ("locked", "another program keeps it open for writing: close that one"),
    ("readonly", f"see that the file can be written, or set {VARIABLE} to another folder"),
    ("full", f"the disk is full: make room, or set {VARIABLE} to another folder"),
    ("disk i/o", f"the disk may be full or gone: make room, or set {VARIABLE} to another folder"),
    ("unable to open", f"see that the file can be read and written, or set {VARIABLE} to another folder"),
)
"""What SQLite says in its own words, and what to do."""


class StoreError(Exception):
    """A store cannot be used; the message says which, why, and what to do.

    `broken` says that its file was no database, and was moved aside; `refused`, that it is not the store but what was
    to be written: it would not be taken the next time either.
    """

    def __init__(self, message: str, *, broken: bool = False, refused: bool = False) -> None:
        super().__init__(message)
        self.broken = broken
        self.refused = refused


@dataclass(frozen=True)
class Form:
    """What a store is.

    Attributes
    ----------
    words : str
        What it holds, as it is called in a sentence: ``the history of runs``.
    file : str
        Its name in the data folder.
    head : str
        The newest migration: known here, so that a start need not import Alembic to find nothing to do.
    migrations : Path
        The folder of the migrations.
    metadata : callable
        Gives the tables as they are now (`sqlalchemy.MetaData`).
    before : str
        A table by which a file is known that was made before its migrations were counted: it stands at the first.
    error : type
        What is raised where it cannot be used.
    """

    words: str
    file: str
    head: str
    migrations: Path
    metadata: Callable[[], Any]
    before: str = ""
    error: type[StoreError] = StoreError


class Database:
    """An open store; any thread may use it.

    Parameters
    ----------
    folder : Path, optional
        Where its file is, or will be: the data folder unless said otherwise.
    said : callable
        Takes a sentence about what had to be done to open it.

    Raises
    ------
    StoreError
        Of the form's own class: it cannot be opened.
    """

    def __init__(
        self, form: Form, folder: Path | None = None, said: Callable[[str], None] = lambda sentence: None
    ) -> None:
        self.form = form
        self._said = said
        self._lock = threading.Lock()
        try:
            self.file = (folder if folder is not None else data_folder()) / form.file
        except FolderError as error:
            raise form.error(f"{form.words} cannot be kept: {error}") from error
        with self._told():
            self._engine = self._open()

    # -------------------------------------------------------------- use
    @contextlib.contextmanager
    def writing(self) -> Iterator[Any]:
        """Give a connection for one transaction that writes; others that write wait for its end.

        Raises
        ------
        StoreError
            It cannot be written. A file that has turned out to be broken is moved aside before that: the next time
            there is a new one.
        """
        with self._used() as engine, engine.begin() as connection:
            yield connection

    @contextlib.contextmanager
    def reading(self) -> Iterator[Any]:
        """Give a connection for one transaction that only reads: it waits for nobody.

        Raises
        ------
        StoreError
            It cannot be read.
        """
        with self._used() as engine, engine.connect().execution_options(**{_READING: True}) as connection:
            yield connection

    def close(self) -> None:
        """Let go of the file."""
        self._engine.dispose()

    @contextlib.contextmanager
    def _used(self) -> Iterator[Any]:
        engine = self._engine
        with self._told():
            try:
                yield engine
            except _database_errors() as error:
                if is_broken(error):
                    self._renew(engine)
                raise

    @contextlib.contextmanager
    def _told(self) -> Iterator[None]:
        """Say in words what SQLite says in its own."""
        try:
            yield
        except _database_errors() as error:
            raise self.form.error(self._why(error), broken=is_broken(error), refused=_is_refused(error)) from error

    def _why(self, error: BaseException) -> str:
        text = str(getattr(error, "orig", None) or error)
        hint = next((hint for sign, hint in _HINTS if sign in text.lower()), "")
        if is_broken(error):
            hint = "it was broken, and was moved aside: a new one has been begun"
        words = self.form.words[0].upper() + self.form.words[1:]
        return f"{words} ({self.file}) cannot be used: {text}" + (f"; {hint}" if hint else "")

    # -------------------------------------------------------------- opening
    def _open(self) -> Any:
        try:
            return self._prepared()
        except _database_errors() as error:
            if not is_broken(error):
                raise
        self._move_aside()
        return self._prepared()

    def _prepared(self) -> Any:
        """Return SQLAlchemy's engine for the file, which is brought up to date."""
        import sqlalchemy

        url = sqlalchemy.URL.create("sqlite", database=str(self.file))
        engine = sqlalchemy.create_engine(url, connect_args={"timeout": BUSY_SECONDS})
        sqlalchemy.event.listen(engine, "connect", _connected)
        sqlalchemy.event.listen(engine, "begin", _begin)
        sqlalchemy.event.listen(engine, "before_cursor_execute", _made_writable, retval=True)
        try:
            with engine.connect().execution_options(**{_READING: True}) as connection:
                found = version_of(connection, self.form)
            if found != self.form.head:
                with engine.begin() as connection:
                    bring_up_to_date(connection, self.form)
        except BaseException:
            engine.dispose()
            raise
        return engine

    def _renew(self, broken: Any) -> None:
        """Begin a new file where the old one broke while it was in use, once for all threads that notice."""
        with self._lock:
            if self._engine is not broken:
                return
            broken.dispose()
            with contextlib.suppress(OSError):
                self._move_aside()
                self._engine = self._prepared()

    def _move_aside(self) -> None:
        try:
            aside = move_aside(self.file)
        except OSError as error:
            raise self.form.error(f"{self.file} is broken, and cannot be moved aside: {error}") from error
        self._said(f"The file of {self.form.words} was broken: it was moved to {aside}, and a new one was begun.")


def is_broken(error: BaseException) -> bool:
    """Return whether the file is no database, or not a whole one."""
    return any(words in str(error) for words in _BROKEN)


def move_aside(file: Path) -> Path:
    """Rename a broken file, with what belongs to it; returns its new name."""
    stamp, number = f"{file.stem}-broken-{time.strftime('%Y%m%d-%H%M%S')}", 1
    aside = file.with_name(f"{stamp}{file.suffix}")
    while aside.exists():
        number += 1
        aside = file.with_name(f"{stamp}-{number}{file.suffix}")
    for ending in ("-wal", "-shm", ""):
        with contextlib.suppress(FileNotFoundError):
            Path(f"{file}{ending}").replace(f"{aside}{ending}")
    return aside


def _database_errors() -> type[Exception]:
    import sqlalchemy

    return sqlalchemy.exc.SQLAlchemyError


def _is_refused(error: BaseException) -> bool:
    import sqlalchemy

    exc = sqlalchemy.exc
    known = isinstance(error, exc.StatementError) and not isinstance(error, exc.OperationalError)
    return known and not is_broken(error)


def _made_writable(
    connection: Any, cursor: Any, statement: str, given: Any, context: Any, many: bool
) -> tuple[str, Any]:
    """Let no text through that cannot be written; what is looked for is spelled in the same way."""
    rows = given if many else (given,)
    for row in rows:
        for value in row.values() if isinstance(row, dict) else row:
            if isinstance(value, str) and not value.isascii():
                return statement, writable_in(given)
    return statement, given


def _connected(raw: Any, record: object) -> None:
    raw.isolation_level = None  # SQLite's own transactions, not the driver's: also tables are made within one
    # with a log written ahead, readers and a writer do not wait for each other, and a kill loses nothing that was
    # committed; a commit does not wait for the disk, so that a power cut may lose the last ones, but breaks nothing
    raw.execute("PRAGMA journal_mode=WAL").close()
    raw.execute("PRAGMA synchronous=NORMAL").close()
    raw.execute("PRAGMA foreign_keys=ON").close()


def _begin(connection: Any) -> None:
    # two that both have read cannot both go on to write: who will write takes the lock at once
    reads = connection.get_execution_options().get(_READING)
    connection.exec_driver_sql("BEGIN" if reads else "BEGIN IMMEDIATE")


# ------------------------------------------------------------------ versions
def bring_up_to_date(connection: Any, form: Form) -> None:
    """Make the tables, or change them to what they are now, within the transaction that is on.

    Raises
    ------
    StoreError
        A newer flodesk has written them.
    """
    version = version_of(connection, form)
    if version == form.head:
        return  # another program was quicker
    if version is None:
        form.metadata().create_all(connection)
        _stand_at(connection, form.head)
        return
    migrate(connection, form)


def _stand_at(connection: Any, version: str) -> None:
    from sqlalchemy import text

    connection.execute(text("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL PRIMARY KEY)"))
    connection.execute(text("INSERT INTO alembic_version VALUES (:version)"), {"version": version})


def version_of(connection: Any, form: Form) -> str | None:
    """Return the migration that the tables stand at; None where there are none."""
    from sqlalchemy import text

    if not _has(connection, "alembic_version"):
        return FIRST if _has(connection, form.before) else None
    found: str | None = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return found


def _has(connection: Any, table: str) -> bool:
    from sqlalchemy import inspect

    return bool(table) and inspect(connection).has_table(table)


def migrate(connection: Any, form: Form, to: str = "head") -> None:
    """Run migrations, within the transaction that is on.

    Raises
    ------
    StoreError
        A newer flodesk has written the tables.
    """
    # Alembic takes longer to import than all the rest, and is needed once in a long while
    command: Any = import_module("alembic.command")
    config: Any = import_module("alembic.config")
    errors: Any = import_module("alembic.util")
    settings = config.Config()
    for name, folder in (("script_location", ENVIRONMENT), ("version_locations", form.migrations)):
        settings.set_main_option(name, str(folder).replace("%", "%%"))
    settings.set_main_option("path_separator", "newline")  # a folder's name may hold spaces
    settings.attributes.update(connection=connection, metadata=form.metadata())
    if not _has(connection, "alembic_version") and _has(connection, form.before):
        _stand_at(connection, FIRST)
    try:
        command.upgrade(settings, to)
    except errors.CommandError as error:
        raise form.error(
            f"{form.words[0].upper()}{form.words[1:]} stands in a file of a newer flodesk, which is left as it is "
            f"({error}). Update flodesk to see it."
        ) from error
