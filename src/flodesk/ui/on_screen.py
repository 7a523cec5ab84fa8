"""Windows are where they can be seen: within the screen, as far as it is large enough."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, QSize
from PySide6.QtWidgets import QWidget

TITLE_BAR = 36
"""Height in pixels that the system's title bar is thought to have, above what a window knows of itself."""
_STEP = 32
"""How far a new window stands from the one that it was opened from, in pixels."""


def fitted(place: QPoint, size: QSize, room: QRect, least: QSize) -> QRect:
    """Return a box of that size at that place, moved into `room`, and made smaller if it must be.

    The title bar is above the box: some of the room is kept for it.
    """
    room = room.adjusted(0, TITLE_BAR, 0, 0)
    size = size.boundedTo(room.size()).expandedTo(least)
    x = max(room.left(), min(place.x(), room.right() + 1 - size.width()))
    y = max(room.top(), min(place.y(), room.bottom() + 1 - size.height()))
    return QRect(QPoint(x, y), size)


def beside(place: QPoint, size: QSize, room: QRect, least: QSize) -> QRect:
    """Return the box of a new window, a step away from one at that place; one that fills the screen leaves an edge."""
    step = QPoint(_STEP, _STEP)
    box = fitted(place + step, size, room, least)
    if (box.topLeft() - place).manhattanLength() < _STEP:
        box = fitted(place + step, size - QSize(_STEP, _STEP), room, least)
    return box


def keep_on_screen(window: QWidget) -> None:
    """Put a window that is not maximized where all of it can be seen."""
    if not window.isMaximized() and not window.isFullScreen():
        room = window.screen().availableGeometry()
        box = fitted(window.geometry().topLeft(), window.size(), room, window.minimumSize())
        if box != window.geometry():
            window.setGeometry(box)


__all__ = ["TITLE_BAR", "beside", "fitted", "keep_on_screen"]
