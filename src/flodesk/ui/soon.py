"""Do something once Qt has done what it is at, unless the owner has gone by then."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, QTimer, Signal


def soon(owner: QObject, do: Callable[[], object], after: int = 0) -> None:
    """Call `do` after the events that wait already, or after so many milliseconds.

    What stands for the call is a child of `owner` and goes with it. Of a ``QTimer.singleShot`` that is still to come
    when its receiver goes, Qt for Python never lets the callable go: with it stayed all of a window that was closed.
    """
    call = _Call(owner, do)
    if after > 0:
        timer = QTimer(call, singleShot=True, interval=after)
        timer.timeout.connect(call.due)
        timer.start()
    else:
        call.due.emit()


class _Call(QObject):
    due = Signal()

    def __init__(self, owner: QObject, do: Callable[[], object]) -> None:
        super().__init__(owner)
        self._do = do
        self.due.connect(self._go, Qt.ConnectionType.QueuedConnection)

    def _go(self) -> None:
        self.deleteLater()
        self._do()


__all__ = ["soon"]
