"""Our own kinds of pyqtgraph's items. pyqtgraph takes a third of a second to import, so it waits for the first plot."""

from __future__ import annotations

from functools import cache
from typing import Any

from PySide6.QtGui import QPainter, QTransform


@cache
def curve_class() -> Any:
    """Return a curve item that looks wider than one pixel for twice the cost of one.

    A pen of two pixels, antialiased, costs 40 times as much as one of one pixel (28 against 0.8 ms for two noisy curves
    of 1,000 points), so the thin line is drawn twice, half a pixel apart.
    """
    import pyqtgraph

    class Curve(pyqtgraph.PlotCurveItem):  # type: ignore[misc]
        """A curve; `wide` draws it twice."""

        wide = True

        def paint(self, painter: QPainter, option: Any, widget: Any) -> None:
            """Draw the line, and once more beside it; as much more as the screen has finer pixels."""
            ratio = max(painter.device().devicePixelRatioF(), 1.0)
            before = painter.transform()
            for copy in range(round(ratio * (2 if self.wide else 1))):
                painter.setTransform(before * QTransform.fromTranslate(0.6 * copy / ratio, 0.6 * copy / ratio))
                super().paint(painter, option, widget)
            painter.setTransform(before)

    return Curve


@cache
def axis_class() -> Any:
    """Return an axis that writes a true minus, and its unit bare where it has no name: "mV" and not "(mV)"."""
    import pyqtgraph

    class Axis(pyqtgraph.AxisItem):  # type: ignore[misc]
        """An axis of ours."""

        def labelString(self) -> str:
            """Return the label as HTML."""
            unit = f"{self.labelUnitPrefix or ''}{self.labelUnits or ''}"
            text = f"{self.labelText} ({unit})" if self.labelText and unit else self.labelText or unit
            style = ";".join(f"{key}: {value}" for key, value in self.labelStyle.items())
            return f"<span style='{style}'>{text}</span>"

        def tickStrings(self, values: Any, scale: float, spacing: float) -> list[str]:
            """Return the numbers at the ticks."""
            return [text.replace("-", "−") for text in super().tickStrings(values, scale, spacing)]

    return Axis
