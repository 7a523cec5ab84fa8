"""View → Heat: which nodes take the time, and whose outputs the memory; nothing is done while it is off."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping

from PySide6.QtCore import QObject, Qt, Signal
from shiboken6 import isValid

from flodesk.ui.canvases import Canvases
from flodesk.ui.heat import Mode, Times, memory
from flodesk.ui.run import Run

TITLES: dict[Mode, str] = {
    "": "",
    "time": "Time: share of the nodes of this function",
    "memory": "Memory: share of the newest outputs",
}
_PERIOD = 0.5
"""Seconds between two questions about sizes, and between two paintings of the heat."""


class Heating(QObject):
    """Colours the cards of the canvas that is seen. `mode` says by what; empty: not at all."""

    changed = Signal()
    _weighed = Signal(object)

    def __init__(
        self, parent: QObject, run: Run, canvases: Canvases, clock: Callable[[], float] = time.monotonic
    ) -> None:
        super().__init__(parent)
        self._run = run
        self._canvases = canvases
        self._clock = clock
        self._next = 0.0
        self._asking = False
        self.mode: Mode = ""
        self.times = Times()
        self._weighed.connect(self._show_sizes, Qt.ConnectionType.QueuedConnection)
        canvases.tabs.turned.connect(self._turned)
        run.finished.connect(self._ended)

    # -------------------------------------------------------------- the commands
    def toggle_time(self) -> None:
        """Colour by time, or not."""
        self._use("" if self.mode == "time" else "time")

    def toggle_memory(self) -> None:
        """Colour by memory, or not."""
        self._use("" if self.mode == "memory" else "memory")

    @property
    def by_time(self) -> bool:
        """Whether cards are coloured by time."""
        return self.mode == "time"

    @property
    def by_memory(self) -> bool:
        """Whether cards are coloured by memory."""
        return self.mode == "memory"

    def _use(self, mode: Mode) -> None:
        self.mode = mode
        self.times.forget()
        self._canvases.show_heat({}, TITLES[mode])
        self._now()
        self.changed.emit()

    # -------------------------------------------------------------- looking
    def look(self) -> None:
        """Take the newest states in, and paint now and then."""
        if not self.mode:
            return
        if self.mode == "time":
            self.times.take(self._run.engine.states())
        if self._clock() >= self._next:
            self._next = self._clock() + _PERIOD
            self._show()

    def _ended(self, _: object) -> None:
        """Take the last states of a run."""
        if isValid(self._canvases):  # it may end after the window
            self._now()

    def _now(self) -> None:
        self._next = 0.0
        self.look()

    def _turned(self) -> None:
        if self.mode:
            self._canvases.show_heat({}, TITLES[self.mode])
            self._now()

    def _show(self) -> None:
        graph = self._canvases.current.board.graph
        nodes = graph.nodes.values()
        if self.mode == "time":
            self._canvases.show_heat(self.times.of_nodes(nodes), TITLES["time"])
        elif not self._asking:
            names = [graph.value(node.id, port) for node in nodes for port in node.outputs if port.variable]
            self._asking = True
            self._run.engine.weigh(names, self._answer)

    def _answer(self, sizes: Mapping[str, int]) -> None:
        """Take sizes, on the engine's reader thread."""
        if isValid(self):
            self._weighed.emit(dict(sizes))

    def _show_sizes(self, sizes: dict[str, int]) -> None:
        self._asking = False
        if self.mode == "memory":
            self._canvases.show_heat(memory(sizes, self._canvases.current.board.graph), TITLES["memory"])


__all__ = ["Heating"]
