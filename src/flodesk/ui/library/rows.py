"""How a row of the library is painted: sign, name, and in a second line what the node does."""

from __future__ import annotations

import math

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPen, QPixmap, QPolygonF
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from flodesk.flow.spec import NodeSpec
from flodesk.ui.help import without_signs
from flodesk.ui.library.broken import BROKEN
from flodesk.ui.library.shelves import SHELF, SPEC, STARRED, shelf_title
from flodesk.ui.theme import theme
from flodesk.ui.theme.glyphs import paint_glyph
from flodesk.ui.theme.style import tokens

_LOW, _HIGH = QSize(120, 30), QSize(120, 40)
_STAR = 30.0
"""Room at the right end of a row for its star."""


def drag_picture(spec: NodeSpec, ratio: float = 1.0) -> QPixmap:
    """Return the small, translucent picture of a node type that is dragged; `ratio` is device pixels a pixel."""
    font = QFont()
    font.setPixelSize(12)
    font.setWeight(QFont.Weight.DemiBold)
    title = QFontMetrics(font).elidedText(spec.title, Qt.TextElideMode.ElideRight, 120)
    width = 34 + QFontMetrics(font).horizontalAdvance(title) + 10
    picture = QPixmap(round(width * ratio), round(26 * ratio))
    picture.setDevicePixelRatio(ratio)
    picture.fill(Qt.GlobalColor.transparent)
    with QPainter(picture) as painter:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setOpacity(0.75)
        painter.setPen(QColor(theme().accent))
        painter.setBrush(QColor(theme().raised))
        painter.drawRoundedRect(QRectF(0.5, 0.5, width - 1, 25), 6, 6)
        paint_glyph(painter, QRectF(6, 4, 18, 18), spec.category)
        painter.setFont(font)
        painter.setPen(QColor(theme().text))
        painter.drawText(QRectF(31, 0, width - 31, 26), Qt.AlignmentFlag.AlignVCenter, title)
    return picture


def star_box(row: QRectF) -> QRectF:
    """Return where the star of a row is, which a click gives and takes."""
    return QRectF(row.right() - _STAR, row.center().y() - 12, 24, 24)


def _star(middle: QPointF, radius: float) -> QPolygonF:
    turns = ((radius if corner % 2 == 0 else radius * 0.44, math.pi * (corner / 5 - 0.5)) for corner in range(10))
    return QPolygonF([middle + QPointF(out * math.cos(angle), out * math.sin(angle)) for out, angle in turns])


class Rows(QStyledItemDelegate):
    """Paints shelves and node types; with `stars` also the star that a hand can give to the row under it."""

    def __init__(self, parent: QObject | None = None, *, stars: bool = False) -> None:
        super().__init__(parent)
        self._stars = stars

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        """Give a node type two lines, a shelf one."""
        if index.internalId():  # on a shelf: a view asks for each row of those that are open
            return _HIGH
        return _LOW if index.data(SHELF) is not None else _HIGH

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Paint one row."""
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(option.rect)
        state = option.state
        self._ground(painter, box, state)
        spec = index.data(SPEC)
        broken = index.data(BROKEN)
        if broken is not None:
            self._broken(painter, box, str(index.data()), broken[1])
        elif spec is None:
            self._shelf(painter, box, index)
        else:
            paint_glyph(painter, QRectF(box.left() + 7, box.top() + 9, 22, 22), spec.category)
            right = _STAR + 2.0 if self._paint_star(painter, box, state, starred=bool(index.data(STARRED))) else 8.0
            room = box.adjusted(38, 4, -right, -20)
            if not index.parent().isValid():  # found by a search: two types may have one title
                shelf = shelf_title(spec.category)
                self._text(painter, room, shelf, theme().muted, size=10, right=True)
                room.adjust(0, 0, -QFontMetrics(painter.font()).horizontalAdvance(shelf), 0)
            self._text(painter, room, spec.title, theme().text, bold=True)
            said = without_signs(spec.summary)
            self._text(painter, box.adjusted(38, 20, -right, -4), said, theme().muted, size=11)
        painter.restore()

    def _paint_star(self, painter: QPainter, box: QRectF, state: QStyle.StateFlag, *, starred: bool) -> bool:
        """Paint the star of a row if it has one, or could be given one by the hand that is there."""
        hand = state & (QStyle.StateFlag.State_MouseOver | QStyle.StateFlag.State_Selected)
        if not starred and not (self._stars and hand):
            return False
        look = theme()
        pen = QPen(QColor(look.warning if starred else look.muted), 1.2)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        painter.setPen(pen)
        painter.setBrush(QColor(look.warning) if starred else Qt.BrushStyle.NoBrush)
        painter.drawPolygon(_star(star_box(box).center(), 6.5))
        return True

    def _ground(self, painter: QPainter, box: QRectF, state: QStyle.StateFlag) -> None:
        chosen, under = state & QStyle.StateFlag.State_Selected, state & QStyle.StateFlag.State_MouseOver
        if chosen or under:
            color = tokens(theme())["selected" if chosen else "hover"]
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(color))
            painter.drawRoundedRect(box.adjusted(1, 1, -1, -1), 6, 6)
        if state & QStyle.StateFlag.State_HasFocus:
            painter.setPen(QColor(theme().accent))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(box.adjusted(1.5, 1.5, -1.5, -1.5), 6, 6)

    def _shelf(self, painter: QPainter, box: QRectF, index: QModelIndex | QPersistentModelIndex) -> None:
        paint_glyph(painter, QRectF(box.left() + 5, box.top() + 6, 18, 18), index.data(SHELF))
        self._text(painter, box.adjusted(31, 0, -36, 0), str(index.data()), theme().text, bold=True)
        count = str(index.model().rowCount(index))
        painter.setPen(QColor(theme().muted))
        painter.drawText(box.adjusted(0, 0, -10, 0), Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, count)

    def _broken(self, painter: QPainter, box: QRectF, title: str, why: str) -> None:
        self._text(painter, QRectF(box.left() + 7, box.top() + 9, 22, 22), "⚠", theme().error, bold=True)
        self._text(painter, box.adjusted(38, 4, -8, -20), title, theme().text, bold=True)
        self._text(painter, box.adjusted(38, 20, -8, -4), why, theme().error, size=11)

    def _text(
        self,
        painter: QPainter,
        box: QRectF,
        text: str,
        color: str,
        *,
        bold: bool = False,
        size: int = 0,
        right: bool = False,
    ) -> None:
        font = QFont(painter.font())
        font.setWeight(QFont.Weight.DemiBold if bold else QFont.Weight.Normal)
        if size:
            font.setPixelSize(size)
        painter.save()
        painter.setFont(font)
        painter.setPen(QColor(color))
        short = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, int(box.width()))
        side = Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft
        painter.drawText(box, Qt.AlignmentFlag.AlignVCenter | side, short)
        painter.restore()
