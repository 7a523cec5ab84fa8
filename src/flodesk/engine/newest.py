"""Where the newest value of a port is, in the slots of the functions that run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flodesk.engine.calls import UNBOUND, Slots
from flodesk.engine.loop import Runner
from flodesk.engine.plan import LoopRegion, Plan
from flodesk.engine.table import PAUSED
from flodesk.flow.value_names import parted

Stamp = tuple[int, int]
"""Moves when the value is another one: which plan and object, and when the last step that bound it ended; none where
that fails, or waits to be asked again: a number below 0."""


def newest(runners: Mapping[str, Runner], name: str) -> tuple[Any, Stamp]:
    """Return the newest value of a port; unbound where there is none.

    Parameters
    ----------
    name : str
        ``function.variable``, ``function.variable.field``, or ``function.variable@statement`` of what that statement
        has given to a variable that others bind, too.
    """
    function, variable, statements, field = parted(name)
    known = runners.get(function)
    among = runners.values() if known is None else (known,)
    runner, found = next(((r, seen) for r in among if (seen := r.seen(function)) is not None), (None, None))
    if runner is None or found is None:
        return UNBOUND, (0, 0)
    plan, slots = found
    if variable not in plan.names:
        return UNBOUND, (0, 0)
    binders = plan.binders.get(variable, ())
    if statements:
        own = [cell for cell in binders if plan.by_cell[cell].id in statements]
        value, ended = _given(runner, plan, slots, variable, own)
    else:
        ended = max((_made(runner, cell) for cell in binders), default=runner.cells[plan.root.turns])
        value = slots[plan.names[variable]]
    # the object, too: of neighbours that run elsewhere the states come one by one, and all their values at the end. Who
    # has looked in between has the value of before, and the newer time
    which = hash((id(plan), id(value)))
    if field and value is not UNBOUND:
        value = getattr(value, field, UNBOUND)
    return value, (which, ended)


def _given(runner: Runner, plan: Plan, slots: Slots, variable: str, own: Sequence[int]) -> tuple[Any, int]:
    """Return what some of the steps that bind a variable have given last, and when."""
    cell = max(own, key=lambda one: abs(_made(runner, one)), default=None)
    if cell is None or not _made(runner, cell):
        return UNBOUND, 0
    value, ended = slots[plan.names[variable]], _made(runner, cell)
    item = plan.by_cell[cell]
    noted = runner.frames.arms.get(f"{plan.function}.{variable}@{item.id}", UNBOUND)
    since, over = ended, False
    if isinstance(item.region, LoopRegion):
        if not runner.cells[item.region.body.turns]:
            return UNBOUND, 0  # it had nothing to give
        begun, left = _times(runner, item.cell)
        if over := left >= begun:
            since = begun  # it was asked once more after its last turn, and after what its body has bound there
    # looked at after the value: another one that has bound it since had begun by then
    others = (_times(runner, other)[0] for other in plan.binders[variable] if other != cell)
    if (over and noted is not UNBOUND) or value is UNBOUND or not ended > 0 or any(one >= since for one in others):
        value = noted
    return value, ended


def _times(runner: Runner, cell: int) -> tuple[int, int]:
    """Return when a step began last and when it ended, in ns; of one that is held: before it was."""
    begun, ended = runner.cells[cell], runner.cells[cell + 1]
    # it may be held there each turn, and have given another value between
    return runner.frames.ends.get(cell, (begun, -begun)) if ended == PAUSED else (begun, ended)


def _made(runner: Runner, cell: int) -> int:
    """Return when a step gave what it has given last, in ns; where nobody knows any more a number below that moves."""
    begun, ended = _times(runner, cell)
    return ended if ended >= 0 else -begun
