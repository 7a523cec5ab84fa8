"""Nodes are switched off and bypassed by keys and menu, and look like it."""

from __future__ import annotations

from typing import Any

from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication

from flodesk.engine.client import NodeState
from flodesk.engine.preview import Preview
from flodesk.ui.canvas.pointed import pointed_at
from flodesk.ui.canvas.tips import tip
from flodesk.ui.canvas.wire_item import WireItem


def picture(hand: Any, key: str, zoom: float) -> QImage:
    canvas = hand.canvas
    canvas.zoom_to(zoom)
    canvas.viewer.center_on(canvas.board.cards[key].box().center())
    QApplication.processEvents()
    box = canvas.viewer.mapFromScene(canvas.board.cards[key].box()).boundingRect()
    return canvas.viewport().grab(box).toImage()


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


def test_no_run_counts_for_a_card_that_is_off(hand: Any) -> None:
    canvas = hand.canvas
    canvas.fit()
    canvas.select(["size"])
    canvas.switching.toggle_off()
    canvas.viewer.scene().clearSelection()
    never_ran = {zoom: picture(hand, "size", zoom) for zoom in (0.2, 0.5, 1.0)}
    canvas.document.undo()
    canvas.show_states({"flow.size": NodeState("failed", 3, 0.2)})
    canvas.board.show_failures({"flow.size": "ValueError: too high"})
    canvas.show_previews({"flow.size": Preview("number", "0.873")})
    ran = picture(hand, "size", 1.0)
    canvas.document.redo()
    canvas.show_states({"flow.size": NodeState("done", 4, 0.2)})
    canvas.show_previews({"flow.size": Preview("none", "None")})
    canvas.viewer.scene().clearSelection()
    assert {zoom: picture(hand, "size", zoom) for zoom in (0.2, 0.5, 1.0)} == never_ran
    card = canvas.board.cards["size"]
    assert "ran" not in tip(card).split()
    seen = pointed_at(card.ports["out", ""], canvas.board)
    assert seen is not None
    assert seen.preview is None
    canvas.document.undo()
    canvas.show_states({"flow.size": NodeState("failed", 3, 0.2)})
    canvas.viewer.scene().clearSelection()
    assert picture(hand, "size", 1.0) == ran, "what it gave when it was on is there again"


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
