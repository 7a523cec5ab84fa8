"""Recording to HDF5, so that others may read along (single writer, many readers) and a kill loses half a second."""

from __future__ import annotations

import contextlib
import errno
import json
import os
import shutil
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from flodesk.nodes._disk import explain
from flodesk.nodes._recording.columns import Column, Own, own_columns, plain, samples_of
from flodesk.nodes._recording.ring import Turn
from flodesk.nodes._recording.target import Head

FLUSH = 0.5
"""Time in s after which what was written is brought to the disk."""
_ROWS, _SAMPLES = 1024, 16_384
"""How many values, and how many samples, a piece of a file holds."""
_AHEAD = 8_000_000
"""How many bytes are kept free for the file: HDF5 cannot go on, nor end, where it meets a full disk."""
_SPARE = 1_000_000


class Hdf5File:
    """Turns in the datasets of an HDF5 file; see `Target` for the rest."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.size = self.safe = 0
        self.begun = self.broken = False
        self.remark = ""
        self._file: Any = None
        self._all: dict[str, Any] = {}
        self._columns: Sequence[Column] = ()
        self._own: list[Own] = []
        self._count = self._reserved = 0
        self._due = 0.0

    def begin(self, head: Head, columns: Sequence[Column]) -> None:
        """Make the datasets: none can be added later."""
        import h5py

        self._reserve(_SPARE)
        try:
            file = self._file = h5py.File(self.path, "w", libver="latest")
            file.attrs["flodesk"] = json.dumps(head, ensure_ascii=False)
            flow = head.get("flow", {})
            file.attrs["flow"], file.attrs["hash"] = flow.get("path", ""), flow.get("hash", "")
            self._columns, self._own = columns, own_columns(columns)
            for own in self._own:
                self._make("turns", own.name, own.dtype, False, {})
            for column in columns:
                about = {"unit": column.unit, "t0": column.t0, "dt": column.dt} if column.dt else {"unit": column.unit}
                self._make("values", column.name, column.dtype, column.samples, about)
            file.swmr_mode = True
        except (OSError, RuntimeError, ValueError) as error:  # left open it could not be made again
            self.broken = True
            raise _plain(error, self.path) from error
        self.begun = True

    def _make(self, group: str, name: str, dtype: str, samples: bool, about: Head) -> None:
        flat = samples or dtype == "str"  # texts are bytes of UTF-8: those of any length cannot be read along
        kind = "uint8" if dtype == "str" or (samples and dtype == "bool") else dtype
        place = f"{group}/{inner(name)}"
        made = self._file.create_dataset(place, (0,), kind, maxshape=(None,), chunks=(_SAMPLES if flat else _ROWS,))
        self._all[place] = made
        if dtype == "str":
            made.attrs["text"] = "UTF-8"
        for key, known in about.items():
            if known != "":
                made.attrs[key] = known
        if flat:
            ends = f"ends/{inner(name)}"
            self._all[ends] = self._file.create_dataset(ends, (0,), "int64", maxshape=(None,), chunks=(_ROWS,))

    def write(self, turns: Sequence[Turn]) -> None:
        """Write turns: all of them, or none."""
        import numpy

        pieces: list[tuple[str, Any]] = []
        for own in self._own:
            self._add(pieces, "turns", own.name, own.dtype, [own.of(turn) for turn in turns])
        for place, column in enumerate(self._columns):
            values = [turn.values[place] for turn in turns]
            if column.samples:
                arrays = [samples_of(value) for value in values]
                self._flat(pieces, "values", column.name, numpy.concatenate(arrays), [len(array) for array in arrays])
            else:
                items = [plain(value, column.dtype) for value in values]
                self._add(pieces, "values", column.name, column.dtype, items)
        self._reserve(2 * sum(piece.nbytes for _, piece in pieces) + _SPARE)
        try:
            for path, piece in pieces:
                dataset = self._all[path]
                first = len(dataset)
                dataset.resize((first + len(piece),))
                dataset[first:] = piece
        except (OSError, RuntimeError) as error:
            self.broken = True
            raise _plain(error, self.path) from error
        self._count += len(turns)
        self.size = self._file.id.get_filesize()

    def _add(self, pieces: list[tuple[str, Any]], group: str, name: str, dtype: str, values: Sequence[Any]) -> None:
        import numpy

        if dtype == "str":
            texts = [value.encode("utf-8", "surrogatepass") for value in values]
            self._flat(pieces, group, name, numpy.frombuffer(b"".join(texts), "uint8"), [len(text) for text in texts])
        else:
            pieces.append((f"{group}/{inner(name)}", numpy.array(values, dtype)))

    def _flat(self, pieces: list[tuple[str, Any]], group: str, name: str, flat: Any, lengths: Sequence[int]) -> None:
        import numpy

        place = f"{group}/{inner(name)}"
        pieces.append((place, flat))
        pieces.append((f"ends/{inner(name)}", len(self._all[place]) + numpy.cumsum(lengths, dtype="int64")))

    def flush(self) -> None:
        """Bring to the disk what is older than half a second."""
        if time.monotonic() >= self._due:
            self._bring()

    def _bring(self) -> None:
        try:
            if self.safe < self._count:
                self._reserve(_SPARE)
                self._file.flush()
        except (OSError, RuntimeError) as error:
            self.broken = not isinstance(error, OSError) or self.broken
            raise _plain(error, self.path) from error
        self.safe, self._due = self._count, time.monotonic() + FLUSH

    def end(self, tail: Head) -> None:
        """Close it, and say how many turns it has."""
        import h5py

        if self._file is None:
            return
        self._bring()
        try:
            self._file.close()
            with contextlib.suppress(BlockingIOError), h5py.File(self.path, "r+", libver="latest") as file:
                for name, value in tail.items():  # somebody who reads along has it locked: it is whole without
                    file.attrs[name] = value
        except (OSError, RuntimeError) as error:
            self.broken = True
            raise _plain(error, self.path) from error
        self.size = self.path.stat().st_size

    def leave(self) -> None:
        """Close it as it is."""
        with contextlib.suppress(OSError, RuntimeError):
            if self._file is not None:
                self._file.close()

    def _reserve(self, count: int) -> None:
        """See that so many bytes fit behind those that it has, or raise before anything is written."""
        end = (self._file.id.get_filesize() if self._file is not None else 0) + count
        if end <= self._reserved:
            return
        try:
            if hasattr(os, "posix_fallocate"):
                with self.path.open("r+b") as file:
                    size = os.fstat(file.fileno()).st_size
                    for ahead in (_AHEAD, 0):
                        try:
                            os.posix_fallocate(file.fileno(), size, max(1, end + ahead - size))
                        except OSError:
                            if not ahead:
                                file.truncate(size)
                                raise
                        else:
                            self._reserved = end + ahead
                            return
            elif shutil.disk_usage(self.path.parent).free < count + _SPARE:
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        except OSError as error:
            raise explain(error, self.path) from error


def inner(name: str) -> str:
    """Return a name as HDF5 takes it, which makes groups where there are strokes."""
    return name.replace("/", "∕") if name != "." else "․"


def _plain(error: Exception, path: Path) -> OSError:
    """Return what the library says in many lines as one."""
    said = str(error)
    number = next((n for n in (errno.ENOSPC, errno.EFBIG, errno.EIO) if f"errno = {n}," in said), None)
    return explain(OSError(number, os.strerror(number)) if number else OSError(said.splitlines()[0]), path)
