"""What becomes of a function that runs when parameters or the flow itself are changed meanwhile.

Changes come from other threads by its `Control`; here they are seen to, by the thread of the loop: between two turns,
or after the last statement of a function without loops. What hangs on what is said in `flodesk.engine.live`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from time import perf_counter_ns
from typing import Any, Protocol

from flodesk.engine.again import again, moved
from flodesk.engine.calls import UNBOUND, Slots
from flodesk.engine.control import Control
from flodesk.engine.errors import Interruption, NodeError
from flodesk.engine.frames import Frames, changed_in
from flodesk.engine.limits import close_iterator
from flodesk.engine.live import (
    SwapError,
    above,
    affected,
    carry,
    clear_cells,
    encloses,
    has_state,
    with_switches,
)
from flodesk.engine.plan import Item, LoopRegion, Plan, SwitchRegion
from flodesk.engine.pressing import Fades
from flodesk.engine.table import mark_kept
from flodesk.engine.why import reasons_after_change


class Swap(Interruption):
    """The loop `item` stands at the start of a turn, and another plan waits. The iterator goes along.

    `renew` says that its producer has to start anew, for a change that came before.
    """

    def __init__(self, item: Item, plan: Plan, renew: bool) -> None:
        super().__init__()
        self.item = item
        self.plan = plan
        self.renew = renew
        self.iterator: Iterator[Any] | None = None


class Host(Protocol):
    """Whoever runs the steps of a function: the `Runner`."""

    plan: Plan
    control: Control
    cells: memoryview
    iterations: int
    frames: Frames
    turning: bool
    resumed: dict[str, Iterator[Any]]
    _log: Callable[[str, str, str], None]

    def run_steps(self, steps: Sequence[Any], s: Slots) -> None:
        """Run steps that `steps_of` made, as a part of nothing."""

    def steps_of(self, plan: Plan, items: Sequence[Item]) -> list[Any]:
        """Make the steps of neighbours in a block."""

    def before_turn(self, s: Slots, item: Item) -> None:
        """Stop, or hold, before a loop asks its producer for the next value."""

    def exchange(self, plan: Plan) -> None:
        """Take another plan; its values are there already."""


class Changes:
    """Sees to the changes of one running function.

    Attributes
    ----------
    reasons : dict
        Why the statements ran that ran again after a change, by id.
    due : set of str
        What has not run to its end, in a flow without loops, as something failed: it runs after the next change.
    """

    def __init__(self, host: Host) -> None:
        self.reasons: dict[str, str] = {}
        self.due: set[str] = set()
        self._host = host
        self._postponed: Plan | None = None
        self._fades = Fades(host)
        self._began: dict[str, int] = {}
        self._went_on: dict[str, int] = {}
        """When loops began that go on with another plan, and when they went on, in ns."""

    # -------------------------------------------------------------- told by other threads
    def note(self, function: str, statement: str) -> None:
        """Take note of a changed literal of the function or of one of its subflows. Called by other threads."""
        host = self._host
        for plan in (host.plan, *host.plan.inner.values()):
            if plan is not host.plan and plan.function not in host.frames.running:
                continue  # its next call sees it
            ids = changed_in(plan, function, statement)
            for item in (plan.items[name] for name in ids if name in plan.items):
                host.control.change(item.key, partial(self._renews, plan, ids))

    def _renews(self, plan: Plan, changed: set[str]) -> bool:
        """Return whether the producer that is being waited for hangs on changed statements."""
        waiting = next((item for item in plan.items.values() if item.key == self._host.control.waiting), None)
        return waiting is not None and waiting in affected([*above(waiting), waiting], changed)

    def fade(self, function: str, statement: str) -> None:
        """Take note of a button that has read its press: above a loop it is called anew after a turn."""
        if self._fades.add(function, statement):
            self._host.control.fading = True
            self._host.control.look()

    # -------------------------------------------------------------- between two turns
    def attend(self, item: Item, s: Slots, top: bool) -> bool:
        """See to what is wanted, between two turns of a loop; returns whether its producer has to start anew."""
        host = self._host
        control = host.control
        if control.halting:
            host.before_turn(s, item)
        if control.fading:
            for function, statement in self._fades.due(item):
                self.note(function, statement)
            control.fading = bool(self._fades)
            control.look()
        if item.key != item.id:
            return self._attend_inside(item, s)
        changed, plan = control.take()
        renew = self._recompute(item, changed, s) if changed else False
        if plan is not None:
            if top:
                raise Swap(item, plan, renew)
            if plan is not self._postponed:
                self._postponed = plan
                outermost = next(found for found in above(item) if found.kind == "loop" and encloses(found, item))
                said = "the change takes effect at the next turn of this loop, or at the next start of the run"
                host._log(host.plan.node(outermost), "info", said)
            control.put_back(set(), plan)
        return renew

    def _attend_inside(self, item: Item, s: Slots) -> bool:
        """See to what concerns a loop of a subflow; all else waits for the loop around it."""
        host = self._host
        changed = host.control.take_of(host.plan.owners[item.cell].function)
        renew = self._recompute(item, changed, s) if changed else False
        if (plan := host.control.swap) is not None and not host.turning:
            raise Swap(item, plan, renew)
        return renew

    def _recompute(self, item: Item, changed: set[str], s: Slots) -> bool:
        """Run again what stands above a loop and hangs on changes; returns whether its producer does, too."""
        host = self._host
        path = above(item)
        plan = host.plan.owners[item.cell]
        renew = False
        later: set[str] = set()
        self._fades.at = item
        for found in affected([*path, item], with_switches(plan, self._unseen(plan, changed))):
            if found is item:
                renew = True
            elif found.kind == "loop" and encloses(found, item):
                later.add(found.key)
            elif found.pure:
                if found.kind == "make" and has_state(found.target):
                    host._log(plan.node(found), "info", "made anew: a parameter of it was changed")
                self._run_again(found, s)
            else:
                host._log(plan.node(found), "warning", "the change takes effect at the next start of the run")
        self._fades.at = None
        if later:
            host.control.put_back(later)
        return renew

    def _unseen(self, plan: Plan, changed: set[str]) -> set[str]:
        """Leave out what has run since it was changed, in this very turn: its object would lose what it was given."""
        since, cells = self._host.control.since, self._host.cells

        def begun(item: Item) -> int:
            return max(cells[item.cell], self._went_on.get(item.id, 0))

        ran = {name for name in changed & plan.items.keys() if begun(plan.items[name]) > since[plan.items[name].key]}
        return changed - ran

    # -------------------------------------------------------------- another plan
    def swapped(self, swap: Swap) -> Item:
        """Take another plan at the start of a turn, and return the loop to go on in."""
        host = self._host
        old = host.plan
        turns = host.cells[swap.item.region.body.turns] if isinstance(swap.item.region, LoopRegion) else 0
        iterator = swap.iterator
        try:
            run, loop, going_on = carry(old, swap.plan, swap.item.id)
            host.exchange(swap.plan)
            for item in run:
                if item.kind == "make" and item.id in old.items and has_state(item.target):
                    host._log(host.plan.node(item), "info", "made anew: it was changed")
                self._run_again(item, host.plan.slots)
            assert loop is not None
            if going_on and not swap.renew:
                if iterator is not None:
                    host.resumed[loop.id], iterator = iterator, None
            else:
                host._log(host.plan.node(loop), "info", "starts anew: it was changed")
            assert isinstance(loop.region, LoopRegion)
            host.cells[loop.region.body.turns] = turns
            host.iterations -= turns
            self._began[loop.id], self._went_on[loop.id] = host.cells[loop.cell], perf_counter_ns()
        finally:
            close_iterator(iterator)
        return loop

    def go_on(self, loop: Item) -> None:
        """Let a loop that goes on with another plan have begun when it did, as its turns are counted from there."""
        if (began := self._began.pop(loop.id, 0)) > 0:
            self._host.cells[loop.cell] = began

    def finish(self) -> None:
        """After the last statement: see to the changes that nobody has attended to, in a flow without loops."""
        host = self._host
        while not host.plan.loops:
            changed, plan = host.control.take()
            left = self.may_return
            if plan is not None:
                run, _, _ = carry(host.plan, plan, "")
                changed = changed | {item.id for item in run} | moved(host.plan, plan)
                host.exchange(plan)
            if not changed:
                return
            if left or self.may_return:
                raise SwapError("a flow that may return before its end starts anew")
            found = again(host.plan, with_switches(host.plan, changed | self.due))
            self._keep_others(found)
            self.reasons = reasons_after_change(found, changed, self.due)
            self.due = {item.id for item in found}
            for number, item in enumerate(found):
                try:
                    self._run_again(item, host.plan.slots)
                except NodeError:
                    for other in found[number + 1 :]:
                        clear_cells(other, host.cells)  # they show what was before the change, and have not run
                    raise
                self.due.discard(item.id)

    def _keep_others(self, found: list[Item]) -> None:
        """Let the nodes that do not run again say so; their results are those of before."""
        cells = self._host.cells
        for item in self._host.plan.root.items:
            if item not in found and cells[item.cell + 1] >= cells[item.cell] > 0:
                mark_kept(cells, item.cell)

    def broke_off(self) -> None:
        """Note what a run from the start has left undone when a node failed."""
        host = self._host
        s = host.plan.slots
        for item in host.plan.root.items if not (self.due or host.plan.loops) else ():
            begun, ended = host.cells[item.cell], host.cells[item.cell + 1]
            # of what ran elsewhere together with the one that failed nothing has come back
            lost = item.region is None and item.binds and all(s[host.plan.names[n]] is UNBOUND for n in item.binds)
            if not begun or ended < begun or lost:
                self.due.add(item.id)

    @property
    def may_return(self) -> bool:
        """Whether code may have left the function before its end: then nobody knows what has not run yet."""
        return not self._host.plan.loops and self._host.plan.returns

    def _run_again(self, item: Item, s: Slots) -> None:
        """Run one item, out of the order of its block."""
        host = self._host
        plan = host.plan.owners[item.cell]
        if isinstance(item.region, SwitchRegion):
            # what only the arm that was taken before has bound has no value any more
            others = (i for i in plan.items.values() if i is not item and not encloses(item, i))
            bound = {name for other in others if not encloses(other, item) for name in other.binds}
            for name in item.binds - bound:
                s[plan.names[name]] = UNBOUND
        holding = host.control.holding
        holding.aside = bool(host.plan.loops)
        try:
            host.run_steps(host.steps_of(plan, [item]), s)
        finally:
            holding.aside = False
