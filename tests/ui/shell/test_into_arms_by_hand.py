"""From an arm of a switch by hand: what is added runs in it; refusals speak of cards; Tab goes on to the right."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QCursor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from flodesk.flow.script import write
from flodesk.ui.quickadd import QuickAdd
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
# level = [0, 0]
# code_1 = [260, 0]
# minus = [260, 160]
# code_2 = [260, 160]
# if_1 = [520, 0]
# chosen = [760, 120]
# ///
import flodesk
from flodesk.nodes import control, maths


def flow():
    level = control.slider(2.0, maximum=10.0)
    big = level > 3
    minus = -level
    if big:
        chosen = level
    else:
        chosen = minus
    louder = maths.scale(chosen)


if __name__ == "__main__":
    flodesk.main(flow)
"""


def text(window: Window) -> str:
    return write(window.document.flow)


def popup() -> QuickAdd:
    found = QApplication.activePopupWidget()
    assert isinstance(found, QuickAdd)
    return found


def dragged(window: Window, start: QPoint, end: QPoint) -> None:
    view, left, plain = window.canvases.current.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    QTest.mouseMove(view, start)
    QTest.mousePress(view, left, plain, start)
    for part in (0.3, 0.7, 1.0):
        QTest.mouseMove(view, start + (end - start) * part)
        QApplication.processEvents()
    QTest.mouseRelease(view, left, plain, end)
    QApplication.processEvents()


def test_an_expression_from_else_runs_in_else(qtbot: QtBot, opened: Window) -> None:
    canvas = opened.canvases.current
    start = canvas.port_position("if_1", "arm[1]", "out")
    dragged(opened, start, start + QPoint(30, 140))
    found = popup()
    assert found.field.placeholderText() == "Add a node that runs else"
    assert found.list.model().rowCount() > 30  # whatever it takes
    qtbot.keyClicks(found.field, "= -level")
    qtbot.keyClick(found.field, Qt.Key.Key_Return)
    assert "    else:\n        chosen = minus\n        result = -level\n" in text(opened)


def test_an_expression_that_feeds_the_merge_is_dragged_into_the_arm(opened: Window) -> None:
    canvas = opened.canvases.current
    start = canvas.port_position("if_1", "arm[1]", "out")
    dragged(opened, start, canvas.port_position("code_2", "level", "in"))
    assert "    big = level > 3\n    if big:\n" in text(opened)
    assert "    else:\n        minus = -level\n        chosen = minus\n" in text(opened)


def test_a_refusal_speaks_of_what_is_read_on_the_cards(opened: Window) -> None:
    canvas = opened.canvases.current
    canvas.changes.connect(("if_1", "arm[0]"), ("code_1", "level"), None)
    said = opened.statusBar().currentMessage()
    assert said == "“If big” depends on “big = level > 3”, so that cannot run in one of its arms."
    before = text(opened)
    canvas.changes.connect(("if_1", "arm[0]"), ("code_2", "level"), None)
    assert text(opened) == before
    assert "if_1" not in opened.statusBar().currentMessage()
    assert "“If big”" in opened.statusBar().currentMessage()


@pytest.mark.parametrize("over", [True, False])
def test_tab_goes_on_to_the_right_of_the_selected_card(qtbot: QtBot, opened: Window, over: bool) -> None:
    canvas = opened.canvases.current
    canvas.fit()
    at = canvas.node_center("louder")
    QTest.mouseClick(canvas.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, at)
    QApplication.processEvents()
    if over:
        QCursor.setPos(canvas.viewport().mapToGlobal(at))
    last = "louder"
    for _ in range(2):
        assert canvas.selection() == [last]
        qtbot.keyClick(canvas.viewer, Qt.Key.Key_Tab)
        qtbot.keyClicks(popup().field, "absolute")
        qtbot.keyClick(popup().field, Qt.Key.Key_Return)
        (added,) = canvas.selection()
        one, other = canvas.board.cards[last].box(), canvas.board.cards[added].box()
        assert other.left() > one.right()
        assert other.top() == one.top()
        assert [w.source[0] for w in canvas.board.graph.wires if w.target[0] == added] == [last]
        last = added


def test_tab_over_a_card_that_is_not_selected_does_not_add_there(qtbot: QtBot, opened: Window) -> None:
    canvas = opened.canvases.current
    canvas.fit()
    canvas.viewer.scene().clearSelection()
    QCursor.setPos(canvas.viewport().mapToGlobal(canvas.node_center("level")))
    assert canvas.pointer() is not None
    asked: list[object] = []
    canvas.quick_add_requested.connect(lambda _at, place, _end: asked.append(place))
    qtbot.keyClick(canvas.viewer, Qt.Key.Key_Tab)
    qtbot.keyClick(popup().field, Qt.Key.Key_Escape)
    assert asked == [canvas.viewer.visible_rect().center()]
