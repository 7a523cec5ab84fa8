"""A call for each item that runs elsewhere: its items go to all seats that are free, a share at a time.

What comes back is put together in the order of the items, and what failed is what would have failed first. A share
travels in the place of the list (`flodesk.items.Share`), so that a place need not know of it.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence, Sized
from dataclasses import dataclass, field, replace
from typing import Any

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


@dataclass
class Portion(Part):
    """The item's call over a share of its items.

    Attributes
    ----------
    shares : mapping
        The share of each list that it is mapped over, by its variable.
    """

    shares: Mapping[str, Share] = field(default_factory=dict)

    @property
    def share(self) -> Share:
        """One of them: all are of the same items."""
        return next(iter(self.shares.values()))

    def given(self, names: Mapping[str, int], slots: Slots) -> dict[str, Any]:
        """Return the values that it is sent: of a list its share."""
        return {**super().given(names, slots), **self.shares}


def stretch_of(
    runner: Runs,
    plan: Plan,
    seats: Seats,
    items: Sequence[Item],
    dead: frozenset[int],
    stay: Callable[[Slots], None] | None = None,
) -> Stretch:
    """Return the step that runs neighbours at a place: a single mapped call that is pure is spread."""
    call = items[0].statement if len(items) == 1 else None
    mapped = call.mapped if isinstance(call, Call) else None
    if not isinstance(call, Call) or mapped is None or not items[0].pure or items[0].kind != "call":
        return Stretch(runner, plan, seats, items, dead, stay)
    others = [a.value.name for a in call.arguments if a.each is None and isinstance(a.value, Ref)]
    for value in (a.value for a in call.mapped_over):
        if not isinstance(value, Ref) or value.field or value.name in others:
            # the name has to mean the list and its share at once
            return Stretch(runner, plan, seats, items, dead, stay)
    return Spread(runner, plan, seats, items, dead, stay)


class Spread(Stretch):
    """A segment that is one mapped call; knows from the call before what one of its items takes."""

    _seconds = -1.0
    """What an item took the last time; negative if nobody knows."""

    def _run(self, parts: list[Part], slots: Slots) -> None:
        call, plan = self.items[0].statement, self._plan
        assert isinstance(call, Call)
        sources = dict.fromkeys(argument.value.text for argument in call.mapped_over)
        values = {source: slots[plan.names[source]] for source in sources}
        value = next(iter(values.values()))
        (whole,) = parts
        begun = time.perf_counter()
        shares = self._shares(values) if whole.free else []
        if len(shares) < 2:
            super()._run(parts, slots)
            if isinstance(value, Sized) and len(value):
                self._seconds = (time.perf_counter() - begun) / len(value)
            return
        portions = [_portion(whole, share) for share in shares]
        round = _SpreadRound(self._runner, plan, self._seats, [*portions], slots)
        round.run()
        self._seconds = (time.perf_counter() - begun) / len(value)
        self._put_together([round.answers[number] for number in range(len(portions))], call, whole, slots, len(value))

    def _shares(self, values: Mapping[str, Any]) -> list[dict[str, Share]]:
        """Cut lists into shares of the same items; into none where that does not pay."""
        if not all(isinstance(value, list | tuple) for value in values.values()):
            return []
        total, *others = map(len, values.values())
        if any(other != total for other in others):  # the call itself says what is wrong
            return []
        if 0 <= self._seconds * total < WORTH_SECONDS:
            return []
        size = max(1, -(-total // SHARES))
        return [
            {name: Share(list(value[first : first + size]), first, total) for name, value in values.items()}
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


def _portion(whole: Part, shares: Mapping[str, Share]) -> Portion:
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
