"""Signals at another sample rate."""

from __future__ import annotations

from flodesk.nodes.dsp.inputs import Hertz, waveform
from flodesk.public import Signal, Waveform, node


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
