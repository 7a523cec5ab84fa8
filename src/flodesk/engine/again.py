"""What of a flow without loops has to run again after a change, so that it leaves the values of a run from the start.

What reads a variable whose value is new runs again. A value that is changed in place has several states, one after
the other, and only the last of them is left: whoever needs an earlier one has it made again, by the one that made the
value and by all that changed it up to there; then all that read or change it further down run again, too. The same
goes for variables that are bound more than once, and for objects that are called.
"""

from __future__ import annotations

import enum
import io
import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from types import BuiltinFunctionType, ModuleType
from typing import Any

from flodesk.engine.calls import UNBOUND
from flodesk.engine.live import affected
from flodesk.engine.names import blocks_of, everything
from flodesk.engine.plan import Item, Plan

_PLAIN = (int, float, complex, str, bytes, bool, type(None), type, range, enum.Enum, ModuleType, BuiltinFunctionType)
_RESTLESS = (Iterator, io.IOBase, random.Random)
_RANDOM = ("numpy.random", "_hashlib", "_random")
_known_types: dict[type, bool] = {}


def again(plan: Plan, changed: set[str]) -> list[Item]:
    """Return the items of a flow without loops that have to run again, in order.

    Parameters
    ----------
    changed : set of str
        Ids of the changed statements.
    """
    items = plan.root.items
    if plan.still and not _any_restless(plan.slots):
        return affected(items, changed)
    uses = [_Touch(item.reads, item.binds, changes) for item, changes in zip(items, _changes(plan, items), strict=True)]
    writers: dict[str, list[int]] = {}
    for number, use in enumerate(uses):
        for name in use.binds | use.changes:
            writers.setdefault(name, []).append(number)
    found = {number for number, item in enumerate(items) if item.id in changed}
    while True:
        before = len(found)
        _follow(uses, found)
        for number in sorted(found):
            found |= set(_restored(items[number], uses[number], number, writers))
        if len(found) == before:
            return [items[number] for number in sorted(found)]


@dataclass(frozen=True, slots=True)
class _Touch:
    """What an item reads, binds, and changes in place."""

    reads: frozenset[str]
    binds: frozenset[str]
    changes: frozenset[str]


def _follow(uses: Sequence[_Touch], found: set[int]) -> None:
    """Add all that come after one that runs again and have to do with what it makes or changes."""
    new: set[str] = set()
    for number, use in enumerate(uses):
        if number not in found and (use.reads | use.binds) & new:
            found.add(number)
        if number in found:
            new |= use.binds | use.changes


def _restored(item: Item, use: _Touch, number: int, writers: dict[str, list[int]]) -> Iterator[int]:
    """Give what made the values that an item needs and that are others by now."""
    # an arm or a line of code may leave a variable as it was
    needed = use.reads | use.changes | (use.binds if item.kind in ("switch", "code") else frozenset())
    for name in needed:
        by = writers.get(name, ())
        if by and by[-1] >= number:
            yield from (earlier for earlier in by if earlier < number)


def _changes(plan: Plan, items: Sequence[Item]) -> list[frozenset[str]]:
    """Return for each item the variables whose values it changes in place."""
    values = {name: plan.slots[slot] for name, slot in plan.names.items()}
    apart = {name for name, value in values.items() if value is UNBOUND or _is_plain(value)}
    restless = {name for name, value in values.items() if _is_restless(value)}
    made = {name for item in plan.items.values() if item.kind == "make" for name in item.binds}
    found = []
    for item in items:
        names: set[str] = set()
        for statement in (item.statement, *(s for block in blocks_of(item.statement) for s in everything(block))):
            inner = plan.items.get(statement.id)
            more = set(plan.in_place.uses(statement.id)) & made
            if inner is not None:
                more |= inner.head & restless
                more |= {inner.owner} if inner.kind == "use" and inner.owner in made else set()
            names |= plan.in_place.concerned(statement.id, more=more, apart=apart)
        found.append(frozenset(names & plan.names.keys()))
    return found


def _is_plain(value: Any) -> bool:
    """Return whether nobody can change a value."""
    if isinstance(value, tuple | frozenset):
        return all(map(_is_plain, value))
    if isinstance(value, _PLAIN):
        return True
    # a number of NumPy, without bringing NumPy in
    return type(value).__module__ == "numpy" and not hasattr(value, "__setitem__")


def _any_restless(values: Iterable[Any]) -> bool:
    """Return whether any of the values is restless; what a type is, is asked once."""
    for kind in set(map(type, values)):
        if kind not in _known_types:
            if len(_known_types) > 10_000:
                _known_types.clear()  # somebody makes classes as they go
            _known_types[kind] = issubclass(kind, _RESTLESS) or kind.__module__.startswith(_RANDOM)
        if _known_types[kind]:
            return True
    return False


def _is_restless(value: Any) -> bool:
    """Return whether a value is another one after it was read: an iterator, a file, a generator of random numbers."""
    return isinstance(value, _RESTLESS) or type(value).__module__.startswith(_RANDOM)


def moved(old: Plan, new: Plan) -> set[str]:
    """Return the statements of a changed flow that find a value in another state, though they are what they were.

    They do where a statement is gone that changed the value, or where those that have to do with it stand in another
    order. The values are those of the old flow.
    """
    gone = [item for item in old.root.items if item.id not in new.items]
    before = [item.id for item in old.root.items if item.id in new.items]
    after = [item.id for item in new.root.items if item.id in old.items]
    if not gone and before == after:
        return set()
    changes = dict(zip([item.id for item in old.root.items], _changes(old, old.root.items), strict=True))
    bound: dict[str, int] = {}
    for item in old.root.items:
        for name in item.binds:
            bound[name] = bound.get(name, 0) + 1
    names = {name for item in gone for name in changes[item.id] | {n for n in item.binds if bound[n] > 1}}
    if before != after:
        names |= {name for found in changes.values() for name in found} | {n for n, times in bound.items() if times > 1}
    return {item.id for item in new.root.items if (item.reads | item.binds) & names}


__all__ = ["again", "moved"]
