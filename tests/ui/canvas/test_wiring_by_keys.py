"""Wires by keyboard alone: to the ports of a card, along wires, a list of what fits, Enter, Escape."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from flodesk.ui.canvas.taker_list import TAKER, NewNode, TakerList

SHIFT, ALT = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.AltModifier
Key = Qt.Key


ENDS = """\
from flodesk.nodes import dsp, maths, source


def part(signal):
    louder = maths.scale(signal)
    return signal + 5


def flow():
    first = part(source.sine(0))


if __name__ == "__main__":
    flodesk.main(flow)
"""


def listed(popup: TakerList) -> list[str]:
    model = popup.list.model()
    return [model.index(row, 0).data() for row in range(model.rowCount())]


def open_list(hand: Any, until: int) -> TakerList:
    """Wait until the list has so many rows, and return it."""
    popup = hand.canvas.walk.list
    assert isinstance(popup, TakerList)
    for _ in range(2000):
        QApplication.processEvents()
        if popup.list.model().rowCount() >= until or not popup._more.isActive():
            break
    return popup


def in_list(popup: TakerList, key: Qt.Key) -> None:
    QTest.keyClick(popup.field, key)
    QApplication.processEvents()


def choose(popup: TakerList, row: str) -> None:
    popup.list.setCurrentIndex(popup.list.model().index(listed(popup).index(row), 0))
    in_list(popup, Key.Key_Return)


def test_w_goes_to_the_ports_of_the_selected_card_and_arrows_from_port_to_port(hand: Any) -> None:
    walk = hand.canvas.walk
    hand.canvas.select(["louder"])
    hand.key(Key.Key_W)
    assert walk.port.is_output
    assert walk.port.end[0] == "louder"
    hand.key(Key.Key_Left)
    first = walk.port
    assert not first.is_output
    hand.key(Key.Key_Down)
    assert walk.port is not first
    assert walk.port.node is first.node
    assert not walk.port.is_output
    hand.key(Key.Key_Up)
    assert walk.port is first
    hand.key(Key.Key_Escape)
    assert walk.port is None
    assert hand.canvas.selection() == ["louder"]
    assert hand.undo_steps == 0
    hand.check()


def test_arrows_walk_along_wires_from_card_to_card(hand: Any) -> None:
    walk = hand.canvas.walk
    hand.canvas.select(["signal"])
    hand.key(Key.Key_W)
    hand.key(Key.Key_Right)
    assert walk.port is None
    assert walk.wire().wire.target[0] == "louder"
    assert hand.canvas.selection() == []
    hand.key(Key.Key_Right)
    assert walk.port.node.id == "louder"
    assert not walk.port.is_output
    hand.key(Key.Key_Right)
    hand.key(Key.Key_Right)
    to = {walk.wire().wire.target[0]}
    hand.key(Key.Key_Down)
    to.add(walk.wire().wire.target[0])
    assert to == {"size", "chart"}
    hand.key(Key.Key_Left)
    assert walk.port.node.id == "louder"
    assert walk.port.is_output


def test_alt_and_an_arrow_selects_the_card_at_the_other_end_of_a_wire(hand: Any) -> None:
    hand.canvas.select(["signal"])
    hand.key(Key.Key_Right, ALT)
    assert hand.canvas.selection() == ["louder"]
    hand.key(Key.Key_Right, ALT)
    assert hand.canvas.selection()[0] in ("size", "chart")
    hand.key(Key.Key_Right, ALT)
    assert "leads on" in hand.said[-1]
    hand.key(Key.Key_Left, ALT)
    assert hand.canvas.selection() == ["louder"]


def test_enter_lists_only_what_fits_and_wires_what_is_chosen(hand: Any) -> None:
    before = hand.text
    hand.canvas.select(["level"])
    hand.key(Key.Key_W)
    hand.key(Key.Key_Return)
    popup = open_list(hand, 99)
    found = [popup.list.model().index(row, 0).data(TAKER) for row in range(popup.list.model().rowCount())]
    ends = {taker.end for taker in found if hasattr(taker, "end")}
    assert ("signal", "frequency") in ends  # a field
    assert not any(end[0] == "level" for end in ends)
    assert ("chart", "title") not in ends  # a text
    assert ("louder", "values[1]") not in ends
    assert len(ends) > 2
    assert hand.canvas.viewer.live.isVisible()
    choose(popup, "signal · frequency")
    assert "frequency=level" in hand.text
    assert not hand.canvas.viewer.live.isVisible()
    assert hand.undo_steps == 1
    hand.check()
    hand.canvas.document.undo()
    assert hand.text == before


def test_what_would_go_round_in_a_circle_is_not_listed(hand: Any) -> None:
    hand.canvas.select(["louder"])
    hand.key(Key.Key_W)
    hand.key(Key.Key_Return)
    popup = open_list(hand, 3)
    for _ in range(50):
        QApplication.processEvents()
    assert not any(row.startswith("signal") for row in listed(popup))
    in_list(popup, Key.Key_Escape)


def test_a_chosen_port_is_wired_in_one_step_and_escape_wires_nothing(hand: Any) -> None:
    before = hand.text
    hand.canvas.select(["signal"])
    hand.key(Key.Key_W)
    hand.key(Key.Key_Return)
    popup = open_list(hand, 3)
    in_list(popup, Key.Key_Escape)
    assert hand.canvas.walk.list is None
    assert hand.text == before
    assert not hand.canvas.viewer.live.isVisible()
    hand.key(Key.Key_Return)
    popup = open_list(hand, 1)
    QTest.keyClicks(popup.field, "size")
    assert listed(popup)[0].startswith("size")
    in_list(popup, Key.Key_Return)
    assert "size = dsp.rms(signal)" in hand.text
    assert hand.undo_steps == 1
    assert hand.canvas.walk.port.end[0] == "signal"  # the keyboard stays where it was
    hand.check()
    hand.canvas.document.undo()
    assert hand.text == before


def test_an_input_finds_its_source(hand: Any) -> None:
    hand.canvas.select(["size"])
    hand.key(Key.Key_W)
    hand.key(Key.Key_Left)
    hand.key(Key.Key_Return)
    popup = open_list(hand, 1)
    QTest.keyClicks(popup.field, "signal")
    in_list(popup, Key.Key_Return)
    assert "size = dsp.rms(signal)" in hand.text
    hand.check()


@pytest.mark.parametrize("source", [False, True])
def test_enter_on_a_wire_gives_it_another_end(hand: Any, source: bool) -> None:
    wire = next(w for ends, w in hand.canvas.board.wires.items() if ends[1][0] == "size")
    wire.setSelected(True)
    hand.key(Key.Key_Return, SHIFT if source else Qt.KeyboardModifier.NoModifier)
    assert not wire.isVisible()
    popup = open_list(hand, 2)
    if source:
        assert "signal" in listed(popup)
        assert "louder" not in listed(popup)
        choose(popup, "signal")
        assert "size = dsp.rms(signal)" in hand.text
        assert hand.canvas.walk.wire().wire.source[0] == "signal"
    else:
        assert not any(row.startswith("size") for row in listed(popup))
        in_list(popup, Key.Key_Escape)
        assert wire.isVisible()
        hand.key(Key.Key_Return)
        choose(open_list(hand, 1), "Disconnect")
        assert "size = dsp.rms(louder)" not in hand.text
    assert hand.undo_steps == 1
    hand.check()


def test_delete_at_a_port_disconnects_it_and_leaves_the_card(hand: Any) -> None:
    hand.canvas.select(["louder"])
    hand.key(Key.Key_W)
    hand.key(Key.Key_Delete)
    assert "louder" in hand.canvas.board.cards
    assert not any(source[0] == "louder" for source, _ in hand.wires())
    assert hand.undo_steps == 1
    hand.key(Key.Key_Delete)
    assert hand.undo_steps == 1
    assert "Nothing is wired" in hand.said[-1]
    hand.check()


def test_a_new_node_is_asked_for_at_the_end_of_the_wire(hand: Any) -> None:
    asked: list[tuple[Any, ...]] = []
    hand.canvas.quick_add_requested.connect(lambda *what: asked.append(what))
    hand.canvas.select(["signal"])
    hand.key(Key.Key_W)
    hand.key(Key.Key_Return)
    choose(open_list(hand, 2), "A new node…")
    assert asked[0][2].node == "signal"


def test_the_ring_goes_with_a_click_and_follows_an_edit(hand: Any) -> None:
    walk = hand.canvas.walk
    hand.canvas.select(["louder"])
    hand.key(Key.Key_W)
    assert walk._ring.isVisible()
    hand.canvas.changes.move({"louder": (320.0, 180.0)})
    assert walk._ring.pos() == walk.port.middle()
    hand.canvas.changes.rename("louder", "loud")
    assert walk.port is None
    assert not walk._ring.isVisible()
    hand.canvas.select(["loud"])
    hand.key(Key.Key_W)
    hand.click(hand.empty_place())
    assert walk.port is None


def test_it_says_where_it_is(open_canvas: Callable[..., Any]) -> None:
    hand = open_canvas()
    hand.canvas.select(["signal"])
    hand.key(Key.Key_W)
    assert hand.canvas.walk._words.accessibleName().startswith("Output")
    assert "to louder" in hand.canvas.walk._words.accessibleName()


# ------------------------------------------------------------------ what a wheel and a drag over the ground do, by keys
def test_page_keys_move_the_view(hand: Any) -> None:
    view = hand.canvas.viewer.visible_rect()
    hand.key(Key.Key_PageDown)
    assert hand.canvas.viewer.visible_rect().top() == pytest.approx(view.top() + 0.8 * view.height())
    hand.key(Key.Key_PageUp)
    hand.key(Key.Key_PageDown, SHIFT)
    now = hand.canvas.viewer.visible_rect()
    assert now.top() == pytest.approx(view.top())
    assert now.left() == pytest.approx(view.left() + 0.8 * view.width())


def test_ctrl_shift_and_an_arrow_selects_one_more(hand: Any) -> None:
    ctrl_shift = SHIFT | Qt.KeyboardModifier.ControlModifier
    hand.canvas.select(["louder"])
    hand.key(Key.Key_Right, ctrl_shift)
    assert set(hand.canvas.selection()) == {"louder", "size"}
    hand.key(Key.Key_Down, ctrl_shift)
    assert set(hand.canvas.selection()) == {"louder", "size", "chart"}
    assert hand.undo_steps == 0


def test_shift_f_shows_what_is_selected(hand: Any) -> None:
    hand.canvas.zoom_to(0.3)
    hand.canvas.select(["chart"])
    hand.key(Key.Key_F, SHIFT)
    assert hand.canvas.zoom() == 1.0
    assert hand.canvas.viewer.visible_rect().contains(hand.canvas.board.cards["chart"].box())


def test_wires_of_the_selected_cards_are_taken_out_together(hand: Any) -> None:
    hand.canvas.select(["louder"])
    hand.canvas.routing.disconnect()
    assert not any("louder" in (source[0], target[0]) for source, target in hand.wires())
    assert hand.undo_steps == 1
    hand.check()


def test_a_wire_by_keys_into_a_port_that_is_named_by_what_it_takes(open_canvas: Callable[..., Any]) -> None:
    hand = open_canvas(ENDS, "part")
    canvas = hand.canvas
    canvas.select(["return"])
    hand.key(Key.Key_W)
    port = canvas.walk.port
    assert port.end == ("return", "signal")
    hand.key(Key.Key_Return)
    choose(open_list(hand, 2), "louder")
    assert "return louder + 5" in hand.text
    assert port.node is None, "the card has other ports now"
    assert (("louder", ""), ("return", "louder")) in hand.wires()
    hand.check()


# ------------------------------------------------------------------ new nodes at the end of a wire
@pytest.mark.parametrize(
    ("card", "typed", "line"),
    [
        ("size", "number", "number = show.number(size)"),
        ("signal", "rms", "rms = dsp.rms(signal)"),
    ],
)
def test_what_is_typed_finds_new_nodes_below_what_is_there(hand: Any, card: str, typed: str, line: str) -> None:
    hand.canvas.select([card])
    hand.key(Key.Key_W)
    hand.key(Key.Key_Return)
    popup = open_list(hand, 1)
    QTest.keyClicks(popup.field, typed)
    for _ in range(50):
        QApplication.processEvents()
    kinds = [isinstance(popup.list.model().index(row, 0).data(TAKER), NewNode) for row in range(len(listed(popup)))]
    assert kinds == sorted(kinds), "what is there comes first"
    assert any(kinds)
    in_list(popup, Key.Key_Return)
    assert f"    {line}\n" in hand.text
    assert hand.undo_steps == 1
    new = hand.canvas.selection()[0]
    assert hand.canvas.board.cards[new].box().left() > hand.canvas.board.cards[card].box().right()
    hand.check()


def test_a_new_node_that_feeds_an_input_comes_left_of_it(open_canvas: Callable[..., Any]) -> None:
    hand = open_canvas()
    hand.canvas.select(["signal"])
    hand.key(Key.Key_W)
    hand.key(Key.Key_Left)
    hand.key(Key.Key_Return)
    popup = open_list(hand, 1)
    QTest.keyClicks(popup.field, "every")
    for _ in range(50):
        QApplication.processEvents()
    assert listed(popup)[0] == "Every"
    in_list(popup, Key.Key_Return)
    assert "for tick in timing.every():" in hand.text
    assert "source.sine(tick, " in hand.text
    assert hand.canvas.board.cards["tick"].box().right() < hand.canvas.board.cards["signal"].box().left()
    hand.check()
