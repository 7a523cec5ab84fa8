"""The editor's line to its session on a worker: signed commands go there, frames come back, the job is looked after."""

from __future__ import annotations

import contextlib
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from redis import Redis
from redis.exceptions import RedisError

from flodesk.engine.places.server.key import Key
from flodesk.engine.places.server.signing import Writing
from flodesk.engine.places.server.stream import connect
from flodesk.engine.places.server.wire import Wire
from flodesk.engine.places.session.account import ask
from flodesk.engine.places.session.following import Following, Take
from flodesk.engine.places.session.job_queue import JobQueue
from flodesk.engine.places.session.run_again import see_to, why_not_again
from flodesk.engine.places.session.run_on import Account, RunOn
from flodesk.engine.places.session.runs_there import WAITS_SECONDS, write_entry

KEPT_COMMANDS = 200


class Line:
    """Leads to one session at a time.

    Parameters
    ----------
    url : str
        Address of the server.
    queue : str
        Name of the queue.
    take, quiet, lost, back, refused, said, puzzled, deaf : callable
        As in `Following`.

    Attributes
    ----------
    connection : Redis
        For whatever is asked of the server beside; what is read of streams has another one.
    queue : JobQueue
        Where sessions wait for a worker.
    session : Following or None
        What is followed; None where there is no session, or it is over.
    lock : RLock
        Held while a run begins or a session ends: no command gets lost in between.
    writing : Writing
        Signs what is sent.

    Raises
    ------
    PlaceError
        The server does not answer.
    """

    def __init__(
        self,
        url: str,
        queue: str,
        key: Key,
        wire: Wire,
        *,
        take: Take,
        quiet: Callable[[bool], None],
        lost: Callable[[RedisError, float], bool],
        back: Callable[[], None],
        refused: Callable[[str], None],
        said: Callable[[str], None],
        puzzled: Callable[[str], None],
        deaf: Callable[[str], None],
    ) -> None:
        self.connection: Redis = connect(url)
        self._reading: Redis = connect(url)
        self.queue = JobQueue(self.connection, queue, key.secret, wire)
        self.session: Following | None = None
        self._last: Following | None = None
        """The one that was followed before."""
        self.lock = threading.RLock()
        self._key = key
        self._take, self._quiet, self._lost, self._back = take, quiet, lost, back
        self._refused, self._said = refused, said
        self._puzzled, self._deaf = puzzled, deaf
        self.writing = Writing(key.secret, "")
        self._sent: deque[dict[Any, Any]] = deque(maxlen=KEPT_COMMANDS)
        """The last commands that the session was sent."""

    @property
    def open(self) -> bool:
        """Whether there is a session that takes commands."""
        return self.session is not None and self.session.open

    def enqueue(self, session: str, commands: Sequence[Any], run: RunOn) -> None:
        """Put a session on the queue that begins with these commands, and in the list of runs."""
        writing = self.address(session)
        by = {"who": writing.sender, "host": run.host, "here": True}
        self.queue.put(session, commands, f"flow {run.path or 'without a file'}", by)
        write_entry(self.connection, self._key.secret, run, WAITS_SECONDS)

    def address(self, session: str) -> Writing:
        """Sign what is sent for this session from now on."""
        self.writing = Writing(self._key.secret, session)
        self._sent.clear()
        return self.writing

    def ask(self, run: RunOn) -> Account:
        """Ask what has been told of a run that is on there, and address its session.

        Raises
        ------
        PlaceError, RedisError
            Nobody tells it, or the server does not answer.
        """
        return ask(self.connection, self._key.secret, run, self.address(run.session))

    def follow(self, session: str, after: tuple[str, int] = ("0", 0)) -> None:
        """Follow a session, from its first word on or from `after` another."""
        self.session = Following(
            self._reading,
            session,
            who=self.writing.sender,
            key=self._key.secret,
            take=self._take,
            quiet=self._quiet,
            lost=self._lost,
            back=self._back,
            again=self.ask_again,
            after=after,
            refused=self._refused,
            gone=lambda names: self.try_to_send({"c": "missing", "names": [*names]}),
            said=self._said,
            puzzled=self._puzzled,
            deaf=self._deaf,
        )
        self.session.begin()

    def see_to(self, session: str, why: str) -> str:
        """Do what is to be done about a session that has died; returns the one that has its run now, if one has.

        Raises
        ------
        RedisError
            The server does not answer.
        """
        return see_to(self.connection, self._key.secret, session, why)

    def why_not_again(self, session: str, why: str) -> str:
        """Say why the run of a session that has died is not run again by itself; empty if it is, or nothing tells.

        Raises
        ------
        RedisError
            The server does not answer.
        """
        return why_not_again(self.connection, self._key.secret, session, why)

    def send(self, *commands: Mapping[str, Any]) -> None:
        """Send commands to the session.

        Raises
        ------
        RedisError
            The server does not answer.
        """
        with self.lock:
            if self.session is None:
                return
            # one entry: the worker wakes up once
            command = commands[0] if len(commands) == 1 else {"c": "all", "commands": commands}
            fields = self.writing.entry(command)
            self._sent.append(fields)
            self.connection.xadd(self.session.keys.commands, fields, maxlen=10_000)

    def try_to_send(self, *commands: Mapping[str, Any]) -> None:
        """Send them unless the server is lost: that is told by the reader, once, and not at each turn of a knob."""
        with contextlib.suppress(RedisError):
            self.send(*commands)

    def try_room(self) -> None:
        """Write a word that is gone at once.

        Raises
        ------
        OutOfMemoryError
            The server has no room for it.
        """
        self.connection.set("flodesk:room", b"", px=1)

    def ask_again(self) -> None:
        """Ask for the frames after the last that came."""
        if self.session is not None:
            self.try_to_send({"c": "again", "after": self.session.number})

    def resend(self) -> bool:
        """Send what may have been lost with the server, and ask for it; returns whether there is a session."""
        with self.lock:
            if self.session is None:
                return False
            for fields in list(self._sent):
                self.connection.xadd(self.session.keys.commands, fields, maxlen=10_000)
        self.ask_again()
        return True

    def drop(self) -> None:
        """Follow the session no more: it is over."""
        with self.lock:
            session, self.session = self.session, None
            self._last = session or self._last
        if session is not None:
            session.leave()

    def let_go(self) -> None:
        """Follow the session no more, whose run has ended."""
        with self.lock:
            self.try_to_send({"c": "leave"})
            self.drop()

    def leave(self, keep: Mapping[str, Any], still: Callable[[], bool]) -> bool:
        """Follow the session no more, which goes on; `keep` watches what it is to keep when the run ends.

        Where the server takes long to answer it may not be wanted any more: then `still` returns False, and so does
        this, and the session is followed as before.

        Raises
        ------
        RedisError
            The server does not answer.
        """
        with self.lock:
            self.send({"c": "leave", "keep": keep})
            if self.session is not None:
                self.connection.expire(self.session.keys.commands, WAITS_SECONDS)  # it may still wait for a worker
            left = still()
            if left:
                self.drop()
            return left

    def end(self) -> None:
        """Let the session end.

        Raises
        ------
        RedisError
            The server does not answer.
        """
        with self.lock:
            if self.open:
                self.send({"c": "close"})

    def close(self, seconds: float) -> None:
        """End the thread and connections. Final.

        Parameters
        ----------
        seconds : float
            How long the threads may take to end by themselves. Then their connections are closed, which ends them.
        """
        left = [session for session in (self.session, self._last) if session is not None]
        deadline = time.monotonic() + seconds
        for session in left:  # without the lock: who holds it may wait for the server
            session.leave()
        for session in left:
            session.join(max(0.0, deadline - time.monotonic()))
        self.connection.close()
        self._reading.close()
