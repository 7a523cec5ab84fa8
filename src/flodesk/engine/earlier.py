"""The states in which the statements of a part find what they read: those of the whole function, or none.

The values that a run leaves are its last ones. Where a variable is bound or changed again below a statement, or in
turns of a loop around it, the last value is not the one that the statement found: then what made that has to run along.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import repeat

from flodesk.engine.names import blocks_of, everything
from flodesk.flow.model import Block, Call, Docstring, Loop, Statement, Switch

Around = tuple[Loop | Switch, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """A statement with its number in the order of the text, and the loops and switches around it."""

    statement: Statement
    order: int
    around: Around

    @property
    def loops(self) -> tuple[Loop, ...]:
        """The loops around it, the outermost first."""
        return tuple(owner for owner in self.around if isinstance(owner, Loop))


def walk(block: Block, around: Around) -> Iterator[tuple[Statement, Around]]:
    """Give each statement of a block and of the blocks in it, with what is around it."""
    for statement in block.statements:
        if isinstance(statement, Docstring):
            continue
        yield statement, around
        if isinstance(statement, Loop | Switch):
            for inner in blocks_of(statement):
                yield from walk(inner, (*around, statement))


@dataclass(frozen=True)
class States:
    """Finds what has to run along with a part.

    Attributes
    ----------
    places : mapping
        All statements of the function by id.
    binders, changers : mapping
        Who binds each variable, and who changes its value in place.
    reads : callable
        Gives the names that a statement reads itself, without those that are read in it.
    """

    places: Mapping[str, Place]
    binders: Mapping[str, Sequence[Place]]
    changers: Mapping[str, Sequence[Place]]
    reads: Callable[[Statement], frozenset[str]]

    def completed(self, chosen: Sequence[Place]) -> tuple[list[Place], dict[str, str]]:
        """Add what has to run along with some statements.

        Returns
        -------
        list of Place
            They, and what makes the states again that they find.
        dict
            The variables whose states cannot be made again (turns before the last have gone by), with who reads them.
        """
        found = {place.statement.id: place for place in chosen}
        lost: dict[str, str] = {}
        while True:
            before = len(found)
            inside = {inner.id for place in found.values() for inner in _whole(place.statement)} & self.places.keys()
            for id in sorted(inside, key=lambda id: self.places[id].order):
                for name in sorted(self.reads(self.places[id].statement)):
                    self._restore(name, self.places[id], inside, found, lost)
            if len(found) == before:
                # what stands in a statement that runs along runs with it
                inner = {s.id for p in found.values() for s in _whole(p.statement) if s is not p.statement}
                return [place for id, place in found.items() if id not in inner], lost

    def _restore(self, name: str, here: Place, inside: set[str], found: dict[str, Place], lost: dict[str, str]) -> None:
        """Add what gives a variable the value that a statement finds, unless that is the one that a run leaves."""
        binders = [p for p in self.binders.get(name, ()) if not _other_arm(p, here)]
        changers = [p for p in self.changers.get(name, ()) if not _other_arm(p, here)]
        around = {owner.id for owner in here.around}
        every = {p.statement.id: p for p in (*binders, *changers) if p.statement.id not in around}
        touches = list(every.values())
        # loops around it of which the part makes one turn, and the outermost of which it makes all
        gone = {loop.id for loop in here.loops if loop.id not in inside}
        whole = next((number for number, owner in enumerate(here.around) if owner.id in inside), len(here.around))
        first = [p for p in binders if p.order < here.order and gone <= _loops_of(p) and _binds_for(p, here, binders)]
        if first:  # it is bound in each turn: what was before that counts no more
            last = max(map(_first_order, first, repeat(here), repeat(first)))
            touches = [p for p in touches if p.order >= last]
        elif any(gone & _loops_of(p) for p in touches):
            makers = [p for p in binders if p.order < here.order and _is_above(p, here)]
            if isinstance(here.statement, Call) and not here.statement.name and makers:
                # it gives nothing that could be wrong: what it fills is made anew, and not kept
                maker = max(makers, key=lambda p: p.order)
                found.setdefault(maker.statement.id, maker)
            else:
                lost.setdefault(name, here.statement.id)
            return
        start = self.places[here.around[whole].id].order if whole < len(here.around) else here.order
        if not every.keys() & inside and all(p.order < start for p in touches):
            return
        mine = [p for p in touches if p.statement.id in inside]
        for other in touches:
            if any(_other_arm(other, p) for p in mine):
                continue  # the part takes the arm that it was asked for
            if other.order < here.order and other.statement.id not in inside:
                level = len(_common(other.around, here.around[:whole]))
                lifted = other.around[level] if len(other.around) > level else other.statement
                found.setdefault(lifted.id, self.places[lifted.id])


def _loops_of(place: Place) -> set[str]:
    """Return the loops in each turn of which a statement does what it does; a loop binds its targets in each."""
    own = [place.statement] if isinstance(place.statement, Loop) else []
    return {loop.id for loop in (*place.loops, *own)}


def _binds_for(one: Place, here: Place, binders: Sequence[Place]) -> bool:
    """Say whether a statement, or another in its place in another arm, binds its variable before one in each turn."""
    if _is_above(one, here):
        return True
    level = len(_common(one.around, here.around))
    owner = one.around[level]
    if level != len(here.around) and not _is_above(Place(owner, one.order, one.around[:level]), here):
        return False
    if not isinstance(owner, Switch) or len(one.around) > level + 1 or owner.arms[-1].test is not None:
        return False
    ids = {p.statement.id for p in binders}
    return all(any(s.id in ids for s in block.statements) for block in blocks_of(owner))


def _first_order(one: Place, here: Place, binders: Sequence[Place]) -> int:
    """Return where the statement begins that binds a variable: with the first of the arms that do."""
    level = len(_common(one.around, here.around))
    own = one.around[: level + 1]
    return min(p.order for p in binders if p is one or (len(own) > level and p.around[: level + 1] == own))


def _is_above(one: Place, other: Place) -> bool:
    """Say whether a statement always runs before another, in the same turn."""
    owners = [owner.id for owner in other.around]
    return [owner.id for owner in one.around] == owners[: len(one.around)]


def is_half(binders: Sequence[Place], changers: Sequence[Place], ran: Collection[str], once: Collection[str]) -> bool:
    """Say whether a part leaves a variable in a state that is not the last one of the whole.

    Parameters
    ----------
    ran, once : collection of str
        The statements of the part, and the loops of which it makes one turn.
    """
    if any(p.statement.id not in ran for p in changers):
        return True
    own = [p for p in binders if p.statement.id in ran]
    if any(p.statement.id not in ran and p.order > o.order and not _other_arm(o, p) for p in binders for o in own):
        return True
    for place in (*own, *changers):
        turns = {loop.id for loop in place.loops if loop.id in once or loop.id not in ran}
        if turns and not all(turns <= _loops_of(p) for p in binders):
            return True
    return False


def _whole(statement: Statement) -> list[Statement]:
    return [statement, *(inner for block in blocks_of(statement) for inner in everything(block))]


def _common(one: Around, other: Around) -> Around:
    number = 0
    while number < min(len(one), len(other)) and one[number] is other[number]:
        number += 1
    return one[:number]


def _other_arm(one: Place, other: Place) -> bool:
    """Say whether two statements stand in two arms of a switch: never do both run in one turn."""
    for owner in _common(one.around, other.around):
        if isinstance(owner, Switch):
            arms = [{inner.id for inner in everything(block)} for block in blocks_of(owner)]
            if not any(one.statement.id in arm and other.statement.id in arm for arm in arms):
                return True
    return False


__all__ = ["Place", "States", "is_half", "walk"]
