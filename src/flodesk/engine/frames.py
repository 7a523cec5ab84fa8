"""Calls of subflows: a fresh list of slots for each, what is made in one ends with it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Protocol

from flodesk.engine.calls import Slots
from flodesk.engine.control import Control
from flodesk.engine.errors import Caller, NodeError
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


@dataclass
class Frames:
    """The calls of subflows that somebody may want to look into.

    Attributes
    ----------
    running : dict of function to list of slots
        The calls that are on, of functions that have a loop.
    newest : dict of function to slots
        The last call of those whose values are on the screen, or that have an indicator.
    """

    host: Host
    running: dict[str, list[Slots]] = field(default_factory=dict)
    newest: dict[str, Slots] = field(default_factory=dict)

    def through(self, item: Item, plan: Plan, watched: bool) -> Bare:
        """Make the step of a call that goes through the steps of a function.

        Parameters
        ----------
        plan : Plan
            That of the function in which the call stands.
        watched : bool
            Values of the function that is called are on the screen.
        """
        assert item.inner is not None
        inner = item.inner.plan
        host, cell, turns = self.host, item.cell, inner.root.turns
        slots, targets, takes, result = inner.slots, item.inner.targets, item.inner.takes, inner.result
        caller = Caller(plan.node(item), plan.loaded.file, item.line)

        def call(s: Slots) -> Any:
            own = slots.copy()
            for slot, value in zip(targets, takes(s), strict=True):
                own[slot] = value
            cells = host.cells
            cells[turns] += 1
            try:
                host._run(host._steps[turns], own)
            except NodeError as error:
                cells[cell + 1] = FAILED
                error.way.append(caller)
                raise
            return own[result]

        looping = any(other.kind == "loop" for other in inner.items.values())
        closing = any(closes(other) for other in inner.items.values())
        shown = watched or bool(inner.kept)
        out = item.steps[0][3]
        if not (looping or closing or shown):
            return call, -1, -1, out
        return self._attended(call_parts=(slots, targets, takes), item=item, caller=caller, shown=shown), -1, -1, out

    def _attended(
        self, call_parts: tuple[Slots, tuple[int, ...], Callable[[Slots], Any]], item: Item, caller: Caller, shown: bool
    ) -> Callable[[Slots], Any]:
        """Make the step for a function with a loop, with objects to close, or with values that are looked at."""
        assert item.inner is not None
        inner = item.inner.plan
        slots, targets, takes = call_parts
        host, cell, turns, function = self.host, item.cell, inner.root.turns, inner.function

        def call(s: Slots) -> Any:
            own = slots.copy()
            for slot, value in zip(targets, takes(s), strict=True):
                own[slot] = value
            objects: dict[str, Any] = {}
            own[inner.made] = objects
            self.running.setdefault(function, []).append(own)
            if shown:
                self.newest[function] = own
            cells = host.cells
            cells[turns] += 1
            failed = True
            try:
                host._run(host._steps[turns], own)
                failed = False
            except NodeError as error:
                cells[cell + 1] = FAILED
                error.way.append(caller)
                raise
            finally:
                self._ended(function, own)
                if host.control.attention:
                    host.control.take_of(function)
                self._close(inner, objects, own, failed, caller)
            return own[inner.result]

        return call

    def _ended(self, function: str, own: Slots) -> None:
        left = [other for other in self.running.pop(function, ()) if other is not own]
        if left:
            self.running[function] = left

    def _close(self, plan: Plan, objects: dict[str, Any], s: Slots, failed: bool, caller: Caller) -> None:
        """Close what a call has made, the last one first. A failure is the call's, if it has not failed already."""
        error: NodeError | None = None
        while objects:
            name, made = objects.popitem()
            try:
                made.close()
            except Exception as raised:  # noqa: BLE001 - the border of a node's call
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


def changed_in(plan: Plan, function: str, statement: str) -> set[str]:
    """Return what a changed literal is for a plan: the statement itself, and the calls that lead to it."""
    found = {
        item.id
        for item in plan.items.values()
        if item.inner is not None and (item.inner.plan.function == function or function in item.inner.plan.uses)
    }
    return found | {statement} if plan.function == function else found
