"""At the size for fingers all on the panel can still be read: whole texts, words of switches, limits of knobs."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QFontInfo, QFontMetrics
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from flodesk.ui.panel import ControlPanel
from flodesk.ui.panel.controls.knob import Dial, Knob
from flodesk.ui.panel.controls.moment import MomentControl
from flodesk.ui.panel.controls.paragraph import Paragraph
from flodesk.ui.panel.controls.switches import Switch
from flodesk.ui.panel.controls.switches import TextField as OneLine
from flodesk.ui.theme import LIGHT
from flodesk.ui.theme.style import dress

BODY = [
    'when = control.date_time("2026-11-22T14:30:00", zone="Europe/Berlin")',
    'late = control.date_time("2026-11-22T14:30:00", zone="Europe/Berlin")',
    'clock = control.time("14:30:00")',
    "on = control.switch(True)",
    "off = control.switch(False)",
    "gain = control.knob(30.0, minimum=0.0, maximum=100.0)",
    "thin = control.knob(30.0, minimum=0.0, maximum=100.0)",
    'memo = control.paragraph("A memo")',
    'name = control.text("Ada")',
]
VIEWS = [
    "when = [0, 0, 3, 2]",
    "late = [3, 0, 6, 2]",
    "clock = [9, 0, 2, 2]",
    "on = [0, 2, 2, 2]",
    "off = [2, 2, 1, 2]",
    "gain = [3, 2, 3, 4]",
    "thin = [6, 2, 2, 5]",
    "memo = [8, 2, 4, 3]",
    "name = [0, 4, 3, 2]",
]


@pytest.fixture(params=[True, False], ids=["fingers", "mouse"])
def panel(
    open_panel: Callable[[str], ControlPanel], flow_text: Callable[..., str], request: pytest.FixtureRequest
) -> ControlPanel:
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    dress(app, LIGHT)
    made = open_panel(flow_text(BODY, VIEWS))
    made.lock(touch=request.param)
    made.resize(800, 620)
    return made


def shown_whole(control: MomentControl) -> bool:
    field = control.field
    return QFontMetrics(field.font()).horizontalAdvance(field.text()) <= field.width() - 20


@pytest.mark.parametrize("name", ["when", "late", "clock"])
def test_a_date_and_time_is_read_whole_with_its_zone(panel: ControlPanel, qtbot: QtBot, name: str) -> None:
    control = panel.board.cards[f"flow.{name}"].content
    assert isinstance(control, MomentControl)
    qtbot.waitUntil(lambda: shown_whole(control))
    assert control.rect().contains(control.field.geometry())
    if name != "clock":
        assert control.zone.isVisible()
        assert control.zone.sizeHint().width() <= control.zone.width()
        assert control.rect().contains(control.zone.geometry())
        assert not control.zone.geometry().intersects(control.field.geometry())
    if control.button.isVisible():
        assert control.rect().contains(control.button.geometry())
        assert not control.button.geometry().intersects(control.field.geometry())


def test_without_room_for_the_button_a_tap_opens_the_calendar(panel: ControlPanel, qtbot: QtBot) -> None:
    control = panel.board.cards["flow.when"].content
    assert isinstance(control, MomentControl)
    qtbot.waitUntil(lambda: shown_whole(control))
    assert control.button.isHidden()
    qtbot.mouseClick(control.field, Qt.MouseButton.LeftButton)
    assert (control.popup is not None) is bool(panel.property("touch")), "a mouse clicks to type"
    if control.popup is not None:
        control.popup.close()


@pytest.mark.parametrize(("name", "word"), [("on", "On"), ("off", "Off")])
def test_a_switch_has_its_word_and_is_whole(panel: ControlPanel, qtbot: QtBot, name: str, word: str) -> None:
    control = panel.board.cards[f"flow.{name}"].content
    assert isinstance(control, Switch)
    toggle = control.toggle
    qtbot.waitUntil(lambda: toggle.width() <= control.width())
    scale = toggle.scale()
    said, room = toggle.word(scale)
    assert said == word
    assert room.right() * scale <= toggle.width() + 0.5
    assert 41 * scale <= toggle.width()


@pytest.mark.parametrize("name", ["gain", "thin"])
def test_the_limits_of_a_knob_stand_at_the_ends_of_its_scale(panel: ControlPanel, qtbot: QtBot, name: str) -> None:
    control = panel.board.cards[f"flow.{name}"].content
    assert isinstance(control, Knob)
    dial = control.track
    assert isinstance(dial, Dial)
    middle, radius = dial.ring()
    end = middle.y() + radius * 0.7071
    picture, ground = dial.grab().toImage(), dial.grab().toImage().pixelColor(0, dial.height() // 2)
    ink = [
        y
        for y in range(dial.height())
        for x in range(round(middle.x() - radius * 0.9), round(middle.x() - radius * 0.5))
        if y > end + 5 and picture.pixelColor(x, y) != ground
    ]
    assert ink, "the lower limit is painted"
    assert max(ink) <= end + 20
    assert max(ink) < dial.height()
    assert middle.y() - radius >= 2


def test_a_memo_has_letters_as_large_as_a_line_of_text(panel: ControlPanel, qtbot: QtBot) -> None:
    memo, name = panel.board.cards["flow.memo"].content, panel.board.cards["flow.name"].content
    assert isinstance(memo, Paragraph)
    assert isinstance(name, OneLine)
    assert QFontInfo(memo.edit.font()).pixelSize() == QFontInfo(name.edit.font()).pixelSize()
