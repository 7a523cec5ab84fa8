"""What becomes of a run on a worker that does not stop, has died, or cannot be heard."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import PurePosixPath, PureWindowsPath
from typing import Protocol

from redis.exceptions import OutOfMemoryError, RedisError

from flodesk.engine.events import Reason
from flodesk.engine.places.server.going_on import GarbledError, in_words
from flodesk.engine.places.server.key import how_to_get_one
from flodesk.engine.places.server.refusals import no_room
from flodesk.engine.places.server.stream import hidden
from flodesk.engine.places.session.following import Following
from flodesk.engine.places.session.job_queue import SILENT_SECONDS
from flodesk.engine.places.session.line import Line
from flodesk.engine.places.session.run_on import RunOn

QUIET_SECONDS = 2.0
"""After so long without a word it is looked whether the server has room for one."""
BUSY_SECONDS = 3.0
"""After so long in the queue it is said what runs on the workers for which it waits."""
STOP_SECONDS = 1.2
"""After this long the worker's process is ended: with the ways to it and back that is within two."""


class Told(Protocol):
    """Whoever has the run."""

    def culprit(self) -> str:
        """Say which node was at work, if one was."""

    def say(self, text: str, level: str = "warning") -> None:
        """Write a line to the run's log."""

    def renew(self) -> None:
        """Note that the session is over; a run that has not begun there gets another one."""

    def go_on(self, session: str) -> None:
        """Follow the run in another session, which begins it again."""

    def finish(self, reason: Reason, message: str) -> None:
        """Tell the end of a run that cannot tell it itself; its session is over."""


class Fate:
    """Watches over one run at a time.

    Parameters
    ----------
    origin : str
        Where the key is from that signs what is sent, in words.
    patience : float
        How long in s a server that has gone is waited for.
    own : bool
        Whether workers of its own come with the server.

    Attributes
    ----------
    line : Line
        Leads to its session; set before anything comes from there.
    running : bool
        From the start to the end of the run.
    begun : bool
        Whether the run has told its start.
    jobs : int
        How many sessions were put on the queue for it.
    repeated : bool
        Whether it was run again where its worker had died.
    came : bool
        Whether somebody else has started it, or it was left: it is followed, and no more.
    began : float
        When it began, or was asked for until it has, by `time.monotonic`.
    """

    line: Line

    def __init__(self, told: Told, url: str, origin: str, patience: float, *, own: bool = False) -> None:
        self._told = told
        self._url = url
        self._origin = origin
        self._patience = patience
        self._own = own
        self.running = self.begun = self.repeated = self.came = False
        self.jobs = 0
        self.began = 0.0
        self._stopped_at = 0.0
        self._late = ""
        self._lonely = self._blind = self._crowded = False
        self._away = self._doubted = False
        self._full = 0.0

    def begin(self) -> None:
        """Watch over another run."""
        self.begun = self.repeated = self.came = False
        self.jobs, self._stopped_at, self._late, self._doubted, self._full = 0, 0.0, "", False, 0.0
        self._away = False
        self.began = time.monotonic()

    def on_since(self, since: float) -> None:
        """Count from when it began, in s since 1970: it may be long before somebody came to it."""
        self.began = time.monotonic() - max(0.0, time.time() - since)

    def queued(self) -> None:
        """Note that it waits in the queue, in a session of its own."""
        self.running, self._lonely, self._blind, self._crowded = True, False, False, False

    def stopping(self, late: str = "") -> None:
        """Note that it was asked to stop; `late` says why, if that is because its time was over."""
        self._late = late or self._late
        self._stopped_at = self._stopped_at or time.monotonic()

    @property
    def away(self) -> bool:
        """Whether its run is on, and the server is waited for."""
        return self.running and self._away

    @property
    def _overdue(self) -> bool:
        return bool(self._stopped_at) and time.monotonic() - self._stopped_at > STOP_SECONDS

    # -------------------------------------------------------------- asked by the thread that reads
    def watch(self, quiet: bool) -> None:
        """End the worker of a run that does not stop; notice a job that ended without a word."""
        session = self.line.session
        if session is None or not self.running:
            return None
        if self._overdue:
            return self._end(session.session)
        if not quiet:
            return None
        silent = time.monotonic() - session.heard
        queue = self.line.queue
        if silent > QUIET_SECONDS and self._no_room(session):
            return None
        try:
            fate, why = queue.fate(session.session, silent, begun=session.number > 0)
        except GarbledError as error:
            return self._cannot_see(error)
        if fate == "doubtful" and not self._doubted:
            self._doubted = True
            self._told.say(
                f"The server says that this run has ended ({why}). Nobody who has the project's key has said so, and "
                "it has not: it goes on. Somebody else has written that."
            )
        if fate == "gone" and not (self.begun and silent < SILENT_SECONDS):
            return self._told.finish("crashed", "The job is gone from the queue: somebody has removed it.")
        if fate == "refused":
            return self._told.finish("failed", f"The worker refused to run it: {why}{self._about_keys(why)}")
        if fate in ("dead", "stopped") and not self.begun and self.jobs == 0:
            return self._told.renew()  # the session was over when the run was asked for
        if fate == "stopped":
            return self._told.finish("killed", f"{self._told.culprit()}Somebody has stopped it on the server.")
        if fate == "dead":
            return self._died(why)
        if fate == "alone" and not self._lonely:
            self._lonely = True
            self._told.say(
                f"No worker of the local queue at {hidden(self._url)} listens yet: the run begins as soon as one does."
                if self._own
                else f"No worker listens on the queue {queue.name!r} yet. Start one: "
                f"flodesk worker --redis {hidden(self._url)} --queue {queue.name}"
            )
        waited = not self.begun and time.monotonic() - self.began > BUSY_SECONDS
        if fate == "well" and waited and not self._crowded:
            self._say_what_runs(session.session)
        return None

    def _say_what_runs(self, session: str) -> None:
        """Say for what it waits, where all workers have something to do."""
        try:
            runs = self.line.queue.runs_before(session)
        except GarbledError as error:
            return self._cannot_see(error)
        if runs:
            self._crowded = True
            self._told.say(_busy(runs), "info")
        return None

    def _cannot_see(self, error: GarbledError) -> None:
        """Say once that nobody can see how the job does; what its worker says is heard all the same."""
        if not self._blind:
            self._blind = True
            self._told.say(f"{in_words(error)}: whether its worker lives cannot be seen. Stop ends the run.")

    def lost(self, error: RedisError, seconds: float) -> bool:
        """Wait for a server that has gone, if a run is on; returns whether to go on."""
        if not self.running:
            return False
        if seconds > self._patience or self._overdue:
            self._told.finish(
                "crashed",
                f"The Redis server at {hidden(self._url)} does not answer any more ({error}). The run may go on "
                "there; start the server again, or run the flow on this machine.",
            )
            return False
        if not self._away:
            self._away = True
            self._told.say(
                f"The Redis server at {hidden(self._url)} does not answer ({error}): waiting for it, "
                f"{self._patience:g} s at most. The run goes on."
            )
        return True

    def back(self) -> None:
        """Go on where the server was lost: what may have been lost with it is sent, and asked for, once more."""
        self._away = False
        self._told.say(f"The Redis server at {hidden(self._url)} answers again.", "info")
        session = self.line.session
        if self.line.resend() and session is not None and not self.begun and not self.line.queue.has(session.session):
            self._told.renew()  # it waited in the memory of the server, which is empty now

    # -------------------------------------------------------------- inside
    def _no_room(self, session: Following) -> bool:
        """Return whether the server has no memory left, so that no worker can say anything, nor be heard to live."""
        now = time.monotonic()
        try:
            self.line.try_room()
        except OutOfMemoryError as error:
            words = no_room(self._url, error)
            if not self._full:
                self._full = now
                self._told.say(
                    f"{words}. Nothing of the run can be told until then; the run goes on, and is waited for "
                    f"{self._patience:g} s at most."
                )
            elif now - self._full > self._patience:
                self._told.finish("crashed", f"{words}. The run may go on there, and nothing can be told of it.")
            return True
        if self._full:
            self._full = 0.0
            self._told.say(f"The Redis server at {hidden(self._url)} has room again.", "info")
            self.line.resend()
            session.heard = now  # a worker that could not say that it lives gets a while to do so
            return True
        return False

    def _died(self, why: str) -> None:
        """Run what has no effects once more elsewhere when its worker has died; tell the end of anything else."""
        culprit, session, reason = self._told.culprit(), self.line.session, ""
        if session is not None:
            self.line.queue.give_up(session.session, why)
            reason = self.line.why_not_again(session.session, why)  # before that is decided, which may clear away
            if again := self.line.see_to(session.session, why):
                self._told.say(f"{culprit}The job ended without a word: {why}. It has no effects: it is run again.")
                self.begun, self.repeated, self.jobs = False, True, max(1, self.jobs)
                return self._told.go_on(again)
        said = f"{culprit}The job ended without a word: {why.rstrip(' ;.')}"
        return self._told.finish("crashed", f"{said}. {reason}. Run the flow again." if reason else said)

    def _about_keys(self, refused: str) -> str:
        """Say what to do where the worker knows another key, or none."""
        if "key" not in refused:
            return ""
        return f". Here it is signed with the key of {self._origin}: {how_to_get_one(self._origin)}"

    def _end(self, session: str) -> None:
        """End what did not stop by itself: take it off the queue, or have its process killed."""
        if self.line.queue.end(session):
            return self._told.finish("stopped", "It was taken off the queue before a worker had begun it.")
        said = f"{self._told.culprit()}It did not stop, so its process on the worker was ended."
        late = self._late
        return self._told.finish("failed" if late else "killed", f"{late}. {said}" if late else said)


def _busy(runs: Sequence[RunOn | None]) -> str:
    names = [_name(run) for run in runs]
    if len(names) == 1:
        since = f" since {time.strftime('%H:%M', time.localtime(runs[0].since))}" if runs[0] is not None else ""
        return f"The only worker of the queue is busy: {names[0]} runs there{since}. This run begins when that is over."
    few = dict.fromkeys(names)
    what = ", ".join([*few][:3]) + (" …" if len(few) > 3 else "")
    return f"All {len(names)} workers of the queue are busy ({what}). This run begins when one of them is free."


def _name(run: RunOn | None) -> str:
    """Say what runs; its file may be that of another system."""
    if run is None:
        return "another job"
    path = PureWindowsPath(run.path) if "\\" in run.path else PurePosixPath(run.path)
    return path.name or "a flow without a file"
