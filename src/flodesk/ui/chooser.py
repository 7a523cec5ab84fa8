"""A list of choices with a search field, at the cursor: where a menu would be too long."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from flodesk.ui.popup import SearchPopup
from flodesk.ui.theme import theme
from flodesk.ui.theme.style import tokens

_DETAIL = int(Qt.ItemDataRole.UserRole) + 1
_NUMBER = int(Qt.ItemDataRole.UserRole) + 2


class _Rows(QStyledItemDelegate):
    """Paints a choice: its title, and beside it in grey what it is."""

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        """One line."""
        return QSize(200, 32)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Paint one row."""
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(option.rect)
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        if chosen or option.state & QStyle.StateFlag.State_MouseOver:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(tokens(theme())["selected" if chosen else "hover"]))
            painter.drawRoundedRect(box.adjusted(5, 1, -5, -1), 6, 6)
        line = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        title, detail = str(index.data()), str(index.data(_DETAIL) or "")
        metrics = painter.fontMetrics()
        width = min(metrics.horizontalAdvance(title) + 2, round(box.width() * 0.6))
        painter.setPen(QColor(theme().text))
        shown = metrics.elidedText(title, Qt.TextElideMode.ElideRight, width)
        painter.drawText(box.adjusted(14, 0, -14, 0), line, shown)
        room = box.adjusted(14 + width + 12, 0, -14, 0)
        painter.setPen(QColor(theme().muted))
        painter.drawText(room, line, metrics.elidedText(detail, Qt.TextElideMode.ElideRight, round(room.width())))
        painter.restore()


class Chooser(SearchPopup):
    """Lists choices, each with a title and a detail.

    Signals
    -------
    picked : the number of the choice
    """

    picked = Signal(int)

    def __init__(self, parent: QWidget, hint: str, choices: Sequence[tuple[str, str]]) -> None:
        self._model = QStandardItemModel()
        super().__init__(parent, self._model, _Rows(), hint)
        self._model.setParent(self)
        self._choices = choices
        self.chosen.connect(lambda index: self.picked.emit(index.data(_NUMBER)))

    def fill(self, text: str) -> str:
        """Show the choices that hold what was typed."""
        self._model.clear()
        for number, (title, detail) in enumerate(self._choices):
            if text.casefold() in f"{title} {detail}".casefold():
                row = QStandardItem(title)
                row.setData(detail, _DETAIL)
                row.setData(number, _NUMBER)
                row.setToolTip(detail)
                self._model.appendRow(row)
        return f"Nothing matches “{text}”."
