"""What workers that have died have left on the server: their jobs are put back, or told to have failed.

Each worker looks now and then, one of them at a time. RQ looks every ten minutes, and at what is silent for 90 s.
"""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from typing import Any

from redis import Redis
from rq.exceptions import NoSuchJobError
from rq.job import JobStatus
from rq.serializers import JSONSerializer

from flodesk.engine.places.server.stream import beat_key
from flodesk.engine.places.session.job import FlowJob
from flodesk.engine.places.session.last_words import write_end
from flodesk.engine.places.workers.flow_queue import bell_key
from flodesk.engine.places.workers.worker_alive import has_died

SWEEP_SECONDS = 3
"""How often it is looked."""
TAKEN_MS = 5000
"""After so long a job that a worker has taken and not begun is given to others: the worker has died in between."""
DIED = "its worker has died"
"""What is told of a job that was begun: the reason why it failed."""
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


def sweep(connection: Redis, queues: Sequence[str], *, now: bool = False, key: bytes = b"") -> int:
    """See to what dead workers have left in these queues; returns how many jobs that were.

    Parameters
    ----------
    now : bool
        Also where somebody has looked just before: a worker is known to have died.
    key : bytes
        Signs what is told of it; without one it is told unsigned.
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
            seen_to += _see_to(connection, queue, entry.decode(errors="replace"), key)
    _forget_workers(connection)
    return seen_to


def _see_to(connection: Redis, queue: str, entry: str, key: bytes) -> bool:
    """Tell that a job has failed whose worker has died; returns whether that was so."""
    id, _, execution = entry.rpartition(":")
    known: Any = connection.hget(f"rq:execution:{entry}", "worker_name")
    worker = (known or b"").decode(errors="replace")
    if not worker or not connection.hexists(f"rq:worker:{worker}", "flodesk"):
        return False  # none but ours sends a beat
    if not has_died(connection, worker):
        return False
    try:
        job = FlowJob.fetch(id, connection=connection, serializer=JSONSerializer)
    except (NoSuchJobError, ValueError):
        job = None
    with connection.pipeline() as pipe:
        pipe.zrem(f"rq:wip:{queue}", entry)
        pipe.delete(f"rq:execution:{entry}", f"rq:executions:{id}")
        pipe.lrem(f"rq:queue:{queue}:intermediate", 0, id)
        if job is not None and job.get_status(refresh=False) in (JobStatus.QUEUED, JobStatus.STARTED):
            job.set_status(JobStatus.FAILED, pipeline=pipe)
            job._handle_failure(DIED, pipeline=pipe, worker_name=worker, execution_id=execution)
            if key:
                write_end(pipe, key, id, "dead", DIED)
        pipe.hdel(f"rq:worker:{worker}", "current_job")
        pipe.execute()
    return job is not None


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
