"""Signals that repeat."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from flodesk.nodes.source.axis import Block, Count, Hertz, Rate, axis
from flodesk.public import Array, Range, Signal, Unit, Waveform, node


@node(pure=True)
def sine(
    block: Block,
    frequency: Hertz = 5.0,
    amplitude: float = 1.0,
    phase: Annotated[float, Unit("rad")] = 0.0,
    offset: float = 0.0,
    samples: Count = 100,
    rate: Rate = 1000.0,
    unit: str = "",
) -> Signal:
    """Make a block of a sine.

    Parameters
    ----------
    block : int
        Number of the block, from 0 (dimensionless): sample 0 of block 0 is at the time 0 s.
    frequency : float
        Frequency in Hz. One above half of the sample rate is folded back, as in any sampled signal.
    amplitude : float
        Height of the peaks over the offset, in the unit of the signal.
    phase : float
        Phase at the time 0 s, in rad.
    offset : float
        What is added to every sample, in the unit of the signal.
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
    >>> source.sine(0, frequency=1.0, amplitude=2.0, samples=4, rate=4.0).y.round(3) + 0.0
    array([ 0.,  2.,  0., -2.])
    """
    import numpy

    number, dt = axis(block, samples, rate)
    # whole turns are taken off before the sine is, or the phase gets coarse after some hours
    turns = numpy.remainder(number * (frequency * dt), 1.0)
    y = amplitude * numpy.sin(2.0 * numpy.pi * turns + phase) + offset
    return Waveform(y, dt, number[0] * dt, unit)


@node(pure=True)
def square(
    block: Block,
    frequency: Hertz = 5.0,
    amplitude: float = 1.0,
    duty: Annotated[float, Range(0.0, 1.0)] = 0.5,
    samples: Count = 100,
    rate: Rate = 1000.0,
    unit: str = "",
) -> Signal:
    """Make a block of a square wave.

    Parameters
    ----------
    block : int
        Number of the block, from 0 (dimensionless).
    frequency : float
        Frequency in Hz.
    amplitude : float
        The wave is at plus or minus this, in the unit of the signal.
    duty : float
        Share of a period in which it is at plus, from 0 to 1 (dimensionless).
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
    >>> source.square(0, frequency=1.0, duty=0.25, samples=4, rate=4.0).y
    array([ 1., -1., -1., -1.])
    """
    import numpy

    number, dt = axis(block, samples, rate)
    # half of a thousandth of a sample is added, so that an edge that falls on a sample is not decided by rounding
    turns = numpy.remainder(number * (frequency * dt) + 0.0005 * frequency * dt, 1.0)
    return Waveform(numpy.where(turns < duty, amplitude, -amplitude), dt, number[0] * dt, unit)


def _turns(block: int, frequency: float, samples: int, rate: float, unit: str) -> tuple[Array, Waveform]:
    """Return the share of a period that has passed at each sample, and the block with nothing in it yet."""
    import numpy

    number, dt = axis(block, samples, rate)
    # a thousandth of a sample's share less than a whole period is one: a jump that falls on a sample stays there
    turns = numpy.remainder(number * (frequency * dt), 1.0)
    turns = numpy.where(turns > 1.0 - 0.001 * frequency * dt, 0.0, turns)
    return turns, Waveform(turns, dt, number[0] * dt, unit)


@node(tags=("triangle wave", "ramp", "sweep"), pure=True)
def triangle(
    block: Block,
    frequency: Hertz = 5.0,
    amplitude: float = 1.0,
    samples: Count = 100,
    rate: Rate = 1000.0,
    unit: str = "",
) -> Signal:
    """Make a block of a triangle wave, which begins at 0 and rises.

    Parameters
    ----------
    block : int
        Number of the block, from 0 (dimensionless): sample 0 of block 0 is at the time 0 s.
    frequency : float
        Frequency in Hz.
    amplitude : float
        Height of the peaks over 0, in the unit of the signal; the lowest is at minus this.
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
    >>> source.triangle(0, frequency=1.0, amplitude=2.0, samples=4, rate=4.0).y
    array([ 0.,  2.,  0., -2.])
    """
    import numpy

    turns, wave = _turns(block, frequency, samples, rate, unit)
    return wave.with_y(amplitude * (1.0 - 4.0 * numpy.abs(numpy.remainder(turns + 0.25, 1.0) - 0.5)))


@node(tags=("saw", "ramp", "sweep"), pure=True)
def sawtooth(
    block: Block,
    frequency: Hertz = 5.0,
    amplitude: float = 1.0,
    rising: bool = True,
    samples: Count = 100,
    rate: Rate = 1000.0,
    unit: str = "",
) -> Signal:
    """Make a block of a sawtooth, which goes from minus to plus the amplitude in each period.

    Parameters
    ----------
    block : int
        Number of the block, from 0 (dimensionless): sample 0 of block 0 is at the time 0 s.
    frequency : float
        Frequency in Hz.
    amplitude : float
        Height of the peaks over 0, in the unit of the signal; the lowest is at minus this.
    rising : bool
        Whether it rises slowly and falls at once, or the reverse.
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
    >>> source.sawtooth(0, frequency=1.0, samples=4, rate=4.0).y
    array([-1. , -0.5,  0. ,  0.5])
    """
    turns, wave = _turns(block, frequency, samples, rate, unit)
    y = amplitude * (2.0 * turns - 1.0)
    return wave.with_y(y if rising else -y)


@node(tags=("pulse train", "clock", "PWM", "rectangle", "TTL"), pure=True)
def pulse(
    block: Block,
    frequency: Hertz = 5.0,
    width: Annotated[float, Unit("s"), Range(0.0)] = 0.01,
    high: float = 1.0,
    low: float = 0.0,
    delay: Annotated[float, Unit("s")] = 0.0,
    samples: Count = 100,
    rate: Rate = 1000.0,
    unit: str = "",
) -> Signal:
    """Make a block of a train of pulses.

    Parameters
    ----------
    block : int
        Number of the block, from 0 (dimensionless): sample 0 of block 0 is at the time 0 s.
    frequency : float
        Frequency in Hz.
    width : float
        Width of a pulse in s.
    high, low : float
        Level in a pulse and between two, in the unit of the signal.
    delay : float
        When the first pulse begins, in s; the train goes on before it, too.
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
    >>> source.pulse(0, frequency=1.0, width=0.25, high=5.0, samples=8, rate=8.0).y
    array([5., 5., 0., 0., 0., 0., 0., 0.])
    """
    import numpy

    number, dt = axis(block, samples, rate)
    # as for the square wave: an edge that falls on a sample is not decided by rounding
    turns = numpy.remainder((number + 0.0005) * (frequency * dt) - delay * frequency, 1.0)
    y = numpy.where(turns < width * frequency, float(high), float(low))
    return Waveform(y, dt, number[0] * dt, unit)


@node(tags=("tones", "comb", "intermodulation", "chord", "sum of sines"), pure=True)
def multitone(
    block: Block,
    frequencies: Sequence[float] = (5.0, 10.0, 15.0),
    amplitudes: Sequence[float] = (1.0,),
    samples: Count = 100,
    rate: Rate = 1000.0,
    unit: str = "",
) -> Signal:
    """Make a block of a sum of sines.

    Parameters
    ----------
    block : int
        Number of the block, from 0 (dimensionless): sample 0 of block 0 is at the time 0 s.
    frequencies : list of float
        Frequencies in Hz.
    amplitudes : list of float
        Amplitude of each, in the unit of the signal; the last one is that of all further frequencies, too.
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
        The sample rate or the number of samples is not above 0, or there is no amplitude.

    Examples
    --------
    >>> source.multitone(0, [1.0, 2.0], samples=4, rate=8.0).y.round(3) + 0.0
    array([ 0.   ,  1.707,  1.   , -0.293])
    """
    import numpy

    number, dt = axis(block, samples, rate)
    if len(amplitudes) == 0:
        raise ValueError("there is no amplitude: give one for all frequencies, or one for each")
    y = numpy.zeros(len(number))
    for place, frequency in enumerate(frequencies):
        turns = numpy.remainder(number * (frequency * dt), 1.0)
        y += amplitudes[min(place, len(amplitudes) - 1)] * numpy.sin(2.0 * numpy.pi * turns)
    return Waveform(y, dt, number[0] * dt, unit)
