"""A pause on a node that does not return is answered at once, and can be taken back; breakpoints go along."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from flodesk.ui.canvas.rename import NameField
from flodesk.ui.states import busy
from flodesk.ui.window import Window

BUSY = """\
import os
import flodesk
from flodesk.nodes import maths


def flow():
    a = maths.add(1.0, 2.0)
    while not os.path.exists({flag!r}): pass
    b = maths.scale(a, factor=2.0)
    c = maths.scale(b, factor=2.0)


if __name__ == "__main__":
    flodesk.main(flow)
"""


def opened(qtbot: QtBot, window: Window, tmp_path: Path) -> Path:
    flag = tmp_path / "go"
    path = tmp_path / "flow.py"
    path.write_text(BUSY.format(flag=str(flag)))
    assert window.files.open(path)
    qtbot.wait(20)
    window.canvases.current.setFocus()
    return flag


def test_a_pause_says_which_node_it_waits_for_and_can_be_taken_back(
    qtbot: QtBot, window: Window, tmp_path: Path
) -> None:
    flag = opened(qtbot, window, tmp_path)
    bar = window.run_bar
    qtbot.keyClick(window, Qt.Key.Key_F5)
    qtbot.waitUntil(lambda: busy(window.run.engine, window.document.flow) == ["flow.code_1"], timeout=60_000)
    qtbot.waitUntil(lambda: window.run.phase == "running", timeout=60_000)
    qtbot.keyClick(window, Qt.Key.Key_F6)
    assert bar.words()[0].startswith("Pausing: waits for “while not os.path.exists(")
    assert bar.words()[1] == "warning"
    assert bar.status.text().startswith("Pausing: waits for")
    assert bar.pause.toolTip() == "Take the pause back  (F6)"
    qtbot.keyClick(window, Qt.Key.Key_F6)
    assert bar.words()[0].startswith("Running")
    qtbot.keyClick(window, Qt.Key.Key_F6)
    assert bar.words()[0].startswith("Pausing")
    flag.touch()
    qtbot.waitUntil(lambda: window.run.paused is not None, timeout=60_000)
    assert bar.words()[0] == "Held before b"
    qtbot.keyClick(window, Qt.Key.Key_F6)
    qtbot.waitUntil(lambda: not window.run.active, timeout=60_000)
    assert window.run.last is not None
    assert window.run.last.reason == "succeeded"


def test_a_pause_that_was_taken_back_holds_nothing(qtbot: QtBot, window: Window, tmp_path: Path) -> None:
    flag = opened(qtbot, window, tmp_path)
    qtbot.keyClick(window, Qt.Key.Key_F5)
    qtbot.waitUntil(lambda: busy(window.run.engine, window.document.flow) == ["flow.code_1"], timeout=60_000)
    qtbot.waitUntil(lambda: window.run.phase == "running", timeout=60_000)
    qtbot.keyClick(window, Qt.Key.Key_F6)
    qtbot.keyClick(window, Qt.Key.Key_F6)
    flag.touch()
    qtbot.waitUntil(lambda: not window.run.active, timeout=60_000)
    assert window.run.last is not None
    assert window.run.last.reason == "succeeded"


def test_breakpoints_move_into_a_subflow_and_out_of_it(qtbot: QtBot, window: Window, tmp_path: Path) -> None:
    opened(qtbot, window, tmp_path)
    canvas = window.canvases.current
    canvas.select(["b"])
    qtbot.keyClick(window, Qt.Key.Key_F9)
    points = window.debugging.breakpoints
    assert set(points.here()) == {"flow.b"}
    canvas.select(["b", "c"])
    window.editing.make_subflow()
    made = next(name for name in window.document.flow.functions if name != "flow")
    assert set(points.here()) == {f"{made}.b"}
    assert set(points.at) == {f"{made}.b"}, "the engine knows it, too"
    window.editing.undo()
    assert set(points.here()) == {"flow.b"}
    window.editing.redo()
    assert set(points.here()) == {f"{made}.b"}


def test_the_keys_of_a_run_work_while_a_name_is_typed(qtbot: QtBot, window: Window, tmp_path: Path) -> None:
    opened(qtbot, window, tmp_path)
    assert not window.commands["edit.apart"].isEnabled(), "nothing is selected"
    canvas = window.canvases.current
    canvas.select(["b"])
    assert window.commands["edit.apart"].isEnabled()
    qtbot.keyClick(window, Qt.Key.Key_F2)
    field = canvas.viewer.viewport().findChild(NameField)
    assert isinstance(field, NameField)
    qtbot.waitUntil(field.hasFocus, timeout=60_000)
    qtbot.keyClick(field, Qt.Key.Key_F10)
    qtbot.waitUntil(lambda: window.run.paused is not None, timeout=60_000)
    assert window.run.paused is not None
    assert window.run.paused.node == "flow.a"
    qtbot.keyClick(window, Qt.Key.Key_F5, Qt.KeyboardModifier.ShiftModifier)
    qtbot.waitUntil(lambda: not window.run.active, timeout=60_000)
