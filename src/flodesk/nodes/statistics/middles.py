"""Figures that say where the middle of a sample is."""

from __future__ import annotations

from typing import Annotated, NamedTuple

from flodesk.nodes.statistics.sample import sample
from flodesk.public import Quantity, Range, node


@node(tags=("middle", "50 %", "centre", "robust", "average"), pure=True)
def median(values: Quantity) -> float:
    """Give the middle of some numbers: half of them are below it, half above.

    Parameters
    ----------
    values : Array, Waveform or list
        Numbers in any unit, any shape; NaN are left out.

    Returns
    -------
    float
        The median, in the unit of the values.

    Raises
    ------
    ValueError
        There is no number among them.

    Examples
    --------
    >>> statistics.median([1.0, 2.0, 99.0])
    2.0
    """
    import numpy

    return float(numpy.median(sample(values)))


class Mode(NamedTuple):
    """The value that is met most often."""

    value: float
    times: int


@node(tags=("most frequent", "most common", "majority"), pure=True)
def mode(values: Quantity) -> Mode:
    """Find the value that is met most often.

    Parameters
    ----------
    values : Array, Waveform or list
        Numbers in any unit, any shape; NaN are left out. Of measured numbers no two may be equal: round them first.

    Returns
    -------
    value : float
        The most frequent value, in the unit of the values; the smallest if there are several.
    times : int
        How many times it is there.

    Raises
    ------
    ValueError
        There is no number among them.

    Examples
    --------
    >>> statistics.mode([3, 1, 3, 2])
    Mode(value=3.0, times=2)
    """
    import numpy

    found, counts = numpy.unique(sample(values), return_counts=True)
    best = int(counts.argmax())
    return Mode(float(found[best]), int(counts[best]))


@node(title="Trimmed mean", tags=("average", "robust", "truncated", "outliers"), pure=True)
def trimmed_mean(values: Quantity, share: Annotated[float, Range(0.0, 0.49)] = 0.1) -> float:
    """Average values without the smallest and the largest of them.

    Parameters
    ----------
    values : Array, Waveform or list
        Numbers in any unit, any shape; NaN are left out.
    share : float
        Share of the values that is left out at each end, from 0 to 0.49 (dimensionless).

    Returns
    -------
    float
        Mean of those that are left, in the unit of the values.

    Raises
    ------
    ValueError
        There is no number among the values, or the share is not from 0 to below 0.5.

    Examples
    --------
    >>> statistics.trimmed_mean([1.0, 2.0, 3.0, 4.0, 100.0], share=0.2)
    3.0
    """
    import numpy

    if not 0.0 <= share < 0.5:
        raise ValueError(f"the share is {share:g}: give a number from 0 to below 0.5")
    array = numpy.sort(sample(values))
    cut = int(share * array.size)
    return float(array[cut : array.size - cut].mean())


@node(title="Geometric mean", tags=("average", "growth", "ratio", "logarithmic mean"), pure=True)
def geometric_mean(values: Quantity) -> float:
    """Average ratios or growth factors: the n-th root of the product of n values.

    Parameters
    ----------
    values : Array, Waveform or list
        Numbers above 0 in any unit, any shape; NaN are left out.

    Returns
    -------
    float
        The geometric mean, in the unit of the values.

    Raises
    ------
    ValueError
        There is no number among the values, or one is not above 0.

    Examples
    --------
    >>> statistics.geometric_mean([1.0, 4.0, 16.0])
    4.0
    """
    import numpy

    array = sample(values)
    if not (array > 0.0).all():
        raise ValueError(f"the smallest value is {array.min():g}: a geometric mean needs values above 0")
    return float(numpy.exp(numpy.log(array).mean()))
