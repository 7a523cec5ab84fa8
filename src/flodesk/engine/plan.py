"""What the engine runs: the blocks of steps that `flodesk.engine.compiling` makes, and who is who in them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal

from flodesk.engine.calls import Fetch, leaves_only
from flodesk.engine.latches import Latch
from flodesk.engine.load import Loaded
from flodesk.engine.table import Row
from flodesk.flow import model
from flodesk.flow.detached import Branch
from flodesk.flow.in_place import InPlace
from flodesk.flow.jumps import may_return
from flodesk.flow.model import (
    Call,
    Code,
    Loop,
    Statement,
)

Kind = Literal["call", "make", "use", "bind", "start", "code", "loop", "switch", "return"]
"""``make`` constructs an object, ``use`` calls one; ``start`` is the start value of feedback."""

Bare = tuple[Callable[..., Any], int, int, int]
"""A step: (function, slot of its first argument, of its second, slot of its result); without slots (-1) the function
takes the list of slots."""


@dataclass(slots=True)
class LoopRegion:
    """``for targets in source:``. `cell` is that of the producer (the loop's own step has another).

    `carried` are the slots of what a turn may get from the one before: feedback above all. `left` says that code in the
    body may leave it.
    """

    source: Fetch
    targets: tuple[int, ...]
    cell: int
    body: Block
    carried: tuple[int, ...] = ()
    left: bool = False


@dataclass(slots=True)
class SwitchRegion:
    """The tests of the arms, in order (None: ``else``), each with its block."""

    arms: list[tuple[Fetch | None, Block]]


@dataclass(slots=True)
class Item:
    """A statement of a block, compiled.

    Attributes
    ----------
    steps : list
        Empty for a region.
    drops : list of int
        Slots whose value is needed no more after it.
    head, reads, binds : frozenset of str
        The variables that it reads itself, and those that it reads and binds with all that stands in it.
    target : object
        What a call calls, where that is known before the run.
    owner : str
        The object that a ``use`` calls.
    literals : dict
        Slot of each literal argument by keyword, or by place.
    inner : Subflow or None
        Of a call of a function that has nodes itself: `steps` call it as plain Python, the runner goes through it.
    key : str
        Its id; of an item in a subflow with the name of the function before it.
    free : bool
        It is a call of something that says that it is pure: it may run at the same time as others.
    latch : Latch or None
        Of a button: holds the presses that its next call reads.
    """

    statement: Statement
    kind: Kind
    cell: int
    block: Block
    place: int
    line: int = 0
    steps: list[Bare] = field(default_factory=list)
    drops: list[int] = field(default_factory=list)
    head: frozenset[str] = frozenset()
    reads: frozenset[str] = frozenset()
    binds: frozenset[str] = frozenset()
    pure: bool = True
    target: Any = None
    owner: str = ""
    literals: dict[str | int, int] = field(default_factory=dict)
    region: LoopRegion | SwitchRegion | None = None
    inner: Subflow | None = None
    before: list[Bare] = field(default_factory=list)
    key: str = ""
    free: bool = False
    latch: Latch | None = None

    @property
    def id(self) -> str:
        """The statement's."""
        return self.statement.id

    @property
    def mapped(self) -> bool:
        """Whether it is a call that runs for each item of an argument: `steps` are one step that makes all of them."""
        return isinstance(self.statement, Call) and self.statement.mapped is not None


@dataclass(slots=True)
class Block:
    """The items of one indentation; `turns` is the cell that counts how often it was entered."""

    turns: int
    owner: Item | None = None
    items: list[Item] = field(default_factory=list)


@dataclass(slots=True)
class Bundle:
    """Neighbours of a block that may run side by side; for each of them which ones before it have to be done first.

    `width` of them at least may be on at one time. `cell` is that of the step that they are together, and no node's.
    """

    items: list[Item]
    before: list[tuple[int, ...]]
    width: int
    cell: int = -1


@dataclass(slots=True)
class Subflow:
    """A call of a function that has a plan: `takes` gives a value for each of the slots `targets` of a fresh list."""

    plan: Plan
    targets: tuple[int, ...]
    takes: Fetch


@dataclass
class Plan:
    """A compiled function.

    Attributes
    ----------
    slots : list
        Literals hold their values, variables nothing.
    names : dict
        Slot of each variable.
    cells : int
        How many cells of the state table it needs.
    kept : set of int
        Slots that are never dropped: those of indicators, and of objects that end something when they go.
    indicators : set of int
        Slots of indicators.
    source : Function
        The statement that it was made of.
    inner : dict
        The plans of all functions that are called in it, to any depth, by name; their cells are among its own.
    beside : tuple of Branch
        What of its loops runs beside them.
    bundles : list of Bundle
        What may run side by side.
    until : str
        Of a part of a flow: the loops that need no more turns when this statement was reached end; empty: after one.
    notes : dict
        The cell of the step that stands in a loop for each statement that runs beside it; no node's, nobody reads it.
    once : frozenset of str
        Of a part: the loops of which it makes one turn.
    whole : Plan or None
        The plan of the whole function, of which this one is a part: other processes have that.
    """

    function: str
    loaded: Loaded
    slots: list[Any]
    names: dict[str, int]
    root: Block
    items: dict[str, Item]
    cells: int
    source: model.Function
    kept: frozenset[int] = frozenset()
    indicators: frozenset[int] = frozenset()
    inner: dict[str, Plan] = field(default_factory=dict)
    beside: tuple[Branch, ...] = ()
    notes: dict[str, int] = field(default_factory=dict)
    until: str = ""
    whole: Plan | None = None
    once: frozenset[str] = frozenset()
    bundles: list[Bundle] = field(default_factory=list)

    @property
    def trash(self) -> int:
        """The slot that takes results that nobody wants."""
        return len(self.names)

    @property
    def result(self) -> int:
        """The slot of what the function returns."""
        return len(self.names) + 1

    @property
    def made(self) -> int:
        """The slot of the objects that one call has made and has to close, by the id of the item."""
        return len(self.names) + 2

    @cached_property
    def uses(self) -> frozenset[str]:
        """The functions that it goes through, to any depth."""
        inner = [item.inner.plan for item in self.items.values() if item.inner is not None]
        return frozenset(plan.function for plan in inner).union(*(plan.uses for plan in inner))

    @cached_property
    def turned(self) -> frozenset[str]:
        """Those of `uses` that loops call, here or further in: once a turn."""
        found: set[str] = set()
        for item in self.items.values():
            if item.inner is not None:
                inner = item.inner.plan
                found |= {inner.function, *inner.uses} if _in_loop(item) else inner.turned
        return frozenset(found)

    @cached_property
    def pure(self) -> bool:
        """Whether it can be called again at will: an object that it makes itself is new in each call."""
        own = {name for item in self.items.values() if item.kind == "make" and item.pure for name in item.binds}
        return all(
            item.pure
            or item.kind == "switch"  # what stands in it is among the items
            or (item.kind == "use" and item.owner in own)
            or (isinstance(item.statement, Code) and item.statement.leaves and leaves_only(item.statement.text))
            for item in self.items.values()
        )

    @cached_property
    def returns(self) -> bool:
        """Whether code in it may return before its end."""
        return may_return(self.source.body)

    @cached_property
    def in_place(self) -> InPlace:
        """What its statements change in place."""
        return self.loaded.in_place.of(self.source)

    @cached_property
    def still(self) -> bool:
        """True where, as far as the text says, no statement changes a value in place or binds a variable again."""
        bound = [name for item in self.root.items for name in item.binds]
        touched = any(self.in_place.changes(id) or self.in_place.uses(id) for id in self.items)
        called = any(item.kind in ("make", "use") for item in self.items.values())
        return not touched and not called and len(bound) == len(set(bound))

    @cached_property
    def owners(self) -> dict[int, Plan]:
        """The plan, this one or one of a subflow, that each first cell belongs to."""
        return {cell: plan for plan in (self, *self.inner.values()) for cell in plan.by_cell}

    def plans_of(self, function: str) -> tuple[Plan, ...]:
        """Return the plans of a function in it: itself, or that of a subflow (of both, if it calls itself)."""
        own = (self,) if function == self.function else ()
        return (*own, self.inner[function]) if function in self.inner else own

    @cached_property
    def given_beside(self) -> frozenset[int]:
        """The slots of what producers give to loops of which a part runs beside them."""
        regions = [self.items[branch.loop].region for branch in self.beside]
        return frozenset(slot for region in regions if isinstance(region, LoopRegion) for slot in region.targets)

    @cached_property
    def by_cell(self) -> dict[int, Item]:
        """The item that each first cell belongs to; a loop has two."""
        found = {item.cell: item for item in self.items.values()}
        found |= {item.region.cell: item for item in self.items.values() if isinstance(item.region, LoopRegion)}
        found |= {bundle.cell: bundle.items[0] for bundle in self.bundles}
        for branch in self.beside:
            found |= {self.notes[name]: self.items[branch.loop] for name in branch.statements}
        return found

    @property
    def node_cells(self) -> set[int]:
        """The first cells of the nodes, and of what stands for them in a loop that they run beside."""
        return self.by_cell.keys() - {bundle.cell for bundle in self.bundles}

    @cached_property
    def binders(self) -> dict[str, tuple[int, ...]]:
        """The cells of the steps that bind each variable."""
        found: dict[str, list[int]] = {}
        for item in self.items.values():
            if isinstance(item.region, LoopRegion) and isinstance(item.statement, Loop):
                for name in item.statement.targets:
                    found.setdefault(name, []).append(item.region.cell)
            elif item.region is None:
                for name in item.binds:
                    found.setdefault(name, []).append(item.cell)
        return {name: tuple(cells) for name, cells in found.items()}

    @property
    def rows(self) -> tuple[Row, ...]:
        """Which cells tell about which node, those in subflows among them."""
        return self.rows_of()

    def rows_of(self, *, inside: bool = False) -> tuple[Row, ...]:
        """Return them; `inside` says that it is a subflow, of which nobody knows when a call of it is over."""
        rows = [row for plan in self.inner.values() for row in plan.rows_of(inside=True)]
        aside = {branch.statements[0]: self.notes[branch.statements[0]] for branch in self.beside}
        for item in self.items.values():
            stands = item.block
            around = (-1, -1) if inside else (stands.turns, stands.owner.cell if stands.owner is not None else -1)
            name = f"{self.function}.{item.id}"
            if isinstance(item.region, LoopRegion):
                row = Row(name, item.region.cell, item.region.body.turns, True, *around, loop=item.cell)
            else:
                row = Row(name, item.cell, stands.turns, False, *around, aside=aside.get(item.id, -1))
            rows.append(row)
        return tuple(rows)

    @cached_property
    def cells_there(self) -> dict[int, int]:
        """Of a part: the cell that each of its cells is in the plan of the whole function."""
        if self.whole is None:
            return {}
        return _same_cells(self, self.whole) | {
            cell: there
            for name, plan in self.inner.items()
            for cell, there in _same_cells(plan, self.whole.inner[name]).items()
        }

    @property
    def asynchronous(self) -> bool:
        """True if it is ``async def``."""
        return self.loaded.flow.functions[self.function].asynchronous

    @cached_property
    def loops(self) -> list[Item]:
        """The outermost loops."""
        return [item for item in self.root.items if item.kind == "loop"]

    def node(self, item: Item) -> str:
        """Return the name under which everyone speaks of a node."""
        return f"{self.function}.{item.id}"


def _in_loop(item: Item) -> bool:
    """Say whether an item stands in a loop of its function, at any depth."""
    owner = item.block.owner
    return owner is not None and (owner.kind == "loop" or _in_loop(owner))


def _same_cells(plan: Plan, other: Plan) -> dict[int, int]:
    """Return the cells of another plan of a function for the first cells, and those of blocks, that this one has."""
    found = {plan.root.turns: other.root.turns} | {cell: other.notes[name] for name, cell in plan.notes.items()}
    for name, item in plan.items.items():
        there = other.items[name]
        found[item.cell] = there.cell
        if isinstance(item.region, LoopRegion) and isinstance(there.region, LoopRegion):
            found[item.region.cell] = there.region.cell
            found[item.region.body.turns] = there.region.body.turns
        elif isinstance(item.region, SwitchRegion) and isinstance(there.region, SwitchRegion):
            for (_, block), (_, same) in zip(item.region.arms, there.region.arms, strict=True):
                found[block.turns] = same.turns
    return found
