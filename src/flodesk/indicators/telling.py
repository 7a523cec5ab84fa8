"""What is told over time: lines of a log, and the states that something was in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Self

from flodesk.indicators.base import Indicator
from flodesk.markers import Array

LEVELS = ("debug", "info", "warning", "error")
"""The levels of a log, the least first."""
MOST_WORDS = 200


@dataclass(frozen=True, slots=True)
class Lines(Indicator):
    """The last lines of a log.

    Where it is made it only points at the lines of the log (`told`, up to `count`), which may get more meanwhile;
    `still` makes arrays of them.

    Attributes
    ----------
    log : int
        Which log it is: another number is another one.
    count : int
        How many lines there were in all.
    first : int
        How many lines there were before the first one here.
    times : Array
        When each was told, in s since 1970, shape (n,).
    levels : Array
        Place of each one's level in `LEVELS`, shape (n,).
    ends : Array
        Where each one's text ends in `letters`, shape (n,).
    letters : Array
        All texts one after the other, in UTF-8.
    """

    log: int = 0
    count: int = 0
    first: int = 0
    times: Array = None
    levels: Array = None
    ends: Array = None
    letters: Array = None
    told: Any = None

    def summary(self) -> str:
        """Give the newest line."""
        last = self.rows(1)
        return last[0][2] if last else "no line yet"

    def rows(self, most: int | None = None) -> list[tuple[float, int, str]]:
        """Return the last lines: time, level, and text of each."""
        if self.told is not None:
            stop = self.count - self.told.before
            lines: list[tuple[float, int, str]] = self.told.lines[max(stop - most, 0) if most is not None else 0 : stop]
            return lines
        if self.times is None or not len(self.times):
            return []
        start = max(len(self.times) - most, 0) if most is not None else 0
        ends = self.ends.tolist()
        begins = [0, *ends[:-1]]
        letters = bytes(self.letters)
        texts = (letters[a:b].decode(errors="replace") for a, b in zip(begins[start:], ends[start:], strict=True))
        return list(zip(self.times[start:].tolist(), self.levels[start:].tolist(), texts, strict=True))

    def part(self, start: int, count: int) -> Lines:
        """Return `count` lines from the one on before which there were `start`; of those that are gone, none."""
        if self.told is None:
            before, lines = self.first, self.rows()
        else:
            before, lines = self.told.before, self.told.lines
        begin = min(max(start, before), self.count)
        stop = max(begin, min(start + count, self.count))
        some = Told(begin, lines[begin - before : stop - before])
        return Lines(self.title, self.log, stop, told=some).still()

    def still(self, points: int | None = None) -> Self:
        """Return it with so many of its lines, the newest ones, as arrays."""
        import numpy

        if self.told is None:
            return self
        rows = self.rows(points)
        texts = [text.encode(errors="replace") for _, _, text in rows]
        return replace(
            self,
            first=self.count - len(rows),
            times=numpy.array([when for when, _, _ in rows], dtype=float),
            levels=numpy.array([level for _, level, _ in rows], dtype=numpy.uint8),
            ends=numpy.cumsum([len(text) for text in texts], dtype=numpy.int64),
            letters=numpy.frombuffer(b"".join(texts), dtype=numpy.uint8),
            told=None,
        )


class Told:
    """The lines of a log from one on: it only gets longer. `before` are the lines that went before them."""

    __slots__ = ("before", "lines")

    def __init__(self, before: int, lines: list[tuple[float, int, str]]) -> None:
        self.before, self.lines = before, lines


@dataclass(frozen=True, slots=True)
class Lane:
    """The states of one thing: `starts` in s, `codes` the place of each state in `words`, both of shape (n,)."""

    name: str = ""
    starts: Array = None
    codes: Array = None
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Timeline(Indicator):
    """Which state each of some things was in, from `now` - `span` to `now`, in s of one clock.

    Where it is made it only points at the changes (`told`: for each lane its name, and the changes up to a number).
    """

    now: float = 0.0
    span: float = 60.0
    lanes: tuple[Lane, ...] = ()
    told: Any = None

    def summary(self) -> str:
        """Give the states that there are now."""
        parts = []
        for lane in self.still().lanes:
            state = lane.words[int(lane.codes[-1])] if lane.codes is not None and len(lane.codes) else "no state"
            parts.append(f"{lane.name}: {state}" if lane.name else state)
        return ", ".join(parts) or "no state"

    def still(self, points: int | None = None) -> Self:
        """Return it with the newest changes of each lane, as arrays."""
        if self.told is None:
            return self
        lanes = tuple(self._lane(name, changes[:stop], points) for name, changes, stop in self.told)
        return replace(self, lanes=lanes, told=None)

    def _lane(self, name: str, changes: Sequence[tuple[float, str]], points: int | None) -> Lane:
        import numpy

        begin = self.now - self.span
        first = next((n for n in range(len(changes) - 1, 0, -1) if changes[n][0] <= begin), 0)
        changes = changes[first:] if points is None else changes[first:][-points:]
        places: dict[str, int] = {}
        for _, word in changes:
            if word not in places and len(places) < MOST_WORDS - 1:
                places[word] = len(places)
        rest = len(places)
        codes = [places.get(word, rest) for _, word in changes]
        words = (*places, "other") if rest in codes else tuple(places)
        return Lane(name, numpy.array([when for when, _ in changes]), numpy.array(codes, dtype=numpy.int32), words)
