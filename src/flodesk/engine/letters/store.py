"""Where dead letters are kept: ``letters.db`` in the data folder, written before the loop goes on to its next turn."""

from __future__ import annotations

import json
import time
import uuid
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path
from typing import Any

from flodesk.engine.database import Database
from flodesk.engine.events import Failure, failure_from_json
from flodesk.engine.letters.letter import Kept, Letter
from flodesk.engine.letters.schema import FORM, LettersError, tables
from flodesk.engine.letters.settings import Room, letters_settings
from flodesk.engine.writable import json_of

HIDDEN_SECONDS = 3600.0
"""How long a letter that was dropped by hand can come back."""
_MANY = 500
"""Ids of one statement: SQLite takes no more than some thousand."""
_COUNT_AGAIN = 200
"""After so many letters the store is counted anew: others write into it as well."""
_SPARE = 0.95
"""Where room is made, so much of what is allowed is left, so that it is not made for each letter."""


@dataclass(frozen=True, slots=True)
class Head:
    """What a list tells of a letter; see `Letter`. `error` is its class and message, `size` its bytes."""

    id: int
    time: float
    run: str
    path: str
    function: str
    loop: str
    node: str
    iteration: int
    count: int
    error: str
    size: int = 0
    host: str = ""


@dataclass(frozen=True, slots=True)
class Stock:
    """How many letters there are, and their bytes; how many were dropped to make room, and since when."""

    letters: int = 0
    size: int = 0
    dropped: int = 0
    since: float = 0.0


class Letters:
    """The dead letters of this computer's user, of all flows. Any thread may use it.

    Parameters
    ----------
    folder : Path, optional
        Where the file is: the data folder unless said otherwise.
    said : callable
        Takes a sentence about what had to be done: a broken file moved aside, the oldest letters dropped.
    room : Room, optional
        How many are kept: what the user's settings say unless said otherwise.

    Raises
    ------
    LettersError
        A newer flodesk has written the file, or none can be made.
    """

    def __init__(
        self,
        folder: Path | None = None,
        said: Callable[[str], None] = lambda sentence: None,
        *,
        room: Room | None = None,
    ) -> None:
        self._said = said
        self._database = Database(FORM, folder, said)
        self.file = self._database.file
        self.room = room if room is not None else letters_settings(said)
        self._known: tuple[int, int] | None = None
        self._since_counting = 0
        self._name = ""

    def close(self) -> None:
        """Let go of the file."""
        self._database.close()

    # -------------------------------------------------------------- writing
    def write(self, letter: Letter) -> Letter:
        """Keep a letter; returns it with its number. It outlives whatever happens to this process from now on.

        Raises
        ------
        LettersError
            It could not be written.
        """
        try:
            written, dropped = self._write(letter)
        except LettersError as error:
            if not error.broken:
                raise
            self._known, self._name = None, ""
            written, dropped = self._write(letter)  # the broken file was moved aside: this one is new
        if dropped:
            many = "the oldest dead letter was" if dropped == 1 else f"the {dropped:,} oldest dead letters were"
            self._said(f"To make room, {many} dropped: no more than {self.room.words} are kept")
        return written

    def _write(self, letter: Letter) -> tuple[Letter, int]:
        known, (parts, buffers, size) = tables(), _rows(letter)
        failure = json_of(asdict(letter.failure))
        size += len(failure)
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
            "failure": failure,
            "error": _short(letter.failure),
            "bytes": size,
            "host": letter.host,
        }
        with self._database.writing() as connection:
            number = connection.execute(known.letters.insert().values(row)).inserted_primary_key[0]
            for table, rows in ((known.parts, parts), (known.buffers, buffers)):
                if rows:
                    connection.execute(table.insert(), [{"letter": number, **of_it} for of_it in rows])
            dropped = self._make_room(connection, number, size)
        return replace(letter, id=number, time=row["time"], size=size), dropped

    def failed_again(self, id: int, run: str, failure: Failure) -> None:
        """Note that a letter that was put back has failed again.

        Raises
        ------
        LettersError
            It could not be written.
        """
        letters = tables().letters
        with self._database.writing() as connection:
            connection.execute(
                letters.update()
                .where(letters.c.id == id)
                .values(
                    count=letters.c.count + 1,
                    time=time.time(),
                    run=run,
                    node=failure.node,
                    failure=json_of(asdict(failure)),
                    error=_short(failure),
                )
            )

    def drop(self, ids: Iterable[int]) -> int:
        """Forget letters; returns how many there were of them."""
        letters, wanted, gone = tables().letters, list(ids), 0
        with self._database.writing() as connection:
            for start in range(0, len(wanted), _MANY):
                some = letters.c.id.in_(wanted[start : start + _MANY])
                gone += connection.execute(letters.delete().where(some)).rowcount
        self._known = None
        return gone

    def hide(self, ids: Iterable[int], *, hidden: bool = True) -> int:
        """Drop letters so that they can come back for an hour, or let them come back; returns how many."""
        letters, wanted, changed = tables().letters, list(ids), 0
        stamp = time.time() if hidden else 0.0
        with self._database.writing() as connection:
            old = letters.c.hidden.between(1.0, time.time() - HIDDEN_SECONDS)
            connection.execute(letters.delete().where(old))
            for start in range(0, len(wanted), _MANY):
                some = letters.c.id.in_(wanted[start : start + _MANY])
                changed += connection.execute(letters.update().where(some).values(hidden=stamp)).rowcount
        self._known = None
        return changed

    # -------------------------------------------------------------- room
    def _make_room(self, connection: Any, newest: int, size: int) -> int:
        """Drop the oldest letters where there are too many, but never the newest; returns how many."""
        self._since_counting += 1
        if self._known is not None and self._since_counting < _COUNT_AGAIN:
            self._known = self._known[0] + 1, self._known[1] + size
        else:
            self._known, self._since_counting = _counted(connection), 0
        if self.room.has(*self._known):
            return 0
        self._known, self._since_counting = _counted(connection), 0
        if self.room.has(*self._known):
            return 0
        import sqlalchemy as sa

        letters, (count, total) = tables().letters, self._known
        gone: list[int] = []
        # those that were dropped by hand first, then the oldest
        order = sa.select(letters.c.id, letters.c.bytes).order_by(letters.c.hidden == 0, letters.c.id)
        for id, bytes_of_it in connection.execute(order):
            if id == newest or self.room.has(round(count / _SPARE), total / _SPARE):
                break
            gone.append(id)
            count, total = count - 1, total - bytes_of_it
        for start in range(0, len(gone), _MANY):
            connection.execute(letters.delete().where(letters.c.id.in_(gone[start : start + _MANY])))
        self._known = count, total
        facts = _facts(connection)
        _put_fact(connection, "dropped", str(int(facts.get("dropped", "0")) + len(gone)))
        if "since" not in facts:
            _put_fact(connection, "since", str(time.time()))
        return len(gone)

    def stock(self) -> Stock:
        """Say how much there is.

        Raises
        ------
        LettersError
            It cannot be read.
        """
        with self._database.reading() as connection:
            facts, (count, size) = _facts(connection), _counted(connection, hidden=False)
        return Stock(count, size, int(facts.get("dropped", "0")), float(facts.get("since", "0")))

    def name(self) -> str:
        """Return a name that no other store has, so that two processes can tell whether they use the same one.

        Raises
        ------
        LettersError
            It cannot be read or written.
        """
        if self._name:
            return self._name
        with self._database.reading() as connection:
            found = _facts(connection).get("name", "")
        if not found:
            with self._database.writing() as connection:
                found = _facts(connection).get("name", "") or uuid.uuid4().hex
                _put_fact(connection, "name", found)
        self._name = found
        return found

    # -------------------------------------------------------------- reading
    def heads(self, paths: Collection[str] | None = None, last: int = 0) -> list[Head]:
        """Return what a list tells of letters, the newest first.

        Parameters
        ----------
        paths : collection of str, optional
            Only those of these flow files; the empty one is that of flows that were never saved.
        last : int
            No more than so many; 0 for all.

        Raises
        ------
        LettersError
            They cannot be read.
        """
        import sqlalchemy as sa

        letters = tables().letters
        names = [{"size": "bytes"}.get(field.name, field.name) for field in fields(Head)]
        chosen = sa.select(*(letters.c[name] for name in names)).where(letters.c.hidden == 0)
        chosen = chosen.order_by(letters.c.id.desc())
        if paths is not None:
            chosen = chosen.where(letters.c.path.in_(paths))
        if last:
            chosen = chosen.limit(last)
        with self._database.reading() as connection:
            return [Head(*row) for row in connection.execute(chosen)]

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
        letters = tables().letters
        chosen = letters.select().where(letters.c.hidden == 0).order_by(letters.c.id)
        if path:
            chosen = chosen.where(letters.c.path == path)
        with self._database.reading() as connection:
            if ids is None:
                rows = list(connection.execute(chosen))
            else:
                some = [ids[n : n + _MANY] for n in range(0, len(ids), _MANY)]
                rows = [row for part in some for row in connection.execute(chosen.where(letters.c.id.in_(part)))]
            return _made(connection, rows, whole=False)

    def get(self, id: int) -> Letter | None:
        """Return a letter with all that was kept; None if there is none of that number.

        Raises
        ------
        LettersError
            It cannot be read.
        """
        letters = tables().letters
        with self._database.reading() as connection:
            rows = list(connection.execute(letters.select().where(letters.c.id == id, letters.c.hidden == 0)))
            return next(iter(_made(connection, rows, whole=True)), None)

    def count(self, paths: Collection[str] | None = None) -> int:
        """Return how many letters there are, of some flow files or of all."""
        import sqlalchemy as sa

        letters = tables().letters
        chosen = sa.select(sa.func.count()).select_from(letters).where(letters.c.hidden == 0)
        if paths is not None:
            chosen = chosen.where(letters.c.path.in_(paths))
        with self._database.reading() as connection:
            return int(connection.scalar(chosen))


# ------------------------------------------------------------------ rows
def _counted(connection: Any, *, hidden: bool = True) -> tuple[int, int]:
    import sqlalchemy as sa

    letters = tables().letters
    chosen = sa.select(sa.func.count(), sa.func.coalesce(sa.func.sum(letters.c.bytes), 0))
    count, size = connection.execute(chosen if hidden else chosen.where(letters.c.hidden == 0)).one()
    return int(count), int(size)


def _facts(connection: Any) -> dict[str, str]:
    return {row.name: row.value for row in connection.execute(tables().facts.select())}


def _put_fact(connection: Any, name: str, value: str) -> None:
    facts = tables().facts
    if not connection.execute(facts.update().where(facts.c.name == name).values(value=value)).rowcount:
        connection.execute(facts.insert().values(name=name, value=value))


def _short(failure: Failure) -> str:
    return f"{failure.type}: {failure.message}"[:1000]


def _made(connection: Any, rows: list[Any], *, whole: bool) -> list[Letter]:
    known = tables()
    ids = [row.id for row in rows]
    kept: dict[tuple[int, str], list[Kept]] = {}
    for start in range(0, len(ids), _MANY):
        some = ids[start : start + _MANY]
        buffers: dict[tuple[int, str, int], list[bytes]] = {}
        if whole:
            found = known.buffers.select().where(known.buffers.c.letter.in_(some)).order_by(known.buffers.c.id)
            for row in connection.execute(found):
                buffers.setdefault((row.letter, row.kind, row.place), []).append(row.data)
        parts = known.parts.select().where(known.parts.c.letter.in_(some)).order_by(known.parts.c.place)
        for row in connection.execute(parts):
            head = None if row.head is None else json.loads(row.head)
            raw = tuple(buffers.get((row.letter, row.kind, row.place), ()))
            part = Kept(row.name, row.summary, row.text, head, raw, row.why)
            kept.setdefault((row.letter, row.kind), []).append(part)
    return [_letter(row, kept) for row in rows]


def _rows(letter: Letter) -> tuple[list[dict[str, Any]], list[dict[str, Any]], int]:
    """Return the rows of a letter's values and of their bytes, still without its number; and how many bytes it has."""
    parts, buffers, size = [], [], 0
    for kind, values in (("payload", letter.payload), ("input", letter.inputs)):
        for place, kept in enumerate(values):
            key = {"kind": kind, "place": place}
            head = None if kept.head is None else json.dumps(kept.head)
            words = {"name": kept.name, "summary": kept.summary, "text": kept.text, "why": kept.why}
            parts.append({**key, **words, "head": head})
            buffers += [{**key, "data": data} for data in kept.buffers]
            size += len(kept.text) + len(head or "") + sum(map(len, kept.buffers))
    return parts, buffers, size


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
        host=row.host,
        size=row.bytes,
    )
