"""Recorders: they keep every value, whatever the screen shows."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, Literal, NamedTuple

from flodesk.nodes._recording.arrow import OVERHEAD, Stream, column_type, kept_now, said
from flodesk.nodes._recording.playing import play as play_file
from flodesk.nodes._recording.ring import Turn
from flodesk.nodes._recording.rows import Rows
from flodesk.nodes._recording.writing import Existing, Writing
from flodesk.public import Range, Unit, Waveform, context, node

__all__ = ["Arrow", "Csv", "play"]


class Recorded(NamedTuple):
    """How a recording goes.

    Attributes
    ----------
    turns : int
        Number of turns in the file.
    dropped : int
        Number of turns that are not in it: the disk was too slow, full or gone.
    size : int
        Size of the file (bytes).
    problem : str
        Why nothing is recorded now; empty while all is well.
    """

    turns: int
    dropped: int
    size: int
    problem: str


@node(title="Arrow recorder", tags=("recorder", "logger", "save", "stream", "data logger", "arrow"), pure=False)
class Arrow:
    """Record every turn to an Arrow file (IPC stream), which pandas, Polars, R and many others read.

    A row is a turn: its number, its time in s, how many turns before it were dropped, and the values. A number, truth
    or text is a column; of a signal or an array the column has a list a row, ``time`` is that of its first sample,
    ``dt`` the distance of two, and ``clock`` when the turn came; further signals have columns ``t0 of`` and ``dt of``.
    The columns' names, kinds and units stand in the metadata of the file.

    A thread of its own writes: the loop never waits for the disk. What is older than a tenth of a second is in the
    file, and stays there however the program ends. Where the disk is slower than what comes for more than 4 s, is full
    or gone, turns are dropped and counted, the log says why, and the flow goes on.

    Parameters
    ----------
    path : Path
        The file, usually ``*.arrows``; a relative name counts from the folder of the flow.
    columns : list of str, optional
        Names of the values in order; by default ``value``, or ``value_1``, ``value_2`` ...
    existing : str
        What to do if the file exists: ``"number"`` records to ``name-2.arrows`` ...; ``"replace"`` starts it anew.
    on_problem : str
        What to do when nothing can be written: ``"go on"`` without, or ``"stop"`` with an error.

    Raises
    ------
    OSError
        The folder is missing, or the file may not be written.
    """

    def __init__(
        self,
        path: Path,
        columns: list[str] | None = None,
        existing: Literal["number", "replace"] = "number",
        on_problem: Literal["go on", "stop"] = "go on",
    ) -> None:
        place = context().path(path)
        if not place.parent.is_dir():
            raise FileNotFoundError(
                f"there is no folder {place.parent} to record to: make it, or choose another place for the file"
            )
        self._columns = list(columns or ())
        self._stops = on_problem == "stop"
        self._types: tuple[type, ...] | None = None
        self._first: list[str] = []
        self._arrays = False
        self._number = self._dropped = 0
        self._closed = False
        self._writing = Writing(place, existing, Stream(self._columns))

    @property
    def path(self) -> Path:
        """The file that is written now."""
        return self._writing.path

    def __call__(self, *values: object) -> Recorded:
        """Record a turn.

        Parameters
        ----------
        *values : float, str, bool, Waveform or Array
            One value a column, always of the same kinds.

        Returns
        -------
        turns : int
            Number of turns in the file.
        dropped : int
            Number of turns that are not in it: the disk was too slow, full or gone.
        size : int
            Size of the file (bytes).
        problem : str
            Why nothing is recorded now; empty while all is well.

        Raises
        ------
        ValueError
            The values do not fit the columns, or are of a kind that cannot be recorded.
        OSError
            Nothing can be written, and `on_problem` is ``"stop"``.
        """
        writing = self._writing
        if self._closed:
            raise ValueError(f"{self.path} is closed: a recorder records during its run only")
        if self._stops and writing.problem:
            raise OSError(writing.problem)
        kinds = tuple(map(type, values))
        if kinds != self._types:
            self._types = self._checked(values, kinds)
        kept, size, at = kept_now(values) if self._arrays else (values, OVERHEAD, time.time())
        turn = Turn(self._number, time.monotonic(), at, self._dropped + writing.lost, size, kept)
        self._number += 1
        if not writing.ring.put(turn):
            if not self._dropped:
                context().log(f"The disk is too slow for {self.path}: turns are dropped", "error")
            self._dropped += 1
        return Recorded(writing.kept, self._dropped + writing.lost, writing.size, writing.problem)

    def _checked(self, values: tuple[object, ...], kinds: tuple[type, ...]) -> tuple[type, ...]:
        """Return the kinds of the values, if they can be recorded beside those that came before."""
        if not values:
            raise ValueError("there is nothing to record: wire at least one value to it")
        if self._columns and len(values) != len(self._columns):
            raise ValueError(f"{len(values)} values came for the {len(self._columns)} columns: wire one to each")
        found = [column_type(value) for value in values]
        if not self._types:
            self._first, self._arrays = found, "list" in found
        for number, (new, first) in enumerate(zip(found, self._first, strict=False), 1):
            if new != first and not (new in ("int64", "bool_") and first == "float64"):
                raise ValueError(f"value {number} is {said(new)} where {said(first)} came before: record it apart")
        if len(found) != len(self._first):
            raise ValueError(f"{len(found)} values came where {len(self._first)} came before: wire always the same")
        return kinds

    def close(self) -> None:
        """Write the rest and close the file; more than once does nothing."""
        if not self._closed:
            self._closed = True
            self._writing.close()
            if lost := self._dropped + self._writing.lost:
                why = f": {self._writing.problem}" if self._writing.problem else ""
                context().log(f"{lost} of {self._number} turns are not in {self.path}{why}", "error")


@node(title="CSV recorder", tags=("recorder", "logger", "save", "log file", "data logger"), pure=False)
class Csv:
    """Record values to a CSV file as they come, a row a turn.

    The first column, ``time``, is the time of day (UTC, ISO 8601) at which a row came; for signals it is the time of
    each sample in s. A thread of its own writes: the loop never waits for the disk, and what is older than a tenth of
    a second is in the file. Where the disk is slower than what comes for more than 4 s, is full or gone, rows are
    dropped, the log says how many and why, and the flow goes on.

    Parameters
    ----------
    path : Path
        The file; a relative name counts from the folder of the flow.
    columns : list of str, optional
        Names of the values in order; by default ``value``, or ``value_1``, ``value_2`` ...
    existing : str
        What to do if the file exists: ``"number"`` records to ``name-2.csv``, ``name-3.csv`` ...; ``"append"`` goes on
        in it; ``"replace"`` starts it anew.
    on_problem : str
        What to do when nothing can be written: ``"go on"`` without, or ``"stop"`` with an error.

    Raises
    ------
    OSError
        The folder is missing, or the file may not be written.
    """

    def __init__(
        self,
        path: Path,
        columns: list[str] | None = None,
        existing: Existing = "number",
        on_problem: Literal["go on", "stop"] = "go on",
    ) -> None:
        place = context().path(path)
        if not place.parent.is_dir():
            raise FileNotFoundError(
                f"there is no folder {place.parent} to record to: make it, or choose another place for the file"
            )
        self.rows = 0
        self._columns = list(columns or ())
        self._stops = on_problem == "stop"
        self._number = self._dropped = 0
        self._closed = False
        self._writing = Writing(place, existing, Rows(self._columns))

    @property
    def path(self) -> Path:
        """The file that is written now."""
        return self._writing.path

    def __call__(self, *values: object) -> int:
        """Record a row, or for signals a row a sample.

        Parameters
        ----------
        *values : float, str, bool or Waveform
            One value a column: either all signals on one time axis, or none.

        Returns
        -------
        int
            Number of rows that came so far, but for those for which there was no room.

        Raises
        ------
        ValueError
            The values do not fit the columns, or signals differ in their time axis.
        OSError
            Nothing can be written, and `on_problem` is ``"stop"``.
        """
        writing = self._writing
        if not values:
            raise ValueError("there is nothing to record: wire at least one value to it")
        if self._columns and len(values) != len(self._columns):
            raise ValueError(f"{len(values)} values came for the {len(self._columns)} columns: wire one to each")
        if self._closed:
            raise ValueError(f"{self.path} is closed: a recorder records during its run only")
        if self._stops and writing.problem:
            raise OSError(writing.problem)
        if isinstance(values[0], Waveform):
            rows = _samples(values[0], values)
            kept, size, _ = kept_now(values)
        else:
            rows, size = 1, OVERHEAD
            kept = tuple(value if isinstance(value, _AS_IT_IS) else str(value) for value in values)
        turn = Turn(self._number, time.monotonic(), time.time(), self._dropped, size, kept)
        self._number += 1
        if writing.ring.put(turn):
            self.rows += rows
        else:
            if not self._dropped:
                context().log(f"The disk is too slow for {self.path}: rows are dropped", "error")
            self._dropped += 1
        return self.rows

    def close(self) -> None:
        """Write the rest and close the file; more than once does nothing.

        Raises
        ------
        OSError
            Not all could be written, and `on_problem` is ``"stop"``.
        """
        if self._closed:
            return
        self._closed = True
        self._writing.close()
        if lost := self._dropped + self._writing.lost:
            why = f": {self._writing.problem}" if self._writing.problem else ""
            context().log(f"{lost} of {self._number} turns are not in {self.path}{why}", "error")
        if self._stops and self._writing.problem:
            raise OSError(self._writing.problem)


_AS_IT_IS = (float, int, str, type(None))
"""Kinds of values that cannot change before they are written."""


def _samples(first: Waveform, values: tuple[object, ...]) -> int:
    """Return how many rows signals make, if they fit beside each other."""
    for value in values:
        if not isinstance(value, Waveform) or value.y.ndim != 1:
            raise ValueError("signals of one channel are recorded beside signals of one channel only")
        first.check_axis(value)
    return len(first.y)


@node(title="Player", tags=("play", "replay", "playback", "recording", "simulate", "arrow", "csv"), pure=False)
def play(
    path: Path,
    columns: list[str] | None = None,
    speed: Annotated[float, Range(0.0)] = 1.0,
    start: Annotated[float, Range(0.0), Unit("s")] = 0.0,
    repeat: bool = False,
    playing: bool = True,
) -> Iterator[Any]:
    """Play a recording: its turns come again, with the values that were recorded, at the pace that they had.

    ``for volt in record.play("log.arrows", columns=["volt"])`` gives the values of one column, ``for volt, wave in``
    those of two. A signal comes as it was, with its time, its sample rate and its unit. Of a CSV file of signals the
    samples come in blocks of a tenth of a second, of 1000 samples at most.

    Speed, `playing` and `repeat` can be turned while it plays: it goes on where it is. Another `start` moves it there.
    What was not recorded to its end, as the program was killed or still records, is played as far as it is whole.

    Parameters
    ----------
    path : Path
        The recording: ``*.arrows``, or ``*.csv``; a relative name counts from the folder of the flow.
    columns : list of str, optional
        Which columns, in which order; by default all that were recorded. ``time`` and ``turn`` can be chosen, too.
    speed : float
        How many times faster than it was recorded; 0 is as fast as the loop goes.
    start : float
        Where to begin, in s after the first turn.
    repeat : bool
        At the end begin again at `start`.
    playing : bool
        Off waits where it is.

    Yields
    ------
    Any
        The value of the column; of several columns one a name before ``in``.

    Raises
    ------
    FileNotFoundError
        There is no such file.
    LookupError
        It has no such column.
    ValueError
        It is no recording, there is nothing from `start` on, or the speed is below 0.
    """
    yield from play_file(context().path(path), columns, speed, start, repeat, playing)
