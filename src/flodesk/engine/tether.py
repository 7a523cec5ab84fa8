"""What a run shares with the process that watches it: cells that both see, and words that outlive it.

Both lie in memory, or in files without a name, that the child inherits: whoever is killed leaves nothing behind. No
answer is waited for and no thread is needed to read a cell, so a node that keeps the interpreter hides nothing. Little
is imported here: whoever watches should start at once.
"""

from __future__ import annotations

import errno
import json
import mmap
import os
import sys
from collections.abc import Callable, Mapping
from typing import Any

ENVIRONMENT = "FLODESK_WATCHED"
"""Tells the child where the cells and the words are, and who watches."""

STOP_SECONDS = 1.2
"""What a run that was asked to stop, or whose time is over, gets to end its nodes; then it ends without them."""
KILL_SECONDS = 1.8
"""After this long without an end, its process is ended: it cannot do that itself while a node keeps the interpreter."""
LAST_SECONDS = 10.0
"""After the end of the run: what its process gets to write the history and to print what it has to say."""
LEAVE_SECONDS = 3.0
"""After its last word: threads that a node has left behind may keep the process."""

ASKED, PHASE, DUE, WHY, CODE = range(5)
"""The first cells: whether it is to stop; how far it is; when its time is over (ns of the monotonic clock, 0 for
never), and by which limit; with which exit code it leaves."""
LOADING, RUNNING, ENDED, LEAVING, ELSEWHERE = range(5)
"""How far it is. `ELSEWHERE`: the run is another machine's, and its end may take its time."""
TIMEOUT, SECONDS = 1, 2
"""The limit that `DUE` belongs to: with the first the run fails, with the second it may end."""

_OWN = 64
_BYTES = _OWN + (1 << 18)


class Tether:
    """The cells and the words.

    Parameters
    ----------
    cells, words : int
        Descriptors of two files.

    Attributes
    ----------
    cells : memoryview
        64 bits each: those named above.
    table : memoryview
        Bytes for the states of the nodes (`flodesk.engine.table.Table`).
    """

    def __init__(self, cells: int, words: int) -> None:
        self.descriptors = cells, words
        memory = memoryview(mmap.mmap(cells, _BYTES))
        self.cells = memory[:_OWN].cast("q")
        self.table = memory[_OWN:]

    @classmethod
    def create(cls) -> Tether:
        """Make both.

        Raises
        ------
        OSError
            There is no room for them.
        """
        cells, words = _nameless(), _nameless()
        # a file with holes could find the disk full when a node writes its state
        if os.write(cells, bytes(_BYTES)) < _BYTES:
            os.close(cells)
            os.close(words)
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return cls(cells, words)

    def say(self, word: Mapping[str, Any]) -> None:
        """Leave a word."""
        os.write(self.descriptors[1], json.dumps(word).encode() + b"\n")

    def words(self) -> list[str]:
        """Read all lines that were left: words, and what `faulthandler` has to say of a crash."""
        os.lseek(self.descriptors[1], 0, os.SEEK_SET)
        parts = []
        while part := os.read(self.descriptors[1], 1 << 20):
            parts.append(part)
        return b"".join(parts).decode(errors="replace").splitlines()


def handed(tether: Tether, *, path: bool = True) -> tuple[dict[str, str], dict[str, Any]]:
    """Return what a child gets to find its tether: the environment, and arguments for `subprocess.Popen`.

    Parameters
    ----------
    path : bool
        Whether it looks for packages where this process does: another interpreter has packages of its own.
    """
    numbers = list(tether.descriptors)
    if sys.platform == "win32":
        import msvcrt

        numbers = [msvcrt.get_osfhandle(number) for number in numbers]
        for number in numbers:
            os.set_handle_inheritable(number, True)
        how: dict[str, Any] = {"close_fds": False}
    else:
        how = {"pass_fds": numbers}
    told = {"files": numbers, "parent": os.getpid(), "path": sys.path if path else [], "argv": sys.argv}
    return {**os.environ, ENVIRONMENT: json.dumps(told)}, how


def found(told: Mapping[str, Any]) -> Tether:
    """Return the tether that a child was handed; processes that it starts itself do not get it."""
    numbers = [int(number) for number in told["files"]]
    if sys.platform == "win32":
        import msvcrt

        for number in numbers:
            os.set_handle_inheritable(number, False)
        numbers = [msvcrt.open_osfhandle(number, os.O_RDWR) for number in numbers]
    else:
        for number in numbers:
            os.set_inheritable(number, False)
    return Tether(*numbers)


def _nameless() -> int:
    make: Callable[[str], int] | None = getattr(os, "memfd_create", None)  # Linux has it
    if make is not None:
        return make("flodesk run")
    import tempfile  # not at the top: it takes longer than all the others here together

    with tempfile.TemporaryFile() as file:
        return os.dup(file.fileno())
