"""Values that are changed in place where nobody sees it: in another place, which has a copy of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from flodesk.flow.in_place import InPlace
from flodesk.flow.model import Block, Function, Loop, Statement, Switch
from flodesk.flow.names import binds_of, names_read
from flodesk.flow.problem import quoted

LOCAL = "local"
HINT = "Let it give a changed copy back as its result, and read that; or set “Runs in” to local."


@dataclass(frozen=True, slots=True)
class _Place:
    """A statement, the loops around it, and the number of the neighbours with which it runs in one place."""

    statement: Statement
    loops: tuple[str, ...]
    stretch: int


def changed_elsewhere(function: Function, in_place: InPlace, wanted: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Find statements that change a value in another place, which others read here; gives (id, message) of each.

    Parameters
    ----------
    wanted : mapping
        The place of each statement that has one of its own.
    """
    if all(place == LOCAL for place in wanted.values()):
        return
    places = _places(function.body, wanted)
    for number, here in enumerate(places):
        name = here.statement.id
        place = wanted.get(name, LOCAL)
        if place == LOCAL or not in_place.changes(name):
            continue
        changed = in_place.concerned(name, sure=True) - set(binds_of(here.statement))
        for other, there in enumerate(places):
            read = sorted(changed & names_read(there.statement))
            again = [n for n in read if _goes_round(n, here, there, places)]
            if (read and other > number and there.stretch != here.stretch) or again:
                value = quoted((again or read)[0])
                who = "it reads" if other == number else f"{quoted(there.statement.id)} reads"
                when = "in the next turn" if other <= number else "after it"
                what = f"{quoted(name)} changes {value} in place, and is to run in {quoted(place)}"
                yield name, f"{what}: there it has a copy, and {who} {value} {when}, unchanged."
                break


def _goes_round(name: str, here: _Place, there: _Place, places: list[_Place]) -> bool:
    """Say whether a statement finds, in a later turn of a loop around both, a value that was changed in this one."""
    shared = [loop for loop in here.loops if loop in there.loops]
    makers = [p for p in places if name in binds_of(p.statement)]
    return bool(shared) and not any(shared[-1] in maker.loops or maker.statement.id == shared[-1] for maker in makers)


def _places(block: Block, wanted: Mapping[str, str]) -> list[_Place]:
    found: list[_Place] = []
    stretches = 0

    def walk(block: Block, loops: tuple[str, ...]) -> None:
        nonlocal stretches
        before = ""
        for statement in block.statements:
            place = wanted.get(statement.id, LOCAL)
            if place != before or place == LOCAL:
                stretches += 1
            before = place
            found.append(_Place(statement, loops, stretches))
            if isinstance(statement, Loop):
                walk(statement.body, (*loops, statement.id))
            elif isinstance(statement, Switch):
                for arm in statement.arms:
                    walk(arm.body, loops)

    walk(block, ())
    return found
