"""Limits for a control that has none: a slider needs two ends, and its value and unit tell which ones make sense."""

from __future__ import annotations

import math
from typing import Any

from flodesk.flow.finite import is_number, make_range
from flodesk.indicators.scales import OF_UNITS, round_up
from flodesk.ui.panel.setting import Setting

LIMITED = ("slider", "knob")
"""The forms of controls that have two ends."""
_SIGNED = frozenset(("V", "A", "°C", "degC", "m", "N", "Nm", "m/s", "m/s²", "T", "Pa"))
"""Units of what is below zero as readily as above."""

_FARTHEST = 1e308
"""The last power of ten among floats."""


def first_limits(setting: Setting) -> dict[str, float | int]:
    """Return the limits that a slider or a knob is to have; only those that the setting does not have itself.

    A unit that is used within a range (a percentage, an angle) has that one as long as the value is in it; else the
    range is one of 1, 2 and 5 times a power of ten, twice as large as the value at least, and goes below zero where the
    value or its unit does. A given end is kept, and the other one follows from it; none are returned if there is
    nothing on its other side.
    """
    if setting.minimum is not None and setting.maximum is not None:
        return {}
    value = float(setting.value) if is_number(setting.value) else 0.0
    low, high = setting.minimum, setting.maximum
    natural = OF_UNITS.get(setting.unit)
    if natural is not None and natural[0] <= value <= natural[1]:
        first, last = natural
    else:
        size = min(2 * abs(value), _FARTHEST)
        reach = round_up(size) if make_range(0.0, size) else (10.0 if setting.integer else 1.0)
        below = value < 0 or (setting.unit in _SIGNED and (low is None or low < 0))
        first, last = (-reach if below else 0.0), reach
        if not make_range(first, last):  # what lies between them is no float
            first, last = (first, 0.0) if value < 0 else (0.0, last)
    if low is not None and last <= low:
        last = low + round_up(max(abs(low), 1.0))
    if high is not None and first >= high:
        first = high - round_up(max(abs(high), 1.0))
    if not make_range(first if low is None else low, last if high is None else high):
        return {}
    found: dict[str, Any] = {}
    if low is None:
        found["minimum"] = _plain(first, setting.integer)
    if high is None:
        found["maximum"] = _plain(last, setting.integer)
    return found


def _plain(limit: float, integer: bool) -> float | int:
    """Return a limit as a hand would write it."""
    if integer:
        return math.ceil(limit) if limit > 0 else math.floor(limit)
    return float(f"{limit:.6g}")
