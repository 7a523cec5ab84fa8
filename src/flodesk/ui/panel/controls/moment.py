"""Controls of dates and times of day: a field, and a calendar or the present time at a click."""

from __future__ import annotations

from typing import ClassVar

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QLabel, QToolButton, QWidget

from flodesk.flow.model import Symbol
from flodesk.ui.panel.controls.calendar import CalendarPopup
from flodesk.ui.panel.controls.control import Control
from flodesk.ui.panel.controls.moment_field import MomentField
from flodesk.ui.panel.moments import EXAMPLES, WORDS, Kind, Moment, present, read, shown
from flodesk.ui.panel.setting import Setting
from flodesk.ui.panel.touch import reach
from flodesk.ui.theme.icons import wear

_HOW: dict[Kind, str] = {
    "date_time": "Up and Down step the part at the cursor, Alt+Down opens the calendar; “now” is taken, too.",
    "date": "Up and Down step the part at the cursor, Alt+Down opens the calendar; “today” is taken, too.",
    "time": "Up and Down step the part at the cursor; “now” is taken, too.",
}


class MomentControl(Control):
    """A moment, in the script an ISO text."""

    kind: ClassVar[Kind] = "date_time"
    narrowest = 150

    def __init__(self, setting: Setting, parent: QWidget | None = None) -> None:
        super().__init__(setting, parent)
        self.field = MomentField(self.kind, self._present, self)
        self.field.setMinimumHeight(reach(self, 28))
        self.button = QToolButton(self)
        self.button.setFixedSize(reach(self, 30), reach(self, 30))
        wear(self.button, "history" if self.kind == "time" else "calendar", "muted")
        self.button.setToolTip("Set it to what the clock shows now" if self.kind == "time" else "Open the calendar")
        self.zone = QLabel(self)
        self.zone.setProperty("role", "muted")
        self.row.setSpacing(6)
        self.row.addWidget(self.field, 1)
        self.row.addWidget(self.button)
        self.row.addWidget(self.zone)
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
        self._show_zone()

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
        """Name the zone where there is room for it."""
        super().resizeEvent(event)
        self._show_zone()

    def _show_zone(self) -> None:
        wide = self.zone.fontMetrics().horizontalAdvance
        room = self.width() - 30 - 2 * 6 - wide(EXAMPLES[self.kind]) - 24
        self.zone.setText(self._zone)
        self.zone.setVisible(bool(self._zone) and wide(self._zone) <= room)

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
