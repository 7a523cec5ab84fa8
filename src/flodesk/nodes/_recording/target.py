"""A file that turns are written to: what the thread that writes asks of every format, and files that only grow."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from io import FileIO
from pathlib import Path
from typing import Any, Protocol, TypeAlias

from flodesk.nodes._disk import explain
from flodesk.nodes._recording.columns import Column
from flodesk.nodes._recording.ring import Turn

Head: TypeAlias = Mapping[str, Any]
"""What is known of a recording beside its values, as JSON has it."""


class Target(Protocol):
    """A file that turns are written to, all of it in one thread. Each method may raise `OSError`, in words.

    Attributes
    ----------
    size : int
        How many bytes it has.
    begun : bool
        What comes before the first turn is in it.
    safe : int
        How many turns are in it however the program ends.
    broken : bool
        It cannot be gone on with after what was raised: another file has to be begun.
    remark : str
        What is to be said of it in the log; empty if there is nothing.
    """

    size: int
    begun: bool
    safe: int
    broken: bool
    remark: str

    def begin(self, head: Head, columns: Sequence[Column]) -> None:
        """Write what comes before the first turn."""

    def write(self, turns: Sequence[Turn]) -> None:
        """Write turns: all of them, or none."""

    def flush(self) -> None:
        """Bring to the disk what has waited long enough; called twenty times a second."""

    def end(self, tail: Head) -> None:
        """Write what comes at the end, and close it."""

    def leave(self) -> None:
        """Close it as it is, whatever becomes of it; raises nothing."""


class Form(Protocol):
    """How turns become bytes; one for each file."""

    def opening(self, head: Head, columns: Sequence[Column]) -> bytes:
        """Return what a file begins with."""

    def pack(self, turns: Sequence[Turn]) -> bytes:
        """Return turns as bytes."""

    def closing(self, tail: Head) -> bytes:
        """Return what a file ends with."""


class Growing:
    """A file that only grows: never does it end in half of a turn because a disk was full.

    Parameters
    ----------
    append : bool
        Go on behind what is in it.
    """

    def __init__(self, path: Path, form: Form, append: bool = False) -> None:
        self.path = path
        self._form = form
        try:
            self._file = FileIO(path, "a" if append else "r+" if path.is_file() else "w")
        except OSError as error:
            raise explain(error, path) from error
        self.size = self._file.seek(0, os.SEEK_END) if self._file.seekable() else 0
        self.begun = append and self.size > 0
        self.safe = 0
        self.broken = False
        self.remark = ""

    def begin(self, head: Head, columns: Sequence[Column]) -> None:
        """Write what comes before the first turn."""
        self._append(self._form.opening(head, columns))
        self.begun = True

    def write(self, turns: Sequence[Turn]) -> None:
        """Write turns: all of them, or none."""
        try:
            self._append(self._form.pack(turns))
        finally:
            self.begun = self.size > 0  # what a file begins with may come with its first turns
        self.safe += len(turns)

    def flush(self) -> None:
        """Do nothing: what is written is the system's, and is not lost with the program."""

    def end(self, tail: Head) -> None:
        """Write what comes at the end, and close it."""
        with self._file:
            if self.begun:
                self._append(self._form.closing(tail))

    def leave(self) -> None:
        """Close it as it is."""
        self._file.close()

    def _append(self, data: bytes) -> None:
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
