"""The popup that adds a package by its name, and takes those that were added away again."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QModelIndex, QObject, QPersistentModelIndex, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from flodesk.ui.foreign_types import ForeignTypes
from flodesk.ui.popup import SearchPopup
from flodesk.ui.theme import theme
from flodesk.ui.theme.icons import pixmap
from flodesk.ui.theme.style import tokens

_MODULE = int(Qt.ItemDataRole.UserRole) + 1
_WHAT = int(Qt.ItemDataRole.UserRole) + 2
_ADDED = int(Qt.ItemDataRole.UserRole) + 3
_HEIGHT = 32
_CROSS = 32
"""Width of the end of a row that takes a package away, in px."""
_HINT = "Package or module, such as scipy.signal"


class _Rows(QStyledItemDelegate):
    """Paints a module, what it is here, and for one that was added the × that takes it away."""

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        """One line."""
        return QSize(200, _HEIGHT)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Paint one row."""
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(option.rect)
        state: QStyle.StateFlag = option.state
        chosen = bool(state & QStyle.StateFlag.State_Selected)
        if chosen or state & QStyle.StateFlag.State_MouseOver:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(tokens(theme())["selected" if chosen else "hover"]))
            painter.drawRoundedRect(box.adjusted(5, 1, -5, -1), 6, 6)
        middle = Qt.AlignmentFlag.AlignVCenter
        added = bool(index.data(_ADDED))
        room = box.adjusted(14, 0, -(_CROSS + 4) if added else -14, 0)
        painter.setPen(QColor(theme().muted))
        painter.drawText(room, middle | Qt.AlignmentFlag.AlignRight, str(index.data(_WHAT)))
        taken = painter.fontMetrics().horizontalAdvance(str(index.data(_WHAT))) + 12
        painter.setPen(QColor(theme().text))
        name = painter.fontMetrics().elidedText(
            str(index.data()), Qt.TextElideMode.ElideRight, int(room.width()) - taken
        )
        painter.drawText(room, middle | Qt.AlignmentFlag.AlignLeft, name)
        if added:
            cross = _cross(box)
            painter.drawPixmap(cross.toRect(), pixmap("close", theme().muted, 14))
        painter.restore()


def _cross(row: QRectF) -> QRectF:
    return QRectF(row.right() - _CROSS + 5, row.center().y() - 7, 14, 14)


class AddPackage(SearchPopup):
    """Type the name of a package or a module, and press Enter; those that were added are listed with ×."""

    wanted = Signal(str)

    def __init__(self, parent: QWidget, foreign: ForeignTypes) -> None:
        self._rows = QStandardItemModel()
        self._names: tuple[str, Sequence[str]] = ("", ())
        """What was typed, and the modules that begin so."""
        super().__init__(parent, self._rows, _Rows(), _HINT)
        self._rows.setParent(self)
        self._foreign = foreign
        self.setAccessibleName("Add a package")
        self.list.setAccessibleName("Packages")
        self.list.viewport().installEventFilter(self)
        self.chosen.connect(self._add)
        foreign.found.connect(self._looked_up)

    def fill(self, text: str) -> str:
        """Show what is on the shelves, or the modules that begin as what is typed."""
        if text and text != self._names[0]:
            self._foreign.look_up(text)
        self._rows.clear()
        added, shown = self._foreign.added, self._foreign.shown
        found = self._names[1] if text and self._names[0] and text.startswith(self._names[0]) else ()
        typed = [text] if text and all(part.isidentifier() for part in text.split(".")) else []
        modules = [*added, *(m for m in shown if m not in added)] if not text else [*typed, *found]
        for module in dict.fromkeys(m for m in modules if m.startswith(text)):
            row = QStandardItem(module)
            row.setData(module, _MODULE)
            row.setData(self._what(module), _WHAT)
            row.setData(module in added and not text, _ADDED)
            row.setToolTip(f"{module}: × or Del takes its shelf away" if module in added else f"Add {module}")
            self._rows.appendRow(row)
        if text:
            return "A name of a module has letters, digits and dots alone."
        return "Type the name of an installed package: its functions become nodes, with their help."

    def _what(self, module: str) -> str:
        if module in self._foreign.added:
            return "added"
        return "imported by this flow" if module in self._foreign.shown else "add"

    def _looked_up(self, text: str, names: Sequence[str]) -> None:
        if text == self.field.text().strip():
            self._names = (text, names)
            current = self.list.currentIndex().data(_MODULE)
            self._search(text)
            for row in range(self._rows.rowCount()):
                if self._rows.item(row).data(_MODULE) == current:
                    self.list.setCurrentIndex(self._rows.index(row, 0))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Let the × of a row, and Del, take a package away."""
        if watched is self.list.viewport() and isinstance(event, QMouseEvent):
            index = self.list.indexAt(event.position().toPoint())
            box = QRectF(self.list.visualRect(index))
            if index.data(_ADDED) and event.position().x() > box.right() - _CROSS:
                if event.type() == QEvent.Type.MouseButtonRelease:
                    self._remove(index)
                return event.type() != QEvent.Type.MouseMove
            return False
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress and event.key() == Qt.Key.Key_Delete:
            index = self.list.currentIndex()
            if index.data(_ADDED):
                self._remove(index)
                return True
        return super().eventFilter(watched, event)

    def _remove(self, index: QModelIndex) -> None:
        self._foreign.remove(str(index.data(_MODULE)))
        self._search("")

    def _add(self, index: QModelIndex) -> None:
        self.wanted.emit(str(index.data(_MODULE)))


__all__ = ["AddPackage"]
