"""Curves without a formula, and time series: smooth, take apart, go on."""

from __future__ import annotations

from typing import Annotated, Literal, NamedTuple

from flodesk.nodes._numbers import numbers
from flodesk.nodes.fit.least_squares import points, whole
from flodesk.public import Array, Range, node


@node(title="Smoothing spline", tags=("smooth", "cubic spline", "gcv", "noise", "csaps"), pure=True)
def spline(x: Array, y: Array, smoothing: float | None = None) -> Array:
    """Lay a smooth curve through noisy points: a cubic spline that need not meet them.

    Parameters
    ----------
    x, y : Array
        Points in any units, each of shape (n,), five or more at different x; pairs with a NaN are left out.
    smoothing : float, optional
        Weight of the curve's bends against its distance from the points, 0 or more, in the cube of the unit of `x`: 0
        meets every point. None finds it from the data (generalised cross-validation).

    Returns
    -------
    Array
        The curve at each `x`, in the unit of `y`, shape (n,).

    Raises
    ------
    ValueError
        Lengths differ, there are fewer than five points, two are at one x, or the smoothing is below 0.

    Notes
    -----
    Reference: P. Craven, G. Wahba, Smoothing noisy data with spline functions, Numer. Math. 31 (1979) 377.

    Examples
    --------
    >>> fit.spline([0.0, 1.0, 2.0, 3.0, 4.0], [0.0, 1.0, 4.0, 9.0, 16.0], smoothing=0.0).round(6) + 0.0
    array([ 0.,  1.,  4.,  9., 16.])
    """
    import numpy
    import scipy.interpolate

    across, up = points(x, y)
    _, at, value = whole(across, up, 4)
    order = numpy.argsort(at)
    at, value = at[order], value[order]
    if (numpy.diff(at) == 0.0).any():
        raise ValueError("two points are at the same x: average them first")
    if smoothing is not None and not smoothing >= 0.0:
        raise ValueError(f"the smoothing is {smoothing:g}: give 0 or more")
    return scipy.interpolate.make_smoothing_spline(at, value, lam=smoothing)(across)


@node(title="Local regression", tags=("lowess", "loess", "smooth", "robust", "trend"), pure=True)
def lowess(x: Array, y: Array, share: Annotated[float, Range(0.01, 1.0)] = 0.3) -> Array:
    """Smooth points by a line through the neighbours of each, which outliers hardly move.

    Parameters
    ----------
    x, y : Array
        Points in any units, each of shape (n,); pairs with a NaN are left out, and get NaN.
    share : float
        Share of the points that count as neighbours, from above 0 to 1 (dimensionless): more is smoother.

    Returns
    -------
    Array
        The smooth curve at each `x`, in the unit of `y`, shape (n,).

    Raises
    ------
    ImportError
        The package statsmodels is missing.
    ValueError
        Lengths differ, there are too few points, or the share is not above 0 and up to 1.

    Notes
    -----
    Reference: W. S. Cleveland, Robust locally weighted regression and smoothing scatterplots, J. Am. Stat. Assoc. 74
    (1979) 829.

    Examples
    --------
    >>> fit.lowess([0.0, 1.0, 2.0, 3.0, 4.0], [0.0, 2.0, 4.0, 6.0, 8.0], share=0.8).round(6) + 0.0
    array([0., 2., 4., 6., 8.])
    """
    import numpy
    from statsmodels.nonparametric.smoothers_lowess import lowess as smooth

    if not 0.0 < share <= 1.0:
        raise ValueError(f"the share is {share:g}: give a number above 0 and up to 1")
    across, up = points(x, y)
    good, at, value = whole(across, up, 2)
    if share * len(at) < 2.0:
        raise ValueError(f"a share of {share:g} of {len(at)} points are fewer than two neighbours: raise it")
    curve = numpy.full(across.shape, numpy.nan)
    curve[good] = smooth(value, at, frac=share, return_sorted=False)
    return curve


class Parts(NamedTuple):
    """What a time series is made of."""

    trend: Array
    season: Array
    rest: Array


@node(tags=("seasonal decomposition", "stl", "trend", "cycle", "time series", "deseasonalize"), pure=True)
def decompose(values: Array, period: Annotated[int, Range(2)] = 12, how: Literal["robust", "plain"] = "plain") -> Parts:
    """Take a time series apart: a slow trend, a season that repeats, and the rest.

    Parameters
    ----------
    values : Array or Waveform
        The series at equal distances in time, in any unit, shape (n,), at least two periods, without gaps.
    period : int
        Number of values after which the season repeats: 12 for months of a year.
    how : str
        ``"robust"`` pays little heed to outliers, and takes longer.

    Returns
    -------
    trend : Array
        The slow part, in the unit of the values, shape (n,).
    season : Array
        The part that repeats, around 0, in the unit of the values, shape (n,).
    rest : Array
        What is left, in the unit of the values, shape (n,); the three add up to the values.

    Raises
    ------
    ImportError
        The package statsmodels is missing.
    ValueError
        The period is below 2, there are fewer than two periods, or values are missing.

    Notes
    -----
    Reference: R. B. Cleveland et al., STL: a seasonal-trend decomposition procedure based on loess, Journal of Official
    Statistics 6 (1990) 3.

    Examples
    --------
    >>> parts = fit.decompose([1.0, 5.0, 2.0, 6.0, 3.0, 7.0, 4.0, 8.0], period=2)
    >>> round(float(parts.season[1] - parts.season[0]), 3)
    3.5
    """
    from statsmodels.tsa.seasonal import STL

    series = _series(values, period)
    found = STL(series, period=period, robust=how == "robust").fit()
    return Parts(found.trend, found.seasonal, found.resid)


def _series(values: Array, period: int) -> Array:
    import numpy

    series = numbers(values, "values")
    if period < 2:
        raise ValueError(f"a season of {period} value does not repeat: give a period of 2 or more")
    if series.ndim != 1 or series.size < 2 * period:
        raise ValueError(f"values has the shape {series.shape}: give one row of two periods ({2 * period}) or more")
    if not numpy.isfinite(series).all():
        raise ValueError("the series has gaps: fill them first")
    return series


class Forecast(NamedTuple):
    """How a time series goes on."""

    values: Array
    level: float
    error: float


@node(tags=("holt winters", "exponential smoothing", "predict", "extrapolate", "time series", "season"), pure=True)
def forecast(
    values: Array, steps: Annotated[int, Range(1)] = 12, period: Annotated[int, Range(0)] = 0, damped: bool = False
) -> Forecast:
    """Continue a time series with its trend and its season (Holt and Winters).

    Parameters
    ----------
    values : Array or Waveform
        The series at equal distances in time, in any unit, shape (n,), without gaps; at least two periods.
    steps : int
        How many values to look ahead.
    period : int
        Number of values after which the season repeats; 0 for a series without one.
    damped : bool
        Let the trend level off, as most do.

    Returns
    -------
    values : Array
        The values to come, in the unit of the series, shape (steps,).
    level : float
        Level at the end of the series, without its season, in its unit.
    error : float
        Standard deviation of the errors one step ahead, in the unit of the series.

    Raises
    ------
    ImportError
        The package statsmodels is missing.
    ValueError
        The series is too short or has gaps, or there are no steps.

    Notes
    -----
    Reference: R. J. Hyndman, G. Athanasopoulos, Forecasting: Principles and Practice, 3rd ed., 2021, sections 8.2, 8.3.

    Examples
    --------
    >>> fit.forecast([1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0], steps=2).values.round(3)
    array([ 9., 10.])
    """
    import warnings

    import numpy
    from statsmodels.tsa.holtwinters import ExponentialSmoothing

    if steps < 1:
        raise ValueError(f"{steps} steps are no forecast: give 1 or more")
    series = _series(values, period or 2)
    if series.size < 5:
        raise ValueError(f"{series.size} values are too few to see a trend: give 5 or more")
    if numpy.ptp(series) == 0.0:
        return Forecast(numpy.full(steps, series[-1]), float(series[-1]), 0.0)
    season = {"seasonal": "add", "seasonal_periods": period} if period else {}
    model = ExponentialSmoothing(series, trend="add", damped_trend=damped, initialization_method="estimated", **season)
    with warnings.catch_warnings():  # it warns where a series is smooth to the last digit, which is no fault
        warnings.simplefilter("ignore")
        found = model.fit()
    return Forecast(numpy.asarray(found.forecast(steps)), float(found.level[-1]), float(numpy.std(found.resid)))
