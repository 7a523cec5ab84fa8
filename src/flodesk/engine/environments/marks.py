"""A mark beside the folder of an environment while it is being made, with a lock of the process that makes it.

A process that is killed meanwhile leaves the mark without a lock, and the folder without a record.
"""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterator
from pathlib import Path

_ENDING = ".making"
_BYTE = 1 << 30


def is_marked(root: Path) -> bool:
    """Return whether an environment is being made, or was when its process was killed."""
    return _mark(root).is_file()


def is_left(root: Path) -> bool:
    """Return whether it was being made, and nobody makes it any more."""
    if not is_marked(root):
        return False
    try:
        file = os.open(_mark(root), os.O_RDWR)
    except OSError:
        return False
    try:
        return _locked(file)
    finally:
        os.close(file)


@contextlib.contextmanager
def marking(root: Path) -> Iterator[bool]:
    """Mark an environment while it is made; gives whether nobody else makes it just now.

    Raises
    ------
    OSError
        The mark cannot be written.
    """
    file = os.open(_mark(root), os.O_RDWR | os.O_CREAT, 0o600)
    alone = False
    try:
        alone = _locked(file)
        yield alone
    finally:
        if alone and sys.platform != "win32":
            _mark(root).unlink(missing_ok=True)  # while it is locked: the next one finds none
        os.close(file)
        if alone and sys.platform == "win32":  # which removes no file that is open
            with contextlib.suppress(OSError):
                _mark(root).unlink()


def _mark(root: Path) -> Path:
    return root.with_name(f"{root.name}{_ENDING}")


if sys.platform == "win32":
    import msvcrt

    def _locked(file: int) -> bool:
        os.lseek(file, _BYTE, os.SEEK_SET)
        try:
            msvcrt.locking(file, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

else:
    import fcntl

    def _locked(file: int) -> bool:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        except OSError:
            return True  # a file system without locks: there the mark alone counts
        return True


__all__ = ["is_left", "is_marked", "marking"]
