"""What is measured on curves: figures of the part that is seen, and peaks."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from flodesk.ui.panel.faces.curves.curves import Curve

PEAKS = 5
"""How many peaks of a curve are marked."""
PROMINENT = 0.15
"""Share of the curve's height by which a peak must stand out."""
CUT = 1000
"""Points from which on a curve whose points are unevenly far apart may be one that was cut down for the screen."""


@dataclass(frozen=True, slots=True)
class Figures:
    """What there is to say of numbers; `exact` says that mean, RMS and deviation are of all samples."""

    count: int
    mean: float
    rms: float
    deviation: float
    low: float
    high: float
    exact: bool


def within(curve: Curve, left: float, right: float) -> Curve:
    """Return the part of a curve between two places, both included."""
    part = (curve.x >= left) & (curve.x <= right)
    return replace(curve, x=curve.x[part], y=curve.y[part])


def figures(curve: Curve) -> Figures | None:
    """Return the figures of a curve; None where it has no point."""
    import numpy as np

    y = curve.y[np.isfinite(curve.y)]
    if not len(y):
        return None
    mean = float(y.mean())
    return Figures(
        len(y),
        mean,
        math.sqrt(float((y * y).mean())),
        float(y.std()),
        float(y.min()),
        float(y.max()),
        exact=len(curve.x) < CUT or (curve.whole[0] <= curve.x[0] and curve.x[-1] <= curve.whole[1]) or _even(curve),
    )


def _even(curve: Curve) -> bool:
    import numpy as np

    steps = np.diff(curve.x)
    return bool(len(steps)) and float(np.ptp(steps)) <= 1e-6 * max(abs(float(steps.mean())), 1e-300)


def peaks(curve: Curve, most: int = PEAKS) -> list[tuple[float, float]]:
    """Return the places and heights of the highest peaks that stand out, from left to right."""
    import numpy as np

    good = np.isfinite(curve.y)
    x, y = curve.x[good], curve.y[good]
    if len(y) < 3:
        return []
    size = float(np.ptp(y))
    tops = np.flatnonzero((y[1:-1] > y[:-2]) & (y[1:-1] >= y[2:])) + 1
    tops = tops[np.argsort(y[tops])[::-1]][: 20 * most]
    found: list[int] = []
    for top in tops.tolist():
        if y[top] - _saddle(y, top) >= PROMINENT * size:
            found.append(top)
        if len(found) == most:
            break
    return [(float(x[top]), float(y[top])) for top in sorted(found)]


def _saddle(y: object, top: int) -> float:
    """Return how deep one has to go from a peak to get to a higher one, or to an end."""
    import numpy as np

    values = np.asarray(y)
    higher = np.flatnonzero(values > values[top])
    left, right = higher[higher < top], higher[higher > top]
    before = values[left[-1] if len(left) else 0 : top + 1].min()
    behind = values[top : (right[0] if len(right) else len(values) - 1) + 1].min()
    sides = [before] if len(left) else []
    sides += [behind] if len(right) else []
    return float(max(sides) if sides else min(before, behind))
