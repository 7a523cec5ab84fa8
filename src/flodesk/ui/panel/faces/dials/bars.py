"""Values along a straight scale: bar, tank, thermometer, and how much is done."""

from __future__ import annotations

import math
from typing import ClassVar

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPainterPath, QPen

from flodesk.indicators import Bar, Progress, Tank, Thermometer
from flodesk.indicators.scales import Scale
from flodesk.ui.panel.faces.dials.scale import ScaleFace, tick_font, track_ink
from flodesk.ui.panel.faces.zones import zone_ink
from flodesk.ui.panel.paint import color
from flodesk.ui.theme import theme

_LOW = 40
"""Height in pixels under which a lying scale has its digits beside it, and no numbers."""
_FOOT = 40
"""Pixels for digits and words under an upright scale."""
_TICKS, _TICKED = 21, 46
"""Pixels for ticks and numbers below a lying scale, and the height of the whole from which they stand there."""
_EDGE = 1.0


class BarFace(ScaleFace):
    """A bar along a scale: upright where the card is higher than wide, else lying."""

    kind: ClassVar[type[Scale]] = Bar
    narrowest = 110
    ticked: ClassVar[bool] = True
    """Whether ticks and numbers stand along it."""
    lead: ClassVar[float] = 0.0
    """What is filled before the scale begins, in thicknesses: the bulb of a thermometer."""

    # -------------------------------------------------------------- where things are
    @property
    def upright(self) -> bool:
        """Whether it stands."""
        return self.height() > 0.9 * self.width() and self.height() >= 90

    @property
    def beside(self) -> bool:
        """Whether the digits of an upright one stand beside it, as the card is wide."""
        return self.upright and self.width() > 1.3 * self.height()

    def thickness(self, room: float) -> float:
        """Return the thickness in pixels, of a room across."""
        return max(6.0, min(room * (0.28 if self.upright else 1.0), 28.0 if self.upright else 18.0))

    def _labels_wide(self) -> float:
        if not self.ticked:
            return 0.0
        metrics, ruler = QFontMetricsF(tick_font(self)), self.ruler
        return 14.0 + max((metrics.horizontalAdvance(ruler.label(v)) for v in ruler.ticks(self._most())), default=0.0)

    def _most(self) -> int:
        if self.upright:
            return max(2, min(10, int((self.height() - _FOOT) / 26)))
        return max(1, min(10, int(self.width() / 56)))

    def vessel(self) -> QRectF:
        """Return where the scale is, what leads to it included."""
        if self.upright:
            room = self.width() * (0.5 if self.beside else 1.0)
            labels = self._labels_wide()
            thick = self.thickness(room)
            left = max((room - thick - labels) / 2, 2.0)
            foot = 6.0 if self.beside else float(_FOOT)
            return QRectF(left, 6.0, thick, max(self.height() - 6.0 - foot, 10.0))
        if self.height() < _LOW:
            wide = self.width() - self._figures_beside() - 12.0
            thick = self.thickness(min(self.height() - 8.0, 14.0))
            return QRectF(2.0, (self.height() - thick) / 2, max(wide, 10.0), thick)
        head = 18 if self.height() < 60 else 24
        below = _TICKS if self._ticked_below else 6
        thick = self.thickness(self.height() - head - below - 2)
        top = head + (self.height() - head - below - thick) / 2
        return QRectF(_EDGE, top, self.width() - 2 * _EDGE, thick)

    @property
    def _ticked_below(self) -> bool:
        return self.ticked and self.height() >= _TICKED

    def _figures_beside(self) -> float:
        return min(96.0, self.width() * 0.42)

    def at(self, share: float) -> float:
        """Return where a place on the scale (0 to 1) is: y if it is upright, else x."""
        area = self.vessel()
        if self.upright:
            lead = self.lead * area.width()
            return area.bottom() - lead - share * (area.height() - lead)
        lead = self.lead * area.height()
        return area.left() + lead + share * (area.width() - lead)

    def outline(self) -> QPainterPath:
        """Return the shape that is filled."""
        path = QPainterPath()
        area = self.vessel()
        reach = min(4.0, min(area.width(), area.height()) / 2)
        path.addRoundedRect(area, reach, reach)
        return path

    # -------------------------------------------------------------- paint
    def paint_ground(self, painter: QPainter) -> None:
        """Paint the empty vessel, the zones and the numbers beside it."""
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(track_ink())
        painter.drawPath(self.outline())
        self._paint_zones(painter)
        if self._ticked_below:
            self._paint_ticks(painter)

    def _paint_zones(self, painter: QPainter) -> None:
        area = self.vessel()
        painter.setPen(Qt.PenStyle.NoPen)
        for zone in self.scale.zones:
            start = self.at(self.scale.share_of(zone.start) if zone.start is not None else 0.0)
            stop = self.at(self.scale.share_of(zone.stop) if zone.stop is not None else 1.0)
            painter.setBrush(color(zone_ink(zone)))
            if self.upright:
                painter.drawRect(QRectF(area.right() + 2, stop, 3, start - stop).normalized())
            else:
                painter.drawRect(QRectF(start, area.bottom() + 2, stop - start, 3).normalized())

    def _paint_ticks(self, painter: QPainter) -> None:
        area, colors = self.vessel(), theme()
        painter.setFont(tick_font(self))
        metrics = painter.fontMetrics()
        for value in self.ruler.ticks(self._most()):
            at, text = self.at(self.scale.share_of(value)), self.ruler.label(value)
            painter.setPen(QPen(color(colors.muted), 1))
            if self.upright:
                painter.drawLine(QPointF(area.right() + 6, at), QPointF(area.right() + 10, at))
                painter.drawText(QPointF(area.right() + 13, at + metrics.capHeight() / 2), text)
            else:
                painter.drawLine(QPointF(at, area.bottom() + 6), QPointF(at, area.bottom() + 9))
                wide = metrics.horizontalAdvance(text)
                left = min(max(at - wide / 2, 0.0), self.width() - wide)
                painter.drawText(QPointF(left, area.bottom() + 12 + metrics.capHeight()), text)

    def paint_value(self, painter: QPainter) -> None:
        """Fill the vessel up to the value, and write it."""
        share = self.scale.share
        if self.shown and not math.isnan(share):
            painter.save()
            painter.setClipPath(self.outline())
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(color(self.ink))
            painter.drawRect(self.filled(share))
            painter.restore()
        self._write(painter)

    def filled(self, share: float) -> QRectF:
        """Return what is filled at a place of the scale: from zero where the scale has it within, else from its end."""
        area = self.vessel()
        inside = self.scale.minimum < 0.0 < self.scale.maximum and not self.lead
        low, high = sorted((self.scale.share_of(0.0), share)) if inside else (0.0, share)
        if self.upright:
            base = self.at(low) if inside else area.bottom()
            return QRectF(area.left(), self.at(high), area.width(), base - self.at(high))
        base = self.at(low) if inside else area.left()
        return QRectF(base, area.top(), self.at(high) - base, area.height())

    def _write(self, painter: QPainter) -> None:
        area = self.vessel()
        left, right, middle = Qt.AlignmentFlag.AlignLeft, Qt.AlignmentFlag.AlignRight, Qt.AlignmentFlag.AlignHCenter
        if self.beside:
            at = self.width() * 0.5 + 8
            room = QRectF(at, self.height() / 2 - 24, self.width() - at, 28)
            self.paint_figures(painter, room, 24, left)
            self.paint_state(painter, QRectF(at, room.bottom(), room.width(), 18), left)
        elif self.upright:
            self.paint_figures(painter, QRectF(0, area.bottom() + 6, self.width(), 20), 17, middle)
            self.paint_state(painter, QRectF(0, area.bottom() + 25, self.width(), 15), middle)
        elif self.height() < _LOW:
            room = QRectF(self.width() - self._figures_beside(), 0, self._figures_beside(), self.height())
            signed = room.adjusted(0, 0, -16, 0) if self.state else room
            self.paint_figures(painter, signed, 16, left)
            self.paint_state(painter, QRectF(room.right() - 14, 0, 14, self.height()), right)
        else:
            digits = max(13, min(20, int(area.top() - 4)))
            half = self.width() * (0.55 if self.state else 1.0) - _EDGE
            high = area.top() - 2 - self.lead
            self.paint_figures(painter, QRectF(_EDGE, 0, half - 4, high), digits, left)
            self.paint_state(painter, QRectF(_EDGE + half, 0, self.width() - half - 2 * _EDGE, high), right)


class TankFace(BarFace):
    """A vessel with walls and a level, always upright."""

    kind: ClassVar[type[Scale]] = Tank

    @property
    def upright(self) -> bool:
        """Always, but for a card that is too low."""
        return self.height() >= 90

    def thickness(self, room: float) -> float:
        """Return half of the room."""
        return super().thickness(room) if not self.upright else max(24.0, min(room * 0.5, self.height() * 0.9))

    def outline(self) -> QPainterPath:
        """Return a vessel with round lower corners."""
        if not self.upright:
            return super().outline()
        area, path = self.vessel(), QPainterPath()
        reach = min(area.width() / 4, area.height() / 4, 16.0)
        path.moveTo(area.topLeft())
        path.lineTo(area.left(), area.bottom() - reach)
        path.quadTo(area.bottomLeft(), QPointF(area.left() + reach, area.bottom()))
        path.lineTo(area.right() - reach, area.bottom())
        path.quadTo(area.bottomRight(), QPointF(area.right(), area.bottom() - reach))
        path.lineTo(area.topRight())
        path.closeSubpath()
        return path

    def paint_value(self, painter: QPainter) -> None:
        """Fill it, and draw its walls and the level's surface over that."""
        super().paint_value(painter)
        if not self.upright:
            return
        area, walls = self.vessel(), self.outline()
        share = self.scale.share
        if self.shown and 0.0 < share < 1.0:
            painter.setPen(QPen(color(theme().text, 0.55), 1.5))
            painter.drawLine(QPointF(area.left(), self.at(share)), QPointF(area.right(), self.at(share)))
        painter.setPen(QPen(color(theme().line_strong), 1.5))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPath(walls)


class ThermometerFace(BarFace):
    """A tube with a bulb; lying where the card is wide."""

    kind: ClassVar[type[Scale]] = Thermometer
    lead = 2.2

    def thickness(self, room: float) -> float:
        """Return that of a slim tube."""
        return max(6.0, min(room * 0.5, 12.0))

    def outline(self) -> QPainterPath:
        """Return the tube and its bulb."""
        area, tube = self.vessel(), QPainterPath()
        thick = min(area.width(), area.height())
        tube.addRoundedRect(area, thick / 2, thick / 2)
        reach = thick * 1.05
        bulb = QPainterPath()
        middle = (
            QPointF(area.center().x(), area.bottom() - reach)
            if self.upright
            else QPointF(area.left() + reach, area.center().y())
        )
        bulb.addEllipse(middle, reach, reach)
        return tube.united(bulb)

    def filled(self, share: float) -> QRectF:
        """Return the whole bulb and the tube up to the value."""
        area = super().filled(share)
        wider = min(self.vessel().width(), self.vessel().height())
        return area.adjusted(-wider, 0, wider, 0) if self.upright else area.adjusted(0, -wider, 0, wider)


class ProgressFace(BarFace):
    """A slim bar with its percentage, green when all is done."""

    kind: ClassVar[type[Scale]] = Progress
    ticked = False

    @property
    def upright(self) -> bool:
        """Never."""
        return False

    def _paint_zones(self, painter: QPainter) -> None:
        """Paint none: what is done warns of nothing."""

    def thickness(self, room: float) -> float:
        """Return that of a slim bar."""
        return max(6.0, min(room * 0.6, 10.0))

    @property
    def figures(self) -> str:
        """Percent."""
        share = self.scale.share
        return "–" if not self.shown else "?" if math.isnan(share) else f"{math.floor(100 * share + 1e-9)}"

    @property
    def symbol(self) -> str:
        """Percent."""
        return "%"

    @property
    def state(self) -> str:
        """Whether it is done."""
        return "Done" if self.shown and self.scale.share >= 1.0 else ""

    @property
    def ink(self) -> str:
        """Green when done."""
        return theme().ok if self.state else theme().accent
