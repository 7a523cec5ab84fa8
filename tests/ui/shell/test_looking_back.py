"""The bar of time of the panel: all views at one turn of a run that is on, held or over, by mouse, keys and numbers."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from flodesk.ui.looking_back.bar import HistoryBar
from flodesk.ui.panel.frozen import freeze_all
from flodesk.ui.window import Window

TEXT = """\
# /// script
# requires-python = ">=3.11"
# dependencies = ["flodesk"]
#
# [tool.flodesk]
# version = 1
#
# [tool.flodesk.panel.flow]
# meter = [0, 0, 3, 2]
# chart = [3, 0, 6, 3]
# note = [9, 0, 3, 2]
# ///
import threading

import flodesk
from flodesk.nodes import maths, show, source

GATE = threading.Event()


def upto(n):
    yield from range(1, n + 1)
    if {goes_on}:
        k = n
        while True:
            k += 1
            GATE.wait(0.005)
            yield k


def flow():
    for k in upto(40):
        size = maths.scale(k, factor=10.0)
        meter = show.number(size, title="Size")
        wave = source.sine(k, frequency=5.0, samples=400, amplitude=size)
        chart = show.line(wave, title="Wave")
        note = show.text(k)


if __name__ == "__main__":
    flodesk.main(flow)
"""


@pytest.fixture
def opened(open_window: Callable[..., Window], tmp_path: Path, qtbot: QtBot) -> Callable[..., Window]:
    def make(*, goes_on: bool = False) -> Window:
        path = tmp_path / "past.py"
        path.write_text(TEXT.replace("{goes_on}", str(goes_on)), encoding="utf-8")
        window = open_window()
        assert window.files.open(path)
        wanted = {"flow.meter", "flow.chart", "flow.note"}  # they come one after the other
        qtbot.waitUntil(lambda: wanted <= window.panel.board.cards.keys())
        return window

    return make


def shown(window: Window) -> tuple[Any, float, Any]:
    """What the three views show: a number, the height of the wave, a text."""
    values = [window.panel.board.cards[f"flow.{name}"].seen for name in ("meter", "chart", "note")]
    meter, chart, note = (sample.value if sample is not None else None for sample in values)
    return (
        getattr(meter, "value", None),
        float(max(chart.traces[0].y)) if chart is not None else 0.0,
        getattr(note, "text", None),
    )


def at(window: Window, turn: int) -> bool:
    size, height, text = shown(window)
    return size == 10.0 * turn and abs(height - 10.0 * turn) < 0.5 * turn and text == str(turn)


def ended(window: Window, qtbot: QtBot) -> HistoryBar:
    with qtbot.waitSignal(window.run.finished, timeout=60_000):
        window.commands.trigger("run.start")
    return bar_of(window, qtbot)


def bar_of(window: Window, qtbot: QtBot) -> HistoryBar:
    qtbot.mouseClick(window.panel.bar.history, Qt.MouseButton.LeftButton)
    bar = window.station.looking_back.bars[window.panel]
    assert bar.isVisible()
    qtbot.waitUntil(lambda: window.station.looking_back.moments.span[1] >= 40)
    return bar


def test_all_views_go_to_the_turn_of_the_slider_by_keys_mouse_and_number(
    opened: Callable[..., Window], qtbot: QtBot
) -> None:
    window = opened()
    bar = ended(window, qtbot)
    qtbot.waitUntil(lambda: at(window, 40))
    assert (bar.slider.minimum(), bar.slider.maximum(), bar.slider.value()) == (1, 40, 40)
    assert bar.live.isChecked()
    for key, turn in (
        (Qt.Key.Key_Left, 39),
        (Qt.Key.Key_Left, 38),
        (Qt.Key.Key_Home, 1),
        (Qt.Key.Key_Right, 2),
        (Qt.Key.Key_End, 40),
        (Qt.Key.Key_Left, 39),
    ):
        QTest.keyClick(bar.slider, key)
        qtbot.waitUntil(lambda turn=turn: at(window, turn))
        assert window.station.looking_back.moments.turn == turn
    bar.turn.setFocus()
    bar.turn.selectAll()
    QTest.keyClicks(bar.turn, "17")
    QTest.keyClick(bar.turn, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: at(window, 17))
    assert bar.slider.value() == 17
    assert window.panel.bar.past.text().startswith("Turn 17")
    qtbot.waitUntil(lambda: " s into the run" in bar.words.text())
    middle = bar.slider.rect().center()
    groove = QPoint(bar.slider.width() * 3 // 4, middle.y())
    QTest.mouseClick(bar.slider, Qt.MouseButton.LeftButton, pos=groove)
    qtbot.waitUntil(lambda: at(window, window.station.looking_back.moments.turn))
    assert window.station.looking_back.moments.turn in (30, 31), "three quarters of 40 turns, at once"
    QTest.keyClick(bar.slider, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: at(window, 40))
    assert not window.panel.past.on
    assert bar.live.isChecked()


def test_the_run_goes_on_meanwhile_and_nothing_is_lost(opened: Callable[..., Window], qtbot: QtBot) -> None:
    window = opened(goes_on=True)
    window.commands.trigger("run.start")
    bar = bar_of(window, qtbot)
    QTest.keyClick(bar.slider, Qt.Key.Key_Home)
    qtbot.waitUntil(lambda: at(window, 1))
    last = bar.slider.maximum()
    qtbot.waitUntil(lambda: bar.slider.maximum() >= last + 20)
    assert at(window, 1), "the views stay where they are"
    bar.turn.setValue(last + 10)
    qtbot.waitUntil(lambda: at(window, last + 10))
    window.commands.trigger("run.pause")
    qtbot.waitUntil(lambda: bool(window.run.engine.held))
    assert at(window, last + 10)
    QTest.keyClick(bar.slider, Qt.Key.Key_Left)
    qtbot.waitUntil(lambda: at(window, last + 9))
    qtbot.mouseClick(bar.live, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: shown(window)[0] >= 10.0 * (last + 20))
    with qtbot.waitSignal(window.run.finished, timeout=60_000):
        window.commands.trigger("run.stop")


def test_the_past_is_played_back(opened: Callable[..., Window], qtbot: QtBot) -> None:
    window = opened(goes_on=True)
    window.commands.trigger("run.start")
    bar = bar_of(window, qtbot)
    with qtbot.waitSignal(window.run.finished, timeout=60_000):
        window.commands.trigger("run.stop")
    qtbot.waitUntil(lambda: not window.station.looking_back.moments._asking)
    bar.turn.setValue(5)
    qtbot.waitUntil(lambda: at(window, 5))
    moments = window.station.looking_back.moments
    seen: list[int] = []
    moments.changed.connect(lambda: seen.append(moments.turn))
    named: list[tuple[str, str]] = []
    moments.changed.connect(lambda: named.append((window.panel.bar.past.text(), f"Turn {moments.turn} · back to live")))
    QTest.keyClick(bar.slider, Qt.Key.Key_Space)
    assert moments.player.on
    qtbot.waitUntil(lambda: not moments.player.on)
    assert moments.turn == moments.span[1]
    assert seen == sorted(seen)
    assert [told for told, _ in named] == [turn for _, turn in named], "both bars tell the same turn"
    qtbot.waitUntil(lambda: at(window, moments.span[1]))
    bar.speed.menu().actions()[0].trigger()
    assert bar.speed.text() == "×0.1"
    QTest.mouseClick(bar.play, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: moments.player.on)
    QTest.mouseClick(bar.play, Qt.MouseButton.LeftButton)
    assert not moments.player.on
    assert moments.at is not None, "it stays at its turn"


def test_closing_the_bar_or_a_new_run_shows_the_newest(opened: Callable[..., Window], qtbot: QtBot) -> None:
    window = opened()
    bar = ended(window, qtbot)
    QTest.keyClick(bar.slider, Qt.Key.Key_Home)
    qtbot.waitUntil(lambda: at(window, 1))
    qtbot.mouseClick(window.panel.bar.history, Qt.MouseButton.LeftButton)
    assert not bar.isVisible()
    qtbot.waitUntil(lambda: at(window, 40))
    qtbot.mouseClick(window.panel.bar.history, Qt.MouseButton.LeftButton)
    QTest.keyClick(bar.slider, Qt.Key.Key_Home)
    qtbot.waitUntil(lambda: at(window, 1))
    with qtbot.waitSignal(window.run.finished, timeout=60_000):
        window.commands.trigger("run.start")
    assert not window.panel.past.on
    qtbot.waitUntil(lambda: at(window, 40))


def test_a_frozen_view_stands_still_while_the_others_go_on_and_look_back(
    opened: Callable[..., Window], qtbot: QtBot
) -> None:
    window = opened(goes_on=True)
    window.commands.trigger("run.start")
    bar = bar_of(window, qtbot)
    card = window.panel.board.cards["flow.meter"]
    qtbot.waitUntil(lambda: None not in shown(window))
    QTest.mouseClick(card, Qt.MouseButton.LeftButton, pos=QPoint(20, 12))
    QTest.keyClick(card, Qt.Key.Key_F)
    assert card.freezing.on
    still = shown(window)[0]
    qtbot.waitUntil(lambda: float(shown(window)[2]) > still / 10.0 + 10)
    assert shown(window)[0] == still
    assert "stands still" in card.toolTip()
    QTest.keyClick(bar.slider, Qt.Key.Key_Home)
    qtbot.waitUntil(lambda: shown(window)[2] == "1")
    assert shown(window)[0] == still
    QTest.keyClick(card, Qt.Key.Key_F)
    qtbot.waitUntil(lambda: at(window, 1))
    qtbot.mouseClick(bar.live, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: shown(window)[0] > still)
    freeze_all(window.panel.board, on=True)
    everything = shown(window)
    turns = window.station.looking_back.moments.span[1]
    qtbot.waitUntil(lambda: window.station.looking_back.moments.span[1] > turns + 10)
    assert shown(window) == everything
    freeze_all(window.panel.board, on=False)
    qtbot.waitUntil(lambda: shown(window)[0] > everything[0])
    with qtbot.waitSignal(window.run.finished, timeout=60_000):
        window.commands.trigger("run.stop")


def test_what_is_not_there_is_said(opened: Callable[..., Window], qtbot: QtBot) -> None:
    window = opened()
    qtbot.mouseClick(window.panel.bar.history, Qt.MouseButton.LeftButton)
    bar = window.station.looking_back.bars[window.panel]
    assert "run a flow with a loop" in bar.words.text()
    assert not bar.slider.isEnabled()
    window.station.looking_back.moments.set_size(0)
    qtbot.waitUntil(lambda: "Nothing is held" in bar.words.text())


def test_the_window_to_try_an_app_is_at_the_same_turn(opened: Callable[..., Window], qtbot: QtBot) -> None:
    window = opened(goes_on=True)
    window.commands.trigger("run.start")
    window.as_app.show()
    operator = window.as_app._shown
    assert operator is not None
    qtbot.waitExposed(operator)
    mine = bar_of(window, qtbot)
    back = window.station.looking_back
    other = back.bars[operator.panel]
    assert not other.isVisible()
    QTest.keyClick(mine.slider, Qt.Key.Key_Home)
    qtbot.waitUntil(lambda: at(window, 1) and operator.panel.board.cards["flow.meter"].seen.value.value == 10.0)
    assert other.isVisible(), "the locked panel says nowhere else that it shows the past"
    assert operator.bar.history.isChecked()
    QTest.mouseClick(mine.live, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not operator.panel.past.on and not other.isVisible())
    QTest.mouseClick(window.panel.bar.history, Qt.MouseButton.LeftButton)
    QTest.mouseClick(operator.bar.history, Qt.MouseButton.LeftButton)
    QTest.keyClick(other.slider, Qt.Key.Key_Home)
    qtbot.waitUntil(lambda: at(window, 1))
    operator.close()
    assert list(back.bars) == [window.panel]
    assert not window.panel.past.on, "nobody would see any more which turn it is"
    with qtbot.waitSignal(window.run.finished, timeout=60_000):
        window.commands.trigger("run.stop")
