"""Where dead letters are kept: ``letters.db`` in the data folder, written before the loop goes on to its next turn."""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, replace
from functools import lru_cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from flodesk.engine.database import open_database
from flodesk.engine.events import Failure, failure_from_json
from flodesk.engine.folders import FolderError, data_folder
from flodesk.engine.letters.letter import Kept, Letter

FILE = "letters.db"
VERSION = 1
_MANY = 500
"""Ids of one statement: SQLite takes no more than some thousand."""


class LettersError(Exception):
    """The store cannot be read or written; the text says why and what to do."""


class Letters:
    """The dead letters of this computer's user, of all flows.

    Parameters
    ----------
    folder : Path, optional
        Where the file is: the data folder unless said otherwise.

    Raises
    ------
    LettersError
        There is a file that is none of ours, or none can be made.
    """

    def __init__(self, folder: Path | None = None) -> None:
        try:
            self.file = (folder if folder is not None else data_folder()) / FILE
        except FolderError as error:
            raise LettersError(f"dead letters cannot be kept: {error}") from error
        self._engine = open_database(self.file)
        with self._told(), self._engine.begin() as connection:
            found = _made_sure(connection)
        if found > VERSION:
            self.close()
            raise LettersError(f"{self.file} was written by a newer flodesk: start that one to see its dead letters")

    def close(self) -> None:
        """Let go of the file."""
        self._engine.dispose()

    # -------------------------------------------------------------- writing
    def write(self, letter: Letter) -> Letter:
        """Keep a letter; returns it with its number. It outlives whatever happens to this process from now on.

        Raises
        ------
        LettersError
            It could not be written.
        """
        tables = _tables()
        row: dict[str, Any] = {
            "time": letter.time or time.time(),
            "run": letter.run,
            "path": letter.path,
            "flow": letter.flow,
            "function": letter.function,
            "loop": letter.loop,
            "node": letter.failure.node,
            "iteration": letter.iteration,
            "count": letter.count,
            "failure": json.dumps(asdict(letter.failure)),
        }
        with self._told(), self._engine.begin() as connection:
            number = connection.execute(tables.letters.insert().values(row)).inserted_primary_key[0]
            parts, buffers = _rows(number, letter)
            connection.execute(tables.parts.insert(), parts)
            if buffers:
                connection.execute(tables.buffers.insert(), buffers)
        return replace(letter, id=number, time=row["time"])

    def failed_again(self, id: int, run: str, failure: Failure) -> None:
        """Note that a letter that was put back has failed again.

        Raises
        ------
        LettersError
            It could not be written.
        """
        letters = _tables().letters
        with self._told(), self._engine.begin() as connection:
            connection.execute(
                letters.update()
                .where(letters.c.id == id)
                .values(
                    count=letters.c.count + 1,
                    time=time.time(),
                    run=run,
                    node=failure.node,
                    failure=json.dumps(asdict(failure)),
                )
            )

    def drop(self, ids: Iterable[int]) -> int:
        """Forget letters; returns how many there were of them."""
        letters, wanted, gone = _tables().letters, list(ids), 0
        with self._told(), self._engine.begin() as connection:
            for start in range(0, len(wanted), _MANY):
                some = letters.c.id.in_(wanted[start : start + _MANY])
                gone += connection.execute(letters.delete().where(some)).rowcount
        return gone

    # -------------------------------------------------------------- reading
    def find(self, path: str = "", ids: Sequence[int] | None = None) -> list[Letter]:
        """Return letters without the bytes of their values, the oldest first.

        Parameters
        ----------
        path : str
            Only those of this flow file.
        ids : sequence of int, optional
            Only these.

        Raises
        ------
        LettersError
            They cannot be read.
        """
        letters = _tables().letters
        chosen = letters.select().order_by(letters.c.id)
        if path:
            chosen = chosen.where(letters.c.path == path)
        with self._told(), self._engine.connect() as connection:
            if ids is None:
                rows = list(connection.execute(chosen))
            else:
                some = [ids[n : n + _MANY] for n in range(0, len(ids), _MANY)]
                rows = [row for part in some for row in connection.execute(chosen.where(letters.c.id.in_(part)))]
            return self._made(connection, rows, whole=False)

    def get(self, id: int) -> Letter | None:
        """Return a letter with all that was kept; None if there is none of that number.

        Raises
        ------
        LettersError
            It cannot be read.
        """
        letters = _tables().letters
        with self._told(), self._engine.connect() as connection:
            rows = list(connection.execute(letters.select().where(letters.c.id == id)))
            return next(iter(self._made(connection, rows, whole=True)), None)

    def count(self, path: str = "") -> int:
        """Return how many letters there are, of one flow or of all."""
        import sqlalchemy

        letters = _tables().letters
        chosen = sqlalchemy.select(sqlalchemy.func.count()).select_from(letters)
        if path:
            chosen = chosen.where(letters.c.path == path)
        with self._told(), self._engine.connect() as connection:
            return int(connection.scalar(chosen))

    def _made(self, connection: Any, rows: list[Any], *, whole: bool) -> list[Letter]:
        tables = _tables()
        ids = [row.id for row in rows]
        kept: dict[tuple[int, str], list[Kept]] = {}
        for start in range(0, len(ids), _MANY):
            some = ids[start : start + _MANY]
            buffers: dict[tuple[int, str, int], list[bytes]] = {}
            if whole:
                found = tables.buffers.select().where(tables.buffers.c.letter.in_(some)).order_by(tables.buffers.c.id)
                for row in connection.execute(found):
                    buffers.setdefault((row.letter, row.kind, row.place), []).append(row.data)
            parts = tables.parts.select().where(tables.parts.c.letter.in_(some)).order_by(tables.parts.c.place)
            for row in connection.execute(parts):
                head = None if row.head is None else json.loads(row.head)
                raw = tuple(buffers.get((row.letter, row.kind, row.place), ()))
                part = Kept(row.name, row.summary, row.text, head, raw, row.why)
                kept.setdefault((row.letter, row.kind), []).append(part)
        return [_letter(row, kept) for row in rows]

    @contextmanager
    def _told(self) -> Iterator[None]:
        """Say in words what SQLite says in its own."""
        import sqlalchemy

        try:
            yield
        except sqlalchemy.exc.DatabaseError as error:
            text = str(error.orig)
            if "not a database" in text or "malformed" in text:
                hint = "the file is damaged: move it away to start with an empty one"
            elif "full" in text or "disk" in text:
                hint = "the disk may be full: make room, or set FLODESK_DATA to another folder"
            elif "locked" in text:
                hint = "another program keeps it open for writing: close that one"
            else:
                hint = "see that the file can be written"
            raise LettersError(f"the dead letters in {self.file} cannot be reached ({text}): {hint}") from error


def _made_sure(connection: Any) -> int:
    """Make the tables if they are not there, which another program may do at the same time; returns their version."""
    from sqlalchemy.schema import CreateIndex, CreateTable

    tables = _tables()
    for table in tables.metadata.sorted_tables:
        connection.execute(CreateTable(table, if_not_exists=True))
        for index in sorted(table.indexes, key=lambda index: str(index.name)):
            connection.execute(CreateIndex(index, if_not_exists=True))
    connection.execute(tables.version.insert().prefix_with("OR IGNORE").values(number=VERSION))
    return int(connection.scalar(tables.version.select().order_by(tables.version.c.number.desc())))


def _rows(number: int, letter: Letter) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    parts, buffers = [], []
    for kind, values in (("payload", letter.payload), ("input", letter.inputs)):
        for place, kept in enumerate(values):
            key = {"letter": number, "kind": kind, "place": place}
            head = None if kept.head is None else json.dumps(kept.head)
            words = {"name": kept.name, "summary": kept.summary, "text": kept.text, "why": kept.why}
            parts.append({**key, **words, "head": head})
            buffers += [{**key, "data": data} for data in kept.buffers]
    return parts, buffers


def _letter(row: Any, kept: dict[tuple[int, str], list[Kept]]) -> Letter:
    return Letter(
        run=row.run,
        path=row.path,
        flow=row.flow,
        function=row.function,
        loop=row.loop,
        iteration=row.iteration,
        failure=failure_from_json(json.loads(row.failure)),
        payload=tuple(kept.get((row.id, "payload"), ())),
        inputs=tuple(kept.get((row.id, "input"), ())),
        time=row.time,
        count=row.count,
        id=row.id,
    )


@lru_cache(maxsize=1)
def _tables() -> SimpleNamespace:
    import sqlalchemy as sa

    metadata = sa.MetaData()

    def keyed(name: str, *columns: Any) -> Any:
        owner = sa.ForeignKey("letters.id", ondelete="CASCADE")
        return sa.Table(
            name,
            metadata,
            sa.Column("id", sa.Integer, primary_key=True),
            sa.Column("letter", sa.Integer, owner, nullable=False),
            sa.Column("kind", sa.Text, nullable=False),
            sa.Column("place", sa.Integer, nullable=False),
            *columns,
            sa.Index(f"{name}_of_letter", "letter"),
        )

    texts = {
        name: sa.Column(name, sa.Text, nullable=False)
        for name in ("run", "path", "flow", "function", "loop", "node", "failure")
    }
    letters = sa.Table(
        "letters",
        metadata,
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("time", sa.Float, nullable=False),
        *texts.values(),
        sa.Column("iteration", sa.Integer, nullable=False),
        sa.Column("count", sa.Integer, nullable=False),
        sa.Index("letters_of_flow", "path"),
        sqlite_autoincrement=True,  # a number is never given twice: whoever wrote one down means that letter
    )
    words = [sa.Column(name, sa.Text, nullable=False) for name in ("name", "summary", "text", "why")]
    return SimpleNamespace(
        metadata=metadata,
        letters=letters,
        parts=keyed("letter_parts", *words, sa.Column("head", sa.Text)),
        buffers=keyed("letter_buffers", sa.Column("data", sa.LargeBinary, nullable=False)),
        version=sa.Table("letters_version", metadata, sa.Column("number", sa.Integer, primary_key=True)),
    )
