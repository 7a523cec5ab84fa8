"""A frame on the scene: a titled ground. A hand takes it by its title and its edges; presses go through its ground."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QPainterPath, QPen
from PySide6.QtWidgets import QStyleOptionGraphicsItem, QWidget

from flodesk.flow.pieces import Piece
from flodesk.ui.canvas.painting import fonts, tint
from flodesk.ui.canvas.pieces.item import PieceItem, depth_of, head_color, piece_color
from flodesk.ui.theme import theme

BAND = 32.0
"""Height of the title."""
_RADIUS = 10.0
_LARGEST = 24
"""Pixels that a title is high at most, far away."""
_LEFT = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft


class FrameItem(PieceItem):
    """A titled ground behind cards, which it takes along. `lit` while a card that is dragged would come to it."""

    def __init__(self, piece: Piece) -> None:
        self.lit = False
        super().__init__(piece)

    def resized(self) -> None:
        """Lie above larger frames, behind everything else but the grounds of loops."""
        self.setZValue(-4.0 - depth_of(self.extent))

    def light(self, on: bool) -> None:
        """Show that what is dragged would come to lie in it."""
        if on != self.lit:
            self.lit = on
            self.update()

    def title_box(self) -> QRectF:
        """Return where the title stands, in the item's coordinates."""
        return QRectF(12, 4, max(60.0, self.extent.width() - 24), BAND - 8)

    def shape(self) -> QPainterPath:
        """Return the title and the edges: a press on the ground is for what lies on it, or begins a marquee."""
        path = QPainterPath()
        path.setFillRule(Qt.FillRule.OddEvenFill)
        outer = self.boundingRect()
        path.addRect(outer)
        path.addRect(QRectF(8, BAND, outer.width() - 24, max(0.0, outer.height() - BAND - 16)))
        return path

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        """Paint the ground, its edge and its title; the title grows with the distance."""
        look = theme()
        detail = option.levelOfDetailFromTransform(painter.worldTransform())
        color = piece_color(look, self.piece)
        box = QRectF(QPointF(0, 0), self.extent)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(tint(color, (0.09 if look.dark else 0.08) + (0.08 if self.lit else 0)))
        painter.drawRoundedRect(box, _RADIUS, _RADIUS)
        head = QPainterPath()
        head.setFillRule(Qt.FillRule.WindingFill)
        head.addRoundedRect(QRectF(0, 0, box.width(), BAND), _RADIUS, _RADIUS)
        head.addRect(QRectF(0, _RADIUS, box.width(), BAND - _RADIUS))
        painter.setBrush(head_color(look, self.piece))
        painter.drawPath(head)
        chosen = self.isSelected() or self.lit
        pen = QPen(tint(look.accent) if chosen else tint(color, 0.55), 1.8 if chosen else 1.0)
        pen.setCosmetic(detail < 1)
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(box, _RADIUS, _RADIUS)
        self._paint_title(painter, detail)

    def _paint_title(self, painter: QPainter, detail: float) -> None:
        look = theme()
        font = QFont(fonts().title.font)
        font.setPixelSize(max(13, min(_LARGEST, round(13 / max(detail, 0.1)))))
        words = self.piece.text or "Frame"
        place = self.title_box()
        text = QFontMetricsF(font).elidedText(words, Qt.TextElideMode.ElideRight, place.width())
        painter.setFont(font)
        painter.setPen(tint(look.text if self.piece.text else look.muted))
        painter.drawText(QRectF(place.left(), 0, place.width(), BAND), _LEFT, text)
