"""What surfaces and dots in space have in common: axes, a colour bar and a read-out.

Painted here, without a graphics card: works on every screen and over every remote connection, and a picture of it in
SVG or PDF is made of lines and areas.
"""

from __future__ import annotations

import math
from typing import Any

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPaintEngine, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from flodesk.ui.panel.faces.dials.ruler import Ruler
from flodesk.ui.panel.faces.pictures.frame import lay_out, paint_bar
from flodesk.ui.panel.faces.solids.box import Box, Edge, near
from flodesk.ui.panel.faces.solids.turned import TurnedFace
from flodesk.ui.panel.paint import color, elided, nothing_yet, small
from flodesk.ui.panel.setting import Reading
from flodesk.ui.theme import theme

_LINES = (QPaintEngine.Type.SVG, QPaintEngine.Type.Pdf, QPaintEngine.Type.Picture)


class SolidFace(TurnedFace):
    """Something in a box with axes, of which points can be read off."""

    below = 6

    def __init__(self, reading: Reading, parent: QWidget | None = None) -> None:
        super().__init__(reading, parent)
        self.levels = (0.0, 1.0)
        self.setMinimumHeight(20)

    @property
    def map(self) -> str:
        """The name of the colour map."""
        return str(self.reading.options.get("colors", "viridis"))

    def show_reading(self, reading: Reading) -> None:
        """Take what the view says of colours and direction."""
        super().show_reading(reading)
        self.settle()

    # -------------------------------------------------------------- what a kind says
    def settle(self) -> None:
        """Take what is to be seen; called when value or options change."""
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
        box, places, mouse = self.box(), self.places(), self.pointing
        return box.nearest(places, mouse) if box is not None and places is not None and mouse is not None else None

    @property
    def told(self) -> str:
        """What is written below: the point under the mouse, else how it is seen."""
        number = self.nearest()
        return self.words_of(number) if number is not None else ""

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
        with QPainter(self) as painter:
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


def edge_of(low: float, high: float, unit: str, label: str) -> Edge:
    """Return an axis between two values, a little longer where they are one."""
    if not (math.isfinite(low) and math.isfinite(high)):
        low, high = 0.0, 1.0
    if high <= low:
        room = abs(low) * 0.01 or 0.5
        low, high = low - room, high + room
    return Edge(Ruler(low, high, unit), label)
