"""Signals that happen once, or sweep."""

from __future__ import annotations

from typing import Annotated, Literal

from flodesk.nodes.source.axis import Block, Count, Hertz, Rate, axis
from flodesk.public import Range, Signal, Unit, Waveform, node


@node(tags=("sweep", "swept sine", "frequency sweep"), pure=True)
def chirp(
    block: Block,
    start: Hertz = 1.0,
    stop: Hertz = 100.0,
    duration: Annotated[float, Unit("s"), Range(1e-9)] = 1.0,
    amplitude: float = 1.0,
    sweep: Literal["linear", "logarithmic"] = "linear",
    samples: Count = 100,
    rate: Rate = 1000.0,
    unit: str = "",
) -> Signal:
    """Make a block of a sine whose frequency goes from one to another, again and again.

    Parameters
    ----------
    block : int
        Number of the block, from 0 (dimensionless): sample 0 of block 0 is at the time 0 s.
    start, stop : float
        Frequency at the beginning and at the end of a sweep, in Hz; above 0 for a logarithmic one.
    duration : float
        How long a sweep is, in s; then it begins anew, with its phase at 0.
    amplitude : float
        Height of the peaks over 0, in the unit of the signal.
    sweep : str
        ``"linear"``: so many hertz a second; ``"logarithmic"``: so many octaves a second.
    samples : int
        Number of samples of the block; with the rate they make its length: 100 at 1000 Hz are 0.1 s, as long as one
        turn of Every, so that signal and clock keep step.
    rate : float
        Sample rate in Hz.
    unit : str
        Unit of the samples.

    Returns
    -------
    Waveform
        Shape (samples,), from ``block * samples / rate`` s.

    Raises
    ------
    ValueError
        The sample rate, the number of samples or the duration is not above 0, or a logarithmic sweep
        has an end at 0 Hz.

    Examples
    --------
    >>> source.chirp(0, start=0.0, stop=4.0, duration=2.0, samples=3, rate=2.0).y.round(6) + 0.0
    array([0., 1., 0.])
    """
    import numpy

    number, dt = axis(block, samples, rate)
    if not duration > 0.0:
        raise ValueError(f"a sweep of {duration:g} s is none: set the duration above 0 s")
    if sweep == "logarithmic" and not min(start, stop) > 0.0:
        raise ValueError("a logarithmic sweep has no end at 0 Hz: set start and stop above 0 Hz")
    time = numpy.remainder(number * dt, duration)
    if sweep == "linear" or start == stop:
        turns = start * time + 0.5 * (stop - start) * time**2 / duration
    else:
        growth = numpy.log(stop / start) / duration
        turns = start * numpy.expm1(growth * time) / growth
    return Waveform(amplitude * numpy.sin(2.0 * numpy.pi * turns), dt, number[0] * dt, unit)


@node(tags=("Heaviside", "step function", "edge"), pure=True)
def step(
    block: Block,
    at: Annotated[float, Unit("s")] = 0.05,
    before: float = 0.0,
    after: float = 1.0,
    samples: Count = 100,
    rate: Rate = 1000.0,
    unit: str = "",
) -> Signal:
    """Make a block of a signal that steps from one level to another.

    Parameters
    ----------
    block : int
        Number of the block, from 0 (dimensionless): sample 0 of block 0 is at the time 0 s.
    at : float
        When it steps, in s.
    before, after : float
        Its levels, in the unit of the signal.
    samples : int
        Number of samples of the block; with the rate they make its length: 100 at 1000 Hz are 0.1 s, as long as one
        turn of Every, so that signal and clock keep step.
    rate : float
        Sample rate in Hz.
    unit : str
        Unit of the samples.

    Returns
    -------
    Waveform
        Shape (samples,), from ``block * samples / rate`` s.

    Raises
    ------
    ValueError
        The sample rate or the number of samples is not above 0.

    Examples
    --------
    >>> source.step(0, at=0.002, samples=4, rate=1000.0).y
    array([0., 0., 1., 1.])
    """
    import numpy

    number, dt = axis(block, samples, rate)
    # half of a thousandth of a sample: a step that falls on a sample is not decided by rounding
    return Waveform(numpy.where((number + 0.0005) * dt >= at, float(after), float(before)), dt, number[0] * dt, unit)


@node(tags=("Dirac", "unit impulse", "delta", "click"), pure=True)
def impulse(
    block: Block,
    at: Annotated[float, Unit("s")] = 0.05,
    height: float = 1.0,
    samples: Count = 100,
    rate: Rate = 1000.0,
    unit: str = "",
) -> Signal:
    """Make a block of a signal that is 0 but for one sample.

    Parameters
    ----------
    block : int
        Number of the block, from 0 (dimensionless): sample 0 of block 0 is at the time 0 s.
    at : float
        When that sample is, in s: the nearest one.
    height : float
        Its height, in the unit of the signal.
    samples : int
        Number of samples of the block; with the rate they make its length: 100 at 1000 Hz are 0.1 s, as long as one
        turn of Every, so that signal and clock keep step.
    rate : float
        Sample rate in Hz.
    unit : str
        Unit of the samples.

    Returns
    -------
    Waveform
        Shape (samples,), from ``block * samples / rate`` s.

    Raises
    ------
    ValueError
        The sample rate or the number of samples is not above 0.

    Examples
    --------
    >>> source.impulse(0, at=0.002, samples=4, rate=1000.0).y
    array([0., 0., 1., 0.])
    """
    import numpy

    number, dt = axis(block, samples, rate)
    return Waveform(numpy.where(number == round(at / dt), float(height), 0.0), dt, number[0] * dt, unit)


@node(tags=("exponential decay", "relaxation", "damped oscillation", "ring-down", "discharge"), pure=True)
def decay(
    block: Block,
    amplitude: float = 1.0,
    time_constant: Annotated[float, Unit("s"), Range(1e-9)] = 0.05,
    frequency: Hertz = 0.0,
    samples: Count = 100,
    rate: Rate = 1000.0,
    unit: str = "",
) -> Signal:
    """Make a block of an exponential decay, or of an oscillation that decays.

    Parameters
    ----------
    block : int
        Number of the block, from 0 (dimensionless): sample 0 of block 0 is at the time 0 s.
    amplitude : float
        Where it begins at 0 s, in the unit of the signal.
    time_constant : float
        After how long it is at 1/e, in s.
    frequency : float
        Frequency of the oscillation in Hz; 0 for none.
    samples : int
        Number of samples of the block; with the rate they make its length: 100 at 1000 Hz are 0.1 s, as long as one
        turn of Every, so that signal and clock keep step.
    rate : float
        Sample rate in Hz.
    unit : str
        Unit of the samples.

    Returns
    -------
    Waveform
        Shape (samples,), from ``block * samples / rate`` s.

    Raises
    ------
    ValueError
        The sample rate, the number of samples or the time constant is not above 0.

    Examples
    --------
    >>> source.decay(0, amplitude=8.0, time_constant=1.0, samples=3, rate=1.0).y.round(3)
    array([8.   , 2.943, 1.083])
    """
    import numpy

    number, dt = axis(block, samples, rate)
    if not time_constant > 0.0:
        raise ValueError(f"the time constant is {time_constant:g} s: it must be above 0 s")
    y = amplitude * numpy.exp(-number * dt / time_constant) * numpy.cos(2.0 * numpy.pi * frequency * dt * number)
    return Waveform(y, dt, number[0] * dt, unit)
