"""Bars side by side, and histograms."""

from __future__ import annotations

from typing import Any

from PySide6.QtWidgets import QWidget

from flodesk.indicators.cutting import CURVE_POINTS
from flodesk.public import Bars, Indicator, Line
from flodesk.ui.panel.faces.curves.plot import LinePlot
from flodesk.ui.panel.paint import color
from flodesk.ui.panel.setting import Reading
from flodesk.ui.theme import theme

GROUP = 0.8
"""Share of its place that a bar, or the group of bars there, fills; those of a histogram touch."""
LABELS = 24
"""Names below the bars up to which each is written."""


class BarsPlot(LinePlot):
    """Bars from zero; the cursor tells the bar that it is over."""

    def __init__(self, reading: Reading, parent: QWidget | None = None) -> None:
        self.bars = Bars()
        super().__init__(reading, parent)

    def line_of(self, value: Indicator) -> Line:
        """Return the tops of the bars."""
        assert isinstance(value, Bars)
        self.bars = value.still(CURVE_POINTS)
        return self.bars.line()

    def extent(self) -> tuple[tuple[float, float], tuple[float, float]]:
        """Return the ranges from the first bar's left edge to the last one's right, with zero in them."""
        edges = self.bars.edges
        _, (low, high) = super().extent()
        count = len(self.bars.heights[0]) if self.bars.heights else 0
        across = (0.5, count + 0.5) if edges is None or len(edges) < 2 else (float(edges[0]), float(edges[-1]))
        return across, (min(low, 0.0), max(high, 0.0))

    def up_range(self, low: float, high: float) -> tuple[float, float]:
        """Let bars stand on the axis where none goes to the other side."""
        _, (least, most) = self.extent()
        return (0.0 if least >= 0.0 else low), (0.0 if most <= 0.0 else high)

    def draw(self, value: Indicator) -> None:
        """Draw the bars of each row."""
        import numpy as np

        while len(self._items) > len(self.curves):
            self.box.removeItem(self._items.pop())
        while len(self._items) < len(self.curves):
            self._items.append(self._library.BarGraphItem(x=[0.0], height=[0.0], width=0.0))
            self.dress_item(len(self._items) - 1, self._items[-1])
            self.box.addItem(self._items[-1], ignoreBounds=True)
        edges = None if self.bars.edges is None else np.asarray(self.bars.edges, dtype=float)
        for number, (item, curve) in enumerate(zip(self._items, self.curves, strict=True)):
            heights = np.nan_to_num(curve.y, posinf=0.0, neginf=0.0)
            if edges is not None and len(edges) == len(heights) + 1:
                item.setOpts(x0=edges[:-1], x1=edges[1:], x=None, width=None, y0=0.0, height=heights)
            else:
                wide = GROUP / len(self.curves)
                left = curve.x - GROUP / 2 + number * wide
                item.setOpts(x0=left, x1=left + wide, x=None, width=None, y0=0.0, height=heights)
        self._write_places()

    def _write_places(self) -> None:
        """Write below the bars what they are."""
        labels = self.bars.labels
        count = len(self.bars.heights[0]) if self.bars.heights else 0
        if self.bars.edges is not None or not (labels or count <= LABELS):
            self.axes["bottom"].setTicks(None)
            return
        every = max(1, -(-count // LABELS))
        places = [(number + 1.0, self.bars.place(number)) for number in range(0, count, every)]
        self.axes["bottom"].setTicks([places, []])

    def place_text(self, at: float) -> str:
        """Say which bar is at a place of the axis."""
        import numpy as np

        count = len(self.bars.heights[0]) if self.bars.heights else 0
        if self.bars.edges is None:
            number = round(at) - 1
        else:
            number = int(np.searchsorted(np.asarray(self.bars.edges), at, side="right")) - 1
        return self.bars.place(number) if 0 <= number < count else ""

    def tip(self) -> str:
        """Say what else there is to say of the values."""
        return "\n".join(filter(None, (super().tip(), self.bars.note)))

    def dress_item(self, number: int, item: Any) -> None:
        """Give the bars their colour, and an edge by which those that touch are told apart."""
        ink = theme().traces[number % len(theme().traces)]
        item.setOpts(brush=color(ink, 0.85), pen=self._library.mkPen(color(theme().raised), width=1))
