"""The questions about the past of the panel, handed on to the engine that has the newest run."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from flodesk.engine.client import Engine
from flodesk.engine.probing import At
from flodesk.engine.recalling import Course, Of, Recalled, Zoomed
from flodesk.indicators import Lines


class PastHandedOn:
    """What is asked where the newest run is; `_now` is its engine."""

    _now: Engine

    def course(self, told: Callable[[Course], None], loop: str = "") -> None:
        """Ask which turns are held."""
        self._now.course(told, loop)

    def recall(self, names: Sequence[str], at: At, seen: Mapping[str, int], told: Callable[[Recalled], None]) -> None:
        """Ask for the values that ports had at a moment."""
        self._now.recall(names, at, seen, told)

    def still(self, mark: str, name: str, of: Of, *, on: bool = True) -> None:
        """Hold on to a value for as long as a view stands still."""
        self._now.still(mark, name, of, on=on)

    def zoom(
        self, name: str, of: Of, left: float, right: float, told: Callable[[Zoomed], None], *, whole: bool = False
    ) -> None:
        """Ask for a part of curves."""
        self._now.zoom(name, of, left, right, told, whole=whole)

    def lines(self, name: str, of: Of, start: int, count: int, told: Callable[[Lines | None], None]) -> None:
        """Ask for lines of a log."""
        self._now.lines(name, of, start, count, told)


__all__ = ["PastHandedOn"]
