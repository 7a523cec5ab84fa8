"""A list of flows on the start page: a picture each, with what it is called; a click or Enter chooses one."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFocusEvent, QIcon, QImage, QKeyEvent, QPixmap, QResizeEvent
from PySide6.QtWidgets import QListView, QListWidget, QListWidgetItem

from flodesk.ui.theme import theme
from flodesk.ui.theme.icons import untinted
from flodesk.ui.versions.picture import SCALE

_AIR = 24


class Tiles(QListWidget):
    """Shows flows. `chosen` gives the key of the one that was clicked, `unwanted` of one that shall go (Del)."""

    KEY = Qt.ItemDataRole.UserRole
    """Under which an entry keeps its key."""
    LINES = 4
    """Lines of text that there is room for below a picture."""
    chosen = Signal(str)
    unwanted = Signal(str)

    def __init__(self, name: str, size: tuple[int, int], *, gallery: bool) -> None:
        super().__init__()
        self.size_of_pictures = size
        self.setAccessibleName(name)
        self.setIconSize(QSize(*size))
        self.setWordWrap(True)
        self.setFrameShape(QListWidget.Shape.NoFrame)
        self.setVerticalScrollMode(QListWidget.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setMouseTracking(True)
        if gallery:
            self.setViewMode(QListView.ViewMode.IconMode)
            self.setMovement(QListView.Movement.Static)
            self.setResizeMode(QListView.ResizeMode.Adjust)
            self.setUniformItemSizes(True)
        else:
            self.setSpacing(2)
        self.itemClicked.connect(self._choose)

    def show_flows(self, flows: list[tuple[str, str, str]]) -> None:
        """Show these flows: key, what is written, tooltip. Pictures that there are stay."""
        known = {self.item(row).data(self.KEY): self.item(row).icon() for row in range(self.count())}
        self.clear()
        for key, text, tip in flows:
            item = QListWidgetItem(known.get(key) or self._blank(), text)
            item.setData(self.KEY, key)
            item.setToolTip(tip)
            self.addItem(item)
        self._spread()

    def show_picture(self, key: str, image: QImage) -> None:
        """Show the picture of a flow."""
        image.setDevicePixelRatio(SCALE)
        picture = untinted(QPixmap.fromImage(image))
        for row in range(self.count()):
            if self.item(row).data(self.KEY) == key:
                self.item(row).setIcon(picture)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Begin at the first one; only the list that has the keyboard shows where it is."""
        super().focusInEvent(event)
        if self.currentItem() is None and self.count():
            self.setCurrentRow(0)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Show no place of the keyboard any more."""
        super().focusOutEvent(event)
        if event.reason() != Qt.FocusReason.ActiveWindowFocusReason:
            self.setCurrentIndex(QModelIndex())
            self.clearSelection()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Share the width among the pictures."""
        super().resizeEvent(event)
        self._spread()

    def _spread(self) -> None:
        if self.viewMode() == QListView.ViewMode.IconMode:
            room = self.viewport().width() - 4
            width, height = self.size_of_pictures
            columns = max(1, room // (width + _AIR))
            self.setGridSize(QSize(room // columns, height + self.LINES * self.fontMetrics().lineSpacing() + 8))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter chooses, Del takes out of the list."""
        item = self.currentItem()
        if item is not None and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self._choose(item)
        elif item is not None and event.key() == Qt.Key.Key_Delete:
            self.unwanted.emit(item.data(self.KEY))
        else:
            super().keyPressEvent(event)

    def _choose(self, item: QListWidgetItem) -> None:
        self.chosen.emit(item.data(self.KEY))

    def _blank(self) -> QIcon:
        ground = QPixmap(QSize(*self.size_of_pictures) * SCALE)
        ground.setDevicePixelRatio(SCALE)
        ground.fill(QColor(theme().canvas))
        return untinted(ground)


__all__ = ["Tiles"]
