"""Which calls give something to be shown, known from the annotation before anything runs."""

from __future__ import annotations

from typing import Any, get_type_hints

from flodesk.public import Indicator


def gives_indicator(target: Any) -> bool:
    """Return whether a function says that it returns an indicator: its newest one is what a run has to show."""
    if isinstance(target, type):
        return issubclass(target, Indicator)
    if "return" not in getattr(target, "__annotations__", {}):
        return False
    try:
        hint = get_type_hints(target)["return"]
    except Exception:  # noqa: BLE001 - annotations of foreign functions may name anything
        return False
    return isinstance(hint, type) and issubclass(hint, Indicator)
