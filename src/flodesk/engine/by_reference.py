"""The arrays that a value is made of: found, and others put in their place, without a copy of what stays."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any, Literal

from flodesk.engine.preview import known
from flodesk.indicators import PARTS, Indicator
from flodesk.indicators.history import Kept
from flodesk.public import Waveform

LIGHT = 256
"""What a value without arrays takes, and its place among the others, in bytes."""
_NUMBERS = frozenset(("str", "int", "float", "bool", "complex", "None"))

Each = Callable[[Any], Any]
"""Takes an array, or the samples of a history, and gives what is to be held in its place."""
_Kind = Literal["array", "signal", "record", "tuple", "plain", "other"]
_kinds: dict[type[Any], tuple[_Kind, tuple[str, ...]]] = {}
"""What is known of types: it is asked for at each value."""


class NotByReferenceError(Exception):
    """A value is no array, and holds none, that could stay where it is."""


def with_arrays(value: Any, each: Each) -> Any:
    """Return a value in which each array is what `each` gives for it; the value itself where all stay as they are.

    Raises
    ------
    NotByReferenceError
        The value is of a kind of which that is not known, as a list.
    """
    kind, _ = _kinds.get(value.__class__) or _told_of(value.__class__)
    if kind == "other" or kind == "tuple":
        raise NotByReferenceError
    return _within(value, each)


def _within(value: Any, each: Each) -> Any:
    kind, fields = _kinds.get(value.__class__) or _told_of(value.__class__)
    if kind == "array":
        if value.__class__ is not Kept and value.dtype.hasobject:
            raise NotByReferenceError
        return each(value)
    if kind == "record":
        changed: dict[str, Any] = {}
        for name in fields:
            before = getattr(value, name)
            if before is not None:
                after = _within(before, each)
                if after is not before:
                    changed[name] = after
        return dataclasses.replace(value, **changed) if changed else value
    if kind == "tuple":
        parts = [_within(part, each) for part in value]
        same = all(one is other for one, other in zip(parts, value, strict=True))
        return value if same else tuple(parts)
    if kind == "signal":
        y = each(value.y)
        return value if y is value.y else Waveform(y, value.dt, value.t0, value.unit)
    return value


def _told_of(kind: type[Any]) -> tuple[_Kind, tuple[str, ...]]:
    """Return what a type is, and which of its fields may hold arrays."""
    found: tuple[_Kind, tuple[str, ...]] = ("other", ())
    if issubclass(kind, (known("numpy", "ndarray"), Kept)):
        found = ("array", ())
    elif issubclass(kind, Waveform):
        found = ("signal", ())
    elif issubclass(kind, (Indicator, *PARTS)):
        found = ("record", _heavy_fields(kind))
    elif kind is tuple:
        found = ("tuple", ())
    elif issubclass(kind, (str, known("numpy", "generic"))):
        found = ("plain", ())
    _kinds[kind] = found
    return found


def _heavy_fields(kind: Any) -> tuple[str, ...]:
    """Return the fields of a dataclass that may hold arrays: all but those that say that they are numbers or text."""
    return tuple(
        field.name
        for field in dataclasses.fields(kind)
        if not set(str(field.type).replace(" ", "").split("|")) <= _NUMBERS
    )


__all__ = ["LIGHT", "NotByReferenceError", "with_arrays"]
