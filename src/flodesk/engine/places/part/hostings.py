"""A job of RQ that takes call after call of one run on a worker, as it is seen from here."""

from __future__ import annotations

import contextlib
import secrets
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

from redis import Redis
from redis.exceptions import OutOfMemoryError, RedisError

from flodesk.engine.places.part.far_states import machine
from flodesk.engine.places.part.far_values import FarValues
from flodesk.engine.places.part.listens import Listens, ending
from flodesk.engine.places.part.part_job import answers_of
from flodesk.engine.places.server.signing import Reading, RefusedError, Writing
from flodesk.engine.places.server.stream import EXPIRE_SECONDS, Keys
from flodesk.engine.places.session.job_queue import JobQueue


class Server(Protocol):
    """The server on whose queues it is: an exchange."""

    name: str
    key: bytes
    connection: Redis
    lock: threading.RLock
    news: threading.Condition
    values: FarValues
    owed: list[Hosting]

    def jobs(self, queue: str) -> JobQueue:
        """Return a queue."""

    def soon(self, deed: Callable[[], object]) -> None:
        """Do something in another thread: who asks for it does not wait for the server."""

    def forget(self, hosting: Hosting) -> None:
        """Know nothing of a hosting that is over."""


class Hosting:
    """A job that hosts functions on one worker.

    Attributes
    ----------
    id, queue : str
        Its own name, and where it was put.
    run : str
        For which run it is used.
    single : bool
        It does what stands in its job, and no more.
    coming : bool
        It is not on the queue yet.
    begun, over : bool
        A worker has taken it; it has ended.
    worker : str
        What has taken it, in words.
    offset : int
        What is to be added to its times, in ns.
    """

    def __init__(self, exchange: Server, queue: str, run: str) -> None:
        self.id = f"{exchange.name}-{secrets.token_hex(4)}"
        self.queue = queue
        self.run = run
        self.single = False
        self.coming = True
        self.begun = self.over = False
        self.worker = ""
        self.offset = 0
        self.seats: dict[str, Listens] = {}
        self.made = self.last = time.monotonic()
        self.looked = 0.0
        self._exchange = exchange
        self._writing = Writing(exchange.key, self.id)
        self._reading = Reading(exchange.key, answers_of(self.id))

    def send_soon(self, command: Mapping[str, Any]) -> None:
        """Send a command in another thread: who asks for it does not wait for the server."""
        self._exchange.soon(lambda: self.send(command))

    def send(self, command: Mapping[str, Any], buffers: Sequence[Any] = ()) -> bool:
        """Send a command; returns False where the server has no room for it.

        Where that is away it is lost, and asked for again when it is back.
        """
        with self._exchange.lock, contextlib.suppress(RedisError):
            commands = Keys(self.id).commands
            with self._exchange.connection.pipeline(transaction=False) as pipe:
                pipe.xadd(commands, self._writing.entry(command, buffers), maxlen=1000)
                pipe.expire(commands, EXPIRE_SECONDS)
                sent, _ = pipe.execute(raise_on_error=False)
                return not isinstance(sent, OutOfMemoryError)
        return True

    def take(self, fields: dict[bytes, bytes]) -> None:
        """Take an entry of the stream, not while the news are held; what its worker has not signed is no word of it.

        Raises
        ------
        RedisError
            The server does not answer. The entry is to be taken once more: nobody else says what it says.
        """
        try:
            head, buffers = self._reading.command(fields)
        except (RefusedError, KeyError, ValueError):
            return
        self.last = time.monotonic()
        seat = self.seats.get(str(head.get("key")))
        try:
            if head["f"] == "done" and seat is not None:
                with contextlib.suppress(LookupError, TypeError, ValueError):  # what is wrong is found when it is taken
                    self._exchange.values.fetch(seat.wanted_of(head))
            with self._exchange.news:
                self._heard(head, buffers)
        except RedisError:
            self._reading.give_back(fields)
            raise

    def _heard(self, head: Mapping[str, Any], buffers: Sequence[bytes]) -> None:
        if head["f"] == "at":
            self.begun = True
            self.worker = f"{head['host']} (process {head['pid']})"
            self.offset = 0 if head["machine"] == machine() else time.perf_counter_ns() - int(head["clock"])
            for seat in list(self.seats.values()):
                with ending(seat):
                    seat.there()
        elif head["f"] == "left":
            self.end("")
        elif head["f"] == "full":
            self._exchange.soon(self._exchange.values.make_room)
        elif (found := self.seats.get(str(head["key"]))) is None:
            return
        elif head["f"] == "line":
            found.heard(head, buffers)
        else:
            with ending(found):
                found.heard(head, buffers)

    def end(self, why: str) -> None:
        """Note that it is over, and tell its seats."""
        if self.over:
            return
        self.over = True
        self._exchange.forget(self)
        for seat in list(self.seats.values()):
            with ending(seat):
                seat.left(why)

    @property
    def busy(self) -> bool:
        """Whether one of its seats waits for an answer."""
        return any(seat.busy for seat in list(self.seats.values()))

    def kill(self) -> None:
        """End it with its process, or take it off the queue; where the server is away when that is back."""
        try:
            self._exchange.jobs(self.queue).end(self.id)
        except RedisError:
            self._exchange.owed.append(self)

    def kill_soon(self) -> None:
        """Do so in another thread: who asks for it does not wait for the server."""
        self._exchange.soon(self.kill)
