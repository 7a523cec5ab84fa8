"""What has to run again when a parameter or the flow itself is changed while it runs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from flodesk.engine.plan import Item, LoopRegion, Plan
from flodesk.flow.model import Block as Statements
from flodesk.flow.model import Loop


class SwapError(Exception):
    """The changed flow cannot go on from where the old one is; the text says why. It has to start anew."""


def above(item: Item) -> list[Item]:
    """Return the items that ran before a loop and whose values it may see, the outermost first."""
    path: list[Item] = []
    block, place = item.block, item.place
    while True:
        owner = block.owner
        path[:0] = block.items[:place]
        if owner is None:
            return path
        if isinstance(owner.region, LoopRegion):
            path.insert(0, owner)
        block, place = owner.block, owner.place


def affected(path: Iterable[Item], changed: Iterable[str]) -> list[Item]:
    """Return what of a path hangs on changed statements, they included, in order. Feedback's start values do not."""
    ids = set(changed)
    names: set[str] = set()
    found = []
    for item in path:
        reads = item.head if item.kind == "loop" else item.reads
        if item.kind != "start" and (item.id in ids or names & reads):
            found.append(item)
            if item.kind != "loop":  # it sees to its own body when its next turn begins
                names |= item.binds
    return found


def affected_straight(items: Sequence[Item], changed: Iterable[str]) -> list[Item]:
    """Return what of a flow without loops has to run again.

    An object that is called again is made anew first, so that its state is that of a run from the start.
    """
    ids = set(changed)
    while True:
        found = affected(items, ids)
        owners = {item.owner for item in found if item.kind == "use"}
        makers = {item.id for item in items if item.kind == "make" and item.binds & owners}
        if makers <= ids:
            return found
        ids |= makers


def carry(old: Plan, new: Plan, reached: str) -> tuple[list[Item], Item | None, bool]:
    """Take the values of a running function over into its changed plan.

    Parameters
    ----------
    reached : str
        Id of the outermost loop that the old plan is in, at the start of a turn; empty if it has run to its end.

    Returns
    -------
    tuple
        What has to run now, in order; the loop to go on in; and whether its producer goes on, too, rather than anew.

    Raises
    ------
    SwapError
        The loop is gone, or one that has already run was changed.
    """
    loop = new.items.get(reached)
    if reached and (loop is None or loop.kind != "loop" or loop.block is not new.root):
        raise SwapError(f"the loop of {reached!r} is gone")
    for name, slot in new.names.items():
        if name in old.names:
            new.slots[slot] = old.slots[old.names[name]]
    upto = new.root.items[: loop.place] if loop is not None else new.root.items
    run: list[Item] = []
    names: set[str] = set()
    for item in upto:
        if same(old.items.get(item.id), item, old, new) and not names & item.reads:
            continue
        if item.kind == "loop":
            raise SwapError(f"the loop of {item.id!r} has run already")
        run.append(item)
        names |= item.binds
    if loop is None:
        return run, None, False
    before = old.items[reached]
    head = _head(loop)
    going_on = _head(before) == head and before.target is loop.target and not names & loop.head
    return run, loop, going_on


def same(before: Item | None, item: Item, old: Plan, new: Plan) -> bool:
    """Return whether an item of the root is what it was."""
    if before is None or before.block is not old.root or item.block is not new.root:
        return False
    return before.statement == item.statement and before.target is item.target


def _head(item: Item) -> Loop:
    assert isinstance(item.statement, Loop)
    return replace(item.statement, body=Statements())
