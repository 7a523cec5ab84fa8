"""The thread that takes what was recorded to a file, so that the loop never waits for a disk."""

from __future__ import annotations

import os
import threading
import time
import weakref
from io import FileIO
from pathlib import Path
from typing import Literal, Protocol, TypeAlias

from flodesk.nodes._disk import explain
from flodesk.nodes._recording.ring import Ring, Turn
from flodesk.public import context

Existing: TypeAlias = Literal["number", "append", "replace"]

PERIOD = 0.05
"""Time in s between two looks at what has come; what is older is in the file."""
AGAIN = 0.5
"""Time in s after which a file that could not be written is tried again, and after which one is looked for."""
CHUNK = 4_000_000
"""How many bytes are written at once, about."""
LAST = 10.0
"""How long in s the end of a run waits for the rest to be written."""


class Format(Protocol):
    """How turns become bytes."""

    def opening(self, first: Turn) -> bytes:
        """Return what a file begins with; it is asked anew for each file."""

    def pack(self, turns: list[Turn]) -> bytes:
        """Return turns as bytes."""

    def closing(self) -> bytes:
        """Return what a file ends with."""


class Writing:
    """A file that is being recorded to.

    Parameters
    ----------
    path : Path
        The file.
    existing : str
        What to do if it exists: ``"number"`` takes another name, ``"append"`` goes on in it, ``"replace"`` starts it
        anew.

    Attributes
    ----------
    kept, lost, size : int
        How many turns are in files; how many could not be written; how many bytes this file has.
    problem : str
        Why nothing is written now, in words; empty while all is well.
    """

    def __init__(self, path: Path, existing: Existing, form: Format) -> None:
        self.path = path
        self.kept = self.lost = self.size = 0
        self.problem = ""
        self.ring = Ring()
        self._wanted, self._existing, self._form = path, existing, form
        self._run = context()
        self._begun = False
        self._file: FileIO | None = self._open()
        self._look = self._try = 0.0
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._work, name="flodesk recorder", daemon=True)
        self._thread.start()
        # who forgets to close it has the rest in the file all the same
        self.finish = weakref.finalize(self, _end, self._closing, self._thread)

    def close(self) -> None:
        """Write the rest and close the file; more than once does nothing."""
        self.finish()

    # -------------------------------------------------------------- the file
    def _open(self) -> FileIO:
        """Make the file, under a name that is free if none may be replaced."""
        number, path = 1, self._wanted
        while True:
            try:
                # "x" fails if it exists: two recorders that start at once never share a file
                file = FileIO(path, {"number": "x", "append": "a", "replace": "w"}[self._existing])
            except FileExistsError:
                number += 1
                path = self._wanted.with_name(f"{self._wanted.stem}-{number}{self._wanted.suffix}")
            except OSError as error:
                raise explain(error, path) from error
            else:
                self.path, self.size = path, file.seek(0, os.SEEK_END) if file.seekable() else 0
                self._begun = self.size > 0
                return file

    def _there(self, now: float) -> None:
        """Find out whether the file is still where it was: what is written to one that was deleted is lost."""
        if self._file is None or now < self._look or os.name == "nt":  # Windows deletes no file that is open
            return
        self._look = now + AGAIN
        try:
            gone = self.path.stat().st_ino != os.fstat(self._file.fileno()).st_ino
        except OSError:
            gone = True
        if gone:
            self._file.close()
            self._file, self._begun = None, False
            self.lost, self.kept = self.lost + self.kept, 0
            raise FileNotFoundError(f"{self.path} is gone, with what was recorded: put its folder back, or stop")

    def _append(self, data: bytes) -> None:
        """Write all of it, or nothing: a file never ends in half of a turn because a disk was full."""
        assert self._file is not None
        view = memoryview(data)
        try:
            while view:
                view = view[self._file.write(view) or 0 :]
        except OSError as error:
            try:
                self._file.truncate(self.size)
                self._file.seek(self.size)
            except OSError:
                pass  # a device, or a disk that is gone altogether
            raise explain(error, self.path) from error
        self.size += len(data)

    # -------------------------------------------------------------- the thread
    def _work(self) -> None:
        ending = False
        while not ending:
            ending = self._closing.wait(PERIOD)
            while turns := self.ring.take(CHUNK):
                self._write(turns)
        if self._file is None:
            return
        try:
            with self._file:
                if self._begun:
                    self._append(self._form.closing())
        except OSError as error:
            self._say(str(error))
        self._file = None

    def _write(self, turns: list[Turn]) -> None:
        now = time.monotonic()
        if self.problem and now < self._try:
            self.lost += len(turns)
            return
        try:
            self._there(now)
            if self._file is None:
                self._file = self._open()
            if not self._begun:
                self._append(self._form.opening(turns[0]))
                self._begun = True
            self._append(self._form.pack(turns))
        except OSError as error:
            self.lost += len(turns)
            self._try = now + AGAIN
            self._begun = self._begun and self.size > 0  # what a file begins with is not in it
            self._say(str(error))
        except Exception as error:  # noqa: BLE001 - whatever came, the loop and the other turns go on
            self.lost += len(turns)
            self._begun = self._begun and self.size > 0
            self._say(f"{type(error).__name__}: {error}")
        else:
            self.kept += len(turns)
            if self.problem:
                self.problem = ""
                self._run.log(f"Recording goes on in {self.path}; {self.lost} turns are not in it", "warning")

    def _say(self, problem: str) -> None:
        """Tell a problem once."""
        if problem != self.problem:
            self.problem = problem
            self._run.log(f"Not recorded: {problem}", "error")


def _end(closing: threading.Event, thread: threading.Thread) -> None:
    closing.set()
    if thread is not threading.current_thread():
        thread.join(LAST)
