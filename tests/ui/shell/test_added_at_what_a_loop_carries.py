"""On a canvas with a loop: what is added at feedback stands in the turn, what feeds a merge stands in its arm."""

from __future__ import annotations

from PySide6.QtCore import QPointF, Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from flodesk.flow.script import write
from flodesk.ui.quickadd import QuickAdd
from flodesk.ui.window import Window

TEXT = """\
import flodesk
from flodesk.nodes import control, maths


def flow():
    total = 0.0
    for tick in range(9):
        longer = maths.add(total, tick)
        total = longer
        big = maths.greater(longer, 5.0)
        if big:
            low = maths.scale(longer)
            level = low
        else:
            level = longer
        louder = maths.scale(level)


if __name__ == "__main__":
    flodesk.main(flow)
"""


def text(window: Window) -> str:
    return write(window.document.flow)


def test_an_expression_typed_for_the_card_of_feedback_is_calculated_in_each_turn(qtbot: QtBot, opened: Window) -> None:
    opened.canvases.current.select(["total"])
    opened.commands.trigger("edit.add")
    popup = QApplication.activePopupWidget()
    assert isinstance(popup, QuickAdd)
    qtbot.keyClicks(popup.field, "= total * 2")
    qtbot.keyClick(popup.field, Qt.Key.Key_Return)
    assert "    for tick in range(9):\n        result = total * 2\n        longer = maths.add(total, tick)\n" in text(
        opened
    )
    opened.commands.trigger("edit.undo")
    assert "result" not in text(opened)


def test_what_is_added_at_an_input_of_a_merge_stands_in_the_arm_and_a_control_before_the_loop(opened: Window) -> None:
    canvas = opened.canvases.current
    assert canvas.add_node("= 5", QPointF(0, 400), ("level", "arm[0]"))
    assert "            low = maths.scale(longer)\n            result = 5\n            level = result\n" in text(opened)
    assert canvas.add_node("flodesk.nodes.control.slider", QPointF(0, 600), ("level", "arm[1]"))
    assert "    slider = control.slider(50.0)\n    for tick in range(9):\n" in text(opened)
    assert "            level = slider\n" in text(opened)
