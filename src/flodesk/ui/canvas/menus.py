"""The context menus of a card, a wire, and the ground."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeAlias

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QMenu, QWidget

Entry: TypeAlias = "tuple[str, str, Callable[[], object] | Sequence[Entry]] | None"
"""Title, shortcut to show, what it does or the entries of a menu below; None is a line."""


def pop_up(parent: QWidget, at: QPoint, entries: Sequence[Entry]) -> QMenu:
    """Open a menu at a place of the screen and return it; it goes away with its last use."""
    menu = QMenu(parent)
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    _fill(menu, entries)
    menu.popup(at)
    return menu


def _fill(menu: QMenu, entries: Sequence[Entry]) -> None:
    for entry in entries:
        if entry is None:
            menu.addSeparator()
            continue
        title, shortcut, verb = entry
        if not callable(verb):
            _fill(menu.addMenu(title), verb)
            continue
        action = menu.addAction(f"{title}\t{shortcut}" if shortcut else title)
        action.triggered.connect(lambda _=False, verb=verb: verb())
