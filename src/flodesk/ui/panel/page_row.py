"""The tabs of the panel's pages; hidden while there is only one."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QEvent, QPoint, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QTabBar, QWidget

from flodesk.ui.dock import small_button
from flodesk.ui.panel.pages import Pages
from flodesk.ui.soon import soon
from flodesk.ui.tab_name import LEAST, TabName

_STEPS = {Qt.Key.Key_PageUp: -1, Qt.Key.Key_PageDown: 1}


class PageTabs(QTabBar):
    """One tab a page: a click turns to it, a drag moves it, F2 or a double click renames it, Del removes it.

    Attributes
    ----------
    offers : list of callables
        Asked with the menu of a page and its name for what else can be done with it.
    """

    named = Signal()
    """A name is not being edited any more."""

    def __init__(self, pages: Pages, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._pages = pages
        self._pressed = False
        self.locked = False
        """Whether it turns pages, and changes none."""
        self.offers: list[Callable[[QMenu, str], None]] = []
        self.setObjectName("page_tabs")
        self.setExpanding(False)
        self.setMovable(True)
        self.setDrawBase(False)
        self.setElideMode(Qt.TextElideMode.ElideRight)
        self.setUsesScrollButtons(True)
        self.setChangeCurrentOnDrag(True)  # what is dragged onto the panel can go to any page
        self.setMinimumWidth(LEAST)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)  # by a click, too: its keys would be the canvas's else
        self.setAccessibleName("Pages of the panel")
        self.currentChanged.connect(self._turned)
        self.tabBarDoubleClicked.connect(self.rename)
        pages.changed.connect(self.refresh)
        self.refresh()

    @property
    def names(self) -> tuple[str, ...]:
        """The pages as their tabs stand now."""
        return tuple(self.tabData(number) for number in range(self.count()))

    def refresh(self) -> None:
        """Have a tab for each page, and show which one is shown."""
        pages = self._pages
        self.blockSignals(True)
        if self.names != pages.names:
            while self.count():
                self.removeTab(0)
            for number, name in enumerate(pages.names):
                self.addTab(pages.title(name).replace("&", "&&"))
                self.setTabData(number, name)
                how = "" if self.locked else ": drag to move, F2 or a double click renames the page"
                self.setTabToolTip(number, f"{pages.title(name)}{how}")
        if pages.shown in pages.names:
            self.setCurrentIndex(pages.names.index(pages.shown))
        self.blockSignals(False)

    def _turned(self, number: int) -> None:
        if 0 <= number < self.count():
            self._pages.turn(self.tabData(number))

    def rename(self, number: int | None = None) -> None:
        """Edit the name of a page on its tab, by default of the one that is shown."""
        number = self.currentIndex() if number is None else number
        if 0 <= number < self.count() and not self.locked:
            page = str(self.tabData(number))
            self._make_room(number)
            field = TabName(self, number, partial(self._rename, page), self.named.emit)
            field.setText(self._pages.title(page))
            field.selectAll()

    def _make_room(self, number: int) -> None:
        """Reach as far as the field for the name of a page does, where the row has room: it hides no tab before it."""
        row = self.parentWidget()
        layout = row.layout() if row is not None else None
        if row is not None and layout is not None:
            room = row.width() - (row.sizeHint().width() - self.sizeHint().width())
            box = self.tabRect(number)
            self.setMinimumWidth(max(LEAST, min(box.left() + 2 + max(box.width() + 24, LEAST), room)))
            layout.activate()
            self.named.connect(partial(self.setMinimumWidth, LEAST), Qt.ConnectionType.SingleShotConnection)

    def _rename(self, page: str, name: str) -> bool:
        done = self._pages.rename(page, name)
        if done:
            soon(self, self.setFocus)  # else the next in the row gets the keyboard
        return done

    # -------------------------------------------------------------- mouse
    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take hold of a tab."""
        self._pressed = event.button() == Qt.MouseButton.LeftButton
        super().mousePressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Let go: the order of the tabs becomes that of the pages, as one edit."""
        super().mouseReleaseEvent(event)
        if self._pressed and event.button() == Qt.MouseButton.LeftButton:
            self._pressed = False
            self._pages.order(self.names)

    # -------------------------------------------------------------- keys and the menu
    def event(self, event: QEvent) -> bool:
        """Take Del, and keys that move a page, before a shortcut of the window does."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and self._verb(event):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """F2 renames the page that is shown, Del removes it, Ctrl+Shift and Page Up or Down move it."""
        verb = self._verb(event)
        if verb is not None:
            verb()
        else:
            super().keyPressEvent(event)

    def _verb(self, event: QKeyEvent) -> Callable[[], object] | None:
        """Return what a key does here, if anything."""
        if self.locked:
            return None
        plain = event.modifiers() == Qt.KeyboardModifier.NoModifier
        moves = event.modifiers() == Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
        match Qt.Key(event.key()):
            case Qt.Key.Key_F2 if plain:
                return self.rename
            case Qt.Key.Key_Delete if plain:
                return self._pages.remove
            case (Qt.Key.Key_PageUp | Qt.Key.Key_PageDown) as key if moves:
                return partial(self._pages.shift, self._pages.shown, _STEPS[key])
            case _:
                return None

    def menu(self, number: int) -> QMenu:
        """Return the menu of a page."""
        menu, name, pages = QMenu(self), str(self.tabData(number)), self._pages
        menu.addAction("Rename…\tF2", partial(self.rename, number))
        menu.addAction("Move left", partial(pages.shift, name, -1)).setEnabled(number > 0)
        menu.addAction("Move right", partial(pages.shift, name, 1)).setEnabled(number < self.count() - 1)
        menu.addSeparator()
        menu.addAction("New page", pages.add)
        menu.addAction("Remove the page and its views\tDel", partial(pages.remove, name)).setEnabled(pages.several)
        menu.addSeparator()
        for offer in self.offers:
            offer(menu, name)
        return menu

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Open the menu of the page under the mouse, or of the one that is shown."""
        by_key = event.reason() == QContextMenuEvent.Reason.Keyboard
        number = self.currentIndex() if by_key else self.tabAt(event.pos())
        if number < 0 or self.locked:
            return
        at = self.mapToGlobal(self.tabRect(number).bottomLeft()) if by_key else QPoint(event.globalPos())
        menu = self.menu(number)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(at)


class PageRow(QWidget):
    """The tabs, and beside them a button for one more."""

    def __init__(self, pages: Pages, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._pages = pages
        self.tabs = PageTabs(pages, self)
        self.add = small_button("add", "New page", pages.add)
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 0, 8, 2)
        row.setSpacing(2)
        row.addWidget(self.tabs)
        row.addWidget(self.add)
        row.addStretch(1)
        pages.changed.connect(self._show_or_hide)
        self.tabs.named.connect(self._show_or_hide)
        self._show_or_hide()

    def lock(self) -> None:
        """Turn pages, and change none from now on."""
        self.tabs.locked = True
        self.tabs.setMovable(False)
        self.add.hide()

    def _show_or_hide(self) -> None:
        self.setVisible(self._pages.tabbed)

    def fill(self, menu: QMenu) -> None:
        """List in a menu what can be done with the page that is shown, and with all of them."""
        pages = self._pages
        if not pages.alone:
            menu.addAction("New page", pages.add)
            menu.addAction("Rename the page…", self.rename_shown)
            menu.addAction("Remove the page and its views", pages.remove).setEnabled(pages.several)
            menu.addSeparator()
        for offer in self.tabs.offers:
            offer(menu, pages.shown)

    def rename_shown(self) -> None:
        """Edit the name of the page that is shown; a tab that is alone is to be seen as long as that takes."""
        self.show()
        soon(self, self.tabs.rename)  # once the tab has its place
