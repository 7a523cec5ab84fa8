"""The best that is found at once: lowest places, zeros, plans, assignments."""

from __future__ import annotations

from typing import Any, Literal, NamedTuple

from flodesk.nodes._assignments import values_of
from flodesk.nodes._formula import read
from flodesk.nodes._numbers import numbers
from flodesk.public import Array, node


class Best(NamedTuple):
    """The best place that was found."""

    point: Array
    value: float


@node(tags=("minimize", "optimise", "optimize", "fminsearch", "bfgs", "nelder mead", "local"), pure=True)
def minimise(
    formula: str = "(x - 1)^2 + (y + 2)^2", start: str = "x = 0, y = 0", method: Literal["slopes", "simplex"] = "slopes"
) -> Best:
    """Find the lowest place of a formula near a start.

    Parameters
    ----------
    formula : str
        What is to be as small as possible; each name in it is a variable.
    start : str
        Where the search begins, as ``x = 0, y = 0``; the order is that of the result.
    method : str
        ``"slopes"`` (BFGS) for smooth formulas, ``"simplex"`` (Nelder and Mead) for those with corners.

    Returns
    -------
    point : Array
        The place, in the units of the variables, shape (variables,).
    value : float
        The formula there, in its unit.

    Raises
    ------
    ValueError
        A text cannot be read, the formula reads what is not there, or no lowest place is found.

    Notes
    -----
    Reference: J. Nocedal, S. J. Wright, Numerical Optimization, 2nd ed., 2006, sections 6.1 and 9.5.

    Examples
    --------
    >>> simulate.minimise("(x - 1)^2 + (y + 2)^2").point.round(4)
    array([ 1., -2.])
    """
    import numpy
    import scipy.optimize

    begin, asked = values_of(start, "start"), read(formula)
    if not begin:
        raise ValueError("start is empty: write where the search begins, as x = 0")

    def height(point: Array) -> float:
        value = float(asked.value(dict(zip(begin, point, strict=True))))
        return value if numpy.isfinite(value) else 1e300

    if height(list(begin.values())) >= 1e300:
        raise ValueError(f"{formula!r} has no finite value at the start: begin elsewhere")
    options: dict[str, Any] = {"xatol": 1e-10, "fatol": 1e-14, "maxiter": 20000, "maxfev": 40000}
    kind, options = ("Nelder-Mead", options) if method == "simplex" else ("BFGS", {"gtol": 1e-7})
    with numpy.errstate(all="ignore"):
        found = scipy.optimize.minimize(height, list(begin.values()), method=kind, options=options)
    slopes = getattr(found, "jac", numpy.zeros(1))
    # status 2 of BFGS: no better place within the digits of a number, which is an end like any other where it is flat
    flat = found.status == 2 and numpy.abs(slopes).max() < 1e-3 * max(1.0, abs(found.fun))
    if not (found.success or flat) or abs(found.fun) > 1e100:
        raise ValueError(f"no lowest place is found from there: {found.message}")
    return Best(found.x, float(found.fun))


@node(title="Root", tags=("zero", "solve", "fzero", "brent", "equation", "goal seek", "nonlinear"), pure=True)
def root(formula: str = "x^2 - 2", lower: float = 0.0, upper: float = 2.0) -> float:
    """Find where a formula in x is 0, between two places where its signs differ.

    Parameters
    ----------
    formula : str
        The formula, with ``x`` in it.
    lower, upper : float
        The two places, in the unit of x.

    Returns
    -------
    float
        Where it is 0, in the unit of x.

    Raises
    ------
    ValueError
        The formula cannot be read, or has no different signs at the two places.

    Notes
    -----
    Reference: R. P. Brent, Algorithms for Minimization without Derivatives, 1973, chapter 4.

    Examples
    --------
    >>> round(simulate.root("x^2 - 2", lower=0.0, upper=2.0), 6)
    1.414214
    """
    import scipy.optimize

    asked = read(formula)
    ends = [float(asked.value({"x": place})) for place in (lower, upper)]
    if not ends[0] * ends[1] <= 0.0:
        raise ValueError(
            f"{formula!r} is {ends[0]:g} at {lower:g} and {ends[1]:g} at {upper:g}: give two places where its signs"
            " differ"
        )
    return float(scipy.optimize.brentq(lambda x: float(asked.value({"x": x})), lower, upper, xtol=1e-14, rtol=1e-14))


@node(tags=("linear programming", "lp", "simplex", "linprog", "planning", "optimise", "diet problem"), pure=True)
def linear_program(costs: Array, factors: Array, limits: Array, maximise: bool = False) -> Best:
    """Find the cheapest plan within linear limits: quantities of 0 or more with factors · quantities ≤ limits.

    Parameters
    ----------
    costs : Array
        Cost of one of each quantity, shape (n,).
    factors : Array
        What one of each quantity uses of each resource, shape (m, n); a limit from below has the signs turned.
    limits : Array
        How much there is of each resource, shape (m,).
    maximise : bool
        Look for the highest sum instead: the costs are gains.

    Returns
    -------
    point : Array
        The quantities, in their units, shape (n,).
    value : float
        Sum of their costs, in the unit of the costs.

    Raises
    ------
    ValueError
        The shapes do not fit, no plan keeps the limits, or there is no end to what can be gained.

    Notes
    -----
    Reference: Q. Huangfu, J. A. J. Hall, Parallelizing the dual revised simplex method, Mathematical Programming
    Computation 10 (2018) 119 (HiGHS).

    Examples
    --------
    >>> simulate.linear_program([1.0, 1.0], [[1.0, 2.0], [3.0, 1.0]], [4.0, 6.0], maximise=True).point.round(3)
    array([1.6, 1.2])
    """
    import scipy.optimize

    price, uses, room = numbers(costs, "costs"), numbers(factors, "factors"), numbers(limits, "limits")
    if price.ndim != 1 or uses.shape != (*room.shape, *price.shape):
        raise ValueError(
            f"costs has the shape {price.shape}, factors {uses.shape} and limits {room.shape}: factors needs a row for"
            " each limit and a column for each cost"
        )
    found = scipy.optimize.linprog(-price if maximise else price, A_ub=uses, b_ub=room)
    if not found.success:
        why = {2: "no plan keeps all limits", 3: "there is no end to what can be gained: a limit is missing"}
        raise ValueError(why.get(found.status, found.message))
    return Best(found.x, float(price @ found.x))


class Assignment(NamedTuple):
    """Who does what."""

    column: Array
    cost: float


@node(tags=("hungarian", "matching", "linear sum assignment", "allocation", "munkres"), pure=True)
def assignment(costs: Array, maximise: bool = False) -> Assignment:
    """Give each row a column of its own, so that the sum of the costs is the lowest.

    Parameters
    ----------
    costs : Array
        Cost of each column for each row, shape (rows, columns), with no more rows than columns.
    maximise : bool
        Look for the highest sum instead.

    Returns
    -------
    column : Array
        The column of each row, counted from 0, shape (rows,).
    cost : float
        Sum of the costs, in their unit.

    Raises
    ------
    ValueError
        It is no table of finite numbers, or there are more rows than columns.

    Notes
    -----
    Reference: D. F. Crouse, On implementing 2D rectangular assignment algorithms, IEEE Trans. Aerospace and Electronic
    Systems 52 (2016) 1679.

    Examples
    --------
    >>> simulate.assignment([[4.0, 1.0, 3.0], [2.0, 0.0, 5.0], [3.0, 2.0, 2.0]])
    Assignment(column=array([1, 0, 2]), cost=5.0)
    """
    import numpy
    import scipy.optimize

    table = numbers(costs, "costs")
    if table.ndim != 2 or table.shape[0] > table.shape[1] or not numpy.isfinite(table).all():
        raise ValueError(f"costs has the shape {table.shape}: give finite numbers, and no more rows than columns")
    rows, columns = scipy.optimize.linear_sum_assignment(table, maximize=maximise)
    return Assignment(columns, float(table[rows, columns].sum()))
