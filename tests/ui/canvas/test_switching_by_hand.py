"""Nodes are switched off and bypassed by keys and menu, and look like it."""

from __future__ import annotations

from typing import Any

from PySide6.QtWidgets import QApplication

from flodesk.ui.canvas.wire_item import WireItem


def test_a_bypassed_card_is_pale_and_its_value_passes(hand: Any) -> None:
    canvas = hand.canvas
    text, before = hand.text, canvas.viewport().grab().toImage()
    canvas.select(["louder"])
    assert canvas.switching.possible
    canvas.switching.toggle_bypass()
    assert "    louder = signal  # bypass: maths.multiply(signal, level)\n" in hand.text
    assert canvas.selection() == ["louder"]
    assert canvas.switching.is_bypassed
    wires = {ends[0][0]: wire for ends, wire in canvas.board.wires.items() if ends[1][0] == "louder"}
    assert isinstance(wires["signal"], WireItem)
    assert (wires["signal"].passes, wires["level"].passes) == (True, False)
    canvas.viewer.scene().clearSelection()
    QApplication.processEvents()
    assert canvas.viewport().grab().toImage() != before
    hand.check()
    canvas.document.undo()
    assert hand.text == text


def test_the_menu_of_a_card_switches_it(hand: Any) -> None:
    canvas = hand.canvas
    canvas.select(["chart"])
    entries = {entry[0]: entry[2] for entry in canvas.switching.entries() if entry is not None}
    entries["Switch off"]()
    assert "    chart = None  # off: show.line(louder)\n" in hand.text
    assert canvas.board.cards["chart"].card.subtitle.startswith("off · ")
    assert "switched off" in canvas.viewer.tip(canvas.board.cards["chart"])
    canvas.context._open(canvas.node_center("chart"), canvas.viewport().mapToGlobal(canvas.node_center("chart")))
    menu = canvas.context.menu
    on = next(action for action in menu.actions() if action.text().startswith("Switch on"))
    on.trigger()
    menu.close()
    assert "    chart = show.line(louder)\n" in hand.text


def test_what_cannot_be_bypassed_is_said_and_nothing_changes(hand: Any) -> None:
    canvas = hand.canvas
    text = hand.text
    canvas.select(["level"])
    canvas.switching.toggle_bypass()
    assert "cannot be bypassed" in hand.said[-1]
    assert hand.text == text


def test_a_wire_to_a_card_that_is_off_is_refused(hand: Any) -> None:
    canvas = hand.canvas
    canvas.select(["louder"])
    canvas.switching.toggle_off()
    port = canvas.board.graph.nodes["louder"].inputs[0].name
    assert "switched off" in canvas.changes.refusal(("level", ""), ("louder", port), None)
