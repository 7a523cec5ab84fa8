"""Filters of whole signals: what of their frequencies passes."""

from __future__ import annotations

from typing import Annotated, Literal

from flodesk.nodes.dsp.design import Family, Kind, both_ways, edges_of, sections
from flodesk.nodes.dsp.inputs import Hertz, Order, below_half, waveform
from flodesk.public import Range, Signal, Unit, node

Decibels = Annotated[float, Unit("dB"), Range(0.001)]


@node(tags=("filtfilt", "zero phase"), pure=True)
def butterworth(
    signal: Signal, cutoff: Hertz = 20.0, order: Order = 4, kind: Literal["lowpass", "highpass"] = "lowpass"
) -> Signal:
    """Filter a whole signal forwards and backwards, so that nothing is shifted in time.

    Parameters
    ----------
    signal : Waveform
        The signal, shape (n,) or (channels, n), longer than about ``6 * order`` samples.
    cutoff : float
        Frequency in Hz at which the amplitude falls to one half; below half of the sample rate.
    order : int
        Order of the filter (dimensionless); as it runs twice, it falls by 12 dB an octave and order.
    kind : str
        Which side of the cutoff passes: ``"lowpass"`` or ``"highpass"``.

    Returns
    -------
    Waveform
        The filtered signal, on the same time axis.

    Raises
    ------
    TypeError
        The signal has no sample rate.
    ValueError
        The cutoff is not between 0 and half of the sample rate, or the signal is too short.

    Notes
    -----
    Reference: F. Gustafsson, Determining the initial states in forward-backward filtering, IEEE Trans. Signal
    Processing 44 (1996) 988.

    Examples
    --------
    >>> noisy = Waveform(np.array([1.0, 3.0] * 200), dt=0.001)
    >>> dsp.butterworth(noisy, cutoff=20.0).y[200:204].round(3)
    array([2., 2., 2., 2.])
    """
    wave = waveform(signal)
    return both_ways(wave, sections("butterworth", order, (cutoff,), wave.rate, kind), order)


@node(tags=("high-pass", "AC coupling", "remove drift", "baseline"), pure=True)
def highpass(signal: Signal, cutoff: Hertz = 20.0, order: Order = 4) -> Signal:
    """Take away what is slower than a frequency, such as a drift, and shift nothing in time.

    Parameters
    ----------
    signal : Waveform
        The signal, shape (n,) or (channels, n), longer than about ``6 * order`` samples.
    cutoff : float
        Frequency in Hz at which the amplitude falls to one half; below half of the sample rate.
    order : int
        Order of the Butterworth filter (dimensionless); as it runs twice, it falls by 12 dB an octave and order.

    Returns
    -------
    Waveform
        The filtered signal, on the same time axis.

    Raises
    ------
    TypeError
        The signal has no sample rate.
    ValueError
        The cutoff is not between 0 and half of the sample rate, or the signal is too short.

    Notes
    -----
    Reference: A. V. Oppenheim, R. W. Schafer, Discrete-Time Signal Processing, 3rd ed., section 7.3.

    Examples
    --------
    >>> alternating = Waveform(np.array([1.0, 3.0] * 200), dt=0.001)
    >>> dsp.highpass(alternating, cutoff=20.0).y[200:204].round(3)
    array([-1.,  1., -1.,  1.])
    """
    wave = waveform(signal)
    return both_ways(wave, sections("butterworth", order, (cutoff,), wave.rate, "highpass"), order)


@node(tags=("band-pass", "band pass", "filter", "Butterworth", "select a band"), pure=True)
def bandpass(signal: Signal, lower: Hertz = 20.0, upper: Hertz = 100.0, order: Order = 4) -> Signal:
    """Let the frequencies between two pass, and shift nothing in time.

    Parameters
    ----------
    signal : Waveform
        The signal, shape (n,) or (channels, n), longer than about ``12 * order`` samples.
    lower, upper : float
        Edges of the band in Hz, at which the amplitude falls to one half; below half of the sample rate.
    order : int
        Order of the Butterworth filter at each edge (dimensionless); it runs twice.

    Returns
    -------
    Waveform
        The filtered signal, on the same time axis.

    Raises
    ------
    TypeError
        The signal has no sample rate.
    ValueError
        The band is empty or not below half of the sample rate, or the signal is too short.

    Notes
    -----
    Reference: A. V. Oppenheim, R. W. Schafer, Discrete-Time Signal Processing, 3rd ed., section 7.3.

    Examples
    --------
    >>> both = source.sine(0, 50.0, samples=1000) + source.sine(0, 300.0, samples=1000)
    >>> round(dsp.rms(dsp.bandpass(both, 20.0, 100.0).y[300:700]), 2)  # the one of 50 Hz alone
    0.71
    """
    wave = waveform(signal)
    return both_ways(wave, sections("butterworth", order, (lower, upper), wave.rate, "bandpass"), order)


@node(tags=("band-stop", "band stop", "band reject", "filter", "Butterworth"), pure=True)
def bandstop(signal: Signal, lower: Hertz = 45.0, upper: Hertz = 55.0, order: Order = 4) -> Signal:
    """Take away the frequencies between two, and shift nothing in time.

    Parameters
    ----------
    signal : Waveform
        The signal, shape (n,) or (channels, n), longer than about ``12 * order`` samples.
    lower, upper : float
        Edges of the band in Hz, at which the amplitude falls to one half; below half of the sample rate.
    order : int
        Order of the Butterworth filter at each edge (dimensionless); it runs twice.

    Returns
    -------
    Waveform
        The filtered signal, on the same time axis.

    Raises
    ------
    TypeError
        The signal has no sample rate.
    ValueError
        The band is empty or not below half of the sample rate, or the signal is too short.

    Notes
    -----
    Reference: A. V. Oppenheim, R. W. Schafer, Discrete-Time Signal Processing, 3rd ed., section 7.3.

    Examples
    --------
    >>> steady = Waveform(np.full(200, 4.0), dt=0.001)
    >>> dsp.bandstop(steady).y[:3].round(6)
    array([4., 4., 4.])
    """
    wave = waveform(signal)
    return both_ways(wave, sections("butterworth", order, (lower, upper), wave.rate, "bandstop"), order)


@node(tags=("hum", "mains", "50 Hz", "60 Hz", "band-stop", "band reject", "iirnotch", "filter"), pure=True)
def notch(signal: Signal, frequency: Hertz = 50.0, q: Annotated[float, Range(0.1)] = 30.0) -> Signal:
    """Take away one frequency, such as the hum of the mains, and shift nothing in time.

    Parameters
    ----------
    signal : Waveform
        The signal, shape (n,) or (channels, n), longer than 9 samples. The notch needs about ``q / frequency`` s to
        work.
    frequency : float
        Frequency in Hz that is taken away; below half of the sample rate.
    q : float
        Quality (dimensionless): the frequency over the width of the notch, between where one half of the amplitude
        is left.

    Returns
    -------
    Waveform
        The filtered signal, on the same time axis.

    Raises
    ------
    TypeError
        The signal has no sample rate.
    ValueError
        The frequency is not between 0 and half of the sample rate, or the signal is too short.

    Notes
    -----
    Reference: S. J. Orfanidis, Introduction to Signal Processing, 1996, section 11.3.

    Examples
    --------
    >>> hum = source.sine(0, frequency=50.0, samples=5000)
    >>> bool(dsp.rms(dsp.notch(hum, 50.0, q=5.0).y[1000:-1000]) < 1e-3)
    True
    """
    import scipy.signal

    wave = waveform(signal)
    below_half(frequency, wave.rate, "frequency")
    if not q > 0.0:
        raise ValueError(f"the quality is {q:g}: it must be above 0")
    design = scipy.signal.tf2sos(*scipy.signal.iirnotch(frequency, q, fs=wave.rate))
    return both_ways(wave, design, 2)


@node(
    title="IIR filter",
    tags=("Chebyshev", "elliptic", "Cauer", "Bessel", "Butterworth", "cheby1", "cheby2", "ellip", "recursive"),
    pure=True,
)
def iir(
    signal: Signal,
    cutoff: Hertz = 20.0,
    upper: Hertz = 100.0,
    kind: Kind = "lowpass",
    family: Family = "chebyshev 1",
    order: Order = 4,
    ripple: Decibels = 1.0,
    attenuation: Decibels = 40.0,
) -> Signal:
    """Filter a whole signal by a recursive filter of the family you choose, once and forwards.

    Parameters
    ----------
    signal : Waveform
        The signal, shape (n,) or (channels, n).
    cutoff : float
        Frequency in Hz: the cutoff, or the lower edge of a band; below half of the sample rate.
    upper : float
        Upper edge of a band in Hz; it does not matter for ``"lowpass"`` and ``"highpass"``.
    kind : str
        What passes: ``"lowpass"``, ``"highpass"``, ``"bandpass"``, or with ``"bandstop"`` what does not.
    family : str
        ``"butterworth"`` and ``"bessel"`` (of steady delay) have 3 dB at the cutoff. ``"chebyshev 1"`` and
        ``"elliptic"`` have the ripple there, ``"chebyshev 2"`` the attenuation: they fall more steeply.
    order : int
        Order of the filter (dimensionless).
    ripple : float
        How much the passband may sag, in dB (``"chebyshev 1"``, ``"elliptic"``).
    attenuation : float
        How much the stopband takes away at least, in dB (``"chebyshev 2"``, ``"elliptic"``).

    Returns
    -------
    Waveform
        The filtered signal, on the same time axis, later by the delay of the filter. It starts as if the first sample
        had always been there.

    Raises
    ------
    TypeError
        The signal has no sample rate.
    ValueError
        A frequency is not between 0 and half of the sample rate, the band is empty, or there are no samples.

    Notes
    -----
    Reference: A. V. Oppenheim, R. W. Schafer, Discrete-Time Signal Processing, 3rd ed., sections 7.2 and 7.3.

    Examples
    --------
    >>> steady = Waveform(np.full(4, 2.0), dt=0.001)
    >>> dsp.iir(steady, kind="highpass", family="chebyshev 1").y.round(6) + 0.0
    array([0., 0., 0., 0.])
    """
    import numpy
    import scipy.signal

    wave = waveform(signal)
    y = numpy.asarray(wave.y, dtype=float)
    if y.shape[-1] == 0:
        raise ValueError("there are no samples to filter")
    edges = edges_of(kind, cutoff, upper)
    design = sections(family, order, edges, wave.rate, kind, ripple, attenuation)
    steady = scipy.signal.sosfilt_zi(design).reshape(len(design), *(1,) * (y.ndim - 1), 2)
    return wave.with_y(scipy.signal.sosfilt(design, y, zi=steady * y[..., :1])[0])


@node(
    title="FIR filter",
    tags=("firwin", "windowed sinc", "linear phase", "finite impulse response", "taps"),
    pure=True,
)
def fir(
    signal: Signal,
    cutoff: Hertz = 20.0,
    upper: Hertz = 100.0,
    kind: Kind = "lowpass",
    taps: Annotated[int, Range(3)] = 101,
    window: Literal["hamming", "hann", "blackman", "boxcar"] = "hamming",
) -> Signal:
    """Filter a whole signal by a windowed sinc, which delays all frequencies alike; the delay is taken off.

    Parameters
    ----------
    signal : Waveform
        The signal, shape (n,) or (channels, n).
    cutoff : float
        Frequency in Hz at which the amplitude falls to one half: the cutoff, or the lower edge of a band.
    upper : float
        Upper edge of a band in Hz; it does not matter for ``"lowpass"`` and ``"highpass"``.
    kind : str
        What passes: ``"lowpass"``, ``"highpass"``, ``"bandpass"``, or with ``"bandstop"`` what does not.
    taps : int
        Number of coefficients, odd: the more, the steeper. The step is about ``3.3 * rate / taps`` Hz wide.
    window : str
        Shape that the sinc is weighted with: ``"hamming"`` keeps 53 dB, ``"blackman"`` 74 dB, at a wider step.

    Returns
    -------
    Waveform
        The filtered signal, on the same time axis; the first and last ``taps / 2`` samples see the signal go on as its
        end stands.

    Raises
    ------
    TypeError
        The signal has no sample rate.
    ValueError
        A frequency is not between 0 and half of the sample rate, the band is empty, the number of coefficients is
        even, or there are no samples.

    Notes
    -----
    Reference: A. V. Oppenheim, R. W. Schafer, Discrete-Time Signal Processing, 3rd ed., section 7.5.

    Examples
    --------
    >>> steady = Waveform(np.full(4, 2.0), dt=0.001)
    >>> dsp.fir(steady, cutoff=50.0).y.round(6)
    array([2., 2., 2., 2.])
    """
    import scipy.ndimage
    import scipy.signal

    wave = waveform(signal)
    if len(wave) == 0:
        raise ValueError("there are no samples to filter")
    if taps < 3 or taps % 2 == 0:
        raise ValueError(f"{taps} coefficients have no one in the middle: set taps to an odd number from 3 on")
    edges = edges_of(kind, cutoff, upper, wave.rate)
    design = scipy.signal.firwin(taps, edges, window=window, pass_zero=kind, fs=wave.rate)
    return wave.with_y(scipy.ndimage.convolve1d(wave.y.astype(float), design, axis=-1, mode="nearest"))
