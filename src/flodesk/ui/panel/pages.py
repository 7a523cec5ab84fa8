"""The pages of the panel: which of them is shown, and the hand's way to add, rename, order and remove them.

Which page is shown is no part of the flow; which there are, and in which order, is.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace
from functools import partial

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QMenu

from flodesk.flow.cells import Cells, cells_of_page, free_place, placed
from flodesk.flow.document import Change, Document
from flodesk.flow.edit import Edit, Many, SetPages, SetView, each_edit, pages
from flodesk.flow.groups import Member, joined, landed, taken_on_page, whole
from flodesk.flow.model import Flow, View
from flodesk.ui.panel.views import Views

UNNAMED = "Main"
"""What the page without a name is called."""
ANOTHER = " (another)"
"""What is added to the name of a page that reads like one before it."""


def titles(names: Iterable[str]) -> dict[str, str]:
    """Return what pages are called on the screen; no two are called the same.

    The one without a name is the first to be called so: what a file calls the same beside it is “Main (another)”.
    """
    found: dict[str, str] = {}
    for name in sorted(names, key=bool):  # the one without a name first
        title = name or UNNAMED
        while title in found.values():
            title += ANOTHER
        found[name] = title
    return found


class Pages(QObject):
    """Knows the pages of the open flow, and which of them a panel shows.

    Parameters
    ----------
    views : Views
        Does the edits, and puts new views on the page that is shown.
    only : str, optional
        The one page that this panel shows, whatever the others are; by default it turns from page to page.

    Attributes
    ----------
    names : tuple of str
        The pages in their order.
    shown : str
        The one that is shown.
    """

    changed = Signal()
    """There are other pages now, or another one is shown."""
    turned = Signal(str)
    """Another page is shown than the one that is named."""
    said = Signal(str)
    """A sentence for the status bar."""
    renamed = Signal(str, str)
    """The page that is shown has another name: the old one and the new one."""
    gone = Signal()
    """The only page of this panel is no more."""

    def __init__(self, parent: QObject, document: Document, views: Views, only: str | None = None) -> None:
        super().__init__(parent)
        self._document = document
        self._views = views
        self._header = document.flow.header
        self.alone = only is not None
        self.names = pages(document.flow)
        self.shown = only if only is not None else self.names[0]
        views.page = self.shown

    def title(self, name: str) -> str:
        """Return what a page is called on the screen."""
        return titles(dict.fromkeys((*self.names, name)))[name]

    @property
    def several(self) -> bool:
        """Whether there are pages to choose from."""
        return len(self.names) > 1 and not self.alone

    @property
    def tabbed(self) -> bool:
        """Whether the pages have tabs: not while there is only the one without a name."""
        return self.names != ("",) and not self.alone

    # -------------------------------------------------------------- follow the flow
    def follow(self, change: Change | None = None) -> None:
        """Take in which pages there are now. A page that an undo brings back is shown."""
        flow = self._document.flow
        opened = change is not None and change.kind == "open" and not change.again
        if flow.header is self._header and not opened:
            return
        self._header = flow.header
        before, self.names = self.names, pages(flow)
        if opened and not self.alone:
            self._show(self.names[0])
            return
        back = [name for name in self.names if name not in before] if change and change.kind in ("undo", "redo") else []
        if self.shown not in self.names:
            self._show_instead(before)
        elif len(back) == 1 and len(self.names) > len(before) and not self.alone:
            self._show(back[0])
        elif self.names != before:
            self.changed.emit()

    def _show_instead(self, before: tuple[str, ...]) -> None:
        """Go along with the new name of the page that is shown; of one that is gone, to the one in its place."""
        at = before.index(self.shown) if self.shown in before else 0
        there = self.names[min(at, len(self.names) - 1)]
        if len(before) == len(self.names) and there not in before:
            old = self.shown
            self._show(there)
            self.renamed.emit(old, there)
        elif self.alone:
            self.gone.emit()
        else:
            self._show(there)

    def _show(self, name: str) -> None:
        before, self.shown = self.shown, name
        self._views.page = name
        if before in self.names:
            self.turned.emit(before)
        self.changed.emit()

    # -------------------------------------------------------------- turn
    def turn(self, name: str) -> None:
        """Show a page."""
        if name in self.names and name != self.shown and not self.alone:
            self._show(name)

    def turn_to_view(self, function: str, view: str) -> None:
        """Show the page that a view stands on."""
        found = self._document.flow.header.panel.get(function, {}).get(view)
        if found is not None:
            self.turn(found.page)

    def next(self) -> None:
        """Show the next page; from the last one the first."""
        self.turn(self.names[(self.names.index(self.shown) + 1) % len(self.names)])

    def previous(self) -> None:
        """Show the page before; from the first one the last."""
        self.turn(self.names[(self.names.index(self.shown) - 1) % len(self.names)])

    # -------------------------------------------------------------- the hand
    def add(self) -> None:
        """Add an empty page behind the others, and show it."""
        name = self._free_name()
        self._views.do(lambda: SetPages((*self.names, name), f"Add the page “{name}”"))
        self.turn(name)

    def _free_name(self) -> str:
        numbered = (f"Page {n}" for n in range(len(self.names) + 1, 2 * len(self.names) + 2))
        return next(name for name in numbered if name not in self.names)

    def rename(self, old: str, new: str) -> bool:
        """Give a page another name; return whether it has it."""
        new = new.strip()
        if new == self.title(old):
            return True
        if not new:
            self.said.emit("A page needs a name: type one, or press Esc to leave it as it is.")
            return False
        if new in map(self.title, self.names):
            self.said.emit(f"There is a page “{new}” already: choose another name.")
            return False
        names = tuple(new if name == old else name for name in self.names)
        self._views.do(lambda: SetPages(names, f"Rename the page “{self.title(old)}” to “{new}”", {old: new}))
        return new in self.names

    def remove(self, name: str | None = None) -> None:
        """Remove a page, by default the one that is shown, with its views; what these show stays in the flow."""
        name = self.shown if name is None else name
        if not self.several or name not in self.names:
            self.said.emit("This is the only page of the panel: it stays.")
            return
        count = len(self._of(name))
        left = tuple(other for other in self.names if other != name)
        self._views.do(lambda: SetPages(left, f"Remove the page “{self.title(name)}”", {name: None}))
        if name not in self.names:
            along = "" if not count else " with its view" if count == 1 else f" with its {count} views"
            self.said.emit(f"The page “{self.title(name)}” is gone{along}; undo brings it back.")

    def order(self, names: Iterable[str]) -> None:
        """Put the pages in another order."""
        wanted = tuple(names)
        if wanted != self.names and set(wanted) == set(self.names):
            self._views.do(lambda: SetPages(wanted, "Move a page of the panel"))

    def shift(self, name: str, step: int) -> None:
        """Move a page by so many places to the right; one at an end stays there."""
        others = [other for other in self.names if other != name]
        others.insert(min(max(self.names.index(name) + step, 0), len(others)), name)
        self.order(others)

    def move(self, keys: Collection[str], page: str | None) -> None:
        """Put views (``function.view``) on another page, None for a new one; in the first place that is free there.

        They lie to one another as before; a group stays one if all of it goes.
        """
        flow = self._document.flow
        target = self._free_name() if page is None else page
        views = {key: view for key, view in self._views_of(self.shown).items() if key in keys and view.page != target}
        if not views:
            return
        carried = whole({key: Member.of(view) for key, view in self._views_of(self.shown).items()}, views)
        views = {key: view if view.group in carried else joined(view, Member()) for key, view in views.items()}
        members = {key: Member.of(view) for key, view in views.items()}
        cells = {key: Cells.of(view) for key, view in views.items()}
        places = landed(taken_on_page(flow, target), cells, members)
        edits: list[Edit] = [SetPages((*self.names, target), "")] if page is None else []
        edits += [
            SetView(key.partition(".")[0], view.id, replace(placed(view, places[key]), page=target))
            for key, view in views.items()
        ]
        moved = [view.id for view in views.values()]
        what = f"“{moved[0]}”" if len(moved) == 1 else f"{len(moved)} views"
        self._views.do(lambda: Many(tuple(edits), f"Move {what} to the page “{self.title(target)}”"))
        self.said.emit(f"{what} {'is' if len(moved) == 1 else 'are'} on the page “{self.title(target)}” now.")

    def offer(self, keys: Collection[str], menu: QMenu) -> None:
        """List in the menu of views the pages that they can go to."""
        there = menu.addMenu("Move to page")
        for name in self.names:
            if name != self.shown:
                there.addAction(self.title(name).replace("&", "&&"), partial(self.move, keys, name))
        there.addSeparator()
        there.addAction("New page", partial(self.move, keys, None))

    # -------------------------------------------------------------- what stands where
    def _views_of(self, page: str) -> dict[str, View]:
        panels = self._document.flow.header.panel.items()
        views = {f"{function}.{name}": view for function, panel in panels for name, view in panel.items()}
        return {key: view for key, view in views.items() if view.page == page}

    def _of(self, page: str) -> dict[str, Cells]:
        return cells_of_page(self._document.flow, page)

    def rows(self) -> int:
        """Return how many rows of the grid the longest page takes."""
        taken = (taken_on_page(self._document.flow, name) for name in self.names)
        return max((cells.bottom for page in taken for cells in page.values()), default=0)

    def at_home(self, edit: Edit) -> Edit:
        """Return an edit with those views that nobody has asked a place for on the page that is shown."""
        if not any(isinstance(part, SetView) and part.proposed for part in each_edit(edit)):
            return edit
        return _at_home(edit, self.shown, self._document.flow, taken_on_page(self._document.flow, self.shown))


def _at_home(edit: Edit, page: str, flow: Flow, taken: dict[str, Cells]) -> Edit:
    """Put proposed views in free places of a page; `taken` grows by them."""
    match edit:
        case Many():
            parts = tuple(_at_home(part, page, flow, taken) for part in edit.edits)
            return edit if parts == edit.edits else replace(edit, edits=parts)
        case SetView(view=View() as view, proposed=True) if view.page != page:
            cells = free_place(taken, view.width, view.height)
            taken[f"{edit.function}.{edit.id}"] = cells
            return replace(edit, view=replace(placed(view, cells), page=page))
        case _:
            return edit
