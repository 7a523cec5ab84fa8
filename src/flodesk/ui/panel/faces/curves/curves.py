"""Curves as the plot draws them: names, finite or not, extremes, the value at the cursor, and as text."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from flodesk.indicators.cutting import minmax
from flodesk.public import Array, Line

MOST = 4000
"""Points from which a curve is cut down to its lowest and highest ones; the engine has done it already, as a rule."""


@dataclass(frozen=True, slots=True)
class Curve:
    """`x` and `y` are arrays of one length with at least one point.

    `finite` says that `y` has no gaps, `calm` that the curve is a line to follow rather than noise that fills its band.
    Between the places `whole` there are all samples, elsewhere there may be those alone that look the same.
    """

    x: Array
    y: Array
    name: str
    unit: str
    finite: bool
    calm: bool
    whole: tuple[float, float] = (math.inf, -math.inf)


CALM = 30.0
"""How often a calm curve runs through its own range at most."""


def curves_of(line: Line, names: tuple[str, ...]) -> tuple[Curve, ...]:
    """Return the curves of a line plot; `names` stand in for traces that have none."""
    import numpy as np

    curves = []
    for number, trace in enumerate(line.traces):
        light = trace.still(MOST)
        y = np.asarray(light.y, dtype=float)
        x = np.asarray(light.x, dtype=float)
        size = min(len(x), len(y))
        if not size:
            x, y = np.zeros(1), np.full(1, np.nan)
        elif size > MOST:
            index, y = minmax(y[:size])
            x = x[index]
        else:
            x, y = x[:size], y[:size]
        low, high = float(y.min()), float(y.max())  # a gap makes them gaps, too: one look at the samples less
        finite = math.isfinite(low) and math.isfinite(high)
        calm = finite and float(np.abs(np.diff(y)).sum()) <= CALM * (high - low)
        curves.append(Curve(x, y, trace.name or _spare_name(number, len(line.traces), names), trace.unit, finite, calm))
    return tuple(curves)


def renamed(line: Line, names: str) -> Line:
    """Return a line plot whose curves have the names that stand in a text, separated by commas; else it as it is."""
    said = [name.strip() for name in names.split(",")]
    if not any(said):
        return line
    told = [*said, *[""] * len(line.traces)]
    return replace(line, traces=tuple(replace(t, name=told[n] or t.name) for n, t in enumerate(line.traces)))


def _spare_name(number: int, count: int, names: tuple[str, ...]) -> str:
    """Return a name for the trace with this number from 0: what feeds it, as far as that is clear."""
    if len(names) == count:
        return names[number]
    if count == 1:
        return ""
    return f"trace {number + 1}"  # as a run without a window calls it


def extremes(curves: tuple[Curve, ...]) -> tuple[tuple[float, float], tuple[float, float]]:
    """Return the ranges of x and of y over all curves; infinite ones where there is nothing finite."""
    import numpy as np

    ranges: list[tuple[float, float]] = []
    for axis in ("x", "y"):
        low, high = np.inf, -np.inf
        for curve in curves:
            values = getattr(curve, axis)
            if not len(values):
                continue
            least, most = float(values.min()), float(values.max())
            if not (math.isfinite(least) and math.isfinite(most)):  # seldom: all values are told apart only then
                values = values[np.isfinite(values)]
                if not len(values):
                    continue
                least, most = float(values.min()), float(values.max())
            low, high = min(low, least), max(high, most)
        ranges.append((low, high))
    return ranges[0], ranges[1]


def nearest(curve: Curve, x: float) -> float | None:
    """Return the y of the point whose x is nearest to `x`; None where the curve has none near, or a gap."""
    import numpy as np

    if not len(curve.x) or x < curve.x.min() or x > curve.x.max():
        return None
    value = float(curve.y[np.abs(curve.x - x).argmin()])
    return value if np.isfinite(value) else None


def _without_dust(x: Array) -> Array:
    """Return places of an axis with 12 digits, which 99.15100000000001 is meant to have.

    As they are where that would tell neighbours less well apart: times since 1970 have 10 digits before the point.
    """
    import numpy as np

    steps = np.diff(x)
    if not len(steps) or not np.isfinite(x).all() or steps.min() <= 0.0:
        return x
    rounded = np.array([float(f"{place:.12g}") for place in x])
    return rounded if np.abs(rounded - x).max() < 1e-6 * steps.min() else x


def csv_text(curves: tuple[Curve, ...], x_label: str, x_unit: str) -> str:
    """Return curves as CSV: one x column if they share it, else one before each."""
    import numpy as np

    first = f"{x_label or 'x'} ({x_unit})" if x_unit else x_label or "x"
    shared = all(np.array_equal(curve.x, curves[0].x) for curve in curves[1:])
    heads: list[str] = []
    columns: list[Array] = []
    for number, curve in enumerate(curves, 1):
        if number == 1 or not shared:
            heads.append(first)
            columns.append(_without_dust(curve.x))
        heads.append((curve.name or f"y{number}") + (f" ({curve.unit})" if curve.unit else ""))
        columns.append(curve.y)
    rows = max((len(column) for column in columns), default=0)
    lines = [",".join('"' + head.replace('"', '""') + '"' if set(head) & set('",\n') else head for head in heads)]
    lines += [",".join(repr(float(c[row])) if row < len(c) else "" for c in columns) for row in range(rows)]
    return "\n".join(lines) + "\n"
