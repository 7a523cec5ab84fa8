"""A queue by hand: dropped, wired, renamed at either end; and a node that is sent beside its loop."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

TEXT = """\
# /// script
# requires-python = ">=3.11"
# dependencies = ["flodesk"]
#
# [tool.flodesk]
# version = 1
#
# [tool.flodesk.canvas.flow]
# n = [0, 0]
# level = [300, 0]
# double = [600, 0]
# ///
import flodesk
from flodesk.nodes import maths, timing


def flow():
    for n in timing.count(5):
        level = maths.add(n, 1)
        double = maths.multiply(level, 2)


if __name__ == "__main__":
    flodesk.main(flow)
"""


@pytest.fixture
def hand(open_canvas: Callable[..., Any]) -> Any:
    return open_canvas(TEXT)


def drop_queue(hand: Any) -> None:
    data = QMimeData()
    data.setData("application/x-flodesk-node", b"flodesk.nodes.queue.Queue")
    buttons, keys = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    at = hand.empty_place()
    for make in (QDragEnterEvent, QDropEvent):
        event = make(at if make is QDragEnterEvent else QPointF(at), Qt.DropAction.CopyAction, data, buttons, keys)
        QApplication.sendEvent(hand.canvas.viewport(), event)
        assert event.isAccepted()
    QApplication.processEvents()


def choose(hand: Any, node: str, title: str) -> None:
    """Choose an entry of a card's menu."""
    at = hand.canvas.node_center(node)
    hand.canvas.viewer.menu_requested.emit(at, hand.canvas.viewport().mapToGlobal(at))
    menu = hand.canvas.context.menu
    entry = next(action for action in menu.actions() if action.text().partition("\t")[0] == title)
    menu.setActiveAction(entry)
    QTest.keyClick(menu, Qt.Key.Key_Return)
    QApplication.processEvents()


def titles(hand: Any, node: str) -> list[str]:
    at = hand.canvas.node_center(node)
    hand.canvas.viewer.menu_requested.emit(at, hand.canvas.viewport().mapToGlobal(at))
    menu = hand.canvas.context.menu
    found = [action.text().partition("\t")[0] for action in menu.actions() if action.text()]
    menu.close()
    QApplication.processEvents()
    return found


def test_a_dropped_queue_is_made_wired_and_renamed(hand: Any) -> None:
    drop_queue(hand)
    assert "\njobs = queue.Queue()\n" in hand.text
    assert hand.undo_steps == 1
    hand.check()
    hand.canvas.fit()
    canvas = hand.canvas
    hand.drag(canvas.port_position("level", "", "out"), canvas.port_position("sent", "value", "in"))
    assert "        sent = jobs.put(level)\n" in hand.text
    assert hand.undo_steps == 2
    hand.check()
    choose(hand, "sent", "Rename jobs everywhere…")
    field = canvas.picking.naming.field
    assert field.text() == "jobs"
    QTest.keyClicks(field, "flow")
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert hand.said, "a name that cannot be is refused in words, and the field stays open"
    field.selectAll()
    QTest.keyClicks(field, "readings")
    QTest.keyClick(field, Qt.Key.Key_Return)
    QApplication.processEvents()
    assert "readings = queue.Queue()" in hand.text
    assert "sent = readings.put(level)" in hand.text
    assert "jobs" not in hand.text
    assert canvas.board.cards["sent"].card.subtitle == "Put into readings"
    hand.check()
    for _ in range(3):
        canvas.document.undo()
    assert hand.text == TEXT
    hand.check()


def test_a_node_is_sent_beside_its_loop_and_back(hand: Any) -> None:
    assert "Run beside the loop" not in titles(hand, "n")
    choose(hand, "double", "Run beside the loop")
    assert "# [tool.flodesk.detached.flow]\n# double = 4\n" in hand.text
    assert hand.undo_steps == 1
    assert hand.canvas.board.cards["double"].card.subtitle == "Multiply · beside the loop"
    assert "beside" not in hand.canvas.board.cards["level"].card.subtitle
    hand.check()
    choose(hand, "double", "Run in the loop again")
    assert hand.text == TEXT
    hand.check()
    hand.canvas.document.undo()
    hand.canvas.document.undo()
    assert hand.text == TEXT
    assert hand.canvas.board.cards["double"].card.subtitle == "Multiply"
