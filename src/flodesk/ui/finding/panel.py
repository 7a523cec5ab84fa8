"""The field in which one types what is looked for, with the list of what was found below; over the canvas."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QLineEdit, QListView, QToolButton, QVBoxLayout, QWidget

from flodesk.flow.finding import Hit
from flodesk.ui.dock import small_button
from flodesk.ui.finding.rows import HEIGHT, HIT, HitRows, title_of
from flodesk.ui.focus import pass_undo_on

WIDTH = 340
MOST = 500
"""So many hits are listed; the count tells of all."""
_LEAST = 240
_EDGE = 8
_ROWS = 7


class FindPanel(QFrame):
    """Field, count, buttons and list.

    Signals
    -------
    typed : what is looked for, or how, has changed
    stepped : 1 for the next hit, -1 for the one before
    picked : the number of the hit that was chosen in the list
    left : the keyboard goes back to the canvas
    """

    typed = Signal()
    stepped = Signal(int)
    picked = Signal(int)
    left = Signal()

    def __init__(self, parent: QWidget, over: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("find_panel")
        self._parent, self._over = parent, over
        self._covered = 0
        self.field = QLineEdit()
        self.field.setPlaceholderText("Find in the flow")
        self.field.setAccessibleName("Find in the flow")
        self.field.setClearButtonEnabled(True)
        pass_undo_on(self.field)
        self.case = _switch("Aa", "Upper and lower case count")
        self.regular = _switch(".*", "A regular expression")
        self.count = QLabel()
        self.count.setProperty("role", "muted")
        self._rows = QStandardItemModel(self)
        self.list = QListView()
        self.list.setModel(self._rows)
        self.list.setItemDelegate(HitRows(self.list))
        self.list.setAccessibleName("What was found")
        self.list.setMouseTracking(True)
        self.list.setUniformItemSizes(True)
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setFrameShape(QFrame.Shape.NoFrame)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setEditTriggers(QListView.EditTrigger.NoEditTriggers)
        upper, lower = QHBoxLayout(), QHBoxLayout()
        upper.setSpacing(4)
        upper.addWidget(self.field, 1)
        upper.addWidget(small_button("close", "Close the search (Esc)", self.close_panel))
        lower.setSpacing(4)
        for part in (self.case, self.regular):
            lower.addWidget(part)
        lower.addWidget(self.count, 1)
        lower.addWidget(small_button("up", "Previous (Shift+F3)", lambda: self.stepped.emit(-1)))
        lower.addWidget(small_button("down", "Next (F3)", lambda: self.stepped.emit(1)))
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 8, 8, 6)
        column.setSpacing(4)
        column.addLayout(upper)
        column.addLayout(lower)
        column.addWidget(self.list)
        self.field.textChanged.connect(lambda _: self.typed.emit())
        self.case.toggled.connect(lambda _: self.typed.emit())
        self.regular.toggled.connect(lambda _: self.typed.emit())
        self.list.clicked.connect(lambda index: self.picked.emit(index.row()))
        self.field.installEventFilter(self)
        over.installEventFilter(self)
        self.hide()

    # -------------------------------------------------------------- what it shows
    def open(self) -> None:
        """Show it, with the keyboard in its field."""
        self.show()
        self.lie()
        self.raise_()
        self.field.setFocus()
        self.field.selectAll()

    def close_panel(self) -> None:
        """Go away; the keyboard goes back to the canvas."""
        self.hide()
        self.left.emit()

    def show_hits(self, hits: Sequence[Hit]) -> None:
        """List what was found."""
        self._rows.clear()
        for hit in hits[:MOST]:
            row = QStandardItem(title_of(hit))
            row.setData(hit, HIT)
            words = f"{title_of(hit)}, {hit.place.where}: {hit.place.text}"
            row.setToolTip(words)
            row.setAccessibleText(words)
            self._rows.appendRow(row)
        self.list.setVisible(bool(hits))
        self.lie()

    def show_current(self, number: int, total: int, problem: str = "") -> None:
        """Show which of them is shown on the canvas; -1 for none yet."""
        words = f"{number + 1} of {total}" if number >= 0 else f"{total} found"
        self.count.setText(problem or (words if total else "Nothing found" if self.field.text() else ""))
        self.count.setToolTip(problem)
        self.list.setCurrentIndex(self._rows.index(number, 0))

    def give_way(self, pixels: int) -> None:
        """Stand below a message that covers the upper `pixels` of the canvas."""
        self._covered = pixels
        self.lie()

    def lie(self) -> None:
        """Lie over the upper right corner of the canvas, as high as the list needs and the canvas allows."""
        if self.isHidden():
            return
        room = self._over.size()
        bare = self.sizeHint().height() - (self.list.sizeHint().height() + 4 if self.list.isVisibleTo(self) else 0)
        rows = min(self._rows.rowCount(), _ROWS)
        height = bare + (rows * HEIGHT + 8 if rows else 0)
        height = min(height, room.height() - self._covered - 2 * _EDGE)
        width = min(WIDTH, max(_LEAST, room.width() // 2), room.width() - 2 * _EDGE)
        corner = self._over.mapTo(self._parent, QPoint(room.width() - width - _EDGE, self._covered + _EDGE))
        self.setGeometry(corner.x(), corner.y(), width, max(bare, height))

    # -------------------------------------------------------------- Qt
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the canvas below; let the keys of the field walk through the list."""
        kind = event.type()
        if watched is not self.field:
            if kind in (QEvent.Type.Resize, QEvent.Type.Move):
                self.lie()
            return False
        if not isinstance(event, QKeyEvent) or kind not in (QEvent.Type.KeyPress, QEvent.Type.ShortcutOverride):
            return False
        back = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        steps = {Qt.Key.Key_Return: -1 if back else 1, Qt.Key.Key_Enter: -1 if back else 1}
        steps |= {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}
        step = steps.get(Qt.Key(event.key()))
        if step is None and event.key() != Qt.Key.Key_Escape:
            return False
        event.accept()
        if kind == QEvent.Type.KeyPress:
            if step is None:
                self.close_panel()
            else:
                self.stepped.emit(step)
        return True


def _switch(text: str, tip: str) -> QToolButton:
    button = QToolButton()
    button.setText(text)
    button.setCheckable(True)
    button.setAutoRaise(True)
    button.setToolTip(tip)
    button.setAccessibleName(tip)
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    return button
