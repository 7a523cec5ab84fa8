"""A note on the scene: Markdown on a coloured sheet."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QAbstractTextDocumentLayout, QLinearGradient, QPainter, QPalette, QPen
from PySide6.QtWidgets import QGraphicsItem, QGraphicsSceneMouseEvent, QStyleOptionGraphicsItem, QWidget

from flodesk.flow.pieces import Piece
from flodesk.ui.canvas.card_paint import FAR, MIDDLE
from flodesk.ui.canvas.painting import mixed, tint
from flodesk.ui.canvas.pieces.item import PieceItem, piece_color, sheet_color
from flodesk.ui.canvas.pieces.markdown import Words
from flodesk.ui.theme import theme

PAD = 12.0
SIZE, _LARGE = 13, 22
"""Height of the text in scene pixels: near by, and from where small print would be dust."""
_RADIUS = 8.0
_CLICK = 4.0


class NoteItem(PieceItem):
    """A note. `follow_link` is told of a link that was clicked."""

    def __init__(self, piece: Piece) -> None:
        self._words: dict[int, tuple[object, Words]] = {}
        self._pressed = QPointF()
        self.follow_link: Callable[[str], object] = lambda _: None
        super().__init__(piece)
        self.setZValue(0.5)
        self.setCacheMode(QGraphicsItem.CacheMode.DeviceCoordinateCache)

    def ground(self) -> str:
        """Return the colour of the sheet."""
        return sheet_color(theme(), self.piece).name()

    def words(self, size: int = SIZE) -> Words:
        """Return the text as a document, made anew only when something of it has changed."""
        width, ground = self.extent.width() - 2 * PAD, self.ground()
        now = (self.piece.text, theme().name, width, ground)
        kept = self._words.get(size)
        if kept is None or kept[0] != now:
            made = Words(self.piece.text, size, theme(), ground)
            made.setTextWidth(width)
            kept = self._words[size] = (now, made)
        return kept[1]

    def height_of_words(self) -> float:
        """Return how high the note has to be to show all that stands on it."""
        return float(self.words().size().height() + 2 * PAD)

    def link_at(self, place: QPointF) -> str:
        """Return the link under a point of the item; empty if there is none."""
        return self.words().documentLayout().anchorAt(place - QPointF(PAD, PAD))

    # -------------------------------------------------------------- Qt
    def usual_cursor(self, place: QPointF) -> Qt.CursorShape:
        """Point at links."""
        return Qt.CursorShape.PointingHandCursor if self.link_at(place) else Qt.CursorShape.ArrowCursor

    def mousePressEvent(self, event: QGraphicsSceneMouseEvent) -> None:
        """Remember where: a link is followed by a click, not by a drag."""
        self._pressed = QPointF(event.screenPos())
        super().mousePressEvent(event)

    def mouseReleaseEvent(self, event: QGraphicsSceneMouseEvent) -> None:
        """Follow a link."""
        clicked = (QPointF(event.screenPos()) - self._pressed).manhattanLength() < _CLICK and not self.resizing
        super().mouseReleaseEvent(event)
        if clicked and (link := self.link_at(event.pos())):
            self.follow_link(link)

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        """Paint the sheet and its words; what does not fit fades out at the lower edge."""
        look = theme()
        detail = option.levelOfDetailFromTransform(painter.worldTransform())
        ground, color = self.ground(), piece_color(look, self.piece)
        box = QRectF(QPointF(0, 0), self.extent)
        pen = QPen(tint(look.accent) if self.isSelected() else mixed(color, look.raised, 0.45), 1.0)
        pen.setWidthF(1.8 if self.isSelected() else 1.0)
        pen.setCosmetic(detail < 1)
        painter.setPen(pen)
        painter.setBrush(tint(ground))
        painter.drawRoundedRect(box, _RADIUS, _RADIUS)
        if detail < FAR:
            painter.fillRect(box.adjusted(10, 12, -box.width() / 3, 12 - box.height() + 8), tint(color, 0.6))
            return
        words = self.words(SIZE if detail > MIDDLE else _LARGE)
        inner = box.adjusted(PAD, PAD - 2, -PAD + 2, -4)
        context = QAbstractTextDocumentLayout.PaintContext()
        context.palette.setColor(QPalette.ColorRole.Text, tint(look.text if self.piece.text else look.muted))
        context.clip = QRectF(0, 0, inner.width(), inner.height())
        painter.save()
        painter.setClipRect(inner)
        painter.translate(PAD, PAD)
        words.documentLayout().draw(painter, context)
        painter.restore()
        if words.size().height() > box.height() - PAD - 4:
            fade = QLinearGradient(0, box.bottom() - 26, 0, box.bottom() - 4)
            fade.setColorAt(0, tint(ground, 0.0))
            fade.setColorAt(1, tint(ground))
            painter.fillRect(box.adjusted(2, box.height() - 26, -2, -2), fade)
