"""The small map in the corner: the whole flow, and which part of it is seen. A drag on it moves the view."""

from __future__ import annotations

from collections.abc import Callable, Collection

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt, QTimer
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent, QPen, QPixmap
from PySide6.QtWidgets import QWidget

from flodesk.ui.canvas.far_layer import Blocks
from flodesk.ui.canvas.node_item import NodeItem
from flodesk.ui.canvas.painting import tint
from flodesk.ui.canvas.pieces.item import PieceItem, piece_color
from flodesk.ui.canvas.portions import Portions
from flodesk.ui.canvas.viewer import Viewer
from flodesk.ui.theme import theme

_LARGE, _SMALL = QSize(184, 116), QSize(124, 78)
_MARGIN, _INSET = 12, 7.0


class MiniMap(QWidget):
    """An overlay in the lower right corner of the viewport; hidden where it would cover too much or a selected card."""

    def __init__(
        self,
        viewer: Viewer,
        cards: Portions[NodeItem, Blocks],
        pieces: Callable[[], Collection[PieceItem]] = tuple,
    ) -> None:
        super().__init__(viewer.viewport())
        self._pieces = pieces
        self._viewer = viewer
        self._cards = cards
        self._drawn: tuple[object, list[Blocks], QPixmap] = (None, [], QPixmap())
        self.wanted = True
        self.setFixedSize(_LARGE)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setToolTip("The whole flow. Drag to move the view.")
        self.setAccessibleName("Map of the flow")
        self.follow = QTimer(self, singleShot=True, interval=0)
        """Started, it refreshes the map once the canvas has been painted: what is selected is seen there first."""
        self.follow.timeout.connect(self.refresh)
        viewer.view_changed.connect(self.refresh)

    def want(self, shown: bool) -> None:
        """Show it where there is use and room for it, or never."""
        self.wanted = shown
        self.refresh()

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
            and len(self._cards) + len(self._pieces()) > 1
            and not seen_whole
            and not self._covers(port, size)
        )
        if show:
            self.setFixedSize(size)
            self.move(port.width() - size.width() - _MARGIN, port.height() - size.height() - _MARGIN)
            self.update()
        if show == self.isHidden():
            self.setVisible(show)

    def covers(self, box: QRectF) -> bool:
        """Say whether it lies over a part of the scene."""
        return not self.isHidden() and self._viewer.mapToScene(self.geometry()).boundingRect().intersects(box)

    def _covers(self, port: QSize, size: QSize) -> bool:
        corner = QRect(port.width() - size.width() - _MARGIN, port.height() - size.height() - _MARGIN, *size.toTuple())
        place = self._viewer.mapToScene(corner).boundingRect()
        return any(box.intersects(place) for part in self._cards.made() for box in part.chosen)

    def _content(self) -> QRectF:
        area = QRectF()
        for part in self._cards.made():
            area = area.united(part.bounds)
        for item in self._pieces():
            area = area.united(QRectF(*item.flat()))
        return area

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
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(tint(look.line_strong), 1))
            painter.setBrush(tint(look.surface, 0.94))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 8, 8)
            scale, origin = self._frame()
            painter.setClipRect(self.rect().adjusted(3, 3, -3, -3))
            painter.drawPixmap(0, 0, self._picture(scale, origin))
            painter.scale(scale, scale)
            painter.translate(-origin)
            pen = QPen(tint(look.accent), 1.5)
            pen.setCosmetic(True)
            painter.setPen(pen)
            painter.setBrush(tint(look.accent, 0.06))
            painter.drawRect(self._viewer.visible_rect())

    def _picture(self, scale: float, origin: QPointF) -> QPixmap:
        """Return the blocks; they are painted anew only when one of them, or the scale, has changed."""
        look, parts = theme(), self._cards.made()
        pieces = [
            (item.box(), piece_color(look, item.piece), 0.22 if item.piece.kind == "frame" else 0.5)
            for item in sorted(self._pieces(), key=lambda item: item.zValue())
        ]
        key = (scale, origin, self.size(), self.devicePixelRatio(), look.name, pieces)
        drawn, of, picture = self._drawn
        if drawn == key and len(of) == len(parts) and all(a is b or a == b for a, b in zip(of, parts, strict=True)):
            return picture
        picture = QPixmap(self.size() * self.devicePixelRatio())
        picture.setDevicePixelRatio(self.devicePixelRatio())
        picture.fill(Qt.GlobalColor.transparent)
        with QPainter(picture) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.scale(scale, scale)
            painter.translate(-origin)
            painter.setPen(Qt.PenStyle.NoPen)
            for box, color, alpha in pieces:
                painter.setBrush(tint(color, alpha))
                painter.drawRect(box)
            for part in parts:
                for color, boxes in (*part.boxes.items(), (look.accent, part.chosen), (look.error, part.wrong)):
                    painter.setBrush(tint(color, 0.8))
                    painter.drawRects(boxes)
        self._drawn = (key, parts, picture)
        return picture

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
