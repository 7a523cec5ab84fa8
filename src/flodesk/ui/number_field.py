"""A field for a whole number, whose text stands as far from its border as that of other fields."""

from __future__ import annotations

from PySide6.QtWidgets import QSpinBox


class NumberField(QSpinBox):
    """A spin box from one number to another.

    Parameters
    ----------
    name : str
        What a screen reader calls it.
    """

    def __init__(self, name: str, least: int = 0, most: int = 99) -> None:
        super().__init__()
        self.setRange(least, most)
        self.setAccessibleName(name)
        self.lineEdit().setTextMargins(6, 0, 0, 0)  # padding in the style sheet does not reach its text


__all__ = ["NumberField"]
