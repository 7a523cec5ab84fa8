"""Recording to TDMS: segments one behind the other, each of which says by itself what is in it."""

from __future__ import annotations

import contextlib
import io
import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from flodesk.nodes._recording.columns import Column, Own, own_columns, plain, samples_of
from flodesk.nodes._recording.ring import Turn
from flodesk.nodes._recording.target import Head

VALUES, TURNS, LENGTHS = "values", "turns", "lengths"
"""The groups of a file."""


class Segments:
    """Turns as segments of a TDMS file."""

    def __init__(self) -> None:
        self._columns: Sequence[Column] = ()
        self._own: list[Own] = []
        self._head: Head = {}

    def opening(self, head: Head, columns: Sequence[Column]) -> bytes:
        """Return nothing: the first segment says what is known."""
        self._columns, self._own, self._head = columns, own_columns(columns), head
        return b""

    def pack(self, turns: Sequence[Turn]) -> bytes:
        """Return turns as a segment."""
        import numpy
        from nptdms import ChannelObject

        objects: list[Any] = [self._root({})] if self._head else []
        for own in self._own:
            objects.append(ChannelObject(TURNS, own.name, _listed([own.of(turn) for turn in turns], own.dtype)))
        for place, column in enumerate(self._columns):
            values = [turn.values[place] for turn in turns]
            if column.samples:
                arrays = [samples_of(value) for value in values]
                flat = numpy.concatenate(arrays).astype("u1" if column.dtype == "bool" else column.dtype, copy=False)
                objects.append(ChannelObject(VALUES, column.name, flat, _properties(column)))
                lengths = numpy.array([len(array) for array in arrays], "int64")
                objects.append(ChannelObject(LENGTHS, column.name, lengths))
            else:
                items = _listed([plain(value, column.dtype) for value in values], column.dtype)
                objects.append(ChannelObject(VALUES, column.name, items, _properties(column)))
        data = _segment(objects)
        self._head = {}
        return data

    def closing(self, tail: Head) -> bytes:
        """Return a segment that says how it ended."""
        return _segment([self._root(tail)])

    def _root(self, tail: Head) -> Any:
        from nptdms import RootObject

        head = self._head
        flow = head.get("flow", {})
        told = {"flodesk": json.dumps(head, ensure_ascii=False)} if head else {}
        plain_ones = {"flow": flow.get("path", ""), "hash": flow.get("hash", ""), **tail}
        return RootObject(told | {name: value for name, value in plain_ones.items() if value != ""})


def _listed(values: list[Any], dtype: str) -> Any:
    import numpy

    return values if dtype == "str" else numpy.array(values, dtype)


def _segment(objects: Sequence[Any]) -> bytes:
    from nptdms import TdmsWriter

    file = io.BytesIO()
    with TdmsWriter(file) as writer:
        writer.write_segment(objects)
        return file.getvalue()


def _properties(column: Column) -> dict[str, Any]:
    """Return what LabVIEW knows of a channel."""
    found: dict[str, Any] = {"unit_string": column.unit} if column.unit else {}
    if column.dt:
        found |= {"wf_increment": column.dt, "wf_start_offset": 0.0, "wf_samples": 1}
        with contextlib.suppress(ValueError, OverflowError, OSError):  # no date is so long ago, or so far ahead
            found["wf_start_time"] = datetime.fromtimestamp(column.t0, UTC).replace(tzinfo=None)
    return found
