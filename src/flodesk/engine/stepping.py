"""The steps of a running function, looked at one by one: only while it is to be held somewhere.

A loop that nobody wants to hold knows nothing of this: it takes this way when the flag stands that it looks at anyway.
"""

from __future__ import annotations

import contextlib
import sys
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from time import perf_counter_ns
from types import CodeType, FrameType
from typing import Any, TypeVar

from flodesk.engine.breaks import Frame, Held, Point
from flodesk.engine.calls import UNBOUND, Slots
from flodesk.engine.control import Control
from flodesk.engine.errors import Interruption, NodeError, StopRun
from flodesk.engine.frames import Frames
from flodesk.engine.leaving import Left
from flodesk.engine.live import encloses
from flodesk.engine.places.stretch import Stretch
from flodesk.engine.plan import Item, LoopRegion, Plan
from flodesk.engine.side_by_side import SideBySide
from flodesk.engine.table import FAILED, PAUSED, items_cell
from flodesk.engine.tapping import Ahead, Taps
from flodesk.flow.model import Call

Step = tuple[Callable[..., Any], int, int, int, int, tuple[int, ...]]
"""A step (function, slots of its arguments and its result) with the cell of its node and the slots dropped after it."""


def _begun(step: Step) -> Step:
    """Return a step without what was done when its block was come to."""
    return (*step[0].bare, *step[4:]) if isinstance(step[0], Ahead) else step


Method = TypeVar("Method", bound=Callable[..., Any])

STEPPING: set[CodeType] = set()
"""The code of the methods that run steps: in their frames ``self``, ``s`` and ``cell`` say where a thread is."""


def runs_steps(method: Method) -> Method:
    """Note that a method runs steps."""
    STEPPING.add(method.__code__)
    return method


def frames_of_thread() -> list[FrameType]:
    """Return the Python frames of the calling thread that run steps, the innermost first."""
    found = []
    frame: FrameType | None = sys._getframe(1)
    while frame is not None:
        if frame.f_code in STEPPING:
            found.append(frame)
        frame = frame.f_back
    return found


def stack() -> list[tuple[Stepping, Frame]]:
    """Return the functions that the calling thread is in, the innermost last, with those who run them."""
    found: dict[int, tuple[Stepping, Frame]] = {}
    for frame in frames_of_thread():
        runner: Stepping = frame.f_locals["self"]
        slots, cell = frame.f_locals.get("s"), frame.f_locals.get("cell", -1)
        plan = runner.plan.owners.get(cell)
        if slots is not None and id(slots) not in found and plan is not None:
            found[id(slots)] = runner, runner.frame(plan, slots, cell)
    return list(reversed(found.values()))


def turn_at(node: str, runners: Mapping[str, Stepping]) -> int:
    """Return the turn of the outermost loop that a node is in, from 1; 0 outside of loops, or where nobody knows.

    It is that in which the calling thread is; elsewhere that in which the function of the node is.
    """
    with contextlib.suppress(LookupError, ValueError):  # the run has ended, or changes just now
        for runner, frame in stack()[:1]:
            return runner.iteration(frame.cell)
        function, _, id = node.partition(".")
        return runners[function].iteration(runners[function].plan.items[id].cell)
    return 0


class Stepping:
    """What a runner does while its function may be held at any step."""

    plan: Plan
    control: Control
    cells: memoryview
    frames: Frames
    taps: Taps
    _arming: threading.Lock
    _steps: dict[int, tuple[Step, ...]]
    turn_of: Callable[[LoopRegion], int | None] = staticmethod(lambda region: None)
    """Gives the turn of a loop where what runs here is behind it."""

    @runs_steps
    def _walk(self, steps: Sequence[Step], s: Slots, cell: int) -> None:
        """Run the steps of a block from that of `cell` on, and drop no value while it may be looked at."""
        cells, control, clock = self.cells, self.control, perf_counter_ns
        first = next(n for n, step in enumerate(steps) if step[4] == cell)
        left, taps = [*self._apart(steps[first:])], self.taps
        try:
            if first == 0:
                if isinstance(ahead := left[0][0], Ahead):
                    ahead.hand(s)  # a probe of the producer has its value while the first step is held
                self._arrived(s, cell)
            for n in range(len(left)):
                cell = left[n][4]
                if control.halting:
                    self._before(s, cell)
                if self.taps is not taps:  # a probe came while it was held: it gets the rest of this turn
                    left, taps = self._tapped(left, n, cell), self.taps
                fn, a, b, out, cell, dead = _begun(left[n])
                cells[cell] = clock()
                if b >= 0:
                    s[out] = fn(s[a], s[b])
                elif a >= 0:
                    s[out] = fn(s[a])
                else:
                    s[out] = fn(s)
                cells[cell + 1] = clock()
                if control.halting:
                    self._after(s, cell)
                else:
                    for slot in dead:
                        s[slot] = UNBOUND
        except Left:
            cells[cell + 1] = clock()
            raise
        except Interruption:
            raise
        except BaseException as error:  # noqa: BLE001 - the border of a node's call
            cells[cell + 1] = FAILED
            raise NodeError(self.plan.owners[cell], cell, s, error) from None

    @runs_steps
    def alone(self, step: Step, s: Slots) -> int:
        """Run one step, in any thread, and return how long it took, in ns."""
        fn, a, b, out, cell, _ = step
        cells, clock = self.cells, perf_counter_ns
        cells[cell] = begun = clock()
        try:
            s[out] = fn(s[a], s[b]) if b >= 0 else fn(s[a]) if a >= 0 else fn(s)
        except Interruption:
            raise
        except BaseException as error:  # noqa: BLE001 - the border of a node's call
            cells[cell + 1] = FAILED
            raise NodeError(self.plan.owners[cell], cell, s, error) from None
        cells[cell + 1] = ended = clock()
        return ended - begun

    def steps_of(self, plan: Plan, items: Sequence[Item]) -> list[Any]:
        """Make the steps of neighbours in a block."""
        raise NotImplementedError

    def _apart(self, steps: Iterable[Step]) -> Iterator[Step]:
        """Give the steps; nodes that are one step together are steps of their own here, to be held between them."""
        for step in steps:
            if isinstance(step[0], Stretch) and len(step[0].items) > 1:
                for item in step[0].items:
                    yield from self.steps_of(self.plan.owners[step[4]], [item])
            elif isinstance(step[0], SideBySide):
                yield from step[0].steps
            else:
                yield step

    def _tapped(self, steps: list[Step], n: int, cell: int) -> list[Step]:
        """Return the steps of a block with the probes that there are now from the n-th on."""
        with self._arming:
            block = self._steps.get(self._at(cell).block.turns, ())
        left = len(steps) - n
        fresh = [*self._apart(block)][-left:]
        fits = [step[4] for step in fresh] == [step[4] for step in steps[n:]]
        return [*steps[:n], *fresh] if fits else steps

    def _arrived(self, s: Slots, cell: int) -> None:
        """See, at the first step of a loop's body, whether the value of its producer holds it."""
        item = self._at(cell)
        owner = item.block.owner if item.place == 0 else None
        if owner is not None and isinstance(owner.region, LoopRegion):
            self._after(s, owner.region.cell)

    # -------------------------------------------------------------- where to hold
    def _before(self, s: Slots, cell: int) -> None:
        """Stop, or hold, before a step."""
        if self.control.stopping:
            raise StopRun
        item = self._at(cell)
        if not isinstance(item.region, LoopRegion):  # that one holds at its turns
            self._look(s, cell, item, turn=False)

    def before_turn(self, s: Slots, item: Item) -> None:
        """Stop, or hold, before a loop asks its producer for the next value."""
        region = item.region
        assert isinstance(region, LoopRegion)
        if self.control.stopping:
            raise StopRun
        # a change of the plan comes here twice before the same turn
        here = (item.key, self.cells[region.body.turns])
        if self.control.holding.passed != here:
            self._look(s, region.cell, item, turn=True)
            self.control.holding.passed = here

    def _look(self, s: Slots, cell: int, item: Item, *, turn: bool) -> None:
        holding = self.control.holding
        loops = self._loops(item) + turn
        why = ""
        if not holding.aside:
            holding.passed = None
        if holding.mode and not holding.aside:
            why = self._step_ends(loops, turn)
        for point in holding.breaks.at(self.plan.owners[cell])[0].get(cell, ()):
            why = self._why(point, s, cell, ahead=turn) or why
        if why:
            self._hold(s, cell, why, loops, ahead=turn)

    def _step_ends(self, loops: int, turn: bool) -> str:
        holding = self.control.holding
        depth = len(stack()) if holding.mode in ("over", "out", "iteration") else 0
        reached = {
            "pause": True,
            "into": True,
            "over": depth <= holding.depth,
            "out": depth < holding.depth,
            "iteration": depth <= holding.depth
            and ((turn and loops <= holding.loops) or (holding.inside and loops < holding.loops)),
        }
        if not reached[holding.mode]:
            return ""
        return "paused" if holding.mode == "pause" else "step"

    def _after(self, s: Slots, cell: int) -> None:
        """Hold after a step whose value runs into a wire with a breakpoint."""
        if self.control.stopping:
            raise StopRun
        for point in self.control.holding.breaks.at(self.plan.owners[cell])[1].get(cell, ()):
            why = self._why(point, s, cell)
            if why:
                item = self._at(cell)
                inside = isinstance(item.region, LoopRegion)
                return self._hold(s, cell, why, self._loops(item) + inside, wire=point.key)
        return None

    def _why(self, point: Point, s: Slots, cell: int, *, ahead: bool = False) -> str:
        return point.why(self.frame(self.plan.owners[cell], s, cell), self.iteration(cell, ahead=ahead))

    def _loops(self, item: Item) -> int:
        loops = (other for other in self.plan.owners[item.cell].items.values() if other.kind == "loop")
        return sum(encloses(loop, item) for loop in loops)

    def _at(self, cell: int) -> Item:
        return self.plan.owners[cell].by_cell[cell]

    def iteration(self, cell: int, *, ahead: bool = False) -> int:
        """Return the turn of the outermost loop around a step, from 1; 0 outside of loops.

        `ahead` says that the step is the producer's, which is about to begin the next turn.
        """
        outermost = self._outermost(cell)
        if outermost is None:
            return 0
        behind = self.turn_of(outermost)
        turn = int(self.cells[outermost.body.turns]) if behind is None else behind
        return turn + (ahead and outermost.cell == cell)

    def _outermost(self, cell: int) -> LoopRegion | None:
        item: Item | None = self._at(cell)
        found = None
        while item is not None:
            found = item.region if isinstance(item.region, LoopRegion) else found
            item = item.block.owner
        return found

    def _is_behind(self, cell: int) -> bool:
        """Say whether a step is in a turn of its own, behind that of its loop."""
        outermost = self._outermost(cell)
        return outermost is not None and self.turn_of(outermost) is not None

    def frame(self, plan: Plan, slots: Slots, cell: int) -> Frame:
        """Return a function that runs here at one of its steps."""
        return Frame(plan, slots, cell, self.cells, self.frames.ends)

    # -------------------------------------------------------------- held
    def _hold(self, s: Slots, cell: int, why: str, loops: int, *, wire: str = "", ahead: bool = False) -> None:
        """Wait at a step until somebody lets the function go on, and stop if that is what is wanted."""
        control, cells = self.control, self.cells
        begun, ended = cells[cell], cells[cell + 1]
        around = [found for found in stack() if found[1].slots is not s]
        here = self.frame(self.plan.owners[cell], s, cell)
        runner, outer = around[0] if around else (self, here)
        iteration = runner.iteration(outer.cell, ahead=ahead)
        frames = (*(frame for _, frame in around), here)
        for called in frames[1:]:
            self.frames.hold(called.plan.function, called.slots)
        self.frames.ends[cell] = begun, ended
        cells[cell] = now = perf_counter_ns()
        cells[cell + 1] = PAUSED
        behind = runner._is_behind(outer.cell)
        try:
            control.holding.hold(Held(frames, iteration, why, wire, loops, ahead, behind), lambda: control.stopping)
        finally:
            # a call that is held in its middle has not been at work meanwhile
            cells[cell] = begun + perf_counter_ns() - now if begun > ended else begun
            cells[cell + 1] = ended
            control.look()
            if not control.halting:
                self.frames.held.clear()
        if control.stopping:
            raise StopRun


def hold_here() -> None:
    """Hold the function whose node has called this from its own thread: it waits, and so it can be held at once."""
    frames = stack()
    if frames:
        runner, frame = frames[-1]
        asked = isinstance(frame.item.region, LoopRegion)
        runner._hold(frame.slots, frame.cell, "paused", runner._loops(frame.item) + asked, ahead=asked)


# ------------------------------------------------------------------ for the nodes that run
def calling() -> str:
    """Return the node that the calling thread is in (``function.node``); empty if it is in none."""
    runner, item = _here()
    return runner.plan.owners[item.cell].node(item) if runner is not None and item is not None else ""


def advance(fraction: float) -> None:
    """Note how far the call is that the calling thread is in, from 0 to 1."""
    _note(int(fraction * 1_000_000))


def advance_items(done: int, total: int) -> None:
    """Note how many items of how many are done by the call that the calling thread is in."""
    if total:
        _note(items_cell(done, total))


def _note(progress: int) -> None:
    runner, item = _here()
    if runner is not None and item is not None:
        cell = item.region.cell if isinstance(item.region, LoopRegion) else item.cell
        runner.cells[cell + 2] = progress
        runner.cells[cell + 3] = runner.cells[cell]


def _here() -> tuple[Stepping | None, Item | None]:
    """Look into the frames of the calling thread: that costs a running step nothing.

    A bare line of a subflow (``context.progress(0.5)``) speaks for the node that calls the subflow.
    """
    speaks_for: Plan | None = None
    for frame in frames_of_thread():
        runner: Stepping = frame.f_locals["self"]
        cell = frame.f_locals.get("cell", -1)
        plan = runner.plan.owners.get(cell)
        item = plan.by_cell[cell] if plan is not None else None
        if item is None or plan is not speaks_for:
            if item is None or item.key == item.id or not _is_bare(item):
                return runner, item
            speaks_for = plan
    return None, None


def _is_bare(item: Item) -> bool:
    return isinstance(item.statement, Call) and not item.statement.name
