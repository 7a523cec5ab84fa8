"""The history, opened to be looked at: by the command line and the window."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path

from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from flodesk.engine.folders import FolderError, data_folder
from flodesk.engine.history import store
from flodesk.engine.history.database import Database, HistoryError, why


@contextlib.contextmanager
def history(said: Callable[[str], None] = lambda sentence: None, *, folder: Path | None = None) -> Iterator[Connection]:
    """Open the history for one look at it, or one change; runs of dead processes are marked first.

    Raises
    ------
    HistoryError
        It cannot be used; the message says why.
    """
    try:
        database = Database(folder or data_folder(), said)
    except FolderError as error:
        raise HistoryError(str(error)) from error
    try:
        with database.writing() as connection:
            store.mark_interrupted(connection)
            yield connection
    except SQLAlchemyError as error:
        raise HistoryError(why(error, database.file)) from error
    finally:
        database.close()
