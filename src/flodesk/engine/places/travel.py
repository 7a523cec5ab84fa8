"""What can go from one process to another, and what stays where it was made."""

from __future__ import annotations

from typing import Any

from flodesk.engine.codec import CodecError, encode
from flodesk.engine.plan import Item, Plan


class Away:
    """What stands in a variable whose object is elsewhere."""

    def __init__(self, name: str, place: str) -> None:
        self.name = name
        self.place = place

    def __repr__(self) -> str:
        return f"<{self.name}, in the place {self.place}>"


def stays(plan: Plan, item: Item) -> bool:
    """Return whether an item makes an object with state: it stays where it was made, and its calls go there."""
    if item.kind != "make":
        return False
    kind = item.target
    used = any(other.kind == "use" and other.owner in item.binds for other in plan.items.values())
    return used or hasattr(kind, "close") or "__call__" in kind.__dict__ or hasattr(kind, "add")


def cannot_travel(name: str, error: CodecError) -> str:
    """Say which value cannot travel, and what to do."""
    return f"“{name}” cannot travel between processes: {error}. Or run the node and what reads it in one place"


def why_not(name: str, value: Any) -> str:
    """Say why a value cannot travel; empty if it can."""
    if isinstance(value, Away):
        return f"“{name}” is an object that stays where it was made: run what takes it in the same place"
    try:
        encode(value, with_models=True)
    except CodecError as error:
        return cannot_travel(name, error)
    return ""
