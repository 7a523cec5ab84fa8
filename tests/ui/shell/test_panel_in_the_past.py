"""The bar of time moves the views of the panel along with the probes, and lets them go again."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

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
# chart = [3, 0, 4, 2]
# last = [7, 0, 3, 2]
# sheet = [10, 0, 2, 2]
# ///
import flodesk
from flodesk.nodes import collect, maths, show, source


def upto(n):
    yield from range(1, n + 1)


def flow():
    rows = collect.Table()
    for k in upto(20):
        size = maths.scale(k, factor=10.0)
        meter = show.number(size, title="Size")
        wave = source.sine(k, frequency=5.0, samples=400, amplitude=size)
        chart = show.line(wave, title="Wave")
        rows.add(k)
        sheet = show.text(size)
    table = rows.result()
    last = show.table(table)


if __name__ == "__main__":
    flodesk.main(flow)
"""


@pytest.fixture
def window_of(open_window: Callable[..., Window], tmp_path: Path, qtbot: QtBot) -> Window:
    path = tmp_path / "past.py"
    path.write_text(TEXT, encoding="utf-8")
    window = open_window()
    window.files.open(path)
    qtbot.waitUntil(lambda: "flow.meter" in window.panel.board.cards)
    return window


def play(window: Window, qtbot: QtBot) -> None:
    with qtbot.waitSignal(window.run.finished, timeout=60_000):
        window.commands.trigger("run.start")


def value(window: Window, name: str) -> Any:
    seen = window.panel.board.cards[f"flow.{name}"].seen
    return None if seen is None else seen.value


def number(window: Window) -> Any:
    return getattr(value(window, "meter"), "value", None)


def go_to(window: Window, turn: int) -> None:
    window.probing.view.bar.slider.setValue(turn)


def probed(window: Window, qtbot: QtBot) -> None:
    window.probing.toggle(["flow.size"])
    play(window, qtbot)
    desk = window.probing.desk
    qtbot.waitUntil(lambda: desk.span == (1, 20), timeout=60000)
    qtbot.waitUntil(lambda: number(window) == 200.0, timeout=60000)


def test_the_panel_shows_the_turn_that_the_probes_show(window_of: Window, qtbot: QtBot) -> None:
    window = window_of
    probed(window, qtbot)
    qtbot.waitUntil(lambda: value(window, "last") is not None, timeout=60000)
    go_to(window, 7)
    qtbot.waitUntil(lambda: number(window) == 70.0, timeout=60000)
    trace = value(window, "chart").traces[0]
    assert float(max(trace.y)) == pytest.approx(70.0, rel=0.05)
    chip = window.panel.bar.past
    assert chip.isVisible()
    assert chip.text().startswith("Turn 7")
    assert window.panel.board.cards["flow.meter"].mark is None
    mark = window.panel.board.cards["flow.last"].mark
    assert mark is not None, "it was made after the loop: nothing of it was there in turn 7"
    assert mark.hint == "not held"
    go_to(window, 3)
    qtbot.waitUntil(lambda: number(window) == 30.0, timeout=60000)
    qtbot.mouseClick(chip, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: number(window) == 200.0, timeout=60000)
    assert not chip.isVisible()
    assert window.panel.board.cards["flow.last"].mark is None
    assert window.probing.view.bar.live.isChecked()


def test_a_new_run_is_shown_live(window_of: Window, qtbot: QtBot) -> None:
    window = window_of
    probed(window, qtbot)
    go_to(window, 7)
    qtbot.waitUntil(lambda: number(window) == 70.0, timeout=60000)
    play(window, qtbot)
    assert not window.panel.past.on
    qtbot.waitUntil(lambda: number(window) == 200.0, timeout=60000)


def test_what_the_panel_shows_is_held_also_while_it_is_hidden(window_of: Window, qtbot: QtBot) -> None:
    window = window_of
    shown = [f"flow.{name}" for name in ("chart", "last", "meter", "sheet")]
    qtbot.waitUntil(lambda: window.run.engine._holding["names"] == shown, timeout=60000)
    assert not window.run.engine._probes
    window.commands.trigger("view.panel")
    assert window.run.engine._holding["names"] == shown
    window.station.looking_back.moments.set_size(0)
    assert window.run.engine._holding["most"] == 0


def test_what_came_while_the_past_was_shown_is_there_afterwards(window_of: Window, qtbot: QtBot) -> None:
    window = window_of
    probed(window, qtbot)
    go_to(window, 7)
    qtbot.waitUntil(lambda: number(window) == 70.0, timeout=60000)
    window.probing.desk.clear()
    qtbot.waitUntil(lambda: number(window) == 200.0, timeout=60000)
    assert not window.panel.past.on
