"""How a row of what was found is painted: the card, and the text with what was looked for in it."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from flodesk.flow.finding import Hit
from flodesk.ui.theme import theme
from flodesk.ui.theme.style import mix, tokens

HIT = int(Qt.ItemDataRole.UserRole) + 1
HEIGHT = 40
_LINE = Qt.AlignmentFlag.AlignVCenter


class HitRows(QStyledItemDelegate):
    """Paints a hit in two lines: where, and what."""

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        """Two lines."""
        return QSize(120, HEIGHT)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Paint one row."""
        hit: Hit = index.data(HIT)
        box, look, place = QRectF(option.rect), theme(), hit.place
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        state: QStyle.StateFlag = option.state
        if state & (QStyle.StateFlag.State_Selected | QStyle.StateFlag.State_MouseOver):
            chosen = bool(state & QStyle.StateFlag.State_Selected)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(tokens(look)["selected" if chosen else "hover"]))
            painter.drawRoundedRect(box.adjusted(4, 1, -4, -1), 6, 6)
        upper = QRectF(box.left() + 12, box.top() + 3, box.width() - 24, 17)
        lower = QRectF(box.left() + 12, box.top() + 20, box.width() - 24, 16)
        small = QFont(painter.font())
        small.setPixelSize(11)
        where = f"{place.where} · {place.function}" if place.function else place.where
        painter.setFont(small)
        painter.setPen(QColor(look.muted))
        where = QFontMetrics(small).elidedText(where, Qt.TextElideMode.ElideRight, int(upper.width() * 0.6))
        painter.drawText(upper, _LINE | Qt.AlignmentFlag.AlignRight, where)
        bold = QFont(option.font)
        bold.setWeight(QFont.Weight.DemiBold)
        painter.setFont(bold)
        painter.setPen(QColor(look.text))
        room = int(upper.width()) - QFontMetrics(small).horizontalAdvance(where) - 12
        title = QFontMetrics(bold).elidedText(title_of(hit), Qt.TextElideMode.ElideRight, room)
        painter.drawText(upper, _LINE | Qt.AlignmentFlag.AlignLeft, title)
        painter.setFont(small)
        _paint_text(painter, lower, hit)
        painter.restore()


def title_of(hit: Hit) -> str:
    """Return what bears the text: the name of the node, or the kind of what has none."""
    place = hit.place
    titles = {"note": "Note", "frame": "Frame", "top": "Top of the file"}
    return titles.get(place.kind, place.id)


def _paint_text(painter: QPainter, box: QRectF, hit: Hit) -> None:
    """Paint the text, what was found on a ground; of a long one the part around it."""
    look, metrics = theme(), painter.fontMetrics()
    text, start, end = hit.place.text, hit.start, hit.end
    if metrics.horizontalAdvance(text[:end]) > box.width() * 0.8 and start > 12:
        text, start, end = f"… {text[start - 10 :]}", 12, 12 + end - start
    before, found = metrics.horizontalAdvance(text[:start]), metrics.horizontalAdvance(text[start:end])
    ground = QRectF(box.left() + before - 1, box.top() + 1, min(found, box.width() - before) + 2, box.height() - 2)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(mix(look.raised, look.warning, 0.35)))
    painter.drawRoundedRect(ground, 3, 3)
    painter.setPen(QColor(look.text))
    painter.drawText(box, _LINE, metrics.elidedText(text, Qt.TextElideMode.ElideRight, int(box.width())))
