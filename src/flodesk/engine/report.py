"""What a run tells of itself: its events, its log lines, and the worst that has happened."""

from __future__ import annotations

import threading
import time
import traceback
from collections.abc import Callable
from dataclasses import replace
from subprocess import CalledProcessError

from flodesk.engine.errors import Ended, Interruption, NodeError, PlanError, StopRun, failure, sentence
from flodesk.engine.events import Event, Failure, NodeFailed, Reason
from flodesk.engine.heeding import POLITE
from flodesk.engine.inputs import given_values
from flodesk.engine.load import LoadError
from flodesk.engine.log import Log
from flodesk.engine.loop import Runner
from flodesk.engine.plan import Plan

HEARD_SECONDS = 0.2
"""How much earlier than this process a program may hear of Ctrl+C."""
_WORST: tuple[Reason, ...] = ("succeeded", "stopped", "killed", "failed")


class Report:
    """How a run goes.

    Parameters
    ----------
    turn : callable
        Returns in which turn of the outermost loop a node is.

    Attributes
    ----------
    run : str
        Names the run in every event.
    reason, message : str
        The worst that has happened since `begin`, and what and where in a sentence.
    late : str
        That it did not end within its time limit, if so.
    lost : tuple
        What queues have lost, as `RunFinished` has it.
    """

    def __init__(self, run: str, emit: Callable[[Event], None], turn: Callable[[str], int] = lambda node: 0) -> None:
        self.emit = emit
        self.reason: Reason = "succeeded"
        self.message = ""
        self.late = ""
        self.lost: tuple[tuple[str, str, int], ...] = ()
        self._lost: list[str] = []
        self._log = Log(emit, turn)
        self._lock = threading.Lock()
        self.rename(run)

    def rename(self, run: str) -> None:
        """Speak of another run from now on."""
        self.run = self._log.run = run

    def begin(self) -> None:
        """Forget what has happened."""
        self.reason, self.message = "succeeded", ""
        self._lost = []
        self.lost = ()

    def say(self, node: str, level: str, text: str) -> None:
        """Write a log line."""
        self._log.say(node, level, text)

    def flush(self) -> None:
        """Say how many log lines were dropped."""
        self._log.flush()

    def fail(self, failed: Failure) -> None:
        """Tell a failure."""
        self.emit(NodeFailed(self.run, failed))
        self._worsen("failed", sentence(failed))

    def overdue(self, seconds: float, at_work: list[str]) -> None:
        """Note that the run has failed because it did not end in time."""
        were = "was" if len(at_work) == 1 else "were"
        who = f": {' and '.join(at_work)} {were} running" if at_work else ""
        self.late = f"The run did not end within its time limit of {seconds:g} s"
        self._worsen("failed", f"{self.late}{who}")

    def close(self, runner: Runner, reason: Reason) -> Reason:
        """Close the objects of a function that has ended, and tell those that fail; returns its reason now."""
        for name, error in runner.close():
            self.fail(failure(f"{runner.plan.function}.{name}", error, file=runner.plan.loaded.file))
            reason = "failed"
        return reason

    def lose(self, sentences: list[str]) -> None:
        """Note what a function has lost and gone on from: the run has failed, though it may come to its end."""
        with self._lock:
            self._lost += sentences

    def conclude(self, *, stopping: bool, limited: bool = False) -> None:
        """At the end of a run: with something lost it has failed, and its message says what.

        So it has where its time was to end it well and a node's process had to be ended by force.
        """
        if limited and self.reason == "killed":
            self._worsen("failed", self.message)
        if self._lost and self.reason == "failed":
            self.message = "; ".join([self.message, *self._lost])
        elif self._lost:
            how = "stopped" if stopping else "finished"
            self._worsen("failed", f"{how}; {'; '.join(self._lost)}")

    def settle(self, ended: BaseException | None, *, stopping: Callable[[], bool], file: str) -> Reason:
        """Turn what ended a function, or the loading of the file, into its reason; tell a failure."""
        if ended is None:
            return "succeeded"
        if isinstance(ended, Ended):
            self._worsen("killed", str(ended))
            return "killed"
        if isinstance(ended, StopRun) or (stopping() and was_interrupted(ended)) or _was_told(ended, stopping):
            self._worsen("stopped", "")
            return "stopped"
        if isinstance(ended, NodeError):
            failed = node_failure(ended)
            bare = Failure("", failed.type, failed.message)
            self.fail(bare if bare.unreached else failed)
        elif isinstance(ended, LoadError):
            self.fail(ended.failure)
        elif isinstance(ended, PlanError):
            failed = failure(ended.node, ended, file=file, line=ended.line)
            failed = replace(failed, type=type(ended).__name__, giver=ended.giver, lack=ended.lack)
            self.fail(replace(failed, message=str(ended), traceback=str(ended)))
        else:
            # not the flow's doing but ours: then the engine's own frames are what matters
            text = "".join(traceback.format_exception(ended))
            self.fail(replace(failure("", ended, file=file), traceback=text))
        return "failed"

    def _worsen(self, reason: Reason, message: str) -> None:
        with self._lock:
            if _WORST.index(reason) > _WORST.index(self.reason):
                self.reason, self.message = reason, message


def was_interrupted(error: BaseException | None) -> bool:
    """Return whether a node raised because it was stopped: it may have turned that into an error of its own."""
    seen = 0
    while error is not None and seen < 50:
        if isinstance(error, Interruption) and not isinstance(error, NodeError):
            return True
        error = error.error if isinstance(error, NodeError) else error.__cause__ or error.__context__
        seen += 1
    return False


def _was_told(ended: BaseException, stopping: Callable[[], bool]) -> bool:
    """Whether a node raised because the program that it waited for was told to end as this run was: by a terminal."""
    error = ended.error if isinstance(ended, NodeError) else ended
    if not isinstance(error, CalledProcessError) or -error.returncode not in POLITE:
        return False
    end = time.monotonic() + HEARD_SECONDS
    while not stopping() and time.monotonic() < end:
        time.sleep(HEARD_SECONDS / 50)
    return stopping()


def node_failure(ended: NodeError) -> Failure:
    """Describe what a node raised, and what it was given."""
    plan: Plan = ended.plan
    item = plan.by_cell.get(ended.cell)
    if item is None:
        return failure(plan.function, ended.error, file=plan.loaded.file)
    inputs = given_values(plan, item, ended.slots)
    return failure(plan.node(item), ended.error, file=plan.loaded.file, line=item.line, inputs=inputs, way=ended.way)
