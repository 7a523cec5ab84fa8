"""Large buffers of what a session shows go beside its streams: each once, in pieces, by threads of their own.

What runs, stops and fails is told meanwhile: over a slow network 64 MB take many seconds. A frame names such a buffer
by its hash, and goes when all pieces are on the server; whoever follows the session shows it when all have come. As the
frame is signed, nobody can put other pieces there. What the other end has is not sent again.
"""

from __future__ import annotations

import contextlib
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from queue import SimpleQueue
from typing import Any, NamedTuple

from redis import Redis
from redis.exceptions import OutOfMemoryError, RedisError

from flodesk.engine.places.server.pieces import PIECE, Kept, keys_of, name_of, whole
from flodesk.engine.places.session.newest_values import Frame, merged

LARGE = 1 << 18
"""Bytes from which on a buffer goes beside the stream."""
KEPT_SECONDS = 120
"""How long they lie there after they were last needed."""
AGAIN_SECONDS = 0.25
NO_ROOM = "the Redis server has no memory left for this value: free some there, or raise its maxmemory"
TELL_SECONDS = 1.0
"""A value that takes longer on its way is told of."""

LAST_SECONDS = 0.7
"""The end of a run waits so long for its last values, and is told without them then."""

Frames = SimpleQueue[Frame]


def is_large(buffers: Sequence[Any]) -> bool:
    """Return whether one of them goes beside the stream."""
    return any(memoryview(part).nbytes >= LARGE for part in buffers)


def _keys(session: str, name: str, size: int) -> list[str]:
    return keys_of(f"flodesk:{session}:large", name, size)


class Named(NamedTuple):
    """A buffer that lies beside the stream."""

    name: str
    size: int


class _Thread:
    """Does one frame after the other in a thread that begins with the first; of each value only the newest waits."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._thread: threading.Thread | None = None
        self._waiting: deque[Frame] = deque()
        self._news = threading.Condition()
        self._busy = self._over = False

    def put(self, head: dict[str, Any], buffers: list[Any]) -> None:
        """Have a frame done."""
        with self._news:
            frame = head, buffers
            if head["f"] == "values":
                for before in [waiting for waiting in self._waiting if waiting[0]["f"] == "values"]:
                    self._waiting.remove(before)
                    frame = merged(before, frame)
            self._waiting.append(frame)
            if self._thread is None and not self._over:
                self._thread = threading.Thread(target=self._work, name=self._name, daemon=True)
                self._thread.start()
            self._news.notify_all()

    @property
    def busy(self) -> bool:
        """Whether there is something to do."""
        return self._busy or bool(self._waiting)

    def wait(self, seconds: float) -> None:
        """Wait until all is done, for so long at most."""
        with self._news:
            self._news.wait_for(lambda: self._over or not self.busy, seconds)

    def end(self) -> None:
        """Do nothing more."""
        with self._news:
            self._over = True
            self._waiting.clear()
            self._news.notify_all()

    def join(self, seconds: float) -> None:
        """Wait for the end of the thread, unless it is this one."""
        if self._thread is not None and self._thread is not threading.current_thread():
            self._thread.join(seconds)

    def close(self) -> None:
        """Do nothing more, and wait for the end of the thread."""
        self.end()
        self.join(5.0)

    def _work(self) -> None:
        while True:
            with self._news:
                self._busy = False
                self._news.notify_all()
                self._news.wait_for(lambda: self._over or self._waiting)
                if self._over:
                    return
                frame, self._busy = self._waiting.popleft(), True
            self._do(*frame)

    def _do(self, head: dict[str, Any], buffers: list[Any]) -> None:
        raise NotImplementedError

    def _rest(self) -> bool:
        """Wait a little; returns whether to go on."""
        with self._news:
            return not self._news.wait_for(lambda: self._over, AGAIN_SECONDS)


class Bringing(_Thread):
    """The worker's end: brings the pieces to the server, then hands on the frame that names them.

    Parameters
    ----------
    session : str
        Whose they are.
    hand_on : callable
        Takes (head, buffers) of a frame whose large buffers are there.
    short : callable
        Takes (port, size in bytes) of a value for which the server has no room.

    Attributes
    ----------
    sent : int
        How many bytes went to the server.
    """

    def __init__(
        self,
        connection: Redis,
        session: str,
        hand_on: Callable[[dict[str, Any], list[Any]], None],
        short: Callable[[str, int], None] = lambda port, size: None,
    ) -> None:
        super().__init__("flodesk large values")
        self._short = short
        self._connection = connection
        self._session = session
        self._hand_on = hand_on
        self._kept = Kept()
        self._until: dict[str, float] = {}
        """How long each one lies there."""
        self._lying: dict[str, list[str]] = {}
        """The keys of each."""
        self._last: Frame | None = None
        self.sent = 0

    def take(self, head: dict[str, Any], buffers: Sequence[Any]) -> None:
        """Take a frame; what its buffers hold now is what is sent."""
        self.put(head, [bytes(part) for part in buffers])

    def bring_again(self, names: Sequence[str]) -> None:
        """Bring what was lost on the server, and with it the newest values once more."""
        for name in names:
            self._until.pop(name, None)
        if self._last is not None:
            self.put(*self._last)

    def _do(self, head: dict[str, Any], buffers: list[Any]) -> None:
        if head["f"] == "values":
            self._last = head, buffers
        names: dict[int, str] = {}
        without: set[int] = set()
        for at, part in enumerate(buffers):
            if len(part) >= LARGE:
                names[at] = name_of(part)
                brought = self._carry(names[at], part)
                if brought is None:
                    return
                if not brought:
                    without.add(at)
        if without and head["f"] == "answer":
            self._hand_on({"f": "answer", "q": head["q"], "error": NO_ROOM}, [])
            return
        head, kept = self._left(head, buffers, without)
        named = {str(new): (names[at], len(buffers[at])) for new, at in enumerate(kept) if at in names}
        self._hand_on({**head, "large": named}, [b"" if at in names else buffers[at] for at in kept])

    def _left(self, head: dict[str, Any], buffers: list[Any], without: set[int]) -> tuple[dict[str, Any], list[int]]:
        """Return a frame without the values that have these buffers, and the places of the buffers that stay."""
        if not without:
            return head, list(range(len(buffers)))
        items: list[Any] = []
        kept: list[int] = []
        at = 0
        for item in head["items"]:
            own = range(at, at + item["own"])
            at += item["own"]
            if without.isdisjoint(own):
                items.append(item)
                kept += own
            else:
                self._short(item["name"], sum(len(buffers[place]) for place in own))
                items.append({**{key: value for key, value in item.items() if key != "full"}, "own": 0})
        return {**head, "items": items}, kept

    def make_room(self) -> None:
        """Take all that lies on the server away: what of it is still needed is asked for again.

        Raises
        ------
        RedisError
            It does not answer.
        """
        lying, self._lying = self._lying, {}
        self._until.clear()
        for keys in lying.values():
            self._connection.unlink(*keys)

    def _carry(self, name: str, part: bytes) -> bool | None:
        """Bring a buffer, for which room is made once; False where there is none, None at the end of the session."""
        for _ in range(2):
            try:
                while not self._bring(name, part):
                    if not self._rest():
                        return None
                return True
            except OutOfMemoryError:
                with contextlib.suppress(RedisError):
                    self.make_room()
        return False

    def _bring(self, name: str, part: bytes) -> bool:
        """Bring one buffer to the server unless it is there; returns whether it is."""
        now = time.monotonic()
        keys = _keys(self._session, name, len(part))
        try:
            if self._until.get(name, 0.0) > now:
                if self._until[name] - now < KEPT_SECONDS / 2:
                    with self._connection.pipeline(transaction=False) as pipe:
                        for key in keys:
                            pipe.expire(key, KEPT_SECONDS)
                        pipe.execute()
                    self._until[name] = now + KEPT_SECONDS - 1.0
                self._kept.get(name)
                return True
            self._lying[name] = keys
            for number, key in enumerate(keys):
                self._connection.set(key, part[number * PIECE : (number + 1) * PIECE], ex=KEPT_SECONDS)
                self.sent += len(part[number * PIECE : (number + 1) * PIECE])
            self._until[name] = now + KEPT_SECONDS - 1.0
            if self._kept.get(name) is None:
                for old, size in self._kept.keep(name, part):
                    self._until.pop(old, None)
                    self._lying.pop(old, None)
                    self._connection.unlink(*_keys(self._session, old, size))
        except OutOfMemoryError:
            raise
        except RedisError:
            return False  # whoever speaks for the session waits for the server, and gives it up
        return True


class Fetching(_Thread):
    """The other end: gets the pieces that a frame names, then hands on the frame with its buffers.

    Parameters
    ----------
    hand_on : callable
        Takes (head, buffers) of a frame that is whole.
    lost : callable
        Takes the names of buffers that are not on the server any more.
    told : callable
        Takes a sentence about a value that takes long.
    past : callable
        Gives the context in which each frame is done: what raises there is left, and the next one done.

    Attributes
    ----------
    got : int
        How many bytes came from the server.
    """

    def __init__(
        self,
        connection: Redis,
        session: str,
        hand_on: Callable[[dict[str, Any], list[bytes]], None],
        lost: Callable[[Sequence[str]], None],
        told: Callable[[str], None],
        past: Callable[[], AbstractContextManager[None]] = nullcontext,
    ) -> None:
        super().__init__("flodesk large values here")
        self._connection = connection
        self._session = session
        self._hand_on = hand_on
        self._lost = lost
        self._told = told
        self._past = past
        self._kept = Kept()
        self._asked: set[str] = set()
        """Those that were lost, and asked for once more."""
        self.got = 0

    def put(self, head: dict[str, Any], buffers: Sequence[Any]) -> None:
        """Have the large buffers of a frame fetched."""
        named = head.pop("large")
        places = {int(at): Named(str(name), int(size)) for at, (name, size) in named.items()}
        super().put(head, [places.get(at, part) for at, part in enumerate(buffers)])

    def _do(self, head: dict[str, Any], buffers: list[Any]) -> None:
        with self._past():
            self._fetch(head, buffers)

    def _fetch(self, head: dict[str, Any], buffers: list[Any]) -> None:
        way = _Way(head, sum(part.size for part in buffers if isinstance(part, Named)), self._told)
        whole: list[bytes] = []
        lost: list[str] = []
        for part in buffers:
            found = self._whole(part, way) if isinstance(part, Named) else part
            if found is None:
                lost.append(part.name)
            else:
                whole.append(found)
        if not lost:
            self._asked.clear()
            self._hand_on(head, whole)
        elif head["f"] == "answer":
            self._hand_on({**head, "error": "the value was lost on its way: ask once more"}, [])
        elif self._asked.issuperset(lost):
            self._told(f"{way.names}: the value was lost on the Redis server, twice: has it room enough?")
        else:
            self._asked.update(lost)
            self._lost(lost)

    def _whole(self, part: Named, way: _Way) -> bytes | None:
        """Return a buffer; None if it is not there as a whole."""
        found = self._kept.get(part.name)
        if found is None:
            keys = _keys(self._session, part.name, part.size)
            found = whole(part.name, keys, lambda key: self._come(key, way))
            if found is not None:
                self._kept.keep(part.name, found)
        return found

    def _come(self, key: str, way: _Way) -> bytes | None:
        piece = self._piece(key)
        if piece is not None:
            self.got += len(piece)
            way.come(len(piece))
        return piece

    def _piece(self, key: str) -> bytes | None:
        """Return a piece, None where it is gone; a server that is away is waited for as long as the session is."""
        while True:
            try:
                found: Any = self._connection.get(key)
            except RedisError:
                if not self._rest():
                    return None
                continue
            return None if found is None else bytes(found)


class _Way:
    """How far a frame is; told of one that takes long."""

    def __init__(self, head: Mapping[str, Any], size: int, told: Callable[[str], None]) -> None:
        self.names = ", ".join(str(item["name"]) for item in head.get("items", ())) or "what was asked for"
        self._size, self._told = size, told
        self._come = 0
        self._begun = self._said = time.monotonic()

    def come(self, size: int) -> None:
        """Note that so many bytes more have come."""
        self._come += size
        now = time.monotonic()
        if now - self._said > TELL_SECONDS and self._come < self._size:
            self._said = now
            left = (now - self._begun) * (self._size - self._come) / self._come
            self._told(
                f"{self.names}: {self._come / 1e6:.0f} of {self._size / 1e6:.0f} MB have come, "
                f"the rest takes about {left:.0f} s"
            )
