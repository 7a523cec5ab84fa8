"""The process that knows what can be typed next, asked without waiting for it."""

from __future__ import annotations

import itertools
import json
import sys
from collections.abc import Callable

from PySide6.QtCore import QObject, QProcess, QProcessEnvironment

from flodesk.engine.interpreting import module_command

Found = list[tuple[str, str]]
"""Name and kind (``function``, ``module`` ...) of each."""


class Asking(QObject):
    """Asks `flodesk.engine.completing`, which is started by the first question. Only the newest is answered.

    Parameters
    ----------
    python : callable
        Gives the interpreter of the environment whose packages are completed; an empty text is this one.
    """

    def __init__(self, parent: QObject, python: Callable[[], str]) -> None:
        super().__init__(parent)
        self._python = python
        self._of = ""
        """The interpreter of the process that is on."""
        self._numbers = itertools.count(1)
        self._newest = 0
        self._told: Callable[[Found], object] = lambda found: None
        self._process: QProcess | None = None
        self._failed = False

    def ask(self, text: str, line: int, column: int, path: str, folder: str, told: Callable[[Found], object]) -> None:
        """Ask what fits at a line (from 1) and column of a text; `told` gets it, unless more is asked by then."""
        if self._failed:
            return
        if self._process is not None and self._of != self._python():
            self.close()
            self._failed = False
        process = self._process or self._start()
        self._newest, self._told = next(self._numbers), told
        question = {"q": self._newest, "text": text, "line": line, "column": column, "path": path, "folder": folder}
        process.write(json.dumps(question).encode() + b"\n")

    def close(self) -> None:
        """End the process."""
        process, self._process = self._process, None
        self._failed = True
        if process is not None:
            process.closeWriteChannel()
            if not process.waitForFinished(100):
                process.kill()
                process.waitForFinished(1000)

    def _start(self) -> QProcess:
        process = self._process = QProcess(self)
        surroundings = QProcessEnvironment.systemEnvironment()
        self._of = python = self._python()
        if not python:  # an environment looks for packages where it does
            surroundings.insert("PYTHONPATH", ":".join(filter(None, sys.path)) if sys.platform != "win32" else "")
        process.setProcessEnvironment(surroundings)
        process.setStandardErrorFile(QProcess.nullDevice())
        process.readyReadStandardOutput.connect(self._read)
        process.errorOccurred.connect(self._fail)
        program, *arguments = module_command("flodesk.engine.completing", python)
        process.start(program, arguments)
        return process

    def _fail(self) -> None:
        """Do without: who types can do so without being told what fits."""
        self._failed = True

    def _read(self) -> None:
        process = self._process
        while process is not None and process.canReadLine():
            try:
                answer = json.loads(bytes(process.readLine().data()))
            except ValueError:
                continue
            if answer["q"] == self._newest:
                self._told([(str(name), str(kind)) for name, kind in answer["found"]])


__all__ = ["Asking", "Found"]
