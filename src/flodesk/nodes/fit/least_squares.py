"""Least squares with what is known of the errors: what all fits of this shelf have in common."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from flodesk.nodes._numbers import numbers
from flodesk.public import Array


@dataclass(frozen=True)
class Solution:
    """Parameters found by least squares.

    Attributes
    ----------
    values : Array
        The parameters, shape (p,).
    covariance : Array
        How they hang together, shape (p, p): on the diagonal the squares of their standard errors.
    freedom : int
        Number of points less that of parameters.
    fitted, lower, upper, residuals : Array
        The curve at each point as it was given, its 95 % confidence band, and what is left, shape (n,).
    r_squared : float
        Share of the scatter that the curve explains.
    """

    values: Array
    covariance: Array
    freedom: int
    fitted: Array
    lower: Array
    upper: Array
    residuals: Array
    r_squared: float

    @property
    def errors(self) -> Array:
        """Standard error of each parameter, shape (p,)."""
        import numpy

        return numpy.sqrt(self.covariance.diagonal())

    def told_as(self, values: Sequence[float], slopes: Sequence[Sequence[float]]) -> Solution:
        """Return it with other parameters, whose derivatives by the old ones are `slopes`, shape (p, p)."""
        import numpy

        turned = numpy.asarray(slopes)
        with numpy.errstate(all="ignore"):
            return replace(self, values=numpy.asarray(values), covariance=turned @ self.covariance @ turned.T)

    @property
    def curve(self) -> tuple[Array, Array, Array, Array, Array, float]:
        """What each fit gives after its parameters: errors, curve, band, residuals and the share explained."""
        return self.errors, self.fitted, self.lower, self.upper, self.residuals, self.r_squared


def points(x: Any, y: Any) -> tuple[Array, Array]:
    """Return points as two rows of one length; some may hold NaN.

    Raises
    ------
    TypeError
        They are no numbers.
    ValueError
        The two have no one length.
    """
    across, up = numbers(x, "x"), numbers(y, "y")
    if across.ndim != 1 or across.shape != up.shape:
        raise ValueError(f"x has the shape {across.shape} and y {up.shape}: both must have one axis of one length")
    return across, up


def whole(x: Array, y: Array, parameters: int) -> tuple[Array, Array, Array]:
    """Return which points are finite, and these, if they are more than the parameters.

    Raises
    ------
    ValueError
        There are too few.
    """
    import numpy

    good = numpy.isfinite(y) & (numpy.isfinite(x) if x.ndim == 1 else numpy.isfinite(x).all(axis=1))
    found = int(good.sum())
    if found <= parameters:
        raise ValueError(f"there are {found} points for {parameters} parameters: give {parameters + 1} or more")
    return good, x[good], y[good]


def linear(design: Array, y: Array) -> Solution:
    """Solve for the factors of the columns of a design matrix, shape (n, p); rows with a NaN are left out.

    Raises
    ------
    ValueError
        There are too few rows, or a column follows from the others.
    """
    import numpy

    count = design.shape[1]
    _, rows, up = whole(design, y, count)
    size = numpy.linalg.norm(rows, axis=0)
    size[size == 0.0] = 1.0
    q, r = numpy.linalg.qr(rows / size)
    if abs(r.diagonal()).min() < 1e-13 * abs(r.diagonal()).max():
        raise ValueError("the parameters cannot be told apart with these points: give other x, or fewer parameters")
    inverse = numpy.linalg.solve(r, numpy.eye(count)) / size[:, None]
    values = inverse @ (q.T @ up)
    values = values + inverse @ (q.T @ (up - rows @ values))  # one refinement: three digits more for Longley's data
    return _solution(values, inverse @ inverse.T, up, rows @ values, y, design @ values, design)


def nonlinear(
    model: Callable[[Array, Array], Array],
    x: Array,
    y: Array,
    start: Sequence[float],
    limits: tuple[Sequence[float], Sequence[float]] | None = None,
) -> Solution:
    """Find the parameters of a curve ``model(x, parameters)``; points with a NaN are left out.

    Raises
    ------
    ValueError
        There are too few points, the curve has no value at the start, or the search does not end.
    """
    import numpy
    import scipy.optimize

    _, across, up = whole(x, y, len(start))
    scale = float(numpy.abs(up).max()) or 1.0

    def away(values: Array) -> Array:
        with numpy.errstate(all="ignore"):
            left = (model(across, values) - up) / scale
        return numpy.where(numpy.isfinite(left), left, 1e10)

    if (away(numpy.asarray(start, dtype=float)) >= 1e10).any():
        raise ValueError(f"the curve has no value at some x for the start values {list(start)}: give others")
    found = scipy.optimize.least_squares(
        away, start, jac=lambda values: _slopes(away, values, start), x_scale="jac",
        bounds=limits or (-numpy.inf, numpy.inf), ftol=1e-14, xtol=1e-14,
        gtol=1e-14, max_nfev=2000,
    )  # fmt: skip
    if not found.success:
        raise ValueError("the search for the parameters did not end: give start values nearer to the answer")
    values, slopes = _polished(away, found.x, found.jac, limits), found.jac * scale
    _, sizes, rows = numpy.linalg.svd(slopes, full_matrices=False)
    if sizes[-1] <= 1e-14 * sizes[0]:
        raise ValueError("the parameters cannot be told apart with these points: give other points, or a simpler curve")
    covariance = (rows.T / sizes**2) @ rows
    with numpy.errstate(all="ignore"):
        everywhere = numpy.asarray(model(x, values), dtype=float) + 0.0 * x
    spread = numpy.full((len(x), len(start)), numpy.nan)
    spread[numpy.isfinite(x) & numpy.isfinite(y)] = slopes
    return _solution(values, covariance, up, model(across, values), y, everywhere, spread)


def _slopes(away: Callable[[Array], Array], values: Array, start: Sequence[float]) -> Array:
    """Return the derivatives by the parameters, shape (n, p), from four values each.

    The steps go by the size of each parameter: those of SciPy are not below 6e-6, which is no step but a leap for a
    parameter of 5e-4, and costs half of the digits.
    """
    import numpy

    columns = []
    for number, (value, first) in enumerate(zip(values, start, strict=True)):
        step = numpy.zeros(len(values))
        step[number] = size = 1e-5 * max(abs(value), 1e-2 * (abs(first) or 1.0))
        near, far = away(values + step) - away(values - step), away(values + 2 * step) - away(values - 2 * step)
        columns.append((8.0 * near - far) / (12.0 * size))
    return numpy.column_stack(columns)


def _polished(
    away: Callable[[Array], Array], values: Array, slopes: Array, limits: tuple[Sequence[float], Sequence[float]] | None
) -> Array:
    """Bring parameters nearer to where the residuals are square to the slopes.

    A search that heeds the sum of squares ends when that stands still: half of the digits of the parameters are found.
    """
    import numpy

    back = numpy.linalg.pinv(slopes)
    for _ in range(5):
        step = back @ away(values)
        nearer = values - step
        if limits is not None and ((nearer < limits[0]) | (nearer > limits[1])).any():
            break
        if not numpy.linalg.norm(back @ away(nearer)) < numpy.linalg.norm(step):
            break
        values = nearer
    return values


def _solution(
    values: Array, covariance: Array, up: Array, fitted: Array, y: Array, everywhere: Array, slopes: Array
) -> Solution:
    import numpy
    import scipy.stats

    freedom = len(up) - len(values)
    left = float(((up - fitted) ** 2).sum())
    total = float(((up - up.mean()) ** 2).sum())
    covariance = covariance * (left / freedom)
    variance = numpy.einsum("ij,jk,ik->i", slopes, covariance, slopes)
    half = scipy.stats.t.ppf(0.975, freedom) * numpy.sqrt(variance)
    return Solution(
        values,
        covariance,
        freedom,
        everywhere,
        everywhere - half,
        everywhere + half,
        y - everywhere,
        1.0 - left / total if total else 1.0,
    )
