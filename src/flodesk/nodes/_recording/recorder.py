"""What all recorders have in common: their settings, what they take and what they say of it."""

from __future__ import annotations

import time
import weakref
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any, Literal, NamedTuple

from flodesk.nodes._recording.afterwards import ENDINGS, Convert, check_format, convert_all
from flodesk.nodes._recording.columns import OVERHEAD, check_names, dtype_of, kept_now, said
from flodesk.nodes._recording.fits import checked, fitting
from flodesk.nodes._recording.going import Going
from flodesk.nodes._recording.needs import needed
from flodesk.nodes._recording.places import Existing, Places
from flodesk.nodes._recording.ring import Turn
from flodesk.nodes._recording.target import Target
from flodesk.nodes._recording.writing import Writing
from flodesk.public import Press, Range, Recording, Unit, context

OnProblem = Literal["go on", "stop"]
Bytes = Annotated[int, Unit("B"), Range(0)]
Seconds = Annotated[float, Unit("s"), Range(0.0)]


class Recorded(NamedTuple):
    """How a recording goes.

    Attributes
    ----------
    turns : int
        Number of turns in the file.
    dropped : int
        Number of turns that are not in it: the disk was too slow, full or gone.
    size : int
        Size of the file (bytes); of a recording that is split, of all of its files.
    problem : str
        Why nothing is recorded now; empty while all is well.
    state : Recording
        All of this to look at, with the file, the rates and the time.
    """

    turns: int
    dropped: int
    size: int
    problem: str
    state: Recording


class Recorder:
    """Base of the recorders: each says what its files are by `_open`."""

    ends_first = True
    """Whoever makes another one in its place closes this one before: it has its file until then."""
    _needs: tuple[str, str] | None = None
    """The package that writes it, and the extra of flodesk that installs it."""
    _endings: tuple[str, ...] = ()
    """What names of its files end in, the usual one first."""
    _goes_on = False
    """Whether a file of an earlier recording can be gone on with."""

    def __init__(
        self,
        path: Path,
        columns: list[str] | None = None,
        existing: Existing = "number",
        on_problem: OnProblem = "go on",
        split_size: Bytes = 0,
        split_time: Seconds = 0.0,
        convert: Convert = "no",
    ) -> None:
        """Begin to record.

        Parameters
        ----------
        path : Path
            The file; a relative name counts from the folder of the flow. ``{time}`` in the name becomes the time at
            which the file is begun, ``{time:%H-%M}`` parts of that.
        columns : list of str, optional
            Names of the values in order; by default ``value``, or ``value_1``, ``value_2`` ...
        existing : str
            What to do if the file exists: ``"number"`` records to ``name-2``, ``name-3`` ...; ``"append"`` goes on in
            it if it has the same columns, or for all but CSV in a next file (``name.part002``); ``"replace"`` starts
            it anew.
        on_problem : str
            What to do when nothing can be written, also right at the beginning: ``"go on"`` without, until it can, or
            ``"stop"`` with an error.
        split_size : int
            Size in B after which the next file is begun, ``name.part001``, ``name.part002`` ...; 0 for one file alone.
        split_time : float
            Time in s after which the next file is begun; 0 for one file alone.
        convert : str
            Make files of another format of it when the run has ended. The ones that were recorded are removed when the
            new ones were read back and compared with them, and are kept beside CSV, which holds less, and if anything
            goes wrong or the run is stopped meanwhile. `existing` holds for these names, too.

        Raises
        ------
        OSError
            The folder is missing, or the file may not be written, and `on_problem` is ``"stop"``.
        ValueError
            What stands for the time in the name makes no name, a column has a name that no file can hold, or the file
            has an ending that is not converted.
        """
        self._columns = list(columns or ())
        self._stops = on_problem == "stop"
        self._types: tuple[type, ...] | None = None
        self._first: list[tuple[str, bool]] = []
        self._fits: list[Callable[[Any], Any]] = []
        self._arrays = False
        self._number = 0
        self._closed = self._parted = False
        if self._needs:
            needed(*self._needs)
        check_names(self._columns, self._name)
        check_format(convert, Path(path), self._endings)
        self._convert: Convert = convert
        run = context()
        splits, becomes = split_size > 0 or split_time > 0.0, ENDINGS.get(convert, "")
        who = f"record.{type(self).__name__} of {Path(run.about().path).name or 'a program'}"
        self._places = Places(run.path(path).absolute(), existing, splits, self._goes_on, becomes, who)
        try:
            self._writing = Writing(
                self._places, self._open, self._columns, split_size, split_time, not self._stops, Path(path)
            )
        except BaseException:
            self._places.release()  # what was raised may be kept, and this with it
            raise
        self._going = Going(self._writing, split_size, split_time)
        self._state = Recording(live=self._going)
        # its thread keeps what it writes with alive: who drops the recorder and forgets to close it has a whole file
        weakref.finalize(self, self._writing.close)

    @classmethod
    def _open(cls, path: Path, append: bool) -> Target:
        """Open a file that was made, in the thread that writes; of the class, as that thread outlives its recorder."""
        raise NotImplementedError

    @staticmethod
    def _name(name: str) -> str:
        """Return the name that a column has in the file."""
        return name

    @property
    def path(self) -> Path:
        """The file that is written now."""
        return self._writing.path

    def __call__(self, *values: object, recording: bool = True, new_file: Annotated[bool, Press()] = False) -> Recorded:
        """Record a turn.

        Parameters
        ----------
        *values : float, str, bool, Waveform or Array
            One value a column, always of the same kinds.
        recording : bool
            Off leaves the turn out, and counts it nowhere; on goes on in the same file.
        new_file : bool
            When this becomes true the file is ended, and another one begun.

        Returns
        -------
        turns : int
            Number of turns in the file.
        dropped : int
            Number of turns that are not in it: the disk was too slow, full or gone.
        size : int
            Size of the file (bytes); of a recording that is split, of all of its files.
        problem : str
            Why nothing is recorded now; empty while all is well.
        state : Recording
            All of this to look at, with the file, the rates and the time.

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
        if not values:
            raise ValueError("there is nothing to record: wire at least one value to it")
        if self._columns and len(values) != len(self._columns):
            raise ValueError(f"{len(values)} values came for the {len(self._columns)} columns: wire one to each")
        if new_file and not self._parted:
            writing.split(self._number)
        self._parted = new_file
        if not recording:
            self._going.pause()
            return self._said()
        if self._stops and writing.problem:
            raise OSError(writing.problem)
        try:
            kept, size, at = self._taken(values)
        except ValueError:
            self._number, self._going.dropped = self._number + 1, self._going.dropped + 1
            raise
        came, clock = time.monotonic(), time.time()
        self._going.record(came)
        turn = Turn(self._number, came, clock if at is None else at, clock, self._going.lost, size, kept)
        self._number += 1
        if not writing.ring.put(turn):
            if not self._going.dropped:
                context().log(f"The disk is too slow for {self.path}: turns are dropped", "error")
            self._going.dropped += 1
        return self._said()

    def _said(self) -> Recorded:
        writing = self._writing
        return Recorded(writing.kept, self._going.lost, writing.size, writing.problem, self._state)

    def _taken(self, values: tuple[object, ...]) -> tuple[tuple[Any, ...], int, float | None]:
        """Return values as they are now, their size in bytes, and the time of signals in s, if they can be recorded."""
        kinds = tuple(map(type, values))
        if kinds != self._types:
            self._types = self._checked(values, kinds)
        fitted = zip(self._fits, values, strict=True)
        values = tuple(checked(number, fits, value) for number, (fits, value) in enumerate(fitted, 1))
        return kept_now(values) if self._arrays else (values, OVERHEAD, None)

    def _checked(self, values: tuple[object, ...], kinds: tuple[type, ...]) -> tuple[type, ...]:
        """Return the kinds of the values, if they can be recorded beside those that came before."""
        found = [dtype_of(value) for value in values]
        if not self._first:
            self._first, self._arrays = found, any(samples for _, samples in found)
            self._fits = [fitting(value, *column) for value, column in zip(values, found, strict=True)]
        for number, (new, first) in enumerate(zip(found, self._first, strict=False), 1):
            both = new[1] and first[1]  # of which kind their numbers may be, each says for itself
            if not both and new != first and not (new[0] in ("int64", "bool") and first == ("float64", False)):
                raise ValueError(f"value {number} is {said(*new)} where {said(*first)} came before: record it apart")
        if len(found) != len(self._first):
            raise ValueError(f"{len(found)} values came where {len(self._first)} came before: wire always the same")
        return kinds

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
        self._going.end()
        if lost := self._number - self._writing.kept:  # also what the end of the run could not wait for
            why = f": {self._writing.problem}" if self._writing.problem else ""
            context().log(f"{lost} of {self._number} turns are not in {self.path}{why}", "error")
        if self._convert != "no" and self._writing.files:
            replaced = self._places.replaceable()
            convert_all(self._writing.files, self._convert, context(), replaced, self._places.release)
        else:
            self._places.release()
        if self._stops and self._writing.problem:
            raise OSError(self._writing.problem)
