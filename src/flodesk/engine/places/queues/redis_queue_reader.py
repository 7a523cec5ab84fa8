"""One loop that reads a queue on a Redis server: fetches many values at once, and acknowledges what is done."""

from __future__ import annotations

import contextlib
import time
from collections import deque
from collections.abc import Callable, Mapping
from typing import Any

from redis.exceptions import RedisError, ResponseError

from flodesk.engine.places.queues.queue_values import NO_VALUE, value_of, why_no_value
from flodesk.engine.places.queues.redis_queue_link import Command, Link
from flodesk.engine.places.queues.redis_queue_scripts import ACKNOWLEDGE, ENTER, LOOK, RETURN, QueueKeys
from flodesk.public import Acknowledged, context

BLOCK_MS = 250
"""The server holds a question for values so long before it says that there are none: who is stopped waits no longer."""
MOST = 256
"""Values that are fetched at once at most."""
_FAST, _SLOW = 0.01, 0.04
"""What is fetched at once is to take about so long, in s: a slow loop takes one by one, and leaves others to others."""
_LATEST = 0.05
"""What is done is acknowledged at the end of a turn if the last time is longer ago than this, in s."""
_BUSY = _GATHER = 0.001
"""Values that come quicker than this, in s, are gathered for so long: one by one they cost a fetch each."""
CRASHES = 5
"""A value that so many processes have died with is a dead letter: else it would end all that come."""
PATIENT_SECONDS = 5.0
"""After so long it is said that an empty queue has nobody who writes to it."""
_ROOMY = 16
"""But not where so few may be fetched at once: who writes waits for room then."""

Entry = tuple[bytes, Mapping[bytes, bytes]]


class Reader(Acknowledged):
    """The values of a queue for one loop, each acknowledged once its turn has ended well.

    Parameters
    ----------
    link : Link
        A connection for it alone.
    group : str
        The reading function: processes that run the same one share the values.
    who : str
        Names this reader among those of its group.
    timeout : float
        After so many seconds without a word from another reader its values are taken over.
    most : int
        So many values are fetched at once at most.
    keep : bool
        Acknowledge nothing: what is read stays in the queue.
    secret : bytes
        With this key values have to be signed; with none all count.
    """

    def __init__(
        self,
        link: Link,
        keys: QueueKeys,
        group: str,
        who: str,
        timeout: float,
        most: int,
        *,
        keep: bool = False,
        secret: bytes = b"",
    ) -> None:
        self.group, self.who = group, who
        self.count = self.dead = 0
        self._link, self._keys, self._timeout, self._most, self._keep = link, keys, timeout, most, keep
        self._secret = secret
        self._at = b""
        self._done: list[bytes] = []
        self._entries: deque[Entry] = deque()
        self._many = 1
        self._few = False
        self._fetched = self._told = self._asked = time.monotonic()
        self._claimed = 0.0
        self._losses = 0
        self._seen = ""
        self._entered = self._over = self._told_alone = self._told_taken = False
        self._alone_since = 0.0
        self.left: Callable[[Reader], None] = lambda reader: None
        """Called when it has ended."""

    def __next__(self) -> Any:
        """Return the next value, and wait for it; the turn of the one before has ended well."""
        self.settle()
        while True:
            if not self._entries and not self._fetch():
                self.close()
                raise StopIteration
            entry, fields = self._entries.popleft()
            try:
                value = value_of(fields, self._keys.name, self._secret)
            except NO_VALUE as error:
                self._set_aside(entry, fields, why_no_value(fields, error))
                continue
            self._at = entry
            self.count += 1
            return value

    def settle(self) -> None:
        """Note that the turn of the last value has ended well."""
        if not self._at:
            return
        if not self._keep:
            self._done.append(self._at)
        self._at = b""
        # with none in hand the next fetch says it
        if self._entries and self._done and time.monotonic() - self._told > _LATEST:
            self._link.ask(self._acknowledge())
            self._acknowledged()

    def close(self) -> None:
        """End: acknowledge what is done, and leave what is not to others. Safe to call twice, and with no server."""
        if self._over:
            return
        self._over = True
        last: list[Command] = [self._acknowledge()] if self._done else []
        if self._entered:
            last.append(RETURN.call([self._keys.values, self._keys.readers], self.group, self.who))
        if last and not self._link.away:
            with contextlib.suppress(RedisError, OSError):  # then others wait for the time-out
                self._link.ask_once(*last)
        self._link.close()
        self.left(self)

    # -------------------------------------------------------------- inside
    def _acknowledge(self) -> Command:
        keys = [self._keys.values, self._keys.waiting, self._keys.room]
        return ACKNOWLEDGE.call(keys, self.group, *self._done)

    def _acknowledged(self) -> None:
        self._done.clear()
        self._told = time.monotonic()

    def _fetch(self) -> bool:
        """Get entries, and wait until there are some; returns False at the end of the queue."""
        now = time.monotonic()
        took = now - self._fetched
        if self._few and now - self._asked < _BUSY:
            context().sleep(_GATHER)
        self._asked = now
        if took < _FAST:
            self._many = min(self._many * 2, self._most)
        elif took > _SLOW:
            self._many = max(self._many // 2, 1)
        try:
            while not self._entries:
                context().check()
                try:
                    if not self._ask():
                        return False
                except ResponseError as error:
                    if not str(error).startswith("NOGROUP"):
                        raise
                    self._entered = False  # somebody has emptied the server, or this queue
                    self._done.clear()
        finally:
            self._fetched = time.monotonic()
        return True

    def _ask(self) -> bool:
        """Ask once; returns False if there is nothing more to come."""
        if not self._entered:
            self._enter()
        if self._losses != self._link.losses:
            self._losses = self._link.losses
            self._take(self._read(b"0", self._most)[0])  # what was given to us, and did not arrive
        elif time.monotonic() - self._claimed > min(1.0, self._timeout / 4) and self._claim():
            return True
        if self._entries:
            return True
        found, told = self._read(b">", self._many)
        self._few = len(found) < self._many and self._most >= _ROOMY
        self._take(found)
        if found or told:  # what was just told may be the last: the end is looked for in the next round
            return True
        keys = [self._keys.writers, self._keys.facts, self._keys.values]
        over = int(self._link.ask(LOOK.call(keys, self.group, self._seen))[0])
        self._lonely(nobody=over < 0)
        return over != 1

    def _lonely(self, *, nobody: bool) -> None:
        """Say once whom an empty queue waits for, if nobody writes to it for a while."""
        now = time.monotonic()
        self._alone_since = (self._alone_since or now) if nobody else 0.0
        if self._told_alone or not nobody or now - self._alone_since < PATIENT_SECONDS:
            return
        self._told_alone = True
        said: Any = self._link.ask(("HGETALL", self._keys.writers))[0]
        flat = [part.decode() for part in said]
        names = sorted(f for f, how in zip(flat[::2], flat[1::2], strict=True) if "|" not in f and how != "ended")
        whom = " and ".join(f"“{name}”" for name in names) or "somebody"
        context().log(f"The queue {self._keys.name} is empty, and nobody writes to it now: waiting for {whom} to run")

    def _enter(self) -> None:
        keys = [self._keys.writers, self._keys.facts, self._keys.readers, self._keys.values]
        seen = self._link.ask(ENTER.call(keys, self.group, self.who, int(self._timeout * 1000)))[0]
        self._losses, self._entered, self._seen = self._link.losses, True, seen.decode()
        if self._seen:
            context().log(
                f"The queue {self._keys.name} has been read to its end: waiting for somebody who writes to it"
            )

    def _read(self, after: bytes, many: int) -> tuple[list[Any], bool]:
        """Acknowledge what is done, and read; returns the entries, and whether something was acknowledged."""
        block = ("BLOCK", BLOCK_MS) if not self._done else ()
        read = ("XREADGROUP", "GROUP", self.group, self.who, "COUNT", many, *block, "STREAMS", self._keys.values, after)
        told = bool(self._done)
        answers = self._link.ask(self._acknowledge(), read) if told else self._link.ask(read)
        self._acknowledged()
        return (answers[-1][0][1] if answers[-1] else []), told

    def _claim(self) -> bool:
        """Take over what readers have left that are not heard of any more; returns whether there was something."""
        self._claimed = time.monotonic()
        idle = int(self._timeout * 1000)
        # one by one: the server counts how often each was taken over, and only the one in hand may have ended a process
        claim = ("XAUTOCLAIM", self._keys.values, self.group, self.who, idle, "0-0", "COUNT", 1)
        told = [self._acknowledge()] if self._done else []
        found = self._link.ask(*told, claim)[-1][1]
        self._acknowledged()
        self._take(found)
        if not found:
            return False
        self._claimed = 0.0  # there may be more
        if not self._told_taken:
            self._told_taken = True
            context().log(f"Values of the queue {self._keys.name} are taken over that another reader has not finished")
        for entry, fields in list(self._entries):
            held = self._link.ask(("XPENDING", self._keys.values, self.group, entry, entry, 1))[0]
            if held and held[0][3] > CRASHES:
                self._entries.clear()
                why = f"was in the hands of {CRASHES} processes that died without a word: it may be what has ended them"
                self._set_aside(entry, fields, why)
        return True

    def _take(self, found: list[Any]) -> None:
        for entry, flat in found:
            if flat:  # else it was dropped meanwhile
                self._entries.append((entry, dict(zip(flat[::2], flat[1::2], strict=True))))

    def _set_aside(self, entry: bytes, fields: Mapping[bytes, bytes], what: str) -> None:
        """Put an entry among the dead letters of the queue: it is no value of ours, or ends whoever takes it."""
        self.dead += 1
        why = f"the entry {entry.decode()} of the queue {self._keys.name} {what}"
        context().log(f"Dead letter: {why}. To see it: flodesk queues peek {self._keys.name} --dead", "error")
        flat = [part for pair in fields.items() for part in pair]
        self._link.ask(("XADD", self._keys.dead, "MAXLEN", "~", 10_000, "*", *flat, "flodesk:why", why[:1000]))
        self._done.append(entry)
