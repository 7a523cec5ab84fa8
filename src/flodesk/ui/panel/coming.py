"""Cards of a page that was turned to, made a few at a time: a plot takes 11 ms, and a page may have many."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterable

from PySide6.QtCore import QObject, QTimer, Signal

from flodesk.ui.panel.layout.board import Board

PORTION = 0.008
"""Seconds that a portion takes, and what is left of its last card: half of a frame."""


class Coming(QObject):
    """Does what makes cards, in portions between which the window does what else there is.

    Attributes
    ----------
    there : signal
        All cards are there.
    """

    there = Signal()

    def __init__(self, parent: QObject, board: Board) -> None:
        super().__init__(parent)
        self._board = board
        self._jobs: deque[Callable[[], None]] = deque()
        self._next = QTimer(self, singleShot=True, interval=0)
        self._next.timeout.connect(self._portion)

    def begin(self, jobs: Iterable[Callable[[], None]]) -> None:
        """Do these instead of what is left of others: the first ones at once."""
        self._next.stop()
        self._jobs = deque(jobs)
        if self._jobs:
            self._portion()

    def finish(self) -> None:
        """Do all that is left now: the flow is about to be another."""
        while self._jobs:
            self._jobs.popleft()()
            if not self._jobs:
                self._lay()

    def _portion(self) -> None:
        end = time.perf_counter() + PORTION
        while self._jobs:
            self._jobs.popleft()()
            if time.perf_counter() >= end:
                break
        self._lay()

    def _lay(self) -> None:
        self._board.preview(self._board.places())
        if self._jobs:
            self._next.start()
        else:
            self._next.stop()
            self.there.emit()
