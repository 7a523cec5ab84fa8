"""Canvas → Order of the run: numbers come, follow each edit, and go; off, there is nothing."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from flodesk.ui.window import Window

TEXT = """\
import flodesk
from flodesk.nodes import maths, show, source, timing


def both(x):
    y = maths.scale(x)
    z = maths.absolute(y)
    return z


def flow():
    x = source.constant()
    for i in timing.count(3):
        a = both(i)
        b = show.number(a)


if __name__ == "__main__":
    flodesk.main(flow)
"""


def numbers(window: Window) -> dict[str, str]:
    return {key: badge.text for key, badge in window.canvases.current.order.items.items()}


def test_numbers_come_follow_and_go(qtbot: QtBot, open_window: Callable[..., Window], tmp_path: Path) -> None:
    window = open_window()
    path = tmp_path / "mine.py"
    path.write_text(TEXT)
    window.files.open(path)
    page = window.canvases.current
    assert numbers(window) == {}
    assert "Runs as number" not in page.viewer.tip(page.board.cards["x"])
    qtbot.waitUntil(window.isActiveWindow, timeout=60_000)
    page.setFocus()
    keys = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    qtbot.keyClick(page.viewer, Qt.Key.Key_O, keys)
    assert numbers(window) == {"x": "1", "i": "↻ 2", "a": "2.1", "b": "2.2"}
    assert "2.1 is in the loop of 2" in window.statusBar().currentMessage()
    assert "Runs as number 2.1 in each turn of the loop of “i”" in page.viewer.tip(page.board.cards["a"])
    assert all(badge.scene() is page.viewer.scene() for badge in page.order.items.values())
    page.add_node("flodesk.nodes.source.constant", page.scene_center())
    assert numbers(window)["constant"] == "2"
    assert numbers(window)["i"] == "↻ 3"
    window.commands.trigger("edit.undo")
    assert numbers(window)["i"] == "↻ 2"
    window.canvases.tabs.open("both")
    assert numbers(window) == {"y": "1", "z": "2", "return": "3"}
    window.canvases.tabs.open("flow")
    window.commands.trigger("arrange.order")
    assert numbers(window) == {}
    assert not window.commands["arrange.order"].isChecked()
    window.commands.trigger("arrange.order")
    other = open_window()
    other.files.open(path)
    assert numbers(other)["i"] == "↻ 2", "it is remembered"
