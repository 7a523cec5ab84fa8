"""What a new probe holds at once: the values that a run has left, or those of the turn in which a function is held."""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection
from functools import partial

from flodesk.engine.breaks import Held
from flodesk.engine.calls import UNBOUND
from flodesk.engine.holding import Holding
from flodesk.engine.loop import Runner
from flodesk.engine.newest import newest
from flodesk.engine.plan import Item, LoopRegion, Plan
from flodesk.engine.run import Run
from flodesk.engine.tapping import Taps
from flodesk.flow.model import Loop

PATIENCE_SECONDS = 1.0
"""A thread that is held answers at once, unless a value that it shows takes its time."""


def seed(taps: Taps, run: Run) -> None:
    """Fill the rings that are empty: nothing else comes of a run that is over, and what is held may stay so."""
    if not run.over.is_set():
        for runner in list(run.runners.values()):
            for control in runner.controls:
                _ask(control.holding, partial(_of_turn, taps, runner))
        return
    for name, ring in taps.rings:
        value, _ = newest(run.runners, name)
        if not ring.entries() and value is not UNBOUND:
            ring.take(value, _last_turn(run, ring.loop))


def _ask(holding: Holding, question: Callable[[Held], None]) -> None:
    """Have the thread that is held do something, and wait for that: who asks what the rings hold comes next."""
    done = threading.Event()

    def answer(held: Held) -> None:
        try:
            question(held)
        finally:
            done.set()

    if holding.ask(answer):
        done.wait(PATIENCE_SECONDS)


def _of_turn(taps: Taps, runner: Runner, held: Held) -> None:
    """Fill them with what the turn has given in which a function is held, in the thread of the loop."""
    outer = _outermost(held.frames[0].item)
    ended = held.turn and outer is held.frames[-1].item
    since = _began(runner, outer, ended=ended)
    made = _binds(held.frames[-1].item) if held.wire or ended else ()  # its cells say that it is held
    for frame in held.frames:
        names = _given(runner, frame.plan, since) | set(made if frame is held.frames[-1] else ())
        for name, value in frame.variables().items():
            if name in names:
                taps.seed(frame.plan.function, name, value, held.iteration - ended)
        function, last = frame.plan.function, frame is held.frames[-1]
        ran = {item.id: item for item in _ran(runner, frame.plan, since)}
        if last and made:
            ran[frame.item.id] = frame.item
        for key in [f"{name}@{item.id}" for item in ran.values() for name in _binds(item)]:
            value, _ = newest({function: runner}, f"{function}.{key}")
            taps.seed(function, key, value, held.iteration - ended)


def _outermost(item: Item) -> Item | None:
    """Return the outermost loop that a statement is in, or is."""
    found, at = None, item
    while True:
        found = at if isinstance(at.region, LoopRegion) else found
        if at.block.owner is None:
            return found
        at = at.block.owner


def _began(runner: Runner, loop: Item | None, *, ended: bool) -> int:
    """Return when the turn began; of one that has ended, when its first statement did: its producer is held."""
    if loop is None or not isinstance(loop.region, LoopRegion):
        return 0
    items = loop.region.body.items
    return int(runner.cells[_cell(items[0]) if ended and items else loop.region.cell])


def _cell(item: Item) -> int:
    return item.region.cell if isinstance(item.region, LoopRegion) else item.cell


def _binds(item: Item) -> Collection[str]:
    if isinstance(item.statement, Loop):
        return item.statement.targets
    return item.binds if item.region is None else ()


def _given(runner: Runner, plan: Plan, since: int) -> set[str]:
    """Return what was bound since the turn began: what an arm that was not taken has bound is of an earlier one."""
    items = plan.items.values()
    above = {name for item in items if _outermost(item) is None for name in _binds(item)}
    within = {name for item in items if _outermost(item) is not None for name in _binds(item)}
    return (above - within) | {name for item in _ran(runner, plan, since) for name in _binds(item)}


def _ran(runner: Runner, plan: Plan, since: int) -> list[Item]:
    """Return the statements that were done since a time."""
    cells, items = runner.cells, plan.items.values()
    return [item for item in items if max(1, since) <= cells[_cell(item)] <= cells[_cell(item) + 1]]


def _last_turn(run: Run, loop: str) -> int:
    """Return how many turns a loop (``function.loop``) has made."""
    function, _, name = loop.partition(".")
    runner = run.runners.get(function)
    item = runner.plan.items.get(name) if runner is not None else None
    if runner is None or item is None or not isinstance(item.region, LoopRegion):
        return 0
    return int(runner.cells[item.region.body.turns])
