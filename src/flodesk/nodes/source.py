"""Signals and data to start from.

The periodic ones give one block of samples at a time: wire a tick count to `block`, and the blocks follow each other
without a seam. With a literal 0 they give a test signal.
"""

from __future__ import annotations

from typing import Annotated

from flodesk.public import Array, Range, Signal, Table, Unit, Waveform, node

__all__ = ["constant", "linspace", "noise", "sine", "square", "sunspots"]

Block = Annotated[int, Range(0)]
Hertz = Annotated[float, Unit("Hz"), Range(0.0)]
Rate = Annotated[float, Unit("Hz"), Range(0.001)]
Count = Annotated[int, Range(1)]


def _axis(block: int, samples: int, rate: float) -> tuple[Array, float]:
    """Return the sample numbers since block 0, and the distance of two samples in s."""
    import numpy

    if samples < 1:
        raise ValueError(f"a block of {samples} samples is empty: set samples to 1 or more")
    if not rate > 0.0:
        raise ValueError(f"the sample rate is {rate:g} Hz: it must be above 0 Hz")
    first = int(block) * int(samples)
    return numpy.arange(first, first + samples), 1.0 / rate


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

    number, dt = _axis(block, samples, rate)
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

    number, dt = _axis(block, samples, rate)
    # half of a thousandth of a sample is added, so that an edge that falls on a sample is not decided by rounding
    turns = numpy.remainder(number * (frequency * dt) + 0.0005 * frequency * dt, 1.0)
    return Waveform(numpy.where(turns < duty, amplitude, -amplitude), dt, number[0] * dt, unit)


@node(pure=True)
def noise(
    block: Block,
    level: Annotated[float, Range(0.0)] = 0.1,
    samples: Count = 100,
    rate: Rate = 1000.0,
    seed: Annotated[int, Range(0)] = 0,
    unit: str = "",
) -> Signal:
    """Make a block of white Gaussian noise.

    The same seed and block give the same samples, whenever and wherever they are made.

    Parameters
    ----------
    block : int
        Number of the block, from 0 (dimensionless).
    level : float
        Standard deviation, in the unit of the signal.
    samples : int
        Number of samples of the block; with the rate they make its length: 100 at 1000 Hz are 0.1 s, as long as one
        turn of Every, so that signal and clock keep step.
    rate : float
        Sample rate in Hz.
    seed : int
        Which noise (dimensionless): two seeds give two independent noises.
    unit : str
        Unit of the samples.

    Returns
    -------
    Waveform
        Shape (samples,), from ``block * samples / rate`` s.

    Raises
    ------
    ValueError
        The level is below 0, or the sample rate or the number of samples is not above 0.

    Examples
    --------
    >>> source.noise(3, level=0.1, seed=4) == source.noise(3, level=0.1, seed=4)
    True
    """
    import numpy

    number, dt = _axis(block, samples, rate)
    if level < 0.0:
        raise ValueError(f"the noise level is {level:g}: it must be 0 or more")
    y = level * numpy.random.default_rng([seed, int(block)]).standard_normal(samples)
    return Waveform(y, dt, number[0] * dt, unit)


def linspace(start: float = 0.0, stop: float = 1.0, number: Count = 101) -> Array:
    """Make a ramp of evenly spaced numbers.

    Parameters
    ----------
    start : float
        The first number, in any unit.
    stop : float
        The last number, in the same unit as the first.
    number : int
        Number of values, both ends included.

    Returns
    -------
    Array
        Shape (number,).

    Raises
    ------
    ValueError
        The number of values is below 1.

    Examples
    --------
    >>> source.linspace(0.0, 1.0, 5)
    array([0.  , 0.25, 0.5 , 0.75, 1.  ])
    """
    import numpy

    if number < 1:
        raise ValueError(f"a ramp of {number} values is empty: set number to 1 or more")
    return numpy.linspace(start, stop, number)


def constant(value: float = 1.0) -> float:
    """Give a number.

    Parameters
    ----------
    value : float
        The number, in any unit.

    Returns
    -------
    float
        The number.

    Examples
    --------
    >>> source.constant(4.2)
    4.2
    """
    return value


def sunspots() -> Table:
    """Give the yearly mean number of sunspots from 1700 to 2008, measured data that ships with statsmodels.

    Returns
    -------
    Table
        Columns ``year`` (a whole number) and ``sunspots`` (dimensionless), 309 rows.

    Raises
    ------
    ImportError
        The package statsmodels is missing.

    Notes
    -----
    Source: SIDC-team, World Data Center for the Sunspot Index, Royal Observatory of Belgium, as the data set
    ``sunspots`` of statsmodels.

    Examples
    --------
    >>> len(source.sunspots())
    309
    """
    try:
        from statsmodels.datasets import sunspots as data
    except ImportError as error:
        raise ImportError("the sunspot data come with the package statsmodels, which is missing: install it") from error
    table = data.load_pandas().data.rename(columns={"YEAR": "year", "SUNACTIVITY": "sunspots"})
    return table.astype({"year": int})
