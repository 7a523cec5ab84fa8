"""What of a segment may run side by side: chains of nodes of which each needs the one before it alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from flodesk.engine.calls import UNBOUND, Slots
from flodesk.engine.places.travel import stays
from flodesk.engine.plan import Item, Plan


@dataclass
class Part:
    """Items of a segment that run one after the other; those of several parts may run side by side."""

    items: list[Item]
    home: bool = False
    after: set[int] = field(default_factory=set)
    needs: tuple[str, ...] = ()
    wanted: tuple[str, ...] = ()
    ids: tuple[str, ...] = ()
    cells: tuple[int, ...] = ()
    """First cells of its nodes, those of the subflows that it calls included."""
    shown: tuple[str, ...] = ()
    """What somebody looks at in those subflows: ``function.variable``."""
    turns: tuple[int, ...] = ()
    """The cells that count how often the blocks of those subflows were entered."""
    within: tuple[Plan, ...] = ()
    """Those of the subflows that it calls."""
    kept: tuple[str, ...] = ()
    """Of what is wanted that which later parts need."""
    passed: frozenset[str] = frozenset()
    """Of this that which nobody else needs."""
    free: bool = False
    """It needs nothing of earlier jobs, and leaves nothing: it may run in any process, and again."""
    cells_there: tuple[int, ...] = ()
    turns_there: tuple[int, ...] = ()
    """The same cells in the plan that the other process has: others where only a part of the function runs."""

    def given(self, names: Mapping[str, int], slots: Slots) -> dict[str, Any]:
        """Return the values that it is sent."""
        return {name: slots[names[name]] for name in self.needs if slots[names[name]] is not UNBOUND}

    def here(self, there: int) -> int:
        """Return the cell that one of the other process's is here."""
        return self.cells[self.cells_there.index(there)]


def parts_of(plan: Plan, items: Sequence[Item]) -> list[Part]:
    """Cut a segment into parts: chains of nodes of which each needs the one before it alone.

    What is not pure, and what belongs to an object, keeps its order: it is one chain of the home seat.
    """
    before = _before(plan, items)
    followers = [0] * len(items)
    for found in before:
        for number in found:
            followers[number] += 1
    parts: list[Part] = []
    part_of: list[int] = []
    for number, item in enumerate(items):
        homely = _homely(plan, item)
        only = next(iter(before[number])) if len(before[number]) == 1 else -1
        joins = only >= 0 and followers[only] == 1 and parts[part_of[only]].items[-1] is items[only]
        if joins and parts[part_of[only]].home == homely:
            parts[part_of[only]].items.append(item)
            part_of.append(part_of[only])
            continue
        parts.append(Part([item], home=homely, after={part_of[n] for n in before[number]}))
        part_of.append(len(parts) - 1)
    if any(plan.in_place.changes(item.id) for item in items):
        return [Part(list(items), home=True)]  # what one changes in place the others have to see
    levels: list[int] = []
    for part in parts:
        levels.append(1 + max((levels[n] for n in part.after), default=-1))
    if len(set(levels)) == len(levels):
        return [Part(list(items), home=True)]  # a single chain
    return parts


def _homely(plan: Plan, item: Item) -> bool:
    return not item.pure or item.kind == "use" or stays(plan, item)


def _before(plan: Plan, items: Sequence[Item]) -> list[set[int]]:
    """Return for each item those that have to run before it; not those that do because of another one."""
    direct: list[set[int]] = []
    reach: list[set[int]] = []
    homely = [_homely(plan, item) for item in items]
    for number, item in enumerate(items):
        found = set()
        for n, other in enumerate(items[:number]):
            if other.binds & (item.reads | item.binds) or other.reads & item.binds or (homely[n] and homely[number]):
                found.add(n)
        direct.append({n for n in found if not any(n in reach[m] for m in found if m > n)})
        reach.append(found.union(*(reach[n] for n in found)))
    return direct
