"""What a function that is held has given in the turn, and in the call, that it is at: when each step ran tells it.

The order of the lines does not: an arm that was not taken stands before the place, and has given nothing.
"""

from __future__ import annotations

from collections.abc import Iterator

from flodesk.engine.breaks import Frame, Held, binds_of
from flodesk.engine.calls import UNBOUND
from flodesk.engine.live import encloses
from flodesk.engine.plan import Item, LoopRegion


class ThisTurn:
    """What one of the functions has given in which a run is held.

    Parameters
    ----------
    held : Held
        The place.
    number : int
        Which of its frames.
    """

    def __init__(self, held: Held, number: int) -> None:
        self._frame: Frame = held.frames[number]
        self._here = self._frame.item
        last = number == len(held.frames) - 1
        self._after = last and bool(held.wire)
        """The step that it is at has been done: it is held at a wire from there."""
        self._between = last and held.turn
        """It is at a loop that has made its turn and not begun the next one."""
        caller = held.frames[number - 1] if number else None
        self._called = caller.times(caller.cell)[0] if caller is not None else 0
        beside = held.behind and not number
        branches = (branch for branch in self._frame.plan.beside if self._here.id in branch.statements)
        self._branch = frozenset(next(branches).statements) if beside else frozenset[str]()

    def given(self, item: Item) -> bool:
        """Say whether a statement has been done in this turn; of a loop: whether its producer has given a value."""
        if self._branch and self._root_of(item).id in self._branch:
            # its turn is not that of the loop beside which it runs, whose clock says nothing about it
            return item.line < self._here.line + self._after
        begun, ended = self._frame.times(_cell(item))
        if item.kind == "switch" and encloses(item, self._here):
            return begun >= self._since(item)
        return ended >= begun >= max(1, self._since(item))

    def _since(self, item: Item) -> int:
        """Return when the turn began of the innermost loop that a statement shares with the place; else the call."""
        for loop in _around(item):
            shared = encloses(loop, self._here) or (loop is self._here and (self._between or self._after))
            if shared and isinstance(loop.region, LoopRegion):
                return self._frame.times(loop.region.cell)[0]
        return self._called

    def _root_of(self, item: Item) -> Item:
        """Return the statement of the loop's own block that an item is, or stands in."""
        while (owner := item.block.owner) is not None and not isinstance(owner.region, LoopRegion):
            item = owner
        return item

    # -------------------------------------------------------------- what is told
    def ahead(self) -> set[str]:
        """Return the statements that have given nothing yet in this turn, or in this call."""
        return {item.id for item in self._frame.plan.items.values() if not self.given(item)}

    def older(self) -> set[str]:
        """Return the variables whose values are of before: none of what binds them has been done in this turn."""
        names, slots = self._frame.plan.names, self._frame.slots
        given: dict[str, bool] = {}
        for item in self._frame.plan.items.values():
            for name in binds_of(item):
                given[name] = given.get(name, False) or self.given(item)
        return {name for name, there in given.items() if not there and slots[names[name]] is not UNBOUND}


def _cell(item: Item) -> int:
    return item.region.cell if isinstance(item.region, LoopRegion) else item.cell


def _around(item: Item) -> Iterator[Item]:
    """Give the loops that a statement stands in, the innermost first."""
    owner = item.block.owner
    while owner is not None:
        if isinstance(owner.region, LoopRegion):
            yield owner
        owner = owner.block.owner


__all__ = ["ThisTurn"]
