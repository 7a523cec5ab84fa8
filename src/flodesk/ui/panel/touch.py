"""A panel that fingers work on: rows and targets are high enough for them."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

FINGER = 44
"""Least width and height in pixels of what a finger is to hit."""
TOUCH = "touch"
"""The property of the widget around it all, by which the style sheet knows such a panel, too."""


def on_touch(widget: QWidget) -> bool:
    """Return whether a widget is to be touched by fingers: something around it has the property."""
    around: QWidget | None = widget
    while around is not None:
        if around.property(TOUCH):
            return True
        around = around.parentWidget()
    return False


def reach(widget: QWidget, usual: int) -> int:
    """Return the width or height in pixels of something in `widget` that is hit by a hand: `usual`, or a finger's."""
    return max(usual, FINGER) if on_touch(widget) else usual


__all__ = ["FINGER", "TOUCH", "on_touch", "reach"]
