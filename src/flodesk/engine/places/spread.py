"""A call for each item that runs elsewhere: its items go to all seats that are free, a share at a time.

What comes back is put together in the order of the items, and what failed is what would have failed first. A share
travels in the place of the list (`flodesk.items.Share`), so that a place need not know of it: as the value of the
variable that is mapped over or, where the list is written into the call, as the value of that literal. Where items
cannot be spread they run one after another on one worker, and the log says why.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

from flodesk.engine.calls import Slots
from flodesk.engine.places.parts import Part
from flodesk.engine.places.protocol import Answer, Seat
from flodesk.engine.places.round import Round
from flodesk.engine.places.seats import Runs, Seats
from flodesk.engine.places.stretch import Stretch
from flodesk.engine.plan import Item, Plan
from flodesk.engine.table import items_cell, items_of
from flodesk.flow.model import Call, Ref
from flodesk.items import Collected, Share, lost_words

SHARES = 16
"""Into so many parts items are cut at most: enough that seats which are done early find more to do."""
WORTH_SECONDS = 0.004
"""Items that take no longer together stay together."""
IN_ORDER = "Its items run one after another, on one worker"
WITH_OTHERS = "it goes to its place together with its neighbours; let these run elsewhere"


class Source(NamedTuple):
    """What a call is mapped over.

    Attributes
    ----------
    key : str or int
        The variable, or the parameter of a literal.
    slot : int
        Where its value is.
    typed : bool
        It is a literal: it is written into the call.
    """

    key: str | int
    slot: int
    typed: bool


@dataclass
class Portion(Part):
    """The item's call over a share of its items.

    Attributes
    ----------
    shares : mapping
        The share of each list that it is mapped over.
    """

    shares: Mapping[Source, Share] = field(default_factory=dict)

    @property
    def share(self) -> Share:
        """One of them: all are of the same items."""
        return next(iter(self.shares.values()))

    def given(self, names: Mapping[str, int], slots: Slots) -> dict[str, Any]:
        """Return the values that it is sent: of a list its share."""
        own = {str(source.key): share for source, share in self.shares.items() if not source.typed}
        return {**super().given(names, slots), **own}


def stretch_of(
    runner: Runs,
    plan: Plan,
    seats: Seats,
    items: Sequence[Item],
    dead: frozenset[int],
    stay: Callable[[Slots], None] | None = None,
) -> Stretch:
    """Return the step that runs neighbours at a place: a single call that is mapped is spread where it may be."""
    if len(items) == 1 and items[0].mapped:
        return Spread(runner, plan, seats, items, dead, stay)
    if any(item.mapped for item in items):
        return Together(runner, plan, seats, items, dead, stay)
    return Stretch(runner, plan, seats, items, dead, stay)


def sources_of(plan: Plan, item: Item, call: Call) -> list[Source]:
    """Return what a call is mapped over; nothing where a share cannot stand in its place."""
    others = {a.value.name for a in call.arguments if a.each is None and isinstance(a.value, Ref)}
    found = []
    for number, argument in enumerate(call.arguments):
        value, key = argument.value, argument.keyword or number
        if argument.each is None:
            continue
        if key in item.literals:
            found.append(Source(key, item.literals[key], True))
        elif isinstance(value, Ref) and not value.field and value.name in plan.names and value.name not in others:
            found.append(Source(value.name, plan.names[value.name], False))
        else:  # the name would have to mean the list and its share at once
            return []
    return list(dict.fromkeys(found))


class Together(Stretch):
    """A segment of several calls, one of them mapped: all of it goes to one worker."""

    def _run(self, parts: list[Part], slots: Slots) -> None:
        for item in self.items:
            if item.mapped:
                others = " and ".join(self._plan.node(other) for other in self.items if other is not item)
                _say_in_order(self._plan, self._seats, item, f"{WITH_OTHERS} ({others})")
        super()._run(parts, slots)


class Spread(Stretch):
    """A segment that is one mapped call; knows from the call before what one of its items takes."""

    _seconds = -1.0
    """What an item took the last time; negative if nobody knows."""

    def _run(self, parts: list[Part], slots: Slots) -> None:
        item, plan = self.items[0], self._plan
        call = item.statement
        assert isinstance(call, Call)
        (whole,) = parts
        sources = sources_of(plan, item, call)
        values = {source: slots[source.slot] for source in sources}
        value = next(iter(values.values()), None)
        begun = time.perf_counter()
        shares: list[dict[Source, Share]] = []
        if why := self._why_in_order(item, sources, values):
            if _count(value) > 1 or not sources:
                _say_in_order(plan, self._seats, item, why)
        else:
            shares = self._shares(values)
        if len(shares) < 2:
            super()._run(parts, slots)
            if (count := _count(value)) > 0:
                self._seconds = (time.perf_counter() - begun) / count
            return
        total = shares[0][sources[0]].total
        portions = [_portion(whole, share) for share in shares]
        round = _SpreadRound(self._runner, plan, self._seats, [*portions], slots)
        round.run()
        self._seconds = (time.perf_counter() - begun) / total
        self._put_together([round.answers[number] for number in range(len(portions))], call, whole, slots, total)

    def _why_in_order(self, item: Item, sources: Sequence[Source], values: Mapping[Source, Any]) -> str:
        """Say why the items cannot go to all workers; empty if they can."""
        if why := self._roaming.why_not(item):
            return why
        if not sources:
            return "what it is mapped over is a part of a value, or is given to it whole, too"
        uncut = [type(value).__name__ for value in values.values() if not _can_be_cut(value)]
        return f"what it is mapped over is of the type {uncut[0]}, and not a list" if uncut else ""

    def _shares(self, values: Mapping[Source, Any]) -> list[dict[Source, Share]]:
        """Cut lists into shares of the same items; into none where that does not pay."""
        total, *others = map(len, values.values())
        if any(other != total for other in others):  # the call itself says what is wrong
            return []
        if 0 <= self._seconds * total < WORTH_SECONDS:
            return []
        size = max(1, -(-total // SHARES))
        return [
            {name: Share(_slice(value, first, size), first, total) for name, value in values.items()}
            for first in range(0, total, size)
        ]

    def _put_together(self, answers: list[Collected], call: Call, whole: Part, slots: Slots, total: int) -> None:
        assert call.mapped is not None
        assert call.mapped.each is not None
        results = [result for answer in answers for result in answer.results]
        errors = [error for answer in answers for error in answer.errors]
        if call.name in whole.wanted:
            collects = call.mapped.each.on_error == "collect"
            slots[self._plan.names[call.name]] = Collected(results, errors) if collects else results
        cell, cells = self.items[0].cell, self._runner.cells
        cells[cell + 1] = time.perf_counter_ns()
        cells[cell + 2], cells[cell + 3] = items_cell(total - len(errors), total), cells[cell]
        if errors:
            say = self._seats.opened().say
            say(self._plan.node(self.items[0]), "warning", lost_words(errors, total))


def _say_in_order(plan: Plan, seats: Seats, item: Item, why: str) -> None:
    """Say once why the items of a mapped call do not go to all workers."""
    if item.id not in seats.in_order:
        seats.in_order.add(item.id)
        seats.opened().say(plan.node(item), "info", f"{IN_ORDER}: {why}")


def _count(value: Any) -> int:
    """Return how many items a value has; 0 if that is not known, or it has none."""
    try:
        return len(value)
    except TypeError:
        return 0


def _can_be_cut(value: Any) -> bool:
    """Return whether the items of a value are those that its indices give."""
    array = getattr(sys.modules.get("numpy"), "ndarray", None)  # nothing else is an array
    return isinstance(value, list | tuple | range) or (array is not None and type(value) is array and value.ndim > 0)


def _slice(value: Any, first: int, size: int) -> Any:
    """Return some items: an array's as an array, whose items are the same as its own."""
    part = value[first : first + size]
    return list(part) if isinstance(part, list | tuple | range) else part


def _portion(whole: Part, shares: Mapping[Source, Share]) -> Portion:
    """Return the part that is a share of the items; its result is always wanted."""
    made = Portion(list(whole.items), shares=shares)
    made.needs, made.ids, made.cells, made.cells_there = whole.needs, whole.ids, whole.cells, whole.cells_there
    made.free = whole.free
    made.wanted = tuple(sorted(name for item in whole.items for name in item.binds))
    return made


class _SpreadRound(Round):
    """One call: what the seats give is kept, and how many items all of them have done is told."""

    def __init__(self, runner: Runs, plan: Plan, seats: Seats, parts: list[Part], slots: Slots) -> None:
        super().__init__(runner, plan, seats, parts, slots)
        self.answers: dict[int, Collected] = {}
        self._done_of: dict[int, int] = {}
        self._cell = parts[0].items[0].cell
        self._cells = runner.cells

    def _literals(self, part: Part, seat: Seat) -> list[tuple[str, str | int, Any]]:
        """Return the literals that are others than those that the seat has: of a list its share."""
        assert isinstance(part, Portion)
        typed = {source.key: (source.slot, share) for source, share in part.shares.items() if source.typed}
        item = part.items[0]
        told = [
            (id, key, value) for id, key, value in super()._literals(part, seat) if id != item.id or key not in typed
        ]
        for key, (slot, share) in typed.items():
            self._seats.literals[id(seat)][self._plan.function, slot] = share  # whoever is next tells its own
            told.append((item.id, key, share))
        return told

    def _store(self, part: Part, answer: Answer) -> None:
        if answer.failed is None and not answer.stopped and not answer.lost:
            number = next(n for n, other in enumerate(self._parts) if other is part)
            self.answers[number] = answer.values[part.wanted[0]]

    def _take(self, number: int, answer: Answer) -> None:
        if answer.failed is not None:  # what it was given is the list, and not its share
            answer = replace(answer, failed=replace(answer.failed, inputs=()))
        super()._take(number, answer)

    def _copy(self, number: int, seat: Seat) -> None:
        """Tell how many items are done altogether."""
        part = self._parts[number]
        assert isinstance(part, Portion)
        there = part.cells_there[0]
        of_it = seat.cells[there + 3] == seat.cells[there]
        done, total = items_of(seat.cells[there + 2]) if of_it and number not in self.answers else (0, 0)
        self._done_of[number] = len(part.share.items) if number in self.answers else done if total else 0
        cells, cell = self._cells, self._cell
        cells[cell + 2] = items_cell(sum(self._done_of.values()), part.share.total)
        cells[cell + 3] = cells[cell]
