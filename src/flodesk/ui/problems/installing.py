"""The dialog that shows what installing a package means, and does it when a hand says so, in a process of its own."""

from __future__ import annotations

import contextlib
import importlib
import os
import signal
import sys

from PySide6.QtCore import QProcess, QProcessEnvironment, Qt, Signal
from PySide6.QtGui import QCloseEvent, QGuiApplication
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QLabel,
    QPlainTextEdit,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from flodesk.engine.folders import FolderError, data_folder
from flodesk.ui.problems.install_plan import InstallPlan, meaning
from flodesk.ui.soon import soon
from flodesk.ui.theme.style import code_font

_GRACE = 2000
"""Milliseconds that an installer has to end when it is asked to, before it is killed."""
_LAST = getattr(signal, "SIGKILL", signal.SIGTERM)


class Installing(QDialog):
    """Shows the plan first. `said` gives what the installer prints, line by line; `installed` tells of a success."""

    said = Signal(str, str)
    installed = Signal(str)

    def __init__(self, parent: QWidget, plan: InstallPlan, wanted_by: str) -> None:
        super().__init__(parent)
        self.plan = plan
        self._printed = ""
        self._told = 0
        self._stopped = False
        self.setObjectName("installing")
        self.setWindowTitle("Install a package")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setMinimumWidth(520)
        self.heading = QLabel(f"Install {plan.wanted}?")
        self.heading.setProperty("role", "title")
        self.words = _wrapped(wanted_by)
        self.what = _wrapped(
            f"This will run, and put the package and what it needs into {plan.into}:"
            if plan.command
            else f"There is neither pip nor uv for {plan.into}: install {plan.wanted} by hand, then press Check (F7)."
        )
        self.command = QPlainTextEdit(plan.command)
        self.command.setReadOnly(True)
        self.command.setFont(code_font())
        self.command.setAccessibleName("Command")
        self.command.setTabChangesFocus(True)
        self.command.setFixedHeight(56)
        self.command.setVisible(bool(plan.command))
        self.bar = QProgressBar()
        self.bar.setRange(0, 0)
        self.bar.setTextVisible(False)
        self.bar.setFixedHeight(4)
        self.bar.hide()
        self.news = _wrapped("Packages run code when they are installed: install those that you trust.")
        self.news.setProperty("role", "muted")
        buttons = QDialogButtonBox()
        self.cancel: QPushButton = buttons.addButton("Cancel", QDialogButtonBox.ButtonRole.RejectRole)
        self.copy: QPushButton = buttons.addButton("Copy the command", QDialogButtonBox.ButtonRole.ActionRole)
        self.install: QPushButton = buttons.addButton("Install", QDialogButtonBox.ButtonRole.AcceptRole)
        self.install.setDefault(True)
        self.copy.setAutoDefault(False)
        self.install.setVisible(bool(plan.command))
        self.copy.setVisible(bool(plan.command))
        self.install.clicked.connect(self.start)
        self.copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(plan.command))
        self.cancel.clicked.connect(self.reject)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 16)
        column.setSpacing(8)
        for part in (self.heading, self.words, self.what, self.command, self.bar, self.news, buttons):
            column.addWidget(part)
        self.process = QProcess(self)
        self.process.setProcessChannelMode(QProcess.ProcessChannelMode.MergedChannels)
        environment = QProcessEnvironment.systemEnvironment()
        environment.insert("PYTHONUNBUFFERED", "1")
        environment.insert("PIP_DISABLE_PIP_VERSION_CHECK", "1")
        environment.insert("PIP_NO_INPUT", "1")
        environment.remove("PYTHONPATH")
        self.process.setProcessEnvironment(environment)
        self.process.setWorkingDirectory(_quiet_folder())
        if hasattr(self.process, "setUnixProcessParameters"):  # a group of its own, that what it starts ends with it
            self.process.setUnixProcessParameters(QProcess.UnixProcessFlag.CreateNewSession)
        self.process.readyReadStandardOutput.connect(self._read)
        self.process.finished.connect(self._ended)
        self.process.errorOccurred.connect(self._not_started)

    @property
    def running(self) -> bool:
        """Whether the installer is at work."""
        return self.process.state() != QProcess.ProcessState.NotRunning

    # -------------------------------------------------------------- the process
    def start(self) -> None:
        """Run the command."""
        if self.running or not self.plan.command:
            return
        self._printed, self._told, self._stopped = "", 0, False
        self.install.setEnabled(False)
        self.cancel.setText("Stop")
        self.bar.show()
        self._tell("Starting …")
        self.said.emit(f"$ {self.plan.command}", "info")
        self.process.start(self.plan.program, list(self.plan.arguments))

    def _read(self) -> None:
        text = bytes(self.process.readAllStandardOutput().data()).decode(errors="replace")
        self._printed += text
        self._pass_on(self._printed.rfind("\n") + 1)
        last = next((line for line in reversed(self._printed.splitlines()) if line.strip()), "")
        self._tell(last.strip())

    def _pass_on(self, end: int) -> None:
        """Tell the lines up to a place of what was printed, each once."""
        for line in self._printed[self._told : end].splitlines():
            if line.strip():
                self.said.emit(line.rstrip(), "info")
        self._told = max(self._told, end)

    def _not_started(self, error: QProcess.ProcessError) -> None:
        if error == QProcess.ProcessError.FailedToStart:
            self._failed(f"{self.plan.program} could not be started: {self.process.errorString()}")

    def _ended(self, code: int, status: QProcess.ExitStatus) -> None:
        self._read()
        self._pass_on(len(self._printed))
        if self._stopped:
            self.said.emit("The installation was stopped", "warning")
            super().reject()
        elif code == 0 and status == QProcess.ExitStatus.NormalExit:
            importlib.invalidate_caches()
            self.said.emit(f"Installed {self.plan.wanted}", "info")
            self.installed.emit(self.plan.package)
            self.accept()
        else:
            self._failed(meaning(self._printed, self.plan))

    def _failed(self, words: str) -> None:
        self.bar.hide()
        self.install.setEnabled(True)
        self.install.setText("Try again")
        self.cancel.setText("Close")
        self._tell(words, "error")
        self.said.emit(f"{self.plan.wanted} was not installed: {words}", "error")

    def _tell(self, words: str, role: str = "muted") -> None:
        self.news.setProperty("role", role)
        self.news.style().polish(self.news)
        self.news.setText(words if len(words) <= 200 else words[:200] + " …")

    # -------------------------------------------------------------- the end
    def reject(self) -> None:
        """Close, or stop the installer first: it is asked to end, and killed if it does not."""
        if not self.running:
            super().reject()
            return
        self._stopped = True
        self._tell("Stopping …")
        self._signal(signal.SIGTERM)
        soon(self, lambda: self._signal(_LAST), _GRACE)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Leave no installer behind."""
        if self.running:
            self._stopped = True
            self.process.blockSignals(True)
            self._signal(_LAST)
            self.process.waitForFinished(_GRACE)
        super().closeEvent(event)

    def _signal(self, number: int) -> None:
        """Send a signal to the installer and to all that it has started."""
        if not self.running:
            return
        if hasattr(os, "killpg"):
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.processId(), number)
        else:
            self.process.kill()


def _quiet_folder() -> str:
    """Return a folder in which no stranger's files lie: installers read settings where they are started."""
    try:
        return str(data_folder().absolute())
    except FolderError:
        return sys.prefix


def _wrapped(text: str) -> QLabel:
    label = QLabel(text)
    label.setWordWrap(True)
    label.setTextFormat(Qt.TextFormat.PlainText)
    return label
