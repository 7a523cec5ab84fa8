"""Fits of peaks, steps and oscillations."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, NamedTuple

from flodesk.nodes._numbers import numbers
from flodesk.nodes.fit.least_squares import Solution, nonlinear, points, whole
from flodesk.public import Array, Range, Signal, Unit, Waveform, node


class PeakFit(NamedTuple):
    """A peak with its errors."""

    height: float
    center: float
    width: float
    offset: float
    errors: Array
    fitted: Array
    lower: Array
    upper: Array
    residuals: Array
    r_squared: float


def _peak(x: Array, y: Array, model: Callable[[Array, Array], Array], factor: float) -> Solution:
    """Fit ``model(x, (height, center, width, offset))``, a peak or dip; at half height it is `factor` widths wide."""
    import numpy

    across, up = points(x, y)
    _, at, value = whole(across, up, 4)
    order = numpy.argsort(at)
    at, value = at[order], value[order]
    base = float(numpy.median(value))
    # the ends of the curve say whether it is a peak or a dip
    ends = float(0.5 * (value[: max(1, len(value) // 10)].mean() + value[-max(1, len(value) // 10) :].mean()))
    up_or_down = 1.0 if value.max() - ends >= ends - value.min() else -1.0
    base = ends if up_or_down * (base - ends) > 0.25 * numpy.ptp(value) else base
    best = int((up_or_down * value).argmax())
    height = float(value[best] - base)
    above = up_or_down * (value - base) > 0.5 * abs(height)
    left, right = best, best
    while left > 0 and above[left - 1]:
        left -= 1
    while right < len(at) - 1 and above[right + 1]:
        right += 1
    span = float(numpy.ptp(at))
    if span == 0.0:
        raise ValueError("all points are at one x: a peak needs several")
    width = max(float(at[right] - at[left]), span / len(at)) / factor
    limits = (
        [-numpy.inf, float(at[0]) - span, 1e-9 * span, -numpy.inf],
        [numpy.inf, float(at[-1]) + span, 100.0 * span, numpy.inf],
    )
    return nonlinear(model, across, up, [height, float(at[best]), width, base], limits)


@node(title="Gaussian", tags=("peak", "normal", "bell", "spectral line", "fwhm", "sigma"), pure=True)
def gaussian(x: Array, y: Array) -> PeakFit:
    """Fit a Gaussian peak or dip: ``height * exp(-(x - center)² / (2 * width²)) + offset``.

    Parameters
    ----------
    x, y : Array
        Points in any units, each of shape (n,), five or more; pairs with a NaN are left out.

    Returns
    -------
    height : float
        Height over the offset, in the unit of `y`; below 0 for a dip.
    center : float
        Place of the peak, in the unit of `x`.
    width : float
        Standard deviation, in the unit of `x`; the full width at half height is 2.3548 of it.
    offset : float
        What the peak stands on, in the unit of `y`.
    errors : Array
        Standard error of each parameter, in its unit and in the order of these outputs, shape (4,).
    fitted : Array
        The curve at each `x`, in the unit of `y`, shape (n,).
    lower, upper : Array
        Its 95 % confidence band, in the unit of `y`, shape (n,).
    residuals : Array
        `y` less the curve, shape (n,).
    r_squared : float
        Share of the scatter of `y` that the curve explains, up to 1 (dimensionless).

    Raises
    ------
    ValueError
        Lengths differ, the points are too few, or the search does not end.

    Examples
    --------
    >>> x = np.linspace(-5.0, 5.0, 41)
    >>> found = fit.gaussian(x, 3.0 * np.exp(-((x - 1.0) ** 2) / 2.0) + 0.5)
    >>> round(found.height, 6), round(found.center, 6), round(found.width, 6)
    (3.0, 1.0, 1.0)
    """
    import numpy

    found = _peak(x, y, lambda at, p: p[0] * numpy.exp(-0.5 * ((at - p[1]) / p[2]) ** 2) + p[3], 2.3548)
    return PeakFit._make([*found.values.tolist(), *found.curve])


@node(title="Lorentzian", tags=("peak", "cauchy", "resonance", "spectral line", "breit wigner", "fwhm"), pure=True)
def lorentzian(x: Array, y: Array) -> PeakFit:
    """Fit a Lorentzian peak or dip: ``height / (1 + ((x - center) / width)²) + offset``.

    Parameters
    ----------
    x, y : Array
        Points in any units, each of shape (n,), five or more; pairs with a NaN are left out.

    Returns
    -------
    height : float
        Height over the offset, in the unit of `y`; below 0 for a dip.
    center : float
        Place of the peak, in the unit of `x`.
    width : float
        Half width at half height, in the unit of `x`.
    offset : float
        What the peak stands on, in the unit of `y`.
    errors : Array
        Standard error of each parameter, in its unit and in the order of these outputs, shape (4,).
    fitted : Array
        The curve at each `x`, in the unit of `y`, shape (n,).
    lower, upper : Array
        Its 95 % confidence band, in the unit of `y`, shape (n,).
    residuals : Array
        `y` less the curve, shape (n,).
    r_squared : float
        Share of the scatter of `y` that the curve explains, up to 1 (dimensionless).

    Raises
    ------
    ValueError
        Lengths differ, the points are too few, or the search does not end.

    Examples
    --------
    >>> x = np.linspace(-5.0, 5.0, 41)
    >>> found = fit.lorentzian(x, 3.0 / (1.0 + (x - 1.0) ** 2) + 0.5)
    >>> round(found.height, 6), round(found.center, 6), round(found.width, 6)
    (3.0, 1.0, 1.0)
    """
    found = _peak(x, y, lambda at, p: p[0] / (1.0 + ((at - p[1]) / p[2]) ** 2) + p[3], 2.0)
    return PeakFit._make([*found.values.tolist(), *found.curve])


class LogisticFit(NamedTuple):
    """A logistic curve with its errors."""

    bottom: float
    top: float
    middle: float
    width: float
    errors: Array
    fitted: Array
    lower: Array
    upper: Array
    residuals: Array
    r_squared: float


@node(title="Logistic", tags=("sigmoid", "s-curve", "dose response", "4pl", "saturation", "growth", "step"), pure=True)
def logistic(x: Array, y: Array) -> LogisticFit:
    """Fit a curve that goes from one level to another: ``bottom + (top - bottom) / (1 + exp(-(x - middle) / width))``.

    Parameters
    ----------
    x, y : Array
        Points in any units, each of shape (n,), five or more; pairs with a NaN are left out.

    Returns
    -------
    bottom : float
        Level far to the left, in the unit of `y`.
    top : float
        Level far to the right, in the unit of `y`; below the other for a falling curve.
    middle : float
        Where it is half way, in the unit of `x`.
    width : float
        How slowly it goes over, in the unit of `x`: from 12 % to 88 % it takes 4 widths.
    errors : Array
        Standard error of each parameter, in its unit and in the order of these outputs, shape (4,).
    fitted : Array
        The curve at each `x`, in the unit of `y`, shape (n,).
    lower, upper : Array
        Its 95 % confidence band, in the unit of `y`, shape (n,).
    residuals : Array
        `y` less the curve, shape (n,).
    r_squared : float
        Share of the scatter of `y` that the curve explains, up to 1 (dimensionless).

    Raises
    ------
    ValueError
        Lengths differ, the points are too few, or the search does not end.

    Examples
    --------
    >>> x = np.linspace(0.0, 10.0, 41)
    >>> found = fit.logistic(x, 1.0 + 4.0 / (1.0 + np.exp(-(x - 5.0) / 0.5)))
    >>> round(found.top, 6), round(found.middle, 6), round(found.width, 6)
    (5.0, 5.0, 0.5)
    """
    import numpy
    import scipy.special

    across, up = points(x, y)
    _, at, value = whole(across, up, 4)
    order = numpy.argsort(at)
    at, value = at[order], value[order]
    edge, span = max(1, len(at) // 10), float(numpy.ptp(at))
    if span == 0.0:
        raise ValueError("all points are at one x: a logistic curve needs several")
    low, high = float(value[:edge].mean()), float(value[-edge:].mean())
    share = (value - low) / ((high - low) or 1.0)
    middle = float(at[int(numpy.abs(share - 0.5).argmin())])
    inside = (share > 0.12) & (share < 0.88)
    width = float(numpy.ptp(at[inside])) / 4.0 if inside.sum() > 1 else span / len(at)
    limits = ([-numpy.inf, -numpy.inf, -numpy.inf, 1e-9 * span], [numpy.inf] * 4)
    found = nonlinear(
        lambda where, p: p[0] + (p[1] - p[0]) * scipy.special.expit((where - p[2]) / p[3]),
        across, up, [low, high, middle, max(width, span / 1000.0)], limits,
    )  # fmt: skip
    return LogisticFit._make([*found.values.tolist(), *found.curve])


class SineFit(NamedTuple):
    """A sine with its errors."""

    frequency: Annotated[float, Unit("Hz")]
    amplitude: float
    phase: Annotated[float, Unit("rad")]
    offset: float
    errors: Array
    fitted: Array
    lower: Array
    upper: Array
    residuals: Array
    r_squared: float


@node(title="Sine", tags=("ieee 1057", "sinusoid", "tone", "frequency", "phase", "enob", "oscillation"), pure=True)
def sine(
    signal: Signal,
    frequency: Annotated[float, Unit("Hz"), Range(0.0)] = 0.0,
    rate: Annotated[float, Unit("Hz"), Range(0.001)] = 1.0,
) -> SineFit:
    """Fit a sine to a signal: ``amplitude * sin(2π * frequency * t + phase) + offset``.

    Parameters
    ----------
    signal : Waveform or Array
        The samples, shape (n,), five or more, which span more than a period.
    frequency : float
        Where the search begins, in Hz; 0 for the highest peak of the spectrum.
    rate : float
        Sample rate in Hz of a plain array; a signal has its own.

    Returns
    -------
    frequency : float
        Frequency in Hz.
    amplitude : float
        Height of the peaks over the offset, in the unit of the signal.
    phase : float
        Phase at the time 0 s, in rad, from -π to π.
    offset : float
        What the sine is around, in the unit of the signal.
    errors : Array
        Standard error of each parameter, in its unit and in the order of these outputs, shape (4,).
    fitted : Array
        The sine at each sample, in the unit of the signal, shape (n,).
    lower, upper : Array
        Its 95 % confidence band, in the unit of the signal, shape (n,).
    residuals : Array
        The signal less the sine, shape (n,): noise and distortion.
    r_squared : float
        Share of the signal's power that the sine explains, up to 1 (dimensionless).

    Raises
    ------
    ValueError
        There are too few samples, the signal is flat, or the search does not end.

    Notes
    -----
    Reference: IEEE Std 1057-2017, section 4.6.4 (four-parameter least-squares fit).

    Examples
    --------
    >>> t = np.arange(200) / 100.0
    >>> found = fit.sine(Waveform(2.0 * np.sin(2 * np.pi * 3.3 * t) + 1.0, 0.01))
    >>> round(found.frequency, 6), round(found.amplitude, 6), round(found.offset, 6)
    (3.3, 2.0, 1.0)
    """
    import numpy

    y = numbers(signal, "signal")
    wave = signal if isinstance(signal, Waveform) else Waveform(y, 1.0 / rate)
    if y.ndim != 1:
        raise ValueError(f"the signal has the shape {y.shape}: give one channel")
    t, up = points(wave.time, y)
    _, at, value = whole(t, up, 4)
    if numpy.ptp(value) == 0.0:
        raise ValueError("the signal is flat: there is no sine in it")
    first = frequency or _strongest(at, value)
    middle = float(at.mean())  # turns counted from there do not hang together with the phase

    def model(where: Array, p: Array) -> Array:
        angle = 2.0 * numpy.pi * p[0] * (where - middle)
        return p[1] * numpy.sin(angle) + p[2] * numpy.cos(angle) + p[3]

    angle = 2.0 * numpy.pi * first * (at - middle)
    shape = numpy.column_stack([numpy.sin(angle), numpy.cos(angle), numpy.ones_like(at)])
    begin, *_ = numpy.linalg.lstsq(shape, value, rcond=None)
    return _with_phase(nonlinear(model, t, up, [first, *begin]), middle)


def _with_phase(near: Solution, middle: float) -> SineFit:
    """Tell a sine by amplitude and phase at 0 s, where sine and cosine around a middle were looked for."""
    import numpy

    f, a, b, c = (float(one) for one in near.values)
    amplitude, turn = float(numpy.hypot(a, b)), 2.0 * numpy.pi * middle
    phase = float(numpy.angle(numpy.exp(1j * (numpy.arctan2(b, a) - turn * f))))
    values, square = [f, amplitude, phase, c], amplitude**2
    found = near.told_as(values, [
        [1.0, 0.0, 0.0, 0.0], [0.0, a / amplitude, b / amplitude, 0.0], [-turn, -b / square, a / square, 0.0],
        [0.0, 0.0, 0.0, 1.0],
    ])  # fmt: skip
    return SineFit._make([*values, *found.curve])


def _strongest(t: Array, y: Array) -> float:
    """Return the frequency of the highest peak of the spectrum, between its bins by a parabola."""
    import numpy

    size = len(y)
    weights = numpy.hanning(size + 2)[1:-1]
    power = numpy.abs(numpy.fft.rfft((y - y.mean()) * weights, 4 * size))
    best = int(power[1:].argmax()) + 1
    left, top, right = (float(power[min(k, len(power) - 1)]) for k in (best - 1, best, best + 1))
    bend = left - 2.0 * top + right
    shift = 0.5 * (left - right) / bend if bend else 0.0
    dt = float(numpy.median(numpy.diff(t)))
    return (best + max(-0.5, min(0.5, shift))) / (4 * size * dt)
