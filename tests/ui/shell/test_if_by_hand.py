"""An `if` of one's own from quick add, the library and the palette: at a truth, with a typed test, or open."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QCursor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from flodesk.flow.script import write
from flodesk.ui.commands.palette import found as commands
from flodesk.ui.quickadd import QuickAdd
from flodesk.ui.window import Window

TEXT = """\
# /// script
# [tool.flodesk]
# version = 1
#
# [tool.flodesk.canvas.flow]
# tick = [0, 0]
# high = [260, 0]
# size = [260, 160]
# shown = [520, 160]
# ///
import flodesk
from flodesk.nodes import maths, show, timing


def flow():
    for tick in timing.every(0.05):
        high = maths.greater(tick, 3)
        size = maths.scale(tick)
        shown = show.number(size)


if __name__ == "__main__":
    flodesk.main(flow)
"""


def text(window: Window) -> str:
    return write(window.document.flow)


def popup() -> QuickAdd:
    found = QApplication.activePopupWidget()
    assert isinstance(found, QuickAdd)
    return found


def titles(found: QuickAdd) -> list[str]:
    rows = found.list.model()
    return [rows.index(row, 0).data() for row in range(rows.rowCount())]


def dragged(window: Window, start: QPoint, end: QPoint) -> None:
    view, left, plain = window.canvases.current.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    QTest.mouseMove(view, start)
    QTest.mousePress(view, left, plain, start)
    for part in (0.3, 0.7, 1.0):
        QTest.mouseMove(view, start + (end - start) * part)
        QApplication.processEvents()
    QTest.mouseRelease(view, left, plain, end)
    QApplication.processEvents()


def let_go(window: Window, node: str, port: str = "") -> QuickAdd:
    start = window.canvases.current.port_position(node, port, "out")
    dragged(window, start, start + QPoint(40, 200))
    return popup()


def typed(qtbot: QtBot, window: Window, words: str) -> QuickAdd:
    window.canvases.current.viewer.scene().clearSelection()
    qtbot.keyClick(window.canvases.current.viewer, Qt.Key.Key_Tab)
    found = popup()
    qtbot.keyClicks(found.field, words)
    return found


def test_an_if_dropped_from_a_truth_decides_by_it(qtbot: QtBot, opened: Window) -> None:
    found = let_go(opened, "high")
    qtbot.keyClicks(found.field, "if")
    assert titles(found)[0] == "If"  # and not Absolute, of a difference
    qtbot.keyClick(found.field, Qt.Key.Key_Return)
    assert "        if high:\n            pass\n        else:\n            pass\n" in text(opened)
    canvas = opened.canvases.current
    assert canvas.selection() == ["if_1"]
    # an arm takes what is to run there
    canvas.fit()
    QApplication.processEvents()
    dragged(opened, canvas.port_position("if_1", "arm[0]", "out"), canvas.node_center("shown"))
    assert "        if high:\n            shown = show.number(size)\n        else:\n            pass\n" in text(opened)
    opened.document.undo()
    opened.document.undo()
    assert text(opened) == TEXT


def test_from_a_number_it_asks_for_more_than_nothing(qtbot: QtBot, opened: Window) -> None:
    found = let_go(opened, "tick")
    qtbot.keyClicks(found.field, "branch")
    assert titles(found)[0] == "If"
    qtbot.keyClick(found.field, Qt.Key.Key_Return)
    assert "        if tick > 0:\n            pass\n        else:\n" in text(opened)


def test_on_empty_ground_its_test_is_an_open_input(qtbot: QtBot, opened: Window) -> None:
    found = typed(qtbot, opened, "if")
    assert titles(found)[0] == "If"
    qtbot.keyClick(found.field, Qt.Key.Key_Return)
    assert "    if test:\n        pass\n    else:\n        pass\n" in text(opened)
    canvas = opened.canvases.current
    canvas.fit()
    QApplication.processEvents()
    dragged(opened, canvas.port_position("high", "", "out"), canvas.port_position("if_1", "test[0]", "in"))
    assert "        if high:\n            pass\n        else:\n            pass\n" in text(opened)


def test_a_test_is_typed_in_quick_add(qtbot: QtBot, opened: Window) -> None:
    found = typed(qtbot, opened, "if tick % 4 >")
    assert "is no expression of Python" in found.nothing.text()
    qtbot.keyClicks(found.field, " 1:")
    assert titles(found) == ["If tick % 4 > 1"]
    qtbot.keyClick(found.field, Qt.Key.Key_Return)
    assert "        if tick % 4 > 1:\n            pass\n        else:\n            pass\n" in text(opened)
    wires = opened.canvases.current.board.graph.wires
    assert any(w.source[0] == "tick" and w.target[0] == "if_1" for w in wires)


@pytest.mark.parametrize("word", ["if", "branch", "switch", "condition", "else"])
def test_library_quick_add_and_palette_find_it(opened: Window, word: str) -> None:
    specs = opened.checking.offered.search(word)
    assert "If" in [spec.title for spec in specs][:2]
    assert "edit.new_if" in [entry.id for entry in commands(word)][:12]


def test_what_the_text_begins_comes_before_what_has_it_in_a_word(opened: Window) -> None:
    found = [spec.title for spec in opened.checking.offered.search("if", "truth")]
    assert found[0] == "If"
    assert found.index("Absolute") > 0


def test_dropped_on_a_wire_it_begins_there(qtbot: QtBot, opened: Window) -> None:
    canvas = opened.canvases.current
    QCursor.setPos(0, 0)
    QTest.mouseClick(
        canvas.viewport(),
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
        canvas.wire_position(("size", ""), ("shown", "value")),
    )
    qtbot.keyClick(canvas.viewer, Qt.Key.Key_Tab)
    found = popup()
    qtbot.keyClicks(found.field, "if size > 4")
    qtbot.keyClick(found.field, Qt.Key.Key_Return)
    assert "        if size > 4:\n            pass\n        else:\n            pass\n" in text(opened)


def test_the_command_opens_quick_add_for_a_test(qtbot: QtBot, opened: Window) -> None:
    opened.commands.trigger("edit.new_if")
    found = popup()
    assert titles(found)[0] == "If"
    qtbot.keyClicks(found.field, "tick > 2")
    assert titles(found)[0] == "If tick > 2"
    qtbot.keyClick(found.field, Qt.Key.Key_Escape)


ARMS = """
def flow():
    high = control.switch(True)
    value = control.slider(2.0)
    if high:
        level = maths.scale(value, factor=2.0)
    else:
        level = maths.subtract(value, 1.0)
    shown = show.number(level)
"""


@pytest.mark.parametrize("call", ["call_1", "call_2"])
def test_a_node_goes_into_the_wire_from_an_arm_that_binds_directly(
    qtbot: QtBot, opened: Window, tmp_path: Path, call: str
) -> None:
    path = tmp_path / "arms.py"
    begin, _, rest = TEXT.partition("\ndef flow():")
    _, _, end = rest.partition("\n\nif __name__")
    begin = begin.replace("import maths, show, timing", "import control, maths, show")
    path.write_text(f"{begin}{ARMS}\n\nif __name__{end}", encoding="utf-8")
    assert opened.files.open(path)
    QApplication.processEvents()
    canvas = opened.canvases.current
    canvas.fit()
    QApplication.processEvents()
    port = "arm[0]" if call == "call_1" else "arm[1]"
    at = canvas.wire_position((call, ""), ("level", port))
    QTest.mouseClick(canvas.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, at)
    qtbot.keyClick(canvas.viewer, Qt.Key.Key_Tab)
    found = popup()
    qtbot.keyClicks(found.field, "absolute")
    qtbot.keyClick(found.field, Qt.Key.Key_Return)
    assert "        absolute = maths.absolute(level_1)\n        level = absolute\n" in text(opened)
    assert canvas.selection() == ["absolute"]
    assert not [w for w in canvas.board.graph.wires if w.problem]
    opened.document.undo()
    assert ARMS in text(opened)
