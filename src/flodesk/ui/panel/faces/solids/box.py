"""The box around what is seen: its far walls with lines at the ticks, and what stands along its edges."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen, QPolygonF
from PySide6.QtWidgets import QWidget

from flodesk.ui.panel.faces.dials.ruler import Ruler
from flodesk.ui.panel.faces.solids.camera import HEIGHT, Camera
from flodesk.ui.panel.paint import color, small
from flodesk.ui.theme import theme

Place = tuple[float, float, float]
_NEAR = 12
"""Pixels from the mouse within which a place is under it."""


@dataclass(frozen=True, slots=True)
class Edge:
    """An axis: its scale, and what it is."""

    ruler: Ruler
    label: str = ""

    @property
    def words(self) -> str:
        """What it is, with its unit."""
        symbol = self.ruler.symbol
        return f"{self.label} in {symbol}" if self.label and symbol else self.label or symbol

    def place(self, value: float) -> float:
        """Return where a value is, from −0.5 to 0.5."""
        return (value - self.ruler.minimum) / (self.ruler.maximum - self.ruler.minimum) - 0.5


@dataclass(frozen=True, slots=True)
class Box:
    """Where the box is on a widget, and its three axes."""

    area: QRectF
    camera: Camera
    edges: tuple[Edge, Edge, Edge]

    @property
    def scale(self) -> float:
        """Pixels of a length of 1."""
        right, up = self.camera.reach
        room = min((self.area.width() / 2 - 34) / right, (self.area.height() / 2 - 20) / up)
        return max(room, 8.0) * self.camera.zoom

    def at(self, place: Place) -> QPointF:
        """Return where a place of the box is on the widget."""
        right, up, _ = self.camera.project(*place)
        middle, scale = self.area.center(), self.scale
        return QPointF(middle.x() + right * scale, middle.y() - up * scale)

    def nearest(self, places: tuple[Any, Any, Any], mouse: QPointF) -> int | None:
        """Return the number of the place that is under the mouse, of several the one in front; None where none is."""
        import numpy

        right, up, away = self.camera.project(*places)
        middle, scale = self.area.center(), self.scale
        gone = numpy.hypot(middle.x() + right * scale - mouse.x(), middle.y() - up * scale - mouse.y())
        close = numpy.flatnonzero(gone < _NEAR)
        return int(close[numpy.argmin(gone[close] / _NEAR + away[close])]) if close.size else None

    # -------------------------------------------------------------- paint
    def paint_walls(self, painter: QPainter) -> None:
        """Paint the three far walls, with a line at each tick."""
        colors = theme()
        far_x, far_y = self.camera.far_side
        floor = -HEIGHT / 2 if self.camera.elevation >= 0 else HEIGHT / 2
        low, high = -HEIGHT / 2, HEIGHT / 2
        walls: tuple[tuple[Place, ...], ...] = (
            ((-0.5, -0.5, floor), (0.5, -0.5, floor), (0.5, 0.5, floor), (-0.5, 0.5, floor)),
            ((far_x, -0.5, low), (far_x, 0.5, low), (far_x, 0.5, high), (far_x, -0.5, high)),
            ((-0.5, far_y, low), (0.5, far_y, low), (0.5, far_y, high), (-0.5, far_y, high)),
        )
        painter.setPen(QPen(color(colors.line_strong), 1))
        painter.setBrush(color(colors.surface, 0.6))
        for wall in walls:
            painter.drawPolygon(QPolygonF([self.at(corner) for corner in wall]))
        painter.setPen(QPen(color(colors.line), 1))
        x, y, z = self.edges
        for value in x.ruler.ticks(5):
            at = x.place(value)
            self._line(painter, (at, -0.5, floor), (at, 0.5, floor))
            self._line(painter, (at, far_y, low), (at, far_y, high))
        for value in y.ruler.ticks(5):
            at = y.place(value)
            self._line(painter, (-0.5, at, floor), (0.5, at, floor))
            self._line(painter, (far_x, at, low), (far_x, at, high))
        for value in z.ruler.ticks(4):
            at = z.place(value) * HEIGHT
            self._line(painter, (far_x, -0.5, at), (far_x, 0.5, at))
            self._line(painter, (-0.5, far_y, at), (0.5, far_y, at))

    def _line(self, painter: QPainter, start: Place, stop: Place) -> None:
        painter.drawLine(self.at(start), self.at(stop))

    def paint_words(self, painter: QPainter, widget: QWidget) -> None:
        """Write numbers and names of the axes outside of the box: at the near edges, and at the leftmost upright."""
        painter.setFont(small(widget, 11))
        painter.setPen(color(theme().muted))
        far_x, far_y = self.camera.far_side
        floor = -HEIGHT / 2 if self.camera.elevation >= 0 else HEIGHT / 2
        x, y, z = self.edges
        steep = abs(self.camera.elevation) > 75
        if abs(self.camera.elevation) > 4:
            self._along(painter, x, lambda share: (share, -far_y, floor), (0.0, -far_y, 0.0))
            self._along(painter, y, lambda share: (-far_x, share, floor), (-far_x, 0.0, 0.0))
        else:  # seen from the side one axis is in front, the other a point
            front = abs(math.cos(math.radians(self.camera.azimuth))) > 0.7
            if front:
                self._along(painter, x, lambda share: (share, -far_y, floor), (0.0, 0.0, floor))
            else:
                self._along(painter, y, lambda share: (-far_x, share, floor), (0.0, 0.0, floor))
        if not steep:
            corners = ((far_x, -far_y), (-far_x, far_y))
            left = min(corners, key=lambda one: self.at((*one, 0.0)).x())
            self._along(painter, z, lambda share: (*left, share * HEIGHT), (*left, 0.0), named=False)
            top = self.at((*left, HEIGHT / 2))
            wide = painter.fontMetrics().horizontalAdvance(z.words)
            top.setX(top.x() - wide * 0.35)
            self._write(painter, top, QPointF(0.0, -1.0), 6.0, z.words, wide, painter.fontMetrics().capHeight())

    def _along(
        self, painter: QPainter, edge: Edge, place: Callable[[float], Place], outwards: Place, *, named: bool = True
    ) -> None:
        middle, away = self.at((0.0, 0.0, 0.0)), self.at(outwards)
        way = away - middle
        length = math.hypot(way.x(), way.y()) or 1.0
        unit = QPointF(way.x() / length, way.y() / length)
        metrics = painter.fontMetrics()
        high = metrics.capHeight()
        widest, start, stop = 0.0, self.at(place(-0.5)), self.at(place(0.5))
        if math.hypot(stop.x() - start.x(), stop.y() - start.y()) < 30:
            return
        for value in edge.ruler.ticks(4):
            at = self.at(place(edge.place(value)))
            text = edge.ruler.label(value)
            wide = metrics.horizontalAdvance(text)
            widest = max(widest, wide)
            painter.drawLine(at, at + unit * 4)
            self._write(painter, at, unit, 7.0, text, wide, high)
        if named and edge.words:
            wide = metrics.horizontalAdvance(edge.words)
            beyond = 12.0 + abs(unit.x()) * widest + abs(unit.y()) * (high + 4)
            self._write(painter, (start + stop) / 2, unit, beyond, edge.words, wide, high)

    def _write(
        self, painter: QPainter, at: QPointF, unit: QPointF, beyond: float, text: str, wide: float, high: float
    ) -> None:
        """Write a text so that it begins so far outside of a place, and stays on the widget."""
        middle = at + unit * (beyond + abs(unit.x()) * wide / 2 + abs(unit.y()) * high / 2)
        left = min(max(middle.x() - wide / 2, self.area.left()), self.area.right() - wide)
        base = min(max(middle.y() + high / 2, self.area.top() + high), self.area.bottom() - 2)
        painter.drawText(QPointF(left, base), text)


def near(painter: QPainter, at: QPointF) -> None:
    """Mark the place that is read off."""
    painter.setPen(QPen(color(theme().text), 1.5))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawEllipse(at, 4, 4)
