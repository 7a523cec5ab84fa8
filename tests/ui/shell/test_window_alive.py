"""The whole window by mouse and keyboard: a flow runs, is tuned, changed, undone, saved."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QContextMenuEvent, QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot

from flodesk.engine.client import Host, InProcess
from flodesk.engine.places.anywhere import Anywhere
from flodesk.flow.script import write
from flodesk.ui.commands import Palette
from flodesk.ui.inspector.editors import LineEditor
from flodesk.ui.quickadd import QuickAdd
from flodesk.ui.window import Window

CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier

SMALL = '''\
"""Two numbers."""
import flodesk
from flodesk.nodes import maths, show, source


def flow():
    left = source.constant(2.0)
    total = maths.add(left, left)
    meter = show.number(total)


if __name__ == "__main__":
    flodesk.main(flow)
'''


def text(window: Window) -> str:
    return write(window.document.flow)


def open_text(window: Window, tmp_path: Path, script: str) -> Path:
    path = tmp_path / "flow.py"
    path.write_text(script)
    assert window.files.open(path)
    return path


def wait_idle(qtbot: QtBot, window: Window) -> None:
    qtbot.waitUntil(lambda: not window.run.active, timeout=60_000)


@pytest.mark.parametrize("engine", ["InProcess", "Host"])
def test_the_example_runs_and_the_slider_acts(qtbot: QtBot, open_window: Callable[..., Window], engine: str) -> None:
    window = open_window(Host) if engine == "Host" else open_window()
    window.files.open_example()
    qtbot.mouseClick(window.run_bar.start, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: window.run.phase == "running", timeout=60_000)
    chart = window.panel.board.cards["flow.chart"]
    qtbot.waitUntil(lambda: window.display.shown > 20, timeout=60_000)
    assert chart.isVisible()
    qtbot.waitUntil(lambda: "iterations" in window.run_bar.status.text(), timeout=60_000)

    # while it runs, a node in the loop changes at its next call: the level after the filter follows the cut-off
    def level() -> float:
        sample = window.run.engine.values().get("flow.meter")
        return float(sample.value.value) if sample is not None else 0.0

    qtbot.waitUntil(lambda: 0.6 < level() < 0.8, timeout=60_000)
    window.canvases.current.select(["cutoff"])
    assert window.inspector.sheet is not None
    editor = window.inspector.sheet.rows["value"].editor
    assert isinstance(editor, LineEditor)
    editor.line.setFocus()
    editor.line.selectAll()
    qtbot.keyClicks(editor.line, "2")
    qtbot.keyClick(editor.line, Qt.Key.Key_Return)
    assert "control.slider(2.0" in text(window)
    qtbot.waitUntil(lambda: 0.0 < level() < 0.3, timeout=60_000)

    # undo goes the same way
    window.canvases.current.setFocus()
    qtbot.keyClick(window, Qt.Key.Key_Z, CTRL)
    assert "control.slider(20.0" in text(window)
    qtbot.waitUntil(lambda: 0.6 < level() < 0.8, timeout=60_000)
    qtbot.keyClick(window, Qt.Key.Key_F5, SHIFT)
    wait_idle(qtbot, window)
    assert window.run.last is not None
    assert window.run.last.reason == "stopped"
    assert "Stopped" in window.run_bar.status.text()
    assert not window.run_bar.stop.isEnabled()
    assert not window.bar.isVisible()


def test_a_flow_without_loops_succeeds_and_follows_a_parameter(qtbot: QtBot, window: Window, tmp_path: Path) -> None:
    open_text(window, tmp_path, SMALL)
    qtbot.wait(20)
    window.panel.views.add("flow.meter")
    qtbot.wait(20)
    window.canvases.current.setFocus()
    qtbot.keyClick(window, Qt.Key.Key_F5)
    wait_idle(qtbot, window)
    assert window.run.last is not None
    assert window.run.last.reason == "succeeded"
    assert "Succeeded" in window.run_bar.status.text()

    def shown() -> float:
        sample = window.run.engine.values().get("flow.meter")
        return float(getattr(sample.value, "value", 0.0)) if sample is not None else 0.0  # no number: only in brief

    qtbot.waitUntil(lambda: shown() == 4.0, timeout=60_000)
    window.canvases.current.select(["left"])
    assert window.inspector.sheet is not None
    editor = window.inspector.sheet.rows["value"].editor
    assert isinstance(editor, LineEditor)
    editor.line.setFocus()
    qtbot.keyClick(editor.line, Qt.Key.Key_Up)
    qtbot.waitUntil(lambda: shown() > 4.0, timeout=60_000)


def test_a_node_from_the_library_by_double_click_and_undo_by_keys(qtbot: QtBot, window: Window, tmp_path: Path) -> None:
    open_text(window, tmp_path, SMALL)
    before = text(window)
    qtbot.keyClicks(window.library.search, "rms")
    qtbot.wait(120)
    row = window.library.model.index(0, 0)
    place = window.library.tree.visualRect(row).center()
    qtbot.mouseClick(window.library.tree.viewport(), Qt.MouseButton.LeftButton, pos=place)
    qtbot.mouseDClick(window.library.tree.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert "dsp.rms(" in text(window)
    assert window.editing.selection == ["rms"]
    assert window.inspector.sheet is not None
    assert window.windowTitle()
    assert window.isWindowModified()
    after = text(window)
    assert window.commands["edit.undo"].text() == f"Undo “{window.document.undo_title}”"
    window.canvases.current.setFocus()
    for key, modifier, expected in (
        (Qt.Key.Key_Z, CTRL, before),
        (Qt.Key.Key_Y, CTRL, after),
        (Qt.Key.Key_Z, CTRL, before),
        (Qt.Key.Key_Z, CTRL | SHIFT, after),
        (Qt.Key.Key_Z, CTRL, before),
    ):
        qtbot.keyClick(window, key, modifier)
        assert text(window) == expected
    assert not window.isWindowModified()
    assert not window.commands["edit.undo"].isEnabled()


def test_a_row_of_the_library_dropped_on_the_canvas(window: Window, tmp_path: Path) -> None:
    open_text(window, tmp_path, SMALL)
    shelf = window.library.model.index(0, 0)
    data = window.library.model.mimeData([window.library.model.index(0, 0, shelf)])
    view = window.canvases.current.viewport()
    at, copy = QPoint(60, 60), Qt.DropAction.CopyAction
    left, none = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    QApplication.sendEvent(view, QDragEnterEvent(at, copy, data, left, none))
    QApplication.sendEvent(view, QDropEvent(QPointF(at), copy, data, left, none))
    assert len(window.document.flow.functions["flow"].body.statements) == 4
    assert len(window.editing.selection) == 1


def test_the_inspector_edits_renames_resets_and_refuses(qtbot: QtBot, window: Window, tmp_path: Path) -> None:
    open_text(window, tmp_path, SMALL)
    window.canvases.current.select(["meter"])
    sheet = window.inspector.sheet
    assert sheet is not None
    unit = sheet.rows["unit"].editor
    assert isinstance(unit, LineEditor)
    unit.line.setFocus()
    qtbot.keyClicks(unit.line, "V")
    qtbot.keyClick(unit.line, Qt.Key.Key_Return)
    assert "show.number(total, unit='V')" in text(window).replace('"', "'")
    assert sheet.rows["unit"].reset.isVisible()
    qtbot.mouseClick(sheet.rows["unit"].reset, Qt.MouseButton.LeftButton)
    assert "show.number(total)" in text(window)

    digits = sheet.rows["digits"].editor
    assert isinstance(digits, LineEditor)
    before = text(window)
    digits.line.setFocus()
    digits.line.selectAll()
    qtbot.keyClicks(digits.line, "many")
    qtbot.keyClick(digits.line, Qt.Key.Key_Return)
    assert text(window) == before
    assert "no number" in sheet.rows["digits"].error.text()

    sheet.name.setFocus()
    sheet.name.selectAll()
    qtbot.keyClicks(sheet.name, "total")
    qtbot.keyClick(sheet.name, Qt.Key.Key_Return)
    assert text(window) == before
    assert "total" in sheet.name_error.text()
    sheet.name.selectAll()
    qtbot.keyClicks(sheet.name, "display")
    qtbot.keyClick(sheet.name, Qt.Key.Key_Return)
    assert "display = show.number(total)" in text(window)
    assert window.editing.selection == ["display"]
    window.inspector.settle()
    assert window.inspector.ids == ["display"]

    sheet = window.inspector.sheet
    assert sheet is not None
    sheet.note.setFocus()
    qtbot.keyClicks(sheet.note, "what comes out")
    qtbot.keyClick(sheet.note, Qt.Key.Key_Return)
    assert "# what comes out" in text(window)


def test_a_code_node_is_edited_as_text(qtbot: QtBot, window: Window, tmp_path: Path) -> None:
    open_text(window, tmp_path, SMALL.replace("    total = maths.add(left, left)\n", "    total = left ** 2 + 1\n"))
    code = next(n.id for n in window.canvases.current.board.graph.nodes.values() if n.kind == "code")
    window.canvases.current.select([code])
    sheet = window.inspector.sheet
    assert sheet is not None
    assert sheet.code is not None
    sheet.code.box.setPlainText("total = left ** 3")
    qtbot.mouseClick(sheet.code.apply, Qt.MouseButton.LeftButton)
    assert "    total = left ** 3\n" in text(window)
    window.commands.trigger("edit.undo")
    assert "    total = left ** 2 + 1\n" in text(window)


def test_a_flow_with_problems_does_not_start_and_says_why(qtbot: QtBot, window: Window, tmp_path: Path) -> None:
    open_text(window, tmp_path, SMALL.replace("maths.add(left, left)", "maths.addd(left, left)"))
    assert window.checking.errors
    assert "error" in window.reports.problem_count.text()
    window.commands.trigger("run.start")
    assert not window.run.active
    assert "cannot run" in window.bar.text
    window.commands.trigger("run.check")
    assert window.docks.problems.is_open
    rows = window.problems.list
    qtbot.mouseClick(rows.viewport(), Qt.MouseButton.LeftButton, pos=rows.visualItemRect(rows.item(0)).center())
    assert window.editing.selection == ["total"]


def test_a_node_that_fails_is_named_with_its_line(qtbot: QtBot, window: Window, tmp_path: Path) -> None:
    script = SMALL.replace("def flow", "def bad(x: float) -> float:\n    return 1 / (x - x)\n\n\ndef flow")
    script = script.replace("maths.add(left, left)", "bad(left)")
    open_text(window, tmp_path, script)
    window.commands.trigger("run.start")
    wait_idle(qtbot, window)
    qtbot.waitUntil(lambda: window.bar.isVisible(), timeout=60_000)
    assert "flow.total failed: ZeroDivisionError" in window.bar.text
    assert "line 7" in window.bar.text
    assert "Failed" in window.run_bar.status.text()
    show = next(b for b in window.bar.buttons if b.text() == "Show")
    qtbot.mouseClick(show, Qt.MouseButton.LeftButton)
    assert window.editing.selection == ["total"]
    details = next(b for b in window.bar.buttons if b.text() == "Details")
    qtbot.mouseClick(details, Qt.MouseButton.LeftButton)
    assert window.docks.log.is_open
    assert "return 1 / (x - x)" in window.log.page.toPlainText()


def test_editing_while_it_runs(qtbot: QtBot, window: Window, tmp_path: Path) -> None:
    """A structural edit reaches the running engine; one with errors leaves the old plan running and says so."""
    window.files.open_example()
    window.commands.trigger("run.start")
    qtbot.waitUntil(lambda: window.run.iterations > 3 or window.display.shown > 5, timeout=60_000)
    window.canvases.current.select(["hiss"])
    window.commands.trigger("edit.delete")
    assert "hiss" not in text(window)
    qtbot.wait(600)
    assert window.run.active
    states = window.run.engine.states()
    assert "flow.noisy" in states
    window.canvases.current.select(["signal", "hum"])
    window.commands.trigger("edit.delete")
    qtbot.waitUntil(lambda: "as it was" in window.run_bar.status.text(), timeout=60_000)
    assert "goes on with the flow as it was" in window.run_bar.status.toolTip()
    assert "goes on with the flow as it was" in window.statusBar().currentMessage()
    assert not window.bar.isVisible(), "no banner while a hand is at work"
    assert window.run.active
    window.commands.trigger("edit.undo")
    qtbot.waitUntil(lambda: window.run_bar.status.text().startswith("Running  "), timeout=60_000)
    assert window.statusBar().currentMessage() == ""
    assert window.run.active
    window.commands.trigger("run.stop")
    wait_idle(qtbot, window)


def test_opening_another_file_stops_the_run(qtbot: QtBot, window: Window, tmp_path: Path) -> None:
    window.files.open_example()
    window.commands.trigger("run.start")
    qtbot.waitUntil(lambda: window.run.phase == "running", timeout=60_000)
    open_text(window, tmp_path, SMALL)
    wait_idle(qtbot, window)
    assert set(window.canvases.current.board.graph.nodes) == {"left", "total", "meter"}
    assert window.panel.board.cards == {}


def test_quick_add_by_keys(qtbot: QtBot, window: Window, tmp_path: Path) -> None:
    open_text(window, tmp_path, SMALL)
    window.commands.trigger("edit.add")
    popup = QApplication.activePopupWidget()
    assert isinstance(popup, QuickAdd)
    qtbot.keyClicks(popup.field, "rms")
    assert popup.list.model().rowCount() > 0
    qtbot.keyClick(popup.field, Qt.Key.Key_Return)
    assert "dsp.rms(" in text(window)
    window.commands.trigger("edit.add")
    popup = QApplication.activePopupWidget()
    assert isinstance(popup, QuickAdd)
    qtbot.keyClick(popup.field, Qt.Key.Key_Escape)
    assert QApplication.activePopupWidget() is None


def test_copy_paste_and_duplicate(window: Window, tmp_path: Path) -> None:
    open_text(window, tmp_path, SMALL)
    window.canvases.current.select(["left", "total"])
    window.commands.trigger("edit.copy")
    assert "maths.add" in QApplication.clipboard().text()
    window.commands.trigger("edit.paste")
    assert text(window).count("maths.add(") == 2
    window.commands.trigger("edit.undo")
    window.canvases.current.select(["total"])
    window.commands.trigger("edit.duplicate")
    assert text(window).count("maths.add(") == 2


def test_the_palette_does_commands(qtbot: QtBot, window: Window) -> None:
    window.commands.trigger("view.palette")
    popup = QApplication.activePopupWidget()
    assert isinstance(popup, Palette)
    qtbot.keyClicks(popup.field, "library")
    qtbot.keyClick(popup.field, Qt.Key.Key_Return)
    assert not window.docks.library.is_open
    assert QApplication.activePopupWidget() is None


def test_two_functions_have_two_canvases(window: Window, tmp_path: Path) -> None:
    second = "def other():\n    five = source.constant(5.0)\n\n\nif __name__"
    script = SMALL.replace("if __name__", second).replace("main(flow)", "main(flow, other)")
    open_text(window, tmp_path, script)
    assert window.canvases.tabs.isVisible()
    assert [window.canvases.tabs.tabText(i) for i in range(2)] == ["flow", "other"]
    window.show_node("other.five")
    assert window.canvases.function == "other"
    assert window.editing.selection == ["five"]
    window.inspector.settle()
    assert window.inspector.function == "other"
    window.files.new()
    assert not window.canvases.tabs.isVisible()


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (
            "import time\n\n    time.sleep(600)",
            "killed",
        ),
        ("import ctypes\n\n    ctypes.string_at(0)", "crashed"),
        ("import os\n\n    os._exit(3)", "crashed"),
    ],
    ids=["never returns", "segmentation fault", "exits"],
)
def test_the_editor_outlives_the_engine(
    qtbot: QtBot, open_window: Callable[..., Window], tmp_path: Path, body: str, reason: str
) -> None:
    window = open_window(Host)
    script = SMALL.replace("def flow", f"def spin(x: float) -> float:\n    {body}\n    return x\n\n\ndef flow")
    script = script.replace("maths.add(left, left)", "spin(left)").replace("total", "turning")
    path = open_text(window, tmp_path, script)
    window.commands.trigger("run.start")
    qtbot.waitUntil(lambda: window.run.phase != "starting", timeout=60_000)
    if reason == "killed":
        states = window.run.engine.states
        qtbot.waitUntil(
            lambda: "flow.turning" in states() and states()["flow.turning"].state == "running", timeout=60_000
        )
        window.canvases.current.select(["left"])  # the window still takes what a hand does
        assert window.inspector.sheet is not None
        window.commands.trigger("run.stop")
    wait_idle(qtbot, window)
    assert window.run.last is not None
    assert window.run.last.reason == reason
    qtbot.waitUntil(lambda: "turning" in window.bar.text, timeout=60_000)
    card = window.canvases.current.board.cards["turning"]
    qtbot.waitUntil(lambda: bool(card.card.trouble), timeout=60_000)
    assert card.live.failure == window.run.last.message[:1].upper() + window.run.last.message[1:], "it raised nothing"

    below = "Ended by force" if reason == "killed" else "The run failed"
    assert window.reports.problem_count.text() == below, "a hand has stopped it: it has not failed"
    how = "was ended by force" if reason == "killed" else "failed"
    assert f"The last run {how} at " in window.problems.failed.text()

    # it goes on with another flow
    path.write_text(SMALL)
    window.document.new()
    assert window.files.open(path)
    window.commands.trigger("run.start")
    qtbot.waitUntil(lambda: window.run.phase == "running" or not window.run.active, timeout=60_000)
    wait_idle(qtbot, window)
    assert window.run.last.reason == "succeeded"


def test_a_flood_of_output_leaves_the_window_alive(
    qtbot: QtBot, open_window: Callable[..., Window], tmp_path: Path
) -> None:
    window = open_window(Host)
    body = "for i in range(100_000):\n        print('line', i)\n    return x"
    script = SMALL.replace("def flow", f"def noisy(x: float) -> float:\n    {body}\n\n\ndef flow")
    open_text(window, tmp_path, script.replace("maths.add(left, left)", "noisy(left)"))
    window.commands.trigger("run.start")
    turns = 0
    until = time.monotonic() + 60
    while window.run.active and time.monotonic() < until:
        qtbot.wait(5)  # the window's own turn comes in between
        turns += 1
    assert turns > 5
    assert window.run.last is not None
    assert window.run.last.reason == "succeeded"
    assert 0 < len(window.log.lines) <= 5000
    assert "line" in window.log.page.toPlainText()


def test_a_redis_server_that_does_not_answer_is_said(
    qtbot: QtBot, open_window: Callable[..., Window], tmp_path: Path
) -> None:
    window = open_window(lambda: Anywhere(InProcess(), "redis://127.0.0.1:1/0"))
    open_text(window, tmp_path, SMALL)
    window.run_bar.place.setCurrentIndex(1)
    window.commands.trigger("run.start")
    wait_idle(qtbot, window)
    assert window.bar.isVisible()
    assert "127.0.0.1:1" in window.bar.text
    assert "Failed" in window.run_bar.status.text()
    window.run_bar.place.setCurrentIndex(0)
    window.commands.trigger("run.start")
    wait_idle(qtbot, window)
    assert "Succeeded" in window.run_bar.status.text()


def test_another_flow_shows_nothing_of_the_one_before(qtbot: QtBot, window: Window, tmp_path: Path) -> None:
    window.files.open_example()
    window.commands.trigger("run.start")
    qtbot.waitUntil(lambda: window.display.shown > 10, timeout=60_000)
    window.commands.trigger("run.stop")
    wait_idle(qtbot, window)
    card = window.panel.board.cards["flow.chart"]
    assert "flow.chart" in window.run.engine.values()
    window.files.open_example()
    qtbot.wait(700)
    assert window.panel.board.cards["flow.chart"] is not card
    assert window.run.engine.values() == {}
    assert window.run.engine.states() == {}
    assert window.run_bar.status.text() == "Not run yet"
    assert window.canvases.current.board.cards["signal"].live.state == "idle"


def test_the_flow_stays_fitted_when_the_canvas_gets_smaller(qtbot: QtBot, window: Window) -> None:
    window.files.open_example()
    qtbot.wait(50)
    before = window.canvases.current.zoom()
    window.commands.trigger("view.log")
    qtbot.waitUntil(lambda: window.canvases.current.zoom() < before, timeout=60_000)
    window.commands.trigger("view.actual")
    window.commands.trigger("view.problems")
    qtbot.wait(50)
    assert window.canvases.current.zoom() == 1.0


def test_a_control_is_shown_on_the_panel_from_its_card(qtbot: QtBot, window: Window, tmp_path: Path) -> None:
    open_text(window, tmp_path, SMALL)
    qtbot.wait(20)
    canvas = window.canvases.current
    window.commands.trigger("view.panel")
    assert not window.docks.panel.shown

    def show(node: str) -> None:
        at = canvas.node_center(node)
        spot = canvas.viewport().mapToGlobal(at)
        QApplication.sendEvent(canvas.viewport(), QContextMenuEvent(QContextMenuEvent.Reason.Mouse, at, spot))
        menu = canvas.context.menu
        assert menu is not None
        qtbot.waitExposed(menu)
        below = next(a.menu() for a in menu.actions() if a.text() == "Show on the panel")
        assert isinstance(below, QMenu)
        below.actions()[0].trigger()
        menu.close()
        QApplication.processEvents()

    before = text(window)
    show("meter")
    qtbot.waitUntil(lambda: "flow.meter" in window.panel.board.cards)
    assert window.docks.panel.shown
    assert window.document.steps == 1
    window.commands.trigger("edit.undo")
    assert text(window) == before
