"""The first tables: flows, runs, node runs, log lines."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "flows",
        sa.Column("hash", sa.String(32), nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("hash", name="pk_flows"),
    )
    op.create_table(
        "runs",
        sa.Column("id", sa.String(40), nullable=False),
        sa.Column("path", sa.Text, nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("flow", sa.String(32), nullable=False),
        sa.Column("parameters", sa.Text, nullable=False),
        sa.Column("environment", sa.Text, nullable=False),
        sa.Column("host", sa.String(200), nullable=False),
        sa.Column("user", sa.String(200), nullable=False),
        sa.Column("pid", sa.Integer, nullable=False),
        sa.Column("process", sa.String(100), nullable=False),
        sa.Column("place", sa.String(40), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("start", sa.Float, nullable=False),
        sa.Column("end", sa.Float),
        sa.Column("seconds", sa.Float),
        sa.Column("message", sa.Text, nullable=False),
        sa.Column("iterations", sa.Integer, nullable=False),
        sa.Column("error", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_runs"),
        sa.ForeignKeyConstraint(["flow"], ["flows.hash"], name="fk_runs_flow"),
    )
    op.create_index("ix_runs_start", "runs", ["start"])
    op.create_index("ix_runs_state", "runs", ["state"])
    op.create_index("ix_runs_flow", "runs", ["flow"])
    op.create_table(
        "node_runs",
        sa.Column("run", sa.String(40), nullable=False),
        sa.Column("node", sa.String(200), nullable=False),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("count", sa.Integer, nullable=False),
        sa.Column("seconds", sa.Float, nullable=False),
        sa.Column("last", sa.Float, nullable=False),
        sa.Column("error", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("run", "node", name="pk_node_runs"),
        sa.ForeignKeyConstraint(["run"], ["runs.id"], name="fk_node_runs_run"),
    )
    op.create_table(
        "log_lines",
        sa.Column("run", sa.String(40), nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("time", sa.Float, nullable=False),
        sa.Column("node", sa.String(200), nullable=False),
        sa.Column("level", sa.String(20), nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("run", "number", name="pk_log_lines"),
        sa.ForeignKeyConstraint(["run"], ["runs.id"], name="fk_log_lines_run"),
    )


def downgrade() -> None:
    """Nobody goes back: an older flodesk leaves a newer history alone."""
    raise NotImplementedError("a history is never taken back to an older form")
