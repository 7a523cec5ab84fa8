"""How two quantities hang together."""

from __future__ import annotations

from typing import Literal, NamedTuple

from flodesk.nodes.statistics.sample import pairs
from flodesk.public import Array, node


class Fit(NamedTuple):
    """A straight line through points.

    Attributes
    ----------
    slope : float
        In the unit of y over that of x.
    intercept : float
        Value at x = 0, in the unit of y.
    r_squared : float
        Share of the scatter of y that the line explains, from 0 to 1 (dimensionless).
    """

    slope: float
    intercept: float
    r_squared: float


@node(tags=("regression", "trend", "straight line", "calibration"), pure=True)
def linear_fit(x: Array, y: Array) -> Fit:
    """Lay a straight line through points by least squares.

    Parameters
    ----------
    x, y : Array
        Points in any units, each of shape (n,); pairs with a NaN are left out.

    Returns
    -------
    slope : float
        In the unit of `y` over that of `x`.
    intercept : float
        Value at x = 0, in the unit of `y`.
    r_squared : float
        Share of the scatter of `y` that the line explains, from 0 to 1 (dimensionless).

    Raises
    ------
    ValueError
        Lengths differ, or there are fewer than two different `x`.

    Examples
    --------
    >>> statistics.linear_fit([0.0, 1.0, 2.0], [1.0, 3.0, 5.0])
    Fit(slope=2.0, intercept=1.0, r_squared=1.0)
    """
    import numpy

    across, up = pairs(x, y)
    if numpy.unique(across).size < 2:
        raise ValueError("a line needs points at two different x or more")
    middle_x, middle_y = across.mean(), up.mean()
    dx, dy = across - middle_x, up - middle_y
    slope = float((dx * dy).sum() / (dx * dx).sum())
    total = float((dy * dy).sum())
    left = float(((dy - slope * dx) ** 2).sum())
    return Fit(slope, float(middle_y - slope * middle_x), 1.0 - left / total if total else 1.0)


@node(tags=("joint variation", "cov"), pure=True)
def covariance(x: Array, y: Array) -> float:
    """Measure how far two quantities vary together.

    Parameters
    ----------
    x, y : Array
        Pairs in any units, each of shape (n,); pairs with a NaN are left out.

    Returns
    -------
    float
        Covariance of a sample (n - 1), in the unit of `x` times that of `y`.

    Raises
    ------
    ValueError
        Lengths differ, or there are fewer than two pairs.

    Examples
    --------
    >>> statistics.covariance([1.0, 2.0, 3.0], [2.0, 4.0, 6.0])
    2.0
    """
    across, up = pairs(x, y, 2)
    return float(((across - across.mean()) * (up - up.mean())).sum() / (across.size - 1))


class Correlation(NamedTuple):
    """How strongly two quantities hang together."""

    coefficient: float
    p: float


@node(tags=("pearson", "spearman", "kendall", "corrcoef", "r", "rho", "tau", "rank"), pure=True)
def correlation(x: Array, y: Array, method: Literal["pearson", "spearman", "kendall"] = "pearson") -> Correlation:
    """Measure how strongly two quantities hang together.

    Parameters
    ----------
    x, y : Array
        Pairs in any units, each of shape (n,); pairs with a NaN are left out.
    method : str
        ``"pearson"`` for a straight line; ``"spearman"`` and ``"kendall"`` go by ranks, for any rising or falling
        curve.

    Returns
    -------
    coefficient : float
        From -1 to 1 (dimensionless).
    p : float
        Probability of one as far from 0 by chance if the two are independent (dimensionless).

    Raises
    ------
    ValueError
        Lengths differ, there are fewer than three pairs, or one of the two does not vary.

    Examples
    --------
    >>> statistics.correlation([1.0, 2.0, 3.0, 4.0], [1.0, 4.0, 9.0, 16.0], method="spearman").coefficient
    1.0
    """
    import scipy.stats

    across, up = pairs(x, y, 3)
    if across.min() == across.max() or up.min() == up.max():
        raise ValueError("one of the two does not vary: there is nothing to hang together with")
    tests = {"pearson": scipy.stats.pearsonr, "spearman": scipy.stats.spearmanr, "kendall": scipy.stats.kendalltau}
    found = tests[method](across, up)
    return Correlation(float(found.statistic), float(found.pvalue))
