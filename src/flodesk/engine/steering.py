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
from flodesk.engine.this_turn import ThisTurn
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
        self._shown: dict[str, Control] = {}
        """By function: what of it is held and told so: its loop, or something beside that. Another waits its turn."""
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
        own = self._controls().get(function)
        if own:
            self._changed(own, own[0], function, held)

    def _tell_beside(self, control: Control, function: str, held: Held | None) -> None:
        """Hold the whole function where something beside its loop has come to a breakpoint, or to the end of a step."""
        # in a subflow its thread knows nothing of the function that called that, whose run this is
        owner = next(((name, own) for name, own in self._controls().items() if control in own), None)
        if owner is not None and (held is None or _of_itself(held)):
            self._changed(owner[1], control, owner[0], held)

    def _changed(self, own: Sequence[Control], control: Control, function: str, held: Held | None) -> None:
        """Tell where a function is held, one place at a time: what is held elsewhere is told when that one goes on."""
        with self._lock:
            shown = self._shown.get(function)
            if held is not None and shown is None:
                self._shown[function] = control
            elif held is None and shown is control:
                del self._shown[function]
            else:
                return
        if held is not None:
            self._hold_others(own, control)
        self._told(function, held)
        if held is None:
            self._tell_next(own, control, function)

    def _tell_next(self, own: Sequence[Control], gone: Control, function: str) -> None:
        """Tell of something else of a function that is held, if it is: it was so before this one went on."""
        with self._lock:
            places = [(other, other.holding.held) for other in own if other is not gone and not other.stopping]
            waiting = [(c, spot) for c, spot in places if spot is not None and (c is own[0] or _of_itself(spot))]
            waiting.sort(key=lambda place: not _of_itself(place[1]))
            if not waiting or function in self._shown:
                return
            control, held = waiting[0]
            self._shown[function] = control
        self._hold_others(own, control)
        self._told(function, held)

    def _hold_others(self, own: Sequence[Control], control: Control) -> None:
        if control is not own[0]:
            for other in own:
                if other is not control:
                    other.pause()

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
        for name, own in self._controls().items():
            if function in ("", name):
                shown, waiting = self._waiting(name, own)
                for control in [shown] if waiting else own:
                    control.go_on()

    def _waiting(self, function: str, own: Sequence[Control]) -> tuple[Control, list[Control]]:
        """Return what of a function is told to be held, and what else is, of itself: nobody has seen that yet."""
        with self._lock:
            shown = self._shown.get(function, own[0])
            if shown.holding.held is None:
                return shown, []
            held = ((other, other.holding.held) for other in own if other is not shown)
            return shown, [other for other, spot in held if spot is not None and _of_itself(spot)]

    def step(self, how: How, function: str = "") -> None:
        """Let one function go on up to the next place of that kind; without a name those that are held, or all."""
        self._pausing = False
        own = {name: controls for name, controls in self._controls().items() if function in ("", name)}
        # a turn is one of the loop, wherever the function is held
        shown = {} if how == "iteration" else dict(self._shown)
        loops = {name: shown.get(name, controls[0]) for name, controls in own.items()}
        held = {name: control for name, control in loops.items() if control.holding.held is not None}
        for name, control in (held or loops).items():
            waiting = self._waiting(name, own[name])[1]
            for other in own[name]:
                if other is not control and other not in waiting:
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
        control = self._shown.get(function) or next(iter(self._of(function)), None)
        if control is None or not control.holding.ask(partial(_answer, variable, answer)):
            answer({"error": f"{function} is not held: its values are changing. Pause it first."}, [])


def _of_itself(held: Held) -> bool:
    """Say whether a place was reached that holds: not because all of its function is held."""
    return held.why != "paused"


def _answer(variable: str, answer: Answer, held: Held) -> None:
    if not variable:
        found = [_frame(frame, ThisTurn(held, number)) for number, frame in enumerate(held.frames)]
        answer({"frames": found}, [])
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


def _frame(frame: Frame, turn: ThisTurn) -> dict[str, Any]:
    found = [[name, preview_to_json(preview(value))] for name, value in frame.variables().items()]
    return {
        "function": frame.plan.function,
        "node": frame.plan.node(frame.item),
        "variables": found,
        "older": sorted(turn.older()),
        "ahead": sorted(turn.ahead()),
    }
