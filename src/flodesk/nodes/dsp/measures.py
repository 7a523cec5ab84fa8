"""Figures of a signal: its level, and its highest point."""

from __future__ import annotations

from typing import NamedTuple

from flodesk.nodes._numbers import numbers
from flodesk.public import Array, Quantity, node


class Peak(NamedTuple):
    """The highest point of a curve.

    Attributes
    ----------
    x : float
        Where it is, in the unit of the horizontal axis.
    y : float
        How high it is, in the unit of the vertical axis.
    """

    x: float
    y: float


def _no_point(points: int, lower: float | None, upper: float | None) -> str:
    """Say why there is no highest point."""
    if not points:
        return "there are no points to search: x and y are empty"
    if lower is None and upper is None:
        return f"no point of the {points} has a finite height"
    span = f"below {upper:g}" if lower is None else f"above {lower:g}"
    if lower is not None and upper is not None:
        span = f"between {lower:g} and {upper:g}"
    return f"no point of the {points} is {span} and has a finite height: widen the limits"


@node(tags=("maximum", "peak frequency", "dominant"), pure=True)
def peak(x: Array, y: Array, lower: float | None = None, upper: float | None = None) -> Peak:
    """Find the highest point of a curve, such as the dominant frequency of a spectrum.

    Parameters
    ----------
    x, y : Array
        Points of the curve in any unit, each of shape (n,).
    lower, upper : float, optional
        Limits of the search, both included, in the unit of `x`; None for no limit.

    Returns
    -------
    x : float
        Where the highest point is, in the unit of `x`; the first if there are several.
    y : float
        How high it is, in the unit of `y`.

    Raises
    ------
    ValueError
        Lengths differ, or no point is within the limits.

    Examples
    --------
    >>> dsp.peak([1.0, 2.0, 3.0], [0.5, 4.0, 9.0], upper=2.5)
    Peak(x=2.0, y=4.0)
    """
    import numpy

    across, up = numbers(x, "x"), numbers(y, "y")
    if across.ndim != 1 or across.shape != up.shape:
        raise ValueError(f"x has the shape {across.shape} and y {up.shape}: both must have one axis of one length")
    inside = numpy.isfinite(up)
    if lower is not None:
        inside &= across >= lower
    if upper is not None:
        inside &= across <= upper
    if not inside.any():
        raise ValueError(_no_point(len(across), lower, upper))
    best = int(numpy.where(inside, up, -numpy.inf).argmax())
    return Peak(float(across[best]), float(up[best]))


@node(title="RMS", tags=("root mean square", "effective value", "power", "level"), pure=True)
def rms(signal: Quantity) -> float:
    """Measure the effective value of a signal.

    Parameters
    ----------
    signal : Waveform or Array
        Samples in any unit, at least one.

    Returns
    -------
    float
        Root of the mean of the squares, in the unit of the signal.

    Raises
    ------
    ValueError
        There are no samples.

    Examples
    --------
    >>> dsp.rms([3.0, -3.0, 3.0])
    3.0
    """
    import numpy

    y = numbers(signal, "signal")
    if y.size == 0:
        raise ValueError("there are no samples to measure")
    return float(numpy.sqrt(numpy.mean(numpy.square(y))))
