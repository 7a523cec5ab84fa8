"""What is typed in a field is in the flow when something is done with the flow, and never lost without a word."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QTextCursor
from PySide6.QtWidgets import QApplication, QLineEdit, QPlainTextEdit, QWidget
from pytestqt.qtbot import QtBot

from flodesk.flow.edit import Rename, RenameFunction, SetNote
from flodesk.flow.script import write
from flodesk.ui.inspector.code import CodeEditor
from flodesk.ui.window import Window

TEXT = """\
import flodesk
from flodesk.nodes import maths


def flow():
    b = maths.add(1.0, 2.0)
    c = b * 2 + len("x")
    d = maths.scale(c, factor=2.0)


if __name__ == "__main__":
    flodesk.main(flow)
"""


@pytest.fixture
def path(window: Window, tmp_path: Path) -> Path:
    file = tmp_path / "flow.py"
    file.write_text(TEXT)
    assert window.files.open(file)
    return file


def saved(qtbot: QtBot, window: Window, field: QWidget) -> None:
    qtbot.waitUntil(window.isActiveWindow, timeout=60_000)
    qtbot.keyClick(field, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)


def code_of(window: Window) -> CodeEditor:
    sheet = window.inspector.sheet
    assert sheet is not None
    assert sheet.code is not None
    return sheet.code


def type_code(qtbot: QtBot, window: Window, text: str) -> CodeEditor:
    canvas = window.canvases.current
    node = next(node.id for node in canvas.board.graph.nodes.values() if node.kind == "code")
    qtbot.mouseClick(canvas.viewport(), Qt.MouseButton.LeftButton, pos=canvas.node_center(node))
    code = code_of(window)
    code.box.setFocus()
    code.box.moveCursor(QTextCursor.MoveOperation.End)
    qtbot.keyClicks(code.box, text)
    return code


def test_save_takes_a_field_of_the_inspector(qtbot: QtBot, window: Window, path: Path) -> None:
    window.canvases.current.select(["d"])
    assert window.inspector.focus_field("factor")
    field = QApplication.focusWidget()
    assert isinstance(field, QLineEdit)
    field.selectAll()
    qtbot.keyClicks(field, "55")
    saved(qtbot, window, field)
    assert "factor=55" in path.read_text()
    assert QApplication.focusWidget() is field
    assert not window.document.dirty


def test_save_takes_the_description(qtbot: QtBot, window: Window, path: Path) -> None:
    assert window.inspector.flow_page is not None
    words = window.inspector.flow_page.description
    words.setFocus()
    qtbot.keyClicks(words, "Adds two numbers.")
    saved(qtbot, window, words)
    assert "Adds two numbers." in path.read_text()


def test_save_takes_a_field_on_its_card_and_a_note(qtbot: QtBot, window: Window, path: Path) -> None:
    canvas = window.canvases.current
    canvas.fields.edit(canvas.board.cards["d"], "factor")
    field = QApplication.focusWidget()
    assert isinstance(field, QLineEdit)
    field.selectAll()
    qtbot.keyClicks(field, "77")
    saved(qtbot, window, field)
    assert "factor=77" in path.read_text()
    qtbot.keyClick(field, Qt.Key.Key_Escape)
    window.commands.trigger("arrange.note")
    note = QApplication.focusWidget()
    assert isinstance(note, QPlainTextEdit)
    qtbot.keyClicks(note, "important words")
    saved(qtbot, window, note)
    assert "important words" in path.read_text()


def test_a_closing_window_asks_about_a_typed_field(
    qtbot: QtBot, window: Window, path: Path, press: Callable[[str], None]
) -> None:
    window.canvases.current.select(["d"])
    assert window.inspector.focus_field("factor")
    field = QApplication.focusWidget()
    assert isinstance(field, QLineEdit)
    field.selectAll()
    qtbot.keyClicks(field, "55")
    press("Cancel")
    window.close()
    assert window.isVisible()
    assert "factor=55" in write(window.document.flow)


def test_source_that_is_left_is_taken_as_one_step(qtbot: QtBot, window: Window, path: Path) -> None:
    type_code(qtbot, window, " + 40")
    canvas = window.canvases.current
    qtbot.mouseClick(canvas.viewport(), Qt.MouseButton.LeftButton, pos=canvas.node_center("d"))
    assert 'c = b * 2 + len("x") + 40' in write(window.document.flow)
    assert canvas.selection() == ["d"]
    window.commands.trigger("edit.undo")
    assert write(window.document.flow) == TEXT
    assert not window.files.unread()


def test_revert_is_no_leaving(qtbot: QtBot, window: Window, path: Path) -> None:
    code = type_code(qtbot, window, " + 40")
    qtbot.mouseClick(code.revert, Qt.MouseButton.LeftButton)
    assert write(window.document.flow) == TEXT
    assert not code.changed


def test_source_that_cannot_be_read_waits_and_is_asked_about(
    qtbot: QtBot, window: Window, path: Path, press: Callable[[str], None]
) -> None:
    typed = type_code(qtbot, window, " + (").box.toPlainText()
    canvas = window.canvases.current
    node = canvas.selection()[0]
    qtbot.mouseClick(canvas.viewport(), Qt.MouseButton.LeftButton, pos=canvas.node_center("d"))
    window.document.do(SetNote("flow", "d", "changed meanwhile"))
    assert f"“{node}”" in window.files.unread()
    window.commands.trigger("file.save")
    assert "cannot be read" in window.bar.text
    press("Cancel")
    window.close()
    assert window.isVisible()
    canvas.select([node])
    code = code_of(window)
    assert code.box.toPlainText() == typed
    assert code.error.isVisible()
    qtbot.keyClicks(code.box, "3)")
    qtbot.keyClick(code.box, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert 'len("x") + (3)' in write(window.document.flow)
    assert not window.files.unread()


def test_another_file_knows_nothing_of_it(
    qtbot: QtBot, window: Window, path: Path, press: Callable[[str], None]
) -> None:
    type_code(qtbot, window, " + (")
    other = path.with_name("other.py")
    other.write_text(TEXT)
    press("Go on without it")
    assert window.files.open(other)
    assert not window.files.unread()
    assert write(window.document.flow) == TEXT


def test_the_title_says_that_source_waits(qtbot: QtBot, window: Window, path: Path) -> None:
    code = type_code(qtbot, window, " + (")
    assert window.isWindowModified()
    assert not window.document.dirty
    qtbot.mouseClick(code.revert, Qt.MouseButton.LeftButton)
    assert not window.isWindowModified()
    type_code(qtbot, window, " + (")
    window.canvases.current.select(["d"])
    window.commands.trigger("file.save")
    assert window.isWindowModified()  # it is in no file
    window.files._document.read_again()
    assert window.isWindowModified()
    code = type_code(qtbot, window, "3)")
    qtbot.keyClick(code.box, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    window.commands.trigger("file.save")
    assert 'len("x") + (3)' in path.read_text()
    assert not window.isWindowModified()


def test_the_title_says_that_the_script_cannot_be_read(qtbot: QtBot, window: Window, path: Path) -> None:
    window.commands.trigger("view.script")
    editor = window.script.editor
    editor.moveCursor(QTextCursor.MoveOperation.End)
    qtbot.keyClicks(editor, "(")
    qtbot.waitUntil(window.isWindowModified)
    assert not window.document.dirty
    qtbot.keyClick(editor, Qt.Key.Key_Backspace)
    qtbot.waitUntil(lambda: not window.isWindowModified())


def test_source_that_waits_goes_along_with_its_function(qtbot: QtBot, window: Window, path: Path) -> None:
    typed = type_code(qtbot, window, " + (").box.toPlainText()
    window.canvases.current.select(["d"])
    window.document.do(RenameFunction("flow", "measure"))
    assert "“code_1”" in window.files.unread()
    window.commands.trigger("edit.undo")
    assert "“code_1”" in window.files.unread()
    window.canvases.current.select(["code_1"])
    assert code_of(window).box.toPlainText() == typed
    window.document.do(RenameFunction("flow", "measure"))
    window.canvases.current.select(["code_1"])
    code = code_of(window)
    assert code.box.toPlainText() == typed
    qtbot.keyClicks(code.box, "4)")  # the cursor is where it goes on
    window.canvases.current.select(["d"])
    assert 'len("x") + (4)' in write(window.document.flow)
    assert not window.files.unread()


def test_the_source_of_a_function_waits_under_the_new_name_of_its_node(
    qtbot: QtBot, window: Window, tmp_path: Path
) -> None:
    file = tmp_path / "own.py"
    twice = "def twice(x: float) -> float:\n    return 2 * x\n\n\ndef flow():\n    e = twice(1.0)"
    file.write_text(TEXT.replace("def flow():", twice))
    assert window.files.open(file)
    window.canvases.current.select(["e"])
    code = code_of(window)
    code.box.moveCursor(QTextCursor.MoveOperation.End)
    qtbot.keyClicks(code.box, " + (")
    window.document.do(Rename("flow", "e", "k"))
    assert "“k”" in window.files.unread()
    window.canvases.current.select(["k"])
    assert code_of(window).box.toPlainText().endswith("2 * x + (")


def test_a_field_that_goes_with_its_page_gives_nothing(qtbot: QtBot, window: Window, path: Path) -> None:
    canvas = window.canvases.current
    canvas.select(["d"])
    sheet = window.inspector.sheet
    assert sheet is not None
    sheet.name.setFocus()
    qtbot.keyClicks(sheet.name, "x")
    canvas.select([])
    assert write(window.document.flow) == TEXT


def test_the_page_follows_the_selection_and_leaves_what_is_typed_to_its_node(
    qtbot: QtBot, window: Window, path: Path
) -> None:
    canvas, inspector = window.canvases.current, window.inspector
    canvas.select(["d"])
    assert inspector.focus_field("factor")
    field = QApplication.focusWidget()
    assert isinstance(field, QLineEdit)
    field.selectAll()
    qtbot.keyClicks(field, "55")
    canvas.select(["b"])
    assert field.isVisible()  # the canvas is painted first
    window.commands.trigger("file.save")
    assert "factor=55" in path.read_text()
    qtbot.waitUntil(lambda: inspector._sheet is not None and inspector._sheet.node == "b")
    canvas.select(["d"])
    window.document.do(SetNote("flow", "b", "an edit meanwhile"))
    assert inspector._sheet is not None
    assert inspector._sheet.node == "d"
