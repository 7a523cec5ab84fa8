"""Reading a recording that was converted to Parquet."""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from flodesk.nodes._recording.needs import needed
from flodesk.nodes._recording.tables import Columns


class ParquetRecording(Columns):
    """Turns of a Parquet file.

    Raises
    ------
    ValueError
        It is no recording.
    """

    def __init__(self, path: Path) -> None:
        needed("pyarrow", "parquet")
        from pyarrow.parquet import ParquetFile

        try:
            self._file = ParquetFile(path)
            about = json.loads((self._file.schema_arrow.metadata or {})[b"flodesk"])
        except Exception as error:
            raise ValueError(f"{path} is no Parquet file of a recording: choose one that was converted") from error
        counts = [self._file.metadata.row_group(n).num_rows for n in range(self._file.num_row_groups)]
        self._starts = [sum(counts[:number]) for number in range(len(counts) + 1)]
        self._group = lru_cache(4)(self._file.read_row_group)
        super().__init__(about, self._file.schema_arrow.names, self._file.metadata.num_rows)

    def _part(self, name: str, start: int, stop: int) -> Sequence[Any]:
        found: list[Any] = []
        for number, first in enumerate(self._starts[:-1]):
            if first >= stop or self._starts[number + 1] <= start:
                continue
            column = self._group(number).column(name).combine_chunks()
            part = column.slice(max(0, start - first), stop - max(start, first))
            found += (
                [item.values.to_numpy(zero_copy_only=False) for item in part]
                if self._listed(name)
                else part.to_pylist()
            )
        return found

    def _listed(self, name: str) -> bool:
        return name in self.about["kinds"]

    def close(self) -> None:
        """Close the file."""
        self._file.close()
