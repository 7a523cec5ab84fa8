"""From one format of recordings to another: written beside, read back and compared, and only then in its place."""

from __future__ import annotations

import contextlib
import glob
import json
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from enum import IntEnum
from io import FileIO
from itertools import chain, zip_longest
from pathlib import Path
from typing import Any, NamedTuple

from flodesk.nodes._disk import explain
from flodesk.nodes._recording.arrow import Stream
from flodesk.nodes._recording.beside import beside_of, kept_beside
from flodesk.nodes._recording.claims import CONVERSION, ClaimedError, claim, state
from flodesk.nodes._recording.columns import Column, columns_of, own_columns
from flodesk.nodes._recording.hdf5 import Hdf5File
from flodesk.nodes._recording.needs import needed
from flodesk.nodes._recording.parquet import ParquetFile
from flodesk.nodes._recording.playing import opened
from flodesk.nodes._recording.read_csv import CsvRecording
from flodesk.nodes._recording.reading import BEGIN, Recording, Row
from flodesk.nodes._recording.ring import Turn
from flodesk.nodes._recording.rows import Described
from flodesk.nodes._recording.sqlite import SqliteFile
from flodesk.nodes._recording.target import Growing, Target
from flodesk.nodes._recording.tdms import Segments
from flodesk.public import Waveform

TARGETS: Mapping[str, Callable[[Path], Target]] = {
    ".arrows": lambda path: Growing(path, Stream()),
    ".csv": Described,
    ".tdms": lambda path: Growing(path, Segments()),
    ".h5": Hdf5File,
    ".hdf5": Hdf5File,
    ".sqlite": SqliteFile,
    ".db": SqliteFile,
    ".parquet": ParquetFile,
}
"""What writes a file, by the ending of its name."""
NEEDS = {
    ".tdms": ("nptdms", "tdms"),
    ".h5": ("h5py", "hdf5"),
    ".hdf5": ("h5py", "hdf5"),
    ".parquet": ("pyarrow", "parquet"),
}
"""Packages that a format needs, and the extra that installs them."""
_TURNS, _SAMPLES = 2000, 500_000
"""How many turns, and samples, are written at once at most."""
_TAKEN = "there is already a file {}: choose another name, or say that it is replaced"
Told = Callable[[float], None]


class Converted(NamedTuple):
    """What came of a conversion.

    Attributes
    ----------
    path : Path
        The new file.
    turns : int
        How many turns are in it: all that can be read of the old one.
    ending : str
        What is wrong with the end of the old one, or what of it the new one cannot hold, in words; empty if nothing is.
    remark : str
        Where that stands which is known of a CSV file, if not in its usual place; else empty.
    """

    path: Path
    turns: int
    ending: str
    remark: str = ""


def convert(
    source: str | Path, target: str | Path, *, replace: bool = False, remove: bool = False, told: Told | None = None
) -> Converted:
    """Convert a recording to another format, by the ending of the new name.

    The new file is read again and compared with the old one before it gets its name. Whatever goes wrong, and whatever
    `told` raises, the old one stays as it is and no half of a new one is left.

    Parameters
    ----------
    source : Path
        A recording: ``*.arrows``, ``*.csv``, ``*.tdms``, ``*.h5``, ``*.sqlite`` or ``*.parquet``.
    target : Path
        The new file, of one of these endings.
    replace : bool
        Replace a file of that name.
    remove : bool
        Remove the old one when the new one was compared with it, unless it has no end, or the new one is CSV: that has
        times of whole milliseconds and text alone, so the old one says more.
    told : callable, optional
        Gets how far it is, from 0 to 1.

    Raises
    ------
    OSError
        There is no such file, there is already one of the new name, or it cannot be written.
    ModuleNotFoundError
        A package is missing that the format needs; the text says how it is installed.
    ValueError
        It is no recording, nothing is in it, the new format cannot hold it, or what was read back was not the same.
    """
    source, target = Path(source), Path(target)
    make = TARGETS.get(target.suffix.lower())
    if make is None:
        raise ValueError(f"{target.name} is of no format that can be written: end it in {', '.join(TARGETS)}")
    if target.suffix.lower() in NEEDS:
        needed(*NEEDS[target.suffix.lower()])
    if target.exists() and not replace:
        raise FileExistsError(_TAKEN.format(target))
    new = target.with_name(f".{target.stem}.new{target.suffix}")
    with _claimed(source, target) as whose:
        return _converted(source, target, new, make, replace, remove, told or (lambda fraction: None), whose)


@contextlib.contextmanager
def _claimed(source: Path, target: Path) -> Iterator[str]:
    """Keep recorders from both files meanwhile; gives who records to the old one, which may be read all the same."""
    try:
        made = claim(target, CONVERSION)
    except ClaimedError as error:
        raise FileExistsError(f"{target} is taken by {error.who}: choose another name") from error
    who, held = "", None
    try:
        held = claim(source, CONVERSION)
    except ClaimedError as error:
        who = error.who
    try:
        yield who
    finally:
        made.release()
        if held is not None:
            held.release()


def _converted(
    source: Path,
    target: Path,
    new: Path,
    make: Callable[[Path], Target],
    replace: bool,
    remove: bool,
    told: Told,
    whose: str,
) -> Converted:
    was = state(source)
    recording = opened(source)
    try:
        turns = _written(recording, source, make, new, told)
        less = _verify(recording, source, new, told)
        _put(new, target, replace)
        ending = recording.ending or less
    finally:
        recording.close()
        for left in new.parent.glob(f"{glob.escape(new.name)}*"):  # and what stands beside it
            left.unlink(missing_ok=True)
    if remove and not ending and not loses(target):
        if whose:
            ending = f"{whose} has it"
        elif state(source) == was:
            source.unlink()
            if source.suffix.lower() == ".csv":
                beside_of(source).unlink(missing_ok=True)
        else:
            ending = "it was written to meanwhile"
    return Converted(target, turns, ending, kept_beside(target) if target.suffix.lower() == ".csv" else "")


def loses(target: Path) -> bool:
    """Say whether a format holds less than a recording does."""
    return target.suffix.lower() == ".csv"


def _written(recording: Recording, source: Path, make: Callable[[Path], Target], new: Path, told: Told) -> int:
    rows = recording.rows((*recording.others, *recording.values), BEGIN)
    first = next(rows, None)
    if first is None:
        raise ValueError(f"nothing is in {source}: there is nothing to convert")
    skip = len(recording.others)
    columns = _columns(recording, first.values[skip:])
    try:
        FileIO(new, "w").close()  # also where one was left by a program that was killed
    except OSError as error:
        raise explain(error, new.parent) from error
    out = make(new)
    try:
        out.begin(_head(recording, columns, source), columns)
        count = dropped = 0
        begun = None
        for turns in _pieces(chain([first], rows), recording):
            if isinstance(out, Described):
                _fit_for_csv(turns)
            elif isinstance(recording, CsvRecording):
                turns = [_filled(turn, columns, source, new.suffix) for turn in turns]
            out.write(turns)
            out.flush()
            count, dropped = count + len(turns), turns[-1].dropped
            begun = turns[0].clock if begun is None else begun
            told(0.5 * min(1.0, (turns[-1].clock - begun) / recording.length if recording.length else 1.0))
        old = recording.about
        tail = {"ended": old.get("ended", ""), "turns": count, "dropped": old.get("dropped", dropped)}
        out.end(tail)
    except BaseException:
        out.leave()
        raise
    return count


_DTYPES = {"number": "float64", "integer": "int64", "boolean": "bool", "string": "str"}


def _columns(recording: Recording, values: Sequence[Any]) -> list[Column]:
    columns = columns_of(recording.values, values)
    if not isinstance(recording, CsvRecording):
        return columns
    # the first row may have a whole number, or nothing, in a column of numbers
    told = [_DTYPES.get(recording.datatypes.get(name, ""), "") for name in recording.values]
    return [
        column if column.samples else column._replace(dtype=dtype or column.dtype)
        for column, dtype in zip(columns, told, strict=True)
    ]


def _filled(turn: Turn, columns: Sequence[Column], source: Path, ending: str) -> Turn:
    """Return a turn of a CSV file without its gaps: where a number is missing stands one that is none."""
    if all(value is not None for value in turn.values):
        return turn
    for value, column in zip(turn.values, columns, strict=True):
        if value is None and column.dtype != "float64":
            raise ValueError(
                f"{source} has nothing in {column.name} of turn {turn.number}, which a column of "
                f"{_PLURAL[column.dtype]} in *{ending} cannot hold: it is kept"
            )
    return turn._replace(values=tuple(math.nan if value is None else value for value in turn.values))


_PLURAL = {"int64": "whole numbers", "bool": "truths", "str": "texts"}


def _head(recording: Recording, columns: Sequence[Column], source: Path) -> dict[str, Any]:
    known = {name: value for name, value in recording.about.items() if name not in ("ended", "turns", "dropped")}
    return {
        **known,
        "converted": source.name,
        "columns": [column.name for column in columns],
        "own": [own.name for own in own_columns(columns)],
        "kinds": {column.name: column.kind for column in columns if column.samples},
        "units": {**known.get("units", {}), **{column.name: column.unit for column in columns if column.unit}},
    }


def _pieces(rows: Iterator[Row], recording: Recording) -> Iterator[list[Turn]]:
    """Give turns, some together."""
    found: list[Turn] = []
    size = 0
    for number, row in enumerate(rows):
        own = dict(zip(recording.others, row.values, strict=False))
        values = row.values[len(recording.others) :]
        time = float(own.get("time", row.at))
        clock = float(own.get("clock", time))
        changed, dropped = str(own.get("changed", "")), int(own.get("dropped", 0))
        found.append(Turn(int(own.get("turn", number)), clock, time, clock, dropped, 0, values, changed))
        size += sum(len(value) for value in values if hasattr(value, "__len__"))
        if len(found) >= _TURNS or size >= _SAMPLES:
            yield found
            found, size = [], 0
    if found:
        yield found


def _fit_for_csv(turns: Sequence[Turn]) -> None:
    for turn in turns:
        waves = [value for value in turn.values if isinstance(value, Waveform)]
        if any(hasattr(value, "dtype") for value in turn.values) or len(waves) not in (0, len(turn.values)):
            raise ValueError("a CSV file takes numbers, truths and texts, or signals on one time axis: choose another")
        for wave in waves[1:]:
            waves[0].check_axis(wave)


# ------------------------------------------------------------------ was it kept?
def _verify(recording: Recording, source: Path, new: Path, told: Told) -> str:
    """Compare a file with what it was made of, to the bit; returns what it cannot hold, in words."""
    copy = opened(new)
    less = False
    try:
        names = recording.values
        if new.suffix.lower() != ".csv":
            own = [name for name in recording.others if name in copy.others]
            pairs = zip_longest(recording.rows((*own, *names), BEGIN), copy.rows((*own, *copy.values), BEGIN))
            same = (
                (_same(a.values, b.values), a.at) if a is not None and b is not None else (_Same.NOT, 0.0)
                for a, b in pairs
            )
        else:
            cells = (_cells(recording.rows(names, BEGIN)), _cells(copy.rows(copy.values, BEGIN)))
            same = ((_like(a, b), 0.0) for a, b in zip_longest(*cells, fillvalue=()))
        for number, (alike, at) in enumerate(same):
            if alike is _Same.NOT:
                raise ValueError(f"{new.name} is not what {source} is, from turn {number} on: {source.name} is kept")
            less = less or alike is _Same.BUT_SIGN
            if number % _TURNS == 0:
                told(0.5 + (0.5 * min(1.0, at / recording.length) if recording.length else 0.0))
    finally:
        copy.close()
    told(1.0)
    return f"{new.suffix} has no −0, and 0 stands in its place" if less else ""


class _Same(IntEnum):
    """Whether values are the same; the worst of several is that of all."""

    NOT = 0
    BUT_SIGN = 1
    TO_THE_BIT = 2


def _same(left: Sequence[Any], right: Sequence[Any]) -> _Same:
    return min((_equal(a, b) for a, b in zip(left, right, strict=True)), default=_Same.TO_THE_BIT)


def _equal(a: Any, b: Any) -> _Same:
    if isinstance(a, Waveform) and isinstance(b, Waveform):
        same = (a.dt, a.t0, a.unit) == (b.dt, b.t0, b.unit)
        return _equal(a.y, b.y) if same else _Same.NOT
    if hasattr(a, "tobytes") and hasattr(b, "tobytes"):
        return _Same.TO_THE_BIT if a.dtype == b.dtype and a.tobytes() == b.tobytes() else _Same.NOT
    if a == b:
        zero = isinstance(a, float) and a == 0.0 and math.copysign(1.0, a) != math.copysign(1.0, b)
        return _Same.BUT_SIGN if zero else _Same.TO_THE_BIT
    return _Same.TO_THE_BIT if b != b and (a != a or a is None) else _Same.NOT


def _cells(rows: Iterator[Row]) -> Iterator[Sequence[Any]]:
    """Give values as the rows of a CSV file: of signals a row a sample."""
    for row in rows:
        if isinstance(row.values[0], Waveform):
            yield from zip(*(value.y.tolist() for value in row.values), strict=True)
        else:
            yield row.values


def _like(left: Sequence[Any], right: Sequence[Any]) -> _Same:
    """Say whether a CSV file, which has no types, says the same."""
    alike = len(left) == len(right) and all(a == b or str(a) == str(b) for a, b in zip(left, right, strict=True))
    return _Same.TO_THE_BIT if alike else _Same.NOT


def _put(new: Path, target: Path, replace: bool) -> None:
    try:
        if not replace:
            FileIO(target, "x").close()  # it may have come meanwhile
    except FileExistsError as error:
        raise FileExistsError(_TAKEN.format(target)) from error
    except OSError as error:
        raise explain(error, target) from error
    try:
        if target.suffix.lower() == ".csv":
            about = json.loads(beside_of(new).read_text(encoding="utf-8"))
            beside_of(target).write_text(
                json.dumps({**about, "url": target.name}, indent=1, ensure_ascii=False), "utf-8"
            )
        new.replace(target)
    except OSError as error:
        with contextlib.suppress(OSError):
            new.unlink(missing_ok=True)
            if not replace:
                target.unlink(missing_ok=True)
        raise explain(error, target) from error
