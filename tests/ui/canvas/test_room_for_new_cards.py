"""New cards come to lie on free ground: dropped, dropped into a wire, pasted; tidying lays all out anew."""

from __future__ import annotations

from collections.abc import Callable
from itertools import combinations
from typing import Any

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDragMoveEvent, QDropEvent
from PySide6.QtWidgets import QApplication

from flodesk.flow import wiring
from flodesk.flow.graph import picture

LOWPASS = "flodesk.nodes.dsp.Lowpass"
PLAIN = """\
from flodesk.nodes import show, timing


def half(value):
    return value / 2


def flow():
    for tick in timing.every(0.2):
        n = show.number(tick)
"""


def carried(path: str) -> QMimeData:
    data = QMimeData()
    data.setData("application/x-flodesk-node", path.encode())
    return data


def hover(hand: Any, data: QMimeData, at: QPoint) -> None:
    for make in (QDragEnterEvent, QDragMoveEvent):
        event = make(at, Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)
        QApplication.sendEvent(hand.canvas.viewport(), event)


def drop(hand: Any, path: str, at: QPoint) -> str:
    data = carried(path)
    hover(hand, data, at)
    event = QDropEvent(
        QPointF(at), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    )
    QApplication.sendEvent(hand.canvas.viewport(), event)
    QApplication.processEvents()
    (added,) = hand.canvas.selection()
    return str(added)


def boxes(hand: Any) -> dict[str, QRectF]:
    cards = hand.canvas.board.cards
    return {key: QRectF(c.x(), c.y(), c.card.width, c.card.height) for key, c in cards.items()}


def apart(hand: Any) -> bool:
    return not any(one.intersects(two) for one, two in combinations(boxes(hand).values(), 2))


def test_a_drop_on_a_card_lands_beside_it(hand: Any) -> None:
    drop(hand, LOWPASS, hand.canvas.node_center("size"))
    assert apart(hand)
    hand.check()


def test_a_drop_into_a_wire_makes_room_to_the_right(hand: Any) -> None:
    before = boxes(hand)
    added = drop(hand, LOWPASS, hand.canvas.wire_position(("louder", ""), ("size", "signal")))
    after = boxes(hand)
    assert apart(hand)
    assert after["louder"].right() < after[added].left()
    assert after[added].right() < after["size"].left()
    assert after["size"].left() > before["size"].left()
    assert after["signal"] == before["signal"], "what is left of it stays"
    assert hand.undo_steps == 1
    hand.canvas.document.undo()
    assert boxes(hand) == before
    hand.check()


def test_a_drop_into_a_wire_of_a_plain_file(open_canvas: Callable[..., Any]) -> None:
    hand = open_canvas(PLAIN)
    before = boxes(hand)
    added = drop(hand, "half", hand.canvas.wire_position(("tick", ""), ("n", "value")))
    after = boxes(hand)
    assert apart(hand)
    assert after["tick"] == before["tick"]
    assert after["tick"].right() < after[added].left()
    assert after[added].right() < after["n"].left()
    hand.check()
    hand.canvas.document.undo()
    assert hand.text == PLAIN
    assert boxes(hand) == before


def test_the_wire_that_takes_the_drop_is_marked(hand: Any) -> None:
    ends = (("louder", ""), ("size", "signal"))
    wire = hand.canvas.board.wires[ends]
    at = hand.canvas.wire_position(*ends)
    data = carried(LOWPASS)
    hover(hand, data, at + QPoint(0, 12))
    assert wire._mark == "taken", "a hand need not hit it exactly"
    QApplication.sendEvent(hand.canvas.viewport(), QDragLeaveEvent())
    assert wire._mark == ""
    hover(hand, carried("flodesk.nodes.source.sunspots"), at)
    assert wire._mark == "refused"
    QApplication.sendEvent(hand.canvas.viewport(), QDragLeaveEvent())


def test_what_does_not_fit_into_the_wire_is_put_beside_it_and_told_why(hand: Any) -> None:
    ends = (("louder", ""), ("size", "signal"))
    added = drop(hand, "flodesk.nodes.source.sunspots", hand.canvas.wire_position(*ends))
    assert added.startswith("sunspots")
    assert ends in hand.wires()
    assert f"“{added}” was put beside the wire" in hand.said[-1]
    path, box = hand.canvas.board.wires[ends].path(), boxes(hand)[added]
    assert not any(box.contains(path.pointAtPercent(part / 100)) for part in range(101)), (
        "it looks as if it stood in it"
    )
    assert apart(hand)
    hand.check()


def test_copies_come_to_lie_on_free_ground(hand: Any) -> None:
    canvas = hand.canvas
    graph = picture(canvas.document.flow, canvas.catalog, "flow")
    text = wiring.copy(canvas.document.flow, graph, ["louder", "size"])
    for number in range(1, 4):
        canvas.paste(text)
        assert len(canvas.selection()) == 2
        assert hand.undo_steps == number
        assert apart(hand)
    hand.check()


def test_tidying_is_one_step_and_undo_takes_it_back(hand: Any) -> None:
    before, text = boxes(hand), hand.text
    hand.canvas.tidy()
    after = boxes(hand)
    assert after != before
    assert apart(hand)
    for source, target in hand.wires():
        assert after[source[0]].right() < after[target[0]].left()
    assert hand.undo_steps == 1
    assert hand.canvas.document.undo_title == "Tidy"
    hand.canvas.tidy()
    assert hand.undo_steps == 1, "what is tidy stays as it is"
    hand.canvas.document.undo()
    assert hand.text == text
    assert boxes(hand) == before
    hand.check()


@pytest.mark.parametrize("zoom", [0.4, 1.0, 2.0])
def test_a_wire_is_hit_generously_at_every_zoom(hand: Any, zoom: float) -> None:
    canvas = hand.canvas
    ends = (("signal", ""), ("louder", "values[0]"))
    canvas.zoom_to(zoom)
    canvas.viewer.center_on(canvas.board.wires[ends].middle())
    at = canvas.viewer.mapToScene(canvas.wire_position(*ends) + QPoint(0, 13))
    if canvas.viewer.scene().node_at(at) is None:
        assert canvas.viewer.scene().wire_near(at) is canvas.board.wires[ends]
