"""A worker of RQ that forks ahead: the process for the next job is there, warm and connected, when that comes.

A process that was forked pays for each page of memory that it touches first: ten milliseconds before its first node.
Here that is paid while the worker waits. A spare ends with its worker; where one has died the job gets a plain fork.
"""

from __future__ import annotations

import contextlib
import json
import os
import select
import sys
import threading
from collections.abc import Callable, Mapping
from typing import Any

from redis.exceptions import RedisError
from rq import Worker
from rq.executions import Execution

from flodesk.engine.load import MODULE_NAME
from flodesk.engine.places.server.allowed import check_imports
from flodesk.engine.places.server.guard import Guard
from flodesk.engine.places.server.signing import RefusedError
from flodesk.engine.places.server.stream import pack
from flodesk.engine.places.session.job import FlowJob
from flodesk.engine.session import Session
from flodesk.engine.table import Layout, Table, states

WARM_SECONDS = 5.0
"""More than a small flow takes on a slow machine; without it a spare works as well."""
_TEXT = """import flodesk
from flodesk.nodes import maths


def flow():
    a = maths.add(1.0, 2.0)
    b = maths.add(a, 1.0)
    c = maths.multiply(a, b)
    d = maths.add(c, 1.0)


if __name__ == "__main__":
    flodesk.main(flow)
"""


def warm_up() -> None:
    """Run a small flow here, as a session on a worker does, and tell nobody."""
    over = threading.Event()
    table = Table(memoryview(bytearray(1 << 20)))

    def take(head: Mapping[str, Any], buffers: Any) -> None:
        pack(head, buffers)
        if head["f"] == "layout":
            states(table.cells, [Layout.from_json(head)], {}, True, set())
        if head.get("event") == "RunFinished":
            over.set()

    session = Session(take, table)
    session.receive({"c": "watch", "full": [], "brief": ["flow.d"]})
    session.receive({"c": "open", "text": _TEXT, "path": ""})
    session.receive({"c": "start", "run": "warm", "place": "rq"})
    over.wait(WARM_SECONDS)
    session.close()
    sys.modules.pop(MODULE_NAME, None)


class Spare:
    """A process that was forked, and waits for what it has to do.

    Attributes
    ----------
    pid : int
        Its number; 0 where there is none.
    """

    def __init__(self) -> None:
        self.pid = 0
        self._pipe = self._word = -1

    @property
    def ready(self) -> bool:
        """Whether it has said that it waits: before that, whoever is in a hurry is better off without it."""
        return bool(self.pid and select.select([self._word], [], [], 0.0)[0])

    def make(self, ready: Callable[[], None], work: Callable[[bytes], None]) -> None:
        """Fork one, unless it is there: it gets `ready`, and calls `work` with what it is given."""
        if self.pid:
            return
        (there, here), (heard, said) = os.pipe(), os.pipe()
        pid = os.fork()
        if pid:
            os.close(there)
            os.close(said)
            self.pid, self._pipe, self._word = pid, here, heard
            return
        try:
            os.setpgrp()
            os.close(here)
            ready()
            os.write(said, b"r")
            with os.fdopen(there, "rb") as orders:
                order = orders.read()
            if order:  # otherwise the worker has ended
                work(order)
        finally:
            os._exit(1)

    def give(self, order: bytes) -> int:
        """Let it do something; returns its number, 0 where there is none. It is no spare any more."""
        pid, pipe, self.pid = self.pid, self._pipe, 0
        if not pid:
            return 0
        os.close(self._word)
        try:
            with os.fdopen(pipe, "wb") as orders:
                orders.write(order)
        except OSError:  # it has died
            with contextlib.suppress(ChildProcessError):
                os.waitpid(pid, 0)
            return 0
        return pid

    def end(self) -> None:
        """End it."""
        if pid := self.give(b""):
            with contextlib.suppress(ChildProcessError):
                os.waitpid(pid, 0)


class SpareWorker(Worker):  # type: ignore[misc]  # RQ is untyped
    """A worker that has a process ready for the next job."""

    guard: Guard

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._spare = Spare()
        self._forking = False
        self._asked = 0
        """The signal that came while it was forking."""

    def request_stop(self, signum: int, frame: Any) -> None:
        """Stop: by an exception, which would be lost in what Python does around a fork."""
        if self._forking:
            self._asked = signum
        else:
            super().request_stop(signum, frame)

    def dequeue_job_and_maintain_ttl(self, timeout: int | None, max_idle_time: int | None = None) -> Any:
        """Wait for a job, with a process ready for it; where jobs wait there is no time for that."""
        if timeout is not None and not self._jobs_wait():
            self._forking = True
            self._spare.make(self._get_ready, self._work_off)
            self._forking = False
            if self._asked:
                super().request_stop(self._asked, None)  # it is the same signal still, and no second one
        return super().dequeue_job_and_maintain_ttl(timeout, max_idle_time)

    def _jobs_wait(self) -> bool:
        with contextlib.suppress(RedisError):
            return any(queue.count for queue in self.queues)
        return True

    def fork_work_horse(self, job: Any, queue: Any) -> None:
        """Give the job to the spare process, or fork one where there is none, or it is not ready yet."""
        order = json.dumps([job.id, queue.name, self.execution.id]).encode()
        pid = self._spare.give(order) if self._spare.ready else 0
        if not pid:
            super().fork_work_horse(job, queue)
            return
        self._horse_pid = pid

    def teardown(self) -> None:
        """End the spare with the worker."""
        self._spare.end()
        super().teardown()

    # -------------------------------------------------------------- in the process that was forked
    def _get_ready(self) -> None:
        self.setup_work_horse_signals()
        with contextlib.suppress(RedisError):
            self.connection.ping()
        with contextlib.suppress(RefusedError):  # without a key it is looked for again when a job is there
            self.guard.key()
        check_imports(_TEXT, self.guard.allowed, ())
        warm_up()

    def _work_off(self, order: bytes) -> None:
        id, name, execution = json.loads(order)
        try:
            job = self._fetched(id)
        except RedisError:  # what was connected before a server has gone, most likely
            self.connection.connection_pool.disconnect()
            job = self._fetched(id)
        job.guard = self.guard
        self.execution = Execution.fetch(execution, id, self.connection)
        queue = next(queue for queue in self.queues if queue.name == name)
        os.environ["RQ_WORKER_ID"], os.environ["RQ_JOB_ID"] = self.name, id
        self.main_work_horse(job, queue)

    def _fetched(self, id: str) -> Any:
        return FlowJob.fetch(id, connection=self.connection, serializer=self.serializer)
