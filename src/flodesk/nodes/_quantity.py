"""What nodes that calculate work on: numbers, arrays and signals, and what is said of all else."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from flodesk.public import Waveform


def quantity(value: Any, name: str = "value") -> Any:
    """Return a number, a signal or an array as it is, and a list as an array.

    Raises
    ------
    TypeError
        It is nothing that can be calculated with.
    """
    import numpy

    if isinstance(value, Waveform | int | float | complex):
        return value
    if value is None or isinstance(value, str | bytes | dict):
        raise TypeError(f"{name} is {_called(value)}: give a number, an array or a signal")
    array = numpy.asarray(value)
    if array.dtype.kind not in "biufc":
        raise TypeError(f"{name} is {_called(value)} of {array.dtype}: give a number, an array or a signal")
    return array


def samples(value: Any, name: str = "values") -> Any:
    """Return the values of a signal, an array or a list as an array, a number as one of shape ().

    Raises
    ------
    TypeError
        It is nothing that can be calculated with.
    """
    import numpy

    known = quantity(value, name)
    return numpy.asarray(known.y if isinstance(known, Waveform) else known)


def along(value: Any, name: str = "values") -> Any:
    """Return values that lie one after the other, as an array of shape (..., n) with n above 0.

    Raises
    ------
    TypeError
        It is nothing that can be calculated with.
    ValueError
        It is a single number, or empty.
    """
    array = samples(value, name)
    if array.ndim == 0:
        raise ValueError(f"{name} is a single number: give an array or a signal")
    if array.size == 0:
        raise ValueError(f"{name} is empty: give at least one value")
    return array


def like(value: Any, result: Any, unit: str | None = None) -> Any:
    """Return new samples on the time axis of the value if that is a signal, else as they are."""
    return value.with_y(result, unit) if isinstance(value, Waveform) else result


def on_each(function: Callable[..., Any], value: Any, problem: str) -> Any:
    """Apply a NumPy function to a number, or to each value of an array or signal.

    Where there is no answer, an array or signal has NaN or an infinity at that place.

    Raises
    ------
    TypeError
        It is nothing that can be calculated with.
    ValueError
        There is no answer for the one number: what `problem` says.
    """
    import numpy

    known = quantity(value)
    with numpy.errstate(all="ignore"):
        result = function(known)
    if numpy.ndim(known) == 0 and not numpy.isfinite(result) and numpy.isfinite(known):
        raise ValueError(f"the value is {known:g}: {problem}")
    return result


def single(value: Any, name: str) -> float:
    """Return the one number that a value is, or say what to do if it is many.

    Raises
    ------
    ValueError
        It is several values.
    """
    import numpy

    array = numpy.asarray(value)
    if array.size != 1:
        raise ValueError(f"{name} holds {array.size} values: take one of them first, by mean, rms or peak")
    return float(array.reshape(()))


def plain(number: Any) -> Any:
    """Return one number of NumPy as Python's own: a float, or a complex number."""
    return complex(number) if number.dtype.kind == "c" else float(number)


def finite(value: float, name: str) -> float:
    """Return a number that is neither infinite nor NaN.

    Raises
    ------
    ValueError
        It is one of these.
    """
    if not math.isfinite(value):
        raise ValueError(f"{name} is {value}: give a finite number")
    return float(value)


def _called(value: Any) -> str:
    return "None" if value is None else f"a {type(value).__name__}"


def choose(condition: Any, then: Any, otherwise: Any) -> Any:
    """Choose between two values, place by place; the time axis of signals is kept.

    Raises
    ------
    TypeError
        One is nothing that can be calculated with.
    ValueError
        Rates, lengths, shapes or units do not fit.
    """
    import numpy

    parts = [quantity(condition, "condition"), quantity(then, "then"), quantity(otherwise, "otherwise")]
    waves = [part for part in parts if isinstance(part, Waveform)]
    for other in waves[1:]:
        waves[0].check_axis(other)
    units = sorted({part.unit for part in parts[1:] if isinstance(part, Waveform) and part.unit})
    if len(units) > 1:
        raise ValueError(f"{units[0]} and {units[1]} do not go together in one signal: convert one of the two")
    chosen = numpy.where(*(part.y if isinstance(part, Waveform) else part for part in parts))
    if not waves:
        return chosen if chosen.ndim else chosen[()]
    return waves[0].with_y(chosen, units[0] if units else "")
