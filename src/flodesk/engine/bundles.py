"""Which calls of a flow may run side by side: neighbours that say they are pure and do not all need one another."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence, Set

from flodesk.engine.live import blocks_in
from flodesk.engine.plan import Bundle, Item, Plan
from flodesk.engine.table import CELLS
from flodesk.flow.model import Call
from flodesk.public import Facts


def is_free(item: Item, call: Call) -> bool:
    """Return whether a call may run at the same time as others: what it calls says so."""
    facts = getattr(item.target, "__flodesk__", None)
    said = isinstance(facts, Facts) and facts.pure is True
    return said and item.pure and item.kind == "call" and not item.before and not call.awaited


def bundle_up(plan: Plan, cells: int) -> int:
    """Note in a plan, and in those of its subflows, what may run side by side; returns how many cells there are now."""
    if plan.asynchronous:
        return cells  # its calls find the event loop of their thread running
    for one in (plan, *plan.inner.values()):
        apart = {name for branch in one.beside for name in branch.statements}
        one.bundles = bundles(one, apart | placed(one))
        for bundle in one.bundles:
            bundle.cell = cells
            cells += CELLS
    return cells


def bundles(plan: Plan, apart: Set[str]) -> list[Bundle]:
    """Find the neighbours of a plan that may run side by side.

    Parameters
    ----------
    apart : set of str
        Ids of statements that run in a thread or a place of their own already.
    """
    found = []
    for block in [plan.root, *(block for item in plan.items.values() for block in blocks_in(item))]:
        run: list[Item] = []
        for item in [*block.items, None]:
            if item is not None and item.free and item.inner is None and item.id not in apart:
                run.append(item)
                continue
            if len(run) > 1 and (width := _width(before := needed(run))) > 1:
                found.append(Bundle(run, before, width))
            run = []
    return found


def placed(plan: Plan) -> set[str]:
    """Return the statements of a plan for which its header names a place that is not this one."""
    table = plan.loaded.flow.header.settings.get("places", {})
    wanted = table.get(plan.function, {}) if isinstance(table, Mapping) else {}
    return {name for name, place in wanted.items() if place != "local"} if isinstance(wanted, Mapping) else set()


def needed(items: Sequence[Item]) -> list[tuple[int, ...]]:
    """Return for each item which of those before it have to be done first."""
    found = []
    bound: dict[str, int] = {}
    read: dict[str, list[int]] = {}
    for number, item in enumerate(items):
        needs = {bound[name] for name in item.reads | item.binds if name in bound}
        for name in item.binds:
            needs.update(read.pop(name, ()))  # they read what the name was bound to before
            bound[name] = number
        for name in item.reads - item.binds:
            read.setdefault(name, []).append(number)
        found.append(tuple(sorted(needs)))
    return found


def _width(before: Sequence[tuple[int, ...]]) -> int:
    """Return how many of the steps can be done at one time, at least."""
    levels: list[int] = []
    for needs in before:
        levels.append(1 + max((levels[n] for n in needs), default=-1))
    return max(Counter(levels).values())
