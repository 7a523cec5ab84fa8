"""What changes an environment, done beside the window: one thing at a time, told line by line, stopped by a hand."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TypeVar

from PySide6.QtCore import QObject, Signal

from flodesk.engine.environments.work import StoppedError, Work
from flodesk.ui.side_thread import SideThread

T = TypeVar("T")
_FETCHED = re.compile(r"^(?:  )?Downloading (\S+) \((\S+?)(?:([kKMG]i?B)| ([kKMG]B))\)$")
"""A line by which uv, or pip, tells that something large is fetched."""


class Doing(QObject):
    """Does it in a thread.

    Signals
    -------
    said : a line of what is done, and its level
    changed : something has begun, or is over
    """

    said = Signal(str, str)
    changed = Signal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._side = SideThread(self)
        self._work: Work | None = None
        self.what = ""
        """What is being done, in words; empty if nothing is."""
        self.step = ""
        """What of it is done now, in words; empty where nobody knows."""
        self.lines: list[str] = []
        """What was printed in the course of what was done last, or is being done."""

    @property
    def busy(self) -> bool:
        """Whether something is being done."""
        return bool(self.what)

    def do(
        self,
        what: str,
        work: Callable[[Work], T],
        then: Callable[[T], object],
        failed: Callable[[str], object],
    ) -> None:
        """Do something.

        Parameters
        ----------
        what : str
            In words: “Making the environment”.
        work : callable
            Does it, in the thread.
        then, failed : callable
            Get what came of it, or why nothing did: an empty text if it was stopped.
        """
        if self.busy:
            failed("Something else is being done: wait for its end, or stop it.")
            return
        self.what, self.step, self.lines = what, "", []
        self._work = here = Work(lambda line: self._side.tell(self._told, line))
        self.changed.emit()

        def over(found: T) -> None:
            self._end()
            then(found)

        def wrong(error: Exception) -> None:
            self._end()
            why = "" if isinstance(error, StoppedError) else str(error)
            self.said.emit(f"{what}: {why or 'stopped'}", "error" if why else "warning")
            failed(why)

        self._side.do(lambda: work(here), over, wrong)

    def look(self, work: Callable[[], T], then: Callable[[T], object]) -> None:
        """Find something out that changes nothing, after what is being done."""
        self._side.do(work, then)

    def stop(self) -> None:
        """End what is being done."""
        if self._work is not None:
            self._work.stop()

    def close(self) -> None:
        """End it, and do nothing more: the window goes."""
        self.stop()
        self._side.close()

    def _told(self, line: str) -> None:
        self.lines.append(line)
        if found := _FETCHED.match(line):
            name, number, near, far = found.groups()
            self.step = f"{self.what}: {name.rpartition('/')[2]} is fetched, {number} {near or far} …"
        self.said.emit(line, "info")
        self.changed.emit()

    def _end(self) -> None:
        self.what, self.step, self._work = "", "", None
        self.changed.emit()


__all__ = ["Doing"]
