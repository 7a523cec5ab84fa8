"""Dots: each for itself, or how dense they are where they are too many to tell apart."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QWidget

from flodesk.indicators.cutting import CURVE_POINTS
from flodesk.public import Indicator, Line, Scatter
from flodesk.ui.panel.faces.curves.plot import LinePlot
from flodesk.ui.panel.paint import color
from flodesk.ui.panel.setting import Reading
from flodesk.ui.theme import theme

SIZE = 6
"""Pixels that a dot is wide; less where they are many."""


class ScatterPlot(LinePlot):
    """One dot a point; each row of them has a colour."""

    def __init__(self, reading: Reading, parent: QWidget | None = None) -> None:
        self._image: Any = None
        self._cells: Scatter | None = None
        super().__init__(reading, parent)

    def line_of(self, value: Indicator) -> Line:
        """Return dots as they are, if they are few."""
        assert isinstance(value, Line)
        cut = value.still(CURVE_POINTS) if isinstance(value, Scatter) else value
        self._cells = cut if isinstance(cut, Scatter) and cut.density is not None else None
        return cut

    def extent(self) -> tuple[tuple[float, float], tuple[float, float]]:
        """Return the ranges of the dots with some room, so that none is cut."""
        if self._cells is not None:
            left, right, low, high = self._cells.extent
            return (left, right), (low, high)
        (left, right), up = super().extent()
        room = 0.03 * (right - left)
        return (left - room, right + room), up

    def draw(self, value: Indicator) -> None:
        """Draw dots, or cells."""
        import numpy as np

        if self._image is None:
            self._image = self._library.ImageItem(axisOrder="row-major")
            self.box.addItem(self._image, ignoreBounds=True)
        self._image.setVisible(self._cells is not None)
        if self._cells is not None:
            self._draw_cells(self._cells)
        while len(self._items) > len(self.curves):
            self.box.removeItem(self._items.pop())
        while len(self._items) < len(self.curves):
            self._items.append(self._library.ScatterPlotItem(pen=None, pxMode=True))
            self.box.addItem(self._items[-1], ignoreBounds=True)
        size = SIZE if sum(len(curve.x) for curve in self.curves) <= 1000 else 4
        for number, (item, curve) in enumerate(zip(self._items, self.curves, strict=True)):
            x, y = np.asarray(curve.x, float), np.asarray(curve.y, float)
            there = np.isfinite(x) & np.isfinite(y)  # a row may have dots at some places of x alone, or none at all
            item.setData(x[there], y[there], size=size, brush=self._brush(number), pen=None)

    def _brush(self, number: int) -> Any:
        return self._library.mkBrush(color(theme().traces[number % len(theme().traces)], 0.75))

    def _draw_cells(self, cells: Scatter) -> None:
        """Paint the cells: the more dots the less they let through; a few are seen beside many."""
        import numpy as np

        counts = np.asarray(cells.density, dtype=float)
        share = np.log1p(counts) / np.log1p(max(counts.max(), 1.0))
        ink = QColor(theme().traces[0])
        pixels = np.empty((*counts.shape, 4), dtype=np.uint8)
        pixels[...] = (ink.red(), ink.green(), ink.blue(), 0)
        pixels[..., 3] = np.where(counts > 0, 40 + 215 * share, 0)
        left, right, low, high = cells.extent
        self._image.setImage(pixels, autoLevels=False, levels=(0, 255))
        self._image.setRect(QRectF(left, low, right - left, high - low))

    def tip(self) -> str:
        """Say how many dots the cells stand for."""
        told = "" if self._cells is None else f"{self._cells.summary()}, shown as how dense they are."
        return "\n".join(filter(None, (super().tip(), told)))

    def wear_theme(self) -> None:
        """Take the colours of the theme."""
        super().wear_theme()
        if self._cells is not None:
            self._draw_cells(self._cells)

    def dress_item(self, number: int, item: Any) -> None:
        """Give the dots their colour."""
        item.setBrush(self._brush(number))
