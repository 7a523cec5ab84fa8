"""The last seconds of some streams: every sample is kept, and a screen reads the few of them that look the same.

What is written is never written over: pieces of memory are filled one after the other and left alone, so whoever was
handed a `Kept` can read it at any later time and from any thread, without a lock and without a copy.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from typing import Any

from flodesk.indicators.cutting import minmax, stretch_ends
from flodesk.markers import Array

STRETCH = 64
"""Samples of which the lowest and the highest are noted as soon as they are there."""
PLAIN = 32_768
"""Samples up to which all are read rather than the ends of stretches."""
BYTES = 256_000_000
"""What a history takes at most: of what is more, the oldest goes."""
_SMALLEST, _LARGEST = 1024, 262_144


class _Piece:
    """Room for so many samples of each row, at times `x`; the first `used` are there."""

    __slots__ = ("ends", "used", "x", "y")

    def __init__(self, rows: int, size: int) -> None:
        import numpy

        self.x = numpy.empty(size)
        self.y = numpy.empty((rows, size))
        self.ends = numpy.empty((rows, size // STRETCH, 2), dtype=numpy.int64)
        self.used = 0

    @property
    def free(self) -> int:
        """How many samples have room."""
        return len(self.x) - self.used

    def note_ends(self, before: int) -> None:
        """Note the ends of the stretches that are complete now and were not when `before` samples were there."""
        first, last = before // STRETCH, self.used // STRETCH
        if last > first:
            for row, values in enumerate(self.y):
                self.ends[row, first:last] = stretch_ends(values[first * STRETCH : last * STRETCH], STRETCH)
                self.ends[row, first:last] += first * STRETCH


class History:
    """Keeps the samples of the last seconds of some rows, at common times that rise.

    Parameters
    ----------
    rows : int
        How many streams there are.
    seconds : float
        How much to keep, in the unit of the times.
    """

    def __init__(self, rows: int, seconds: float) -> None:
        self.rows = rows
        self.seconds = seconds
        self._pieces: deque[_Piece] = deque([_Piece(rows, _SMALLEST)])
        self._most = max(_SMALLEST, BYTES // (8 * (rows + 1)))
        self.kept = 0
        """How many samples of a row are kept: some more than those of the last seconds."""

    def add(self, x: float, values: Sequence[float]) -> None:
        """Take in one sample of each row."""
        piece = self._pieces[-1]
        if not piece.free:
            piece = self._next()
        at = piece.used
        piece.x[at] = x
        for row, value in enumerate(values):
            piece.y[row, at] = value
        piece.used = at + 1
        self.kept += 1
        if piece.used % STRETCH == 0:
            piece.note_ends(at)

    def extend(self, x: Array, y: Array) -> None:
        """Take in many samples: `x` of shape (n,), `y` of shape (rows, n)."""
        done = 0
        while done < len(x):
            piece = self._pieces[-1]
            if not piece.free:
                piece = self._next()
            before, size = piece.used, min(piece.free, len(x) - done)
            piece.x[before : before + size] = x[done : done + size]
            piece.y[:, before : before + size] = y[:, done : done + size]
            piece.used = before + size
            piece.note_ends(before)
            self.kept += size
            done += size

    def _next(self) -> _Piece:
        """Begin another piece, and let go of those that are too old."""
        end = self._pieces[-1].x[-1]
        while len(self._pieces) > 1:
            oldest = self._pieces[0]
            if oldest.x[oldest.used - 1] >= end - self.seconds and self.kept <= self._most:
                break
            self.kept -= oldest.used
            self._pieces.popleft()
        size = min(max(self.kept // 16, _SMALLEST), _LARGEST) // STRETCH * STRETCH
        piece = _Piece(self.rows, size)
        self._pieces.append(piece)
        return piece

    def rows_now(self) -> tuple[Kept, ...]:
        """Return what there is of each row."""
        pieces = tuple(self._pieces)
        used = pieces[-1].used
        return tuple(Kept(pieces, used, row, self.seconds) for row in range(self.rows))


class Kept:
    """The samples of one row that were there at some moment: what `numpy.asarray` makes an array of.

    Its parts that a screen needs cost little (`cut`); all of it is put together only if it is asked for.
    """

    __slots__ = ("_pieces", "_row", "_seconds", "_used")

    def __init__(self, pieces: tuple[_Piece, ...], used: int, row: int, seconds: float) -> None:
        self._pieces = pieces
        self._used = used
        self._row = row
        self._seconds = seconds

    def _spans(self) -> list[tuple[_Piece, int, int]]:
        """Return the pieces with the first sample of the last seconds in each, and the one behind the last."""
        last = self._pieces[-1]
        if not self._used and len(self._pieces) == 1:
            return []
        end = last.x[self._used - 1] if self._used else self._pieces[-2].x[-1]
        spans = []
        for piece in self._pieces:
            stop = self._used if piece is last else len(piece.x)
            start = int(piece.x[:stop].searchsorted(end - self._seconds)) if stop else 0
            if start < stop:
                spans.append((piece, start, stop))
        return spans

    def cut(self, points: int | None = None) -> tuple[Array, Array]:
        """Return times and samples: so few that look the same, or all of them for None."""
        import numpy

        spans = self._spans()
        if not spans:
            return numpy.zeros(0), numpy.zeros(0)
        total = sum(stop - start for _, start, stop in spans)
        if points is not None and total > max(PLAIN, points):
            chosen = [(piece, self._ends(piece, start, stop)) for piece, start, stop in spans]
            x = numpy.concatenate([piece.x[index] for piece, index in chosen])
            y = numpy.concatenate([piece.y[self._row, index] for piece, index in chosen])
        else:
            x = numpy.concatenate([piece.x[start:stop] for piece, start, stop in spans])
            y = numpy.concatenate([piece.y[self._row, start:stop] for piece, start, stop in spans])
        if points is None or len(y) <= points:
            return x, y
        index, y = minmax(y, points)
        return x[index], y

    def _ends(self, piece: _Piece, start: int, stop: int) -> Any:
        """Return where the ends of the whole stretches are, and all samples before and behind these."""
        import numpy

        first, last = -(-start // STRETCH), stop // STRETCH
        if last <= first:
            return numpy.arange(start, stop)
        ends = piece.ends[self._row, first:last].ravel()
        return numpy.concatenate([numpy.arange(start, first * STRETCH), ends, numpy.arange(last * STRETCH, stop)])

    def __len__(self) -> int:
        return sum(stop - start for _, start, stop in self._spans())

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> Any:
        y = self.cut()[1]
        return y if dtype is None else y.astype(dtype)

    def min(self) -> float:
        """Return the lowest sample."""
        return float(self.cut(4)[1].min())

    def max(self) -> float:
        """Return the highest sample."""
        return float(self.cut(4)[1].max())
