"""Fewer points that look the same: what a screen can show of a long curve or a big picture."""

from __future__ import annotations

from typing import Any

from flodesk.markers import Array, Picture

CURVE_POINTS = 2000
PICTURE_PIXELS = 512


def minmax(y: Array, points: int = CURVE_POINTS) -> tuple[Array, Array]:
    """Keep the first and the last sample, and the lowest and the highest of each stretch between, in their order.

    All stretches are of one length, but for the last, which is shorter if that does not divide `n`: nowhere is the
    curve coarser than elsewhere. A NaN is kept only where a stretch has nothing else.

    Parameters
    ----------
    y : Array
        Numbers, shape (n,).
    points : int
        How many to keep at most; four are kept anyway.

    Returns
    -------
    tuple of Array
        Indices into `y`, rising, and the samples there; all of them where there are no more than `points`.
    """
    import numpy

    y = numpy.asarray(y)
    n = len(y)
    if n <= points:
        return numpy.arange(n), y
    index = _stretches(y, points)
    index = index[numpy.append(True, numpy.diff(index) > 0)]
    return index, y[index]


def outline(y: Array, points: int) -> Array:
    """Keep what `minmax` keeps, but two samples of every stretch, be they one: so they may be drawn side by side."""
    return y if len(y) <= points else y[_stretches(y, points)]


def _stretches(y: Array, points: int) -> Array:
    """Return the indices of the first sample, of the two ends of each stretch in their order, of the last sample."""
    import numpy

    n = len(y)
    # rounded up: rounded down, the samples left over would be hundreds, all in one last stretch
    size = -(-n // max(1, (points - 2) // 2))
    rows = n // size
    low, high = _ends(y[: rows * size].reshape(rows, size))
    base = numpy.arange(rows) * size
    kept = [[0], numpy.column_stack([numpy.minimum(low, high) + base, numpy.maximum(low, high) + base]).ravel()]
    if rows * size < n:
        first, second = _ends(y[numpy.newaxis, rows * size :])
        kept.append(numpy.sort(numpy.concatenate([first, second])) + rows * size)
    return numpy.concatenate([*kept, [n - 1]])


def stretch_ends(y: Array, size: int) -> Array:
    """Return where the lowest and the highest sample of each stretch of `size` are, in their order; shape (n, 2)."""
    import numpy

    rows = len(y) // size
    low, high = _ends(y[: rows * size].reshape(rows, size))
    base = numpy.arange(rows) * size
    return numpy.column_stack([numpy.minimum(low, high) + base, numpy.maximum(low, high) + base])


def _ends(rows: Array) -> tuple[Array, Array]:
    """Return where the lowest and the highest number of each row is."""
    import numpy

    low, high = rows.argmin(axis=1), rows.argmax(axis=1)
    if rows.dtype.kind == "f":
        # both find a NaN, if there is one
        holed = numpy.flatnonzero(numpy.isnan(rows[numpy.arange(len(rows)), low]))
        if len(holed):
            some = rows[holed]
            gaps = numpy.isnan(some)
            low[holed] = numpy.where(gaps, numpy.inf, some).argmin(axis=1)
            high[holed] = numpy.where(gaps, -numpy.inf, some).argmax(axis=1)
    return low, high


def shrink(picture: Picture, pixels: int = PICTURE_PIXELS) -> Picture:
    """Keep so many rows and columns of a picture that neither is more than `pixels`."""
    if picture.ndim < 2:
        return picture
    steps: list[Any] = [slice(None, None, -(-size // pixels)) for size in picture.shape[:2]]
    return picture[tuple(steps)]
