"""How large everything in the window is: text, symbols and distances together, for eyes and for far screens."""

from __future__ import annotations

import os
from collections.abc import MutableMapping

from PySide6.QtWidgets import QInputDialog, QWidget

from flodesk.ui.focus import focus_kept
from flodesk.ui.settings import settings

SIZES = (80, 90, 100, 110, 125, 150, 175, 200, 250)
"""In percent of the size that the system asks for."""
_SETTING = "size"
_FACTOR = "QT_SCALE_FACTOR"


def size() -> int:
    """Return the size that was chosen, in percent."""
    try:
        wanted = int(str(settings().value(_SETTING, 100)))
    except ValueError:
        return 100
    return wanted if wanted in SIZES else 100


def wear_size(environment: MutableMapping[str, str] = os.environ) -> None:
    """Let Qt draw everything in the size that was chosen: to be called before there is a `QApplication`.

    Who starts the program with ``QT_SCALE_FACTOR`` has chosen already.
    """
    if size() != 100:
        environment.setdefault(_FACTOR, str(size() / 100))


def ask_size(parent: QWidget) -> str:
    """Let the size be chosen; return what there is to say about it, empty if nothing was changed."""
    before = size()
    titles = [f"{percent} %" for percent in SIZES]
    with focus_kept(lambda: parent):
        title, chosen = QInputDialog.getItem(
            parent, "Size", "Text, symbols and distances, in percent:", titles, SIZES.index(before), False
        )
    now = SIZES[titles.index(title)] if chosen else before
    if now == before:
        return ""
    settings().setValue(_SETTING, now)
    return f"Everything has {now} % of its size when flodesk is started the next time."


__all__ = ["SIZES", "ask_size", "size", "wear_size"]
