"""The calendar that opens below a field for dates: a month to choose a day in, the time of day, and what it is now."""

from __future__ import annotations

import datetime
from collections.abc import Callable

from PySide6.QtCore import QDate, QLocale, QPoint, QRect, Qt, Signal
from PySide6.QtGui import QGuiApplication, QPainter, QTextCharFormat
from PySide6.QtWidgets import QCalendarWidget, QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from flodesk.ui.panel.controls.moment_field import MomentField
from flodesk.ui.panel.moments import Moment
from flodesk.ui.panel.paint import color
from flodesk.ui.theme import theme


class Month(QCalendarWidget):
    """A month in the colours of the theme: the chosen day filled, today ringed, weeks numbered as in ISO."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setLocale(QLocale(QLocale.Language.English, QLocale.Country.UnitedKingdom))  # as the rest of the window
        self.setFirstDayOfWeek(Qt.DayOfWeek.Monday)
        self.setGridVisible(False)
        self.setVerticalHeaderFormat(QCalendarWidget.VerticalHeaderFormat.ISOWeekNumbers)
        head = QTextCharFormat()
        head.setForeground(color(theme().muted))
        self.setHeaderTextFormat(head)
        for day in (Qt.DayOfWeek.Saturday, Qt.DayOfWeek.Sunday):  # they would be red
            self.setWeekdayTextFormat(day, head)
        self.setMinimumSize(300, 236)

    def paintCell(self, painter: QPainter, rect: QRect, date: QDate) -> None:
        """Paint a day."""
        day = date
        colors = theme()
        chosen = day == self.selectedDate()
        reached = self.minimumDate() <= day <= self.maximumDate()
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        spot = QRect(0, 0, min(rect.width(), 32), min(rect.height(), 24))
        spot.moveCenter(rect.center())
        painter.setPen(Qt.PenStyle.NoPen)
        if chosen:
            painter.setBrush(color(colors.accent))
            painter.drawRoundedRect(spot, 6, 6)
        elif day == QDate.currentDate():
            painter.setPen(color(colors.accent))
            painter.drawRoundedRect(spot, 6, 6)
        within = day.month() == self.monthShown() and reached
        painter.setPen(color(colors.on_accent if chosen else colors.text if within else colors.faint))
        painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, str(day.day()))
        painter.restore()


class CalendarPopup(QFrame):
    """Lets a hand choose a day, and a time of day where the moment has one."""

    chosen = Signal(object)
    """Another moment."""

    def __init__(self, parent: QWidget, value: Moment, limits: tuple[Moment | None, Moment | None]) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setObjectName("calendar")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.value = value
        self.month = Month(self)
        self.clock: MomentField | None = None
        self.now = QPushButton("Now" if isinstance(value, datetime.datetime) else "Today", self)
        self.present: Callable[[], Moment] = lambda: self.value
        low, high = (_day(one) if one is not None else None for one in limits)
        if low is not None:
            self.month.setMinimumDate(low)
        if high is not None:
            self.month.setMaximumDate(high)
        self.month.setSelectedDate(_day(value))
        self.month.clicked.connect(self._choose)
        self.month.activated.connect(self._choose_and_close)
        self.now.clicked.connect(self._take_now)
        box = QVBoxLayout(self)
        box.setContentsMargins(8, 8, 8, 8)
        box.addWidget(self.month)
        below = QHBoxLayout()
        if isinstance(value, datetime.datetime):
            self.clock = MomentField("time", lambda: _clock(self.present()), self)
            self.clock.setAccessibleName("Time of day")
            self.clock.show_moment(_clock(value), "")
            self.clock.entered.connect(self._take_time)
            self.clock.stepped.connect(self._take_time)
            below.addWidget(self.clock)
        below.addStretch(1)
        below.addWidget(self.now)
        box.addLayout(below)
        self.setFocusProxy(self.month)

    def open_below(self, field: QWidget) -> None:
        """Show it below a field, or above it where the screen ends."""
        self.adjustSize()
        corner = field.mapToGlobal(QPoint(0, field.height() + 4))
        screen = QGuiApplication.screenAt(corner) or self.screen()
        room = screen.availableGeometry()
        if corner.y() + self.height() > room.bottom():
            corner.setY(field.mapToGlobal(QPoint(0, -4)).y() - self.height())
        corner.setX(max(min(corner.x(), room.right() - self.width()), room.left()))
        corner.setY(max(corner.y(), room.top()))
        self.move(corner)
        self.show()
        self.month.setFocus()

    def show_moment(self, value: Moment) -> None:
        """Show what the moment is now."""
        self.value = value
        self.month.setSelectedDate(_day(value))
        if self.clock is not None:
            self.clock.show_moment(_clock(value), "")

    def _choose(self, day: QDate) -> None:
        date = datetime.date(day.year(), day.month(), day.day())
        if isinstance(self.value, datetime.datetime):
            self._take(datetime.datetime.combine(date, self.value.timetz()))
        else:
            self._take(date)
            self.close()

    def _choose_and_close(self, day: QDate) -> None:
        self._choose(day)
        self.close()

    def _take_time(self, time: datetime.time) -> None:
        if isinstance(self.value, datetime.datetime):
            self._take(datetime.datetime.combine(self.value.date(), time))

    def _take_now(self) -> None:
        self._take(self.present())
        self.close()

    def _take(self, value: Moment) -> None:
        if value != self.value:
            self.value = value
            self.chosen.emit(value)


def _day(moment: Moment) -> QDate:
    assert isinstance(moment, datetime.date)
    return QDate(moment.year, moment.month, moment.day)


def _clock(moment: Moment) -> datetime.time:
    assert isinstance(moment, datetime.datetime)
    return moment.timetz()
