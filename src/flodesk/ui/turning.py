"""How the loops of the canvas turn, and what passes on its wires: looked at while a run is on, and shown."""

from __future__ import annotations

import time
from collections.abc import Callable

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication, QStyle
from shiboken6 import isValid

from flodesk.engine.glance import Pace, duration
from flodesk.engine.states import NodeState
from flodesk.ui.canvas.canvas import FlowCanvas
from flodesk.ui.canvas.loop_words import end_words, live_words
from flodesk.ui.canvases import Canvases
from flodesk.ui.run import Run
from flodesk.ui.settings import settings

RATE_PERIOD = 0.5
"""Seconds for which a rate stands: faster, nobody reads it."""
WINDOW = 3.0
"""Seconds over which a rate is taken."""


class _Beat:
    """The rate of one loop."""

    def __init__(self) -> None:
        self._pace = Pace(WINDOW)
        self._next = 0.0
        self._rate = 0.0

    def rate(self, count: int, now: float) -> float:
        found = self._pace.look(count, now)
        if now >= self._next:
            self._next, self._rate = now + RATE_PERIOD, found
        return self._rate


class Turning(QObject):
    """Shows turns and rates of the loops of the canvas that is seen, and its activity."""

    def __init__(
        self, parent: QObject, run: Run, canvases: Canvases, clock: Callable[[], float] = time.monotonic
    ) -> None:
        super().__init__(parent)
        self._run = run
        self._canvases = canvases
        self._clock = clock
        self._beats: dict[str, _Beat] = {}
        self.lit = bool(settings().value("canvas/activity", True, bool))
        """Whether wires light up when values pass."""
        self._was = "idle"
        run.changed.connect(self._phase)
        run.finished.connect(self._ended)
        canvases.tabs.turned.connect(self.look)

    def toggle_lit(self) -> None:
        """Let wires light up when values pass, or not."""
        self.lit = not self.lit
        settings().setValue("canvas/activity", self.lit)
        self.look()

    def look(self) -> None:
        """Show the newest; called ten times a second while anything may move."""
        page, now = self._canvases.current, self._clock()
        self._show_loops(page, now)
        page.activity.shown = self.lit
        page.activity.calm = not QApplication.style().styleHint(QStyle.StyleHint.SH_Widget_Animation_Duration)
        page.activity.look(now, self._run.active)

    def _show_loops(self, page: FlowCanvas, now: float) -> None:
        states, function = self._run.engine.states(), self._canvases.function
        around = {node.id: node.loops for node in page.board.graph.nodes.values()}
        for name, item in page.board.grounds.loops.items():
            state = states.get(f"{function}.{name}")
            if state is None or not state.count:
                item.label.say("")
                continue
            loops = [states.get(f"{function}.{loop}", state) for loop in around.get(name, (name,))]
            item.label.say(self._words(f"{function}.{name}", state, loops, now))

    def _words(self, name: str, state: NodeState, loops: list[NodeState], now: float) -> str:
        """Say how a loop fares; `loops` are the states of those that it stands in, and of itself."""
        rate = self._beats.setdefault(name, _Beat()).rate(state.count, now)
        if any(loop.took >= 0 for loop in loops):
            return end_words(state.count, duration(state.took) if state.took > 0 else "")
        return live_words(state.count, rate)

    def _phase(self) -> None:
        if self._run.phase == "starting" and self._was != "starting":
            self._beats.clear()
            for page in self._canvases.pages:
                page.activity.forget()
        self._was = self._run.phase

    def _ended(self, _: object) -> None:
        """Show how it has ended."""
        if isValid(self._canvases):  # it may end after the window
            self.look()


__all__ = ["Turning"]
