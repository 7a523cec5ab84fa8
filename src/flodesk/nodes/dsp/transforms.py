"""Other sights of a signal: its envelope, its phase, its parts by frequency."""

from __future__ import annotations

from typing import Annotated, Literal, NamedTuple

from flodesk.nodes.dsp.inputs import Hertz, like, one_channel, samples, step_of, waveform
from flodesk.public import Array, Quantity, Signal, Unit, node


@node(tags=("Hilbert", "amplitude demodulation", "analytic signal", "AM"), pure=True)
def envelope(signal: Signal) -> Signal:
    """Find the amplitude of an oscillation at each time.

    Parameters
    ----------
    signal : Waveform or Array
        Samples, shape (n,) or (channels, n). Take off its mean first, by `detrend`.

    Returns
    -------
    Waveform or Array
        The envelope, in the unit of the signal. It is less exact at the ends.

    Raises
    ------
    ValueError
        There are no samples.

    Notes
    -----
    The magnitude of the analytic signal. Reference: A. V. Oppenheim, R. W. Schafer, Discrete-Time Signal Processing,
    3rd ed., section 12.4.

    Examples
    --------
    >>> dsp.envelope(source.sine(0, frequency=50.0, amplitude=3.0)).y[:3].round(6)
    array([3., 3., 3.])
    """
    import numpy
    import scipy.signal

    return like(signal, numpy.abs(scipy.signal.hilbert(samples(signal), axis=-1)))


@node(tags=("Hilbert", "FM", "demodulation", "chirp"), pure=True)
def instantaneous_frequency(signal: Signal) -> Signal:
    """Find the frequency of an oscillation at each time.

    Parameters
    ----------
    signal : Waveform or Array
        Samples, shape (n,) or (channels, n), of one oscillation without its mean; two or more.

    Returns
    -------
    Waveform or Array
        Frequency in Hz, on the same time axis; of a plain array in cycles per sample. Less exact at the ends.

    Raises
    ------
    ValueError
        There are fewer than two samples.

    Notes
    -----
    The slope of the phase of the analytic signal. Reference: B. Boashash, Estimating and interpreting the instantaneous
    frequency of a signal, Proc. IEEE 80 (1992) 520.

    Examples
    --------
    >>> dsp.instantaneous_frequency(source.sine(0, frequency=50.0)).y[:3].round(6)
    array([50., 50., 50.])
    """
    import numpy
    import scipy.signal

    phase = numpy.unwrap(numpy.angle(scipy.signal.hilbert(samples(signal, least=2), axis=-1)), axis=-1)
    return like(signal, numpy.gradient(phase, step_of(signal), axis=-1) / (2.0 * numpy.pi), "Hz")


@node(tags=("phase", "unwrap phase", "jumps"), pure=True)
def unwrap(phase: Signal, period: float = 6.283185307179586) -> Signal:
    """Take the jumps of a period out of a phase.

    Parameters
    ----------
    phase : Waveform or Array
        Phase, shape (n,) or (channels, n), in rad or in the unit of the period.
    period : float
        Period in the unit of the phase: 2π in rad, 360 in degrees.

    Returns
    -------
    Waveform or Array
        The phase without jumps, in the same unit.

    Raises
    ------
    ValueError
        There are no samples, or the period is not above 0.

    Examples
    --------
    >>> dsp.unwrap([350.0, 355.0, 1.0, 7.0], period=360.0)
    array([350., 355., 361., 367.])
    """
    import numpy

    if not period > 0.0:
        raise ValueError(f"the period is {period:g}: it must be above 0")
    return like(phase, numpy.unwrap(samples(phase, "phase"), period=period, axis=-1))


@node(tags=("baseline", "drift", "remove mean", "remove trend", "DC"), pure=True)
def detrend(signal: Signal, kind: Literal["linear", "constant"] = "linear") -> Signal:
    """Take a straight line, or the mean, off a signal.

    Parameters
    ----------
    signal : Waveform or Array
        Samples, shape (n,) or (channels, n).
    kind : str
        ``"linear"`` for a line of least squares, ``"constant"`` for the mean.

    Returns
    -------
    Waveform or Array
        What is left, in the unit of the signal.

    Raises
    ------
    ValueError
        There are no samples.

    Examples
    --------
    >>> dsp.detrend([1.0, 2.0, 3.0], kind="constant")
    array([-1.,  0.,  1.])
    """
    import scipy.signal

    return like(signal, scipy.signal.detrend(samples(signal), axis=-1, type=kind))


@node(tags=("window function", "taper", "Hann", "Hamming", "Blackman", "flat top", "Kaiser", "Tukey"), pure=True)
def window(
    signal: Signal,
    shape: Literal["hann", "hamming", "blackman", "flattop", "tukey", "bartlett", "boxcar"] = "hann",
) -> Signal:
    """Weight a signal with a window, so that it begins and ends softly.

    Parameters
    ----------
    signal : Waveform or Array
        Samples, shape (n,) or (channels, n).
    shape : str
        The window function, in the form for spectra (periodic); ``"tukey"`` tapers a quarter at each end.

    Returns
    -------
    Waveform or Array
        The weighted samples, in the unit of the signal; nothing is corrected for the window.

    Raises
    ------
    ValueError
        There are no samples.

    Notes
    -----
    Reference: F. J. Harris, On the use of windows for harmonic analysis with the discrete Fourier transform, Proc. IEEE
    66 (1978) 51.

    Examples
    --------
    >>> dsp.window([2.0, 2.0, 2.0, 2.0])
    array([0., 1., 2., 1.])
    """
    import scipy.signal

    y = samples(signal)
    return like(signal, y * scipy.signal.get_window(shape, y.shape[-1]))


class LockIn(NamedTuple):
    """What a lock-in amplifier finds.

    Attributes
    ----------
    amplitude : float
        Amplitude of the sine at the frequency, in the unit of the signal.
    phase : float
        Its phase against the reference, in rad.
    in_phase, quadrature : float
        Its parts in phase and a quarter turn ahead, in the unit of the signal.
    """

    amplitude: float
    phase: Annotated[float, Unit("rad")]
    in_phase: float
    quadrature: float


@node(tags=("lock-in amplifier", "demodulate", "phase sensitive", "tone", "single frequency", "goertzel"), pure=True)
def lock_in(signal: Signal, frequency: Hertz = 50.0, phase: Annotated[float, Unit("rad")] = 0.0) -> LockIn:
    """Measure amplitude and phase of one frequency in a signal, however much noise is around it.

    Parameters
    ----------
    signal : Waveform
        The signal, shape (n,), at least a period long.
    frequency : float
        Frequency of the reference in Hz.
    phase : float
        Phase of the reference in rad: it is ``sin(2π * frequency * t + phase)``.

    Returns
    -------
    amplitude : float
        Amplitude of the sine at the frequency, in the unit of the signal.
    phase : float
        Its phase against the reference, in rad.
    in_phase : float
        Its part in phase, in the unit of the signal.
    quadrature : float
        Its part a quarter turn ahead, in the unit of the signal.

    Raises
    ------
    TypeError
        The signal has no sample rate.
    ValueError
        The signal is shorter than a period, or the frequency is not below half of the sample rate.

    Notes
    -----
    A fit of sine, cosine and constant by least squares, which is exact for stretches of no whole number of periods, too
    (IEEE Std 1057, three-parameter sine fit).

    Examples
    --------
    >>> found = dsp.lock_in(source.sine(0, frequency=50.0, amplitude=3.0, phase=0.5), frequency=50.0)
    >>> round(found.amplitude, 6), round(found.phase, 6)
    (3.0, 0.5)
    """
    import numpy

    wave = waveform(signal)
    y = one_channel(wave)
    if not 0.0 < frequency < 0.5 * wave.rate:
        raise ValueError(f"{frequency:g} Hz is not between 0 Hz and half of the sample rate ({0.5 * wave.rate:g} Hz)")
    if len(y) * wave.dt * frequency < 1.0 - 1e-9 or len(y) < 3:
        raise ValueError(f"{len(y) * wave.dt:g} s are shorter than a period of {frequency:g} Hz: give a longer stretch")
    turns = 2.0 * numpy.pi * frequency * wave.time + phase
    parts = numpy.stack([numpy.sin(turns), numpy.cos(turns), numpy.ones_like(turns)], axis=1)
    (sine, cosine, _), *_ = numpy.linalg.lstsq(parts, y, rcond=None)
    return LockIn(float(numpy.hypot(sine, cosine)), float(numpy.arctan2(cosine, sine)), float(sine), float(cosine))


@node(tags=("smooth", "low-pass", "exponential moving average", "EMA", "first order", "RC", "movmean"))
class Smooth:
    """Smooth a stream of numbers or blocks: the newer a value is, the more it weighs.

    Parameters
    ----------
    share : float
        Share of the new value, above 0 and up to 1 (dimensionless); 1 smooths nothing. With `n` as in a moving average
        of `n` values it is about ``2 / (n + 1)``.

    Raises
    ------
    ValueError
        The share is not above 0, or it is above 1.

    Notes
    -----
    ``mean += share * (value - mean)``, from the first value on. Reference: R. G. Brown, Smoothing, Forecasting and
    Prediction, 1963, chapter 7.

    Examples
    --------
    >>> smooth = dsp.Smooth(share=0.5)
    >>> smooth(0.0), smooth(8.0), smooth(8.0)
    (0.0, 4.0, 6.0)
    """

    def __init__(self, share: float = 0.2) -> None:
        if not 0.0 < share <= 1.0:
            raise ValueError(f"the share of the new value is {share:g}: it must be above 0 and up to 1")
        self.share = share
        self._mean: Array = None

    def __call__(self, value: Quantity) -> Quantity:
        """Take the next value.

        Parameters
        ----------
        value : float, Array or Waveform
            A number, or a spectrum or block of which each sample is smoothed by itself, in any unit.

        Returns
        -------
        float, Array or Waveform
            The smoothed value, as it came and in its unit. Another shape begins anew; NaN are passed over.
        """
        import numpy

        y = samples(numpy.atleast_1d(value)) if numpy.ndim(value) == 0 else samples(value)
        if self._mean is None or self._mean.shape != y.shape:
            self._mean = y.copy()
        else:
            old = numpy.where(numpy.isnan(self._mean), y, self._mean)
            self._mean = numpy.where(numpy.isnan(y), old, old + self.share * (y - old))
        return float(self._mean[0]) if numpy.ndim(value) == 0 else like(value, self._mean)
