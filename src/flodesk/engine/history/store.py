"""What is asked of the history, and what is written into it: plain statements of SQLAlchemy Core."""

from __future__ import annotations

import json
import socket
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields
from typing import Any, cast

from sqlalchemy import Connection, Insert, Row, and_, bindparam, delete, exists, func, insert, or_, select, update

from flodesk.engine.history.process import alive
from flodesk.engine.history.records import OPEN, Line, NodeRecord, Note, RunRecord
from flodesk.engine.history.schema import flows, log_lines, node_runs, run_notes, runs

FIRST_LINES, LAST_LINES = 200, 800
"""How much of a run's log is kept: its beginning and its end."""
_AT_ONCE = 400

_INSERT_RUN = insert(runs)
_UPDATE_RUN = (
    update(runs)
    .where(runs.c.id == bindparam("of"))
    .values({name: bindparam(name) for name in ("state", "end", "seconds", "message", "iterations", "error", "place")})
)
_INSERT_NODE = insert(node_runs)
_INSERT_LINE = insert(log_lines)
_FORGET_NODES = delete(node_runs).where(node_runs.c.run == bindparam("of"))
_FORGET_LINES = delete(log_lines).where(
    log_lines.c.run == bindparam("of"), log_lines.c.number > FIRST_LINES, log_lines.c.number <= bindparam("upto")
)

Values = Mapping[str, Any]


# ------------------------------------------------------------------ writing
def add_flows(connection: Connection, texts: Mapping[str, str]) -> None:
    """Keep the text of each flow once; `texts` by hash."""
    known = set(connection.execute(select(flows.c.hash).where(flows.c.hash.in_(list(texts)))).scalars())
    new = [{"hash": hash, "text": text} for hash, text in texts.items() if hash not in known]
    if new:
        connection.execute(insert(flows), new)


def add_runs(connection: Connection, rows: Sequence[Values]) -> None:
    """Write runs that are not there yet."""
    if rows:
        connection.execute(_INSERT_RUN, rows)


def change_runs(connection: Connection, rows: Sequence[Values]) -> None:
    """Write what has changed of runs that are there: state, end, seconds, message, iterations, error, place."""
    if rows:
        names = ("state", "end", "seconds", "message", "iterations", "error", "place")
        connection.execute(_UPDATE_RUN, [{"of": row["id"], **{name: row[name] for name in names}} for row in rows])


def put_nodes(connection: Connection, nodes: Mapping[str, Sequence[NodeRecord]], known: set[str]) -> None:
    """Write the nodes of runs, by run; of those that are `known` it replaces what was there."""
    replaced = [{"of": run} for run in nodes if run in known]
    if replaced:
        connection.execute(_FORGET_NODES, replaced)
    rows = [
        {"run": run, "node": n.node, "position": position, "state": n.state, "count": n.count, "seconds": n.seconds,
         "last": n.last, "error": n.error}
        for run, of_run in nodes.items()
        for position, n in enumerate(of_run)
    ]  # fmt: skip
    if rows:
        _many(connection, _INSERT_NODE, rows)


def _many(connection: Connection, statement: Insert, rows: Sequence[Values]) -> None:
    """Execute a statement for many rows, compiled once: half the time of letting each row be looked at."""
    compiled = statement.compile(dialect=connection.dialect, column_keys=list(rows[0]))
    order = compiled.positiontup
    given: Any = rows if order is None else [tuple(row[name] for name in order) for row in rows]
    connection.exec_driver_sql(str(compiled), given)


def add_lines(connection: Connection, lines: Sequence[tuple[str, Line]]) -> None:
    """Write lines of logs, each with its run; of a long log the middle is left out."""
    if not lines:
        return
    connection.execute(
        _INSERT_LINE,
        [
            {"run": r, "number": i.number, "time": i.time, "node": i.node, "level": i.level, "text": i.text}
            for r, i in lines
        ],
    )
    newest = {run: line.number for run, line in lines}
    long = [{"of": r, "upto": n - LAST_LINES} for r, n in newest.items() if n - LAST_LINES > FIRST_LINES]
    if long:
        connection.execute(_FORGET_LINES, long)


def add_notes(connection: Connection, notes: Sequence[tuple[str, Note]]) -> None:
    """Write what was done to runs, each with its run."""
    if notes:
        names = [field.name for field in fields(Note)]
        rows = [{"run": run, **{name: getattr(note, name) for name in names}} for run, note in notes]
        connection.execute(insert(run_notes), rows)


def mark_interrupted(connection: Connection, host: str = "") -> list[str]:
    """Note the end of the runs whose process is gone without a word; returns which they are."""
    host = host or socket.gethostname()
    found = connection.execute(
        select(runs.c.pid, runs.c.process).where(runs.c.state.in_(OPEN), runs.c.host == host).distinct()
    ).all()
    ended: list[str] = []
    for pid, process in found:
        if alive(pid, process):
            continue
        of_it = and_(runs.c.state.in_(OPEN), runs.c.host == host, runs.c.pid == pid, runs.c.process == process)
        ended += connection.execute(select(runs.c.id).where(of_it)).scalars()
        message = f"The process that ran or followed it (number {pid} on {host}) ended without a word."
        connection.execute(update(runs).where(of_it).values(state="interrupted", message=message))
    return ended


def drop(connection: Connection, ids: Iterable[str]) -> int:
    """Forget runs that have ended, and the texts that no other run has; returns how many they were."""
    gone = 0
    rest = list(ids)
    for some in (rest[n : n + _AT_ONCE] for n in range(0, len(rest), _AT_ONCE)):
        ended = list(
            connection.execute(select(runs.c.id).where(runs.c.id.in_(some), runs.c.state.not_in(OPEN))).scalars()
        )
        connection.execute(delete(log_lines).where(log_lines.c.run.in_(ended)))
        connection.execute(delete(node_runs).where(node_runs.c.run.in_(ended)))
        connection.execute(delete(run_notes).where(run_notes.c.run.in_(ended)))
        connection.execute(delete(runs).where(runs.c.id.in_(ended)))
        gone += len(ended)
    if gone:
        unused = ~exists().where(runs.c.flow == flows.c.hash) & ~exists().where(run_notes.c.flow == flows.c.hash)
        connection.execute(delete(flows).where(unused))
    return gone


def prune(connection: Connection, *, keep_runs: int = 0, keep_days: float = 0.0, now: float = 0.0) -> int:
    """Forget the oldest runs; returns how many. 0 keeps any number, or for any time."""
    old = []
    ended = runs.c.state.not_in(OPEN)
    if keep_days:
        oldest = (now or time.time()) - keep_days * 86400
        old += list(connection.execute(select(runs.c.id).where(ended, runs.c.start < oldest)).scalars())
    if keep_runs:
        newest = runs.c.start.desc(), runs.c.id.desc()
        old += connection.execute(select(runs.c.id).where(ended).order_by(*newest).offset(keep_runs)).scalars()
    return drop(connection, dict.fromkeys(old))


# ------------------------------------------------------------------ reading
def listed(
    connection: Connection, *, last: int = 20, flow: str = "", state: str = "", since: float = 0.0
) -> list[RunRecord]:
    """Return the newest runs, the newest first.

    Parameters
    ----------
    flow : str
        Only of flows whose name or path holds this.
    state : str
        Only in this state.
    """
    wanted = select(runs).order_by(runs.c.start.desc(), runs.c.id.desc()).limit(last)
    if flow:
        wanted = wanted.where(or_(_holds(runs.c.name, flow), _holds(runs.c.path, flow)))
    if state:
        wanted = wanted.where(runs.c.state == state)
    if since:
        wanted = wanted.where(runs.c.start >= since)
    return [_run(row) for row in connection.execute(wanted)]


def found(connection: Connection, id: str) -> list[RunRecord]:
    """Return the runs whose name begins or ends so; the beginning is the time, the end is chance."""
    alike = or_(runs.c.id.startswith(id, autoescape=True), runs.c.id.endswith(id, autoescape=True))
    exact = list(connection.execute(select(runs).where(runs.c.id == id)))
    rows = exact or connection.execute(select(runs).where(alike).order_by(runs.c.start.desc()).limit(20))
    return [_run(row) for row in rows]


def nodes_of(connection: Connection, run: str) -> list[NodeRecord]:
    """Return what the nodes of a run did, in the order of the flow."""
    rows = connection.execute(select(node_runs).where(node_runs.c.run == run).order_by(node_runs.c.position))
    return [NodeRecord(*(getattr(row, field.name) for field in fields(NodeRecord))) for row in rows]


def lines_of(connection: Connection, run: str) -> list[Line]:
    """Return the log of a run."""
    rows = connection.execute(select(log_lines).where(log_lines.c.run == run).order_by(log_lines.c.number))
    return [Line(*(getattr(row, field.name) for field in fields(Line))) for row in rows]


def notes_of(connection: Connection, run: str) -> list[Note]:
    """Return what was done to a run while it was on."""
    rows = connection.execute(select(run_notes).where(run_notes.c.run == run).order_by(run_notes.c.number))
    return [Note(*(getattr(row, field.name) for field in fields(Note))) for row in rows]


def text_of(connection: Connection, hash: str) -> str:
    """Return the text of a flow; empty if it is not there."""
    text: str | None = connection.execute(select(flows.c.text).where(flows.c.hash == hash)).scalar()
    return text or ""


def count(connection: Connection) -> int:
    """Return how many runs there are."""
    return int(connection.execute(select(func.count()).select_from(runs)).scalar() or 0)


def _holds(column: Any, words: str) -> Any:
    return func.lower(column).contains(words.lower(), autoescape=True)


def _run(row: Row[Any]) -> RunRecord:
    values = dict(row._mapping)
    for name in ("parameters", "environment", "error"):
        values[name] = json.loads(values[name]) if values[name] else None
    del values["process"]
    return RunRecord(**cast(dict[str, Any], values))
