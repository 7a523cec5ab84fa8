"""A queue of jobs that loses none: a worker that dies with a job in its hands has left a note of it on the server."""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence
from typing import Any, ClassVar

from redis import Redis
from redis.exceptions import ConnectionError as NoServerError
from redis.exceptions import TimeoutError
from rq import Queue
from rq.exceptions import DequeueTimeout
from rq.intermediate_queue import IntermediateQueue
from rq.job import Job

from flodesk.engine.places.server.foreign_text import line

UNHEARD_SECONDS = 5.0
"""How often a worker of several queues looks by itself: for jobs of those who ring no bell."""


def bell_key(queue_key: str) -> str:
    """Return the stream that gets an entry whenever a job is put on a queue."""
    return f"{queue_key}:bell"


class FlowQueue(Queue):  # type: ignore[misc]  # RQ is untyped
    """A queue from which jobs go to a worker over a list beside it, also where the worker listens to several.

    RQ does so for a worker of one queue alone; of several it takes a job by ``BLPOP``, and a worker that dies in the
    moment after that has lost it. There is no command that waits for several lists and moves what comes: so whoever
    puts a job on a queue rings a bell, for which workers of several queues wait.
    """

    _rung: ClassVar[dict[str, bytes]] = {}
    """The last entry of each bell that was heard in this process."""

    def push_job_id(self, job_id: str, pipeline: Any = None, at_front: bool = False) -> None:
        """Put a job on the queue, and ring."""
        super().push_job_id(job_id, pipeline=pipeline, at_front=at_front)
        connection = self.connection if pipeline is None else pipeline
        connection.xadd(bell_key(self.key), {"job": ""}, maxlen=1, approximate=False)

    @classmethod
    def dequeue_any(cls, *arguments: Any, **options: Any) -> Any:
        """Take the next job; one in which somebody has written rubbish is thrown away, and ends no worker."""
        while True:
            try:
                return super().dequeue_any(*arguments, **options)
            except (NoServerError, TimeoutError):
                raise
            except Exception as error:
                job, queue = getattr(error, "job_id", None), getattr(error, "queue", None)
                if job is None or queue is None:
                    raise
                said = f"flodesk worker: a job that makes no sense is thrown away: {line(job)} ({line(error)})"
                print(said, file=sys.stderr, flush=True)
                queue.connection.lrem(queue.intermediate_queue_key, 0, job)
                queue.connection.delete(Job.key_for(job))

    @classmethod
    def lpop(
        cls, queue_keys: Sequence[str], timeout: int | None, connection: Redis | None = None
    ) -> tuple[str, Any] | None:
        """Take the next job of several queues, the first of which goes before the others.

        Parameters
        ----------
        timeout : int or None
            How long in s is waited for one; None is not at all.

        Raises
        ------
        DequeueTimeout
            None came.
        """
        assert connection is not None
        end = None if timeout is None else time.monotonic() + timeout
        while True:
            for key in queue_keys:
                job = connection.lmove(key, IntermediateQueue.get_intermediate_queue_key(key), "LEFT", "RIGHT")
                if job is not None:
                    return key, job
            if end is None:
                return None
            left = end - time.monotonic()
            if left <= 0:
                raise DequeueTimeout(timeout, queue_keys)
            cls._listen(connection, queue_keys, min(left, UNHEARD_SECONDS))

    @classmethod
    def _listen(cls, connection: Redis, queue_keys: Sequence[str], seconds: float) -> None:
        """Wait until a bell rings that was not heard yet. One that rang meanwhile is heard at once."""
        bells: dict[Any, Any] = {bell_key(key): cls._rung.get(bell_key(key), b"0") for key in queue_keys}
        found: Any = connection.xread(bells, block=max(1, int(seconds * 1000)))
        for bell, entries in found or ():
            cls._rung[bell.decode()] = entries[-1][0]
