"""How a job is removed from a server, with all that RQ keeps of it."""

from __future__ import annotations

from typing import Any

_EXECUTIONS = """
for _, member in ipairs(redis.call('ZRANGE', KEYS[1], 0, -1)) do
  if string.sub(member, 1, #ARGV[1] + 1) == ARGV[1] .. ':' then redis.call('ZREM', KEYS[1], member) end
end
"""
"""(those that are begun; the job)."""


def forget_job(pipe: Any, queue: str, id: str) -> None:
    """Remove all that a server has of a job, by a pipeline."""
    for list_key in (f"rq:queue:{queue}", f"rq:queue:{queue}:intermediate"):
        pipe.lrem(list_key, 0, id)
    for place in ("failed", "finished", "deferred", "canceled", "scheduled"):
        pipe.zrem(f"rq:{place}:{queue}", id)
    pipe.eval(_EXECUTIONS, 1, f"rq:wip:{queue}", id)
    pipe.delete(f"rq:job:{id}", f"rq:results:{id}", f"rq:executions:{id}")
