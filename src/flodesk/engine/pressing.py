"""The presses of buttons in a run: who waits to be read, and what becomes of those that were read above a loop."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, Protocol

from flodesk.engine.frames import changed_in
from flodesk.engine.plan import Item, LoopRegion, Plan


# ------------------------------------------------------------------ what holds above a loop
class Turning(Protocol):
    """A function on its way, as far as the end of a press needs it."""

    plan: Plan
    cells: memoryview


@dataclass(slots=True)
class _Fading:
    """A press that was read above a loop: it holds for one turn of the first loop that turns after it."""

    function: str
    statement: str
    loop: Item | None = None
    turns: int = 0


class Fades:
    """Presses of buttons that stand above loops: what was computed with them is computed again after one turn."""

    def __init__(self, host: Turning) -> None:
        self._host = host
        self._fading: list[_Fading] = []
        self.at: Item | None = None
        """The loop between whose turns something is being computed again."""

    def __bool__(self) -> bool:
        return bool(self._fading)

    def add(self, function: str, statement: str) -> bool:
        """Take note of a button that has read its press; returns whether it stands above a loop and has to fade."""
        main = self._host.plan
        items = [main.items[name] for name in changed_in(main, function, statement) if name in main.items]
        once = any(all(found.kind != "loop" for found in _around(item)) for item in items)
        if not main.loops or not (once or self.at is not None):
            return False
        self._fading.append(_Fading(function, statement, self.at, self._turns(self.at) if self.at else 0))
        return True

    def due(self, item: Item) -> Iterator[tuple[str, str]]:
        """Give (function, statement) of those that have held for a turn; `item` is the loop that is about to turn."""
        for fading in list(self._fading):
            if fading.loop is None:
                fading.loop, fading.turns = item, self._turns(item)
            elif self._turns(fading.loop) > fading.turns or item not in (fading.loop, *_within(fading.loop, item)):
                self._fading.remove(fading)
                yield fading.function, fading.statement

    def _turns(self, item: Item) -> int:
        return int(self._host.cells[item.region.body.turns]) if isinstance(item.region, LoopRegion) else 0


def _around(item: Item) -> Iterator[Item]:
    owner = item.block.owner
    while owner is not None:
        yield owner
        owner = owner.block.owner


def _within(loop: Item, item: Item) -> tuple[Item, ...]:
    """Return a loop if it stands in another one."""
    return (item,) if loop in _around(item) else ()


# ------------------------------------------------------------------ those of a run
class Runs(Protocol):
    """A `Runner`, as far as a press needs it."""

    plan: Plan

    @property
    def changes(self) -> Any:
        """Sees to what is changed while it runs."""


class Presses:
    """The presses of one run.

    Parameters
    ----------
    runners : callable
        Gives the functions that run, by name.
    told : callable
        Told (node, parameter) when a press was read, or will not be read any more.
    """

    def __init__(self, runners: Callable[[], Mapping[str, Runs]], told: Callable[[str, str], None]) -> None:
        self._runners = runners
        self._told = told
        self._waiting: dict[str, deque[str]] = {}
        self._bound = False
        self._lock = threading.Lock()

    def bind(self, plans: Mapping[str, Plan]) -> None:
        """Let the buttons of plans read what is pressed here. Those that wait for buttons that are gone are told."""
        here: set[str] = set()
        with self._lock:
            for function, plan in plans.items():
                for owner in (plan, *plan.inner.values()):
                    for item in owner.items.values():
                        if item.latch is not None:
                            node = owner.node(item)
                            here.add(node)
                            item.latch.presses = self._waiting.setdefault(node, deque())
                            item.latch.read = partial(self._read, function, owner.function, item)
            gone = {node: presses for node, presses in self._waiting.items() if node not in here}
            self._bound = True
        self._give_up(gone)

    def press(self, node: str, parameter: str) -> bool:
        """Let the next call of a node be given True; False where none would read that, or a flow has no loop."""
        function, _, statement = node.rpartition(".")
        with self._lock:
            runners = [runner for runner in self._runners().values() if runner.plan.plans_of(function)]
            reads = any(_reads(runner.plan, function, statement, parameter) for runner in runners)
            if self._bound and not reads:
                return False
            presses = self._waiting.setdefault(node, deque())
            if not presses:
                presses.append(parameter)
        for runner in runners:
            runner.changes.note(function, statement)  # above a loop it is called anew
        return True

    def end(self) -> None:
        """At the end of the run: what was not read is not read any more."""
        with self._lock:
            self._bound = False
            waiting = dict(self._waiting)
        self._give_up(waiting)

    def _give_up(self, waiting: Mapping[str, deque[str]]) -> None:
        for node, presses in waiting.items():
            while presses:
                self._told(node, presses.popleft())

    def _read(self, main: str, function: str, item: Item) -> None:
        runner = self._runners().get(main)
        if runner is not None:
            runner.changes.fade(function, item.id)
        assert item.latch is not None
        self._told(f"{function}.{item.id}", item.latch.parameter)


def _reads(plan: Plan, function: str, statement: str, parameter: str) -> bool:
    """Say whether a button of a function that runs over and over would read a press."""
    for owner in plan.plans_of(function):
        item = owner.items.get(statement)
        if item is not None and item.latch is not None and item.latch.parameter == parameter:
            turns = any(found.kind == "loop" for found in _around(item)) or owner.function in plan.turned
            return turns or bool(plan.loops)
    return False
