"""A number in a narrow field is never cut at an end: that would show another number."""

from __future__ import annotations

import re

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from flodesk.ui.panel.controls.number_field import NumberField
from flodesk.ui.panel.figures import parse


def field(qtbot: QtBot, value: float, width: int) -> NumberField:
    made = NumberField()
    qtbot.addWidget(made)
    made.resize(width, 30)
    made.set_limits(-1e9, 1e9, None, "m/s", False)
    made.set_value(value)
    made.show()
    return made


@pytest.mark.parametrize("value", [3e-05, 1.23457e-05, -123456.0, 0.333333])
@pytest.mark.parametrize("width", [64, 92, 160])
def test_what_is_shown_fits_and_is_the_number_rounded(qtbot: QtBot, value: float, width: int) -> None:
    made = field(qtbot, value, width)
    assert made.fontMetrics().horizontalAdvance(made.text()) < width
    shown = parse(made.words, "m/s")
    digits = len(re.sub(r"[^\d]", "", made.text()).strip("0"))
    assert shown == pytest.approx(float(f"{value:.{max(digits, 1)}g}"), rel=1e-9)
    assert made.value == value


def test_the_unit_gives_way_first_and_the_hint_says_all(qtbot: QtBot) -> None:
    wide, narrow = field(qtbot, 3e-05, 160), field(qtbot, 3e-05, 52)
    assert (wide.words, narrow.words) == ("30 µm/s", "30µ")
    assert wide.textMargins().right() > 0 == narrow.textMargins().right()
    assert (wide.toolTip(), narrow.toolTip()) == ("", "30 µm/s")


def test_who_edits_it_sees_all_digits_and_changes_nothing_by_leaving(qtbot: QtBot) -> None:
    made = field(qtbot, 1.23457e-05, 56)
    other = field(qtbot, 1.0, 64)
    entered: list[float] = []
    made.entered.connect(entered.append)
    assert made.words != "12.3457µ"
    made.activateWindow()
    made.setFocus()
    qtbot.waitUntil(made.hasFocus)
    assert made.text() == "12.3457µ"
    other.activateWindow()
    other.setFocus()
    qtbot.waitUntil(other.hasFocus)
    assert made.words != "12.3457µ"
    assert entered == []
    assert made.value == 1.23457e-05


def test_a_number_is_shown_with_the_prefix_of_its_unit_and_read_with_it(qtbot: QtBot) -> None:
    made = NumberField()
    qtbot.addWidget(made)
    made.resize(160, 30)
    made.set_limits(None, None, None, "s", False)
    made.set_value(0.0015)
    assert made.words == "1.5 ms"
    entered: list[float] = []
    made.entered.connect(entered.append)
    made.show()
    made.activateWindow()
    made.setFocus()
    qtbot.waitUntil(made.hasFocus)
    assert made.words == "1.5m s", "who edits it sees the number in the unit itself"
    for typed in ("1.7m", "2.5 ms", "2"):
        made.selectAll()
        qtbot.keyClicks(made, typed)
        qtbot.keyClick(made, Qt.Key.Key_Return)
    assert entered == pytest.approx([0.0017, 0.0025, 2.0])
    made.set_limits(None, None, None, "°C", False)
    made.set_value(0.0015)
    assert made.words == "0.0015 °C"
