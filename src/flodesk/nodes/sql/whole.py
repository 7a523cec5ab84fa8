"""Whole numbers of an answer, to the last digit: as floats they would lose it beyond 2⁵³."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any


def whole(values: Sequence[int | None]) -> Any:
    """Return a column of whole numbers: int64, Int64 where some are missing, and objects beyond 64 bits."""
    import pandas

    missing = any(value is None for value in values)
    try:
        return pandas.array(values, dtype="Int64" if missing else "int64")
    except OverflowError:
        return pandas.array(values, dtype="object")
