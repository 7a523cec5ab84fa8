"""Reading a recording that is an Arrow IPC stream, as many of its turns as are whole."""

from __future__ import annotations

import io
import json
import struct
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache, partial
from itertools import pairwise
from pathlib import Path
from typing import Any

from flodesk.nodes._recording.reading import Place, Row
from flodesk.public import Waveform

_MARK = 0xFFFFFFFF
_END = b"\xff\xff\xff\xff\0\0\0\0"
_FILE = b"ARROW1\0\0"
"""What an Arrow *file* begins with; a stream follows."""
_SCHEMA, _DICTIONARY, _BATCH = 1, 2, 3
_OWN = ("turn", "time", "dropped", "dt", "clock")
"""What a recorder adds, in a file that does not say so itself."""


class ArrowRecording:
    """Turns of an Arrow stream. Its batches are found by their heads, so any of them is read without the others.

    Parameters
    ----------
    path : Path
        The file; it may still be written to.

    Raises
    ------
    ValueError
        It is no Arrow stream, or none that can be read.
    OSError
        It may not be read.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.ending = ""
        self._file = path.open("rb")
        try:
            self._head, self._batches = self._index()
            self._names, about = self._schema()
        except BaseException:
            self._file.close()
            raise
        self.about: Mapping[str, Any] = about
        own = about.get("own") or [name for name in self._names if name in _OWN]
        self.others = tuple(name for name in self._names if name in own)
        fields = [name for name in self._names if name not in own]
        given = about.get("columns") or fields
        self.values = tuple(given) if len(given) == len(fields) else tuple(fields)
        self._fields = {**dict(zip(self.values, fields, strict=True)), **{name: name for name in self.others}}
        self._units: dict[str, str] = about.get("units") or {}
        self._kinds: dict[str, str] = about.get("kinds") or {}
        self._clock = next((name for name in ("clock", "time") if name in own and name in self._names), "")
        self.timed = bool(self._clock)
        # a few batches are looked at again and again where a place is sought, or the end is repeated
        self._decoded = lru_cache(4)(partial(_decoded, self._file, self._head))
        self.begins = self._time(0, 0)
        self.length = max(0.0, self._time(len(self._batches) - 1, -1) - self.begins)

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    # -------------------------------------------------------------- what there is
    def _index(self) -> tuple[bytes, list[tuple[int, int]]]:
        """Return the head of the stream, and where each whole batch begins and how many bytes it has."""
        file, size = self._file, self.path.stat().st_size
        at = len(_FILE) if file.read(len(_FILE)) == _FILE else 0
        head, batches = b"", []
        while True:
            file.seek(at)
            mark = file.read(8)
            if len(mark) < 8:
                self._note(len(mark), head)
                break
            marked, length = struct.unpack("<Ii", mark)
            if not head and (marked != _MARK or length <= 0):
                raise ValueError(f"{self.path} is no Arrow stream: choose a recording (*.arrows)")
            if marked != _MARK or length < 0:
                self._damaged(at)
                break
            if not length:
                break
            message = file.read(length)
            whole = len(message) == length
            kind, body = _told(message) if whole else (0, 0)
            if not whole or at + 8 + length + body > size:
                self._note(size - at, head)
                break
            if kind == _SCHEMA:
                head = mark + message
            elif kind == _BATCH:
                batches.append((at, 8 + length + body))
            elif kind != _DICTIONARY:
                self._damaged(at)
                break
            else:
                raise ValueError(f"{self.path} has columns of a kind that no recorder writes: read it as a table")
            at += 8 + length + body
        return head, batches

    def _damaged(self, at: int) -> None:
        self.ending = f"what follows its first {at} bytes is damaged"

    def _note(self, rest: int, head: bytes) -> None:
        """Say that the mark of the end is missing: the recorder was killed, or still records."""
        if head:
            self.ending = "it has no end: its recorder was killed, or still records"
            self.ending += f"; its last {rest} bytes are no whole turn" if rest else ""

    def _schema(self) -> tuple[list[str], dict[str, Any]]:
        """Return the names of the fields, and what the recorder has noted."""
        if not self._head:
            return [], {}
        from nanoarrow import ArrayStream

        try:
            with ArrayStream.from_readable(io.BytesIO(self._head + _END)) as stream:
                schema = stream.schema
                told = dict(schema.metadata.items()) if schema.metadata is not None else {}
                names = [field.name for field in schema.fields]
        except Exception as error:
            raise ValueError(f"{self.path} cannot be read as an Arrow stream: {error}") from error
        try:
            about = json.loads(told.get(b"flodesk", b"{}"))
        except ValueError:
            about = {}
        return names, about if isinstance(about, dict) else {}

    def _time(self, batch: int, row: int) -> float:
        """Return the time of a turn in s since 1970, or by whatever clock the file has."""
        if not self._batches or not self._clock:
            return 0.0
        try:
            times = self._column(self._batch(batch), self._clock)
            return float(times[row]) if len(times) else 0.0
        except _Damaged:
            return 0.0

    def _batch(self, number: int) -> Any:
        return self._decoded(*self._batches[number])

    def _column(self, batch: Any, name: str) -> Sequence[Any]:
        return _values(batch.child(self._names.index(self._fields[name])))

    # -------------------------------------------------------------- reading
    def find(self, seconds: float) -> Place:
        """Return where the first turn stands that is not earlier than so many seconds after the first of all."""
        low, high = 0, len(self._batches)
        while low < high:  # the first batch of which the last turn is not too early
            middle = (low + high) // 2
            if self._time(middle, -1) - self.begins < seconds:
                low = middle + 1
            else:
                high = middle
        if low == len(self._batches) or not self._clock:
            return low, 0
        times = self._column(self._batch(low), self._clock)
        return low, next((row for row, time in enumerate(times) if time - self.begins >= seconds), 0)

    def rows(self, columns: Sequence[str], place: Place) -> Iterator[Row]:
        """Give the turns from a place on; where a batch is damaged it ends, and `ending` says so."""
        number, first = place
        while number < len(self._batches):
            try:
                batch = self._batch(number)
                chosen = [self._given(batch, name) for name in columns]
                clock = self._column(batch, self._clock) if self._clock else ()
            except _Damaged as error:
                self.ending = f"batch {number + 1} of {len(self._batches)} is damaged ({error})"
                return
            for row in range(first, len(batch)):
                at = clock[row] - self.begins if self._clock else 0.0
                yield Row((number, row + 1), at, tuple(values[row] for values in chosen))
            number, first = number + 1, 0

    def _given(self, batch: Any, name: str) -> Sequence[Any]:
        """Return a column as it was recorded: a signal has its time, its distance and its unit."""
        values = self._column(batch, name)
        kind, _, dtype = self._kinds.get(name, "").partition(" ")
        listed = bool(len(values)) and hasattr(values[0], "dtype")
        if name in self.others or not listed:
            return values
        if dtype:
            values = [array.astype(dtype, copy=False) for array in values]
        if kind == "array" or (not kind and "dt" not in self.others):
            return values
        t0, dt = (own if (own := f"{what} of {name}") in self.others else other for what, other in _AXIS)
        unit = self._units.get(name, "")
        axes = zip(values, self._column(batch, dt), self._column(batch, t0), strict=True)
        return [Waveform(y, step, start, unit) if step > 0 else y for y, step, start in axes]


_AXIS = (("t0", "time"), ("dt", "dt"))
"""The first and the distance of samples: columns of one signal, and those that all have if there are no such."""


class _Damaged(Exception):  # noqa: N818 - ends the reading of a file, and no more
    """A batch cannot be read."""


def _told(message: bytes) -> tuple[int, int]:
    """Return what a message is, and how many bytes follow it (Arrow's ``Message.fbs``)."""
    try:
        root = struct.unpack_from("<I", message, 0)[0]
        table = root - struct.unpack_from("<i", message, root)[0]
        count = (struct.unpack_from("<H", message, table)[0] - 4) // 2
        fields = struct.unpack_from(f"<{count}H", message, table + 4)
        kind = message[root + fields[1]] if count > 1 and fields[1] else 0
        body = struct.unpack_from("<q", message, root + fields[3])[0] if count > 3 and fields[3] else 0
    except (struct.error, IndexError):
        return 0, 0
    return kind, max(0, body)


def _decoded(file: io.BufferedReader, head: bytes, at: int, length: int) -> Any:
    """Return a batch as a struct of columns."""
    from nanoarrow import ArrayStream

    file.seek(at)
    try:
        with ArrayStream.from_readable(io.BytesIO(head + file.read(length) + _END)) as stream:
            return next(iter(stream))
    except StopIteration:
        raise _Damaged("it is empty") from None
    except Exception as error:
        raise _Damaged(" ".join(str(error).split())) from error


def _values(column: Any) -> Sequence[Any]:
    """Return the values of a column: plain ones, or an array of its own for each list."""
    import numpy

    if column.n_children != 1 or len(column.buffers) != 2:
        found: Sequence[Any] = column.to_pylist()
        return [numpy.asarray(v) for v in found] if found and isinstance(found[0], list) else found
    ends = numpy.asarray(column.buffers[1])[column.offset : column.offset + len(column) + 1]
    flat = numpy.asarray(column.child(0).buffers[1])
    return [flat[start:stop].copy() for start, stop in pairwise(ends)]
