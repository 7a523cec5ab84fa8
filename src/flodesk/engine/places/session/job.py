"""A job of RQ that hosts a session of the engine on a worker, without Qt."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from redis import Redis
from rq import Queue
from rq.job import Job

from flodesk.engine.places.part import part_job
from flodesk.engine.places.part.hosting import hosted_by
from flodesk.engine.places.server.guard import Guard
from flodesk.engine.places.server.signing import RefusedError
from flodesk.engine.places.session.hosted import Hosted

WORK = "flodesk.engine.places.session.job.work"
PARTS = "flodesk.engine.places.part.part_job.work"
KINDS = {WORK: "job", PARTS: "part"}
"""What may be called, and as what it is signed."""
FAILED = "failed"
"""What a session returns whose newest run has failed."""


class FlowJob(Job):  # type: ignore[misc]  # RQ is untyped
    """A job that can be a run of a flow, or parts of runs, and nothing else.

    RQ imports whatever dotted path a job names and calls it; whoever can write to the server could run anything in the
    worker. Here only `work` and `part_job.work` are called, with what was signed for this worker, and there are no
    callbacks and no web hooks.

    Attributes
    ----------
    guard : Guard or None
        Set by the worker: decides whether the job may run. Whoever only puts jobs on a queue has none.
    """

    ALLOWED: ClassVar[frozenset[str]] = frozenset(KINDS)
    guard: Guard | None = None

    @property
    def func(self) -> Any:
        """The function to call.

        Raises
        ------
        RefusedError
            The job names another one than these two.
        """
        if self.func_name not in self.ALLOWED or self.instance is not None or self.kwargs:
            raise RefusedError(f"this worker runs flows and nothing else; the job asks for {self.func_name!r}")
        return self._admitted

    def _admitted(self, *sealed: Any) -> str:
        if self.guard is None:
            raise RefusedError("nobody here decides what may run")
        job = self.guard.admit(self.id, sealed, self.connection, KINDS[self.func_name])
        says = self.guard.host is not None and not self.guard.host.own  # one of our own has nobody to read that
        job = {**job, "worker": str(self.worker_name or ""), "says": says}
        hosted_by(self.guard.host, self.guard.key().secret)
        others = self.guard.host.queues if self.guard.host is not None else ()
        jobs = [Queue.redis_queue_namespace_prefix + queue for queue in dict.fromkeys((str(self.origin), *others))]
        return (work if self.func_name == WORK else part_job.work)(job, self.guard, self.connection, jobs)

    success_callback = failure_callback = stopped_callback = property(lambda self: None)

    def send_webhooks(self, *arguments: Any, **options: Any) -> None:
        """Call no address that a job names."""


def work(job: Mapping[str, Any], guard: Guard, connection: Redis, jobs: Sequence[str]) -> str:
    """Host a session until nobody needs it any more.

    Parameters
    ----------
    job : mapping
        What was signed: ``id`` (names the streams of the session), ``commands`` (as `flodesk.engine.session`; the last
        one starts a run), ``idle`` and ``patience`` (how long in s it waits for another run,
        and for a server that has gone), ``megabytes`` (how large a value for the window may be), ``by`` (whoever has
        sent it: ``who`` as `Writing.sender`, ``host``, whether it says again and again that it is ``here``), where the
        run was on before ``again`` (what its worker has died of); and beside that ``worker``, the name of this one,
        and whether it ``says`` what it does where it was started.
    jobs : sequence of str
        Keys of the lists on the server in which jobs wait for this worker, that of this job first.

    Returns
    -------
    str
        That it is over, or `FAILED`: what came of the runs was told on the streams.
    """
    hosted = Hosted(connection, job, guard, jobs)
    hosted.run(job["commands"])
    return FAILED if hosted.failed else "over"
