"""Where two long rows differ: after an edit of one place among thousands only what lies around it is looked at.

Slices of tuples and lists are compared at once, and what is the very same in both is not looked into.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any


def apart(one: Sequence[Any], other: Sequence[Any]) -> tuple[slice, slice]:
    """Return which part of each of two rows (both tuples, or both lists) is not what they begin or end with alike."""
    begin = alike(one, other)
    most = min(len(one), len(other)) - begin
    low, high = 0, most
    while low < high:
        middle = (low + high + 1) // 2
        if one[len(one) - middle : len(one) - low] == other[len(other) - middle : len(other) - low]:
            low = middle
        else:
            high = middle - 1
    return slice(begin, len(one) - low), slice(begin, len(other) - low)


def alike(one: Sequence[Any], other: Sequence[Any]) -> int:
    """Return with how many items two rows (both tuples, or both lists) begin alike."""
    low, high = 0, min(len(one), len(other))
    while low < high:
        middle = (low + high + 1) // 2
        if one[low:middle] == other[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low


__all__ = ["alike", "apart"]
