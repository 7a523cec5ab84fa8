"""A job that was signed once runs once: what was used is kept on the server, for all workers, and on this machine."""

from __future__ import annotations

import contextlib
import os
import time
from pathlib import Path

from redis import Redis

from flodesk.engine.folders import FolderError, data_folder

FOLDER = "used"
"""In the data folder: an empty file for each job that was taken here, named by its mark."""


def claim(mark: str, seconds: float, connection: Redis) -> bool:
    """Note that the job of this mark is taken; returns False if it was before.

    Whoever could put a job on the server again could also remove the note there: so the machine keeps one of its own,
    which all its workers see, also those that are started later.

    Parameters
    ----------
    mark : str
        Hexadecimal digits that no other job has.
    seconds : float
        For how long it could be put on the queue again.
    """
    fresh = bool(connection.set(f"flodesk:used:{mark}", b"1", nx=True, ex=int(seconds) + 1))
    try:
        folder = data_folder(FOLDER)
        if mark[:1] == "0":  # one in sixteen: to look at all of them takes longer than all else here
            _clear(folder, seconds)
        os.close(os.open(folder / mark, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    except FileExistsError:
        return False
    except (FolderError, OSError):
        pass  # nothing can be kept here: the note on the server has to do
    return fresh


def _clear(folder: Path, seconds: float) -> None:
    """Remove the notes of jobs whose time is over."""
    before = time.time() - seconds
    with contextlib.suppress(OSError):
        for note in folder.iterdir():
            with contextlib.suppress(OSError):
                if note.stat().st_mtime < before:
                    note.unlink()
