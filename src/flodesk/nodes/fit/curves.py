"""Fits of curves whose parameters are found step by step."""

from __future__ import annotations

from typing import NamedTuple

from flodesk.nodes._assignments import values_of
from flodesk.nodes._formula import read as read_formula
from flodesk.nodes.fit.least_squares import nonlinear, points, whole
from flodesk.public import Array, Table, node


class CurveFit(NamedTuple):
    """A curve by a formula, with its errors."""

    values: Array
    errors: Array
    table: Table
    fitted: Array
    lower: Array
    upper: Array
    residuals: Array
    r_squared: float


@node(
    title="Curve", tags=("curve fit", "nonlinear", "levenberg marquardt", "formula", "custom", "lsqcurvefit"), pure=True
)
def curve(x: Array, y: Array, formula: str = "a * exp(-b * x) + c", start: str = "") -> CurveFit:
    """Fit a formula of your own to points: the names in it, but for `x`, are the parameters that are looked for.

    Parameters
    ----------
    x, y : Array
        Points in any units, each of shape (n,), more than there are parameters; pairs with a NaN are left out.
    formula : str
        The curve, with ``x`` in it: it may hold what that of Formula may.
    start : str
        Where the search begins, as ``a = 2, b = 0.1``; a parameter that is not named begins at 1.

    Returns
    -------
    values : Array
        The parameters in the order in which the formula names them, shape (p,).
    errors : Array
        Standard error of each, shape (p,).
    table : Table
        A row for each parameter: ``name``, ``value``, ``error``, and the ends ``lower`` and ``upper`` of its 95 %
        interval.
    fitted : Array
        The curve at each `x`, in the unit of `y`, shape (n,).
    lower, upper : Array
        Its 95 % confidence band, in the unit of `y`, shape (n,).
    residuals : Array
        `y` less the curve, shape (n,).
    r_squared : float
        Share of the scatter of `y` that the curve explains, up to 1 (dimensionless).

    Raises
    ------
    ValueError
        The formula cannot be read or has no parameter, the points are too few, or the search does not end.

    Notes
    -----
    Reference: D. M. Bates, D. G. Watts, Nonlinear Regression Analysis and Its Applications, 1988, chapter 2.

    Examples
    --------
    >>> fit.curve([0.0, 1.0, 2.0, 3.0], [3.0, 5.0, 9.0, 17.0], "a * 2^x + c").values.round(6)
    array([2., 1.])
    """
    import pandas
    import scipy.stats

    across, up = points(x, y)
    read = read_formula(formula)
    names = [name for name in read.names if name != "x"]
    if not names or "x" not in read.names:
        raise ValueError(f"the formula {formula!r} needs x and at least one other name, whose value is looked for")
    first = values_of(start, "start")
    if strange := [name for name in first if name not in names]:
        raise ValueError(f"start names {', '.join(strange)}, and the formula looks for {', '.join(names)} alone")
    found = nonlinear(
        lambda at, values: read.value({"x": at, **dict(zip(names, values, strict=True))}) + 0.0 * at,
        across,
        up,
        [first.get(name, 1.0) for name in names],
    )
    half = scipy.stats.t.ppf(0.975, found.freedom) * found.errors
    table = pandas.DataFrame({
        "name": names, "value": found.values, "error": found.errors,
        "lower": found.values - half, "upper": found.values + half,
    })  # fmt: skip
    errors, *others = found.curve
    return CurveFit(found.values, errors, table, *others)


class ExponentialFit(NamedTuple):
    """An exponential with its errors."""

    amplitude: float
    rate: float
    errors: Array
    fitted: Array
    lower: Array
    upper: Array
    residuals: Array
    r_squared: float


@node(tags=("exp", "growth", "doubling", "trend"), pure=True)
def exponential(x: Array, y: Array) -> ExponentialFit:
    """Fit growth or decay towards 0: ``y = amplitude * exp(rate * x)``.

    Parameters
    ----------
    x, y : Array
        Points in any units, each of shape (n,), three or more; pairs with a NaN are left out. Most `y` are of one sign.

    Returns
    -------
    amplitude : float
        Value at x = 0, in the unit of `y`.
    rate : float
        Growth, in 1 over the unit of `x`; below 0 for a decay.
    errors : Array
        Standard error of each parameter, in its unit and in the order of these outputs, shape (2,).
    fitted : Array
        The curve at each `x`, in the unit of `y`, shape (n,).
    lower, upper : Array
        Its 95 % confidence band, in the unit of `y`, shape (n,).
    residuals : Array
        `y` less the curve, shape (n,).
    r_squared : float
        Share of the scatter of `y` that the curve explains, up to 1 (dimensionless).

    Raises
    ------
    ValueError
        Lengths differ, the points are too few, or the search does not end.

    Examples
    --------
    >>> found = fit.exponential([0.0, 1.0, 2.0], [3.0, 6.0, 12.0])
    >>> round(found.amplitude, 6), round(found.rate, 6)
    (3.0, 0.693147)
    """
    import numpy

    across, up = points(x, y)
    _, at, value = whole(across, up, 2)
    sign = 1.0 if value.sum() >= 0.0 else -1.0
    rising = sign * value > 0.0
    if rising.sum() < 2 or numpy.ptp(at[rising]) == 0.0:
        raise ValueError("the points have no common sign at two different x: an exponential does not fit them")
    rate, height = numpy.polyfit(at[rising], numpy.log(sign * value[rising]), 1)
    middle = float(at.mean())  # what is looked for is the height there: that at 0 may be of another order

    def model(where: Array, values: Array) -> Array:
        return values[0] * numpy.exp(values[1] * (where - middle))

    near = nonlinear(model, across, up, [sign * float(numpy.exp(height + rate * middle)), float(rate)])
    growth = float(near.values[1])
    with numpy.errstate(all="ignore"):
        factor = float(numpy.exp(-growth * middle))
    amplitude = float(near.values[0]) * factor
    found = near.told_as([amplitude, growth], [[factor, -middle * amplitude], [0.0, 1.0]])
    return ExponentialFit(amplitude, growth, *found.curve)


class DecayFit(NamedTuple):
    """A decay with its errors."""

    amplitude: float
    time_constant: float
    offset: float
    errors: Array
    fitted: Array
    lower: Array
    upper: Array
    residuals: Array
    r_squared: float


@node(title="Exponential decay", tags=("time constant", "tau", "charging", "cooling", "half-life", "exp"), pure=True)
def decay(x: Array, y: Array) -> DecayFit:
    """Fit an approach to a final value: ``y = amplitude * exp(-x / time_constant) + offset``.

    Parameters
    ----------
    x, y : Array
        Points in any units, each of shape (n,), four or more; pairs with a NaN are left out.

    Returns
    -------
    amplitude : float
        How far the value at x = 0 is above the final one, in the unit of `y`; below 0 for a charging curve.
    time_constant : float
        Time constant, in the unit of `x`; the half-life is 0.693 of it.
    offset : float
        Final value, in the unit of `y`.
    errors : Array
        Standard error of each parameter, in its unit and in the order of these outputs, shape (3,).
    fitted : Array
        The curve at each `x`, in the unit of `y`, shape (n,).
    lower, upper : Array
        Its 95 % confidence band, in the unit of `y`, shape (n,).
    residuals : Array
        `y` less the curve, shape (n,).
    r_squared : float
        Share of the scatter of `y` that the curve explains, up to 1 (dimensionless).

    Raises
    ------
    ValueError
        Lengths differ, the points are too few, or the search does not end.

    Notes
    -----
    The start values follow from integrals of the data: J. Jacquelin, Régressions et équations intégrales, 2009.

    Examples
    --------
    >>> x = np.linspace(0.0, 5.0, 20)
    >>> found = fit.decay(x, 3.0 * np.exp(-x / 2.0) + 1.0)
    >>> round(found.time_constant, 6), round(found.offset, 6)
    (2.0, 1.0)
    """
    import numpy

    across, up = points(x, y)
    _, at, value = whole(across, up, 3)
    order = numpy.argsort(at)
    at, value = at[order], value[order]
    span = float(numpy.ptp(at))
    if span == 0.0:
        raise ValueError("all points are at one x: a decay needs several")
    area = numpy.concatenate([[0.0], numpy.cumsum(0.5 * (value[1:] + value[:-1]) * numpy.diff(at))])
    # y - y0 = -(area)/tau + offset·(x - x0)/tau
    factors, *_ = numpy.linalg.lstsq(numpy.column_stack([area, at - at[0]]), value - value[0], rcond=None)
    rate = float(-factors[0]) if factors[0] < -1e-3 / span else 1.0 / span
    shape = numpy.column_stack([numpy.exp(-(at - at[0]) * rate), numpy.ones_like(at)])
    (height, offset), *_ = numpy.linalg.lstsq(shape, value, rcond=None)
    first = float(at[0])  # what is looked for is the height there: that at 0 may be of another order
    near = nonlinear(
        lambda where, p: p[0] * numpy.exp(-(where - first) / p[1]) + p[2], across, up, [height, 1.0 / rate, offset]
    )
    tau, final = float(near.values[1]), float(near.values[2])
    with numpy.errstate(all="ignore"):
        factor = float(numpy.exp(first / tau))
    amplitude = float(near.values[0]) * factor
    found = near.told_as(
        [amplitude, tau, final],
        [[factor, -amplitude * first / tau**2, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]],
    )
    return DecayFit(amplitude, tau, final, *found.curve)


class PowerFit(NamedTuple):
    """A power law with its errors."""

    factor: float
    exponent: float
    errors: Array
    fitted: Array
    lower: Array
    upper: Array
    residuals: Array
    r_squared: float


@node(title="Power law", tags=("allometric", "log-log", "exponent", "scaling"), pure=True)
def power_law(x: Array, y: Array) -> PowerFit:
    """Fit a power law: ``y = factor * x ** exponent``.

    Parameters
    ----------
    x, y : Array
        Points in any units, each of shape (n,), three or more, with `x` above 0; pairs with a NaN are left out.

    Returns
    -------
    factor : float
        Value at x = 1, in the unit of `y`.
    exponent : float
        The power (dimensionless).
    errors : Array
        Standard error of each parameter, in its unit and in the order of these outputs, shape (2,).
    fitted : Array
        The curve at each `x`, in the unit of `y`, shape (n,).
    lower, upper : Array
        Its 95 % confidence band, in the unit of `y`, shape (n,).
    residuals : Array
        `y` less the curve, shape (n,).
    r_squared : float
        Share of the scatter of `y` that the curve explains, up to 1 (dimensionless).

    Raises
    ------
    ValueError
        Lengths differ, the points are too few, an `x` is not above 0, or the search does not end.

    Examples
    --------
    >>> found = fit.power_law([1.0, 2.0, 3.0], [2.0, 8.0, 18.0])
    >>> round(found.factor, 6), round(found.exponent, 6)
    (2.0, 2.0)
    """
    import numpy

    across, up = points(x, y)
    _, at, value = whole(across, up, 2)
    sign = 1.0 if value.sum() >= 0.0 else -1.0
    if not (at > 0.0).all() or (sign * value > 0.0).sum() < 2:
        raise ValueError("a power law needs x above 0, and y of one sign: leave the others out")
    good = sign * value > 0.0
    exponent, height = numpy.polyfit(numpy.log(at[good]), numpy.log(sign * value[good]), 1)
    start = [sign * float(numpy.exp(height)), float(exponent)]
    found = nonlinear(lambda where, p: p[0] * where ** p[1], across, up, start)
    return PowerFit(float(found.values[0]), float(found.values[1]), *found.curve)
