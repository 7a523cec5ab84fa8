"""Several workers under one process, which starts them, starts those again that die, and ends them together."""

from __future__ import annotations

import contextlib
import os
import select
import signal
import socket
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from types import FrameType

from redis.exceptions import RedisError

from flodesk.engine.lifeline import how_it_ended
from flodesk.engine.places.server.guard import Guard
from flodesk.engine.places.server.stream import PlaceError, connect
from flodesk.engine.places.workers.group_process import Forked, Process, Started, Work
from flodesk.engine.places.workers.job_list import look
from flodesk.engine.places.workers.member import Member, new_name
from flodesk.engine.places.workers.sweeping import sweep
from flodesk.engine.places.workers.worker_alive import say_gone

LONGEST_PAUSE_SECONDS = 30.0
"""Before one is started again that dies at once, again and again."""
WELL_SECONDS = 60.0
"""After so long one that dies had not died at once."""
IDLE_SECONDS = 0.5
"""How often it is looked whether all are done, where they are to leave then."""
KILL_SECONDS = 3.0
"""What they get to end after the second signal."""


@dataclass(slots=True)
class _Place:
    """One of the workers: the process that it is now, or when it is started again."""

    number: int
    process: Process | None = None
    name: str = ""
    began: float = 0.0
    deaths: int = 0
    due: float = 0.0


class Group:
    """Workers that take jobs side by side.

    Parameters
    ----------
    member : Member
        What each has to know.
    count : int
        How many.
    work : callable
        What a forked one does: takes what it has to know, and what is to be called when it listens.
    greet : callable
        Called when all listen for the first time.
    burst : bool
        Leave when the queues are empty and all are idle.
    """

    def __init__(self, member: Member, count: int, work: Work, greet: Callable[[], None], *, burst: bool) -> None:
        self._member = member
        self._work = work
        self._greet = greet
        self._burst = burst
        self._places = [_Place(number) for number in range(1, count + 1)]
        self._listening = 0
        self._asked = 0
        self._killed_at = 0.0
        self._hears, self._rings = socket.socketpair()
        for end in (self._hears, self._rings):
            end.setblocking(False)

    def run(self) -> int:
        """Have them work until they are asked to end; returns the exit code: 130 after a second signal."""
        signals = [getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGCHLD") if hasattr(signal, name)]
        before = {number: signal.signal(number, self._hear) for number in signals}
        woken = signal.set_wakeup_fd(self._rings.fileno(), warn_on_full_buffer=False)
        try:
            while self._on():
                select.select([self._hears], [], [], self._wait())
                self._listen()
                self._see_to()
        finally:
            signal.set_wakeup_fd(woken)
            for number, handler in before.items():
                signal.signal(number, handler)
            self.kill()
            self._hears.close()
            self._rings.close()
        return 130 if self._asked > 1 else 0

    def kill(self) -> None:
        """End all at once."""
        for place in self._places:
            if place.process is not None:
                place.process.kill()

    # -------------------------------------------------------------- inside
    def _on(self) -> bool:
        """Return whether there is something to wait for; starts who is due."""
        if not self._asked:
            now = time.monotonic()
            for place in self._places:
                if place.process is None and now >= place.due:
                    self._start(place)
        return not self._asked or any(place.process is not None for place in self._places)

    def _start(self, place: _Place) -> None:
        place.name, place.began = new_name(place.number), time.monotonic()
        member = replace(self._member, name=place.name)
        kind: type[Forked] | type[Started] = Forked if member.fork and hasattr(os, "fork") else Started
        place.process = kind(member, self._rings, self._work)

    def _wait(self) -> float | None:
        """Return for how long in s nothing has to be done but what is heard of."""
        now = time.monotonic()
        times = [] if self._asked else [place.due - now for place in self._places if place.process is None]
        if self._burst and not self._asked:
            times.append(IDLE_SECONDS)
        if self._killed_at:
            times.append(self._killed_at - now)
        return max(0.0, min(times)) if times else None

    def _listen(self) -> None:
        """Take what was rung: signals, ends of processes, and who listens by now."""
        with contextlib.suppress(BlockingIOError):
            while heard := self._hears.recv(4096):
                for _ in range(heard.count(Process.LISTENS)):
                    self._listening += 1
                    if self._listening == len(self._places):
                        self._greet()

    def _see_to(self) -> None:
        for place in self._places:
            code = None if place.process is None else place.process.code()
            if code is not None:
                self._ended(place, code)
        if self._killed_at and time.monotonic() >= self._killed_at:
            self.kill()
        if self._burst and not self._asked and self._idle():
            self._ask()

    def _ended(self, place: _Place, code: int) -> None:
        """Note that one has ended; start it again after a pause that grows, if nobody has wanted that."""
        place.process = None
        if self._asked:
            return
        lived = time.monotonic() - place.began
        place.deaths = 1 if lived > WELL_SECONDS else place.deaths + 1
        pause = min(LONGEST_PAUSE_SECONDS, 2.0 ** (place.deaths - 1))
        place.due = time.monotonic() + pause
        said = f"worker {place.name} {how_it_ended(code)}: another one is started in {pause:g} s"
        print(f"flodesk worker: {said}", file=sys.stderr, flush=True)
        with contextlib.suppress(RedisError, PlaceError), connect(self._member.url) as connection:
            say_gone(connection, place.name)  # so that others need not wait for that
            secret = Guard(self._member.key_file).secret()
            sweep(connection, self._member.queues, now=True, key=secret, died=place.name)

    def _idle(self) -> bool:
        """Return whether all listen, none has a job, and none waits for one."""
        if self._listening < len(self._places) or any(place.process is None for place in self._places):
            return False
        with contextlib.suppress(RedisError, PlaceError), connect(self._member.url) as connection:
            state = look(connection, 1)
            names = {place.name for place in self._places}
            states = [worker.state for worker in state.workers if worker.name in names]
            waiting = sum(queue.depth for queue in state.queues if queue.name in self._member.queues)
            return states == ["idle"] * len(names) and not waiting
        return False

    def _hear(self, number: int, frame: FrameType | None) -> None:
        """Take a signal: the first one asks all to end, the second ends them at once."""
        if number in (signal.SIGINT, signal.SIGTERM):
            self._ask()

    def _ask(self) -> None:
        self._asked += 1
        if self._asked > 1:
            self._killed_at = time.monotonic() + KILL_SECONDS
        for place in self._places:
            if place.process is not None:
                place.process.ask()
