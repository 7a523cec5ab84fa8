"""Pause, steps and breakpoints by keys and mouse: where the run is held is seen, with its values."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtWidgets import QApplication, QDialog, QPlainTextEdit
from pytestqt.qtbot import QtBot

from flodesk.engine.client import Host, Look
from flodesk.flow.script import read
from flodesk.ui.debug.condition import ConditionDialog, known_at, wrong
from flodesk.ui.window import Window

CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier

LIVE = """\
import flodesk
from flodesk.nodes import maths, show, timing


def flow():
    gain = maths.scale(1.0, factor=2.0)
    for k in timing.every(0.005):
        a = maths.add(k, 1)
        b = maths.multiply(a, gain)
        meter = show.number(b)


if __name__ == "__main__":
    flodesk.main(flow)
"""


def open_text(qtbot: QtBot, window: Window, tmp_path: Path, script: str = LIVE) -> None:
    path = tmp_path / "flow.py"
    path.write_text(script)
    assert window.files.open(path)
    qtbot.wait(20)
    window.canvases.current.setFocus()


def key(qtbot: QtBot, window: Window, which: Qt.Key, modifiers: Qt.KeyboardModifier | None = None) -> None:
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow, timeout=60_000)
    qtbot.keyClick(window, which, modifiers or Qt.KeyboardModifier.NoModifier)


def held(window: Window) -> tuple[str, int]:
    paused = window.run.paused
    return (paused.node.partition(".")[2], paused.iteration) if paused is not None else ("", 0)


def until_held(qtbot: QtBot, window: Window, *wanted: tuple[str, int]) -> None:
    qtbot.waitUntil(lambda: held(window) in wanted if wanted else held(window) != ("", 0), timeout=60_000)


def values(window: Window) -> dict[str, str]:
    table = window.held.table
    rows = [table.topLevelItem(n) for n in range(table.topLevelItemCount())]
    return {row.text(0): row.text(1) for row in rows if row is not None}


def stop(qtbot: QtBot, window: Window) -> None:
    key(qtbot, window, Qt.Key.Key_F5, SHIFT)
    qtbot.waitUntil(lambda: not window.run.active, timeout=60_000)


def test_pause_and_continue_by_key_and_button(qtbot: QtBot, window: Window, tmp_path: Path) -> None:
    open_text(qtbot, window, tmp_path)
    bar = window.run_bar
    assert bar.pause.isHidden()
    assert not window.commands["run.pause"].isEnabled()
    key(qtbot, window, Qt.Key.Key_F5)
    qtbot.waitUntil(lambda: window.run.phase == "running", timeout=60_000)
    assert bar.pause.isVisible()
    assert not any(step.isVisible() for step in bar.steps)
    key(qtbot, window, Qt.Key.Key_F6)
    until_held(qtbot, window)
    assert bar.words()[0].startswith("Held before ")
    assert bar.pause.toolTip() == "Let the run go on  (F6)"
    assert all(step.isVisible() and step.isEnabled() for step in bar.steps)
    assert window.held.isVisible()
    qtbot.mouseClick(bar.pause, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: window.run.paused is None, timeout=60_000)
    assert bar.words()[0].startswith("Running")
    assert bar.pause.toolTip() == "Pause the run between two nodes  (F6)"
    assert not window.held.isVisible()
    qtbot.mouseClick(bar.pause, Qt.MouseButton.LeftButton)
    until_held(qtbot, window)
    stop(qtbot, window)
    assert window.run.paused is None
    assert not window.held.isVisible()
    assert bar.pause.isHidden()


def test_a_breakpoint_by_key_holds_and_its_values_are_shown(qtbot: QtBot, window: Window, tmp_path: Path) -> None:
    open_text(qtbot, window, tmp_path)
    canvas = window.canvases.current
    qtbot.mouseClick(canvas.viewport(), Qt.MouseButton.LeftButton, pos=canvas.node_center("b"))
    key(qtbot, window, Qt.Key.Key_F9)
    assert canvas.board.cards["b"].breakpoint == ""
    key(qtbot, window, Qt.Key.Key_F5)
    until_held(qtbot, window, ("b", 1))
    qtbot.waitUntil(lambda: values(window) == {"gain": "2", "k": "0", "a": "1"}, timeout=60_000)
    assert window.held.title.text() == "Held before b"
    assert window.held.why.text() == "Iteration 1 · breakpoint"
    assert canvas.board.cards["b"].held
    qtbot.waitUntil(lambda: canvas.board.cards["b"].live.state == "paused", timeout=60_000)
    key(qtbot, window, Qt.Key.Key_F10)
    until_held(qtbot, window, ("meter", 1))
    assert canvas.board.cards["meter"].held
    assert not canvas.board.cards["b"].held
    key(qtbot, window, Qt.Key.Key_F8)
    until_held(qtbot, window, ("k", 2))
    key(qtbot, window, Qt.Key.Key_F11)
    until_held(qtbot, window, ("a", 2))
    key(qtbot, window, Qt.Key.Key_F6)
    until_held(qtbot, window, ("b", 2))
    qtbot.waitUntil(lambda: values(window).get("a") == "2", timeout=60_000)
    key(qtbot, window, Qt.Key.Key_F9)  # it is still selected: the breakpoint goes
    assert canvas.board.cards["b"].breakpoint is None
    key(qtbot, window, Qt.Key.Key_F6)
    qtbot.waitUntil(lambda: canvas.board.cards["k"].live.count > 10, timeout=60_000)
    stop(qtbot, window)


def menu_entry(canvas: object, at: QPoint, title: str) -> None:
    viewer = canvas.viewer  # type: ignore[attr-defined]
    event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, at, viewer.viewport().mapToGlobal(at))
    QApplication.sendEvent(viewer.viewport(), event)
    menu = canvas.context.menu  # type: ignore[attr-defined]
    next(a for a in menu.actions() if a.text().partition("\t")[0] == title).trigger()
    menu.close()


def test_a_condition_says_that_the_nodes_own_value_is_of_the_turn_before(
    qtbot: QtBot, window: Window, tmp_path: Path
) -> None:
    open_text(qtbot, window, tmp_path)
    canvas = window.canvases.current
    qtbot.mouseClick(canvas.viewport(), Qt.MouseButton.LeftButton, pos=canvas.node_center("b"))
    key(qtbot, window, Qt.Key.Key_F9, SHIFT)
    dialog = window.findChild(ConditionDialog)
    assert dialog is not None
    qtbot.waitUntil(dialog.isVisible, timeout=60_000)
    qtbot.keyClicks(dialog.line, "a > 6")
    assert not dialog.remark.isVisible()
    qtbot.keyClicks(dialog.line, " and b > 6")
    assert dialog.ok.isEnabled()
    assert "“b” is still that of the turn before" in dialog.remark.text()
    assert dialog.remark.isVisible()
    qtbot.keyClick(dialog.line, Qt.Key.Key_Escape)


def test_a_condition_on_a_wire_by_the_menu(qtbot: QtBot, window: Window, tmp_path: Path) -> None:
    open_text(qtbot, window, tmp_path)
    canvas = window.canvases.current
    ends = next(ends for ends in canvas.board.wires if ends[0][0] == "b")
    menu_entry(canvas, canvas.wire_position(*ends), "Condition of the breakpoint…")
    dialog = window.findChild(ConditionDialog)
    assert dialog is not None
    qtbot.waitUntil(dialog.isVisible)
    qtbot.keyClicks(dialog.line, "b >")
    assert not dialog.ok.isEnabled()
    assert dialog.problem.text().startswith("This is no condition")
    qtbot.keyClicks(dialog.line, " gian")
    assert not dialog.ok.isEnabled()
    assert dialog.problem.text() == "There is no “gian” at this place. Did you mean “gain”?"
    for _ in "gian":
        qtbot.keyClick(dialog.line, Qt.Key.Key_Backspace)
    qtbot.keyClicks(dialog.line, "6")
    assert dialog.ok.isEnabled()
    qtbot.keyClick(dialog.line, Qt.Key.Key_Return)
    wire = canvas.board.wires[ends]
    assert wire.breakpoint == "b > 6"
    key(qtbot, window, Qt.Key.Key_F5)
    until_held(qtbot, window, ("b", 4))
    assert wire.held
    assert window.held.title.text() == "Held after b"
    assert "the value of this wire was made (b > 6)" in window.held.why.text()
    assert window.run_bar.words()[0] == "Held after b  ·  iteration 4"
    qtbot.waitUntil(lambda: values(window).get("b") == "8", timeout=60_000)
    menu_entry(canvas, canvas.wire_position(*ends), "Remove the breakpoint")
    assert wire.breakpoint is None
    stop(qtbot, window)


def test_a_step_begins_a_run_that_is_held(qtbot: QtBot, window: Window, tmp_path: Path) -> None:
    open_text(qtbot, window, tmp_path)
    key(qtbot, window, Qt.Key.Key_F10)
    until_held(qtbot, window, ("gain", 0))
    assert window.run_bar.words()[0] == "Held before gain"
    key(qtbot, window, Qt.Key.Key_F10)
    until_held(qtbot, window, ("k", 1))
    # an edit while it is held acts on the next call
    window.run.engine.set_parameter("flow.gain", "factor", "5.0")
    key(qtbot, window, Qt.Key.Key_F8)
    until_held(qtbot, window, ("k", 2))
    qtbot.waitUntil(lambda: values(window).get("b") == "5", timeout=60_000)
    stop(qtbot, window)


def test_one_value_in_full(qtbot: QtBot, window: Window, tmp_path: Path) -> None:
    open_text(qtbot, window, tmp_path, LIVE.replace("    gain =", "    words = list('abc')\n    gain ="))
    key(qtbot, window, Qt.Key.Key_F10)
    until_held(qtbot, window)
    key(qtbot, window, Qt.Key.Key_F10)
    qtbot.waitUntil(lambda: "words" in values(window), timeout=60_000)
    table = window.held.table
    row = table.topLevelItem(0)
    assert row is not None
    qtbot.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=table.visualItemRect(row).center())
    table.setFocus()
    qtbot.keyClick(table, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: window.findChild(QDialog, "value") is not None, timeout=60_000)
    dialog = window.findChild(QDialog, "value")
    assert dialog is not None
    page = dialog.findChild(QPlainTextEdit)
    assert page is not None
    assert page.toPlainText() == "['a', 'b', 'c']"
    dialog.close()
    stop(qtbot, window)


def test_values_of_the_turn_before_are_marked(qtbot: QtBot, window: Window, tmp_path: Path) -> None:
    open_text(qtbot, window, tmp_path)
    window.debugging.breakpoints.put("flow.b", "iteration == 2")
    key(qtbot, window, Qt.Key.Key_F5)
    until_held(qtbot, window, ("b", 2))
    qtbot.waitUntil(lambda: "b" in values(window), timeout=60_000)
    seen = values(window)
    assert seen["b"].endswith("(of before)"), "it has not been computed in this turn"
    assert not seen["k"].endswith("(of before)")
    key(qtbot, window, Qt.Key.Key_F10)
    qtbot.waitUntil(lambda: not values(window)["b"].endswith("(of before)"), timeout=60_000)
    stop(qtbot, window)


def test_breakpoints_follow_a_rename_and_its_undo_and_sleep_while_their_node_is_away(
    qtbot: QtBot, window: Window, tmp_path: Path
) -> None:
    open_text(qtbot, window, tmp_path)
    canvas, points = window.canvases.current, window.debugging.breakpoints
    canvas.select(["b"])
    key(qtbot, window, Qt.Key.Key_F9)
    points.put("flow.b -> meter.value", "b > 2")
    assert window.inspector.sheet is not None
    window.inspector.sheet.renamed.emit("big")
    assert dict(points.here()) == {"flow.big": "", "flow.big -> meter.value": "big > 2"}
    assert points.for_engine()["flow.b"] == "", "a run that is on still has the old name"
    assert canvas.board.cards["big"].breakpoint == ""
    key(qtbot, window, Qt.Key.Key_Z, CTRL)
    assert dict(points.here()) == {"flow.b": "", "flow.b -> meter.value": "b > 2"}
    canvas.select(["b"])
    key(qtbot, window, Qt.Key.Key_Delete)
    assert dict(points.here()) == {}
    key(qtbot, window, Qt.Key.Key_Z, CTRL)
    assert set(points.here()) == {"flow.b", "flow.b -> meter.value"}
    window.files.new()
    assert not points.any


def test_of_an_object_its_calls_are_held(qtbot: QtBot, window: Window, tmp_path: Path) -> None:
    script = LIVE.replace("        a = maths", "        c = smooth(k)\n        a = maths").replace(
        "    gain =", "    smooth = Twice()\n    gain ="
    )
    script = script.replace(
        "def flow", "class Twice:\n    def __call__(self, x: float) -> float:\n        return 2 * x\n\n\ndef flow"
    )
    open_text(qtbot, window, tmp_path, script)
    window.canvases.current.select(["smooth"])
    key(qtbot, window, Qt.Key.Key_F9)
    assert list(window.debugging.breakpoints.for_engine()) == ["flow.c"]
    key(qtbot, window, Qt.Key.Key_F5)
    until_held(qtbot, window, ("c", 1))
    assert window.canvases.current.board.cards["smooth"].held
    stop(qtbot, window)


def test_without_a_selection_it_is_said_what_to_do(qtbot: QtBot, window: Window, tmp_path: Path) -> None:
    open_text(qtbot, window, tmp_path)
    key(qtbot, window, Qt.Key.Key_F9)
    assert "Select a node or a wire first" in window.statusBar().currentMessage()
    key(qtbot, window, Qt.Key.Key_F9, SHIFT)
    assert "Select one node or one wire" in window.statusBar().currentMessage()


def test_the_canvas_goes_where_the_run_is_held(qtbot: QtBot, window: Window, tmp_path: Path) -> None:
    open_text(qtbot, window, tmp_path)
    canvas = window.canvases.current
    canvas.zoom_to(1.0)
    canvas.viewer.center_on(canvas.board.cards["b"].box().center() + canvas.viewer.visible_rect().bottomRight() * 50)
    assert not canvas.viewer.visible_rect().intersects(canvas.board.cards["gain"].box())
    key(qtbot, window, Qt.Key.Key_F10)
    until_held(qtbot, window, ("gain", 0))
    assert canvas.viewer.visible_rect().contains(canvas.board.cards["gain"].box())
    stop(qtbot, window)


@pytest.mark.parametrize("held_first", [False, True])
def test_the_engine_starts_anew_and_the_editor_stays(
    qtbot: QtBot, open_window: Callable[..., Window], tmp_path: Path, held_first: bool
) -> None:
    window = open_window(lambda: Host(warm=()))
    open_text(qtbot, window, tmp_path)
    if held_first:
        window.canvases.current.select(["b"])
        key(qtbot, window, Qt.Key.Key_F9)
    key(qtbot, window, Qt.Key.Key_F5)
    qtbot.waitUntil(lambda: window.run.phase == "running", timeout=60_000)
    if held_first:
        until_held(qtbot, window, ("b", 1))
    engine = window.run.engine
    assert isinstance(engine, Host)
    pid = engine.pid
    key(qtbot, window, Qt.Key.Key_F5, CTRL | SHIFT)
    qtbot.waitUntil(lambda: not window.run.active and engine.pid not in (0, pid), timeout=60_000)
    assert window.run.last is not None
    assert window.run.last.reason == "stopped"
    key(qtbot, window, Qt.Key.Key_F5)
    if held_first:
        until_held(qtbot, window, ("b", 1))
    else:
        qtbot.waitUntil(lambda: window.canvases.current.board.cards["k"].live.count > 2, timeout=60_000)
    stop(qtbot, window)


def test_what_is_no_condition() -> None:
    assert wrong("") == wrong("a > 3 and b") == ""
    assert wrong("a >") != ""
    assert wrong("a = 3") != ""
    assert wrong("\0") != ""
    assert wrong("x > 3 and len(y) > 0", {"x", "y"}) == ""
    assert wrong("any(v > 3 for v in x)", {"x"}) == ""
    assert wrong("open > 3", {"x"}) == "There is no “open” at this place."


def test_the_names_that_a_condition_can_read() -> None:
    known = known_at(read(LIVE), "flow")
    assert known is not None
    assert {"iteration", "gain", "k", "a", "maths", "flow"} <= known
    assert "open" not in known
    assert known_at(read(LIVE), "of_another_file") is None
    assert known_at(read("from math import *\n" + LIVE), "flow") is None
    assert Look().error == ""


SUBFLOW = """\
import flodesk
from flodesk.nodes import maths


def twice(x):
    low = maths.add(x, x)
    high = maths.add(low, 0)
    return high


def flow():
    a = maths.add(1, 2)
    b = twice(a)
    c = maths.add(b, 1)


if __name__ == "__main__":
    flodesk.main(flow)
"""


def test_a_step_into_a_subflow_opens_its_canvas_and_out_comes_back(
    qtbot: QtBot, window: Window, tmp_path: Path
) -> None:
    open_text(qtbot, window, tmp_path, SUBFLOW)
    key(qtbot, window, Qt.Key.Key_F10)
    until_held(qtbot, window, ("a", 0))
    key(qtbot, window, Qt.Key.Key_F10)
    until_held(qtbot, window, ("b", 0))
    assert not window.commands["run.step_out"].isEnabled()
    key(qtbot, window, Qt.Key.Key_F11)
    until_held(qtbot, window, ("low", 0))
    assert window.canvases.function == "twice"
    assert window.canvases.current.board.cards["low"].held
    assert window.held.title.text() == "Held before low in twice"
    table = window.held.table
    qtbot.waitUntil(lambda: table.topLevelItemCount() == 2, timeout=60_000)
    first, second = table.topLevelItem(0), table.topLevelItem(1)
    assert first is not None
    assert second is not None
    assert (first.text(0), second.text(0)) == ("in twice", "in flow")
    inner = first.child(0)
    assert inner is not None
    assert (inner.text(0), inner.text(1)) == ("x", "3")
    key(qtbot, window, Qt.Key.Key_F11, SHIFT)
    until_held(qtbot, window, ("c", 0))
    assert window.canvases.function == "flow"
    stop(qtbot, window)
