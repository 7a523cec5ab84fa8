"""The tables of the history. Only SQL that other databases know as well.

Whoever changes them writes a migration beside the others (`flodesk.engine.history.migrations`) and raises `HEAD`.
"""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Column, Float, ForeignKey, Index, Integer, MetaData, String, Table, Text

from flodesk.engine.database import Form, StoreError

HEAD = "0002"

metadata = MetaData(
    naming_convention={  # a constraint without a name cannot be changed by a migration
        "ix": "ix_%(table_name)s_%(column_0_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)

flows = Table(
    "flows",
    metadata,
    Column("hash", String(32), primary_key=True),
    Column("text", Text, nullable=False),
)
"""The text of each flow that ran, once."""

runs = Table(
    "runs",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("path", Text, nullable=False),
    Column("name", String(200), nullable=False),
    Column("flow", String(32), ForeignKey("flows.hash"), nullable=False),
    Column("parameters", Text, nullable=False),  # JSON: what was set beside the text
    Column("environment", Text, nullable=False),  # JSON: python, flodesk, packages
    Column("host", String(200), nullable=False),
    Column("user", String(200), nullable=False),
    Column("pid", Integer, nullable=False),
    Column("process", String(100), nullable=False),  # when that process began: another may get its number
    Column("place", String(40), nullable=False),
    Column("state", String(20), nullable=False),
    Column("start", Float, nullable=False),  # s since 1970, UTC
    Column("end", Float),
    Column("seconds", Float),
    Column("message", Text, nullable=False),
    Column("iterations", Integer, nullable=False),
    Column("error", Text, nullable=False),  # JSON: the first failure
)
Index("ix_runs_start", runs.c.start)
Index("ix_runs_state", runs.c.state)
Index("ix_runs_flow", runs.c.flow)

node_runs = Table(
    "node_runs",
    metadata,
    Column("run", String(40), ForeignKey("runs.id"), primary_key=True),
    Column("node", String(200), primary_key=True),
    Column("position", Integer, nullable=False),  # in the order of the flow
    Column("state", String(20), nullable=False),
    Column("count", Integer, nullable=False),
    Column("seconds", Float, nullable=False),
    Column("last", Float, nullable=False),
    Column("error", Text, nullable=False),
)

log_lines = Table(
    "log_lines",
    metadata,
    Column("run", String(40), ForeignKey("runs.id"), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("time", Float, nullable=False),
    Column("node", String(200), nullable=False),
    Column("level", String(20), nullable=False),
    Column("text", Text, nullable=False),
)

run_notes = Table(
    "run_notes",
    metadata,
    Column("run", String(40), ForeignKey("runs.id"), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("time", Float, nullable=False),
    Column("kind", String(20), nullable=False),  # paused, resumed, changed
    Column("node", String(200), nullable=False),
    Column("text", Text, nullable=False),
    Column("flow", String(32), ForeignKey("flows.hash")),  # of a change: the text from then on
)
"""What was done to a run while it was on."""
Index("ix_run_notes_flow", run_notes.c.flow)


class HistoryError(StoreError):
    """The history cannot be used; the message says why and what to do."""


FORM = Form(
    "the history of runs",
    "history.db",
    HEAD,
    Path(__file__).parent / "migrations",
    lambda: metadata,
    error=HistoryError,
)
