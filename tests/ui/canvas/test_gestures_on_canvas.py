"""Each gesture of the mouse makes one edit, and what is drawn is what the script says."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication

from flodesk.ui.canvas import InputEnd, OutputEnd
from flodesk.ui.canvas.card import HEADER

SHIFT, CTRL = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier


def drop(hand: Any, path: str, at: QPoint) -> None:
    data = QMimeData()
    data.setData("application/x-flodesk-node", path.encode())
    buttons, keys = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    for make in (QDragEnterEvent, QDropEvent):
        where = at if make is QDragEnterEvent else QPointF(at)
        event = make(where, Qt.DropAction.CopyAction, data, buttons, keys)
        QApplication.sendEvent(hand.canvas.viewport(), event)
        assert event.isAccepted()
    QApplication.processEvents()


def test_drag_of_a_card_changes_one_line_and_is_one_undo(hand: Any) -> None:
    before = hand.text.splitlines()
    start = hand.canvas.node_center("size")
    hand.drag(start, start + QPoint(50, -40))
    after = hand.text.splitlines()
    assert [(a, b) for a, b in zip(before, after, strict=True) if a != b] == [
        ("# size = [600, 100]", "# size = [650, 60]")
    ]
    assert hand.undo_steps == 1
    hand.check()
    hand.canvas.document.undo()
    assert hand.text.splitlines() == before
    hand.check()


def test_drag_moves_all_selected_cards(hand: Any) -> None:
    hand.click(hand.canvas.node_center("size"))
    hand.click(hand.canvas.node_center("chart"), CTRL)
    assert hand.canvas.selection() == ["size", "chart"]
    start = hand.canvas.node_center("size")
    hand.drag(start, start + QPoint(24, 10))
    places = hand.canvas.document.flow.header.canvas["flow"]
    assert (places["size"], places["chart"]) == ((624, 110), (624, 310))
    assert hand.undo_steps == 1
    hand.check()


def test_escape_takes_a_drag_of_a_card_back(hand: Any) -> None:
    before = hand.text
    start = hand.canvas.node_center("size")
    hand.drag(start, start + QPoint(80, 80), drop=False)
    assert hand.canvas.board.cards["size"].x() != 600
    hand.key(Qt.Key.Key_Escape)
    hand.release(start + QPoint(80, 80))
    assert hand.text == before
    hand.check()


def test_wire_by_drag_is_one_undo_step(hand: Any) -> None:
    canvas = hand.canvas
    hand.drag(canvas.port_position("signal", "", "out"), canvas.port_position("chart", "values[1]", "in"))
    assert "chart = show.line(louder, signal)" in hand.text
    assert hand.undo_steps == 1
    hand.check()
    canvas.document.undo()
    assert "chart = show.line(louder)" in hand.text
    hand.check()


def test_wire_by_two_clicks(hand: Any) -> None:
    canvas = hand.canvas
    hand.click(canvas.port_position("signal", "", "out"))
    assert canvas.viewer.live.isVisible()
    hand.move(canvas.port_position("chart", "values[1]", "in") - QPoint(60, 0))
    hand.click(canvas.port_position("chart", "values[1]", "in"))
    assert "show.line(louder, signal)" in hand.text
    hand.check()


def test_wire_from_an_input_to_an_output(hand: Any) -> None:
    canvas = hand.canvas
    hand.drag(canvas.port_position("chart", "values[1]", "in"), canvas.port_position("signal", "", "out"))
    assert "show.line(louder, signal)" in hand.text
    hand.check()


def test_wire_let_go_over_a_card_finds_the_port(hand: Any) -> None:
    canvas = hand.canvas
    hand.drag(canvas.port_position("signal", "", "out"), canvas.node_center("chart"))
    assert "show.line(louder, signal)" in hand.text
    hand.check()


def test_wire_taken_off_at_its_end_and_let_go_over_nothing_is_gone(hand: Any) -> None:
    canvas = hand.canvas
    wire = (("louder", ""), ("size", "signal"))
    assert wire in hand.wires()
    hand.drag(canvas.port_position("size", "signal", "in"), hand.empty_place())
    assert wire not in hand.wires()
    assert hand.undo_steps == 1
    hand.check()
    canvas.document.undo()
    assert wire in hand.wires()
    hand.check()


def test_wire_pulled_in_its_middle_comes_off_and_goes_elsewhere(hand: Any) -> None:
    canvas = hand.canvas
    ends = (("signal", ""), ("louder", hand_input(hand, "louder", "signal")))
    hand.drag(canvas.wire_position(*ends, 0.7), canvas.port_position("size", "signal", "in"))
    assert ends not in hand.wires()
    assert (("signal", ""), ("size", "signal")) in hand.wires()
    assert "size = dsp.rms(signal)" in hand.text
    assert hand.undo_steps == 1
    hand.check()


def hand_input(hand: Any, node: str, source: str) -> str:
    return next(w.target[1] for w in hand.canvas.board.graph.wires if w.target[0] == node and w.source[0] == source)


def test_click_on_a_wire_selects_it_and_delete_takes_it_out(hand: Any) -> None:
    wire = (("louder", ""), ("size", "signal"))
    before = hand.text
    hand.click(hand.canvas.wire_position(*wire))
    assert hand.text == before
    hand.check()
    hand.key(Qt.Key.Key_Delete)
    assert wire not in hand.wires()
    hand.check()


def test_refused_drop_leaves_the_old_wire_and_says_why(hand: Any) -> None:
    canvas = hand.canvas
    before = hand.text
    # `size` reads what `louder` gives, so `louder` cannot read `size`: a circle
    target = hand_input(hand, "louder", "level")
    hand.drag(canvas.port_position("size", "", "out"), canvas.port_position("louder", target, "in"))
    assert hand.text == before
    assert hand.undo_steps == 0
    assert len(hand.said) == 1
    assert hand.said[0].endswith((".", "?", ")")), hand.said
    assert "size" in hand.said[0] or "louder" in hand.said[0], hand.said
    hand.check()


def test_rewiring_to_a_port_that_refuses_keeps_the_wire(hand: Any) -> None:
    canvas = hand.canvas
    before = hand.text
    hand.drag(canvas.port_position("size", "signal", "in"), canvas.port_position("level", "", "out"))
    hand.drag(canvas.port_position("size", "signal", "in"), canvas.port_position("louder", "", "out"))
    assert "dsp.rms(louder)" in hand.text
    assert hand.text == before
    assert hand.said, "an output dropped on another output is no wire"
    hand.check()


def test_wire_hovering_over_a_port_that_refuses_turns_red_and_others_fade(hand: Any) -> None:
    canvas = hand.canvas
    target = hand_input(hand, "louder", "level")
    hand.drag(canvas.port_position("size", "", "out"), canvas.port_position("louder", target, "in"), drop=False)
    assert canvas.viewer.live.refused
    assert canvas.viewer.gesture.message
    cards = canvas.board.cards
    assert cards["signal"].ports["out", ""].faded, "an output cannot take a wire from an output"
    assert cards["size"].ports["in", "signal"].faded, "nor can the own node"
    assert not cards["chart"].ports["in", "values[1]"].faded
    hand.move(canvas.port_position("chart", "values[1]", "in"))
    assert not canvas.viewer.live.refused
    assert canvas.viewer.live.settled
    hand.key(Qt.Key.Key_Escape)
    hand.release(canvas.port_position("chart", "values[1]", "in"))
    hand.check()


@pytest.mark.parametrize("begin", ["port", "wired", "wire"])
def test_escape_cancels_a_wire(hand: Any, begin: str) -> None:
    canvas = hand.canvas
    before = hand.text
    start = {
        "port": canvas.port_position("signal", "", "out"),
        "wired": canvas.port_position("size", "signal", "in"),
        "wire": canvas.wire_position(("louder", ""), ("size", "signal"), 0.8),
    }[begin]
    hand.drag(start, hand.empty_place(), drop=False)
    assert canvas.viewer.live.isVisible()
    hand.key(Qt.Key.Key_Escape)
    assert not canvas.viewer.live.isVisible()
    hand.release(hand.empty_place())
    assert hand.text == before
    hand.check()


def test_wire_let_go_over_nothing_asks_for_a_node_with_its_end(hand: Any) -> None:
    asked: list[tuple[Any, ...]] = []
    hand.canvas.quick_add_requested.connect(lambda *what: asked.append(what))
    at = hand.empty_place()
    hand.drag(hand.canvas.port_position("signal", "", "out"), at)
    hand.drag(hand.canvas.port_position("signal", "block", "in"), at) if (
        "in", "block") in hand.canvas.board.cards["signal"].ports else None  # fmt: skip
    assert isinstance(asked[0][2], OutputEnd)
    assert asked[0][2][:2] == ("signal", "")
    assert asked[0][2].type == "signal"
    assert (asked[0][1] - hand.canvas.to_scene(at)).manhattanLength() < 2
    assert hand.undo_steps == 0
    hand.check()


def test_node_added_to_a_loose_output_is_wired_in_the_same_step(hand: Any) -> None:
    added = hand.canvas.add_node("flodesk.nodes.dsp.rms", QPointF(900, 500), OutputEnd("signal", "", "signal"))
    assert (("signal", ""), (added, "signal")) in hand.wires()
    assert hand.undo_steps == 1
    hand.check()


def test_node_added_to_a_loose_input_feeds_it_in_the_same_step(hand: Any) -> None:
    added = hand.canvas.add_node("flodesk.nodes.source.sine", QPointF(-300, 500), InputEnd("size", "signal", "signal"))
    assert ((added, ""), ("size", "signal")) in hand.wires()
    assert hand.undo_steps == 1
    hand.check()


def test_double_click_on_the_ground_asks_for_a_node(hand: Any) -> None:
    asked: list[tuple[Any, ...]] = []
    hand.canvas.quick_add_requested.connect(lambda *what: asked.append(what))
    hand.double_click(hand.empty_place())
    assert len(asked) == 1
    assert asked[0][2] is None


def test_double_click_on_a_body_opens_the_node(hand: Any) -> None:
    opened: list[str] = []
    hand.canvas.node_activated.connect(opened.append)
    hand.double_click(hand.canvas.node_center("level") + QPoint(0, 70))
    assert opened == ["flow.level"]


def test_drop_from_the_library_adds_a_node_there(hand: Any) -> None:
    at = hand.empty_place()
    place = hand.canvas.to_scene(at)
    drop(hand, "flodesk.nodes.maths.add", at)
    assert hand.canvas.selection() == ["add"]
    card = hand.canvas.board.cards["add"]
    assert QRectF(card.x(), card.y(), card.card.width, HEADER).contains(place)  # its header is under the cursor
    assert hand.undo_steps == 1
    hand.check()
    hand.canvas.document.undo()
    assert "add" not in hand.canvas.board.cards
    hand.check()


def test_drop_on_a_wire_inserts_the_node(hand: Any) -> None:
    wire = (("louder", ""), ("size", "signal"))
    drop(hand, "flodesk.nodes.dsp.Lowpass", hand.canvas.wire_position(*wire))
    (added,) = hand.canvas.selection()
    assert wire not in hand.wires()
    assert ("louder", "") in {w[0] for w in hand.wires() if w[1][0] == added}
    assert added in {w[0][0] for w in hand.wires() if w[1] == ("size", "signal")}
    assert hand.undo_steps == 1
    hand.check()


def test_drop_of_a_type_that_is_not_known_is_refused_in_words(hand: Any) -> None:
    before = hand.text
    drop(hand, "flodesk.nodes.maths.nonsense", hand.empty_place())
    assert hand.text == before
    assert "nonsense" in hand.said[0]
    hand.check()


def test_marquee_selects_extends_and_takes_away(hand: Any) -> None:
    canvas = hand.canvas
    boxes = {k: canvas.viewer.mapFromScene(c.box()).boundingRect() for k, c in canvas.board.cards.items()}
    margin = QPoint(14, 12)
    both = boxes["level"].united(boxes["signal"])
    hand.drag(both.topLeft() - margin, both.bottomRight() + margin)
    assert set(canvas.selection()) == {"level", "signal"}
    chart = boxes["chart"]
    hand.drag(chart.topLeft() - margin, chart.bottomRight() + margin, SHIFT)
    assert set(canvas.selection()) == {"level", "signal", "chart"}
    hand.drag(boxes["level"].topLeft() - margin, boxes["level"].bottomRight() + margin, CTRL)
    assert set(canvas.selection()) == {"signal", "chart"}
    assert hand.undo_steps == 0
    hand.check()


def test_click_selects_one_ctrl_and_shift_toggle_ground_clears(hand: Any) -> None:
    seen: list[list[str]] = []
    hand.canvas.selection_changed.connect(seen.append)
    hand.click(hand.canvas.node_center("size"))
    hand.click(hand.canvas.node_center("level"), SHIFT)
    hand.click(hand.canvas.node_center("size"), CTRL)
    assert hand.canvas.selection() == ["level"]
    hand.click(hand.empty_place())
    assert seen == [["size"], ["level", "size"], ["level"], []]


def test_slicing_takes_out_the_wires_under_the_cut(hand: Any) -> None:
    canvas = hand.canvas
    a = canvas.wire_position(("louder", ""), ("size", "signal"))
    keys = Qt.KeyboardModifier.AltModifier | SHIFT
    hand.drag(a - QPoint(0, 60), a + QPoint(0, 50), keys)
    hand.move(a + QPoint(0, 51))
    assert (("louder", ""), ("size", "signal")) not in hand.wires()
    hand.check()


def test_empty_flow_shows_a_hint_and_takes_a_drop(open_canvas: Callable[..., Any]) -> None:
    hand = open_canvas("import flodesk\n\n\ndef flow():\n    pass\n")
    assert hand.canvas.viewer.hint
    drop(hand, "flodesk.nodes.maths.add", QPoint(600, 400))
    assert not hand.canvas.viewer.hint
    assert list(hand.canvas.board.cards) == ["add"]
    hand.check()


def test_escape_after_a_marquee_puts_no_card_back_to_where_it_stood_then(hand: Any) -> None:
    canvas = hand.canvas
    box = canvas.board.cards["signal"].box()
    corner = canvas.viewer.mapFromScene(box.topLeft()) - QPoint(30, 30)
    hand.drag(corner, canvas.viewer.mapFromScene(box.bottomRight()) + QPoint(5, 5))
    hand.drag(corner, canvas.viewer.mapFromScene(box.bottomRight()) + QPoint(5, 5))
    assert canvas.selection() == ["signal"]
    canvas.changes.move({"signal": (box.x() + 200, box.y() + 100)})
    canvas.select(["size"])
    hand.press(at := canvas.node_center("chart"))
    hand.move(at + QPoint(20, 40))
    hand.key(Qt.Key.Key_Escape)
    hand.release(at)
    hand.check()
