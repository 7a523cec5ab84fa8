"""The workers of RQ that run flows: each run in a process of its own, forked where that is possible, else started."""

from __future__ import annotations

import contextlib
import itertools
import os
import sys
import threading
import time
from collections.abc import Callable
from types import FrameType
from typing import Any

from redis import Redis
from redis.exceptions import RedisError
from rq import SimpleWorker
from rq.timeouts import BaseDeathPenalty

from flodesk.engine.glance import duration
from flodesk.engine.history.process import began
from flodesk.engine.lifeline import end_of, follow
from flodesk.engine.places.server.foreign_text import line
from flodesk.engine.places.server.guard import Guard, NoKeyError
from flodesk.engine.places.server.key import how_to_get_one, mark_of
from flodesk.engine.places.server.signing import RefusedError, Writing
from flodesk.engine.places.server.stream import ENDED, FAILED_SECONDS, Keys, PlaceError, connect
from flodesk.engine.places.session.job import FAILED, PARTS, FlowJob
from flodesk.engine.places.session.last_words import LAST_SIGNS, End, write_end
from flodesk.engine.places.session.run_again import see_to
from flodesk.engine.places.workers.flow_queue import FlowQueue
from flodesk.engine.places.workers.forgetting import forget_job
from flodesk.engine.places.workers.forked_ahead import SpareWorker
from flodesk.engine.places.workers.job_lines import say
from flodesk.engine.places.workers.job_list import worker_facts
from flodesk.engine.places.workers.patient import PatientWorker
from flodesk.engine.places.workers.spare import FailedError, LostError, Spare, Spares
from flodesk.engine.places.workers.sweeping import sweep
from flodesk.flow.packs import packs

STOP_SECONDS = 4.0
"""What a run gets to stop politely once the worker is asked to end, its objects' ``close()`` included."""
SPARE_SECONDS = 1.0
"""After so long a run is worth that the next process is started beside it."""
_NO_SIGNALS_SECONDS = 2
"""How long is waited for a job at a time where a signal does not end the waiting: on Windows."""


class FlowWorker(PatientWorker):
    """What workers that run flows have in common, beside one of RQ's.

    Asked to end (SIGTERM, Ctrl+C) it stops its run first, as the editor would: a live flow never ends by itself. What
    does not stop in time is ended; a second signal ends all at once.
    """

    queue_class = FlowQueue
    greet: Callable[[], None]
    """Called when it can be found by those who look for one."""
    name: str
    guard: Guard
    connection: Redis
    _stopped_job_id: str | None
    serving: tuple[Any, Any] | None = None
    """The job that runs now, and its queue."""
    ending = False
    """Whether the run is ended with the worker."""
    _killed = ""
    """How the process of a run has ended that nobody here has ended, until its failure is told."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._signals = itertools.count(1)

    def serialize(self) -> dict[str, Any]:
        """Return what others see of this worker: beside what RQ says, its version and the packs it has."""
        version = str(getattr(sys.modules.get("flodesk"), "__version__", ""))
        known = [pack.distribution or pack.name for pack in packs()]
        try:
            key = mark_of(self.guard.key().secret)
        except RefusedError:
            key = ""  # it has none, and refuses what comes
        return {**super().serialize(), **worker_facts(version, known, began(os.getpid()), key)}  # type: ignore[misc]

    def execute_job(self, job: Any, queue: Any) -> None:
        """Run one flow. A server that goes meanwhile is waited for, like between two flows."""
        self.serving = job, queue
        job.guard = self.guard
        # a session says of each of its runs how it does
        says = job.func_name == PARTS and not self.own
        what, begun = f"job {job.id} ({line(job.description, 120)})", time.monotonic()
        if says:
            say(f"{what} begins")
        try:
            super().execute_job(job, queue)  # type: ignore[misc]
        except RedisError as error:
            print(f"flodesk worker: job {job.id}: {error}", file=sys.stderr, flush=True)
        finally:
            self.serving = None
            if says:
                say(f"{what} is over after {duration(time.monotonic() - begun)}")

    def prepare_job_execution(self, job: Any, remove_from_intermediate_queue: bool = False) -> None:
        """Note that a job is begun; the list of those that are taken is kept for any number of queues."""
        super().prepare_job_execution(job, True)  # type: ignore[misc]

    def run_maintenance_tasks(self) -> None:
        """See to what dead workers have left, before RQ takes what nobody has seen to for failed and says no more."""
        with contextlib.suppress(RedisError, LookupError, TypeError, ValueError):  # whatever stands there
            queues = [str(queue.name) for queue in self.queues]  # type: ignore[attr-defined]
            sweep(self.connection, queues, now=True, key=self.guard.secret())
        super().run_maintenance_tasks()

    def maintain_heartbeats(self, job: Any) -> None:
        """Say that a run is on; if the server is away, the next time will do."""
        with contextlib.suppress(RedisError):
            super().maintain_heartbeats(job)  # type: ignore[misc]

    def handle_exception(self, job: Any, *exc_info: Any) -> None:
        """Say what a job failed by; one that was refused in a sentence."""
        error = exc_info[1]
        if isinstance(error, RefusedError):
            todo = f": {how_to_get_one()}" if isinstance(error, NoKeyError) else ""
            print(f"flodesk worker: job {job.id} was refused: {error}{todo}", file=sys.stderr, flush=True)
        elif isinstance(error, LostError | FailedError):
            print(f"flodesk worker: job {job.id}: {error}", file=sys.stderr, flush=True)
        else:
            super().handle_exception(job, *exc_info)  # type: ignore[misc]

    def request_stop(self, signum: int, frame: FrameType | None) -> None:
        """End after the run that is on, which is stopped: the first signal.

        A second one that comes while RQ still takes the first would pass for another first. The number of a signal is
        taken in one step, which no other signal can come into.
        """
        if next(self._signals) == 1:
            super().request_stop(signum, frame)  # type: ignore[misc]
        else:
            self.request_force_stop(signum, frame)  # type: ignore[attr-defined]

    def handle_warm_shutdown_request(self) -> None:
        """Stop the run that is on: the first signal."""
        if self.serving is not None:
            run = self.serving[0].id
            threading.Thread(target=self._stop_run, args=(run, self.child), name="flodesk stop", daemon=True).start()

    @property
    def own(self) -> bool:
        """Whether it belongs to a program that shows what becomes of its runs: nothing is said of them here."""
        return self.guard.host is not None and self.guard.host.own

    @property
    def child(self) -> int:
        """The process that runs the job; 0 where there is none."""
        return int(getattr(self, "horse_pid", 0))

    def end_run(self) -> None:
        """End the process of the run that is on."""
        if self.child:
            self.kill_horse()

    def _stop_run(self, run: str, child: int) -> None:
        """Ask a run to stop, by a connection of its own: the worker's is in use where the signal has come in."""
        with contextlib.suppress(RedisError, PlaceError, RefusedError):
            connection = connect(self.url)
            writing = Writing(self.guard.key().secret, run)
            for command in ("stop", "end", "close"):  # a session, and single nodes
                connection.xadd(Keys(run).commands, writing.entry({"c": command}), maxlen=10_000)
            connection.close()
        end = time.monotonic() + STOP_SECONDS
        while time.monotonic() < end:
            if self.serving is None or self.serving[0].id != run:
                return
            time.sleep(0.05)
        if child and self.child == child:
            self.ending = True
            self.kill_horse()

    def kill_horse(self, *arguments: Any) -> None:
        """End the process of the run."""
        super().kill_horse(*arguments)  # type: ignore[misc]

    def handle_job_success(self, job: Any, *arguments: Any, **options: Any) -> None:
        """Note that a session is over; one whose run has failed is remembered like a job that has, to be run again."""
        if getattr(job, "_result", None) == FAILED:
            job.result_ttl = FAILED_SECONDS
        super().handle_job_success(job, *arguments, **options)  # type: ignore[misc]

    def handle_job_failure(self, job: Any, queue: Any, *arguments: Any, exc_string: str = "", **options: Any) -> None:
        """Note that a job has failed; one that was ended with its worker says so, and is not taken for a crash.

        The run of a process that has died is run again, if it has no effects.
        """
        error = sys.exc_info()[1]
        told = str(error) if isinstance(error, LostError | FailedError) else self._killed or exc_string
        said, self._killed = ENDED if self.ending else told, ""
        stopped = self._stopped_job_id == job.id
        end: End = "stopped" if stopped else "refused" if isinstance(error, RefusedError) else "dead"
        last = str(error) if end == "refused" else (said.strip().splitlines() or [""])[-1].rstrip(LAST_SIGNS)
        again = ""
        if secret := self.guard.secret():  # otherwise it is said unsigned
            with contextlib.suppress(RedisError):
                write_end(self.connection, secret, str(job.id), end, last)
                again = see_to(self.connection, secret, str(job.id), last) if end == "dead" else ""
        super().handle_job_failure(job, queue, *arguments, exc_string=said, **options)  # type: ignore[misc]
        if again:
            with contextlib.suppress(RedisError), self.connection.pipeline() as pipe:
                forget_job(pipe, str(job.origin), str(job.id))
                pipe.execute()

    def bootstrap(self, *arguments: Any, **options: Any) -> None:
        """Register, and say so once a signal is an order to end: whoever reads the greeting may send one at once."""
        super().bootstrap(*arguments, **options)  # type: ignore[misc]
        self._install_signal_handlers()  # type: ignore[attr-defined]
        self.greet()


class ForkingWorker(FlowWorker, SpareWorker):
    """A worker that forks a process for each run, with all that is imported here."""

    def setup_work_horse_signals(self) -> None:
        """Let a run end with its worker: nobody could stop it any more, and it may be run again elsewhere."""
        super().setup_work_horse_signals()
        follow(os.getppid())

    def handle_work_horse_killed(self, job: Any, retpid: int, ret_val: int, rusage: Any) -> None:
        """Say that the process of a run has ended, where nobody has wanted that: in place of RQ's words."""
        ended = end_of(os.waitstatus_to_exitcode(ret_val))
        self._killed = f"the process of the run {ended}"
        if not self.ending and not self.own:
            say(f"job {job.id}: its process {ended}")

    def request_force_stop(self, signum: int, frame: FrameType | None) -> None:
        """End the run and the worker at once, and let who waits for the run know: the second signal."""
        if self.serving is not None and self.child:
            self.kill_horse()
            self.wait_for_horse()
            with contextlib.suppress(RedisError):
                self.handle_job_failure(*self.serving, exc_string=ENDED)
        raise SystemExit(130)


class _NoLimit(BaseDeathPenalty):  # type: ignore[misc]  # RQ is untyped
    """Jobs that host sessions have no time limit; RQ's own would set a timer, or need signals."""

    def setup_death_penalty(self) -> None:
        """Nothing."""

    def cancel_death_penalty(self) -> None:
        """Nothing."""


class _HandedJob(FlowJob):
    """A job that is handed to another process; what it asks for is looked at there."""

    hand: Callable[[Any], str]

    @property
    def func(self) -> Any:
        """What RQ calls."""
        return lambda *arguments: self.hand(self)


class StartingWorker(FlowWorker, SimpleWorker):  # type: ignore[misc]  # RQ is untyped
    """A worker that hands each run to a process that it has started before: where there is no fork.

    So a run that does not return, or crashes, is ended with that process, and the worker lives on.
    """

    job_class = _HandedJob
    death_penalty_class = _NoLimit
    spares: Spares
    _spare: Spare | None = None
    _forced = False

    @property
    def horse_pid(self) -> int:
        """The process of the run; 0 where none is on."""
        spare = self._spare
        return 0 if spare is None else spare.pid

    @property
    def dequeue_timeout(self) -> int:
        """How long in s is waited for a job at a time."""
        return int(super().dequeue_timeout) if os.name == "posix" else _NO_SIGNALS_SECONDS

    def execute_job(self, job: Any, queue: Any) -> None:
        """Run one flow in a process that is ready for it."""
        job.hand = self._hand
        super().execute_job(job, queue)
        if self._forced:
            raise SystemExit(130)
        self.spares.prepare()

    def _hand(self, job: Any) -> str:
        """Have a job run, and wait for its end; the next process is started meanwhile."""
        self._spare = spare = self.spares.take()
        if self._stopped_job_id == job.id:  # so early that there was nobody to be ended
            spare.kill()
        spare.begin(str(job.id))
        begun = beat = time.monotonic()
        try:
            while True:
                answer = spare.answer(SPARE_SECONDS)
                if answer is not None:
                    return answer
                now = time.monotonic()
                if now - begun > SPARE_SECONDS and not self._stop_requested:
                    self.spares.prepare()
                if now - beat > self.job_monitoring_interval:
                    beat = now
                    self.maintain_heartbeats(job)
        finally:
            self._spare = None
            spare.close()

    def kill_horse(self, *arguments: Any) -> None:
        """End the process of the run."""
        spare = self._spare
        if spare is not None:
            spare.kill()

    def request_force_stop(self, signum: int, frame: FrameType | None) -> None:
        """End the run and the worker at once: the second signal."""
        if self._spare is None:
            raise SystemExit(130)
        # not from here: RQ would take that for the failure of the job
        self.ending = self._forced = True
        self.kill_horse()

    def teardown(self) -> None:
        """Leave, with the processes that wait."""
        self.spares.close()
        super().teardown()


def worker_class(*, fork: bool) -> Any:
    """Return the class of worker: one that forks, if that is wanted and possible."""
    return ForkingWorker if fork and hasattr(os, "fork") else StartingWorker
