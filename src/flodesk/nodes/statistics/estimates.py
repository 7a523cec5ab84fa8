"""What a sample says of what it was taken from: intervals, densities and cumulative shares."""

from __future__ import annotations

from typing import Annotated, Literal, NamedTuple

from flodesk.nodes.statistics.sample import sample, share
from flodesk.public import Array, Quantity, Range, node

Level = Annotated[float, Range(0.001, 0.9999)]


class Interval(NamedTuple):
    """An estimate and the interval around it."""

    value: float
    lower: float
    upper: float


@node(title="Confidence interval", tags=("mean", "error bar", "uncertainty", "95 %", "standard error"), pure=True)
def confidence_interval(values: Quantity, level: Level = 0.95) -> Interval:
    """Give the interval in which the true mean is expected, by Student's t.

    Parameters
    ----------
    values : Array, Waveform or list
        A sample in any unit, any shape, of two numbers or more; NaN are left out.
    level : float
        Level of confidence, between 0 and 1 (dimensionless).

    Returns
    -------
    value : float
        Mean of the sample, in the unit of the values.
    lower, upper : float
        Ends of the interval, in the unit of the values.

    Raises
    ------
    ValueError
        There are fewer than two numbers, or the level is not between 0 and 1.

    Notes
    -----
    Reference: NIST/SEMATECH e-Handbook of Statistical Methods, section 1.3.5.2.

    Examples
    --------
    >>> [round(number, 3) for number in statistics.confidence_interval([1.0, 2.0, 3.0])]
    [2.0, -0.484, 4.484]
    """
    import scipy.stats

    array = sample(values, needed=2)
    factor = scipy.stats.t.ppf(0.5 + 0.5 * share(level, "level"), array.size - 1)
    middle, half = float(array.mean()), float(factor * array.std(ddof=1) / array.size**0.5)
    return Interval(middle, middle - half, middle + half)


@node(
    title="Bootstrap interval",
    tags=("resampling", "confidence interval", "uncertainty", "median", "monte carlo"),
    pure=True,
)
def bootstrap_interval(
    values: Quantity,
    of: Literal["mean", "median", "deviation"] = "mean",
    level: Level = 0.95,
    samples: Annotated[int, Range(100, 100000)] = 2000,
    seed: Annotated[int, Range(0)] = 0,
) -> Interval:
    """Estimate the interval of a figure by drawing from the sample again and again, for any distribution.

    Parameters
    ----------
    values : Array, Waveform or list
        A sample in any unit, any shape, of two numbers or more; NaN are left out.
    of : str
        The figure: ``"mean"``, ``"median"`` or ``"deviation"`` (of a sample, n - 1).
    level : float
        Level of confidence, between 0 and 1 (dimensionless).
    samples : int
        How many times it is drawn.
    seed : int
        Which random numbers (dimensionless): the same seed gives the same interval.

    Returns
    -------
    value : float
        The figure of the sample itself, in the unit of the values.
    lower, upper : float
        Ends of the interval, in the unit of the values: quantiles of the figures that were drawn.

    Raises
    ------
    ValueError
        There are fewer than two numbers, none is drawn, or the level is not between 0 and 1.

    Notes
    -----
    Reference: B. Efron, R. J. Tibshirani, An Introduction to the Bootstrap, 1993, section 13.3 (percentile interval).

    Examples
    --------
    >>> found = statistics.bootstrap_interval([1.0, 2.0, 3.0, 4.0], seed=1)
    >>> found.value, 1.0 <= found.lower < 2.5 < found.upper <= 4.0
    (2.5, True)
    """
    import numpy

    array = sample(values, needed=2)
    if samples < 1:
        raise ValueError(f"{samples} samples give no interval: draw 100 or more")
    known = share(level, "level")

    def figure(rows: Array) -> Array:
        if of == "deviation":
            return rows.std(axis=-1, ddof=1)
        return rows.mean(axis=-1) if of == "mean" else numpy.median(rows, axis=-1)

    draw, drawn = numpy.random.default_rng(seed), numpy.empty(samples)
    block = max(1, 1_000_000 // array.size)  # rows at a time: 8 MB, however large the sample is
    for start in range(0, samples, block):
        size = min(block, samples - start)
        drawn[start : start + size] = figure(array[draw.integers(0, array.size, (size, array.size))])
    low, high = numpy.quantile(drawn, [0.5 - 0.5 * known, 0.5 + 0.5 * known])
    return Interval(float(figure(array)), float(low), float(high))


class Curve(NamedTuple):
    """A curve over the values."""

    x: Array
    y: Array


@node(tags=("kde", "kernel", "distribution", "smooth histogram", "probability", "violin"), pure=True)
def density(values: Quantity, width: float | None = None, points: Annotated[int, Range(2, 100000)] = 200) -> Curve:
    """Estimate the probability density of values by a smooth curve: a Gaussian on each of them.

    Parameters
    ----------
    values : Array, Waveform or list
        A sample in any unit, any shape; NaN are left out.
    width : float, optional
        Standard deviation of the Gaussians, in the unit of the values; None for Scott's choice.
    points : int
        Number of points of the curve.

    Returns
    -------
    x : Array
        Where, in the unit of the values, shape (points,); it goes three widths beyond the values.
    y : Array
        Density at each, per unit of the values, shape (points,); the area below it is 1.

    Raises
    ------
    ValueError
        There is no number among the values; none scatters and no width is given; or the width is not above 0.

    Notes
    -----
    Reference: D. W. Scott, Multivariate Density Estimation, 2nd ed., 2015, section 6.5.

    Examples
    --------
    >>> curve = statistics.density([0.0], width=1.0, points=3)
    >>> curve.x, curve.y.round(4)
    (array([-3.,  0.,  3.]), array([0.0044, 0.3989, 0.0044]))
    """
    import numpy

    array = sample(values)
    if width is None:
        width = float(array.std(ddof=1) * array.size**-0.2) if array.size > 1 else 0.0
    if not width > 0.0:
        raise ValueError(f"the width of the Gaussians is {width:g}: give one above 0")
    if points < 2:
        raise ValueError(f"{points} points make no curve: give 2 or more")
    across = numpy.linspace(array.min() - 3.0 * width, array.max() + 3.0 * width, points)
    up = numpy.zeros(points)
    block = max(1, 1_000_000 // points)
    for start in range(0, array.size, block):
        away = (across[:, None] - array[None, start : start + block]) / width
        up += numpy.exp(-0.5 * away**2).sum(axis=1)
    return Curve(across, up / (array.size * width * (2.0 * numpy.pi) ** 0.5))


@node(title="Cumulative distribution", tags=("ecdf", "cdf", "empirical", "share below", "yield"), pure=True)
def ecdf(values: Quantity) -> Curve:
    """Give the share of the values that are not above each of them.

    Parameters
    ----------
    values : Array, Waveform or list
        A sample in any unit, any shape; NaN are left out.

    Returns
    -------
    x : Array
        The different values in rising order, in their unit, shape (n,).
    y : Array
        Share of the values up to each, from above 0 to 1 (dimensionless), shape (n,).

    Raises
    ------
    ValueError
        There is no number among them.

    Examples
    --------
    >>> statistics.ecdf([3.0, 1.0, 3.0, 2.0]).y
    array([0.25, 0.5 , 1.  ])
    """
    import numpy

    found, counts = numpy.unique(sample(values), return_counts=True)
    return Curve(found, numpy.cumsum(counts) / counts.sum())
