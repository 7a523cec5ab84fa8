"""Controls of numbers: one, or two that belong together. Each is limited to a range."""

from __future__ import annotations

from typing import Annotated, Literal, NamedTuple

from flodesk.public import Range, node


def _limit(value: float, minimum: float, maximum: float) -> float:
    if minimum > maximum:
        raise ValueError(f"the minimum {minimum:g} is above the maximum {maximum:g}: swap them")
    return min(max(value, minimum), maximum)


@node(role="control", widget="slider", tags=("fader", "knob", "dial"))
def slider(
    value: float = 50.0,
    minimum: float = 0.0,
    maximum: float = 100.0,
    step: Annotated[float, Range(0.0)] = 0.0,
    label: str = "",
    unit: str = "",
) -> float:
    """Set a number by a slider.

    Parameters
    ----------
    value : float
        What the hand has set, in the unit given below.
    minimum, maximum : float
        Limits, both included, in the same unit as the value.
    step : float
        Distance of two positions of the slider, in the same unit as the value; 0 for as fine as the screen.
    label : str
        What stands beside it; empty for the node's name.
    unit : str
        Unit of the value.

    Returns
    -------
    float
        The value, limited to the range.

    Raises
    ------
    ValueError
        The minimum is above the maximum.

    Examples
    --------
    >>> control.slider(120.0, minimum=0.0, maximum=100.0)
    100.0
    """
    return _limit(value, minimum, maximum)


@node(role="control", widget="knob", tags=("dial", "rotary", "potentiometer", "logarithmic"))
def knob(
    value: float = 50.0,
    minimum: float = 0.0,
    maximum: float = 100.0,
    step: Annotated[float, Range(0.0)] = 0.0,
    scale: Literal["linear", "log"] = "linear",
    label: str = "",
    unit: str = "",
) -> float:
    """Set a number by a knob.

    Parameters
    ----------
    value : float
        What the hand has set, in the unit given below.
    minimum, maximum : float
        Limits, both included, in the same unit as the value.
    step : float
        Distance of two positions of the knob, in the same unit as the value; 0 for as fine as the screen.
    scale : str
        ``"linear"``, or ``"log"`` where a part of a turn is a factor: both limits are above 0 then.
    label : str
        What stands beside it; empty for the node's name.
    unit : str
        Unit of the value.

    Returns
    -------
    float
        The value, limited to the range.

    Raises
    ------
    ValueError
        The minimum is above the maximum, or a limit of a logarithmic scale is not above 0.

    Examples
    --------
    >>> control.knob(0.5, minimum=1.0, maximum=1e6, scale="log", unit="Hz")
    1.0
    """
    if scale == "log" and minimum <= 0:
        raise ValueError(f"a logarithmic scale cannot begin at {minimum:g}: set the minimum above 0")
    return _limit(value, minimum, maximum)


@node(role="control", widget="number", tags=("spin box", "entry", "input"))
def number(
    value: float = 0.0,
    minimum: float = -1e9,
    maximum: float = 1e9,
    step: Annotated[float, Range(0.0)] = 1.0,
    label: str = "",
    unit: str = "",
) -> float:
    """Set a number by typing it.

    Parameters
    ----------
    value : float
        What the hand has set, in the unit given below.
    minimum, maximum : float
        Limits, both included, in the same unit as the value.
    step : float
        What one press of an arrow adds, in the same unit as the value.
    label : str
        What stands beside it; empty for the node's name.
    unit : str
        Unit of the value.

    Returns
    -------
    float
        The value, limited to the range.

    Raises
    ------
    ValueError
        The minimum is above the maximum.

    Examples
    --------
    >>> control.number(4.7, unit="kΩ")
    4.7
    """
    return _limit(value, minimum, maximum)


class Span(NamedTuple):
    """Two numbers, the lower one first.

    Attributes
    ----------
    low, high : float
        In the unit of the control.
    """

    low: float
    high: float


@node(role="control", widget="range", tags=("range slider", "span", "band", "interval", "limits", "window", "from to"))
def range(
    value: tuple[float, float] = (25.0, 75.0),
    minimum: float = 0.0,
    maximum: float = 100.0,
    step: Annotated[float, Range(0.0)] = 0.0,
    label: str = "",
    unit: str = "",
) -> Span:
    """Set two numbers, from and to, by a slider with two handles.

    Parameters
    ----------
    value : tuple of float
        What the hand has set: both ends, in the unit given below.
    minimum, maximum : float
        Limits of both ends, both included, in the same unit as the value.
    step : float
        Distance of two positions of a handle, in the same unit as the value; 0 for as fine as the screen.
    label : str
        What stands beside it; empty for the node's name.
    unit : str
        Unit of the value.

    Returns
    -------
    low, high : float
        Both ends, limited to the range; the smaller one is the low end, in whichever order they are given.

    Raises
    ------
    ValueError
        The minimum is above the maximum, or the value is not two numbers.

    Examples
    --------
    >>> control.range((80.0, 20.0), maximum=50.0)
    Span(low=20.0, high=50.0)
    """
    try:
        one, other = (float(end) for end in value)
    except (TypeError, ValueError):
        raise ValueError(f"{value!r} is not two numbers: write the ends as (25.0, 75.0)") from None
    ends = _limit(one, minimum, maximum), _limit(other, minimum, maximum)
    return Span(min(ends), max(ends))
