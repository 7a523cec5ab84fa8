"""Align, distribute, and what a drag snaps to."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from flodesk.flow.pieces import pieces
from flodesk.ui.canvas.painting import GRID

TEXT = """\
# /// script
# [tool.flodesk.canvas.flow]
# a = [0, 10]
# b = [300, 200]
# c = [620, 130]
# d = [300, 600]
#
# [tool.flodesk.frames.flow]
# frame_1 = { at = [270, 540, 260, 240] }
# ///
from flodesk.nodes import maths, source


def flow():
    a = source.sine(0, samples=50)
    b = maths.multiply(a, 2.0)
    c = maths.add(b, 1.0)
    d = maths.add(b, 1.0)
"""


@pytest.fixture
def hand(open_canvas: Callable[..., Any]) -> Any:
    opened = open_canvas(TEXT)
    opened.canvas.zoom_to(1.0)
    opened.canvas.viewer.move_to(QPointF(-100, -40))
    QApplication.processEvents()
    return opened


def box(hand: Any, key: str) -> Any:
    return hand.canvas.board.cards[key].box()


@pytest.mark.parametrize(("verb", "edge"), [
    ("left", lambda b: b.left()), ("centre", lambda b: b.center().x()), ("right", lambda b: b.right()),
    ("top", lambda b: b.top()), ("middle", lambda b: b.center().y()), ("bottom", lambda b: b.bottom()),
])  # fmt: skip
def test_align(hand: Any, verb: str, edge: Callable[[Any], float]) -> None:
    before = {key: box(hand, key) for key in "abcd"}
    hand.canvas.select(["a", "b", "c"])
    getattr(hand.canvas.aligning, verb)()
    lines = {edge(box(hand, key)) for key in "abc"}
    assert max(lines) - min(lines) <= 1
    assert box(hand, "d") == before["d"]
    across = verb in ("left", "centre", "right")
    for key in "abc":
        after = box(hand, key)
        assert (after.y() == before[key].y()) if across else (after.x() == before[key].x())
    together = before["a"].united(before["b"]).united(before["c"])
    assert abs(edge(together) - edge(box(hand, "a"))) <= 1, "the whole stays where it is"
    assert hand.undo_steps == 1
    hand.check()
    hand.canvas.document.undo()
    assert hand.text == TEXT


@pytest.mark.parametrize(("verb", "axis"), [("across", 0), ("down", 1)])
def test_distribute(hand: Any, verb: str, axis: int) -> None:
    hand.canvas.select(["a", "b", "c"])
    ends = ("a", "c") if axis == 0 else ("a", "b")
    before = {key: box(hand, key) for key in ends}
    getattr(hand.canvas.aligning, verb)()
    found = [hand.canvas.board.cards[key].box() for key in "abc"]
    spans = sorted((b.x(), b.right()) if axis == 0 else (b.y(), b.bottom()) for b in found)
    gaps = [later[0] - earlier[1] for earlier, later in itertools.pairwise(spans)]
    assert max(gaps) - min(gaps) <= 1
    assert {key: box(hand, key) for key in ends} == before or hand.undo_steps == 1
    hand.check()
    hand.canvas.document.undo()
    assert hand.text == TEXT


def test_one_thing_alone_is_aligned_with_nothing(hand: Any) -> None:
    hand.canvas.select(["a"])
    assert not hand.canvas.aligning.possible
    hand.canvas.aligning.left()
    hand.canvas.aligning.across()
    assert hand.text == TEXT
    assert not hand.canvas.aligning.entries()


def test_a_frame_is_aligned_with_what_lies_on_it(hand: Any) -> None:
    hand.canvas.select(["a", "d"])
    hand.canvas.board.pieces["frame", "frame_1"].setSelected(True)
    hand.canvas.aligning.left()
    assert pieces(hand.canvas.document.flow, "flow")["frame", "frame_1"].box[0] == 0
    assert box(hand, "d").x() == 30, "it keeps its place in the frame"
    hand.check()


def test_the_menu_of_several_cards_aligns(hand: Any) -> None:
    hand.canvas.select(["a", "b", "c"])
    at = hand.canvas.node_center("b")
    hand.canvas.viewer.menu_requested.emit(at, hand.canvas.viewport().mapToGlobal(at))
    menu = hand.canvas.context.menu
    lines = next(action for action in menu.actions() if action.text() == "Align").menu()
    next(action for action in lines.actions() if action.text().startswith("Upper")).trigger()
    menu.close()
    assert {box(hand, key).y() for key in "abc"} == {10}


def test_a_drag_snaps_to_an_edge_near_by_and_shows_the_line(hand: Any) -> None:
    hand.canvas.snapping.snaps.guides = True
    start = hand.canvas.node_center("c")
    to = start + QPoint(-317, 200)
    hand.drag(start, to, drop=False)
    assert box(hand, "c").x() == 300, "3 pixels are near enough"
    shown = [guide for guide in hand.canvas.snapping._guides.values() if guide.isVisible()]
    assert [guide.line().x1() for guide in shown if guide.line().x1() == guide.line().x2()] == [300]
    hand.release(to)
    assert not any(guide.isVisible() for guide in hand.canvas.snapping._guides.values())
    assert hand.canvas.document.flow.header.canvas["flow"]["c"][0] == 300
    hand.check()


def test_a_drag_makes_a_wire_straight(hand: Any) -> None:
    hand.canvas.snapping.snaps.guides = True
    wire = hand.canvas.board.wires[("b", ""), ("c", "values[0]")]
    off = wire.source.middle().y() - wire.target.middle().y()
    start = hand.canvas.node_center("c")
    hand.drag(start, start + QPoint(37, round(off) + 4))
    assert wire.source.middle().y() == wire.target.middle().y()
    hand.check()


def test_a_frame_snaps_with_all_that_it_takes_along(hand: Any) -> None:
    hand.canvas.snapping.snaps.guides = True
    grip = hand.canvas.viewer.mapFromScene(QPointF(400, 556))
    hand.drag(grip, grip + QPoint(27, -5))
    frame = hand.canvas.board.pieces["frame", "frame_1"]
    assert frame.box().x() == 300
    assert box(hand, "d").x() == 330
    hand.check()


def test_the_grid_takes_the_corner(hand: Any) -> None:
    hand.canvas.snapping.snaps.grid = True
    start = hand.canvas.node_center("c")
    hand.drag(start, start + QPoint(50, 90))
    place = box(hand, "c")
    assert (place.x() % GRID, place.y() % GRID) == (0, 0)
    hand.check()


def test_alt_and_the_switch_let_a_drag_go_freely(hand: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    start = hand.canvas.node_center("c")
    hand.drag(start, start + QPoint(-317, 200))
    assert box(hand, "c").x() == 303
    hand.canvas.document.undo()
    hand.canvas.snapping.snaps.guides = True
    monkeypatch.setattr(
        "flodesk.ui.canvas.snapping.QGuiApplication.keyboardModifiers", lambda: Qt.KeyboardModifier.AltModifier
    )
    hand.drag(start, start + QPoint(-317, 200))
    assert box(hand, "c").x() == 303


def test_an_edge_of_a_frame_snaps_too(hand: Any) -> None:
    hand.canvas.snapping.snaps.guides = True
    grip = hand.canvas.viewer.mapFromScene(QPointF(529, 660))
    right = box(hand, "c").left()
    hand.drag(grip, hand.canvas.viewer.mapFromScene(QPointF(right - 4, 660)))
    assert pieces(hand.canvas.document.flow, "flow")["frame", "frame_1"].box[2] == right - 270
    QTest.qWait(0)
    hand.check()


def test_escape_leaves_no_line_behind(hand: Any) -> None:
    hand.canvas.snapping.snaps.guides = True
    start = hand.canvas.node_center("c")
    hand.drag(start, start + QPoint(-317, 200), drop=False)
    assert any(guide.isVisible() for guide in hand.canvas.snapping._guides.values())
    hand.key(Qt.Key.Key_Escape)
    assert not any(guide.isVisible() for guide in hand.canvas.snapping._guides.values())
    hand.release(start)
    assert hand.text == TEXT
    hand.check()
