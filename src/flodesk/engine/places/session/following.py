"""The editor's end of a session on a worker: reads its streams in a thread, each frame once and in order."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable, Sequence
from typing import Any

from redis import Redis
from redis.exceptions import RedisError

from flodesk.engine.places.server.going_on import GoingOn, in_words
from flodesk.engine.places.server.signing import RefusedError, RepeatedError
from flodesk.engine.places.server.stream import Keys, pause
from flodesk.engine.places.session.answers import Hearing
from flodesk.engine.places.session.here import SayingHere
from flodesk.engine.places.session.large_values import LAST_SECONDS, Fetching

BLOCK_MS = 500
AGAIN_SECONDS = 0.25
Take = Callable[[dict[str, Any], list[bytes]], None]


class Following:
    """Follows a session until it is closed.

    Parameters
    ----------
    session : str
        Names its streams.
    who : str
        Who follows it, as its commands say.
    take : callable
        Takes (head, buffers) of each frame, on the thread that reads.
    quiet : callable
        Called on it whenever nothing has come for a while, and after each frame that came.
    key : bytes
        Signs what the session says: nothing else is taken.
    refused : callable
        Called on it with the reason where something came that the session has not said; once.
    gone : callable
        Takes the names of large values that were lost on their way.
    said : callable
        Takes a sentence about large values that take long.
    puzzled : callable
        Takes what was wrong with something that came, or with whoever took it. It was left, and the next is read.
    deaf : callable
        Called on it with the reason where nothing is read any more for all that.
    lost : callable
        Called on it, again and again, with the error where the server does not answer and since how many s; returns
        whether to go on. Nothing is read any more if not.
    back : callable
        Called on it when the server answers again.
    again : callable
        Called on it where frames are missing: asks for those after `number`.
    after : tuple of (str, int)
        Entry of the stream, and number of the frame, after which something is new.

    Attributes
    ----------
    number : int
        Of the last frame that came.
    heard : float
        When something came last, by `time.monotonic`.
    """

    def __init__(
        self,
        connection: Redis,
        session: str,
        *,
        who: str,
        key: bytes,
        take: Take,
        quiet: Callable[[bool], None],
        lost: Callable[[RedisError, float], bool],
        back: Callable[[], None] = lambda: None,
        again: Callable[[], None] = lambda: None,
        after: tuple[str, int] = ("0", 0),
        refused: Callable[[str], None] = lambda why: None,
        gone: Callable[[Sequence[str]], None] = lambda names: None,
        said: Callable[[str], None] = lambda words: None,
        puzzled: Callable[[str], None] = lambda what: None,
        deaf: Callable[[str], None] = lambda why: None,
    ) -> None:
        self.keys = Keys(session)
        self.session = session
        self.open = True
        self._here = SayingHere(session, who)
        self._connection = connection
        self._take_frame = take
        self._taking = threading.RLock()
        self._going_on = GoingOn(puzzled)
        self._deaf = deaf
        self._fetching = Fetching(connection, session, self._take, gone, said, self._going_on.past)
        self._quiet = quiet
        self._lost = lost
        self._back = back
        self._again = again
        entry, self.number = after
        self._hearing = Hearing(key, session)
        self._refused: Callable[[str], None] | None = refused
        self.heard = time.monotonic()
        self._away = 0.0
        self._tries = 0
        self._asked = 0.0
        self._skipped = 0
        """Up to this number only some come: the others are lost."""
        self._left = threading.Event()
        self._last: dict[Any, Any] = {self.keys.events: entry, self.keys.values: "0"}
        self._thread = threading.Thread(target=self._follow, name="flodesk rq reader", daemon=True)

    def begin(self) -> None:
        """Start to read."""
        self._thread.start()

    def leave(self) -> None:
        """Read no more: the session is over, or nobody needs it. What still comes of it is not another one's."""
        self.open = False
        self._left.set()
        self._fetching.end()

    def join(self, seconds: float) -> None:
        """Wait for the end of the threads, unless it is this one, or has not begun."""
        self._fetching.join(seconds)
        if self._thread.ident is not None and self._thread is not threading.current_thread():
            self._thread.join(seconds)

    def _follow(self) -> None:
        try:
            self._read()
        except Exception as error:  # noqa: BLE001 - whatever it is
            if self.open:  # else a connection was closed under it, which nobody needs any more
                self.open = False
                self._deaf(in_words(error))

    def _read(self) -> None:
        while self.open:
            try:
                self._here.say(self._connection)
                found: Any = self._connection.xread(self._last, block=BLOCK_MS, count=200)
                if self._away:
                    self._away, self._tries = 0.0, 0
                    self._back()
                # values before events: the last values of a run stand there before its end is told
                for key, entries in sorted(found or (), reverse=True):
                    self._last[key.decode()] = entries[-1][0]
                    for entry, fields in entries:
                        with self._going_on.past():
                            self._hand_over(key, entry, fields)
                if self.open:
                    with self._going_on.past():
                        self._quiet(not found)
            except RedisError as error:
                if self._left.is_set():
                    return  # its connection was closed, so that it does not wait for the server
                now = time.monotonic()
                self._away = self._away or now
                self.heard = now  # what a worker has not said while nobody could hear it says nothing
                if not self._lost(error, now - self._away):
                    self.open = False
                self._left.wait(pause(self._tries))
                self._tries += 1

    def _hand_over(self, key: bytes, entry: bytes, fields: dict[bytes, bytes]) -> None:
        found = None if self._left.is_set() else self._heard(fields)
        if found is None:
            return
        head, buffers = found
        number = int(head.pop("k", 0))
        if head["f"] == "skipped":
            if number > self.number and number > self._skipped:
                self._skipped = number
                self._take(head, buffers)
            return
        if number and number != self.number + 1 and not self.number < number <= self._skipped + 1:
            if number > self.number:  # some were lost with the server's memory, or have gone from the stream
                self._missing()
            return
        self.number = number or self.number
        if head.get("event") == "RunFinished":
            with contextlib.suppress(RedisError), self._going_on.past():  # the end is told all the same
                self._catch_up()
                self._fetching.wait(LAST_SECONDS)
        self.open = self.open and head["f"] != "closed"  # whoever is told that knows by it whether it was this one
        self._take_or_fetch(head, buffers)
        if head["f"] == "letter":
            self._connection.xdel(key, entry)  # it is written, or stays where it is

    def _missing(self) -> None:
        """Ask for what is missing, not more often than it can come."""
        now = time.monotonic()
        if now - self._asked > AGAIN_SECONDS:
            self._asked = now
            self._again()

    def _catch_up(self) -> None:
        """Read the last values of a run."""
        key = self.keys.values
        found: Any = self._connection.xread({key: self._last[key]})
        for _, entries in found or ():
            self._last[key] = entries[-1][0]
            for _, fields in entries:
                if (values := self._heard(fields)) is not None:
                    self._take_or_fetch(*values)

    def _take_or_fetch(self, head: dict[str, Any], buffers: list[bytes]) -> None:
        if "large" in head:
            self._fetching.put(head, buffers)
        else:
            self._take(head, buffers)

    def _take(self, head: dict[str, Any], buffers: list[bytes]) -> None:
        with self._taking, self._going_on.past():  # large values come by a thread of their own
            if not self._left.is_set():
                self._take_frame(head, buffers)

    def _heard(self, fields: dict[bytes, bytes]) -> tuple[dict[str, Any], list[bytes]] | None:
        """Return (head, buffers) of an entry; None if the session has not said that, or has said it before."""
        try:
            frame = self._hearing.frame(fields)
            self.heard = time.monotonic()
            return frame
        except RepeatedError:
            return None
        except RefusedError as error:
            refused, self._refused = self._refused, None
            if refused is not None:
                refused(str(error))
            return None
