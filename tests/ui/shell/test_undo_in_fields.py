"""Ctrl+Z in a text field: typing first, and the flow's last edit as soon as nothing typed is left to take back."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLineEdit
from pytestqt.qtbot import QtBot

from flodesk.flow.script import write
from flodesk.ui.panel.controls.number_field import NumberField
from flodesk.ui.window import Window

SCRIPT = '''\
# /// script
# dependencies = ["flodesk"]
#
# [tool.flodesk]
# version = 1
#
# [tool.flodesk.panel.flow]
# level = [0, 0, 6, 2]
# ///
"""Two numbers."""
import flodesk
from flodesk.nodes import control, maths, text


def flow():
    level = control.number(2.0)
    doubled = maths.scale(level, factor=2.0)
    words = text.template("level {{ level }}", level=level)
    rest = level % 3


if __name__ == "__main__":
    flodesk.main(flow)
'''


@pytest.fixture
def opened(window: Window, qtbot: QtBot, tmp_path: Path) -> Window:
    path = tmp_path / "numbers.py"
    path.write_text(SCRIPT)
    window.files.open(path)
    qtbot.waitActive(window)
    return window


def text_of(window: Window) -> str:
    return write(window.document.flow)


def press_undo(qtbot: QtBot) -> None:
    """Press Ctrl+Z where the keyboard is."""
    where = QApplication.focusWidget()
    assert where is not None
    qtbot.keyClick(where, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)


def press_redo(qtbot: QtBot) -> None:
    where = QApplication.focusWidget()
    assert where is not None
    qtbot.keyClick(where, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)


def line_of(window: Window, node: str, name: str) -> QLineEdit:
    window.canvases.current.select([node])
    assert window.inspector.sheet is not None
    if name == "note":
        line = window.inspector.sheet.note
    elif name == "name":
        line = window.inspector.sheet.name
    else:
        found = window.inspector.sheet.rows[name].findChild(QLineEdit)
        assert found is not None
        line = found
    line.setFocus()
    return line


@pytest.mark.parametrize(
    ("node", "name", "words", "line"),
    [
        ("doubled", "factor", "7", "doubled = maths.scale(level, factor=7.0)"),
        ("words", "template", "now {{ level }}", "words = text.template('now {{ level }}', level=level)"),
        ("doubled", "note", "twice", "doubled = maths.scale(level, factor=2.0)  # twice"),
        ("doubled", "name", "twofold", "twofold = maths.scale(level, factor=2.0)"),
    ],
)
def test_undo_right_after_enter_is_the_flows(
    opened: Window, qtbot: QtBot, node: str, name: str, words: str, line: str
) -> None:
    field = line_of(opened, node, name)
    field.selectAll()
    qtbot.keyClicks(field, words)
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert line in text_of(opened)
    press_undo(qtbot)
    assert text_of(opened) == SCRIPT
    if name != "name":  # a page of another name is another page
        assert QApplication.focusWidget() is field
        assert field.text() == {"factor": "2", "template": "level {{ level }}", "note": ""}[name]
    press_redo(qtbot)
    assert line in text_of(opened)


def test_typing_is_undone_before_the_flow_is(opened: Window, qtbot: QtBot) -> None:
    field = line_of(opened, "doubled", "factor")
    field.selectAll()
    qtbot.keyClicks(field, "7")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    once = text_of(opened)
    field.selectAll()
    qtbot.keyClicks(field, "55")
    press_undo(qtbot)
    assert text_of(opened) == once, "what was being typed is undone first"
    while field.text() != "7":
        assert field.isUndoAvailable()
        press_undo(qtbot)
    assert text_of(opened) == once
    press_redo(qtbot)
    assert field.text() != "7", "and done again first"
    assert text_of(opened) == once
    while field.text() != "7":
        press_undo(qtbot)
    press_undo(qtbot)
    assert text_of(opened) == SCRIPT


def test_several_edits_of_one_field_are_undone_one_by_one(opened: Window, qtbot: QtBot) -> None:
    field = line_of(opened, "doubled", "factor")
    for words in ("7", "8", "9"):
        field.selectAll()
        qtbot.keyClicks(field, words)
        qtbot.keyClick(field, Qt.Key.Key_Return)
    for words in ("8", "7", "2"):
        press_undo(qtbot)
        assert field.text() == words
    assert text_of(opened) == SCRIPT


def test_a_text_with_an_error_is_undone_in_its_field(opened: Window, qtbot: QtBot) -> None:
    field = line_of(opened, "doubled", "factor")
    field.selectAll()
    qtbot.keyClicks(field, "many")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert text_of(opened) == SCRIPT
    while field.text() != "2":
        assert field.isUndoAvailable()
        press_undo(qtbot)
    assert text_of(opened) == SCRIPT


def test_the_description_and_the_source_of_a_code_node(opened: Window, qtbot: QtBot) -> None:
    assert opened.inspector.flow_page is not None
    described = opened.inspector.flow_page.description
    described.setFocus()
    described.selectAll()
    qtbot.keyClicks(described, "Numbers.")
    qtbot.keyClick(described, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert '"""Numbers."""' in text_of(opened)
    press_undo(qtbot)
    assert text_of(opened) == SCRIPT
    opened.canvases.current.select(["code_1"])
    assert opened.inspector.sheet is not None
    assert opened.inspector.sheet.code is not None
    box = opened.inspector.sheet.code.box
    box.setFocus()
    box.selectAll()
    qtbot.keyClicks(box, "rest = level % 4")
    qtbot.keyClick(box, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert "rest = level % 4" in text_of(opened)
    press_undo(qtbot)
    assert text_of(opened) == SCRIPT


def test_a_number_typed_on_the_panel(opened: Window, qtbot: QtBot) -> None:
    field = next(f for f in opened.panel.findChildren(NumberField) if f.isVisible())
    field.setFocus()
    field.selectAll()
    qtbot.keyClicks(field, "4")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert "control.number(4.0)" in text_of(opened)
    press_undo(qtbot)
    assert text_of(opened) == SCRIPT
    assert field.text() == "2"
