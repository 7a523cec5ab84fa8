"""Steps that hand what they give to rings, too: only those of probed variables are made so; the others stay."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, Protocol

from flodesk.engine.calls import UNBOUND, Slots
from flodesk.engine.past_values import PastValues
from flodesk.engine.plan import Bare, Item, LoopRegion, Plan
from flodesk.engine.ring import Ring
from flodesk.flow.model import Loop
from flodesk.flow.value_names import parted

Take = Callable[[Any], None]


class Host(Protocol):
    """Whoever runs the steps: the `Runner`."""

    plan: Plan
    cells: memoryview
    turn_of: Callable[[LoopRegion], int | None]


class Taps:
    """The rings of a run with the names of their ports: one of a probe, one of what the panel shows.

    The names are ``function.variable``, ``function.variable.field``, or ``function.variable@statement`` of what only
    that statement binds.
    """

    def __init__(self, rings: Iterable[tuple[str, Ring]] = ()) -> None:
        self.rings = tuple(rings)
        self._by_variable: dict[tuple[str, str], list[tuple[str, Ring]]] = {}
        self._changes: dict[str, tuple[Plan, frozenset[str]]] = {}
        for name, ring in self.rings:
            function, variable, statements, field = parted(name)
            for key in [f"{variable}@{statement}" for statement in statements] or [variable]:
                self._by_variable.setdefault((function, key), []).append((field, ring))

    def __bool__(self) -> bool:
        return bool(self.rings)

    def begin(self) -> None:
        """Forget what an earlier run has left."""
        for _, ring in self.rings:
            ring.clear()

    def seed(self, function: str, variable: str, value: Any, turn: int) -> None:
        """Put a value into the rings of a variable that are empty: it was made before they were there."""
        for field, ring in self._by_variable.get((function, variable), ()):
            part = getattr(value, field, UNBOUND) if field and value is not UNBOUND else value
            if part is not UNBOUND and not ring.entries():
                ring.take(part, turn if ring.loop else 0)

    def through(self, host: Host, plan: Plan, item: Item, bare: list[Bare]) -> list[Bare]:
        """Return the steps of an item, tapped where it binds a probed variable, or its loop does before it."""
        first = self._targets(host, plan, item)
        last = self._bound(host, plan, item)
        if last:
            bare = [*bare[:-1], _after(bare[-1], last)]
        if first:
            bare = [(Ahead(bare[0], first), -1, -1, bare[0][3]), *bare[1:]]
        return bare

    def elsewhere(self, host: Host, plan: Plan, items: Sequence[Item]) -> Callable[[Slots], None] | None:
        """Return what takes the values of items that run elsewhere, when they are all there; None without a probe."""
        takes = self._targets(host, plan, items[0])
        for item in items:
            takes += self._bound(host, plan, item)
        return (lambda s: _hand(s, takes)) if takes else None

    def _changed(self, plan: Plan) -> frozenset[str]:
        """Return the variables of a function whose values a statement of it may change in place."""
        found = self._changes.get(plan.function)
        if found is None or found[0] is not plan:
            inside = plan.in_place
            names = frozenset().union(*(inside.concerned(id) for id in plan.items)) if inside.any else frozenset()
            self._changes[plan.function] = found = (plan, names)
        return found[1]

    def _bound(self, host: Host, plan: Plan, item: Item) -> list[tuple[int, Take]]:
        """Return the slots of what an item binds itself, with what takes them."""
        if item.region is not None:
            return []
        return self._of(host, plan, item, sorted(item.binds), item)

    def _targets(self, host: Host, plan: Plan, item: Item) -> list[tuple[int, Take]]:
        """Return what takes the values of the producer, at the first item of the body of its loop."""
        owner = item.block.owner
        if owner is None or not isinstance(owner.region, LoopRegion) or item is not item.block.items[0]:
            return []
        return self._of(host, plan, item, owner.statement.targets if isinstance(owner.statement, Loop) else (), owner)

    def _of(self, host: Host, plan: Plan, item: Item, names: Sequence[str], by: Item) -> list[tuple[int, Take]]:
        """Return what takes these names, where `by` binds them; the turn is that of the item."""
        found = []
        for name in names:
            for key in (name, f"{name}@{by.id}"):
                for field, ring in self._by_variable.get((plan.function, key), ()):
                    if isinstance(ring, PastValues) and not ring.reused.always:
                        ring.reused.always = name in self._changed(plan)
                    found.append((plan.names[name], _take(host, plan, item, field, ring)))
        return found


def _take(host: Host, plan: Plan, item: Item, field: str, ring: Ring) -> Take:
    loop, turn = _turns(host, plan, item)
    ring.loop = loop
    if not field:
        return lambda value: ring.take(value, turn())

    def of_field(value: Any) -> None:
        part = getattr(value, field, UNBOUND)
        if part is not UNBOUND:
            ring.take(part, turn())

    return of_field


def _turns(host: Host, plan: Plan, item: Item) -> tuple[str, Callable[[], int]]:
    """Return the outermost loop around an item and what tells its turn; in a subflow that of the function around."""
    loop: Item | None = None
    above = item.block.owner
    while above is not None:
        loop = above if isinstance(above.region, LoopRegion) else loop
        above = above.block.owner
    whose = plan
    if plan is not host.plan:
        outer = host.plan.loops
        whose, loop = host.plan, outer[0] if len(outer) == 1 else None
    if loop is None or not isinstance(loop.region, LoopRegion):
        return "", lambda: 0
    region, cells, count = loop.region, host.cells, loop.region.body.turns

    def turn() -> int:
        behind = host.turn_of(region)
        return int(cells[count]) if behind is None else behind

    return whose.node(loop), turn


def _hand(s: Slots, takes: Sequence[tuple[int, Take]]) -> None:
    for slot, take in takes:
        if s[slot] is not UNBOUND:
            take(s[slot])


def _call(bare: Bare) -> Callable[[Slots], Any]:
    fn, a, b, _ = bare
    if b >= 0:
        return lambda s: fn(s[a], s[b])
    return (lambda s: fn(s[a])) if a >= 0 else fn


class Ahead:
    """The first step of a loop's body, which hands on what the producer gave before it does its own.

    Attributes
    ----------
    bare : Bare
        Its own: where the function may be held before that, the rest has been done by then.
    """

    def __init__(self, bare: Bare, takes: Sequence[tuple[int, Take]]) -> None:
        self.bare = bare
        self._takes = takes
        self._call = _call(bare)

    def __call__(self, s: Slots) -> Any:
        """Do all of it."""
        _hand(s, self._takes)
        return self._call(s)

    def hand(self, s: Slots) -> None:
        """Hand on what the producer gave."""
        _hand(s, self._takes)


def _after(bare: Bare, takes: Sequence[tuple[int, Take]]) -> Bare:
    call, out = _call(bare), bare[3]

    def step(s: Slots) -> Any:
        value = call(s)
        for slot, take in takes:
            found = value if slot == out else s[slot]
            if found is not UNBOUND:
                take(found)
        return value

    return step, -1, -1, out


NOTHING = Taps()
"""Nothing is probed."""
