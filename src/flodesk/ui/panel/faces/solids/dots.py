"""Dots in space, in the colours of their height or of another value; those in front are a little larger."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QBrush, QColor, QPainter, QPen
from PySide6.QtWidgets import QWidget

from flodesk.indicators.pictures import extremes
from flodesk.indicators.solids import Scatter3D
from flodesk.public import Indicator
from flodesk.ui.panel.faces.dials.ruler import Ruler
from flodesk.ui.panel.faces.pictures.colors import MISSING, indices, table
from flodesk.ui.panel.faces.solids.box import Box, Edge
from flodesk.ui.panel.faces.solids.camera import HEIGHT
from flodesk.ui.panel.faces.solids.solid import SolidFace, edge_of
from flodesk.ui.panel.figures import with_unit
from flodesk.ui.panel.paint import color
from flodesk.ui.panel.setting import Reading
from flodesk.ui.theme import theme

_MANY = 400


class DotsFace(SolidFace):
    """Dots that are turned."""

    def __init__(self, reading: Reading, parent: QWidget | None = None) -> None:
        self.dots: Scatter3D | None = None
        self._axes: tuple[Edge, Edge, Edge] | None = None
        self._at: tuple[Any, Any, Any] | None = None
        self._inks: Any = None
        self._which: Any = None
        super().__init__(reading, parent)

    def show_value(self, value: Indicator) -> None:
        """Show dots."""
        assert isinstance(value, Scatter3D)
        self.shown += 1
        self.dots = value.still(1)
        self.settle()

    def settle(self) -> None:
        """Work out places and colours, which do not change as it is turned; what is no number is not there."""
        import numpy

        dots = self.dots
        title = (dots.title if dots is not None else "") or self.reading.title
        self.setAccessibleName(f"{title}: {dots.summary() if dots is not None else 'no value yet'}")
        self._axes = self._at = None
        if dots is None or dots.z is None or not len(dots.z):
            self.update()
            return
        options, (low, high) = self.reading.options, dots.levels()
        self.levels = float(options.get("minimum", low)), float(options.get("maximum", high))
        self._axes = (
            edge_of(*extremes(dots.x), dots.x_unit, dots.x_label),
            edge_of(*extremes(dots.y), dots.y_unit, dots.y_label),
            edge_of(*extremes(dots.z), dots.z_unit, dots.z_label),
        )
        inks = indices(dots.colored, *self.levels)
        there = numpy.isfinite(dots.x) & numpy.isfinite(dots.y) & numpy.isfinite(dots.z) & (inks != MISSING)
        self._which = numpy.flatnonzero(there)
        places = [
            numpy.asarray(edge.place(array[there]))
            for edge, array in zip(self._axes, (dots.x, dots.y, dots.z), strict=True)
        ]
        self._at = places[0], places[1], places[2] * HEIGHT
        self._inks = inks[there]
        self.update()

    def edges(self) -> tuple[Edge, Edge, Edge] | None:
        """Return the axes."""
        return self._axes

    def bar(self) -> Ruler:
        """Return the scale of the colours."""
        low, high = self.levels
        return Ruler(low, high if high > low else low + 1.0, self.dots.unit if self.dots is not None else "")

    def places(self) -> tuple[Any, Any, Any] | None:
        """Return where the dots are in the box."""
        return self._at

    def words_of(self, number: int) -> str:
        """Return where a dot is, and what its colour stands for."""
        dots, axes = self.dots, self._axes
        assert dots is not None
        assert axes is not None
        dot = self._which[number]
        told = [
            f"{edge.label or name} {' '.join(with_unit(float(array[dot]), edge.ruler.unit))}".rstrip()
            for name, edge, array in zip("xyz", axes, (dots.x, dots.y, dots.z), strict=True)
        ]
        if dots.values is not None:
            told.append(f"{dots.label or 'color'} {' '.join(with_unit(float(dots.values[dot]), dots.unit))}".rstrip())
        return ", ".join(told)

    @property
    def told(self) -> str:
        """What is read off, else how many of the dots are seen."""
        dots = self.dots
        some = f"{len(dots.z)} of {dots.whole} dots are shown" if dots is not None and dots.whole else ""
        return super().told or some

    def paint_solid(self, painter: QPainter, box: Box, *, lines: bool) -> None:
        """Paint the dots, those that are far first."""
        if self._at is None:
            return
        right, up, away = self.camera.project(*self._at)
        order = away.argsort()[::-1]
        middle, scale = box.area.center(), box.scale
        across, down = (middle.x() + right[order] * scale).tolist(), (middle.y() - up[order] * scale).tolist()
        size = 4.0 if len(order) <= _MANY else 2.6
        sizes = (size * (1.0 - 0.3 * away[order])).tolist()
        brushes = [QBrush(QColor.fromRgb(ink)) for ink in table(self.map)[:MISSING]]
        painter.setPen(QPen(color(theme().raised), 0.7) if len(order) <= _MANY else Qt.PenStyle.NoPen)
        last = -1
        for x, y, radius, ink in zip(across, down, sizes, self._inks[order].tolist(), strict=True):
            if ink != last:
                painter.setBrush(brushes[ink])
                last = ink
            painter.drawEllipse(QPointF(x, y), radius, radius)
