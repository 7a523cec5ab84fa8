"""A field gets its first wire by hand: over its chip, or over its card and chosen from a menu."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu

from flodesk.ui.canvas.card import chip_box

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
# signal = [0, 240]
# clean = [400, 60]
# every = [0, 560]
# lowpass = [400, 320]
# ///
import flodesk
from flodesk.nodes import control, dsp, source, timing


def flow():
    level = control.slider(2.0, minimum=0.0, maximum=10.0)
    signal = source.sine(0, frequency=5.0, samples=50)
    clean = dsp.butterworth(signal, cutoff=20.0, kind="lowpass")
    lowpass = dsp.Lowpass(order=4)
    for every in timing.every(0.1):
        low = lowpass(signal, cutoff=8.0)


if __name__ == "__main__":
    flodesk.main(flow)
"""


@pytest.fixture
def hand(open_canvas: Callable[..., Any]) -> Any:
    hand = open_canvas(TEXT)
    hand.canvas.zoom_to(1.0)
    return hand


def chip(hand: Any, node: str, field: str) -> QPoint:
    card = hand.canvas.board.cards[node]
    found = next(chip for chip in card.card.chips if chip.label == field)
    at: QPoint = hand.canvas.viewer.mapFromScene(card.mapToScene(chip_box(card.card, found).center()))
    return at


def out(hand: Any, node: str) -> QPoint:
    at: QPoint = hand.canvas.port_position(node, "", "out")
    return at


def menu_of(hand: Any) -> QMenu:
    menu = hand.canvas.context.menu
    assert isinstance(menu, QMenu)
    assert menu.isVisible()
    return menu


def line(hand: Any, start: str) -> str:
    return next(text.strip() for text in hand.text.splitlines() if text.strip().startswith(start))


def test_wire_let_go_over_a_field_sets_it_in_one_step(hand: Any) -> None:
    before = hand.text
    hand.drag(out(hand, "level"), chip(hand, "clean", "cutoff"))
    assert line(hand, "clean =") == 'clean = dsp.butterworth(signal, cutoff=level, kind="lowpass")'
    assert (("level", ""), ("clean", "cutoff")) in hand.wires()
    assert hand.undo_steps == 1
    assert hand.said == []
    hand.check()
    hand.canvas.document.undo()
    assert hand.text == before
    hand.check()


def test_field_of_a_call_with_state_in_a_loop_takes_a_wire(hand: Any) -> None:
    hand.drag(out(hand, "level"), chip(hand, "lowpass", "cutoff"))
    assert line(hand, "low =") == "low = lowpass(signal, cutoff=level)"
    assert hand.undo_steps == 1
    hand.check()


def test_field_under_the_hand_lights_up_if_it_fits(hand: Any) -> None:
    card = hand.canvas.board.cards["clean"]
    hand.drag(out(hand, "level"), chip(hand, "clean", "cutoff"), drop=False)
    assert card.lit_field == "cutoff"
    assert hand.canvas.viewer.live.settled
    dark = hand.canvas.viewer.grab().toImage()
    hand.move(chip(hand, "clean", "kind"))
    assert card.lit_field == ""
    assert hand.canvas.viewer.gesture.message
    assert hand.canvas.viewer.grab().toImage() != dark
    hand.move(chip(hand, "clean", "cutoff"))
    hand.key(Qt.Key.Key_Escape)
    assert card.lit_field == ""
    hand.check()


def test_field_of_another_type_refuses_in_words(hand: Any) -> None:
    before = hand.text
    hand.drag(out(hand, "signal"), chip(hand, "clean", "cutoff"))
    assert hand.text == before
    assert hand.undo_steps == 0
    assert len(hand.said) == 1
    assert "cutoff" in hand.said[0]
    assert "signal" in hand.said[0]
    hand.check()


def test_field_of_the_constructor_refuses_what_comes_from_the_loop(hand: Any) -> None:
    before = hand.text
    hand.drag(out(hand, "every"), chip(hand, "lowpass", "order"))
    assert hand.text == before
    assert hand.undo_steps == 0
    assert len(hand.said) == 1
    assert "before its loop" in hand.said[0]
    hand.check()


def test_wire_let_go_over_a_card_without_a_free_port_asks_for_the_field(hand: Any) -> None:
    hand.drag(out(hand, "level"), hand.canvas.node_center("clean"))
    assert hand.undo_steps == 0
    menu = menu_of(hand)
    assert [action.text() for action in menu.actions()] == ["cutoff (Hz)"]
    QTest.keyClick(menu, Qt.Key.Key_Down)
    QTest.keyClick(menu, Qt.Key.Key_Return)
    QApplication.processEvents()
    assert "cutoff=level" in line(hand, "clean =")
    assert hand.undo_steps == 1
    hand.check()


def test_escape_leaves_the_menu_of_fields_without_a_change(hand: Any) -> None:
    before = hand.text
    hand.drag(out(hand, "level"), hand.canvas.node_center("clean"))
    menu = menu_of(hand)
    QTest.keyClick(menu, Qt.Key.Key_Escape)
    QApplication.processEvents()
    assert hand.text == before
    assert hand.undo_steps == 0
    hand.check()


def test_field_that_the_script_does_not_set_is_offered_too(open_canvas: Callable[..., Any]) -> None:
    hand = open_canvas(TEXT.replace(", cutoff=20.0", ""))
    hand.drag(out(hand, "level"), hand.canvas.node_center("clean"))
    menu_of(hand).actions()[0].trigger()
    menu_of(hand).close()
    assert "cutoff=level" in line(hand, "clean =")
    hand.check()


def test_wire_taken_off_goes_to_a_field_in_one_step(hand: Any) -> None:
    before = hand.text
    hand.drag(out(hand, "level"), chip(hand, "clean", "cutoff"))
    hand.drag(hand.canvas.port_position("clean", "cutoff", "in"), chip(hand, "lowpass", "cutoff"))
    assert "cutoff=level" not in line(hand, "clean =")
    assert line(hand, "low =") == "low = lowpass(signal, cutoff=level)"
    assert hand.undo_steps == 2
    hand.check()
    hand.canvas.document.undo()
    hand.canvas.document.undo()
    assert hand.text == before


def test_open_port_comes_before_the_fields(open_canvas: Callable[..., Any]) -> None:
    hand = open_canvas(TEXT.replace("butterworth(signal, cutoff", "butterworth(cutoff"))
    hand.drag(out(hand, "signal"), hand.canvas.node_center("clean"))
    assert hand.canvas.context.menu is None
    assert (("signal", ""), ("clean", "signal")) in hand.wires()
    hand.check()
