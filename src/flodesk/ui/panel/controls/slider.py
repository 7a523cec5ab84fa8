"""A slider for numbers: a painted track with its limits, and a field beside it for typing."""

from __future__ import annotations

from typing import Any, ClassVar

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from flodesk.flow.finite import is_finite
from flodesk.ui.panel.controls.control import Control
from flodesk.ui.panel.controls.number_field import NumberField
from flodesk.ui.panel.controls.wheel import step_by_wheel
from flodesk.ui.panel.figures import plain, snap, tidy_step
from flodesk.ui.panel.guard import Guarded
from flodesk.ui.panel.paint import color, small
from flodesk.ui.panel.setting import Setting
from flodesk.ui.panel.touch import reach
from flodesk.ui.theme import theme

THUMB = 8.0
"""Radius of a handle in pixels."""
TALL = 40
"""Height in pixels from which the limits stand below the track."""


class Track(Guarded, QWidget):
    """The part of a slider that is dragged. Values are those of the flow; `step` is the resolution of a drag."""

    dragged = Signal(float)
    keyed = Signal(float)
    released = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.value = 0.0
        self.minimum = 0.0
        self.maximum = 1.0
        self.step: float | None = None
        self.unit = ""
        self.integer = False
        self._hot = False
        self._held: tuple[Any, ...] | None = None
        """What a drag began with, while there is one: the place of the mouse, and what was there."""
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)

    def sizeHint(self) -> QSize:
        """Room for the track and, below it, its limits."""
        return QSize(160, TALL)

    def minimumSizeHint(self) -> QSize:
        """Room for the thumb and a way to drag it."""
        return QSize(48, 20)

    def x_of(self, value: float) -> float:
        """Return where the thumb stands for a value, in pixels."""
        span = self.maximum - self.minimum
        share = (value - self.minimum) / span if span > 0 else 0.0
        return THUMB + min(max(share, 0.0), 1.0) * (self.width() - 2 * THUMB)

    @property
    def middle(self) -> float:
        """Height of the track's line in pixels."""
        return self.height() / 2 if self.height() < TALL else 15.0

    def tidy(self, value: float, pixels: float, *, fine: bool = False) -> float:
        """Return the tidy value nearest to one, where the whole range is a drag of so many pixels."""
        span = max(self.maximum - self.minimum, 1e-300)
        step = self.step or tidy_step(span / max(pixels, 50))
        if self.integer and not self.step:
            step = max(step, 1.0)
        elif fine and not self.step:
            step /= 10
        return min(max(snap(value, step), self.minimum), self.maximum)

    def at(self, x: float, *, fine: bool = False) -> float:
        """Return the tidy value at a place, in pixels."""
        span = self.maximum - self.minimum
        value = self.minimum + (x - THUMB) / max(self.width() - 2 * THUMB, 1.0) * span
        if value <= self.minimum:
            return self.minimum
        if value >= self.maximum:
            return self.maximum
        return self.tidy(value, self.width() - 2 * THUMB, fine=fine)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take hold of the thumb, or bring it here."""
        if event.button() != Qt.MouseButton.LeftButton:
            super().mousePressEvent(event)
            return
        x = event.position().x()
        at = self.x_of(self.value)
        if abs(x - at) > THUMB:
            self.dragged.emit(self.at(x))
            at = x
        self._held = (x, at)
        self.update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Follow the hand; a tenth as fast with Shift held."""
        if self._held is None:
            return
        start, at = self._held
        fine = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        value = self.at(at + (event.position().x() - start) / (10 if fine else 1), fine=fine)
        if value != self.value:
            self.dragged.emit(value)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Let go."""
        if self._held is not None:
            self._held = None
            self.released.emit()
            self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Step by arrows and page keys, go to the ends by Home and End."""
        key = Qt.Key(event.key())
        steps = {
            Qt.Key.Key_Left: -1, Qt.Key.Key_Down: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_Up: 1,
            Qt.Key.Key_PageDown: -10, Qt.Key.Key_PageUp: 10,
        }.get(key)  # fmt: skip
        if steps is not None:
            self.step_by(steps)
        elif key == Qt.Key.Key_Home:
            self.keyed.emit(self.minimum)
        elif key == Qt.Key.Key_End:
            self.keyed.emit(self.maximum)
        else:
            super().keyPressEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Step, but only with the focus, so that scrolling the panel changes nothing."""
        step_by_wheel(event, self.step_by, here=self.hasFocus())

    def key_step(self) -> float:
        """Return what one key press changes: the given step, or a hundredth of the range."""
        span = self.maximum - self.minimum
        return self.step or (max(tidy_step(span / 100), 1.0 if self.integer else 0.0) if span > 0 else 1.0)

    def stepped_from(self, value: float, steps: float) -> float:
        """Return the value so many steps of a key or the wheel away from one."""
        step = self.key_step()
        return min(max(snap(value + steps * step, step), self.minimum), self.maximum)

    def step_by(self, steps: float) -> None:
        """Tell the value so many steps of a key or the wheel away."""
        value = self.stepped_from(self.value, steps)
        if value != self.value:
            self.keyed.emit(value)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the line, the part up to the thumb in the accent, the thumb, and the limits if there is room."""
        colors = theme()
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            y, x, right = self.middle, self.x_of(self.value), self.width() - THUMB
            live = self.isEnabled()
            painter.setPen(QPen(color(colors.line_strong), 4, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
            painter.drawLine(QPointF(THUMB, y), QPointF(right, y))
            if self.height() >= TALL:
                self.paint_scale(painter, y)
            ink = colors.accent if live else colors.faint
            painter.setPen(QPen(color(ink), 4, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
            painter.drawLine(QPointF(THUMB, y), QPointF(x, y))
            if self.hasFocus() or self._held is not None:
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(color(colors.accent, 0.28))
                painter.drawEllipse(QPointF(x, y), THUMB + 3.5, THUMB + 3.5)
            painter.setPen(QPen(color(ink), 2))
            painter.setBrush(color(colors.text if colors.dark and live else colors.raised))
            size = THUMB - (1.0 if not self.underMouse() or not live else 0.0)
            painter.drawEllipse(QPointF(x, y), size, size)

    def paint_scale(self, painter: QPainter, y: float) -> None:
        """Paint ticks and the limits below the line."""
        colors = theme()
        painter.setPen(QPen(color(colors.line_strong), 1))
        for tenth in range(11):
            x = THUMB + tenth / 10 * (self.width() - 2 * THUMB)
            painter.drawLine(QPointF(x, y + 10), QPointF(x, y + (14 if tenth % 5 == 0 else 12.5)))
        painter.setPen(color(colors.muted))
        painter.setFont(small(self, 11))
        room = QRectF(2, y + 14, self.width() - 4, 15)
        unit = f" {self.unit}" if self.unit else ""
        low, high = plain(self.minimum), plain(self.maximum) + unit
        wide = painter.fontMetrics().horizontalAdvance
        if wide(low + high) + 10 > room.width():
            high = plain(self.maximum)  # the field has the unit too
        if wide(low + high) + 10 <= room.width():
            painter.drawText(room, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, low)
            painter.drawText(room, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, high)


class Slider(Control):
    """A number between two limits: dragged, stepped, or typed."""

    narrowest = 130
    handle: ClassVar[type[Track]] = Track
    """What is dragged."""

    def __init__(self, setting: Setting, parent: QWidget | None = None) -> None:
        super().__init__(setting, parent)
        self.track = self.handle(self)
        self.field = NumberField(self)
        self.field.setFixedSize(92, reach(self, 30))
        self.row.addWidget(self.track, 1)
        self.row.addWidget(self.field)
        self.setFocusProxy(self.track)
        self.track.dragged.connect(self._drag)
        self.track.keyed.connect(self._step)
        self.track.released.connect(self.let_go)
        self.field.stepped.connect(self._step)
        self.field.entered.connect(self._enter)
        self.show_setting(setting)

    def show_setting(self, setting: Setting) -> None:
        """Show another state of the literal: value, limits, unit, or that a wire sets it."""
        super().show_setting(setting)
        value = setting.value if isinstance(setting.value, int | float) and is_finite(setting.value) else 0.0
        low = setting.minimum if setting.minimum is not None else min(0.0, value)
        high = setting.maximum if setting.maximum is not None else max(1.0, value)
        track = self.track
        track.minimum, track.maximum, track.step = low, max(high, low), setting.step
        track.unit, track.integer, track.value = setting.unit, setting.integer, value
        track.setEnabled(not setting.wired)
        track.setAccessibleName(setting.title)
        track.update()
        self.field.set_limits(low, high, setting.step, setting.unit, setting.integer)
        self.field.setReadOnly(bool(setting.wired))
        self.field.setAccessibleName(setting.title)
        self.field.set_value(setting.value)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the field in line with the track."""
        tall = self.height() >= TALL
        self.row.setAlignment(self.field, Qt.AlignmentFlag.AlignTop if tall else Qt.AlignmentFlag.AlignVCenter)
        self.field.setFixedWidth(round(min(max(self.width() * 0.38, 64), 92)))
        super().resizeEvent(event)

    def _typed(self, value: float) -> Any:
        return round(value) if self.setting.integer else float(value)

    def _drag(self, value: float) -> None:
        self.turn(self._typed(value))
        self.show_setting(self.setting)

    def _step(self, value: float) -> None:
        self.turn_by_key(self._typed(value))
        self.show_setting(self.setting)

    def _enter(self, value: float) -> None:
        self.turn(self._typed(value))
        self.show_setting(self.setting)
        self.let_go()
