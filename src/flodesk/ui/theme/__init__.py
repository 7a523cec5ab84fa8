"""Looks: the colour schemes, the current one, and the style that makes Qt's own widgets wear it."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from flodesk.ui.theme.colors import DARK, LIGHT, Theme


class Current(QObject):
    """The theme in force; `changed` is emitted after it was replaced, so that painted widgets repaint.

    `family` is that of the program's font, once it has one: to ask Qt for it takes as long as to paint a word.
    """

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.theme: Theme = DARK
        self.family = ""

    def use(self, theme: Theme) -> None:
        """Replace the theme in force."""
        if theme is not self.theme:
            self.theme = theme
            self.changed.emit()


current = Current()


def theme() -> Theme:
    """Return the theme in force."""
    return current.theme


__all__ = ["DARK", "LIGHT", "Current", "Theme", "current", "theme"]
