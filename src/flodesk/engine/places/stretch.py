"""A segment of a flow that runs elsewhere, as one step of the plan: what may run side by side does."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import Any, Protocol

from flodesk.engine.awaiting import meanwhile
from flodesk.engine.cache.memory import Memory
from flodesk.engine.calls import UNBOUND, Slots
from flodesk.engine.codec import CodecError
from flodesk.engine.control import Control
from flodesk.engine.errors import Ended, NodeError, StopRun
from flodesk.engine.events import Failure
from flodesk.engine.frames import Frames
from flodesk.engine.places.parts import Part, parts_of
from flodesk.engine.places.protocol import Answer, CannotTravelError, ElsewhereError, Job, Opened, Place, Seat
from flodesk.engine.places.roaming import Roaming
from flodesk.engine.places.travel import Away, stays, why_not
from flodesk.engine.plan import Item, Plan
from flodesk.engine.table import CELLS, FAILED

LOOK_SECONDS = 0.05
"""How often to look at the states of nodes elsewhere, and whether the run was stopped."""
HARD_SECONDS = (0.15, 0.35)
"""After so long a job that was asked to stop gets an exception."""
END_SECONDS = 0.6
"""After so long its process is ended."""
APART_SECONDS = 0.0005
"""What it costs to run a further part side by side: cheaper parts stay together."""


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
        self._home: Seat | None = None
        self.extras: list[Seat] = []
        self.literals: dict[int, dict[tuple[str, int], Any]] = {}
        """By seat: what it has for the slots of a function; where that is called there, the name ends with a dot."""
        self.turns: dict[int, dict[int, int]] = {}
        self.lost = False
        self.lock = threading.Lock()
        """Held while a job is done: a side branch has a thread of its own."""

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
        self._side_by_side = len(self._apart) > 1
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
        Round(self._runner, self._plan, self._seats, parts, slots).run()

    def _gone(self, parts: list[Part], slots: Slots) -> bool:
        """Run it there; returns False where it has to run here from now on: what it is given, or gives, cannot travel.

        Only for items of which nobody has said where to run: they need nothing of their process, and can run again.
        """
        try:
            with self._seats.lock:
                self._run(parts, slots)
        except NodeError as error:
            told = getattr(error.error, "__flodesk_failure__", None)
            kind = told.type if isinstance(told, Failure) else type(error.error).__name__
            if self._stay is None or kind != CannotTravelError.__name__:
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
            self._side_by_side = sum(apart) - max(longest) > APART_SECONDS * (len(self._apart) - 1)
        first = self.items[0]
        # the loop writes the end of the step when it returns
        begun = time.perf_counter_ns() - spans[id(first)]
        if cells[first.cell + 3] == cells[first.cell]:
            cells[first.cell + 3] = begun  # its progress is of this call
        cells[first.cell] = begun

    def _error(self, cell: int, slots: Slots, error: BaseException) -> NodeError:
        self._runner.cells[cell + 1] = FAILED
        return NodeError(self._plan, cell, slots, error)


class Round:
    """One call of a segment."""

    def __init__(self, runner: Runs, plan: Plan, seats: Seats, parts: list[Part], slots: Slots) -> None:
        self._runner = runner
        self._plan = plan
        self._seats = seats
        self._parts = parts
        self._slots = slots
        self._waiting = list(range(len(parts)))
        self._busy: dict[int, Seat] = {}
        self._done: set[int] = set()
        self._idle: list[Seat] = []
        self._over: BaseException | None = None
        self._failed: tuple[int, NodeError] | None = None
        self._stopped = 0.0
        self._steps = 0

    def run(self) -> None:
        """Run the parts, and see to it that nothing is left running, however it ends."""
        self._idle = [self._seats.home, *self._seats.extras]
        try:
            while self._waiting or self._busy:
                self._begin()
                self._wait()
                if self._over is not None:
                    raise self._over
                if self._failed is not None and not self._before_failure():
                    raise self._failed[1]
                if self._runner.control.stopping:
                    self._stop()
        finally:
            for seat in list(self._busy.values()):
                seat.end()
                self._lose(seat)

    def _before_failure(self) -> bool:
        """Return whether something runs that the script would have run before what has failed."""
        assert self._failed is not None
        self._waiting = [n for n in self._waiting if n < self._failed[0]]
        return any(n < self._failed[0] for n in self._busy) or bool(self._waiting)

    def _begin(self) -> None:
        """Start what can start."""
        if self._stopped:
            self._waiting.clear()
            return
        for number in list(self._waiting):
            part = self._parts[number]
            if not part.after <= self._done:
                continue
            seat = self._seat_for(part)
            if seat is None:
                continue
            self._waiting.remove(number)
            self._idle.remove(seat)
            self._busy[number] = seat
            self._start(number, part, seat)

    def _seat_for(self, part: Part) -> Seat | None:
        home = self._seats.home
        if part.home:
            return home if home in self._idle else None
        if not self._idle:
            seat = self._seats.extra()
            if seat is not None:
                self._idle.append(seat)
        return self._idle[0] if self._idle else None

    def _start(self, number: int, part: Part, seat: Seat) -> None:
        given = part.given(self._plan.names, self._slots)
        try:
            literals = self._literals(part, seat)
            job = Job(
                self._plan.function, part.ids, given, literals, part.wanted, part.shown, part.free, part.turns_there
            )
            seat.start(job)
        except CodecError:
            del self._busy[number]
            self._idle.append(seat)
            self._refuse(number, part, given)

    def _literals(self, part: Part, seat: Seat) -> list[tuple[str, str | int, Any]]:
        """Return the literals that are others than those that the seat has."""
        known = self._seats.literals.setdefault(id(seat), {})
        changed: list[tuple[str, str | int, Any]] = []

        def look(function: str, slots: Slots, items: Iterable[Item], prefix: str) -> None:
            for item in items:
                for key, slot in item.literals.items():
                    value = slots[slot]
                    if (function, slot) not in known and not isinstance(value, _SENT):
                        known[function, slot] = value  # a function, a class: it is there by its name already
                    elif known.get((function, slot), self) is not value:
                        known[function, slot] = value
                        changed.append((prefix + item.id, key, value))

        look(self._plan.function, self._slots, part.items, "")
        for plan in part.within:
            look(f"{plan.function}.", plan.slots, plan.items.values(), f"{plan.function}.")
        return changed

    def _refuse(self, number: int, part: Part, given: Mapping[str, Any]) -> None:
        """Find out which value could not be sent, and to which node."""
        there = self._seats.name
        for name, value in given.items():
            said = why_not(name, value)
            if said:
                item = next(item for item in part.items if name in item.reads | item.binds)
                self._fail(number, item.cell, CannotTravelError(said))
                return
        self._fail(
            number, part.items[0].cell, CannotTravelError(f"what it is given cannot travel to the place {there}")
        )

    # -------------------------------------------------------------- waiting
    def _wait(self) -> None:
        if not self._busy:
            return
        seats = self._seats
        try:
            for number, seat in list(self._busy.items()):
                answer = seat.answer()
                if answer is not None:
                    self._store(self._parts[number], answer)
                self._copy(number, seat)
                if answer is None:
                    continue
                del self._busy[number]
                if answer.lost:
                    self._lose(seat)
                else:
                    self._idle.append(seat)
                self._take(number, answer)
            if self._busy:
                # what is awaited there may be given by a task that is on here
                meanwhile(lambda: seats.place.wait(list(self._busy.values()), LOOK_SECONDS))
        except StopRun:
            # the exception that ends a node that runs here: what runs elsewhere has its own way to its end
            if not self._runner.control.stopping:
                raise

    def _take(self, number: int, answer: Answer) -> None:
        if answer.stopped:
            self._over = StopRun()
            return
        if answer.failed is not None:
            part = self._parts[number]
            cell = part.here(answer.cell) if answer.cell >= 0 else self._at_work(part)
            self._fail(number, cell, ElsewhereError(answer.failed))
            return
        self._done.add(number)

    def _store(self, part: Part, answer: Answer) -> None:
        """Store the values, before the states say that they are there: who looks at both believes the states."""
        if self._runner.memory is not None:
            self._runner.memory.notes.update(answer.notes)
        if answer.stopped or answer.failed is not None:
            return
        for name in part.wanted:
            self._slots[self._plan.names[name]] = answer.values.get(name, UNBOUND)
        frames: dict[str, Slots] = {}
        for name in part.shown:
            function, _, variable = name.rpartition(".")
            inner = self._runner.plan.inner[function]
            slots = frames.setdefault(function, [UNBOUND] * len(inner.slots))
            slots[inner.names[variable]] = answer.values.get(name, UNBOUND)
        self._runner.frames.newest.update(frames)

    def _fail(self, number: int, cell: int, error: BaseException) -> None:
        if self._failed is None or number < self._failed[0]:
            self._runner.cells[cell + 1] = FAILED
            owner = self._runner.plan.owners[cell]
            slots = self._slots if owner is self._plan else owner.slots
            self._failed = number, NodeError(owner, cell, slots, error)

    def _at_work(self, part: Part) -> int:
        """Return the cell of the node that was running when its process died."""
        cells = self._runner.cells
        begun = [(cells[cell], cell) for cell in part.cells if cells[cell] > cells[cell + 1]]
        return max(begun)[1] if begun else part.items[0].cell

    def _copy(self, number: int, seat: Seat) -> None:
        """Take over the states of the nodes of a part."""
        there, here, part = seat.cells, self._runner.cells, self._parts[number]
        for cell, other in zip(part.cells, part.cells_there, strict=True):
            if there[other]:
                here[cell : cell + CELLS] = there[other : other + CELLS]
        if part.turns:
            known = self._seats.turns.setdefault(id(seat), {})
            for cell, other in zip(part.turns, part.turns_there, strict=True):
                here[cell] += there[other] - known.get(cell, 0)
                known[cell] = there[other]

    # -------------------------------------------------------------- ends
    def _stop(self) -> None:
        """Ask what runs to stop, then make it."""
        now = time.monotonic()
        if not self._stopped:
            self._stopped = now
            for seat in self._busy.values():
                seat.interrupt(hard=False)
            return
        waited = now - self._stopped
        if self._steps < len(HARD_SECONDS) and waited >= HARD_SECONDS[self._steps]:
            self._steps += 1
            for seat in self._busy.values():
                seat.interrupt(hard=True)
        if waited >= END_SECONDS:
            for number, seat in list(self._busy.items()):
                cell = self._at_work(self._parts[number])
                owner = self._runner.plan.owners[cell]
                node = owner.node(owner.by_cell[cell])
                seat.end()
                self._lose(seat)
                del self._busy[number]
                said = f"“{node}” did not return when the run was stopped: its process was ended"
                raise Ended(said)
        if not self._busy:
            raise StopRun

    def _lose(self, seat: Seat) -> None:
        self._idle = [other for other in self._idle if other is not seat]
        self._seats.drop(seat)


_SENT = (type(None), bool, int, float, complex, str, bytes, list, tuple, dict, set, frozenset)
