"""Which functions of a flow a process runs, and whether all of them are under way."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from flodesk.engine.errors import PlanError
from flodesk.engine.loop import Runner
from flodesk.engine.plan import LoopRegion
from flodesk.engine.prepare import Plans


def chosen(plans: Plans, loops: Collection[str]) -> Plans:
    """Return the plans of the functions that are to run; all of them where none is named.

    Raises
    ------
    PlanError
        The flow runs no function of that name.
    """
    for name in loops:
        if name not in plans:
            raise PlanError("", f"there is no loop “{name}” in what runs: {', '.join(plans)}")
    return {name: plan for name, plan in plans.items() if name in loops} if loops else plans


def all_turned(runners: Mapping[str, Runner]) -> bool:
    """Return whether every function is past a first turn, which brings in the libraries that its nodes use."""
    turns = [
        [r.cells[item.region.body.turns] for item in r.plan.items.values() if isinstance(item.region, LoopRegion)]
        for r in list(runners.values())
    ]
    return bool(turns) and all(not loops or max(loops) > 1 for loops in turns)
