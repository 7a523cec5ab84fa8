"""Random numbers."""

from __future__ import annotations

from typing import Annotated, Literal

from flodesk.nodes._quantity import finite
from flodesk.public import Array, Range, node

Distribution = Literal["uniform", "normal", "exponential", "poisson", "whole"]
Seed = Annotated[int, Range(0)]


@node(title="Random number", tags=("dice", "rand", "noise", "uniform", "chance"), pure=False)
def random_number(low: float = 0.0, high: float = 1.0) -> float:
    """Draw a number between two others, each time another.

    Parameters
    ----------
    low, high : float
        The limits, in any unit; the upper one is never reached.

    Returns
    -------
    float
        A number in the unit of the limits, each as likely.

    Raises
    ------
    ValueError
        The lower limit is above the upper one, or one is not finite.

    Examples
    --------
    >>> 5.0 <= maths.random_number(5.0, 10.0) < 10.0
    True
    """
    import numpy

    least, most = finite(low, "low"), finite(high, "high")
    if least > most:
        raise ValueError(f"the lower limit {least:g} is above the upper one {most:g}: swap them")
    return float(numpy.random.default_rng().uniform(least, most))


@node(
    title="Random numbers",
    tags=("rand", "randn", "randint", "normal", "gauss", "uniform", "poisson", "noise", "sample", "monte carlo"),
    pure=False,
)
def random_numbers(
    number: Annotated[int, Range(1)] = 100,
    distribution: Distribution = "uniform",
    a: float = 0.0,
    b: float = 1.0,
    seed: Seed | None = None,
) -> Array:
    """Draw random numbers.

    Parameters
    ----------
    number : int
        Number of values.
    distribution : str
        ``"uniform"`` from `a` to below `b`; ``"normal"`` with the mean `a` and the standard deviation `b`;
        ``"exponential"`` from `a` on, with the mean `b` above it; ``"poisson"``, counts with the mean `b`, from `a` on;
        ``"whole"`` numbers from `a` to `b`, both included.
    a, b : float
        What the distribution needs, in the unit of the numbers.
    seed : int, optional
        Which numbers (dimensionless): the same seed gives the same ones. None gives others each time.

    Returns
    -------
    Array
        Shape (number,), in the unit of `a` and `b`.

    Raises
    ------
    ValueError
        The limits are the wrong way round, the mean or deviation is below 0, or there are no values to draw.

    Examples
    --------
    >>> maths.random_numbers(5, "whole", 1, 6, seed=1)
    array([3, 4, 5, 6, 1])
    """
    import math

    import numpy

    if number < 1:
        raise ValueError(f"number is {number}: give 1 or more")
    first, second = finite(a, "a"), finite(b, "b")
    draw = numpy.random.default_rng(seed)
    if distribution in ("uniform", "whole") and first > second:
        raise ValueError(f"a is {first:g} and above b, which is {second:g}: swap them")
    if distribution not in ("uniform", "whole") and second < 0.0:
        raise ValueError(f"b is {second:g}: for {distribution} it must be 0 or more")
    if distribution == "uniform":
        return draw.uniform(first, second, number)
    if distribution == "normal":
        return draw.normal(first, second, number)
    if distribution == "exponential":
        return first + draw.exponential(second, number)
    if distribution == "poisson":
        return first + draw.poisson(second, number)
    return draw.integers(math.ceil(first), math.floor(second), number, endpoint=True)
