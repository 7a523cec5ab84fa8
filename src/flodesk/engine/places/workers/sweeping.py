"""What workers that have died have left on the server: their jobs are put back, run again, or told to have failed.

Each worker looks now and then, one of them at a time. RQ looks every ten minutes, and at what is silent for 90 s.
"""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from typing import Any

from redis import Redis
from redis.exceptions import ResponseError
from rq.exceptions import NoSuchJobError
from rq.job import JobStatus
from rq.serializers import JSONSerializer

from flodesk.engine.places.server.stream import Keys, beat_key
from flodesk.engine.places.session.job import FlowJob
from flodesk.engine.places.session.last_words import End, write_end
from flodesk.engine.places.session.run_again import see_to
from flodesk.engine.places.session.run_on import RunOn
from flodesk.engine.places.session.runs_there import SILENT_MS, entry_key, entry_of
from flodesk.engine.places.workers.flow_queue import bell_key
from flodesk.engine.places.workers.forgetting import forget_job
from flodesk.engine.places.workers.worker_alive import has_died

SWEEP_SECONDS = 3
"""How often it is looked."""
TAKEN_MS = 5000
"""After so long a job that a worker has taken and not begun is given to others: the worker has died in between."""
DIED = "its worker has died"
"""What is told of a job that was begun: the reason why it failed."""
SPOKE_MS = 15_000
"""A session that is on says something several times a second, unless one of its nodes holds it up."""
SHOWN_SECONDS = 60
"""How long a worker that has died is listed."""
_TURN = "flodesk:sweep"

PUT_BACK = """
local t = redis.call('TIME')
local now = t[1] * 1000 + math.floor(t[2] / 1000)
local back = 0
for _, id in ipairs(redis.call('LRANGE', KEYS[1], 0, -1)) do
  local status, seen = redis.call('HGET', 'rq:job:' .. id, 'status'), KEYS[1] .. ':seen:' .. id
  if status ~= 'queued' then
    if status ~= 'started' then redis.call('LREM', KEYS[1], 1, id) end  -- it is over, or was dropped
  elseif not redis.call('SET', seen, now, 'NX', 'PX', 600000) then
    if now - tonumber(redis.call('GET', seen)) > tonumber(ARGV[1]) then
      redis.call('LREM', KEYS[1], 1, id)
      redis.call('LPUSH', KEYS[2], id)
      redis.call('DEL', seen)
      back = back + 1
    end
  end
end
if back > 0 then redis.call('XADD', KEYS[3], 'MAXLEN', '=', 1, '*', 'job', '') end
return back
"""
"""(intermediate, queue, bell; how long in ms a job may be in the hands of a worker): how many were put back."""


def sweep(connection: Redis, queues: Sequence[str], *, now: bool = False, key: bytes = b"", died: str = "") -> int:
    """See to what dead workers have left in these queues; returns how many jobs that were.

    Parameters
    ----------
    now : bool
        Also where somebody has looked just before: a worker is known to have died.
    key : bytes
        Signs what is told of it; without one it is told unsigned.
    died : str
        The worker that the caller has seen die: of others the server is asked, where anybody may have written.
    """
    if not now and not connection.set(_TURN, b"1", nx=True, ex=SWEEP_SECONDS):
        return 0
    seen_to = 0
    for queue in queues:
        jobs = f"rq:queue:{queue}"
        step = connection.register_script(PUT_BACK)
        seen_to += int(step(keys=[f"{jobs}:intermediate", jobs, bell_key(jobs)], args=[TAKEN_MS]))
        begun: Any = connection.zrange(f"rq:wip:{queue}", 0, -1)
        for entry in begun:
            seen_to += _see_to(connection, queue, entry.decode(errors="replace"), key, died)
    _forget_workers(connection)
    return seen_to


def _see_to(connection: Redis, queue: str, entry: str, key: bytes, died: str) -> bool:
    """Run a job again whose worker has died, or tell that it has failed; returns whether that was so.

    Whose worker that was and how it does is text that anybody can write who can write to the server: no job is ended by
    it whose session says that it is on, in the list of runs or where its editors hear it. That somebody has taken both
    out of the server says nothing of the session, so an end without them is told unsigned.
    """
    id, _, execution = entry.rpartition(":")
    by = f"rq:execution:{entry}", f"rq:job:{id}"
    known: Any = next(filter(None, (connection.hget(name, "worker_name") for name in by)), b"")
    worker = known.decode(errors="replace")
    listed = f"rq:worker:{worker}"
    if not worker or (connection.exists(listed) and not connection.hexists(listed, "flodesk")):
        return False  # none but ours sends a beat
    if worker != died and not has_died(connection, worker):
        return False
    try:
        job = FlowJob.fetch(id, connection=connection, serializer=JSONSerializer)
    except (NoSuchJobError, ValueError):
        job = None
    run = entry_of(connection, key, id) if key else None
    seen = worker == died and (run is None or worker == run.worker)
    spoke = _spoke_ms(connection, id) if run is None and not seen else None
    if not seen and (_says_it_is_on(connection, run) if run is not None else spoke is not None and spoke < SPOKE_MS):
        return False  # it is looked at again when its session has been silent for some seconds
    others = job is not None and job.worker_name != worker
    if others:  # or nobody's yet: then it stays among those that are taken, and is put back from there
        job = None
    on = job is not None and job.get_status(refresh=False) in (JobStatus.QUEUED, JobStatus.STARTED)
    # of what nobody has said that it began it is told unsigned
    signs = bool(key) and (seen or spoke is not None if run is None else not run.waits)
    end: End = "dead" if seen else "lost"
    again = see_to(connection, key, id, DIED, end) if on and signs else ""
    with connection.pipeline() as pipe:
        pipe.zrem(f"rq:wip:{queue}", entry)
        pipe.delete(f"rq:execution:{entry}", f"rq:executions:{id}")
        if not others:
            pipe.lrem(f"rq:queue:{queue}:intermediate", 0, id)
        if again:
            forget_job(pipe, queue, id)
        elif job is not None and on:
            job.set_status(JobStatus.FAILED, pipeline=pipe)
            job._handle_failure(DIED, pipeline=pipe, worker_name=worker, execution_id=execution)
            if signs:
                write_end(pipe, key, id, end, DIED)
        pipe.hdel(f"rq:worker:{worker}", "current_job")
        pipe.execute()
    return job is not None


def _says_it_is_on(connection: Redis, run: RunOn) -> bool:
    """Return whether a session has renewed its entry within the last seconds."""
    left: Any = connection.pttl(entry_key(run.session))
    return not run.over and not run.waits and int(left) >= SILENT_MS


def _spoke_ms(connection: Redis, session: str) -> float | None:
    """Return how long ago a session said something to its editors; None where nothing of that is there (any more)."""
    keys, said = Keys(session), []
    for stream in (keys.events, keys.values):
        with contextlib.suppress(ResponseError):  # there is none
            about: Any = connection.xinfo_stream(stream)
            # what was said there and is deleted counts, too
            said.append(int(bytes(about["last-generated-id"]).partition(b"-")[0]))
    seconds, micro = connection.time() if said else (0, 0)
    return seconds * 1000 + micro / 1000 - max(said) if said else None


def _forget_workers(connection: Redis) -> None:
    """Let those who have died be listed for a while, and no longer."""
    known: Any = connection.smembers("rq:workers")
    for key in known:
        name = key.decode(errors="replace").removeprefix("rq:worker:")
        if connection.exists(beat_key(name)) or not connection.hexists(key, "flodesk"):
            continue
        with contextlib.suppress(TypeError):
            if int(connection.ttl(key)) > SHOWN_SECONDS:
                connection.expire(key, SHOWN_SECONDS)
