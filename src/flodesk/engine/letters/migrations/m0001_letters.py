"""The first tables: letters, the values kept in them, and their bytes."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    texts = ("run", "path", "flow", "function", "loop", "node", "failure")
    op.create_table(
        "letters",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("time", sa.Float, nullable=False),
        *(sa.Column(name, sa.Text, nullable=False) for name in texts),
        sa.Column("iteration", sa.Integer, nullable=False),
        sa.Column("count", sa.Integer, nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_index("letters_of_flow", "letters", ["path"])
    words = [sa.Column(name, sa.Text, nullable=False) for name in ("name", "summary", "text", "why")]
    _keyed("letter_parts", *words, sa.Column("head", sa.Text))
    _keyed("letter_buffers", sa.Column("data", sa.LargeBinary, nullable=False))


def _keyed(name: str, *columns: sa.Column[Any]) -> None:
    op.create_table(
        name,
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("letter", sa.Integer, sa.ForeignKey("letters.id", ondelete="CASCADE"), nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("place", sa.Integer, nullable=False),
        *columns,
    )
    op.create_index(f"{name}_of_letter", name, ["letter"])


def downgrade() -> None:
    """Nobody goes back: an older flodesk leaves newer letters alone."""
    raise NotImplementedError("dead letters are never taken back to an older form")
