"""Jobs as the runs on them are: a session that waits for its next run has a job of RQ that is on, and runs nothing.

Each session signs in the list of runs how its newest one does (`flodesk.engine.places.session.runs_there`). Without the
project's key nobody can tell its word from that of others: then jobs are what RQ says of them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from redis import Redis

from flodesk.engine.places.server.foreign_text import line, lines
from flodesk.engine.places.server.key import find_key
from flodesk.engine.places.server.stream import PlaceError
from flodesk.engine.places.session.account import ask
from flodesk.engine.places.session.run_on import Account, RunOn
from flodesk.engine.places.session.runs_there import entries_on, entry_of
from flodesk.engine.places.workers import job_list
from flodesk.engine.places.workers.job_list import MOST, JobQueueState, JobState, ServerState, State, WorkerState

IDLE_SECONDS = 2.0
"""How long a session that waits may take to tell of its run: it has nothing else to do."""
_STATES: dict[str, State] = {"succeeded": "finished", "failed": "failed", "stopped": "stopped"}
_PLACES = {"lost": "running"}
"""Where jobs are counted that are not counted by their state's name."""
_COUNTED = ("running", "failed", "stopped", "finished")


def key_here(file: str = "") -> bytes:
    """Return the project's key; empty where there is none, or it cannot be read."""
    try:
        key = find_key(file)
    except PlaceError:
        return b""
    return key.secret if key is not None else b""


def look(connection: Redis, key: bytes = b"", most: int = MOST) -> ServerState:
    """Return the queues of jobs, workers and jobs of a server, each job as the newest run on it is.

    Parameters
    ----------
    key : bytes
        The project's; empty where there is none.
    most : int
        How many jobs of each kind of each queue are told.

    Raises
    ------
    redis.exceptions.RedisError
        The server does not answer, or lets this user run no scripts.
    """
    found = _with_parts(job_list.look(connection, most))
    return _with_runs(found, {run.session: run for run in entries_on(connection, key)}) if key else found


def account_of(connection: Redis, job: str, key: bytes) -> Account | None:
    """Return what is told of the newest run on a job that has ended; None where nobody tells it."""
    run = entry_of(connection, key, job) if key else None
    try:
        return ask(connection, key, run, seconds=IDLE_SECONDS) if run is not None and run.over else None
    except PlaceError:
        return None  # its session has died


def traceback_of(connection: Redis, job: str, key: bytes = b"") -> str:
    """Return the whole traceback of a job that has failed, or of the node that failed on it; empty if it has none."""
    own = job_list.traceback_of(connection, job)
    account = None if own else account_of(connection, job, key)
    failed = [event for event in account.events if event["event"] == "NodeFailed"] if account is not None else []
    return lines(failed[-1]["failure"]["traceback"]) if failed else own


# ------------------------------------------------------------------ inside
def _with_runs(found: ServerState, runs: Mapping[str, RunOn]) -> ServerState:
    told = [_told(job, runs[job.id]) if job.id in runs else job for job in found.jobs]
    aside = [job for job, now in zip(found.jobs, told, strict=True) if now is None]
    jobs = tuple(sorted((job for job in told if job is not None), key=job_list.order))
    idle = {job.worker for job in jobs if job.kept} | {job.worker for job in aside if job.state == "running"}
    workers = tuple(_idle(worker) if worker.name in idle else worker for worker in found.workers)
    return replace(found, queues=_counted(found.queues, found.jobs, jobs), workers=workers, jobs=jobs)


def _with_parts(found: ServerState) -> ServerState:
    """Return it with the workers idle that wait with single nodes for their next run."""
    kept = [job for job in found.jobs if job.kept]
    idle = {job.worker for job in kept}
    waits = Counter(job.queue for job in kept)
    workers = tuple(_idle(worker) if worker.name in idle else worker for worker in found.workers)
    queues = tuple(replace(queue, running=queue.running - waits[queue.name]) for queue in found.queues)
    return replace(found, queues=queues, workers=workers)


def _told(job: JobState, run: RunOn) -> JobState | None:
    """Return a job as the newest run on it is; None where that was put aside."""
    if job.state in ("waiting", "deferred"):
        return job
    if not run.over:  # a session may have had runs before
        return replace(job, **_flow_of(job, run), since=run.since or job.since, run=run.run)
    if job.aside == run.run:
        return None
    return replace(
        job,
        **_flow_of(job, run),
        state=_STATES[run.state],
        since=run.ended or job.since,
        why=line(run.why),
        node=line(run.node),
        kept=job.state == "running",
        run=run.run,
    )


def _flow_of(job: JobState, run: RunOn) -> dict[str, Any]:
    """Return which flow runs: an editor may open another one in the same session."""
    file = line(run.path, 1000)
    return {} if file == job.file else {"file": file, "what": f"flow {file or 'without a file'}"}


def _idle(worker: WorkerState) -> WorkerState:
    return replace(worker, state="idle", kept=True) if worker.state == "busy" else worker


def _counted(
    queues: Sequence[JobQueueState], before: Sequence[JobState], now: Sequence[JobState]
) -> tuple[JobQueueState, ...]:
    """Return queues with their counts of what has become another thing."""
    changed: Counter[tuple[str, str]] = Counter()
    changed.update((job.queue, _PLACES.get(job.state, job.state)) for job in now)
    changed.subtract((job.queue, _PLACES.get(job.state, job.state)) for job in before)

    def of(queue: JobQueueState) -> JobQueueState:
        counts: Any = {place: getattr(queue, place) + changed[queue.name, place] for place in _COUNTED}
        return replace(queue, **counts)

    return tuple(of(queue) for queue in queues)
