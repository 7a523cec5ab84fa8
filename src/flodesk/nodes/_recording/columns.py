"""What is recorded, a column for each value: of which kind, in which unit, under which name."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, NamedTuple

from flodesk.nodes._recording.ring import Turn
from flodesk.public import Waveform

OVERHEAD = 200
"""Bytes that a turn takes beside its arrays, about."""
OWN = ("turn", "time", "dropped", "clock", "dt", "changed")
"""Columns that a recording has beside those of its values."""
_PLAIN = {bool: "bool", int: "int64", float: "float64", str: "str"}
_SAMPLES = {"f4", "f8", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8"}


class Column(NamedTuple):
    """A column of a recording.

    Attributes
    ----------
    name : str
        No two of a recording have the same, nor that of a column of its own (`OWN`).
    dtype : str
        ``bool``, ``int64``, ``float64`` or ``str``; of samples NumPy's name of one of them.
    samples : bool
        Each value is a row of them.
    unit : str
        As the first signal said; empty if none did.
    dt : float
        Distance of two samples of the first signal in s; 0 where there is none.
    t0 : float
        Time of its first sample in s.
    kind : str
        Of samples what they came in, and their type there: ``signal float32``, ``array int16``.
    """

    name: str
    dtype: str
    samples: bool = False
    unit: str = ""
    dt: float = 0.0
    t0: float = 0.0
    kind: str = ""


def dtype_of(value: object) -> tuple[str, bool]:
    """Return the type of a value's column, and whether it is one of samples.

    Raises
    ------
    ValueError
        It cannot be recorded.
    """
    import numpy

    if isinstance(value, Waveform | numpy.ndarray):
        array = value.y if isinstance(value, Waveform) else value
        if array.ndim == 1 and array.dtype.kind in "fiub":
            known = array.dtype.kind == "b" or array.dtype.str[1:] in _SAMPLES
            return (array.dtype.newbyteorder("=").name if known else "float64"), True
        raise ValueError(f"an array of {array.dtype} and shape {array.shape} cannot be recorded: wire rows of numbers")
    if isinstance(value, numpy.generic):
        value = value.item()
    for kind, name in _PLAIN.items():
        if type(value) is kind:
            return name, False
    raise ValueError(
        f"a value of the kind {type(value).__name__} cannot be recorded: wire numbers, truths, texts, signals or arrays"
    )


def said(dtype: str, samples: bool) -> str:
    """Return the type of a column in words."""
    return (
        "a signal"
        if samples
        else {"bool": "a truth", "str": "a text", "int64": "a whole number"}.get(dtype, "a number")
    )


def named(given: Sequence[str], count: int) -> list[str]:
    """Return a name for each of so many values: those that were given, else ``value`` or ``value_1`` ..."""
    return list(given) or (["value"] if count == 1 else [f"value_{number}" for number in range(1, count + 1)])


def check_names(given: Sequence[str], inner: Callable[[str], str] = str) -> None:
    """See that columns can have these names, before there is a file.

    Parameters
    ----------
    inner : callable
        Gives the name that a column has in the file.

    Raises
    ------
    ValueError
        A name is empty, or such that a file cannot hold it, or two would be one there.
    """
    found: dict[str, str] = {}
    for number, name in enumerate(given, 1):
        if not name:
            raise ValueError(f"column {number} has no name: give it one")
        if "\0" in name or not _in_utf8(name):
            raise ValueError(f"column {number} is called {name!a}, which no file can hold: give it another name")
        other = found.setdefault(inner(name), name)
        if other != name:
            raise ValueError(f"the columns {other} and {name} would have one name in the file: rename one of them")


def _in_utf8(name: str) -> bool:
    try:
        name.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


def columns_of(given: Sequence[str], values: Sequence[object]) -> list[Column]:
    """Return the columns of a recording that begins with these values; names that are taken get a dash behind."""
    found: list[Column] = []
    taken = set(OWN)
    for name, value in zip(named(given, len(values)), values, strict=True):
        while name.casefold() in taken:
            name += "_"
        taken.add(name.casefold())
        wave = value if isinstance(value, Waveform) else None
        axis = (wave.unit, float(wave.dt), float(wave.t0)) if wave is not None else ("", 0.0, 0.0)
        dtype, samples = ("float64", False) if value is None else dtype_of(value)  # a gap in a CSV file
        kind = (
            f"{'signal' if wave is not None else 'array'} {samples_of(value).dtype.newbyteorder('=').name}"
            if samples
            else ""
        )
        found.append(Column(name, dtype, samples, *axis, kind))
    return found


def plain(value: Any, dtype: str) -> Any:
    """Return a value of a column as one of Python's own."""
    value = value.item() if hasattr(value, "item") else value
    return float(value) if dtype == "float64" else value


def samples_of(value: Any) -> Any:
    """Return the samples of a signal, or of an array."""
    return value.y if isinstance(value, Waveform) else value


class Own(NamedTuple):
    """A column that a recorder adds: its name, its type, and what it holds of a turn."""

    name: str
    dtype: str
    of: Callable[[Turn], Any]


def own_columns(columns: Sequence[Column]) -> list[Own]:
    """Return what a recorder adds: the turn and its time, of signals their axes, and what has changed."""
    found = [
        Own("turn", "int64", lambda turn: turn.number),
        Own("time", "float64", lambda turn: turn.time),
        Own("dropped", "int64", lambda turn: turn.dropped),
    ]
    signals = [(place, column.name) for place, column in enumerate(columns) if column.dt]
    for number, (place, name) in enumerate(signals):
        if not number:
            found.append(Own("clock", "float64", lambda turn: turn.clock))
        else:
            found.append(Own(f"t0 of {name}", "float64", partial(_axis, place, "t0")))
        found.append(Own(f"dt of {name}" if number else "dt", "float64", partial(_axis, place, "dt")))
    return [*found, Own("changed", "str", lambda turn: turn.changed)]


def _axis(place: int, what: str, turn: Turn) -> float:
    value = turn.values[place]
    return float(getattr(value, what)) if isinstance(value, Waveform) else 0.0  # an array has no times


def kept_now(values: Sequence[object]) -> tuple[tuple[Any, ...], int, float | None]:
    """Return values as they are now, whatever is done with them later; their size in bytes.

    The third is the time of the first sample in s; None where there is no signal.
    """
    import numpy

    size, at = OVERHEAD, None
    kept: list[Any] = []
    for value in values:
        if isinstance(value, Waveform):
            kept.append(Waveform(value.y.copy(), value.dt, value.t0, value.unit))
            size += value.y.nbytes
            at = value.t0 if at is None else at
        elif isinstance(value, numpy.ndarray):
            kept.append(value.copy())
            size += value.nbytes
        else:
            kept.append(value)
    return tuple(kept), size, at
