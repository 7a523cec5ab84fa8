"""Calls of subflows: a fresh list of slots for each, what is made in one ends with it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field
from typing import Any, Protocol

from flodesk.engine.arms import Values
from flodesk.engine.calls import UNBOUND, Slots
from flodesk.engine.control import Control
from flodesk.engine.errors import Caller, NodeError
from flodesk.engine.leaving import Run, returning
from flodesk.engine.objects import Objects
from flodesk.engine.plan import Bare, Item, Plan
from flodesk.engine.table import FAILED


class Host(Protocol):
    """Whoever runs the steps of blocks: the `Runner`."""

    cells: memoryview
    control: Control
    _steps: dict[int, Any]
    _log: Callable[[str, str, str], None]

    def _run(self, steps: Any, s: Slots) -> None:
        """Run steps over slots."""

    def objects_of(self, plan: Plan, s: Slots) -> Objects:
        """Return where objects are noted down that have to be closed."""


@dataclass
class Frames:
    """The calls of subflows that somebody may want to look into.

    Attributes
    ----------
    running : dict of function to list of slots
        The calls that are on, of functions that have a loop.
    newest : dict of function to slots
        The last call of those whose values are on the screen, or that have an indicator.
    before : dict of function to slots
        The call before that one: what it has bound is the newest until the last call binds it anew.
    held : dict of function to slots
        The call that is held, where it was not looked at from its beginning; until the run goes on freely.
    ends : dict of cell to (int, int)
        When the steps that are held, or were, had begun and ended before that, in ns.
    arms : dict
        What each statement has given last to a variable that others bind, too, of those that somebody looks at.
    """

    host: Host
    running: dict[str, list[Slots]] = field(default_factory=dict)
    newest: dict[str, Slots] = field(default_factory=dict)
    before: dict[str, Slots] = field(default_factory=dict)
    held: dict[str, Slots] = field(default_factory=dict)
    ends: dict[int, tuple[int, int]] = field(default_factory=dict)
    arms: Values = field(default_factory=dict)

    def through(self, item: Item, plan: Plan, seen: frozenset[int]) -> Bare:
        """Make the step of a call that goes through the steps of a function.

        Parameters
        ----------
        plan : Plan
            That of the function in which the call stands.
        seen : set of int
            Slots of the function that is called whose newest values somebody looks at.
        """
        assert item.inner is not None
        inner = item.inner.plan
        host, cell, turns, run = self.host, item.cell, inner.root.turns, self._run_of(inner)
        slots, targets, takes, result = inner.slots, item.inner.targets, item.inner.takes, inner.result
        caller = Caller(plan.node(item), plan.loaded.file, item.line)

        def call(s: Slots) -> Any:
            own = slots.copy()
            for slot, value in zip(targets, takes(s), strict=True):
                own[slot] = value
            cells = host.cells
            cells[turns] += 1
            try:
                run(host._steps[turns], own)
            except NodeError as error:
                cells[cell + 1] = FAILED
                error.way.append(caller)
                raise
            return own[result]

        looping = any(other.kind == "loop" for other in inner.items.values())
        closing = _makes(inner)
        out = item.steps[0][3]
        if looping or closing or seen:
            return self._attended(plan, item, caller, seen), -1, -1, out
        return call, -1, -1, out

    def _attended(self, plan: Plan, item: Item, caller: Caller, seen: frozenset[int]) -> Callable[[Slots], Any]:
        """Make the step for a function with a loop, with objects to close, or with values that are looked at."""
        subflow = item.inner
        assert subflow is not None
        inner, targets, takes = subflow.plan, subflow.targets, subflow.takes
        slots, run = inner.slots, self._run_of(inner)
        host, cell, turns, function = self.host, item.cell, inner.root.turns, inner.function

        def call(s: Slots) -> Any:
            own = slots.copy()
            for slot, value in zip(targets, takes(s), strict=True):
                own[slot] = value
            objects = own[inner.made] = Objects()
            self.running.setdefault(function, []).append(own)
            if seen:
                self.before[function] = self.newest.get(function, own)
                self.newest[function] = own
                self.held.pop(function, None)
            cells = host.cells
            cells[turns] += 1
            failed = True
            try:
                run(host._steps[turns], own)
                failed = False
                self._hand_over(plan, item, s, objects, own[inner.result])
            except NodeError as error:
                cells[cell + 1] = FAILED
                error.way.append(caller)
                raise
            finally:
                self._ended(function, own)
                if seen:
                    # what nobody looks at goes when the call ends, as in a script
                    self.newest[function] = [v if n in seen else UNBOUND for n, v in enumerate(own)]
                if host.control.attention:
                    host.control.take_of(function)
                self._close(inner, objects, own, failed, caller)
            return own[inner.result]

        return call

    def _run_of(self, inner: Plan) -> Run:
        run: Run = self.host._run
        return returning(run, inner.result) if inner.returns else run

    def share(self, other: Frames) -> None:
        """Note calls where another does."""
        self.running, self.newest, self.before = other.running, other.newest, other.before
        self.held, self.ends, self.arms = other.held, other.ends, other.arms

    def hold(self, function: str, own: Slots) -> None:
        """Note a call that is held: what it has bound so far is the newest, though nobody looked when it began."""
        self.held[function] = own

    def forget(self, functions: Iterable[str]) -> None:
        """Forget the newest values of functions: their variables have other places now, or nobody needs them."""
        for function in list(functions):
            self.newest.pop(function, None)
            self.before.pop(function, None)
            self.held.pop(function, None)

    def forget_arms(self, watched: Collection[str], own: str) -> None:
        """Forget what arms have given of which nobody takes note any more: it may not be their newest."""
        named = [(name if "." in name else f"{own}.{name}").partition("@") for name in watched if "@" in name]
        left = {f"{value}@{statement}" for value, _, found in named for statement in found.split("|")}
        for name in list(self.arms):
            if name not in left:
                self.arms.pop(name, None)

    def seen(self, function: str) -> Slots | None:
        """Return the newest values of a function that is called."""
        newest = self.newest.get(function)
        before = self.before.get(function, newest)
        held = self.held.get(function)
        if held is not None and held is not newest:
            newest, before = held, newest
        if newest is None or before is None or before is newest:
            return newest
        return [old if value is UNBOUND else value for value, old in zip(newest, before, strict=True)]

    def _ended(self, function: str, own: Slots) -> None:
        left = [other for other in self.running.pop(function, ()) if other is not own]
        if left:
            self.running[function] = left

    def _hand_over(self, plan: Plan, item: Item, s: Slots, objects: Objects, result: Any) -> None:
        """Leave an object that a call gives back to whoever called: it lives on there."""
        parts = result if isinstance(result, tuple | list) else (result,)
        for name, made in list(objects.items()):
            if any(part is made for part in parts):
                del objects[name]
                self.host.objects_of(plan, s).note(item.id, made)

    def _close(self, plan: Plan, objects: Objects, s: Slots, failed: bool, caller: Caller) -> None:
        """Close what a call has made, the last one first. A failure is the call's, if it has not failed already."""
        error: NodeError | None = None
        for name, raised in objects.close():
            item = plan.items[name]
            if failed or error is not None:
                self.host._log(plan.node(item), "error", f"closing it failed: {raised}")
                continue
            self.host.cells[item.cell + 1] = FAILED
            error = NodeError(plan, item.cell, s, raised)
            error.way.append(caller)
        if error is not None:
            raise error

    def follow(self, plan: Plan, statement: str) -> None:
        """Take changed literals of a statement over into the calls that are on."""
        for own in self.running.get(plan.function, ()):
            for slot in plan.items[statement].literals.values():
                own[slot] = plan.slots[slot]


def closes(item: Item) -> bool:
    """Say whether an item makes an object that is closed at the end."""
    return item.kind == "make" and hasattr(item.target, "close")


def _makes(plan: Plan) -> bool:
    """Say whether a call of a function may make objects that have to be closed."""
    inner = (item.inner.plan for item in plan.items.values() if item.inner is not None)
    return any(map(closes, plan.items.values())) or any(map(_makes, inner))


def changed_in(plan: Plan, function: str, statement: str) -> set[str]:
    """Return what a changed literal is for a plan: the statement itself, and the calls that lead to it."""
    found = {
        item.id
        for item in plan.items.values()
        if item.inner is not None and (item.inner.plan.function == function or function in item.inner.plan.uses)
    }
    return found | {statement} if plan.function == function else found
