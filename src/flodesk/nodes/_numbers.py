"""What a node that measures takes for samples: NumPy alone would read `None` as "not a number" and go on."""

from __future__ import annotations

from typing import Any

from flodesk.public import Waveform


def numbers(value: Any, name: str) -> Any:
    """Return samples as a float array; a gap (`None`) among them is NaN.

    Parameters
    ----------
    value : Waveform or Array
        Samples.
    name : str
        The parameter that they are of, for the message.

    Raises
    ------
    TypeError
        There is nothing, or it is no row of numbers.
    """
    import numpy

    samples = value.y if isinstance(value, Waveform) else value
    if samples is None:
        raise TypeError(f"{name} is None: there is nothing to measure. See that the node before it returns something")
    try:
        return numpy.asarray(samples, dtype=float)
    except ValueError as error:
        raise TypeError(f"{name} is {type(samples).__name__} and cannot be read as numbers: {error}") from error
