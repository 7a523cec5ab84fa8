"""A knob for numbers: turned by a drag up or to the right, on an even or a logarithmic scale."""

from __future__ import annotations

import math
from typing import ClassVar

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QWidget

from flodesk.ui.panel.controls.slider import Slider, Track
from flodesk.ui.panel.figures import prefixed
from flodesk.ui.panel.paint import color, small
from flodesk.ui.panel.setting import Setting
from flodesk.ui.panel.touch import reach
from flodesk.ui.theme import theme

START, SWEEP = 225.0, 270.0
"""Degrees of the lower end, counter-clockwise from the right, and how far the scale reaches clockwise from there."""
TURN = 200.0
"""Pixels of a drag that go from one end to the other."""
_FIELD = 30
_FOOT = 15
"""Height in pixels of the limits below the scale."""
_SLANT = math.sqrt(0.5)
"""How far the ends of the scale are below its middle, and beside it, as a part of its radius."""
_LABELLED = 64.0
"""Height in pixels from which the limits stand at the ends of the scale."""


class Dial(Track):
    """The part of a knob that is turned."""

    log = False
    """Whether a part of a turn is a factor."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._held: tuple[QPointF, float] | None = None
        self.setCursor(Qt.CursorShape.SizeVerCursor)

    def sizeHint(self) -> QSize:
        """Room for a dial."""
        return QSize(72, 72)

    def minimumSizeHint(self) -> QSize:
        """Room for something that can be turned."""
        return QSize(24, 24)

    # -------------------------------------------------------------- value and place
    @property
    def even(self) -> bool:
        """Whether equal turns are equal differences: also where a logarithmic scale cannot be."""
        return not self.log or not 0 < self.minimum < self.maximum

    def share_of(self, value: float) -> float:
        """Return where a value is between the ends, from 0 to 1."""
        if self.maximum <= self.minimum:
            return 0.0
        if self.even:
            share = (value - self.minimum) / (self.maximum - self.minimum)
        else:
            low = math.log(self.minimum)
            share = (math.log(max(value, self.minimum)) - low) / (math.log(self.maximum) - low)
        return min(max(share, 0.0), 1.0)

    def value_at(self, share: float, *, fine: bool = False) -> float:
        """Return the tidy value at a place between the ends."""
        if share <= 0.0:
            return self.minimum
        if share >= 1.0:
            return self.maximum
        if self.even:
            return self.tidy(self.minimum + share * (self.maximum - self.minimum), TURN, fine=fine)
        return self._rounded(self.minimum * (self.maximum / self.minimum) ** share)

    def _rounded(self, value: float) -> float:
        """Return a value of a logarithmic scale with three digits, or on the given step."""
        if self.step or self.integer:
            return self.tidy(value, TURN)
        return min(max(float(f"{value:.3g}"), self.minimum), self.maximum)

    # -------------------------------------------------------------- hands
    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take hold: a click alone turns nothing."""
        if event.button() != Qt.MouseButton.LeftButton:
            event.ignore()
            return
        self._held = event.position(), self.share_of(self.value)
        self.update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Turn by a drag up or to the right; a tenth as far with Shift held."""
        if self._held is None:
            return
        start, share = self._held
        way = event.position() - start
        fine = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        value = self.value_at(share + (way.x() - way.y()) / TURN / (10 if fine else 1), fine=fine)
        if value != self.value:
            self.dragged.emit(value)

    def step_by(self, steps: float) -> None:
        """Turn by so many steps of a key or the wheel: hundredths of the whole on a logarithmic scale."""
        if self.even:
            super().step_by(steps)
            return
        if self.step or self.integer:
            value = self.tidy(self.value + steps * (self.step or 1.0), TURN)
        else:
            value = self.value_at(self.share_of(self.value) + steps / 100)
        if value != self.value:
            self.keyed.emit(value)

    # -------------------------------------------------------------- looks
    def ring(self) -> tuple[QPointF, float]:
        """Return the middle of the scale and its radius in pixels; the limits stand close below its ends."""
        wide, high = self.width(), self.height()
        if high < _LABELLED:
            return QPointF(wide / 2, high / 2), min(wide, high) / 2 - 5
        radius = min(wide / 2 - 5, (high - _FOOT - 7) / (1 + _SLANT), high / 2 - 2)
        below = max(radius * _SLANT + 4 + _FOOT, radius - 4)
        return QPointF(wide / 2, (high - below + radius + 3) / 2), radius

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the scale, the part of it up to the value, and the knob with its mark."""
        colors = theme()
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            labelled = self.height() >= _LABELLED
            middle, radius = self.ring()
            ring = QRectF(middle.x() - radius, middle.y() - radius, 2 * radius, 2 * radius)
            share, live = self.share_of(self.value), self.isEnabled()
            ink = colors.accent if live else colors.faint
            for part, tint in ((1.0, colors.line_strong), (share, ink)):
                painter.setPen(QPen(color(tint), 4, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
                painter.drawArc(ring, round(START * 16), round(-SWEEP * part * 16))
            painter.setPen(QPen(color(ink if self.hasFocus() or self._held else colors.line_strong), 1.5))
            painter.setBrush(color(colors.raised))
            painter.drawEllipse(middle, radius - 7, radius - 7)
            turned = math.radians(START - SWEEP * share)
            toward = QPointF(math.cos(turned), -math.sin(turned))
            painter.setPen(
                QPen(color(colors.text if live else colors.faint), 2.5, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap)
            )
            painter.drawLine(middle + toward * (radius - 7) * 0.45, middle + toward * (radius - 11))
            if labelled:
                painter.setFont(small(self, 11))
                painter.setPen(color(colors.muted))
                low, high = ("".join(prefixed(end, self.unit)) for end in (self.minimum, self.maximum))
                wide = painter.fontMetrics().horizontalAdvance
                if wide(low + high) + 12 <= self.width():
                    end, foot = radius * _SLANT, middle.y() + radius * _SLANT + 4
                    left = max(0.0, min(middle.x() - end + 8 - wide(low), middle.x() - 6 - wide(low)))
                    right = min(self.width() - wide(high), max(middle.x() + end - 8, middle.x() + 6))
                    painter.drawText(QRectF(left, foot, wide(low) + 1, _FOOT), Qt.AlignmentFlag.AlignLeft, low)
                    painter.drawText(QRectF(right, foot, wide(high) + 1, _FOOT), Qt.AlignmentFlag.AlignLeft, high)


class Knob(Slider):
    """A number between two limits: turned, stepped, or typed."""

    narrowest = 130
    handle: ClassVar[type[Track]] = Dial

    def __init__(self, setting: Setting, parent: QWidget | None = None) -> None:
        super().__init__(setting, parent)
        self.row.removeWidget(self.track)
        self.row.removeWidget(self.field)

    def show_setting(self, setting: Setting) -> None:
        """Show another state of the literal."""
        if isinstance(self.track, Dial):
            self.track.log = setting.log
        super().show_setting(setting)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put the field below the dial, or beside it where the card is low."""
        wide, high = self.width(), self.height()
        field = min(max(wide, 40), 110)
        tall = reach(self, _FIELD)
        if high >= 2 * tall + 20:
            self.track.setGeometry(0, 0, wide, high - tall - 6)
            self.field.setFixedSize(field, tall)
            self.field.move((wide - field) // 2, high - tall)
        else:
            side = min(high, wide // 2)
            self.track.setGeometry(0, 0, side, high)
            self.field.setFixedSize(max(min(wide - side - 10, 110), 40), min(tall, high))
            self.field.move(side + 10, (high - self.field.height()) // 2)
