"""Signals at another sample rate, or at other frequencies."""

from __future__ import annotations

from typing import Annotated, Any

from flodesk.nodes.dsp.inputs import Hertz, samples, waveform
from flodesk.public import Range, Signal, Unit, Waveform, node


@node(tags=("decimate", "downsample", "upsample", "rate"), pure=True)
def resample(signal: Signal, rate: Hertz = 100.0) -> Signal:
    """Bring a whole signal to another sample rate, with a filter against aliases.

    Parameters
    ----------
    signal : Waveform
        The signal, shape (n,) or (channels, n).
    rate : float
        New sample rate in Hz.

    Returns
    -------
    Waveform
        The signal at the new rate, from the same time on.

    Raises
    ------
    TypeError
        The signal has no sample rate.
    ValueError
        The rate is not above 0, or its ratio to the old one is no fraction with a denominator up to 1000.

    Examples
    --------
    >>> dsp.resample(source.sine(0, samples=1000, rate=1000.0), rate=250.0)
    Waveform(250 samples, 250 Hz, from 0 s)
    """
    from fractions import Fraction

    import scipy.signal

    wave = waveform(signal)
    if not rate > 0.0:
        raise ValueError(f"the new sample rate is {rate:g} Hz: it must be above 0 Hz")
    ratio = Fraction(rate / wave.rate).limit_denominator(1000)
    if ratio == 0 or abs(float(ratio) * wave.rate - rate) > 1e-6 * rate:
        raise ValueError(f"{wave.rate:g} Hz cannot be brought to {rate:g} Hz: choose rates in a ratio of whole numbers")
    y = scipy.signal.resample_poly(wave.y, ratio.numerator, ratio.denominator, axis=-1, padtype="line")
    return Waveform(y, 1.0 / rate, wave.t0, wave.unit)


@node(tags=("downsample", "reduce", "every nth", "anti-alias"), pure=True)
def decimate(signal: Signal, factor: Annotated[int, Range(1)] = 10) -> Signal:
    """Keep one sample of some, after a filter against aliases.

    Parameters
    ----------
    signal : Waveform or Array
        Samples, shape (n,) or (channels, n).
    factor : int
        Number of samples of which one is kept (dimensionless).

    Returns
    -------
    Waveform or Array
        The signal at the lower rate, from the same time on, in the same unit.

    Raises
    ------
    ValueError
        There are no samples, or the factor is below 1.

    Notes
    -----
    Reference: R. E. Crochiere, L. R. Rabiner, Multirate Digital Signal Processing, 1983, section 2.3.

    Examples
    --------
    >>> dsp.decimate(source.sine(0, samples=1000, rate=1000.0), factor=4)
    Waveform(250 samples, 250 Hz, from 0 s)
    """
    return _at_ratio(signal, 1, factor)


@node(tags=("interpolate", "oversample", "interp", "increase rate"), pure=True)
def upsample(signal: Signal, factor: Annotated[int, Range(1)] = 2) -> Signal:
    """Put samples between the samples, as the frequencies of the signal ask.

    Parameters
    ----------
    signal : Waveform or Array
        Samples, shape (n,) or (channels, n).
    factor : int
        How many times as many samples there are to be (dimensionless).

    Returns
    -------
    Waveform or Array
        The signal at the higher rate, from the same time on, in the same unit.

    Raises
    ------
    ValueError
        There are no samples, or the factor is below 1.

    Notes
    -----
    Reference: R. E. Crochiere, L. R. Rabiner, Multirate Digital Signal Processing, 1983, section 2.3.

    Examples
    --------
    >>> dsp.upsample(source.sine(0, samples=100, rate=1000.0), factor=4)
    Waveform(400 samples, 4000 Hz, from 0 s)
    """
    return _at_ratio(signal, factor, 1)


def _at_ratio(signal: Any, up: int, down: int) -> Any:
    import scipy.signal

    if up < 1 or down < 1:
        raise ValueError(f"the factor is {min(up, down)}: it must be 1 or more")
    y = scipy.signal.resample_poly(samples(signal), up, down, axis=-1, padtype="line")
    return Waveform(y, signal.dt * down / up, signal.t0, signal.unit) if isinstance(signal, Waveform) else y


@node(tags=("mixer", "heterodyne", "single sideband", "modulate", "down-convert", "frequency shifter"), pure=True)
def shift_frequency(signal: Signal, by: Annotated[float, Unit("Hz")] = 10.0) -> Signal:
    """Shift all frequencies of a signal by so many hertz.

    Parameters
    ----------
    signal : Waveform
        The signal, shape (n,) or (channels, n), without its mean.
    by : float
        How far, in Hz; below 0 for down. What would leave the span from 0 to half of the sample rate is folded back.

    Returns
    -------
    Waveform
        The shifted signal, on the same time axis and in the same unit. It is less exact at its ends.

    Raises
    ------
    TypeError
        The signal has no sample rate.
    ValueError
        There are no samples.

    Notes
    -----
    The real part of the analytic signal times a turning phase (single sideband). Reference: A. V. Oppenheim,
    R. W. Schafer, Discrete-Time Signal Processing, 3rd ed., section 12.4.

    Examples
    --------
    >>> higher = dsp.shift_frequency(source.sine(0, frequency=50.0), by=20.0)
    >>> round(dsp.lock_in(higher, frequency=70.0).amplitude, 6)
    1.0
    """
    import numpy
    import scipy.signal

    wave = waveform(signal)
    analytic = scipy.signal.hilbert(samples(wave), axis=-1)
    return wave.with_y((analytic * numpy.exp(2j * numpy.pi * by * wave.time)).real)
