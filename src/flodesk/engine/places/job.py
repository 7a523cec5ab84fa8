"""The worker's side of a run on a Redis queue: one job of RQ hosts an engine session, without Qt."""

from __future__ import annotations

import contextlib
import queue
import sys
import threading
import time
from collections.abc import Mapping
from typing import Any, ClassVar

from redis import Redis
from redis.exceptions import RedisError
from rq.job import Job

from flodesk.engine.events import LogLine, to_json
from flodesk.engine.places.guard import Guard
from flodesk.engine.places.post import Outbox
from flodesk.engine.places.signing import RefusedError
from flodesk.engine.places.stream import EXPIRE_SECONDS, KEPT_VALUES, Keys, pack
from flodesk.engine.session import Session
from flodesk.engine.table import Layout, Table, states

STATES_SECONDS = 0.1
"""How often states and newest values are sent: a screen far away is served well by ten a second."""
TABLE_BYTES = 1 << 20
WORK = "flodesk.engine.places.job.work"


class FlowJob(Job):  # type: ignore[misc]  # RQ is untyped
    """A job that can be a run of a flow and nothing else.

    RQ imports whatever dotted path a job names and calls it; whoever can write to the server could run anything in the
    worker. Here only `work` is called, with what was signed for this worker, and there are no callbacks and no web
    hooks.

    Attributes
    ----------
    guard : Guard or None
        Set by the worker: decides whether the job may run. Whoever only puts jobs on a queue has none.
    """

    ALLOWED: ClassVar[frozenset[str]] = frozenset({WORK})
    guard: Guard | None = None

    @property
    def func(self) -> Any:
        """The function to call.

        Raises
        ------
        RefusedError
            The job names another one than `work`.
        """
        if self.func_name not in self.ALLOWED or self.instance is not None or self.kwargs:
            raise RefusedError(f"this worker runs flows and nothing else; the job asks for {self.func_name!r}")
        return self._admitted

    def _admitted(self, *sealed: Any) -> str:
        if self.guard is None:
            raise RefusedError("nobody here decides what may run")
        return work(self.guard.admit(self.id, sealed, self.connection), self.guard, self.connection)

    success_callback = failure_callback = stopped_callback = property(lambda self: None)

    def send_webhooks(self, *arguments: Any, **options: Any) -> None:
        """Call no address that a job names."""


def work(job: Mapping[str, Any], guard: Guard, connection: Redis) -> str:
    """Run a flow to its end; events and values go to the streams of the run, commands come from there.

    Parameters
    ----------
    job : mapping
        What was signed: ``id`` (the run), ``text``, ``path``, ``changes`` ([node, parameter, text] of what was changed
        before the start), ``full`` and ``brief`` (which values are watched), ``limits`` (as
        `flodesk.engine.limits.Limits.to_json`).

    Returns
    -------
    str
        How it ended (`flodesk.engine.events.Reason`).
    """
    hosted = Hosted(connection, job["id"], guard)
    return hosted.run(
        [
            {"c": "open", "text": job["text"], "path": job["path"]},
            {"c": "watch", "full": job["full"], "brief": job["brief"]},
            *({"c": "set", "node": n, "parameter": p, "text": t} for n, p, t in job["changes"]),
            {"c": "start", "run": job["id"], "place": "rq", "limits": job["limits"]},
        ]
    )


class Hosted:
    """A session whose frames go to streams and whose commands come from one."""

    def __init__(self, connection: Redis, run: str, guard: Guard) -> None:
        self._connection = connection
        self._run = run
        self._keys = Keys(run)
        self._guard = guard
        self._reading = guard.reading(run)
        self._path = ""
        self._told: set[str] = set()
        self._frames: queue.SimpleQueue[tuple[dict[str, Any], list[Any]]] = queue.SimpleQueue()
        self._memory = bytearray(TABLE_BYTES)
        self._table = Table(memoryview(self._memory))
        self._layouts: dict[str, Layout] = {}
        self._ended: set[str] = set()
        self._reason = ""
        self._over = threading.Event()
        self._unreachable = False
        self._outbox = Outbox(self._take)
        self._session = Session(self._take, self._table, posted=self._outbox.post)
        self._read: Any = "0"

    def run(self, commands: list[dict[str, Any]]) -> str:
        """Give the session these commands and host it until its run has ended."""
        with contextlib.suppress(RedisError):
            self._obey_all(None)  # what was sent before the start is in force at the start
        listener = threading.Thread(target=self._listen, name="flodesk commands", daemon=True)
        listener.start()
        try:
            for command in commands:
                self._path = command.get("path") or self._path
                self._session.receive(command)
            self._speak()
            self._outbox.wait()
        finally:
            self._over.set()
            self._session.close()
            listener.join(3.0)
            for key in (self._keys.events, self._keys.values, self._keys.commands):
                with contextlib.suppress(RedisError):
                    self._connection.expire(key, EXPIRE_SECONDS)
        return self._reason or "failed"

    def _take(self, head: dict[str, Any], buffers: list[Any]) -> None:
        self._frames.put((head, buffers))

    def _speak(self) -> None:
        """Send what the session says, many frames in one round trip, until the run has ended."""
        next_states = 0.0
        while not self._reason:
            frames = []
            with contextlib.suppress(queue.Empty):
                frames.append(self._frames.get(timeout=STATES_SECONDS))
                while True:
                    frames.append(self._frames.get_nowait())
            taken = 0
            with self._connection.pipeline(transaction=False) as pipe:
                for head, buffers in frames:
                    taken = max(taken, self._put(pipe, head, buffers))
                now = time.monotonic()
                if now >= next_states or self._reason:
                    next_states = now + STATES_SECONDS
                    self._put_states(pipe)
                try:
                    pipe.execute()
                except RedisError as error:
                    # nobody can follow it any more, and nobody could stop it
                    self._unreachable = True
                    raise RuntimeError(f"the Redis server was lost, so the run was given up: {error}") from error
            if taken:
                # the screen's rate is set here: the next values are looked at only after this wait
                time.sleep(STATES_SECONDS / 2)
                self._session.receive({"c": "taken", "n": taken})

    def _put(self, pipe: Any, head: dict[str, Any], buffers: list[Any]) -> int:
        """Queue one frame; returns the number of a batch of values that was sent with it, or 0."""
        if head["f"] == "values":
            pipe.xadd(self._keys.values, pack(head, buffers), maxlen=KEPT_VALUES, approximate=False)
            return int(head["n"])
        if head["f"] == "layout":
            layout = Layout.from_json(head)
            self._layouts[layout.function] = layout
        elif head.get("event") == "LoopFinished":
            self._ended.add(str(head["loop"]))
        elif head.get("event") == "RunFinished":
            self._reason = head["reason"]
            self._put_states(pipe)
        pipe.xadd(self._keys.events, pack(head, buffers))
        return 0

    def _put_states(self, pipe: Any) -> None:
        found = states(self._table.cells, self._layouts.values(), {}, not self._reason, self._ended)
        items = {
            node: [s.state, s.count, s.seconds, s.progress, s.failures, s.behind, s.took, s.items, s.of]
            for node, s in found.items()
        }
        pipe.xadd(self._keys.values, pack({"f": "states", "items": items}), maxlen=KEPT_VALUES, approximate=False)

    def _listen(self) -> None:
        """Hand the editor's commands to the session."""
        while not self._over.is_set() and not self._unreachable:
            try:
                self._obey_all(500)
            except RedisError:
                time.sleep(0.5)

    def _obey_all(self, block: int | None) -> None:
        found: Any = self._connection.xread({self._keys.commands: self._read}, block=block)
        for _, entries in found or ():
            for self._read, fields in entries:
                self._obey(fields)

    def _obey(self, fields: dict[bytes, bytes]) -> None:
        # a command that makes no sense comes from another version: it must not end the run
        with contextlib.suppress(KeyError, TypeError, ValueError):
            try:
                command = self._reading.command(fields)[0]
                self._path = command.get("path") or self._path
                self._guard.check({**command, "path": self._path})
            except RefusedError as error:
                self._refuse(str(error))
                return
            if command["c"] == "letters":
                self._outbox.arrived(command["arrived"], command["same"])
            else:
                self._session.receive(command)

    def _refuse(self, why: str) -> None:
        """Say, here and to who follows the run, that something was not done; of each kind once."""
        if why not in self._told:
            self._told.add(why)
            print(f"flodesk worker: run {self._run}: {why}", file=sys.stderr, flush=True)
            line = LogLine(self._run, "", "error", f"The worker: {why}", time.time())
            self._take({"f": "event", **to_json(line)}, [])
