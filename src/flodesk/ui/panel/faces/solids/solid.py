"""What surfaces and dots in space have in common: they are turned and zoomed, have axes, a colour bar and a read-out.

Painted here, without a graphics card: works on every screen and over every remote connection, and a picture of it in
SVG or PDF is made of lines and areas.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from functools import partial
from typing import Any

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import (
    QAction,
    QKeyEvent,
    QMouseEvent,
    QPaintEngine,
    QPainter,
    QPaintEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QWidget

from flodesk.ui.panel.faces.dials.ruler import Ruler
from flodesk.ui.panel.faces.face import Face
from flodesk.ui.panel.faces.pictures.frame import lay_out, paint_bar
from flodesk.ui.panel.faces.solids.box import Box, Edge, near
from flodesk.ui.panel.faces.solids.camera import FIRST, Camera
from flodesk.ui.panel.paint import color, elided, nothing_yet, small
from flodesk.ui.panel.setting import Reading
from flodesk.ui.theme import theme

_TURN = 0.5
"""Degrees that a pixel of a drag turns."""
_STEP = 5.0
_ZOOM = 1.15
_LINES = (QPaintEngine.Type.SVG, QPaintEngine.Type.Pdf, QPaintEngine.Type.Picture)
_DIRECTIONS = {"From above": (0.0, 90.0), "From the front": (0.0, 0.0), "From the right": (90.0, 0.0)}


class SolidFace(Face):
    """A hand turns it by a drag or the arrow keys, and zooms it with the wheel; a double click shows it as at first."""

    below = 6

    def __init__(self, reading: Reading, parent: QWidget | None = None) -> None:
        super().__init__(reading, parent)
        self.camera = self.first
        self.levels = (0.0, 1.0)
        self._mouse: QPointF | None = None
        self._held: QPointF | None = None
        self.setMouseTracking(True)
        self.setMinimumHeight(20)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    @property
    def first(self) -> Camera:
        """The direction that the view says."""
        options = self.reading.options
        return Camera(float(options.get("azimuth", FIRST[0])), float(options.get("elevation", FIRST[1])))

    @property
    def map(self) -> str:
        """The name of the colour map."""
        return str(self.reading.options.get("colors", "viridis"))

    def show_reading(self, reading: Reading) -> None:
        """Take what the view says of colours and direction."""
        before = self.first
        super().show_reading(reading)
        if self.first != before:
            self.camera = self.first
        self.settle()

    # -------------------------------------------------------------- what a kind says
    def settle(self) -> None:
        """Take what is to be seen; called when value or options change."""
        raise NotImplementedError

    def edges(self) -> tuple[Edge, Edge, Edge] | None:
        """Return the axes; None before the first value, and where there is nothing to see."""
        raise NotImplementedError

    def bar(self) -> Ruler:
        """Return the scale of the colours."""
        raise NotImplementedError

    def paint_solid(self, painter: QPainter, box: Box, *, lines: bool) -> None:
        """Paint it, what is far first; `lines`: on a device that keeps lines as lines."""
        raise NotImplementedError

    def places(self) -> tuple[Any, Any, Any] | None:
        """Return where the points are that can be read off, in the box."""
        raise NotImplementedError

    def words_of(self, number: int) -> str:
        """Return what is read off at a point."""
        raise NotImplementedError

    # -------------------------------------------------------------- reading off
    def box(self) -> Box | None:
        """Return the box, as it is seen now."""
        edges = self.edges()
        return Box(self._room.picture, self.camera, edges) if edges is not None else None

    @property
    def _room(self) -> Any:
        return lay_out(self, None, None, QRectF(0, 0, 1, 1), self.bar() if self.edges() else None)

    def nearest(self) -> int | None:
        """Return the number of the point under the mouse, of several the one in front."""
        import numpy

        box, places = self.box(), self.places()
        if self._mouse is None or self._held is not None or box is None or places is None:
            return None
        right, up, away = self.camera.project(*places)
        middle, scale = box.area.center(), box.scale
        gone = numpy.hypot(middle.x() + right * scale - self._mouse.x(), middle.y() - up * scale - self._mouse.y())
        close = numpy.flatnonzero(gone < 12)
        if not close.size:
            return None
        return int(close[numpy.argmin(gone[close] / 12 + away[close])])

    @property
    def told(self) -> str:
        """What is written below: the point under the mouse, else how it is seen."""
        number = self.nearest()
        return self.words_of(number) if number is not None else ""

    # -------------------------------------------------------------- hands
    def look(self, camera: Camera) -> None:
        """See it from elsewhere."""
        self.camera = camera
        self.setAccessibleDescription(f"Seen from {camera.azimuth:.0f}°, {camera.elevation:.0f}° above")
        self.update()

    def actions_of_face(self) -> Iterator[QAction]:
        """Directions to see it from."""
        first = QAction("See it as at first (0)", self)
        first.triggered.connect(lambda: self.look(self.first))
        yield first
        for words, direction in _DIRECTIONS.items():
            action = QAction(words, self)
            action.triggered.connect(partial(self.look, Camera(*direction)))
            yield action

    def tip(self) -> str:
        """Return what the node says of itself, and how it is turned."""
        how = "Drag or press the arrow keys to turn it; the wheel zooms once it has the keyboard, with Ctrl always."
        return "\n".join(filter(None, (super().tip(), how)))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take hold."""
        if event.button() != Qt.MouseButton.LeftButton or self.edges() is None:
            event.ignore()
            return
        self._held = event.position()
        self.setCursor(Qt.CursorShape.ClosedHandCursor)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Turn what is held; else read off a point."""
        self._mouse = event.position()
        if self._held is not None:
            way, self._held = event.position() - self._held, event.position()
            self.look(self.camera.turned(-way.x() * _TURN, way.y() * _TURN))
        self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Let go."""
        self._held = None
        self.unsetCursor()
        self.update()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Show it as at first."""
        self.look(self.first)

    def leaveEvent(self, event: QEvent) -> None:
        """Read off nothing any more."""
        self._mouse = None
        self.update()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Zoom, with the keyboard or with Ctrl; else the wheel is the panel's."""
        controlled = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        if self.edges() is None or not (self.hasFocus() or controlled) or not event.angleDelta().y():
            event.ignore()
            return
        self.look(self.camera.zoomed(_ZOOM ** (event.angleDelta().y() / 120.0)))
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Turn by the arrow keys as by a drag, zoom by + and -; 0 shows it as at first."""
        turns = {
            Qt.Key.Key_Left: (_STEP, 0.0), Qt.Key.Key_Right: (-_STEP, 0.0),
            Qt.Key.Key_Up: (0.0, -_STEP), Qt.Key.Key_Down: (0.0, _STEP),
        }  # fmt: skip
        key = Qt.Key(event.key())
        if key in turns and not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            self.look(self.camera.turned(*turns[key]))
        elif key in (Qt.Key.Key_Plus, Qt.Key.Key_Equal):
            self.look(self.camera.zoomed(_ZOOM))
        elif key == Qt.Key.Key_Minus:
            self.look(self.camera.zoomed(1 / _ZOOM))
        elif key == Qt.Key.Key_0:
            self.look(self.first)
        else:
            super().keyPressEvent(event)

    # -------------------------------------------------------------- paint
    def sizeHint(self) -> QSize:
        """Room for a small one."""
        return QSize(320, 260)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint walls, solid, axes, colour bar, and the point under the mouse."""
        box = self.box()
        if box is None:
            nothing_yet(self)
            return
        room = self._room
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.save()
        painter.setClipRect(room.picture)
        box.paint_walls(painter)
        self.paint_solid(painter, box, lines=painter.paintEngine().type() in _LINES)
        if room.picture.width() > 160 and room.picture.height() > 110 and self.camera.zoom <= 1.0:
            box.paint_words(painter, self)
        number, places = self.nearest(), self.places()
        if number is not None and places is not None:
            near(painter, box.at((places[0][number], places[1][number], places[2][number])))
        painter.restore()
        paint_bar(painter, self, room, self.bar(), self.map)
        painter.setFont(small(self, 11))
        painter.setPen(color(theme().muted))
        elided(painter, room.told, self.told, Qt.AlignmentFlag.AlignLeft)
        self.paint_focus(painter)
        painter.end()


def edge_of(low: float, high: float, unit: str, label: str) -> Edge:
    """Return an axis between two values, a little longer where they are one."""
    if not (math.isfinite(low) and math.isfinite(high)):
        low, high = 0.0, 1.0
    if high <= low:
        room = abs(low) * 0.01 or 0.5
        low, high = low - room, high + room
    return Edge(Ruler(low, high, unit), label)
