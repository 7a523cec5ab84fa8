"""Our side of a Redis server whose workers run parts of runs: jobs go to queues, what they say comes by one stream.

Everything that comes is read in one thread, which
also looks after the hostings: whether a worker has taken them, and whether that lives.
"""

from __future__ import annotations

import contextlib
import math
import secrets
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar

from redis import Redis
from redis.exceptions import OutOfMemoryError, RedisError

from flodesk.engine.places.part.far_values import FarValues
from flodesk.engine.places.part.hosting import Host, here
from flodesk.engine.places.part.hostings import Hosting
from flodesk.engine.places.part.listens import ending
from flodesk.engine.places.part.needed import ALIVE_SECONDS, alive_key
from flodesk.engine.places.part.outage import Outage
from flodesk.engine.places.part.own_workers import OwnWorkers
from flodesk.engine.places.server.going_on import GarbledError, GoingOn, in_words
from flodesk.engine.places.server.key import find_or_make_key
from flodesk.engine.places.server.stream import Keys, PlaceError, connect, hidden
from flodesk.engine.places.server.wire import Wire
from flodesk.engine.places.session.job import PARTS
from flodesk.engine.places.session.job_queue import JobQueue
from flodesk.engine.places.session.sending import Sending
from flodesk.engine.settings import section

BLOCK_MS = 250
LOOK_SECONDS = 0.5
"""How often it is looked after hostings of which nothing is heard."""
LAST_SECONDS = 1.0
"""How long it is waited at the end until the last words are sent."""
MOST_OWN = 8
"""So many workers of our own are started for jobs that each are one node."""
FREE_SECONDS = 0.3
"""So long it is waited to hear how many workers are free; there are none as far as nobody has said it."""
QUIET_SECONDS = 1.5
"""After so long without a word from a call that is on it is looked whether its worker lives."""


_OURS = "the nodes that run on the queue"


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
        self._sending = Sending(self.connection.ping, self._unsent)
        """Sends what nobody waits for: that a call is to stop, or a hosting to end."""
        self._bringing = Sending(self.connection.ping, self._unsent, math.inf)
        """Brings calls and jobs, one after the other; a word to stop is not to wait for a large value."""
        self._jobs: dict[str, JobQueue] = {}
        self._hostings: dict[str, Hosting] = {}
        self._idle: list[Hosting] = []
        self._said: set[str] = set()
        self._free: dict[str, int] = {}
        self._counted: dict[str, float] = {}
        """How many workers of a queue are free, and when that was asked for."""
        self.outage = Outage(self.url, self.wire.patience, lambda level, text: self.said(level, text))
        self.owed: list[Hosting] = []
        """Those that are to be ended when the server is back."""
        self._pending: list[Callable[[], object]] = []
        """What could not be done yet."""
        self._beat = 0.0
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
        self._bringing.close()
        for hosting in list(self._hostings.values()):
            if hosting.begun:
                hosting.send({"c": "close"})
            else:
                hosting.kill()
        self._sending.wait(LAST_SECONDS)
        self._sending.close()
        self._left.set()
        self._thread.join(3.0)
        with contextlib.suppress(RedisError):
            self.values.clear()
            self.connection.delete(alive_key(self.name), Keys(self.name).events)
        self.connection.close()
        self._reading.close()
        if self.own is not None:
            self.own.close()

    def soon(self, deed: Callable[[], object]) -> None:
        """Do something in another thread: who asks for it does not wait for the server."""
        self._sending.put(lambda: self._guarded(deed))

    def bring(self, deed: Callable[[], object]) -> None:
        """Do something in the thread that brings calls and jobs, after all that it was given before."""
        self._bringing.put(lambda: self._guarded(deed))

    def _unsent(self, error: Exception) -> None:
        self.say_once("warning", f"Something for {_OURS} could not be sent: {in_words(error)}")

    def _guarded(self, deed: Callable[[], object]) -> None:
        with self._going_on.past():
            deed()

    def jobs(self, queue: str) -> JobQueue:
        """Return a queue."""
        if queue not in self._jobs:
            self._jobs[queue] = JobQueue(self.connection, queue, self.key, self.wire)
        return self._jobs[queue]

    # -------------------------------------------------------------- hostings
    def idle(self, queue: str, run: str) -> Hosting | None:
        """Return a hosting for a run that an earlier run has left, if there is one."""
        while True:
            with self.news:
                hosting = next((idle for idle in self._idle if idle.queue == queue), None)
                if hosting is None:
                    return None
                self._idle.remove(hosting)
            lives = self._lives(hosting)
            with self.news:
                if lives and not hosting.over:
                    hosting.run = run
                    return hosting
                hosting.end("")

    def fresh(self, queue: str, run: str) -> Hosting:
        """Return a new hosting for a run, which is to be put on the queue."""
        hosting = Hosting(self, queue, run)
        with self.news:
            self._hostings[hosting.id] = hosting
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
        hosting = self.fresh(queue, run)
        hosting.single = True
        self.bring(lambda: self.enqueue(hosting, head, words, path, after))
        return hosting

    def enqueue(
        self, hosting: Hosting, head: Mapping[str, Any], words: str, path: str, after: Sequence[str] = ()
    ) -> None:
        """Put a hosting on its queue, unless nobody needs it any more."""
        with self.news:
            if hosting.over or not hosting.seats:
                hosting.over = True
                self.forget(hosting)
                return
            on = sum(each.queue == hosting.queue for each in self._hostings.values())
        if self.own is not None:
            self.own.need(hosting.queue, min(MOST_OWN, on) if hosting.single else on)
        try:
            self.jobs(hosting.queue).enqueue(PARTS, hosting.id, {"client": self.name, **head}, words, path, after)
        except RedisError:
            pass  # the reader sees that it is not there, and has it put there again
        except Exception as error:  # noqa: BLE001 - whatever it is: nobody else would end what waits for it
            with self.news:
                for seat in list(hosting.seats.values()):
                    seat.garbled(in_words(error))
        hosting.coming, hosting.made = False, time.monotonic()

    def free(self, hosting: Hosting) -> None:
        """Take a hosting back that its run needs no more."""
        with self.news:
            if hosting.over or hosting.seats:
                return
            if hosting.begun and not self.over:
                self._idle.append(hosting)
                return
        self.soon(lambda: self.withdraw(hosting))

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
        if now - self._counted.get(queue, 0.0) > LOOK_SECONDS:
            self._counted[queue], counted = now, threading.Event()
            self._free.pop(queue, None)
            self.soon(lambda: self._count(queue, counted))
            counted.wait(FREE_SECONDS)
        return self._free.get(queue, 0) > waiting

    def _count(self, queue: str, counted: threading.Event) -> None:
        """See how many workers of a queue are free."""
        with contextlib.suppress(RedisError):
            self._free[queue] = sum(idle for _, idle in self.jobs(queue).workers())
        counted.set()

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
            strange = f"what workers say of {_OURS} cannot be read any more: {in_words(error)}. Run the flow again"
            with self.news:  # what is made after that finds it
                self.broken = str(error) if isinstance(error, PlaceError) else strange
                hostings = list(self._hostings.values())
            for hosting in hostings:
                with self.news, contextlib.suppress(Exception):
                    hosting.end(self.broken)
            self._try_again()

    def later(self, work: Callable[[], object]) -> None:
        """Do something when the server is looked at next, and answers."""
        with self.news:
            self._pending.append(work)
        if self.broken:  # nobody looks any more
            self._try_again()

    def _try_again(self) -> None:
        with self.news:
            pending, self._pending = self._pending, []
            for work in pending:
                with self._going_on.past():
                    work()

    def _read(self) -> None:
        last, looked = "0", 0.0
        events = Keys(self.name).events
        while not self._left.is_set():
            try:
                found: Any = self._reading.xread({events: last}, block=BLOCK_MS, count=200)
                for _, entries in found or ():
                    for entry, fields in entries:
                        hosting = self._hostings.get(fields.pop(b"from", b"").decode(errors="replace"))
                        if hosting is not None:
                            with self._going_on.past():
                                hosting.take(fields)
                        last = entry  # not before: a large value that could not be had is fetched once more
                if self.outage.away:
                    self._back()  # after what has come: a job that has said everything is on the server no more
                if found:
                    self._reading.xtrim(events, minid=last)
                self._breathe()
                now = time.monotonic()
                if now - looked > LOOK_SECONDS:
                    looked = now
                    self._look_after()
                    self.values.tidy()
            except OutOfMemoryError as error:
                self._no_room(error)
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
        quiet = (h.busy and now - h.last > QUIET_SECONDS for h in list(self._hostings.values()))
        if (any(quiet) or self.outage.is_full or self._pending) and self.outage.look(self._reading):
            self._make_room()
            return
        self._try_again()
        for hosting in list(self._hostings.values()):
            with self._going_on.past():
                self._look_at(hosting, now)

    def _look_at(self, hosting: Hosting, now: float) -> None:
        with self.news:
            for seat in list(hosting.seats.values()):
                with ending(seat):
                    if hosting.begun:
                        seat.look()
                    elif not hosting.coming:
                        seat.waits(now - hosting.made)
        quiet = now - hosting.last
        if hosting.over or hosting.coming or quiet < QUIET_SECONDS or now - hosting.looked < QUIET_SECONDS:
            return
        if hosting.begun and not hosting.busy:
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
        self._nothing_heard()
        self._left.wait(self.outage.lost(error))

    def _no_room(self, error: OutOfMemoryError) -> None:
        self.outage.full(error)
        with contextlib.suppress(RedisError):
            self._make_room()
        self._left.wait(LOOK_SECONDS)

    def _make_room(self) -> None:
        self._nothing_heard()
        self.values.make_room()

    def _nothing_heard(self) -> None:
        """Note that nobody can be heard now: that says nothing of how they do."""
        now = time.monotonic()
        for hosting in list(self._hostings.values()):
            hosting.last = now

    def _back(self) -> None:
        """Send once more what may have been lost with the server."""
        self._beat = 0.0
        self._breathe()
        self.outage.back()
        owed, self.owed = self.owed, []
        for hosting in owed:
            hosting.kill()
        for hosting in list(self._hostings.values()):
            with self.news:
                if not hosting.begun and not hosting.coming and not self.jobs(hosting.queue).has(hosting.id):
                    hosting.end("")  # it waited in the memory of the server, which is empty now
                    continue
                if hosting.begun:
                    for seat in list(hosting.seats.values()):
                        with ending(seat):
                            seat.there()
