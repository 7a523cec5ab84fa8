"""Menus that are made of a list: those of the canvas, of what is dropped on the panel, and of what is wrong."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeAlias

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction, QMouseEvent
from PySide6.QtWidgets import QLabel, QMenu, QWidget, QWidgetAction

from flodesk.ui.commands.keymap import keymap

Entry: TypeAlias = "tuple[str, str, Callable[[], object] | Sequence[Entry]] | None"
"""Title, shortcut to show, what it does or the entries of a menu below (none: it is a heading); None is a line."""
BESIDE = 12
"""Pixels between the mouse and a menu that has no room below it."""
WIDTH = 360
"""Of words above the entries of a menu, in pixels."""


def pop_up(
    parent: QWidget, at: QPoint, entries: Sequence[Entry], words: str = "", *, first: bool = False, under: bool = False
) -> QMenu:
    """Open a menu at a place of the screen and return it; it goes away with its last use.

    With some `words` above its entries it is an answer: its first entry is the one that Enter takes, as it is in one
    that was opened by a key (`first`). With `under` that entry lies under the mouse, too: a click takes it. Where the
    screen ends below it stands beside the mouse, in the same order: what fits best is always uppermost.
    """
    menu = _AtHand(parent) if under else QMenu(parent)
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    if words:
        above = QWidgetAction(menu)
        label = QLabel(words)
        label.setWordWrap(True)
        label.setProperty("role", "muted")
        label.setContentsMargins(12, 6, 12, 6)
        label.setFixedWidth(WIDTH)
        label.setFixedHeight(label.heightForWidth(WIDTH))
        above.setDefaultWidget(label)
        above.setEnabled(False)
        menu.addAction(above)
        menu.setAccessibleDescription(words)
        menu.addSeparator()
    fill(menu, entries)
    best = _first(menu.actions())
    if under:
        box, room = menu.actionGeometry(best), parent.screen().availableGeometry()
        corner = at - box.topLeft() - QPoint(min(40, box.width() // 4), box.height() // 2)
        size = menu.sizeHint()
        if corner.y() + size.height() > room.bottom() + 1:  # Qt would push it up, and another entry below the mouse
            right = at.x() + BESIDE + size.width() <= room.right() + 1
            left = at.x() + BESIDE if right else at.x() - BESIDE - size.width()
            corner = QPoint(left, max(room.bottom() + 1 - size.height(), room.top()))
        menu.popup(corner)
    else:
        menu.popup(at)
    if words or first or under:  # now that it is open: a menu that opens chooses nothing
        menu.setActiveAction(best)
    return menu


def _first(actions: Sequence[QAction]) -> QAction:
    """Return the first entry that can be taken: words and headings are none."""
    return next((action for action in actions if action.isEnabled() and not action.isSeparator()), actions[0])


class _AtHand(QMenu):
    """Takes a click of a mouse that has not moved since it opened: Qt's own menu only closes then."""

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take the entry under the mouse."""
        action = self.actionAt(event.position().toPoint())
        if action is not None and action.isEnabled() and action.menu() is None:
            self.close()
            action.trigger()
        else:
            super().mousePressEvent(event)


def emptied(menu: QMenu) -> QMenu:
    """Take all entries out of a menu that is filled anew, and the menus below it, which `clear` leaves behind."""
    below = [action.menu() for action in menu.actions()]
    menu.clear()
    for other in below:
        if isinstance(other, QMenu) and other.parent() is menu:
            other.deleteLater()
    return menu


def fill(menu: QMenu, entries: Sequence[Entry]) -> None:
    """Add entries to a menu."""
    for entry in entries:
        if entry is None:
            menu.addSeparator()
            continue
        title, shortcut, verb = entry
        if not callable(verb) and not verb:
            menu.addSection(title)
            continue
        if not callable(verb):
            fill(menu.addMenu(title), verb)
            continue
        shown = keymap.now(shortcut)
        action = menu.addAction(f"{title}\t{shown}" if shown else title)
        action.triggered.connect(lambda _=False, verb=verb: verb())
