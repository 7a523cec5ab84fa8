"""Values of variables that several statements bind, by the statement: steps that note theirs while somebody looks."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from collections.abc import Set as AbstractSet
from typing import Any

from flodesk.engine.breaks import binds_of
from flodesk.engine.calls import UNBOUND, Slots
from flodesk.engine.plan import Bare, Item, LoopRegion, Plan

Values = dict[str, Any]
"""The newest value by ``function.variable@statement``."""
_Notes = Sequence[tuple[int, str]]


def noting(values: Values, plan: Plan, item: Item, bare: list[Bare], watched: AbstractSet[str]) -> list[Bare]:
    """Return the steps of an item, which note what it binds where that is watched; its loop's, before the first one.

    Parameters
    ----------
    watched : set of str
        ``variable@statement``, also with several statements between ``|``.
    """
    own = [] if item.region is not None else _notes(plan, item, watched)
    owner = item.block.owner
    if owner is not None and isinstance(owner.region, LoopRegion) and item is item.block.items[0]:
        given = _notes(plan, owner, watched)
        if given:
            bare = [(_before(_call(bare[0]), values, given), -1, -1, bare[0][3]), *bare[1:]]
    if own:
        bare = [*bare[:-1], (_after(_call(bare[-1]), bare[-1][3], values, own), -1, -1, bare[-1][3])]
    return bare


def noted(
    values: Values, plan: Plan, items: Sequence[Item], watched: AbstractSet[str], then: Callable[[Slots], None] | None
) -> Callable[[Slots], None] | None:
    """Return what notes the values of items that run elsewhere, when they are there, and does something else `then`."""
    notes = [note for item in items if item.region is None for note in _notes(plan, item, watched)]
    if not notes:
        return then

    def note(s: Slots) -> None:
        _note(s, values, notes)
        if then is not None:
            then(s)

    return note


def watched_at(names: AbstractSet[str], function: str, *, own: bool) -> frozenset[str]:
    """Return those of a function among watched names, without its name; `own` says that it is not written there."""
    named = (name.partition(".") for name in names if "@" in name)
    return frozenset((rest if dot else head) for head, dot, rest in named if (not dot if own else head == function))


def _notes(plan: Plan, item: Item, watched: AbstractSet[str]) -> list[tuple[int, str]]:
    found = []
    for name in binds_of(item):
        for wanted in watched:
            variable, _, statements = wanted.partition("@")
            if variable == name and item.id in statements.split("|"):
                found.append((plan.names[name], f"{plan.function}.{name}@{item.id}"))
    return found


def _note(s: Slots, values: Values, notes: _Notes) -> None:
    for slot, name in notes:
        if s[slot] is not UNBOUND:
            values[name] = s[slot]


def _call(bare: Bare) -> Callable[[Slots], Any]:
    fn, a, b, _ = bare
    if b >= 0:
        return lambda s: fn(s[a], s[b])
    return (lambda s: fn(s[a])) if a >= 0 else fn


def _before(call: Callable[[Slots], Any], values: Values, notes: _Notes) -> Callable[[Slots], Any]:
    def step(s: Slots) -> Any:
        _note(s, values, notes)
        return call(s)

    return step


def _after(call: Callable[[Slots], Any], out: int, values: Values, notes: _Notes) -> Callable[[Slots], Any]:
    def step(s: Slots) -> Any:
        value = call(s)
        for slot, name in notes:
            found = value if slot == out else s[slot]
            if found is not UNBOUND:
                values[name] = found
        return value

    return step


__all__ = ["Values", "noted", "noting", "watched_at"]
