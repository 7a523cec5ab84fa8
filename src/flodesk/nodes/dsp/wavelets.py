"""Wavelets: parts of a signal by scale and time. They need the package PyWavelets."""

from __future__ import annotations

from typing import Annotated, Any, Literal, NamedTuple

from flodesk.nodes.dsp.inputs import Hertz, like, one_channel, samples, waveform
from flodesk.public import Array, Range, Signal, Unit, node

Wavelet = Literal["haar", "db2", "db4", "db8", "sym4", "sym8", "coif2", "bior2.2"]


def _package() -> Any:
    try:
        import pywt
    except ImportError as error:
        raise ImportError(
            "wavelets need the package PyWavelets, which is missing: install flodesk[wavelets]"
        ) from error
    return pywt


@node(tags=("noise reduction", "denoise", "wdenoise", "shrinkage", "threshold", "smooth"), pure=True)
def wavelet_denoise(
    signal: Signal,
    wavelet: Wavelet = "sym8",
    levels: Annotated[int, Range(0, 20)] = 0,
    kind: Literal["soft", "hard"] = "soft",
) -> Signal:
    """Take white noise off a signal and keep its edges, by leaving out its small wavelet parts.

    Parameters
    ----------
    signal : Waveform or Array
        Samples, shape (n,) or (channels, n), 16 or more.
    wavelet : str
        The wavelet: ``"haar"`` for steps, ``"sym8"`` or ``"db8"`` for smooth signals.
    levels : int
        Number of scales, each twice as long as the one before; 0 for as many as the length allows.
    kind : str
        ``"soft"`` makes the parts that stay smaller by the threshold, ``"hard"`` leaves them as they are.

    Returns
    -------
    Waveform or Array
        The signal without its noise, in the same unit.

    Raises
    ------
    ImportError
        The package PyWavelets is missing.
    ValueError
        There are too few samples, or more levels than they allow.

    Notes
    -----
    The universal threshold, with the noise told from the median of the finest scale. Reference: D. L. Donoho,
    I. M. Johnstone, Ideal spatial adaptation by wavelet shrinkage, Biometrika 81 (1994) 425.

    Examples
    --------
    >>> dsp.wavelet_denoise(np.full(16, 3.0), "haar").round(6)[:4]
    array([3., 3., 3., 3.])
    """
    import numpy

    pywt = _package()
    y = samples(signal, least=16)
    most = max(1, pywt.dwt_max_level(y.shape[-1], wavelet))
    if levels > most:
        raise ValueError(f"{y.shape[-1]} samples allow {most} levels of {wavelet}, not {levels}: set 0 for as many")
    coarse, *fine = pywt.wavedec(y, wavelet, mode="symmetric", level=levels or most, axis=-1)
    noise = numpy.median(numpy.abs(fine[-1]), axis=-1, keepdims=True) / 0.6745  # of a normal distribution
    limit = noise * numpy.sqrt(2.0 * numpy.log(y.shape[-1]))
    parts = [coarse]
    for part in fine:
        size = numpy.abs(part)
        kept = numpy.sign(part) * (size - limit) if kind == "soft" else part
        parts.append(numpy.where(size > limit, kept, 0.0))
    return like(signal, pywt.waverec(parts, wavelet, mode="symmetric", axis=-1)[..., : y.shape[-1]])


class WaveletParts(NamedTuple):
    """One step of a wavelet transform.

    Attributes
    ----------
    approximation : Array
        The slow half, in the unit of the signal, shape (m,) or (channels, m).
    detail : Array
        The fast half, in the unit of the signal, of the same shape.
    """

    approximation: Array
    detail: Array


@node(tags=("DWT", "discrete wavelet transform", "wavedec", "filter bank", "multiresolution"), pure=True)
def wavelet_split(signal: Signal, wavelet: Wavelet = "db4") -> WaveletParts:
    """Split a signal into its slow and its fast half by a wavelet; split the slow one again for the next scale.

    Parameters
    ----------
    signal : Waveform or Array
        Samples, shape (n,) or (channels, n), two or more.
    wavelet : str
        The wavelet.

    Returns
    -------
    approximation : Array
        The slow half, in the unit of the signal, shape (m,) or (channels, m), m about n / 2.
    detail : Array
        The fast half, in the unit of the signal, of the same shape.

    Raises
    ------
    ImportError
        The package PyWavelets is missing.
    ValueError
        There are fewer than two samples.

    Notes
    -----
    Reference: S. Mallat, A theory for multiresolution signal decomposition, IEEE Trans. Pattern Analysis 11 (1989) 674.

    Examples
    --------
    >>> dsp.wavelet_split([1.0, 1.0, 4.0, 4.0], "haar").detail.round(6) + 0.0
    array([0., 0.])
    """
    return WaveletParts(*_package().dwt(samples(signal, least=2), wavelet, mode="symmetric", axis=-1))


@node(tags=("inverse DWT", "IDWT", "waverec", "reconstruct"), pure=True)
def wavelet_join(approximation: Array, detail: Array, wavelet: Wavelet = "db4") -> Array:
    """Put the slow and the fast half of `wavelet_split` together again.

    Parameters
    ----------
    approximation, detail : Array
        Both halves, in one unit, each of shape (m,) or (channels, m).
    wavelet : str
        The wavelet that they were split by.

    Returns
    -------
    Array
        The samples, shape (n,) or (channels, n); one more where n was odd.

    Raises
    ------
    ImportError
        The package PyWavelets is missing.
    ValueError
        The halves differ in shape.

    Examples
    --------
    >>> slow, fast = dsp.wavelet_split([1.0, 2.0, 5.0, 4.0], "haar")
    >>> dsp.wavelet_join(slow, fast, "haar").round(6)
    array([1., 2., 5., 4.])
    """
    slow, fast = samples(approximation, "approximation"), samples(detail, "detail")
    if slow.shape != fast.shape:
        raise ValueError(f"the halves have the shapes {slow.shape} and {fast.shape}: take both of one split")
    return _package().idwt(slow, fast, wavelet, mode="symmetric", axis=-1)


class Scalogram(NamedTuple):
    """A continuous wavelet transform.

    Attributes
    ----------
    frequency : Array
        Frequencies in Hz, rising, shape (m,).
    time : Array
        Times in s, shape (n,).
    magnitude : Array
        Magnitude at each, in the unit of the signal, shape (m, n).
    """

    frequency: Annotated[Array, Unit("Hz")]
    time: Annotated[Array, Unit("s")]
    magnitude: Array


@node(tags=("CWT", "continuous wavelet transform", "Morlet", "time-frequency", "spectrogram"), pure=True)
def scalogram(
    signal: Signal, lower: Hertz = 5.0, upper: Hertz = 200.0, number: Annotated[int, Range(2, 500)] = 40
) -> Scalogram:
    """Find how strong each frequency is at each time, with fine times for high frequencies, by a Morlet wavelet.

    Parameters
    ----------
    signal : Waveform
        The signal, shape (n,), two samples or more, without its mean.
    lower, upper : float
        First and last frequency in Hz; below half of the sample rate.
    number : int
        Number of frequencies, evenly spaced in octaves.

    Returns
    -------
    frequency : Array
        Frequencies in Hz, rising, shape (number,).
    time : Array
        Times in s, shape (n,).
    magnitude : Array
        Magnitude at each, shape (number, n), such that a long sine gives its amplitude, in the unit of the signal.

    Raises
    ------
    ImportError
        The package PyWavelets is missing.
    TypeError
        The signal has no sample rate.
    ValueError
        The frequencies do not rise or are not below half of the sample rate, or there are too few samples.

    Notes
    -----
    The complex Morlet wavelet with bandwidth 1.5 and centre 1.0. Reference: C. Torrence, G. P. Compo, A practical guide
    to wavelet analysis, Bull. Amer. Meteor. Soc. 79 (1998) 61.

    Examples
    --------
    >>> found = dsp.scalogram(source.sine(0, 50.0, samples=1000), lower=10.0, upper=250.0, number=3)
    >>> found.frequency.round(3), int(found.magnitude[:, 500].argmax())
    (array([ 10.,  50., 250.]), 1)
    """
    import numpy

    wave = waveform(signal)
    y = one_channel(wave, least=2)
    if not 0.0 < lower < upper < 0.5 * wave.rate:
        raise ValueError(
            f"from {lower:g} Hz to {upper:g} Hz is no span between 0 Hz and half of the sample rate"
            f" ({0.5 * wave.rate:g} Hz): change it"
        )
    frequency = numpy.geomspace(lower, upper, number)
    # the wavelet has unit energy, so that a sine comes back with the root of its scale; and it is averaged over each
    # sample, which takes from it what a box of that width takes
    scales = wave.rate / frequency
    found, _ = _package().cwt(y, scales, "cmor1.5-1.0", sampling_period=wave.dt, method="fft")
    gain = 0.5 * numpy.sqrt(scales) * numpy.sinc(1.0 / scales)
    return Scalogram(frequency, wave.time, numpy.abs(found) / gain[:, None])
