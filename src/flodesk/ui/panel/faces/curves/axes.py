"""Our own axis: cheap to paint again. pyqtgraph takes a third of a second to import, so it waits for the first plot."""

from __future__ import annotations

from functools import cache
from typing import Any

from PySide6.QtCore import QRectF, QSizeF
from PySide6.QtGui import QFont, QPaintEngine, QPainter
from PySide6.QtWidgets import QStyleOptionGraphicsItem

from flodesk.ui.panel.faces.curves.names import paint_names
from flodesk.ui.panel.faces.curves.ticks import decade_strings, levels_of, paint_ticks

EXACT = (QPaintEngine.Type.SVG, QPaintEngine.Type.Pdf, QPaintEngine.Type.Picture)
"""What is painted on in lines and letters rather than pixels."""


@cache
def axis_class() -> Any:
    """Return an axis that is cheap to paint again, writes a true minus, and its unit bare where it has no name.

    pyqtgraph plays a recording of each axis at every frame: that laid the texts out anew, and took more than all else
    of a plot of 1,000 points. Here the view keeps a picture of it (`surface`).
    """
    import pyqtgraph

    class Axis(pyqtgraph.AxisItem):  # type: ignore[misc]
        """An axis of ours; `picture` is where it is painted as it is now, `sizes` what was measured of its numbers."""

        written = ""
        picture: Any
        extent = grid_area = QRectF()
        extent_of: tuple[Any, ...] = ()
        sizes: dict[str, QSizeF]

        def __init__(self, orientation: str) -> None:
            super().__init__(orientation)
            self.label.setOpacity(0.0)

        def boundingRect(self) -> QRectF:
            """Return where it paints, the grid too; it is asked for at each tick, and changes with the layout alone."""
            view = self.linkedView()
            if (key := (self.geometry(), view and view.geometry(), self.grid)) != self.extent_of:
                self.extent, self.extent_of = super().boundingRect(), key
                self.grid_area = view.mapRectToItem(self, view.boundingRect()) if view else QRectF()
            return QRectF(self.extent)

        def paint(self, painter: QPainter, option: Any, widget: Any) -> None:
            """Leave it to the view, which keeps a picture of it, unless lines and letters are wanted."""
            if painter.paintEngine().type() in EXACT:
                self.paint_on(painter, widget)

        def paint_on(self, painter: QPainter, widget: Any) -> None:
            """Paint it anew with its label, which does not paint itself."""
            painter.save()
            if self._tickLevels is not None:
                paint_names(self, painter, self._tickLevels[0])
            else:
                paint_ticks(self, painter)
            painter.restore()
            if self.label.isVisible():
                painter.setTransform(self.label.itemTransform(self)[0], True)
                self.label.paint(painter, QStyleOptionGraphicsItem(), widget)

        def setTickFont(self, font: QFont | None) -> None:
            """Write in another font."""
            super().setTickFont(font)
            self.sizes = {}

        def _updateLabel(self) -> None:
            """Lay the label out again only if it is another one: it is asked for at each change of the range."""
            if (text := self.labelString()) != self.written:
                self.written = text
                super()._updateLabel()
            self.picture = None
            self.update()

        def labelString(self) -> str:
            """Return the label as HTML."""
            name, unit = self.labelText, f"{self.labelUnitPrefix or ''}{self.labelUnits or ''}"
            text = f"{name} ({unit})" if name and unit else name or unit
            style = ";".join(f"{key}: {value}" for key, value in self.labelStyle.items())
            return f"<span style='{style}'>{text}</span>"

        def tickValues(self, low: float, high: float, size: float) -> Any:
            """Return the ticks of each level. pyqtgraph goes by arrays, which take longer for a handful of numbers."""
            if self.logMode or self.scale != 1.0:
                return super().tickValues(low, high, size)
            ends = min(low, high), max(low, high)
            return levels_of(*ends, self.tickSpacing(*ends, size))

        def tickStrings(self, values: Any, scale: float, spacing: float) -> list[str]:
            """Return the numbers at the ticks."""
            return [text.replace("-", "−") for text in super().tickStrings(values, scale, spacing)]

        def logTickStrings(self, values: Any, scale: float, spacing: float) -> list[str]:
            """Return the numbers at the decades."""
            return decade_strings(values, self.range, self.width())

    return Axis
