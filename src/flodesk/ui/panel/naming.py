"""Titles of groups and names of their tabs, edited in place while the panel is arranged."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from PySide6.QtCore import QObject, QPoint

from flodesk.flow.groups import tabs
from flodesk.ui.panel.layout.board import Board
from flodesk.ui.panel.views import Views
from flodesk.ui.tab_name import NameField


class Naming(QObject):
    """Opens a field over a title or a tab; Enter writes the new name into the flow.

    Parameters
    ----------
    say : callable
        Takes a sentence for the status bar.
    """

    def __init__(self, parent: QObject, views: Views, board: Board, say: Callable[[str], object]) -> None:
        super().__init__(parent)
        self._views = views
        self._board = board
        self._say = say
        self.field: NameField | None = None
        """The field, while a name is being edited."""

    def open_at(self, group: str, at: QPoint) -> None:
        """Edit the name of the tab at a point of a group's title, or else the title."""
        self.open(group, self._board.boxes.tab_at(group, at))

    def open(self, group: str, tab: str = "") -> None:
        """Edit the title of a group, or the name of a tab of it."""
        box = self._board.boxes.box(group)
        if box is not None and self.field is None:
            accept = partial(self._rename_tab, group, tab) if tab else partial(self._rename, group)
            area = box.room_for(tab)
            self.field = NameField(self._board.glass, tab or group, area, accept, self._left)

    def _left(self) -> None:
        self.field = None
        self._board.boxes.named()
        self._board.glass.setFocus()

    def _rename(self, old: str, new: str) -> bool:
        if new in {member.group for member in self._board.members().values()} - {old}:
            self._say(f"There is a group “{new}” on this page already: choose another title.")
            return False
        return self._named(new) and self._change(old, "", new)

    def _rename_tab(self, group: str, old: str, new: str) -> bool:
        if new in set(tabs(self._board.members(), group)) - {old}:
            self._say(f"The group “{group}” has a tab “{new}” already: choose another name.")
            return False
        return self._named(new) and self._change(group, old, new)

    def _named(self, new: str) -> bool:
        if not new:
            self._say("Type a name, or press Esc to leave it as it is.")
        return bool(new)

    def _change(self, group: str, tab: str, new: str) -> bool:
        changed = {}
        for key, card in self._board.cards.items():
            view = card.view
            if view.group == group and (not tab or view.tab == tab):
                changed[key] = replace(view, tab=new) if tab else replace(view, group=new)
        self._board.boxes.renamed(group, tab, new)
        what = f"the tab “{tab}”" if tab else f"the group “{group}”"
        self._views.change(changed, f"Rename {what} to “{new}”")
        return True
