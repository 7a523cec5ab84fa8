"""Filters, spectra and measures of signals."""

from __future__ import annotations

from typing import Annotated, Any, Literal, NamedTuple

from flodesk.nodes._numbers import numbers
from flodesk.nodes._spectra import amplitudes
from flodesk.public import Array, Quantity, Range, Signal, Unit, Waveform, node

__all__ = ["Lowpass", "Tail", "butterworth", "peak", "resample", "rms", "spectrum"]

Hertz = Annotated[float, Unit("Hz"), Range(0.001)]
Order = Annotated[int, Range(1, 12)]
_PAST = 16384
"""How many input samples a stream's filter keeps for a new design."""


def _waveform(signal: Any, name: str) -> Waveform:
    """Return the signal if it knows its sample rate."""
    if not isinstance(signal, Waveform):
        raise TypeError(f"{name} is {type(signal).__name__} and has no sample rate: wire a signal (Waveform) to it")
    return signal


def _sections(order: int, cutoff: float, rate: float, kind: str) -> Array:
    """Design a Butterworth filter as second-order sections, shape (sections, 6)."""
    import scipy.signal

    if not 0.0 < cutoff < 0.5 * rate:
        raise ValueError(
            f"the cutoff {cutoff:g} Hz is not between 0 Hz and half of the sample rate ({0.5 * rate:g} Hz):"
            " change it, or the sample rate"
        )
    return scipy.signal.butter(order, cutoff, kind, fs=rate, output="sos")


class Lowpass:
    """Low-pass filter of a stream: a Butterworth filter that keeps its state from block to block.

    Parameters
    ----------
    order : int
        Order of the filter (dimensionless): above the cutoff it falls by 6 dB an octave and order.

    Notes
    -----
    Filtering a signal in blocks gives what filtering it in one piece does. The filter starts as if the first sample had
    always been there. After a new cutoff it goes on as if that had been set all along: the new filter is run over the
    last input samples (up to 16384), so that no state of the old filter shoots through the new one. A steady signal
    goes through without a jump.
    References: A. V. Oppenheim, R. W. Schafer, Discrete-Time Signal Processing, 3rd ed., sections 6.3 and 7.3;
    V. Välimäki, T. I. Laakso, Suppression of transients in variable recursive digital filters, IEEE Trans. Signal
    Processing 46 (1998) 3408, for the state from past inputs.
    """

    def __init__(self, order: Order = 4) -> None:
        self.order = order
        self._design: tuple[float, float] | None = None
        self._sections: Array = None
        self._state: Array = None
        self._past: list[Array] = []
        """The last input samples, a piece a block: what a new design is run over."""

    def __call__(self, signal: Signal, cutoff: Hertz = 20.0) -> Signal:
        """Filter the next block.

        Parameters
        ----------
        signal : Waveform
            The block, shape (n,) or (channels, n).
        cutoff : float
            Frequency in Hz at which the amplitude falls to 0.707; below half of the sample rate.

        Returns
        -------
        Waveform
            The filtered block, on the same time axis.

        Raises
        ------
        TypeError
            The signal has no sample rate.
        ValueError
            The cutoff is not between 0 and half of the sample rate.
        """
        import numpy
        import scipy.signal

        wave = _waveform(signal, "signal")
        y = numpy.asarray(wave.y, dtype=float)
        if y.shape[-1] == 0:
            return wave
        self._prepare(cutoff, wave.rate, y)
        filtered, self._state = scipy.signal.sosfilt(self._sections, y, zi=self._state)
        self._remember(y)
        return wave.with_y(filtered)

    def _prepare(self, cutoff: float, rate: float, y: Array) -> None:
        """Design the filter for a new cutoff, and find the state that it would have by now."""
        import numpy
        import scipy.signal

        other = self._design is None or self._design[1] != rate or self._past[-1].shape[:-1] != y.shape[:-1]
        if not other and self._design == (cutoff, rate):
            return
        self._sections = _sections(self.order, cutoff, rate, "lowpass")
        self._design = (cutoff, rate)
        if other:
            self._past.clear()
        past = numpy.concatenate(self._past, axis=-1)[..., -_PAST:] if self._past else y[..., :1]
        steady = scipy.signal.sosfilt_zi(self._sections)  # under a steady 1, shape (sections, 2)
        steady = steady.reshape(len(steady), *(1,) * (y.ndim - 1), 2)
        _, self._state = scipy.signal.sosfilt(self._sections, past, zi=steady * past[..., :1])

    def _remember(self, y: Array) -> None:
        self._past.append(y[..., -_PAST:].copy())
        kept = sum(piece.shape[-1] for piece in self._past)
        while kept - self._past[0].shape[-1] >= _PAST:
            kept -= self._past.pop(0).shape[-1]


@node(pure=True)
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
    """
    import scipy.signal

    wave = _waveform(signal, "signal")
    sections = _sections(order, cutoff, wave.rate, kind)
    needed = 3 * (2 * len(sections) + 1)
    if len(wave) <= needed:
        raise ValueError(f"{len(wave)} samples are too few for order {order}: give more than {needed}, or use Lowpass")
    return wave.with_y(scipy.signal.sosfiltfilt(sections, wave.y))


class Tail:
    """Keep the last seconds of one or more signals that come in blocks.

    Parameters
    ----------
    span : float
        How much to keep, in s.

    Raises
    ------
    ValueError
        The span is not above 0.
    """

    def __init__(self, span: Annotated[float, Unit("s"), Range(0.0)] = 1.0) -> None:
        if not span > 0.0:
            raise ValueError(f"the span is {span:g} s: it must be above 0 s")
        self.span = span
        self._kept: Waveform | None = None

    def __call__(self, *signals: Signal) -> Signal:
        """Take in the next block of each signal.

        Parameters
        ----------
        *signals : Waveform
            The blocks, each of shape (n,) or (channels, n), on one time axis.

        Returns
        -------
        Waveform
            The last samples: shape (m,) for one signal of one channel, else a row for each channel of each signal.
            It is shorter until the span has passed. A gap between two blocks, another sample rate or number of rows
            starts it afresh.

        Raises
        ------
        TypeError
            A signal has no sample rate.
        ValueError
            There is no signal, or their time axes differ.
        """
        import numpy

        if not signals:
            raise ValueError("there is no signal to keep: wire at least one to it")
        waves = [_waveform(signal, f"input {number}") for number, signal in enumerate(signals, 1)]
        first = waves[0]
        for other in waves[1:]:
            first.check_axis(other)
        block = first.y if len(waves) == 1 else numpy.vstack([wave.y for wave in waves])
        kept = self._kept
        if kept is not None and self._continues(kept, first, block):
            block = numpy.concatenate([kept.y, block], axis=-1)
        # the end is exact, and the start follows from it: no error adds up
        end = first.t0 + len(first) * first.dt
        size = max(1, round(self.span / first.dt))
        # a copy: a view would keep every block of the past alive
        block = block[..., -size:].copy()
        units = {wave.unit for wave in waves}
        unit = first.unit if len(units) == 1 else ""
        self._kept = Waveform(block, first.dt, end - block.shape[-1] * first.dt, unit)
        return self._kept

    @staticmethod
    def _continues(kept: Waveform, wave: Waveform, block: Array) -> bool:
        end = kept.t0 + len(kept) * kept.dt
        same = kept.dt == wave.dt and kept.y.shape[:-1] == block.shape[:-1]
        return same and abs(end - wave.t0) < 0.5 * wave.dt


class Spectrum(NamedTuple):
    """An amplitude spectrum.

    Attributes
    ----------
    frequency : Array
        Frequencies in Hz from 0, shape (m,); for a plain array in cycles per sample.
    amplitude : Array
        Amplitude of the sine at each, in the unit of the signal, shape (m,) or (channels, m).
    """

    frequency: Annotated[Array, Unit("Hz")]
    amplitude: Array


@node(tags=("fft", "fourier", "frequency", "amplitude"), pure=True)
def spectrum(
    signal: Signal,
    window: Literal["hann", "hamming", "blackman", "flattop", "boxcar"] = "hann",
    remove_mean: bool = True,
) -> Spectrum:
    """Find how strong each frequency is in a signal.

    Parameters
    ----------
    signal : Waveform or Array
        Samples, shape (n,) or (channels, n), two or more. For a plain array the sample distance is 1.
    window : str
        Window function that the signal is weighted with. The amplitudes are corrected for it: with each of them a sine
        of amplitude 3 gives a peak of height 3, if its frequency is one of the spectrum's.
    remove_mean : bool
        Take the mean off first, so that it does not leak into the low frequencies.

    Returns
    -------
    frequency : Array
        Frequencies from 0 to half of the sample rate in Hz; for a plain array in cycles per sample.
    amplitude : Array
        Amplitude at each, in the unit of the signal.

    Raises
    ------
    ValueError
        There are fewer than two samples.

    Notes
    -----
    Reference: G. Heinzel, A. Rüdiger, R. Schilling, Spectrum and spectral density estimation by the DFT, 2002,
    section 9 (amplitude spectrum).
    """
    import numpy

    y = numbers(signal, "signal")
    amplitude = amplitudes(y, window, remove_mean)
    dt = signal.dt if isinstance(signal, Waveform) else 1.0
    return Spectrum(numpy.fft.rfftfreq(y.shape[-1], dt), amplitude)


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
    """
    from fractions import Fraction

    import scipy.signal

    wave = _waveform(signal, "signal")
    if not rate > 0.0:
        raise ValueError(f"the new sample rate is {rate:g} Hz: it must be above 0 Hz")
    ratio = Fraction(rate / wave.rate).limit_denominator(1000)
    if ratio == 0 or abs(float(ratio) * wave.rate - rate) > 1e-6 * rate:
        raise ValueError(f"{wave.rate:g} Hz cannot be brought to {rate:g} Hz: choose rates in a ratio of whole numbers")
    y = scipy.signal.resample_poly(wave.y, ratio.numerator, ratio.denominator, axis=-1, padtype="line")
    return Waveform(y, 1.0 / rate, wave.t0, wave.unit)


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
    """
    import numpy

    y = numbers(signal, "signal")
    if y.size == 0:
        raise ValueError("there are no samples to measure")
    return float(numpy.sqrt(numpy.mean(numpy.square(y))))
