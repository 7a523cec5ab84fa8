"""Controls of dates and times of day: a field, and a calendar or the present time at a click."""

from __future__ import annotations

from typing import ClassVar

from PySide6.QtCore import Qt
from PySide6.QtGui import QFont, QFontInfo, QFontMetrics, QResizeEvent
from PySide6.QtWidgets import QLabel, QToolButton, QWidget

from flodesk.flow.model import Symbol
from flodesk.ui.panel.controls.calendar import CalendarPopup
from flodesk.ui.panel.controls.control import Control
from flodesk.ui.panel.controls.moment_field import MomentField
from flodesk.ui.panel.moments import EXAMPLES, WORDS, Kind, Moment, present, read, shown
from flodesk.ui.panel.setting import Setting
from flodesk.ui.panel.touch import on_touch, reach
from flodesk.ui.theme.icons import wear

_HOW: dict[Kind, str] = {
    "date_time": "Up and Down step the part at the cursor, Alt+Down opens the calendar; “now” is taken, too.",
    "date": "Up and Down step the part at the cursor, Alt+Down opens the calendar; “today” is taken, too.",
    "time": "Up and Down step the part at the cursor; “now” is taken, too.",
}

_GAP = 6
_SMALL = 12
"""Pixels of the smallest letters beside a button; without one they may be a pixel smaller."""
_ON_TOUCH = 16
"""Pixels of the letters of a field for fingers, as the style sheet has them."""


class MomentControl(Control):
    """A moment, in the script an ISO text."""

    kind: ClassVar[Kind] = "date_time"
    narrowest = 150

    def __init__(self, setting: Setting, parent: QWidget | None = None) -> None:
        super().__init__(setting, parent)
        self.field = MomentField(self.kind, self._present, self)
        self.field.tapped.connect(self._tap)
        self.button = QToolButton(self)
        self.button.setFixedSize(reach(self, 30), reach(self, 30))
        wear(self.button, "history" if self.kind == "time" else "calendar", "muted")
        self.button.setToolTip("Set it to what the clock shows now" if self.kind == "time" else "Open the calendar")
        self.zone = QLabel(self)
        self.zone.setProperty("role", "muted")
        self.setFocusProxy(self.field)
        self.popup: CalendarPopup | None = None
        self.field.entered.connect(self._take)
        self.field.stepped.connect(self._step)
        self.field.calendar_wanted.connect(self._open)
        self.button.clicked.connect(self._open)
        self.show_setting(setting)

    @property
    def value(self) -> Moment | None:
        """What the script says; None if that is no moment."""
        return read(self.setting.value, self.kind)

    def show_setting(self, setting: Setting) -> None:
        """Show another state; what is being typed is left alone."""
        super().show_setting(setting)
        raw = setting.value.text if isinstance(setting.value, Symbol) else str(setting.value)
        self.field.minimum, self.field.maximum = (read(setting.told.get(name), self.kind) for name in _LIMITS)
        self.field.show_moment(self.value, raw)
        self.field.setReadOnly(bool(setting.wired))
        self.field.setAccessibleName(setting.title)
        self.button.setEnabled(not setting.wired)
        self.button.setAccessibleName(f"{self.button.toolTip()}, for {setting.title}")
        self._lay_out()

    def tip(self) -> str:
        """Return what it sets, its limits, and how it is stepped; or what is wrong with the script."""
        if self.setting.wired:
            return super().tip()
        value = self.value
        if value is None:
            said = self.field.raw or "nothing"
            return f"The script says {said}, which is not {WORDS[self.kind]} such as {EXAMPLES[self.kind]}."
        limits = [f"{word} {shown(one)}" for word, one in zip(("from", "to"), self._limits, strict=True) if one]
        allowed = f"{' '.join(limits).capitalize()}." if limits else ""
        given = self.field.limited(value)
        beyond = f"The script says {shown(value)}; the limits make it {shown(given)}." if given != value else ""
        zone = f"Time zone: {self._zone}." if self._zone else ""
        return "\n".join(filter(None, (super().tip(), allowed, beyond, zone, _HOW[self.kind])))

    @property
    def _limits(self) -> tuple[Moment | None, Moment | None]:
        return self.field.minimum, self.field.maximum

    @property
    def _zone(self) -> str:
        told = self.setting.told.get("zone")
        return told if isinstance(told, str) else ""

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Find room for the whole text, its button and its zone."""
        super().resizeEvent(event)
        self._lay_out()

    def _lay_out(self) -> None:
        """Put the parts where the whole text can be read: in smaller letters, then without the button if need be.

        The zone stands beside the field, or below it, or is told by the tooltip alone.
        """
        wide, aside = self.width(), self.button.width() + _GAP
        text = shown(self.value) if self.value is not None else EXAMPLES[self.kind]
        usual = _ON_TOUCH if on_touch(self) else QFontInfo(self.font()).pixelSize()
        tries = [(size, aside) for size in range(usual, _SMALL - 1, -1)]
        tries += [(size, 0) for size in range(usual, _SMALL - 2, -1)]
        size, taken = next((one for one in tries if self._room(text, one[0]) + one[1] <= wide), (_SMALL - 1, 0))
        self.field.setStyleSheet("" if size == usual else f"font-size: {size}px;")
        self.button.setVisible(taken > 0)
        self.zone.setText(self._zone)
        label, line = self.zone.sizeHint(), min(reach(self, 28), max(self.height(), 20))
        beside = bool(self._zone) and self._room(text, size) + taken + _GAP + label.width() <= wide
        below = bool(self._zone) and not beside and label.width() <= wide and line + 2 + label.height() <= self.height()
        self.zone.setVisible(beside or below)
        top = (self.height() - line - (2 + label.height() if below else 0)) // 2
        field = wide - taken - (label.width() + _GAP if beside else 0)
        self.field.setGeometry(0, top, field, line)
        self.button.move(field + _GAP, top + (line - self.button.height()) // 2)
        x, y = (wide - label.width(), top + (line - label.height()) // 2) if beside else (0, top + line + 2)
        self.zone.setGeometry(x, y, label.width(), label.height())

    def _room(self, text: str, size: int) -> int:
        """Return the width in pixels of a field that shows a text in letters of a size."""
        font = QFont(self.field.font())
        font.setPixelSize(size)
        return QFontMetrics(font).horizontalAdvance(text) + 24

    def _tap(self) -> None:
        """Open the calendar for a finger, where there is no room for its button."""
        if on_touch(self) and self.button.isHidden() and self.kind != "time":
            self._open()

    def _present(self) -> Moment:
        return present(self.kind, self.value, self._zone)

    def _open(self) -> None:
        if self.setting.wired:
            return
        if self.kind == "time":
            self._take(self.field.limited(self._present()))
            return
        popup = self.popup = CalendarPopup(self, self.value or self._present(), self._limits)
        popup.present = self._present
        popup.chosen.connect(self._choose)
        popup.destroyed.connect(self._forget)
        popup.open_below(self.field)

    def _forget(self) -> None:
        self.popup = None
        self.field.setFocus(Qt.FocusReason.PopupFocusReason)

    def _choose(self, value: Moment) -> None:
        limited = self.field.limited(value)
        self._take(limited)
        if limited != value and self.popup is not None:
            self.popup.show_moment(limited)
            self.field.say(f"{shown(value)} was limited to {shown(limited)}.")

    def _take(self, value: Moment) -> None:
        self.turn(value.isoformat())
        self.show_setting(self.setting)
        self.let_go()

    def _step(self, value: Moment) -> None:
        self.turn_by_key(value.isoformat())


_LIMITS = ("minimum", "maximum")


class DateTimeControl(MomentControl):
    """A date with a time of day."""


class DateControl(MomentControl):
    """A date."""

    kind = "date"
    narrowest = 130


class TimeControl(MomentControl):
    """A time of day."""

    kind = "time"
    narrowest = 120
