"""Spectra by averaged stretches: densities, spectrograms, and what two signals have in common."""

from __future__ import annotations

from typing import Annotated, Any, Literal, NamedTuple

from flodesk.nodes.dsp.inputs import pair, samples, step_of
from flodesk.public import Array, Range, Signal, Unit, Waveform, node

Shape = Literal["hann", "hamming", "blackman", "flattop", "boxcar"]
Size = Annotated[int, Range(8)]
Overlap = Annotated[float, Range(0.0, 0.95)]


def _stretches(signal: Any, count: int, size: int, overlap: float, window: str) -> dict[str, Any]:
    """Return what SciPy's functions of stretches take; a signal that is shorter is one stretch."""
    if size < 2 or not 0.0 <= overlap < 1.0:
        raise ValueError(
            f"stretches of {size} samples with an overlap of {overlap:g}: 2 or more, and from 0 to below 1"
        )
    length = min(size, count)
    return {"fs": 1.0 / step_of(signal), "window": window, "nperseg": length, "noverlap": int(overlap * length)}


class Density(NamedTuple):
    """A power spectral density.

    Attributes
    ----------
    frequency : Array
        Frequencies in Hz from 0, shape (m,); for a plain array in cycles per sample.
    density : Array
        Power a Hz, in the square of the unit of the signal over Hz, shape (m,) or (channels, m).
    """

    frequency: Annotated[Array, Unit("Hz")]
    density: Array


@node(tags=("PSD", "Welch", "pwelch", "noise density", "power spectrum", "periodogram"), pure=True)
def power_spectral_density(signal: Signal, size: Size = 256, overlap: Overlap = 0.5, window: Shape = "hann") -> Density:
    """Find how the power of a signal spreads over the frequencies, averaged over stretches by Welch's method.

    Parameters
    ----------
    signal : Waveform or Array
        Samples, shape (n,) or (channels, n), two or more. For a plain array the sample distance is 1.
    size : int
        Number of samples of a stretch: the more, the finer the frequencies, and the fewer are averaged.
    overlap : float
        Share of a stretch that the next one takes in, from 0 to below 1 (dimensionless).
    window : str
        Window function that each stretch is weighted with, corrected for.

    Returns
    -------
    frequency : Array
        Frequencies in Hz, shape (m,); for a plain array in cycles per sample.
    density : Array
        Power a Hz, in the square of the unit of the signal over Hz, shape (m,) or (channels, m). Its integral over the
        frequencies is the mean square of the signal without its mean.

    Raises
    ------
    ValueError
        There are fewer than two samples, or the stretches are none.

    Notes
    -----
    Reference: P. D. Welch, The use of fast Fourier transform for the estimation of power spectra, IEEE Trans. Audio
    Electroacoustics 15 (1967) 70.

    Examples
    --------
    >>> found = dsp.power_spectral_density(source.sine(0, 50.0, samples=1000), size=200)
    >>> dsp.peak(found.frequency, found.density).x
    50.0
    """
    import scipy.signal

    y = samples(signal, least=2)
    how = _stretches(signal, y.shape[-1], size, overlap, window)
    return Density(*scipy.signal.welch(y, **how, detrend="constant", axis=-1))


class Spectrogram(NamedTuple):
    """Spectra one after the other.

    Attributes
    ----------
    frequency : Array
        Frequencies in Hz from 0, shape (m,).
    time : Array
        Middle of each stretch in s, shape (k,).
    amplitude : Array
        Amplitude of the sine at each, in the unit of the signal, shape (m, k): a row for each frequency.
    """

    frequency: Annotated[Array, Unit("Hz")]
    time: Annotated[Array, Unit("s")]
    amplitude: Array


@node(tags=("time-frequency", "waterfall", "sonogram", "STFT", "short-time spectrum"), pure=True)
def spectrogram(signal: Signal, size: Size = 128, overlap: Overlap = 0.5, window: Shape = "hann") -> Spectrogram:
    """Find how strong each frequency is at each time.

    Parameters
    ----------
    signal : Waveform or Array
        Samples of one channel, shape (n,), two or more. For a plain array the sample distance is 1.
    size : int
        Number of samples of a stretch: the more, the finer the frequencies, and the coarser the times.
    overlap : float
        Share of a stretch that the next one takes in, from 0 to below 1 (dimensionless).
    window : str
        Window function that each stretch is weighted with; the amplitudes are corrected for it.

    Returns
    -------
    frequency : Array
        Frequencies in Hz, shape (m,).
    time : Array
        Middle of each stretch in s, shape (k,).
    amplitude : Array
        Amplitude of the sine at each, in the unit of the signal, shape (m, k): what *Heat* shows.

    Raises
    ------
    ValueError
        There are fewer than two samples, several channels, or the stretches are none.

    Notes
    -----
    Reference: A. V. Oppenheim, R. W. Schafer, Discrete-Time Signal Processing, 3rd ed., section 10.3.

    Examples
    --------
    >>> dsp.spectrogram(source.sine(0, 50.0, samples=1000), size=100).amplitude.shape
    (51, 19)
    """
    import numpy
    import scipy.signal

    y = _one(signal)
    how = _stretches(signal, len(y), size, overlap, window)
    frequency, time, power = scipy.signal.spectrogram(y, **how, detrend=False, scaling="spectrum", mode="psd")
    # one-sided power counts each sine once: its amplitude squared is twice that, but at 0 Hz and half of the rate
    factor = numpy.full((len(frequency), 1), 2.0)
    factor[0] = 1.0
    if how["nperseg"] % 2 == 0:
        factor[-1] = 1.0
    start = signal.t0 if isinstance(signal, Waveform) else 0.0
    return Spectrogram(frequency, start + time, numpy.sqrt(power * factor))


class ShortTime(NamedTuple):
    """A short-time Fourier transform.

    Attributes
    ----------
    frequency : Array
        Frequencies in Hz from 0, shape (m,).
    time : Array
        Middle of each stretch in s, shape (k,).
    values : Array
        Complex amplitude at each, in the unit of the signal, shape (m, k).
    """

    frequency: Annotated[Array, Unit("Hz")]
    time: Annotated[Array, Unit("s")]
    values: Array


@node(title="STFT", tags=("short-time Fourier transform", "time-frequency", "spectrogram"), pure=True)
def stft(signal: Signal, size: Size = 128, overlap: Overlap = 0.5) -> ShortTime:
    """Split a signal into complex amplitudes by time and frequency, from which `istft` makes it again.

    Parameters
    ----------
    signal : Waveform or Array
        Samples of one channel, shape (n,), at least `size`. For a plain array the sample distance is 1.
    size : int
        Number of samples of a stretch, weighted with a Hann window.
    overlap : float
        Share of a stretch that the next one takes in, 0.5 or more (dimensionless).

    Returns
    -------
    frequency : Array
        Frequencies in Hz, shape (m,).
    time : Array
        Middle of each stretch in s, shape (k,).
    values : Array
        Complex amplitude at each, in the unit of the signal, shape (m, k).

    Raises
    ------
    ValueError
        There are too few samples, several channels, or the overlap is below one half.

    Notes
    -----
    Reference: D. W. Griffin, J. S. Lim, Signal estimation from modified short-time Fourier transform, IEEE Trans.
    Acoust. Speech Signal Processing 32 (1984) 236.

    Examples
    --------
    >>> found = dsp.stft(source.sine(0, samples=200), size=40)
    >>> found.values.shape
    (21, 11)
    """
    import scipy.signal

    y = _one(signal, size)
    frequency, time, values = scipy.signal.stft(y, **_invertible(1.0 / step_of(signal), size, overlap))
    start = signal.t0 if isinstance(signal, Waveform) else 0.0
    return ShortTime(frequency, start + time, values)


@node(title="Inverse STFT", tags=("inverse short-time Fourier transform", "synthesis", "overlap-add"), pure=True)
def istft(
    values: Array,
    rate: Annotated[float, Unit("Hz"), Range(0.001)] = 1000.0,
    size: Size = 128,
    overlap: Overlap = 0.5,
    unit: str = "",
) -> Signal:
    """Make a signal of what `stft` gives, changed or not.

    Parameters
    ----------
    values : Array
        Complex amplitudes, shape (size / 2 + 1, k).
    rate : float
        Sample rate in Hz.
    size, overlap : float
        As they were for `stft` (number of samples, and share from 0.5 on).
    unit : str
        Unit of the signal.

    Returns
    -------
    Waveform
        The signal from 0 s on, shape (n,); its end may be filled up with zeros to a whole stretch.

    Raises
    ------
    ValueError
        The shape does not fit the size, or the overlap is below one half.

    Examples
    --------
    >>> wave = source.sine(0, samples=200)
    >>> again = dsp.istft(dsp.stft(wave, size=40).values, size=40)
    >>> bool(np.allclose(again.y, wave.y))
    True
    """
    import numpy
    import scipy.signal

    known = numpy.asarray(values)
    if known.ndim != 2 or len(known) != size // 2 + 1:
        raise ValueError(f"values have the shape {known.shape}, and {size // 2 + 1} rows are needed for size {size}")
    _, y = scipy.signal.istft(known, **_invertible(rate, size, overlap))
    return Waveform(y, 1.0 / rate, 0.0, unit)


class CrossSpectrum(NamedTuple):
    """What two signals have in common, by frequency.

    Attributes
    ----------
    frequency : Array
        Frequencies in Hz, shape (m,).
    coherence : Array
        Share of the power that is common, from 0 to 1 (dimensionless), shape (m,).
    magnitude : Array
        Cross power density, in the product of both units over Hz, shape (m,).
    phase : Array
        Phase of the second signal against the first in rad, shape (m,).
    """

    frequency: Annotated[Array, Unit("Hz")]
    coherence: Array
    magnitude: Array
    phase: Annotated[Array, Unit("rad")]


@node(tags=("coherence", "CSD", "cross power", "mscohere", "cpsd", "common"), pure=True)
def cross_spectrum(
    first: Signal, second: Signal, size: Size = 256, overlap: Overlap = 0.5, window: Shape = "hann"
) -> CrossSpectrum:
    """Find what two signals have in common at each frequency: coherence, cross power and phase.

    Parameters
    ----------
    first, second : Waveform or Array
        Samples of one channel on one time axis, each of shape (n,), of two stretches or more.
    size : int
        Number of samples of a stretch.
    overlap : float
        Share of a stretch that the next one takes in, from 0 to below 1 (dimensionless).
    window : str
        Window function that each stretch is weighted with.

    Returns
    -------
    frequency : Array
        Frequencies in Hz, shape (m,).
    coherence : Array
        Share of the power that is common, from 0 to 1 (dimensionless), shape (m,).
    magnitude : Array
        Cross power density, in the product of both units over Hz, shape (m,).
    phase : Array
        Phase of the second signal against the first in rad, shape (m,).

    Raises
    ------
    ValueError
        The signals do not fit each other, or are shorter than two stretches: one alone is always coherent.

    Notes
    -----
    Reference: J. S. Bendat, A. G. Piersol, Random Data, 4th ed., sections 5.2 and 9.2.

    Examples
    --------
    >>> noise = source.noise(0, samples=2000)
    >>> found = dsp.cross_spectrum(noise, 2.0 * noise)
    >>> bool(np.allclose(found.coherence, 1.0))
    True
    """
    import numpy
    import scipy.signal

    x, y, dt = pair(first, second, ("first", "second"), 2 * size)
    how = _stretches(Waveform(x, dt), len(x), size, overlap, window)
    frequency, cross = scipy.signal.csd(x, y, **how)
    both = scipy.signal.welch(x, **how)[1] * scipy.signal.welch(y, **how)[1]
    coherence = numpy.divide(numpy.abs(cross) ** 2, both, out=numpy.zeros_like(both), where=both > 0.0)
    return CrossSpectrum(frequency, coherence, numpy.abs(cross), numpy.angle(cross))


class Response(NamedTuple):
    """The frequency response of a system.

    Attributes
    ----------
    frequency : Array
        Frequencies in Hz, shape (m,).
    gain : Array
        Magnitude, in the unit of the output over that of the input, shape (m,).
    phase : Array
        Phase in rad, shape (m,).
    coherence : Array
        Share of the output's power that the input explains, from 0 to 1 (dimensionless), shape (m,).
    """

    frequency: Annotated[Array, Unit("Hz")]
    gain: Array
    phase: Annotated[Array, Unit("rad")]
    coherence: Array


@node(tags=("transfer function", "FRF", "H1", "tfestimate", "Bode", "system identification", "network"), pure=True)
def frequency_response(
    stimulus: Signal, response: Signal, size: Size = 256, overlap: Overlap = 0.5, window: Shape = "hann"
) -> Response:
    """Measure the frequency response of a system from what goes in and what comes out.

    Parameters
    ----------
    stimulus, response : Waveform or Array
        What went in and what came out, of one channel on one time axis, each of shape (n,), of two stretches or more.
        What goes in must hold the frequencies: noise or a chirp.
    size : int
        Number of samples of a stretch; longer than what the system rings.
    overlap : float
        Share of a stretch that the next one takes in, from 0 to below 1 (dimensionless).
    window : str
        Window function that each stretch is weighted with.

    Returns
    -------
    frequency : Array
        Frequencies in Hz, shape (m,).
    gain : Array
        Magnitude, in the unit of the output over that of the input, shape (m,); NaN where nothing went in.
    phase : Array
        Phase in rad, shape (m,).
    coherence : Array
        Share of the output's power that the input explains, from 0 to 1 (dimensionless), shape (m,): where it is well
        below 1, do not trust the gain.

    Raises
    ------
    ValueError
        The signals do not fit each other, or are shorter than two stretches.

    Notes
    -----
    The estimate H1, which noise at the output does not shift. Reference: J. S. Bendat, A. G. Piersol, Random Data,
    4th ed., section 6.1.4.

    Examples
    --------
    >>> noise = source.noise(0, samples=2000)
    >>> dsp.frequency_response(noise, 3.0 * noise).gain[:3].round(6)
    array([3., 3., 3.])
    """
    import numpy
    import scipy.signal

    common = cross_spectrum(stimulus, response, size, overlap, window)
    x, _, dt = pair(stimulus, response, ("stimulus", "response"), 2 * size)
    power = scipy.signal.welch(x, **_stretches(Waveform(x, dt), len(x), size, overlap, window))[1]
    gain = numpy.divide(common.magnitude, power, out=numpy.full_like(power, numpy.nan), where=power > 0.0)
    return Response(common.frequency, gain, common.phase, common.coherence)


def _one(signal: Any, least: int = 2) -> Array:
    y = samples(signal, least=least)
    if y.ndim != 1:
        raise ValueError(f"signal has the shape {y.shape}: take one channel of it, as a signal of shape (n,)")
    return y


def _invertible(rate: float, size: int, overlap: float) -> dict[str, Any]:
    if not 0.5 <= overlap < 1.0:
        raise ValueError(f"the overlap is {overlap:g}: from 0.5 to below 1 every sample is seen, and comes back")
    return {"fs": rate, "window": "hann", "nperseg": size, "noverlap": int(overlap * size)}
