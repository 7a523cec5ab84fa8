"""The list of the library: rows that are dragged, starred, opened and shut, and stay where they are as others come."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QModelIndex, QPersistentModelIndex, QPoint, QRectF, Qt, Signal
from PySide6.QtGui import QDrag, QHelpEvent, QMouseEvent
from PySide6.QtWidgets import QAbstractItemView, QToolTip, QTreeView

from flodesk.flow.spec import NodeSpec
from flodesk.ui.library.rows import Rows, drag_picture, star_box
from flodesk.ui.library.shelves import FAVOURITES, RECENT, SHELF, SPEC, STARRED, Shelves
from flodesk.ui.settings import settings, text_list

_OPEN = "library/open"
_FIRST = 3
"""So many shelves are open at the very first."""
STAR_KEY = "Ctrl+D"


class Tree(QTreeView):
    """Its rows are dragged with a small picture beside the cursor, through which the canvas can be seen."""

    starred = Signal(str)
    """The path of a node type whose star was clicked."""

    def __init__(self, model: Shelves) -> None:
        super().__init__()
        self._shelves = model
        self._restoring = False
        self.setModel(model)
        self.setItemDelegate(Rows(self, stars=True))
        self.setHeaderHidden(True)
        self.setIndentation(12)
        self.setExpandsOnDoubleClick(True)
        self.setAnimated(True)
        self.setMouseTracking(True)
        self.setDragEnabled(True)
        self.setDragDropMode(QAbstractItemView.DragDropMode.DragOnly)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.verticalScrollBar().setSingleStep(20)
        self.setAccessibleName("Node types")
        self.expanded.connect(self._remember_open)
        self.collapsed.connect(self._remember_open)

    # -------------------------------------------------------------- open shelves
    def restore_open(self) -> None:
        """Open the shelves that a hand has left open, in this session or one before."""
        known = settings().value(_OPEN)
        tops = [self._shelves.index(row, 0) for row in range(self._shelves.rowCount())]
        names = [str(top.data(SHELF)) for top in tops]
        first = [name for name in names if name not in (FAVOURITES, RECENT)][:_FIRST]
        wanted = {FAVOURITES, RECENT, *first} if known is None else {*text_list(known)}
        self._restoring = True
        for top, name in zip(tops, names, strict=True):
            self.setExpanded(top, name in wanted)
        self._restoring = False

    def _remember_open(self, index: QModelIndex) -> None:
        name = index.data(SHELF)
        if self._restoring or name is None:
            return
        tops = [self._shelves.index(row, 0) for row in range(self._shelves.rowCount())]
        # a shelf that is not there just now stays as it was left: its package, or all its stars, may come again
        away = {*text_list(settings().value(_OPEN))} - {str(top.data(SHELF)) for top in tops}
        settings().setValue(_OPEN, sorted(away | {str(top.data(SHELF)) for top in tops if self.isExpanded(top)}))

    # -------------------------------------------------------------- rows that stay
    def staying(self, change: Callable[[], object]) -> None:
        """Change the shelves on top, and keep what is looked at where it is on the screen."""
        there = {name: self._shelves.shelf(name).isValid() for name in (FAVOURITES, RECENT)}
        mouse = self.viewport().mapFromGlobal(self.cursor().pos())
        looked_at = self.indexAt(mouse) if self.underMouse() else self.currentIndex()
        if not self.viewport().rect().intersects(self.visualRect(looked_at)):
            looked_at = self.indexAt(QPoint(20, 4))
        kept, was = QPersistentModelIndex(looked_at), self.visualRect(looked_at).top()
        self._restoring = True
        change()
        for name, known in there.items():
            if not known and self._shelves.shelf(name).isValid():
                self.setExpanded(self._shelves.shelf(name), True)
        self._restoring = False
        self.executeDelayedItemsLayout()
        if kept.isValid():
            bar = self.verticalScrollBar()
            now = self._shelves.index(kept.row(), 0, kept.parent())
            bar.setValue(bar.value() + self.visualRect(now).top() - was)

    # -------------------------------------------------------------- stars
    def star_at(self, place: QPoint) -> str:
        """Return the path of the node type whose star is at a place of the viewport; empty if there is none."""
        index = self.indexAt(place)
        spec: NodeSpec | None = index.data(SPEC)
        on_star = spec is not None and star_box(QRectF(self.visualRect(index))).contains(place.toPointF())
        return spec.path if spec is not None and on_star else ""

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Give or take a star, or do what a list does."""
        path = self.star_at(event.position().toPoint()) if event.button() == Qt.MouseButton.LeftButton else ""
        if path:
            self.starred.emit(path)
        else:
            super().mousePressEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Leave a quick second click on a star a click on it."""
        if self.star_at(event.position().toPoint()):
            self.mousePressEvent(event)
        else:
            super().mouseDoubleClickEvent(event)

    def viewportEvent(self, event: QEvent) -> bool:
        """Say of a star what it does."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent) and self.star_at(event.pos()):
            word = "Take from" if self.indexAt(event.pos()).data(STARRED) else "Add to"
            QToolTip.showText(event.globalPos(), f"{word} favourites ({STAR_KEY})", self)
            return True
        return super().viewportEvent(event)

    # -------------------------------------------------------------- drags
    def startDrag(self, actions: Qt.DropAction) -> None:
        """Begin to drag the current row."""
        spec: NodeSpec | None = self.currentIndex().data(SPEC)
        if spec is None:
            return
        drag = QDrag(self)
        drag.setMimeData(self._shelves.mimeData([self.currentIndex()]))
        picture = drag_picture(spec, self.devicePixelRatioF())
        drag.setPixmap(picture)
        drag.setHotSpot(QPoint(-14, -10))
        drag.exec(Qt.DropAction.CopyAction)
