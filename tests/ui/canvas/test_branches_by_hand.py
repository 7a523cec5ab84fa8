"""Branches and loops by hand: around what is selected, at a wire of truth, and the arms of a switch."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtWidgets import QApplication

TEXT = """\
# /// script
# [tool.flodesk]
# version = 1
#
# [tool.flodesk.canvas.flow]
# on = [0, 200]
# value = [0, 0]
# loud = [280, 0]
# shown = [560, 0]
# lamp = [280, 200]
# ///
import flodesk
from flodesk.nodes import control, maths, show


def flow():
    on = control.switch(True)
    value = control.slider(2.0)
    loud = maths.scale(value, factor=2.0)
    shown = show.number(loud)
    lamp = show.lamp(on)


if __name__ == "__main__":
    flodesk.main(flow)
"""


@pytest.fixture
def hand(open_canvas: Callable[..., Any]) -> Any:
    return open_canvas(TEXT)


def menu(hand: Any, at: QPoint) -> dict[str, Any]:
    event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, at, hand.canvas.viewport().mapToGlobal(at))
    QApplication.sendEvent(hand.canvas.viewport(), event)
    return {action.text().partition("\t")[0]: action for action in hand.canvas.context.menu.actions()}


def test_the_selected_cards_go_into_an_if_with_the_truth_among_them(hand: Any) -> None:
    before = hand.text
    hand.click(hand.canvas.node_center("loud"))
    hand.click(hand.canvas.node_center("on"), Qt.KeyboardModifier.ControlModifier)
    menu(hand, hand.canvas.node_center("loud"))["Put into an if"].trigger()
    assert "    if on:\n        loud_then = maths.scale(value, factor=2.0)\n        loud = loud_then\n" in hand.text
    assert hand.canvas.selection() == ["if_1"]
    assert hand.undo_steps == 1
    hand.check()
    hand.canvas.document.undo()
    assert hand.text == before
    hand.check()


def test_without_a_truth_a_new_switch_decides(hand: Any) -> None:
    hand.click(hand.canvas.node_center("shown"))
    hand.canvas.branching.into_if()
    assert "on_2 = control.switch(True)" in hand.text
    assert "    if on_2:\n        shown = show.number(loud)\n" in hand.text
    hand.check()


def test_an_if_begins_at_a_wire_of_truth(hand: Any) -> None:
    at = hand.canvas.wire_position(("on", ""), ("lamp", "on"))
    menu(hand, at)["Begin an if"].trigger()
    assert "    if on:\n        pass\n    else:\n        pass\n" in hand.text
    hand.drag(
        hand.canvas.port_position("if_1", "arm[0]", "out"),
        hand.canvas.node_center("shown") + QPoint(0, 30),
        drop=False,
    )
    hand.key(Qt.Key.Key_Escape)
    hand.release(hand.empty_place())
    hand.check()


def test_the_menu_of_a_switch_adds_arms(hand: Any) -> None:
    hand.click(hand.canvas.node_center("shown"))
    hand.canvas.branching.into_if()
    hand.canvas.fit()
    QApplication.processEvents()
    menu(hand, hand.canvas.node_center("if_1"))["Add an elif"].trigger()
    assert "    elif False:\n        pass\n" in hand.text
    menu(hand, hand.canvas.node_center("if_1"))["Add an else"].trigger()
    assert "    else:\n        pass\n" in hand.text
    menu(hand, hand.canvas.node_center("if_1"))["Add an else"].trigger()
    assert "has an else already" in hand.said[-1]
    assert hand.undo_steps == 3
    hand.check()


def test_the_selected_cards_go_into_a_loop(hand: Any) -> None:
    hand.click(hand.canvas.node_center("loud"))
    menu(hand, hand.canvas.node_center("loud"))["Put into a loop"].trigger()
    assert "    for turn in timing.count(10):\n        loud_turn = maths.scale(value, factor=2.0)\n" in hand.text
    assert "    loud = loud_last.result()\n" in hand.text
    assert hand.undo_steps == 1
    hand.check()
    hand.canvas.document.undo()
    hand.check()


def test_the_inputs_of_a_function_go_into_no_branch(open_canvas: Callable[..., Any]) -> None:
    hand = open_canvas(
        "from flodesk.nodes import maths\n\n\ndef part(x):\n    y = maths.scale(x)\n    return y\n", "part"
    )
    before = hand.text
    hand.canvas.select(["def"])
    hand.canvas.branching.into_if()
    assert hand.said
    assert hand.text == before
