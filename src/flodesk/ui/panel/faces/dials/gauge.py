"""Needles on round scales: a dial of three quarters of a circle, and the flat arc of a meter."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import ClassVar

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen, QPolygonF

from flodesk.indicators import Gauge, Meter
from flodesk.indicators.scales import Scale
from flodesk.ui.panel.faces.dials.scale import ScaleFace, track_ink
from flodesk.ui.panel.faces.zones import zone_ink
from flodesk.ui.panel.paint import color, small
from flodesk.ui.theme import theme


def point(middle: QPointF, radius: float, angle: float) -> QPointF:
    """Return the point of a circle at an angle."""
    turned = math.radians(angle)
    return QPointF(middle.x() + radius * math.cos(turned), middle.y() - radius * math.sin(turned))


class GaugeFace(ScaleFace):
    """A needle on a round scale, its value in digits below; beside the dial where the card is low."""

    kind: ClassVar[type[Scale]] = Gauge
    narrowest = 110
    start: ClassVar[float] = 225.0
    """Degrees of the lower end, counter-clockwise from the right."""
    sweep: ClassVar[float] = 270.0
    """Degrees from there to the upper end, clockwise."""
    labelled: ClassVar[float] = 54.0
    """Radius in pixels from which numbers stand at the ticks."""
    many: ClassVar[float] = 90.0
    """Radius in pixels from which there are up to ten steps, below it five."""

    def angle_of(self, share: float) -> float:
        """Return the angle of a place on the scale (0 to 1), in degrees counter-clockwise from the right."""
        return self.start - self.sweep * share

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
        painter.drawArc(self._ring(inset), round(self.angle_of(start) * 16), round(-self.sweep * (stop - start) * 16))

    def paint_ground(self, painter: QPainter) -> None:
        """Paint track, zones, ticks and numbers."""
        colors, thick = theme(), self._thick
        self._arc(painter, 5 + thick / 2, thick, 0.0, 1.0, QPen(track_ink()))
        for start, stop, ink in self._arcs():
            self._arc(painter, 2, 3, start, stop, QPen(color(ink)))
        if self.radius < 30:
            return
        inner, labelled = self.radius - 5 - thick, self.radius >= self.labelled
        painter.setFont(small(self, max(11, min(16, round(self.radius * 0.09)))))
        metrics = painter.fontMetrics()
        for value in self.ruler.ticks(10 if self.radius >= self.many else 5):
            angle = self.angle_of(self.scale.share_of(value))
            painter.setPen(QPen(color(colors.muted), 1))
            painter.drawLine(point(self.middle, inner - 2, angle), point(self.middle, inner - 7, angle))
            if labelled:
                text = self.ruler.label(value)
                wide, high = metrics.horizontalAdvance(text), metrics.capHeight()
                at = point(self.middle, inner - 11 - max(wide * abs(math.cos(math.radians(angle))), high) / 2, angle)
                painter.drawText(QPointF(at.x() - wide / 2, at.y() + high / 2), text)

    def paint_value(self, painter: QPainter) -> None:
        """Paint the arc up to the value, the needle, the digits and the word for its zone."""
        self.paint_pointer(painter)
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

    def paint_pointer(self, painter: QPainter) -> None:
        """Paint the arc up to the value, and the needle."""
        share, thick = self.scale.share, self._thick
        if self.shown and not math.isnan(share):
            zero = self.scale.share_of(0.0) if self.scale.minimum < 0 < self.scale.maximum else 0.0
            low, high = sorted((zero, share))
            self._arc(painter, 5 + thick / 2, thick, low, high, QPen(color(self.ink)))
            self._needle(painter, self.angle_of(share))

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


class MeterFace(GaugeFace):
    """A needle on a flat arc, as in a moving-coil meter: low cards have room for it. The digits stand below."""

    kind = Meter
    start, sweep = 135.0, 90.0
    labelled, many = 75.0, 170.0
    _foot = 26.0
    """Height of the line of the digits, in pixels."""
    _seen = 0.6
    """How much of the radius is seen below the top of the arc."""

    @property
    def _beside(self) -> bool:
        return self.height() < 64

    @property
    def _arc_height(self) -> float:
        return self.height() - (0.0 if self._beside else self._foot)

    @property
    def _arc_width(self) -> float:
        return self.width() * 0.55 if self._beside else self.width()

    @property
    def radius(self) -> float:
        """Radius of the arc in pixels: its chord fits into the width, what is seen of the needle into the height."""
        half = math.sin(math.radians(self.sweep / 2))
        return max(min((self._arc_width / 2 - 4) / half, (self._arc_height - 2) / self._seen), 12.0)

    @property
    def middle(self) -> QPointF:
        """Where the needle turns: below what is seen."""
        high = self._seen * self.radius
        return QPointF(self._arc_width / 2, max((self._arc_height - high) / 2, 1.0) + self.radius)

    def paint_value(self, painter: QPainter) -> None:
        """Paint the needle as far as it is seen, the line where it ends, and below it the digits and the word."""
        middle, radius = self.middle, self.radius
        base = middle.y() - (1 - self._seen) * radius
        painter.save()
        painter.setClipRect(QRectF(0, 0, self.width(), base))
        self.paint_pointer(painter)
        painter.restore()
        painter.setPen(QPen(track_ink(), 1))
        reach = radius * 0.3
        painter.drawLine(QPointF(middle.x() - reach, base), QPointF(middle.x() + reach, base))
        align = Qt.AlignmentFlag.AlignHCenter
        room = QRectF(0, base + 4, self.width(), max(self.height() - base - 4, 14))
        if self._beside:
            left, align = self._arc_width + 8, Qt.AlignmentFlag.AlignLeft
            room = QRectF(left, 0, self.width() - left, self.height())
            if self.state:
                below = max(room.height() * 0.4, 14.0)
                self.paint_state(painter, room.adjusted(0, room.height() - below, 0, 0), align)
                room.adjust(0, 0, 0, -below)
        if self.state and not self._beside:
            half = room.width() / 2
            self.paint_state(painter, QRectF(half + 4, room.y(), half - 4, room.height()), Qt.AlignmentFlag.AlignLeft)
            room.setWidth(half - 4)
            align = Qt.AlignmentFlag.AlignRight
        self.paint_figures(painter, room, min(22, round(room.height() * 0.8)), align)
