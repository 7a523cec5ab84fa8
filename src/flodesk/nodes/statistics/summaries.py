"""Figures that sum up a sample: where its values are, and how far apart."""

from __future__ import annotations

from typing import Annotated, Literal, NamedTuple

from flodesk.nodes._numbers import numbers
from flodesk.nodes.statistics.sample import sample
from flodesk.public import Array, Quantity, Range, Waveform, node


class Summary(NamedTuple):
    """What there is to say about some numbers.

    Attributes
    ----------
    number : int
        How many values are not NaN.
    mean, deviation, minimum, median, maximum : float
        In the unit of the values; the deviation is that of a sample (n - 1).
    """

    number: int
    mean: float
    deviation: float
    minimum: float
    median: float
    maximum: float


@node(tags=("mean", "standard deviation", "median", "minimum", "maximum"), pure=True)
def describe(values: Quantity) -> Summary:
    """Sum up numbers: how many, where, how far apart.

    Parameters
    ----------
    values : Array, Waveform or list
        Numbers in any unit, any shape; NaN are left out.

    Returns
    -------
    number : int
        How many values are not NaN.
    mean : float
        Mean, in the unit of the values.
    deviation : float
        Standard deviation of a sample (n - 1), in the unit of the values; NaN for a single value.
    minimum, median, maximum : float
        In the unit of the values.

    Raises
    ------
    ValueError
        There is no number among them.

    Examples
    --------
    >>> statistics.describe([1.0, 2.0, 6.0])
    Summary(number=3, mean=3.0, deviation=2.6457..., minimum=1.0, median=2.0, maximum=6.0)
    """
    import numpy

    array = numbers(values, "values").ravel()
    array = array[~numpy.isnan(array)]
    if array.size == 0:
        raise ValueError("there are no numbers to sum up")
    deviation = float(array.std(ddof=1)) if array.size > 1 else float("nan")
    return Summary(
        int(array.size),
        float(array.mean()),
        deviation,
        float(array.min()),
        float(numpy.median(array)),
        float(array.max()),
    )


class Histogram(NamedTuple):
    """How many values fall where.

    Attributes
    ----------
    centers : Array
        Middle of each bin, in the unit of the values, shape (bins,).
    counts : Array
        Number of values in each, shape (bins,).
    """

    centers: Array
    counts: Array


@node(tags=("distribution", "bins"), pure=True)
def histogram(
    values: Quantity, bins: Annotated[int, Range(1)] = 20, lower: float | None = None, upper: float | None = None
) -> Histogram:
    """Count how many values fall into each of some bins of one width.

    Parameters
    ----------
    values : Array, Waveform or list
        Numbers in any unit, any shape; NaN are left out.
    bins : int
        Number of bins.
    lower, upper : float, optional
        Ends of the first and the last bin, in the unit of the values; None for the smallest and largest value. Values
        outside are not counted; one at the upper end is in the last bin.

    Returns
    -------
    centers : Array
        Middle of each bin, in the unit of the values, shape (bins,).
    counts : Array
        Number of values in each bin, shape (bins,).

    Raises
    ------
    ValueError
        There is no number among the values, or the lower end is above the upper one.

    Examples
    --------
    >>> statistics.histogram([0.0, 0.5, 1.0, 2.0], bins=2).counts
    array([2, 2])
    """
    import numpy

    array = numbers(values, "values").ravel()
    array = array[numpy.isfinite(array)]
    if array.size == 0 and (lower is None or upper is None):
        raise ValueError("there are no numbers to count: give some, or both ends of the bins")
    low, high = array.min() if lower is None else lower, array.max() if upper is None else upper
    if low > high:
        raise ValueError(f"the lower end {low:g} is above the upper one {high:g}: swap them")
    counts, edges = numpy.histogram(array, bins=bins, range=(low, high))
    return Histogram(0.5 * (edges[:-1] + edges[1:]), counts)


Of = Literal["sample", "population"]


@node(title="Standard deviation", tags=("std", "sigma", "stdev", "scatter", "noise", "spread"), pure=True)
def standard_deviation(values: Quantity, of: Of = "sample") -> float:
    """Measure how far values scatter around their mean.

    Parameters
    ----------
    values : Array, Waveform or list
        Numbers in any unit, any shape; NaN are left out.
    of : str
        ``"sample"`` divides by n - 1, ``"population"`` by n.

    Returns
    -------
    float
        The standard deviation, in the unit of the values.

    Raises
    ------
    ValueError
        There are too few numbers: a sample needs two.

    Examples
    --------
    >>> statistics.standard_deviation([2.0, 4.0, 6.0])
    2.0
    """
    ddof = 1 if of == "sample" else 0
    return float(sample(values, needed=1 + ddof).std(ddof=ddof))


@node(tags=("var", "scatter", "power", "spread"), pure=True)
def variance(values: Quantity, of: Of = "sample") -> float:
    """Give the mean square distance of values from their mean.

    Parameters
    ----------
    values : Array, Waveform or list
        Numbers in any unit, any shape; NaN are left out.
    of : str
        ``"sample"`` divides by n - 1, ``"population"`` by n.

    Returns
    -------
    float
        The variance, in the square of the unit of the values.

    Raises
    ------
    ValueError
        There are too few numbers: a sample needs two.

    Examples
    --------
    >>> statistics.variance([2.0, 4.0, 6.0])
    4.0
    """
    ddof = 1 if of == "sample" else 0
    return float(sample(values, needed=1 + ddof).var(ddof=ddof))


@node(tags=("percentile", "quartile", "decile", "median", "prctile"), pure=True)
def quantile(
    values: Quantity,
    share: Annotated[float, Range(0.0, 1.0)] = 0.5,
    method: Literal["linear", "lower", "higher", "nearest", "midpoint", "median_unbiased"] = "linear",
) -> float:
    """Find the value below which a share of the values lies.

    Parameters
    ----------
    values : Array, Waveform or list
        Numbers in any unit, any shape; NaN are left out.
    share : float
        Share of the values that is below, from 0 to 1 (dimensionless): 0.25 gives the lower quartile.
    method : str
        What is done between two values; ``"linear"`` is what Excel, NumPy and R do by default.

    Returns
    -------
    float
        The quantile, in the unit of the values.

    Raises
    ------
    ValueError
        There is no number among the values, or the share is not from 0 to 1.

    Notes
    -----
    Reference: R. J. Hyndman, Y. Fan, Sample quantiles in statistical packages, The American Statistician 50 (1996) 361:
    ``linear`` is type 7, ``median_unbiased`` type 8.

    Examples
    --------
    >>> statistics.quantile([1.0, 2.0, 3.0, 4.0], 0.25)
    1.75
    """
    import numpy

    if not 0.0 <= share <= 1.0:
        raise ValueError(f"the share is {share:g}: give a number from 0 to 1")
    return float(numpy.quantile(sample(values), share, method=method))


class Spread(NamedTuple):
    """How far apart some values are."""

    range: float
    quartiles: float
    deviation: float


@node(tags=("range", "peak to peak", "iqr", "interquartile", "mad", "scatter", "robust"), pure=True)
def spread(values: Quantity) -> Spread:
    """Measure how far apart values are, in three ways of which two do not heed outliers.

    Parameters
    ----------
    values : Array, Waveform or list
        Numbers in any unit, any shape; NaN are left out.

    Returns
    -------
    range : float
        Distance of the largest value from the smallest, in the unit of the values.
    quartiles : float
        Distance of the upper quartile from the lower one (IQR), in the unit of the values.
    deviation : float
        1.4826 times the median distance from the median (MAD), in the unit of the values: an estimate of the standard
        deviation.

    Raises
    ------
    ValueError
        There is no number among them.

    Examples
    --------
    >>> statistics.spread([1.0, 2.0, 3.0, 4.0, 100.0])
    Spread(range=99.0, quartiles=2.0, deviation=1.4826)
    """
    import numpy

    array = sample(values)
    low, high = numpy.quantile(array, [0.25, 0.75])
    return Spread(
        float(numpy.ptp(array)), float(high - low), 1.4826 * float(numpy.median(abs(array - numpy.median(array))))
    )


class Form(NamedTuple):
    """In what a distribution differs from a normal one."""

    skewness: float
    kurtosis: float


@node(title="Skewness and kurtosis", tags=("moments", "asymmetry", "tails", "peakedness"), pure=True)
def skewness(values: Quantity) -> Form:
    """Measure how lopsided a distribution is, and how heavy its tails are.

    Parameters
    ----------
    values : Array, Waveform or list
        Four numbers or more in any unit, any shape; NaN are left out.

    Returns
    -------
    skewness : float
        0 for a symmetric distribution, above 0 if it has a tail to the right (dimensionless).
    kurtosis : float
        Excess over that of a normal distribution (dimensionless): above 0 for heavy tails.

    Raises
    ------
    ValueError
        There are fewer than four numbers, or all are the same.

    Notes
    -----
    Both are corrected for the size of the sample, as Excel's SKEW and KURT.
    Reference: D. N. Joanes, C. A. Gill, Comparing measures of sample skewness and kurtosis, The Statistician 47 (1998)
    183: G₁ and G₂.

    Examples
    --------
    >>> statistics.skewness([1.0, 2.0, 3.0, 4.0]).skewness
    0.0
    """
    import numpy

    array = sample(values, needed=4)
    n, away = array.size, array - array.mean()
    second = float(numpy.mean(away**2))
    if second == 0.0:
        raise ValueError("all values are the same: they have no skewness")
    first, excess = float(numpy.mean(away**3)) / second**1.5, float(numpy.mean(away**4)) / second**2 - 3.0
    return Form(
        first * (n * (n - 1)) ** 0.5 / (n - 2),
        ((n + 1) * excess + 6.0) * (n - 1) / ((n - 2) * (n - 3)),
    )


@node(title="Standard scores", tags=("z score", "standardize", "normalise", "normalize", "zscore"), pure=True)
def z_score(values: Quantity) -> Quantity:
    """Say of each value how many standard deviations it is from the mean.

    Parameters
    ----------
    values : Array, Waveform or list
        Numbers in any unit, any shape; NaN stay, and play no part.

    Returns
    -------
    Array or Waveform
        Scores (dimensionless) with mean 0 and standard deviation (n - 1) of 1, in the shape of the values.

    Raises
    ------
    ValueError
        There are fewer than two numbers, or all are the same.

    Examples
    --------
    >>> statistics.z_score([2.0, 4.0, 6.0])
    array([-1.,  0.,  1.])
    """
    array = sample(values, needed=2)
    deviation = float(array.std(ddof=1))
    if deviation == 0.0:
        raise ValueError("all values are the same: they have no scatter to measure with")
    scores = (numbers(values, "values") - array.mean()) / deviation
    return values.with_y(scores, "") if isinstance(values, Waveform) else scores
