"""The file of a journal: whole lines, added one by one; what could not be written is written with the next."""

from __future__ import annotations

import io
import logging
import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Literal

log = logging.getLogger(__name__)
Say = Callable[[str, Literal["info", "warning"]], object]


class JournalFile:
    """Lines on the disk.

    A line that has been added is there after a kill of the program. Where one cannot be written (a full disk, a folder
    that is gone) what is there stays, it is said once, and each further line tries again, with all that is missing.

    Parameters
    ----------
    said : callable
        Takes a sentence and its level when writing begins to fail, and when it works again.
    """

    def __init__(self, path: Path, said: Say) -> None:
        self._path, self._said = path, said
        self._file: io.FileIO | None = None
        self._good = 0
        """Bytes up to the end of the last whole line."""
        self._missing = b""
        self._failing = False

    @property
    def begun(self) -> bool:
        """Whether it holds, or should hold, anything."""
        return self._file is not None or bool(self._missing)

    def add(self, line: str) -> None:
        """Add a line, without its end."""
        self._missing += line.encode("utf-8", "surrogatepass") + b"\n"
        try:
            self._write()
        except OSError as error:
            why = error.strerror or str(error)
            sentence = f"Changes are not kept for the case of a crash: {self._path.parent} cannot be written ({why})."
            self._tell(f"{sentence} Save your work; each change tries again.", failing=True)
        else:
            self._tell("Changes are kept for the case of a crash again.", failing=False)

    def remove(self, keep: bool = False) -> None:
        """Let the file go, or close it and `keep` it."""
        try:
            if self._file is not None:
                self._file.close()
        except OSError as error:
            log.warning("The journal %s could not be closed: %s", self._path, error)
        self._file, self._good, self._missing, self._failing = None, 0, b"", False
        if keep:
            return
        try:
            self._path.unlink(missing_ok=True)
        except NotADirectoryError:
            pass
        except OSError as error:
            log.warning("The journal %s could not be removed: %s", self._path, error)

    def _tell(self, sentence: str, *, failing: bool) -> None:
        if failing != self._failing:
            self._failing = failing
            log.warning("%s", sentence)
            self._said(sentence, "warning" if failing else "info")

    def _write(self) -> None:
        before = b""
        if self._file is not None and self._is_gone():
            self._file.seek(0)
            before = self._file.read(self._good) or b""
            self._file.close()
            self._file = None
            self._missing, self._good = before + self._missing, 0
        if self._file is None:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._file = self._path.open("w+b", buffering=0)
        self._file.seek(self._good)
        data = memoryview(self._missing)
        try:
            while data:
                data = data[self._file.write(data) or 0 :]
        except OSError:
            with suppress(OSError):
                self._file.truncate(self._good)  # half a line would be the end for who reads it
            raise
        self._good += len(self._missing)
        self._missing = b""

    def _is_gone(self) -> bool:
        """Whether somebody has removed the file, or the folder that it was in: what is written there is lost."""
        assert self._file is not None
        return os.name != "nt" and os.fstat(self._file.fileno()).st_nlink == 0
