"""Figures of a report: where curves, dots and bars stand in a drawing, in its points."""

from __future__ import annotations

import math
from typing import Any

from flodesk.public import Bars, Line, Scatter, Trace, Waveform

WIDTH, HEIGHT = 720, 280
_LEFT, _RIGHT, _TOP, _BOTTOM = 64.0, 12.0, 10.0, 44.0
_POINTS = 1400
"""Points of a curve at most: more would not be seen."""
_NAMED_BARS = 24
"""Bars whose names have room below them."""


def figure(value: Line | Bars) -> dict[str, Any] | None:
    """Return what a template draws of an indicator; None if nothing is in it.

    Returns
    -------
    dict
        `curves` (each with `lines`, lists of ``x,y`` as text, `dots`, `bars` and a `name`), `across` and `up` (ticks:
        place and text), `x_title`, `y_title`, and the edges of the drawing.
    """
    if isinstance(value, Bars):
        return _bars(value)
    traces = [_points(trace, cut=not isinstance(value, Scatter)) for trace in value.traces]
    rows = [(x, y) for x, y in traces if len(y)]
    if not rows:
        return None
    frame = _Frame(
        _range([float(x.min()) for x, _ in rows], [float(x.max()) for x, _ in rows]),
        _range([float(y.min()) for _, y in rows], [float(y.max()) for _, y in rows], 0.05),
    )
    curves: list[dict[str, Any]] = []
    for (x, y), trace in zip(traces, value.traces, strict=True):
        curve: dict[str, Any] = {"name": trace.name, "lines": [], "dots": [], "bars": []}
        if isinstance(value, Scatter) or len(y) == 1:
            curve["dots"] = [frame.place(a, b) for a, b in zip(x, y, strict=True)]
        else:
            curve["lines"] = [" ".join("{},{}".format(*frame.place(a, b)) for a, b in zip(x, y, strict=True))]
        curves.append(curve)
    unit = value.y_unit or next((trace.unit for trace in value.traces if trace.unit), "")
    return frame.drawn(curves, _titled(value.x_label, value.x_unit), _titled(value.y_label, unit), frame.across())


def line_of(values: Any) -> Line:
    """Return a curve of a signal, channel by channel, or of an array of numbers over their place from 0."""
    import numpy

    y = numpy.atleast_2d(numpy.asarray(values, dtype=float))
    if isinstance(values, Waveform):
        names = [""] if len(y) == 1 else [f"channel {number}" for number in range(1, len(y) + 1)]
        traces = tuple(Trace(values.time, row, name, values.unit) for row, name in zip(y, names, strict=True))
        return Line("", traces, "Time", "s", "", values.unit)
    return Line("", tuple(Trace(numpy.arange(row.size, dtype=float), row) for row in y))


class _Frame:
    """Where numbers stand in a drawing."""

    def __init__(self, across: tuple[float, float], up: tuple[float, float]) -> None:
        self.left, self.right = across
        self.low, self.high = up

    def place(self, x: float, y: float) -> tuple[str, str]:
        return f"{self.x(x):.1f}", f"{self.y(y):.1f}"

    def x(self, x: float) -> float:
        return _LEFT + (x - self.left) / (self.right - self.left) * (WIDTH - _LEFT - _RIGHT)

    def y(self, y: float) -> float:
        return HEIGHT - _BOTTOM - (y - self.low) / (self.high - self.low) * (HEIGHT - _BOTTOM - _TOP)

    def across(self) -> list[tuple[str, str]]:
        return [(f"{self.x(tick):.1f}", text) for tick, text in ticks(self.left, self.right, 8)]

    def drawn(self, curves: list[dict[str, Any]], x: str, y: str, across: list[tuple[str, str]]) -> dict[str, Any]:
        return {
            "curves": curves,
            "across": across,
            "up": [(f"{self.y(tick):.1f}", text) for tick, text in ticks(self.low, self.high, 5)],
            "x_title": x,
            "y_title": y,
            "left": _LEFT,
            "right": WIDTH - _RIGHT,
            "top": _TOP,
            "bottom": HEIGHT - _BOTTOM,
            "width": WIDTH,
            "height": HEIGHT,
        }


def _bars(value: Bars) -> dict[str, Any] | None:
    import numpy

    bars = value.still(_POINTS)
    rows = numpy.nan_to_num(numpy.atleast_2d(numpy.asarray(bars.heights, dtype=float)))
    if rows.size == 0:
        return None
    count = rows.shape[1]
    edges = numpy.arange(count + 1.0) if bars.edges is None else numpy.asarray(bars.edges, dtype=float)
    low, high = _range([0.0, float(rows.min())], [0.0, float(rows.max())])
    frame = _Frame((float(edges[0]), float(edges[-1])), (min(low, 0.0) if rows.min() < 0.0 else 0.0, high))
    gap = 0.0 if bars.edges is not None else 0.2
    curves = []
    for number, heights in enumerate(rows):
        name = bars.names[number] if number < len(bars.names) else ""
        curve: dict[str, Any] = {"name": name, "lines": [], "dots": [], "bars": []}
        for place, height in enumerate(heights):
            width = (edges[place + 1] - edges[place]) * (1.0 - gap) / len(rows)
            start = edges[place] + (edges[place + 1] - edges[place]) * gap / 2 + number * width
            top, bottom = frame.y(max(height, 0.0)), frame.y(min(height, 0.0))
            across = frame.x(start), frame.x(start + width)
            curve["bars"].append([f"{one:.1f}" for one in (across[0], top, across[1] - across[0], bottom - top)])
        curves.append(curve)
    named = bars.edges is None
    across_ticks = _names_of(bars, frame, count) if named else frame.across()
    return frame.drawn(curves, _titled(bars.x_label, bars.x_unit), _titled(bars.y_label, bars.y_unit), across_ticks)


def _names_of(bars: Bars, frame: _Frame, count: int) -> list[tuple[str, str]]:
    each = -(-count // _NAMED_BARS)
    room = int(90 * each / count) + 2
    names = [(f"{frame.x(place + 0.5):.1f}", bars.place(place)) for place in range(0, count, each)]
    return [(x, name if len(name) <= room else name[: room - 1] + "…") for x, name in names]


def _points(trace: Trace, cut: bool) -> tuple[Any, Any]:
    """Return the points of a curve that are numbers, with so few of them that look the same."""
    import numpy

    made = trace.still(_POINTS if cut else None)
    x, y = numpy.asarray(made.x, dtype=float), numpy.asarray(made.y, dtype=float)
    good = numpy.isfinite(x) & numpy.isfinite(y)
    return x[good], y[good]


def _range(lows: list[float], highs: list[float], room: float = 0.0) -> tuple[float, float]:
    """Return the ends of an axis, with so much room as a share of it at both."""
    low, high = min(lows), max(highs)
    room = room * (high - low) if high > low else 0.5 * (abs(low) or 1.0)
    return low - room, high + room


def ticks(low: float, high: float, most: int) -> list[tuple[float, str]]:
    """Return round numbers within a range, at most so many and one, with their texts."""
    rough = (high - low) / most
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(factor * power for factor in (1.0, 2.0, 5.0, 10.0) if factor * power >= rough * (1 - 1e-9))
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    digits = max(0, -math.floor(math.log10(step) + 1e-9))
    plain = digits <= 6 and max(abs(low), abs(high)) < 1e7
    numbers = [number * step for number in range(first, last + 1)]
    return [(one, f"{one:.{digits}f}" if plain else f"{one:.4g}") for one in numbers]


def _titled(label: str, unit: str) -> str:
    return f"{label} in {unit}" if label and unit else label or unit
