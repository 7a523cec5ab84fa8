"""A number in seven-segment digits."""

from __future__ import annotations

import math
from typing import ClassVar

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen, QPolygonF, QTransform

from flodesk.indicators import Segments
from flodesk.indicators.scales import Scale
from flodesk.ui.panel.faces.dials.scale import ScaleFace
from flodesk.ui.panel.faces.zones import zone_ink
from flodesk.ui.panel.paint import color, small
from flodesk.ui.theme import theme

LIT = {
    "0": "abcdef", "1": "bc", "2": "abged", "3": "abgcd", "4": "fgbc", "5": "afgcd", "6": "afgedc", "7": "abc",
    "8": "abcdefg", "9": "abcdfg", "-": "g", " ": "",
}  # fmt: skip
"""The segments of a character: `a` above, then clockwise to `f`, `g` in the middle."""
_WIDE, _GAP, _SLANT = 0.52, 0.16, 0.08
"""Width of a digit, what is free behind it, and how far it leans, in heights of a digit."""


class SegmentsFace(ScaleFace):
    """Digits of seven segments on a dark or light field, with the unit behind them."""

    kind: ClassVar[type[Scale]] = Segments
    narrowest = 96

    @property
    def _decimals(self) -> int:
        scale = self.scale
        return scale.decimals if isinstance(scale, Segments) else max(0, min(2, scale.digits - 1))

    @property
    def characters(self) -> list[tuple[str, bool]]:
        """The characters from left to right, and whether a point follows; dashes where the number has no room."""
        places, decimals = self.scale.digits, self._decimals
        value = self.scale.value
        text = f"{value:.{decimals}f}" if self.shown and math.isfinite(value) else "-"
        if text != "-" and not float(text):
            text = text.lstrip("-")  # no minus before zero
        digits = text.replace(".", "")
        if len(digits) > places or (text == "-" and self.shown):
            return [("-", False)] * places
        cells = ([" "] * places + list(digits))[-places:] if self.shown else [" "] * places
        point = places - 1 - decimals if decimals and self.shown else -1
        return [(cell, number == point) for number, cell in enumerate(cells)]

    @property
    def figures(self) -> str:
        """The digits as they are shown."""
        return "".join(cell + "." * point for cell, point in self.characters).strip().replace("-", "−") or "–"

    @property
    def symbol(self) -> str:
        """The unit, without a prefix: the digits have none."""
        return self.scale.unit

    @property
    def state(self) -> str:
        """What the zone says; a number outside of some scale is nothing here."""
        zone = self.scale.zone if self.shown else None
        if zone is not None:
            return zone.level.capitalize()
        finite = math.isfinite(self.scale.value)
        if not self.shown or (finite and self.characters[0] != ("-", False)):
            return ""
        return "No number" if not finite else "" if len(set(self.characters)) > 1 else "Too large"

    @property
    def ink(self) -> str:
        """The colour of lit segments."""
        zone = self.scale.zone if self.shown else None
        if zone is not None:
            return zone_ink(zone)
        colors, name = theme(), getattr(self.scale, "color", "green")
        return {"red": colors.error, "amber": colors.warning, "blue": colors.running}.get(name, colors.ok)

    def tip(self) -> str:
        """Return the zones, for the tooltip."""
        zones = [f"{zone.words} {self.scale.unit}".rstrip() for zone in self.scale.zones]
        return "\n".join(filter(None, (self.reading.help, ". ".join(zones) + "." if zones else "")))

    # -------------------------------------------------------------- where things are
    def field(self) -> QRectF:
        """Return the field behind the digits."""
        foot = 18.0 if self.height() >= 72 else 0.0
        return QRectF(0.5, 0.5, self.width() - 1.0, self.height() - 1.0 - foot)

    def _digit(self) -> tuple[float, float, QPointF]:
        """Return height and step of a digit in pixels, and where the first one begins."""
        area = self.field()
        inside = area.adjusted(
            10, min(8.0, area.height() * 0.15), -10 - self._unit_wide(), -min(8.0, area.height() * 0.15)
        )
        count = max(self.scale.digits, 1)
        step = _WIDE + _GAP
        high = min(inside.height(), inside.width() / (count * step + _SLANT))
        wide = high * (count * step - _GAP + _SLANT)
        return high, high * step, QPointF(inside.right() - wide, inside.center().y() - high / 2)

    def _unit_wide(self) -> float:
        return 8.0 + self.fontMetrics().horizontalAdvance(self.symbol) if self.symbol else 0.0

    # -------------------------------------------------------------- paint
    def paint_ground(self, painter: QPainter) -> None:
        """Paint the field, the segments that are not lit, and the unit."""
        colors = theme()
        painter.setPen(QPen(color(colors.line), 1))
        painter.setBrush(color(colors.sunken))
        painter.drawRoundedRect(self.field(), 6, 6)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(color(colors.muted, 0.09))
        for number in range(self.scale.digits):
            self._cell(painter, number, "abcdefg")
        if self.symbol:
            painter.setFont(small(self, 13))
            painter.setPen(color(colors.muted))
            room = self.field().adjusted(0, 0, -10, 0)
            high, _, start = self._digit()
            room.setBottom(start.y() + high + 3)
            painter.drawText(room, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignBottom, self.symbol)

    def paint_value(self, painter: QPainter) -> None:
        """Light the segments."""
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(color(self.ink))
        for number, (cell, point) in enumerate(self.characters):
            self._cell(painter, number, LIT.get(cell, "g"), point)
        if self.height() >= 72:
            area = QRectF(0, self.field().bottom() + 3, self.width(), 16)
            self.paint_state(painter, area, Qt.AlignmentFlag.AlignRight)
        else:
            area = self.field().adjusted(8, 0, 0, 0)
            area.setRight(max(self._digit()[2].x() - 4, area.left()))
            self.paint_state(painter, area, Qt.AlignmentFlag.AlignLeft)

    def _cell(self, painter: QPainter, number: int, lit: str, point: bool = False) -> None:
        high, step, start = self._digit()
        painter.save()
        painter.translate(start.x() + number * step + high * _SLANT, start.y())
        painter.setTransform(QTransform(1, 0, -_SLANT, 1, 0, 0), True)
        shapes = _segments(high * _WIDE, high)
        for name in lit:
            painter.drawPolygon(shapes[name])
        if point:
            size = high * 0.09
            painter.drawEllipse(QPointF(high * (_WIDE + _GAP / 2), high - size * 0.8), size * 0.8, size * 0.8)
        painter.restore()


def _segments(wide: float, high: float) -> dict[str, QPolygonF]:
    """Return the seven shapes of a digit of some size."""
    half, gap = high * 0.055, high * 0.018
    left, right, top, middle, bottom = half, wide - half, half, high / 2, high - half

    def lying(y: float) -> QPolygonF:
        a, b = left + gap, right - gap
        return QPolygonF(
            [QPointF(a, y), QPointF(a + half, y - half), QPointF(b - half, y - half),
             QPointF(b, y), QPointF(b - half, y + half), QPointF(a + half, y + half)]
        )  # fmt: skip

    def standing(x: float, start: float, stop: float) -> QPolygonF:
        a, b = start + gap, stop - gap
        return QPolygonF(
            [QPointF(x, a), QPointF(x + half, a + half), QPointF(x + half, b - half),
             QPointF(x, b), QPointF(x - half, b - half), QPointF(x - half, a + half)]
        )  # fmt: skip

    return {
        "a": lying(top), "b": standing(right, top, middle), "c": standing(right, middle, bottom), "d": lying(bottom),
        "e": standing(left, middle, bottom), "f": standing(left, top, middle), "g": lying(middle),
    }  # fmt: skip
