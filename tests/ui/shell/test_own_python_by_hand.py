"""Python of one's own, by quick add, library and menu: found by its words, its source open for writing."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from flodesk.flow.script import write
from flodesk.flow.spec import NodeSpec
from flodesk.ui.library.shelves import SPEC
from flodesk.ui.quickadd import QuickAdd
from flodesk.ui.window import Window

CTRL = Qt.KeyboardModifier.ControlModifier
TEXT = """\
# /// script
# requires-python = ">=3.11"
# dependencies = ["flodesk"]
#
# [tool.flodesk]
# version = 1
#
# [tool.flodesk.canvas.flow]
# signal = [0, 0]
# size = [540, 60]
# ///
import flodesk
from flodesk.nodes import dsp, source


def flow():
    signal = source.sine(frequency=5.0, samples=50)
    size = dsp.rms(signal)


if __name__ == "__main__":
    flodesk.main(flow)
"""


def text(window: Window) -> str:
    return write(window.document.flow)


def popup() -> QuickAdd:
    found = QApplication.activePopupWidget()
    assert isinstance(found, QuickAdd)
    return found


def shown(found: QuickAdd) -> list[NodeSpec]:
    rows = found.list.model()
    return [rows.index(row, 0).data(SPEC) for row in range(rows.rowCount())]


def paths(found: QuickAdd) -> list[str]:
    return [spec.path for spec in shown(found)]


def typed(qtbot: QtBot, window: Window, words: str) -> QuickAdd:
    """Press Tab on the canvas, and type."""
    window.canvases.current.viewer.scene().clearSelection()
    qtbot.keyClick(window.canvases.current.viewer, Qt.Key.Key_Tab)
    found = popup()
    qtbot.keyClicks(found.field, words)
    return found


def written_in(qtbot: QtBot, window: Window) -> None:
    """Wait until the source of the new node has the keyboard."""

    def has_keyboard() -> bool:
        sheet = window.inspector.sheet
        return sheet is not None and sheet.code is not None and window.focusWidget() is sheet.code.box

    qtbot.waitUntil(has_keyboard)
    window.activateWindow()


@pytest.mark.parametrize("word", ["python", "code", "function", "script", "def", "own"])
def test_words_of_a_programmer_find_a_function_of_ones_own(qtbot: QtBot, opened: Window, word: str) -> None:
    found = typed(qtbot, opened, word)
    assert "def" in paths(found)[:3]
    qtbot.keyClick(found.field, Qt.Key.Key_Escape)
    found = typed(qtbot, opened, "expression")
    assert paths(found)[0] == "="
    qtbot.keyClick(found.field, Qt.Key.Key_Escape)


def test_a_function_of_ones_own_is_added_and_written_by_keys_alone(qtbot: QtBot, opened: Window) -> None:
    before, canvas = text(opened), opened.canvases.current
    qtbot.keyClick(typed(qtbot, opened, "python").field, Qt.Key.Key_Return)
    written_in(qtbot, opened)
    assert canvas.selection() == ["result"]
    assert "def my_function(x):\n    return x\n" in text(opened)
    box = opened.focusWidget()
    qtbot.keyClicks(box, "x * 3")  # in the place of what it returns, which is selected
    qtbot.keyClick(box, Qt.Key.Key_Return, CTRL)
    assert "def my_function(x):\n    return x * 3\n" in text(opened)
    opened.commands.trigger("edit.undo")
    assert "    return x\n" in text(opened)
    opened.commands.trigger("edit.undo")
    assert text(opened) == before


def test_let_go_over_nothing_a_wire_goes_into_the_new_function(qtbot: QtBot, opened: Window) -> None:
    canvas = opened.canvases.current
    view, left, plain = canvas.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    start = canvas.viewer.mapFromScene(canvas.board.cards["signal"].ports["out", ""].middle())
    end = start + QPoint(90, 130)
    QTest.mouseMove(view, start)
    QTest.mousePress(view, left, plain, start)
    for part in (0.3, 0.7, 1.0):
        QTest.mouseMove(view, start + (end - start) * part)
        QApplication.processEvents()
    QTest.mouseRelease(view, left, plain, end)
    QApplication.processEvents()
    found = popup()
    qtbot.keyClicks(found.field, "python function")
    qtbot.keyClick(found.field, Qt.Key.Key_Return)
    assert "    result = my_function(signal)\n" in text(opened)
    written_in(qtbot, opened)


def test_what_is_typed_behind_an_equals_sign_is_a_node(qtbot: QtBot, opened: Window) -> None:
    found = typed(qtbot, opened, "= signal *")
    assert paths(found) == []
    assert found.nothing.isVisible()
    assert "no expression" in found.nothing.text()
    qtbot.keyClicks(found.field, " 2")
    assert paths(found) == ["= signal * 2"]
    qtbot.keyClick(found.field, Qt.Key.Key_Return)
    assert "    result = signal * 2\n" in text(opened)
    canvas = opened.canvases.current
    (added,) = canvas.selection()
    assert [w.source[0] for w in canvas.board.graph.wires if w.target[0] == added] == ["signal"]


def test_what_is_no_calculation_is_not_offered_and_an_await_is_said(qtbot: QtBot, opened: Window) -> None:
    found = typed(qtbot, opened, "= signal")
    assert paths(found) == []
    assert found.nothing.text().startswith("“signal” is there already")
    qtbot.keyClicks(found.field, "[0]  # the first")
    assert [spec.title for spec in shown(found)] == ["= signal[0]"]
    found.field.setText("= await later(signal)")
    qtbot.keyClick(found.field, Qt.Key.Key_Return)
    assert "async def flow():\n" in text(opened)
    assert opened.statusBar().currentMessage().startswith("“flow” awaits something now")


def test_the_menu_begins_both_wired_to_the_selected_card(qtbot: QtBot, opened: Window) -> None:
    canvas = opened.canvases.current
    canvas.select(["signal"])
    opened.commands.trigger("edit.python")
    assert "    result = my_function(signal)\n" in text(opened)
    written_in(qtbot, opened)
    canvas.select(["size"])
    opened.commands.trigger("edit.expression")
    found = popup()
    qtbot.keyClicks(found.field, "x + 1")
    qtbot.keyClick(found.field, Qt.Key.Key_Return)
    assert "    result_2 = size + 1\n" in text(opened)


def test_the_library_has_it_and_puts_it_into_a_wire(qtbot: QtBot, opened: Window) -> None:
    canvas = opened.canvases.current
    next(iter(canvas.board.wires.values())).setSelected(True)
    opened.library.search.setText("python function")
    qtbot.keyClick(opened.library.search, Qt.Key.Key_Return)
    assert "    result = my_function(signal)\n    size = dsp.rms(result)\n" in text(opened)
    written_in(qtbot, opened)


def test_a_name_that_is_typed_into_the_source_is_that_of_the_function(qtbot: QtBot, opened: Window) -> None:
    canvas = opened.canvases.current
    canvas.select(["signal"])
    opened.commands.trigger("edit.python")
    written_in(qtbot, opened)
    box = opened.focusWidget()
    qtbot.keyClick(box, Qt.Key.Key_A, CTRL)
    qtbot.keyClicks(box, "def louder(x): return x * 10")
    canvas.setFocus()  # it is taken as it is left
    qtbot.waitUntil(lambda: "    result = louder(signal)\n" in text(opened))
    assert "my_function" not in text(opened)
    qtbot.waitUntil(lambda: canvas.board.graph.nodes["result"].type == "louder")


def test_lines_that_are_typed_into_the_source_are_indented(qtbot: QtBot, opened: Window) -> None:
    opened.commands.trigger("edit.python")
    written_in(qtbot, opened)
    box = opened.focusWidget()
    qtbot.keyClick(box, Qt.Key.Key_A, CTRL)
    qtbot.keyClicks(box, "def my_function(x):")
    qtbot.keyClick(box, Qt.Key.Key_Return)
    qtbot.keyClicks(box, "if x:")
    qtbot.keyClick(box, Qt.Key.Key_Return)
    qtbot.keyClicks(box, "return 1")
    qtbot.keyClick(box, Qt.Key.Key_Return)
    qtbot.keyClick(box, Qt.Key.Key_Backspace)
    qtbot.keyClicks(box, "return 2")
    qtbot.keyClick(box, Qt.Key.Key_Return, CTRL)
    assert "def my_function(x):\n    if x:\n        return 1\n    return 2\n\n\ndef flow" in text(opened)
