"""Plots whose horizontal axes move together: those of one window that ask for it and have one unit there."""

from __future__ import annotations

import weakref
from typing import Protocol

from PySide6.QtWidgets import QWidget


class Linked(Protocol):
    """What a plot must be able to do."""

    def window(self) -> QWidget:
        """Return the window that it is in."""

    def link(self) -> str | None:
        """Return the unit of its axis; None while it goes by itself."""

    def go_to(self, left: float, right: float) -> None:
        """Show another part, as if a hand had moved it."""

    def fit_alone(self) -> None:
        """Let the axes follow the data again, and nobody else's."""


_plots: weakref.WeakSet[Linked] = weakref.WeakSet()


def join(plot: Linked) -> None:
    """Let a plot be moved by others from now on, whenever it is linked."""
    _plots.add(plot)


def others(plot: Linked) -> list[Linked]:
    """Return the plots that move along with one."""
    unit = plot.link()
    if unit is None:
        return []
    window = plot.window()
    return [one for one in _plots if one is not plot and one.link() == unit and one.window() is window]
