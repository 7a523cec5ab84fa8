"""The history, opened to be looked at: by the command line and the window."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path

from sqlalchemy import Connection

from flodesk.engine.database import Database
from flodesk.engine.history import store
from flodesk.engine.history.schema import FORM


@contextlib.contextmanager
def history(said: Callable[[str], None] = lambda sentence: None, *, folder: Path | None = None) -> Iterator[Connection]:
    """Open the history for one look at it, or one change; runs of dead processes are marked first.

    Raises
    ------
    HistoryError
        It cannot be used; the message says why.
    """
    database = Database(FORM, folder, said)
    try:
        with database.writing() as connection:
            store.mark_interrupted(connection)
            yield connection
    finally:
        database.close()
