"""The source of a code node in the inspector: what is applied stands there, once."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QTextCursor
from PySide6.QtWidgets import QApplication, QPlainTextEdit, QWidget
from pytestqt.qtbot import QtBot

from flodesk.flow.script import write
from flodesk.ui.window import Window

CODE = """\
import flodesk
from flodesk.nodes import maths


def flow():
    b = maths.add(1.0, 2.0)
    c = b * 2 + len("x")  # kept
    d = maths.scale(c, factor=2.0)


if __name__ == "__main__":
    flodesk.main(flow)
"""


@pytest.mark.parametrize("line", ["while c >= 100: pass", "c += 1", "e = c + len('y')"])
def test_a_line_that_is_added_becomes_a_node_once(qtbot: QtBot, window: Window, tmp_path: Path, line: str) -> None:
    path = tmp_path / "flow.py"
    path.write_text(CODE.replace("  # kept", "; c = c * 1"))
    assert window.files.open(path)
    qtbot.wait(20)
    canvas = window.canvases.current
    node = next(node for node in canvas.board.graph.nodes.values() if node.kind == "code")
    canvas.select([node.id])
    sheet = window.inspector.sheet
    assert sheet is not None
    assert sheet.code is not None
    box = sheet.code.box
    box.setFocus()
    before = box.toPlainText()
    box.moveCursor(QTextCursor.MoveOperation.End)
    qtbot.keyClick(box, Qt.Key.Key_Return)
    qtbot.keyClicks(box, line)
    assert sheet.code.apply.isEnabled()
    qtbot.keyClick(box, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    once = write(window.document.flow)
    assert once.count(line.partition(":")[0]) == 1
    shown = window.inspector.sheet
    assert shown is not None
    assert shown.code is not None
    assert shown.code.box.toPlainText() == before == canvas.board.graph.nodes[node.id].text
    assert not shown.code.apply.isEnabled()
    assert "a node of its own" in window.statusBar().currentMessage()
    qtbot.keyClick(shown.code.box, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert write(window.document.flow) == once


def come_by_tab(qtbot: QtBot, start: QWidget, box: QWidget) -> None:
    """Go by Tab from a field above the source to the source; where nodes run lies between."""
    start.setFocus()
    for _ in range(2):
        if QApplication.focusWidget() is not box:
            qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
    assert QApplication.focusWidget() is box


def test_tab_goes_over_the_source_until_a_hand_writes_in_it(qtbot: QtBot, window: Window, tmp_path: Path) -> None:
    path = tmp_path / "flow.py"
    path.write_text(CODE)
    assert window.files.open(path)
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    canvas = window.canvases.current
    canvas.select([next(node.id for node in canvas.board.graph.nodes.values() if node.kind == "code")])
    sheet = window.inspector.sheet
    assert sheet is not None
    assert sheet.code is not None
    box, before = sheet.code.box, sheet.code.box.toPlainText()
    assert "Tab indents" in box.toolTip()

    come_by_tab(qtbot, sheet.note, box)
    qtbot.keyClick(box, Qt.Key.Key_Tab)
    assert QApplication.focusWidget() is not box, "it leads on"
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Backtab)
    assert QApplication.focusWidget() is box
    qtbot.keyClick(box, Qt.Key.Key_Backtab)
    assert QApplication.focusWidget() is not box
    assert box.toPlainText() == before

    come_by_tab(qtbot, sheet.note, box)
    qtbot.keyClick(box, Qt.Key.Key_Return)
    assert box.toPlainText() == before, "Enter only begins to write"
    box.moveCursor(QTextCursor.MoveOperation.End)
    qtbot.keyClick(box, Qt.Key.Key_Return)
    qtbot.keyClick(box, Qt.Key.Key_Tab)
    assert box.toPlainText() == f"{before}\n    "
    qtbot.keyClick(box, Qt.Key.Key_Escape)
    qtbot.keyClick(box, Qt.Key.Key_Tab)
    assert QApplication.focusWidget() is not box, "after Esc Tab leads on"

    qtbot.mouseClick(box.viewport(), Qt.MouseButton.LeftButton)
    box.moveCursor(QTextCursor.MoveOperation.End)
    qtbot.keyClick(box, Qt.Key.Key_Tab)
    assert QApplication.focusWidget() is box, "who has clicked writes"
    qtbot.keyClick(box, Qt.Key.Key_Tab, Qt.KeyboardModifier.ControlModifier)
    assert QApplication.focusWidget() is not box
    sheet.code.revert.click()


def test_what_is_typed_after_tab_is_written(qtbot: QtBot, window: Window, tmp_path: Path) -> None:
    path = tmp_path / "flow.py"
    path.write_text(CODE)
    assert window.files.open(path)
    canvas = window.canvases.current
    canvas.select([next(node.id for node in canvas.board.graph.nodes.values() if node.kind == "code")])
    sheet = window.inspector.sheet
    assert sheet is not None
    assert sheet.code is not None
    box, before = sheet.code.box, sheet.code.box.toPlainText()
    come_by_tab(qtbot, sheet.note, box)
    box.moveCursor(QTextCursor.MoveOperation.End)
    qtbot.keyClicks(box, "  #")
    qtbot.keyClick(box, Qt.Key.Key_Tab)
    assert QApplication.focusWidget() is box
    assert box.toPlainText().rstrip(" ") == f"{before}  #"
    sheet.code.revert.click()


OWN = """\
import flodesk


def smooth(x: float) -> float:
    y = x
    return y


def flow():
    b = smooth(1.0)
    c = b * 2  # kept


if __name__ == "__main__":
    flodesk.main(flow)
"""


def test_a_source_is_as_high_as_its_text_within_limits(qtbot: QtBot, window: Window, tmp_path: Path) -> None:
    path = tmp_path / "flow.py"
    path.write_text(OWN)
    window.resize(1300, 1100)
    assert window.files.open(path)
    canvas = window.canvases.current

    def box_of(node: str) -> QPlainTextEdit:
        canvas.select([node])
        assert window.inspector.sheet is not None
        assert window.inspector.sheet.code is not None
        return window.inspector.sheet.code.box

    def lines_in(box: QPlainTextEdit) -> int:
        return box.viewport().height() // box.fontMetrics().lineSpacing()

    box = box_of("b")
    qtbot.waitUntil(lambda: 10 <= lines_in(box) < 13)
    box.setFocus()
    box.moveCursor(QTextCursor.MoveOperation.End)
    for _ in range(10):
        qtbot.keyClick(box, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: 13 <= lines_in(box) < 17)
    for _ in range(20):
        qtbot.keyClick(box, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: 20 <= lines_in(box) < 27)
    window.inspector.sheet.code.revert.click()
    qtbot.waitUntil(lambda: lines_in(box) < 13)
    one = box_of(next(node.id for node in canvas.board.graph.nodes.values() if node.kind == "code"))
    qtbot.waitUntil(lambda: 3 <= lines_in(one) < 7)
