"""One call of a stretch: its parts go to seats as these are free, and their values are put together."""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Iterable, Mapping
from typing import Any

from flodesk.engine.awaiting import meanwhile
from flodesk.engine.calls import UNBOUND, Slots
from flodesk.engine.codec import CodecError
from flodesk.engine.errors import Ended, NodeError, StopRun
from flodesk.engine.patience import Patience
from flodesk.engine.places.parts import Part
from flodesk.engine.places.protocol import (
    Answer,
    CannotTravelError,
    ElsewhereError,
    Held,
    Job,
    Keeps,
    NoPlaceError,
    Seat,
    ValuesLostError,
)
from flodesk.engine.places.seats import Runs, Seats
from flodesk.engine.places.travel import why_not
from flodesk.engine.plan import Item, Plan
from flodesk.engine.table import CELLS, FAILED

LOOK_SECONDS = 0.05
"""How often to look at the states of nodes elsewhere, and whether the run was stopped."""
HARD_SECONDS = (0.15, 0.35)
"""After so long a job that was asked to stop gets an exception."""
END_SECONDS = 1.0
"""After so long its process is ended, as the engine would be half a second later."""


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
        self._skipped = -1
        """A part that did not begin for want of what another one gives it."""
        self._stopped = 0.0
        self._patience: Patience | None = None
        self._steps = 0
        self._held: dict[str, Held] = {}
        """What stays there for further parts; it is freed with this."""

    def run(self) -> None:
        """Run the parts, and see to it that nothing is left running, however it ends."""
        try:
            self._idle = [self._seats.home, *self._seats.extras]
        except NoPlaceError as error:  # no node is to blame, so none is marked
            raise NodeError(self._plan, self._parts[0].items[0].cell, self._slots, error) from None
        try:
            while self._waiting or self._busy:
                self._begin()
                self._wait()
                if self._over is not None:
                    raise self._over
                if self._skipped >= 0 and not (self._busy or self._failed or self._runner.control.stopping):
                    # nothing that has failed says why: what was kept for it went with a worker, and came back empty
                    lost = ValuesLostError("values that were kept for it are lost")
                    self._fail(self._skipped, self._parts[self._skipped].items[0].cell, lost)
                if self._failed is not None and not self._before_failure():
                    raise self._failed[1]
                if self._runner.control.stopping:
                    self._stop()
        finally:
            for seat in list(self._busy.values()):
                seat.end()
                self._lose(seat)
            self._held.clear()  # the error that ended it may keep all else; what is wanted there is made again there

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
            if not all(n in self._done or (part.free and self._gives_there(n)) for n in part.after):
                continue
            seat = self._seat_for(part)
            if seat is None:
                continue
            self._waiting.remove(number)
            self._idle.remove(seat)
            self._busy[number] = seat
            self._start(number, part, seat)

    def _keeps(self, part: Part) -> bool:
        """Return whether what it gives to further parts stays where it runs."""
        return self._seats.keeps and part.free and bool(part.kept)

    def _gives_there(self, number: int) -> bool:
        """Return whether a part is on its way that gives all that is needed of it where it runs."""
        return number in self._busy and self._keeps(self._parts[number])

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
        given |= {name: self._held[name] for name in part.needs if name in self._held}
        keeps = self._keeps(part)
        kept = part.kept if keeps else ()
        wanted = tuple(name for name in part.wanted if not (keeps and name in part.passed))
        try:
            literals = self._literals(part, seat)
            job = Job(
                self._plan.function, part.ids, given, literals, wanted, part.shown, part.free, part.turns_there, kept
            )
            seat.start(job)
            for name in part.wanted:
                self._held.pop(name, None)
            if keeps and isinstance(seat, Keeps):
                self._held |= {name: seat.held(name) for name in kept}
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
            said = "" if isinstance(value, Held) else why_not(name, value)
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
        if answer.skipped:
            self._skipped = number
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
        if answer.stopped or answer.skipped or answer.failed is not None:
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
            told = getattr(error, "__flodesk_failure__", None)
            if told is None or not told.unreached:
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
        late = False
        with contextlib.suppress(StopRun):  # as in `_wait`
            late = self._ask()
        if late:
            for number, seat in list(self._busy.items()):
                cell = self._at_work(self._parts[number])
                owner = self._runner.plan.owners[cell]
                node = owner.node(owner.by_cell[cell])
                seat.end()
                self._lose(seat)
                del self._busy[number]
                said = f"“{node}” did not return when the run was stopped: its process was ended"
                raise Ended(said)
        if self._stopped and not self._busy:
            raise StopRun

    def _ask(self) -> bool:
        """Ask what runs to stop, ever harder; returns whether it was asked long enough."""
        now = time.monotonic()
        if not self._stopped:
            self._stopped, self._patience = now, Patience(os.getpid())
            for seat in self._busy.values():
                seat.interrupt(hard=False)
            return False
        waited = now - self._stopped
        if self._steps < len(HARD_SECONDS) and waited >= HARD_SECONDS[self._steps]:
            self._steps += 1
            for seat in self._busy.values():
                seat.interrupt(hard=True)
        # where this process gets no processor, those that it waits for may have none either
        return self._patience is not None and self._patience.over(END_SECONDS)

    def _lose(self, seat: Seat) -> None:
        self._idle = [other for other in self._idle if other is not seat]
        self._seats.drop(seat)


_SENT = (type(None), bool, int, float, complex, str, bytes, list, tuple, dict, set, frozenset)
