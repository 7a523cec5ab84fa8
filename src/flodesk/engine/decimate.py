"""Fewer points that look the same: what a screen can show of a long curve or a big picture."""

from __future__ import annotations

from typing import Any

from flodesk.public import Array, Picture

CURVE_POINTS = 2000
PICTURE_PIXELS = 512


def minmax(y: Array, points: int = CURVE_POINTS) -> tuple[Array, Array]:
    """Keep the lowest and the highest sample of each of ``points / 2`` stretches, in their order.

    Parameters
    ----------
    y : Array
        Numbers, shape (n,).
    points : int
        How many to keep at most.

    Returns
    -------
    tuple of Array
        Indices into `y`, and the samples there; all of them where there are no more than `points`.
    """
    import numpy

    y = numpy.asarray(y)
    n = len(y)
    if n <= points:
        return numpy.arange(n), y
    buckets = max(1, points // 2 - 1)
    size = n // buckets
    whole = y[: buckets * size].reshape(buckets, size)
    base = numpy.arange(buckets) * size
    low, high = whole.argmin(axis=1) + base, whole.argmax(axis=1) + base
    index = numpy.column_stack([numpy.minimum(low, high), numpy.maximum(low, high)]).ravel()
    if buckets * size < n:
        rest = y[buckets * size :]
        ends = sorted([int(rest.argmin()), int(rest.argmax())])
        index = numpy.concatenate([index, numpy.asarray(ends) + buckets * size])
    return index, y[index]


def shrink(picture: Picture, pixels: int = PICTURE_PIXELS) -> Picture:
    """Keep so many rows and columns of a picture that neither is more than `pixels`."""
    if picture.ndim < 2:
        return picture
    steps: list[Any] = [slice(None, None, -(-size // pixels)) for size in picture.shape[:2]]
    return picture[tuple(steps)]
