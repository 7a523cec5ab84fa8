"""Questions of views to the engine: answers come in the thread of the window."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from PySide6.QtCore import QObject, Signal
from shiboken6 import isValid

from flodesk.engine.client import Engine
from flodesk.engine.probing import Rows
from flodesk.engine.recalling import Of, Zoomed
from flodesk.indicators import Lines
from flodesk.indicators.as_text import Text


class Asking(QObject):
    """Asks for rows of a table, parts of curves, lines of a log, or for the whole of a value in a file.

    Attributes
    ----------
    engine : callable
        Gives the engine that has the values which are shown; None where there is none.
    of : mapping
        Which value of its port a view shows; see `flodesk.engine.recalling`.
    """

    _answered = Signal(object, object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.engine: Callable[[], Engine | None] = lambda: None
        self.of: Of = {}
        self._answered.connect(self._tell)

    def own(self, parent: QObject) -> Asking:
        """Return one for a single view."""
        made = Asking(parent)
        made.engine = lambda: self.engine()
        return made

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
            engine.rows(name, start, count, sort, find, lambda rows: self._hand_on(told, (rows,)), self.of)

    def give(self, name: str, path: str, told: Callable[[int, str], None]) -> None:
        """Ask for a file with all of a value."""
        engine = self.engine()
        if engine is not None:
            engine.give(name, path, lambda written, error: self._hand_on(told, (written, error)), self.of)

    def text(self, name: str, how: Mapping[str, Any], told: Callable[[Text, str], None]) -> None:
        """Ask for cells of a table, or all of a value, as text; see `flodesk.indicators.as_text`."""
        engine = self.engine()
        if engine is not None:
            engine.text(name, how, lambda text, error: self._hand_on(told, (text, error)), self.of)

    def zoom(
        self, name: str, left: float, right: float, told: Callable[[Zoomed], None], *, whole: bool = False
    ) -> None:
        """Ask for the part of curves between two places; `whole`: for each sample, however many there are."""
        engine = self.engine()
        if engine is not None:
            engine.zoom(name, self.of, left, right, lambda found: self._hand_on(told, (found,)), whole=whole)

    def lines(self, name: str, start: int, count: int, told: Callable[[Lines | None], None]) -> None:
        """Ask for lines of a log, from the one on before which there were `start`."""
        engine = self.engine()
        if engine is not None:
            engine.lines(name, self.of, start, count, lambda found: self._hand_on(told, (found,)))

    def still(self, mark: str, name: str, *, on: bool) -> None:
        """Have the value that is shown held for as long as the view stands still."""
        engine = self.engine()
        if engine is not None:
            engine.still(mark, name, self.of, on=on)

    def _hand_on(self, told: Callable[..., None], answer: tuple[Any, ...]) -> None:
        """Take an answer over from the thread that reads them."""
        if isValid(self):
            self._answered.emit(told, answer)

    @staticmethod
    def _tell(told: Callable[..., None], answer: tuple[Any, ...]) -> None:
        owner = getattr(getattr(told, "func", told), "__self__", None)
        if not isinstance(owner, QObject) or isValid(owner):
            told(*answer)
