"""Where the newest value of a port is, in the slots of the functions that run."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flodesk.engine.calls import UNBOUND
from flodesk.engine.loop import Runner

Stamp = tuple[int, int]
"""Moves when the value is another one: which plan, and when the last step that bound it ended."""


def newest(runners: Mapping[str, Runner], name: str) -> tuple[Any, Stamp]:
    """Return the newest value of ``function.variable`` or ``function.variable.field``; unbound where there is none."""
    function, _, rest = name.partition(".")
    variable, _, field = rest.partition(".")
    known = runners.get(function)
    among = runners.values() if known is None else (known,)
    runner, found = next(((r, seen) for r in among if (seen := r.seen(function)) is not None), (None, None))
    if runner is None or found is None:
        return UNBOUND, (0, 0)
    plan, slots = found
    slot = plan.names.get(variable)
    if slot is None:
        return UNBOUND, (0, 0)
    cells = runner.cells
    ended = max((cells[cell + 1] for cell in plan.binders.get(variable, ())), default=cells[plan.root.turns])
    value = slots[slot]
    if field and value is not UNBOUND:
        value = getattr(value, field, UNBOUND)
    return value, (id(plan), ended)
