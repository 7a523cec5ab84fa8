"""Values on their way to a screen: a head of plain JSON values, and the raw bytes of the arrays beside it.

No pickle: what can be decoded is a closed list of types, so that no message makes this process run anything. Arrays are
cut down to what a screen can show where they are made.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable, Sequence
from typing import Any

from flodesk.engine.preview import Preview, known, preview
from flodesk.engine.thumbnail import Thumbnail
from flodesk.indicators import ALL, PARTS, Indicator, Note, Trace
from flodesk.indicators.cutting import CURVE_POINTS, minmax, shrink
from flodesk.public import Waveform

Head = dict[str, Any]
Buffers = list[Any]

LONGEST_TEXT = 20_000
MOST_ITEMS = 200
MOST_ROWS = 500
MOST_COLUMNS = 60
_DEEPEST = 6

_INDICATORS: dict[str, type[Any]] = {kind.__name__: kind for kind in (*ALL, *PARTS)}


def encode(value: Any) -> tuple[Head, Buffers]:
    """Turn a value into (head, buffers); what has no form of its own becomes its summary in words.

    A 1-D array or signal of more than 2000 samples becomes a `Trace` of the lowest and highest ones, at their places.
    """
    buffers: Buffers = []
    try:
        return _encode(value, buffers, 0), buffers
    except Exception as error:  # noqa: BLE001 - a foreign class may raise in anything that it is asked
        return {"t": "text", "v": f"{type(value).__name__}: {error}"[:LONGEST_TEXT]}, []


def encode_whole(array: Any) -> tuple[Head, Buffers]:
    """Turn an array of numbers into (head, buffers), all of it."""
    buffers: Buffers = []
    return _raw(array, buffers), buffers


def decode(head: Head, buffers: Sequence[Any]) -> Any:
    """Make the value again. Arrays are copies of the buffers, so that these can be used again.

    Raises
    ------
    KeyError, ValueError, TypeError
        The head is not one that `encode` makes.
    """
    return _DECODE[head["t"]](head, buffers)


# ------------------------------------------------------------------ encode
def _encode(value: Any, buffers: Buffers, depth: int) -> Head:
    if value is None:
        return {"t": "none"}
    if isinstance(value, bool):
        return {"t": "truth", "v": value}
    if isinstance(value, int):
        return {"t": "int", "v": value} if value.bit_length() < 64 else {"t": "text", "v": preview(value).detail}
    if isinstance(value, float):
        return {"t": "float", "v": value} if math.isfinite(value) else {"t": "float", "v": repr(float(value))}
    if isinstance(value, str):
        return {"t": "text", "v": value[:LONGEST_TEXT]}
    if isinstance(value, Waveform):
        return _waveform(value, buffers)
    if isinstance(value, (Indicator, *PARTS)):
        return _indicator(value, buffers, depth)
    if isinstance(value, known("numpy", "ndarray")):
        return _array(value, buffers)
    if isinstance(value, known("numpy", "generic")):
        plain = value.item()
        known_type = not isinstance(plain, known("numpy", "generic"))  # a longdouble stays one
        return _encode(plain, buffers, depth) if known_type else {"t": "text", "v": str(plain)}
    if isinstance(value, known("pandas", "DataFrame")):
        return _table(value, buffers)
    if isinstance(value, list | tuple) and len(value) <= MOST_ITEMS and depth < _DEEPEST:
        kind = "tuple" if isinstance(value, tuple) else "list"
        return {"t": kind, "v": [_encode(v, buffers, depth + 1) for v in value]}
    if isinstance(value, dict) and len(value) <= MOST_ITEMS and depth < _DEEPEST:
        return {"t": "dict", "v": [[str(k)[:100], _encode(v, buffers, depth + 1)] for k, v in value.items()]}
    return {"t": "text", "v": preview(value).detail}


def _array(value: Any, buffers: Buffers) -> Head:
    if value.dtype.kind not in "biufc":
        return _strings(value, buffers)
    if value.ndim == 0:
        return _encode(value.item(), buffers, 0)
    if value.ndim == 1 and len(value) > CURVE_POINTS and value.dtype.kind != "c":
        index, y = minmax(value)
        return _indicator(Trace(index, y), buffers, 0)
    if value.ndim == 1 and len(value) > CURVE_POINTS:
        value = value[:: -(-len(value) // CURVE_POINTS)]
    return _raw(shrink(value), buffers)


def _raw(value: Any, buffers: Buffers) -> Head:
    import numpy

    flat = numpy.ascontiguousarray(value)
    if flat.dtype.byteorder == ">":
        flat = flat.astype(flat.dtype.newbyteorder("<"))
    buffers.append(flat.reshape(-1).view(numpy.uint8).data)
    return {"t": "array", "d": flat.dtype.str, "s": list(flat.shape), "b": len(buffers) - 1}


def _strings(value: Any, buffers: Buffers) -> Head:
    if value.ndim == 1:
        return {"t": "list", "v": [_encode(v, buffers, _DEEPEST) for v in value[:MOST_ITEMS].tolist()]}
    return {"t": "text", "v": preview(value).detail}


def _waveform(value: Waveform, buffers: Buffers) -> Head:
    import numpy

    y = numpy.asarray(value.y)
    if y.ndim == 1 and len(y) > CURVE_POINTS and y.dtype.kind in "biuf":
        index, y = minmax(y)
        return _indicator(Trace(value.t0 + value.dt * index, y, "", value.unit), buffers, 0)
    step = max(1, -(-y.shape[-1] // CURVE_POINTS))
    head = {"t": "waveform", "dt": value.dt * step, "t0": value.t0, "u": value.unit}
    return {**head, "y": _raw(y[..., ::step], buffers)}


def _indicator(value: Any, buffers: Buffers, depth: int, *, cut: bool = True) -> Head:
    kind = next((c.__name__ for c in type(value).__mro__ if c.__name__ in _INDICATORS), "")
    if not kind or _INDICATORS[kind] not in type(value).__mro__:
        # a pack's own indicator: the editor does not import the pack, so it shows what the indicator says of itself
        return _indicator(Note(value.title, value.summary()[:LONGEST_TEXT]), buffers, depth)
    if cut and hasattr(value, "still"):
        value = value.still(CURVE_POINTS)
    names = [f.name for f in dataclasses.fields(_INDICATORS[kind])]
    return {"t": kind, "f": {name: _field(getattr(value, name), buffers, depth) for name in names}}


def _field(value: Any, buffers: Buffers, depth: int) -> Head:
    if hasattr(value, "dtype") and getattr(value, "ndim", 0) > 0:
        # an indicator has cut down what it has by itself
        return _raw(value, buffers) if value.dtype.kind in "biufc" else _array(value, buffers)
    if isinstance(value, tuple) and len(value) <= MOST_ITEMS and all(isinstance(part, PARTS) for part in value):
        # what they are part of has cut them as much as it wants
        return {"t": "tuple", "v": [_indicator(part, buffers, depth, cut=False) for part in value]}
    return _encode(value, buffers, depth + 1)


def _table(value: Any, buffers: Buffers) -> Head:
    """Take the first rows and columns of a DataFrame; `shape` is that of the whole."""
    part = value.iloc[:MOST_ROWS, :MOST_COLUMNS]
    columns = [[str(name)[:100], _column(part.iloc[:, n], buffers)] for n, name in enumerate(part.columns)]
    return {"t": "table", "shape": list(value.shape), "c": columns, "i": _column(part.index.to_series(), buffers)}


def _column(series: Any, buffers: Buffers) -> Head:
    numbers = series.dtype.kind in "biuf" if hasattr(series.dtype, "kind") else False
    plain = series.to_numpy() if numbers else None
    if plain is not None and plain.dtype.kind in "biuf":
        return _raw(plain, buffers)
    missing = series.isna().to_numpy()
    cells = [None if gone else str(cell)[:200] for cell, gone in zip(series.tolist(), missing, strict=True)]
    return {"t": "cells", "v": cells}


# ------------------------------------------------------------------ decode
def _to_array(head: Head, buffers: Sequence[Any]) -> Any:
    import numpy

    dtype = numpy.dtype(str(head["d"]))
    if dtype.kind not in "biufc":
        raise ValueError(f"no array of numbers: {head['d']}")
    shape = tuple(int(n) for n in head["s"])
    return numpy.frombuffer(bytes(buffers[head["b"]]), dtype=dtype).reshape(shape)


def _to_waveform(head: Head, buffers: Sequence[Any]) -> Waveform:
    return Waveform(_to_array(head["y"], buffers), float(head["dt"]), float(head["t0"]), str(head["u"]))


def _to_indicator(head: Head, buffers: Sequence[Any]) -> Any:
    values = {str(name): decode(part, buffers) for name, part in head["f"].items()}
    return _INDICATORS[head["t"]](**values)


def _to_table(head: Head, buffers: Sequence[Any]) -> Any:
    import pandas

    columns = {n: decode(part, buffers) for n, (_, part) in enumerate(head["c"])}
    table = pandas.DataFrame(columns, index=pandas.Index(decode(head["i"], buffers)))
    table.columns = pandas.Index([name for name, _ in head["c"]])
    table.attrs["shape"] = tuple(int(n) for n in head["shape"])
    return table


_DECODE: dict[str, Callable[[Head, Sequence[Any]], Any]] = {
    "none": lambda head, buffers: None,
    "truth": lambda head, buffers: bool(head["v"]),
    "int": lambda head, buffers: int(head["v"]),
    "float": lambda head, buffers: float(head["v"]),
    "text": lambda head, buffers: str(head["v"]),
    "list": lambda head, buffers: [decode(v, buffers) for v in head["v"]],
    "tuple": lambda head, buffers: tuple(decode(v, buffers) for v in head["v"]),
    "dict": lambda head, buffers: {str(k): decode(v, buffers) for k, v in head["v"]},
    "cells": lambda head, buffers: list(head["v"]),
    "array": _to_array,
    "waveform": _to_waveform,
    "table": _to_table,
    **dict.fromkeys(_INDICATORS, _to_indicator),
}


def preview_to_json(seen: Preview) -> list[Any]:
    """Return a preview as plain JSON values."""
    told: list[Any] = [seen.type, seen.text, seen.detail, list(seen.spark)]
    return told if seen.thumb is None else [*told, seen.thumb.to_json()]


def preview_from_json(data: Sequence[Any]) -> Preview:
    """Make the preview again."""
    kind, text, detail, spark, *thumb = data
    small = Thumbnail.from_json(thumb[0]) if thumb else None
    return Preview(str(kind), str(text), str(detail), tuple(float(v) for v in spark), small)
