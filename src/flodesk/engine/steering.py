"""Pause, steps, breakpoints and looks at values, for all functions of a run."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from flodesk.engine.breaks import Breaks, Frame, Held
from flodesk.engine.control import Control
from flodesk.engine.events import Paused, Resumed
from flodesk.engine.holding import How
from flodesk.engine.in_full import in_full
from flodesk.engine.preview import preview
from flodesk.engine.report import Report
from flodesk.engine.stepping import hold_here
from flodesk.engine.values import Buffers, encode, preview_to_json

Answer = Callable[[dict[str, Any], Buffers], None]


class Steering:
    """What holds the functions of a run, and lets them go.

    Parameters
    ----------
    report : Report
        Tells the events.
    controls : callable
        Gives the controls of the functions by their names: that of the loop, and those of what runs beside it.
    """

    def __init__(self, report: Report, controls: Callable[[], Mapping[str, Sequence[Control]]]) -> None:
        self._report = report
        self._controls = controls
        self._breaks = Breaks({})
        self._pausing = False
        self._lock = threading.Lock()
        self._held: set[str] = set()
        self._front: dict[str, Control] = {}
        """What was held at a breakpoint beside the loop of a function: the function counts as held there."""
        self._silent: set[str] = set()
        self._since = 0.0
        self._seconds = 0.0

    def control(self) -> Control:
        """Make the control of a function that is about to run."""
        control = Control()
        control.holding.told = self._tell
        control.holding.told_beside = self._tell_beside
        control.holding.here = hold_here
        control.break_at(self._breaks)
        if self._pausing:
            control.pause()
        return control

    def begun(self) -> None:
        """Pause what is about to run, if that was wanted while it was being loaded."""
        if self._pausing:
            self.pause()

    def ended(self) -> None:
        """Forget a pause that came too late."""
        self._pausing = False

    def seconds(self) -> float:
        """Return for how long one function at least was held, in s."""
        with self._lock:
            return self._seconds + (time.monotonic() - self._since if self._held else 0.0)

    def _count(self, function: str, held: bool) -> None:
        with self._lock:
            now = time.monotonic()
            if self._held:
                self._seconds += now - self._since
            self._since = now
            self._held = self._held | {function} if held else self._held - {function}

    def _tell(self, function: str, held: Held | None) -> None:
        """Tell that a loop is held, or no more; not while the function is held at something that runs beside it."""
        with self._lock:
            silent = function in (self._front if held is not None else self._silent)
            (self._silent.add if silent and held is not None else self._silent.discard)(function)
        if not silent:
            self._told(function, held)

    def _tell_beside(self, control: Control, function: str, held: Held | None) -> None:
        """Hold the whole function where something beside its loop has come to a breakpoint, or to the end of a step."""
        # in a subflow its thread knows nothing of the function that called that, whose run this is
        owner = next(((name, own) for name, own in self._controls().items() if control in own), None)
        if owner is None:
            return
        (function, (loop, *_)), late = owner, None
        with self._lock:
            front = self._front.get(function)
            if held is None and front is control:
                del self._front[function]
                if function in self._silent and (late := loop.holding.held) is not None:
                    self._silent.discard(function)  # it has come to the end of a step before this was told
            elif held is not None and held.why != "paused" and front is None and function not in self._held:
                self._front[function] = control
            else:
                return
        if held is not None:
            for other in self._controls()[function]:
                if other is not control:
                    other.pause()
        self._told(function, held)
        if late is not None:
            self._told(function, late)

    def _told(self, function: str, held: Held | None) -> None:
        self._count(function, held is not None)
        run = self._report.run
        if held is None:
            self._report.emit(Resumed(run, function))
        else:
            depth = len(held.frames)
            self._report.emit(Paused(run, function, held.node, held.iteration, held.why, held.wire, depth))

    # -------------------------------------------------------------- wishes
    def pause(self) -> None:
        """Hold every function as soon as it can be; those of a run that is being loaded at their first node."""
        self._pausing = True
        for control in self._of(""):
            control.pause()

    def go_on(self, function: str = "") -> None:
        """Let one function go on up to its next breakpoint, or all of them."""
        self._pausing = False
        for control in self._of(function):
            control.go_on()

    def step(self, how: How, function: str = "") -> None:
        """Let one function go on up to the next place of that kind; without a name those that are held, or all."""
        self._pausing = False
        own = {name: controls for name, controls in self._controls().items() if function in ("", name)}
        # a turn is one of the loop, wherever the function is held
        front = {} if how == "iteration" else self._front
        loops = {name: front.get(name, controls[0]) for name, controls in own.items()}
        held = {name: control for name, control in loops.items() if control.holding.held is not None}
        for name, control in (held or loops).items():
            for other in own[name]:
                if other is not control:
                    other.go_on()  # one waits for the other's values, or for its turn
            control.step(how)

    def break_at(self, conditions: Mapping[str, str]) -> None:
        """Be held at these from now on."""
        self._breaks = Breaks(conditions)
        for control in self._of(""):
            control.break_at(self._breaks)

    def _of(self, function: str) -> list[Control]:
        return [control for name, own in self._controls().items() if function in ("", name) for control in own]

    # -------------------------------------------------------------- looks
    def inspect(self, function: str, variable: str, answer: Answer) -> None:
        """Answer with what is bound where a function is held, or with all of one variable. Its own thread answers."""
        control = self._front.get(function) or next(iter(self._of(function)), None)
        if control is None or not control.holding.ask(partial(_answer, variable, answer)):
            answer({"error": f"{function} is not held: its values are changing. Pause it first."}, [])


def _answer(variable: str, answer: Answer, held: Held) -> None:
    if not variable:
        done = held.frames[-1] if held.wire else None
        answer({"frames": [_frame(frame, after=frame is done) for frame in held.frames]}, [])
        return
    for frame in reversed(held.frames):
        function, _, name = variable.rpartition(".")
        variables = frame.variables()
        if name in variables and function in ("", frame.plan.function):
            head, buffers = encode(variables[name])
            seen = preview_to_json(preview(variables[name]))
            answer({"value": head, "text": in_full(variables[name]), "preview": seen}, buffers)
            return
    answer({"error": f"{variable} has no value here"}, [])


def _frame(frame: Frame, *, after: bool) -> dict[str, Any]:
    found = [[name, preview_to_json(preview(value))] for name, value in frame.variables().items()]
    return {
        "function": frame.plan.function,
        "node": frame.plan.node(frame.item),
        "variables": found,
        "older": sorted(frame.older(after=after)),
    }
