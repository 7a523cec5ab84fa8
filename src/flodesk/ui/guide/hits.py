"""The list of what a search of the guide has found: title, chapter, and what stands around the words."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QTextCharFormat, QTextLayout, QTextOption
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from flodesk.ui.focus import keep_keys
from flodesk.ui.guide.finding import Hit, marks
from flodesk.ui.theme import theme
from flodesk.ui.theme.style import tokens

_HIT = Qt.ItemDataRole.UserRole
_HEIGHT, _LINES, _EDGE = 74, 2, 12


class Hits(QListWidget):
    """What was found. `chosen` gives the key of a page: a click, Enter, or Up and Down to it."""

    chosen = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("guide_hits")
        self.setAccessibleName("Pages that were found")
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setUniformItemSizes(True)
        self.setMouseTracking(True)
        keep_keys(self)
        self.words = ""
        self.setItemDelegate(_Rows(self))
        self.itemClicked.connect(self._choose)
        self.itemActivated.connect(self._choose)

    def show_hits(self, hits: Sequence[Hit], words: str) -> None:
        """Show these instead of what is there."""
        self.words = words
        self.clear()
        for hit in hits:
            item = QListWidgetItem(hit.title, self)
            item.setData(_HIT, hit)
            item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{hit.title}, {hit.where}. {hit.quote}")
        self.setCurrentRow(0)
        self.scrollToTop()

    def hits(self) -> list[Hit]:
        """Return what is shown."""
        return [self.item(row).data(_HIT) for row in range(self.count())]

    def _choose(self, item: QListWidgetItem) -> None:
        self.chosen.emit(item.data(_HIT).key)


class _Rows(QStyledItemDelegate):
    def __init__(self, hits: Hits) -> None:
        super().__init__(hits)
        self._hits = hits

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        """Give each the same height."""
        return QSize(160, _HEIGHT)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Paint one: its title, what it belongs to at the right, and two lines of its words."""
        hit: Hit = index.data(_HIT)
        look, colors = theme(), tokens(theme())
        box = QRectF(option.rect)
        painter.save()
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(box, QColor(colors["selected"]))
        elif option.state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(box, QColor(colors["hover"]))
        room = box.adjusted(_EDGE, 8, -_EDGE, -6)
        font = QFont(option.font)
        font.setPixelSize(11)
        small = QFontMetricsF(font)
        where = small.elidedText(hit.where, Qt.TextElideMode.ElideRight, room.width() * 0.45)
        painter.setFont(font)
        painter.setPen(QColor(look.muted))
        painter.drawText(QRectF(room.left(), room.top(), room.width(), 18), Qt.AlignmentFlag.AlignRight, where)
        font.setPixelSize(13)
        font.setWeight(QFont.Weight.DemiBold)
        left = room.width() - small.horizontalAdvance(where) - 8
        painter.setFont(font)
        painter.setPen(QColor(look.text))
        title = QFontMetricsF(font).elidedText(hit.title, Qt.TextElideMode.ElideRight, left)
        painter.drawText(QRectF(room.left(), room.top() - 2, left, 20), Qt.AlignmentFlag.AlignLeft, title)
        self._quote(painter, room.adjusted(0, 21, 0, 0), hit.quote)
        painter.restore()

    def _quote(self, painter: QPainter, room: QRectF, text: str) -> None:
        """Paint the beginning of a text in some lines, with the words that were looked for in the text's own colour."""
        look = theme()
        font = QFont(painter.font())
        font.setPixelSize(12)
        font.setWeight(QFont.Weight.Normal)
        layout = QTextLayout(text, font)
        option = QTextOption()
        option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        layout.setTextOption(option)
        told = QTextCharFormat()
        told.setForeground(QColor(look.text))
        told.setFontWeight(QFont.Weight.Bold)
        ranges = []
        for start, length in marks(text, self._hits.words):
            one = QTextLayout.FormatRange()
            one.start, one.length, one.format = start, length, told
            ranges.append(one)
        layout.setFormats(ranges)
        layout.beginLayout()
        height = 0.0
        for _ in range(_LINES):
            line = layout.createLine()
            if not line.isValid():
                break
            line.setLineWidth(room.width())
            line.setPosition(QPointF(0, height))
            height += line.height()
        layout.endLayout()
        painter.setPen(QColor(look.muted))
        layout.draw(painter, room.topLeft())


__all__ = ["Hits"]
