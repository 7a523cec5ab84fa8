"""A job that was signed once runs once: what was used is kept on the server, for all workers, and on this machine."""

from __future__ import annotations

import contextlib
import os
import time
from pathlib import Path

from redis import Redis

from flodesk.engine.folders import FolderError, data_folder
from flodesk.engine.places.server.signing import signature

FOLDER = "used"
"""In the data folder: an empty file for each job that was taken here, named by its mark."""


VALID_SECONDS = 24 * 3600.0
"""How long a signed job may wait for a worker."""
CLOCK_SECONDS = 15 * 60.0
"""How far the clocks of two machines may differ."""
KEPT_SECONDS = int(VALID_SECONDS + 2 * CLOCK_SECONDS) + 1
"""How long what was used is kept: for as long as it could be put on the queue again."""


def repeat_mark(key: bytes, session: str) -> str:
    """Return the mark of the job that has the run of a session again whose worker has died: there is one for each."""
    return signature(key, b"flodesk repeat", session.encode())[:32]


def claim(mark: str, connection: Redis) -> bool:
    """Note that the job of this mark is taken; returns False if it was before.

    Whoever could put a job on the server again could also remove the note there: so the machine keeps one of its own,
    which all its workers see, also those that are started later.

    Parameters
    ----------
    mark : str
        Hexadecimal digits that no other job has.
    """
    fresh = bool(connection.set(f"flodesk:used:{mark}", b"1", nx=True, ex=KEPT_SECONDS))
    try:
        folder = data_folder(FOLDER)
        if mark[:1] == "0":  # one in sixteen: to look at all of them takes longer than all else here
            _clear(folder)
        os.close(os.open(folder / mark, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    except FileExistsError:
        return False
    except (FolderError, OSError):
        pass  # nothing can be kept here: the note on the server has to do
    return fresh


def _clear(folder: Path) -> None:
    """Remove the notes of jobs whose time is over."""
    before = time.time() - KEPT_SECONDS
    with contextlib.suppress(OSError):
        for note in folder.iterdir():
            with contextlib.suppress(OSError):
                if note.stat().st_mtime < before:
                    note.unlink()
