"""How a value is told on the command line: in words, and as JSON has it."""

from __future__ import annotations

import math
from dataclasses import fields, is_dataclass
from typing import Any

from flodesk.engine.preview import preview
from flodesk.public import Indicator, Waveform


def said_of(name: str, value: Any) -> list[str]:
    """Say what a node has given; of a result with several fields each, under the name that it has as a port."""
    return [f"{name}.{field} = {_words(part)}" for field, part in _parts(value).items()] or [
        f"{name} = {_words(value)}"
    ]


def plain(value: Any) -> Any:
    """Return a value as JSON has it, of one with several fields each by its name; what JSON has not is described."""
    return {field: _bare(part) for field, part in _parts(value).items()} or _bare(value)


def _parts(value: Any) -> dict[str, Any]:
    """Return the fields of a named tuple or a dataclass; none of what is one value to those who use it."""
    if isinstance(value, tuple) and hasattr(value, "_fields"):
        return dict(zip(value._fields, value, strict=True))
    if not is_dataclass(value) or isinstance(value, type | Indicator | Waveform):
        return {}
    return {field.name: getattr(value, field.name, None) for field in fields(value)}


def _words(value: Any) -> str:
    seen = preview(value)
    return seen.text if seen.type in ("number", "truth", "text") else seen.detail


def _bare(value: Any) -> Any:
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else str(value)
    number = getattr(value, "value", None)  # of a Number that is shown
    return number if isinstance(number, int | float) and math.isfinite(number) else preview(value).detail


__all__ = ["plain", "said_of"]
