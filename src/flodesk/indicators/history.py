"""The last seconds of some streams: every sample is kept, and a screen reads the few of them that look the same.

What is written is never written over: pieces of memory are filled one after the other and left alone, so whoever was
handed a `Kept` can read it at any later time and from any thread, without a lock and without a copy.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from typing import Any

from flodesk.indicators.cutting import minmax, stretch_ends
from flodesk.markers import Array

STRETCHES = (64, 512, 4096)
"""Samples of which the lowest and the highest are noted as soon as they are there; each a multiple of the former."""
PLAIN = 32_768
"""Samples up to which all are read rather than the ends of stretches."""
BYTES = 256_000_000
"""What a history takes at most: of what is more, the oldest goes."""
_SMALLEST, _LARGEST = 4096, 262_144


class _Piece:
    """Room for so many samples of each row, at times `x`; the first `used` are there."""

    __slots__ = ("levels", "used", "x", "y")

    def __init__(self, rows: int, size: int) -> None:
        import numpy

        self.x = numpy.empty(size)
        self.y = numpy.empty((rows, size))
        # times and values beside each other: gathered from among all samples they took longer than all samples do
        self.levels = [tuple(numpy.empty((rows, size // stretch, 2)) for _ in "xy") for stretch in STRETCHES]
        self.used = 0

    @property
    def free(self) -> int:
        """How many samples have room."""
        return len(self.x) - self.used

    @property
    def bytes(self) -> int:
        """What it takes."""
        levels = sum(x.nbytes + y.nbytes for x, y in self.levels)
        return int(self.x.nbytes + self.y.nbytes) + levels

    def note_ends(self, before: int) -> None:
        """Note the ends of the stretches that are complete now and were not when `before` samples were there."""
        for row, y in enumerate(self.y):
            finer, each = (self.x, y), 1
            for stretch, level in zip(STRETCHES, self.levels, strict=True):
                first, last = before // stretch, self.used // stretch
                if last <= first:
                    break
                many = stretch // each  # of the finer level, whose stretches have two ends each
                xs, ys = (values[first * many : last * many] for values in finer)
                ends = stretch_ends(ys, many)
                level[0][row, first:last], level[1][row, first:last] = xs[ends], ys[ends]
                finer, each = (level[0][row].ravel(), level[1][row].ravel()), stretch // 2


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
        if piece.used % STRETCHES[0] == 0:
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
        size = min(max(self.kept // 16, _SMALLEST), _LARGEST) // STRETCHES[-1] * STRETCHES[-1]
        piece = _Piece(self.rows, size)
        self._pieces.append(piece)
        return piece

    def rows_now(self) -> tuple[Kept, ...]:
        """Return what there is of each row."""
        moment = _Moment(tuple(self._pieces), self._pieces[-1].used, self.seconds)
        return tuple(Kept(moment, row) for row in range(self.rows))


class _Moment:
    """What was there at some moment, of all rows; where it begins is looked for once, and only if somebody looks."""

    __slots__ = ("_found", "_pieces", "_seconds", "_used")

    def __init__(self, pieces: tuple[_Piece, ...], used: int, seconds: float) -> None:
        self._pieces = pieces
        self._used = used
        self._seconds = seconds
        self._found: list[tuple[_Piece, int, int]] | None = None

    def spans(self) -> list[tuple[_Piece, int, int]]:
        """Return the pieces with the first sample of the last seconds in each, and the one behind the last."""
        if self._found is None:
            self._found = self._find()
        return self._found

    def grown(self, since: int) -> tuple[int, int]:
        """Return which piece is the newest, and how many bytes those take that came after the piece `since`."""
        size = 0
        for piece in reversed(self._pieces):
            if id(piece) == since:
                break
            size += piece.bytes
        return id(self._pieces[-1]), size

    def _find(self) -> list[tuple[_Piece, int, int]]:
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


class Kept:
    """The samples of one row that were there at some moment: what `numpy.asarray` makes an array of.

    Its parts that a screen needs cost little (`cut`); all of it is put together only if it is asked for.
    """

    __slots__ = ("_moment", "_row")

    def __init__(self, moment: _Moment, row: int) -> None:
        self._moment = moment
        self._row = row

    def cut(self, points: int | None = None) -> tuple[Array, Array]:
        """Return times and samples: so few that look the same, or all of them for None."""
        import numpy

        spans = self._moment.spans()
        if not spans:
            return numpy.zeros(0), numpy.zeros(0)
        if points is not None and len(self) > max(PLAIN, points):
            # more ends than are wanted: where stretches end decides little then
            level = max((n for n, size in enumerate(STRETCHES) if 4 * len(self) >= 3 * size * points), default=0)
            parts = [part for span in spans for part in self._ends(level, *span)]
        else:
            parts = [self._plain(*span) for span in spans]
        x, y = numpy.concatenate([x for x, _ in parts]), numpy.concatenate([y for _, y in parts])
        if points is None or len(y) <= points:
            return x, y
        index, y = minmax(y, points)
        return x[index], y

    def _plain(self, piece: _Piece, start: int, stop: int) -> tuple[Array, Array]:
        return piece.x[start:stop], piece.y[self._row, start:stop]

    def _ends(self, level: int, piece: _Piece, start: int, stop: int) -> Iterator[tuple[Array, Array]]:
        """Return the ends of the whole stretches, and all samples before and behind these."""
        size, (x, y) = STRETCHES[level], piece.levels[level]
        first, last = -(-start // size), stop // size
        if last <= first:
            yield self._plain(piece, start, stop)
            return
        if start < first * size:
            yield self._plain(piece, start, first * size)
        yield x[self._row, first:last].ravel(), y[self._row, first:last].ravel()
        if last * size < stop:
            yield self._plain(piece, last * size, stop)

    def between(self, left: float, right: float) -> tuple[Array, Array]:
        """Return times and samples from the last one before `left` to the first one behind `right`."""
        import numpy

        spans = self._moment.spans()
        begin = sum(int(piece.x[start:stop].searchsorted(left)) for piece, start, stop in spans) - 1
        end = sum(int(piece.x[start:stop].searchsorted(right, "right")) for piece, start, stop in spans) + 1
        some, before = [], 0
        for piece, start, stop in spans:
            first, last = start + max(begin - before, 0), min(start + end - before, stop)
            if first < last:
                some.append((piece, first, last))
            before += stop - start
        if not some:
            return numpy.zeros(0), numpy.zeros(0)
        x = numpy.concatenate([piece.x[first:last] for piece, first, last in some])
        return x, numpy.concatenate([piece.y[self._row, first:last] for piece, first, last in some])

    def grown(self, since: int) -> tuple[int, int]:
        """Return which piece of memory is the newest, and how many bytes the pieces take that came after another."""
        return self._moment.grown(since)

    def __len__(self) -> int:
        return sum(stop - start for _, start, stop in self._moment.spans())

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> Any:
        y = self.cut()[1]
        return y if dtype is None else y.astype(dtype)

    def min(self) -> float:
        """Return the lowest sample."""
        return float(self.cut(4)[1].min())

    def max(self) -> float:
        """Return the highest sample."""
        return float(self.cut(4)[1].max())
