"""Log files."""

from __future__ import annotations

import datetime
import os
from pathlib import Path
from typing import Annotated, Literal

from flodesk.nodes._disk import explain, missing
from flodesk.public import LEVELS, Range, context, node


@node(
    title="Log file",
    tags=("log", "logger", "logging", "write", "append", "messages", "protocol", "rotate"),
    pure=False,
    saves=(".log", ".txt"),
)
class LogFile:
    """Write lines with their time and level to a file that never grows beyond a size.

    What is there already stays, and new lines come behind it. When the file is full it becomes ``NAME.1.log``, what was
    that ``NAME.2.log``, and so on; the oldest one goes.

    Parameters
    ----------
    path : Path
        The file; a relative name counts from the folder of the flow.
    size : int
        Size at which a new file is begun, a number of bytes; 0 for never.
    keep : int
        How many full files are kept.

    Raises
    ------
    OSError
        The folder is missing, or may not be written.
    ValueError
        Size or number is below 0.

    Examples
    --------
    >>> log = system.LogFile("oven.log")
    >>> log("Oven at", 182.5, "°C", level="warning")[-26:]
    'WARNING   Oven at 182.5 °C'
    >>> log.close()
    """

    def __init__(
        self, path: Path, size: Annotated[int, Range(0)] = 10_000_000, keep: Annotated[int, Range(0)] = 5
    ) -> None:
        if size < 0 or keep < 0:
            raise ValueError(f"a log of {size} bytes and {keep} files cannot be: set both to 0 or more")
        self._path = context().path(path)
        self._size, self._keep = size, keep
        if not self._path.parent.is_dir():
            raise missing(self._path)
        self._file = self._opened()

    def __call__(self, *message: object, level: Literal["debug", "info", "warning", "error"] = "info") -> str:
        """Write a line; None and an empty text write none.

        Parameters
        ----------
        *message : object
            What is told: texts or any values, written one after the other.
        level : str
            How much it matters.

        Returns
        -------
        str
            The line as it stands in the file: local time, level and text. A text of several lines has its further ones
            moved in below the first.

        Raises
        ------
        OSError
            It cannot be written; the text says why.
        ValueError
            There is no such level, or the run of this log has ended.
        """
        if level not in LEVELS:
            raise ValueError(f"there is no level “{level}”: take one of {', '.join(LEVELS)}")
        if self._file < 0:
            raise ValueError(f"{self._path} is closed: a log is written during its run only")
        text = " ".join(str(part) for part in message if part is not None)
        if not text:
            return ""
        now = datetime.datetime.now().astimezone().isoformat(" ", "milliseconds")
        line = f"{now} {level.upper():<8}  " + "\n    ".join(text.splitlines())
        data = line.encode("utf-8", "replace") + b"\n"
        try:
            held = os.fstat(self._file).st_size
            if self._size and held and held + len(data) > self._size:
                self._begin_anew()
            # as one piece: lines that several nodes write to one file are not mixed
            os.write(self._file, data)
        except OSError as error:
            raise explain(error, self._path) from error
        return line

    def _opened(self) -> int:
        try:
            return os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | getattr(os, "O_BINARY", 0), 0o666)
        except OSError as error:
            raise explain(error, self._path) from error

    def _begin_anew(self) -> None:
        """Put the full file in the row of those that are kept, and begin another."""
        self.close()
        places = [self._path, *(self._path.with_suffix(f".{n}{self._path.suffix}") for n in range(1, self._keep + 1))]
        places[-1].unlink(missing_ok=True)
        for older, newer in zip(reversed(places), list(reversed(places))[1:], strict=False):
            if newer.exists():
                newer.replace(older)
        self._file = self._opened()

    def close(self) -> None:
        """Close the file."""
        if self._file >= 0:
            os.close(self._file)
            self._file = -1
