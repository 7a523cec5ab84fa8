"""Whether values fit the columns that those of the first turn have made, to the bit: what does not is refused."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import partial
from typing import Any

from flodesk.nodes._recording.columns import samples_of
from flodesk.public import Waveform

_WHOLE = 2**53
"""Up to here every whole number is one of floating point."""


def fitting(first: object, dtype: str, samples: bool) -> Callable[[Any], Any]:
    """Return what gives back a value as its column takes it.

    Parameters
    ----------
    first : object
        The value of the first turn.
    dtype, samples : str, bool
        The column that it makes, as `flodesk.nodes._recording.columns.dtype_of` says.

    Returns
    -------
    callable
        It raises `ValueError`, in words that go on after "value 1 ", for what would come back as something else.
    """
    if samples:
        unit = first.unit if isinstance(first, Waveform) else None
        return partial(_samples, samples_of(first).dtype.newbyteorder("="), unit)
    return {"int64": _whole, "float64": _number, "str": text}.get(dtype, _as_it_is)


def checked(number: int, fits: Callable[..., Any], *given: Any) -> Any:
    """Return what `fits` makes of a value; what it raises says which value that was, counted from 1."""
    try:
        return fits(*given)
    except ValueError as error:
        raise ValueError(f"value {number} {error}") from error


def unit_kept(value: Waveform, unit: str) -> None:
    """Raise `ValueError` for a signal in another unit than the first, or at no time: its file says both once."""
    if value.unit != unit:
        raise ValueError(
            f"is in {value.unit or 'no unit'} where {unit or 'no unit'} came before: convert it, or record it apart"
        )
    if not (math.isfinite(value.t0) and math.isfinite(value.dt)):
        raise ValueError(f"begins at {value.t0:g} s with a sample every {value.dt:g} s: give it a time")


def text(value: str) -> str:
    """Return a text; raise `ValueError` for one that UTF-8 cannot hold."""
    if not value.isascii():
        try:
            value.encode("utf-8")
        except UnicodeEncodeError as error:
            raise ValueError(
                f"is a text with half a character (number {error.start + 1}, {value[error.start]!a}), which no file "
                "can hold: decode it with errors='replace'"
            ) from error
    return value


def _as_it_is(value: Any) -> Any:
    return value


def _whole(value: Any) -> Any:
    if not -(2**63) <= value < 2**63:
        raise ValueError(f"is {value}, which 64 bits cannot hold: record it as a text")
    return value


def _number(value: Any) -> Any:
    value = value.item() if hasattr(value, "item") else value
    if isinstance(value, float):
        return value
    if not -_WHOLE <= value <= _WHOLE and not _exact(int(value)):
        raise ValueError(f"is {value}, which the numbers before it cannot hold to the last digit: record it apart")
    return float(value)


def _exact(value: int) -> bool:
    try:
        return int(float(value)) == value
    except OverflowError:
        return False


def _samples(dtype: Any, unit: str | None, value: Any) -> Any:
    import numpy

    array = value
    if isinstance(value, Waveform):
        if unit is None:
            raise ValueError("is a signal where an array came before: record it apart")
        unit_kept(value, unit)
        array = value.y
    elif unit is not None:
        raise ValueError("is an array where a signal came before, which has a time: record it apart")
    if array.ndim != 1:
        raise ValueError(f"is an array of shape {array.shape}: wire rows of numbers")
    if array.dtype == dtype:
        return value
    if not numpy.can_cast(array.dtype, dtype, "safe"):
        raise ValueError(
            f"has samples of {array.dtype.name} where {dtype.name} came before, which cannot hold them: make them "
            "alike, or record it apart"
        )
    if dtype.kind == "f" and array.dtype.kind in "iu" and array.dtype.itemsize == dtype.itemsize == 8:
        odd = next((n for n in array[(array > _WHOLE) | (array < -_WHOLE)].tolist() if not _exact(n)), None)
        if odd is not None:
            raise ValueError(f"has {odd}, which {dtype.name} cannot hold to the last digit: record it apart")
    array = array.astype(dtype)
    return Waveform(array, value.dt, value.t0, value.unit) if isinstance(value, Waveform) else array
