"""A run as the window sees it: start and stop, what becomes of it, changes on their way to it.

The editor never waits for the engine: its process starts and ends in the client's threads, and events arrive by
`flodesk.ui.news`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Literal

from PySide6.QtCore import QElapsedTimer, QObject, QTimer, Signal

from flodesk.engine.client import Engine
from flodesk.engine.events import (
    Event,
    Failure,
    LoopFinished,
    NodeFailed,
    Paused,
    Rejected,
    Released,
    Resumed,
    RunFinished,
    RunStarted,
    Turned,
)
from flodesk.engine.history.records import About
from flodesk.engine.history.settings import History
from flodesk.engine.ids import new_part, new_run
from flodesk.engine.letters import put_back_words
from flodesk.engine.part import Part
from flodesk.flow.document import Change, Document
from flodesk.flow.script import write
from flodesk.ui.checking import Checking
from flodesk.ui.live_edits import LiveEdits
from flodesk.ui.news import News, states_since
from flodesk.ui.states import turns

GLANCE = 250
"""Milliseconds that a change may take to be computed, after the end of a run, before the run counts as going on."""

Phase = Literal["idle", "starting", "running", "stopping"]
CANNOT_RUN = "The flow cannot run yet."
"""How a refusal to run begins: it is true until the problems have gone."""


class Run(QObject):
    """The run of the open document.

    Signals: `changed` when the phase did; `failed` with a `Failure`; `finished` with the `RunFinished`; `logged` with a
    list of `Line`; `said` with a sentence and its level, `noted` with
    one that needs no answer.
    """

    changed = Signal()
    failed = Signal(object)
    rejected = Signal(object)
    released = Signal(object)
    """The press of a button is over."""
    ending = Signal(object)
    """The same, earlier: what the engine has of the run is still there, also where another flow is open by now."""
    finished = Signal(object)
    logged = Signal(list)
    said = Signal(str, str)
    held = Signal()
    """A function is held now, or goes on."""
    noted = Signal(str)
    turned = Signal(object)
    """Another editor that follows the run has changed something of it (`Turned`)."""
    replaced = Signal()
    """Another run was asked for in the place of one that had not begun, or was not come to yet."""

    def __init__(self, document: Document, checking: Checking, engine: Engine, history: History | None = None) -> None:
        super().__init__()
        self._news = News(self, engine, history)
        self._news.happened.connect(self._handle)
        self._news.logged.connect(self.logged)
        self.recorder = self._news.recorder
        self.document = document
        self.checking = checking
        self.engine = engine
        self.phase: Phase = "idle"
        self.python = ""
        """The interpreter of the environment that flows run in; empty is that of the window."""
        self.place = "local"
        self._turns: dict[str, int] = {}
        """Turns of the outermost loops of each function that has ended."""
        self.last: RunFinished | None = None
        self.failure: Failure | None = None
        self.holds: dict[str, Paused] = {}
        """Where each function is that is held, the newest last."""
        self.pausing = False
        """Whether a pause was asked for that no function has come to yet."""
        self._begins_held = False
        self.consent: Callable[[Callable[[], object]], bool] = lambda then: True
        """Whether the flow may run; if not, its user is asked, and what is handed over is done after a yes."""
        self.leave: Callable[[], bool] = lambda: False
        """Leaves the run where it is, if that is wanted; returns whether it goes on there."""
        self._clock = QElapsedTimer()
        self._before = 0.0
        """For how long in s it had been on when this window came to it."""
        self.began = False
        """Whether the newest run has begun: it may wait for a process, or a worker, first."""
        self._replayed = False
        """Whether its begin, of which is told, is that of a run that was on when this window came to it."""
        self._run = ""
        self._replaced: set[str] = set()
        """Runs in whose place another was asked for before they had begun: what is told of them is of no newest one."""
        self.edits = LiveEdits(self, document, checking, engine, lambda: self.active)
        self.edits.changed.connect(self.changed)
        self.edits.noted.connect(self.noted)
        self._again = False
        self.part: Part | None = None
        """What of the flow runs, or ran last, if not all of it."""
        self.whole = False
        """Whether the newest run is of the whole flow, on values of its own and not on those of dead letters."""
        self._part: Part | None = None
        """What to run then, if not all of it."""
        self._other = False
        """Whether another document was opened while a run was on."""
        self._again_on = QTimer(self, singleShot=True, interval=GLANCE)
        self._again_on.timeout.connect(self._run_again)

    # -------------------------------------------------------------- verbs
    @property
    def active(self) -> bool:
        """True from the start until the run has ended."""
        return self.phase != "idle"

    @property
    def waits(self) -> bool:
        """Whether it is on a queue, and no worker has begun it."""
        return self.phase == "starting" and self.place == "rq" and self.whole and not self.began

    @property
    def of_another(self) -> bool:
        """Whether what is on is still the run of the flow that was open before."""
        return self._other

    @property
    def id(self) -> str:
        """The newest run, or the part of one; empty if there was none."""
        return self._run

    @property
    def seconds(self) -> float:
        """How long the run takes, or took, in s; how long it is waited for its begin while it has not begun."""
        if self.active and self._clock.isValid():
            return self._before + self._clock.elapsed() / 1000
        return self.last.seconds if self.last else 0.0

    @property
    def iterations(self) -> int:
        """How many turns the outermost loops of all functions took so far."""
        return turns(self.engine, self.document.flow) if self.active else sum(self._turns.values())

    @property
    def refused(self) -> Failure | None:
        """Why what was asked for last has not run at all; None if it has."""
        return self.failure if self.failure is not None and self.failure.refused else None

    @property
    def paused(self) -> Paused | None:
        """Where the run is held; the newest place, if several functions are."""
        return next(reversed(self.holds.values()), None)

    def start(self) -> None:
        """Run the flow; one that runs is stopped first. If the checker finds errors they are said instead."""
        self._start(held=False)

    def start_held(self) -> None:
        """Run the flow and hold it before its first node."""
        self._start(held=True)

    def _start(self, *, held: bool) -> None:
        self._begins_held = held
        self.document.settle()
        errors = self.checking.now()
        if errors:
            more = {1: "", 2: " There is one more problem."}.get(
                len(errors), f" There are {len(errors) - 1} more problems."
            )
            text = f"{CANNOT_RUN} {errors[0].message} {errors[0].hint}".strip()
            if more and text[-1] not in ".?!:…":
                text += "."
            self.said.emit(text + more, "error")
            return
        if self.phase in ("running", "stopping"):
            self._again = True
            self.stop()
        else:
            self._begin()

    def pause(self) -> None:
        """Hold the run as soon as that can be; let it go on where it is held, or take back a pause that still waits."""
        if self.phase != "running":
            return
        if self.holds or self.pausing:
            self.engine.resume()
            self._wait_for_pause(False)
        else:
            self.engine.pause()
            self._wait_for_pause(True)

    def _wait_for_pause(self, on: bool) -> None:
        if on != self.pausing:
            self.pausing = on
            self.changed.emit()

    def stop(self) -> None:
        """Ask the run to stop."""
        if self.phase in ("starting", "running"):
            self._enter("stopping")
            self.engine.stop()

    def restart_engine(self) -> None:
        """Stop what runs and start the engine anew; the document and what is shown stay."""
        self._again = False
        if self.phase in ("starting", "running"):
            self._enter("stopping")
        self.engine.restart()

    def close(self) -> None:
        """Stop, and end the engine's process. Final."""
        self.edits.rest()
        self.leave()
        self.engine.close()
        self.recorder.close(3.0)  # a file that is locked for longer must not keep the window

    # -------------------------------------------------------------- changes of the document
    def follow(self, change: Change) -> None:
        """Hand a change of the document on to the run."""
        if change.kind != "open" or (change.again and self.active and self.edits.follows):
            self.edits.follow(change)
            return
        self.edits.follows = False
        self.failure = None
        self.edits.rest()
        self._other = True
        self._again, self._part = False, None  # it was the flow before that was to run again
        if self.active and not self.leave():
            self.stop()
        elif not self.active:
            self._hand_over()

    def _hand_over(self) -> None:
        """Let the engine forget the flow that was open before, with its values and states."""
        self._other = False
        self.last = None
        self._turns.clear()
        self.engine.open(write(self.document.flow), self.edits.place)
        self.changed.emit()

    # -------------------------------------------------------------- the engine
    def start_part(self, part: Part) -> None:
        """Run a part of the flow alone, on the values of the runs before; a run that is on is stopped first."""
        if self.checking.now():
            self.start()  # which says what is wrong
        elif self.active:
            self._part, self._again = part, True
            self.stop()
        else:
            self._begin(part)

    def put_back(self, letters: Sequence[int]) -> None:
        """Run the flow with what dead letters hold, instead of what its producers would give."""
        if self.active or self.checking.now():
            self.start()  # which says what is wrong; nobody asks for this while a run is on
        else:
            self._begin(letters=letters)

    def come_to(self, run: str, seconds: float, *, waits: bool = False) -> None:
        """Take over a run of this flow that is on elsewhere, since so many s: its events are about to come.

        Parameters
        ----------
        waits : bool
            Whether it waits for a worker still, since then.
        """
        self.failure, self.part, self.whole, self.place = None, None, True, "rq"
        self._turns.clear()
        self.edits.rest()
        self._clock.start()
        self._before = max(0.0, seconds)  # the clocks of two machines may differ
        self.began = self._replayed = not waits
        self._run = run
        self._enter("starting")
        self.edits.begin(follows=True)

    def _begin(self, part: Part | None = None, letters: Sequence[int] = ()) -> None:
        if not self.consent(partial(self._begin, part, letters)):
            return
        self.failure, self.part, self.whole = None, part, part is None and not letters
        self._turns.clear()
        self.edits.rest()
        self._clock.start()
        self._before = 0.0
        self.began = self._replayed = False
        if self.active:
            self._replaced.add(self._run)
            self.replaced.emit()
        self._enter("starting")
        self._run = new_run() if part is None else new_part(self._run)
        try:
            text, path = write(self.document.flow), self.edits.place
            self.engine.open(text, path, again=True)
            place = self.place if part is None and not letters else "local"
            words = part.words if part is not None else put_back_words(letters)
            before = dict(self.engine.states()) if part is not None else {}
            self.recorder.begin(
                self._run, About(text, path, place=place, part=words, states=states_since(before, self.engine))
            )
            if part is not None:
                self._run = self.engine.start(part=part, run=self._run)
                self.edits.begin(follows=False)
                return
            held = self._begins_held and not letters
            self._run = self.engine.start(place=self.place, run=self._run, held=held, letters=letters)
            self.edits.begin(follows=True)
        except Exception as error:  # noqa: BLE001 - a place that is not there, a process that died: said, never raised
            self.edits.follows = False
            self._enter("idle")
            said = f"The run could not be started: {error}"
            self.recorder.take(RunFinished(self._run, "failed", said))
            self.said.emit(said, "error")

    def _handle(self, event: Event) -> None:
        if event.run in self._replaced:  # its end is not that of the run that is waited for
            return
        match event:
            case Paused():
                self.holds.pop(event.function, None)
                self.holds[event.function] = event
                self._wait_for_pause(False)
                self.held.emit()
            case Resumed():
                self.holds.pop(event.function, None)
                self.held.emit()
            case RunStarted():
                self._run = event.run
                self._count()
                if self.phase == "starting":
                    self._enter("running")
                elif self.phase == "idle":
                    self.failure = None
                    self._again_on.start()
            case NodeFailed():
                if not event.goes_on:  # else the end of the run still has something to say
                    self.failure = event.failure
                self.failed.emit(event.failure)
            case Rejected():
                self.rejected.emit(event)
            case Turned():
                self.turned.emit(event)
            case Released():
                self.released.emit(event)
            case LoopFinished():
                self._turns[event.loop] = event.iterations
            case RunFinished():
                self._end(event)
            case _:
                pass

    def _count(self) -> None:
        """Count from the begin of the run: what it was waited for is no time of it."""
        self.began = True
        if self._replayed:
            self._replayed = False
        elif self.active:
            self._clock.start()
            self._before = 0.0

    def _run_again(self) -> None:
        """Show that what hangs on a change is being computed: it takes longer than a glance."""
        if self.phase == "idle":
            self._clock.start()
            self._enter("running")

    def _end(self, event: RunFinished) -> None:
        if not self.refused:
            self.last = event
        self.pausing = False
        self._again_on.stop()
        if self.holds:
            self.holds.clear()
            self.held.emit()
        if self._other:
            self.phase = "idle"
            self.ending.emit(event)
            self._hand_over()
            self.finished.emit(event)
            return
        if event.reason in ("killed", "crashed"):
            self.edits.follows = False
        self.phase = "idle"
        self.ending.emit(event)
        self.changed.emit()  # also where it was idle: a change was computed after the end
        self.finished.emit(event)
        if self._again:
            self._again = False
            part, self._part = self._part, None
            self._start(held=self._begins_held) if part is None else self.start_part(part)

    def _enter(self, phase: Phase) -> None:
        if phase != self.phase:
            self.phase, self.pausing = phase, False
            self.changed.emit()
