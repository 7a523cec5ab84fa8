"""The jobs of RQ that host sessions, from the editor's side: put on a queue, watched, and ended."""

from __future__ import annotations

import contextlib
import re
import secrets
import time
from collections.abc import Mapping, Sequence
from typing import Any, Literal

from redis import Redis
from rq import Worker, worker_registration
from rq.command import send_command, send_stop_job_command
from rq.exceptions import InvalidJobOperation, NoSuchJobError
from rq.job import JobStatus
from rq.serializers import JSONSerializer
from rq.worker import WorkerStatus

from flodesk.engine.places.server.foreign_text import line
from flodesk.engine.places.server.going_on import GarbledError, sensible
from flodesk.engine.places.server.signing import seal
from flodesk.engine.places.server.stream import EXPIRE_SECONDS, FAILED_SECONDS, beat_key
from flodesk.engine.places.server.wire import Wire
from flodesk.engine.places.session.job import KINDS, WORK, FlowJob
from flodesk.engine.places.session.last_words import LAST_SIGNS, read_end, write_end
from flodesk.engine.places.session.run_on import RunOn
from flodesk.engine.places.session.runs_there import entry_of
from flodesk.engine.places.workers.flow_queue import FlowQueue
from flodesk.engine.places.workers.job_list import label_of, labelled, traceback_of
from flodesk.engine.places.workers.worker_alive import has_died
from flodesk.engine.writable import writable

NOBODY: Mapping[str, Any] = {}
SILENT_SECONDS = 8.0
"""After so long without a word it is looked whether the worker is alive."""
HEARD_SECONDS = 3.0
"""A session that is on says something several times a second, and one whose worker was taken for dead after its death
has said nothing for longer. Waited for no longer than that: its run may be on elsewhere, and is to be followed."""
_ENDED = {JobStatus.FAILED, JobStatus.STOPPED, JobStatus.CANCELED, JobStatus.FINISHED}
_REFUSED = re.compile(r"flodesk\.[\w.]*\.(?:RefusedError|NoKeyError): (.*)")
"""The last line of a job that a worker did not run."""
_OF_KEYS = ("this worker has no key", "its signature is not that of the project's key", "it is not signed")
"""How a refusal begins that a worker cannot sign, as it has not the key."""

Fate = Literal["well", "alone", "gone", "refused", "stopped", "dead", "doubtful"]
"""Of a job: nothing is wrong; nobody is there to take it; it is not on the server; a worker did not want it; somebody
who looks after the server has stopped it; it has ended, or its worker has; somebody has written there, unsigned, that
it has ended, and it shows that it has not."""


class JobQueue:
    """Where sessions wait for a worker.

    Parameters
    ----------
    key : bytes
        Signs them.
    """

    def __init__(self, connection: Redis, name: str, key: bytes, wire: Wire) -> None:
        self.name = name
        self._connection = connection
        self._key = key
        self._wire = wire
        self._queue = FlowQueue(name, connection=connection, serializer=JSONSerializer, job_class=FlowJob)

    def put(self, session: str, commands: Sequence[Any], words: str, by: Mapping[str, Any] = NOBODY) -> None:
        """Put a session on the queue that begins with these commands, `by` whom (``who``, ``host``, ``here``)."""
        path = next((str(c.get("path", "")) for c in commands if c["c"] == "open"), "")
        self.enqueue(WORK, session, {"commands": commands, "by": by}, words, path)

    def enqueue(
        self,
        function: str,
        id: str,
        head: Mapping[str, Any],
        words: str,
        path: str,
        after: Sequence[str] = (),
        *,
        by: bytes | None = None,
        pipe: Any = None,
    ) -> None:
        """Put a job on the queue, signed.

        Parameters
        ----------
        function : str
            One of those that `FlowJob` allows.
        head : mapping
            What it says beside its name, when it was made, and how values travel.
        words, path : str
            What it is, for people; and of which file.
        after : sequence of str
            The jobs that have to come to their ends before.
        by : bytes, optional
            Who has put it there, as another job says it; by default the user of this process.
        pipe : Pipeline, optional
            By which it is put there.
        """
        job = {"id": id, "mark": secrets.token_hex(16), "made": time.time(), **head}
        job |= {"idle": self._wire.idle, "patience": self._wire.patience, "megabytes": self._wire.megabytes}
        self._queue.enqueue_call(
            function,
            args=seal(self._key, KINDS[function], job),
            timeout=-1,
            result_ttl=EXPIRE_SECONDS,
            failure_ttl=FAILED_SECONDS,
            job_id=id,
            description=writable(words),
            meta=labelled(writable(path)) if by is None else label_of(by),
            depends_on=list(after) or None,
            pipeline=pipe,
        )

    def take_back(self, id: str) -> bool:
        """Take a job off the queue that no worker has begun; returns whether that was so."""
        with contextlib.suppress(NoSuchJobError):
            job = FlowJob.fetch(id, connection=self._connection, serializer=JSONSerializer)
            if self._queue.remove(id) or job.get_status() == JobStatus.DEFERRED:
                job.delete()
                return True
        return False

    def workers(self) -> list[tuple[str, bool]]:
        """Return the workers that listen to the queue and live: the name of each, and whether it is free."""
        found = self._workers()
        if not found:
            return []
        beats: Any = self._connection.mget([beat_key(worker.name) for worker in found])
        return [
            (worker.name, worker.get_state() == WorkerStatus.IDLE)
            for worker, beat in zip(found, beats, strict=True)
            if beat is not None
        ]

    @sensible("What there is of the job, or of a worker")
    def runs_before(self, session: str) -> list[RunOn | None]:
        """Return what each worker runs for which a session waits; None for what no run of ours is.

        It is empty where it does not wait, or a worker can take it: one is free, or its session makes room.

        Raises
        ------
        GarbledError
            Somebody has written something there that makes no sense.
        """
        status: Any = self._connection.hget(FlowJob.key_for(session), "status")
        workers = self._living() if status == JobStatus.QUEUED.value.encode() else []
        runs: list[RunOn | None] = []
        for worker in workers:
            job = worker.get_current_job_id()
            entry = entry_of(self._connection, self._key, str(job)) if job else None
            if not job or (entry is not None and entry.over):
                return []
            runs.append(entry)
        return runs

    def _workers(self) -> list[Any]:
        """Return the workers that listen to the queue, but for those of which the server has something senseless."""
        found = []
        for key in worker_registration.get_keys(queue=self._queue):
            with contextlib.suppress(GarbledError), sensible("What there is of a worker"):
                found.append(Worker.find_by_key(key, connection=self._connection))
        return [worker for worker in found if worker is not None]

    def _living(self) -> list[Any]:
        """Return those that listen but for the dead ones: RQ lists a worker that was killed for some minutes."""
        return [worker for worker in self._workers() if not has_died(self._connection, worker.name)]

    @sensible("What there is of the job")
    def fate(self, session: str, silent: float, begun: bool = False) -> tuple[Fate, str]:
        """Return how a session does whose worker has said nothing for so many s, and the words for it.

        Parameters
        ----------
        begun : bool
            Whether its worker has ever said anything.

        Raises
        ------
        GarbledError
            Somebody has written something into its job that makes no sense.
        """
        if (told := read_end(self._connection, self._key, session)) is not None:
            end, why = told
            if end != "lost":
                return end, why
            return ("well", "") if begun and silent < HEARD_SECONDS else ("dead", why)
        try:
            job = FlowJob.fetch(session, connection=self._connection, serializer=JSONSerializer)
            status = job.get_status(refresh=False)  # of the same moment as the name of its worker
        except NoSuchJobError:
            return "gone", ""
        if status in _ENDED:
            return self._unsigned(session, str(status), doubt=self._alive(session, silent, begun))
        if status == JobStatus.QUEUED and not self._living():
            return "alone", ""
        silent_long = status == JobStatus.STARTED and silent > SILENT_SECONDS
        if silent_long and has_died(self._connection, str(job.worker_name)):
            return "dead", "its worker has died"
        return "well", ""

    def _alive(self, session: str, silent: float, begun: bool) -> bool:
        """Return whether a session shows that it is not over: by its signed words, or as it waits to be taken."""
        if begun and silent < SILENT_SECONDS:
            return True
        entry = entry_of(self._connection, self._key, session)
        if entry is not None and not entry.waits and not entry.over:
            return True
        lists = (self._queue.key, self._queue.intermediate_queue_key)
        return any(self._connection.lpos(name, session) is not None for name in lists)

    def _unsigned(self, session: str, status: str, *, doubt: bool) -> tuple[Fate, str]:
        """Return what is written there of the end of a session by somebody whom nobody knows."""
        trace = traceback_of(self._connection, session).strip()
        last = line(trace.splitlines()[-1]) if trace else "its worker's process has died"
        if doubt:
            return "doubtful", last.rstrip(LAST_SIGNS)
        if status == JobStatus.STOPPED:
            return "stopped", ""
        refused = _REFUSED.match(last)
        if refused is None:
            return "dead", last.rstrip(LAST_SIGNS)
        why = refused[1]
        return "refused", why if why.startswith(_OF_KEYS) else f"“{why}” (not signed: anybody may have written that)"

    def give_up(self, session: str, why: str) -> None:
        """Let a session that may still be on somewhere know that nobody counts on it any more."""
        write_end(self._connection, self._key, session, "dead", why)

    def has(self, session: str) -> bool:
        """Return whether a session is known on the server."""
        return bool(self._connection.exists(FlowJob.key_for(session)))

    def end(self, session: str) -> bool:
        """Take a session off the queue, or have its process killed; returns whether no worker had begun it."""
        with contextlib.suppress(InvalidJobOperation, NoSuchJobError):
            try:
                with sensible("What there is of the job"):
                    job = FlowJob.fetch(session, connection=self._connection, serializer=JSONSerializer)
                    if job.get_status() == JobStatus.QUEUED:
                        job.cancel()
                        return True
                    send_stop_job_command(self._connection, session, serializer=JSONSerializer)
            except GarbledError:
                return self._end_by_name(session)
        return False

    def _end_by_name(self, session: str) -> bool:
        """End a job of which nothing but its name is sure; returns whether no worker had begun it."""
        if self._queue.remove(session):
            self._connection.delete(FlowJob.key_for(session))
            return True
        for worker in self._workers():  # the one that has it ends it, no other
            send_command(self._connection, worker.name, "stop-job", job_id=session)
        return False
