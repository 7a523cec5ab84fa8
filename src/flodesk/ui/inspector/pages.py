"""The pages of the inspector: one is seen; those of nodes that were shown last are kept for others of their kind."""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from contextlib import contextmanager

import shiboken6
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from flodesk.ui.inspector.sheet import Sheet

KEPT = 8
"""Sheets that are kept: to make one takes 15 ms, to show another node on it 3."""


class Pages(QWidget):
    """Holds the page that is seen. A kept sheet stays where it is, hidden: a new parent would dress it anew."""

    def __init__(self) -> None:
        super().__init__()
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self.seen: QWidget | None = None
        self._kept: dict[Hashable, Sheet] = {}
        self._folded = False

    def kept(self, kin: Hashable) -> Sheet | None:
        """Return the sheet of an earlier node of the same kind, if there is one."""
        return self._kept.get(kin)

    def fold(self, folded: bool) -> None:
        """Have the names above the fields, on the pages that come as well, or beside them."""
        self._folded = folded
        for page in {self.seen, *self._kept.values()}:
            if isinstance(page, Sheet):
                page.fold(folded)

    def turn_to(self, page: QWidget) -> None:
        """Show a page in place of the one before."""
        if isinstance(page, Sheet):
            page.fold(self._folded)
        before, self.seen = self.seen, page
        if page is not before:
            focus = self.window().focusWidget() if before is not None else None
            if before is not None and focus is not None and before.isAncestorOf(focus):
                focus.clearFocus()  # Qt would take the keyboard on to the next best
            if isinstance(before, Sheet) and before in self._kept.values():
                before.hide()
            elif before is not None:
                shiboken6.delete(before)
            if page.parent() is not self:
                self._column.addWidget(page)
            page.show()
        if isinstance(page, Sheet):
            self._keep(page)

    @contextmanager
    def keyboard_kept(self, home: QWidget) -> Iterator[None]:
        """Leave the keyboard in the field of the same name while the page is made anew: the next key is for it.

        Where there is no such any more, `home` gets it.
        """
        focus = QApplication.focusWidget()
        field = focus.accessibleName() if focus is not None and self.isAncestorOf(focus) else ""
        yield
        if field and QApplication.focusWidget() is None and self.seen is not None:
            same = (w for w in self.seen.findChildren(QWidget) if w.accessibleName() == field)
            next(same, home).setFocus()

    def _keep(self, sheet: Sheet) -> None:
        for kin in [kin for kin, other in self._kept.items() if other is sheet]:
            del self._kept[kin]
        if sheet.kin is None:
            return
        gone = self._kept.pop(sheet.kin, None)
        self._kept[sheet.kin] = sheet  # the last one is the newest
        if gone is None and len(self._kept) > KEPT:
            gone = self._kept.pop(next(iter(self._kept)))
        if gone is not None:
            shiboken6.delete(gone)

    def forget(self) -> None:
        """Drop what is kept: the theme is another, or the flow."""
        for sheet in self._kept.values():
            if sheet is not self.seen:
                shiboken6.delete(sheet)
        self._kept.clear()


__all__ = ["KEPT", "Pages"]
