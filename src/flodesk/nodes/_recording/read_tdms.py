"""Reading a recording that is a TDMS file."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from typing import Any

from flodesk.nodes._recording.needs import needed
from flodesk.nodes._recording.tables import Columns
from flodesk.nodes._recording.tdms import LENGTHS, TURNS, VALUES


class TdmsRecording(Columns):
    """Turns of a TDMS file.

    Raises
    ------
    ValueError
        It is no recording.
    """

    def __init__(self, path: Path) -> None:
        needed("nptdms", "tdms")
        from nptdms import TdmsFile

        self._stream = path.open("rb")  # of its own npTDMS would leave it open where it cannot be read
        try:
            self._file = TdmsFile.open(self._stream)
            self._index(json.loads(self._file.properties["flodesk"]))
        except Exception as error:
            self._stream.close()
            raise ValueError(f"{path} is no TDMS file of a recorder: choose a recording (*.tdms)") from error

    def _index(self, about: Mapping[str, Any]) -> None:
        if "ended" not in self._file.properties:
            self.ending = "it has no end: its recorder was killed, or still records"
        self._own = frozenset(about["own"])
        counts = [len(self._file[TURNS][name]) for name in about["own"]]
        for name in about["columns"]:
            counts.append(len(self._file[LENGTHS if name in about["kinds"] else VALUES][name]))
        super().__init__(about, [*about["own"], *about["columns"]], min(counts))

    @cached_property
    def _ends(self) -> dict[str, Any]:
        import numpy

        return {
            name: numpy.concatenate([[0], numpy.cumsum(self._file[LENGTHS][name][:])]) for name in self.about["kinds"]
        }

    def _part(self, name: str, start: int, stop: int) -> Sequence[Any]:
        channel = self._file[TURNS if name in self._own else VALUES][name]
        if name in self._own or name not in self.about["kinds"]:
            found = channel[start:stop]
            return [str(value) for value in found] if found.dtype.kind in "OU" else list(found.tolist())
        ends = self._ends[name][start : stop + 1]
        flat = channel[ends[0] : ends[-1]]
        return [flat[first - ends[0] : last - ends[0]] for first, last in pairwise(ends)]

    def close(self) -> None:
        """Close the file."""
        self._file.close()
        self._stream.close()
