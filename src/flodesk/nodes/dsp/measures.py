"""Figures of a signal: its level, its peaks, how clean a sine is."""

from __future__ import annotations

from typing import Annotated, NamedTuple

from flodesk.nodes._numbers import numbers
from flodesk.nodes.dsp.inputs import one_channel, waveform
from flodesk.public import Array, Quantity, Range, Signal, Unit, Waveform, node


class Peak(NamedTuple):
    """The highest point of a curve.

    Attributes
    ----------
    x : float
        Where it is, in the unit of the horizontal axis.
    y : float
        How high it is, in the unit of the vertical axis.
    """

    x: float
    y: float


def _no_point(points: int, lower: float | None, upper: float | None) -> str:
    """Say why there is no highest point."""
    if not points:
        return "there are no points to search: x and y are empty"
    if lower is None and upper is None:
        return f"no point of the {points} has a finite height"
    span = f"below {upper:g}" if lower is None else f"above {lower:g}"
    if lower is not None and upper is not None:
        span = f"between {lower:g} and {upper:g}"
    return f"no point of the {points} is {span} and has a finite height: widen the limits"


@node(tags=("maximum", "peak frequency", "dominant"), pure=True)
def peak(x: Array, y: Array, lower: float | None = None, upper: float | None = None) -> Peak:
    """Find the highest point of a curve, such as the dominant frequency of a spectrum.

    Parameters
    ----------
    x, y : Array
        Points of the curve in any unit, each of shape (n,).
    lower, upper : float, optional
        Limits of the search, both included, in the unit of `x`; None for no limit.

    Returns
    -------
    x : float
        Where the highest point is, in the unit of `x`; the first if there are several.
    y : float
        How high it is, in the unit of `y`.

    Raises
    ------
    ValueError
        Lengths differ, or no point is within the limits.

    Examples
    --------
    >>> dsp.peak([1.0, 2.0, 3.0], [0.5, 4.0, 9.0], upper=2.5)
    Peak(x=2.0, y=4.0)
    """
    import numpy

    across, up = numbers(x, "x"), numbers(y, "y")
    if across.ndim != 1 or across.shape != up.shape:
        raise ValueError(f"x has the shape {across.shape} and y {up.shape}: both must have one axis of one length")
    inside = numpy.isfinite(up)
    if lower is not None:
        inside &= across >= lower
    if upper is not None:
        inside &= across <= upper
    if not inside.any():
        raise ValueError(_no_point(len(across), lower, upper))
    best = int(numpy.where(inside, up, -numpy.inf).argmax())
    return Peak(float(across[best]), float(up[best]))


@node(title="RMS", tags=("root mean square", "effective value", "power", "level"), pure=True)
def rms(signal: Quantity) -> float:
    """Measure the effective value of a signal.

    Parameters
    ----------
    signal : Waveform or Array
        Samples in any unit, at least one.

    Returns
    -------
    float
        Root of the mean of the squares, in the unit of the signal.

    Raises
    ------
    ValueError
        There are no samples.

    Examples
    --------
    >>> dsp.rms([3.0, -3.0, 3.0])
    3.0
    """
    import numpy

    y = numbers(signal, "signal")
    if y.size == 0:
        raise ValueError("there are no samples to measure")
    return float(numpy.sqrt(numpy.mean(numpy.square(y))))


class Peaks(NamedTuple):
    """The peaks of a curve.

    Attributes
    ----------
    x : Array
        Where they are, in s or in the unit of the horizontal axis, shape (m,).
    y : Array
        How high they are, in the unit of the signal, shape (m,).
    prominence : Array
        How far each rises above the lowest place on the way to a higher one, in the unit of the signal, shape (m,).
    width : Array
        Width at half of the prominence, in s or in the unit of the horizontal axis, shape (m,).
    """

    x: Array
    y: Array
    prominence: Array
    width: Array


@node(tags=("findpeaks", "find_peaks", "local maxima", "peak detector", "lines", "count peaks"), pure=True)
def peaks(
    signal: Signal,
    prominence: Annotated[float, Range(0.0)] = 0.1,
    height: float | None = None,
    distance: Annotated[float, Range(0.0)] = 0.0,
    start: float = 0.0,
    step: float = 1.0,
) -> Peaks:
    """Find all peaks of a signal, a spectrum or another curve.

    Parameters
    ----------
    signal : Waveform or Array
        Samples of one channel, shape (n,).
    prominence : float
        How far a peak must rise above the lowest place on the way to a higher one, in the unit of the signal.
    height : float, optional
        How high it must be, in the unit of the signal; None for no limit.
    distance : float
        How far apart two peaks must be, in s for a signal, else in the unit of `step`; the higher one stays.
    start, step : float
        For a plain array: where its first value is, and how far it is to the next, in the unit of the axis.

    Returns
    -------
    x : Array
        Where they are, in s (in the unit of `step` for an array), shape (m,).
    y : Array
        How high they are, in the unit of the signal, shape (m,).
    prominence : Array
        How far each rises, in the unit of the signal, shape (m,).
    width : Array
        Width at half of the prominence, in s or in the unit of `step`, shape (m,).

    Raises
    ------
    ValueError
        There are no samples, several channels, or the step is not above 0.

    Examples
    --------
    >>> dsp.peaks([0.0, 2.0, 1.0, 1.5, 0.0, 5.0, 0.0], prominence=1.0).x
    array([1., 5.])
    """
    import numpy
    import scipy.signal

    y = one_channel(signal)
    if isinstance(signal, Waveform):
        start, step = signal.t0, signal.dt
    if not step > 0.0:
        raise ValueError(f"the step is {step:g}: it must be above 0")
    apart = max(1, int(numpy.ceil(distance / step - 1e-9)))
    places, about = scipy.signal.find_peaks(y, height=height, distance=apart, prominence=prominence)
    width = scipy.signal.peak_widths(y, places, rel_height=0.5)[0]
    return Peaks(start + places * step, y[places], about["prominences"], width * step)


class Distortion(NamedTuple):
    """How clean a sine is.

    Attributes
    ----------
    frequency : float
        Frequency of the sine, in Hz.
    amplitude : float
        Its amplitude, in the unit of the signal.
    thd, snr, sinad : float
        Ratios in dB.
    enob : float
        Effective number of bits (dimensionless).
    """

    frequency: Annotated[float, Unit("Hz")]
    amplitude: float
    thd: Annotated[float, Unit("dB")]
    snr: Annotated[float, Unit("dB")]
    sinad: Annotated[float, Unit("dB")]
    enob: float


@node(tags=("THD", "SNR", "SINAD", "ENOB", "harmonics", "ADC test", "audio", "noise"), pure=True)
def distortion(signal: Signal, harmonics: Annotated[int, Range(2, 50)] = 10) -> Distortion:
    """Measure how clean a sine is: its harmonics, its noise, and the bits that a converter really has.

    Parameters
    ----------
    signal : Waveform
        The sine, shape (n,), 256 samples or more and better many more, of 20 periods or more.
    harmonics : int
        Up to which harmonic distortion is counted (dimensionless); the rest is noise.

    Returns
    -------
    frequency : float
        Frequency of the sine, in Hz.
    amplitude : float
        Its amplitude, in the unit of the signal.
    thd : float
        Harmonics over the sine, in dB: the lower, the cleaner.
    snr : float
        The sine over the noise, in dB.
    sinad : float
        The sine over noise and harmonics, in dB.
    enob : float
        Effective number of bits (dimensionless), as if the sine filled the range of the converter.

    Raises
    ------
    TypeError
        The signal has no sample rate.
    ValueError
        There are too few samples or periods, or the signal is constant.

    Notes
    -----
    The powers under the lines of a spectrum with a window of Blackman and Harris (side lobes of -92 dB); harmonics past
    half of the sample rate are looked for where they fold back. ``enob = (sinad - 1.76) / 6.02``. Reference: IEEE Std
    1241-2010, clauses 8.4 and 9.

    Examples
    --------
    >>> clean = source.sine(0, 50.0, samples=4000) + 0.01 * source.sine(0, 100.0, samples=4000)
    >>> round(dsp.distortion(clean).thd, 3)
    -40.0
    """
    import numpy
    import scipy.signal

    wave = waveform(signal)
    y = one_channel(wave, least=256)
    shape = scipy.signal.get_window("blackmanharris", len(y))
    power = numpy.abs(numpy.fft.rfft((y - y.mean()) * shape)) ** 2
    power *= 2.0 / (len(y) * numpy.sum(shape**2))  # the sum under a line is the mean square of its sine
    taken = numpy.zeros(len(power), dtype=bool)
    taken[:_LOBE] = True
    line = int(power[1:].argmax()) + 1
    if not power[line] > 0.0 or line < 20:
        raise ValueError("there is no sine of 20 periods or more: give a longer stretch, or one that is not constant")
    first = slice(line - _LOBE, line + _LOBE + 1)
    exact = float(numpy.average(numpy.arange(len(power))[first], weights=power[first]))
    sine = float(power[first].sum())
    taken[first] = True
    distorted = 0.0
    for number in range(2, harmonics + 1):
        place = round(abs((number * exact + len(y) / 2) % len(y) - len(y) / 2))
        lobe = slice(max(place - _LOBE, 0), place + _LOBE + 1)
        distorted += float(power[lobe][~taken[lobe]].sum())
        taken[lobe] = True
    # the noise under the lines is taken to be as that beside them
    free = max(int((~taken).sum()), 1)
    noise = float(power[~taken].sum()) * len(power) / free

    def decibels(above: float, below: float) -> float:
        return float(10.0 * numpy.log10(above / below)) if below > 0.0 and above > 0.0 else float("inf")

    sinad = decibels(sine, noise + distorted)
    thd = -decibels(sine, distorted)
    amplitude = float(numpy.sqrt(2.0 * sine))
    return Distortion(exact * wave.rate / len(y), amplitude, thd, decibels(sine, noise), sinad, (sinad - 1.76) / 6.02)


_LOBE = 5
"""How many lines of the spectrum to either side belong to a sine: the main lobe of the window has four."""
