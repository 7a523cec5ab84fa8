"""Work beside the window: a thread that does one thing after the other, and that the window waits for a little."""

from __future__ import annotations

import contextlib
import logging
import threading
from collections.abc import Callable
from typing import TypeVar

from PySide6.QtCore import QObject, Qt, QThread, QThreadPool, Signal

log = logging.getLogger(__name__)
T = TypeVar("T")
CLOSE_MS = 2000
"""As long as a window waits at its end for work that is on. What takes longer waits for a server, or a slow disk."""


class SideThread(QObject):
    """Does one piece of work after the other in a thread of its own; what comes of it is told in the window's thread.

    Its work may hold no widget: `tell` is the way to them. After `close` nobody is told anything any more, as what
    would be told may be gone.
    """

    _told = Signal(object)
    _raised = Signal(object)

    def __init__(self, parent: QObject, *, low: bool = False) -> None:
        super().__init__(parent)
        self._pool = QThreadPool(self)
        self._pool.setMaxThreadCount(1)
        if low:
            self._pool.setThreadPriority(QThread.Priority.LowPriority)
        self._closed = False
        self._told.connect(self._take, Qt.ConnectionType.QueuedConnection)
        self._raised.connect(_log, Qt.ConnectionType.QueuedConnection)

    def do(
        self,
        work: Callable[[], T],
        then: Callable[[T], object] | None = None,
        failed: Callable[[Exception], object] | None = None,
    ) -> None:
        """Do something after all that was given before.

        Parameters
        ----------
        then : callable, optional
            Gets, in the window's thread, what `work` returned.
        failed : callable, optional
            Gets there what it raised; without it that goes into the log.
        """

        def guarded() -> None:
            try:
                found = work()
            except Exception as error:  # noqa: BLE001 - the end of the thread: what is not told here is lost
                if failed is not None:
                    self.tell(failed, error)
                else:
                    with contextlib.suppress(RuntimeError):
                        self._raised.emit(error)
            else:
                if then is not None:
                    self.tell(then, found)

        if not self._closed:
            self._pool.start(guarded)

    def tell(self, told: Callable[..., object], *values: object) -> None:
        """Call something with these values in the window's thread; this is for the work in the other one."""
        if self._closed:
            return
        with contextlib.suppress(RuntimeError):  # the window went in the meantime
            self._told.emit((told, values))

    def drop(self) -> None:
        """Do nothing of what has not begun."""
        self._pool.clear()

    def wait(self, milliseconds: int = -1) -> bool:
        """Wait until all is done; False if that takes longer."""
        return self._pool.waitForDone(milliseconds)

    def close(self) -> None:
        """Begin nothing more and tell nobody: the window is being closed. It waits a while until all is done.

        What takes longer ends by itself, in its thread: the program waits for that, and no window does.
        """
        self._closed = True
        if self._pool.waitForDone(CLOSE_MS):
            return
        pool = self._pool
        pool.setParent(None)  # Qt would wait for it when it deletes what belongs to the window
        _busy.append(pool)
        threading.Thread(target=pool.waitForDone, name="flodesk side thread ends").start()

    def _take(self, told: tuple[Callable[..., object], tuple[object, ...]]) -> None:
        if not self._closed:
            told[0](*told[1])


_busy: list[QThreadPool] = []
"""Those that were at work for longer than their window; kept, as Qt waits where one is deleted."""


def _log(error: Exception) -> None:
    """Note it down, in the window's thread: a line of the log would keep Python's idea of the other one alive."""
    log.error("Work beside the window failed.", exc_info=error)


__all__ = ["SideThread"]
