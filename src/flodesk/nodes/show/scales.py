"""Single values: numbers in digits and on scales, lamps."""

from __future__ import annotations

from numbers import Integral
from typing import Annotated, Any, Literal, TypedDict

from flodesk.public import (
    Bar,
    Compass,
    Gauge,
    Lamp,
    Meter,
    Number,
    Progress,
    Range,
    Segments,
    Tank,
    Thermometer,
    Zone,
    node,
)  # fmt: skip

__all__ = ["bar", "compass", "gauge", "lamp", "number", "progress", "seven_segment", "tank", "thermometer"]


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

    Examples
    --------
    >>> show.number(4.6996, unit="kΩ").summary()
    '4.7 kΩ'
    """
    # a count stays a whole number: it is shown with all its digits and no decimals
    given: Any = value
    return Number(title, int(given) if isinstance(given, Integral) else float(given), unit, digits)


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

    Examples
    --------
    >>> show.lamp(4.9 > 4.5, color="red").summary()
    'on'
    """
    return Lamp(title, bool(on), color)


def _limits(minimum: float, maximum: float) -> tuple[float, float]:
    if minimum == maximum:
        raise ValueError(f"minimum and maximum are both {minimum:g}: a scale needs some length")
    if minimum > maximum:
        raise ValueError(f"the minimum {minimum:g} is above the maximum {maximum:g}: swap them")
    return float(minimum), float(maximum)


class _Ends(TypedDict):
    minimum: float
    maximum: float
    follows: tuple[str, ...]


def _ends(value: float, unit: str, zones: tuple[Zone, ...], minimum: float | None, maximum: float | None) -> _Ends:
    """Return the ends of a scale, and which of them nobody gave: those follow the value."""
    if minimum is not None and maximum is not None:
        low, high = _limits(minimum, maximum)
        return {"minimum": low, "maximum": high, "follows": ()}
    low, high = Gauge.limits_for(float(value), unit, zones)
    if minimum is not None:
        low, high = float(minimum), high if high > minimum else float(minimum) + 1.0
    if maximum is not None:
        low, high = low if low < maximum else float(maximum) - 1.0, float(maximum)
    free = {"minimum": minimum, "maximum": maximum}
    return {"minimum": low, "maximum": high, "follows": tuple(end for end, given in free.items() if given is None)}


@node(tags=("dial", "meter", "needle", "speedometer", "manometer"))
def gauge(
    value: float,
    title: str = "",
    unit: str = "",
    minimum: float | None = None,
    maximum: float | None = None,
    digits: Annotated[int, Range(1, 15)] = 4,
    warning_below: float | None = None,
    warning_above: float | None = None,
    alarm_below: float | None = None,
    alarm_above: float | None = None,
) -> Gauge:
    """Show a number as a needle on a round scale.

    Parameters
    ----------
    value : float
        The number, in the unit given below.
    title : str
        What stands over it; empty for the node's name.
    unit : str
        Unit of the value.
    minimum, maximum : float, optional
        Ends of the scale, in the unit of the value. Without them it follows the value: it grows as far as 1, 2 or 5
        times a power of ten, and does not shrink again; in %, ° or dB it begins as large as those are.
    digits : int
        Number of digits to show.
    warning_below, warning_above, alarm_below, alarm_above : float, optional
        From where on it warns or raises an alarm, by colour and in words, in the unit of the value; None for never.

    Returns
    -------
    Gauge
        The dial.

    Raises
    ------
    TypeError, ValueError
        The value is no single number, or the scale has no length.

    Examples
    --------
    >>> show.gauge(92.0, unit="bar", warning_above=90.0).summary()
    '92 bar (warning)'
    """
    zones = Zone.around(warning_below, warning_above, alarm_below, alarm_above)
    return Gauge(title, float(value), unit, digits=digits, zones=zones, **_ends(value, unit, zones, minimum, maximum))


@node(tags=("needle", "moving coil", "analog", "analogue", "vu", "voltmeter", "arc"))
def meter(
    value: float,
    title: str = "",
    unit: str = "",
    minimum: float | None = None,
    maximum: float | None = None,
    digits: Annotated[int, Range(1, 15)] = 4,
    warning_below: float | None = None,
    warning_above: float | None = None,
    alarm_below: float | None = None,
    alarm_above: float | None = None,
) -> Meter:
    """Show a number as a needle on a flat arc.

    Parameters
    ----------
    value : float
        The number, in the unit given below.
    title : str
        What stands over it; empty for the node's name.
    unit : str
        Unit of the value.
    minimum, maximum : float, optional
        Ends of the scale, in the unit of the value. Without them it follows the value: it grows as far as 1, 2 or 5
        times a power of ten, and does not shrink again; in %, ° or dB it begins as large as those are.
    digits : int
        Number of digits to show.
    warning_below, warning_above, alarm_below, alarm_above : float, optional
        From where on it warns or raises an alarm, by colour and in words, in the unit of the value; None for never.

    Returns
    -------
    Meter
        The meter.

    Raises
    ------
    TypeError, ValueError
        The value is no single number, or the scale has no length.

    Examples
    --------
    >>> show.meter(3.3, unit="V", maximum=5.0).summary()
    '3.3 V'
    """
    zones = Zone.around(warning_below, warning_above, alarm_below, alarm_above)
    return Meter(title, float(value), unit, digits=digits, zones=zones, **_ends(value, unit, zones, minimum, maximum))


@node(tags=("meter", "level", "vu", "bar graph"))
def bar(
    value: float,
    title: str = "",
    unit: str = "",
    minimum: float | None = None,
    maximum: float | None = None,
    digits: Annotated[int, Range(1, 15)] = 4,
    warning_below: float | None = None,
    warning_above: float | None = None,
    alarm_below: float | None = None,
    alarm_above: float | None = None,
) -> Bar:
    """Show a number as a bar along a scale, lying or upright as the view has room.

    Parameters
    ----------
    value : float
        The number, in the unit given below.
    title : str
        What stands over it; empty for the node's name.
    unit : str
        Unit of the value.
    minimum, maximum : float, optional
        Ends of the scale, in the unit of the value. Without them it follows the value: it grows as far as 1, 2 or 5
        times a power of ten, and does not shrink again; in %, ° or dB it begins as large as those are.
    digits : int
        Number of digits to show.
    warning_below, warning_above, alarm_below, alarm_above : float, optional
        From where on it warns or raises an alarm, by colour and in words, in the unit of the value; None for never.

    Returns
    -------
    Bar
        The bar.

    Raises
    ------
    TypeError, ValueError
        The value is no single number, or the scale has no length.

    Examples
    --------
    >>> show.bar(55.0, unit="dB").summary()
    '55 dB'
    """
    zones = Zone.around(warning_below, warning_above, alarm_below, alarm_above)
    return Bar(title, float(value), unit, digits=digits, zones=zones, **_ends(value, unit, zones, minimum, maximum))


@node(tags=("level", "fill", "vessel", "silo"))
def tank(
    value: float,
    title: str = "",
    unit: str = "",
    minimum: float | None = None,
    maximum: float | None = None,
    digits: Annotated[int, Range(1, 15)] = 4,
    warning_below: float | None = None,
    warning_above: float | None = None,
    alarm_below: float | None = None,
    alarm_above: float | None = None,
) -> Tank:
    """Show a number as the level in a tank.

    Parameters
    ----------
    value : float
        The level, in the unit given below.
    title : str
        What stands over it; empty for the node's name.
    unit : str
        Unit of the value.
    minimum, maximum : float, optional
        Ends of the scale, in the unit of the value. Without them it follows the value: it grows as far as 1, 2 or 5
        times a power of ten, and does not shrink again; in %, ° or dB it begins as large as those are.
    digits : int
        Number of digits to show.
    warning_below, warning_above, alarm_below, alarm_above : float, optional
        From where on it warns or raises an alarm, by colour and in words, in the unit of the value; None for never.

    Returns
    -------
    Tank
        The tank.

    Raises
    ------
    TypeError, ValueError
        The value is no single number, or the scale has no length.

    Examples
    --------
    >>> show.tank(4.0, unit="L", maximum=50.0, alarm_below=5.0).summary()
    '4 L (alarm)'
    """
    zones = Zone.around(warning_below, warning_above, alarm_below, alarm_above)
    return Tank(title, float(value), unit, digits=digits, zones=zones, **_ends(value, unit, zones, minimum, maximum))


@node(tags=("temperature", "heat"))
def thermometer(
    value: float,
    title: str = "",
    unit: str = "°C",
    minimum: float = -20.0,
    maximum: float = 120.0,
    digits: Annotated[int, Range(1, 15)] = 4,
    warning_below: float | None = None,
    warning_above: float | None = None,
    alarm_below: float | None = None,
    alarm_above: float | None = None,
) -> Thermometer:
    """Show a temperature as a thermometer.

    Parameters
    ----------
    value : float
        The temperature, in the unit given below.
    title : str
        What stands over it; empty for the node's name.
    unit : str
        Unit of the value.
    minimum, maximum : float
        Ends of the scale, in the unit of the value.
    digits : int
        Number of digits to show.
    warning_below, warning_above, alarm_below, alarm_above : float, optional
        From where on it warns or raises an alarm, by colour and in words, in the unit of the value; None for never.

    Returns
    -------
    Thermometer
        The thermometer.

    Raises
    ------
    TypeError, ValueError
        The value is no single number, or the scale has no length.

    Examples
    --------
    >>> show.thermometer(21.5, unit="°C", maximum=40.0).summary()
    '21.5 °C'
    """
    zones = Zone.around(warning_below, warning_above, alarm_below, alarm_above)
    return Thermometer(title, float(value), unit, *_limits(minimum, maximum), digits, zones)


@node(tags=("percent", "done", "loading"))
def progress(value: float, title: str = "", minimum: float = 0.0, maximum: float = 1.0) -> Progress:
    """Show how much of something is done.

    Parameters
    ----------
    value : float
        How far it is, in the unit of the limits; dimensionless, 0 to 1, by default.
    title : str
        What stands over it; empty for the node's name.
    minimum, maximum : float
        The value (same unit) at which nothing, and everything, is done.

    Returns
    -------
    Progress
        The bar, with its percentage.

    Raises
    ------
    TypeError, ValueError
        The value is no single number, or minimum and maximum leave nothing to do.

    Examples
    --------
    >>> show.progress(3.0, maximum=12.0).summary()
    '25 %'
    """
    low, high = _limits(minimum, maximum)
    return Progress(title, float(value), "", low, high)


@node(title="Seven-segment display", tags=("digits", "display", "led", "readout"))
def seven_segment(
    value: float,
    title: str = "",
    unit: str = "",
    digits: Annotated[int, Range(1, 12)] = 5,
    decimals: Annotated[int, Range(0, 11)] = 2,
    color: Literal["green", "red", "amber", "blue"] = "green",
    warning_below: float | None = None,
    warning_above: float | None = None,
    alarm_below: float | None = None,
    alarm_above: float | None = None,
) -> Segments:
    """Show a number in seven-segment digits; dashes where it has more than there are.

    Parameters
    ----------
    value : float
        The number, in the unit given below.
    title : str
        What stands over it; empty for the node's name.
    unit : str
        Unit of the value.
    digits : int
        Number of digits in all.
    decimals : int
        Number of digits behind the point.
    color : str
        Colour of the digits, where nothing warns.
    warning_below, warning_above, alarm_below, alarm_above : float, optional
        From where on it warns or raises an alarm, by colour and in words, in the unit of the value; None for never.

    Returns
    -------
    Segments
        The display.

    Raises
    ------
    TypeError, ValueError
        The value is no single number, or no digit is left before the point.

    Examples
    --------
    >>> show.seven_segment(3.14159, unit="V", decimals=3).summary()
    '3.142 V'
    """
    if decimals >= digits:
        raise ValueError(
            f"{decimals} decimals leave no digit of {digits} before the point: ask for fewer, or for more digits"
        )
    zones = Zone.around(warning_below, warning_above, alarm_below, alarm_above)
    return Segments(title, float(value), unit, digits=digits, zones=zones, decimals=decimals, color=color)


@node(tags=("heading", "direction", "wind", "bearing", "angle"))
def compass(value: float, title: str = "") -> Compass:
    """Show a direction on a compass.

    Parameters
    ----------
    value : float
        Direction in degrees (unit °), clockwise from north; any number of turns.
    title : str
        What stands over it; empty for the node's name.

    Returns
    -------
    Compass
        The compass.

    Raises
    ------
    TypeError, ValueError
        The value is no single number.

    Examples
    --------
    >>> show.compass(225.0).summary()
    '225° SW'
    """
    return Compass(title, float(value))
