"""The last values of a port, with the turn and the time that each was made in: at most so many, in so many bytes."""

from __future__ import annotations

from bisect import bisect_right
from collections import deque
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import PurePath
from time import perf_counter_ns
from typing import Any, NamedTuple

from flodesk.engine.insight import size_of
from flodesk.engine.preview import known, preview
from flodesk.public import Indicator, Waveform

MOST_ITEMS = 10_000
"""A list, tuple or dict with more is kept as its preview alone: to copy it at each turn would be felt."""
_DEEPEST = 4
_SMALL = 32
"""What a number takes, in bytes."""
_PLAIN = (int, float, bool, complex, type(None))


@dataclass(frozen=True, slots=True)
class Room:
    """What a ring may hold: values, and bytes."""

    values: int = 1000
    bytes: int = 64_000_000

    @classmethod
    def from_json(cls, data: Any) -> Room:
        """Read it from plain JSON values."""
        values, size = data
        return cls(max(1, int(values)), max(1, int(size)))


class Entry(NamedTuple):
    """A value of the past: its number from 1 on, the turn of its loop (0: outside of loops), when, and itself."""

    number: int
    turn: int
    at: int
    value: Any
    size: int


@dataclass(frozen=True, slots=True)
class Left:
    """What is kept of a value that is not: what it was, in words."""

    words: str
    why: str


@dataclass(frozen=True, slots=True)
class Moment:
    """A point of the past: a turn of a loop (``function.loop``), and when that was, in ns of this process's clock."""

    loop: str
    turn: int
    at: int


class Ring:
    """Takes values in the thread of the loop that makes them; others read copies.

    Attributes
    ----------
    loop : str
        The outermost loop (``function.loop``) whose turns are counted; empty outside of loops.
    taken, before : int
        How many values there were in all, and how many of them before it was cleared last.
    """

    def __init__(self, room: Room) -> None:
        self.room = room
        self.loop = ""
        self.taken = self.before = 0
        self.bytes = 0
        self._entries: deque[Entry] = deque()

    def take(self, value: Any, turn: int) -> None:
        """Keep a value, and let the oldest go."""
        if type(value) in _PLAIN:
            kept, size = value, _SMALL
        else:
            kept, size = snapshot(value, self.room.bytes)
        self.taken += 1
        self.bytes += size
        entries = self._entries
        entries.append(Entry(self.taken, turn, perf_counter_ns(), kept, size))
        with suppress(IndexError):  # two loops may call the same subflow
            while len(entries) > self.room.values or (self.bytes > self.room.bytes and len(entries) > 1):
                self.bytes -= entries.popleft().size

    def resize(self, room: Room) -> None:
        """Hold more or fewer from the next value on."""
        self.room = room

    def clear(self) -> None:
        """Forget all."""
        self._entries.clear()
        self.bytes, self.before = 0, self.taken

    def entries(self) -> list[Entry]:
        """Return what it holds now, the oldest first."""
        while True:
            try:
                return list(self._entries)
            except RuntimeError:  # a value came in the middle of the copy
                continue

    def at(self, moment: Moment | None) -> Entry | None:
        """Return the newest value that there was at a moment; without one the newest of all."""
        return pick(self.entries(), self.loop, moment)


def pick(entries: list[Entry], loop: str, moment: Moment | None) -> Entry | None:
    """Return the last of these values, in the order in which they came, that there was at a moment."""
    if moment is None:
        return entries[-1] if entries else None
    if loop and loop == moment.loop:
        place = bisect_right(entries, moment.turn, key=lambda entry: entry.turn)
    else:
        place = bisect_right(entries, moment.at, key=lambda entry: entry.at)
    return entries[place - 1] if place else None


# ------------------------------------------------------------------ copies
def snapshot(value: Any, most: int) -> tuple[Any, int]:
    """Return a value as it is now, which later changes in place do not reach, and about how many bytes that takes."""
    try:
        size = size_of(value)
        if size > most:
            return Left(preview(value).detail, f"it takes more than the {most / 1e6:g} MB that are kept"), _SMALL
        kept = _copied(value, 0)
        return kept, max(_SMALL, size if size >= 0 else 64 * _SMALL)
    except _NotKeptError as error:
        return Left(preview(value).detail, str(error)), 4 * _SMALL
    except Exception as error:  # noqa: BLE001 - a foreign class may raise in anything that it is asked
        return Left(type(value).__name__, f"it cannot be copied: {error}"[:200]), 4 * _SMALL


class _NotKeptError(Exception):
    """Why no copy is made."""


def _copied(value: Any, depth: int) -> Any:
    if isinstance(value, (str, bytes, *_PLAIN, known("numpy", "generic"))):
        return value
    if isinstance(value, known("numpy", "ndarray")):
        if value.dtype.hasobject:
            raise _NotKeptError("an array of objects is not copied")
        return value.copy()
    if isinstance(value, Waveform):
        return Waveform(_copied(value.y, depth + 1), value.dt, value.t0, value.unit)
    if isinstance(value, (known("pandas", "DataFrame"), known("pandas", "Series"))):
        return value.copy()
    if isinstance(value, Indicator):
        return value.still()  # nodes make a new one each time, of arrays that nobody else has
    if isinstance(value, list | tuple | dict | set | frozenset):
        if len(value) > MOST_ITEMS or depth >= _DEEPEST:
            raise _NotKeptError("it has too many items to be copied at each turn")
        return _container(value, depth)
    if isinstance(value, PurePath):
        return value
    raise _NotKeptError(f"a {type(value).__name__} is an object that goes on changing")


def _container(value: Any, depth: int) -> Any:
    if isinstance(value, Mapping):
        return {key: _copied(item, depth + 1) for key, item in value.items()}
    items = [_copied(item, depth + 1) for item in value]
    if hasattr(value, "_fields"):
        return type(value)(*items)
    return tuple(items) if isinstance(value, tuple) else set(items) if isinstance(value, set | frozenset) else items


__all__ = ["Entry", "Left", "Moment", "Ring", "Room", "pick", "snapshot"]
