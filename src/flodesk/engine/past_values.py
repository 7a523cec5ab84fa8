"""The last values of what the panel shows, by reference: nothing is copied in the loop, all rings have one budget."""

from __future__ import annotations

from bisect import bisect_right
from collections import deque
from contextlib import suppress
from time import perf_counter_ns
from typing import Any

from flodesk.engine.by_reference import LIGHT, NotByReferenceError, with_arrays
from flodesk.engine.reused import Place, Reused, place_of
from flodesk.engine.ring import Entry, Left, Moment, Ring, Room, snapshot
from flodesk.indicators.history import Kept

MOST_TURNS = 20_000
"""Values of one port that are held, however small they are: each is an object that the collector looks at."""
ARRAY = 600
"""What an array takes besides its samples, in bytes: its head, the records that it is in, and the notes on it here.
Measured on arrays, signals and lines of 100 and 1,000 samples (450, 570 and 890); holes of the heap come on top."""
_PLAIN = frozenset((int, float, bool, complex, type(None)))

Raw = tuple[int, int, int, Any, int, tuple[int, ...]]
"""Number, turn, time in ns, value, the bytes that it takes alone, and the memory that it shares with others."""


class Budget:
    """What the rings of a flow may hold together.

    Attributes
    ----------
    most : int
        In bytes.
    horizon : int
        The time in ns up to which values go: each ring lets its own go, in the thread that fills it.
    """

    def __init__(self, most: int) -> None:
        self.most = most
        self.horizon = 0
        self.rings: tuple[PastValues, ...] = ()

    @property
    def bytes(self) -> int:
        """What is held now."""
        return sum(ring.bytes for ring in self.rings)


class PastValues(Ring):
    """Holds on to values as they are; of arrays that are filled again and again, and of lists, to copies.

    The last value that there was at the horizon stays, for it was shown then.
    """

    def __init__(self, budget: Budget) -> None:
        super().__init__(Room(MOST_TURNS, budget.most))
        self.budget = budget
        self.reused = Reused()
        self._raw: deque[Raw] = deque()
        self._since = 0
        """Bytes that came since it was last looked whether all of it is too much."""
        self._memory: dict[int, list[int]] = {}
        """By the id of an array that owns memory: how many values look at it, and what it takes."""
        self._piece = 0
        self._keys: list[int] = []
        """Of the value that is taken: the memory that it may share with others; `_alone` is what it takes besides."""
        self._alone = 0

    # -------------------------------------------------------------- in the thread of the loop
    def take(self, value: Any, turn: int) -> None:
        """Hold on to a value, and let the oldest go where all rings hold too much."""
        kept, size = value, LIGHT
        self._keys = []
        if value.__class__ not in _PLAIN:
            kept, size = self._held(value)
        keys = tuple(self._keys)
        self.taken += 1
        self.bytes += size
        raw = self._raw
        raw.append((self.taken, turn, perf_counter_ns(), kept, size, keys))
        self._since += size
        with suppress(IndexError):  # two loops may call the same subflow
            if self._since * 64 * max(len(self.budget.rings), 1) > self.budget.most:
                self._since = 0
                if self.budget.bytes > self.budget.most and len(raw) > 1:
                    ahead = raw[min(len(raw) // 8 + 1, len(raw) - 1)][2]
                    self.budget.horizon = max(self.budget.horizon, ahead)
            while len(raw) > 1 and (raw[1][2] <= self.budget.horizon or len(raw) > MOST_TURNS):
                self._drop()

    def _held(self, value: Any) -> tuple[Any, int]:
        """Return what is held of a value, and what that takes alone; the memory that it shares is counted by itself."""
        self._alone = LIGHT
        try:
            held = with_arrays(value, self._hold)
            if self.reused.met is not None:
                self._part()
                held = with_arrays(value, self._hold)
        except NotByReferenceError:
            held, size = snapshot(value, self.budget.most)
            return held, size + LIGHT
        except Exception as error:  # noqa: BLE001 - a foreign class may raise in anything that it is asked
            return Left(type(value).__name__, f"it cannot be held: {error}"[:200]), LIGHT
        return held, self._alone

    def _hold(self, array: Any) -> Any:
        if array.__class__ is Kept:
            return self._count(array)
        return self._count(self.reused.kept(array, first=self.taken == self.before))

    def _count(self, array: Any) -> Any:
        """Count the memory of an array, once for all values that share it."""
        if array.__class__ is Kept:
            self._piece, grown = array.grown(self._piece)
            self._alone += grown
            return array
        owner = array if array.base is None else _owner(array)
        key = id(owner)
        known = self._memory.get(key)
        if known is None:
            size = owner.nbytes + ARRAY
            self._memory[key] = [1, size]
            self.bytes += size
            self._since += size
        else:
            known[0] += 1
        self._keys.append(key)
        return array

    def _part(self) -> None:
        """Hold copies in place of all arrays that are held as they are; of what was written over, words alone."""
        gone = self.reused.part()
        copies: dict[Place, Any] = {}

        def each(array: Any) -> Any:
            if isinstance(array, Kept) or (array.base is None and not array.flags.writeable):
                return array
            place = place_of(array)
            if place == gone:
                raise _GoneError
            if place not in copies:
                copies[place] = array.copy()
            return copies[place]

        raws = list(self._raw)
        self._raw.clear()
        self._memory.clear()
        self.bytes = 0
        for number, turn, at, value, _, keys in raws:
            held, self._keys, self._alone = value, [], LIGHT
            if keys:
                try:
                    held = with_arrays(with_arrays(value, each), self._count)
                except _GoneError:
                    held = Left(type(value).__name__, "its node has written over it since")
            self.bytes += self._alone
            self._raw.append((number, turn, at, held, self._alone, tuple(self._keys)))
        self._keys, self._alone = [], LIGHT

    def _drop(self) -> None:
        """Let the oldest go."""
        _, _, _, value, size, keys = self._raw.popleft()
        self.bytes -= size
        for key in keys:
            known = self._memory[key]
            known[0] -= 1
            if not known[0]:
                self.bytes -= known[1]
                del self._memory[key]
                self.reused.let_go((key, 0))
        if keys and self.reused.views:
            with_arrays(value, self._let_go)

    def _let_go(self, array: Any) -> Any:
        if array.__class__ is not Kept:
            self.reused.let_go(place_of(array), array)
        return array

    def clear(self) -> None:
        """Forget all: another run begins."""
        self._raw.clear()
        self._memory.clear()
        always = self.reused.always
        self.reused = Reused()
        self.reused.always = always
        self.bytes, self.before, self._since, self._piece = 0, self.taken, 0, 0

    # -------------------------------------------------------------- in any thread
    def raws(self) -> list[Raw]:
        """Return what it holds now, the oldest first."""
        while True:
            try:
                return list(self._raw)
            except RuntimeError:  # a value came in the middle of the copy
                continue

    def entries(self) -> list[Entry]:
        """Return what it holds now, the oldest first."""
        return [Entry(*raw[:5]) for raw in self.raws()]

    def ends(self) -> tuple[Entry, Entry] | None:
        """Return the oldest and the newest."""
        raws = self.raws()
        return (Entry(*raws[0][:5]), Entry(*raws[-1][:5])) if raws else None

    def at(self, moment: Moment | None) -> Entry | None:
        """Return the newest value that there was at a moment; without one the newest of all."""
        raws = self.raws()
        if moment is None:
            place = len(raws)
        elif self.loop and self.loop == moment.loop:
            place = bisect_right(raws, moment.turn, key=lambda raw: raw[1])
        else:
            place = bisect_right(raws, moment.at, key=lambda raw: raw[2])
        return Entry(*raws[place - 1][:5]) if place else None

    def made_by(self, when: int) -> Entry | None:
        """Return the value of the step that ended at a time in ns; None where that is not held."""
        return self.at(Moment("", 0, when))


class _GoneError(Exception):
    """What was held has been written over."""


def _owner(array: Any) -> Any:
    """Return the array that owns the memory of another one; that itself where something else does."""
    owner = array
    while owner.base is not None and hasattr(owner.base, "nbytes") and hasattr(owner.base, "base"):
        owner = owner.base
    return owner


__all__ = ["MOST_TURNS", "Budget", "PastValues"]
