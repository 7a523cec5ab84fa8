"""What was typed as a source is of its own node, and overwrites nothing that came after it without a hand's word."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QTextCursor
from pytestqt.qtbot import QtBot

from flodesk.flow import wiring
from flodesk.flow.graph import picture
from flodesk.flow.script import write
from flodesk.ui.inspector.code import CodeEditor
from flodesk.ui.window import Window

TEXT = """\
import flodesk
from flodesk.nodes import maths


def sub(x):
    y = maths.scale(x, factor=2.0)
    return y


def flow():
    a = maths.add(1.0, 2.0)
    b = sub(a)
    c = sub(a)


if __name__ == "__main__":
    flodesk.main(flow)
"""


def code_of(window: Window, node: str) -> CodeEditor:
    window.canvases.current.select([node])
    sheet = window.inspector.sheet
    assert sheet is not None
    assert sheet.code is not None
    return sheet.code


def type_into(qtbot: QtBot, code: CodeEditor, text: str) -> None:
    code.box.setFocus()
    code.box.moveCursor(QTextCursor.MoveOperation.End)
    qtbot.keyClicks(code.box, text)


def new_function(window: Window) -> str:
    edit, node = wiring.add_node(window.document.flow, window.checking.catalog, "flow", "def", (0.0, 400.0))
    window.document.do(edit)
    return node


def rename(window: Window, node: str, name: str) -> None:
    graph = picture(window.document.flow, window.checking.catalog, "flow")
    window.document.do(wiring.rename(window.document.flow, graph, node, name))


def test_it_goes_along_with_a_new_name_and_back(qtbot: QtBot, opened: Window) -> None:
    node = new_function(opened)
    type_into(qtbot, code_of(opened, node), " + (")
    rename(opened, node, "first")
    assert "“first”" in opened.files.unread()
    opened.commands.trigger("edit.undo")
    assert f"“{node}”" in opened.files.unread()
    opened.commands.trigger("edit.redo")
    code = code_of(opened, "first")
    assert code.box.toPlainText().endswith("return x + (")
    type_into(qtbot, code, "1)")
    qtbot.keyClick(code.box, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert not opened.files.unread()
    assert new_function(opened) == node
    assert code_of(opened, node).box.toPlainText() == "def my_function_2(x):\n    return x"
    assert not opened.files.unread()


def test_it_sleeps_while_its_node_is_away(qtbot: QtBot, opened: Window) -> None:
    node = new_function(opened)
    type_into(qtbot, code_of(opened, node), " + (")
    opened.canvases.current.select([node])
    opened.commands.trigger("edit.delete")
    assert not opened.files.unread()
    assert new_function(opened) == node
    code = code_of(opened, node)
    assert not code.changed
    assert code.meanwhile.isHidden()
    assert not opened.files.unread()
    opened.commands.trigger("edit.undo")
    opened.commands.trigger("edit.undo")
    assert code_of(opened, node).box.toPlainText().endswith("return x + (")


@pytest.mark.parametrize("mine", [True, False])
def test_a_source_that_has_changed_meanwhile_is_asked_about(
    qtbot: QtBot, opened: Window, tmp_path: Path, mine: bool
) -> None:
    code = code_of(opened, "b")
    type_into(qtbot, code, " + (")
    opened.canvases.current.select(["a"])
    graph = picture(opened.document.flow, opened.checking.catalog, "sub")
    opened.document.do(wiring.set_field(opened.document.flow, graph, "y", "factor", "77.0"))
    assert "“b” was changed after yours was typed" in opened.files.unread()
    code = code_of(opened, "b")
    assert "in line 2: y = maths.scale(x, factor=77.0)" in code.meanwhile.text()
    assert code.meanwhile.isVisible()
    type_into(qtbot, code, "1)")
    opened.canvases.current.select(["a"])  # it is left: nothing may be lost by that
    opened.commands.trigger("file.save")
    assert "factor=77.0" in (tmp_path / "opened.py").read_text()
    assert "“b” was changed after yours was typed" in opened.bar.text
    code = code_of(opened, "b")
    assert code.box.toPlainText().endswith("return y + (1)")
    button = code.apply if mine else code.revert
    assert button.text() == ("Put mine in" if mine else "Drop mine")
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    now = write(opened.document.flow)
    assert ("return y + (1)" in now) == mine
    assert ("factor=77.0" in now) != mine
    assert not opened.files.unread()
    code = code_of(opened, "b")
    assert code.meanwhile.isHidden()
    assert code.apply.text() == "Apply"
    if mine:
        opened.commands.trigger("edit.undo")
        assert "factor=77.0" in write(opened.document.flow), "one step back"


def test_two_cards_of_one_function_do_not_overwrite_each_other(qtbot: QtBot, opened: Window) -> None:
    type_into(qtbot, code_of(opened, "b"), " + (")
    code = code_of(opened, "c")
    assert not code.changed
    type_into(qtbot, code, " * 7")
    opened.canvases.current.select([])
    assert "return y * 7" in write(opened.document.flow)
    code = code_of(opened, "b")
    type_into(qtbot, code, "3)")
    opened.canvases.current.select([])
    assert "return y * 7" in write(opened.document.flow)
    assert "“b”" in opened.files.unread()
    opened.commands.trigger("edit.undo")  # what came between is taken back: mine goes on where it was
    code = code_of(opened, "b")
    assert code.meanwhile.isHidden()
    opened.canvases.current.select([])
    assert "return y + (3)" in write(opened.document.flow)
