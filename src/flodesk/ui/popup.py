"""A search field with a list below, as a popup: the command palette and quick add are made of it."""

from __future__ import annotations

from PySide6.QtCore import QAbstractItemModel, QEvent, QModelIndex, QObject, QPoint, QRect, Qt, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent
from PySide6.QtWidgets import QAbstractItemDelegate, QFrame, QLabel, QLineEdit, QListView, QVBoxLayout, QWidget


class SearchPopup(QFrame):
    """Type to search, Up and Down to walk, Enter to choose, Escape to leave. Subclasses fill the `model`."""

    chosen = Signal(QModelIndex)

    def __init__(self, parent: QWidget, model: QAbstractItemModel, delegate: QAbstractItemDelegate, hint: str) -> None:
        super().__init__(parent, Qt.WindowType.Popup | Qt.WindowType.FramelessWindowHint)
        self.setObjectName("popup")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.field = QLineEdit()
        self.field.setPlaceholderText(hint)
        self.field.setAccessibleName(hint)
        self.list = QListView()
        self.list.setModel(model)
        delegate.setParent(self.list)
        self.list.setItemDelegate(delegate)
        self.list.setMouseTracking(True)
        self.list.setUniformItemSizes(True)
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setEditTriggers(QListView.EditTrigger.NoEditTriggers)
        self.nothing = QLabel()
        self.nothing.setProperty("role", "muted")
        self.nothing.setContentsMargins(12, 8, 12, 12)
        self.nothing.setWordWrap(True)
        rule = QFrame()
        rule.setProperty("rule", True)
        rule.setFixedHeight(1)
        self.column = column = QVBoxLayout(self)
        column.setContentsMargins(1, 1, 1, 4)
        column.setSpacing(2)
        column.addWidget(self.field)
        column.addWidget(rule)
        column.addWidget(self.list, 1)
        column.addWidget(self.nothing)
        self.field.installEventFilter(self)
        self.field.textChanged.connect(self._search)
        self.list.clicked.connect(self._choose)

    def open_at(self, place: QPoint, width: int = 380, height: int = 380) -> None:
        """Show it with its upper left corner at a place of the screen, moved so that all of it is visible."""
        screen = QGuiApplication.screenAt(place) or QGuiApplication.primaryScreen()
        room = screen.availableGeometry()
        box = QRect(place.x(), place.y(), min(width, room.width()), min(height, room.height()))
        box.moveLeft(max(room.left(), min(box.left(), room.right() - box.width())))
        box.moveTop(max(room.top(), min(box.top(), room.bottom() - box.height())))
        self.setGeometry(box)
        self._search("")
        self.show()
        self.field.setFocus(Qt.FocusReason.PopupFocusReason)

    def fill(self, text: str) -> str:
        """Fill the model with what `text` finds; return what to say if that is nothing."""
        raise NotImplementedError

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Let the keys of the field walk through the list."""
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            steps = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1, Qt.Key.Key_PageUp: -8, Qt.Key.Key_PageDown: 8}
            if (step := steps.get(Qt.Key(event.key()))) is not None:
                count = self.list.model().rowCount()
                row = self.list.currentIndex().row() + step
                row = row % count if count and abs(step) == 1 else max(0, min(row, count - 1))
                self.list.setCurrentIndex(self.list.model().index(row, 0))
                return True
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self._choose(self.list.currentIndex())
                return True
            if event.key() == Qt.Key.Key_Escape:
                self.close()
                return True
        return False

    def _search(self, text: str) -> None:
        words = self.fill(text.strip())
        found = self.list.model().rowCount() > 0
        self.list.setVisible(found)
        self.nothing.setVisible(not found)
        self.nothing.setText(words)
        self.list.setCurrentIndex(self.list.model().index(0, 0))

    def _choose(self, index: QModelIndex) -> None:
        if index.isValid():
            self.chosen.emit(index)
            self.close()
