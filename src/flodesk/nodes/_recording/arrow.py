"""Recording to an Arrow IPC stream: quick, and whole up to its last turn however the program ends."""

from __future__ import annotations

import io
import json
from collections.abc import Sequence
from typing import Any

from flodesk.nodes._recording.columns import Column, Own, own_columns, plain, samples_of
from flodesk.nodes._recording.ring import Turn
from flodesk.nodes._recording.target import Head


class Stream:
    """Turns as batches of an Arrow IPC stream."""

    def __init__(self) -> None:
        self._bytes = io.BytesIO()
        self._writer: Any = None
        self._schema: Any = None
        self._columns: Sequence[Column] = ()
        self._own: list[Own] = []

    def opening(self, head: Head, columns: Sequence[Column]) -> bytes:
        """Return the schema, with what is known of the recording as metadata."""
        import nanoarrow
        from nanoarrow.ipc import StreamWriter

        self._columns = columns
        self._own = own_columns(columns)
        fields = {own.name: _type(own.dtype) for own in self._own}
        for column in columns:
            fields[column.name] = nanoarrow.list_(_type(_items(column))) if column.samples else _type(column.dtype)
        schema = nanoarrow.c_schema(nanoarrow.struct(fields))
        self._schema = schema.modify(metadata={b"flodesk": json.dumps(head, ensure_ascii=False).encode()})
        self._bytes = io.BytesIO()
        self._writer = StreamWriter.from_writable(self._bytes)
        return b""  # the first batch brings it along

    def pack(self, turns: Sequence[Turn]) -> bytes:
        """Return turns as a batch."""
        import nanoarrow
        import numpy

        self._bytes.seek(0)  # a batch that failed leaves nothing behind
        self._bytes.truncate()
        count = len(turns)
        children = [_plain([own.of(turn) for turn in turns], own.dtype) for own in self._own]
        for place, column in enumerate(self._columns):
            values = [turn.values[place] for turn in turns]
            if not column.samples:
                children.append(
                    nanoarrow.c_array([plain(value, column.dtype) for value in values], _type(column.dtype))
                )
                continue
            arrays = [samples_of(value) for value in values]
            ends = numpy.cumsum([0, *map(len, arrays)], dtype="i4")
            flat = numpy.ascontiguousarray(numpy.concatenate(arrays), dtype=_items(column))
            inner = _type(_items(column))
            samples = nanoarrow.c_array_from_buffers(inner, len(flat), [None, flat])
            children.append(
                nanoarrow.c_array_from_buffers(nanoarrow.list_(inner), count, [None, ends], children=[samples])
            )
        batch = nanoarrow.c_array_from_buffers(self._schema, count, [None], children=children)
        self._writer.write_array(batch)
        return self._bytes.getvalue()

    def closing(self, tail: Head) -> bytes:
        """Return the mark at the end."""
        self._writer.close()
        return (0xFFFFFFFF).to_bytes(4, "little") + bytes(4)


def _plain(values: list[Any], dtype: str) -> Any:
    """Return a column of plain values."""
    import nanoarrow
    import numpy

    if dtype != "str":
        return nanoarrow.c_array(values, _type(dtype))
    texts = [value.encode("utf-8", "surrogatepass") for value in values]  # nanoarrow cannot count many empty ones
    ends = numpy.cumsum([0, *map(len, texts)], dtype="i4")
    return nanoarrow.c_array_from_buffers(nanoarrow.string(), len(texts), [None, ends, b"".join(texts)])


def _items(column: Column) -> str:
    """Return the type of samples: a truth of many is a byte, as its bits would have to be packed."""
    return "uint8" if column.dtype == "bool" else column.dtype


def _type(dtype: str) -> Any:
    import nanoarrow

    return getattr(nanoarrow, {"bool": "bool_", "str": "string"}.get(dtype, dtype))()
