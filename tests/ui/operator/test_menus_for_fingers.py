"""The menus of an app for fingers, and those below them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QMenu

from flodesk.ui.operator import Operator, Wishes
from flodesk.ui.panel.touch import FINGER


def low(menu: QMenu) -> list[str]:
    """Open a menu and those below it; return the entries that a finger would miss."""
    menu.popup(QPoint(0, 0))
    entries = [action for action in menu.actions() if not action.isSeparator()]
    assert entries
    found = [entry.text() for entry in entries if menu.actionGeometry(entry).height() < FINGER]
    for below in filter(None, (entry.menu() for entry in entries)):
        assert isinstance(below, QMenu)
        found += low(below)
    menu.close()
    return found


def test_entries_of_all_menus_are_high_enough(open_app: Callable[..., Operator], oven: Path) -> None:
    operator = open_app(oven, wishes=Wishes(touch=True))
    assert low(operator.bar.menu) == []
    for card in operator.panel.board.cards.values():
        assert low(card.menu()) == []
