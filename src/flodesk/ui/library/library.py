"""The library: every node type, to be searched, read about, and dragged or sent to the canvas."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QModelIndex, QObject, QPoint, QSignalBlocker, Qt, QTimer, Signal
from PySide6.QtGui import QDrag, QKeyEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QLabel,
    QLineEdit,
    QSplitter,
    QTextBrowser,
    QTreeView,
    QVBoxLayout,
    QWidget,
)

from flodesk.flow.catalog import Catalog
from flodesk.flow.spec import NodeSpec
from flodesk.ui.focus import keep_keys, pass_undo_on
from flodesk.ui.help import help_html
from flodesk.ui.library.broken import BROKEN, broken_html
from flodesk.ui.library.rows import Rows, drag_picture
from flodesk.ui.library.shelves import SPEC, Shelves
from flodesk.ui.theme import current
from flodesk.ui.theme.icons import icon


class _Tree(QTreeView):
    """Its rows are dragged with a small picture beside the cursor, through which the canvas can be seen."""

    def startDrag(self, actions: Qt.DropAction) -> None:
        """Begin to drag the current row."""
        spec: NodeSpec | None = self.currentIndex().data(SPEC)
        if spec is None:
            return
        drag = QDrag(self)
        drag.setMimeData(self.model().mimeData([self.currentIndex()]))
        picture = drag_picture(spec, self.devicePixelRatioF())
        drag.setPixmap(picture)
        drag.setHotSpot(QPoint(-14, -10))
        drag.exec(Qt.DropAction.CopyAction)


class Library(QWidget):
    """Search field, shelves and help. `chosen` gives the path of a node type that shall be added to the canvas."""

    chosen = Signal(str)

    def __init__(self, catalog: Catalog) -> None:
        super().__init__()
        self._catalog = catalog
        self.search = QLineEdit()
        self.search.setPlaceholderText("Search nodes")
        self.search.setClearButtonEnabled(True)
        self.search.setAccessibleName("Search nodes")
        self._glass = self.search.addAction(icon("search", "muted"), QLineEdit.ActionPosition.LeadingPosition)
        self.model = Shelves(self)
        self.tree = self._make_tree()
        keep_keys(self.tree)
        self.empty = QLabel("")
        self.empty.setProperty("role", "muted")
        self.empty.setWordWrap(True)
        self.empty.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignHCenter)
        self.empty.setContentsMargins(16, 24, 16, 16)
        self.help = QTextBrowser()
        keep_keys(self.help)
        self.help.setObjectName("help")
        self.help.setAccessibleName("Help of the selected node type")
        self.help.setFrameShape(QTextBrowser.Shape.NoFrame)
        self._arrange()
        self._delay = QTimer(self, singleShot=True, interval=60)
        self._delay.timeout.connect(self._show)
        self.search.textChanged.connect(lambda: self._delay.start())
        self.search.returnPressed.connect(self._choose_current)
        self.search.installEventFilter(self)
        pass_undo_on(self.search)
        self.tree.installEventFilter(self)
        self.tree.doubleClicked.connect(self._choose)
        current.changed.connect(self._retint)
        self._show()

    def show_catalog(self, catalog: Catalog) -> None:
        """Show other node types (the file's own functions have changed)."""
        if catalog.specs.keys() != self._catalog.specs.keys() or catalog.broken != self._catalog.broken:
            self._catalog = catalog
            self._show()
        self._catalog = catalog

    def focus_search(self) -> None:
        """Put the cursor into the search field."""
        self.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.search.selectAll()

    def selected(self) -> NodeSpec | None:
        """Return the node type that is selected."""
        spec: NodeSpec | None = self.tree.currentIndex().data(SPEC)
        return spec

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Let the arrow keys walk from the search field through the rows, Enter add, Escape clear."""
        if event.type() != QEvent.Type.KeyPress or not isinstance(event, QKeyEvent):
            return False
        key = event.key()
        if watched is self.search:
            if key == Qt.Key.Key_Down:
                self.tree.setFocus(Qt.FocusReason.TabFocusReason)
                if not self.tree.currentIndex().isValid():
                    self.tree.setCurrentIndex(self.model.index(0, 0))
                return True
            if key == Qt.Key.Key_Escape and self.search.text():
                self.search.clear()
                return True
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._choose(self.tree.currentIndex())
            return True
        return False

    def _make_tree(self) -> QTreeView:
        tree = _Tree()
        tree.setModel(self.model)
        tree.setItemDelegate(Rows(tree))
        tree.setHeaderHidden(True)
        tree.setIndentation(12)
        tree.setExpandsOnDoubleClick(True)
        tree.setAnimated(True)
        tree.setMouseTracking(True)
        tree.setDragEnabled(True)
        tree.setDragDropMode(QAbstractItemView.DragDropMode.DragOnly)
        tree.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        tree.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        tree.setAccessibleName("Node types")
        tree.selectionModel().currentChanged.connect(lambda now, _old: self._show_help(now))
        return tree

    def _arrange(self) -> None:
        self.parts = QSplitter(Qt.Orientation.Vertical)
        shelves = QWidget()
        column = QVBoxLayout(shelves)
        column.setContentsMargins(8, 2, 4, 0)
        column.setSpacing(8)
        column.addWidget(self.search)
        column.addWidget(self.tree, 1)
        column.addWidget(self.empty, 1)
        self.parts.addWidget(shelves)
        self.parts.addWidget(self.help)
        self.parts.setStretchFactor(0, 3)
        self.parts.setStretchFactor(1, 1)
        self.parts.setSizes([480, 190])
        self.parts.setCollapsible(0, False)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self.parts)
        self._show_help(QModelIndex())

    def _show(self) -> None:
        text = self.search.text().strip()
        self.tree.setCurrentIndex(QModelIndex())  # else Qt takes each next row for the current one, with its help
        self.tree.setUniformRowHeights(bool(text))  # what is found is all alike: to ask each row takes 2 s for 3,000
        if text:
            self.model.show_found(self._catalog, text)
        else:
            self.model.show_shelves(self._catalog)
        found = self.model.rowCount() > 0
        self.tree.setVisible(found)
        self.empty.setVisible(not found)
        self.tree.setRootIsDecorated(not text)
        if text:
            self.empty.setText(
                f"No node matches “{text}”.\nTry a word for what it does, such as filter, mean or table."
            )
            self.tree.setCurrentIndex(self.model.index(0, 0))
        elif found:
            for row in range(min(3, self.model.rowCount())):
                self.tree.expand(self.model.index(row, 0))
        else:
            self.empty.setText("The library is empty.")

    def _show_help(self, index: QModelIndex) -> None:
        spec = index.data(SPEC)
        if (broken := index.data(BROKEN)) is not None:
            self.help.setHtml(broken_html(*broken))
        elif spec is None:
            words = "Select a node to read what it does.<br>Drag it to the canvas, or press Enter."
            self.help.setHtml(f"<p style='color:{current.theme.muted}'>{words}</p>")
        else:
            self.help.setHtml(help_html(spec))

    def _choose_current(self) -> None:
        self._delay.stop()
        self._show()
        self._choose(self.tree.currentIndex())

    def _choose(self, index: QModelIndex) -> None:
        spec = index.data(SPEC)
        if spec is not None:
            self.chosen.emit(spec.path)
            self._forget_typing()
        elif index.isValid() and self.sender() is not self.tree:
            self.tree.setExpanded(index, not self.tree.isExpanded(index))

    def _forget_typing(self) -> None:
        """Let the next undo be about the node that was added, and not about the word that found it."""
        with QSignalBlocker(self.search):
            self.search.setText(self.search.text())
        self.search.selectAll()

    def _retint(self) -> None:
        self._glass.setIcon(icon("search", "muted"))
        self._show_help(self.tree.currentIndex())
        self.tree.viewport().update()
