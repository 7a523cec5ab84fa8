"""Parquet, to which recordings are converted; never recorded to, as without its end nothing of it can be read."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from flodesk.nodes._recording.columns import Column, Own, own_columns, plain, samples_of
from flodesk.nodes._recording.ring import Turn
from flodesk.nodes._recording.target import Head


class ParquetFile:
    """Turns as row groups of a Parquet file; see `Target` for the rest."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.size = self.safe = 0
        self.begun = self.broken = False
        self.remark = ""
        self._writer: Any = None
        self._schema: Any = None
        self._columns: Sequence[Column] = ()
        self._own: list[Own] = []

    def begin(self, head: Head, columns: Sequence[Column]) -> None:
        """Make the file."""
        import pyarrow
        from pyarrow.parquet import ParquetWriter

        self._columns, self._own = columns, own_columns(columns)
        fields = [(own.name, _type(own.dtype)) for own in self._own]
        fields += [(c.name, pyarrow.list_(_type(_items(c))) if c.samples else _type(c.dtype)) for c in columns]
        self._schema = pyarrow.schema(fields, {"flodesk": json.dumps(head, ensure_ascii=False)})
        self._writer = ParquetWriter(self.path, self._schema, compression="zstd")
        self.begun = True

    def write(self, turns: Sequence[Turn]) -> None:
        """Write turns as a row group."""
        import numpy
        import pyarrow

        arrays = [pyarrow.array([own.of(turn) for turn in turns], _type(own.dtype)) for own in self._own]
        for place, column in enumerate(self._columns):
            values = [turn.values[place] for turn in turns]
            if column.samples:
                pieces = [samples_of(value) for value in values]
                ends = numpy.cumsum([0, *map(len, pieces)], dtype="int32")
                flat = numpy.concatenate(pieces).astype(_items(column), copy=False)
                arrays.append(pyarrow.ListArray.from_arrays(ends, pyarrow.array(flat, _type(_items(column)))))
            else:
                arrays.append(pyarrow.array([plain(value, column.dtype) for value in values], _type(column.dtype)))
        self._writer.write_table(pyarrow.Table.from_arrays(arrays, schema=self._schema))

    def flush(self) -> None:
        """Do nothing: it is whole at its end."""

    def end(self, tail: Head) -> None:
        """Write what makes it readable, and close it."""
        self._writer.add_key_value_metadata({name: str(value) for name, value in tail.items()})
        self._writer.close()
        self.size = self.path.stat().st_size

    def leave(self) -> None:
        """Close it as it is."""
        if self._writer is not None and self._writer.is_open:
            self._writer.close()


def _items(column: Column) -> str:
    return "uint8" if column.dtype == "bool" else column.dtype


def _type(dtype: str) -> Any:
    import pyarrow

    return pyarrow.string() if dtype == "str" else pyarrow.bool_() if dtype == "bool" else getattr(pyarrow, dtype)()
