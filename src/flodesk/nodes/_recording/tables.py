"""Reading recordings that are columns one beside the other, whatever keeps them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any

from flodesk.nodes._recording.reading import Place, Row
from flodesk.public import Waveform

_ROWS = 500
"""How many turns are read at once."""


class Columns:
    """A recording of which any part of any column can be had: what is left to say is how (`_part`).

    Parameters
    ----------
    about : mapping
        What the recorder has noted.
    names : sequence of str
        All columns, in order.
    count : int
        Number of turns.
    """

    ending = ""

    def __init__(self, about: Mapping[str, Any], names: Sequence[str], count: int) -> None:
        self.about = about
        own = about.get("own") or ()
        self.others = tuple(name for name in names if name in own)
        self.values = tuple(name for name in names if name not in own)
        self._units: Mapping[str, str] = about.get("units") or {}
        self._kinds: Mapping[str, str] = about.get("kinds") or {}
        self._count = count
        self._clock = next((name for name in ("clock", "time") if name in self.others), "")
        self.timed = bool(self._clock)
        self.begins = self._time(0)
        self.length = max(0.0, self._time(count - 1) - self.begins)

    def close(self) -> None:
        """Close the file."""

    def _part(self, name: str, start: int, stop: int) -> Sequence[Any]:
        """Return the values of some turns in a column: plain ones, or an array for each."""
        raise NotImplementedError

    def _time(self, turn: int) -> float:
        if not self._clock or not 0 <= turn < self._count:
            return 0.0
        try:
            return float(self._part(self._clock, turn, turn + 1)[0])
        except Exception as error:
            raise ValueError(f"the time of turn {turn + 1} cannot be read ({error}): the file is damaged") from error

    def find(self, seconds: float) -> Place:
        """Return where the first turn stands that is not earlier than so many seconds after the first of all."""
        low, high = 0, self._count
        while low < high:
            middle = (low + high) // 2
            if self._time(middle) - self.begins < seconds:
                low = middle + 1
            else:
                high = middle
        return low, 0

    def rows(self, columns: Sequence[str], place: Place) -> Iterator[Row]:
        """Give the turns from a place on; where the file is damaged it ends, and `ending` says so."""
        for start in range(place[0], self._count, _ROWS):
            stop = min(start + _ROWS, self._count)
            try:
                chosen = [self._given(name, start, stop) for name in columns]
                clock = self._part(self._clock, start, stop) if self._clock else ()
                if min(map(len, (*chosen, *((clock,) if self._clock else ())))) < stop - start:
                    raise ValueError("some are missing")
            except Exception as error:  # noqa: BLE001 - who reads a damaged file may raise anything
                self.ending = f"turns {start + 1} to {stop} cannot be read ({type(error).__name__}: {error})"
                return
            for row in range(stop - start):
                at = float(clock[row]) - self.begins if self._clock else 0.0
                yield Row((start + row + 1, 0), at, tuple(values[row] for values in chosen))

    def _given(self, name: str, start: int, stop: int) -> Sequence[Any]:
        """Return a column as it was recorded: a signal has its time, its distance and its unit."""
        values = self._part(name, start, stop)
        kind, _, dtype = self._kinds.get(name, "").partition(" ")
        if not kind:
            return values
        values = [array.astype(dtype, copy=False) for array in values]
        if kind == "array":
            return values
        own = (f"t0 of {name}", f"dt of {name}")
        t0, dt = (self._part(n, start, stop) for n in (own if own[0] in self.others else ("time", "dt")))
        unit = self._units.get(name, "")
        axes = zip(values, dt, t0, strict=True)
        return [Waveform(y, float(step), float(first), unit) if step > 0 else y for y, step, first in axes]


def cut(flat: Any, lengths: Any) -> list[Any]:
    """Return the samples of each turn."""
    import numpy

    ends = numpy.cumsum([0, *lengths])
    return [flat[first:last] for first, last in pairwise(ends)]
