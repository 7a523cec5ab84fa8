"""Runs the plan of one function: plain Python, at home in any thread."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from contextlib import suppress
from functools import partial
from time import perf_counter_ns
from typing import Any

from flodesk.engine.arms import noted, noting, watched_at
from flodesk.engine.beside import branching
from flodesk.engine.cache.memory import Memory
from flodesk.engine.calls import UNBOUND, Slots, unpack
from flodesk.engine.changing import Changes, Swap
from flodesk.engine.control import Control
from flodesk.engine.errors import Interruption, NodeError, Renew
from flodesk.engine.frames import Frames, closes
from flodesk.engine.leaving import Left, passing
from flodesk.engine.limits import Counted, close_iterator, length_of, settle
from flodesk.engine.live import SwapError, blocks_in, carry_cells
from flodesk.engine.mapping import side_by_side
from flodesk.engine.objects import Objects, making
from flodesk.engine.places.elsewhere import LOCAL, Elsewhere
from flodesk.engine.plan import Bare, Item, LoopRegion, Plan, SwitchRegion
from flodesk.engine.reached import Until
from flodesk.engine.side_by_side import Hands, cores
from flodesk.engine.stepping import Step, Stepping, runs_steps
from flodesk.engine.table import FAILED, mark_kept
from flodesk.engine.tapping import NOTHING, Taps
from flodesk.engine.tolerance import Restarts, Tolerance

_END = object()


class Runner(Stepping):
    """One function on its way.

    Parameters
    ----------
    plan : Plan
        What to run; a swap replaces it.
    cells : memoryview
        The plan's part of the state table.
    log : callable
        Takes (node, level, text).
    cells_for : callable
        Gives the cells of another plan that is swapped in.
    keep : bool
        Keep the values above the loops, so that a changed parameter can be computed again from there.
    tolerance : callable
        Gives what lets the loops of a plan go on after an error; None where they stop.
    away : Elsewhere, optional
        Runs the nodes that have another place.
    whole : bool
        False for one that runs side branches alone, beside another.

    Attributes
    ----------
    limit : int
        After so many turns an outermost loop ends as if its producer did; 0 is no limit.
    once : frozenset of str
        Ids of loops that make one turn: of a part of a flow that ends in them.
    changes : Changes
        Sees to what is changed while it runs.
    lengths : dict
        How many turns an outermost loop will have, by its id; -1 where nobody knows.
    """

    def __init__(
        self,
        plan: Plan,
        control: Control,
        cells: memoryview,
        log: Callable[[str, str, str], None],
        cells_for: Callable[[Plan], memoryview],
        *,
        keep: bool,
        tolerance: Callable[[Plan, Control], Tolerance | None] = lambda plan, control: None,
        memory: Memory | None = None,
        away: Elsewhere | None = None,
        whole: bool = True,
    ) -> None:
        self.plan = plan
        self.control = control
        self.cells = cells
        self.iterations = 0
        self.limit = 0
        self.once: frozenset[str] = frozenset()
        self.lengths: dict[str, int] = {}
        self._log = log
        self._cells_for = cells_for
        self._keep = keep
        self._tolerance_of = tolerance
        self._tolerance = tolerance(plan, control)
        self._watched: frozenset[str] = frozenset()
        self.taps: Taps = NOTHING
        self._arming = threading.Lock()
        self._objects = Objects()
        self.resumed: dict[str, Iterator[Any]] = {}
        self.turning = False
        self.frames = Frames(self)
        self.changes = Changes(self)
        self.memory = memory
        self._away = away or Elsewhere()
        self._whole = whole
        if whole:
            self._away.follow(plan)
        self._hands = Hands(self, cores() - 1) if whole and memory is None else None
        self._beside = branching(self, plan) if whole else None
        self._steps = self._armed()

    # -------------------------------------------------------------- side branches
    def aside(self, control: Control) -> Runner:
        """Return one that runs a side branch: the same plan, states and objects, under a control of its own."""
        made = Runner(
            self.plan,
            control,
            self.cells,
            self._log,
            self._cells_for,
            keep=self._keep,
            tolerance=self._tolerance_of,
            away=self._away,
            whole=False,
        )
        made._objects = self._objects
        made.probe(self.taps)
        made.frames.share(self.frames)
        return made

    @property
    def controls(self) -> list[Control]:
        """Those of its loop, and of what runs beside it: of all that can be held."""
        return [self.control, *(self._beside.controls if self._beside is not None else ())]

    @property
    def all_controls(self) -> list[Control]:
        """Those of all its threads: of all that can be stopped."""
        return [*self.controls, *(self._hands.controls if self._hands is not None else ())]

    # -------------------------------------------------------------- steps
    def watch(self, names: frozenset[str]) -> None:
        """Keep the values of these variables from the next turn on, whoever was the last to read them.

        Those of a subflow have the name of its function before them.
        """
        with self._arming:
            if names != self._watched:
                self._watched = names
                self._steps.update(self._armed())
                self.frames.forget_arms(names, self.plan.function)
                if self._beside is not None:
                    self._beside.watch(names)

    def probe(self, taps: Taps) -> None:
        """Hand the values of some variables to rings from the next turn on, and of no others."""
        with self._arming:
            if taps is not self.taps:
                self.taps = taps
                self._steps.update(self._armed())
                if self._beside is not None:
                    self._beside.probe(taps)

    def _armed(self) -> dict[int, tuple[Step, ...]]:
        """Make the steps of every block. A running loop finds new ones at its next turn."""
        made = {}
        for plan in (self.plan, *self.plan.inner.values()):
            prefix = "" if plan is self.plan else f"{plan.function}."
            kept = {slot for name, slot in plan.names.items() if prefix + name in self._watched} | plan.kept
            if self._tolerance is not None:
                kept |= plan.given_beside  # what fails beside its loop is kept with what the producer gave
            blocks = [plan.root, *(block for item in plan.items.values() for block in blocks_in(item))]
            keep = self._keep and (plan is self.plan or bool(plan.loops))
            for block in blocks:
                drop = not (keep and (block is plan.root or plan is self.plan))
                armed = self._beside.arm(plan, block, kept, drop) if self._beside is not None else None
                made[block.turns] = tuple(armed or self.steps_of(plan, block.items, kept, drop))
        return made

    def steps_of(
        self, plan: Plan, items: Sequence[Item], kept: AbstractSet[int] = frozenset(), drop: bool = False
    ) -> list[Step]:
        """Make the steps of neighbours in a block; those that run elsewhere together are one."""
        steps = []
        for place, group in self._away.groups(plan, items):
            if place == LOCAL and self._hands is not None:
                steps += self._hands.steps(plan, group, kept, drop)
            elif place == LOCAL:
                steps += [step for item in group for step in self.item_steps(plan, item, kept, drop)]
            else:
                step = self._away.step(self, plan, place, group, kept, drop)
                tap = self.taps.elsewhere(self, plan, group) if self.taps else None
                step[0].tap = noted(self.frames.arms, plan, group, self._arms(plan), tap)
                steps.append(step)
        return steps

    def _arms(self, plan: Plan) -> frozenset[str]:
        """Return what is watched of a function of variables that several of its statements bind."""
        return watched_at(self._watched, plan.function, own=plan is self.plan)

    def item_steps(self, plan: Plan, item: Item, kept: AbstractSet[int], drop: bool) -> list[Step]:
        """Make the steps of an item that runs here."""
        dead = tuple(slot for slot in item.drops if slot not in kept) if drop else ()
        bare: list[Bare]
        if isinstance(item.region, LoopRegion):
            loop = self._loop(item, item.region)
            bare = [(loop if self._beside is None else self._beside.around(item, loop), -1, -1, plan.trash)]
        elif isinstance(item.region, SwitchRegion):
            bare = [(self._switch(item.region), -1, -1, plan.trash)]
        elif closes(item):
            bare = [making(item.steps[0], item.id, partial(self.objects_of, plan))]
        elif item.inner is not None:
            inner = item.inner.plan
            shared = {name.partition("@")[0] for name in self._arms(inner)}
            seen = {s for n, s in inner.names.items() if n in shared or f"{inner.function}.{n}" in self._watched}
            bare = [self.frames.through(item, plan, inner.indicators | seen)]
        elif self._hands is not None and (mapped := side_by_side(item)) is not None:
            bare = [(mapped.beside(self._hands, self.control), *item.steps[0][1:])]
        else:
            bare = item.steps
        if self.memory is not None and plan.function not in self.plan.turned and self.memory.covers(plan, item):
            bare = [self.memory.through(plan, item, bare[0], lambda: mark_kept(self.cells, item.cell))]
        bare = [*item.before, *bare]
        if arms := self._arms(plan):
            bare = noting(self.frames.arms, plan, item, bare, arms)
        if self.taps:
            bare = self.taps.through(self, plan, item, bare)
        last = len(bare) - 1
        return [(*step, item.cell, dead if n == last else ()) for n, step in enumerate(bare)]

    def objects_of(self, plan: Plan, s: Slots) -> Objects:
        """Return where the objects of a function are noted down that have to be closed, or those of a call of it."""
        objects: Objects = s[plan.made] if plan is not self.plan else self._objects
        return objects

    # -------------------------------------------------------------- running
    def run(self) -> None:
        """Run the function from its first statement.

        Raises
        ------
        NodeError, StopRun, SwapError
            How it ended, if not by reaching its end.
        """
        self.cells[self.plan.root.turns] = 1
        steps = self._steps[self.plan.root.turns]
        try:
            with suppress(Left):  # a return
                while True:
                    try:
                        self._run(steps, self.plan.slots)
                        break
                    except Swap as swap:
                        steps = self._from(self._exchanged(swap))
            self.changes.finish()
        except NodeError:
            self.changes.broke_off()
            raise

    def _exchanged(self, swap: Swap) -> Item:
        """Take another plan between two turns, and return the loop to go on in."""
        if swap.item.key != swap.item.id:
            close_iterator(swap.iterator)
            raise SwapError(f"{self.plan.owners[swap.item.cell].function} is in a loop of its own")
        return self.changes.swapped(swap)

    def _from(self, loop: Item) -> tuple[Step, ...]:
        """Return the steps of the function from one of its loops on."""
        steps = self._steps[self.plan.root.turns]
        return steps[next(n for n, step in enumerate(steps) if step[4] == loop.cell) :]

    def run_steps(self, steps: Sequence[Step], s: Slots) -> None:
        """Run steps that `steps_of` made, as a part of nothing."""
        self._run(tuple(steps), s)

    @runs_steps
    def _run(self, steps: tuple[Step, ...] | list[Step], s: Slots) -> None:
        """Run steps over a list of slots: those of the plan, or a list of one call."""
        cells, control, clock = self.cells, self.control, perf_counter_ns
        cell = 0
        try:
            now = clock()
            for fn, a, b, out, cell, dead in steps:
                if control.attention and control.halting:
                    return self._walk(steps, s, cell)
                cells[cell] = now
                if b >= 0:
                    s[out] = fn(s[a], s[b])
                elif a >= 0:
                    s[out] = fn(s[a])
                else:
                    s[out] = fn(s)
                cells[cell + 1] = now = clock()
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
        return None

    def _switch(self, region: SwitchRegion) -> Callable[[Slots], None]:
        def step(s: Slots) -> None:
            for test, block in region.arms:
                if test is None or test(s):
                    self.cells[block.turns] += 1
                    self._run(self._steps[block.turns], s)
                    return

        return step

    def _loop(self, item: Item, region: LoopRegion) -> Callable[[Slots], None]:
        def step(s: Slots) -> None:
            try:
                self._turns(item, region, s, item.block is self.plan.root)
            except Interruption:
                raise
            except BaseException as error:  # noqa: BLE001 - the border of a producer's call
                self.cells[region.cell + 1] = FAILED
                raise NodeError(self.plan.owners[region.cell], region.cell, s, error) from None

        return step

    @runs_steps
    def _turns(self, item: Item, region: LoopRegion, s: Slots, top: bool) -> None:
        control, cells, cell, turns_cell = self.control, self.cells, region.cell, region.body.turns
        clock, steps_of, targets = perf_counter_ns, self._steps, region.targets
        run: Callable[[Any, Slots], None] = self._run
        target = targets[0] if len(targets) == 1 else -1
        first = turns = cells[turns_cell]
        iterator = self.resumed.pop(item.id, None) if top else None
        self.turning = self.turning or top
        if top:
            self.changes.go_on(item)
        restarts: Restarts | None = None
        if self._tolerance is not None:
            plan = self.plan.owners[cell]
            run = self._tolerance.turn(run, plan, item, region, cells)
            restarts = self._tolerance.restarts(plan, cell)
        if region.left:
            run = passing(run)
        value: Any = None
        try:
            while True:
                control.waiting = item.key  # before the flag is looked at: who sets it sees that, or is seen
                if control.attention:
                    seen = control.news
                    control.waiting = ""
                    if self.changes.attend(item, s, top):
                        control.renewed = control.renewed or iterator is not None
                        close_iterator(iterator)
                        iterator = None
                    control.waiting = item.key
                    if control.news != seen:
                        continue
                cells[cell] = clock()
                try:
                    if iterator is None:
                        iterator = self._producer(item, iter(region.source(s)), turns, top)
                        value = next(iterator, _END)
                        control.renewed = False
                    else:
                        value = next(iterator, _END)
                except Renew:
                    control.renewed, iterator = True, None
                    continue
                except Exception as error:
                    control.renewed = False
                    if restarts is None:
                        raise
                    cells[cell + 1] = FAILED
                    restarts.again(error, turns - first, s, value, cells)
                    iterator = None
                    continue
                finally:
                    control.waiting = ""
                cells[cell + 1] = clock()
                if value is _END:
                    return
                if target >= 0:
                    s[target] = value
                else:
                    unpack(s, targets, value)
                turns += 1
                cells[turns_cell] = turns
                run(steps_of[turns_cell], s)
        except Swap as swap:
            if swap.item is item:
                swap.iterator, iterator = iterator, None
            raise
        except Left as left:
            settle(iterator)
            if left.how == "return":
                raise
        finally:
            if top:
                self.turning = False
                self.iterations += turns
            close_iterator(iterator)

    def _producer(self, item: Item, iterator: Iterator[Any], turns: int, top: bool) -> Iterator[Any]:
        """Limit the turns of an outermost loop where that is wanted, and note how many there will be if it says so."""
        if item.key in self.once:
            return Until(iterator, self.plan, self.cells) if self.plan.until else Counted(iterator, 1)
        if top:
            if self.limit:
                iterator = Counted(iterator, self.limit - turns)
            left = length_of(iterator)
            self.lengths[item.id] = turns + left if left >= 0 else -1
        return iterator

    # -------------------------------------------------------------- for others
    def runs_here(self, item: Item) -> bool:
        """Say whether an item of its function runs in this process, and not at another place."""
        return self._away.place_of(self.plan, item) == LOCAL

    def seen(self, function: str) -> tuple[Plan, Slots] | None:
        """Return where the newest values of a function are: its own, or those of a call of a subflow."""
        if function == self.plan.function:
            return self.plan, self.plan.slots
        plan, slots = self.plan.inner.get(function), self.frames.seen(function)
        return (plan, slots) if plan is not None and slots is not None else None

    def exchange(self, plan: Plan) -> None:
        """Take another plan; its values are there already."""
        old, before = self.plan, self.cells
        cells = self._cells_for(plan)
        carry_cells(plan, old, cells, before)
        for name in plan.inner.keys() & old.inner.keys():
            carry_cells(plan.inner[name], old.inner[name], cells, before)
        changed = (n for n, inner in old.inner.items() if n not in plan.inner or plan.inner[n].names != inner.names)
        self.frames.forget(changed)
        with self._arming:
            self.plan, self.cells = plan, cells
            self._tolerance = self._tolerance_of(plan, self.control)
            self._away.follow(plan)
            before_it, self._beside = self._beside, branching(self, plan) if self._whole else None
            self._steps = self._armed()
        if before_it is not None:
            before_it.close()
        self._objects.keep(plan.items)

    # -------------------------------------------------------------- the end
    def close(self) -> Iterator[tuple[str, BaseException]]:
        """Close every object that can be closed, the last one made first; gives those that raised."""
        if self._beside is not None:
            self._beside.close()
        if self._hands is not None:
            self._hands.end()
        yield from self._objects.close()
        yield from self._away.close()

    def adopt(self, other: Runner) -> None:
        """Take over the objects of another plan that ran here; those that are no more are closed."""
        if other._beside is not None:
            other._beside.close()
        other._objects.keep(self.plan.items)
        self._objects.update(other._objects)
