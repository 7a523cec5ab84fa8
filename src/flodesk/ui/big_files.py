"""A large file is read in a thread, and its user sees that it is, and may give up."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable

from PySide6.QtCore import QEventLoop, QObject, Qt, Signal
from PySide6.QtWidgets import QApplication, QProgressDialog, QWidget

from flodesk.engine.control import Control
from flodesk.engine.threads import guarded, raise_in, spawn_thread
from flodesk.flow.model import Flow
from flodesk.flow.script import from_bytes

LARGE = 400_000
"""Bytes from which on reading a script takes so long that a window which says nothing seems to hang."""


class GivenUpError(OSError):
    """Its user did not want to wait."""


class _Told(QObject):
    done = Signal()


class BigFile:
    """Reads what a large file holds, under a dialog that stays until `close`: showing it takes a while, too.

    `prepare` is done with the flow in the same thread: what of the showing needs no window.
    """

    def __init__(self, window: QWidget, name: str, size: int, prepare: Callable[[Flow], object]) -> None:
        self._name = name
        self._prepare = prepare
        self.dialog = QProgressDialog(f"Reading {name} ({size / 1e6:.1f} MB) …", "Cancel", 0, 0, window)
        self.dialog.setObjectName("big_file")
        self.dialog.setWindowTitle("Open a large file")
        self.dialog.setWindowModality(Qt.WindowModality.WindowModal)
        self.dialog.setAutoClose(False)
        self.dialog.setAutoReset(False)
        self.dialog.setMinimumDuration(0)
        self.dialog.setMinimumWidth(360)

    def read(self, data: bytes) -> Flow:
        """Read it; the window goes on to paint meanwhile.

        Raises
        ------
        GivenUpError
            *Cancel* was pressed.
        ScriptError
            It is no script.
        """
        found: list[Flow] = []
        control, over = Control(), threading.Event()
        told, loop = _Told(), QEventLoop()
        told.done.connect(loop.quit, Qt.ConnectionType.QueuedConnection)
        self.dialog.canceled.connect(loop.quit)
        problem: list[BaseException | None] = []

        def read() -> None:
            flow = from_bytes(data)
            with contextlib.suppress(Exception):  # who shows it does it again, and tells
                self._prepare(flow)
            found.append(flow)

        def work() -> None:
            problem.append(guarded(control, read))
            over.set()
            told.done.emit()

        self.dialog.show()
        spawn_thread(work, f"flodesk read {self._name}")
        loop.exec()
        if not over.is_set():
            told.blockSignals(True)
            with control.lock:
                if control.ident and not control.over:
                    raise_in(control.ident)
            raise GivenUpError("you gave up. Nothing has changed.")
        self.dialog.setCancelButton(None)  # which takes it away
        self.dialog.setLabelText(f"Showing {self._name} …")
        QApplication.processEvents(QEventLoop.ProcessEventsFlag.ExcludeUserInputEvents)
        if problem[0] is not None:
            raise problem[0]
        return found[0]

    def close(self) -> None:
        """Take the dialog away."""
        self.dialog.reset()
        self.dialog.hide()
        self.dialog.deleteLater()
