"""Recording to HDF5, so that others may read along (single writer, many readers) and a kill loses half a second."""

from __future__ import annotations

import contextlib
import errno
import json
import os
import time
from collections.abc import Iterator, Sequence
from io import BytesIO
from pathlib import Path
from typing import Any

from flodesk.nodes._disk import explain
from flodesk.nodes._recording.abandoned import abandon
from flodesk.nodes._recording.columns import Column, Own, own_columns, plain, samples_of
from flodesk.nodes._recording.ring import Turn
from flodesk.nodes._recording.room import keep_room
from flodesk.nodes._recording.target import Head

FLUSH = 0.5
"""Time in s after which what was written is brought to the disk."""
_ROWS, _SAMPLES = 1024, 16_384
"""How many values, and how many samples, a piece of a file holds."""
_SPARE, _INDEX = 500_000, 65_536
"""How many bytes are kept free for what the library writes beside the values, in all and for each dataset."""
_RAISED = (OSError, RuntimeError, ValueError, TypeError, KeyError)
"""What the library raises where a disk fails, by where in it that was."""


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
        self._count = 0
        self._waiting = 0  # bytes that the library may hold back until it is flushed: no size of the file has them
        self._spare = _SPARE
        self._due = 0.0

    def begin(self, head: Head, columns: Sequence[Column]) -> None:
        """Make the datasets: none can be added later."""
        import h5py

        self._columns, self._own, self._spare = columns, own_columns(columns), _SPARE
        image = BytesIO()  # where no disk can be full; the library has only to go on in what is there already
        with self._library(), h5py.File(image, "w", libver="latest") as file:
            places = self._lay_out(file, head)
        try:
            with self.path.open("wb") as empty:
                keep_room(empty.fileno(), 2 * len(image.getvalue()) + self._spare, self.path)
                empty.write(image.getvalue())
        except OSError as error:
            self.broken = True
            raise explain(error, self.path) from error
        with self._library():
            self._file = h5py.File(self.path, "r+", libver="latest")
            self._all = {place: self._file[place] for place in places}
            self._file.swmr_mode = True
        self.begun = True

    def _lay_out(self, file: Any, head: Head) -> list[str]:
        """Make the datasets, and return where they are."""
        file.attrs["flodesk"] = json.dumps(head, ensure_ascii=False)
        flow = head.get("flow", {})
        file.attrs["flow"], file.attrs["hash"] = flow.get("path", ""), flow.get("hash", "")
        places: list[str] = []
        for own in self._own:
            places += self._make(file, "turns", own.name, own.dtype, False, {})
        for column in self._columns:
            about = {"unit": column.unit, "t0": column.t0, "dt": column.dt} if column.dt else {"unit": column.unit}
            places += self._make(file, "values", column.name, column.dtype, column.samples, about)
        return places

    def _make(self, file: Any, group: str, name: str, dtype: str, samples: bool, about: Head) -> list[str]:
        flat = samples or dtype == "str"  # texts are bytes of UTF-8: those of any length cannot be read along
        kind = "uint8" if dtype == "str" or (samples and dtype == "bool") else dtype
        place, ends = f"{group}/{inner(name)}", f"ends/{inner(name)}"
        made = {place: file.create_dataset(place, (0,), kind, maxshape=(None,), chunks=(_SAMPLES if flat else _ROWS,))}
        if dtype == "str":
            made[place].attrs["text"] = "UTF-8"
        for key, known in about.items():
            if known != "":
                made[place].attrs[key] = known
        if flat:
            made[ends] = file.create_dataset(ends, (0,), "int64", maxshape=(None,), chunks=(_ROWS,))
        self._spare += sum(one.chunks[0] * one.dtype.itemsize + _INDEX for one in made.values())
        return list(made)

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
        waiting = self._waiting + sum(piece.nbytes for _, piece in pieces)
        self._keep_room(self._file.id.get_filesize() + waiting + waiting // 8 + self._spare)
        self._waiting = waiting
        with self._library():
            for path, piece in pieces:
                dataset = self._all[path]
                first = len(dataset)
                dataset.resize((first + len(piece),))
                dataset[first:] = piece
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
        if self.safe < self._count:
            with self._library():
                self._file.flush()
            self._waiting = 0
        self.safe, self._due = self._count, time.monotonic() + FLUSH

    def end(self, tail: Head) -> None:
        """Close it, and say how many turns it has."""
        if self._file is None:
            return
        self._bring()
        self.size = self._file.id.get_filesize()
        with self._library():
            self._file.close()
        self._file = None
        self._sign(tail)
        self.size = self.path.stat().st_size

    def _sign(self, tail: Head) -> None:
        import h5py

        with self._library():
            try:
                file = h5py.File(self.path, "r+", libver="latest")
            except BlockingIOError:
                return  # somebody who reads along has it locked: it is whole without
        self._file, self._all = file, {}
        self._keep_room(self.size + _INDEX)
        with self._library():
            for name, value in tail.items():
                file.attrs[name] = value
            file.close()
        self._file = None

    def leave(self) -> None:
        """Close it as it is; if the library has failed with it, leave it without ever touching it again."""
        file, self._file = self._file, None
        if file is None:
            return
        if not self.broken:
            try:
                file.close()
            except _RAISED:
                pass
            else:
                return
        abandon(file, self._all.values())

    def _keep_room(self, end: int) -> None:
        try:
            keep_room(self._file.id.get_vfd_handle(), end, self.path)
        except OSError as error:
            raise explain(error, self.path) from error

    @contextlib.contextmanager
    def _library(self) -> Iterator[None]:
        """See that what the library raises is said in words, and that the file is not gone on with."""
        try:
            yield
        except _RAISED as error:
            self.broken = True
            raise _plain(error, self.path) from error


def inner(name: str) -> str:
    """Return a name as HDF5 takes it, which makes groups where there are strokes."""
    return name.replace("/", "∕") if name != "." else "․"


def _plain(error: Exception, path: Path) -> OSError:
    """Return what the library says in many lines as one."""
    said = str(error)
    number = next((n for n in (errno.ENOSPC, errno.EFBIG, errno.EIO) if f"errno = {n}," in said), None)
    return explain(OSError(number, os.strerror(number)) if number else OSError(said.splitlines()[0]), path)
