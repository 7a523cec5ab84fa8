"""Plots of curves."""

from __future__ import annotations

from typing import Any

from flodesk.public import Array, Line, Quantity, Steps, Trace, Waveform, node

__all__ = ["line", "xy"]


def _traces(value: Any, newest: int | None = None) -> list[Trace]:
    """Make a trace of each row of a signal or array; the last sample of an array has the number `newest`."""
    import numpy

    y = numpy.atleast_1d(numpy.asarray(value))
    if y.ndim > 2 or y.dtype.kind not in "biuf":
        what = f"an array of shape {y.shape}" if y.ndim > 2 else f"values of type {y.dtype}"
        raise ValueError(f"a line cannot show {what}: give it signals, or arrays of numbers with one or two axes")
    wave = isinstance(value, Waveform)
    count = y.shape[-1]
    x = Steps(value.t0, value.dt, count) if wave else Steps(0 if newest is None else newest + 1 - count, 1, count)
    unit = value.unit if wave else ""
    rows = y if y.ndim == 2 else y[numpy.newaxis]
    return [Trace(x, row, unit=unit) for row in rows]


def _named(traces: list[Trace], names: str) -> tuple[Trace, ...]:
    given = [name.strip() for name in names.split(",")] if names.strip() else []
    return tuple(
        Trace(trace.x, trace.y, given[i] if i < len(given) else trace.name, trace.unit)
        for i, trace in enumerate(traces)
    )


def points(x: Array, ys: tuple[Array, ...], names: str, unit: str) -> tuple[Trace, ...]:
    """Make a trace of each of some arrays over another.

    Raises
    ------
    ValueError
        Lengths differ, or a value is no array of numbers with one axis.
    """
    import numpy

    across = numpy.asarray(x)
    if across.ndim != 1:
        raise ValueError(f"x has the shape {across.shape}: it must have one axis")
    traces = []
    for position, y in enumerate(ys, 1):
        for trace in _traces(y):
            if len(trace.y) != len(across):
                raise ValueError(f"x has {len(across)} points and curve {position} has {len(trace.y)}: they must agree")
            traces.append(Trace(across, trace.y, unit=unit))
    return _named(traces, names)


@node(tags=("plot", "chart", "graph", "scope", "oscilloscope", "trend"))
def line(
    *values: Quantity,
    title: str = "",
    names: str = "",
    x_label: str = "",
    y_label: str = "",
    y_unit: str = "",
    newest: int | None = None,
) -> Line:
    """Show one or more signals as lines.

    A waveform is drawn over its time in s, an array over the number of the sample; each row of a two-dimensional one
    is a line of its own.

    Parameters
    ----------
    *values : Waveform or Array
        What to draw, shapes (n,) or (rows, n).
    title : str
        Title of the plot; empty for the node's name.
    names : str
        Names of the lines in order, with commas between.
    x_label, y_label : str
        What the axes are.
    y_unit : str
        Unit of the vertical axis; empty for that of the first signal which has one.
    newest : int, optional
        Number of the last sample of the arrays (dimensionless), where they are the last ones of a longer stream; None
        to count from 0. Waveforms have their own time.

    Returns
    -------
    Line
        The plot.

    Raises
    ------
    ValueError
        A value is no array of numbers with one or two axes.

    Examples
    --------
    >>> show.line(source.sine(0, frequency=5.0, samples=100, rate=100.0), names="volt").summary()
    'volt: 100 points from -1 to 1'
    """
    traces = [trace for value in values for trace in _traces(value, newest)]
    timed = any(isinstance(value, Waveform) for value in values)
    unit = y_unit or next((trace.unit for trace in traces if trace.unit), "")
    return Line(title, _named(traces, names), x_label or ("Time" if timed else ""), "s" if timed else "", y_label, unit)


@node(title="XY plot", tags=("plot", "chart", "graph", "curve", "spectrum"))
def xy(
    x: Array,
    *ys: Array,
    title: str = "",
    names: str = "",
    x_label: str = "",
    x_unit: str = "",
    y_label: str = "",
    y_unit: str = "",
) -> Line:
    """Show one or more arrays over another as lines.

    Parameters
    ----------
    x : Array
        Where each point is on the horizontal axis, shape (n,).
    *ys : Array
        What to draw, each of shape (n,).
    title : str
        Title of the plot; empty for the node's name.
    names : str
        Names of the lines in order, with commas between.
    x_label, y_label : str
        What the axes are.
    x_unit, y_unit : str
        Units of the axes.

    Returns
    -------
    Line
        The plot.

    Raises
    ------
    ValueError
        Lengths differ, or a value is no array of numbers with one axis.

    Examples
    --------
    >>> show.xy([0.0, 1.0, 2.0], [0.0, 1.0, 4.0], names="square").summary()
    'square: 3 points from 0 to 4'
    """
    return Line(title, points(x, ys, names, y_unit), x_label, x_unit, y_label, y_unit)
