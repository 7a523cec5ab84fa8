"""What a letter says in short, its bytes, where it was rejected, and whether it was dropped; facts about the store."""

from __future__ import annotations

import json

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns, and fill them for the letters that are there."""
    if "function" not in {column["name"] for column in sa.inspect(op.get_bind()).get_columns("letters")}:
        # the very first files had none; there a letter was of the function that its loop stands in
        op.add_column("letters", sa.Column("function", sa.Text, nullable=False, server_default=""))
        op.execute("UPDATE letters SET function = SUBSTR(loop, 1, INSTR(loop, '.') - 1)")
    op.add_column("letters", sa.Column("error", sa.Text, nullable=False, server_default=""))
    op.add_column("letters", sa.Column("bytes", sa.Integer, nullable=False, server_default="0"))
    op.add_column("letters", sa.Column("host", sa.Text, nullable=False, server_default=""))
    op.add_column("letters", sa.Column("hidden", sa.Float, nullable=False, server_default="0"))
    op.create_table(
        "letter_facts",
        sa.Column("name", sa.Text, primary_key=True),
        sa.Column("value", sa.Text, nullable=False),
    )
    # versions were counted here before; that file may have been made without it
    op.execute("DROP TABLE IF EXISTS letters_version")
    op.execute(
        "UPDATE letters SET bytes = LENGTH(failure)"
        " + COALESCE((SELECT SUM(LENGTH(p.text) + COALESCE(LENGTH(p.head), 0)) FROM letter_parts p"
        " WHERE p.letter = letters.id), 0)"
        " + COALESCE((SELECT SUM(LENGTH(b.data)) FROM letter_buffers b WHERE b.letter = letters.id), 0)"
    )
    connection = op.get_bind()
    set_error = sa.text("UPDATE letters SET error = :error WHERE id = :id")
    for id, failure in list(connection.execute(sa.text("SELECT id, failure FROM letters"))):
        told = json.loads(failure)
        connection.execute(set_error, {"id": id, "error": f"{told['type']}: {told['message']}"[:1000]})


def downgrade() -> None:
    """Nobody goes back: an older flodesk leaves newer letters alone."""
    raise NotImplementedError("dead letters are never taken back to an older form")
