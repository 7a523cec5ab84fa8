"""Where flodesk keeps what it makes for itself: the history of runs, dead letters, the cache on disk."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import platformdirs

VARIABLE = "FLODESK_DATA"
"""Environment variable that names another folder: tests, a second profile, a disk with more room."""
_UNTITLED = "untitled"
"""The folder of the data folder that flows without a file work in."""


class FolderError(Exception):
    """The data folder cannot be made or written; the message says which, why, and what to do."""


def data_folder(part: str = "") -> Path:
    """Return the folder that flodesk keeps its own data in, made if it is not there.

    Parameters
    ----------
    part : str
        A folder in it, for example ``cache``.

    Raises
    ------
    FolderError
        It cannot be made, or nothing can be written into it. Whoever asks goes on without.
    """
    named = os.environ.get(VARIABLE)
    folder = Path(named).expanduser() if named else Path(platformdirs.user_data_path("flodesk", appauthor=False))
    folder = folder / part if part else folder
    try:
        folder.mkdir(parents=True, exist_ok=True)
        # asking for the permission is not enough: a full disk and a share mounted read-only say no at the writing
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        hint = f"set {VARIABLE} to a folder that can be written" if not named else f"{VARIABLE} names it"
        raise FolderError(f"{folder} cannot be written ({error.strerror or error}): {hint}") from error
    return folder


def untitled_folder() -> Path:
    """Return the folder that a flow works in as long as it has no file: its relative files are there, always.

    Where the data folder cannot be written it is the user's own.
    """
    try:
        return data_folder(_UNTITLED)
    except FolderError:
        return Path.home()
