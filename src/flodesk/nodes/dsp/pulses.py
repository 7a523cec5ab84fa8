"""The shape of pulses and steps."""

from __future__ import annotations

from typing import Annotated, NamedTuple

from flodesk.nodes.dsp.inputs import one_channel, waveform
from flodesk.public import Array, Signal, Unit, node


class Pulse(NamedTuple):
    """The shape of a pulse or a step.

    Attributes
    ----------
    low, high : float
        Its two levels, in the unit of the signal.
    rise_time, fall_time : float
        From 10 % to 90 % and back, in s.
    width : float
        Between the two edges at 50 %, in s.
    overshoot : float
        How far it goes past the high level, in percent of the step.
    """

    low: float
    high: float
    rise_time: Annotated[float, Unit("s")]
    fall_time: Annotated[float, Unit("s")]
    width: Annotated[float, Unit("s")]
    overshoot: Annotated[float, Unit("%")]


@node(tags=("rise time", "fall time", "overshoot", "step response", "transition", "edge", "oscilloscope"), pure=True)
def pulse_measures(signal: Signal) -> Pulse:
    """Measure the first pulse, or step up, in a signal: its levels, edges, width and overshoot.

    Parameters
    ----------
    signal : Waveform
        The signal, shape (n,), ten samples or more, with a stretch at each of its two levels.

    Returns
    -------
    low, high : float
        Its two levels, in the unit of the signal.
    rise_time : float
        From 10 % to 90 % of the step, in s.
    fall_time : float
        From 90 % to 10 % of it, in s; NaN for a step that stays.
    width : float
        Between the two edges at 50 %, in s; NaN for a step that stays.
    overshoot : float
        How far it goes past the high level after the first edge, in percent of the step.

    Raises
    ------
    TypeError
        The signal has no sample rate.
    ValueError
        There are too few samples, or it has no rising edge.

    Notes
    -----
    The levels are the modes of the lower and upper half of the histogram (100 bins); between two samples a straight
    line is assumed. Reference: IEEE Std 181-2011, clauses 5.2 and 5.3.

    Examples
    --------
    >>> wave = Waveform(np.interp(np.arange(100), [20, 30, 60, 70], [0.0, 5.0, 5.0, 0.0]), dt=0.001)
    >>> found = dsp.pulse_measures(wave)
    >>> found.high, round(found.rise_time, 6), round(found.width, 6)
    (5.0, 0.008, 0.04)
    """
    wave = waveform(signal)
    y = one_channel(wave, least=10)
    low, high = _levels(y)
    if not high > low:
        raise ValueError("the signal has one level only: give one with an edge")
    share = (y - low) / (high - low)
    up = _first(share, 0, 0.5)
    if up is None or not (share[: up + 1] < 0.5).any():
        raise ValueError("the signal has no rising edge: give a stretch that begins at its low level")
    rise = _time(share, up, 0.9) - _back(share, up, 0.1)
    down = _first(-share, up + 1, -0.5)
    after = y[up : down if down is not None else len(y)]
    overshoot = max(0.0, 100.0 * float(after.max() - high) / (high - low))
    fall = width = float("nan")
    if down is not None:
        fall = _time(-share, down, -0.1) - _back(-share, down, -0.9)
        width = _exact(-share, down, -0.5) - _exact(share, up, 0.5)
    dt = wave.dt
    return Pulse(low, high, rise * dt, fall * dt, width * dt, overshoot)


def _levels(y: Array) -> tuple[float, float]:
    """Return the low and high level: the middle of the samples in the fullest bin of each half of the histogram."""
    import numpy

    bottom, top = float(y.min()), float(y.max())
    if not top > bottom:
        return bottom, top
    place = numpy.minimum(((y - bottom) / (top - bottom) * 100.0).astype(int), 99)
    counts = numpy.bincount(place, minlength=100)
    low, high = int(counts[:50].argmax()), 50 + int(counts[50:].argmax())
    return float(numpy.median(y[place == low])), float(numpy.median(y[place == high]))


def _first(share: Array, start: int, level: float) -> int | None:
    """Return the first sample from `start` on that is at the level or above after one below."""
    import numpy

    above = share[start:] >= level
    found = numpy.flatnonzero(above[1:] & ~above[:-1])
    return start + int(found[0]) + 1 if found.size else None


def _exact(share: Array, place: int, level: float) -> float:
    """Return where between a sample and the one before it the level is crossed, in samples."""
    before, after = float(share[place - 1]), float(share[place])
    return place - (after - level) / (after - before)


def _time(share: Array, place: int, level: float) -> float:
    """Return where, from a sample on, the level is reached, in samples; NaN if never."""
    found = _first(share, place - 1, level)
    return _exact(share, found, level) if found is not None else float("nan")


def _back(share: Array, place: int, level: float) -> float:
    """Return where, before a sample, the level was crossed last, in samples; NaN if never."""
    while place > 0 and not share[place - 1] < level <= share[place]:
        place -= 1
    return _exact(share, place, level) if place > 0 else float("nan")
