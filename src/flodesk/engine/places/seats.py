"""The seats of a running function at a place, and what a stretch needs of that function."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, MutableMapping, Sequence
from collections.abc import Set as AbstractSet
from typing import Any, Protocol

from flodesk.engine.cache.memory import Memory
from flodesk.engine.calls import Slots
from flodesk.engine.control import Control
from flodesk.engine.events import Failure
from flodesk.engine.frames import Frames
from flodesk.engine.places.protocol import Opened, Place, Seat
from flodesk.engine.plan import Item, Plan

MOST_LEARNED = 1000


class Learned(OrderedDict[tuple[int, str, str], bool]):
    """Whether side by side paid, for the segments that ran last."""

    def __setitem__(self, key: tuple[int, str, str], value: bool) -> None:
        super().__setitem__(key, value)
        if len(self) > MOST_LEARNED:
            self.popitem(last=False)


class Runs(Protocol):
    """What a segment needs of the function that it is part of: its `flodesk.engine.loop.Runner`."""

    plan: Plan
    control: Control
    cells: Any
    memory: Memory | None
    frames: Frames
    _watched: frozenset[str]

    def item_steps(self, plan: Plan, item: Item, kept: AbstractSet[int], drop: bool) -> list[Any]:
        """Make the steps of an item that runs here."""

    def run_steps(self, steps: Sequence[Any], s: Slots) -> None:
        """Run steps as a part of nothing."""


class Seats:
    """The seats of one running function at one place, taken when the first job needs them."""

    def __init__(self, name: str, place: Place, opened: Callable[[], Opened]) -> None:
        self.name = name
        self.place = place
        self.opened = self._opened = opened
        self.keeps = bool(getattr(place, "keeps", False))
        """Values may stay there between two jobs."""
        self._home: Seat | None = None
        self.extras: list[Seat] = []
        self.literals: dict[int, dict[tuple[str, int], Any]] = {}
        """By seat: what it has for the slots of a function; where that is called there, the name ends with a dot."""
        self.turns: dict[int, dict[int, int]] = {}
        self.in_order: set[str] = set()
        """The mapped nodes of which was said that their items run one after another."""
        self.lost = False
        self.lock = threading.Lock()
        """Held while a job is done: a side branch has a thread of its own."""

    @property
    def learned(self) -> MutableMapping[tuple[int, str, str], bool]:
        """Whether side by side paid in earlier runs, for each segment; a place that keeps no such list learns anew."""
        kept: MutableMapping[tuple[int, str, str], bool] = getattr(self.place, "learned", {})
        return kept

    @property
    def home(self) -> Seat:
        """The seat in which objects stay."""
        if self._home is None:
            self._home = self.place.seat(self._opened())
        return self._home

    def extra(self) -> Seat | None:
        """Give another seat, if one is free; it is kept up to the end of the run."""
        seat = self.place.extra(self._opened())
        if seat is not None:
            self.extras.append(seat)
        return seat

    def follow(self) -> None:
        """Go on with a changed text, which `opened` tells from now on."""
        self.literals.clear()
        self.turns.clear()
        for seat in [*self.extras, *([self._home] if self._home else [])]:
            seat.reopen(self._opened())

    def drop(self, seat: Seat) -> None:
        """Forget a seat whose process is gone."""
        self.literals.pop(id(seat), None)
        self.turns.pop(id(seat), None)
        seat.close()
        self.extras = [other for other in self.extras if other is not seat]
        if seat is self._home:
            self._home, self.lost = None, True

    def close(self) -> Sequence[tuple[str, Failure]]:
        """Close the objects; gives those that failed."""
        seats = [*self.extras, *([self._home] if self._home else [])]
        self._home, self.extras = None, []
        self.literals.clear()
        self.turns.clear()
        self.lost = False
        return [failed for seat in seats for failed in seat.close()]
