"""The context menus of arranging: of what is selected, of a group, of the empty ground."""

from __future__ import annotations

from collections.abc import Callable, Collection
from functools import partial

from PySide6.QtCore import QObject, QPoint, Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu

from flodesk.flow.aligning import ALIGNMENTS
from flodesk.flow.groups import tabs, whole
from flodesk.ui.panel.arranging import Arranging
from flodesk.ui.panel.layout.arrange_keys import VERBS
from flodesk.ui.panel.layout.board import Board
from flodesk.ui.panel.new_view import offer
from flodesk.ui.panel.views import Views

_COPYING = {
    "cut": ("Cut", "Put what is selected on the clipboard and take it off the panel"),
    "copy": ("Copy", "Put what is selected on the clipboard, as lines of the flow's header"),
    "paste": ("Paste", "Put the views of the clipboard on this page"),
    "duplicate": ("Duplicate", "Show what is selected a second time"),
}


class ArrangeMenu(QObject):
    """Opens them where the board asks for one.

    Parameters
    ----------
    offer_pages : callable
        Lists the pages that views can go to in a menu.
    """

    def __init__(
        self,
        arranging: Arranging,
        views: Views,
        board: Board,
        offer_pages: Callable[[Collection[str], QMenu], None],
    ) -> None:
        super().__init__(arranging)
        self._arranging = arranging
        self._views = views
        self._board = board
        self._offer_pages = offer_pages
        board.glass.menu_wanted.connect(self.open)
        board.menu_wanted.connect(self.open)

    def open(self, at: QPoint, place: QPoint) -> None:
        """Open the menu of what is selected, or of the ground at a point of the board, at a point of the screen."""
        if self._views.locked:
            return
        menu = self.of_ground(place) if not self._arranging.keys else self.of_selection(place)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(at)

    # -------------------------------------------------------------- what is selected
    def of_selection(self, place: QPoint) -> QMenu:
        """Return the menu of what is selected: of a single view all that its card offers, too.

        Of several, and of a group, it has what the card at the point offers below the name of that card.
        """
        keys = self._arranging.keys
        single = len(keys) == 1
        menu = self._board.cards[keys[0]].menu() if single else QMenu(self._board)
        menu.setToolTipsVisible(True)
        remove = menu.actions()[-1] if single else None
        if single:
            _without_keys(menu)
            menu.addSeparator()
        else:
            self._one_of_them(menu, place)
        self._copying(menu, place)
        self._aligning(menu)
        self._grouping(menu)
        menu.addSeparator()
        if not single:
            self._offer_pages(keys, menu)
        if remove is not None:
            menu.removeAction(remove)
            menu.addAction(remove)
        else:
            count = f"{len(keys)} views" if len(keys) > 1 else "the view"
            remove = self._verb(menu, "remove", f"Remove {count} from panel", "What they show stays in the flow")
        remove.setShortcut(QKeySequence(VERBS["remove"][0]))
        return menu

    def _one_of_them(self, menu: QMenu, place: QPoint) -> None:
        """Add what the view at a point of the board offers by itself, if there is one."""
        seen = self._board.seen()
        found = (self._board.cards[key] for key in self._arranging.keys if key in seen)
        card = next((card for card in found if card.geometry().contains(place)), None)
        if card is not None:
            own = card.menu()
            own.setParent(menu, own.windowFlags())  # it goes with this one
            own.setTitle(f"Only “{card.title}”")
            _without_keys(own)
            menu.addMenu(own)
            menu.addSeparator()

    def _group(self) -> str:
        """Return the group that is selected as a whole; empty if there is none."""
        title = self._arranging.selected.group
        return title if title in whole(self._board.members(), self._arranging.keys) else ""

    def _verb(self, menu: QMenu, verb: str, title: str, tip: str = "") -> QAction:
        action = menu.addAction(title, self._arranging.verbs[verb])
        action.setShortcut(QKeySequence(VERBS[verb][0]))
        action.setToolTip(tip)
        action.setEnabled(self._arranging.possible(verb))
        return action

    def _copying(self, menu: QMenu, place: QPoint) -> None:
        for verb, (title, tip) in _COPYING.items():
            action = self._verb(menu, verb, title, tip)
            if verb == "paste":
                action.triggered.disconnect()
                action.triggered.connect(partial(self._paste_at, place))

    def _paste_at(self, place: QPoint, _: bool = False) -> None:
        self._arranging.paste(self._board.metrics().cell_at(place.x(), place.y()))

    def _aligning(self, menu: QMenu) -> None:
        if not any(self._arranging.possible(name) for name in ALIGNMENTS):
            return
        menu.addSeparator()
        lines = menu.addMenu("Align")
        lines.setToolTipsVisible(True)
        for name, how in ALIGNMENTS.items():
            if name in ("wide", "across"):
                lines.addSeparator()
            self._verb(lines, name, how.title, how.tip)

    # -------------------------------------------------------------- groups
    def _grouping(self, menu: QMenu) -> None:
        menu.addSeparator()
        group = self._group()
        if not group:
            self._verb(menu, "group", "Group", "Put a titled box round what is selected, which moves as one")
        if self._arranging.possible("as_tabs"):
            self._verb(menu, "as_tabs", "Lay on tabs", "Put what is selected in one place, on a tab each")
        if self._arranging.possible("ungroup"):
            self._verb(menu, "ungroup", "Ungroup" if group else "Take out of the group")
        title = self._arranging.selected.group
        if not title:
            return
        known = tabs(self._board.members(), title)
        if group:
            self._verb(menu, "rename", "Rename the group…", "Or double-click its title")
        else:
            self._tabs(menu.addMenu("Tab"), known)
        if len(known) > 1:
            shown = known.index(self._board.shown_tabs()[title])
            self._verb(menu, "tab_left", "Move the tab left").setEnabled(shown > 0)
            self._verb(menu, "tab_right", "Move the tab right").setEnabled(shown < len(known) - 1)
        if known:
            menu.addAction("Take the tabs out", self._arranging.groups.without_tabs).setToolTip(
                "Lay what is on them below one another"
            )

    def _tabs(self, menu: QMenu, known: tuple[str, ...]) -> None:
        members, keys = self._board.members(), self._arranging.keys
        on = {members[key].tab for key in keys}
        for tab in known:
            action = menu.addAction(tab, partial(self._arranging.groups.to_tab, tab))
            action.setCheckable(True)
            action.setChecked(on == {tab})
        menu.addAction("New tab…", self._arranging.groups.to_new_tab)
        if known:
            menu.addSeparator()
            every = menu.addAction("On every tab", partial(self._arranging.groups.to_tab, ""))
            every.setCheckable(True)
            every.setChecked(on == {""})

    # -------------------------------------------------------------- the ground
    def of_ground(self, place: QPoint) -> QMenu:
        """Return the menu of the empty ground."""
        menu = QMenu(self._board)
        menu.setToolTipsVisible(True)
        paste = menu.addAction("Paste", partial(self._paste_at, place))
        column, row = self._board.metrics().cell_at(place.x(), place.y())
        listed = menu.addMenu("Add view")
        offer(listed, self._views.graphs, self._views.available(), partial(self._add, column, row))
        if self._board.glass.isVisible():
            paste.setShortcut(QKeySequence(VERBS["paste"][0]))
            everything = self._verb(menu, "select_all", "Select all")
            everything.setEnabled(bool(self._board.cards))
            menu.addSeparator()
            menu.addAction("End arranging", self._arranging.toggle)
        else:
            menu.addSeparator()
            menu.addAction("Arrange", self._arranging.toggle).setToolTip("Move, resize and remove views")
        return menu

    def _add(self, column: int, row: int, node: str) -> None:
        self._views.add(node, column, row)


def _without_keys(menu: QMenu) -> None:
    """Take the keys off the entries of a card: they are for arranging now, also those that the view has else."""
    for action in menu.actions():
        action.setShortcut(QKeySequence())
