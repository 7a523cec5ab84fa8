"""How signals resemble each other, and themselves, at a distance in time."""

from __future__ import annotations

from typing import Annotated, Literal, NamedTuple

from flodesk.nodes.dsp.inputs import like, one_channel, pair, samples, step_of
from flodesk.public import Array, Range, Signal, Unit, node


class Delay(NamedTuple):
    """How two signals are shifted.

    Attributes
    ----------
    delay : float
        How much later the second is, in s.
    lag : Array
        Shifts in s, shape (2 n - 1,).
    correlation : Array
        Likeness at each, from -1 to 1 (dimensionless), shape (2 n - 1,).
    """

    delay: Annotated[float, Unit("s")]
    lag: Annotated[Array, Unit("s")]
    correlation: Array


@node(tags=("delay", "time of flight", "lag", "xcorr", "shift", "align", "finddelay"), pure=True)
def cross_correlation(first: Signal, second: Signal) -> Delay:
    """Find how much later a second signal is than a first one.

    Parameters
    ----------
    first, second : Waveform or Array
        Samples of one channel on one time axis, each of shape (n,), two or more. Their means are taken off.

    Returns
    -------
    delay : float
        How much later the second is, in s (of plain arrays in samples); a whole number of samples.
    lag : Array
        Shifts in s, shape (2 n - 1,).
    correlation : Array
        Likeness at each shift, 1 for the same shape without one (dimensionless), shape (2 n - 1,).

    Raises
    ------
    ValueError
        The signals do not fit each other, or one of them is constant.

    Notes
    -----
    Reference: J. S. Bendat, A. G. Piersol, Random Data, 4th ed., section 5.1.

    Examples
    --------
    >>> dsp.cross_correlation([0.0, 1.0, 0.0, 0.0, 0.0], [0.0, 0.0, 0.0, 1.0, 0.0]).delay
    2.0
    """
    import numpy
    import scipy.signal

    x, y, dt = pair(first, second, ("first", "second"))
    x, y = x - x.mean(), y - y.mean()
    size = float(numpy.sqrt(numpy.dot(x, x) * numpy.dot(y, y)))
    if not size > 0.0:
        raise ValueError("one of the two signals is constant: nothing in it tells a shift")
    correlation = scipy.signal.correlate(y, x) / size
    lag = scipy.signal.correlation_lags(len(y), len(x)) * dt
    return Delay(float(lag[correlation.argmax()]), lag, correlation)


class Autocorrelation(NamedTuple):
    """How a signal resembles itself.

    Attributes
    ----------
    lag : Array
        Shifts in s from 0, shape (m,).
    correlation : Array
        Likeness at each, 1 at 0 (dimensionless), shape (m,).
    """

    lag: Annotated[Array, Unit("s")]
    correlation: Array


@node(tags=("ACF", "period", "xcorr", "repetition", "correlogram", "memory"), pure=True)
def autocorrelation(signal: Signal, lags: Annotated[int, Range(1)] = 100) -> Autocorrelation:
    """Find how a signal resembles itself at a distance in time, such as a period.

    Parameters
    ----------
    signal : Waveform or Array
        Samples of one channel, shape (n,), two or more. Its mean is taken off.
    lags : int
        Number of shifts after 0, up to n - 1.

    Returns
    -------
    lag : Array
        Shifts in s from 0 (of a plain array in samples), shape (m,).
    correlation : Array
        Likeness at each shift, 1 at 0 (dimensionless), shape (m,).

    Raises
    ------
    ValueError
        There are fewer than two samples, several channels, or the signal is constant.

    Notes
    -----
    The biased estimate, divided by n at each shift. Reference: G. E. P. Box, G. M. Jenkins, G. C. Reinsel, Time Series
    Analysis, 4th ed., section 2.1.4.

    Examples
    --------
    >>> dsp.autocorrelation([1.0, -1.0, 1.0, -1.0], lags=2).correlation
    array([ 1.  , -0.75,  0.5 ])
    """
    import numpy
    import scipy.signal

    y = one_channel(signal, least=2)
    y = y - y.mean()
    power = float(numpy.dot(y, y))
    if not power > 0.0:
        raise ValueError("the signal is constant: nothing in it repeats")
    count = min(int(lags), len(y) - 1) + 1
    correlation = scipy.signal.correlate(y, y)[len(y) - 1 :][:count] / power
    return Autocorrelation(numpy.arange(count) * step_of(signal), correlation)


@node(tags=("conv", "kernel", "impulse response", "filter", "FIR"), pure=True)
def convolve(signal: Signal, kernel: Array, mode: Literal["same", "full"] = "same") -> Signal:
    """Convolve a signal with a kernel, such as an impulse response.

    Parameters
    ----------
    signal : Waveform or Array
        Samples, shape (n,) or (channels, n).
    kernel : Array
        Weights, shape (m,), in any unit.
    mode : str
        ``"same"``: as long as the signal, the kernel's middle at each sample. ``"full"``: with all that rings after,
        shape (n + m - 1,), the kernel's first weight at each sample.

    Returns
    -------
    Waveform or Array
        The sums, in the unit of the signal. Beyond its ends the signal counts as 0.

    Raises
    ------
    ValueError
        There are no samples, or the kernel is empty or no row.

    Examples
    --------
    >>> dsp.convolve([1.0, 0.0, 0.0, 2.0], [1.0, 0.5], mode="full")
    array([1. , 0.5, 0. , 2. , 1. ])
    """
    import numpy
    import scipy.signal

    y, weights = samples(signal), one_channel(kernel, "kernel")
    full = scipy.signal.convolve(y, weights.reshape((1,) * (y.ndim - 1) + (-1,)), method="auto")
    if mode == "same":
        start = (len(weights) - 1) // 2
        full = full[..., start : start + y.shape[-1]]
    return like(signal, numpy.ascontiguousarray(full))
