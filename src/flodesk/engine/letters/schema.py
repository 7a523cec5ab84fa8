"""The tables of the dead letters, and what can go wrong with them.

Whoever changes the tables writes a migration beside the others (`flodesk.engine.letters.migrations`) and raises `HEAD`.
They are made when they are first asked for: SQLAlchemy takes a while to import, and most runs need it not.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from flodesk.engine.database import Form, StoreError

HEAD = "0002"


class LettersError(StoreError):
    """The store cannot be read or written; the text says why and what to do."""


@lru_cache(1)
def tables() -> SimpleNamespace:
    """Return the tables by name: ``letters``, ``parts``, ``buffers``, ``facts``; and their ``metadata``."""
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

    texts = ("run", "path", "flow", "function", "loop", "node", "failure")
    letters = sa.Table(
        "letters",
        metadata,
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("time", sa.Float, nullable=False),
        *(sa.Column(name, sa.Text, nullable=False) for name in texts),
        sa.Column("iteration", sa.Integer, nullable=False),
        sa.Column("count", sa.Integer, nullable=False),
        sa.Column("error", sa.Text, nullable=False, server_default=""),  # class and message, to be listed
        sa.Column("bytes", sa.Integer, nullable=False, server_default="0"),
        sa.Column("host", sa.Text, nullable=False, server_default=""),  # the machine of the worker that rejected it
        sa.Column("hidden", sa.Float, nullable=False, server_default="0"),  # when it was dropped, and can come back
        sa.Index("letters_of_flow", "path"),
        sqlite_autoincrement=True,  # a number is never given twice: whoever wrote one down means that letter
    )
    words = [sa.Column(name, sa.Text, nullable=False) for name in ("name", "summary", "text", "why")]
    return SimpleNamespace(
        metadata=metadata,
        letters=letters,
        parts=keyed("letter_parts", *words, sa.Column("head", sa.Text)),
        buffers=keyed("letter_buffers", sa.Column("data", sa.LargeBinary, nullable=False)),
        facts=sa.Table(
            "letter_facts",
            metadata,
            sa.Column("name", sa.Text, primary_key=True),
            sa.Column("value", sa.Text, nullable=False),
        ),
    )


FORM = Form(
    "the dead letters",
    "letters.db",
    HEAD,
    Path(__file__).parent / "migrations",
    lambda: tables().metadata,
    before="letters_version",
    error=LettersError,
)
