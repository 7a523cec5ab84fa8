"""What is on a Redis server for its workers: queues of jobs, workers, jobs. Plain data, for all who look.

Whoever can write to the server can write anything there: all text is made fit to be shown
(`flodesk.engine.places.server.foreign_text`), numbers that are none count as 0, and nothing is believed that a deed
would hang on (`flodesk.engine.places.workers.job_deeds`).
"""

from __future__ import annotations

import contextlib
import getpass
import json
import platform
from base64 import b64decode
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from redis import Redis

from flodesk.engine.places.server.foreign_text import LONGEST_TRACE, inflated, line, lines
from flodesk.engine.places.server.stream import BEAT_KEPT_SECONDS
from flodesk.engine.places.workers.job_list_script import JOB, LOOK, PLACES, WORKER

MOST = 500
"""Jobs of each kind of each queue that are told; the others are counted."""
PACKS = "flodesk"
"""The field in which a worker of ours says what it has (`worker_facts`)."""

State = Literal["waiting", "running", "lost", "failed", "stopped", "finished", "deferred"]
"""Of a job. *lost*: its worker has died, or has never begun it; *deferred*: it waits for other jobs."""
_REGISTRIES: dict[str, State] = {
    "waiting": "waiting", "taken": "waiting", "running": "running", "failed": "failed", "finished": "finished",
    "deferred": "deferred", "canceled": "stopped",
}  # fmt: skip
_TAKEN_OFF = "It was taken off the queue before a worker had begun it"


@dataclass(frozen=True, slots=True)
class JobQueueState:
    """A queue of jobs.

    Attributes
    ----------
    depth : int
        Jobs that wait in it.
    running, failed, stopped, finished : int
        Jobs of it that are on, that have failed, that were stopped, and that have ended well and are still remembered.
    workers : tuple of str
        Names of those who listen to it and are alive.
    """

    name: str
    depth: int = 0
    running: int = 0
    failed: int = 0
    stopped: int = 0
    finished: int = 0
    workers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class WorkerState:
    """A worker.

    Attributes
    ----------
    state : str
        ``idle``, ``busy``, ``started`` or ``suspended``, as it said last.
    job : str
        The id of what it runs; empty where that is nothing.
    since : float
        When it began, seconds since 1970; 0 where nobody knows.
    beat : float
        How long ago in s it was heard of; -1 where it has been silent too long.
    done, failed : int
        Jobs that it has done, and that have failed with it.
    packs : tuple of str
        The packs of nodes that are installed where it is.
    version : str
        Of flodesk; empty for a worker that is none of ours.
    key : str
        By which its key is known (`flodesk.engine.places.server.key.mark_of`); empty where it does not say.
    kept : bool
        Whether it is idle with a session that waits for another run, and makes room where a job waits.
    alive : bool
        Whether it was heard of lately.
    """

    name: str
    host: str = ""
    pid: int = 0
    queues: tuple[str, ...] = ()
    state: str = ""
    job: str = ""
    since: float = 0.0
    beat: float = -1.0
    done: int = 0
    failed: int = 0
    packs: tuple[str, ...] = ()
    version: str = ""
    key: str = ""
    kept: bool = False

    @property
    def alive(self) -> bool:
        """Whether it was heard of lately."""
        return self.beat >= 0


@dataclass(frozen=True, slots=True)
class JobState:
    """A job.

    Attributes
    ----------
    what : str
        What it is, in the words of whoever has put it there.
    file : str
        Path of the flow there; empty where it has none.
    by : str
        Who has put it there (``user@host``), as they say.
    since : float
        When it came into its state, seconds since 1970; 0 where nobody knows.
    put : float
        When it was put on the queue.
    worker : str
        Who runs it, or has run it.
    why : str
        Why it failed, in a line.
    node : str
        The node that failed (``function.node``), where that is known.
    kept : bool
        Whether it waits for another run: of a session it is told how the newest has ended, of single nodes that it
        is on.
    run : str
        The newest run, where its session has told one.
    aside : str
        The newest run that was dropped, or put on the queue again, while its session waited.
    """

    id: str
    queue: str
    state: State
    what: str = ""
    file: str = ""
    by: str = ""
    since: float = 0.0
    put: float = 0.0
    worker: str = ""
    why: str = ""
    node: str = ""
    kept: bool = False
    run: str = ""
    aside: str = ""

    @property
    def named(self) -> str:
        """What it is called for people: by its newest run, as in the list of runs."""
        return self.run or self.id


@dataclass(frozen=True, slots=True)
class ServerState:
    """What a server has at one moment.

    Attributes
    ----------
    at : float
        The server's time, seconds since 1970.
    left_off : int
        Jobs that are not among `jobs`, as there are too many.
    """

    at: float
    queues: tuple[JobQueueState, ...] = ()
    workers: tuple[WorkerState, ...] = ()
    jobs: tuple[JobState, ...] = field(default=(), repr=False)
    left_off: int = 0


def look(connection: Redis, most: int = MOST) -> ServerState:
    """Return the queues of jobs, workers and jobs of a server, in one round trip.

    Parameters
    ----------
    most : int
        How many jobs of each kind of each queue are told.

    Raises
    ------
    redis.exceptions.RedisError
        The server does not answer, or lets this user run no scripts.
    """
    now, queues, workers, jobs = connection.register_script(LOOK)(args=[max(1, most)])
    there = sorted((_worker(*told) for told in workers), key=lambda worker: (worker.host, worker.since, worker.name))
    alive = {worker.name for worker in there if worker.alive}
    gone = Counter((told[1], told[2].decode()) for told in jobs if _expired(told))
    queues = [
        (name, [int(number) - gone[name, place] for place, number in zip(PLACES, counts, strict=True)])
        for name, counts in queues
    ]
    placed = [(told[2], _job(told, alive)) for told in jobs if not _expired(told)]
    states = sorted((state for _, state in placed), key=order)
    stopped = Counter(state.queue for place, state in placed if (place, state.state) == (b"failed", "stopped"))
    known = [_queue(name, counts, there, stopped) for name, counts in queues]
    # a job that is just begun, or has just ended, stands in two places for a moment
    found = {(state.queue, state.id): state for state in reversed(states)}
    return ServerState(
        now_of(now),
        tuple(sorted((queue for queue in known if queue), key=lambda queue: queue.name)),
        tuple(there),
        tuple(sorted(found.values(), key=order)),
        sum(sum(counts) for _, counts in queues) - len(jobs) + gone.total(),
    )


def traceback_of(connection: Redis, job: str) -> str:
    """Return the whole traceback of a job that has failed; empty if it has none."""
    found: Any = connection.xrevrange(f"rq:results:{job}", count=1)
    for _, fields in found:
        return lines(_unpacked(fields.get(b"exc_string")))
    return ""


def labelled(path: str = "") -> dict[str, str]:
    """Return what a job says about itself to those who look: RQ's ``meta`` of it.

    Parameters
    ----------
    path : str
        The flow's file; empty where it has none.
    """
    try:
        user = getpass.getuser()
    except (OSError, KeyError):  # a user without a name, as in some containers
        user = ""
    return {"by": f"{user}@{platform.node()}".strip("@"), "file": path}


def label_of(meta: bytes) -> dict[str, str]:
    """Return what a job says about itself to those who look, of what is kept of another one."""
    said = _json(meta)
    return {"by": line(said.get("by"), 120), "file": line(said.get("file"), 1000)}


def worker_facts(version: str, packs: Sequence[str], began: str, key: str = "") -> dict[str, str]:
    """Return what a worker says of itself beside what RQ's workers say; `began` tells its process from later ones.

    `key` is by which its key is known.
    """
    return {PACKS: json.dumps({"version": version, "packs": [*packs], "began": began, "key": key})}


def began_of(facts: Any) -> str:
    """Return when the process of a worker began, as it said."""
    return str(_json(facts).get("began", ""))


# ------------------------------------------------------------------ inside
def now_of(told: Any) -> float:
    """Return the moment that Redis' TIME tells, seconds since 1970."""
    return int(told[0]) + int(told[1]) / 1e6


def _worker(name: Any, told: Any, beat: Any) -> WorkerState:
    said = dict(zip(WORKER, told, strict=False))
    own = _json(said["flodesk"])
    packs = own.get("packs")
    return WorkerState(
        line(name),
        line(said["hostname"]),
        _number(said["pid"]),
        tuple(filter(None, (line(queue) for queue in line(said["queues"], 2000).split(",")))),
        line(said["state"], 20),
        line(said["current_job"]),
        _moment(said["birth"]),
        max(0.0, BEAT_KEPT_SECONDS - beat / 1000) if beat >= 0 else -1.0,
        _number(said["successful_job_count"]),
        _number(said["failed_job_count"]),
        tuple(line(pack, 60) for pack in packs[:100]) if isinstance(packs, list) else (),
        line(own.get("version"), 40),
        line(own.get("key"), 40),
    )


def _queue(name: Any, counts: Any, workers: Sequence[WorkerState], stopped: Mapping[str, int]) -> JobQueueState | None:
    """Return a queue; those that were `stopped` while they ran RQ has among the failed, which they are not."""
    called = line(name)
    count = dict(zip(PLACES, map(int, counts), strict=False))
    listening = tuple(worker.name for worker in workers if worker.alive and called in worker.queues)
    if not listening and not any(count.values()):
        return None  # nobody is left of it but its name
    return JobQueueState(
        called,
        count["waiting"] + count["taken"],
        count["running"],
        count["failed"] - stopped.get(called, 0),
        stopped.get(called, 0) + count["canceled"],
        count["finished"],
        listening,
    )


_ORDER = {state: at for at, state in enumerate(("running", "lost", "waiting", "deferred"))}


def order(job: JobState) -> tuple[int, float]:
    """Those first that are on, then what waits, who has waited longest first; of what has ended the last first."""
    return _ORDER.get(job.state, 9), job.since if job.state == "waiting" else -job.since


def _job(told: Any, alive: set[str]) -> JobState:
    id, queue, place, fields, last = told
    when, who, why = last or (b"", b"", b"")
    said = dict(zip(JOB, fields, strict=False))
    about = _json(said["meta"])
    put, started, ended = (_moment(said[name]) for name in ("enqueued_at", "started_at", "ended_at"))
    state = _REGISTRIES[place.decode()]
    worker = line(said["worker_name"] or who)
    if state == "failed" and said["status"] == b"stopped":
        state = "stopped"
    if state == "running" and worker and worker not in alive:
        state = "lost"
    kept = _number(said["kept"]) / 1000 if state == "running" else 0.0
    moment = kept or {"waiting": put, "deferred": put, "running": started, "lost": started}.get(state, ended)
    return JobState(
        line(id),
        line(queue),
        state,
        line(said["description"]),
        line(about.get("file"), 1000),
        line(about.get("by"), 120),
        moment or _number(when.partition(b"-")[0]) / 1000 or put,
        put,
        worker,
        _TAKEN_OFF if place == b"canceled" else _last(_unpacked(why)),
        kept=kept > 0,
        aside=line(said["aside"]),
    )


def _expired(told: Any) -> bool:
    """Return whether nothing is left of a job but its id in a registry, which RQ removes some minutes later."""
    return all(field is None for field in told[3])


def _last(trace: str) -> str:
    """Return the last line of a traceback: the error, without the module of its class."""
    said = trace.strip().splitlines()
    kind, colon, words = (said[-1] if said else "").partition(": ")
    dotted = colon and kind.replace(".", "").replace("_", "").isalnum()
    return line(f"{kind.rpartition('.')[2]}: {words}" if dotted else "".join(said[-1:]))


def _unpacked(packed: Any) -> str:
    """Return the text of a traceback as RQ keeps it."""
    if not packed:
        return ""
    try:
        return inflated(b64decode(packed), 8 * LONGEST_TRACE).decode(errors="replace")
    except ValueError as error:
        return f"(what is kept of its traceback cannot be read: {error})"


def _json(text: Any) -> dict[str, Any]:
    with contextlib.suppress(ValueError, TypeError, RecursionError):
        found = json.loads(text or b"{}")
        if isinstance(found, dict):
            return found
    return {}


def _number(text: Any) -> int:
    with contextlib.suppress(ValueError, TypeError):
        return int(bytes(text or b"0")[:20])
    return 0


def _moment(text: Any) -> float:
    with contextlib.suppress(ValueError, TypeError, OverflowError):
        return datetime.fromisoformat(bytes(text).decode()).timestamp()
    return 0.0
