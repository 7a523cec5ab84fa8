"""The file of an app: opened, watched, and read again where that disturbs no run."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from flodesk.flow.script import ScriptError
from flodesk.ui.file_watch import FileWatch, stamp
from flodesk.ui.files import reason
from flodesk.ui.message_bar import Level
from flodesk.ui.operator.kept import Kept
from flodesk.ui.station import Station

Say = Callable[[str, str, Level], None]


class Opening(QObject):
    """Opens a flow's file for operators, who do not see what it says.

    `changed` tells that it is open now, or cannot be opened. What is kept of the controls is set each time.

    Attributes
    ----------
    why_not : str
        Why the file could not be opened; empty if it is open.
    gone : bool
        Whether that is because there is none.
    """

    changed = Signal()

    def __init__(self, window: QWidget, station: Station, kept: Kept, say: Say, path: Path) -> None:
        super().__init__(window)
        self._station, self._kept, self._say = station, kept, say
        self.path = path
        self.why_not, self.gone = "", False
        self._stale = False
        """Whether the file has changed since it was read."""
        self._told: object = None
        self._watch = FileWatch(window)
        self._watch.stirred.connect(self.look)
        station.run.changed.connect(self._phase)

    @property
    def opened(self) -> bool:
        """Whether there is a flow."""
        return self._station.document.path is not None

    def open(self) -> None:
        """Open the file."""
        try:
            self._station.document.open(self.path)
        except (ScriptError, OSError, UnicodeError) as problem:
            why = reason(problem, self.path)
            self.why_not = why[:1].upper() + why[1:]
            self.gone = isinstance(problem, FileNotFoundError)
        else:
            self.why_not, self.gone = "", False
            self._kept.bring_back()
        self._watch.watch(self.path, gone=bool(self.why_not))
        self.changed.emit()

    def look(self) -> None:
        """Look whether the file is another now."""
        if not self.opened:
            self.open()
            return
        state = self._station.document.look()
        self._watch.watch(self.path, gone=state == "gone")
        now = state, stamp(self.path)
        if state == "same" or now == self._told:
            self._stale = self._stale and state != "same"
            return
        self._told, name = now, self.path.name
        if state == "gone":
            self._say(f"{name} was removed or renamed", "The app goes on with what was read of it.", "warning")
        elif self._station.run.active:
            self._stale = True
            words = "The run goes on as it was. The change is taken when it has ended."
            self._say(f"{name} was changed outside", words, "warning")
        else:
            self.read_again()

    def read_again(self) -> None:
        """Read the file again, and keep what the controls are set to."""
        self._stale, name = False, self.path.name
        self._kept.hold()
        try:
            self._station.document.read_again()
        except (ScriptError, OSError, UnicodeError) as problem:
            words = f"{reason(problem, self.path)} The app goes on with what was read of it before."
            self._say(f"{name} was changed outside and cannot be read", words, "warning")
            return
        self._kept.bring_back()
        self._say(f"{name} was changed outside and read again", "", "info")
        self.changed.emit()

    def close(self) -> None:
        """Look no more: another window has the flow now."""
        self._watch.stirred.disconnect(self.look)
        self._station.run.changed.disconnect(self._phase)

    def _phase(self) -> None:
        if self._stale and not self._station.run.active:
            self.read_again()


__all__ = ["Opening"]
