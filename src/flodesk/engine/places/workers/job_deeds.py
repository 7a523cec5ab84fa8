"""What can be done about the jobs of a Redis server: run a failed one again, drop it, stop one that runs."""

from __future__ import annotations

import contextlib
import secrets
import time
from collections.abc import Sequence
from typing import Any

from redis import Redis, WatchError
from redis.exceptions import RedisError
from rq.command import send_stop_job_command
from rq.exceptions import InvalidJobOperation, NoSuchJobError
from rq.serializers import JSONSerializer

from flodesk.engine.ids import new_run
from flodesk.engine.places.server.foreign_text import line
from flodesk.engine.places.server.key import find_key, how_to_get_one
from flodesk.engine.places.server.signing import RefusedError, Writing, seal
from flodesk.engine.places.server.stream import EXPIRE_SECONDS, FAILED_SECONDS, Keys, PlaceError
from flodesk.engine.places.session.job import WORK, FlowJob
from flodesk.engine.places.session.run_on import Account, RunOn, digest
from flodesk.engine.places.session.runs_there import WAITS_SECONDS, entry_of, forget_entry, write_entry
from flodesk.engine.places.session.signed_job import signed_job
from flodesk.engine.places.workers.flow_queue import FlowQueue
from flodesk.engine.places.workers.forgetting import forget_job
from flodesk.engine.places.workers.job_list import JobState, labelled
from flodesk.engine.places.workers.jobs_told import account_of, key_here, look
from flodesk.engine.writable import writable

POLITE_SECONDS = 1.5
"""What a run gets to stop by itself before its process is ended."""
ENDED = ("failed", "stopped", "finished", "lost")
"""States of jobs that nobody works on any more."""
AGAIN = ("failed", "stopped", "lost")
"""States of jobs that can be run again."""


class DeedError(RuntimeError):
    """What was asked for cannot be done; the text says why, and what to do."""


def find(connection: Redis, job: str, key_file: str = "") -> JobState:
    """Return a job by its id or that of its newest run, or by the beginning of it that no other has.

    Raises
    ------
    DeedError
        There is none, or more than one.
    """
    there = look(connection, key_here(key_file), 10_000).jobs
    found = {state.id: state for state in there if job in (state.id, state.run)} or {
        state.id: state for state in there if job and (state.id.startswith(job) or state.run.startswith(job))
    }
    if len(found) > 1:
        raise DeedError(f"{len(found)} jobs begin with {line(job)}: say more of the id")
    if not found:
        raise DeedError(f"there is no job {line(job)} on this server")
    return next(iter(found.values()))


def retry(connection: Redis, job: JobState, key_file: str = "") -> str:
    """Put a job that has failed, or was stopped, on its queue again, and return its new id.

    What was signed once runs once. So the new one has a mark, a time and a run of its own and is signed anew, with the
    key that is here; what was not signed with that key before is not signed now. The old job is gone with that, or
    not listed any more where its session waits for another run: of two who ask at the same time one gets it. A flow
    that was changed while it ran is run as it was in the end.

    Raises
    ------
    DeedError
        It is not one that can be run again, or the key is not here.
    """
    if job.state not in AGAIN:
        raise DeedError(f"job {job.named} is {job.state}: only what has failed or was stopped can be run again")
    secret = _secret(key_file)
    head = _head(connection, job, secret)
    account = account_of(connection, job.id, secret)
    if account is not None and account.text:
        head["commands"] = _as_it_was(head["commands"], account)
    new = new_run()
    host = str(head.get("by", {}).get("host", ""))  # where its file is opened it is come back to
    by = {"who": secrets.token_hex(8), "host": host}
    head |= {"id": new, "mark": secrets.token_hex(16), "made": time.time(), "by": by}
    path = text = ""
    for command in head["commands"]:
        if command["c"] == "start":
            command["run"] = new
        elif command["c"] == "open":
            path, text = str(command.get("path", "")), str(command["text"])
            command["again"] = False
    head["commands"] = _followed_by_nobody(head["commands"])
    there = RunOn(new, new, path, host, time.time(), job.queue, text=digest(text), attended=False)
    queue = FlowQueue(job.queue, connection=connection, serializer=JSONSerializer, job_class=FlowJob)
    with _Claimed(connection, job) as pipe:
        queue.enqueue_call(
            WORK,
            args=seal(secret, "job", head),
            timeout=-1,
            result_ttl=EXPIRE_SECONDS,
            failure_ttl=FAILED_SECONDS,
            job_id=new,
            description=writable(f"flow {path or 'without a file'}"),
            meta=labelled(writable(path)),
            pipeline=pipe,
        )
        write_entry(pipe, secret, there, WAITS_SECONDS)
        _remove(pipe, job)
    return new


def drop(connection: Redis, job: JobState) -> None:
    """Remove a job that waits, or has ended. One that nobody has begun is not run any more.

    Raises
    ------
    DeedError
        It runs, or is no more what it was.
    """
    if job.state == "running":
        raise DeedError(f"job {job.named} runs: stop it first")
    with _Claimed(connection, job) as pipe:
        _remove(pipe, job)


def drop_all(connection: Redis, jobs: Sequence[JobState]) -> int:
    """Remove these jobs, but for those that are not any more what they were; returns how many have gone."""
    gone = 0
    for job in jobs:
        with contextlib.suppress(DeedError):
            drop(connection, job)
            gone += 1
    return gone


def stop(connection: Redis, job: JobState, key_file: str = "", seconds: float = POLITE_SECONDS) -> str:
    """Stop a job that runs: ask it, and end its process where it does not obey; takes one that waits off its queue.

    Takes up to `seconds`. Without the key it cannot be asked, and its process is ended at once.

    Returns
    -------
    str
        ``stopped`` by itself, its process was ``ended``, or it was ``dropped`` before anybody had begun it.

    Raises
    ------
    DeedError
        It does not run.
    """
    if job.state in ("waiting", "deferred"):
        drop(connection, job)
        return "dropped"
    if job.state != "running":
        raise DeedError(f"job {job.named} is {job.state}: there is nothing to stop")
    with contextlib.suppress(DeedError):
        secret = _secret(key_file)
        writing = Writing(secret, job.id)
        for command in ("stop", "close"):  # where an editor follows it the session stays, and the run does not
            connection.xadd(Keys(job.id).commands, writing.entry({"c": command}), maxlen=10_000)
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if not _runs(connection, job, secret):
                return "stopped"
            time.sleep(0.02)
    try:
        send_stop_job_command(connection, job.id, serializer=JSONSerializer)
    except NoSuchJobError:
        return "stopped"
    except InvalidJobOperation as error:
        raise DeedError(f"job {job.named} is not run by anybody now: {error}") from error
    return "ended"


# ------------------------------------------------------------------ inside
def _secret(key_file: str) -> bytes:
    try:
        key = find_key(key_file)
    except PlaceError as error:
        raise DeedError(str(error)) from error
    if key is None:
        raise DeedError(f"there is no key here, so nothing can be signed: {how_to_get_one()}")
    return key.secret


def _head(connection: Redis, job: JobState, secret: bytes) -> dict[str, Any]:
    """Return what a job says that was signed with this key."""
    try:
        function, head = signed_job(connection, job.id, secret)
    except RefusedError as error:
        raise DeedError(f"job {job.named} {error}") from error
    if function != WORK:
        flow = f"the flow {job.file}" if job.file else "the flow"
        raise DeedError(
            f"job {job.named} is nodes of a run, which gives them their values and waits for theirs: it was told that "
            f"they failed, and waits no more. Run {flow} again"
        )
    return head


class _Claimed:
    """A step of the server that is done if a job is still what it was, and at most once.

    Raises
    ------
    DeedError
        Somebody else has done something about it meanwhile.
    """

    def __init__(self, connection: Redis, job: JobState) -> None:
        self._pipe: Any = connection.pipeline()
        self._key = FlowJob.key_for(job.id)
        self._gone = f"job {job.named} is not any more what it was: look again"
        self._waits = job.state in ("waiting", "deferred")
        self._kept = job.run if job.kept else ""

    def __enter__(self) -> Any:
        self._pipe.watch(self._key)
        status: Any = self._pipe.hget(self._key, "status")
        known = status is not None and (status in (b"queued", b"deferred")) == self._waits
        if self._kept and known:  # a session that waits may have begun another run, or somebody was here before
            aside: Any = self._pipe.hget(self._key, "aside")
            known = status == b"started" and aside != self._kept.encode()
        if not known:
            self._pipe.reset()
            raise DeedError(self._gone)
        self._pipe.multi()
        return self._pipe

    def __exit__(self, kind: Any, error: Any, trace: Any) -> None:
        try:
            if kind is None:
                self._pipe.execute()
        except WatchError:
            raise DeedError(self._gone) from None
        finally:
            self._pipe.reset()


def _remove(pipe: Any, job: JobState) -> None:
    """Remove a job; the newest run alone of one whose session waits for another."""
    if job.kept:
        pipe.hset(FlowJob.key_for(job.id), "aside", job.run)
    else:
        forget_job(pipe, job.queue, job.id)
        forget_entry(pipe, job.id)


def _as_it_was(commands: Sequence[Any], account: Account) -> list[Any]:
    """Return the commands that begin a run, with the flow as it was in the end."""
    made: list[Any] = []
    for command in commands:
        if command["c"] == "open":
            made.append({**command, "text": account.text, "path": account.path})
            made += [{"c": "set", "node": n, "parameter": p, "text": text} for n, p, text in account.changes]
        elif command["c"] != "set":
            made.append(command)
    return made


def _followed_by_nobody(commands: Sequence[Any]) -> list[Any]:
    """Return the commands that begin a run, with word that its editor, which does not know of it, has left it."""
    *before, start = commands
    if any(command["c"] == "leave" for command in before):
        return [*before, start]
    keep = next((command for command in reversed(before) if command["c"] == "watch"), None)
    return [*before, {"c": "leave", "keep": keep}, start]


def _runs(connection: Redis, job: JobState, key: bytes) -> bool:
    """Return whether a run is on: not where its session stays without it, for the editor that follows it."""
    with contextlib.suppress(RedisError):
        entry = entry_of(connection, key, job.id)
        if entry is not None and entry.over:
            return False
        status: Any = connection.hget(FlowJob.key_for(job.id), "status")
        return bool(status in (b"started", b"queued"))
    return True
