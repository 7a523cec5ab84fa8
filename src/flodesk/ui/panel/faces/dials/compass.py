"""A compass."""

from __future__ import annotations

import math
from typing import Any, ClassVar

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen, QPolygonF

from flodesk.indicators import Compass
from flodesk.indicators.scales import Scale
from flodesk.ui.panel.faces.dials.gauge import point
from flodesk.ui.panel.faces.dials.scale import ScaleFace
from flodesk.ui.panel.paint import color, small
from flodesk.ui.theme import theme

_FOOT = 24


class CompassFace(ScaleFace):
    """A rose with a needle, and the direction in degrees and letters below it, or beside it where the card is low."""

    kind: ClassVar[type[Scale]] = Compass
    narrowest = 110

    @property
    def heading(self) -> Compass:
        """The value as a direction."""
        scale: Any = self.scale
        return scale if isinstance(scale, Compass) else Compass(value=scale.value)

    @property
    def figures(self) -> str:
        """Whole degrees."""
        if not self.shown:
            return "–"
        return "?" if math.isnan(self.heading.heading) else f"{round(self.heading.heading) % 360}°"

    @property
    def symbol(self) -> str:
        """The direction in letters."""
        return self.heading.wind if self.shown else ""

    @property
    def state(self) -> str:
        """Nothing warns."""
        return "No number" if self.shown and math.isnan(self.heading.heading) else ""

    def tip(self) -> str:
        """Return the help of the node: a compass has neither ends nor zones."""
        return self.reading.help

    # -------------------------------------------------------------- where things are
    @property
    def _beside(self) -> bool:
        return self.width() > 1.5 * self.height() or self.height() < 90

    @property
    def radius(self) -> float:
        """Radius of the rose in pixels."""
        high = self.height() - (0 if self._beside else _FOOT)
        return max(min(self.width(), high) / 2 - 1.5, 8.0)

    @property
    def middle(self) -> QPointF:
        """Where the needle turns."""
        if not self._beside:
            return QPointF(self.width() / 2, (self.height() - _FOOT) / 2)
        taken = 2 * self.radius + 12 + min(110.0, self.width() - 2 * self.radius - 12)
        return QPointF((self.width() - taken) / 2 + self.radius, self.height() / 2)

    # -------------------------------------------------------------- paint
    def paint_ground(self, painter: QPainter) -> None:
        """Paint the rose."""
        colors, middle, radius = theme(), self.middle, self.radius
        painter.setPen(QPen(color(colors.line_strong), 1.5))
        painter.setBrush(color(colors.sunken))
        painter.drawEllipse(middle, radius, radius)
        if radius < 30:
            return
        for degrees in range(0, 360, 10):
            long = degrees % 30 == 0
            if degrees % 90 == 0 or (not long and radius < 50):
                continue
            painter.setPen(QPen(color(colors.muted, 0.9 if long else 0.5), 1))
            start, stop = (
                point(middle, radius - 4, 90 - degrees),
                point(middle, radius - (9 if long else 7), 90 - degrees),
            )
            painter.drawLine(start, stop)
        painter.setFont(small(self, max(10, min(14, round(radius * 0.2))), bold=True))
        metrics = painter.fontMetrics()
        for degrees, letter in ((0, "N"), (90, "E"), (180, "S"), (270, "W")):
            painter.setPen(color(colors.accent if letter == "N" else colors.muted))
            at = point(middle, radius - 4 - metrics.capHeight() / 2 - 1, 90 - degrees)
            wide = metrics.horizontalAdvance(letter)
            painter.drawText(QPointF(at.x() - wide / 2, at.y() + metrics.capHeight() / 2), letter)

    def paint_value(self, painter: QPainter) -> None:
        """Paint the needle and what it says."""
        heading, middle, radius = self.heading.heading, self.middle, self.radius
        if self.shown and not math.isnan(heading):
            reach, half = radius * (0.66 if radius >= 30 else 0.85), max(3.0, radius * 0.11)
            sides = [point(middle, half, -heading), point(middle, half, 180 - heading)]
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(color(theme().line_strong))
            painter.drawPolygon(QPolygonF([*sides, point(middle, reach, 270 - heading)]))
            painter.setBrush(color(theme().error))
            painter.drawPolygon(QPolygonF([*sides, point(middle, reach, 90 - heading)]))
        if self._beside:
            left = middle.x() + radius + 12
            self.paint_figures(
                painter, QRectF(left, 0, self.width() - left, self.height()), 22, Qt.AlignmentFlag.AlignLeft
            )
        else:
            area = QRectF(0, self.height() - _FOOT + 4, self.width(), _FOOT - 4)
            self.paint_figures(painter, area, 17, Qt.AlignmentFlag.AlignHCenter)
