"""Dates and times of day by real events: typed, stepped, chosen in the calendar, limited, and undone."""

from __future__ import annotations

import datetime
from collections.abc import Callable

import pytest
from PySide6.QtCore import QDate, QPoint, QRect, Qt
from PySide6.QtWidgets import QTableView, QWidget
from pytestqt.qtbot import QtBot

from flodesk.engine.client import Sample
from flodesk.engine.values import decode, encode
from flodesk.flow.script import write
from flodesk.ui.panel import ControlPanel
from flodesk.ui.panel.controls.calendar import CalendarPopup, Month
from flodesk.ui.panel.controls.moment import MomentControl
from flodesk.ui.panel.moments import part_at, present, read, stepped, typed

BODY = [
    'start = control.date_time("2026-11-22T14:30:00", minimum="2026-01-01", maximum="2027-12-31T23:59:59")',
    'day = control.date("2026-01-31")',
    'clock = control.time("23:59:30")',
]
VIEWS = ["start = [0, 0, 6, 2]", "day = [6, 0, 4, 2]", "clock = [0, 2, 4, 2]"]
NOW = datetime.datetime(2026, 5, 17, 8, 0, 1)
Opened = Callable[..., ControlPanel]
Key = Qt.Key


@pytest.fixture
def panel(open_panel: Opened, flow_text: Callable[..., str]) -> ControlPanel:
    return open_panel(flow_text(BODY, VIEWS))


def control(panel: ControlPanel, name: str) -> MomentControl:
    found = panel.board.cards[f"flow.{name}"].content
    assert isinstance(found, MomentControl)
    return found


def says(panel: ControlPanel, text: str) -> bool:
    panel.document.settle()
    return text in write(panel.document.flow)


def type_in(qtbot: QtBot, control: MomentControl, text: str) -> None:
    control.field.setFocus()
    control.field.selectAll()
    qtbot.keyClicks(control.field, text)
    qtbot.keyClick(control.field, Key.Key_Return)


def popup_of(qtbot: QtBot, control: MomentControl) -> CalendarPopup:
    qtbot.mouseClick(control.button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: control.popup is not None and control.popup.isVisible())
    assert control.popup is not None
    return control.popup


def click_day(qtbot: QtBot, month: Month, day: int) -> None:
    """Click on a day of the month that is shown, where it is painted."""
    view = month.findChild(QTableView)
    assert view is not None
    model = view.model()
    within = False
    for row in range(1, model.rowCount()):
        for column in range(1, model.columnCount()):
            index = model.index(row, column)
            within = within or model.data(index) == 1
            if within and model.data(index) == day:
                area: QRect = view.visualRect(index)
                qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=area.center())
                return
    raise AssertionError(f"there is no day {day}")


# ---------------------------------------------------------------- text
@pytest.mark.parametrize(
    ("text", "kind", "wanted"),
    [
        ("2026-1-5 6:07", "date_time", datetime.datetime(2026, 1, 5, 6, 7)),
        ("2026-01-05T06:07:08.25", "date_time", datetime.datetime(2026, 1, 5, 6, 7, 8, 250_000)),
        ("5.1.2026", "date_time", datetime.datetime(2026, 1, 5, 14, 30)),
        ("9:15", "date_time", datetime.datetime(2026, 11, 22, 9, 15)),
        ("now", "date_time", NOW),
        ("6:00+02:00", "time", datetime.time(6, tzinfo=datetime.timezone(datetime.timedelta(hours=2)))),
        ("30.2.2026", "date", None),
        ("1/2/2026", "date", None),
        ("25:00", "time", None),
        ("9:15", "date", None),
        ("2026-01-05", "time", None),
        ("", "date_time", None),
        ("2026-01-05 soon", "date", None),
    ],
)
def test_what_is_typed_is_read_or_refused(text: str, kind: str, wanted: object) -> None:
    before = datetime.datetime(2026, 11, 22, 14, 30)
    parts = {"date_time": before, "date": before.date(), "time": before.time()}
    assert typed(text, kind, parts[kind], NOW) == wanted  # type: ignore[arg-type]


def test_what_has_no_offset_keeps_that_of_before() -> None:
    before = read("2026-11-22T14:30:00+01:00", "date_time")
    assert str(typed("2026-11-23 9:00", "date_time", before, NOW)) == "2026-11-23 09:00:00+01:00"
    assert str(typed("2026-11-23 9:00Z", "date_time", before, NOW)) == "2026-11-23 09:00:00+00:00"
    now = present("date_time", before)
    assert isinstance(now, datetime.datetime)
    assert now.utcoffset() == datetime.timedelta(hours=1)
    far = present("date_time", None, "Pacific/Kiritimati")
    assert isinstance(far, datetime.datetime)
    assert far.tzinfo is None
    assert (
        abs(far - (datetime.datetime.now(datetime.UTC).replace(tzinfo=None) + datetime.timedelta(hours=14))).seconds
        < 60
    )


def test_a_step_stays_within_the_calendar() -> None:
    assert stepped(datetime.date(2026, 1, 31), "month", 1) == datetime.date(2026, 2, 28)
    assert stepped(datetime.date(2024, 2, 29), "year", -1) == datetime.date(2023, 2, 28)
    assert stepped(datetime.date(9999, 12, 31), "day", 1) == datetime.date(9999, 12, 31)
    assert stepped(datetime.date(1, 1, 1), "month", -1) == datetime.date(1, 1, 1)
    assert stepped(datetime.datetime(2026, 12, 31, 23, 59), "minute", 1) == datetime.datetime(2027, 1, 1)
    assert stepped(datetime.time(23, 59, 30), "minute", 1) == datetime.time(0, 0, 30)
    assert [part_at("date_time", at)[0] for at in (0, 5, 9, 11, 16, 18, 25)] == [
        "year", "month", "day", "hour", "minute", "second", "second"
    ]  # fmt: skip
    assert part_at("time", 4) == ("minute", 3, 5)


# ---------------------------------------------------------------- by hand
def test_a_moment_is_typed_limited_and_refused_in_words(panel: ControlPanel, qtbot: QtBot) -> None:
    start, before = control(panel, "start"), write(panel.document.flow)
    assert start.field.text() == "2026-11-22 14:30:00"
    type_in(qtbot, start, "23.12.2026 9:05")
    assert says(panel, 'control.date_time("2026-12-23T09:05:00",')
    type_in(qtbot, start, "2030-01-01")
    assert says(panel, 'control.date_time("2027-12-31T23:59:59",')
    assert start.field.notice == "2030-01-01 09:05:00 was limited to 2027-12-31 23:59:59."
    type_in(qtbot, start, "soon")
    assert "“soon” is not a date and time. Type something like" in start.field.notice
    assert says(panel, 'control.date_time("2027-12-31T23:59:59",'), "it stays as it was"
    qtbot.keyClick(start.field, Key.Key_Escape)
    assert start.field.text() == "2027-12-31 23:59:59"
    panel.document.undo()
    panel.document.undo()
    assert write(panel.document.flow) == before
    qtbot.waitUntil(lambda: start.field.text() == "2026-11-22 14:30:00")


def test_keys_step_the_part_at_the_cursor_as_one_undo(panel: ControlPanel, qtbot: QtBot) -> None:
    day, clock = control(panel, "day"), control(panel, "clock")
    day.field.setFocus()
    day.field.setCursorPosition(6)
    qtbot.keyClick(day.field, Key.Key_Up)
    assert says(panel, 'control.date("2026-02-28")')
    assert day.field.selectedText() == "02"
    qtbot.keyClick(day.field, Key.Key_Down)
    assert says(panel, 'control.date("2026-01-28")')
    clock.field.setFocus()
    clock.field.setCursorPosition(3)
    qtbot.keyClick(clock.field, Key.Key_Up)
    assert says(panel, 'control.time("00:00:30")')
    panel.document.undo()
    assert says(panel, 'control.time("23:59:30")')
    panel.document.undo()
    assert says(panel, 'control.date("2026-01-31")')


def test_a_day_is_chosen_in_the_calendar_and_the_time_stays(panel: ControlPanel, qtbot: QtBot) -> None:
    start = control(panel, "start")
    popup = popup_of(qtbot, start)
    assert popup.month.selectedDate() == QDate(2026, 11, 22)
    assert popup.month.minimumDate() == QDate(2026, 1, 1)
    click_day(qtbot, popup.month, 5)
    assert says(panel, 'control.date_time("2026-11-05T14:30:00",')
    assert popup.clock is not None
    popup.clock.setFocus()
    popup.clock.selectAll()
    qtbot.keyClicks(popup.clock, "6:30")
    qtbot.keyClick(popup.clock, Key.Key_Return)
    assert says(panel, 'control.date_time("2026-11-05T06:30:00",')
    qtbot.keyClick(popup, Key.Key_Escape)
    qtbot.waitUntil(lambda: start.popup is None)
    panel.document.undo()
    panel.document.undo()
    assert says(panel, BODY[0])


def test_a_date_is_chosen_by_key_and_the_calendar_closes(panel: ControlPanel, qtbot: QtBot) -> None:
    day = control(panel, "day")
    day.field.setFocus()
    qtbot.keyClick(day.field, Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    assert day.popup is not None
    view = day.popup.month.findChild(QTableView)
    assert isinstance(view, QWidget)
    qtbot.keyClick(view, Key.Key_Left)
    qtbot.keyClick(view, Key.Key_Return)
    assert says(panel, 'control.date("2026-01-30")')
    qtbot.waitUntil(lambda: day.popup is None)


def test_a_view_that_goes_takes_its_calendar_along(panel: ControlPanel, qtbot: QtBot) -> None:
    popup = popup_of(qtbot, control(panel, "day"))
    with qtbot.waitSignal(popup.destroyed):
        panel.views.remove("flow.day")
    assert "flow.day" not in panel.board.cards


def test_the_button_of_a_time_sets_it_to_now(
    panel: ControlPanel, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock, day = control(panel, "clock"), control(panel, "day")
    monkeypatch.setattr(clock, "_present", NOW.time)
    qtbot.mouseClick(clock.button, Qt.MouseButton.LeftButton)
    assert says(panel, 'control.time("08:00:01")')
    popup = popup_of(qtbot, day)
    popup.present = NOW.date
    assert popup.now.text() == "Today"
    qtbot.mouseClick(popup.now, Qt.MouseButton.LeftButton, pos=QPoint(8, 8))
    assert says(panel, 'control.date("2026-05-17")')


def test_what_the_script_says_wrongly_and_the_zone_are_told(
    open_panel: Opened, flow_text: Callable[..., str], qtbot: QtBot
) -> None:
    body = [
        'odd = control.date("22 Nov")',
        'start = control.date_time("2020-01-01", minimum="2026-01-01", zone="Europe/Berlin")',
    ]
    panel = open_panel(flow_text(body, ["odd = [0, 0, 4, 2]", "start = [0, 2, 12, 2]"]))
    odd, start = control(panel, "odd"), control(panel, "start")
    assert odd.field.text() == "22 Nov"
    assert "The script says 22 Nov, which is not a date such as 2026-11-22." in odd.tip()
    assert "The script says 2020-01-01 00:00:00; the limits make it 2026-01-01 00:00:00." in start.tip()
    assert "Time zone: Europe/Berlin." in start.tip()
    assert start.zone.isVisible()
    odd.field.setFocus()
    qtbot.keyClick(odd.field, Key.Key_Up)
    assert odd.value is not None, "a step begins from today"


def test_what_a_wire_sets_is_shown_as_it_came_from_the_engine(
    open_panel: Opened, flow_text: Callable[..., str], qtbot: QtBot
) -> None:
    panel = open_panel(flow_text(["day = str(2026)", "when = control.date_time(day)"], ["when = [0, 0, 6, 2]"]))
    when = control(panel, "when")
    assert when.field.isReadOnly()
    panel.show_values({"flow.when": Sample(1, decode(*encode(datetime.datetime(2026, 1, 2, 3, 4, 5))))})
    assert when.field.text() == "2026-01-02 03:04:05"
    qtbot.mouseClick(when.button, Qt.MouseButton.LeftButton)
    assert when.popup is None
