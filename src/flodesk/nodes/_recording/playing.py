"""Playing a recording: its turns at their own pace, at another, or as fast as the loop goes."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from contextvars import ContextVar
from pathlib import Path
from typing import Any, NamedTuple

from flodesk.nodes._disk import missing
from flodesk.nodes._recording.parts import with_parts
from flodesk.nodes._recording.read_arrow import ArrowRecording
from flodesk.nodes._recording.read_csv import CsvRecording
from flodesk.nodes._recording.read_hdf5 import Hdf5Recording
from flodesk.nodes._recording.read_parquet import ParquetRecording
from flodesk.nodes._recording.read_sqlite import SqliteRecording
from flodesk.nodes._recording.read_tdms import TdmsRecording
from flodesk.nodes._recording.reading import Place, Recording, Row
from flodesk.public import Progress, context

READERS: Mapping[str, Callable[[Path], Recording]] = {
    ".arrows": ArrowRecording,
    ".arrow": ArrowRecording,
    ".csv": CsvRecording,
    ".tdms": TdmsRecording,
    ".h5": Hdf5Recording,
    ".hdf5": Hdf5Recording,
    ".sqlite": SqliteRecording,
    ".db": SqliteRecording,
    ".parquet": ParquetRecording,
}
"""What opens a recording, by the ending of its name."""
_MAKE_UP = 1.0
"""Lateness in s that is made up for; what is more (the computer slept) is given up."""
_TOLD = 0.1
"""Time in s between two reports of how far it is."""
_LONG = 3600.0
PLACE = "place"
"""The column that says how far the player is, where the recording has none of that name."""


class _Left(NamedTuple):
    """Where a player was when it ended, and what it played."""

    path: Path
    start: float
    place: Place | None
    last: tuple[float, float] | None


_left: ContextVar[_Left | None] = ContextVar("flodesk_left", default=None)


def opened(path: Path) -> Recording:
    """Open a recording.

    Raises
    ------
    FileNotFoundError
        There is no such file; the text says whether it is the folder that is missing.
    ValueError
        It is none that can be played.
    """
    if not path.is_file():
        raise missing(path)
    reader = READERS.get(path.suffix.lower())
    if reader is None:
        raise ValueError(f"{path.name} is no recording that can be played: choose a file of {', '.join(READERS)}")
    return reader(path)


def play(
    path: Path, columns: Sequence[str] | None, speed: float, start: float, repeat: bool, playing: bool
) -> Iterator[Any]:
    """Give the turns of a recording; see `flodesk.nodes.record.play`."""
    if not speed >= 0.0:
        raise ValueError(f"the speed is {speed:g}: it must be 0 (as fast as the loop goes) or above")
    recording = with_parts(path, opened, context().log)
    try:
        yield from _Player(recording, path, _chosen(recording, path, columns), speed, start).play(repeat, playing)
    finally:
        recording.close()


def _chosen(recording: Recording, path: Path, columns: Sequence[str] | None) -> Sequence[str]:
    known = dict.fromkeys((*recording.values, *recording.others))
    unknown = [name for name in columns or () if name not in known and name != PLACE]
    if unknown and known:
        there = ", ".join({**known, PLACE: None})
        raise LookupError(f"{path.name} has no column {', '.join(map(repr, unknown))}: it has {there}")
    return tuple(columns or recording.values)


class _Player:
    """One pass over a recording, or many.

    Attributes
    ----------
    place : tuple of int
        Where the turn stands that comes next; None for the start.
    last : tuple of float
        The time of the turn before it, in the recording and by the clock, in s.
    """

    def __init__(self, recording: Recording, path: Path, columns: Sequence[str], speed: float, start: float) -> None:
        self._recording = recording
        self._path = path
        own = PLACE not in (*recording.values, *recording.others)
        self._columns = tuple(name for name in columns if not (own and name == PLACE))
        self._places = tuple(number for number, name in enumerate(columns) if own and name == PLACE)
        """Where among the columns how far it is stands."""
        self._speed = speed
        self._start = start
        self._run = context()
        self._said = ""
        self._told = 0.0
        self.place: Place | None = None
        self.last: tuple[float, float] | None = None
        left = _left.get() if self._run.renewed() else None
        if left is not None and (left.path, left.start) == (path, start):
            self.place, self.last = left.place, left.last

    def play(self, repeat: bool, playing: bool) -> Iterator[Any]:
        """Give what was recorded: of one column its value, of several a tuple."""
        recording, run = self._recording, self._run
        try:
            while not playing:
                run.sleep(_LONG)
            self._say_ending()
            if not recording.values:
                run.log(f"{self._path.name} is empty: nothing was recorded", "warning")
                return
            if not recording.timed and self._speed:
                run.log(f"There are no times in {self._path.name}: it is played as fast as the loop goes")
            more = True
            while more:
                more = (yield from self._once()) and repeat
                self._say_ending()
        finally:
            _left.set(_Left(self._path, self._start, self.place, self.last))

    def _once(self) -> Generator[Any, None, bool]:
        """Give the turns from where it stands to the end; it stands at the start then. Returns whether any came."""
        recording = self._recording
        any_came = self.place is not None
        if self.place is None:
            self.place, self.last = recording.find(self._start), None
        for row in recording.rows(self._columns or recording.values[:1], self.place):
            any_came = True
            self._wait(row.at)
            self._tell(row.at)
            self.place = row.after
            yield self._given(row)
        if not any_came and self._start > 0:
            raise ValueError(
                f"there is nothing from {self._start:g} s on: {self._path.name} is {recording.length:g} s long"
            )
        self.place = None
        return any_came

    def _given(self, row: Row) -> Any:
        """Return what a turn gives: of one column its value, of several a tuple."""
        values = list(row.values) if self._columns else []
        for number in self._places:
            values.insert(number, self._how_far(row.at))
        return values[0] if len(values) == 1 else tuple(values)

    def _how_far(self, at: float) -> Progress:
        """Return how far it is, to be looked at; of a recording without times nobody knows."""
        length = self._recording.length
        known = length > 0
        return Progress("", at if known else math.nan, "s", 0.0, length if known else 1.0)

    def _wait(self, at: float) -> None:
        """Wait until a turn is due, by the time of the one before it."""
        now = time.monotonic()
        if self.last is None or not self._speed:
            self.last = at, now
            return
        before, then = self.last
        due = then + max(0.0, at - before) / self._speed
        if due > now:
            self._run.sleep(due - now)
        self.last = at, due if due > now - _MAKE_UP else now

    def _tell(self, at: float) -> None:
        """Say how far it is, as often as an eye can follow."""
        now = time.monotonic()
        if self._recording.length > 0 and now - self._told >= _TOLD:
            self._told = now
            self._run.progress(at / self._recording.length)

    def _say_ending(self) -> None:
        """Say once what is wrong with the end of the file."""
        ending = self._recording.ending
        if ending and ending != self._said:
            self._said = ending
            self._run.log(f"{self._path.name} is played up to where it is whole: {ending}", "warning")
