"""The canvas by keyboard: delete, nudge, walk, rename, zoom."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QHBoxLayout, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

SHIFT, CTRL = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier
NONE = Qt.KeyboardModifier.NoModifier
Key = Qt.Key


@pytest.mark.parametrize("key", [Key.Key_Delete, Key.Key_Backspace])
def test_delete_removes_the_selected_cards_with_their_wires_in_one_step(hand: Any, key: Qt.Key) -> None:
    before = hand.text
    hand.click(hand.canvas.node_center("louder"))
    hand.key(key)
    assert "louder" not in hand.text
    assert hand.undo_steps == 1
    hand.check()
    hand.canvas.document.undo()
    assert hand.text == before
    hand.check()


def test_select_all_and_escape(hand: Any) -> None:
    hand.key(Key.Key_A, CTRL)
    assert set(hand.canvas.selection()) == set(hand.canvas.board.cards)
    hand.key(Key.Key_Escape)
    assert hand.canvas.selection() == []


def test_arrows_nudge_and_a_row_of_them_is_one_undo_step(hand: Any) -> None:
    hand.click(hand.canvas.node_center("size"))
    for _ in range(3):
        hand.key(Key.Key_Right)
    hand.key(Key.Key_Up, SHIFT)
    assert hand.canvas.document.flow.header.canvas["flow"]["size"] == (672, 99)
    assert hand.undo_steps == 1
    hand.check()
    hand.canvas.document.undo()
    assert hand.canvas.document.flow.header.canvas["flow"]["size"] == (600, 100)
    hand.check()


def test_n_walks_from_card_to_card_around_the_end(hand: Any) -> None:
    hand.click(hand.canvas.node_center("level"))
    seen = []
    for _ in range(5):
        hand.key(Key.Key_N)
        seen.append(hand.canvas.selection())
    assert seen == [["signal"], ["louder"], ["size"], ["chart"], ["level"]]
    hand.key(Key.Key_N, SHIFT)
    assert hand.canvas.selection() == ["chart"]
    hand.key(Key.Key_Escape)
    assert hand.canvas.selection() == []
    hand.key(Key.Key_N)
    assert hand.canvas.selection() == ["level"]


@pytest.mark.parametrize("selected", [[], ["louder"]])
def test_tab_asks_for_a_node_whatever_is_selected(hand: Any, selected: list[str]) -> None:
    asked: list[tuple[Any, ...]] = []
    hand.canvas.quick_add_requested.connect(lambda *what: asked.append(what))
    hand.canvas.select(selected)
    hand.key(Key.Key_Tab)
    assert len(asked) == 1
    assert hand.canvas.selection() == selected


def test_the_keyboard_leaves_the_canvas_both_ways(open_canvas: Callable[..., Any], qtbot: QtBot) -> None:
    hand = open_canvas()
    row, ends = QWidget(), [QLineEdit(), QLineEdit()]
    qtbot.addWidget(row)
    line = QHBoxLayout(row)
    for part in (ends[0], hand.canvas, ends[1]):
        line.addWidget(part)
    row.show()
    row.activateWindow()
    qtbot.waitExposed(row)
    for key, keys, end in ((Key.Key_Backtab, SHIFT, ends[0]), (Key.Key_Tab, CTRL, ends[1])):
        hand.canvas.viewer.setFocus()
        qtbot.waitUntil(hand.canvas.viewer.hasFocus, timeout=60_000)
        for _ in range(12):  # the canvas has buttons of its own
            widget = QApplication.focusWidget()
            if widget is end:
                break
            QTest.keyClick(widget, key, keys if widget is hand.canvas.viewer or key == Key.Key_Backtab else NONE)
        assert QApplication.focusWidget() is end
    hand.canvas.setParent(None)


def test_arrows_walk_where_nothing_is_selected_and_with_ctrl(hand: Any) -> None:
    before = hand.text
    hand.key(Key.Key_Right)
    assert len(hand.canvas.selection()) == 1
    hand.canvas.select(["louder"])
    hand.key(Key.Key_Right, CTRL)
    assert hand.canvas.selection() == ["size"]
    hand.key(Key.Key_Down, CTRL)
    assert hand.canvas.selection() == ["chart"]
    assert hand.text == before


def test_f2_renames_in_place_everywhere(hand: Any) -> None:
    hand.click(hand.canvas.node_center("louder"))
    hand.key(Key.Key_F2)
    field = hand.canvas.picking.naming.field
    assert isinstance(field, QLineEdit)
    assert field.hasFocus()
    QTest.keyClicks(field, "amplified")
    QTest.keyClick(field, Key.Key_Return)
    QApplication.processEvents()
    assert "amplified = maths.multiply" in hand.text
    assert "dsp.rms(amplified)" in hand.text
    assert "# amplified = [300, 100]" in hand.text
    assert hand.canvas.selection() == ["amplified"]
    assert hand.undo_steps == 1
    hand.check()


def test_double_click_on_the_name_renames_too(hand: Any) -> None:
    hand.double_click(hand.canvas.node_center("size"))
    assert hand.canvas.picking.naming.field is not None
    QTest.keyClicks(hand.canvas.picking.naming.field, "loudness")
    hand.click(hand.empty_place())
    hand.canvas.setFocus()
    QApplication.processEvents()
    assert "loudness = dsp.rms" in hand.text
    hand.check()


@pytest.mark.parametrize("name", ["not a name", "for", "level", "1st", ""])
def test_a_name_that_cannot_be_is_refused_and_the_field_stays(hand: Any, name: str) -> None:
    before = hand.text
    hand.click(hand.canvas.node_center("size"))
    hand.key(Key.Key_F2)
    field = hand.canvas.picking.naming.field
    field.clear()
    QTest.keyClicks(field, name)
    QTest.keyClick(field, Key.Key_Return)
    assert hand.text == before
    assert hand.said
    assert hand.canvas.picking.naming.field is field
    assert field.toolTip() == hand.said[-1]
    QTest.keyClick(field, Key.Key_Escape)
    QApplication.processEvents()
    assert hand.canvas.picking.naming.field is None
    assert hand.text == before
    hand.check()


def test_keys_in_the_name_field_stay_in_it(hand: Any) -> None:
    hand.click(hand.canvas.node_center("size"))
    hand.key(Key.Key_F2)
    QTest.keyClick(hand.canvas.picking.naming.field, Key.Key_Delete)
    QTest.keyClick(hand.canvas.picking.naming.field, Key.Key_Escape)
    assert "size" in hand.canvas.board.cards


# ------------------------------------------------------------------ zoom and pan
def wheel(hand: Any, at: QPoint, delta: int) -> None:
    where = QPointF(at)
    event = QWheelEvent(
        where, hand.canvas.viewport().mapToGlobal(where), QPoint(), QPoint(0, delta), Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(hand.canvas.viewport(), event)


def test_zoom_is_exact_and_keeps_the_middle(hand: Any) -> None:
    canvas = hand.canvas
    canvas.zoom_to(0.37)
    middle = canvas.scene_center()
    canvas.zoom_to(1.0)
    assert canvas.zoom() == 1.0
    assert (canvas.scene_center() - middle).manhattanLength() < 1e-6


def test_wheel_zooms_at_the_cursor_within_limits(hand: Any) -> None:
    canvas = hand.canvas
    at = QPoint(200, 150)
    before = canvas.to_scene(at)
    wheel(hand, at, 240)
    assert canvas.zoom() > 1.1
    assert (canvas.to_scene(at) - before).manhattanLength() < 2 / canvas.zoom()
    for _ in range(60):
        wheel(hand, at, 240)
    assert canvas.zoom() == pytest.approx(3.0)
    for _ in range(90):
        wheel(hand, at, -240)
    assert canvas.zoom() == pytest.approx(0.1)


def test_window_size_does_not_change_the_zoom(hand: Any) -> None:
    hand.canvas.zoom_to(0.7)
    hand.canvas.resize(900, 500)
    QApplication.processEvents()
    assert hand.canvas.zoom() == pytest.approx(0.7)


def test_f_shows_everything_not_larger_than_life(hand: Any) -> None:
    canvas = hand.canvas
    canvas.zoom_to(3.0)
    hand.key(Key.Key_F)
    assert canvas.zoom() <= 1.0
    view = canvas.viewer.visible_rect()
    assert all(view.contains(card.box()) for card in canvas.board.cards.values())


@pytest.mark.parametrize("how", ["middle", "space"])
def test_pan_by_hand(hand: Any, how: str) -> None:
    canvas = hand.canvas
    view = canvas.viewer.visible_rect()
    at = canvas.node_center("louder")
    button = Qt.MouseButton.MiddleButton if how == "middle" else Qt.MouseButton.LeftButton
    if how == "space":
        QTest.keyPress(canvas.viewer, Key.Key_Space)
    QTest.mousePress(canvas.viewport(), button, Qt.KeyboardModifier.NoModifier, at)
    QTest.mouseMove(canvas.viewport(), at + QPoint(70, 30))
    QTest.mouseRelease(canvas.viewport(), button, Qt.KeyboardModifier.NoModifier, at + QPoint(70, 30))
    QTest.keyRelease(canvas.viewer, Key.Key_Space)
    moved = view.topLeft() - canvas.viewer.visible_rect().topLeft()
    assert (moved - QPointF(70, 30) / canvas.zoom()).manhattanLength() < 1.5
    assert hand.undo_steps == 0
    hand.check()
