"""What is said at a start after the program before has crashed, together with what else there is to say of its end."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject

from flodesk.ui.crash_reports import actions
from flodesk.ui.message_bar import Level, MessageBar

CRASHED = "flodesk ended by itself the last time."


class LastEnd(QObject):
    """Tells of a crash above the canvas, until a hand closes that or another flow is opened (`over`).

    Parameters
    ----------
    report : Path
        What the program before has left.
    say : callable
        Is told a sentence about what a button has done.
    """

    def __init__(self, parent: QObject, bar: MessageBar, report: Path, say: Callable[[str], object]) -> None:
        super().__init__(parent)
        self._bar = bar
        self._shown = ""
        self.words = f"{CRASHED} What it was doing is in {report}."
        self.actions = actions(report, say)

    def show(self, first: str = "", level: Level = "warning") -> None:
        """Say it, briefly after other words that are about the same end; it is no less than a warning."""
        at_least: Level = "error" if level == "error" else "warning"
        said = f"{first} {CRASHED}" if first else self.words
        self._bar.show_message(said, at_least, self.actions, stays=True)
        self._shown = self._bar.text

    def over(self) -> None:
        """Say it no longer: another flow is open."""
        if self._shown and self._bar.text == self._shown:
            self._bar.clear()
        self._shown = ""


__all__ = ["CRASHED", "LastEnd"]
