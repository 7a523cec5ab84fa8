"""A worker of RQ that outlives its server: one that is away, comes back empty, or has no memory left."""

from __future__ import annotations

import contextlib
import sys
import threading
import time
from typing import Any

from redis import Redis
from redis.exceptions import ConnectionError as NoConnection
from redis.exceptions import OutOfMemoryError, RedisError
from redis.exceptions import TimeoutError as NoAnswer
from rq import worker_registration

from flodesk.engine.places.server.refusals import no_room
from flodesk.engine.places.server.stream import pause


class PatientWorker:
    """What a worker does about its server, beside one of RQ's.

    RQ leaves where the server goes between two commands, is full, or does not answer in time; it waits up to a minute
    between two tries, and is not listed any more where the server has lost its memory.
    """

    max_connection_wait_time = 4.0
    url = ""
    _listed = False
    _listing: threading.Lock
    _full = False

    def __init__(self, *arguments: Any, **options: Any) -> None:
        self._listing = threading.Lock()
        super().__init__(*arguments, **options)

    def register_birth(self) -> None:
        """Be listed among the workers from now on."""
        super().register_birth()  # type: ignore[misc]
        self._listed = True

    def register_death(self) -> None:
        """Be listed no more."""
        with self._listing:
            self._listed = False
        super().register_death()  # type: ignore[misc]

    def stay_listed(self, connection: Redis) -> None:
        """Be listed again where the server has lost its memory; called again and again by another thread."""
        me: Any = self
        with self._listing:
            if not self._listed or connection.sismember(me.redis_workers_keys, me.key):
                return
            with connection.pipeline() as pipe:
                pipe.hset(me.key, mapping=me.serialize())
                worker_registration.register(me, pipe)
                pipe.expire(me.key, me.worker_ttl + 60)
                pipe.execute()

    def heartbeat(self, timeout: int | None = None, pipeline: Any = None) -> None:
        """Say that it is alive; a server that is away or full hears it the next time."""
        with contextlib.suppress(RedisError):
            super().heartbeat(timeout, pipeline)  # type: ignore[misc]

    def check_for_suspension(self, burst: bool) -> None:
        """Wait while workers are to take nothing; that a server is away is seen by whoever waits for a job."""
        with contextlib.suppress(RedisError):
            super().check_for_suspension(burst)  # type: ignore[misc]

    def run_maintenance_tasks(self) -> None:
        """See to what dead workers have left; the next time if the server is away or full."""
        with contextlib.suppress(RedisError):
            super().run_maintenance_tasks()  # type: ignore[misc]

    def dequeue_job_and_maintain_ttl(self, timeout: int | None, max_idle_time: int | None = None) -> Any:
        """Wait for a job, and for the server if it is away or full."""
        tries = 0
        while True:
            try:
                found = super().dequeue_job_and_maintain_ttl(timeout, max_idle_time)  # type: ignore[misc]
            except OutOfMemoryError as error:
                self._wait_for_room(error)
            except (NoConnection, NoAnswer):
                time.sleep(pause(tries))
                tries += 1
            else:
                self._full = False
                return found

    def _wait_for_room(self, error: OutOfMemoryError) -> None:
        if not self._full:
            self._full = True
            print(f"flodesk worker: {no_room(self.url, error)}", file=sys.stderr, flush=True)
        time.sleep(pause(2))
