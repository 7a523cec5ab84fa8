"""A page of an app in a window of its own: the keys of the app, F for one view, and the same moment of the past."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from flodesk.ui.operator import Operator
from flodesk.ui.screens.own_window import OwnWindow

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def operator(open_app: Callable[..., Operator], oven: Path) -> Operator:
    """The app, with its meter on a page beside that of the controls."""
    text = oven.read_text().replace("# meter = [0, 2, 6, 2]", '# meter = { at = [0, 0, 6, 2], page = "Level" }')
    oven.write_text(text)
    return open_app(oven)


@pytest.fixture
def window(operator: Operator, qtbot: QtBot) -> OwnWindow:
    """The page of the meter, put into a window by the menu, with the keyboard."""
    operator.bar.menu.aboutToShow.emit()
    next(a for a in operator.bar.menu.actions() if a.text() == "Open “Level” in a window").trigger()
    window = operator.windows.own["Level"]
    window.activateWindow()
    qtbot.waitExposed(window)
    qtbot.waitUntil(window.isActiveWindow)
    return window


def level(window: OwnWindow) -> float:
    sample = window.panel.board.cards["flow.meter"].seen
    return float(sample.value.value) if sample is not None else -1.0


def press(key: str) -> None:
    """Press a key where the keyboard is."""
    QTest.keySequence(QApplication.focusWidget() or QApplication.activeWindow(), key)


def test_the_keys_of_the_app_are_those_of_the_page(operator: Operator, window: OwnWindow, qtbot: QtBot) -> None:
    press("F5")
    qtbot.waitUntil(lambda: level(window) > 0)
    press("F6")
    qtbot.waitUntil(lambda: operator.run.paused is not None)
    press("Shift+F5")
    qtbot.waitUntil(lambda: not operator.run.active)
    for leave in ("F11", "Esc"):
        press("F11")
        qtbot.waitUntil(window.isFullScreen)
        assert not operator.isFullScreen(), "it is the window with the keyboard that fills the screen"
        press(leave)
        qtbot.waitUntil(lambda: not window.isFullScreen())


def test_f_lets_a_view_of_the_page_stand_still(operator: Operator, window: OwnWindow, qtbot: QtBot) -> None:
    press("F5")
    card = window.panel.board.cards["flow.meter"]
    qtbot.waitUntil(lambda: level(window) > 0)
    QTest.mouseClick(card, LEFT, pos=QPoint(20, 12))
    press("F")
    assert card.freezing.on
    still = level(window)
    moments = operator.station.looking_back.moments
    moments.look()
    turns = moments.span[1]
    qtbot.waitUntil(lambda: moments.look() or moments.span[1] > turns + 10)
    assert level(window) == still
    press("F")
    qtbot.waitUntil(lambda: level(window) > still)


def test_the_page_looks_back_along_with_the_app_and_by_its_own_bar(
    operator: Operator, window: OwnWindow, qtbot: QtBot
) -> None:
    press("F5")
    QTest.mouseClick(operator.bar.history, LEFT)
    bars = operator.station.looking_back.bars
    main, own = bars[operator.panel], bars[window.panel]
    qtbot.waitUntil(lambda: main.moments.span[1] >= 10)
    assert not own.isVisible()
    QTest.keyClick(main.slider, Qt.Key.Key_Home)
    qtbot.waitUntil(lambda: own.isVisible() and level(window) == 2.0 * (main.moments.turn - 1))
    first = main.moments.turn
    own.slider.setFocus()
    press("Right")
    qtbot.waitUntil(lambda: level(window) == 2.0 * first)
    assert main.moments.turn == first + 1
    press("Esc")
    qtbot.waitUntil(lambda: not own.isVisible() and level(window) > 2.0 * (first + 10))
    assert main.isVisible()
