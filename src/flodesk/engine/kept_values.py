"""The values that a ring holds, as files: a table of numbers as CSV, or NumPy's own formats."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from flodesk.engine.ring import Entry, Left
from flodesk.public import Waveform

FORMATS = (".csv", ".npy", ".npz")


class NotSavedError(Exception):
    """Why there is no file, in a sentence."""


def save(entries: Sequence[Entry], path: Path, began: int) -> int:
    """Write values to a file, by the end of its name; returns how many.

    A CSV has a row a value: turn, seconds since `began` (ns), and the value, or its numbers in columns. ``.npy`` is one
    array of all values, ``.npz`` has `turn`, `time` and `value`.

    Raises
    ------
    NotSavedError
        There are none, they do not fit this format, or the file cannot be written.
    """
    kept = [entry for entry in entries if not isinstance(entry.value, Left)]
    if not kept:
        raise NotSavedError("There is no value to save yet")
    if path.suffix.lower() not in FORMATS:
        raise NotSavedError(f"{path.name}: values are saved as {', '.join(FORMATS)}")
    try:
        if path.suffix.lower() == ".csv":
            _csv(kept, path, began)
        else:
            _numpy(kept, path, began)
    except OSError as error:
        raise NotSavedError(f"{path} cannot be written: {error.strerror or error}") from error
    return len(kept)


def _csv(entries: Sequence[Entry], path: Path, began: int) -> None:
    rows = [_cells(entry.value) for entry in entries]
    width = max(map(len, rows))
    names = ["value"] if width == 1 else [f"value_{n}" for n in range(1, width + 1)]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["turn", "time", *names])
        for entry, cells in zip(entries, rows, strict=True):
            writer.writerow([entry.turn, f"{(entry.at - began) * 1e-9:.6f}", *cells])


def _cells(value: Any) -> list[Any]:
    if isinstance(value, Waveform):
        value = value.y
    if hasattr(value, "to_numpy"):
        value = value.to_numpy()
    if hasattr(value, "dtype") and hasattr(value, "tolist") and value.ndim:
        return list(value.reshape(-1).tolist())
    if isinstance(value, list | tuple):
        return list(value)
    return [value]


def _numpy(entries: Sequence[Entry], path: Path, began: int) -> None:
    import numpy

    values = [entry.value.y if isinstance(entry.value, Waveform) else entry.value for entry in entries]
    arrays = [numpy.asarray(value) for value in values]
    if len({array.shape for array in arrays}) > 1 or any(array.dtype.kind == "O" for array in arrays):
        raise NotSavedError("These values are not of one size, so they are no array: save them as .csv")
    whole = numpy.stack(arrays)
    if path.suffix.lower() == ".npy":
        numpy.save(path, whole, allow_pickle=False)
        return
    times = numpy.array([(entry.at - began) * 1e-9 for entry in entries])
    numpy.savez(path, turn=numpy.array([entry.turn for entry in entries]), time=times, value=whole)


__all__ = ["FORMATS", "NotSavedError", "save"]
