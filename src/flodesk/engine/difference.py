"""What is different between two values of one port."""

from __future__ import annotations

from typing import Any

from flodesk.engine.preview import known
from flodesk.public import Waveform

NONE = object()
"""There is no difference to compute: they are not of one kind, or not of one size."""


def difference(first: Any, second: Any) -> Any:
    """Return `second` minus `first` where that means something; else True or False for whether they are equal."""
    try:
        return _difference(first, second)
    except Exception:  # noqa: BLE001 - a foreign class may raise in anything that it is asked
        return NONE


def _difference(first: Any, second: Any) -> Any:
    if isinstance(first, Waveform) and isinstance(second, Waveform):
        if first.dt != second.dt:
            return NONE
        found = _difference(first.y, second.y)
        return found if found is NONE else Waveform(found, second.dt, second.t0, second.unit)
    arrays = known("numpy", "ndarray")
    if isinstance(first, arrays) and isinstance(second, arrays):
        if first.shape != second.shape or first.dtype.kind not in "iufbc" or second.dtype.kind not in "iufbc":
            return NONE
        wide = [value.astype(float) if value.dtype.kind in "biu" else value for value in (first, second)]
        return wide[1] - wide[0]
    tables = known("pandas", "DataFrame")
    if isinstance(first, tables) and isinstance(second, tables):
        same = first.shape == second.shape and list(first.columns) == list(second.columns)
        if not same:
            return NONE
        numbers = first.select_dtypes("number").columns
        return second[numbers] - first[numbers]
    if isinstance(first, bool) or isinstance(second, bool) or not _number(first) or not _number(second):
        return bool(first == second) if type(first) is type(second) else NONE
    return second - first


def _number(value: Any) -> bool:
    return isinstance(value, (int, float, complex, known("numpy", "generic")))


__all__ = ["NONE", "difference"]
