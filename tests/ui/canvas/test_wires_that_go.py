"""A wire that goes, or is let go over nothing, leaves no mark on any card; one that replaces another says so."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from flodesk.ui.canvas import FlowCanvas


def is_painted_anew(canvas: FlowCanvas) -> bool:
    """Say whether what is seen is what it would be if every card were painted again."""
    QApplication.processEvents()
    seen = canvas.viewport().grab().toImage()
    for card in canvas.board.cards.values():
        card.update()
    QApplication.processEvents()
    return bool(canvas.viewport().grab().toImage() == seen)


@pytest.fixture
def at_hand(hand: Any) -> Any:
    hand.canvas.zoom_to(1.0)
    hand.canvas.viewer.center_on(hand.canvas.board.cards["louder"].box().center())
    QApplication.processEvents()
    assert is_painted_anew(hand.canvas)
    return hand


def taken(hand: Any) -> str:
    """Return the name of the input that “level” feeds."""
    return next(end[1] for source, end in hand.wires() if source == ("level", ""))


def test_a_port_is_hollow_once_its_wire_was_replaced_and_the_message_says_so(at_hand: Any) -> None:
    canvas, before = at_hand.canvas, at_hand.text
    port = taken(at_hand)
    at_hand.drag(canvas.port_position("signal", "", "out"), canvas.port_position("louder", port, "in"))
    assert "multiply(signal, signal)" in at_hand.text
    assert not canvas.board.cards["level"].ports["out", ""].wired
    label = canvas.board.cards["louder"].ports["in", port].port.label
    assert at_hand.said == [
        f"louder takes signal as {label} now, in place of level. Undo (Ctrl+Z) brings that wire back."
    ]
    canvas.viewer.clearFocus()
    at_hand.move(at_hand.empty_place())
    assert is_painted_anew(canvas)
    canvas.document.undo()
    canvas.refresh()
    assert at_hand.text == before


def test_a_port_is_hollow_once_its_wire_was_taken_out(at_hand: Any) -> None:
    canvas = at_hand.canvas
    at_hand.drag(canvas.port_position("louder", taken(at_hand), "in"), at_hand.empty_place())
    assert not canvas.board.cards["level"].ports["out", ""].wired
    assert is_painted_anew(canvas)
    assert at_hand.said == []


def test_rewiring_to_an_open_port_says_nothing(at_hand: Any) -> None:
    canvas = at_hand.canvas
    at_hand.drag(canvas.port_position("signal", "", "out"), canvas.port_position("chart", "values[1]", "in"))
    assert "show.line(louder, signal)" in at_hand.text
    assert at_hand.said == []


@pytest.mark.parametrize("begin", [("level", "", "out"), ("chart", "", "out"), ("size", "signal", "in")])
def test_no_port_stays_dim_once_a_wire_was_let_go_over_nothing(at_hand: Any, begin: tuple[str, str, str]) -> None:
    canvas = at_hand.canvas
    at_hand.drag(canvas.port_position(*begin), at_hand.empty_place(), drop=False)
    for card in canvas.board.cards.values():
        card.update()  # as a run does that tells how far it is
    QApplication.processEvents()
    canvas.viewport().grab()
    assert any(card.pale for card in canvas.board.cards.values()) is (begin[0] == "chart")
    at_hand.release(at_hand.empty_place())
    assert not canvas.viewer.gesture.active
    at_hand.key(Qt.Key.Key_Escape)
    assert is_painted_anew(canvas)
