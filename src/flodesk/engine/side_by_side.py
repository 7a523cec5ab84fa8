"""Calls that say they are pure and do not need one another run at the same time, in threads of this process.

Neighbours of a block of which that may be true are a bundle (`bundles` finds them when the flow is compiled); a block
without one is run as if this module were not there. The loop's own thread goes through a bundle in the script's order,
step by step as always. Hands, threads for the cores that it leaves idle, take later steps whose inputs are there; where
the loop comes to a step that a hand has taken, it gets the result, waits for it, or takes a later step meanwhile.

So everything that is told is told in the script's order: the first error is the script's, and what a hand has computed
behind it is taken back. Whether it pays is measured (`Course`): a bundle that is done in a millisecond, or that gains
nothing, runs in the ordinary way.
"""

from __future__ import annotations

import contextvars
import os
import threading
import time
from collections.abc import Callable, Sequence, Set
from queue import Empty, SimpleQueue
from time import perf_counter_ns
from typing import Any, Protocol

from flodesk.engine.calls import Slots
from flodesk.engine.control import Control, RunContext
from flodesk.engine.course import CHEAP_NS, Course
from flodesk.engine.errors import StopRun
from flodesk.engine.plan import Bundle, Item, Plan
from flodesk.engine.threads import INTERRUPTIONS, SOFT_SECONDS, guarded, raise_in
from flodesk.public import context, enter_context

AHEAD = 4
"""So many steps may be under way or done before the loop has come to them: their values take memory."""
WINDOW = 64
"""How many steps a hand looks ahead for one that it can take."""

Step = tuple[Callable[..., Any], int, int, int, int, tuple[int, ...]]


def cores() -> int:
    """Return on how many cores this process may run."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class Host(Protocol):
    """Whoever runs the steps of a function: the `Runner`."""

    plan: Plan
    control: Control
    cells: memoryview

    def _run(self, steps: Any, s: Slots) -> None:
        """Run steps, one after the other."""

    def alone(self, step: Step, s: Slots) -> int:
        """Run one step, in any thread, and return how long it took, in ns."""

    def item_steps(self, plan: Plan, item: Item, kept: Set[int], drop: bool) -> list[Step]:
        """Make the steps of an item."""


class Helped(Protocol):
    """Something that hands help with; `awake` says that they do so at once, and not after a while."""

    awake: bool

    def help(self, own: Any) -> None:
        """Do what can be done by now, in the context of the hand's own."""


# ------------------------------------------------------------------ the threads
class Hands:
    """The threads that help the loop of one running function: started when first needed, ended with it."""

    def __init__(self, host: Host, count: int) -> None:
        self.count = count
        self._host = host
        self._work: SimpleQueue[Helped | None] = SimpleQueue()
        self._threads: list[tuple[threading.Thread, Control]] = []

    @property
    def controls(self) -> list[Control]:
        """Those of the threads."""
        return [control for _, control in self._threads]

    def steps(self, plan: Plan, items: Sequence[Item], kept: Set[int], drop: bool) -> list[Step]:
        """Make the steps of neighbours; each bundle among them is one."""
        starts = {bundle.items[0].id: bundle for bundle in plan.bundles} if self.count else {}
        found: list[Step] = []
        place = 0
        while place < len(items):
            bundle = starts.get(items[place].id)
            if bundle is not None and list(items[place : place + len(bundle.items)]) == bundle.items:
                serial = [self._host.item_steps(plan, item, kept, drop) for item in bundle.items]
                if all(len(steps) == 1 for steps in serial):
                    whole = SideBySide(self._host, self, [step for (step,) in serial], bundle)
                    found.append((whole, -1, -1, plan.trash, bundle.cell, ()))
                    place += len(bundle.items)
                    continue
            found += self._host.item_steps(plan, items[place], kept, drop)
            place += 1
        return found

    def call(self, round: Helped, hands: int) -> None:
        """Let so many hands look whether there is something to do."""
        while len(self._threads) < min(hands, self.count):
            control, here = Control(), context()
            own = here.beside(control) if isinstance(here, RunContext) else here
            name = f"flodesk {self._host.plan.function} hand {len(self._threads) + 1}"
            thread = threading.Thread(target=self._live, args=(control, own, self._work), name=name, daemon=True)
            self._threads.append((thread, control))
            thread.start()
        for _ in range(min(hands, self.count)):
            self._work.put(round)

    def _live(self, control: Control, own: Any, work: SimpleQueue[Helped | None]) -> None:
        def help_out() -> None:
            round = work.get()
            while round is not None:
                if round.awake or (following := _soon(work, round)) is round:
                    round.awake = True
                    round.help(own)
                    following = work.get()
                round = following

        guarded(control, help_out)

    def end(self) -> None:
        """End the threads; one that is still in a node is asked to stop, and gets an exception after a while."""
        threads, self._threads = self._threads, []
        work, self._work = self._work, SimpleQueue()
        for _, control in threads:
            control.stop()
            work.put(None)
        for _ in range(INTERRUPTIONS):
            until = time.monotonic() + SOFT_SECONDS
            for thread, control in threads:
                thread.join(max(0.0, until - time.monotonic()))
                if thread.is_alive():
                    with control.lock:
                        if control.ident and not control.over:
                            raise_in(control.ident)
        for thread, _ in threads:
            thread.join()


def _soon(work: SimpleQueue[Helped | None], otherwise: Helped) -> Helped | None:
    """Return what comes within the time in which most bundles are over that nobody has seen yet."""
    try:
        return work.get(timeout=CHEAP_NS * 1e-9)
    except Empty:
        return otherwise


# ------------------------------------------------------------------ a bundle
class SideBySide:
    """A bundle. Called with the slots of the function, like any step of a plan."""

    def __init__(self, host: Host, hands: Hands, steps: Sequence[Step], bundle: Bundle) -> None:
        self.steps = tuple(steps)
        self.before = bundle.before
        self.after: list[list[int]] = [[] for _ in steps]
        for number, needs in enumerate(self.before):
            for other in needs:
                self.after[other].append(number)
        self._begin, self._end = self.steps[0][4], self.steps[-1][4] + 1
        self.host = host
        self.hands = hands
        self.round: _Round | None = None
        self._shared = tuple(
            (self._taking(number), -1, -1, out, cell, dead)
            for number, (_, _, _, out, cell, dead) in enumerate(self.steps)
        )
        self.most = min(hands.count, bundle.width - 1)
        self._course = Course(self.before, self.most)

    def __call__(self, s: Slots) -> None:
        """Run it over the slots of its function."""
        course = self._course
        if not course.apart:
            self.host._run(self.steps, s)
            if course.nap:
                course.nap -= 1
                return
            cells = self.host.cells
            if cells[self._end] - cells[self._begin] >= CHEAP_NS:
                course.one_after_the_other(self._spans())
            return
        begun = perf_counter_ns()
        round = self.round = _Round(self, s, delayed=not course.known)
        try:
            round.begin()
            self.host._run(self._shared, s)
        except StopRun:
            raise
        except BaseException:
            round.take_back()
            raise
        finally:
            round.over = True
            self.round = None
        course.side_by_side(self._spans(), perf_counter_ns() - begun, round.helped)

    def _spans(self) -> list[int]:
        cells = self.host.cells
        return [cells[step[4] + 1] - cells[step[4]] for step in self.steps]

    def _taking(self, number: int) -> Callable[[Slots], Any]:
        """Make the step by which the loop comes to one of the bundle's."""
        fn, a, b, out, _, _ = self.steps[number]

        def take(s: Slots) -> Any:
            round = self.round
            assert round is not None
            round.at = number
            if not round.open.pop(number, False):
                return round.fetch(number)
            value = s[out] = fn(s[a], s[b]) if b >= 0 else fn(s[a]) if a >= 0 else fn(s)
            round.done[number] = True
            if round.awake:
                round.call_for(number)
            return value

        return take


class _Round:
    """One call of a bundle.

    No lock is held anywhere: what two threads may want at once is taken out of a dictionary, which one of them alone
    can do, and who waits does so at a queue. An exception that is put into a thread to stop it leaves nothing locked.
    """

    def __init__(self, bundle: SideBySide, s: Slots, *, delayed: bool) -> None:
        self.open = dict.fromkeys(range(len(bundle.steps)), True)
        """The steps that nobody has taken."""
        self.done = [False] * len(bundle.steps)
        self.at = 0
        """The step that the loop has come to."""
        self.over = False
        self.awake = not delayed
        self.helped = False
        self._bundle = bundle
        self._host = bundle.host
        self._s = s
        self._failed: dict[int, BaseException] = {}
        self._ahead: dict[int, tuple[Any, int, int]] = {}
        """The steps that were taken before the loop came to them: value of the slot and states before that."""
        self._spans: dict[int, int] = {}
        self._waiting = False
        self._told: SimpleQueue[None] = SimpleQueue()
        self._context = contextvars.copy_context()

    def begin(self) -> None:
        """Call the hands that there is something for from the start."""
        bundle = self._bundle
        ready = sum(not needs for needs in bundle.before[1:])
        if not self.awake:
            ready = bundle.most
        if ready:
            bundle.hands.call(self, ready)

    # -------------------------------------------------------------- who takes what
    def take_ahead(self) -> int:
        """Take a step that the loop has not come to yet; returns its number, -1 if there is none."""
        steps, done = self._bundle.steps, self.done
        if self.over or self._failed or len(self._ahead) >= AHEAD or self._host.control.halting:
            return -1
        for number in range(self.at + 1, min(self.at + WINDOW, len(steps))):
            if number in self.open and all(done[n] for n in self._bundle.before[number]):
                _, _, _, out, cell, _ = steps[number]
                before = self._s[out], self._host.cells[cell], self._host.cells[cell + 1]
                if self.open.pop(number, False):
                    self._ahead[number] = before
                    return number
        return -1

    def call_for(self, number: int) -> None:
        """After a step: call hands for those that can be done now, but for the next, which the loop does itself."""
        bundle, done = self._bundle, self.done
        new = sum(
            n != number + 1 and n in self.open and all(done[m] for m in bundle.before[n]) for n in bundle.after[number]
        )
        if new:
            bundle.hands.call(self, new)

    def _carry_out(self, number: int) -> None:
        try:
            self._spans[number] = self._host.alone(self._bundle.steps[number], self._s)
            self.done[number] = True
        except BaseException as error:  # noqa: BLE001 - it is raised where the loop comes to this step
            self._failed[number] = error

    # -------------------------------------------------------------- a hand
    def help(self, own: Any) -> None:
        """Do what can be done by now."""
        if self.over:
            return
        here = self._context.copy()
        here.run(enter_context, own)
        while (number := self.take_ahead()) >= 0:
            self.helped = True
            here.run(self._carry_out, number)
            if self._waiting:
                self._told.put(None)
            if self._bundle.hands.count > 1:
                self.call_for(number)

    # -------------------------------------------------------------- the loop
    def fetch(self, number: int) -> Any:
        """Return the result of a step that was taken already; do others while it is not there."""
        if not self.done[number] and number not in self._failed:
            self._wait(number)
        full = len(self._ahead) >= AHEAD
        del self._ahead[number]
        if number in self._failed:
            raise self._failed[number]
        _, _, _, out, cell, _ = self._bundle.steps[number]
        if full and self.awake:
            self._bundle.hands.call(self, 1)
        # the loop writes the end of the step when it returns: its node took as long as the hand says
        self._host.cells[cell] = perf_counter_ns() - self._spans[number]
        return self._s[out]

    def _wait(self, number: int) -> None:
        control, told = self._host.control, self._told

        def wake() -> None:
            told.put(None)

        control.wakes.append(wake)
        try:
            while True:
                self._waiting = True  # before a look at the result: who is done after that look sees it
                if self.done[number] or number in self._failed:
                    return
                if control.stopping:
                    raise StopRun
                other = self.take_ahead()
                if other < 0:
                    told.get()
                else:
                    self._carry_out(other)
        finally:
            self._waiting = False
            control.wakes.remove(wake)

    def take_back(self) -> None:
        """After an error: end what runs behind the place where it happened, and undo what ran there."""
        self.over = True
        if any(not self.done[number] and number not in self._failed for number in list(self._ahead)):
            self._bundle.hands.end()
        for number, (value, begun, ended) in self._ahead.items():
            _, _, _, out, cell, _ = self._bundle.steps[number]
            self._s[out] = value
            self._host.cells[cell], self._host.cells[cell + 1] = begun, ended
