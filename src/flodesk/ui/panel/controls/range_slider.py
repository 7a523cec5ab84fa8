"""A slider for two numbers that belong together: two handles, what is between them, and a field for each end."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QPointF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QGridLayout, QWidget

from flodesk.flow.model import Symbol
from flodesk.ui.panel.controls.control import Control
from flodesk.ui.panel.controls.number_field import NumberField
from flodesk.ui.panel.controls.slider import TALL, THUMB, Track
from flodesk.ui.panel.figures import plain
from flodesk.ui.panel.paint import color
from flodesk.ui.panel.setting import Setting
from flodesk.ui.theme import theme

Ends = tuple[float, float]
LOW, HIGH, BOTH = 0, 1, 2
_WIDE = 240
"""Width in pixels from which the fields stand left and right of the track."""
_DEEP = 80
"""Height in pixels from which they stand below it where that is not so."""
_HOW = "Drag an end, or what is between them. Tab goes from end to end; Shift and an arrow key move both."


class SpanTrack(Track):
    """The part of a range slider that is dragged: `ends` are those of the flow, `active` is what the keys move."""

    spanned = Signal(object)
    """Both ends, from a drag."""
    stepped = Signal(object)
    """Both ends, from a key or the wheel."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.ends: Ends = (0.0, 1.0)
        self.active = LOW
        self.beyond = (False, False)
        """Whether the script has an end that is beyond the limits."""
        self._held: tuple[int, float, Ends] | None = None
        self._together = False
        """Whether the key that is pressed moves both ends."""

    # -------------------------------------------------------------- hands
    def part_at(self, x: float) -> int:
        """Return what a press at a place takes hold of: an end, or both where it is between them."""
        low, high = (self.x_of(end) for end in self.ends)
        if low + THUMB < x < high - THUMB:
            return BOTH
        if high == low:
            return LOW if x < low else HIGH
        return LOW if abs(x - low) <= abs(x - high) else HIGH

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take hold of an end, or of both; beside the ends bring the nearer one here."""
        if event.button() != Qt.MouseButton.LeftButton:
            event.ignore()
            return
        x = event.position().x()
        part = self.part_at(x)
        if part != BOTH:
            self.active = part
            if abs(x - self.x_of(self.ends[part])) > THUMB:
                self._tell(self.spanned, self._moved(part, self.at(x)))
        self._held = part, x, self.ends
        self.update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Follow the hand; a tenth as fast with Shift held."""
        if self._held is None:
            self._point(event.position().x())
            return
        part, start, ends = self._held
        fine = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        way = (event.position().x() - start) / (10 if fine else 1)
        if part != BOTH and ends[LOW] == ends[HIGH] == self.ends[LOW] == self.ends[HIGH] and way:
            part = self.active = LOW if way < 0 else HIGH  # of one on the other the first that can move
            self._held = part, start, ends
        if part == BOTH:
            low = self.at(self.x_of(ends[LOW]) + way, fine=fine)
            self._tell(self.spanned, self._shifted(ends, low - ends[LOW]))
        else:
            self._tell(self.spanned, self._moved(part, self.at(self.x_of(ends[part]) + way, fine=fine)))

    def _point(self, x: float) -> None:
        between = self.part_at(x) == BOTH and self.isEnabled()
        self.setCursor(Qt.CursorShape.SizeHorCursor if between else Qt.CursorShape.ArrowCursor)

    # -------------------------------------------------------------- keys
    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Step the active end by arrows and page keys, both with Shift; Home and End go as far as can be."""
        low, high = self.ends
        together = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        key = Qt.Key(event.key())
        if key in (Qt.Key.Key_Home, Qt.Key.Key_End):
            home = key == Qt.Key.Key_Home
            if together:
                way = self.minimum - low if home else self.maximum - high
                self._tell(self.stepped, self._shifted(self.ends, way))
            else:
                end = (self.minimum if home else high) if self.active == LOW else (low if home else self.maximum)
                self._tell(self.stepped, self._moved(self.active, end))
            return
        self._together = together
        super().keyPressEvent(event)
        self._together = False

    def step_by(self, steps: float) -> None:
        """Step the active end, or both."""
        if self._together:
            self._tell(self.stepped, self._shifted(self.ends, steps * self.key_step()))
        else:
            value = self.stepped_from(self.ends[self.active], steps)
            self._tell(self.stepped, self._moved(self.active, value))

    def focusNextPrevChild(self, next: bool) -> bool:
        """Go from the lower end to the upper one before the keyboard leaves, and back."""
        if self.active == (LOW if next else HIGH):
            self.activate(HIGH if next else LOW)
            return True
        return super().focusNextPrevChild(next)

    def activate(self, end: int) -> None:
        """Let the keys move an end from now on."""
        self.active = end
        self.name_end()
        self.update()

    def name_end(self) -> None:
        """Tell a reader of the screen which end the keys move."""
        title = self.accessibleName().partition(",")[0]
        self.setAccessibleName(f"{title}, {'lower' if self.active == LOW else 'upper'} end")

    def _moved(self, part: int, value: float) -> Ends:
        """Return the ends with one of them elsewhere, as far as the other one lets it."""
        low, high = self.ends
        return (min(value, high), high) if part == LOW else (low, max(value, low))

    def _shifted(self, ends: Ends, way: float) -> Ends:
        """Return both ends so much further, as far as the limits let them."""
        low, high = ends
        way = min(max(way, self.minimum - low), self.maximum - high)
        return float(f"{low + way:.12g}"), float(f"{high + way:.12g}")  # without 0.30000000000000004

    def _tell(self, signal: Any, ends: Ends) -> None:
        if ends != self.ends:
            signal.emit(ends)

    # -------------------------------------------------------------- looks
    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the line, what is between the ends in the accent, the handles, and the limits if there is room."""
        colors = theme()
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            y, right = self.middle, self.width() - THUMB
            low, high = (self.x_of(end) for end in self.ends)
            live = self.isEnabled()
            ink = colors.accent if live else colors.faint
            painter.setPen(QPen(color(colors.line_strong), 4, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
            painter.drawLine(QPointF(THUMB, y), QPointF(right, y))
            if self.height() >= TALL:
                self.paint_scale(painter, y)
            painter.setPen(QPen(color(ink), 4, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
            painter.drawLine(QPointF(low, y), QPointF(high, y))
            held = self._held[0] if self._held is not None else None
            for end, x in sorted(enumerate((low, high)), key=lambda one: one[0] == self.active):
                if (self.hasFocus() and end == self.active) or held in (end, BOTH):
                    painter.setPen(Qt.PenStyle.NoPen)
                    painter.setBrush(color(colors.accent, 0.28))
                    painter.drawEllipse(QPointF(x, y), THUMB + 3.5, THUMB + 3.5)
                painter.setPen(QPen(color(colors.warning if self.beyond[end] else ink), 2))
                painter.setBrush(color(colors.text if colors.dark and live else colors.raised))
                size = THUMB - (1.0 if not self.underMouse() or not live else 0.0)
                painter.drawEllipse(QPointF(x, y), size, size)


class RangeSlider(Control):
    """Two numbers between limits: dragged, stepped or typed."""

    narrowest = 200

    def __init__(self, setting: Setting, parent: QWidget | None = None) -> None:
        super().__init__(setting, parent)
        self.track = SpanTrack(self)
        self.fields = (NumberField(self), NumberField(self))
        self._grid = QGridLayout()
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(10)
        self._grid.setVerticalSpacing(4)
        self.row.addLayout(self._grid, 1)
        self._lay_out()
        self.setFocusProxy(self.track)
        self.track.setMouseTracking(True)
        self.track.spanned.connect(self._drag)
        self.track.stepped.connect(self._step)
        self.track.released.connect(self.let_go)
        for end, field in enumerate(self.fields):
            field.setFixedHeight(30)
            field.entered.connect(lambda value, end=end: self._enter(end, value))
            field.stepped.connect(lambda value, end=end: self._step(self._with(end, value)))
        self.setTabOrder(self.track, self.fields[LOW])
        self.setTabOrder(self.fields[LOW], self.fields[HIGH])
        self.show_setting(setting)

    @property
    def ends(self) -> Ends:
        """Both ends as the script has them, the lower one first; of what is not two numbers, the limits."""
        written = _numbers(self.setting.value)
        if written is None:
            return self.track.minimum, self.track.maximum
        return min(written), max(written)

    def show_setting(self, setting: Setting) -> None:
        """Show another state of the literal: both ends, limits, unit, or that a wire sets it."""
        super().show_setting(setting)
        written = _numbers(setting.value)
        low = setting.minimum if setting.minimum is not None else min(0.0, *(written or (0.0,)))
        high = setting.maximum if setting.maximum is not None else max(1.0, *(written or (1.0,)))
        track = self.track
        track.minimum, track.maximum, track.step, track.unit = low, max(high, low), setting.step, setting.unit
        track.ends = self._within(self.ends)
        track.beyond = self.ends[LOW] != track.ends[LOW], self.ends[HIGH] != track.ends[HIGH]
        track.setEnabled(not setting.wired)
        track.setAccessibleName(setting.title)
        track.name_end()
        track.update()
        limits = ((low, track.ends[HIGH]), (track.ends[LOW], high))
        for end, field in enumerate(self.fields):
            field.set_limits(*limits[end], setting.step, setting.unit, False)
            field.setReadOnly(bool(setting.wired))
            field.setAccessibleName(f"{setting.title}, {'lower' if end == LOW else 'upper'} end")
            field.set_value(self.ends[end] if written is not None else setting.value)

    def tip(self) -> str:
        """Return what it sets and how, and what the node makes of a script that is beyond the limits."""
        if self.setting.wired:
            return super().tip()
        if _numbers(self.setting.value) is None:
            shown = self.setting.value.text if isinstance(self.setting.value, Symbol) else repr(self.setting.value)
            return f"The script says {shown}, which is not two numbers: drag an end to set them."
        limited = ""
        if any(self.track.beyond):
            said, given = (" to ".join(map(plain, ends)) for ends in (self.ends, self.track.ends))
            limited = f"The script says {said}; the limits make it {given}."
        return "\n".join(filter(None, (super().tip(), limited, _HOW)))

    # -------------------------------------------------------------- room
    def resizeEvent(self, event: QResizeEvent) -> None:
        """Place the fields beside the track, below it, or, where there is no room at all, nowhere."""
        super().resizeEvent(event)
        self._lay_out()

    def _lay_out(self) -> None:
        wide, deep = self.width() >= _WIDE, self.height() >= _DEEP
        grid, (low, high) = self._grid, self.fields
        while grid.count():
            grid.takeAt(0)
        for field in self.fields:
            field.setVisible(wide or deep)
        if wide:
            room = round(min(max(self.width() * 0.24, 56), 92))
            side = Qt.AlignmentFlag.AlignTop if self.height() >= TALL else Qt.AlignmentFlag.AlignVCenter
            grid.addWidget(low, 0, 0, side)
            grid.addWidget(self.track, 0, 1)
            grid.addWidget(high, 0, 2, side)
        else:
            room = min((self.width() - 2 * grid.horizontalSpacing()) // 2, 110)
            grid.addWidget(self.track, 0, 0, 1, 3)
            if deep:
                grid.addWidget(low, 1, 0, Qt.AlignmentFlag.AlignLeft)
                grid.addWidget(high, 1, 2, Qt.AlignmentFlag.AlignRight)
        grid.setColumnStretch(0, 0 if wide else 1)
        grid.setColumnStretch(1, 1 if wide else 0)
        self.track.setMinimumHeight(TALL + 6 if deep and not wide else 20)
        self.track.setMaximumHeight(TALL + 6 if deep and not wide else 1000)
        grid.setRowStretch(2, int(deep and not wide))
        for field in self.fields:
            field.setFixedWidth(max(room, 40))

    # -------------------------------------------------------------- values
    def _within(self, ends: Ends) -> Ends:
        low, high = (min(max(end, self.track.minimum), self.track.maximum) for end in ends)
        return low, high

    def _with(self, end: int, value: float) -> Ends:
        """Return both ends with one of them as it was typed."""
        low, high = self._within(self.ends)
        return (value, high) if end == LOW else (low, value)

    def _drag(self, ends: Ends) -> None:
        self.turn(_typed(ends))
        self.show_setting(self.setting)

    def _step(self, ends: Ends) -> None:
        self.turn_by_key(_typed(ends))
        self.show_setting(self.setting)

    def _enter(self, end: int, value: float) -> None:
        self.turn(_typed(self._with(end, value)))
        self.show_setting(self.setting)
        self.let_go()


def _typed(ends: Ends) -> Ends:
    return float(ends[LOW]), float(ends[HIGH])


def _numbers(value: Any) -> Ends | None:
    """Return a value as two numbers, in the order of the script; None if it is not that."""
    if not isinstance(value, list | tuple) or len(value) != 2:
        return None
    if not all(isinstance(end, int | float) and not isinstance(end, bool) for end in value):
        return None
    return value[0], value[1]
