"""Ports of a subflow by hand: a wire let go over its inputs or its return makes one; the menu names and moves them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu

TEXT = """\
# /// script
# [tool.flodesk]
# version = 1
#
# [tool.flodesk.canvas.cleanup]
# def = [0, 100]
# louder = [300, 0]
# size = [560, 120]
# return = [860, 100]
# ///
import flodesk
from flodesk.nodes import dsp, maths, show, source


def cleanup(signal, gain: float = 2.0):
    louder = maths.scale(signal, factor=gain)
    size = dsp.rms()
    return size


def flow():
    signal = source.sine(0, samples=50)
    first = cleanup(signal, 3.0)
    shown = show.number(first)


if __name__ == "__main__":
    flodesk.main(flow)
"""


@pytest.fixture
def inside(open_canvas: Callable[..., Any]) -> Any:
    hand = open_canvas(TEXT, "cleanup")
    hand.canvas.zoom_to(0.9)
    hand.canvas.viewer.move_to(QPointF(-60, -60))
    return hand


def body(hand: Any, card: str) -> QPoint:
    """A point of a card with no port near."""
    item = hand.canvas.board.cards[card]
    return hand.canvas.viewer.mapFromScene(QPointF(item.box().center().x(), item.box().top() + 10))


def choose(hand: Any, card: str, *titles: str) -> None:
    """Open the menu of a card and take an entry of it."""
    at = body(hand, card)
    event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, at, hand.canvas.viewport().mapToGlobal(at))
    QApplication.sendEvent(hand.canvas.viewport(), event)
    menu = hand.canvas.context.menu
    for title in titles[:-1]:
        menu = next(a.menu() for a in menu.actions() if a.text() == title)
        assert isinstance(menu, QMenu)
    next(a for a in menu.actions() if a.text().partition("\t")[0] == titles[-1]).trigger()
    hand.canvas.context.menu.close()
    QApplication.processEvents()


def test_an_input_dragged_onto_the_inputs_is_one_of_the_function(inside: Any) -> None:
    before = inside.text
    inside.drag(inside.canvas.port_position("size", "signal", "in"), body(inside, "def"))
    assert "def cleanup(signal, signal_2, gain: float = 2.0):" in inside.text
    assert "size = dsp.rms(signal_2)" in inside.text
    assert "first = cleanup(signal, gain=3.0)" in inside.text
    assert inside.undo_steps == 1
    inside.check()
    inside.canvas.document.undo()
    assert inside.text == before
    inside.check()


def test_over_a_port_of_the_inputs_it_is_that_one(inside: Any) -> None:
    inside.drag(
        inside.canvas.port_position("size", "signal", "in"), inside.canvas.port_position("def", "signal", "out")
    )
    assert "size = dsp.rms(signal)" in inside.text
    assert "def cleanup(signal, gain: float = 2.0):" in inside.text


def test_an_output_dragged_onto_the_return_is_returned_too(inside: Any) -> None:
    inside.drag(inside.canvas.port_position("louder", "", "out"), body(inside, "return"))
    assert "return Cleanup(size, louder)" in inside.text
    assert "first = first_parts.size" in inside.text
    assert inside.undo_steps == 1
    inside.check()
    choose(inside, "return", "Output size", "Rename…")
    field = inside.canvas.picking.naming.field
    QTest.keyClicks(field, "level")
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert "first = first_parts.level" in inside.text
    assert "    level: float\n    louder: " in inside.text
    choose(inside, "return", "Output louder", "Move up")
    assert "return Cleanup(louder, size)" in inside.text
    inside.canvas.document.undo()
    inside.canvas.document.undo()
    assert "first = first_parts.size" in inside.text
    choose(inside, "return", "Output louder", "Return it no more")
    assert "return Cleanup(size)" in inside.text
    inside.check()


def test_the_menu_of_the_inputs_renames_moves_and_removes(inside: Any) -> None:
    choose(inside, "def", "Input gain", "Rename…")
    field = inside.canvas.picking.naming.field
    QTest.keyClicks(field, "amount")
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert "def cleanup(signal, amount: float = 2.0):" in inside.text
    assert "factor=amount" in inside.text
    inside.check()
    choose(inside, "def", "Add an input")
    assert "def cleanup(signal, value, amount: float = 2.0):" in inside.text
    choose(inside, "def", "Input value", "Move up")
    assert "def cleanup(value, signal, amount: float = 2.0):" in inside.text
    choose(inside, "def", "Input value", "Remove")
    assert "def cleanup(signal, amount: float = 2.0):" in inside.text
    choose(inside, "def", "Input signal", "Remove")
    assert "is read by “louder”" in inside.said[-1]
    inside.check()


def test_keys_make_ports_too(inside: Any) -> None:
    inside.canvas.select(["size"])
    inside.key(Qt.Key.Key_W)
    inside.key(Qt.Key.Key_Left)
    inside.key(Qt.Key.Key_Return)
    popup = inside.canvas.walk.list
    QTest.keyClicks(popup.field, "new input")
    QTest.keyClick(popup.field, Qt.Key.Key_Return)
    QApplication.processEvents()
    assert "size = dsp.rms(signal_2)" in inside.text
    inside.check()


def test_a_function_that_is_run_by_itself_takes_nothing(open_canvas: Callable[..., Any]) -> None:
    hand = open_canvas(TEXT, "flow")
    assert hand.canvas.context.of_function() == []
    inside = open_canvas(TEXT.replace("signal, gain: float = 2.0", "").replace("signal, factor=gain", "1.0"), "cleanup")
    (title, _, make) = inside.canvas.context.of_function()[0]
    assert title == "Add an input"
    make()
    assert "def" in inside.canvas.board.cards
