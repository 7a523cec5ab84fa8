"""Reading a recording that is an HDF5 file, also one that is being written or was left in the middle."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from flodesk.nodes._recording.hdf5 import inner
from flodesk.nodes._recording.hdf5_open import open_hdf5
from flodesk.nodes._recording.needs import needed
from flodesk.nodes._recording.tables import Columns, cut


class Hdf5Recording(Columns):
    """Turns of an HDF5 file.

    Raises
    ------
    ValueError
        It is no recording.
    """

    def __init__(self, path: Path) -> None:
        needed("h5py", "hdf5")
        file = None
        try:
            file = self._file = open_hdf5(path)
            self._index(json.loads(file.attrs["flodesk"]))
        except Exception as error:
            if file is not None:
                file.close()
            raise ValueError(f"{path} is no HDF5 file of a recorder: choose a recording (*.h5)") from error

    def _index(self, about: Mapping[str, Any]) -> None:
        if "ended" not in self._file.attrs:
            self.ending = "it has no end: its recorder was killed, or still records"
        self._places = {name: f"turns/{inner(name)}" for name in about["own"]}
        self._places |= {name: f"values/{inner(name)}" for name in about["columns"]}
        counts = [len(self._file[self._ends(name) or place]) for name, place in self._places.items()]
        super().__init__(about, list(self._places), min(counts))

    def _ends(self, name: str) -> str:
        ends = f"ends/{inner(name)}"
        return ends if ends in self._file else ""

    def _part(self, name: str, start: int, stop: int) -> Sequence[Any]:
        import numpy

        dataset = self._file[self._places[name]]
        ends = self._ends(name)
        if not ends:
            found: Sequence[Any] = dataset[start:stop].tolist()
            return found
        first = self._file[ends][start - 1] if start else 0
        bounds = numpy.concatenate([[first], self._file[ends][start:stop]])
        pieces = cut(dataset[bounds[0] : bounds[-1]], numpy.diff(bounds))
        if "text" in dataset.attrs:
            return [piece.tobytes().decode("utf-8", "surrogatepass") for piece in pieces]
        return pieces

    def close(self) -> None:
        """Close the file."""
        self._file.close()
