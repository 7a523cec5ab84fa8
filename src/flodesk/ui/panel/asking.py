"""Questions of views to the engine: answers come in the thread of the window."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, Signal
from shiboken6 import isValid

from flodesk.engine.client import Engine
from flodesk.engine.probing import Rows


class Asking(QObject):
    """Asks for rows of a table, or for the whole of a value in a file.

    Attributes
    ----------
    engine : callable
        Gives the engine that has the values which are shown; None while values of the past are, or of none.
    """

    _answered = Signal(object, object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.engine: Callable[[], Engine | None] = lambda: None
        self._answered.connect(self._tell)

    @property
    def ready(self) -> bool:
        """Whether there is somebody to ask."""
        return self.engine() is not None

    def rows(
        self,
        name: str,
        start: int,
        count: int,
        sort: tuple[int, bool] | None,
        find: str,
        told: Callable[[Rows], None],
    ) -> None:
        """Ask for rows of a table."""
        engine = self.engine()
        if engine is not None:
            engine.rows(name, start, count, sort, find, lambda rows: self._hand_on(told, (rows,)))

    def give(self, name: str, path: str, told: Callable[[int, str], None]) -> None:
        """Ask for a file with all of a value."""
        engine = self.engine()
        if engine is not None:
            engine.give(name, path, lambda written, error: self._hand_on(told, (written, error)))

    def _hand_on(self, told: Callable[..., None], answer: tuple[Any, ...]) -> None:
        """Take an answer over from the thread that reads them."""
        if isValid(self):
            self._answered.emit(told, answer)

    @staticmethod
    def _tell(told: Callable[..., None], answer: tuple[Any, ...]) -> None:
        owner = getattr(getattr(told, "func", told), "__self__", None)
        if not isinstance(owner, QObject) or isValid(owner):
            told(*answer)
