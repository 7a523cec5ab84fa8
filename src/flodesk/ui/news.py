"""What the engine tells, on its way from the engine's reader thread to the window: a mailbox and one queued signal."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Mapping

from PySide6.QtCore import QObject, Qt, Signal

from flodesk.engine.client import Engine, NodeState
from flodesk.engine.events import Event, LogLine
from flodesk.engine.history.recorder import Recorder
from flodesk.engine.history.settings import History
from flodesk.ui.console import Line


class News(QObject):
    """Takes every event of an engine, lets the history have it, and hands it on in the window's thread, in order.

    Attributes
    ----------
    recorder : Recorder
        Writes runs into the history.
    """

    happened = Signal(object)
    """An `Event` that is no line of the log."""
    logged = Signal(list)
    """Lines of the log that came one after the other: a list of `Line`."""
    _arrived = Signal()

    def __init__(self, parent: QObject, engine: Engine, history: History | None) -> None:
        super().__init__(parent)
        self.recorder = Recorder(self._no_history, settings=history)
        self._mail: deque[Event] = deque()
        self._announced = False
        """Whether the window's thread has been told that there is mail, and has not begun to read it yet."""
        self._arrived.connect(self._read_mail, Qt.ConnectionType.QueuedConnection)
        engine.listener = self._post

    def _post(self, event: Event) -> None:
        """Take an event, on the engine's reader thread or the recorder's."""
        self.recorder.take(event)
        self._mail.append(event)
        if not self._announced:  # after the append: whoever empties the mail meanwhile has read this event, too
            self._announced = True
            self._arrived.emit()

    def _no_history(self, sentence: str) -> None:
        """Say that runs cannot be written into the history, on the recorder's thread."""
        self._post(LogLine("", "", "warning", sentence, time.time()))

    def _read_mail(self) -> None:
        self._announced = False  # first: an event that comes from here on is announced anew, or read below
        lines: list[Line] = []
        while self._mail:
            event = self._mail.popleft()
            if isinstance(event, LogLine):
                lines.append(Line(event.time, event.level, event.node, event.text))
                continue
            if lines:
                self.logged.emit(lines)
                lines = []
            self.happened.emit(event)
        if lines:
            self.logged.emit(lines)


def states_since(before: Mapping[str, NodeState], engine: Engine) -> Callable[[], Mapping[str, NodeState]]:
    """Return what gives the states of nodes that have run since: beside a part, others keep those of before."""
    return lambda: {node: state for node, state in engine.states().items() if before.get(node) != state}
