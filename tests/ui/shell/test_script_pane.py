"""The script beside the picture, by keys and mouse in the window."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QGuiApplication, QHelpEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu, QToolTip
from pytestqt.qtbot import QtBot

from flodesk.flow.script import write
from flodesk.ui.script.editor import MARKS
from flodesk.ui.settings import settings
from flodesk.ui.theme import DARK, LIGHT, current
from flodesk.ui.theme.looks import Looks
from flodesk.ui.window import Window

TEXT = """\
# /// script
# requires-python = ">=3.11"
# dependencies = ["flodesk"]
#
# [tool.flodesk]
# version = 1
#
# [tool.flodesk.canvas.flow]
# cutoff = [0, 0]
# twice = [240, 0]
# ///
import flodesk
from flodesk.nodes import control, maths


def flow():
    cutoff = control.slider(20.0)
    twice = maths.scale(cutoff, factor=2.0)
    high = maths.greater(twice, 5.0)
    if high:
        low = maths.scale(twice, factor=0.5)


def other():
    part = maths.scale(3.0, factor=4.0)


if __name__ == "__main__":
    flodesk.main(flow, other)
"""
LOOP = """\
import flodesk
from flodesk.nodes import maths, show, timing


def flow():
    for tick in timing.every(0.02):
        twice = maths.scale(tick, factor=2.0)
        number = show.number(twice)


if __name__ == "__main__":
    flodesk.main(flow)
"""


@pytest.fixture
def mine(qtbot: QtBot, window: Window, tmp_path: Path) -> Path:
    path = tmp_path / "mine.py"
    path.write_text(TEXT)
    assert window.files.open(path)
    qtbot.wait(10)
    QTest.keyClick(window, Qt.Key.Key_E, CTRL | Qt.KeyboardModifier.ShiftModifier)
    qtbot.waitUntil(window.script.isVisible)
    qtbot.waitUntil(window.script.editor.hasFocus)
    qtbot.wait(20)
    return path


CTRL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier


def text(window: Window) -> str:
    return window.script.editor.raw_text()


def flow_text(window: Window) -> str:
    return write(window.document.flow)


def line_of(window: Window, part: str) -> int:
    lines = text(window).split("\n")
    return next(n for n, line in enumerate(lines) if part in line and not (line[:1] == "#" and part[:1] != "#"))


def put_cursor(window: Window, part: str, behind: bool = True) -> None:
    """Put the cursor behind a part of the text, or before it."""
    editor = window.script.editor
    at = text(window).index(part) + (len(part) if behind else 0)
    cursor = editor.textCursor()
    cursor.setPosition(at)
    editor.setTextCursor(cursor)


def place_of(window: Window, line: int) -> QPoint:
    """Where a line is in the viewport."""
    editor = window.script.editor
    box = next(box for block, box in editor.blocks_seen() if block.blockNumber() == line)
    return box.center().toPoint()


def click_line(window: Window, part: str) -> None:
    editor = window.script.editor
    y = place_of(window, line_of(window, part)).y()
    QTest.mouseClick(editor.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(40, y))


def click_gutter(window: Window, part: str, x: int = MARKS // 2) -> None:
    y = place_of(window, line_of(window, part)).y()
    QTest.mouseClick(window.script.editor.gutter, Qt.MouseButton.LeftButton, pos=QPoint(x, y))


def keys(window: Window, typed: str) -> None:
    QTest.keyClicks(window.script.editor, typed)


def key(window: Window, pressed: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    QTest.keyClick(window.script.editor, pressed, modifiers)


def settled(qtbot: QtBot, window: Window) -> None:
    qtbot.waitUntil(lambda: not window.script.in_step.ahead)


def unread(qtbot: QtBot, window: Window) -> None:
    qtbot.waitUntil(lambda: window.script.in_step.unread is not None)


# ------------------------------------------------------------------ the pane
def test_the_pane_opens_by_its_key_and_is_there_again(
    qtbot: QtBot, open_window: Callable[..., Window], window: Window, mine: Path
) -> None:
    assert window.docks.script.width() >= 250
    assert window.docks.inspector.width() >= 200
    assert text(window) == TEXT
    key(window, Qt.Key.Key_Escape)
    assert window.canvases.current.viewer.hasFocus() or window.canvases.current.hasFocus()
    window.docks.store()
    again = open_window()
    assert again.script.isVisible()
    assert again.docks.script.is_open
    again.commands.trigger("view.script")
    assert not again.script.isVisible()


def test_the_canvas_gets_its_width_back_when_the_pane_is_closed(
    qtbot: QtBot, open_window: Callable[..., Window]
) -> None:
    window = open_window()
    window.docks.reset()
    QApplication.processEvents()
    side, canvas = window.docks.inspector.width(), window.canvases.width()
    window.commands.trigger("view.script")
    qtbot.waitUntil(lambda: window.canvases.width() < canvas - 100, timeout=60000)
    window.commands.trigger("view.script")
    qtbot.waitUntil(lambda: window.canvases.width() > canvas - 10, timeout=60000)
    assert abs(window.docks.inspector.width() - side) < 10


def test_typing_changes_the_canvas_and_undo_goes_through_the_document(qtbot: QtBot, window: Window, mine: Path) -> None:
    put_cursor(window, "factor=2.0")
    keys(window, "5")
    settled(qtbot, window)
    assert flow_text(window) == text(window) == TEXT.replace("factor=2.0", "factor=2.05")
    field = next(f for f in window.canvases.current.board.graph.nodes["twice"].fields if f.name == "factor")
    assert field.text == "2.05"
    assert window.isWindowModified()
    key(window, Qt.Key.Key_Z, CTRL)
    assert flow_text(window) == text(window) == TEXT
    key(window, Qt.Key.Key_Y, CTRL)
    assert flow_text(window) == text(window) == TEXT.replace("factor=2.0", "factor=2.05")
    window.commands.trigger("edit.undo")
    qtbot.waitUntil(lambda: text(window) == TEXT)


def test_a_line_more_is_a_card_more_and_its_wire(qtbot: QtBot, window: Window, mine: Path) -> None:
    put_cursor(window, "twice, 5.0)")
    key(window, Qt.Key.Key_Return)
    keys(window, "more = maths.add(twice, cutoff)")
    settled(qtbot, window)
    graph = window.canvases.current.board.graph
    assert "more" in graph.nodes
    assert {wire.source[0] for wire in graph.wires if wire.target[0] == "more"} == {"twice", "cutoff"}
    assert "    more = maths.add(twice, cutoff)\n" in flow_text(window)


def test_what_is_done_on_the_canvas_stands_in_the_text(qtbot: QtBot, window: Window, mine: Path) -> None:
    window.canvases.current.select(["low"])
    window.canvases.current.setFocus()
    QTest.keyClick(window.canvases.current.viewer, Qt.Key.Key_Delete)
    qtbot.waitUntil(lambda: "low = " not in text(window))
    assert text(window) == flow_text(window)


def test_a_text_that_cannot_be_read_leaves_the_canvas_and_says_so(qtbot: QtBot, window: Window, mine: Path) -> None:
    put_cursor(window, "twice, 5.0)")
    key(window, Qt.Key.Key_Backspace)
    unread(qtbot, window)
    line = line_of(window, "high = ")
    assert flow_text(window) == TEXT
    assert window.script.strip.isVisible()
    assert window.script.strip.words.text().startswith(f"Line {line + 1}: '(' was never closed.")
    assert [s.line for s in window.script.editor.squiggles] == [line]
    qtbot.waitUntil(lambda: line in window.script.editor.marks)
    assert window.script.editor.marks[line].sign == "error"
    qtbot.waitUntil(window.beside.chip.isVisible, timeout=60000)
    assert f"Line {line + 1}" in window.beside.chip.text
    window.script.editor.show_line(0)
    QTest.mouseClick(window.beside.chip, Qt.MouseButton.LeftButton)
    assert window.script.editor.textCursor().blockNumber() == line
    window.canvases.current.select(["low"])  # the canvas goes on meanwhile
    window.canvases.current.setFocus()
    QTest.keyClick(window.canvases.current.viewer, Qt.Key.Key_Delete)
    qtbot.waitUntil(lambda: "low = " not in text(window))
    assert "twice, 5.0\n" in text(window)
    window.script.editor.setFocus()
    put_cursor(window, "twice, 5.0")
    keys(window, ")")
    settled(qtbot, window)
    assert not window.script.strip.isVisible()
    assert not window.beside.chip.isVisible()
    assert window.script.editor.squiggles == ()
    assert flow_text(window) == text(window)


def test_the_text_is_taken_back_by_a_button(qtbot: QtBot, window: Window, mine: Path) -> None:
    put_cursor(window, "twice, 5.0)")
    keys(window, " = =")
    unread(qtbot, window)
    QTest.mouseClick(window.script.strip.take_back, Qt.MouseButton.LeftButton)
    assert text(window) == TEXT
    assert not window.script.strip.isVisible()
    assert window.script.editor.hasFocus()
    key(window, Qt.Key.Key_Z, CTRL)
    assert "5.0) = =" in text(window)
    unread(qtbot, window)
    QTest.mouseClick(window.script.strip.show_line, Qt.MouseButton.LeftButton)
    assert window.script.editor.textCursor().blockNumber() == line_of(window, "high = ")


# ------------------------------------------------------------------ selection
def test_a_click_on_a_line_selects_its_card_and_turns_to_its_function(qtbot: QtBot, window: Window, mine: Path) -> None:
    click_line(window, "twice = maths")
    qtbot.waitUntil(lambda: window.canvases.current.selection() == ["twice"])
    click_line(window, "part = maths")
    qtbot.waitUntil(lambda: window.canvases.function == "other")
    assert window.canvases.current.selection() == ["part"]
    assert window.script.editor.hasFocus()
    click_line(window, "if high")
    qtbot.waitUntil(lambda: window.canvases.function == "flow")
    assert window.canvases.current.selection() == ["if_1"]
    click_line(window, "import flodesk")
    qtbot.waitUntil(lambda: window.canvases.current.selection() == [])


def test_keys_and_a_drag_select_cards(qtbot: QtBot, window: Window, mine: Path) -> None:
    put_cursor(window, "    cutoff", behind=False)
    qtbot.waitUntil(lambda: window.canvases.current.selection() == ["cutoff"])
    key(window, Qt.Key.Key_Down)
    qtbot.waitUntil(lambda: window.canvases.current.selection() == ["twice"])
    key(window, Qt.Key.Key_Down, SHIFT)
    qtbot.waitUntil(lambda: sorted(window.canvases.current.selection()) == ["high", "twice"])


def test_selected_cards_show_in_the_text(qtbot: QtBot, window: Window, mine: Path) -> None:
    window.resize(1300, 500)
    window.script.editor.show_line(0)
    window.canvases.current.setFocus()
    window.canvases.current.select(["low", "twice"])
    wanted = {line_of(window, "low = "), line_of(window, "twice = ")}
    qtbot.waitUntil(lambda: set(window.script.editor.grounds) == wanted)
    seen = [block.blockNumber() for block, _ in window.script.editor.blocks_seen()]
    assert line_of(window, "twice = ") in seen
    window.canvases.tabs.open("other")
    window.canvases.current.select(["part"])
    qtbot.waitUntil(lambda: set(window.script.editor.grounds) == {line_of(window, "part = ")})
    assert line_of(window, "part = ") in [block.blockNumber() for block, _ in window.script.editor.blocks_seen()]


# ------------------------------------------------------------------ the gutter
def test_breakpoints_in_the_gutter_are_those_of_the_cards(qtbot: QtBot, window: Window, mine: Path) -> None:
    click_gutter(window, "twice = ")
    assert dict(window.debugging.breakpoints.here()) == {"flow.twice": ""}
    line = line_of(window, "twice = ")
    qtbot.waitUntil(lambda: window.script.editor.marks.get(line) is not None)
    assert window.script.editor.marks[line].breakpoint == ""
    assert "before this node" in window.script.editor.line_tip(line)
    click_gutter(window, "part = ")
    assert set(window.debugging.breakpoints.here()) == {"flow.twice", "other.part"}
    click_gutter(window, "twice = ")
    assert set(window.debugging.breakpoints.here()) == {"other.part"}
    click_gutter(window, "import flodesk")
    assert "No node stands on this line" in window.statusBar().currentMessage()
    click_line(window, "twice = ")
    key(window, Qt.Key.Key_F9)  # at once: the card of the line is selected first
    assert set(window.debugging.breakpoints.here()) == {"flow.twice", "other.part"}
    window.debugging.breakpoints.put("flow.twice", "x > 3")
    qtbot.waitUntil(lambda: window.script.editor.marks[line].breakpoint == "x > 3")
    assert "x > 3" in window.script.editor.line_tip(line)


def test_a_breakpoint_stays_on_its_line_when_lines_come_above(qtbot: QtBot, window: Window, mine: Path) -> None:
    click_gutter(window, "high = ")
    put_cursor(window, "control.slider(20.0)")
    key(window, Qt.Key.Key_Return)
    keys(window, "extra = maths.scale((cutoff")
    unread(qtbot, window)
    line = line_of(window, "high = ")
    assert line == TEXT[: TEXT.index("    high")].count("\n") + 1
    qtbot.waitUntil(lambda: window.script.editor.marks.get(line) is not None)
    assert window.script.editor.marks[line].breakpoint == ""


def test_a_breakpoint_of_a_wire_stands_where_its_value_is_made(qtbot: QtBot, window: Window, mine: Path) -> None:
    wire = next(w for w in window.canvases.current.board.graph.wires if w.target[0] == "high")
    window.debugging.breakpoints.toggle([f"flow.twice -> high.{wire.target[1]}"])
    line = line_of(window, "twice = ")
    qtbot.waitUntil(lambda: line in window.script.editor.marks)
    assert "the wire twice → high" in window.script.editor.line_tip(line)


def test_a_click_on_the_number_selects_the_line(qtbot: QtBot, window: Window, mine: Path) -> None:
    click_gutter(window, "low = ", x=MARKS + 10)
    assert window.script.editor.textCursor().blockNumber() == line_of(window, "low = ")
    assert window.canvases.current.selection() == ["low"]
    assert not window.debugging.breakpoints.any


def test_where_a_run_is_held_and_where_it_failed_is_seen(qtbot: QtBot, window: Window, mine: Path) -> None:
    broken = "def broken(value: float) -> float:\n    raise ValueError(value)\n\n\ndef flow"
    mine.write_text(TEXT.replace("maths.scale(twice, factor=0.5)", "broken(twice)").replace("def flow", broken))
    qtbot.waitUntil(lambda: "broken(twice)" in text(window), timeout=60000)
    click_gutter(window, "high = ")
    window.script.editor.setFocus()
    key(window, Qt.Key.Key_F5)
    line = line_of(window, "high = ")
    qtbot.waitUntil(lambda: line in window.script.editor.marks and window.script.editor.marks[line].held, timeout=60000)
    assert line in window.script.editor.grounds
    key(window, Qt.Key.Key_F6)
    failed = line_of(window, "low = ")
    qtbot.waitUntil(lambda: window.run.phase == "idle" and failed in window.script.editor.marks, timeout=60000)
    assert window.script.editor.marks[failed].sign == "error"
    assert "Failed: " in window.script.editor.line_tip(failed)
    put_cursor(window, "control.slider(20.0)")
    key(window, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: failed + 1 in window.script.editor.marks)
    assert not window.script.editor.marks[line + 1].held


def test_problems_are_marked_and_told(qtbot: QtBot, window: Window, mine: Path) -> None:
    put_cursor(window, "maths.scale(cutoff")
    keys(window, "x")
    settled(qtbot, window)
    line = line_of(window, "twice = ")
    marks = window.script.editor.marks
    qtbot.waitUntil(lambda: line in window.script.editor.marks, timeout=60000)
    assert marks is not window.script.editor.marks
    assert window.script.editor.marks[line].sign == "error"
    assert "cutoffx" in window.script.editor.marks[line].words
    gutter = window.script.editor.gutter
    at = QPoint(MARKS + 4, place_of(window, line).y())
    QApplication.sendEvent(gutter, QHelpEvent(QEvent.Type.ToolTip, at, gutter.mapToGlobal(at)))
    assert "cutoffx" in QToolTip.text()
    QToolTip.hideText()


# ------------------------------------------------------------------ the header
def test_the_header_is_folded_and_the_cursor_goes_over_it(qtbot: QtBot, window: Window, mine: Path) -> None:
    editor = window.script.editor
    assert editor.fold.on
    shown = [block.blockNumber() for block, _ in editor.blocks_seen()]
    assert shown[:3] == [0, 11, 12]
    editor.show_line(0)
    key(window, Qt.Key.Key_Down)
    assert editor.textCursor().blockNumber() == 11
    key(window, Qt.Key.Key_Up)
    assert editor.textCursor().blockNumber() == 0
    key(window, Qt.Key.Key_End)
    key(window, Qt.Key.Key_Right)
    assert editor.textCursor().blockNumber() == 11
    key(window, Qt.Key.Key_Left)
    assert editor.textCursor().blockNumber() == 0
    click_line(window, "import flodesk")
    key(window, Qt.Key.Key_Home)
    key(window, Qt.Key.Key_Backspace)
    assert text(window) == TEXT
    assert not editor.fold.folded  # what would be joined is seen first


def test_the_header_unfolds_and_can_be_edited(qtbot: QtBot, window: Window, mine: Path) -> None:
    editor = window.script.editor
    click_gutter(window, "# /// script", x=editor.gutter.width() - 8)
    assert not editor.fold.folded
    assert [block.blockNumber() for block, _ in editor.blocks_seen()][:3] == [0, 1, 2]
    put_cursor(window, "# twice = [240")
    keys(window, "1")
    settled(qtbot, window)
    assert window.document.flow.header.canvas["flow"]["twice"] == (2401.0, 0.0)
    assert window.canvases.current.board.cards["twice"].x() == 2401.0
    QTest.mouseClick(window.script.fold_button, Qt.MouseButton.LeftButton)
    assert editor.fold.on
    assert settings().value("script_header_folded") in (True, "true")


def test_a_header_that_is_typed_or_pasted_folds_too(qtbot: QtBot, window: Window, mine: Path) -> None:
    editor = window.script.editor
    key(window, Qt.Key.Key_A, CTRL)
    key(window, Qt.Key.Key_Delete)
    assert text(window) == ""
    qtbot.waitUntil(lambda: editor.fold.lines is None)
    QGuiApplication.clipboard().setText(TEXT.replace("# twice = [240, 0]\n", "# twice = [240, 0]\n# high = [480, 0]\n"))
    key(window, Qt.Key.Key_V, CTRL)
    qtbot.waitUntil(lambda: editor.fold.lines == (0, 12))
    settled(qtbot, window)
    assert text(window) == flow_text(window)
    editor.show_line(0)
    assert [block.blockNumber() for block, _ in editor.blocks_seen()][:2] == [0, 12]
    editor.fold.put(False)
    put_cursor(window, "# high = [480, 0]")
    key(window, Qt.Key.Key_Return)
    keys(window, "# low = [480, 200]")
    settled(qtbot, window)
    assert window.document.flow.header.canvas["flow"]["low"] == (480.0, 200.0)
    qtbot.waitUntil(lambda: editor.fold.lines == (0, 13))
    editor.fold.put(True)
    assert editor.textCursor().blockNumber() == 0  # it comes out of what is hidden
    editor.show_line(0)
    assert [block.blockNumber() for block, _ in editor.blocks_seen()][:2] == [0, 13]


def test_a_folded_header_follows_the_canvas(qtbot: QtBot, window: Window, mine: Path) -> None:
    editor = window.script.editor
    editor.show_line(13)
    window.canvases.current.select(["low"])
    window.canvases.current.setFocus()
    QTest.keyClick(window.canvases.current.viewer, Qt.Key.Key_Right)
    qtbot.waitUntil(lambda: "# low = " in text(window))
    assert text(window) == flow_text(window)
    assert editor.fold.lines is not None
    first = [block.blockNumber() for block, _ in editor.blocks_seen()][:2]
    assert first == [0, editor.fold.lines[1]]


def test_a_node_that_is_renamed_in_the_text_keeps_its_place(qtbot: QtBot, window: Window, mine: Path) -> None:
    put_cursor(window, "    twice")
    keys(window, "d")
    settled(qtbot, window)
    assert window.document.flow.header.canvas["flow"]["twiced"] == (240.0, 0.0)
    assert text(window) == flow_text(window)
    assert window.script.editor.textCursor().block().text().startswith("    twiced = ")
    assert window.script.editor.textCursor().positionInBlock() == len("    twiced")


# ------------------------------------------------------------------ keys
def test_keys_of_an_editor(qtbot: QtBot, window: Window, mine: Path) -> None:
    editor = window.script.editor
    put_cursor(window, "if high:")
    key(window, Qt.Key.Key_Return)
    assert editor.textCursor().positionInBlock() == 8
    keys(window, "a = 1")
    key(window, Qt.Key.Key_Return, SHIFT)
    assert editor.textCursor().positionInBlock() == 8
    key(window, Qt.Key.Key_Backspace)
    assert editor.textCursor().positionInBlock() == 4
    key(window, Qt.Key.Key_Tab)
    assert editor.textCursor().block().text() == " " * 8
    key(window, Qt.Key.Key_Backtab, SHIFT)
    assert editor.textCursor().block().text() == " " * 4
    assert "\u2028" not in text(window)
    put_cursor(window, "    cutoff", behind=False)
    key(window, Qt.Key.Key_Down, SHIFT)
    key(window, Qt.Key.Key_Down, SHIFT)
    key(window, Qt.Key.Key_Slash, CTRL)
    assert "    # cutoff = control.slider(20.0)\n    # twice = " in text(window)
    key(window, Qt.Key.Key_Slash, CTRL)
    assert "    cutoff = control.slider(20.0)\n    twice = " in text(window)
    key(window, Qt.Key.Key_Tab)
    assert "        cutoff = control.slider(20.0)\n        twice = " in text(window)
    key(window, Qt.Key.Key_Backtab, SHIFT)
    assert "\n    cutoff = control.slider(20.0)\n    twice = " in text(window)
    settled(qtbot, window)


def test_copy_cut_and_paste(qtbot: QtBot, window: Window, mine: Path) -> None:
    put_cursor(window, "    twice = ")
    key(window, Qt.Key.Key_C, CTRL)
    assert QGuiApplication.clipboard().text() == "    twice = maths.scale(cutoff, factor=2.0)\n"
    put_cursor(window, "        low", behind=False)
    key(window, Qt.Key.Key_X, CTRL)
    assert QGuiApplication.clipboard().text() == "        low = maths.scale(twice, factor=0.5)\n"
    assert "low = " not in text(window)
    key(window, Qt.Key.Key_V, CTRL)
    assert text(window) == TEXT
    put_cursor(window, "    twice", behind=False)
    QGuiApplication.clipboard().setText("    a = 1.0\r\n    b = 2.0\r\n")
    key(window, Qt.Key.Key_V, CTRL)
    settled(qtbot, window)
    assert "    a = 1.0\n    b = 2.0\n    twice" in flow_text(window)
    key(window, Qt.Key.Key_A, CTRL)
    key(window, Qt.Key.Key_C, CTRL)
    assert QGuiApplication.clipboard().text() == text(window)
    assert window.canvases.current.board.cards  # select all and copy meant the text


def test_find_and_go_to_line(qtbot: QtBot, window: Window, mine: Path) -> None:
    editor, bar = window.script.editor, window.script.search
    editor.show_line(12)
    key(window, Qt.Key.Key_F, CTRL)
    assert bar.isVisible()
    qtbot.waitUntil(bar.field.hasFocus)
    QTest.keyClicks(bar.field, "maths.SCALE")
    first = line_of(window, "twice = ")
    assert editor.textCursor().blockNumber() == first
    assert editor.textCursor().selectedText() == "maths.scale"
    assert bar.count.text() == "1 of 3"
    assert set(editor.inner) == {first, line_of(window, "low = "), line_of(window, "part = ")}
    assert [part[:2] for part in editor.inner[first]] == [(12, 23)]
    QTest.keyClick(bar.field, Qt.Key.Key_Return)
    assert editor.textCursor().blockNumber() == line_of(window, "low = ")
    QTest.keyClick(bar.field, Qt.Key.Key_Return, SHIFT)
    QTest.keyClick(bar.field, Qt.Key.Key_Return, SHIFT)
    assert editor.textCursor().blockNumber() == line_of(window, "part = ")
    QTest.keyClicks(bar.field, "xyz")
    assert bar.count.text() == "Not found"
    assert editor.inner == {}
    QTest.keyClick(bar.field, Qt.Key.Key_Escape)
    assert not bar.isVisible()
    assert editor.hasFocus()
    key(window, Qt.Key.Key_G, CTRL)
    QTest.keyClicks(bar.field, "17")
    assert editor.textCursor().blockNumber() == 16
    QTest.keyClick(bar.field, Qt.Key.Key_Return)
    assert not bar.isVisible()
    assert len(window.document.flow.functions) == 2  # Ctrl+G made no subflow
    key(window, Qt.Key.Key_F, CTRL)
    QTest.keyClick(bar.field, Qt.Key.Key_G, CTRL)
    assert bar.field.text() == ":"
    QTest.keyClick(bar.field, Qt.Key.Key_F, CTRL)
    assert bar.field.hasFocus()  # and not the library's search
    assert len(window.document.flow.functions) == 2
    QTest.keyClicks(bar.field, "dependencies")
    assert not editor.fold.folded  # what is found is seen


def test_the_menu_of_the_text(qtbot: QtBot, window: Window, mine: Path) -> None:
    put_cursor(window, "factor=2.0")
    keys(window, "5")
    editor = window.script.editor
    editor.customContextMenuRequested.emit(QPoint(60, 60))
    menu = editor.findChild(QMenu)
    assert menu is not None
    titles = [action.text() for action in menu.actions() if action.text()]
    assert titles[:5] == ["Undo", "Redo", "Cut", "Copy", "Paste"]
    next(a for a in menu.actions() if a.text() == "Undo").trigger()
    assert text(window) == flow_text(window) == TEXT
    menu.close()


# ------------------------------------------------------------------ the rest of the window
def test_a_command_takes_the_text_over_first(qtbot: QtBot, window: Window, mine: Path) -> None:
    put_cursor(window, "factor=2.0")
    keys(window, "7")
    key(window, Qt.Key.Key_S, CTRL)
    assert mine.read_text() == TEXT.replace("factor=2.0", "factor=2.07")
    assert not window.isWindowModified()


def test_saving_and_leaving_say_what_no_file_holds(
    qtbot: QtBot, window: Window, mine: Path, press: Callable[[str], None]
) -> None:
    put_cursor(window, "factor=2.0")
    keys(window, "7 7")
    unread(qtbot, window)
    key(window, Qt.Key.Key_S, CTRL)
    assert mine.read_text() == TEXT
    assert "was saved without the text that cannot be read" in window.bar.text
    press("Cancel")
    assert not window.files.new()
    assert "factor=2.07 7" in text(window)
    press("Go on without it")
    assert window.files.new()
    assert "factor" not in text(window)
    assert window.script.in_step.unread is None


def test_a_running_flow_takes_a_literal_live_and_a_line_between_two_turns(
    qtbot: QtBot, window: Window, mine: Path
) -> None:
    mine.write_text(LOOP)
    qtbot.waitUntil(lambda: text(window) == LOOP, timeout=60000)
    key(window, Qt.Key.Key_F5)
    qtbot.waitUntil(lambda: window.run.phase == "running" and window.run.iterations > 2, timeout=60000)
    put_cursor(window, "factor=2.0")
    keys(window, "9")
    settled(qtbot, window)
    put_cursor(window, "factor=2.09)")
    key(window, Qt.Key.Key_Return)
    keys(window, "more = maths.scale(twice, factor=3.0)")
    settled(qtbot, window)
    states = window.run.engine.states
    qtbot.waitUntil(lambda: "flow.more" in states() and states()["flow.more"].count > 1, timeout=60000)
    assert window.run.phase == "running"
    window.run.stop()
    qtbot.waitUntil(lambda: not window.run.active, timeout=60000)


def test_a_change_outside_goes_into_the_text(qtbot: QtBot, window: Window, mine: Path) -> None:
    put_cursor(window, "    high")
    mine.write_text(TEXT.replace("factor=2.0", "factor=7.0"))
    qtbot.waitUntil(lambda: "factor=7.0" in text(window), timeout=60000)
    assert window.script.editor.textCursor().block().text().startswith("    high")


def test_words_keep_their_contrast_in_both_themes(qtbot: QtBot, looks: Looks) -> None:
    from flodesk.ui.coloring import ROLES, color_of

    before = current.theme
    try:
        for theme in (DARK, LIGHT):
            current.use(theme)
            for role in ROLES:
                assert contrast(color_of(role), theme.sunken) >= 4.5, (theme.name, role)
    finally:
        current.use(before)


def contrast(one: str, other: str) -> float:
    def light(color: str) -> float:
        parts = [int(color[n : n + 2], 16) / 255 for n in (1, 3, 5)]
        r, g, b = (p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
        return 0.2126 * r + 0.7152 * g + 0.0722 * b

    a, b = sorted((light(one), light(other)), reverse=True)
    return (a + 0.05) / (b + 0.05)
