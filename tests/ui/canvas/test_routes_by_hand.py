"""Points and labels of wires, with mouse and keyboard."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtWidgets import QApplication

from flodesk.flow.routes import Route, routes
from flodesk.flow.script import read, write

TEXT = """\
# /// script
# [tool.flodesk.canvas.flow]
# signal = [0, 0]
# loud = [320, 120]
# size = [700, 20]
#
# [tool.flodesk.frames.flow]
# frame_1 = { at = [-40, -60, 640, 420], title = "Both" }
# ///
from flodesk.nodes import dsp, maths, source


def flow():
    signal = source.sine(0, samples=50)
    loud = maths.multiply(signal, 2.0)
    size = dsp.rms(loud)
"""
ENDS = (("signal", ""), ("loud", "values[0]"))
NAME, OTHER = "signal -> loud.values[0]", "loud -> size.signal"


@pytest.fixture
def hand(open_canvas: Callable[..., Any]) -> Any:
    opened = open_canvas(TEXT)
    opened.canvas.zoom_to(1.0)
    opened.canvas.viewer.move_to(QPointF(-120, -160))
    QApplication.processEvents()
    return opened


def wire(hand: Any) -> Any:
    return hand.canvas.board.wires[ENDS]


def known(hand: Any) -> dict[str, Route]:
    return routes(hand.canvas.document.flow, "flow")


def check(hand: Any) -> None:
    hand.check()
    shown = {w.name: w.route for w in hand.canvas.board.wires.values() if w.route != Route()}
    assert shown == known(hand)
    for item in hand.canvas.board.wires.values():
        assert [(j.x(), j.y()) for j in item.junctions] == [tuple(p) for p in item.route.points]
        assert all(j.scene() is item.scene() for j in item.junctions)
    assert write(read(hand.text)) == hand.text


def at(hand: Any, place: QPointF) -> QPoint:
    found: QPoint = hand.canvas.viewer.mapFromScene(place)
    return found


def add(hand: Any, share: float = 0.5) -> Any:
    hand.double_click(hand.canvas.wire_position(*ENDS, share))
    QApplication.processEvents()
    return wire(hand).junctions[-1]


def test_a_double_click_adds_a_point_and_a_drag_moves_it(hand: Any) -> None:
    asked: list[Any] = []
    hand.canvas.quick_add_requested.connect(lambda *given: asked.append(given))
    point = add(hand)
    assert not asked
    assert len(known(hand)[NAME].points) == 1
    assert point.isSelected()
    check(hand)
    start = at(hand, point.pos())
    hand.drag(start, start + QPoint(30, -80))
    x, y = known(hand)[NAME].points[0]
    assert (x, y) == (point.x(), point.y())
    assert wire(hand).path().boundingRect().top() < y + 1
    assert hand.undo_steps == 2
    check(hand)
    hand.canvas.document.undo()
    check(hand)
    hand.canvas.document.undo()
    assert hand.text == TEXT
    check(hand)


def test_points_keep_their_order_along_the_wire(hand: Any) -> None:
    add(hand, 0.5)
    add(hand, 0.8)
    add(hand, 0.2)
    xs = [x for x, _ in known(hand)[NAME].points]
    assert xs == sorted(xs)
    assert len(xs) == 3
    check(hand)


@pytest.mark.parametrize("how", ["delete", "double click"])
def test_a_point_is_taken_out_and_the_wire_stays(hand: Any, how: str) -> None:
    point = add(hand)
    if how == "delete":
        hand.click(at(hand, point.pos()))
        hand.key(Qt.Key.Key_Delete)
    else:
        hand.double_click(at(hand, point.pos()))
    assert known(hand) == {}
    assert len(hand.wires()) == 2
    check(hand)


def test_escape_puts_a_point_back(hand: Any) -> None:
    point = add(hand)
    text, start = hand.text, at(hand, point.pos())
    hand.drag(start, start + QPoint(60, 60), drop=False)
    hand.key(Qt.Key.Key_Escape)
    hand.release(start + QPoint(60, 60))
    assert hand.text == text
    check(hand)


def test_a_point_goes_along_with_its_frame_and_with_both_its_cards(hand: Any) -> None:
    add(hand)
    ((x, y),) = known(hand)[NAME].points
    grip = at(hand, QPointF(100, -45))
    hand.drag(grip, grip + QPoint(20, 10))
    assert known(hand)[NAME].points == ((x + 20, y + 10),)
    check(hand)
    hand.canvas.select(["signal", "loud"])
    hand.key(Qt.Key.Key_Right)
    assert known(hand)[NAME].points == ((x + 44, y + 10),)
    check(hand)
    hand.canvas.select(["signal"])
    hand.key(Qt.Key.Key_Right)
    assert known(hand)[NAME].points == ((x + 44, y + 10),), "one card alone leaves it where it is"


def test_the_keyboard_adds_moves_and_removes_points(hand: Any) -> None:
    hand.canvas.select(["loud"])
    assert hand.canvas.routing.possible
    hand.canvas.routing.add_point()
    ((x, y),) = known(hand)[NAME].points
    hand.key(Qt.Key.Key_Up)
    assert known(hand)[NAME].points == ((x, y - 24),)
    hand.key(Qt.Key.Key_Delete)
    assert known(hand) == {}
    check(hand)


def test_a_wire_taken_off_takes_its_points_along_and_undo_brings_them_back(hand: Any) -> None:
    add(hand)
    text = hand.text
    hand.drag(hand.canvas.port_position("loud", "values[0]", "in"), hand.empty_place())
    assert known(hand) == {}
    assert len(hand.wires()) == 1
    check(hand)
    hand.canvas.document.undo()
    assert hand.text == text
    check(hand)


def test_a_deleted_card_takes_points_along(hand: Any) -> None:
    add(hand)
    text = hand.text
    hand.canvas.select_all()
    hand.key(Qt.Key.Key_Delete)
    assert known(hand) == {}
    check(hand)
    hand.canvas.document.undo()
    assert hand.text == text
    check(hand)


def test_tidy_draws_the_wires_of_what_it_lays_out_anew(hand: Any) -> None:
    add(hand)
    hand.click(hand.empty_place())
    hand.canvas.tidy()
    assert known(hand) == {}
    check(hand)


def test_labels_instead_of_a_curve_lead_to_each_other(hand: Any) -> None:
    hand.click(hand.canvas.wire_position(*ENDS, 0.5))
    assert wire(hand).isSelected()
    hand.canvas.routing.toggle_labels()
    assert known(hand) == {NAME: Route(labels=True)}
    assert wire(hand).label() == "signal"
    check(hand)
    out, into = wire(hand).labels
    assert not out.intersects(into)
    hand.canvas.viewer.move_to(QPointF(-60, -160))
    for box, port in ((out, wire(hand).target), (into, wire(hand).source)):
        hand.canvas.viewer.center_on(box.center())
        hand.click(at(hand, box.center()))
        middle = hand.canvas.viewer.visible_rect().center()
        assert (middle - port.middle()).manhattanLength() < 2
        assert wire(hand).isSelected()
    assert hand.undo_steps == 1
    hand.canvas.routing.toggle_labels()
    assert known(hand) == {}
    check(hand)


def test_labels_of_a_cards_inputs_and_points_stay_for_later(hand: Any) -> None:
    add(hand)
    hand.canvas.select(["loud", "size"])
    hand.canvas.routing.toggle_labels()
    assert known(hand)[OTHER] == Route(labels=True)
    assert known(hand)[NAME].labels
    assert len(known(hand)[NAME].points) == 1
    assert not wire(hand).junctions[0].isVisible()
    hand.canvas.routing.toggle_labels()
    assert OTHER not in known(hand)
    assert wire(hand).junctions[0].isVisible()
    check(hand)


def test_the_menu_of_a_wire(hand: Any) -> None:
    def menu() -> dict[str, Any]:
        labels = wire(hand).labels
        place = at(hand, labels[0].center()) if labels else hand.canvas.wire_position(*ENDS, 0.5)
        hand.canvas.viewer.menu_requested.emit(place, hand.canvas.viewport().mapToGlobal(place))
        hand.canvas.context.menu.close()
        return {action.text().partition("\t")[0]: action for action in hand.canvas.context.menu.actions()}

    menu()["Add a point"].trigger()
    assert len(known(hand)[NAME].points) == 1
    wire(hand).setSelected(True)
    hand.canvas.routing.add_point(wire(hand), wire(hand).path().pointAtPercent(0.2))
    hand.drag(at(hand, wire(hand).junctions[1].pos()), at(hand, wire(hand).junctions[1].pos()) + QPoint(0, 200))
    menu()["Remove its points"].trigger()
    assert known(hand) == {}
    menu()["Show as labels"].trigger()
    assert known(hand)[NAME].labels
    menu()["Go to its target"].trigger()
    check(hand)


def test_a_wire_with_labels_is_still_pulled_off(hand: Any) -> None:
    wire(hand).setSelected(True)
    hand.canvas.routing.toggle_labels()
    into = wire(hand).labels[1]
    hand.drag(at(hand, into.center()), hand.empty_place())
    assert len(hand.wires()) == 1
    assert known(hand) == {}
    check(hand)
