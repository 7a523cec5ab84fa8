"""Control and triggering: what acts on a stream, turn by turn."""

from __future__ import annotations

import math
from typing import Annotated, Literal

from flodesk.nodes._numbers import numbers
from flodesk.nodes.dsp.inputs import one_channel, waveform
from flodesk.public import Array, Quantity, Range, Signal, Unit, Waveform, node

Seconds = Annotated[float, Unit("s"), Range(0.0)]


@node(title="PID", tags=("controller", "PID control", "regulator", "thermostat", "closed loop", "P", "PI"))
class PID:
    """Control a process: find what to set so that the measurement comes to the setpoint.

    Parameters
    ----------
    kp : float
        Proportional gain, in the unit of the output over that of the measurement.
    ki : float
        Integral gain, in the unit of `kp` a second; 0 for none.
    kd : float
        Derivative gain, in the unit of `kp` times s; 0 for none.
    minimum, maximum : float, optional
        Limits of the output, in its unit; None for none.

    Raises
    ------
    ValueError
        The lower limit is not below the upper one.

    Notes
    -----
    ``kp * e + ki * (sum of e * dt) - kd * (measurement - the last one) / dt``, e = setpoint - measurement. The
    derivative is that of the measurement, so that a step of the setpoint makes no kick. Where the output is at a limit,
    the integral does not grow further beyond it (conditional integration), so that it comes back without a delay.
    Reference: K. J. Åström, T. Hägglund, Advanced PID Control, 2006, sections 3.3 and 3.5.

    Examples
    --------
    >>> pid = dsp.PID(kp=2.0, ki=1.0)
    >>> pid(setpoint=10.0, measurement=7.0, dt=1.0), pid(setpoint=10.0, measurement=9.0, dt=1.0)
    (9.0, 6.0)
    """

    def __init__(
        self,
        kp: float = 1.0,
        ki: float = 0.0,
        kd: float = 0.0,
        minimum: float | None = None,
        maximum: float | None = None,
    ) -> None:
        self.kp, self.ki, self.kd = kp, ki, kd
        self._low = -math.inf if minimum is None else minimum
        self._high = math.inf if maximum is None else maximum
        if not self._low < self._high:
            raise ValueError(f"the lower limit {self._low:g} is not below the upper one {self._high:g}: change one")
        self._integral = 0.0
        self._last: float | None = None

    def __call__(
        self, setpoint: float, measurement: float, dt: Annotated[float, Unit("s"), Range(1e-9)] = 0.1
    ) -> float:
        """Take the next measurement.

        Parameters
        ----------
        setpoint : float
            What the measurement is to be, in its unit.
        measurement : float
            What it is, in any unit.
        dt : float
            Time since the last call, in s.

        Returns
        -------
        float
            What to set, in the unit of the output, within the limits.

        Raises
        ------
        ValueError
            The time is not above 0, or the measurement is not finite: a broken sensor moves nothing.
        """
        if not dt > 0.0:
            raise ValueError(f"the time since the last call is {dt:g} s: it must be above 0 s")
        if not math.isfinite(measurement) or not math.isfinite(setpoint):
            raise ValueError(f"the measurement is {measurement} and the setpoint {setpoint}: both must be finite")
        error = setpoint - measurement
        slope = 0.0 if self._last is None else (measurement - self._last) / dt
        self._last = measurement
        rest = self.kp * error - self.kd * slope
        step = self.ki * error * dt
        wanted = rest + self._integral + step
        if not (wanted > self._high and step > 0.0) and not (wanted < self._low and step < 0.0):
            self._integral += step
        return min(max(rest + self._integral, self._low), self._high)


@node(tags=("slew rate", "ramp", "soft start", "rate of change"))
class RateLimiter:
    """Follow a value, and move no faster than a rate.

    Parameters
    ----------
    rate : float
        How far it moves in a second, in the unit of the value a second, above 0.

    Raises
    ------
    ValueError
        The rate is not above 0.

    Examples
    --------
    >>> limiter = dsp.RateLimiter(rate=2.0)
    >>> limiter(0.0, dt=1.0), limiter(5.0, dt=1.0), limiter(5.0, dt=1.0), limiter(5.0, dt=1.0)
    (0.0, 2.0, 4.0, 5.0)
    """

    def __init__(self, rate: Annotated[float, Range(0.0)] = 1.0) -> None:
        if not rate > 0.0:
            raise ValueError(f"the rate is {rate:g}: it must be above 0")
        self.rate = rate
        self._at: float | None = None

    def __call__(self, value: float, dt: Seconds = 0.1) -> float:
        """Take the next value.

        Parameters
        ----------
        value : float
            Where to go, in any unit.
        dt : float
            Time since the last call, in s.

        Returns
        -------
        float
            Where it is, in the unit of the value; at the first call the value itself.
        """
        reach = self.rate * dt
        self._at = value if self._at is None else self._at + min(max(value - self._at, -reach), reach)
        return self._at


@node(tags=("Schmitt trigger", "two-point", "threshold", "bang-bang", "thermostat", "alarm", "deadband"))
class Hysteresis:
    """Switch on above one limit and off below a lower one, so that noise between them switches nothing.

    Parameters
    ----------
    lower, upper : float
        Limits, in the unit of the value.
    on : bool
        How it begins.

    Raises
    ------
    ValueError
        The lower limit is above the upper one.

    Examples
    --------
    >>> alarm = dsp.Hysteresis(lower=20.0, upper=25.0)
    >>> [alarm(value) for value in (24.0, 26.0, 24.0, 19.0, 24.0)]
    [False, True, True, False, False]
    """

    def __init__(self, lower: float = 0.0, upper: float = 1.0, on: bool = False) -> None:
        if lower > upper:
            raise ValueError(f"the lower limit {lower:g} is above the upper one {upper:g}: swap them")
        self.lower, self.upper, self._on = lower, upper, on

    def __call__(self, value: float) -> bool:
        """Take the next value.

        Parameters
        ----------
        value : float
            The value, in any unit. NaN switches nothing.

        Returns
        -------
        bool
            On or off.
        """
        if value > self.upper:
            self._on = True
        elif value < self.lower:
            self._on = False
        return self._on


@node(tags=("maximum hold", "max hold", "envelope", "minimum hold"))
class PeakHold:
    """Hold the highest value that each sample, or a number, has had.

    Parameters
    ----------
    mode : str
        ``"maximum"`` or ``"minimum"``.

    Examples
    --------
    >>> hold = dsp.PeakHold()
    >>> hold(3.0), hold(5.0), hold(4.0), hold(1.0, reset=True)
    (3.0, 5.0, 5.0, 1.0)
    """

    def __init__(self, mode: Literal["maximum", "minimum"] = "maximum") -> None:
        self._mode = mode
        self._held: Array = None

    def __call__(self, value: Quantity, reset: bool = False) -> Quantity:
        """Take the next value.

        Parameters
        ----------
        value : float, Array or Waveform
            A number, or a block or spectrum of which each sample is held by itself, in any unit. NaN are passed over.
        reset : bool
            Begin anew with this value.

        Returns
        -------
        float, Array or Waveform
            What is held, as the value came and in its unit. Another shape begins anew.
        """
        import numpy

        y = numbers(value, "value")
        if reset or self._held is None or self._held.shape != y.shape:
            self._held = y.copy()
        else:
            self._held = (numpy.fmax if self._mode == "maximum" else numpy.fmin)(self._held, y)
        if isinstance(value, Waveform):
            return value.with_y(self._held)
        return float(self._held) if y.ndim == 0 else self._held


@node(tags=("edge", "rising", "falling", "oscilloscope", "scope", "sync", "level crossing"))
class Trigger:
    """Cut a stream where it crosses a level, so that a picture of it stands still.

    Parameters
    ----------
    length : float
        Length of a cut, in s.
    before : float
        Share of the cut that lies before the edge, from 0 to 1 (dimensionless).

    Raises
    ------
    ValueError
        The length is not above 0, or the share is not within 0 and 1.

    Examples
    --------
    >>> trigger = dsp.Trigger(length=0.004, before=0.5)
    >>> ramp = Waveform(np.arange(10.0), dt=0.001)
    >>> trigger(ramp, level=4.5).y
    array([3., 4., 5., 6.])
    """

    def __init__(self, length: Seconds = 0.1, before: Annotated[float, Range(0.0, 1.0)] = 0.0) -> None:
        if not length > 0.0 or not 0.0 <= before <= 1.0:
            raise ValueError(
                f"the length is {length:g} s and the share before {before:g}: above 0 s, and within 0 to 1"
            )
        self.length, self.before = length, before
        self._kept: Waveform | None = None

    def __call__(
        self,
        signal: Signal,
        level: float = 0.0,
        edge: Literal["rising", "falling"] = "rising",
        hysteresis: Annotated[float, Range(0.0)] = 0.0,
    ) -> Signal | None:
        """Take the next block.

        Parameters
        ----------
        signal : Waveform
            The block, shape (n,) or (channels, n); the first channel is the one that triggers.
        level : float
            Level that is crossed, in the unit of the signal.
        edge : str
            ``"rising"`` or ``"falling"``.
        hysteresis : float
            How far the signal must have been on the other side before, in its unit, so that noise is no edge.

        Returns
        -------
        Waveform or None
            The last whole cut in what has come, which keeps its time; None where there is none yet.

        Raises
        ------
        TypeError
            The signal has no sample rate.
        """
        import numpy

        wave = waveform(signal)
        size = max(1, round(self.length / wave.dt))
        ahead = round(self.before * size)
        kept = self._kept
        if kept is not None and kept.dt == wave.dt and kept.y.shape[:-1] == wave.y.shape[:-1]:
            y = numpy.concatenate([kept.y, wave.y], axis=-1)
        else:
            y = wave.y
        t0 = wave.t0 + (wave.y.shape[-1] - y.shape[-1]) * wave.dt
        # twice the cut: an edge whose cut was not yet whole is seen again with the next block
        self._kept = Waveform(y[..., -2 * size :].copy(), wave.dt, 0.0, wave.unit)
        first = y if y.ndim == 1 else y[0]
        sign = 1.0 if edge == "rising" else -1.0
        places = _edges(sign * (first - level), hysteresis)
        whole = places[(places >= ahead) & (places - ahead + size <= len(first))]
        if not whole.size:
            return None
        start = int(whole[-1]) - ahead
        return Waveform(y[..., start : start + size].copy(), wave.dt, t0 + start * wave.dt, wave.unit)


def _edges(above: Array, hysteresis: float) -> Array:
    """Return where a signal comes to 0 or above after it was below minus the hysteresis (in its unit)."""
    import numpy

    low = above < -hysteresis if hysteresis > 0.0 else above < 0.0
    state = numpy.where(above >= 0.0, 1, numpy.where(low, -1, 0))
    known = numpy.flatnonzero(state)
    rises = numpy.flatnonzero((state[known][1:] == 1) & (state[known][:-1] == -1)) + 1
    return known[rises]


@node(tags=("crossing", "frequency", "period", "zero crossing", "frequency counter", "level"), pure=True)
def zero_crossings(
    signal: Signal,
    level: float = 0.0,
    edge: Literal["rising", "falling", "both"] = "rising",
    hysteresis: Annotated[float, Range(0.0)] = 0.0,
) -> Annotated[Array, Unit("s")]:
    """Find the times at which a signal crosses a level, between the samples.

    Parameters
    ----------
    signal : Waveform or Array
        Samples of one channel, shape (n,).
    level : float
        Level that is crossed, in the unit of the signal.
    edge : str
        ``"rising"``, ``"falling"`` or ``"both"``.
    hysteresis : float
        How far the signal must have been on the other side before, in its unit, so that noise is no crossing.

    Returns
    -------
    Array
        Times in s (of a plain array in samples), rising, shape (m,). A straight line between two samples is assumed.

    Raises
    ------
    ValueError
        There are no samples, or several channels.

    Examples
    --------
    >>> dsp.zero_crossings([-1.0, 1.0, 2.0, -2.0, -1.0, 3.0])
    array([0.5 , 4.25])
    """
    import numpy

    y = one_channel(signal) - level
    signs = {"rising": (1.0,), "falling": (-1.0,), "both": (1.0, -1.0)}[edge]
    found = numpy.sort(numpy.concatenate([_edges(sign * y, hysteresis) for sign in signs]))
    exact = found - y[found] / (y[found] - y[found - 1])
    if isinstance(signal, Waveform):
        return signal.t0 + exact * signal.dt
    return exact
