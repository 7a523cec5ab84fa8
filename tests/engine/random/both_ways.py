"""Runs a drawn flow by the engine and as plain Python, and compares what every variable holds."""

from __future__ import annotations

import asyncio
import inspect
import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from types import FrameType
from typing import Any

from flodesk.engine.calls import UNBOUND
from flodesk.engine.events import Event, Paused
from flodesk.engine.places.known import Places
from flodesk.engine.places.travel import Away
from flodesk.engine.run import Run
from flodesk.engine.table import Table
from flodesk.public import render

Values = dict[str, dict[str, Any]]
"""The variables of each function, by ``main/function``."""
Turns = dict[tuple[str, int], dict[str, Any]]
"""The variables of a function at the start of a turn."""


def seen(variables: dict[str, Any]) -> dict[str, Any]:
    """Return what is compared: of an object with state what it holds, of an array its type and its entries."""
    found = {}
    for name, value in variables.items():
        if type(value).__name__ in ("Mean", "Rows"):
            found[name] = {k: list(v) if isinstance(v, list) else v for k, v in vars(value).items()}
        elif hasattr(value, "tolist"):
            found[name] = (str(value.dtype), value.shape, hash(value.tobytes()))
        elif not isinstance(value, Away):
            found[name] = value
    return found


class Plainly:
    """A drawn script run as Python runs it, each of its functions in a thread of its own.

    Parameters
    ----------
    edits : iterable
        Literals (number, function, turn, text) that are others from a turn on.
    above : set of int
        The literals that stand above a loop.
    """

    def __init__(
        self, text: str, mains: Sequence[str], edits: Iterable[Any] = (), above: frozenset[int] = frozenset()
    ) -> None:
        self.values: Values = {}
        self.turns: Turns = {}
        self._count: Counter[str] = Counter()
        self._edits = sorted(edits, key=lambda edit: edit.turn)
        self._above = above
        space: dict[str, Any] = {"__name__": "plain"}
        exec(compile(text, "plain", "exec"), space)
        space |= {"now": self._now, "stale": self._stale, "mark": self._mark, "label": _rendered(space["label"])}
        self._raised: list[BaseException] = []
        threads = [threading.Thread(target=self._whole, args=(space, name), name=name) for name in mains]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(30)
        if self._raised:
            raise self._raised[0]
        self.calls: dict[str, list[Any]] = space["calls"]

    def _whole(self, space: dict[str, Any], name: str) -> None:
        sys.setprofile(self._note)
        try:
            function = space[name]
            asyncio.run(function()) if inspect.iscoroutinefunction(function) else function()
        except BaseException as error:  # noqa: BLE001 - told by the test's own thread
            self._raised.append(error)
        finally:
            sys.setprofile(None)
            if name == "flow":
                space["jobs"].close()

    def _note(self, frame: FrameType, event: str, value: Any) -> None:
        name = frame.f_code.co_name
        if event == "return" and frame.f_code.co_filename == "plain" and name in ("flow", "report", "f0", "f1"):
            self.values[f"{threading.current_thread().name}/{name}"] = seen(frame.f_locals)

    def _mark(self, function: str, turn: int) -> int:
        self._count[function] += 1
        frame = sys._getframe(1)
        self.turns[function, self._count[function]] = seen(frame.f_locals)
        return turn

    def _now(self, number: int, value: Any) -> Any:
        for edit in self._edits:
            if edit.literal == number and self._count[edit.function] >= edit.turn:
                value = eval(edit.text)
        return value

    def _stale(self, function: str) -> bool:
        return any(
            e.literal in self._above and e.function == function and e.turn == self._count[function] for e in self._edits
        )


def _rendered(function: Callable[..., Any]) -> Callable[..., Any]:
    """Return a function whose template is filled in before each call, as the engine does with a text parameter."""
    signature = inspect.signature(function)

    def call(*values: Any, **named: Any) -> Any:
        bound = signature.bind(*values, **named)
        bound.apply_defaults()
        return render(bound.arguments["title"], {**bound.arguments})

    return call


class ByEngine:
    """A drawn flow run by the engine.

    Parameters
    ----------
    watched : set of str
        Every variable of every function.
    places : Places, optional
        Whose workers its nodes may run in.
    breaks : mapping
        Where it is held, and on which condition.
    held : callable, optional
        Called with this where a function is held, by the thread of that; it has to let it go.
    paused : bool
        Hold it from its first node on.
    """

    def __init__(
        self,
        text: str,
        watched: frozenset[str],
        *,
        places: Places | None = None,
        breaks: dict[str, str] | None = None,
        held: Callable[[ByEngine, Paused], None] | None = None,
        paused: bool = False,
    ) -> None:
        self._held = held
        self.lines: list[Event] = []
        table = Table(memoryview(bytearray(1 << 17)))
        self.run = Run("run", text, "", emit=self._take, table=table, places=places)
        self.run.watch(watched)
        if breaks:
            self.run.steering.break_at(breaks)
        if paused:
            self.run.steering.pause()
        self.run.start()
        if not self.run.join(60):
            self.run.stop()
            assert self.run.join(20)
            raise AssertionError(f"it does not end: {self.lines[-5:]}")
        assert self.run.report.reason == "succeeded", self.run.report.message
        assert self.run.loaded is not None
        self.calls: dict[str, list[Any]] = self.run.loaded.namespace["calls"]

    def _take(self, event: Event) -> None:
        self.lines.append(event)
        if isinstance(event, Paused):
            assert self._held is not None, event
            self._held(self, event)

    def held_variables(self, function: str) -> dict[str, Any]:
        """Return what is bound in the outermost function where it is held."""
        held = next(c.holding.held for c in self.run.runners[function].controls if c.holding.held is not None)
        return seen(held.frames[0].variables())

    @property
    def values(self) -> Values:
        """What every variable holds at the end, of a subflow those of its last call."""
        found = {}
        for main, runner in self.run.runners.items():
            frames = {main: (runner.plan, runner.plan.slots)}
            frames |= {name: (runner.plan.inner[name], slots) for name, slots in runner.frames.newest.items()}
            for function, (plan, slots) in frames.items():
                variables = {n: slots[slot] for n, slot in plan.names.items() if slots[slot] is not UNBOUND}
                found[f"{main}/{function}"] = seen(variables)
        return found


def compare(plain: Plainly, engine: ByEngine, away: Iterable[tuple[str, str]] = (), *, repeats: bool = False) -> None:
    """Assert that all variables hold the same, and that all that ran here was given the same.

    Parameters
    ----------
    away : iterable
        Function and name of what ran elsewhere: an object of that stays there, and calls are noted there.
    repeats : bool
        A call may be made once more with what it was given before: after a change.
    """
    got, wanted = engine.values, plain.values
    assert got.keys() == wanted.keys()
    moved = set(away)
    for key, variables in wanted.items():
        assert_same(got[key], variables, f"at the end of {key}", away=bool(moved))
    names = {name for name in plain.calls.keys() | engine.calls.keys() if tuple(name.split("_", 1)) not in moved}
    for name in sorted(names):
        before, after = plain.calls.get(name, []), engine.calls.get(name, [])
        if name[0] == "f" and name[1].isdigit():
            if repeats or moved:
                continue  # of two functions that call it nobody knows which is first
            before, after = sorted(before), sorted(after)
        if repeats:
            before, after = _once(before), _once(after)
        assert after == before, f"{name} was given {after}, not {before}"


def assert_same(got: dict[str, Any], wanted: dict[str, Any], where: str, *, away: bool = False) -> None:
    """Assert that variables hold the same; of an object nobody here knows what it holds if it may be away."""
    names = [name for name in {**wanted, **got} if not (away and name not in got and isinstance(wanted[name], dict))]
    none = "no value"
    said = [
        f"{n}: {got.get(n, none)}, not {wanted.get(n, none)}" for n in names if got.get(n, none) != wanted.get(n, none)
    ]
    assert not said, f"{where}: {'; '.join(said)}"


def _once(calls: list[Any]) -> list[Any]:
    return [call for n, call in enumerate(calls) if n == 0 or call != calls[n - 1]]
