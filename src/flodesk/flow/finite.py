"""Which numbers can be calculated with, and which two can be the ends of something to be turned or read off."""

from __future__ import annotations

import math
import sys
from typing import Any, TypeGuard

_LEAST = 1e6 * sys.float_info.min
"""Below this span a part of it is no number of full accuracy."""


def is_finite(value: float) -> bool:
    """Say whether a number is one that can be calculated with: no infinity, and no whole number beyond all floats."""
    try:
        return math.isfinite(value)
    except OverflowError:
        return False


def is_number(value: Any) -> TypeGuard[int | float]:
    """Say whether what a file or a hand gave is a finite number; a truth value is none."""
    return isinstance(value, int | float) and not isinstance(value, bool) and is_finite(value)


def make_range(minimum: float, maximum: float) -> bool:
    """Say whether there is something between two ends: what lies between them is finite, and not next to nothing."""
    if not (is_finite(minimum) and is_finite(maximum)):
        return False
    return _LEAST <= float(maximum) - float(minimum) < math.inf
