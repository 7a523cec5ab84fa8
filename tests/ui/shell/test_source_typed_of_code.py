"""What was typed as the source of code is of its own line, whatever number that has among the lines of code."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QTextCursor
from pytestqt.qtbot import QtBot

from flodesk.flow.graph import picture
from flodesk.flow.retyped import retyped
from flodesk.flow.script import write
from flodesk.ui.inspector.code import CodeEditor
from flodesk.ui.window import Window

TEXT = """\
import flodesk


def flow():
    a = 1
    a += 1
    b = 2
    b += a


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


def in_script(window: Window, old: str, new: str) -> None:
    text = write(window.document.flow)
    assert old in text
    edit = retyped(window.document.flow, text.replace(old, new))
    assert edit is not None
    window.document.do(edit)


def texts(window: Window) -> dict[str, str]:
    graph = picture(window.document.flow, window.checking.catalog, "flow")
    names = [node.id for node in graph.nodes.values() if node.kind == "code"]
    return {graph.nodes[name].text: code_of(window, name).box.toPlainText() for name in names}


def test_it_follows_its_line_of_code_when_another_is_written_above(qtbot: QtBot, opened: Window) -> None:
    window = opened
    type_into(qtbot, code_of(window, "code_1"), " + (")
    window.canvases.current.select(["a"])
    in_script(window, "    a += 1\n", "    a -= 3\n    a += 1\n")
    assert texts(window) == {"a -= 3": "a -= 3", "a += 1": "a += 1 + (", "b += a": "b += a"}
    in_script(window, "    a -= 3\n", "")
    assert texts(window) == {"a += 1": "a += 1 + (", "b += a": "b += a"}
    in_script(window, "    a += 1\n", "    for k in [a]:\n        del a\n    c = [a, 1]\n")
    assert all(source == typed for source, typed in texts(window).items())
    assert "source of “a += 1” waits" in window.files.unread()
    window.commands.trigger("edit.undo")
    assert texts(window) == {"a += 1": "a += 1 + (", "b += a": "b += a"}
    assert "waits" not in window.files.unread()


@pytest.mark.parametrize("typed", [" + (", " + 7"])
def test_it_follows_its_line_also_while_it_is_typed(qtbot: QtBot, opened: Window, typed: str) -> None:
    type_into(qtbot, code_of(opened, "code_1"), typed)
    in_script(opened, "    a += 1\n", "    a -= 3\n    a += 1\n")
    found = texts(opened)
    assert found.pop("a -= 3") == "a -= 3"
    assert f"a += 1{typed}" in found.values()
    assert "    a -= 3\n    a += 1" in write(opened.document.flow)


def test_a_line_that_goes_takes_no_text_of_another_along(qtbot: QtBot, opened: Window) -> None:
    type_into(qtbot, code_of(opened, "code_2"), " + (")
    type_into(qtbot, code_of(opened, "code_1"), " - (")
    opened.canvases.current.select([])
    in_script(opened, "    a += 1\n", "")
    assert "“a += 1” went with it" in opened.statusBar().currentMessage()
    assert texts(opened) == {"b += a": "b += a + ("}
    opened.commands.trigger("edit.undo")
    assert texts(opened) == {"a += 1": "a += 1 - (", "b += a": "b += a + ("}


def test_lines_that_change_places_keep_their_texts(qtbot: QtBot, opened: Window) -> None:
    between = "    a += 5\n    a += 6\n"
    in_script(opened, "    a += 1\n    b = 2\n    b += a\n", f"    b = 2\n    b += 103\n{between}    b += 104\n")
    type_into(qtbot, code_of(opened, "code_1"), " + (")
    opened.canvases.current.select([])
    both = {"b += 103": "b += 103 + (", "b += 104": "b += 104"}
    assert both.items() <= texts(opened).items()
    in_script(opened, f"    b += 103\n{between}    b += 104\n", f"    b += 104\n{between}    b += 103\n")
    assert both.items() <= texts(opened).items()


def test_lines_of_the_same_source_that_go_one_after_the_other_keep_their_texts(qtbot: QtBot, opened: Window) -> None:
    in_script(opened, "    b += a\n", "    a += 1\n")
    type_into(qtbot, code_of(opened, "code_1"), " + (")
    type_into(qtbot, code_of(opened, "code_2"), " - (")
    opened.canvases.current.select([])
    in_script(opened, "    a += 1\n    b = 2\n    a += 1\n", "    b = 2\n    a += 1\n")
    in_script(opened, "    a += 1\n", "")
    opened.commands.trigger("edit.undo")
    opened.commands.trigger("edit.undo")
    found = [code_of(opened, node).box.toPlainText() for node in ("code_1", "code_2")]
    assert sorted(found) == ["a += 1 + (", "a += 1 - ("]
