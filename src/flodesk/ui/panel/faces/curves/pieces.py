"""Our own curve. pyqtgraph takes a third of a second to import, so it waits for the first plot."""

from __future__ import annotations

from functools import cache
from typing import Any

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter, QPolygonF, QTransform

from flodesk.public import Array


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
        line: QPolygonF | None = None
        """What is drawn of a curve without gaps; its memory is used again while the number of points is the same."""
        points: Any
        """The same memory as an array."""

        def boundingRect(self) -> QRectF:
            """Return where it may paint: all that is seen. Its own extent was worked out anew at each value."""
            view = self.getViewBox()
            found: QRectF = super().boundingRect() if view is None else view.viewRect()
            return found

        def take(self, x: Array, y: Array, *, finite: bool, smooth: bool) -> None:
            """Take other points. Who calls it has the view painted: the scene would ask each item for its rectangle."""
            self.xData, self.yData = x, y
            self.opts.update(connect="all" if finite else "finite", skipFiniteCheck=finite, antialias=smooth)
            self.path = None
            self.invalidateBounds()
            if not finite:
                self.line = None
                return
            if self.line is None or self.line.size() != len(x):
                self.line = pyqtgraph.functions.create_qpolygonf(len(x))
                self.points = pyqtgraph.functions.ndarray_from_qpolygonf(self.line)
            self.points[:, 0] = x
            self.points[:, 1] = y

        def paint(self, painter: QPainter, option: Any = None, widget: Any = None) -> None:
            """Draw the line, and once more beside it; as much more as the screen has finer pixels."""
            if self.xData is None:
                return
            ratio = max(painter.device().devicePixelRatioF(), 1.0)
            before = painter.transform()
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, self.opts["antialias"])
            painter.setPen(self.opts["pen"])
            for copy in range(round(ratio * (2 if self.wide else 1))):
                if copy:
                    painter.setTransform(before * QTransform.fromTranslate(0.6 * copy / ratio, 0.6 * copy / ratio))
                if self.line is not None:
                    painter.drawPolyline(self.line)
                else:
                    painter.drawPath(self.getPath())
            painter.setTransform(before)

    return Curve
