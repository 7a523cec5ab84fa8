"""A surface over two axes: cells in the colours of their heights, lit from one side, what is far painted first."""

from __future__ import annotations

from functools import cache
from typing import Any

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QBrush, QColor, QPainter, QPen
from PySide6.QtWidgets import QWidget

from flodesk.indicators.pictures import Raster
from flodesk.indicators.solids import Surface
from flodesk.public import Indicator
from flodesk.ui.panel.faces.dials.ruler import Ruler
from flodesk.ui.panel.faces.pictures.colors import MISSING, indices, table
from flodesk.ui.panel.faces.solids.box import Box, Edge
from flodesk.ui.panel.faces.solids.camera import HEIGHT
from flodesk.ui.panel.faces.solids.solid import SolidFace, edge_of
from flodesk.ui.panel.figures import with_unit
from flodesk.ui.panel.setting import Reading

SHADES = 8
"""Steps of light."""
_DARKEST = 0.55


class SurfaceFace(SolidFace):
    """Heights as a surface."""

    def __init__(self, reading: Reading, parent: QWidget | None = None) -> None:
        self.surface: Surface | None = None
        self._inks: list[list[int]] = []
        self._axes: tuple[Edge, Edge, Edge] | None = None
        self._at: tuple[Any, Any, Any] | None = None
        super().__init__(reading, parent)

    def show_value(self, value: Indicator) -> None:
        """Show a surface, or what has rows and columns as one."""
        assert isinstance(value, Raster)
        self.shown += 1
        self.surface = value.still(1) if isinstance(value, Surface) else _of_raster(value)
        self.settle()

    def settle(self) -> None:
        """Work out colours and light, which do not change as it is turned."""
        import numpy

        surface = self.surface
        title = (surface.title if surface is not None else "") or self.reading.title
        self.setAccessibleName(f"{title}: {surface.summary() if surface is not None else 'no value yet'}")
        self._axes = self._at = None
        if surface is None or surface.values is None or min(surface.values.shape) < 2:
            self.update()
            return
        values = numpy.asarray(surface.values, dtype=numpy.float32)
        options, (low, high) = self.reading.options, surface.levels()
        self.levels = float(options.get("minimum", low)), float(options.get("maximum", high))
        rows, columns = values.shape
        x, y = (
            sorted((start, start + (count - 1) * step))
            for start, step, count in (
                (surface.x_start, surface.x_step, columns),
                (surface.y_start, surface.y_step, rows),
            )
        )
        self._axes = (
            edge_of(x[0], x[1], surface.x_unit, surface.x_label),
            edge_of(y[0], y[1], surface.y_unit, surface.y_label),
            edge_of(*surface.extremes(), surface.unit, surface.z_label),
        )
        up = (values - self._axes[2].ruler.minimum) / (self._axes[2].ruler.maximum - self._axes[2].ruler.minimum) - 0.5
        across = numpy.linspace(-0.5, 0.5, columns, dtype=numpy.float32)[:: 1 if surface.x_step > 0 else -1]
        along = numpy.linspace(-0.5, 0.5, rows, dtype=numpy.float32)[:: 1 if surface.y_step > 0 else -1]
        grid = numpy.meshgrid(across, along)
        self._at = grid[0], grid[1], up * numpy.float32(HEIGHT)
        middles = (values[:-1, :-1] + values[:-1, 1:] + values[1:, 1:] + values[1:, :-1]) / 4
        inks = indices(middles, *self.levels).astype(int)
        shades = _light(self._at[2], rows, columns)
        self._inks = numpy.where(inks == MISSING, -1, inks * SHADES + shades).tolist()
        self.update()

    def edges(self) -> tuple[Edge, Edge, Edge] | None:
        """Return the axes."""
        return self._axes

    def bar(self) -> Ruler:
        """Return the scale of the colours."""
        low, high = self.levels
        return Ruler(low, high if high > low else low + 1.0, self.surface.unit if self.surface is not None else "")

    def places(self) -> tuple[Any, Any, Any] | None:
        """Return where the values are in the box, row by row."""
        return None if self._at is None else (self._at[0].ravel(), self._at[1].ravel(), self._at[2].ravel())

    def words_of(self, number: int) -> str:
        """Return place and value of a point."""
        surface, axes = self.surface, self._axes
        assert surface is not None
        assert axes is not None
        row, column = divmod(number, surface.values.shape[1])
        x = surface.x_start + column * surface.x_step
        y = surface.y_start + row * surface.y_step
        told = [f"{edge.label or name} {' '.join(with_unit(float(at), edge.ruler.unit))}".rstrip()
                for name, edge, at in zip("xy", axes, (x, y), strict=False)]  # fmt: skip
        value = " ".join(with_unit(float(surface.values[row, column]), surface.unit)).rstrip()
        return f"{', '.join(told)}: {value}"

    def paint_solid(self, painter: QPainter, box: Box, *, lines: bool) -> None:
        """Paint the cells, row by row from the far side; each hides what is behind it."""
        if self._at is None:
            return
        right, up, _ = self.camera.project(*self._at)
        middle, scale = box.area.center(), box.scale
        across, down = (middle.x() + right * scale).tolist(), (middle.y() - up * scale).tolist()
        points = [[QPointF(x, y) for x, y in zip(*row, strict=True)] for row in zip(across, down, strict=True)]
        far_x, far_y = self.camera.far_side
        rows, columns = range(len(points) - 1), range(len(points[0]) - 1)
        surface = self.surface
        assert surface is not None
        down_x, down_y = surface.x_step < 0, surface.y_step < 0
        rows = rows[::-1] if (far_y > 0) != down_y else rows
        columns = columns[::-1] if (far_x > 0) != down_x else columns
        # smooth edges would let the ground through between two cells; a device of lines closes the gap with a thin pen
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, lines)
        painter.setPen(Qt.PenStyle.NoPen)
        brushes, last = _brushes(self.map), -1
        for row in rows:
            upper, lower, inks = points[row], points[row + 1], self._inks[row]
            for column in columns:
                ink = inks[column]
                if ink < 0:
                    continue
                if ink != last:
                    painter.setBrush(brushes[ink])
                    if lines:
                        painter.setPen(QPen(brushes[ink].color(), 0.4))
                    last = ink
                painter.drawConvexPolygon(
                    (upper[column], upper[column + 1], lower[column + 1], lower[column])
                )  # fmt: skip
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)


@cache
def _brushes(name: str) -> list[QBrush]:
    """Return a brush for each colour of a map in each light."""
    made = []
    for ink in table(name)[:MISSING]:
        plain = QColor.fromRgb(ink)
        for shade in range(SHADES):
            light = _DARKEST + (1 - _DARKEST) * shade / (SHADES - 1)
            made.append(QBrush(QColor.fromRgbF(plain.redF() * light, plain.greenF() * light, plain.blueF() * light)))
    return made


def _light(up: Any, rows: int, columns: int) -> Any:
    """Return how much light each cell has, 0 to `SHADES` - 1: most where it faces the upper left."""
    import numpy

    slope_x = ((up[:-1, 1:] - up[:-1, :-1]) + (up[1:, 1:] - up[1:, :-1])) / 2 * (columns - 1)
    slope_y = ((up[1:, :-1] - up[:-1, :-1]) + (up[1:, 1:] - up[:-1, 1:])) / 2 * (rows - 1)
    facing = (0.35 * slope_x + 0.25 * slope_y + 0.9) / numpy.sqrt(slope_x**2 + slope_y**2 + 1.0)
    share = numpy.clip(numpy.nan_to_num((facing + 0.2) / 1.2), 0.0, 1.0)
    return numpy.rint(share * (SHADES - 1)).astype(int)


def _of_raster(value: Raster) -> Surface | None:
    """Return what has rows and columns as a surface; None if it has colours of its own."""
    if value.values is None or value.colored:
        return None
    return Surface(
        value.title, value.values, value.x_start, value.x_step, value.y_start, value.y_step, value.x_label,
        value.x_unit, value.y_label, value.y_unit, value.unit, value.low, value.high, value.found, value.whole,
    ).still(1)  # fmt: skip
