"""Recorders: they keep every value, whatever the screen shows."""

from __future__ import annotations

import csv
import io
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal, TextIO

from flodesk.nodes._disk import explain
from flodesk.public import Waveform, context, node

__all__ = ["Csv"]

_FLUSH_AFTER = 0.5
"""Time in s after which what was recorded is in the file; more is not lost when the power goes."""
_FLUSH_SIZE = 64 * 1024
"""Size of the buffer in characters at which it is written before its time."""


@node(title="CSV recorder", tags=("recorder", "logger", "save", "log file", "data logger"), pure=False)
class Csv:
    """Record values to a CSV file as they come, a row a turn.

    The first column, ``time``, is the time of day (UTC, ISO 8601) at which a row came; for signals it is the time of
    each sample in s. While rows come, those older than half a second are in the file; the end of the run writes the
    rest.

    Parameters
    ----------
    path : Path
        The file; a relative name counts from the folder of the flow.
    columns : list of str, optional
        Names of the values in order; by default ``value``, or ``value_1``, ``value_2`` ...
    existing : str
        What to do if the file exists: ``"number"`` records to ``name-2.csv``, ``name-3.csv`` ...; ``"append"`` goes on
        in it; ``"replace"`` starts it anew.

    Raises
    ------
    OSError
        The folder is missing, the file may not be written, or the disk is full.
    """

    def __init__(
        self,
        path: Path,
        columns: list[str] | None = None,
        existing: Literal["number", "append", "replace"] = "number",
    ) -> None:
        self.path = context().path(path)
        self.rows = 0
        self._columns = list(columns or ())
        if not self.path.parent.is_dir():
            raise FileNotFoundError(
                f"there is no folder {self.path.parent} to record to: make it, or choose another place for the file"
            )
        self._buffer = io.StringIO()
        self._writer = csv.writer(self._buffer, lineterminator="\n")
        self._flushed = time.monotonic()
        self._file: TextIO | None = None
        self._file, self._headed = self._open(existing)

    def _open(self, existing: str) -> tuple[TextIO, bool]:
        """Open the file; return it, and whether it has its column names already."""
        stem, number = self.path, 1
        while True:
            try:
                if existing != "number":
                    file = self.path.open("a" if existing == "append" else "w", encoding="utf-8", newline="")
                    return file, existing == "append" and self.path.stat().st_size > 0
                # "x" fails if it exists: two recorders that start at once never share a file
                return self.path.open("x", encoding="utf-8", newline=""), False
            except FileExistsError:
                number += 1
                self.path = stem.with_name(f"{stem.stem}-{number}{stem.suffix}")
            except OSError as error:
                raise explain(error, self.path) from error

    def __call__(self, *values: object) -> int:
        """Record a row, or for signals a row a sample.

        Parameters
        ----------
        *values : float, str, bool or Waveform
            One value a column: either all signals on one time axis, or none.

        Returns
        -------
        int
            Number of rows recorded so far.

        Raises
        ------
        ValueError
            The values do not fit the columns, or signals differ in their time axis.
        OSError
            The file cannot be written; rows that were written before stay.
        """
        if not values:
            raise ValueError("there is nothing to record: wire at least one value to it")
        if self._columns and len(values) != len(self._columns):
            raise ValueError(f"{len(values)} values came for the {len(self._columns)} columns: wire one to each")
        if self._file is None:
            raise ValueError(f"{self.path} is closed: a recorder records during its run only")
        if not self._headed:
            names = ["value"] if len(values) == 1 else [f"value_{i}" for i in range(1, len(values) + 1)]
            self._writer.writerow(["time", *(self._columns or names)])
            self._headed = True
        rows = self._samples(values) if isinstance(values[0], Waveform) else [(_now(), *values)]
        self._writer.writerows(rows)
        self.rows += len(rows)
        if self._buffer.tell() >= _FLUSH_SIZE or time.monotonic() - self._flushed >= _FLUSH_AFTER:
            self.flush()
        return self.rows

    @staticmethod
    def _samples(values: tuple[Any, ...]) -> list[tuple[float, ...]]:
        first = values[0]
        for value in values:
            if not isinstance(value, Waveform) or value.y.ndim != 1:
                raise ValueError("signals of one channel are recorded beside signals of one channel only")
            first.check_axis(value)
        # 12 digits are far finer than a sample and leave the rounding of t0 + i·dt out
        times = [float(f"{t:.12g}") for t in first.time.tolist()]
        return list(zip(times, *(value.y.tolist() for value in values), strict=True))

    def flush(self) -> None:
        """Write what the buffer holds.

        Raises
        ------
        OSError
            The disk is full or gone.
        """
        if self._file is None:
            return
        self._flushed = time.monotonic()
        text = self._buffer.getvalue()
        self._buffer.seek(0)
        self._buffer.truncate()
        try:
            self._file.write(text)
            self._file.flush()
        except OSError as error:
            self._drop()
            raise explain(error, self.path) from error

    def close(self) -> None:
        """Write the rest and close the file; more than once does nothing.

        Raises
        ------
        OSError
            The disk is full or gone.
        """
        self.flush()
        if self._file is not None:
            self._file.close()
            self._file = None

    def _drop(self) -> None:
        """Close a file that takes no more, without a second error about the same."""
        file, self._file = self._file, None
        try:
            if file is not None:
                file.close()
        except OSError:
            pass


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
