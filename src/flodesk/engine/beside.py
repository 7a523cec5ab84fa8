"""Side branches: parts of a loop's body that run in a thread of their own, turn after turn, a few turns behind.

Where a statement of such a branch stands in the body, the loop only notes the values that it reads (`_Side.note`
makes such steps instead of its own); after the last of them the notes of the turn are handed over. So the loop pays for
a branch nothing but that, and a loop without one pays nothing at all. A branch has slots of its own, and runs what was
noted on them; what it binds is then shown in the slots of the loop.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Iterable, Sequence, Set
from dataclasses import dataclass
from functools import partial
from itertools import groupby
from typing import Any, Protocol

from flodesk.engine.awaiting import room
from flodesk.engine.calls import Slots
from flodesk.engine.control import Control, RunContext
from flodesk.engine.errors import StopRun
from flodesk.engine.names import blocks_of, everything
from flodesk.engine.plan import Block, Item, LoopRegion, Plan
from flodesk.engine.tapping import Taps
from flodesk.engine.threads import guarded
from flodesk.engine.tolerance import Tolerance
from flodesk.flow.detached import Branch
from flodesk.public import context, enter_context


class Host(Protocol):
    """Whoever runs the steps of a function: the `Runner`."""

    plan: Plan
    control: Control
    cells: memoryview
    turn_of: Callable[[LoopRegion], int | None]
    _watched: frozenset[str]
    _log: Callable[[str, str, str], None]
    _tolerance: Tolerance | None

    def _run(self, steps: Any, s: Slots) -> None:
        """Run steps over slots."""

    def steps_of(
        self, plan: Plan, items: Sequence[Item], kept: Set[int] = frozenset(), drop: bool = False
    ) -> list[Any]:
        """Make the steps of neighbours in a block."""

    def aside(self, control: Control) -> Host:
        """Return another one for the same plan, states and objects, which listens to another control."""

    def watch(self, names: frozenset[str]) -> None:
        """Keep the values of these variables."""

    def probe(self, taps: Taps) -> None:
        """Hand the values of some variables to rings."""


def branching(host: Host, plan: Plan) -> Beside | None:
    """Return what runs the side branches of a function and of its subflows; None if they have none."""
    plans = [one for one in (plan, *plan.inner.values()) if one.beside]
    return Beside(host, plans) if plans else None


class Beside:
    """The side branches of one running function."""

    def __init__(self, host: Host, plans: Iterable[Plan]) -> None:
        self._host = host
        self._sides: dict[str, list[_Side]] = {}
        for plan in plans:
            for branch in plan.beside:
                self._sides.setdefault(plan.items[branch.loop].key, []).append(_Side(host, plan, branch))

    @property
    def _all(self) -> list[_Side]:
        return [side for sides in self._sides.values() for side in sides]

    @property
    def controls(self) -> list[Control]:
        """Those of the branches' threads."""
        return [side.control for side in self._all]

    def watch(self, names: frozenset[str]) -> None:
        """Keep the values of these variables in the branches, too."""
        for side in self._all:
            side.watch(names)

    def probe(self, taps: Taps) -> None:
        """Hand the values of some variables of the branches to rings."""
        for side in self._all:
            side.probe(taps)

    def arm(self, plan: Plan, block: Block, kept: Set[int], drop: bool) -> list[Any] | None:
        """Return the steps of a loop's body, with notes in the place of what runs beside it; None if nothing does."""
        sides = self._sides.get(block.owner.key) if block.owner is not None else None
        if not sides:
            return None
        whose = {item.id: side for side in sides for part in side.parts for item in part}
        steps: list[Any] = []
        for side, items in groupby(block.items, lambda item: whose.get(item.id)):
            if side is None:
                steps += self._host.steps_of(plan, list(items), kept, drop)
            else:
                steps.append(side.note(list(items), kept, drop))
        return steps

    def around(self, item: Item, loop: Callable[[Slots], None]) -> Callable[[Slots], None]:
        """Return the step of a loop that ends when its branches have caught up."""
        sides = self._sides.get(item.key)
        if not sides:
            return loop

        def step(s: Slots) -> None:
            for side in sides:
                side.begin(s)
            try:
                loop(s)
            except StopRun:
                for side in sides:
                    side.control.stop()
                raise
            except BaseException:
                # the script would have run in the branch what stands before the place that failed; and before another
                # plan takes the values over, all of them must be there
                for side in sides:
                    side.catch_up()
                raise
            for side in sides:
                side.catch_up()

        return step

    def close(self) -> None:
        """End the threads."""
        for side in self._all:
            side.close()


@dataclass(slots=True)
class _Notes:
    """What one turn of the loop notes for a branch: values for the slots of each of its parts, as they come."""

    turn: int
    targets: list[Any]
    values: list[list[Any]]
    around: Any = ()
    """The turns of the loops around it, where they are needed."""


class _Side:
    """One branch and its thread, which begins with the first turn."""

    def __init__(self, host: Host, plan: Plan, branch: Branch) -> None:
        self.plan = plan
        self.item = plan.items[branch.loop]
        assert isinstance(self.item.region, LoopRegion)
        self.region = self.item.region
        self.control = host.control.another()
        self.control.wakes.append(self._wake)
        self.runner = host.aside(self.control)
        self.runner.turn_of = self._turn
        self._host = host
        self._whole = host.plan
        self._note_cell = plan.notes[branch.statements[0]]
        self._name = f"{plan.function}.{branch.nodes[0]}"
        self._behind = branch.behind
        items = [plan.items[name] for name in branch.statements]
        self._bound_names = frozenset(name for item in items for name in item.binds)
        self._bound = tuple(plan.names[name] for name in sorted(self._bound_names))
        self.parts = _neighbours(items)
        self._takes = [_taken(plan, part, self._bound_names) for part in self.parts]
        self._steps: list[list[Any]] = []
        self._drop = True
        self.watch(host._watched)
        self._slots: Slots = list(plan.slots)
        self._shown: Slots = plan.slots
        self._counts = memoryview(bytearray(8 * (self.region.body.turns + 1))).cast("q")
        self._notes: _Notes | None = None
        self._turns: deque[_Notes] = deque()
        self._lock = threading.RLock()
        self._changed = threading.Condition(self._lock)
        self._closing = False
        self._ended: BaseException | None = None
        self._thread: threading.Thread | None = None

    def _turn(self, region: LoopRegion) -> int | None:
        """Return the turn of the branch where it is another than that of its loop."""
        return self._counts[region.body.turns] if region is self.region else None

    # -------------------------------------------------------------- the loop's side
    def watch(self, names: frozenset[str]) -> None:
        """Keep the values of these variables."""
        self.runner.watch(names)
        plan = self.plan
        prefix = "" if plan is self._host.plan else f"{plan.function}."
        kept = {slot for name, slot in plan.names.items() if prefix + name in names} | plan.kept
        self._names = names
        self._steps = [self.runner.steps_of(plan, part, kept, drop=self._drop) for part in self.parts]

    def probe(self, taps: Taps) -> None:
        """Hand the values of some variables to rings."""
        self.runner.probe(taps)
        self.watch(self._names)

    def note(self, items: list[Item], kept: Set[int], drop: bool) -> Any:
        """Return the step that notes what neighbours of the branch get from the loop."""
        if drop is not self._drop:
            self._drop = drop
            self.watch(self._names)
        number = next(n for n, part in enumerate(self.parts) if part[0] is items[0])
        last = number == len(self.parts) - 1
        takes, targets, count = self._takes[number], self.region.targets, self.region.body.turns
        gone = {slot for item in items for slot in item.drops if slot not in kept} if drop else set()

        def note(s: Slots) -> None:
            notes = self._notes
            if number == 0:
                if notes is not None:
                    self._hand_over(notes)  # a turn that was left before its end
                if self._ended is not None:
                    raise self._ended
                turn = self._host.cells[count]
                notes = self._notes = _Notes(turn, [s[slot] for slot in targets], [])
                if self._host._tolerance is not None:
                    notes.around = self._host._tolerance.around()
            if notes is not None:
                notes.values.append([s[slot] for slot in takes])
                if last:
                    self._hand_over(notes)

        return note, -1, -1, self.plan.trash, self.plan.notes[items[0].id], tuple(gone.difference(self._bound))

    def _hand_over(self, notes: _Notes) -> None:
        self._notes = None
        with self._changed:
            self._until(lambda: len(self._turns) < self._behind)
            self._turns.append(notes)
            self._count()
            self._changed.notify_all()
        if self._thread is None:
            here = context()
            self._thread = threading.Thread(
                target=lambda: self._live(here), name=f"flodesk {self._name} beside", daemon=True
            )
            self._thread.start()

    def _count(self) -> None:
        """Tell how many turns are on their way; a swap may have taken the cells of this plan meanwhile."""
        if self._host.plan is self._whole:
            self._host.cells[self._note_cell + 2] = len(self._turns)

    def _until(self, true: Callable[[], bool]) -> None:
        """Wait for the branch, with the lock held; raise what has ended it."""
        control = self._host.control
        with control.waits(self._wake, self._lock):
            while True:
                control.check()  # first: the lock is given up in it while the loop is held
                if self._ended is not None or true():
                    break
                self._changed.wait()
        if self._ended is not None:
            raise self._ended

    def begin(self, s: Slots) -> None:
        """Begin with the values that there are before the loop."""
        self._slots[:] = s
        self._shown = s

    def catch_up(self) -> None:
        """Wait until all that was noted has run.

        Raises
        ------
        NodeError
            A node of the branch failed.
        """
        if self._notes is not None:
            self._hand_over(self._notes)
        with self._changed:
            self._until(lambda: not self._turns)
            self._show()

    def close(self) -> None:
        """End the thread."""
        with self._changed:
            self._closing = True
            self._changed.notify_all()
        if self._thread is not None:
            self._thread.join()

    def _wake(self) -> None:
        with self._changed:
            self._changed.notify_all()

    # -------------------------------------------------------------- the branch's own thread
    def _live(self, here: Any) -> None:
        enter_context(here.beside(self.control) if isinstance(here, RunContext) else here)
        ended = guarded(self.control, self._in_room)
        with self._changed:
            self._ended = ended
            self._turns.clear()
            self._count()
            self._changed.notify_all()

    def _in_room(self) -> None:
        with room(self.control, partial(self._host._log, ""), at_once=self.plan.asynchronous):
            self._work()

    def _work(self) -> None:
        run: Callable[[Any, Slots], None] = self._run
        if self.runner._tolerance is not None:
            run = self.runner._tolerance.turn(run, self.plan, self.item, self.region, self._counts)
        while True:
            with self._changed:
                while not self._turns and not self._closing:
                    self.control.check()
                    self._changed.wait()
                if not self._turns:
                    return
                notes = self._turns[0]
            self._counts[self.region.body.turns] = notes.turn
            for slot, value in zip(self.region.targets, notes.targets, strict=True):
                self._slots[slot] = value
            if self.runner._tolerance is not None:
                self.runner._tolerance.stand_in(notes.around)
            try:
                run(notes, self._slots)
            finally:
                self._show()
            with self._changed:
                self._turns.popleft()
                self._count()
                self._changed.notify_all()

    def _show(self) -> None:
        for slot in self._bound:
            self._shown[slot] = self._slots[slot]

    def _run(self, notes: _Notes, s: Slots) -> None:
        for slots, values, steps in zip(self._takes, notes.values, self._steps, strict=False):
            for slot, value in zip(slots, values, strict=True):
                s[slot] = value
            self.runner._run(steps, s)


def _neighbours(items: list[Item]) -> list[list[Item]]:
    """Part the statements of a branch into those that stand one right after the other."""
    parts: list[list[Item]] = []
    for item in items:
        if not parts or item.place != parts[-1][-1].place + 1:
            parts.append([])
        parts[-1].append(item)
    return parts


def _taken(plan: Plan, items: list[Item], bound: frozenset[str]) -> tuple[int, ...]:
    """Return the slots that statements of a branch get from the loop: what they read, and their literals."""
    found = set()
    for item in items:
        found |= {plan.names[name] for name in item.reads - bound}
        inner = [statement for block in blocks_of(item.statement) for statement in everything(block)]
        for part in [item, *(plan.items[s.id] for s in inner if s.id in plan.items)]:
            found.update(part.literals.values())
    return tuple(sorted(found))
