"""Angles: their functions, the inverses of these, and their two units."""

from __future__ import annotations

from typing import Any

from flodesk.nodes._quantity import on_each, quantity
from flodesk.public import Quantity, Waveform, node

_DEGREES = ("°", "deg")


def _angle(value: Any) -> Any:
    """Return an angle in rad: a signal says its unit itself."""
    import numpy

    known = quantity(value, "angle")
    return numpy.radians(known) if isinstance(known, Waveform) and known.unit in _DEGREES else known


def _in(unit: str, value: Any) -> Any:
    return value.with_y(value.y, unit) if isinstance(value, Waveform) else value


@node(title="Sine of a value", tags=("sine", "trigonometry", "sinus"), pure=True)
def sin(angle: Quantity) -> Quantity:
    """Take the sine of an angle.

    Parameters
    ----------
    angle : float, Array or Waveform
        The angle in rad; of a signal with the unit °, in degrees.

    Returns
    -------
    float, Array or Waveform
        The sine (dimensionless).

    Examples
    --------
    >>> maths.round(maths.sin(np.pi / 6), digits=9)
    0.5
    """
    import numpy

    return numpy.sin(_angle(angle))


@node(title="Cosine", tags=("cos", "trigonometry"), pure=True)
def cos(angle: Quantity) -> Quantity:
    """Take the cosine of an angle.

    Parameters
    ----------
    angle : float, Array or Waveform
        The angle in rad; of a signal with the unit °, in degrees.

    Returns
    -------
    float, Array or Waveform
        The cosine (dimensionless).

    Examples
    --------
    >>> maths.round(maths.cos(np.pi / 3), digits=9)
    0.5
    """
    import numpy

    return numpy.cos(_angle(angle))


@node(title="Tangent", tags=("tan", "trigonometry"), pure=True)
def tan(angle: Quantity) -> Quantity:
    """Take the tangent of an angle.

    Parameters
    ----------
    angle : float, Array or Waveform
        The angle in rad; of a signal with the unit °, in degrees.

    Returns
    -------
    float, Array or Waveform
        The tangent (dimensionless).

    Examples
    --------
    >>> maths.round(maths.tan(np.pi / 4), digits=9)
    1.0
    """
    import numpy

    return numpy.tan(_angle(angle))


@node(title="Arc sine", tags=("arcsin", "inverse sine", "angle"), pure=True)
def asin(value: Quantity) -> Quantity:
    """Find the angle that has a given sine.

    Parameters
    ----------
    value : float, Array or Waveform
        The sine, from -1 to 1 (dimensionless).

    Returns
    -------
    float, Array or Waveform
        The angle in rad, from -π/2 to π/2. In arrays and signals NaN where there is none.

    Raises
    ------
    ValueError
        The number is not from -1 to 1.

    Examples
    --------
    >>> maths.round(maths.degrees(maths.asin(0.5)), digits=9)
    30.0
    """
    import numpy

    return _in("rad", on_each(numpy.arcsin, value, "a sine is from -1 to 1"))


@node(title="Arc cosine", tags=("arccos", "inverse cosine", "angle"), pure=True)
def acos(value: Quantity) -> Quantity:
    """Find the angle that has a given cosine.

    Parameters
    ----------
    value : float, Array or Waveform
        The cosine, from -1 to 1 (dimensionless).

    Returns
    -------
    float, Array or Waveform
        The angle in rad, from 0 to π. In arrays and signals NaN where there is none.

    Raises
    ------
    ValueError
        The number is not from -1 to 1.

    Examples
    --------
    >>> maths.round(maths.degrees(maths.acos(0.5)), digits=9)
    60.0
    """
    import numpy

    return _in("rad", on_each(numpy.arccos, value, "a cosine is from -1 to 1"))


@node(title="Arc tangent", tags=("arctan", "inverse tangent", "angle"), pure=True)
def atan(value: Quantity) -> Quantity:
    """Find the angle that has a given tangent.

    Parameters
    ----------
    value : float, Array or Waveform
        The tangent (dimensionless).

    Returns
    -------
    float, Array or Waveform
        The angle in rad, from -π/2 to π/2.

    Examples
    --------
    >>> maths.round(maths.degrees(maths.atan(1.0)), digits=9)
    45.0
    """
    import numpy

    return _in("rad", numpy.arctan(quantity(value)))


@node(title="Angle of a point", tags=("atan2", "arctan2", "arc tangent", "direction", "heading", "bearing"), pure=True)
def atan2(y: Quantity, x: Quantity) -> Quantity:
    """Find the angle from the x axis to a point, in the right one of the four quadrants.

    Parameters
    ----------
    y, x : float, Array or Waveform
        The two coordinates of the point, in one unit; `y` is the first, as everywhere.

    Returns
    -------
    float, Array or Waveform
        The angle in rad, from -π to π, counted from the x axis towards the y axis.

    Raises
    ------
    ValueError
        Rates, lengths or shapes do not fit.

    Examples
    --------
    >>> maths.round(maths.degrees(maths.atan2(1.0, -1.0)), digits=9)
    135.0
    """
    import numpy

    return _in("rad", numpy.arctan2(quantity(y, "y"), quantity(x, "x")))


@node(title="Degrees", tags=("rad2deg", "radians to degrees", "angle", "convert"), pure=True)
def degrees(angle: Quantity) -> Quantity:
    """Turn an angle in radians into one in degrees.

    Parameters
    ----------
    angle : float, Array or Waveform
        The angle in rad.

    Returns
    -------
    float, Array or Waveform
        The angle in degrees; a signal has the unit °.

    Examples
    --------
    >>> maths.degrees(np.pi)
    180.0
    """
    import numpy

    return _in("°", numpy.degrees(quantity(angle, "angle")))


@node(title="Radians", tags=("deg2rad", "degrees to radians", "angle", "convert"), pure=True)
def radians(angle: Quantity) -> Quantity:
    """Turn an angle in degrees into one in radians.

    Parameters
    ----------
    angle : float, Array or Waveform
        The angle in degrees.

    Returns
    -------
    float, Array or Waveform
        The angle in rad.

    Examples
    --------
    >>> maths.radians(180.0) == np.pi
    True
    """
    import numpy

    return _in("rad", numpy.radians(quantity(angle, "angle")))


@node(title="Hyperbolic sine", tags=("hyperbolic",), pure=True)
def sinh(value: Quantity) -> Quantity:
    """Take the hyperbolic sine of a value.

    Parameters
    ----------
    value : float, Array or Waveform
        The value (dimensionless).

    Returns
    -------
    float, Array or Waveform
        ``(exp(value) - exp(-value)) / 2`` (dimensionless). In arrays and signals an infinity where it is too large.

    Raises
    ------
    ValueError
        The result of the one number is too large.

    Examples
    --------
    >>> maths.sinh(0.0)
    0.0
    """
    import numpy

    return on_each(numpy.sinh, value, "the result is too large")


@node(title="Hyperbolic cosine", tags=("hyperbolic", "catenary"), pure=True)
def cosh(value: Quantity) -> Quantity:
    """Take the hyperbolic cosine of a value.

    Parameters
    ----------
    value : float, Array or Waveform
        The value (dimensionless).

    Returns
    -------
    float, Array or Waveform
        ``(exp(value) + exp(-value)) / 2`` (dimensionless). In arrays and signals an infinity where it is too large.

    Raises
    ------
    ValueError
        The result of the one number is too large.

    Examples
    --------
    >>> maths.cosh(0.0)
    1.0
    """
    import numpy

    return on_each(numpy.cosh, value, "the result is too large")


@node(title="Hyperbolic tangent", tags=("hyperbolic", "sigmoid", "saturation", "soft limit"), pure=True)
def tanh(value: Quantity) -> Quantity:
    """Take the hyperbolic tangent of a value, which limits it softly to -1 and 1.

    Parameters
    ----------
    value : float, Array or Waveform
        The value (dimensionless).

    Returns
    -------
    float, Array or Waveform
        ``sinh(value) / cosh(value)`` (dimensionless).

    Examples
    --------
    >>> maths.tanh(0.0)
    0.0
    """
    import numpy

    return numpy.tanh(quantity(value))
