"""Recorders: they keep every value, whatever the screen shows."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, cast

from flodesk.nodes._recording.arrow import Stream
from flodesk.nodes._recording.columns import OVERHEAD, dtype_of, kept_now
from flodesk.nodes._recording.fits import checked, text, unit_kept
from flodesk.nodes._recording.hdf5 import Hdf5File, inner
from flodesk.nodes._recording.playing import play as play_file
from flodesk.nodes._recording.recorder import Recorded as Recorded
from flodesk.nodes._recording.recorder import Recorder
from flodesk.nodes._recording.rows import Described
from flodesk.nodes._recording.sqlite import SqliteFile
from flodesk.nodes._recording.target import Growing, Target
from flodesk.nodes._recording.tdms import Segments
from flodesk.public import Range, Unit, Waveform, context, node

__all__ = ["Arrow", "Csv", "Hdf5", "Sqlite", "Tdms", "play"]


@node(
    title="Arrow recorder",
    tags=("recorder", "logger", "save", "stream", "data logger", "arrow"),
    pure=False,
    saves=(".arrows",),
)
class Arrow(Recorder):
    """Record every turn to an Arrow file (IPC stream), which pandas, Polars, R and many others read.

    A row is a turn: its number, its time in s, how many turns before it were dropped, and the values. A number, truth
    or text is a column; of a signal or an array the column has a list a row, ``time`` is that of its first sample,
    ``dt`` the distance of two, and ``clock`` when the turn came; further signals have columns ``t0 of`` and ``dt of``.
    Names, kinds, units, the flow and its settings stand in the metadata of the file, and in
    ``changed`` what of the settings has changed before a turn.

    A thread of its own writes: the loop never waits for the disk. What is older than a tenth of a second is in the
    file, and stays there however the program ends. Where the disk is slower than what comes for more than 4 s, is full
    or gone, turns are dropped and counted, the log says why, and the flow goes on.

    The name is usually ``*.arrows``.

    Examples
    --------
    >>> log = record.Arrow("log.arrows", columns=["volt", "ok"])
    >>> told = log(4.9, True)
    >>> log.close()
    >>> list(record.play("log.arrows", speed=0.0))
    [(4.9, True)]
    """

    _endings = (".arrows", ".arrow")

    @classmethod
    def _open(cls, path: Path, append: bool) -> Target:
        return Growing(path, Stream(), append)


@node(title="CSV recorder", tags=("recorder", "logger", "save", "log file", "data logger"), pure=False, saves=(".csv",))
class Csv(Recorder):
    """Record values to a CSV file as they come, a row a turn.

    The first column, ``time``, is the time of day (UTC, ISO 8601) at which a row came; for signals it is the time of
    each sample in s. What each column is, units, the flow and its settings stand in a file beside it,
    ``NAME.csv-metadata.json``, as the W3C describes tables (CSV on the Web); the player goes by it. What somebody else
    has written there is kept, and ours stands in ``NAME.csv-metadata.flodesk.json``. A thread of its own writes: the
    loop never waits for the disk, and what is older than a tenth of a second is in the file. Where the disk is slower
    than what comes for more than 4 s, is full or gone, turns are dropped, the log says how many and why, and the flow
    goes on.

    Examples
    --------
    >>> log = record.Csv("log.csv", columns=["volt"])
    >>> told = log(4.9), log(5.1)
    >>> log.close()
    >>> file.read_csv("log.csv")["volt"].tolist()
    [4.9, 5.1]
    """

    _endings = (".csv",)
    _goes_on = True
    _units: list[str | None] | None = None
    _signals: bool | None = None

    @classmethod
    def _open(cls, path: Path, append: bool) -> Target:
        return Described(path, append)

    def _taken(self, values: tuple[object, ...]) -> tuple[tuple[Any, ...], int, float | None]:
        first = values[0]
        units = [value.unit if isinstance(value, Waveform) else None for value in values]
        self._units = self._units or units
        if len(units) != len(self._units):
            raise ValueError(f"{len(units)} values came where {len(self._units)} came before: wire always the same")
        signal = isinstance(first, Waveform)
        if self._signals not in (None, signal):
            said = ("is no signal where one came", "is a signal where none came")[signal]
            raise ValueError(f"value 1 {said} before: a row of a CSV file is a sample, or a turn; record it apart")
        if isinstance(first, Waveform):
            for number, (value, unit) in enumerate(zip(values, self._units, strict=True), 1):
                if not isinstance(value, Waveform) or value.y.ndim != 1:
                    raise ValueError("signals of one channel are recorded beside signals of one channel only")
                dtype_of(value)
                first.check_axis(value)
                checked(number, unit_kept, value, value.unit if unit is None else unit)
            self._signals = True
            return kept_now(values)
        kept = tuple(_kept(number, value) for number, value in enumerate(values, 1))
        self._signals = False
        return kept, OVERHEAD, None


@node(
    title="TDMS recorder",
    tags=("recorder", "logger", "save", "data logger", "tdms", "labview", "diadem"),
    pure=False,
    saves=(".tdms",),
)
class Tdms(Recorder):
    """Record every turn to a TDMS file, which LabVIEW, DIAdem and many others read.

    The group ``values`` has a channel a value, a signal as one waveform with start, distance and unit; the group
    ``turns`` says of each turn its number, its time in s, how many turns before it were dropped, and what of the
    settings has changed before it; ``lengths`` how many samples of a signal came in it. Units, the flow and its
    settings are properties of the file.

    A thread of its own writes, segment by segment, and never waits in the loop: what is older than a tenth of a second
    is in the file, and stays there however the program ends. Where the disk is slower than what comes for more than
    4 s, is full or gone, turns are dropped and counted, the log says why, and the flow goes on.

    It needs the package npTDMS: ``pip install 'flodesk[tdms]'``.

    Examples
    --------
    >>> log = record.Tdms("log.tdms", columns=["volt"])
    >>> told = log(Waveform(np.array([4.9, 5.1]), dt=0.001, unit="V"))
    >>> log.close()
    >>> list(record.play("log.tdms", columns=["volt"], speed=0.0))
    [Waveform(2 samples, V, 1000 Hz, from 0 s)]
    """

    _endings = (".tdms",)
    _needs = ("nptdms", "tdms")

    @classmethod
    def _open(cls, path: Path, append: bool) -> Target:
        return Growing(path, Segments(), append)


@node(
    title="HDF5 recorder",
    tags=("recorder", "logger", "save", "data logger", "hdf5", "h5", "matlab"),
    pure=False,
    saves=(".h5", ".hdf5"),
)
class Hdf5(Recorder):
    """Record every turn to an HDF5 file, which MATLAB, Igor, h5py and many others read, also while it is written.

    ``values/NAME`` is a row of all values of a column, of signals all samples one behind the other: ``ends/NAME`` says
    where those of each turn end. ``turns`` has the number of each turn, its time in s, how many before it were dropped.
    Units, the flow and its settings are attributes. Open it with ``swmr=True`` to read along.

    A thread of its own writes, and what is older than half a second stays in the file however the program ends. Where
    the disk is slower than what comes for more than 4 s, is full or gone, turns are dropped and counted, the log says
    why, and the flow goes on.

    It needs the package h5py: ``pip install 'flodesk[hdf5]'``.

    Examples
    --------
    >>> log = record.Hdf5("log.h5", columns=["volt"])
    >>> told = log(4.9), log(5.1)
    >>> log.close()
    >>> list(record.play("log.h5", columns=["volt"], speed=0.0))
    [4.9, 5.1]
    """

    _endings = (".h5", ".hdf5")
    _needs = ("h5py", "hdf5")
    _name = staticmethod(inner)

    @classmethod
    def _open(cls, path: Path, append: bool) -> Target:
        return Hdf5File(path)


@node(
    title="SQLite recorder",
    tags=("recorder", "logger", "save", "data logger", "database", "sql"),
    pure=False,
    saves=(".sqlite", ".db"),
)
class Sqlite(Recorder):
    """Record every turn to a SQLite database, to be asked in SQL, also while it is written.

    The table ``turns`` has a row a turn: its number, its time in s, how many turns before it were dropped, the values,
    and what of the settings has changed before it. Signals and arrays are blobs of their samples, little end first; the
    table ``columns`` says their types and units, ``about`` the flow and its settings.

    A thread of its own writes, in one transaction for all that has come in a twentieth of a second; that stays in the
    file however the program ends. Where the disk is slower than what comes for more than 4 s, is full or gone, turns
    are dropped and counted, the log says why, and the flow goes on.

    Examples
    --------
    >>> log = record.Sqlite("log.sqlite", columns=["volt"])
    >>> told = log(4.9), log(5.1)
    >>> log.close()
    >>> list(record.play("log.sqlite", columns=["turn", "volt"], speed=0.0))
    [(0, 4.9), (1, 5.1)]
    """

    _endings = (".sqlite", ".db")

    @classmethod
    def _open(cls, path: Path, append: bool) -> Target:
        return SqliteFile(path)


_PLAIN = {float, int, bool, type(None)}
"""Kinds of values that a row holds as they are."""


def _kept(number: int, value: object) -> Any:
    """Return a value as it stands in a row of a CSV file, whatever is done with it later."""
    if type(value) in _PLAIN:
        return value
    if getattr(value, "ndim", None) == 0:  # a number of NumPy, written as one of Python
        value = cast(Any, value).item()
    elif isinstance(value, Waveform) or hasattr(value, "ndim"):  # as a text all but its ends would be left out
        what = "a signal" if isinstance(value, Waveform) else "an array"
        raise ValueError(f"value {number} is {what}, and a row has room for one value: record it apart, or to Arrow")
    if type(value) is str:
        return checked(number, text, value)
    try:
        dtype_of(value)  # as all recorders do: the text of an object is seldom all of it
    except ValueError as error:
        raise ValueError(f"value {number}: {error}") from error
    return value


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
    samples come in blocks of a tenth of a second, of 1000 samples at most; what its columns are is read from the file
    beside it, and guessed where there is none.

    Speed, `playing` and `repeat` can be turned while it plays: it goes on where it is. Another `start` moves it there.
    What was not recorded to its end, as the program was killed or still records, is played as far as it is whole.

    A recording that was split (``log.part001.arrows``, ``log.part002.arrows`` ...) is played as one, by its own name
    (``log.arrows``) or by that of its first part. A part that is missing, or cannot be read, is told by the log.

    Parameters
    ----------
    path : Path
        The recording: ``*.arrows``, ``*.csv``, ``*.tdms``, ``*.h5``, ``*.sqlite`` or ``*.parquet``; a relative name
        counts from the folder of the flow.
    columns : list of str, optional
        Which columns, in which order; by default all that were recorded. ``time`` and ``turn`` can be chosen, too, and
        ``place``: how far the player is, as a bar of progress for the panel.
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
        It, or one of its parts, has no such column.
    ValueError
        It is no recording, there is nothing from `start` on, or the speed is below 0.

    Examples
    --------
    >>> log = record.Csv("log.csv", columns=["volt", "ok"])
    >>> told = log(4.9, True), log(5.1, False)
    >>> log.close()
    >>> [volt for volt in record.play("log.csv", columns=["volt"], speed=0.0)]
    [4.9, 5.1]
    """
    yield from play_file(context().path(path), columns, speed, start, repeat, playing)
