"""Smoothing of whole signals."""

from __future__ import annotations

from typing import Annotated

from flodesk.nodes.dsp.inputs import like, samples
from flodesk.public import Range, Signal, node

Size = Annotated[int, Range(1)]


def _odd(size: int, name: str) -> int:
    if size < 1 or size % 2 == 0:
        raise ValueError(f"{name} is {size}: it must be an odd number from 1 on, so that it has a middle")
    return size


@node(tags=("despike", "outliers", "spikes", "medfilt", "rank filter", "salt and pepper"), pure=True)
def median_filter(signal: Signal, size: Size = 5) -> Signal:
    """Replace each sample by the median of those around it: spikes go, edges stay.

    Parameters
    ----------
    signal : Waveform or Array
        Samples, shape (n,) or (channels, n).
    size : int
        Number of samples of a stretch, odd: spikes of up to half of it go.

    Returns
    -------
    Waveform or Array
        The medians, in the unit of the signal; beyond its ends the signal goes on as its end stands.

    Raises
    ------
    ValueError
        There are no samples, or the size is even.

    Notes
    -----
    Reference: J. W. Tukey, Exploratory Data Analysis, 1977, chapter 7.

    Examples
    --------
    >>> dsp.median_filter([1.0, 1.0, 9.0, 1.0, 5.0, 5.0, 5.0], size=3)
    array([1., 1., 1., 5., 5., 5., 5.])
    """
    import scipy.ndimage

    y = samples(signal)
    shape = (1,) * (y.ndim - 1) + (_odd(size, "size"),)
    return like(signal, scipy.ndimage.median_filter(y, size=shape, mode="nearest"))


@node(title="Savitzky-Golay", tags=("savgol", "smooth", "derivative", "polynomial smoothing", "sgolay"), pure=True)
def savgol(
    signal: Signal,
    size: Annotated[int, Range(3)] = 11,
    degree: Annotated[int, Range(0, 8)] = 2,
    derivative: Annotated[int, Range(0, 4)] = 0,
) -> Signal:
    """Smooth a signal, or find its derivative, by polynomials through the samples around each: heights and widths stay.

    Parameters
    ----------
    signal : Waveform or Array
        Samples, shape (n,) or (channels, n), at least `size`.
    size : int
        Number of samples of a stretch, odd and above the degree.
    degree : int
        Degree of the polynomials (dimensionless).
    derivative : int
        Which derivative to give (dimensionless): 0 for the smoothed signal, 1 for its slope.

    Returns
    -------
    Waveform or Array
        The smoothed signal or derivative; a derivative is in the unit of the signal over s to its power.

    Raises
    ------
    ValueError
        The size is even, not above the degree, or there are fewer samples.

    Notes
    -----
    Reference: A. Savitzky, M. J. E. Golay, Smoothing and differentiation of data by simplified least squares
    procedures, Anal. Chem. 36 (1964) 1627.

    Examples
    --------
    >>> dsp.savgol([0.0, 1.0, 4.0, 9.0, 16.0], size=5, degree=2).round(6) + 0.0
    array([ 0.,  1.,  4.,  9., 16.])
    """
    import scipy.signal

    _odd(size, "size")
    if degree >= size:
        raise ValueError(f"a polynomial of degree {degree} goes through {size} points as they are: make size larger")
    y = samples(signal, least=size)
    dt = getattr(signal, "dt", 1.0)
    smooth = scipy.signal.savgol_filter(y, size, degree, deriv=derivative, delta=dt, axis=-1)
    unit = getattr(signal, "unit", "")
    power = {1: "", 2: "²", 3: "³", 4: "⁴"}.get(derivative)
    return like(signal, smooth, unit if power is None else f"{unit or 1}/s{power}")


@node(tags=("movmean", "boxcar", "running mean", "smooth", "sliding average"), pure=True)
def moving_average(signal: Signal, size: Size = 5) -> Signal:
    """Replace each sample by the mean of those around it.

    Parameters
    ----------
    signal : Waveform or Array
        Samples, shape (n,) or (channels, n).
    size : int
        Number of samples of a stretch, odd; a hum whose period it is goes away.

    Returns
    -------
    Waveform or Array
        The means, in the unit of the signal; beyond its ends the signal goes on as its end stands.

    Raises
    ------
    ValueError
        There are no samples, or the size is even.

    Examples
    --------
    >>> dsp.moving_average([3.0, 3.0, 6.0, 3.0, 3.0], size=3)
    array([3., 4., 4., 4., 3.])
    """
    import scipy.ndimage

    y = samples(signal)
    return like(signal, scipy.ndimage.uniform_filter1d(y, _odd(size, "size"), axis=-1, mode="nearest"))
