"""The viewport's frame: an exact zoom with limits, panning, and the ground with its dots."""

from __future__ import annotations

import math
from functools import lru_cache

from PySide6.QtCore import QPointF, QRect, QRectF, Qt, Signal
from PySide6.QtGui import QPainter, QPen, QPolygonF, QResizeEvent, QTransform, QWheelEvent
from PySide6.QtWidgets import QGraphicsView, QWidget

from flodesk.ui.canvas.framework import NodeViewer
from flodesk.ui.canvas.painting import GRID, tint
from flodesk.ui.canvas.scene import Scene
from flodesk.ui.theme import theme

ZOOM_LEAST, ZOOM_MOST = 0.1, 3.0
_AIR = 24.0
"""Screen pixels between the edge of the view and what was brought into it."""


class ZoomView(NodeViewer):
    """Shows the scene at a zoom that is exact and keeps it when the window changes its size.

    NodeGraphQt's viewer fits a rectangle into the window instead: its zoom is never 100 %, has no limits and follows
    the window's size.
    """

    view_changed = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, undo_stack=None)
        self.inset = 0
        """Height in screen pixels at the upper edge where a message lies over the view."""
        self._tame()
        self.setScene(Scene(self))
        self.scene().addItem(self._SLICER_PIPE)
        self._scene_range = QRectF(0, 0, max(1, self.width()), max(1, self.height()))

    def _tame(self) -> None:
        """Switch off what NodeGraphQt's viewer makes and the canvas has itself."""
        search = self._search_widget  # a window of its own unless it gets a parent
        search.setParent(self)
        search.hide()
        self.scene().removeItem(self._SLICER_PIPE)
        self.scene().deleteLater()
        self.setFrameShape(self.Shape.NoFrame)
        self.setCacheMode(QGraphicsView.CacheModeFlag.CacheNone)
        self.setRenderHint(QPainter.RenderHint.TextAntialiasing)
        self.setOptimizationFlag(QGraphicsView.OptimizationFlag.DontSavePainterState)
        self.setAccessibleName("Canvas")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def scene(self) -> Scene:
        """Return the scene."""
        return super().scene()  # type: ignore[return-value]

    # -------------------------------------------------------------- zoom and pan
    def zoom(self) -> float:
        """Return screen pixels a scene pixel."""
        return self.transform().m11()

    def zoom_to(self, zoom: float, around: QPointF | None = None) -> None:
        """Set the zoom, within its limits, around a point of the scene (the middle if None)."""
        zoom = max(ZOOM_LEAST, min(ZOOM_MOST, zoom))
        view = self._scene_range
        fixed = around if around is not None else view.center()
        share = self.zoom() / zoom
        left = fixed.x() - (fixed.x() - view.left()) * share
        top = fixed.y() - (fixed.y() - view.top()) * share
        self._show(QPointF(left, top), zoom)

    def scale(self, sx: float, sy: float, pos: QPointF | None = None) -> None:
        """Zoom by a factor; NodeGraphQt calls it for the wheel."""
        zoom = self.zoom() * sx
        near_one = abs(zoom - 1) < 0.03 and abs(self.zoom() - 1) > 0.001
        self.zoom_to(1.0 if near_one else zoom, pos)

    def show_rect(self, rect: QRectF, most: float = 1.0) -> None:
        """Show a part of the scene whole and in the middle, no larger than the zoom `most`."""
        port = self.viewport().rect().adjusted(0, self.inset, 0, 0)
        zoom = min(most, port.width() / max(1.0, rect.width()), port.height() / max(1.0, rect.height()))
        zoom = max(ZOOM_LEAST, zoom)
        corner = rect.center() - QPointF(port.width() / zoom / 2, port.height() / zoom / 2)
        self._show(corner - QPointF(0, self.inset / zoom), zoom)

    def move_to(self, corner: QPointF) -> None:
        """Move the upper left corner of the view to a point of the scene."""
        self._scene_range.moveTopLeft(corner)
        self._update_scene()

    def center_on(self, place: QPointF) -> None:
        """Move the middle of the view to a point of the scene."""
        self._scene_range.moveCenter(place)
        self._update_scene()

    def bring_in(self, rect: QRectF) -> None:
        """Move the view as little as a part of the scene needs to be seen; what is far off comes into the middle."""
        seen = self._scene_range.adjusted(0, self.inset / self.zoom(), 0, 0)
        air = min(_AIR / self.zoom(), (seen.width() - rect.width()) / 2, (seen.height() - rect.height()) / 2)
        wanted = rect.adjusted(-air, -air, air, air)
        x = min(0.0, wanted.left() - seen.left()) + max(0.0, wanted.right() - seen.right())
        y = min(0.0, wanted.top() - seen.top()) + max(0.0, wanted.bottom() - seen.bottom())
        if air < 0 or abs(x) > seen.width() / 2 or abs(y) > seen.height() / 2:
            self.center_on(rect.center())
        else:
            self.move_to(self._scene_range.topLeft() + QPointF(x, y))

    def visible_rect(self) -> QRectF:
        """Return the part of the scene that is on the screen."""
        return QRectF(self._scene_range)

    def _show(self, corner: QPointF, zoom: float) -> None:
        port = self.viewport().rect()
        self._scene_range = QRectF(corner.x(), corner.y(), port.width() / zoom, port.height() / zoom)
        self.setTransform(QTransform.fromScale(zoom, zoom))
        self._update_scene()

    def _update_scene(self) -> None:
        # NodeGraphQt fits the range into the view, which rounds the zoom and lets it follow the window's size
        self.setSceneRect(self._scene_range)
        self.view_changed.emit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep zoom and upper left corner."""
        QGraphicsView.resizeEvent(self, event)
        self._last_size = self.size()
        self._show(self._scene_range.topLeft(), self.zoom())

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Zoom at the cursor; with Shift, or sideways, pan."""
        delta = event.angleDelta()
        if event.modifiers() & Qt.KeyboardModifier.ShiftModifier or (
            abs(delta.x()) > abs(delta.y()) and not event.modifiers() & Qt.KeyboardModifier.AltModifier
        ):
            step = (delta.x() or delta.y()) / self.zoom()
            self._set_viewer_pan(-step, 0)
        else:
            self._set_viewer_zoom(delta.y() or delta.x(), pos=event.position().toPoint())
        event.accept()

    def drawBackground(self, painter: QPainter, rect: QRectF | QRect) -> None:
        """Paint the ground and its dots, which thin out with the zoom."""
        look, zoom, step = theme(), self.zoom(), GRID
        painter.fillRect(rect, tint(look.canvas))
        while step * zoom < 14:
            step *= 2
        if zoom < 0.14:
            return
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        pen = QPen(tint(look.dot), 2 if zoom > 0.5 else 1)
        pen.setCosmetic(True)
        painter.setPen(pen)
        area = QRectF(rect)
        left, top = math.floor(area.left() / step) * step, math.floor(area.top() / step) * step
        row = _row(math.ceil((int(area.width() / step) + 2) / 32) * 32, step)
        between = 0.01 / zoom  # a dot just between two pixels falls on the same one, whichever part is painted
        painter.translate(left + between, top + between)
        for _ in range(int(area.height() / step) + 2):
            painter.drawPoints(row)
            painter.translate(0, step)
        painter.restore()


@lru_cache(64)
def _row(dots: int, step: float) -> QPolygonF:
    """Return a row of dots; all of them at once would be made anew with each step of a zoom."""
    return QPolygonF([QPointF(k * step, 0) for k in range(dots)])
