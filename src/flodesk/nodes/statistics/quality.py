"""Whether measurements are good: outliers, stability, control of a process."""

from __future__ import annotations

from typing import Annotated, Any, Literal, NamedTuple

from flodesk.nodes._numbers import numbers
from flodesk.nodes.statistics.sample import sample
from flodesk.public import Array, Quantity, Range, Unit, Waveform, node


class Outliers(NamedTuple):
    """Which values do not belong to the others."""

    mask: Array
    number: int
    kept: Array


@node(tags=("anomaly", "spikes", "tukey", "iqr", "mad", "hampel", "grubbs", "reject", "clean"), pure=True)
def outliers(
    values: Quantity, method: Literal["iqr", "mad", "grubbs"] = "iqr", limit: Annotated[float, Range(0.0)] = 0.0
) -> Outliers:
    """Find the values that do not belong to the others.

    Parameters
    ----------
    values : Array, Waveform or list
        Numbers in any unit, shape (n,); NaN are no outliers, and play no part.
    method : str
        ``"iqr"``: Tukey's fences around the quartiles; ``"mad"``: distance from the median over the median distance;
        ``"grubbs"``: Grubbs's test, again and again until no value fails it, for normal distributions.
    limit : float
        What is still allowed (dimensionless): quartile distances, scores, or the level of the test; 0 for what is
        usual, which is 1.5, 3.5 and 0.05.

    Returns
    -------
    mask : Array
        True for each outlier, shape (n,).
    number : int
        Number of outliers.
    kept : Array
        The values that are no outliers, in their unit, shape (n - number,), without NaN.

    Raises
    ------
    ValueError
        There are fewer than three numbers, they have more than one axis, or the level of a test is 1 or more.

    Notes
    -----
    References: J. W. Tukey, Exploratory Data Analysis, 1977, section 2D; B. Iglewicz, D. C. Hoaglin, How to Detect and
    Handle Outliers, 1993 (modified z score); F. E. Grubbs, Procedures for detecting outlying observations in samples,
    Technometrics 11 (1969) 1 (two-sided).

    Examples
    --------
    >>> statistics.outliers([1.0, 2.0, 2.0, 3.0, 50.0]).kept
    array([1., 2., 2., 3.])
    """
    import numpy

    array = numbers(values, "values")
    if array.ndim != 1:
        raise ValueError(f"values has the shape {array.shape}: give one row of numbers")
    good = sample(array, needed=3)
    if method == "grubbs":
        mask = _grubbs(array, limit or 0.05)
    elif method == "mad":
        away = numpy.abs(array - numpy.median(good))
        mask = 0.6745 * away > (limit or 3.5) * numpy.nanmedian(away)
    else:
        low, high = numpy.quantile(good, [0.25, 0.75])
        reach = (limit or 1.5) * (high - low)
        mask = (array < low - reach) | (array > high + reach)
    return Outliers(mask, int(mask.sum()), array[~mask & ~numpy.isnan(array)])


def _grubbs(array: Any, level: float) -> Any:
    """Return a mask of the values that fail Grubbs's test one after the other."""
    import numpy
    import scipy.stats

    if level >= 1.0:
        raise ValueError(f"the level of the test is {level:g}: give one between 0 and 1")
    mask = numpy.zeros(array.shape, dtype=bool)
    inside = ~numpy.isnan(array)
    while (n := int(inside.sum())) > 2:
        left = array[inside]
        deviation = left.std(ddof=1)
        if deviation == 0.0:
            break
        away = numpy.where(inside, numpy.abs(array - left.mean()), -1.0)
        t = scipy.stats.t.ppf(1.0 - level / (2 * n), n - 2)
        worst = int(away.argmax())
        if away[worst] / deviation <= (n - 1) / n**0.5 * (t * t / (n - 2 + t * t)) ** 0.5:
            break
        mask[worst], inside[worst] = True, False
    return mask


class ControlChart(NamedTuple):
    """The limits of a control chart, and what leaves them."""

    center: float
    lower: float
    upper: float
    outside: Array


@node(title="Control chart", tags=("shewhart", "spc", "process control", "sigma limits", "individuals"), pure=True)
def control_chart(values: Quantity, sigmas: Annotated[float, Range(0.1, 10.0)] = 3.0) -> ControlChart:
    """Find Shewhart's limits of single measurements in their order, and which of them leave these.

    The scatter is estimated from the distances of neighbours, so that a drift does not widen the limits.

    Parameters
    ----------
    values : Array, Waveform or list
        Measurements in the order in which they were made, in any unit, shape (n,), two or more; NaN are left out.
    sigmas : float
        How many standard deviations the limits are from the mean.

    Returns
    -------
    center : float
        Mean, in the unit of the values.
    lower, upper : float
        Control limits, in the unit of the values.
    outside : Array
        True for each measurement outside of them, shape (n,).

    Raises
    ------
    ValueError
        There are fewer than two numbers, or the number of standard deviations is not above 0.

    Notes
    -----
    Reference: NIST/SEMATECH e-Handbook of Statistical Methods, section 6.3.2.2 (individuals control charts).

    Examples
    --------
    >>> statistics.control_chart([10.0, 11.0, 10.0, 11.0, 25.0]).outside
    array([False, False, False, False,  True])
    """
    import numpy

    if not sigmas > 0.0:
        raise ValueError(f"limits at {sigmas:g} standard deviations hold nothing: give a number above 0")
    array = numbers(values, "values")
    good = sample(array, needed=2)
    # 1.128 is what two values of a normal distribution are apart on average, in standard deviations
    reach = sigmas * float(numpy.abs(numpy.diff(good)).mean()) / 1.128
    center = float(good.mean())
    return ControlChart(center, center - reach, center + reach, numpy.abs(array - center) > reach)


class Capability(NamedTuple):
    """How well a process keeps its tolerance."""

    cp: float
    cpk: float
    outside: float


@node(title="Process capability", tags=("cp", "cpk", "six sigma", "tolerance", "specification", "ppm"), pure=True)
def capability(values: Quantity, lower: float, upper: float) -> Capability:
    """Measure how well a process keeps its tolerance.

    Parameters
    ----------
    values : Array, Waveform or list
        A sample of the process in any unit, any shape, of two numbers or more; NaN are left out.
    lower, upper : float
        Limits of the tolerance, in the unit of the values.

    Returns
    -------
    cp : float
        Width of the tolerance over six standard deviations (dimensionless).
    cpk : float
        Distance of the mean from the nearer limit over three standard deviations (dimensionless); 1.33 is a usual aim.
    outside : float
        Share of parts expected outside of the tolerance, for a normal distribution (dimensionless).

    Raises
    ------
    ValueError
        There are fewer than two numbers, all are the same, or the lower limit is not below the upper one.

    Notes
    -----
    Reference: NIST/SEMATECH e-Handbook of Statistical Methods, section 6.1.6.

    Examples
    --------
    >>> statistics.capability([9.0, 10.0, 11.0], lower=7.0, upper=13.0).cp
    1.0
    """
    import math

    if not lower < upper:
        raise ValueError(f"the lower limit {lower:g} is not below the upper one {upper:g}: swap them")
    array = sample(values, needed=2)
    middle, deviation = float(array.mean()), float(array.std(ddof=1))
    if deviation == 0.0:
        raise ValueError("all values are the same: they have no scatter to measure the tolerance with")
    low, high = (middle - lower) / deviation, (upper - middle) / deviation
    beyond = 0.5 * (math.erfc(low / 2**0.5) + math.erfc(high / 2**0.5))
    return Capability((low + high) / 6.0, min(low, high) / 3.0, beyond)


class AllanDeviation(NamedTuple):
    """How stable a frequency is over different times."""

    time: Annotated[Array, Unit("s")]
    deviation: Array


@node(title="Allan deviation", tags=("adev", "oadev", "stability", "drift", "clock", "gyroscope", "noise"), pure=True)
def allan_deviation(values: Quantity, interval: Annotated[float, Unit("s"), Range(0.0)] = 1.0) -> AllanDeviation:
    """Measure how stable readings are over different averaging times (overlapping Allan deviation).

    Parameters
    ----------
    values : Array, Waveform or list
        Readings at equal distances in time, such as fractional frequencies, in any unit, shape (n,), three or more.
    interval : float
        Time from one reading to the next in s; a signal has its own.

    Returns
    -------
    time : Array
        Averaging times in s: the interval times 1, 2, 4 ..., shape (m,).
    deviation : Array
        Allan deviation at each, in the unit of the values, shape (m,).

    Raises
    ------
    ValueError
        There are fewer than three readings, one is missing, they have more than one axis, or the interval is not above
        0.

    Notes
    -----
    Reference: W. J. Riley, Handbook of Frequency Stability Analysis, NIST SP 1065 (2008), section 5.2.4.

    Examples
    --------
    >>> statistics.allan_deviation([0.0, 1.0, 0.0, 1.0]).deviation.round(4)
    array([0.7071])
    """
    import numpy

    array = numbers(values, "values")
    if array.ndim != 1 or array.size < 3 or not numpy.isfinite(array).all():
        raise ValueError("the readings must be one row of three finite numbers or more, without a gap")
    step = values.dt if isinstance(values, Waveform) else interval
    if not step > 0.0:
        raise ValueError(f"the interval is {step:g} s: it must be above 0 s")
    phase = numpy.concatenate([[0.0], numpy.cumsum(array - array.mean())])
    sizes = [2**k for k in range(array.size.bit_length()) if 2 ** (k + 1) < array.size]
    found = []
    for m in sizes:
        second = phase[2 * m :] - 2.0 * phase[m:-m] + phase[: -2 * m]
        found.append(float(numpy.sqrt(numpy.mean(second**2) / 2.0)) / m)
    return AllanDeviation(step * numpy.array(sizes, dtype=float), numpy.array(found))
