"""What the recorder's thread does: gathers what runs tell into rows, and writes many of them in one transaction."""

from __future__ import annotations

import contextlib
import json
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import xxhash
from sqlalchemy.exc import IntegrityError

from flodesk.engine.database import Database
from flodesk.engine.events import Changed, Event, LogLine, LoopFinished, NodeFailed, Paused, Rejected, RunStarted
from flodesk.engine.history import store
from flodesk.engine.history.environment import environment, host, user
from flodesk.engine.history.process import own
from flodesk.engine.history.records import OPEN, STATE_OF, About, Begun, Ended, Line, Note, Noted
from flodesk.engine.history.schema import FORM, HistoryError
from flodesk.engine.history.settings import History
from flodesk.engine.history.times import Times
from flodesk.engine.ids import recorded
from flodesk.engine.writable import json_of

AGAIN_SECONDS = 2.0
"""After this long a file that could not be written is tried again."""
LINES_MOST = 20_000
"""Log lines that wait for that; more are dropped, but never a run."""
NOTES_MOST = 500
"""Pauses of one run that are written down; changes of its text always are."""
PRUNE_EVERY = 200
"""Runs of one process after which the oldest are dropped again."""

_CLOSED = "flodesk was closed while it was on."
_TIME_WAS_UP = "The time that it was given was up."


@dataclass
class Active:
    """A run that this process follows."""

    row: dict[str, Any]
    about: About
    times: Times = field(default_factory=Times)
    loops: dict[str, int] = field(default_factory=dict)
    lines: int = 0
    notes: int = 0
    holds: set[str] = field(default_factory=set)
    written: bool = False
    changed: bool = True
    nodes_written: bool = False
    refused: bool = False
    """It turned out that it cannot run: then it was none."""

    @property
    def open(self) -> bool:
        """True until it has ended."""
        return self.row["state"] in OPEN


class Writer:
    """Owns the database.

    Raises
    ------
    HistoryError
        It cannot be opened.
    """

    def __init__(self, folder: Path, settings: History, said: Callable[[str], None]) -> None:
        self._settings = settings
        self._said = said
        self._told = False
        self._next_try = 0.0
        self._runs: dict[str, Active] = {}
        self._texts: dict[str, str] = {}
        self._environments: dict[str, str] = {}
        self._lines: list[tuple[str, Line]] = []
        self._notes: list[tuple[str, Note]] = []
        self._since_pruning = 0
        self._database = Database(FORM, folder, said)
        self._tidy()

    @property
    def at_work(self) -> bool:
        """True while a run is on, or something waits to be written."""
        return any(run.open or run.changed for run in self._runs.values())

    def write(self, items: Sequence[Begun | Ended | Noted | Event], *, closing: bool = False) -> None:
        """Take what was told, and write it."""
        for item in items:
            try:
                self._take(item)
            except Exception as error:  # noqa: BLE001 - what one run tells must not cost the others their history
                self._said(f"Something that a run told is not in the history: {type(error).__name__}: {error}")
        for run in self._runs.values():
            if run.open and closing:
                run.row.update(state="stopped", end=time.time(), message=_CLOSED)
                run.row["seconds"] = run.row["end"] - run.row["start"]
                run.changed = True
            elif run.open:
                self._glance(run)
        if closing or time.monotonic() >= self._next_try:
            self._store()
        # where few are kept, one more is many
        spare = min(PRUNE_EVERY, max(1, self._settings.keep_runs // 5)) if self._settings.keep_runs else PRUNE_EVERY
        if self._since_pruning >= (1 if closing else spare):
            self._tidy()

    def close(self) -> None:
        """Let go of the file."""
        self._database.close()

    # -------------------------------------------------------------- what is told
    def _take(self, item: Begun | Ended | Noted | Event) -> None:
        if isinstance(item, Begun):
            self._begin(item)
        elif isinstance(item, Ended):
            self._end(item)
        elif isinstance(item, Noted):
            self._mark(item)
        else:
            self._note(item)

    def _begin(self, begun: Begun) -> None:
        for id in [id for id, run in self._runs.items() if not run.open and not run.changed]:
            del self._runs[id]
        about = begun.about
        text = about.text.encode("utf-8", "surrogatepass")
        hash = xxhash.xxh3_128_hexdigest(text)
        self._texts[hash] = about.text
        if hash not in self._environments:
            self._environments = {hash: json.dumps(environment(about.text))}  # most often it is the same flow again
        pid, process = own()
        self._runs[begun.run] = Active(
            {
                "id": begun.run,
                "path": about.path,
                "name": _name(about)[:200],
                "flow": hash,
                "parameters": json_of(dict(about.parameters)),
                "environment": self._environments[hash],
                "host": host(),
                "user": user(),
                "pid": pid,
                "process": process,
                "place": about.place,
                "state": "queued",
                "start": begun.time,
                "end": None,
                "seconds": None,
                "message": "",
                "iterations": 0,
                "error": "",
            },
            about,
        )

    def _end(self, ended: Ended) -> None:
        event = ended.event
        run = self._runs.get(recorded(event.run))
        if run is None or not run.open:  # what was computed again after its end does not change how it ended
            return
        run.times.look(ended.states, over=True)
        run.changed = True
        message = event.message or (_TIME_WAS_UP if event.limited else "")
        run.row.update(state=STATE_OF[event.reason], end=ended.time, message=message)
        run.row["seconds"] = event.seconds or ended.time - run.row["start"]
        run.row["iterations"] = sum(run.loops.values())
        self._since_pruning += 1

    def _mark(self, noted: Noted) -> None:
        """Note what was done to a run, and that it is paused, or goes on."""
        event, id = noted.event, recorded(noted.event.run)
        run = self._runs.get(id)
        if run is None:
            return
        if isinstance(event, Changed):
            text = event.text.encode("utf-8", "surrogatepass")
            hash = xxhash.xxh3_128_hexdigest(text)
            self._texts[hash] = event.text
            note = Note(run.notes + 1, noted.time, "changed", flow=hash)
        elif isinstance(event, Paused):
            run.holds.add(event.function)
            note = Note(run.notes + 1, noted.time, "paused", event.node[:200], event.why)
        else:
            run.holds.discard(event.function)
            note = Note(run.notes + 1, noted.time, "resumed", event.function[:200])
        if run.open and run.row["state"] in ("running", "paused"):
            state = "paused" if run.holds else "running"
            run.changed = run.changed or state != run.row["state"]
            run.row["state"] = state
        if run.notes < NOTES_MOST or note.kind == "changed":
            run.notes += 1
            self._notes.append((id, note))

    def _note(self, event: Event) -> None:
        id = recorded(event.run)
        run = self._runs.get(id)
        if run is None:
            return
        match event:
            case NodeFailed() if not run.open:
                failure = event.failure
                text = f"after the end of the run, with what was changed: {failure.type}: {failure.message}"
                self._line(id, run, LogLine(event.run, failure.node, "error", text, time.time()))
            case RunStarted() if run.open:
                run.changed = True
                run.row.update(state="running", end=None, message="", place=event.place)
            case NodeFailed() | Rejected():
                failure = event.failure
                run.refused = run.refused or failure.refused
                run.times.fail(failure.node, f"{failure.type}: {failure.message}")
                if not run.row["error"]:
                    run.row["error"] = json_of(asdict(failure))
                    run.changed = True
            case LoopFinished() if run.open:
                run.loops[event.loop] = event.iterations
            case LogLine():
                self._line(id, run, event)
            case _:
                pass

    def _line(self, id: str, run: Active, line: LogLine) -> None:
        if run.refused and not run.open:
            return
        run.lines += 1
        if len(self._lines) < LINES_MOST:
            when = line.time or time.time()
            self._lines.append((id, Line(run.lines, when, line.node[:200], line.level[:20], line.text)))

    def _glance(self, run: Active) -> None:
        # the memory of an engine that is being closed, and whatever else keeps it from being looked at
        with contextlib.suppress(Exception):
            run.times.look(run.about.states())

    # -------------------------------------------------------------- the file
    def _store(self, *, again: bool = True) -> None:
        changed = [run for run in self._runs.values() if run.changed]
        if not changed and not self._lines and not self._notes:
            return
        try:
            self._write_all(changed)
        except HistoryError as error:
            if error.broken and again:
                self._renew()
                self._store(again=False)
                return
            self._next_try = time.monotonic() + AGAIN_SECONDS
            if not self._told:
                self._told = True
                self._said(f"{error}. The run goes on; it is tried again.")
            return
        self._told = False
        self._texts.clear()
        self._lines.clear()
        self._notes.clear()

    def _write_all(self, changed: Sequence[Active]) -> None:
        try:
            self._write(changed, self._lines, self._notes)
        except HistoryError as error:
            if not error.refused:
                raise
            self._write_apart()
        except Exception:  # noqa: BLE001 - one of the runs holds what nobody has thought of: the others are written
            self._write_apart()

    def _write(
        self, changed: Sequence[Active], lines: Sequence[tuple[str, Line]], notes: Sequence[tuple[str, Note]]
    ) -> None:
        over = {run.row["id"]: run for run in changed if not run.open}
        with self._database.writing() as connection:
            if self._texts:
                store.add_flows(connection, self._texts)
            store.add_runs(connection, [run.row for run in changed if not run.written])
            store.change_runs(connection, [run.row for run in changed if run.written])
            nodes = {id: run.times.records() for id, run in over.items()}
            store.put_nodes(connection, nodes, {id for id, run in over.items() if run.nodes_written})
            store.add_lines(connection, lines)
            store.add_notes(connection, notes)
            store.drop(connection, [id for id, run in over.items() if run.refused])
        for run in changed:
            run.written, run.changed = True, False
            run.nodes_written = run.nodes_written or not run.open

    def _write_apart(self) -> None:
        """Write each run by itself, where all together could not be: the one that cannot is left out."""
        for id, run in list(self._runs.items()):
            lines = [(of, line) for of, line in self._lines if of == id]
            notes = [(of, note) for of, note in self._notes if of == id]
            if not (run.changed or lines or notes):
                continue
            try:
                self._write([run] if run.changed else [], lines, notes)
            except Exception as error:  # whatever it is, it is the trouble of this run alone
                if isinstance(error, HistoryError) and not error.refused:
                    raise
                del self._runs[id]
                # one that somebody has dropped while it goes on is not missed
                if not (run.written and isinstance(error.__cause__, IntegrityError)):
                    self._said(f"The run {id} of {run.row['name']} is not in the history: {error}")
            self._lines = [(of, line) for of, line in self._lines if of != id]
            self._notes = [(of, note) for of, note in self._notes if of != id]

    def _renew(self) -> None:
        """Let the runs that are on be written into the new file: the old one broke, and was moved aside."""
        self._lines.clear()
        self._notes.clear()
        for run in self._runs.values():
            run.written = run.nodes_written = False
            run.changed = True
            self._texts[run.row["flow"]] = run.about.text

    def _tidy(self) -> None:
        """Note the ends of runs whose process is gone, and drop what is too old."""
        self._since_pruning = 0
        try:
            with self._database.writing() as connection:
                store.mark_interrupted(connection)
                store.prune(connection, keep_runs=self._settings.keep_runs, keep_days=self._settings.keep_days)
        except HistoryError as error:
            self._said(str(error))


def _name(about: About) -> str:
    name = Path(about.path).stem if about.path else "unsaved flow"
    return f"{name}: {about.part}" if about.part else name
