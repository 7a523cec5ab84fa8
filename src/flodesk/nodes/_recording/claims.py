"""Who has which file: no two recorders, and no conversion, write to one, in this program or another on this computer.

What is locked is a small file of its own, as HDF5 and SQLite lock theirs; the lock goes with the program that has it.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import sys
import tempfile
import threading
import uuid
import weakref
from pathlib import Path
from typing import TypeAlias

VARIABLE = "FLODESK_CLAIMS"
"""Environment variable by which a program lets another one that it starts into what it has claimed."""
CONVERSION = "a conversion"
"""Who has a file that is converted, which nobody writes to."""
_BYTE = 2**30
"""The byte that Windows locks: no one else may read what it has locked."""

State: TypeAlias = tuple[int, ...]
"""Which file it is, how long, and since when."""


class ClaimedError(FileExistsError):
    """A file is somebody else's.

    Attributes
    ----------
    path : Path
        Which.
    who : str
        Whose, in words.
    """

    def __init__(self, path: Path, who: str) -> None:
        super().__init__(f"{path} is taken by {who}: choose another file")
        self.path, self.who = path, who


class Claim:
    """A file that nobody else gets, until it is released or forgotten.

    Attributes
    ----------
    release : callable
        Give the file back; more than once does nothing.
    """

    def __init__(self, who: str, lock: tuple[int, Path] | None) -> None:
        self.who = who
        self.loosen = weakref.finalize(self, _unlock, lock)
        self.release = weakref.finalize(self, self.loosen)


_claims: weakref.WeakValueDictionary[str, Claim] = weakref.WeakValueDictionary()
_turn = threading.RLock()


def token() -> str:
    """Return what stands in the locks of this program, and of the one that has let it in."""
    return os.environ.get(VARIABLE) or f"{os.getpid()}-{_SELF}"


_SELF = uuid.uuid4().hex


def claim(path: Path, who: str) -> Claim:
    """Claim a file, which need not be there.

    Raises
    ------
    ClaimedError
        Somebody else has it.
    """
    key = os.path.normcase(os.path.realpath(path))
    with _turn:
        held = _claims.get(key)
        if held is not None and held.release.alive:
            raise ClaimedError(path, held.who)
        made = _claims[key] = Claim(who, _lock(path, key, who))
        return made


def unclaimed(path: Path) -> None:
    """Raise `ClaimedError` if somebody has a file."""
    claim(path, "").release()


def holder(path: Path) -> str:
    """Return who has a file, in words; empty if nobody has."""
    try:
        unclaimed(path)
    except ClaimedError as error:
        return error.who
    return ""


def state(path: Path) -> State | None:
    """Return what is another as soon as something else stands in a file; None where there is none."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns


def _lock(path: Path, key: str, who: str) -> tuple[int, Path] | None:
    """Lock a file to others; None where that cannot be, or where it is locked by the program that has let us in."""
    name = f"{hashlib.sha256(key.encode('utf-8', 'surrogateescape')).hexdigest()[:32]}.lock"
    flags = os.O_RDWR | os.O_CREAT | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_NOFOLLOW", 0)
    try:
        user = os.getuid() if hasattr(os, "getuid") else 0
        lock = Path(tempfile.gettempdir()) / f"flodesk-claims-{user}" / name
        lock.parent.mkdir(mode=0o700, exist_ok=True)
        while True:
            file = os.open(lock, flags, 0o600)
            try:
                if not _locked(file):
                    owner, _, whose = os.read(file, 4096).decode("utf-8", "replace").partition("\n")
                    if owner == token():
                        os.close(file)
                        return None
                    raise ClaimedError(path, whose or "another program")
                if lock.exists() and os.path.samestat(os.fstat(file), lock.stat()):
                    os.ftruncate(file, 0)
                    os.write(file, f"{token()}\n{who}".encode("utf-8", "replace"))
                    return file, lock
            except BaseException:
                os.close(file)
                raise
            os.close(file)  # who had it removes it: another one is there now, or will be
    except ClaimedError:
        raise
    except OSError:
        return None  # no folder for it, or no locks in it: then it holds in this program alone


def _unlock(lock: tuple[int, Path] | None) -> None:
    if lock is None:
        return
    file, path = lock
    with contextlib.suppress(OSError):  # Windows removes no file that is open
        path.unlink()
    os.close(file)


if sys.platform == "win32":
    import msvcrt

    def _locked(file: int) -> bool:
        os.lseek(file, _BYTE, os.SEEK_SET)
        try:
            msvcrt.locking(file, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        finally:
            os.lseek(file, 0, os.SEEK_SET)
        return True

else:
    import fcntl

    def _locked(file: int) -> bool:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True
