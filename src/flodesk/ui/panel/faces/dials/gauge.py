"""A dial: three quarters of a circle with a needle."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import ClassVar

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen, QPolygonF

from flodesk.indicators import Gauge
from flodesk.indicators.scales import Scale
from flodesk.ui.panel.faces.dials.scale import ScaleFace, track_ink
from flodesk.ui.panel.faces.zones import zone_ink
from flodesk.ui.panel.paint import color, small
from flodesk.ui.theme import theme

START, SWEEP = 225.0, 270.0
"""Degrees of the lower end, counter-clockwise from the right, and how far the scale reaches clockwise from there."""
_LABELLED = 54.0
"""Radius in pixels from which numbers stand at the ticks."""


def angle_of(share: float) -> float:
    """Return the angle of a place on the scale (0 to 1), in degrees counter-clockwise from the right."""
    return START - SWEEP * share


def point(middle: QPointF, radius: float, angle: float) -> QPointF:
    """Return the point of a circle at an angle."""
    turned = math.radians(angle)
    return QPointF(middle.x() + radius * math.cos(turned), middle.y() - radius * math.sin(turned))


class GaugeFace(ScaleFace):
    """A needle on a round scale, its value in digits below; beside the dial where the card is low."""

    kind: ClassVar[type[Scale]] = Gauge
    narrowest = 110

    # -------------------------------------------------------------- where things are
    @property
    def _beside(self) -> bool:
        return self.width() > 1.7 * self.height() and self.height() < 160

    @property
    def radius(self) -> float:
        """Radius of the dial in pixels."""
        wide = self.height() if self._beside else self.width()
        return max(min(wide, self.height()) / 2 * 0.97 - 1.0, 8.0)

    @property
    def middle(self) -> QPointF:
        """Where the needle turns."""
        if self._beside:
            taken = 2 * self.radius + 12 + min(150.0, self.width() - 2 * self.radius - 12)
            return QPointF((self.width() - taken) / 2 + self.radius, self.height() / 2 + self.radius * 0.07)
        return QPointF(self.width() / 2, self.height() / 2 - self.radius * 0.03)

    def _ring(self, inset: float) -> QRectF:
        reach = self.radius - inset
        return QRectF(self.middle.x() - reach, self.middle.y() - reach, 2 * reach, 2 * reach)

    @property
    def _thick(self) -> float:
        return max(4.0, min(self.radius * 0.1, 10.0))

    def _arcs(self) -> Iterator[tuple[float, float, str]]:
        for zone in self.scale.zones:
            start = self.scale.share_of(zone.start) if zone.start is not None else 0.0
            stop = self.scale.share_of(zone.stop) if zone.stop is not None else 1.0
            if stop > start:
                yield start, stop, zone_ink(zone)

    # -------------------------------------------------------------- paint
    def _arc(self, painter: QPainter, inset: float, width: float, start: float, stop: float, ink: QPen) -> None:
        ink.setWidthF(width)
        ink.setCapStyle(Qt.PenCapStyle.FlatCap)
        painter.setPen(ink)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawArc(self._ring(inset), round(angle_of(start) * 16), round(-SWEEP * (stop - start) * 16))

    def paint_ground(self, painter: QPainter) -> None:
        """Paint track, zones, ticks and numbers."""
        colors, thick = theme(), self._thick
        self._arc(painter, 5 + thick / 2, thick, 0.0, 1.0, QPen(track_ink()))
        for start, stop, ink in self._arcs():
            self._arc(painter, 2, 3, start, stop, QPen(color(ink)))
        if self.radius < 30:
            return
        inner, labelled = self.radius - 5 - thick, self.radius >= _LABELLED
        painter.setFont(small(self, max(11, min(16, round(self.radius * 0.09)))))
        metrics = painter.fontMetrics()
        for value in self.ruler.ticks(10 if self.radius >= 90 else 5):
            angle = angle_of(self.scale.share_of(value))
            painter.setPen(QPen(color(colors.muted), 1))
            painter.drawLine(point(self.middle, inner - 2, angle), point(self.middle, inner - 7, angle))
            if labelled:
                text = self.ruler.label(value)
                wide, high = metrics.horizontalAdvance(text), metrics.capHeight()
                at = point(self.middle, inner - 11 - max(wide * abs(math.cos(math.radians(angle))), high) / 2, angle)
                painter.drawText(QPointF(at.x() - wide / 2, at.y() + high / 2), text)

    def paint_value(self, painter: QPainter) -> None:
        """Paint the arc up to the value, the needle, the digits and the word for its zone."""
        share, thick = self.scale.share, self._thick
        if self.shown and not math.isnan(share):
            zero = self.scale.share_of(0.0) if self.scale.minimum < 0 < self.scale.maximum else 0.0
            low, high = sorted((zero, share))
            self._arc(painter, 5 + thick / 2, thick, low, high, QPen(color(self.ink)))
            self._needle(painter, angle_of(share))
        if self._beside:
            left = self.middle.x() + self.radius + 12
            room = QRectF(left, self.middle.y() - 22 if self.state else 0, self.width() - left, 24)
            if not self.state:
                room.setHeight(self.height())
            self.paint_figures(painter, room, min(24, round(self.height() * 0.4)), Qt.AlignmentFlag.AlignLeft)
            self.paint_state(painter, QRectF(left, room.bottom(), room.width(), 18), Qt.AlignmentFlag.AlignLeft)
            return
        middle, radius = self.middle, self.radius
        digits = max(11, min(round(radius * 0.27), 44))
        area = QRectF(middle.x() - radius * 0.55, middle.y() + radius * 0.72 - digits / 2, radius * 1.1, digits)
        self.paint_figures(painter, area, digits, Qt.AlignmentFlag.AlignHCenter)
        area = QRectF(middle.x() - radius * 0.6, middle.y() + radius * 0.95 - 7, radius * 1.2, 14)
        self.paint_state(painter, area, Qt.AlignmentFlag.AlignHCenter)

    def _needle(self, painter: QPainter, angle: float) -> None:
        middle, radius = self.middle, self.radius
        hub = min(max(3.0, radius * 0.075), 12.0)
        tip = radius - 5 - self._thick - 3
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(color(theme().text))
        sides = [
            point(middle, hub * 0.62, angle + 90),
            point(middle, tip, angle),
            point(middle, hub * 0.62, angle - 90),
        ]
        painter.drawPolygon(QPolygonF([*sides, point(middle, hub * 1.6, angle + 180)]))
        painter.drawEllipse(middle, hub, hub)
        painter.setBrush(color(theme().raised))
        painter.drawEllipse(middle, hub * 0.42, hub * 0.42)
