"""One run of a flow: loads it, compiles its functions, and runs each in a thread of its own."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from flodesk.engine.awaiting import room
from flodesk.engine.cache.keeping import Keeping
from flodesk.engine.chosen import all_turned, chosen
from flodesk.engine.company import unreached
from flodesk.engine.control import Control, RunContext
from flodesk.engine.cutting import Cuts, cut_plans
from flodesk.engine.edits import Edits
from flodesk.engine.errors import PlanError, StopRun, sentence
from flodesk.engine.events import Changed, Event, LoopFinished, LoopStarted, Reason, Released, RunFinished, RunStarted
from flodesk.engine.flow_text import FlowText
from flodesk.engine.frames import changed_in
from flodesk.engine.letters import Letter, Letters
from flodesk.engine.limits import UNLIMITED, Limits, keep_time
from flodesk.engine.live import SwapError
from flodesk.engine.load import Loaded, LoadError, file_name, read_text
from flodesk.engine.loop import Runner
from flodesk.engine.mercy import Mercy
from flodesk.engine.part import Kept, Part
from flodesk.engine.particulars import Particulars
from flodesk.engine.places.known import Places
from flodesk.engine.places.queues.queue_places import QueuePlaces
from flodesk.engine.plan import Plan
from flodesk.engine.prepare import Plans, prepare_change
from flodesk.engine.pressing import Presses
from flodesk.engine.report import Report
from flodesk.engine.shared import Links, tell
from flodesk.engine.steering import Steering
from flodesk.engine.stepping import advance, calling, turn_at
from flodesk.engine.table import Layout, Table, running
from flodesk.engine.tapping import NOTHING, Taps
from flodesk.engine.threads import Joinable, Spawn, guarded, interrupt, spawn_thread
from flodesk.engine.why import spared, why
from flodesk.flow.detached import in_line
from flodesk.public import enter_context


class Run:
    """A run from its start to its end.

    Parameters
    ----------
    id : str
        Names the run in every event.
    emit : callable
        Takes the events, in order.
    table : Table
        Where the states of the nodes are written.
    laid_out : callable
        Is told which cells are whose, whenever that changes.
    ending : callable
        Called when all loops have ended, before `RunFinished`.
    ended : callable
        Called after it, by the run's own thread.
    keep : bool
        Keep values so that a change can be computed from there.
    limits : Limits
        What ends it before the flow does.
    part : Part, optional
        Run this of the flow alone.
    kept : mapping
        For that: the values of earlier runs, by function.
    cache : bool
        Keep the results of pure nodes, and the last values, on disk, also where the flow does not ask for it.
    places : Places, optional
        Where nodes run that do not run here; without them it makes its own, and ends them.
    expiring : callable
        Called when its time is over, before it is stopped, with what that says if the run has failed by it: a node
        that does not return then is for others to end.
    counting : callable
        Told in how many seconds its time is over, when that is known.
    put_back : sequence of int
        Dead letters that its producers give instead of values of their own; other functions do not run.
    loops : collection of str
        The functions to run, where others run in other processes; none is all.
    posted : callable, optional
        Called with each dead letter that was kept, and the store that it is in.
    """

    def __init__(
        self,
        id: str,
        text: str,
        path: str,
        *,
        emit: Callable[[Event], None],
        table: Table,
        spawn: Spawn = spawn_thread,
        laid_out: Callable[[Layout], None] = lambda layout: None,
        ending: Callable[[], None] = lambda: None,
        ended: Callable[[Run], None] = lambda run: None,
        keep: bool = False,
        overrides: Mapping[tuple[str, str], str] | None = None,
        read: FlowText | None = None,
        place: str = "local",
        limits: Limits = UNLIMITED,
        part: Part | None = None,
        kept: Mapping[str, Kept] | None = None,
        cache: bool = False,
        expiring: Callable[[str], None] = lambda late: None,
        counting: Callable[[float], None] = lambda seconds: None,
        places: Places | None = None,
        put_back: Sequence[int] = (),
        loops: Collection[str] = (),
        posted: Callable[[Letter, Letters], None] | None = None,
    ) -> None:
        self.text = text
        self.path = path
        self.place = place
        self.limits = limits
        self.limited = False
        self.part, self.put_back = part, tuple(put_back)
        self.report = Report(id, emit, lambda node: turn_at(node, self.runners))
        self.steering = Steering(self.report, lambda: {f: r.controls for f, r in list(self.runners.items())})
        self.runners: dict[str, Runner] = {}
        self.loaded: Loaded | None = None
        self.over = threading.Event()
        self.links = Links(QueuePlaces(lambda: self.path))
        self._places = places or Places()
        self._own_places = places is None
        self.edits = Edits(overrides or {})
        self._particulars = Particulars(lambda: self.edits.overrides)
        self.presses = Presses(lambda: self.runners, lambda *what: self.report.emit(Released(self.report.run, *what)))
        self._mercy = Mercy(self.report, path, put_back, posted)
        self._read = read
        self._table = table
        self._spawn = spawn
        self._laid_out = laid_out
        self._ending = ending
        self._ended = ended
        self._expiring = expiring
        self._counting = counting
        self._keep = keep
        self._loops = loops
        self._kept = kept or {}
        self._keeping = Keeping(cache, self.report.say)
        self._watched: frozenset[str] = frozenset()
        self._taps = NOTHING
        self._loading = Control()
        self._stopping = False
        self._again = False
        self._started = time.monotonic()
        self._threads: list[Joinable] = []
        self._standing = False
        self.cuts: Cuts | None = None
        """Of a part: what of the flow runs."""

    # -------------------------------------------------------------- from outside
    def start(self) -> None:
        """Start it in a thread of its own."""
        self._threads.append(self._spawn(self._whole, f"flodesk {self.report.run}"))
        held, turned = self.steering.seconds, lambda: all_turned(self.runners)
        clock = keep_time(self.limits, self.over, turned, self._expire, held, self._counting)
        if clock is not None:
            self._threads.append(clock)

    def stop(self) -> None:
        """Ask every loop to stop; the nodes that do not return get an exception after a while."""
        self._stopping = True
        for control in self._controls():
            control.stop()
        waiting = (self._controls, self.over)
        threading.Thread(target=interrupt, args=waiting, name=f"flodesk {self.report.run} stop", daemon=True).start()

    def join(self, timeout: float | None = None) -> bool:
        """Wait for the end; returns whether it came."""
        if not self.over.wait(timeout):
            return False
        for thread in self._threads:
            thread.join(timeout)
        return True

    @property
    def stands(self) -> bool:
        """True if it can be gone on with from where it ended, also if a node failed.

        Not if it could not be loaded as it is now, nor if a queue went through it: that is closed.
        """
        return self._standing and not self._again and not self.links.uses

    def outdate(self) -> None:
        """Note that what has run has other code now: it is not gone on with, a change starts it anew."""
        self._standing = False

    def watch(self, names: frozenset[str]) -> None:
        """Keep the values of these ports (``function.variable`` or ``function.variable.field``)."""
        self._watched = names
        for function, runner in self.runners.items():
            runner.watch(_of(names, function, runner.plan.inner))

    def probe(self, taps: Taps) -> None:
        """Hand the values of some ports to rings, and of no others."""
        self._taps = taps
        for runner in list(self.runners.values()):
            runner.probe(taps)

    def set_parameter(self, node: str, parameter: str, text: str) -> bool:
        """Change a literal from the next call on; returns False where that takes another plan.

        Raises
        ------
        ValueError
            The text is no value.
        """
        with self._particulars.setting(node, parameter, text):
            return self.edits.set(node, parameter, text, self.runners.values)

    def swap(self, text: str) -> None:
        """Go on with a changed flow from the next turn on; what is wrong with it is said in the log."""

        def take() -> None:
            self.edits.take_all(self._swap)
            if self.over.is_set():
                self._ended(self)  # it came too late for this run, whose end was looked at before

        if self.edits.wait(text):
            # what the new text imports may take long: stop and parameters must get through meanwhile
            self._threads.append(self._spawn(take, f"flodesk {self.report.run} change"))

    def go_on(self, id: str, changed: Mapping[str, set[str]], text: str = "") -> None:
        """After the end of a run without loops: run what hangs on changed statements, or on a changed text.

        Parameters
        ----------
        id : str
            Names this run.
        changed : mapping
            Ids of changed statements by function.
        """
        self.report.rename(id)
        self.over.clear()
        self._stopping = False
        self._started = time.monotonic()
        self._threads = [self._spawn(lambda: self._go_on(changed, text), f"flodesk {id}")]

    @property
    def has_late(self) -> bool:
        """True if changes came too late for a run that has ended."""
        controls = [(runner.control, runner.plan) for runner in self.runners.values()]
        return self._again or any(c.swap is not None or c.changed & plan.items.keys() for c, plan in controls)

    # -------------------------------------------------------------- the run's own thread
    def _whole(self) -> None:
        self.report.emit(RunStarted(self.report.run, time.time(), self.place))
        while True:
            self._again = False
            self._attempt()
            if not self._again or self._stopping:
                break
            self.report.say("", "info", "The run starts anew: the change does not fit into the one that was on")
        self._end()

    def _end(self) -> None:
        report = self.report
        self._keeping.store(self.path, [runner.plan for runner in self.runners.values()])
        report.conclude(stopping=self._stopping, limited=self.limited)
        self._mercy.close()
        self.links.end()
        self.steering.ended()
        self.presses.end()
        try:
            self._ending()
        finally:
            report.flush()
            if self._own_places:
                self._places.close()
            seconds = time.monotonic() - self._started
            report.emit(RunFinished(report.run, report.reason, report.message, seconds, self.limited, report.lost))
            self.over.set()
            self._ended(self)

    def _attempt(self) -> None:
        """Load, compile, run all functions to their end."""
        self.report.begin()
        self._loading = Control()
        self._standing = False
        ended = guarded(self._loading, self._prepare)
        if ended is not None:
            self._settle(ended)
            return
        first, *others = self.runners.values()
        threads = [self._spawn(lambda r=r: self._function(r, r.run), f"flodesk {r.plan.function}") for r in others]  # type: ignore[misc]
        self._function(first, first.run)
        for thread in threads:
            thread.join()
        if self.cuts is not None:
            self.cuts.over()
        if self.part is None:
            self.report.lost = tell(self.links, self.report.say)

    def _prepare(self) -> None:
        self._table.clear()
        self.runners.clear()
        self._mercy.begin()
        if self._mercy.feed is not None:  # beside its loop a turn that fails again could not be told from the next
            self._read = read_text(self.text, self.path, in_line((self._read or read_text(self.text, self.path)).flow))
        text = self.text
        self.loaded, plans = self.edits.prepare(text, self.path, self._read, self.report.say)
        if self.text is text:
            text = self.text = self.loaded.text
            self._read = self.loaded.read
        if self.part is not None:
            fetch = partial(self._keeping.fetch, self.path)
            self.cuts = cut_plans(self.loaded, plans, self.part, self._kept, self.report.say, fetch)
            plans = self.cuts.plans
        self._keeping.begin(self.loaded)
        self._mercy.feed_into(self.loaded, plans)
        plans = chosen(plans, self._loops)
        for function, plan in plans.items():
            runner = Runner(
                plan,
                self.steering.control(),
                self._cells(plan),
                self.report.say,
                self._cells,
                keep=self._keep or self._keeping.memory is not None,
                tolerance=partial(self._mercy.tolerance, function),
                memory=self._keeping.memory,
                away=self._places.elsewhere(self.report.run, self.report.say, self.place),
            )
            runner.limit = self.limits.iterations
            if self.cuts is not None:
                runner.once = self.cuts.once.get(function, frozenset())
            self.runners[function] = runner
        self.edits.prepared(plans, self.report.say)
        self._particulars.begin(self.report.run, self.loaded, plans.values())
        self.presses.bind(plans)
        self.watch(self._watched)
        self._taps.begin()
        self.probe(self._taps)
        if self.text is not text:
            raise SwapError("it came while the flow was being loaded")
        self._standing = True
        self.links.begin(self.loaded, self.runners.keys(), self.cuts.uses if self.cuts is not None else None)
        for function in self.loaded.flow.mains:
            if function not in self.runners:
                self.links.leave(function)
        self.steering.begun()
        if self._stopping:
            raise StopRun

    def why(self, node: str) -> str:
        """Say in one line why a node (``function.statement``) ran, or did not, in this run."""
        function, _, statement = node.rpartition(".")
        for runner in self.runners.values():
            for plan in runner.plan.plans_of(function):
                if giver := spared(runner.plan, plan, self._keeping.notes):
                    return f"{node} did not run: the result of {giver}, which calls it, came from the cache"
                if plan is runner.plan and statement in plan.items and (said := unreached(runner, statement)):
                    return f"{node}: {said}"
                return why(plan, statement, self.part, runner.changes.reasons, self._keeping.notes)
        return f"{node} did not run"

    def _cells(self, plan: Plan) -> memoryview:
        cells, first = self._table.take(plan.function, plan.cells)
        self._laid_out(Layout(plan.function, first, plan.cells, plan.rows))
        return cells

    def _function(self, runner: Runner, work: Callable[[], Any]) -> None:
        """Run one function, or what of it has to run again, and tell how it ended."""
        function = runner.plan.function
        self.report.emit(LoopStarted(self.report.run, function))
        with room(runner.control, partial(self.report.say, ""), at_once=runner.plan.asynchronous):
            ended = guarded(runner.control, lambda: self._enter(runner, work))
            if self.cuts is not None:
                ended = self.cuts.ended(runner, ended, self.runners, self.report.say)
            self.links.leave(function)
            reason = self._mercy.settle(runner, self.report.close(runner, self._settle(ended)))
        self.report.emit(LoopFinished(self.report.run, function, reason, runner.iterations))

    def _enter(self, runner: Runner, work: Callable[[], Any]) -> None:
        connections = runner.plan.loaded.flow.header.settings.get("connections", {})
        enter_context(
            RunContext(
                runner.control,
                lambda: str(Path(self.path).parent) if self.path else "",
                connections if isinstance(connections, Mapping) else {},
                lambda text, level: self.report.say(calling(), level, text),
                advance,
                self._particulars.about,
            )
        )
        self.links.enter(runner.plan.function)
        if self._stopping:
            raise StopRun
        if self.cuts is not None:
            self.cuts.wait(runner, self.runners)
        work()

    def _settle(self, ended: BaseException | None) -> Reason:
        """Turn what ended a function into its reason; a change that does not fit starts all of them anew."""
        if isinstance(ended, SwapError) and not self._stopping:
            self.report.say("", "info", f"Change: {ended}")
            self._again = True
            for control in self._controls():
                control.stop()
            return "stopped"
        file = self.loaded.file if self.loaded is not None else file_name(self.path)
        return self.report.settle(ended, stopping=lambda: self._stopping, file=file)

    def _controls(self) -> list[Control]:
        return [self._loading, *(control for runner in list(self.runners.values()) for control in runner.all_controls)]

    # -------------------------------------------------------------- limits
    def _expire(self, failed: bool) -> None:
        """End the run at its time limit."""
        if self.over.is_set():
            return
        if failed:
            at_work = [
                n
                for f, r in list(self.runners.items())
                for n in running(r.cells, [Layout(f, 0, r.plan.cells, r.plan.rows)])
            ]
            self.report.overdue(self.limits.timeout, at_work)
        else:
            self.limited = True
        self._expiring(self.report.late)
        self.stop()

    # -------------------------------------------------------------- changes
    def _swap(self, text: str) -> None:
        try:
            loaded, plans = prepare_change(text, self.path, self.loaded, self.report.say)
            self._mercy.feed_into(loaded, plans)
            plans = chosen(plans, self._loops)
            self.links.exchange(loaded)
        except LoadError as error:
            self.report.say("", "error", f"The change is not in effect: {sentence(error.failure)}")
        except PlanError as error:
            self.report.say(error.node, "error", f"The change is not in effect: {error}")
        except SwapError as error:
            self.text, self._read = text, None
            self._settle(error)
            self.report.emit(Changed(self.report.run, text))
        else:
            self.text, self._read, self.loaded = text, loaded.read, loaded
            self.presses.bind(plans)
            self.edits.hand_on(plans, self.runners, self.report.say)
            self._particulars.exchange(loaded, plans.values())
            self.report.emit(Changed(self.report.run, text))

    def _go_on(self, changed: Mapping[str, set[str]], text: str) -> None:
        self.report.emit(RunStarted(self.report.run, time.time(), self.place))
        self.report.begin()
        self._again = False
        plans: Plans = {}
        ended: BaseException | None = None
        if text:
            self._loading = Control()
            ended = guarded(self._loading, lambda: plans.update(self._changed_plans(text)))
            if ended is None or isinstance(ended, SwapError):
                self.report.emit(Changed(self.report.run, text))
        if isinstance(ended, SwapError) or any(map(_cannot_go_on, self.runners.values())):
            self._attempt()
        elif ended is not None:
            self._settle(ended)
        else:
            for function, runner in self.runners.items():
                own, late = runner.control.take()  # what came too late for the run before
                own &= runner.plan.items.keys()
                own |= {id for f, ids in changed.items() for name in ids for id in changed_in(runner.plan, f, name)}
                plan = plans.get(function, late)
                runner.control = self.steering.control()
                if plan is not None:
                    runner.control.exchange(plan)
                for statement in own:
                    runner.control.change(statement)
                if plan is not None or own:
                    self._function(runner, runner.changes.finish)
        self._end()

    def _changed_plans(self, text: str) -> Plans:
        self.text, self._read = text, None
        self.edits.forget()
        self._standing = False
        loaded, plans = prepare_change(text, self.path, self.loaded, self.report.say)
        if any(plan.loops for plan in plans.values()):
            raise SwapError("it has a loop now")
        self.loaded, self._standing = loaded, True
        self._particulars.exchange(loaded, plans.values())
        return plans


def _cannot_go_on(runner: Runner) -> bool:
    """Return whether a function has to start anew after a change, or has a loop in the plan that came last."""
    return runner.changes.may_return or (runner.control.swap is not None and bool(runner.control.swap.loops))


def _of(names: frozenset[str], function: str, inner: Collection[str]) -> frozenset[str]:
    """Return the variables of a function, and those of its subflows, among ``function.variable`` names."""
    parts = [name.split(".") for name in names]
    own = [part[1] for part in parts if len(part) > 1 and part[0] == function]
    return frozenset([*own, *(f"{part[0]}.{part[1]}" for part in parts if len(part) > 1 and part[0] in inner)])
