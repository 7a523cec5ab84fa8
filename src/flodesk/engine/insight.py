"""A close look at a value: what it is, how big, in what unit, its statistics and a small picture of it.

`preview` says in a dozen characters what somebody may glance at; this is for the one value that somebody points at.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from flodesk.engine.preview import LONGEST, SPARK_POINTS, Preview, known, preview
from flodesk.public import Line, Number, Waveform

MOST_LOOKED_AT = 4_000_000
"""Of more numbers every n-th is looked at: the run needs the processor more."""
MOST_IN_LIST = 100_000
"""Numbers in a list, each of them an object, that are looked at."""


@dataclass(frozen=True, slots=True)
class Statistics:
    """Of the finite numbers of a value; `missing` counts NaN, `infinite` the rest.

    `every` is 1 where all were looked at, else every n-th was. With no finite number the four are NaN.
    """

    count: int
    low: float
    high: float
    mean: float
    deviation: float
    missing: int = 0
    infinite: int = 0
    every: int = 1


@dataclass(frozen=True, slots=True)
class Insight:
    """What there is to say about a value.

    Attributes
    ----------
    type : str
        Its port type (see `flodesk.flow.types`).
    kind : str
        In words: ``float64 array``, ``float``, ``table``.
    text : str
        The value itself where it is short, else the preview's words.
    shape : str
        ``1000``, ``3 × 1000``; empty for a single value.
    unit : str
        The unit that the value carries itself.
    size : int
        In bytes, where that is cheaply known; -1 elsewhere.
    statistics : Statistics or None
        Where it consists of numbers.
    spark : tuple of float
        At most 64 samples, lowest and highest kept.
    error : str
        Why there is nothing to say; empty if there is.
    """

    type: str = "any"
    kind: str = ""
    text: str = ""
    shape: str = ""
    unit: str = ""
    size: int = -1
    statistics: Statistics | None = None
    spark: tuple[float, ...] = ()
    error: str = ""

    def to_json(self) -> dict[str, Any]:
        """Return it as plain JSON values; what is not finite is None."""
        data: dict[str, Any] = {f.name: getattr(self, f.name) for f in fields(self)}
        found = self.statistics
        if found is not None:
            data["statistics"] = [_plain(getattr(found, f.name)) for f in fields(found)]
        data["spark"] = list(self.spark)
        return data

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Insight:
        """Make it again."""
        found = data.get("statistics")
        numbers: list[Any] | None = [math.nan if n is None else n for n in found] if found is not None else None
        spark = tuple(float(v) for v in data.get("spark", ()))
        words = {name: str(data.get(name, "")) for name in ("type", "kind", "text", "shape", "unit", "error")}
        return cls(
            **words,
            size=int(data.get("size", -1)),
            statistics=Statistics(*numbers) if numbers is not None else None,
            spark=spark,
        )


def insight(value: Any) -> Insight:
    """Look closely at a value, whatever it is; nothing of it is copied that need not be."""
    try:
        return _insight(value)
    except Exception as error:  # noqa: BLE001 - a foreign class may raise in anything that it is asked
        return Insight(kind=type(value).__name__, text=f"showing it failed: {error}"[:LONGEST])


def size_of(value: Any) -> int:
    """Return how many bytes a value takes where that is cheaply known, else -1."""
    if isinstance(value, Waveform):
        return size_of(value.y)
    if isinstance(value, known("numpy", "ndarray")):
        return int(value.nbytes)
    if isinstance(value, (known("pandas", "DataFrame"), known("pandas", "Series"))):
        used = value.memory_usage(index=True, deep=False)
        return int(used.sum() if hasattr(used, "sum") else used)
    if isinstance(value, str | bytes | bytearray | int | float | complex | bool | None):
        return value.__sizeof__()
    if isinstance(value, Line):
        return sum(max(0, size_of(part)) for trace in value.traces for part in (trace.x, trace.y))
    if isinstance(value, list | tuple | set | dict):
        return value.__sizeof__() if not value or isinstance(value, dict | set) else _listed(value)
    return -1


def _listed(value: list[Any] | tuple[Any, ...]) -> int:
    """Guess the size of a list from its first items: they are alike, most of the time."""
    some = value[:32]
    each = sum(max(0, size_of(item)) for item in some) / len(some)
    return value.__sizeof__() + round(each * len(value))


def _insight(value: Any) -> Insight:
    brief = preview(value)
    kind = type(value).__name__
    if isinstance(value, Waveform):
        return _waveform(value, brief)
    if isinstance(value, known("pandas", "Series")):
        return _array(value.to_numpy(), brief, f"{value.dtype} column", size_of(value))
    if isinstance(value, known("numpy", "ndarray")) and value.ndim:
        return _array(value, brief, f"{value.dtype.name} array", size_of(value))
    if isinstance(value, known("pandas", "DataFrame")):
        missing = f", {gaps} cells missing" if (gaps := _gaps(value)) else ""
        return Insight("table", "table", brief.detail + missing, brief.text, size=size_of(value))
    if isinstance(value, list | tuple) and brief.spark:
        numbers = _statistics(_as_array(value))
        return Insight(
            brief.type, f"{kind} of numbers", brief.text, str(len(value)), "", size_of(value), numbers, brief.spark
        )
    if isinstance(value, list | tuple | dict | set | frozenset):
        return Insight(brief.type, kind, repr(value)[:LONGEST] if len(value) < 50 else brief.detail, str(len(value)))
    if isinstance(value, Line) and value.traces:
        return _line(value, brief)
    if isinstance(value, Number):
        return Insight("indicator", "Number", brief.detail, unit=value.unit)
    if isinstance(value, str):
        lines = value.count("\n") + 1
        shape = f"{len(value)} characters" + (f", {lines} lines" if lines > 1 else "")
        return Insight("text", "text", brief.detail, shape, size=size_of(value))
    if isinstance(value, known("numpy", "generic")):
        return Insight(brief.type, f"{value.dtype.name} number", brief.detail, size=int(value.nbytes))
    return Insight(brief.type, kind, brief.detail or brief.text, size=size_of(value))


def _waveform(value: Waveform, brief: Preview) -> Insight:
    import numpy

    y = numpy.asarray(value.y)
    kind = f"{y.dtype.name} signal, {value.rate:g} Hz from {value.t0:g} s"
    return Insight("signal", kind, brief.text, _shape(y), value.unit, int(y.nbytes), _statistics(y), brief.spark)


def _array(value: Any, brief: Preview, kind: str, size: int) -> Insight:
    spark = brief.spark
    if not spark and value.ndim == 2 and value.dtype.kind in "iuf" and 1 < value.shape[0] <= 8 < value.shape[1]:
        spark = preview(value[0]).spark  # some channels: the first of them
    return Insight(brief.type, kind, brief.text, _shape(value), "", size, _statistics(value), spark)


def _line(value: Line, brief: Preview) -> Insight:
    import numpy

    y = numpy.asarray(value.traces[-1].y)
    many = len(value.traces)
    kind = "Line" if many == 1 else f"Line of {many} traces, here the last"
    unit = value.traces[-1].unit or value.y_unit
    return Insight("indicator", kind, brief.detail, _shape(y), unit, size_of(value), _statistics(y), brief.spark)


def _shape(value: Any) -> str:
    return " × ".join(map(str, value.shape))


def _as_array(value: Any) -> Any:
    import numpy

    return numpy.asarray(value[:MOST_IN_LIST], dtype=float)


def _gaps(table: Any) -> int:
    return int(table.isna().to_numpy().sum()) if table.size <= MOST_LOOKED_AT else 0


def _statistics(value: Any) -> Statistics | None:
    """Return the statistics of an array of numbers or truths."""
    import numpy

    if not value.size or value.dtype.kind not in "biuf":
        return None
    every = -(-value.size // MOST_LOOKED_AT)
    some = value.reshape(-1)[::every] if every > 1 else value
    missing = infinite = 0
    if some.dtype.kind == "f":
        finite = numpy.isfinite(some)
        if not finite.all():
            missing = int(numpy.isnan(some).sum())
            infinite = int(some.size - finite.sum()) - missing
            some = some[finite]
    if not some.size:
        return Statistics(int(value.size), math.nan, math.nan, math.nan, math.nan, missing, infinite, every)
    wide = some.astype(float) if some.dtype.kind == "b" or some.dtype.itemsize < 4 else some
    with numpy.errstate(over="ignore", invalid="ignore"):  # huge numbers: their mean is infinite, and said to be
        mean, deviation = float(wide.mean(dtype=float)), float(wide.std(dtype=float))
    low, high = float(some.min()), float(some.max())
    return Statistics(int(value.size), low, high, mean, deviation, missing, infinite, every)


def _plain(number: float) -> float | None:
    return number if math.isfinite(number) else None


__all__ = ["SPARK_POINTS", "Insight", "Statistics", "insight", "size_of"]
