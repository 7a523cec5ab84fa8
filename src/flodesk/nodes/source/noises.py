"""Noise and random walks: the same seed gives the same samples."""

from __future__ import annotations

from typing import Annotated, Literal

from flodesk.nodes.source.axis import Block, Count, Rate, axis
from flodesk.public import Range, Signal, Waveform, node

Seed = Annotated[int, Range(0)]


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

    number, dt = axis(block, samples, rate)
    if level < 0.0:
        raise ValueError(f"the noise level is {level:g}: it must be 0 or more")
    y = level * numpy.random.default_rng([seed, int(block)]).standard_normal(samples)
    return Waveform(y, dt, number[0] * dt, unit)


@node(tags=("random", "white noise", "rectangular", "dither"), pure=True)
def uniform_noise(
    block: Block,
    lower: float = -1.0,
    upper: float = 1.0,
    samples: Count = 100,
    rate: Rate = 1000.0,
    seed: Seed = 0,
    unit: str = "",
) -> Signal:
    """Make a block of white noise, all of whose values between two limits are as likely.

    Parameters
    ----------
    block : int
        Number of the block, from 0 (dimensionless).
    lower, upper : float
        Limits, in the unit of the signal.
    samples : int
        Number of samples of the block.
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
        The lower limit is above the upper one, or the sample rate or the number of samples is not above 0.

    Examples
    --------
    >>> wave = source.uniform_noise(0, lower=2.0, upper=3.0)
    >>> bool(2.0 <= wave.y.min() and wave.y.max() < 3.0)
    True
    """
    import numpy

    number, dt = axis(block, samples, rate)
    if lower > upper:
        raise ValueError(f"the lower limit {lower:g} is above the upper one {upper:g}: swap them")
    y = numpy.random.default_rng([seed, int(block), 1]).uniform(lower, upper, samples)
    return Waveform(y, dt, number[0] * dt, unit)


@node(tags=("pink noise", "brown noise", "red noise", "blue noise", "violet", "1/f", "flicker", "random"), pure=True)
def coloured_noise(
    color: Literal["white", "pink", "brown", "blue", "violet"] = "pink",
    level: Annotated[float, Range(0.0)] = 0.1,
    samples: Count = 1000,
    rate: Rate = 1000.0,
    seed: Seed = 0,
    unit: str = "",
) -> Signal:
    """Make a stretch of Gaussian noise whose power falls or rises with the frequency.

    Parameters
    ----------
    color : str
        Power over frequency: ``"white"`` the same, ``"pink"`` 1/f, ``"brown"`` 1/f², ``"blue"`` f, ``"violet"`` f².
    level : float
        Effective value of the stretch, in the unit of the signal; its mean is 0.
    samples : int
        Number of samples.
    rate : float
        Sample rate in Hz.
    seed : int
        Which noise (dimensionless): wire a count to it for another stretch each time.
    unit : str
        Unit of the samples.

    Returns
    -------
    Waveform
        Shape (samples,), from 0 s. Its end goes over into its beginning.

    Raises
    ------
    ValueError
        The level is below 0, or the sample rate or the number of samples is not above 0.

    Notes
    -----
    Reference: J. Timmer, M. König, On generating power law noise, Astron. Astrophys. 300 (1995) 707.

    Examples
    --------
    >>> round(dsp.rms(source.coloured_noise("pink", level=0.5)), 6)
    0.5
    """
    import numpy

    _, dt = axis(0, samples, rate)
    if level < 0.0:
        raise ValueError(f"the noise level is {level:g}: it must be 0 or more")
    random = numpy.random.default_rng([seed, 2])
    frequency = numpy.fft.rfftfreq(samples, dt)
    parts = numpy.fft.rfft(random.standard_normal(samples))
    slope = {"white": 0.0, "pink": -0.5, "brown": -1.0, "blue": 0.5, "violet": 1.0}[color]
    parts[1:] *= frequency[1:] ** slope
    parts[:1] = 0.0
    y = numpy.fft.irfft(parts, samples)
    power = float(numpy.sqrt(numpy.mean(y**2)))
    return Waveform(y * (level / power) if power > 0.0 else y, dt, 0.0, unit)


@node(tags=("Brownian motion", "drift", "Wiener process", "random", "stock price"), pure=True)
def random_walk(
    start: float = 0.0,
    step: Annotated[float, Range(0.0)] = 1.0,
    drift: float = 0.0,
    samples: Count = 1000,
    rate: Rate = 1000.0,
    seed: Seed = 0,
    unit: str = "",
) -> Signal:
    """Make a random walk: each sample is the one before it and a Gaussian step.

    Parameters
    ----------
    start : float
        The first sample, in the unit of the signal.
    step : float
        Standard deviation of a step, in the unit of the signal.
    drift : float
        Mean of a step, in the unit of the signal.
    samples : int
        Number of samples.
    rate : float
        Sample rate in Hz.
    seed : int
        Which walk (dimensionless).
    unit : str
        Unit of the samples.

    Returns
    -------
    Waveform
        Shape (samples,), from 0 s.

    Raises
    ------
    ValueError
        The step is below 0, or the sample rate or the number of samples is not above 0.

    Examples
    --------
    >>> source.random_walk(start=5.0, step=0.0, drift=0.5, samples=4).y
    array([5. , 5.5, 6. , 6.5])
    """
    import numpy

    _, dt = axis(0, samples, rate)
    if step < 0.0:
        raise ValueError(f"the step is {step:g}: it must be 0 or more")
    y = numpy.random.default_rng([seed, 3]).normal(drift, step, samples)
    y[0] = start
    return Waveform(numpy.cumsum(y), dt, 0.0, unit)
