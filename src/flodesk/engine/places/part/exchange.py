"""Our side of a Redis server whose workers run parts of runs: jobs go to queues, what they say comes by one stream.

A `Hosting` is one job of RQ that takes call after call on a worker. Everything that comes is read in one thread, which
also looks after the hostings: whether a worker has taken them, and whether that lives.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar, Protocol

from redis import Redis
from redis.exceptions import RedisError

from flodesk.engine.places.part.far_states import machine
from flodesk.engine.places.part.far_values import FarValues
from flodesk.engine.places.part.hosting import Host, here
from flodesk.engine.places.part.own_workers import OwnWorkers
from flodesk.engine.places.part.part_job import ALIVE_SECONDS, alive_key, answers_of
from flodesk.engine.places.server.going_on import GarbledError, GoingOn, in_words
from flodesk.engine.places.server.key import find_or_make_key
from flodesk.engine.places.server.signing import Reading, RefusedError, Writing
from flodesk.engine.places.server.stream import EXPIRE_SECONDS, Keys, connect, hidden
from flodesk.engine.places.server.wire import Wire
from flodesk.engine.places.session.job import PARTS
from flodesk.engine.places.session.job_queue import JobQueue
from flodesk.engine.settings import section

BLOCK_MS = 250
AGAIN_SECONDS = 0.25
LOOK_SECONDS = 0.5
"""How often it is looked after hostings of which nothing is heard."""
MOST_OWN = 8
"""So many workers of our own are started for jobs that each are one node."""
QUIET_SECONDS = 1.5
"""After so long without a word from a call that is on it is looked whether its worker lives."""


_OURS = "the nodes that run on the queue"


class Listens(Protocol):
    """A function that has a hosting: its seat."""

    def there(self) -> None:
        """Take note that a worker has begun."""

    def heard(self, head: Mapping[str, Any], buffers: Sequence[bytes]) -> None:
        """Take a frame."""

    def left(self, why: str) -> None:
        """Take note that the hosting is over; `why` if its worker did not end it in order."""

    def waits(self, seconds: float) -> None:
        """Take note that no worker has begun for so long."""

    def look(self) -> None:
        """Send what could not be sent."""

    @property
    def busy(self) -> bool:
        """Whether it waits for an answer."""


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
    begun, over : bool
        A worker has taken it; it has ended.
    worker : str
        What has taken it, in words.
    offset : int
        What is to be added to its times, in ns.
    """

    def __init__(self, exchange: Exchange, queue: str, run: str) -> None:
        self.id = f"{exchange.name}-{secrets.token_hex(4)}"
        self.queue = queue
        self.run = run
        self.single = False
        self.begun = self.over = False
        self.worker = ""
        self.offset = 0
        self.seats: dict[str, Listens] = {}
        self.made = self.last = time.monotonic()
        self.looked = 0.0
        self._exchange = exchange
        self._writing = Writing(exchange.key, self.id)
        self._reading = Reading(exchange.key, answers_of(self.id))

    def send(self, command: Mapping[str, Any], buffers: Sequence[Any] = ()) -> None:
        """Send a command. Where the server is away it is lost, and asked for again when that is back."""
        with self._exchange.lock, contextlib.suppress(RedisError):
            commands = Keys(self.id).commands
            with self._exchange.connection.pipeline(transaction=False) as pipe:
                pipe.xadd(commands, self._writing.entry(command, buffers), maxlen=1000)
                pipe.expire(commands, EXPIRE_SECONDS)
                pipe.execute()

    def take(self, fields: dict[bytes, bytes]) -> None:
        """Take an entry of the stream; what its worker has not signed is no word of it."""
        try:
            head, buffers = self._reading.command(fields)
        except (RefusedError, KeyError, ValueError):
            return
        self.last = time.monotonic()
        if head["f"] == "at":
            self.begun = True
            self.worker = f"{head['host']} (process {head['pid']})"
            self.offset = 0 if head["machine"] == machine() else time.perf_counter_ns() - int(head["clock"])
            for seat in list(self.seats.values()):
                seat.there()
        elif head["f"] == "left":
            self.end("")
        elif (found := self.seats.get(str(head["key"]))) is not None:
            found.heard(head, buffers)

    def end(self, why: str) -> None:
        """Note that it is over, and tell its seats."""
        if self.over:
            return
        self.over = True
        self._exchange.forget(self)
        for seat in list(self.seats.values()):
            seat.left(why)

    def kill(self) -> None:
        """End it with its process, or take it off the queue."""
        with contextlib.suppress(RedisError):
            self._exchange.jobs(self.queue).end(self.id)


class Exchange:
    """A server, and what of ours is on its workers. Shared by all places of this process that use it.

    Parameters
    ----------
    url : str
        Its address; empty: one of our own is started, with workers as they are needed.
    said : callable
        Takes a sentence about it: (level, text).

    Raises
    ------
    PlaceError, BrokerError
        It does not answer, or there is no key.
    """

    _all: ClassVar[dict[str, Exchange]] = {}
    _making: ClassVar[threading.Lock] = threading.Lock()

    @classmethod
    def of(cls, url: str, said: Callable[[str, str], None]) -> Exchange:
        """Return the one for a server; each that gets it has to `let_go` of it."""
        with cls._making:
            found = cls._all.get(url)
            if found is None or found.over or found.broken:
                found = cls._all[url] = cls(url, said)
            found.users += 1
            found.said = said
            return found

    def __init__(self, url: str, said: Callable[[str, str], None]) -> None:
        self.users = 0
        self.over = False
        self.broken = ""
        """Why nothing is read any more, if that is so."""
        self.said = said
        self._going_on = GoingOn(lambda what: self.said("warning", f"Something about {_OURS} was left: {what}"))
        self.name = f"parts-{secrets.token_hex(6)}"
        self.host: Host | None
        self.host, key = here()
        self.key = key or find_or_make_key().secret
        self.wire = section("queue", Wire())
        self.own = None if url else OwnWorkers(said)
        self.url = url or self.own.url  # type: ignore[union-attr]
        self.connection: Redis = connect(self.url)
        self._reading: Redis = connect(self.url)
        self.values = FarValues(self.connection, self.name)
        self.news = threading.Condition(threading.RLock())
        """Held while seats change; told when one of them has an answer, or news."""
        self.lock = threading.RLock()
        """Held while something is sent: what is signed is numbered."""
        self._jobs: dict[str, JobQueue] = {}
        self._hostings: dict[str, Hosting] = {}
        self._idle: list[Hosting] = []
        self._said: set[str] = set()
        self._free: dict[str, tuple[float, int]] = {}
        self._pid = os.getpid()
        self._beat = 0.0
        self._away = 0.0
        self._left = threading.Event()
        self._thread = threading.Thread(target=self._hear, name="flodesk parts", daemon=True)
        self._breathe()
        self._thread.start()

    def let_go(self) -> None:
        """Say that one place needs it no more; the last one ends it."""
        with self._making:
            self.users -= 1
            if self.users or self.over:
                return
            self.over = True
        for hosting in list(self._hostings.values()):
            if hosting.begun:
                hosting.send({"c": "close"})
            else:
                hosting.kill()
        self._left.set()
        self._thread.join(3.0)
        with contextlib.suppress(RedisError):
            self.values.clear()
            self.connection.delete(alive_key(self.name), Keys(self.name).events)
        self.connection.close()
        self._reading.close()
        if self.own is not None:
            self.own.close()

    def jobs(self, queue: str) -> JobQueue:
        """Return a queue."""
        if queue not in self._jobs:
            self._jobs[queue] = JobQueue(self.connection, queue, self.key, self.wire)
        return self._jobs[queue]

    # -------------------------------------------------------------- hostings
    def hosting(self, queue: str, run: str, function: str, path: str) -> Hosting:
        """Return a hosting for a run: one that an earlier run has left, or one that is put on the queue."""
        with self.news:
            for hosting in [idle for idle in self._idle if idle.queue == queue]:
                self._idle.remove(hosting)
                if self._lives(hosting):
                    hosting.run = run
                    return hosting
                hosting.end("")
            hosting = Hosting(self, queue, run)
            self._hostings[hosting.id] = hosting
        self._enqueue(hosting, f"nodes of {function} in {path or 'a flow without a file'}", path)
        return hosting

    def _lives(self, hosting: Hosting) -> bool:
        """Return whether a hosting of which nobody has asked anything for a while is still there."""
        quiet = time.monotonic() - hosting.last
        if hosting.over or quiet < QUIET_SECONDS:
            return not hosting.over
        try:
            return self.jobs(hosting.queue).fate(hosting.id, quiet)[0] == "well"
        except GarbledError:
            hosting.send({"c": "close"})
            return False
        except RedisError:
            return True  # what becomes of it is seen when the server is back

    def single(
        self, queue: str, run: str, head: Mapping[str, Any], words: str, path: str, after: Sequence[str]
    ) -> Hosting:
        """Return a hosting for the calls in `head` alone, that begins when the jobs `after` have come to their ends."""
        hosting = Hosting(self, queue, run)
        hosting.single = True
        with self.news:
            self._hostings[hosting.id] = hosting
        if self.own is not None:
            self.own.need(queue, min(MOST_OWN, sum(each.queue == queue for each in self._hostings.values())))
        with contextlib.suppress(RedisError):
            self.jobs(queue).enqueue(PARTS, hosting.id, {"client": self.name, **head}, words, path, after)
        return hosting

    def _enqueue(self, hosting: Hosting, words: str, path: str) -> None:
        if self.own is not None:
            on = sum(each.queue == hosting.queue for each in self._hostings.values())
            self.own.need(hosting.queue, on)
        with contextlib.suppress(RedisError):  # the reader sees that the server is away, and puts it there again
            self.jobs(hosting.queue).enqueue(PARTS, hosting.id, {"client": self.name}, words, path)

    def free(self, hosting: Hosting) -> None:
        """Take a hosting back that its run needs no more."""
        with self.news:
            if hosting.over or hosting.seats:
                return
            if hosting.begun and not self.over:
                self._idle.append(hosting)
                return
        self.withdraw(hosting)

    def withdraw(self, hosting: Hosting) -> bool:
        """Take a hosting off the queue that no worker has begun; returns whether that was so."""
        try:
            taken = self.jobs(hosting.queue).take_back(hosting.id)
        except RedisError:
            taken = False
        if taken:
            hosting.over = True
            self.forget(hosting)
        elif not hosting.seats:
            hosting.send({"c": "close"})
        return taken

    def forget(self, hosting: Hosting) -> None:
        """Know nothing of a hosting that is over."""
        with self.news:
            self._hostings.pop(hosting.id, None)
            self._idle = [other for other in self._idle if other is not hosting]

    def shared(self, hosting: Hosting | None) -> Hosting | None:
        """Return another hosting of the same run and queue that a worker has begun."""
        if hosting is None:
            return None
        with self.news:
            for other in self._hostings.values():
                usable = other is not hosting and other.begun and not other.over and not other.single
                if usable and (other.run, other.queue) == (hosting.run, hosting.queue):
                    return other
        return None

    def room(self, queue: str, most: int) -> bool:
        """Return whether another hosting would find a worker."""
        now = time.monotonic()
        with self.news:
            if any(hosting.queue == queue for hosting in self._idle):
                return True
            waiting = sum(h.queue == queue and not h.begun for h in self._hostings.values())
            if self.own is not None:
                return sum(h.queue == queue for h in self._hostings.values()) < most
        looked, free = self._free.get(queue, (0.0, 0))
        if now - looked > LOOK_SECONDS:
            try:
                free = sum(idle for _, idle in self.jobs(queue).workers())
            except RedisError:
                free = 0
            self._free[queue] = now, free
        return free > waiting

    def alone(self, queue: str) -> bool:
        """Return whether this process is of a worker of that queue, and no other one is free to help."""
        host = self.host
        if host is None or (queue not in host.queues and not host.own):
            return False
        with contextlib.suppress(RedisError):
            return not any(idle for name, idle in self.jobs(queue).workers() if name != host.name)
        return False

    def say_once(self, level: str, text: str) -> None:
        """Say something that was not said yet."""
        if text not in self._said:
            self._said.add(text)
            self.said(level, text)

    def unsay(self) -> None:
        """Say it again if it is so again: another run begins."""
        self._said.clear()

    # -------------------------------------------------------------- the thread that reads
    def _hear(self) -> None:
        try:
            self._read()
        except Exception as error:  # noqa: BLE001 - whatever it is
            if self._left.is_set():
                return  # a connection was closed under it, which nobody needs any more
            self.broken = f"what workers say of {_OURS} cannot be read any more: {in_words(error)}"
            for hosting in list(self._hostings.values()):
                with self.news, contextlib.suppress(Exception):
                    hosting.end(self.broken)

    def _read(self) -> None:
        last, looked = "0", 0.0
        events = Keys(self.name).events
        while not self._left.is_set():
            try:
                found: Any = self._reading.xread({events: last}, block=BLOCK_MS, count=200)
                if self._away:
                    self._back()
                for _, entries in found or ():
                    for entry, fields in entries:
                        last = entry
                        hosting = self._hostings.get(fields.pop(b"from", b"").decode(errors="replace"))
                        if hosting is not None:
                            with self.news, self._going_on.past():
                                hosting.take(fields)
                if found:
                    self._reading.xtrim(events, minid=last)
                self._breathe()
                now = time.monotonic()
                if now - looked > LOOK_SECONDS:
                    looked = now
                    self._look_after()
                    self.values.tidy()
            except RedisError as error:
                self._lost(error)

    def _breathe(self) -> None:
        """Say that this process lives."""
        now = time.monotonic()
        if now - self._beat > ALIVE_SECONDS / 5:
            self._reading.set(alive_key(self.name), b"1", ex=ALIVE_SECONDS)
            self._beat = now

    def _look_after(self) -> None:
        """See how hostings do of which nothing is heard."""
        now = time.monotonic()
        for hosting in list(self._hostings.values()):
            with self._going_on.past():
                self._look_at(hosting, now)

    def _look_at(self, hosting: Hosting, now: float) -> None:
        with self.news:
            for seat in list(hosting.seats.values()):
                if hosting.begun:
                    seat.look()
                else:
                    seat.waits(now - hosting.made)
        quiet = now - hosting.last
        busy = any(seat.busy for seat in hosting.seats.values())
        if hosting.over or quiet < QUIET_SECONDS or now - hosting.looked < QUIET_SECONDS:
            return
        if hosting.begun and not busy:
            return
        hosting.looked = now
        fate, words = self.jobs(hosting.queue).fate(hosting.id, quiet)
        with self.news:
            if fate in ("alone", "well"):
                if not hosting.begun and self.own is None and not self.jobs(hosting.queue).workers():
                    self._nobody(hosting.queue)
            elif fate == "dead" or (fate == "gone" and hosting.begun):
                hosting.end(words or "its worker is gone")
            elif fate == "refused":
                hosting.end(f"The worker refused to run it: {words}")
            elif fate == "gone":
                hosting.end("")

    def _nobody(self, queue: str) -> None:
        option = "" if queue == self.wire.nodes else f" --queue {queue}"
        self.say_once(
            "warning",
            f"No worker listens on the queue “{queue}” of {hidden(self.url)}: the nodes wait for one. "
            f"Start it with: flodesk worker{option}",
        )

    # -------------------------------------------------------------- a server that goes
    def _lost(self, error: RedisError) -> None:
        now = time.monotonic()
        if not self._away:
            self._away = now
            self.said("warning", f"The Redis server at {hidden(self.url)} does not answer ({error}): waiting for it.")
        for hosting in list(self._hostings.values()):
            hosting.last = now  # what nobody could hear says nothing
            if now - self._away > self.wire.patience:
                with self.news:
                    hosting.end(f"the Redis server at {hidden(self.url)} does not answer any more ({error})")
        self._left.wait(AGAIN_SECONDS)

    def _back(self) -> None:
        """Send once more what may have been lost with the server."""
        self._away = self._beat = 0.0
        self._breathe()
        self.said("info", f"The Redis server at {hidden(self.url)} answers again.")
        for hosting in list(self._hostings.values()):
            with self.news:
                if not hosting.begun and not self.jobs(hosting.queue).has(hosting.id):
                    hosting.end("")  # it waited in the memory of the server, which is empty now
                    continue
                if hosting.begun:
                    for seat in list(hosting.seats.values()):
                        seat.there()
