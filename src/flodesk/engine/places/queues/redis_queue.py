"""A queue between loops that lives on a Redis server: bounded, at least once, for loops in one process or in several.

What is put in is on the server when `put` returns. What is read is acknowledged when the turn of the reading loop has
ended well; a process that dies before that leaves it to the next one that runs the same loop, after the time-out. When
every function that writes has ended, and all is read, the readers end. While the server is away both ends wait.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import socket
import threading
import time
from collections.abc import Collection
from typing import Any

from redis.exceptions import RedisError

from flodesk.engine.codec import CodecError, encode
from flodesk.engine.errors import StopRun
from flodesk.engine.places.part.hosting import here as host_here
from flodesk.engine.places.queues.queue_settings import FarQueue
from flodesk.engine.places.queues.queue_values import entry_of
from flodesk.engine.places.queues.redis_queue_link import Link, words
from flodesk.engine.places.queues.redis_queue_reader import BLOCK_MS, MOST, Reader
from flodesk.engine.places.queues.redis_queue_scripts import BEAT, BEGIN, LEAVE, NAMES, PUT, QueueKeys
from flodesk.engine.places.server.key import find_or_make_key
from flodesk.engine.places.server.stream import PlaceError, connect
from flodesk.public import Bounds, context

MOST_BYTES = 64 << 20
"""A value that is larger is refused: a server keeps all of them in memory."""
BEAT_SECONDS = 2.0
"""The server hears so often that a process lives, or thrice in the time-out if that is shorter."""
PATIENT_SECONDS = 3.0
"""It is said that nobody reads a full queue when that is so for longer: its readers may just begin."""
COMPETING = "readers"
"""The group of all functions that compete."""


class RedisQueue:
    """One queue of a run.

    Parameters
    ----------
    where : FarQueue
        Its name, capacity and time-out, the address of the server, and whether it is open to others.
    bounds : Bounds
        What the flow says of it.
    called : str
        The name of the queue in the flow.
    keep : bool
        Acknowledge nothing: a part of a flow is run, and what it reads is to stay in the queue.

    Raises
    ------
    PlaceError
        The server does not answer, or there is no key with which values are signed.
    """

    def __init__(self, where: FarQueue, bounds: Bounds, called: str, *, keep: bool = False) -> None:
        connect(where.url).close()  # an address that is wrong is told before the run begins
        self.where, self._bounds, self._called, self._keep = where, bounds, called, keep
        self._capacity = where.capacity or bounds.size
        self._keys = QueueKeys(where.name)
        self._secret = host_here()[1] or find_or_make_key().secret
        self._who = f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(4)}"
        self._link = Link(where.url, self._words)
        keys = [self._keys.values, self._keys.counts, self._keys.waiting]
        start, limits = PUT.call(keys, self._who), (self._capacity, self._bounds.full)
        # made once, and the count between the two: redis-py would take twice as long for each value
        self._command = words(*start), words(*limits), len(start) + 1 + len(limits)
        self._putting = threading.Lock()
        self._state = threading.RLock()
        self._writers: set[str] = set()
        self._reading: set[str] = set()
        self._expected: tuple[str, ...] = ()
        self._left: set[str] = set()
        self._readers: list[Reader] = []
        self._number = 0
        self._put = self._dropped = self._read = self._dead = 0
        self._told = False
        self._full_since = 0.0
        self._over = threading.Event()
        self._heart: threading.Thread | None = None
        self._beating = Link(where.url, self._words)

    @property
    def _words(self) -> str:
        return f"the queue {self._called}"

    # -------------------------------------------------------------- who takes part
    def begin(self, writers: Collection[str], readers: Collection[str], here: Collection[str]) -> None:
        """Take part: `writers` and `readers` are the functions of the flow, `here` those that this process runs."""
        with self._state:
            self._expected = tuple(sorted(readers))
            self._writers, self._reading = {*writers} & {*here} - self._left, {*readers} & {*here}
            own = sorted(self._writers)
            rest = sorted({*writers} - self._writers)
            groups = [COMPETING] if self._bounds.readers == "compete" else self._expected
            keys = [self._keys.writers, self._keys.facts, self._keys.values]
            milliseconds = int(self.where.timeout * 1000)
            told = (self._who, milliseconds, self._capacity, len(own), len(own) + len(rest), "-", *own, *rest, *groups)
            # not in the connection of the writers: one of them may be in the middle of a put
            with contextlib.closing(Link(self.where.url, self._words)) as link:
                try:
                    link.ask_once(BEGIN.call(keys, *told), ("SADD", NAMES, self.where.name))
                except (RedisError, OSError) as error:  # a run or a change that begins now can wait for nobody
                    raise PlaceError(f"the server does not answer: {error}") from error
            if self._heart is None:
                self._heart = threading.Thread(target=self._beat, name=f"flodesk queue {self._called}", daemon=True)
                self._heart.start()

    def leave(self, function: str) -> None:
        """Note that a function has ended: readers end when all that write have."""
        with self._state:  # from here on no beat says that it writes
            self._left.add(function)
            wrote = function in self._writers
            self._writers.discard(function)
            over = not self._writers and self._left >= self._reading
        if wrote:
            self._tell_end(function)
        if over:
            self.close()

    def close(self) -> None:
        """Let go of the server."""
        self._over.set()
        self._beating.close()  # a server that is silent does not hold it
        if self._heart is not None and self._heart is not threading.current_thread():
            self._heart.join(0.5)

    def summary(self) -> tuple[str, int]:
        """Say how many values were put in and read here, and how many were lost."""
        with self._state:
            read = self._read + sum(reader.count for reader in self._readers)
            dead = self._dead + sum(reader.dead for reader in self._readers)
        parts = [f"{self._put} put in"] if self._put or not read else []
        parts += [f"{read} read"] if read else []
        parts += [f"{self._dropped} dropped"] if self._dropped else []
        parts += [f"{dead} dead {'letter' if dead == 1 else 'letters'}"] if dead else []
        return ", ".join(parts) if self._put or read or dead else "", self._dropped + dead

    # -------------------------------------------------------------- the two ends
    def put(self, value: Any) -> int:
        """Put a value in, and wait for room if that is what the queue does; returns how many were dropped, -1 if full.

        Raises
        ------
        ValueError
            The value cannot travel, or is too large.
        RuntimeError
            It is full, and every function that reads it has ended.
        """
        try:
            head, buffers = encode(value)
        except CodecError as error:
            raise ValueError(f"{self._words} is on a Redis server: {error}") from error
        size = sum(memoryview(buffer).nbytes for buffer in buffers)
        if size > MOST_BYTES:
            raise ValueError(
                f"{self._words} is on a Redis server, which takes values of {MOST_BYTES >> 20} MB at most; this has "
                f"{size / 1e6:.0f} MB: put in the path of a file, or what matters of it"
            )
        fields = entry_of(self._secret, self.where.name, head, buffers)
        start, bounds, many = self._command
        end = bounds + words(*fields)
        here = context()
        with self._putting:
            count = self._put + 1
            command = b"*%d\r\n%b%b%b" % (many + len(fields), start, words(count), end)
            while True:
                here.check()
                gone = int(self._link.ask(command)[0])
                if gone != -1:
                    break
                self._wait_for_room()
            if gone == -2:
                return -1
            self._put = count
            self._dropped += gone
            return gone

    def read(self, function: str) -> Reader:
        """Return the values for a reading function."""
        with self._state:
            self._number += 1
            group = COMPETING if self._bounds.readers == "compete" else function or (*self._expected, "code")[0]
            reader = Reader(
                Link(self.where.url, self._words),
                self._keys,
                group,
                f"{self._who}.{self._number}",
                self.where.timeout,
                max(1, min(MOST, self._capacity // 4)),
                keep=self._keep,
                secret=b"" if self.where.open else self._secret,
            )
            reader.left = self._without
            self._readers.append(reader)
        return reader

    # -------------------------------------------------------------- inside
    def _without(self, reader: Reader) -> None:
        with self._state:
            if reader in self._readers:
                self._readers.remove(reader)
                self._read += reader.count
                self._dead += reader.dead

    def _wait_for_room(self) -> None:
        answers = self._link.ask(("BLPOP", self._keys.room, BLOCK_MS / 1000), ("HLEN", self._keys.readers))
        if answers[0] or answers[1]:
            self._full_since = 0.0
            return
        self._full_since = self._full_since or time.monotonic()
        if self._reading and self._left >= self._reading >= {*self._expected}:
            raise RuntimeError(
                f"{self._words} is full, and all that read it have ended: {self._capacity} values stay on the server"
            )
        if not self._told and time.monotonic() - self._full_since > PATIENT_SECONDS:
            self._told = True
            full = f"{self._words[0].upper()}{self._words[1:]} is full ({self._capacity} values)"
            context().log(f"{full}, and nobody reads it now: waiting for a reader", "warning")

    def _tell_end(self, function: str) -> None:
        """Say that a function which writes has ended; a server that is away is waited for, unless the run is stopped.

        In a connection of its own: that of the writers may be in the middle of something.
        """
        command = LEAVE.call([self._keys.writers, self._keys.counts], self._who, function)
        with contextlib.closing(Link(self.where.url, self._words)) as link:
            try:
                context().check()
                link.ask(command)
            except StopRun:
                with contextlib.suppress(RedisError, OSError):  # else it is noticed by its silence
                    if not (self._link.away or link.away):
                        link.ask_once(command)

    def _beat(self) -> None:
        """Let the server know that this process lives."""
        last = time.monotonic()
        before: dict[str, int] = {}
        seconds = min(BEAT_SECONDS, self.where.timeout / 3)
        while not self._over.wait(seconds):
            now = time.monotonic()
            # those who want something wait for a server that is away; and `close` takes the connection from under this
            with self._state, contextlib.suppress(RedisError, OSError, AttributeError, ValueError):
                counts = {"": self._put} | {reader.who: reader.count for reader in self._readers}
                rates = {who: f"{(n - before.get(who, 0)) / (now - last):.1f}" for who, n in counts.items()}
                readers = [part for r in self._readers for part in (r.group, r.who, rates[r.who])]
                keys = [self._keys.writers, self._keys.readers, self._keys.values]
                milliseconds = int(self.where.timeout * 1000)
                own = sorted(self._writers)
                self._beating.ask_once(BEAT.call(keys, self._who, milliseconds, rates[""], len(own), *own, *readers))
                before, last = counts, now
        self._beating.close()
        self._link.close()
