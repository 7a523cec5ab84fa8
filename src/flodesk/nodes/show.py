"""Indicators: what the control panel shows, and a run without a screen tells in words."""

from __future__ import annotations

from numbers import Integral
from typing import Annotated, Any, Literal

from flodesk.public import Array, Lamp, Line, Note, Number, Quantity, Range, Sheet, Table, Trace, Waveform, node

__all__ = ["lamp", "line", "number", "table", "text", "xy"]


def _traces(value: Any, newest: int | None = None) -> list[Trace]:
    """Make a trace of each row of a signal or array; the last sample of an array has the number `newest`."""
    import numpy

    y = numpy.atleast_1d(numpy.asarray(value))
    if y.ndim > 2 or y.dtype.kind not in "biuf":
        what = f"an array of shape {y.shape}" if y.ndim > 2 else f"values of type {y.dtype}"
        raise ValueError(f"a line cannot show {what}: give it signals, or arrays of numbers with one or two axes")
    wave = isinstance(value, Waveform)
    x = value.time if wave else numpy.arange(y.shape[-1]) + (0 if newest is None else newest + 1 - y.shape[-1])
    unit = value.unit if wave else ""
    rows = y if y.ndim == 2 else y[numpy.newaxis]
    return [Trace(x, row, unit=unit) for row in rows]


def _named(traces: list[Trace], names: str) -> tuple[Trace, ...]:
    given = [name.strip() for name in names.split(",")] if names.strip() else []
    return tuple(
        Trace(trace.x, trace.y, given[i] if i < len(given) else trace.name, trace.unit)
        for i, trace in enumerate(traces)
    )


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
            traces.append(Trace(across, trace.y, unit=y_unit))
    return Line(title, _named(traces, names), x_label, x_unit, y_label, y_unit)


@node(tags=("display", "meter", "readout"))
def number(value: float, title: str = "", unit: str = "", digits: Annotated[int, Range(1, 15)] = 4) -> Number:
    """Show one number.

    Parameters
    ----------
    value : float
        The number, in the unit given below.
    title : str
        What stands beside it; empty for the node's name.
    unit : str
        Unit of the number.
    digits : int
        Number of digits to show; a whole number is shown with all of its own.

    Returns
    -------
    Number
        The display.

    Raises
    ------
    TypeError, ValueError
        The value is no single number.
    """
    # a count stays a whole number: it is shown with all its digits and no decimals
    given: Any = value
    return Number(title, int(given) if isinstance(given, Integral) else float(given), unit, digits)


@node(tags=("sheet", "rows", "data frame"))
def table(data: Table, title: str = "") -> Sheet:
    """Show a table.

    Parameters
    ----------
    data : Table
        A pandas DataFrame.
    title : str
        Title of the table; empty for the node's name.

    Returns
    -------
    Sheet
        The table to look at.

    Raises
    ------
    TypeError
        The value is no table.
    """
    if not hasattr(data, "columns"):
        raise TypeError(f"a table is shown here, and got {type(data).__name__}: wire a table to it")
    return Sheet(title, data)


@node(title="LED", tags=("lamp", "light", "alarm", "indicator", "led"))
def lamp(on: bool, title: str = "", color: Literal["green", "red", "amber", "blue"] = "green") -> Lamp:
    """Show a truth value as a lamp.

    Parameters
    ----------
    on : bool
        True lights it.
    title : str
        What stands beside it; empty for the node's name.
    color : str
        Colour when lit.

    Returns
    -------
    Lamp
        The lamp.
    """
    return Lamp(title, bool(on), color)


@node(tags=("label", "message", "string"))
def text(value: object, title: str = "") -> Note:
    """Show a value as text.

    Parameters
    ----------
    value : object
        The text, or any value.
    title : str
        What stands beside it; empty for the node's name.

    Returns
    -------
    Note
        The text to look at.
    """
    return Note(title, str(value))
