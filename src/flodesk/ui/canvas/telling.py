"""Items that tell their scene when they look different or are elsewhere: others paint, or follow, for them."""

from __future__ import annotations

from typing import Any

from PySide6.QtWidgets import QGraphicsItem


def tell(item: QGraphicsItem, what: str) -> None:
    """Tell the scene of an item, if it has one that wants to know: ``"touched"``, ``"moved"`` or ``"gone"``."""
    hear = getattr(item.scene(), what, None)
    if hear is not None:
        hear(item)


def update(item: QGraphicsItem, *area: Any) -> None:
    """Paint an item anew, whoever does; as its method `update`.

    No base class has it: a second base between two of Qt's makes Shiboken crash.
    """
    QGraphicsItem.update(item, *area)
    tell(item, "touched")


def take_out(item: QGraphicsItem) -> None:
    """Take an item from its parent and its scene, whichever it has: what Python holds goes once, and by Python."""
    scene = item.scene()
    item.setParentItem(None)  # type: ignore[arg-type]  # PySide's stubs forbid what Qt allows
    if scene is not None:
        scene.removeItem(item)


__all__ = ["take_out", "tell", "update"]
