"""An operator looks back: the same bar of time as in the main window, over a panel that is locked."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from flodesk.ui.looking_back.bar import HistoryBar
from flodesk.ui.operator import Operator, Wishes
from flodesk.ui.panel.touch import FINGER

LEFT = Qt.MouseButton.LeftButton
Open = Callable[..., Operator]


def level(window: Operator) -> float:
    sample = window.panel.board.cards["flow.meter"].seen
    return float(sample.value.value) if sample is not None else -1.0


def running(operator: Operator, qtbot: QtBot) -> HistoryBar:
    """Start the flow and open the bar of time, by clicks."""
    QTest.mouseClick(operator.bar.start, LEFT)
    QTest.mouseClick(operator.bar.history, LEFT)
    bar = operator.station.looking_back.bars[operator.panel]
    assert bar.isVisible()
    qtbot.waitUntil(lambda: bar.moments.span[1] >= 10)
    return bar


def test_keys_of_the_bar_move_the_views_of_a_locked_panel_and_change_no_flow(
    qtbot: QtBot, open_app: Open, oven: Path
) -> None:
    operator = open_app(oven)
    before = operator.station.document.flow
    bar = running(operator, qtbot)
    QTest.keyClick(bar.slider, Qt.Key.Key_Home)
    qtbot.waitUntil(lambda: level(operator) == 2.0 * (bar.moments.turn - 1) and operator.panel.past.on)
    first, last = bar.moments.turn, bar.slider.maximum()
    QTest.keyClick(bar.slider, Qt.Key.Key_Right)
    qtbot.waitUntil(lambda: level(operator) == 2.0 * first)
    qtbot.waitUntil(lambda: bar.slider.maximum() > last + 5)
    assert level(operator) == 2.0 * first, "the run goes on, the views stay"
    QTest.keyClick(bar.slider, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: level(operator) > 2.0 * last)
    QTest.keyClick(bar.slider, Qt.Key.Key_Home)
    qtbot.waitUntil(lambda: operator.panel.past.on)
    QTest.mouseClick(operator.bar.history, LEFT)
    assert not bar.isVisible()
    assert not operator.panel.past.on
    assert operator.station.document.flow is before
    assert operator.panel.views.locked


def test_a_view_of_a_locked_panel_stands_still(qtbot: QtBot, open_app: Open, oven: Path) -> None:
    operator = open_app(oven)
    bar = running(operator, qtbot)
    card = operator.panel.board.cards["flow.meter"]
    QTest.mouseClick(card, LEFT, pos=QPoint(20, 12))
    QTest.keyClick(card, Qt.Key.Key_F)
    assert card.freezing.on
    still, turns = level(operator), bar.moments.span[1]
    qtbot.waitUntil(lambda: bar.moments.span[1] > turns + 10)
    assert level(operator) == still
    QTest.keyClick(card, Qt.Key.Key_F)
    qtbot.waitUntil(lambda: level(operator) > still)


@pytest.mark.parametrize("touch", [True, False])
def test_the_bar_is_as_high_as_fingers_are_where_they_work(
    qtbot: QtBot, open_app: Open, oven: Path, touch: bool
) -> None:
    operator = open_app(oven, wishes=Wishes(touch=touch))
    operator.resize(800, 480)
    bar = running(operator, qtbot)
    hit = (bar.play, bar.speed, bar.slider, bar.turn, bar.live, bar.more)
    qtbot.waitUntil(lambda: all(part.isVisible() for part in hit))
    assert all(part.height() >= FINGER for part in hit) is touch
    assert all(bar.rect().contains(part.geometry()) for part in hit)
    typed = bar.turn.lineEdit()
    assert typed.x() + typed.textMargins().left() >= 6, "its words keep a distance from its border"


def test_who_takes_the_flow_over_has_no_bars_of_the_window_before(qtbot: QtBot, open_app: Open, oven: Path) -> None:
    operator = open_app(oven)
    bar = running(operator, qtbot)
    QTest.keyClick(bar.slider, Qt.Key.Key_Home)
    qtbot.waitUntil(lambda: operator.panel.past.on)
    station = operator.hand_on()
    assert not station.looking_back.bars
    assert station.looking_back.moments.at is None
    qtbot.waitUntil(lambda: not operator.isVisible())
    station.run.stop()
    qtbot.waitUntil(lambda: not station.run.active)
    station.close()
