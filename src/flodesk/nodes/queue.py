"""What flows between functions that run side by side: a queue, or the latest value.

Both are made at the top of the file, put into in one function and read in another:

    jobs = queue.Queue(size=1000)

    def acquire():
        for volt in visa.poll(instrument="dmm"):
            jobs.put(volt)

    def report():
        for value in jobs:
            log = show.text(value)

In a run the engine knows who writes and who reads. Where threads of your own call such functions, nobody does: then
call `Queue.close` when the last writer has ended, so that the readers end.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from typing import Annotated, Any, Literal

from flodesk.public import Bounds, FarLine, Range, Shared, context, node

Full = Literal["block", "drop_oldest", "newest", "fail"]


class QueueFullError(RuntimeError):
    """A value was put into a full queue whose policy is to fail."""


class _Lane:
    """What waits for one reader, or for all that compete."""

    __slots__ = ("functions", "reading", "values")

    def __init__(self, functions: Iterable[str] = ()) -> None:
        self.values: deque[Any] = deque()
        self.functions = set(functions)
        """The functions of a run that read it; empty where nobody has said who will."""
        self.reading = 0
        """How many iterate over it now."""


@node(role="shared", tags=("buffer", "fifo", "stream", "between loops", "producer", "consumer"))
class Queue(Shared):
    """A line of values between loops that run side by side: what one loop puts in, each reading loop gets, in order.

    A function that reads it goes on until all that was put in is read and every function that writes to it has ended,
    however it ended. When every function that reads it has ended, what is put in is counted and dropped, so that a
    failed reader never blocks its writer. What was dropped is said in the log, and counted.

    It lies in memory, unless the flow's header lets it live on a Redis server: then its loops may run in different
    processes, and what a reader has not finished waits for the next one.

    Parameters
    ----------
    size : int
        Number of values that may wait for a reader.
    full : str
        What putting does when so many wait: ``block`` waits until there is room, ``drop_oldest`` drops the value that
        has waited longest, ``newest`` drops all that wait, ``fail`` raises.
    readers : str
        ``each``: every reading function gets every value; ``compete``: each value goes to one of them.

    Raises
    ------
    ValueError
        The size is below 1, or there is no such policy.

    Examples
    --------
    >>> jobs = queue.Queue(size=10)
    >>> jobs.put(1), jobs.put(2)
    (True, True)
    >>> jobs.close()
    >>> list(jobs)
    [1, 2]
    """

    def __init__(
        self,
        size: Annotated[int, Range(1)] = 1000,
        full: Full = "block",
        readers: Literal["each", "compete"] = "each",
    ) -> None:
        if size < 1:
            raise ValueError(f"a queue of size {size} holds nothing: its size must be 1 or more")
        if full not in ("block", "drop_oldest", "newest", "fail") or readers not in ("each", "compete"):
            raise ValueError(f"a queue knows no {full!r} for full and {readers!r} for readers")
        self.size = size
        self.full = full
        self.readers = readers
        self._lock = threading.RLock()  # the garbage collector may end a reader's generator anywhere
        self._filled = threading.Condition(self._lock)
        self._freed = threading.Condition(self._lock)
        self._at: dict[int, str] = {}
        self._when_full = {"block": self._has_room, "fail": self._refuse}.get(full)
        self.put_in = self.read = self.dropped = self.unread = 0
        self._told = self._left = self._closed = False
        self._far: FarLine | None = None
        self.begin("")
        self._in_run = False

    # -------------------------------------------------------------- for those who use it
    @node(pure=False)
    def put(self, value: Any) -> bool:
        """Put a value in for the readers, and return whether nothing had to be dropped for it.

        Parameters
        ----------
        value : Any
            What the readers get.

        Returns
        -------
        kept : bool
            True if nothing was dropped for it.

        Raises
        ------
        QueueFullError
            It is full, and its policy is ``fail``.
        ValueError
            It is closed.
        """
        if self._far is not None:
            return self._put_far(self._far, value)
        said = ""
        with self._lock:
            if self._closed:
                raise ValueError(f"{self._called} is closed: all that write to it have ended")
            if self._when_full is not None and self._is_full():
                self._when_full()
                if self._closed:
                    raise ValueError(f"{self._called} was closed while a value waited for room in it")
            before = self.dropped + self.unread
            self._store(value)
            gone = self.dropped + self.unread - before
            if gone and not self._told:
                self._told = True
                said = self._complaint()
            self._filled.notify_all()
        if said:
            context().log(said, "warning")
        return not gone

    def __iter__(self) -> Iterator[Any]:
        """Give each value once it is there; end when it is closed and empty.

        Yields
        ------
        value : Any
            What was put in.
        """
        with self._lock:
            if self._far is not None:
                return self._far.read(self._at.get(threading.get_ident(), ""))
            lane = self._claim()
        return self._values(lane)

    def close(self) -> None:
        """Let the readers end when they have read what waits. The engine does it when the last writer has ended."""
        with self._lock:
            self._closed = True
            self._filled.notify_all()
            self._freed.notify_all()

    def summary(self) -> tuple[str, int]:
        """Say how many values were put in, read and lost; and how many were lost."""
        if self._far is not None:
            return self._far.summary()
        with self._lock:
            never = self.unread + sum(len(lane.values) for lane in self._lanes)
            parts = [f"{self.put_in} put in", f"{self.read} read"]
            parts += [f"{self.dropped} dropped"] if self.dropped else []
            parts += [f"{never} never read"] if never else []
            return ", ".join(parts) if self.put_in else "", self.dropped + never

    # -------------------------------------------------------------- for the engine
    def move(self, opened: Callable[[Bounds], FarLine] | None) -> bool:
        """Keep its values in a line elsewhere, or in memory again."""
        self._far = opened(Bounds(self.size, self.full, self.readers)) if opened is not None else None
        return True

    def begin(self, name: str) -> None:
        """Empty it, for a new run."""
        with self._lock:
            self._name = name
            self._in_run = True
            self._closed = False
            self._told = False
            self._left = False
            self.put_in = self.read = self.dropped = self.unread = 0
            self._at.clear()
            self._lanes = [_Lane()]

    def expect(self, readers: Iterable[str]) -> None:
        """Say which functions read it: what is put in from now on is kept for them."""
        with self._lock:
            wanted = set(readers)
            known = {function for lane in self._lanes for function in lane.functions}
            for gone in known - wanted:
                self._forget(gone, while_reading=False)
            for new in sorted(wanted - known):
                free = next((lane for lane in self._lanes if self.readers == "compete" or not lane.functions), None)
                if free is None:
                    free = _Lane()
                    self._lanes.append(free)
                free.functions.add(new)

    def enter(self, function: str) -> None:
        """Say that the calling thread runs this function."""
        with self._lock:
            self._at[threading.get_ident()] = function

    def leave(self, function: str) -> None:
        """Say that a function has ended: nothing has to wait for it any more."""
        if self._far is not None:
            self._far.leave(function)
        with self._lock:
            self._at = {ident: name for ident, name in self._at.items() if name != function}
            self._forget(function, while_reading=True)
            self._freed.notify_all()

    # -------------------------------------------------------------- inside
    def _put_far(self, far: FarLine, value: Any) -> bool:
        gone = far.put(value)
        if gone < 0:
            raise QueueFullError(f"{self._called} is full")
        if gone and not self._told:
            self._told = True
            context().log(self._overflow(), "warning")
        return not gone

    # -------------------------------------------------------------- inside, with the lock held
    @property
    def _called(self) -> str:
        return f"the queue {self._name}" if self._name else "the queue"

    def _is_full(self) -> bool:
        return any(len(lane.values) >= self.size for lane in self._lanes)

    @property
    def _deserted(self) -> bool:
        """True if nobody will make room, as far as anybody can know."""
        return self._left or (self._in_run and not any(lane.functions or lane.reading for lane in self._lanes))

    def _has_room(self) -> None:
        self._until(self._freed, lambda: self._closed or self._deserted or not self._is_full())

    def _refuse(self) -> None:
        if not self._deserted:
            raise QueueFullError(
                f"{self._called} is full: {self.size} {'value waits' if self.size == 1 else 'values wait'} in it"
            )

    def _store(self, value: Any) -> None:
        self.put_in += 1
        if not self._lanes:
            self.unread += 1
        for lane in self._lanes:
            if len(lane.values) < self.size:
                lane.values.append(value)
            elif self._when_full is not None:  # all its readers have ended
                self.unread += 1
            else:
                gone = 1 if self.full == "drop_oldest" else len(lane.values)
                for _ in range(gone):
                    lane.values.popleft()
                self.dropped += gone
                lane.values.append(value)

    def _complaint(self) -> str:
        if self.dropped:
            return self._overflow()
        return f"Nobody reads {self._called} any more: what is put into it is counted and dropped"

    def _overflow(self) -> str:
        called = self._called[0].upper() + self._called[1:]
        room = "1 value" if self.size == 1 else f"{self.size} values"
        what = "the oldest value is dropped" if self.full == "drop_oldest" else "all that waited is dropped"
        return f"{called} is full ({room}): {what}, now and whenever that happens again"

    def _claim(self) -> _Lane:
        """Return the lane of the calling thread's function; else one that nobody has claimed, or a new one."""
        function = self._at.get(threading.get_ident())
        own = next((lane for lane in self._lanes if function is not None and function in lane.functions), None)
        lane = own or next(
            (lane for lane in self._lanes if not lane.functions and (self.readers == "compete" or not lane.reading)),
            None,
        )
        if lane is None:
            lane = self._lanes[0] if self.readers == "compete" and self._lanes else _Lane()
            if lane not in self._lanes:
                self._lanes.append(lane)
        lane.reading += 1
        self._left = False
        return lane

    def _values(self, lane: _Lane) -> Iterator[Any]:
        values, lock = lane.values, self._lock
        try:
            while True:
                with lock:
                    if not values:
                        self._until(self._filled, lambda: bool(values) or self._closed)
                    if not values:
                        return
                    if len(values) >= self.size:
                        self._freed.notify_all()
                    value = values.popleft()
                    self.read += 1
                yield value
        finally:
            with lock:
                self._release(lane)

    def _release(self, lane: _Lane) -> None:
        lane.reading -= 1
        if lane.reading or lane.functions or lane not in self._lanes:
            return
        if len(self._lanes) > 1:
            self._drop(lane)
        else:
            self._left = True  # its values wait for whoever may read on, but nobody waits for room any more
        self._freed.notify_all()

    def _forget(self, function: str, *, while_reading: bool) -> None:
        for lane in [lane for lane in self._lanes if function in lane.functions]:
            lane.functions.discard(function)
            if not lane.functions and (while_reading or not lane.reading):
                self._drop(lane)

    def _drop(self, lane: _Lane) -> None:
        self._lanes.remove(lane)
        self.unread += len(lane.values)

    def _until(self, changed: threading.Condition, over: Callable[[], bool]) -> None:
        """Wait; a run that is stopped ends it at once, and one that is paused holds it here."""
        here = context()

        def wake() -> None:
            with self._lock:
                changed.notify_all()

        with here.waits(wake, self._lock):
            while True:
                here.check()  # first: the lock is given up in it while the run is paused
                if over():
                    return
                changed.wait()


@node(role="shared", tags=("sample and hold", "newest", "between loops", "current value"))
class Latest(Shared):
    """The latest value of a loop, for loops that run side by side with it (sample and hold).

    Getting it neither waits nor takes it away: a value may be got many times, or never.

    Parameters
    ----------
    start : Any
        What is got before the first value is put in.

    Examples
    --------
    >>> level = queue.Latest(start=0.0)
    >>> level.put(2.5)
    >>> level.get(), level.get()
    (2.5, 2.5)
    """

    def __init__(self, start: Any = None) -> None:
        self._start = start
        self._value = start

    @node(pure=False)
    def put(self, value: Any) -> None:
        """Make a value the latest one.

        Parameters
        ----------
        value : Any
            What is got from now on.
        """
        self._value = value

    @node(pure=False)
    def get(self) -> Any:
        """Return the latest value.

        Returns
        -------
        value : Any
            What was put in last, or the start value.
        """
        return self._value

    def begin(self, name: str) -> None:
        """Go back to the start value, for a new run."""
        self._value = self._start


__all__ = ["Latest", "Queue"]
