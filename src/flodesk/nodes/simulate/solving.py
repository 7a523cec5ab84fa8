"""The solver that the models of this shelf have in common."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from flodesk.public import Array, Waveform


def solved(
    change: Callable[[float, Array], Any], start: Sequence[float], duration: float, points: int, method: str = "DOP853"
) -> Waveform:
    """Return the states of a system, shape (states, points), at equal distances in time from 0 s.

    Raises
    ------
    ValueError
        The length makes no sense, or the solution runs away.
    """
    import numpy
    import scipy.integrate

    if not duration > 0.0 or points < 2:
        raise ValueError(f"{duration:g} s in {points} points have no course: give more than 0 s, and 2 points or more")
    t = numpy.linspace(0.0, duration, points)
    with numpy.errstate(all="ignore"):
        found = scipy.integrate.solve_ivp(change, (0.0, duration), start, method, t, rtol=1e-8, atol=1e-10)
    if not found.success or not numpy.isfinite(found.y).all():
        far = found.t[-1] if len(found.t) else 0.0
        raise ValueError(f"the solution runs away or cannot be followed after {far:g} s: {found.message}")
    return Waveform(found.y, duration / (points - 1))
