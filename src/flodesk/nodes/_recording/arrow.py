"""Recording to an Arrow IPC stream: quick, and whole up to its last turn however the program ends."""

from __future__ import annotations

import io
import json
import time
from datetime import UTC, datetime
from typing import Any

from flodesk.nodes._recording.ring import Turn
from flodesk.public import Waveform

OVERHEAD = 200
"""Bytes that a turn takes beside its arrays, about."""
_NUMBERS = {"f4", "f8", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8"}
_NAMES = {"f": "float", "i": "int", "u": "uint"}
_PLAIN = {bool: "bool_", int: "int64", float: "float64", str: "string"}


def column_type(value: object) -> str:
    """Return the name of the Arrow type of a value's column; ``list`` for samples.

    Raises
    ------
    ValueError
        It cannot be recorded.
    """
    import numpy

    if isinstance(value, Waveform | numpy.ndarray):
        array = value.y if isinstance(value, Waveform) else value
        if array.ndim == 1 and array.dtype.kind in "fiub":
            return "list"
        raise ValueError(f"an array of {array.dtype} and shape {array.shape} cannot be recorded: wire rows of numbers")
    if isinstance(value, numpy.generic):
        value = value.item()
    for kind, name in _PLAIN.items():
        if type(value) is kind:
            return name
    raise ValueError(
        f"a value of the kind {type(value).__name__} cannot be recorded: wire numbers, truths, texts, signals or arrays"
    )


def said(column: str) -> str:
    """Return the type of a column in words."""
    return {"list": "a signal", "bool_": "a truth", "string": "a text"}.get(column, "a number")


def kept_now(values: tuple[object, ...]) -> tuple[tuple[Any, ...], int, float]:
    """Return values as they are now, whatever is done with them later; their size in bytes; their time in s."""
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
    return tuple(kept), size, time.time() if at is None else at


class Stream:
    """Turns as batches of an Arrow IPC stream."""

    def __init__(self, columns: list[str]) -> None:
        self._given = columns
        self._bytes = io.BytesIO()
        self._writer: Any = None
        self._schema: Any = None
        self._columns: list[tuple[str, str]] = []

    def opening(self, first: Turn) -> bytes:
        """Return the schema, with names, units and the time of the start as metadata."""
        import nanoarrow
        from nanoarrow.ipc import StreamWriter

        count = len(first.values)
        names = self._given or (["value"] if count == 1 else [f"value_{n}" for n in range(1, count + 1)])
        self._columns = [(name, _arrow_type(value)) for name, value in zip(names, first.values, strict=True)]
        own = {"turn": "int64", "time": "float64", "dropped": "int64"}
        self._signals = [(n, name) for n, name in enumerate(names) if isinstance(first.values[n], Waveform)]
        if self._signals:
            own |= {"clock": "float64", "dt": "float64"}
            own |= {f"{what} of {name}": "float64" for _, name in self._signals[1:] for what in ("t0", "dt")}
            self._ahead = time.time() - time.monotonic()
        fields = {name: getattr(nanoarrow, kind)() for name, kind in own.items()}
        for name, kind in self._columns:
            inner = getattr(nanoarrow, kind.removeprefix("list "))()
            while name in fields:
                name += "_"
            fields[name] = nanoarrow.list_(inner) if kind.startswith("list ") else inner
        self._own = own
        units = {n: v.unit for n, v in zip(names, first.values, strict=True) if isinstance(v, Waveform) and v.unit}
        kinds = {n: _said_kind(v) for n, v in zip(names, first.values, strict=True) if column_type(v) == "list"}
        about = {
            "started": datetime.now(UTC).isoformat(),
            "columns": names,
            "own": list(own),
            "kinds": kinds,
            "units": units,
        }
        schema = nanoarrow.c_schema(nanoarrow.struct(fields))
        self._schema = schema.modify(metadata={b"flodesk": json.dumps(about, ensure_ascii=False).encode()})
        self._bytes = io.BytesIO()
        self._writer = StreamWriter.from_writable(self._bytes)
        return b""  # the first batch brings it along

    def pack(self, turns: list[Turn]) -> bytes:
        """Return turns as a batch."""
        import nanoarrow
        import numpy

        self._bytes.seek(0)  # a batch that failed leaves nothing behind
        self._bytes.truncate()
        count = len(turns)
        given = {
            "turn": [turn.number for turn in turns],
            "time": [turn.time for turn in turns],
            "dropped": [turn.dropped for turn in turns],
        }
        for number, (place, name) in enumerate(self._signals):
            # of another kind than in the first turn: an array has no times
            axes = [(v.t0, v.dt) if isinstance(v := turn.values[place], Waveform) else (0.0, 0.0) for turn in turns]
            if number:
                given[f"t0 of {name}"] = [t0 for t0, _ in axes]
                given[f"dt of {name}"] = [dt for _, dt in axes]
            else:
                given["dt"] = [dt for _, dt in axes]
                given["clock"] = [turn.came + self._ahead for turn in turns]
        children = [nanoarrow.c_array(given[name], getattr(nanoarrow, kind)()) for name, kind in self._own.items()]
        for place, (_, kind) in enumerate(self._columns):
            values = [turn.values[place] for turn in turns]
            inner = getattr(nanoarrow, kind.removeprefix("list "))()
            if not kind.startswith("list "):
                children.append(nanoarrow.c_array([_item(value, kind) for value in values], inner))
                continue
            arrays = [value.y if isinstance(value, Waveform) else value for value in values]
            ends = numpy.cumsum([0, *map(len, arrays)], dtype="i4")
            flat = numpy.ascontiguousarray(numpy.concatenate(arrays), dtype=kind.removeprefix("list "))
            samples = nanoarrow.c_array_from_buffers(inner, len(flat), [None, flat])
            children.append(
                nanoarrow.c_array_from_buffers(nanoarrow.list_(inner), count, [None, ends], children=[samples])
            )
        batch = nanoarrow.c_array_from_buffers(self._schema, count, [None], children=children)
        self._writer.write_array(batch)
        return self._bytes.getvalue()

    def closing(self) -> bytes:
        """Return the mark at the end."""
        self._writer.close()
        return (0xFFFFFFFF).to_bytes(4, "little") + bytes(4)


def _arrow_type(value: Any) -> str:
    """Return the name of the type of a column; before that of samples stands ``list``."""
    kind = column_type(value)
    if kind != "list":
        return kind
    array = value.y if isinstance(value, Waveform) else value
    name = array.dtype.str[1:]
    if array.dtype.kind == "b":
        name = "u1"
    return f"list {_NAMES[name[0]]}{8 * int(name[1:])}" if name in _NUMBERS else "list float64"


def _said_kind(value: Any) -> str:
    """Return what a list was before it became one, and the type of its samples."""
    array = value.y if isinstance(value, Waveform) else value
    return f"{'signal' if isinstance(value, Waveform) else 'array'} {array.dtype.newbyteorder('=').name}"


def _item(value: Any, kind: str) -> Any:
    value = value.item() if hasattr(value, "item") else value
    return float(value) if kind == "float64" else value
