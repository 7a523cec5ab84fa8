"""Run to here, this node alone, from here, and why: by the keys of the Run menu."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from flodesk.engine.client import Host
from flodesk.ui.window import Window

FLOW = """\
import flodesk
from flodesk.nodes import maths, show, source, timing


def flow():
    left = source.constant(2.0)
    for tick in timing.every(0.01):
        total = maths.add(left, tick)
        twice = maths.multiply(total, 2.0)
        meter = show.number(twice)


if __name__ == "__main__":
    flodesk.main(flow)
"""

CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def window(open_window: Callable[..., Window], tmp_path: Path) -> Window:
    window = open_window(Host)
    path = tmp_path / "flow.py"
    path.write_text(FLOW)
    assert window.files.open(path)
    return window


def press(window: Window, key: Qt.Key, node: str) -> None:
    window.canvases.current.select([node])
    window.canvases.current.viewer.setFocus()
    QTest.keyClick(window.canvases.current.viewer.viewport(), key, CTRL)


def ended(qtbot: QtBot, window: Window, act: Callable[[], object]) -> Any:
    with qtbot.waitSignal(window.run.finished, timeout=60_000) as blocker:
        act()
    qtbot.waitUntil(lambda: not window.run.active, timeout=60000)
    return blocker.args[0]


def test_a_node_alone_says_what_is_missing_and_offers_to_run_it(qtbot: QtBot, window: Window) -> None:
    event = ended(qtbot, window, lambda: press(window, Qt.Key.Key_F6, "twice"))
    assert event.reason == "failed"
    qtbot.waitUntil(lambda: "flow.total, which gives it, has not run" in window.bar.text, timeout=60000)
    assert window.run_bar.words() == ("Not run: run to total first", "warning")
    assert window.run.last is None, "nothing has run"
    button = next(b for b in window.bar.findChildren(QPushButton) if b.text() == "Run to flow.total")
    event = ended(qtbot, window, lambda: qtbot.mouseClick(button, Qt.MouseButton.LeftButton))
    assert window.run_bar.words()[0].startswith("Succeeded")
    assert event.reason == "succeeded", event.message
    states = window.run.engine.states()
    assert states["flow.tick"].count == 1
    assert "flow.twice" not in states
    event = ended(qtbot, window, lambda: press(window, Qt.Key.Key_F6, "twice"))
    assert event.reason == "succeeded", event.message
    assert window.run.engine.states()["flow.total"].count == 1, "what ran before keeps its state"


def test_from_here_shows_its_value_and_why_says_what_was_asked(qtbot: QtBot, window: Window) -> None:
    ended(qtbot, window, lambda: press(window, Qt.Key.Key_F5, "twice"))
    event = ended(qtbot, window, lambda: press(window, Qt.Key.Key_F7, "twice"))
    assert event.reason == "succeeded", event.message
    qtbot.waitUntil(lambda: "flow.meter" in window.run.engine.values(), timeout=60000)
    assert window.run.engine.previews()["flow.meter"].value.text.startswith("4")
    window.canvases.current.select(["meter"])
    action = window.commands["run.why"]
    assert action.isEnabled()
    action.trigger()
    said = "flow.meter: it ran because flow.twice with all that hangs on it was asked for"
    qtbot.waitUntil(lambda: window.bar.text == said, timeout=60000)
    window.canvases.current.select([])
    assert not action.isEnabled()


def test_a_part_takes_the_place_of_a_run_that_is_on(qtbot: QtBot, window: Window) -> None:
    window.run.start()
    qtbot.waitUntil(lambda: window.run.phase == "running", timeout=60_000)
    press(window, Qt.Key.Key_F5, "total")
    qtbot.waitUntil(lambda: window.run.last is not None and "+" in window.run.last.run, timeout=60_000)
    assert window.run.last is not None
    assert window.run.last.reason == "succeeded", window.run.last.message
