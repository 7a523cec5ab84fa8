"""Differences, slopes and areas of sampled values, and values between samples."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from flodesk.nodes._quantity import along, like, quantity, samples
from flodesk.public import Array, Quantity, Range, Waveform, node

Step = Annotated[float, Range(1e-300)]


def _steps(values: Any, array: Any, step: float) -> Any:
    """Return the distance of two samples as a factor that brings its unit along."""
    import numpy

    if isinstance(values, Waveform):
        return values.with_y(numpy.full(array.shape, values.dt), "s")
    if not step > 0.0:
        raise ValueError(f"the step is {step:g}: it must be above 0")
    return step


@node(tags=("diff", "delta", "change", "successive"), pure=True)
def difference(values: Quantity) -> Quantity:
    """Take each value from the next one.

    Parameters
    ----------
    values : Array or Waveform
        Values in any unit, shape (..., n), n from 2.

    Returns
    -------
    Array or Waveform
        The changes, shape (..., n - 1), in the same unit. A signal of them begins at the second sample.

    Raises
    ------
    ValueError
        There are fewer than two values.

    Examples
    --------
    >>> maths.difference([1.0, 4.0, 9.0])
    array([3., 5.])
    """
    import numpy

    array = along(values)
    if array.shape[-1] < 2:
        raise ValueError("there is one value: a difference needs two")
    changes = numpy.diff(array, axis=-1)
    if isinstance(values, Waveform):
        return Waveform(changes, values.dt, values.t0 + values.dt, values.unit)
    return changes


@node(tags=("slope", "gradient", "rate", "differentiate", "velocity", "dx/dt"), pure=True)
def derivative(values: Quantity, step: Step = 1.0) -> Quantity:
    """Find how fast a signal changes at each sample.

    Parameters
    ----------
    values : Array or Waveform
        Values in any unit, shape (..., n), n from 2.
    step : float
        For an array: the distance of two samples, in the unit of their axis. A signal knows its own.

    Returns
    -------
    Array or Waveform
        The slope at each sample, in the same shape; of a signal in its unit per s.

    Raises
    ------
    ValueError
        There are fewer than two values, or the step is not above 0.

    Notes
    -----
    Central differences, exact for a parabola; at the two ends of three samples or more a parabola through the last
    three. Noise grows: filter it first. Source: B. Fornberg, Generation of finite difference formulas on arbitrarily
    spaced grids, Math. Comp. 51 (1988) 699, as `numpy.gradient`.

    Examples
    --------
    >>> maths.derivative([0.0, 1.0, 4.0, 9.0], step=1.0)
    array([0., 2., 4., 6.])
    """
    import numpy

    array = along(values)
    if array.shape[-1] < 2:
        raise ValueError("there is one value: a slope needs two")
    steps = _steps(values, array, step)
    slopes = numpy.gradient(array, axis=-1, edge_order=2 if array.shape[-1] > 2 else 1)
    return numpy.true_divide(like(values, slopes), steps)


@node(tags=("integrate", "area", "trapezoid", "trapz", "simpson", "quadrature"), pure=True)
def integral(values: Quantity, method: Literal["trapezoid", "simpson"] = "trapezoid", step: Step = 1.0) -> Quantity:
    """Find the area under a signal.

    Parameters
    ----------
    values : Array or Waveform
        Values in any unit, shape (n,) or (channels, n), n from 2.
    method : str
        ``"trapezoid"`` joins the samples by straight lines, ``"simpson"`` by parabolas, which suits smooth curves.
    step : float
        For an array: the distance of two samples, in the unit of their axis. A signal knows its own.

    Returns
    -------
    float or Array
        The area, in the unit of the values times that of the step (s for a signal); of channels one each, shape
        (channels,).

    Raises
    ------
    ValueError
        There are fewer than two values, or the step is not above 0.

    Notes
    -----
    Source: W. H. Press et al., Numerical Recipes, 3rd ed., section 4.1, as `scipy.integrate.simpson`.

    Examples
    --------
    >>> maths.integral([0.0, 1.0, 4.0, 9.0, 16.0], method="simpson") * 3
    64.0
    """
    import scipy.integrate

    array = along(values)
    if array.shape[-1] < 2:
        raise ValueError("there is one value: an area needs two")
    apart = values.dt if isinstance(values, Waveform) else _steps(values, array, step)
    rule = scipy.integrate.simpson if method == "simpson" else scipy.integrate.trapezoid
    return rule(array, dx=apart, axis=-1)


@node(
    title="Cumulative integral",
    tags=("cumtrapz", "running integral", "antiderivative", "integrator", "charge"),
    pure=True,
)
def cumulative_integral(values: Quantity, start: float = 0.0, step: Step = 1.0) -> Quantity:
    """Find the area under a signal up to each sample.

    Parameters
    ----------
    values : Array or Waveform
        Values in any unit, shape (..., n), n above 0.
    start : float
        The result at the first sample, in the unit of the result.
    step : float
        For an array: the distance of two samples, in the unit of their axis. A signal knows its own.

    Returns
    -------
    Array or Waveform
        The areas by the trapezoid rule, in the same shape; of a signal in its unit times s.

    Raises
    ------
    ValueError
        There are no values, or the step is not above 0.

    Examples
    --------
    >>> maths.cumulative_integral([2.0, 2.0, 2.0], start=1.0)
    array([1., 3., 5.])
    """
    import numpy
    import scipy.integrate

    array = along(values)
    steps = _steps(values, array, step)
    areas = scipy.integrate.cumulative_trapezoid(array, dx=1.0, axis=-1, initial=0.0)
    return numpy.add(numpy.multiply(like(values, areas), steps), start)


@node(tags=("lookup", "interp1", "spline", "calibration", "table", "resample"), pure=True)
def interpolate(
    x: Array,
    y: Array,
    at: Quantity,
    how: Literal["linear", "cubic", "pchip", "akima", "nearest", "previous"] = "linear",
    beyond: Literal["hold", "extend", "nan", "error"] = "hold",
) -> Quantity:
    """Find the values between known points.

    Parameters
    ----------
    x : Array
        Where the points are, shape (n,), n from 2, in any order, no two the same.
    y : Array
        Their values in any unit, shape (n,).
    at : float, Array or Waveform
        Where values are wanted, in the unit of `x`.
    how : str
        ``"linear"``; ``"cubic"`` is a spline, the smoothest; ``"pchip"`` is smooth and never overshoots; ``"akima"`` is
        smooth and is not upset by single points; ``"nearest"`` and ``"previous"`` take a known value.
    beyond : str
        Outside of the points: ``"hold"`` the last value, ``"extend"`` the last piece of the curve, ``"nan"``, or
        ``"error"``.

    Returns
    -------
    float, Array or Waveform
        The values in the unit of `y`, in the shape of `at`.

    Raises
    ------
    ValueError
        The points do not fit each other, are too few, or a place is outside of them and that is an error.

    Notes
    -----
    Sources: F. N. Fritsch, J. Butland, A method for constructing local monotone piecewise cubic interpolants, SIAM J.
    Sci. Stat. Comput. 5 (1984) 300, for pchip; H. Akima, A new method of interpolation and smooth curve fitting based
    on local procedures, J. ACM 17 (1970) 589.

    Examples
    --------
    >>> maths.interpolate([0.0, 10.0, 20.0], [0.0, 1.0, 4.0], 15.0)
    2.5
    """
    import numpy

    places, values = _points(x, y)
    wanted = samples(at, "at").astype(float)
    low, high = places[0], places[-1]
    outside = (wanted < low) | (wanted > high)
    if beyond == "error" and outside.any():
        first = wanted[outside].flat[0]
        raise ValueError(f"{first:g} is outside of the points, which reach from {low:g} to {high:g}")
    asked = wanted if beyond == "extend" else numpy.clip(wanted, low, high)
    result = _curve(places, values, how)(asked)
    lost = numpy.isnan(wanted) | outside if beyond == "nan" else numpy.isnan(wanted)
    result = numpy.where(lost, numpy.nan, result)
    return like(quantity(at, "at"), result, "") if numpy.ndim(result) else float(result)


def _points(x: Any, y: Any) -> tuple[Any, Any]:
    """Return points in the order of x, or say what is wrong with them."""
    import numpy

    places, values = along(x, "x").astype(float), along(y, "y").astype(float)
    if places.ndim != 1 or places.shape != values.shape:
        raise ValueError(f"x has the shape {places.shape} and y {values.shape}: each point needs one of both")
    if len(places) < 2:
        raise ValueError("there is one point: at least two are needed")
    if not (numpy.isfinite(places).all() and numpy.isfinite(values).all()):
        raise ValueError("x or y holds NaN or an infinity: take these points out first")
    order = numpy.argsort(places, kind="stable")
    places, values = places[order], values[order]
    twice = numpy.diff(places) == 0.0
    if twice.any():
        raise ValueError(f"two points are at x = {places[1:][twice][0]:g}: keep one of them")
    return places, values


def _curve(x: Any, y: Any, how: str) -> Any:
    import numpy
    import scipy.interpolate

    if how == "nearest":
        return lambda at: y[numpy.searchsorted((x[1:] + x[:-1]) / 2.0, at)]
    if how == "previous":
        return lambda at: y[numpy.clip(numpy.searchsorted(x, at, side="right") - 1, 0, None)]
    if how == "linear" or len(x) == 2:  # two points make a line by any of them
        return scipy.interpolate.PPoly(numpy.array([numpy.diff(y) / numpy.diff(x), y[:-1]]), x)
    if how == "cubic":
        return scipy.interpolate.CubicSpline(x, y)
    if how == "pchip":
        return scipy.interpolate.PchipInterpolator(x, y)
    made = scipy.interpolate.Akima1DInterpolator(x, y)
    return lambda at: made(at, extrapolate=True)
