"""The application itself: what the system says to the program, and to no window of it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QEvent
from PySide6.QtGui import QFileOpenEvent
from PySide6.QtWidgets import QApplication


class Application(QApplication):
    """Qt's application, which opens what the system hands over: on macOS a file that is double-clicked in the Finder.

    Attributes
    ----------
    opener : callable, optional
        Opens a file. What comes before there is one waits for it (`open_waiting`).
    """

    opener: Callable[[Path], object] | None = None

    def __init__(self, arguments: list[str]) -> None:
        super().__init__(arguments)
        self._waiting: list[Path] = []

    def event(self, event: QEvent) -> bool:
        """Take a file that is handed over. Not a filter: that would see each event of each widget."""
        if isinstance(event, QFileOpenEvent) and event.file():
            self._waiting.append(Path(event.file()))
            self.open_waiting()
            return True
        return super().event(event)

    def open_waiting(self) -> None:
        """Open what was handed over, if there is something to open it by."""
        while self.opener is not None and self._waiting:
            self.opener(self._waiting.pop(0))
