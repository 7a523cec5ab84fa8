"""A segment of a flow that runs elsewhere, as one step of the plan: what may run side by side does."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence

from flodesk.engine.calls import Slots
from flodesk.engine.errors import NodeError
from flodesk.engine.events import Failure
from flodesk.engine.places.parts import Part, parts_of
from flodesk.engine.places.protocol import CannotTravelError, ValuesLostError
from flodesk.engine.places.roaming import Roaming
from flodesk.engine.places.round import Round
from flodesk.engine.places.seats import Runs, Seats
from flodesk.engine.places.travel import Away, stays
from flodesk.engine.plan import Item, Plan
from flodesk.engine.table import FAILED

APART_SECONDS = 0.0005
"""What it costs to run a further part side by side: cheaper parts stay together."""


class Stretch:
    """A segment. Called with the slots of the function, like any step of a plan."""

    def __init__(
        self,
        runner: Runs,
        plan: Plan,
        seats: Seats,
        items: Sequence[Item],
        dead: frozenset[int],
        stay: Callable[[Slots], None] | None = None,
    ) -> None:
        self._runner = runner
        self._seats = seats
        self._plan = plan
        self.items = list(items)
        self._makes = {name for item in items if stays(plan, item) for name in item.binds}
        self._stays = {n for item in plan.items.values() if stays(plan, item) for n in item.binds}
        self._roaming = Roaming(plan)
        self._together = [self._whole(dead)]
        parts = parts_of(plan, self.items)
        self._apart = self._completed(parts, dead) if len(parts) > 1 else self._together
        self._side_by_side = len(self._apart) > 1 and seats.learned.get(self._mark(), True)
        self._stay = stay
        self._staying = False
        self.tap: Callable[[Slots], None] | None = None
        """Takes the values of probed variables when all are there."""

    # -------------------------------------------------------------- parts
    def _whole(self, dead: frozenset[int]) -> Part:
        part = Part(self.items, home=True)
        return self._completed([part], dead)[0]

    def _completed(self, parts: list[Part], dead: frozenset[int]) -> list[Part]:
        """Note what each part needs, and what it has to give: what lives longer than it."""
        names = self._plan.names
        for number, part in enumerate(parts):
            bound: set[str] = set()
            needs: dict[str, None] = {}
            for item in part.items:
                needs |= dict.fromkeys(sorted((item.reads - bound) & names.keys()))
                if item.kind == "code":
                    # what it binds in some cases only keeps its value in the others
                    needs |= dict.fromkeys(sorted(item.binds - bound))
                bound |= item.binds
            later = {name for other in parts[number + 1 :] for item in other.items for name in item.reads | item.binds}
            part.needs = tuple(name for name in needs if name not in self._stays)
            part.wanted = tuple(sorted(n for n in bound - self._makes if n in later or names[n] not in dead))
            part.kept = tuple(n for n in part.wanted if n in later)
            part.passed = frozenset(n for n in part.kept if names[n] in dead)
            part.ids = tuple(item.id for item in part.items)
            part.free = all(map(self._roaming.free, part.items))
            inner = [item.inner.plan for item in part.items if item.inner is not None]
            within = {id(p): p for plan in inner for p in (plan, *(self._runner.plan.inner[f] for f in plan.uses))}
            part.within = tuple(within.values())
            part.cells = (*(item.cell for item in part.items), *(c for p in within.values() for c in p.node_cells))
            part.shown = tuple(sorted(name for p in within.values() for name in self._looked_at(p)))
            part.turns = tuple(dict.fromkeys(row.turns for p in within.values() for row in p.rows))
            there = self._runner.plan.cells_there
            part.cells_there = tuple(there.get(cell, cell) for cell in part.cells)
            part.turns_there = tuple(there.get(cell, cell) for cell in part.turns)
        return parts

    def _looked_at(self, inner: Plan) -> Iterator[str]:
        """Give the variables of a subflow that the screen shows, or the summary of a run at its end."""
        for variable, slot in inner.names.items():
            name = f"{inner.function}.{variable}"
            if name in self._runner._watched or slot in inner.indicators:
                yield name

    # -------------------------------------------------------------- running
    def __call__(self, slots: Slots) -> None:
        """Run it over the slots of its function."""
        started = time.perf_counter_ns()
        parts = self._apart if self._side_by_side else self._together
        if self._seats.lost and any(item.kind == "use" for item in self.items):
            item = next(item for item in self.items if item.kind == "use")
            said = f"the object “{item.owner}” was lost with the process that it was in"
            raise self._error(item.cell, slots, RuntimeError(said))
        if self._staying or not self._gone(parts, slots):
            assert self._stay is not None
            self._stay(slots)
            if self.tap is not None:
                self.tap(slots)
            return
        for name in self._makes:
            slots[self._plan.names[name]] = Away(name, self._seats.name)
        self._times(started, parts)
        if self.tap is not None:
            self.tap(slots)

    def _run(self, parts: list[Part], slots: Slots) -> None:
        try:
            Round(self._runner, self._plan, self._seats, parts, slots).run()
        except NodeError as error:
            if _type(error) != ValuesLostError.__name__ or not all(part.free for part in parts):
                raise
            Round(self._runner, self._plan, self._seats, self._together, slots).run()

    def _gone(self, parts: list[Part], slots: Slots) -> bool:
        """Run it there; returns False where it has to run here from now on: what it is given, or gives, cannot travel.

        Only for items of which nobody has said where to run: they need nothing of their process, and can run again.
        """
        try:
            with self._seats.lock:
                self._run(parts, slots)
        except NodeError as error:
            if self._stay is None or _type(error) != CannotTravelError.__name__:
                raise
            self._staying = True
            return False
        return True

    def _times(self, started: int, parts: list[Part]) -> None:
        """See whether side by side pays, and let the step's own cell tell the time of its own node."""
        cells = self._runner.cells
        spans = {id(item): max(0, cells[item.cell + 1] - cells[item.cell]) for item in self.items}
        if len(self._apart) > 1:
            apart = [sum(spans[id(item)] for item in part.items) * 1e-9 for part in self._apart]
            longest: list[float] = []
            for part, seconds in zip(self._apart, apart, strict=True):
                longest.append(seconds + max((longest[n] for n in part.after), default=0.0))
            costs = getattr(self._seats.place, "apart_seconds", APART_SECONDS)
            self._side_by_side = sum(apart) - max(longest) > costs * (len(self._apart) - 1)
            self._seats.learned[self._mark()] = self._side_by_side
        first = self.items[0]
        # the loop writes the end of the step when it returns
        begun = time.perf_counter_ns() - spans[id(first)]
        if cells[first.cell + 3] == cells[first.cell]:
            cells[first.cell + 3] = begun  # its progress is of this call
        cells[first.cell] = begun

    def _mark(self) -> tuple[int, str, str]:
        """Return what the segment is known by in the next run of the same text."""
        return hash(self._runner.plan.loaded.text), self._plan.function, " ".join(item.id for item in self.items)

    def _error(self, cell: int, slots: Slots, error: BaseException) -> NodeError:
        self._runner.cells[cell + 1] = FAILED
        return NodeError(self._plan, cell, slots, error)


def _type(error: NodeError) -> str:
    """Return the class of what a node raised, here or elsewhere."""
    told = getattr(error.error, "__flodesk_failure__", None)
    return told.type if isinstance(told, Failure) else type(error.error).__name__
