"""What has to run again when a parameter or the flow itself is changed while it runs."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from types import MethodType
from typing import Any, TypeVar

from flodesk.engine.names import blocks_of, everything
from flodesk.engine.plan import Block as PlanBlock
from flodesk.engine.plan import Item, LoopRegion, Plan, SwitchRegion
from flodesk.engine.table import CELLS
from flodesk.flow.model import (
    Argument,
    Bind,
    Block,
    Call,
    Expression,
    Function,
    Literal,
    Loop,
    Ref,
    Return,
    Statement,
    Switch,
)

V = TypeVar("V", Ref | Literal, Ref | Literal | Expression)


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


def encloses(owner: Item, item: Item) -> bool:
    """Return whether an item stands in the loop or switch `owner`."""
    around = item.block.owner
    while around is not None:
        if around is owner:
            return True
        around = around.block.owner
    return False


def with_switches(plan: Plan, changed: Iterable[str]) -> set[str]:
    """Return changed statements and the switches that they stand in: a switch runs again as a whole."""
    ids = set(changed)
    for name in list(ids):
        item = plan.items.get(name)
        while item is not None and item.block.owner is not None:
            item = item.block.owner
            if item.kind == "switch":
                ids.add(item.id)
    return ids


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
    alike = _blank(before.statement, deep=False) == _blank(loop.statement, deep=False)
    going_on = alike and _same_target(before.target, loop.target) and _same_literals(before, loop, old, new)
    return run, loop, going_on and not names & loop.head


def same(before: Item | None, item: Item, old: Plan, new: Plan) -> bool:
    """Return whether an item of the root is what it was, with the literals that it has by now."""
    if before is None or before.block is not old.root or item.block is not new.root:
        return False
    if not _same_target(before.target, item.target) or _blank(before.statement) != _blank(item.statement):
        return False
    if _inner(before) != _inner(item):
        return False
    inner = [item, *(new.items[s.id] for block in blocks_of(item.statement) for s in everything(block))]
    return all(i.id in old.items and _same_literals(old.items[i.id], i, old, new) for i in inner if i.id in new.items)


def _same_target(before: Any, now: Any) -> bool:
    """Return whether two calls call the same; a method is another object each time it is looked up."""
    return before is now or (isinstance(before, MethodType) and bool(before == now))


def _inner(item: Item) -> list[Function]:
    """Return the functions that an item goes through."""
    if item.inner is None:
        return []
    calls = sorted(item.inner.plan.items.values(), key=lambda inner: inner.cell)
    return [item.inner.plan.source, *(source for call in calls for source in _inner(call))]


def _same_literals(before: Item, item: Item, old: Plan, new: Plan) -> bool:
    if before.literals.keys() != item.literals.keys():
        return False
    pairs = ((old.slots[before.literals[key]], new.slots[slot]) for key, slot in item.literals.items())
    return all(a is b or (type(a) is type(b) and repr(a) == repr(b)) for a, b in pairs)


def _blank(statement: Statement, *, deep: bool = True) -> Statement:
    """Return a statement without the values of its literals, and, unless `deep`, without what stands in it."""
    if isinstance(statement, Call):
        return replace(statement, arguments=tuple(map(_blank_argument, statement.arguments)))
    if isinstance(statement, Bind):
        return replace(statement, value=_blank_value(statement.value))
    if isinstance(statement, Return):
        return replace(statement, values=tuple(map(_blank_value, statement.values)))
    if isinstance(statement, Loop):
        body = _blank_block(statement.body) if deep else Block()
        return replace(statement, arguments=tuple(map(_blank_argument, statement.arguments)), body=body)
    if isinstance(statement, Switch):
        return replace(statement, arms=tuple(replace(arm, body=_blank_block(arm.body)) for arm in statement.arms))
    return statement


def _blank_block(block: Block) -> Block:
    return replace(block, statements=tuple(_blank(statement) for statement in block.statements))


def _blank_argument(argument: Argument) -> Argument:
    return replace(argument, value=_blank_value(argument.value))


def _blank_value(value: V) -> V | Literal:
    return Literal("") if isinstance(value, Literal) else value


def blocks_in(item: Item) -> list[PlanBlock]:
    """Return the blocks of a loop or switch."""
    if isinstance(item.region, LoopRegion):
        return [item.region.body]
    if isinstance(item.region, SwitchRegion):
        return [block for _, block in item.region.arms]
    return []


def carry_cells(plan: Plan, old: Plan, cells: memoryview, before: memoryview) -> None:
    """Take the states of the nodes that stay over into the cells of another plan of the same function."""
    for name, item in plan.items.items():
        was = old.items.get(name)
        if was is None:
            continue
        cells[item.cell : item.cell + CELLS] = before[was.cell : was.cell + CELLS]
        if isinstance(item.region, LoopRegion) and isinstance(was.region, LoopRegion):
            new, gone = item.region.cell, was.region.cell
            cells[new : new + CELLS] = before[gone : gone + CELLS]
        for block, source in zip(blocks_in(item), blocks_in(was), strict=False):
            cells[block.turns] = before[source.turns]
    cells[plan.root.turns] = before[old.root.turns]


def clear_cells(item: Item, cells: memoryview) -> None:
    """Take the states of an item and of all that stands in it back: none of it has run."""
    cells[item.cell : item.cell + CELLS] = memoryview(bytearray(8 * CELLS)).cast("q")
    for block in blocks_in(item):
        for inner in block.items:
            clear_cells(inner, cells)


def has_state(target: Any) -> bool:
    """Say whether a class makes objects that go on from call to call."""
    return isinstance(target, type) and ("__call__" in target.__dict__ or hasattr(target, "add"))
