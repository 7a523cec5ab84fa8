"""The time axis of a block, which the sources have in common."""

from __future__ import annotations

from typing import Annotated

from flodesk.public import Array, Range, Unit

Block = Annotated[int, Range(0)]
Hertz = Annotated[float, Unit("Hz"), Range(0.0)]
Rate = Annotated[float, Unit("Hz"), Range(0.001)]
Count = Annotated[int, Range(1)]


def axis(block: int, samples: int, rate: float) -> tuple[Array, float]:
    """Return the sample numbers since block 0, and the distance of two samples in s.

    Raises
    ------
    ValueError
        The sample rate or the number of samples is not above 0.
    """
    import numpy

    if samples < 1:
        raise ValueError(f"a block of {samples} samples is empty: set samples to 1 or more")
    if not rate > 0.0:
        raise ValueError(f"the sample rate is {rate:g} Hz: it must be above 0 Hz")
    first = int(block) * int(samples)
    return numpy.arange(first, first + samples), 1.0 / rate
