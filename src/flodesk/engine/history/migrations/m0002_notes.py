"""What was done to a run while it was on: pauses, and changes of its text."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "run_notes",
        sa.Column("run", sa.String(40), nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("time", sa.Float, nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("node", sa.String(200), nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("flow", sa.String(32)),
        sa.PrimaryKeyConstraint("run", "number", name="pk_run_notes"),
        sa.ForeignKeyConstraint(["run"], ["runs.id"], name="fk_run_notes_run"),
        sa.ForeignKeyConstraint(["flow"], ["flows.hash"], name="fk_run_notes_flow"),
    )
    op.create_index("ix_run_notes_flow", "run_notes", ["flow"])


def downgrade() -> None:
    """Nobody goes back: an older flodesk leaves a newer history alone."""
    raise NotImplementedError("a history is never taken back to an older form")
