"""The small map in the corner: the whole flow, and which part of it is seen. A drag on it moves the view."""

from __future__ import annotations

from collections.abc import Callable, Collection

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from flodesk.ui.canvas.card_paint import ground_color
from flodesk.ui.canvas.node_item import NodeItem
from flodesk.ui.canvas.painting import tint
from flodesk.ui.canvas.pieces.item import PieceItem, piece_color
from flodesk.ui.canvas.viewer import Viewer
from flodesk.ui.theme import theme

_LARGE, _SMALL = QSize(184, 116), QSize(124, 78)
_MARGIN, _INSET = 12, 7.0


class MiniMap(QWidget):
    """An overlay in the lower right corner of the viewport; hidden where it would cover too much or a selected card."""

    def __init__(
        self,
        viewer: Viewer,
        cards: Callable[[], Collection[NodeItem]],
        pieces: Callable[[], Collection[PieceItem]] = tuple,
    ) -> None:
        super().__init__(viewer.viewport())
        self._pieces = pieces
        self._viewer = viewer
        self._cards = cards
        self.wanted = True
        self.setFixedSize(_LARGE)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setToolTip("The whole flow. Drag to move the view.")
        self.setAccessibleName("Map of the flow")
        viewer.view_changed.connect(self.refresh)

    def refresh(self) -> None:
        """Follow the view and the flow; hide while all of it is seen anyway."""
        port = self._viewer.viewport().size()
        content = self._content()
        seen_whole = self._viewer.visible_rect().contains(content)
        size = _LARGE if port.height() > 4 * _LARGE.height() else _SMALL
        roomy = port.width() > 3 * size.width() and port.height() - self._viewer.inset > 2.5 * size.height()
        show = (
            self.wanted
            and roomy
            and len(self._cards()) + len(self._pieces()) > 1
            and not seen_whole
            and not self._covers(port, size)
        )
        if show:
            self.setFixedSize(size)
            self.move(port.width() - size.width() - _MARGIN, port.height() - size.height() - _MARGIN)
            self.update()
        if show == self.isHidden():
            self.setVisible(show)

    def _covers(self, port: QSize, size: QSize) -> bool:
        corner = QRect(port.width() - size.width() - _MARGIN, port.height() - size.height() - _MARGIN, *size.toTuple())
        place = self._viewer.mapToScene(corner).boundingRect()
        return any(card.isSelected() and card.box().intersects(place) for card in self._cards())

    def _content(self) -> QRectF:
        boxes = [(card.x(), card.y(), card.card.width, card.card.height) for card in self._cards()]
        boxes += [item.flat() for item in self._pieces()]
        if not boxes:
            return QRectF()
        left, top = min(box[0] for box in boxes), min(box[1] for box in boxes)
        right, bottom = max(box[0] + box[2] for box in boxes), max(box[1] + box[3] for box in boxes)
        return QRectF(left, top, right - left, bottom - top)

    def _frame(self) -> tuple[float, QPointF]:
        """Return the scale from the scene to the map, and the point of the scene at the map's origin."""
        area = self._content().united(self._viewer.visible_rect())
        width, height = self.width() - 2 * _INSET, self.height() - 2 * _INSET
        scale = min(width / max(1.0, area.width()), height / max(1.0, area.height()))
        middle = area.center()
        return scale, QPointF(middle.x() - self.width() / 2 / scale, middle.y() - self.height() / 2 / scale)

    # -------------------------------------------------------------- Qt
    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the cards as blocks, and a frame around what is seen."""
        look = theme()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(tint(look.line_strong), 1))
        painter.setBrush(tint(look.surface, 0.94))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 8, 8)
        scale, origin = self._frame()
        painter.setClipRect(self.rect().adjusted(3, 3, -3, -3))
        painter.scale(scale, scale)
        painter.translate(-origin)
        painter.setPen(Qt.PenStyle.NoPen)
        for piece in sorted(self._pieces(), key=lambda item: item.zValue()):
            painter.setBrush(tint(piece_color(look, piece.piece), 0.22 if piece.piece.kind == "frame" else 0.5))
            painter.drawRect(piece.box())
        blocks: dict[str, list[QRectF]] = {}
        for card in self._cards():
            plain = look.accent if card.isSelected() else ground_color(card.node, look)
            color = look.error if card.live.wrong else plain
            blocks.setdefault(color, []).append(card.box())
        for color, boxes in blocks.items():
            painter.setBrush(tint(color, 0.8))
            painter.drawRects(boxes)
        pen = QPen(tint(look.accent), 1.5)
        pen.setCosmetic(True)
        painter.setPen(pen)
        painter.setBrush(tint(look.accent, 0.06))
        painter.drawRect(self._viewer.visible_rect())
        painter.end()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Move the view to the point."""
        self._go(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Take the view along."""
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._go(event)

    def _go(self, event: QMouseEvent) -> None:
        scale, origin = self._frame()
        at = event.position()
        self._viewer.center_on(QPointF(origin.x() + at.x() / scale, origin.y() + at.y() / scale))
        event.accept()
