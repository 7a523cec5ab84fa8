"""Fits that are linear in their parameters: lines, polynomials, regressions."""

from __future__ import annotations

from typing import Annotated, NamedTuple

from flodesk.nodes._numbers import numbers
from flodesk.nodes.fit.least_squares import linear, points, whole
from flodesk.public import Array, Range, Table, node


class LineFit(NamedTuple):
    """A straight line with its errors."""

    slope: float
    intercept: float
    errors: Array
    fitted: Array
    lower: Array
    upper: Array
    residuals: Array
    r_squared: float


@node(title="Line", tags=("straight line", "linear fit", "regression", "calibration", "trend", "slope"), pure=True)
def line(x: Array, y: Array) -> LineFit:
    """Lay a straight line through points by least squares, and say how sure it is.

    Parameters
    ----------
    x, y : Array
        Points in any units, each of shape (n,), three or more; pairs with a NaN are left out.

    Returns
    -------
    slope : float
        In the unit of `y` over that of `x`.
    intercept : float
        Value at x = 0, in the unit of `y`.
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
        Lengths differ, there are fewer than three points, or all are at one x.

    Notes
    -----
    Reference: N. R. Draper, H. Smith, Applied Regression Analysis, 3rd ed., 1998, chapter 1.

    Examples
    --------
    >>> found = fit.line([0.0, 1.0, 2.0, 3.0], [1.0, 3.0, 5.0, 7.0])
    >>> round(found.slope, 6), round(found.intercept, 6)
    (2.0, 1.0)
    """
    import numpy

    across, up = points(x, y)
    found = linear(numpy.column_stack([across, numpy.ones_like(across)]), up)
    return LineFit(float(found.values[0]), float(found.values[1]), *found.curve)


class PolynomialFit(NamedTuple):
    """A polynomial with its errors."""

    coefficients: Array
    errors: Array
    fitted: Array
    lower: Array
    upper: Array
    residuals: Array
    r_squared: float


@node(title="Polynomial", tags=("polyfit", "parabola", "cubic", "calibration", "regression"), pure=True)
def polynomial(x: Array, y: Array, degree: Annotated[int, Range(0, 20)] = 2) -> PolynomialFit:
    """Lay a polynomial through points by least squares.

    Parameters
    ----------
    x, y : Array
        Points in any units, each of shape (n,), at least two more than the degree; pairs with a NaN are left out.
    degree : int
        Highest power of x (dimensionless): 1 for a line, 2 for a parabola.

    Returns
    -------
    coefficients : Array
        Factors of 1, x, x² ..., in the unit of `y` over that power of the unit of `x`, shape (degree + 1,).
    errors : Array
        Standard error of each parameter, in its unit and in the order of these outputs, shape (degree+1,).
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
        Lengths differ, the degree is below 0, or the points are too few or at too few x for it.

    Examples
    --------
    >>> fit.polynomial([0.0, 1.0, 2.0, 3.0], [1.0, 2.0, 5.0, 10.0], degree=2).coefficients.round(6) + 0.0
    array([1., 0., 1.])
    """
    import numpy

    if degree < 0:
        raise ValueError(f"the degree is {degree}: give 0 or more")
    across, up = points(x, y)
    found = linear(numpy.vander(across, degree + 1, increasing=True), up)
    return PolynomialFit(found.values, *found.curve)


class Regression(NamedTuple):
    """A regression on several quantities."""

    coefficients: Array
    table: Table
    fitted: Array
    residuals: Array
    r_squared: float
    adjusted: float
    f: float
    p: float


@node(tags=("multiple linear regression", "ols", "least squares", "multivariate", "linest", "regress"), pure=True)
def regression(x: Array, y: Array, intercept: bool = True) -> Regression:
    """Explain a quantity by several others: ordinary least squares.

    Parameters
    ----------
    x : Array or Table
        What explains, a column for each quantity, shape (n, k); of a table its columns with their names.
    y : Array
        What is explained, in any unit, shape (n,); rows with a NaN are left out.
    intercept : bool
        Also look for a constant.

    Returns
    -------
    coefficients : Array
        The constant, if there is one, and the factor of each column, shape (k + 1,) or (k,).
    table : Table
        A row for each coefficient: ``name``, ``value``, ``error`` (standard error), ``t``, ``p``, and the ends
        ``lower`` and ``upper`` of its 95 % interval.
    fitted : Array
        What the regression gives for each row, in the unit of `y`, shape (n,).
    residuals : Array
        `y` less that, shape (n,).
    r_squared : float
        Share of the scatter of `y` that is explained (dimensionless); without a constant that of its squares.
    adjusted : float
        The same, corrected for the number of coefficients (dimensionless).
    f : float
        Fisher's F against a regression on nothing (dimensionless).
    p : float
        Probability of such an F by chance (dimensionless).

    Raises
    ------
    ValueError
        Lengths differ, there are too few rows, or a column follows from the others.

    Notes
    -----
    Reference: N. R. Draper, H. Smith, Applied Regression Analysis, 3rd ed., 1998, chapters 5 and 6.

    Examples
    --------
    >>> x = np.array([[0.0, 0.0], [1.0, 0.0], [0.0, 1.0], [2.0, 3.0]])
    >>> fit.regression(x, [1.0, 3.0, 4.0, 14.0]).coefficients.round(6)
    array([1., 2., 3.])
    """
    import numpy
    import pandas
    import scipy.stats

    columns, up = numbers(x, "x"), numbers(y, "y")
    columns = columns[:, None] if columns.ndim == 1 else columns
    if columns.ndim != 2 or up.shape != columns.shape[:1]:
        raise ValueError(f"x has the shape {columns.shape} and y {up.shape}: x must have a row for each value of y")
    names = [str(name) for name in getattr(x, "columns", [f"x{i}" for i in range(1, columns.shape[1] + 1)])]
    design = numpy.column_stack([numpy.ones(len(up)), columns]) if intercept else columns
    found = linear(design, up)
    _, _, seen = whole(design, up, design.shape[1])
    base = float(((seen - seen.mean()) ** 2).sum() if intercept else (seen**2).sum())
    left = float(numpy.nansum(found.residuals**2))
    share = 1.0 - left / base if base else 1.0
    model = columns.shape[1]
    half = scipy.stats.t.ppf(0.975, found.freedom) * found.errors
    with numpy.errstate(divide="ignore", invalid="ignore"):
        t = found.values / found.errors
        f = float(numpy.divide((base - left) / model, left / found.freedom))
    table = pandas.DataFrame({
        "name": (["intercept"] if intercept else []) + names, "value": found.values, "error": found.errors, "t": t,
        "p": 2.0 * scipy.stats.t.sf(abs(t), found.freedom), "lower": found.values - half, "upper": found.values + half,
    })  # fmt: skip
    adjusted = 1.0 - (1.0 - share) * (found.freedom + model) / found.freedom
    p = float(scipy.stats.f.sf(f, model, found.freedom))
    return Regression(found.values, table, found.fitted, found.residuals, share, adjusted, f, p)


class RobustLine(NamedTuple):
    """A line that outliers do not move."""

    slope: float
    intercept: float
    slope_lower: float
    slope_upper: float


@node(title="Robust line", tags=("theil sen", "outliers", "median slope", "trend", "linear fit"), pure=True)
def robust_line(x: Array, y: Array) -> RobustLine:
    """Lay a straight line through points that outliers do not move: the median of all slopes.

    Parameters
    ----------
    x, y : Array
        Points in any units, each of shape (n,), three to 5000; pairs with a NaN are left out.

    Returns
    -------
    slope : float
        In the unit of `y` over that of `x`.
    intercept : float
        Value at x = 0, in the unit of `y`.
    slope_lower, slope_upper : float
        95 % interval of the slope, in its unit.

    Raises
    ------
    ValueError
        Lengths differ, there are fewer than three points or more than 5000, or all are at one x.

    Notes
    -----
    Reference: P. K. Sen, Estimates of the regression coefficient based on Kendall's tau, J. Am. Stat. Assoc. 63 (1968)
    1379.

    Examples
    --------
    >>> fit.robust_line([0.0, 1.0, 2.0, 3.0, 4.0], [0.0, 1.0, 2.0, 99.0, 4.0]).slope
    1.0
    """
    import numpy
    import scipy.stats

    _, across, up = whole(*points(x, y), 2)
    if numpy.unique(across).size < 2 or across.size > 5000:
        raise ValueError(f"there are {across.size} points: give 3 to 5000, at two different x or more")
    found = scipy.stats.theilslopes(up, across, 0.95)
    return RobustLine(*(float(one) for one in found))
