"""Zones that warn: as a view says them, and the colours that they have."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flodesk.indicators import Zone
from flodesk.ui.theme import theme

_BOUNDS = ("warning_below", "warning_above", "alarm_below", "alarm_above")


def zones_of(options: Mapping[str, Any]) -> tuple[Zone, ...]:
    """Return the zones that the options of a view speak of."""
    return Zone.around(**{name: options[name] for name in _BOUNDS if name in options})


def zone_ink(zone: Zone) -> str:
    """Return the colour of a zone."""
    return theme().error if zone.level == "alarm" else theme().warning
