"""What a screen needs of the part of curves that a hand has zoomed to: all samples, or so many that look the same."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from flodesk.engine.preview import known
from flodesk.engine.values import Buffers, Head, encode_whole
from flodesk.indicators import Line, Steps, Trace
from flodesk.indicators.cutting import minmax
from flodesk.indicators.history import Kept
from flodesk.public import Waveform

WHOLE = 10_000
"""Samples of a curve that come as they are; of more, the lowest and the highest of each stretch."""
POINTS = 4000


class NoCurvesError(ValueError):
    """A value has no curves."""


def traces_of(value: Any) -> tuple[Trace, ...]:
    """Return the curves of a value.

    Raises
    ------
    NoCurvesError
        It has none.
    """
    import numpy

    if isinstance(value, Line):
        return value.traces
    if isinstance(value, Trace):
        return (value,)
    if isinstance(value, Waveform):
        rows = numpy.atleast_2d(numpy.asarray(value.y))
        return tuple(Trace(Steps(value.t0, value.dt, rows.shape[1]), row, "", value.unit) for row in rows)
    if isinstance(value, known("numpy", "ndarray")) and value.ndim == 1 and value.dtype.kind in "biuf":
        return (Trace(Steps(0.0, 1.0, len(value)), value),)
    raise NoCurvesError("it has no curves any more")


def zoomed(value: Any, left: float, right: float, *, whole: bool = False) -> tuple[Head, Buffers]:
    """Return the part of all curves of a value between two places, one sample more at both ends.

    Parameters
    ----------
    left, right : float
        Places on the horizontal axis.
    whole : bool
        All samples, however many there are.

    Returns
    -------
    tuple of dict and list
        By the trace: how many samples there are between, whether all of them came, its figures (see `sums`), and where
        its arrays are.
    """
    told: list[Any] = []
    buffers: Buffers = []
    for trace in traces_of(value):
        x, y, first, last = _between(trace, left, right)
        numbers = sums(y[first:last])
        every = whole or len(y) <= WHOLE or y.dtype.kind not in "biuf"
        if not every:
            index, y = minmax(y, POINTS)
            x = x[index]
        parts = []
        for array in (x, y):
            head, own = encode_whole(array)
            parts.append({"full": head, "own": len(own)})
            buffers += own
        told.append(
            {
                "count": last - first,
                "every": every,
                "sums": numbers,
                "parts": parts,
                "name": trace.name,
                "unit": trace.unit,
            }
        )
    return {"traces": told}, buffers


def _between(trace: Trace, left: float, right: float) -> tuple[Any, Any, int, int]:
    """Return the samples with one more at both ends, and which of these are between the places."""
    import numpy

    if isinstance(trace.y, Kept):
        x, y = trace.y.between(left, right)
    else:
        y = numpy.asarray(trace.y)
        size = min(len(trace.x), len(y))
        if isinstance(trace.x, Steps) and trace.x.step > 0.0:
            first, last = (_step(trace.x, place, size) for place in (left, right))
            begin, end = max(first - 1, 0), min(last + 2, size)
            x = trace.x.start + trace.x.step * numpy.arange(begin, end)
            y = y[begin:end]
        else:
            x = numpy.asarray(trace.x)[:size]
            y = y[:size]
            if bool((x[1:] >= x[:-1]).all()):
                begin = max(int(x.searchsorted(left)) - 1, 0)
                end = min(int(x.searchsorted(right, "right")) + 1, size)
                x, y = x[begin:end], y[begin:end]
            else:  # a curve that goes to and fro
                inside = (x >= left) & (x <= right)
                return x[inside], y[inside], 0, int(inside.sum())
    return x, y, int(x.searchsorted(left)), int(x.searchsorted(right, "right"))


def _step(steps: Steps, place: float, size: int) -> int:
    return min(max(math.floor((min(max(place, -1e300), 1e300) - steps.start) / steps.step), 0), size - 1)


def sums(y: Any) -> list[Any] | None:
    """Return count, mean, RMS, deviation, lowest and highest of the finite ones of some numbers; None if none is."""
    import numpy

    if y.dtype.kind not in "biuf" or not len(y):
        return None
    y = y.astype(float)
    y = y[numpy.isfinite(y)]
    if not len(y):
        return None
    return [len(y), float(y.mean()), math.sqrt(float((y * y).mean())), float(y.std()), float(y.min()), float(y.max())]


__all__: Sequence[str] = ["POINTS", "WHOLE", "NoCurvesError", "sums", "traces_of", "zoomed"]
