"""Git is asked as a process that the window does not wait for, and that is ended when it takes too long."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, QProcess, QProcessEnvironment, QTimer, Signal

from flodesk.engine.committed import DEADLINE, NotCommittedError, Question, answer, question, too_late


class Asking(QObject):
    """Asks for one file at a time; a new question takes the place of the one before.

    Signals: `answered` gives what the file held, `failed` a sentence why there is no such version.
    """

    answered = Signal(bytes)
    failed = Signal(str)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._process: QProcess | None = None
        self._asked: Question | None = None
        self._late = QTimer(self, singleShot=True, interval=round(DEADLINE * 1000))
        self._late.timeout.connect(self._give_up)

    @property
    def waiting(self) -> bool:
        """Whether an answer is still to come."""
        return self._process is not None

    def ask(self, path: Path, revision: str = "HEAD") -> None:
        """Ask what a file held in a revision."""
        self.end()
        try:
            asked = question(path, revision)
        except NotCommittedError as why:
            self.failed.emit(str(why))
            return
        process = QProcess(self)
        environment = QProcessEnvironment()
        for name, value in asked.environment.items():
            environment.insert(name, value)
        process.setProcessEnvironment(environment)
        process.setStandardInputFile(QProcess.nullDevice())
        process.finished.connect(self._finished)
        process.errorOccurred.connect(self._broken)
        self._process, self._asked = process, asked
        self._late.start()
        process.start(asked.program, list(asked.arguments))

    def end(self) -> None:
        """Ask no more; what runs is ended."""
        process, self._process = self._process, None
        self._late.stop()
        if process is None:
            return
        process.blockSignals(True)
        if process.state() != QProcess.ProcessState.NotRunning:
            process.kill()
            process.waitForFinished(1000)
        process.deleteLater()

    def _finished(self, code: int) -> None:
        process, asked = self._process, self._asked
        if process is None or asked is None:
            return
        output, errors = bytes(process.readAllStandardOutput().data()), bytes(process.readAllStandardError().data())
        self.end()
        try:
            data = answer(asked, code, output, errors)
        except NotCommittedError as why:
            self.failed.emit(str(why))
        else:
            self.answered.emit(data)

    def _broken(self, error: QProcess.ProcessError) -> None:
        if error == QProcess.ProcessError.FailedToStart and self._process is not None:
            why = self._process.errorString()
            self.end()
            self.failed.emit(f"git could not be started: {why}.")

    def _give_up(self) -> None:
        self.end()
        self.failed.emit(too_late())
