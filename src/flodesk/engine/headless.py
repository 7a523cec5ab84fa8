"""A run without a window and without Qt: what the command line does with a flow.

A node that keeps the interpreter (a long call in C that does not let go of it) holds up everything here: neither a time
limit nor Ctrl+C gets through before it returns. A node that ends or crashes the process takes the caller with it. The
command line therefore runs flows in a process of its own, which another one watches.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Collection, Mapping, Sequence

from flodesk.engine.causes import Causes
from flodesk.engine.errors import PlanError
from flodesk.engine.events import Event, LoopFinished, LoopStarted, RunFinished
from flodesk.engine.glance import Glass, Progress
from flodesk.engine.history.recorder import Recorder
from flodesk.engine.history.records import About
from flodesk.engine.ids import new_run
from flodesk.engine.inputs import overrides_of
from flodesk.engine.letters import put_back_words
from flodesk.engine.limits import UNLIMITED, Limits
from flodesk.engine.lines import whole_lines
from flodesk.engine.load import LoadError, parse, read_text
from flodesk.engine.part import Part
from flodesk.engine.remains import end_others
from flodesk.engine.result import Result, left
from flodesk.engine.run import Run
from flodesk.engine.table import Layout, Table
from flodesk.engine.tether import STOP_SECONDS
from flodesk.engine.watched import Watched
from flodesk.engine.workfolder import importable
from flodesk.flow.model import Flow

LOOK_SECONDS = 0.1
"""How often the waiting thread looks around."""
RECORD_SECONDS = 10.0
"""How long the first node waits at most for the run to be in the history; most often it is there in 0.1 s."""


def run(
    text: str,
    path: str = "",
    *,
    id: str = "",
    limits: Limits = UNLIMITED,
    on_event: Callable[[Event], None] | None = None,
    settings: Mapping[str, str] | None = None,
    keep_events: bool = True,
    keep_values: bool = False,
    part: Part | None = None,
    cache: bool = False,
    recorder: Recorder | None = None,
    on_look: Callable[[Sequence[Progress]], None] | None = None,
    put_back: Sequence[int] = (),
    loops: Collection[str] = (),
    place: str = "local",
    watched: Watched | None = None,
) -> Result:
    """Run a flow in threads of this process until its end. One that does not load, or take a setting, has failed.

    Parameters
    ----------
    text, path : str
        The flow, and where it stands: relative files count from there.
    id : str
        Names the run; a new name by default.
    limits : Limits
        What ends it before the flow does.
    on_event : callable, optional
        Takes each event, on the threads of the run.
    settings : mapping, optional
        Parameters to set before the start: ``node.parameter`` or ``function.node.parameter`` to the text of a value.
    keep_events : bool
        Return all events in the result; a live flow that runs for days had better not.
    keep_values : bool
        Keep the value of every variable above the loops to the end, instead of dropping it after its last reader.
    part : Part, optional
        Run this of the flow alone, on values that earlier runs have left on the disk where it needs them.
    cache : bool
        Keep results of pure nodes, and the last values, on disk, also where the flow does not ask for it.
    recorder : Recorder, optional
        Writes the run into the history.
    on_look : callable, optional
        Takes how far each function is, every `LOOK_SECONDS`, on the calling thread.
    put_back : sequence of int
        Dead letters that the producers give instead of values of their own (`flodesk.engine.letters`).
    loops : collection of str
        The functions to run, where others run in other processes; none is all.
    place : str
        Where all nodes run that can, and of which the flow says nothing.
    watched : Watched, optional
        Tells on the run to the process that watches this one.
    """
    id = id or new_run()
    try:
        flow, overrides = _read(text, path, settings or {})
    except PlanError as error:
        return Result(id, "failed", str(error))
    heard = _Heard(keep_events, recorder, on_event, watched)
    this = Run(
        id,
        text,
        path,
        emit=heard.take,
        table=heard.glass.table,
        laid_out=heard.laid_out,
        overrides=overrides,
        read=read_text(text, path, flow) if flow is not None else None,
        keep=keep_values,
        part=part,
        cache=cache,
        limits=limits,
        expiring=lambda late: heard.expired.set(),
        counting=watched.counting if watched is not None else lambda seconds: None,
        put_back=put_back,
        loops=loops,
        place=place,
    )
    alone = " and ".join(loops)
    heard.begin(this, overrides, part.words if part is not None else put_back_words(put_back) or alone)
    with importable(path), whole_lines():
        interrupted = _to_its_end(this, heard, on_look)
    return heard.result(this, interrupted)


def _read(text: str, path: str, settings: Mapping[str, str]) -> tuple[Flow | None, dict[tuple[str, str], str]]:
    try:
        flow = parse(text, path)
    except LoadError:
        return None, {}  # the run reports it
    return flow, overrides_of(flow, settings) if flow is not None else {}


class _Heard:
    """What a run has told until now.

    Parameters
    ----------
    keep : bool
        Keep all events, not the failures alone.
    recorder : Recorder, optional
        Writes it into the history.
    other : callable, optional
        Who else takes the events.
    watched : Watched, optional
        Tells on it.
    """

    def __init__(
        self,
        keep: bool,
        recorder: Recorder | None,
        other: Callable[[Event], None] | None,
        watched: Watched | None,
    ) -> None:
        self.glass = Glass(watched.table if watched is not None else Table(memoryview(bytearray(1 << 18))))
        self.expired = threading.Event()
        self.events: list[Event] = []
        self.causes = Causes()
        self._on: set[str] = set()
        self._keep = keep
        self._watched = watched
        self._recorder = recorder
        self._listeners: list[Callable[[Event], None]] = [o.take for o in (watched, recorder) if o is not None]
        if other is not None:
            self._listeners.append(other)
        self._alone = 0
        self._started = time.monotonic()

    def begin(self, this: Run, overrides: Mapping[tuple[str, str], str], part: str) -> None:
        """Note that a run is about to start."""
        id, self._started = this.report.run, time.monotonic()
        if self._recorder is not None:
            named = {f"{node}.{parameter}": value for (node, parameter), value in overrides.items()}
            self._recorder.begin(
                id, About(this.text, this.path, named, this.place, part=part, states=self.glass.states)
            )
            self._recorder.flush(RECORD_SECONDS)  # its first node may end the process
        if self._watched is not None:
            self._watched.begin(id, this.limits)

    def laid_out(self, layout: Layout) -> None:
        """Take note of which cells are whose."""
        self.glass.laid_out(layout)
        if self._watched is not None:
            self._watched.laid_out(layout)

    def result(self, this: Run, interrupted: bool) -> Result:
        """Return how a run went that has ended, or does not end: then it is left behind."""
        end = RunFinished("", this.report.reason, this.report.message) if this.over.is_set() else self.leave(this)
        indicators, values = left(this)
        shared = this.links.summaries() if this.part is None else {}
        ran = [row.node for runner in this.runners.values() for row in runner.plan.rows]
        result = Result(
            this.report.run,
            end.reason,
            end.message,
            self.seconds,
            this.limited and end.reason != "failed",
            interrupted,
            tuple(self.events),
            tuple(self.causes.first),
            self.causes,
            indicators,
            values,
            {name: text for name, (text, _) in shared.items()},
            tuple(this.why(node) for node in ran),
            frozenset(name for name, (_, lost) in shared.items() if lost),
            this.cuts.unreached if this.cuts is not None else "",
        )
        if self._watched is not None and (interrupted or not this.over.is_set()):
            end_others()  # this process leaves, and what nodes wait for must not stay behind
        return result

    def leave(self, this: Run) -> RunFinished:
        """Tell the end of a run that does not stop: it is left behind, and so is the node that does not return."""
        self._alone = threading.get_ident()  # what the threads of the run still tell comes too late
        loops, id, report = sorted(self._on), this.report.run, this.report
        stuck = " or ".join(f"“{node}”" for node in self.glass.at_work(loops)) or "a node"
        end = RunFinished(id, "killed", f"{stuck} did not return when the run was stopped", self.seconds)
        if report.reason == "failed":
            said = f"{report.late}: {stuck}" if report.late else f"{report.message}; {stuck}"
            end = RunFinished(id, "failed", f"{said} did not return", self.seconds)
        elif this.limited:
            # nobody stopped it: its time was to end it well, and has not
            end = RunFinished(id, "failed", f"{stuck} did not return when its time was over", self.seconds)
        turns = self.glass.turns()
        for loop in loops:
            self.take(LoopFinished(id, loop, end.reason, turns.get(loop, 0)))
        self.take(end)
        return end

    @property
    def seconds(self) -> float:
        """For how long it has been on."""
        return time.monotonic() - self._started

    def take(self, event: Event) -> None:
        """Take an event, on the threads of the run."""
        if self._alone and threading.get_ident() != self._alone:
            return
        if self._keep:
            self.events.append(event)
        self.causes.take(event)
        if isinstance(event, LoopStarted):
            self._on.add(event.loop)
        elif isinstance(event, LoopFinished):
            self._on.discard(event.loop)
        elif isinstance(event, RunFinished):
            self.glass.on = False
        for listener in self._listeners:
            listener(event)


def _to_its_end(this: Run, heard: _Heard, on_look: Callable[[Sequence[Progress]], None] | None) -> bool:
    """Start a run and wait for its end; returns whether Ctrl+C came before it."""
    interrupted = False
    try:
        this.start()
        # in short pieces: a wait without end cannot be interrupted by Ctrl+C on Windows
        while not this.over.wait(LOOK_SECONDS) and not heard.expired.is_set():
            if on_look is not None:
                on_look(heard.glass.progress(this.runners))
    except KeyboardInterrupt:
        interrupted = True
        this.stop()
    try:
        this.join(STOP_SECONDS)
    except KeyboardInterrupt:
        interrupted = True
    return interrupted


__all__ = ["LOOK_SECONDS", "Result", "run"]
