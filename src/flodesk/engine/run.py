"""One run of a flow: loads it, compiles its functions, and runs each in a thread of its own."""

from __future__ import annotations

import ctypes
import sys
import threading
import time
import traceback
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from types import FrameType
from typing import Any, Protocol

from flodesk.engine.control import Control, RunContext
from flodesk.engine.errors import NodeError, PlanError, StopRun, failure, sentence
from flodesk.engine.events import (
    Event,
    Failure,
    LoopFinished,
    LoopStarted,
    NodeFailed,
    Reason,
    RunFinished,
    RunStarted,
)
from flodesk.engine.inputs import given_values, set_literal, with_parameters
from flodesk.engine.live import SwapError
from flodesk.engine.load import Loaded, LoadError, load
from flodesk.engine.log import Log
from flodesk.engine.loop import Runner
from flodesk.engine.plan import Item, Plan, compile_plan
from flodesk.engine.table import Layout, Table
from flodesk.flow.model import Flow
from flodesk.public import enter_context

SOFT_SECONDS = 0.25
"""After this long a loop that was asked to stop gets an exception into whatever it is doing."""

INTERRUPTIONS = 4
"""How many times; a node may catch the first."""

_NOTHING = (
    "nothing to run: the file hands no function of its own to flodesk.main(). "
    'At its end write: if __name__ == "__main__": flodesk.main(flow)'
)

_WORST: tuple[Reason, ...] = ("succeeded", "stopped", "failed")


class Joinable(Protocol):
    """A thread, of Python or of Qt."""

    def join(self, timeout: float | None = None) -> None:
        """Wait for its end."""


Spawn = Callable[[Callable[[], None], str], Joinable]
"""Starts a thread: (what it does, its name)."""


def spawn_thread(target: Callable[[], None], name: str) -> Joinable:
    """Start a plain Python thread."""
    thread = threading.Thread(target=target, name=name, daemon=True)
    thread.start()
    return thread


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
        flow: Flow | None = None,
        place: str = "local",
    ) -> None:
        self.id = id
        self.text = text
        self.path = path
        self.place = place
        self.runners: dict[str, Runner] = {}
        self.loaded: Loaded | None = None
        self.over = threading.Event()
        self.reason: Reason = "succeeded"
        self.message = ""
        self.overrides = dict(overrides or {})
        self._flow = flow
        self._emit = emit
        self._table = table
        self._spawn = spawn
        self._laid_out = laid_out
        self._ending = ending
        self._ended = ended
        self._keep = keep
        self._log = Log(emit)
        self._log.run = id
        self._watched: frozenset[str] = frozenset()
        self._loading = Control()
        self._lock = threading.Lock()
        self._stopping = False
        self._again = False
        self._started = time.monotonic()
        self._threads: list[Joinable] = []
        self._swaps: list[str] = []
        self._prepared = False

    # -------------------------------------------------------------- from outside
    def start(self) -> None:
        """Start it in a thread of its own."""
        self._threads.append(self._spawn(self._whole, f"flodesk {self.id}"))

    def stop(self) -> None:
        """Ask every loop to stop; the nodes that do not return get an exception after a while."""
        self._stopping = True
        for control in self._controls():
            control.stop()
        threading.Thread(target=self._interrupt, name=f"flodesk {self.id} stop", daemon=True).start()

    def join(self, timeout: float | None = None) -> bool:
        """Wait for the end; returns whether it came."""
        if not self.over.wait(timeout):
            return False
        for thread in self._threads:
            thread.join(timeout)
        return True

    @property
    def has_loops(self) -> bool:
        """True if a function of it has a producer: then a run that has ended cannot be gone on with."""
        return any(runner.plan.loops for runner in self.runners.values())

    def watch(self, names: frozenset[str]) -> None:
        """Keep the values of these ports (``function.variable`` or ``function.variable.field``)."""
        self._watched = names
        for function, runner in self.runners.items():
            runner.watch(self._watched_in(function))

    def set_parameter(self, node: str, parameter: str, text: str) -> bool:
        """Change a literal from the next call on; returns False where that takes another plan.

        Raises
        ------
        ValueError
            The text is no value.
        """
        function, _, statement = node.rpartition(".")
        with self._lock:
            self.overrides[node, parameter] = text
            if not self._prepared:
                return True  # it is still being loaded, and sees to it before its first step
        runner = self.runners.get(function)
        if runner is None:
            return False
        done = set_literal(runner.plan, statement, parameter, text)
        waiting = runner.control.swap
        if waiting is not None:
            set_literal(waiting, statement, parameter, text)
        if done:
            runner.control.change(statement, renew=runner.renews(statement))
        return done

    def swap(self, text: str) -> None:
        """Go on with a changed flow from the next turn on; what is wrong with it is said in the log."""
        with self._lock:
            self._swaps.append(text)
            self.overrides = {}  # from now on: what is set after this text was written
            if len(self._swaps) > 1:
                return
        # what the new text imports may take long: stop and parameters must get through meanwhile
        self._threads.append(self._spawn(self._swap_all, f"flodesk {self.id} change"))

    def calling(self) -> str:
        """Return the node that the calling thread is in; empty if it is in none."""
        frame: FrameType | None = sys._getframe(1)
        while frame is not None:
            if frame.f_code is _RUN_CODE or frame.f_code is _TURNS_CODE:
                runner: Runner = frame.f_locals["self"]
                cell = frame.f_locals.get("cell", -1)
                item = runner.plan.by_cell.get(cell)
                return runner.plan.node(item) if item else ""
            frame = frame.f_back
        return ""

    def say(self, node: str, level: str, text: str) -> None:
        """Write a log line."""
        self._log.say(node, level, text)

    # -------------------------------------------------------------- the run's own thread
    def _whole(self) -> None:
        self._emit(RunStarted(self.id, time.time(), self.place))
        while True:
            self._again = False
            self._attempt()
            if not self._again or self._stopping:
                break
            self.say("", "info", "The run starts anew: the change does not fit into the one that was on")
        self._end()

    def _end(self) -> None:
        self._log.flush()
        try:
            self._ending()
        finally:
            self._emit(RunFinished(self.id, self.reason, self.message, time.monotonic() - self._started))
            self.over.set()
            self._ended(self)

    def _attempt(self) -> None:
        """Load, compile, run all functions to their end."""
        self.reason, self.message = "succeeded", ""
        self._loading = Control()
        ended = _guarded(self._loading, self._prepare)
        if ended is not None:
            self._settle(ended, "")
            return
        functions = list(self.runners)
        threads = [self._spawn(lambda f=f: self._function(f), f"flodesk {self.id} {f}") for f in functions[1:]]  # type: ignore[misc]
        self._function(functions[0])
        for thread in threads:
            thread.join()

    def _prepare(self) -> None:
        self._table.clear()
        self.runners.clear()
        self._prepared = False
        self.loaded = load(self.text, self.path, flow=self._flow)
        flow = self.loaded.flow
        if not flow.mains:
            raise PlanError("", _NOTHING)
        plans = {function: compile_plan(self.loaded, function) for function in flow.mains}
        wanted = dict(self.overrides)
        unset = {key: text for key, text in wanted.items() if not _set(plans, key, text)}
        if unset:
            # parameters that the script leaves at their defaults: they are written into it
            self.text, self._flow = with_parameters(flow, plans, unset)
            self.loaded = load(self.text, self.path, flow=self._flow, kept=self.loaded)
            plans = {function: compile_plan(self.loaded, function) for function in flow.mains}
            for key in wanted.keys() - unset.keys():
                _set(plans, key, wanted[key])
        for function, plan in plans.items():
            self.runners[function] = self._runner(plan)
        with self._lock:
            for key, text in self.overrides.items():
                if wanted.get(key) != text:  # it came while the file was loading
                    _set(plans, key, text)
            self._prepared = True
        self.watch(self._watched)
        if self._stopping:
            raise StopRun

    def _runner(self, plan: Plan) -> Runner:
        runner = Runner(plan, Control(), self._cells(plan), self.say, self._cells, keep=self._keep)
        runner.watch(self._watched_in(plan.function))
        return runner

    def _cells(self, plan: Plan) -> memoryview:
        cells, first = self._table.take(plan.function, plan.cells)
        self._laid_out(Layout(plan.function, first, plan.cells, plan.rows))
        return cells

    def _function(self, function: str) -> None:
        """Run one function, and report how it ended."""
        runner = self.runners[function]
        self._emit(LoopStarted(self.id, function))
        ended = _guarded(runner.control, lambda: self._enter(runner, runner.run))
        reason = self._settle(ended, function)
        for name, error in runner.close():
            self._fail(failure(f"{function}.{name}", error, file=runner.plan.loaded.file))
            reason = "failed"
        self._emit(LoopFinished(self.id, function, reason, runner.iterations))

    def _enter(self, runner: Runner, work: Callable[[], Any]) -> None:
        loaded = runner.plan.loaded
        connections = loaded.flow.header.settings.get("connections", {})
        enter_context(
            RunContext(
                runner.control,
                str(Path(self.path).parent) if self.path else "",
                connections if isinstance(connections, Mapping) else {},
                lambda text, level: self.say(self.calling(), level, text),
                lambda fraction: self._advance(runner, fraction),
            )
        )
        if self._stopping:
            raise StopRun
        work()

    def _advance(self, runner: Runner, fraction: float) -> None:
        _, _, name = self.calling().rpartition(".")
        item = runner.plan.items.get(name)
        if item is not None:
            runner.advance(item, fraction)

    def _settle(self, ended: BaseException | None, function: str) -> Reason:
        """Turn what ended a function into its reason, and report a failure."""
        if ended is None:
            return "succeeded"
        if self._stopping or isinstance(ended, StopRun):
            self._worsen("stopped", "")
            return "stopped"
        if isinstance(ended, SwapError):
            self.say("", "info", f"Change: {ended}")
            self._again = True
            for control in self._controls():
                control.stop()
            return "stopped"
        if isinstance(ended, NodeError):
            self._fail(self._node_failure(self.runners[function], ended))
        elif isinstance(ended, LoadError):
            self._fail(ended.failure)
        elif isinstance(ended, PlanError):
            self._fail(self._plan_failure(ended))
        else:
            # not the flow's doing but ours: then the engine's own frames are what matters
            text = "".join(traceback.format_exception(ended))
            self._fail(replace(failure("", ended, file=self.path), traceback=text))
        return "failed"

    def _node_failure(self, runner: Runner, ended: NodeError) -> Failure:
        plan = runner.plan
        item: Item | None = plan.by_cell.get(ended.cell)
        if item is None:
            return failure(plan.function, ended.error, file=plan.loaded.file)
        inputs = given_values(plan, item)
        return failure(plan.node(item), ended.error, file=plan.loaded.file, line=item.line, inputs=inputs)

    def _plan_failure(self, ended: PlanError) -> Failure:
        failed = failure(ended.node, ended, file=self.loaded.file if self.loaded else self.path, line=ended.line)
        return Failure(failed.node, "PlanError", str(ended), failed.file, failed.line, failed.code, (), str(ended))

    def _fail(self, failed: Failure) -> None:
        self._emit(NodeFailed(self.id, failed))
        self._worsen("failed", sentence(failed))

    def _worsen(self, reason: Reason, message: str) -> None:
        with self._lock:
            if _WORST.index(reason) > _WORST.index(self.reason):
                self.reason, self.message = reason, message

    def _watched_in(self, function: str) -> frozenset[str]:
        mine = (name.split(".") for name in self._watched)
        return frozenset(parts[1] for parts in mine if len(parts) > 1 and parts[0] == function)

    def _controls(self) -> list[Control]:
        return [self._loading, *(runner.control for runner in list(self.runners.values()))]

    def _interrupt(self) -> None:
        """Put an exception into every loop that has not ended a while after it was asked to."""
        for _ in range(INTERRUPTIONS):
            if self.over.wait(SOFT_SECONDS):
                return
            for control in self._controls():
                with control.lock:
                    if control.ident and not control.over:
                        _raise_in(control.ident)

    def left_over(self) -> dict[str, set[str]]:
        """Return the changes that came too late for a run that has ended."""
        return {f: set(r.control.changed) for f, r in self.runners.items() if r.control.changed}

    # -------------------------------------------------------------- changes
    def _swap_all(self) -> None:
        while True:
            with self._lock:
                text = self._swaps[-1]
            self._swap(text)
            with self._lock:
                if self._swaps[-1] is text:
                    self._swaps.clear()
                    return

    def _swap(self, text: str) -> None:
        before = self.loaded
        try:
            loaded = load(text, self.path, kept=before)
            if before is None or loaded.flow.mains != before.flow.mains:
                raise SwapError("the functions that run are others")
            plans = [compile_plan(loaded, function) for function in loaded.flow.mains]
        except LoadError as error:
            return self.say("", "error", f"The change is not in effect: {sentence(error.failure)}")
        except PlanError as error:
            return self.say(error.node, "error", f"The change is not in effect: {error}")
        except SwapError as error:
            self.text, self._flow = text, None
            self._settle(error, "")
            return None
        self.text, self._flow, self.loaded = text, loaded.flow, loaded
        with self._lock:
            for plan in plans:
                for (node, parameter), value in self.overrides.items():
                    if node.rpartition(".")[0] == plan.function:
                        set_literal(plan, node.rpartition(".")[2], parameter, value)
                self.runners[plan.function].control.exchange(plan)
        return None

    def go_on(self, id: str, changed: Mapping[str, set[str]], text: str = "") -> None:
        """After the end of a run without loops: run what hangs on changed statements, or on a changed text.

        Parameters
        ----------
        id : str
            Names this run.
        changed : mapping
            Ids of changed statements by function.
        """
        self.id = self._log.run = id
        self.over.clear()
        self._stopping = False
        self._started = time.monotonic()
        self._threads = [self._spawn(lambda: self._go_on(changed, text), f"flodesk {id}")]

    def _go_on(self, changed: Mapping[str, set[str]], text: str) -> None:
        self._emit(RunStarted(self.id, time.time(), self.place))
        self.reason, self.message = "succeeded", ""
        plans: dict[str, Plan] = {}
        ended: BaseException | None = None
        if text:
            self._loading = Control()
            ended = _guarded(self._loading, lambda: plans.update(self._changed_plans(text)))
        if isinstance(ended, SwapError):
            self._flow = None
            self._attempt()
        elif ended is not None:
            self._settle(ended, "")
        else:
            for function in self.runners:
                if function in plans or function in changed:
                    self._function_again(function, plans.get(function), changed.get(function, set()))
        self._end()

    def _changed_plans(self, text: str) -> dict[str, Plan]:
        self.text, self.overrides = text, {}
        loaded = load(text, self.path, kept=self.loaded)
        if self.loaded is None or loaded.flow.mains != self.loaded.flow.mains:
            raise SwapError("the functions that run are others")
        self.loaded = loaded
        plans = {function: compile_plan(loaded, function) for function in loaded.flow.mains}
        if any(plan.loops for plan in plans.values()):
            raise SwapError("it has a loop now")
        return plans

    def _function_again(self, function: str, plan: Plan | None, changed: set[str]) -> None:
        runner = self.runners[function]
        runner.control = Control()
        self._emit(LoopStarted(self.id, function))

        if plan is not None:
            runner.control.exchange(plan)
        for statement in changed:
            runner.control.change(statement, renew=False)
        ended = _guarded(runner.control, lambda: self._enter(runner, runner.finish))
        reason = self._settle(ended, function)
        for name, error in runner.close():
            self._fail(failure(f"{function}.{name}", error, file=runner.plan.loaded.file))
            reason = "failed"
        self._emit(LoopFinished(self.id, function, reason, 0))


def _set(plans: Mapping[str, Plan], key: tuple[str, str], text: str) -> bool:
    """Store a literal before a run; returns False where the script has none there."""
    node, parameter = key
    function, _, statement = node.rpartition(".")
    try:
        return function in plans and set_literal(plans[function], statement, parameter, text)
    except ValueError as error:
        raise PlanError(node, str(error)) from error


_RUN_CODE = Runner._run.__code__
_TURNS_CODE = Runner._turns.__code__


def _guarded(control: Control, work: Callable[[], Any]) -> BaseException | None:
    """Do it as the thread of a control; returns what ended it."""
    ended: BaseException | None = None
    try:
        try:
            control.ident = threading.get_ident()
            work()
        except BaseException as error:  # noqa: BLE001 - the end of the thread: what is not reported here is lost
            ended = error
        with control.lock:
            control.over = True
    except StopRun as late:
        # the exception that was sent to end a node has come only after it had ended
        control.over = True
        ended = ended or late
    return ended


def _raise_in(ident: int) -> None:
    ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(ident), ctypes.py_object(StopRun))
