"""The library: every node type, to be searched, read about, and dragged or sent to the canvas."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QModelIndex, QObject, QSignalBlocker, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QSplitter,
    QTextBrowser,
    QVBoxLayout,
    QWidget,
)

from flodesk.flow.catalog import Catalog
from flodesk.flow.example_flow import can_be_tried, example_flow
from flodesk.flow.spec import NodeSpec
from flodesk.ui import liked
from flodesk.ui.focus import keep_keys, pass_undo_on
from flodesk.ui.help import help_html
from flodesk.ui.library.broken import BROKEN, broken_html
from flodesk.ui.library.shelves import SHELF, SPEC, Shelves
from flodesk.ui.library.telling import PACKAGE, nothing_html, told
from flodesk.ui.library.tree import STAR_KEY, Tree
from flodesk.ui.theme import current
from flodesk.ui.theme.icons import icon


class Library(QWidget):
    """Search field, shelves and help. `chosen` gives the path of a node type that shall be added to the canvas."""

    chosen = Signal(str)
    package_wanted = Signal()
    """A package shall be added: nothing was found."""
    tried = Signal(str)
    """The text of a small flow, the example of a node type's help, that shall be opened to be played with."""
    mending_wanted = Signal(str)
    """A module that could not be loaded was opened by a hand."""

    def __init__(self, catalog: Catalog) -> None:
        super().__init__()
        self._catalog = self._coming = catalog
        self._soon = QTimer(self, singleShot=True, interval=0)
        self._soon.timeout.connect(self._show_coming)
        self.search = QLineEdit()
        self.search.setPlaceholderText("Search nodes")
        self.search.setClearButtonEnabled(True)
        self.search.setAccessibleName("Search nodes")
        self._glass = self.search.addAction(icon("search", "muted"), QLineEdit.ActionPosition.LeadingPosition)
        self.model = Shelves(self)
        self.tree = Tree(self.model)
        self._filling = False
        self._help_soon = QTimer(self, singleShot=True, interval=0)  # a page of help takes as long as all rows
        self._help_soon.timeout.connect(lambda: self._show_help(self.tree.currentIndex()))
        self.tree.selectionModel().currentChanged.connect(self._follow_current)
        keep_keys(self.tree, STAR_KEY, "Ctrl+F")
        keep_keys(self.search, STAR_KEY, "Ctrl+F")
        self.told = _words()
        self.told.setContentsMargins(4, 0, 4, 0)
        self.told.hide()
        self.empty = _words()
        self.empty.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignHCenter)
        self.empty.setContentsMargins(16, 24, 16, 16)
        flags = Qt.TextInteractionFlag
        self.empty.setTextInteractionFlags(flags.LinksAccessibleByMouse | flags.LinksAccessibleByKeyboard)
        self.empty.linkActivated.connect(self._follow_link)
        self.help = QTextBrowser()
        keep_keys(self.help)
        self.help.setObjectName("help")
        self.help.setAccessibleName("Help of the selected node type")
        self.help.setFrameShape(QTextBrowser.Shape.NoFrame)
        self.tries = QPushButton("Try the example")
        self.tries.setToolTip("Open the example of this help as a small flow, in a window of its own")
        self.tries.clicked.connect(self._try)
        self._arrange()
        self._delay = QTimer(self, singleShot=True, interval=20)
        self._delay.timeout.connect(self._show)
        self.search.textChanged.connect(lambda: self._delay.start())
        self.search.returnPressed.connect(self._choose_current)
        self.search.installEventFilter(self)
        pass_undo_on(self.search)
        self.tree.installEventFilter(self)
        self.tree.doubleClicked.connect(self._choose)
        self.tree.starred.connect(liked.star)
        liked.told.changed.connect(self._follow_liked)
        current.changed.connect(self._retint)
        self._show()

    def show_catalog(self, catalog: Catalog, *, soon: bool = False) -> None:
        """Show other node types (the file's own functions have changed); with `soon` after what else waits."""
        self._coming = catalog
        if soon:
            self._soon.start()
        else:
            self._soon.stop()
            self._show_coming()

    def _show_coming(self) -> None:
        before, self._catalog = self._catalog, self._coming
        catalog = self._catalog
        if catalog.specs.keys() != before.specs.keys() or catalog.broken != before.broken:
            bar, spec = self.tree.verticalScrollBar(), self.selected()
            shelf, seen = self.tree.currentIndex().parent().data(SHELF), bar.value()
            self._show()
            if shelf is not None and spec is not None:
                self.tree.setCurrentIndex(self.model.place_of(spec.path, shelf))
            bar.setValue(seen)  # who reads on a shelf is not taken to the first one
        elif catalog.specs != before.specs:
            self.model.renew(catalog)
            self._show_help(self.tree.currentIndex())

    def focus_search(self) -> None:
        """Put the cursor into the search field."""
        self.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.search.selectAll()

    def selected(self) -> NodeSpec | None:
        """Return the node type that is selected."""
        spec: NodeSpec | None = self.tree.currentIndex().data(SPEC)
        return spec

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Let keys walk from the search field through the rows and back, Enter add, Escape clear."""
        if event.type() != QEvent.Type.KeyPress or not isinstance(event, QKeyEvent):
            return False
        combination = QKeySequence(event.keyCombination())
        if combination == QKeySequence(STAR_KEY):
            self._star_selected()
        elif combination == QKeySequence("Ctrl+F"):
            self.focus_search()
        elif watched is self.search:
            return self._key_of_search(Qt.Key(event.key()))
        else:
            return self._key_of_tree(event)
        return True

    def _key_of_search(self, key: Qt.Key) -> bool:
        if key == Qt.Key.Key_Down and self.tree.isVisible():
            self.tree.setFocus(Qt.FocusReason.TabFocusReason)
            if not self.tree.currentIndex().isValid():
                self.tree.setCurrentIndex(self.model.index(0, 0))
        elif key == Qt.Key.Key_Down and self.empty.isVisible():
            self.empty.setFocus(Qt.FocusReason.TabFocusReason)
            self.empty.focusNextPrevChild(True)  # to its first link
        elif key == Qt.Key.Key_Escape and self.search.text():
            self.search.clear()
        else:
            return False
        return True

    def _key_of_tree(self, event: QKeyEvent) -> bool:
        at_top = self.tree.currentIndex() == self.model.index(0, 0)
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._choose(self.tree.currentIndex())
        elif event.key() == Qt.Key.Key_Escape or (event.key() == Qt.Key.Key_Up and at_top):
            self.focus_search()
        elif event.text().isalnum() and not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.search.setFocus(Qt.FocusReason.OtherFocusReason)  # who types searches, wherever the keyboard is
            self.search.setText(self.search.text() + event.text())
        else:
            return False
        return True

    def _star_selected(self) -> None:
        spec = self.selected()
        if spec is not None:
            liked.star(spec.path)

    def _follow_liked(self) -> None:
        self.tree.staying(lambda: self.model.own(self._catalog, liked.favourites(), liked.recent()))

    def _arrange(self) -> None:
        self.parts = QSplitter(Qt.Orientation.Vertical)
        shelves = QWidget()
        column = QVBoxLayout(shelves)
        column.setContentsMargins(8, 2, 4, 0)
        column.setSpacing(8)
        column.addWidget(self.search)
        column.addWidget(self.told)
        column.addWidget(self.tree, 1)
        column.addWidget(self.empty, 1)
        self.parts.addWidget(shelves)
        reading = QWidget()
        page = QVBoxLayout(reading)
        page.setContentsMargins(0, 0, 0, 0)
        page.setSpacing(0)
        page.addWidget(self.help, 1)
        bar = QHBoxLayout()
        bar.setContentsMargins(8, 4, 8, 8)
        bar.addStretch(1)
        bar.addWidget(self.tries)
        page.addLayout(bar)
        self.parts.addWidget(reading)
        self.parts.setStretchFactor(0, 3)
        self.parts.setStretchFactor(1, 1)
        self.parts.setSizes([480, 190])
        self.parts.setCollapsible(0, False)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self.parts)
        self._show_help(QModelIndex())

    def _show(self) -> None:
        self._filling = True
        text, favourites, recent = self.search.text().strip(), liked.favourites(), liked.recent()
        self.tree.setCurrentIndex(QModelIndex())  # else Qt takes each next row for the current one, with its help
        self.tree.setUniformRowHeights(bool(text))  # what is found is all alike: to ask each row takes 2 s for 3,000
        if text:
            self.model.show_found(self._catalog, text, favourites, recent)
        else:
            self.model.show_shelves(self._catalog, favourites, recent)
        found = self.model.rowCount() > 0
        self.tree.setVisible(found)
        self.empty.setVisible(not found)
        self.tree.setRootIsDecorated(not text)
        words = told(text, self._catalog) if text else ""
        self.told.setText(words)
        self.told.setVisible(bool(words))
        if found and text:
            self.tree.setCurrentIndex(self.model.index(0, 0))
            self.tree.scrollToTop()
        elif found:
            self.tree.restore_open()
        else:
            nothing = nothing_html(text, current.theme.accent)
            self.empty.setText(nothing if text else "The library is empty.")
        self._filling = False

    def _follow_current(self, now: QModelIndex) -> None:
        if self._filling:
            self._help_soon.start()
        else:
            self._show_help(now)

    def _show_help(self, index: QModelIndex) -> None:
        spec = index.data(SPEC)
        self.tries.setVisible(spec is not None and can_be_tried(spec))
        if (broken := index.data(BROKEN)) is not None:
            self.help.setHtml(broken_html(*broken))
        elif spec is None:
            words = "Select a node to read what it does.<br>Drag it to the canvas, or press Enter."
            self.help.setHtml(f"<p style='color:{current.theme.muted}'>{words}</p>")
        else:
            self.help.setHtml(help_html(spec))

    def _follow_link(self, link: str) -> None:
        if link == PACKAGE:
            self.package_wanted.emit()
        else:
            self.chosen.emit(link)

    def _try(self) -> None:
        spec = self.selected()
        text = example_flow(spec, self._catalog) if spec is not None else ""
        if text:
            self.tried.emit(text)

    def _choose_current(self) -> None:
        if self._delay.isActive():  # of what was typed last nothing is shown yet
            self._delay.stop()
            self._show()
        self._choose(self.tree.currentIndex())

    def _choose(self, index: QModelIndex) -> None:
        spec = index.data(SPEC)
        if spec is not None:
            self.chosen.emit(spec.path)
            self._forget_typing()
        elif (broken := index.data(BROKEN)) is not None:
            self.mending_wanted.emit(broken[0])
        elif index.isValid() and self.sender() is not self.tree:
            self.tree.setExpanded(index, not self.tree.isExpanded(index))

    def _forget_typing(self) -> None:
        """Let the next undo be about the node that was added, and not about the word that found it."""
        with QSignalBlocker(self.search):
            self.search.setText(self.search.text())
        self.search.selectAll()

    def _retint(self) -> None:
        self.empty.setText(self.empty.text() and nothing_html(self.search.text().strip(), current.theme.accent))
        self._glass.setIcon(icon("search", "muted"))
        self._show_help(self.tree.currentIndex())
        self.tree.viewport().update()


def _words() -> QLabel:
    label = QLabel("")
    label.setProperty("role", "muted")
    label.setWordWrap(True)
    return label
