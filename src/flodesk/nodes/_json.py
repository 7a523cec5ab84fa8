"""Values as text in JSON, with words for what it cannot hold."""

from __future__ import annotations

from typing import Any


def as_json(value: Any, indent: int | None = None) -> str:
    """Write a value as JSON: arrays and numbers of NumPy as lists and numbers.

    Raises
    ------
    ValueError
        The value, or one in it, is nothing that JSON can hold: a table, NaN, an infinity.
    """
    import json

    try:
        return json.dumps(value, indent=indent, ensure_ascii=False, allow_nan=False, default=_plain)
    except (TypeError, ValueError, RecursionError) as error:
        raise ValueError(
            f"this cannot be written as JSON ({error}): make plain numbers, texts and lists of it"
        ) from error


def _plain(value: Any) -> Any:
    if hasattr(value, "tolist") and hasattr(value, "dtype") and hasattr(value, "ndim") and not hasattr(value, "iloc"):
        return value.tolist()
    raise TypeError(f"{type(value).__name__} is no value of JSON")
