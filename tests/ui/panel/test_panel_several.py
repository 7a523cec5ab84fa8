"""Several views of the panel at once, by real mouse and key events: selected, moved, resized, aligned, taken off."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QToolTip

from flodesk.flow.script import write
from flodesk.ui.panel.layout.grid import Cells
from flodesk.ui.panel.layout.guides import guides

BODY = ["a = control.slider(1.0)", "b = control.slider(1.0)", "c = control.slider(1.0)", "d = control.slider(1.0)"]
VIEWS = ["a = [0, 0, 2, 2]", "b = [3, 1, 3, 1]", "c = [8, 0, 2, 3]", "d = [0, 5, 12, 1]"]
CTRL, SHIFT, ALT = (
    Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.AltModifier,
)  # fmt: skip


@pytest.fixture
def hand(arrange: Callable[[str], Any], flow_text: Callable[..., str]) -> Any:
    return arrange(flow_text(BODY, VIEWS))


def test_clicks_with_ctrl_and_shift_select_several(hand: Any) -> None:
    hand.click("a")
    hand.click("b", CTRL)
    hand.click("c", SHIFT)
    assert hand.chosen() == {"a", "b", "c"}
    hand.click("b", CTRL)
    hand.click("c", SHIFT)
    assert hand.chosen() == {"a", "c"}
    hand.click("a")
    assert hand.chosen() == {"a"}, "a plain click on one of several selects it alone"
    hand.key(Qt.Key.Key_A, CTRL)
    assert hand.chosen() == {"a", "b", "c", "d"}
    hand.key(Qt.Key.Key_Escape)
    assert hand.chosen() == set()
    assert not hand.panel.document.dirty


def test_a_rubber_band_selects_what_it_touches_and_adds_with_ctrl(hand: Any, qtbot: Any) -> None:
    ground = QPoint(hand.at("b").x(), hand.at("c").y() + 100)
    hand.drag_to(ground, hand.at("a"))
    assert hand.chosen() == {"a", "b"}
    hand.glass.select("flow.d")
    qtbot.mousePress(hand.glass, Qt.MouseButton.LeftButton, CTRL, ground)
    qtbot.mouseMove(hand.glass, hand.at("c"))
    qtbot.mouseRelease(hand.glass, Qt.MouseButton.LeftButton, CTRL, hand.at("c"))
    assert hand.chosen() == {"d", "b", "c"}
    hand.click(ground)
    assert hand.chosen() == set()


def test_several_move_as_one_as_far_as_all_stay_on_the_grid_in_one_undo(hand: Any, qtbot: Any) -> None:
    before = write(hand.panel.document.flow)
    hand.choose("a", "b")
    hand.drag("b", 1, 2)
    assert hand.lines == {"a": "[1, 2, 2, 2]", "b": "[4, 3, 3, 1]", "c": "[8, 0, 2, 3]", "d": "[0, 5, 12, 1]"}
    assert hand.chosen() == {"a", "b"}
    assert hand.panel.document.undo_title == "Arrange 2 views"
    hand.drag("a", 20, -20)
    assert (hand.lines["a"], hand.lines["b"]) == ("[6, 0, 2, 2]", "[9, 1, 3, 1]")
    assert hand.lines["c"] == "[8, 2, 2, 3]", "what was in the way went down"
    hand.undo()
    hand.undo()
    assert write(hand.panel.document.flow) == before


def test_arrows_move_and_resize_several_as_one(hand: Any) -> None:
    hand.choose("a", "b")
    hand.key(Qt.Key.Key_Down)
    hand.key(Qt.Key.Key_Right)
    assert (hand.lines["a"], hand.lines["b"]) == ("[1, 1, 2, 2]", "[4, 2, 3, 1]")
    for _ in range(6):
        hand.key(Qt.Key.Key_Left)
    assert (hand.lines["a"], hand.lines["b"]) == ("[0, 1, 2, 2]", "[3, 2, 3, 1]")


def test_the_frame_of_several_stretches_them_in_proportion(hand: Any) -> None:
    hand.choose("a", "b")  # a frame of columns 0 to 5, rows 0 and 1
    right = hand.panel.board.cards["flow.b"].geometry().right() + 1
    hand.drag_to(QPoint(right, hand.at("a").y() - 20), QPoint(right + 6 * round(hand.panel.board.metrics().column), 60))
    assert (hand.lines["a"], hand.lines["b"]) == ("[0, 0, 4, 2]", "[6, 1, 6, 1]")
    assert hand.lines["c"] == "[8, 2, 2, 3]"
    hand.undo()
    hand.key(Qt.Key.Key_Down, SHIFT)
    assert (hand.lines["a"], hand.lines["b"]) == ("[0, 0, 2, 3]", "[3, 2, 3, 1]")


def test_delete_takes_all_of_them_off_in_one_undo(hand: Any) -> None:
    before = write(hand.panel.document.flow)
    hand.choose("a", "c")
    hand.key(Qt.Key.Key_Delete)
    assert list(hand.lines) == ["b", "d"]
    assert hand.chosen() == set()
    assert set(hand.panel.board.cards) == {"flow.b", "flow.d"}
    assert hand.panel.document.undo_title == "Remove 2 views from the panel"
    hand.undo()
    assert write(hand.panel.document.flow) == before


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        (Qt.Key.Key_Left, {"a": "[0, 0, 2, 2]", "b": "[0, 5, 3, 1]", "c": "[0, 2, 2, 3]", "d": "[0, 6, 12, 1]"}),
        (Qt.Key.Key_Right, {"a": "[8, 0, 2, 2]", "b": "[7, 5, 3, 1]", "c": "[8, 2, 2, 3]", "d": "[0, 6, 12, 1]"}),
        (Qt.Key.Key_Up, {"a": "[0, 0, 2, 2]", "b": "[3, 0, 3, 1]", "c": "[8, 0, 2, 3]"}),
        (Qt.Key.Key_Down, {"a": "[0, 1, 2, 2]", "b": "[3, 2, 3, 1]", "c": "[8, 0, 2, 3]"}),
        (Qt.Key.Key_W, {"a": "[0, 0, 2, 2]", "b": "[3, 1, 2, 1]", "c": "[8, 0, 2, 3]"}),
        (Qt.Key.Key_H, {"a": "[0, 0, 2, 3]", "b": "[3, 1, 3, 3]", "c": "[8, 0, 2, 3]"}),
        (Qt.Key.Key_X, {"a": "[0, 0, 2, 2]", "b": "[4, 1, 3, 1]", "c": "[8, 0, 2, 3]"}),
    ],
)
def test_several_are_brought_into_line_by_keys(hand: Any, key: Qt.Key, expected: dict[str, str]) -> None:
    before = write(hand.panel.document.flow)
    hand.choose("a", "b", "c")
    hand.key(key, ALT, SHIFT)
    assert hand.lines == {"d": VIEWS[3][4:], **expected}
    hand.undo()
    assert write(hand.panel.document.flow) == before


def test_the_menu_of_several_aligns_them_and_takes_them_off(hand: Any) -> None:
    hand.choose("a", "b")
    entries = hand.menu("b")
    assert hand.chosen() == {"a", "b"}, "a press of the right button among them keeps them"
    assert not entries["Distribute across"].isEnabled(), "that takes three"
    entries["Same width"].trigger()
    assert hand.lines["a"] == "[0, 0, 3, 2]"
    hand.menu("a")["Remove 2 views from panel"].trigger()
    assert list(hand.lines) == ["c", "d"]
    entries = hand.menu("c")
    assert hand.chosen() == {"c"}
    assert {"Show node on the canvas", "Duplicate", "Group", "Remove from panel"} <= set(entries)
    assert "Align" not in entries


def test_guides_are_strong_where_edges_meet(hand: Any, qtbot: Any) -> None:
    frame, others = Cells(3, 1, 3, 1), [Cells(0, 0, 3, 2), Cells(3, 4, 2, 1), Cells(8, 7, 2, 1)]
    met = {guide.edge: len(guide.met) for guide in guides(frame, others)}
    assert met == {"l": 2, "t": 0, "r": 0, "b": 1}
    assert [guide.edge for guide in guides(frame, others, "r")] == ["r"]


def test_while_a_drag_lasts_it_says_where_and_escape_takes_it_back(hand: Any, qtbot: Any) -> None:
    hand.choose("a", "b")
    hand.drag("a", 1, 2, drop=False)
    assert QToolTip.text() == "6 × 2 at column 2, row 3"
    image = hand.glass.grab().toImage()
    hand.key(Qt.Key.Key_Escape)
    assert hand.panel.board.places()["flow.a"] == Cells(0, 0, 2, 2)
    assert hand.glass.grab().toImage() != image
    assert not hand.panel.document.dirty
