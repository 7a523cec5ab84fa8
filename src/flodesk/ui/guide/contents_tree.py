"""The contents at the left: parts, chapters with their sections, and below the reference the shelves with nodes."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, Qt, Signal
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QTreeWidget, QTreeWidgetItem

from flodesk.flow.catalog import Catalog
from flodesk.ui.focus import keep_keys
from flodesk.ui.guide.book import Book
from flodesk.ui.guide.markup import NODE, SHELF, SHELVES
from flodesk.ui.guide.node_pages import on_shelf, shelves
from flodesk.ui.library.shelves import shelf_title
from flodesk.ui.theme import theme

_KEY = Qt.ItemDataRole.UserRole


class ContentsTree(QTreeWidget):
    """The contents. `chosen` gives the key of the page that a hand, or a key, went to."""

    chosen = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("guide_contents")
        self.setAccessibleName("Contents of the guide")
        self.setHeaderHidden(True)
        self.setIndentation(14)
        self.setUniformRowHeights(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        keep_keys(self)
        self._items: dict[str, QTreeWidgetItem] = {}
        self._catalog = Catalog()
        self.itemExpanded.connect(self._fill_shelf)
        self.itemClicked.connect(lambda item: self.chosen.emit(item.data(0, _KEY) or ""))
        self.itemActivated.connect(lambda item: self.chosen.emit(item.data(0, _KEY) or ""))

    def show_book(self, book: Book, catalog: Catalog) -> None:
        """Show parts, chapters and sections, and the shelves of a catalog."""
        self.clear()
        self._items.clear()
        self._catalog = catalog
        for part, chapters in book.parts.items():
            head = QTreeWidgetItem(self, [part])
            head.setFlags(Qt.ItemFlag.ItemIsEnabled)
            font = head.font(0)
            font.setBold(True)
            head.setFont(0, font)
            for chapter, page in chapters.items():
                item = self._add(head, chapter, page)
                if page == SHELVES:
                    for shelf in shelves(catalog):
                        one = self._add(item, shelf_title(shelf), SHELF + shelf)
                        one.setChildIndicatorPolicy(QTreeWidgetItem.ChildIndicatorPolicy.ShowIndicator)
            head.setExpanded(True)
        self._show_sections(book)

    def _show_sections(self, book: Book) -> None:
        for page, sections in book.sections.items():
            chapter = self._items.get(page)
            if chapter is None or page == SHELVES:
                continue
            above = chapter
            for section in sections:
                if section.level == 2:
                    above = self._add(chapter, section.title, section.key)
                elif section.level > 2:
                    self._add(above, section.title, section.key)

    def drawBranches(self, painter: QPainter, rect: QRect, index: QModelIndex | QPersistentModelIndex) -> None:
        """Leave the room before a selected row free: the row is what is selected, with its round corners."""
        painter.fillRect(rect, QColor(theme().surface))
        super().drawBranches(painter, rect, index)

    def go_to(self, key: str) -> None:
        """Show where a page stands."""
        if key.startswith(NODE):
            spec = self._catalog.find(key.removeprefix(NODE))
            shelf = self._items.get(SHELF + spec.category) if spec is not None else None
            if shelf is not None:
                shelf.setExpanded(True)
        item = self._items.get(key)
        if item is None:
            self.clearSelection()
            return
        self.setCurrentItem(item)
        item.setExpanded(not key.startswith(SHELF))
        self.scrollToItem(item)

    def _add(self, parent: QTreeWidgetItem, title: str, key: str) -> QTreeWidgetItem:
        item = QTreeWidgetItem(parent, [title])
        item.setData(0, _KEY, key)
        item.setToolTip(0, title)
        self._items[key] = item
        return item

    def _fill_shelf(self, item: QTreeWidgetItem) -> None:
        """Put the nodes of a shelf below it when it is opened first: there are hundreds."""
        key = str(item.data(0, _KEY) or "")
        if key.startswith(SHELF) and not item.childCount():
            for spec in on_shelf(key.removeprefix(SHELF), self._catalog):
                self._add(item, spec.title, NODE + spec.path)


__all__ = ["ContentsTree"]
