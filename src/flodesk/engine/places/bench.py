"""The other side of a place: opens flows and runs segments of them, in whatever process this is."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from flodesk.engine.awaiting import Room
from flodesk.engine.cache.memory import memory_for
from flodesk.engine.calls import UNBOUND, Slots
from flodesk.engine.codec import CodecError
from flodesk.engine.compiling import compile_plan
from flodesk.engine.control import Control, RunContext
from flodesk.engine.errors import NodeError, PlanError, StopRun, failure
from flodesk.engine.events import Failure
from flodesk.engine.inputs import given_values
from flodesk.engine.load import Loaded, load
from flodesk.engine.loop import Runner
from flodesk.engine.particulars import Particulars
from flodesk.engine.places.protocol import Answer, CannotTravelError, Say
from flodesk.engine.places.travel import cannot_travel, stays
from flodesk.engine.plan import Item, Plan
from flodesk.engine.reloading import note, rebind, refresh
from flodesk.engine.stepping import advance, calling
from flodesk.engine.threads import guarded
from flodesk.engine.workfolder import folder_of, import_from, leave
from flodesk.public import enter_context


@dataclass
class _Open:
    """A function on the bench."""

    runner: Runner
    loaded: Loaded
    control: Control
    stay: frozenset[str]
    """Variables whose object stays from one job to the next."""
    room: Room
    """One for all jobs: what is awaited in one of them may hang on the event loop of another."""
    steps: dict[tuple[str, ...], Any] = field(default_factory=dict)
    shown: Sequence[str] = ()
    frames: dict[str, list[Any]] = field(default_factory=dict)
    """Slots of the subflows of which parts run here."""

    def notes(self) -> dict[str, str]:
        """Return what the cache did for the nodes that were looked up since this was last asked."""
        memory = self.runner.memory
        found = dict(memory.notes) if memory is not None else {}
        if memory is not None:
            memory.notes.clear()
        return found


class Bench:
    """Holds the functions that were opened, by a key.

    Parameters
    ----------
    say : callable
        Takes the log lines of nodes.
    own_process : bool
        This process serves flows alone: the user's modules beside the flow are read afresh for each run.
    """

    def __init__(self, say: Say, *, own_process: bool = False) -> None:
        self._say = say
        self._own_process = own_process
        self._open: dict[str, _Open] = {}
        self._loaded: dict[str, Loaded] = {}
        self._beside = ""
        self.control = Control()

    # -------------------------------------------------------------- functions
    def open(
        self,
        key: str,
        run: str,
        text: str,
        path: str,
        function: str,
        cells: memoryview,
        *,
        cache: bool = False,
        modules: str | None = None,
    ) -> None:
        """Load a flow and compile one function of it; objects with state of an older text stay where they can.

        Parameters
        ----------
        modules : str, optional
            The folder that the flow's own modules are imported from; by default they stand beside it.

        Raises
        ------
        LoadError, PlanError
            What is wrong with it.
        """
        kept = self._loaded.get(run)
        folder = folder_of(path) if modules is None else modules
        if self._own_process and self._beside not in ("", folder):
            leave(self._beside)
        self._beside = folder
        if kept is None or kept.text != text:
            import_from(folder, afresh=self._own_process and kept is None)
            kept = self._loaded[run] = load(text, path, kept=kept)
        elif self._own_process and refresh(folder).taken:
            rebind(kept.namespace, kept.flow)
        note(folder)
        plan = _compiled(kept, function, folder, len(cells))
        cells[:] = memoryview(bytearray(cells.nbytes)).cast("q")
        before = self._open.pop(key, None)
        control = Control()
        room = before.room if before is not None else Room(control, lambda level, text: self._say("", level, text))
        room.follow(control)
        memory = memory_for(kept, self._say) if cache else None
        runner = Runner(plan, control, cells, self._say, lambda plan: cells, keep=True, memory=memory)
        if before is not None:
            _carry(before.runner.plan, plan)
            with room.entered(at_once=False):
                runner.adopt(before.runner)
        stay = frozenset(name for item in plan.items.values() if stays(plan, item) for name in item.binds)
        self._open[key] = _Open(runner, kept, control, stay, room)

    def close(self, key: str) -> list[tuple[str, Failure]]:
        """Close the objects of a function and forget it; gives those that failed."""
        held = self._open.pop(key, None)
        if held is None:
            return []
        plan = held.runner.plan
        failed = []
        try:
            with self._inside(held):
                for name, error in held.runner.close():
                    failed.append((name, failure(f"{plan.function}.{name}", error, file=plan.loaded.file)))
        finally:
            held.room.close()
        runs = {id(other.loaded) for other in self._open.values()}
        self._loaded = {run: loaded for run, loaded in self._loaded.items() if id(loaded) in runs}
        return failed

    # -------------------------------------------------------------- jobs
    def call(
        self,
        key: str,
        function: str,
        items: Sequence[str],
        given: Mapping[str, Any],
        literals: Sequence[tuple[str, str | int, Any]],
        wanted: Sequence[str],
        take: Callable[[str, Any], None],
        shown: Sequence[str] = (),
    ) -> Answer:
        """Run a segment; `take` is called with each variable that is wanted or shown, and may raise `CodecError`."""
        held = self._open[key]
        if held.shown != shown:
            held.shown = shown
            held.runner.watch(frozenset(shown))
            held.steps.clear()
        plan = held.runner.plan
        slots = plan.slots
        if function != plan.function:
            plan = plan.inner[function]
            slots = held.frames.setdefault(function, list(plan.slots))
        for statement, parameter, value in literals:
            called, _, id = statement.rpartition(".")
            if called:
                inner = held.runner.plan.inner[called]
                inner.slots[inner.items[id].literals[parameter]] = value
            else:
                slots[plan.items[id].literals[parameter]] = value
        for name, value in given.items():
            slots[plan.names[name]] = value
        own = [plan.items[id] for id in items]
        known = (function, *items)
        steps = held.steps.get(known)
        if steps is None:
            steps = held.steps[known] = tuple(held.runner.steps_of(plan, own))
        self.control = control = held.control
        control.over = False
        with self._inside(held):

            def work() -> None:
                held.runner.run_steps(steps, slots)
                _hand_out(plan, own, slots, wanted, take)
                _show(held.runner, shown, take)

            answer = replace(_answer(plan, guarded(control, work)), notes=held.notes())
        stay = held.stay if plan is held.runner.plan else frozenset()
        for name in {*given, *(n for item in own for n in item.binds)} - stay:
            slots[plan.names[name]] = UNBOUND
        return answer

    @contextlib.contextmanager
    def _inside(self, held: _Open) -> Iterator[None]:
        loaded = held.loaded
        connections = loaded.flow.header.settings.get("connections", {})
        folder = str(Path(loaded.file).parent) if loaded.saved else ""
        particulars = Particulars()
        particulars.begin("", loaded, (held.runner.plan,))
        enter_context(
            RunContext(
                held.control,
                lambda: folder,
                connections if isinstance(connections, Mapping) else {},
                lambda text, level: self._say(calling(), level, text),
                advance,
                particulars.about,
            )
        )
        with held.room.entered(at_once=held.runner.plan.asynchronous):
            yield


def _compiled(loaded: Loaded, function: str, folder: str, cells: int) -> Plan:
    """Compile a function as it was compiled where it is watched: its states lie in so many cells there.

    Modules that have travelled do not stand beside the flow's file here. Where they were not beside it there either,
    what they call has no nodes of its own.

    Raises
    ------
    PlanError
        Something in it has other nodes here.
    """
    for beside in (folder, ""):
        plan = compile_plan(loaded, function, folder=beside)
        if plan.cells == cells:
            return plan
    said = "it has other nodes where it shall run than here: are its modules and flodesk of the same version there?"
    raise PlanError(function, said)


def _hand_out(
    plan: Plan, items: Sequence[Item], slots: Slots, wanted: Sequence[str], take: Callable[[str, Any], None]
) -> None:
    for name in wanted:
        value = slots[plan.names[name]]
        if value is UNBOUND:
            continue
        try:
            take(name, value)
        except CodecError as error:
            item = next(item for item in reversed(items) if name in item.binds)
            raise NodeError(plan, item.cell, slots, CannotTravelError(cannot_travel(name, error))) from None


def _show(runner: Runner, shown: Sequence[str], take: Callable[[str, Any], None]) -> None:
    """Hand out what somebody looks at in subflows; what cannot travel is not seen, and fails nothing."""
    for name in shown:
        function, _, variable = name.rpartition(".")
        found = runner.seen(function)
        value = UNBOUND if found is None else found[1][found[0].names[variable]]
        if value is not UNBOUND:
            with contextlib.suppress(CodecError):
                take(name, value)
    runner.frames.forget(runner.frames.newest)  # what nobody needs any more must not keep its memory


def _carry(old: Plan, new: Plan) -> None:
    for name, slot in new.names.items():
        if name in old.names:
            new.slots[slot] = old.slots[old.names[name]]


def _answer(plan: Plan, ended: BaseException | None) -> Answer:
    if ended is None:
        return Answer()
    if isinstance(ended, StopRun):
        return Answer(stopped=True)
    if isinstance(ended, NodeError):
        where: Plan = ended.plan
        item = where.by_cell.get(ended.cell)
        if isinstance(ended.error, StopRun) or item is None:
            return Answer(stopped=True)
        inputs, file = given_values(where, item, ended.slots), where.loaded.file
        told = failure(where.node(item), ended.error, file=file, line=item.line, inputs=inputs, way=ended.way)
        return Answer(failed=told, cell=ended.cell)
    return Answer(failed=failure(plan.function, ended, file=plan.loaded.file))
