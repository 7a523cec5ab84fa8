"""Frames that are really painted, and what each costs: CPU time of this process, without the waiting in between."""

from __future__ import annotations

import time
from collections.abc import Callable

from PySide6.QtCore import QEvent, QEventLoop, QObject, QTimer
from PySide6.QtWidgets import QAbstractScrollArea, QApplication, QWidget

# isort: split
import flodesk.engine.unread  # noqa: F401 - as in the program: PySide6 would keep the source of every module

_WAITING = QEventLoop.ProcessEventsFlag.AllEvents | QEventLoop.ProcessEventsFlag.WaitForMoreEvents
_LONGEST = 400
"""Milliseconds that are waited for a frame: where nothing changes on the screen none comes."""


def application() -> QApplication:
    """Return the program, with what its windows have from it."""
    from flodesk.ui.garbage import Garbage
    from flodesk.ui.theme.looks import Looks

    app = QApplication.instance() or QApplication([])
    assert isinstance(app, QApplication)
    if app.findChild(Garbage) is None:
        Garbage(app)
    app.setProperty("looks", Looks(app))
    return app


_IDLE = 4.0
"""Milliseconds of CPU time in a moment that are none of what was asked for: timers that look whether there is news."""


class Frames(QObject):
    """Watches a viewport (or widget) being painted; `pace` is how long things are given to settle, in ms."""

    def __init__(self, view: QWidget, pace: int = 30) -> None:
        super().__init__()
        self._pace = pace
        self.target = view.viewport() if isinstance(view, QAbstractScrollArea) else view
        self.painted = 0
        self.target.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Count the frames."""
        if event.type() == QEvent.Type.Paint:
            self.painted += 1
        return False

    def settle(self, milliseconds: int = 0) -> None:
        """Let everything come to rest."""
        loop = QEventLoop()
        for _ in range(3):
            QTimer.singleShot(milliseconds or self._pace, loop.quit)
            loop.exec()
        self.target.repaint()

    def rest(self, milliseconds: int = 60, most: float = 20.0) -> float:
        """Wait until nothing more is done, at most `most` s; return the CPU time in ms that was used until then."""
        loop = QEventLoop()
        begun, end = time.process_time(), time.monotonic() + most
        while time.monotonic() < end:
            before = time.process_time()
            QTimer.singleShot(milliseconds, loop.quit)
            loop.exec()
            if 1000 * (time.process_time() - before) < _IDLE:
                break
        return 1000 * (time.process_time() - begun)

    def cost(self, gesture: Callable[[], object], *, whole: bool = True, seen: bool = False) -> float:
        """Return the CPU time in ms from a gesture until its frame has been painted; the `whole` view, or what changed.

        What the frame leaves for later counts for the next one, unless it is waited for (`rest`). What comes right
        behind it, by a timer of no length, is counted, unless it ends as soon as the frame is `seen`.
        """
        end = time.monotonic() + _LONGEST / 1000
        begun = time.process_time()
        gesture()
        if whole:
            self.target.update()
        before = self.painted
        while self.painted == before and time.monotonic() < end:
            if seen:
                QApplication.sendPostedEvents()
            if self.painted == before:
                QApplication.processEvents(_WAITING)
        return 1000 * (time.process_time() - begun)
