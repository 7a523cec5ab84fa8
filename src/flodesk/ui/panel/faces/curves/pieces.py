"""Our own kinds of pyqtgraph's items. pyqtgraph takes a third of a second to import, so it waits for the first plot."""

from __future__ import annotations

import math
from collections.abc import Iterable
from functools import cache
from typing import Any

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QPaintEngine, QPainter, QPixmap, QTransform

from flodesk.ui.panel.figures import exponent_of, prefix

_EXACT = (QPaintEngine.Type.SVG, QPaintEngine.Type.Pdf, QPaintEngine.Type.Picture)
"""What is painted on in lines and letters rather than pixels."""

ROOM = 130
"""Pixels of a decade above which there are numbers within it."""


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

        def boundingRect(self) -> QRectF:
            """Return where it may paint: all that is seen. Its own extent was worked out anew at each value."""
            view = self.getViewBox()
            found: QRectF = super().boundingRect() if view is None else view.viewRect()
            return found

        def paint(self, painter: QPainter, option: Any, widget: Any) -> None:
            """Draw the line, and once more beside it; as much more as the screen has finer pixels."""
            ratio = max(painter.device().devicePixelRatioF(), 1.0)
            before = painter.transform()
            for copy in range(round(ratio * (2 if self.wide else 1))):
                painter.setTransform(before * QTransform.fromTranslate(0.6 * copy / ratio, 0.6 * copy / ratio))
                super().paint(painter, option, widget)
            painter.setTransform(before)

    return Curve


def _meets(tick: float, spacing: float, finer: float) -> bool:
    """Say whether a tick of a finer level is one of those that lie `spacing` apart."""
    return abs(tick - round(tick / spacing) * spacing) < 0.01 * finer


def _levels(low: float, high: float, spacings: Iterable[tuple[float, float]]) -> list[tuple[float, list[float]]]:
    """Return the ticks of each level, coarsest first, each with its spacing; a tick is of one level alone.

    Parameters
    ----------
    spacings : iterable of (float, float)
        How far apart the ticks of a level are, and where one of them is.
    """
    levels: list[tuple[float, list[float]]] = []
    for spacing, offset in spacings:
        first, last = math.ceil((low - offset) / spacing), math.floor((high - offset) / spacing)
        ticks = (number * spacing + offset for number in range(first, last + 1))
        levels.append((spacing, [tick for tick in ticks if not any(_meets(tick, one, spacing) for one, _ in levels)]))
    return levels


def _drawn(axis: Any, area: QRect, ratio: float) -> QPixmap:
    """Return a picture of an axis and its grid, as large as the area in which it paints."""
    face = QPixmap(area.size() * ratio)
    face.setDevicePixelRatio(ratio)
    face.fill(Qt.GlobalColor.transparent)
    inner = QPainter(face)
    inner.translate(-area.topLeft())
    specs = axis.generateDrawSpecs(inner)
    if specs is not None:
        axis.drawPicture(inner, *specs)
    inner.end()
    return face


@cache
def axis_class() -> Any:
    """Return an axis that is cheap to paint again, writes a true minus, and its unit bare where it has no name.

    pyqtgraph keeps a recording of each axis and plays it at every frame: that laid the texts out anew, and took more
    than all else of a plot of 1,000 points. Here it is painted into a pixmap when it changes.
    """
    import pyqtgraph

    class Axis(pyqtgraph.AxisItem):  # type: ignore[misc]
        """An axis of ours; `face` is how it looked last, `written` its label."""

        face = QPixmap()
        written = ""
        picture: Any
        extent = QRectF()
        extent_of: tuple[Any, ...] = ()

        def boundingRect(self) -> QRectF:
            """Return where it paints, the grid too; it is asked for at each tick, and changes with the layout alone."""
            view = self.linkedView()
            key = (self.geometry(), view and view.geometry(), self.grid)
            if key != self.extent_of:
                self.extent, self.extent_of = super().boundingRect(), key
            return QRectF(self.extent)

        def paint(self, painter: QPainter, option: Any, widget: Any) -> None:
            """Paint the axis, its numbers and the grid."""
            if painter.paintEngine().type() in _EXACT:
                self.picture = None
                super().paint(painter, option, widget)
                self.picture = None
                return
            area = self.boundingRect().toAlignedRect()
            ratio = painter.device().devicePixelRatioF()
            if self.picture is None or self.face.size() != area.size() * ratio:
                self.picture = self.face = _drawn(self, area, ratio)  # what is not None is up to date
            painter.drawPixmap(area.topLeft(), self.face)

        def _updateLabel(self) -> None:
            """Lay the label out again only if it is another one: it is asked for at each change of the range."""
            text = self.labelString()
            if text != self.written:
                self.written = text
                super()._updateLabel()
            self.picture = None
            self.update()

        def labelString(self) -> str:
            """Return the label as HTML."""
            unit = f"{self.labelUnitPrefix or ''}{self.labelUnits or ''}"
            text = f"{self.labelText} ({unit})" if self.labelText and unit else self.labelText or unit
            style = ";".join(f"{key}: {value}" for key, value in self.labelStyle.items())
            return f"<span style='{style}'>{text}</span>"

        def tickValues(self, low: float, high: float, size: float) -> Any:
            """Return the ticks of each level. pyqtgraph goes by arrays, which take longer for a handful of numbers."""
            if self.logMode or self.scale != 1.0:
                return super().tickValues(low, high, size)
            low, high = sorted((low, high))
            return _levels(low, high, self.tickSpacing(low, high, size))

        def tickStrings(self, values: Any, scale: float, spacing: float) -> list[str]:
            """Return the numbers at the ticks."""
            return [text.replace("-", "−") for text in super().tickStrings(values, scale, spacing)]

        def logTickStrings(self, values: Any, scale: float, spacing: float) -> list[str]:
            """Return the numbers at the decades as they are said (10, 100, 1k), and some between if there is room."""
            decades = max(abs(self.range[1] - self.range[0]), 1e-9)
            told = "125" if self.width() / decades > ROOM else "1"
            places = [float(f"{10.0**value:.3g}") for value in values]
            texts = [f"{place / 10.0 ** exponent_of(place):g}{prefix(exponent_of(place))}" for place in places]
            return [text if f"{place:e}"[0] in told else "" for text, place in zip(texts, places, strict=True)]

    return Axis
