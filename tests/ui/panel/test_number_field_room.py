"""A number in a narrow field is never cut at an end: that would show another number."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from flodesk.ui.panel.number_field import NumberField


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
    shown = made.text()
    assert made.fontMetrics().horizontalAdvance(shown) < width
    digits = len(shown.partition("e")[0].lstrip("-0.").replace(".", ""))
    assert shown == f"{value:.{max(digits, 1)}g}" or float(shown) == value
    assert made.value == value


def test_the_unit_gives_way_first_and_the_hint_says_all(qtbot: QtBot) -> None:
    wide, narrow = field(qtbot, 3e-05, 160), field(qtbot, 3e-05, 64)
    assert wide.text() == narrow.text() == "3e-05"
    assert wide.textMargins().right() > 0 == narrow.textMargins().right()
    assert (wide.toolTip(), narrow.toolTip()) == ("", "3e-05 m/s")


def test_who_edits_it_sees_all_digits_and_changes_nothing_by_leaving(qtbot: QtBot) -> None:
    made = field(qtbot, 1.23457e-05, 64)
    other = field(qtbot, 1.0, 64)
    entered: list[float] = []
    made.entered.connect(entered.append)
    assert made.text() != "1.23457e-05"
    made.activateWindow()
    made.setFocus()
    qtbot.waitUntil(made.hasFocus)
    assert made.text() == "1.23457e-05"
    other.activateWindow()
    other.setFocus()
    qtbot.waitUntil(other.hasFocus)
    assert made.text() != "1.23457e-05"
    assert entered == []
    assert made.value == 1.23457e-05
