"""What a hand calls a card of code: its variable, where it binds one, and else a name that the card shows."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

TEXT = """\
# /// script
# [tool.flodesk]
# version = 1
#
# [tool.flodesk.canvas.flow]
# a = [0, 0]
# code_1 = [300, 0]
# code_2 = [300, 300]
# b = [600, 0]
# ///
from flodesk.nodes import control, maths


def flow(x=1.0):
    a = control.slider(2.0)
    result_3 = a > x
    print("now", a + 1)
    b = maths.scale(result_3)
    x = x + 1
"""


def rename(hand: Any, card: str, offered: str, name: str) -> Any:
    """Select a card, press F2, read the name that is offered, and type another."""
    hand.canvas.select([card])
    hand.key(Qt.Key.Key_F2)
    field = hand.canvas.picking.naming.field
    assert field.text() == offered
    QTest.keyClicks(field, name)
    QTest.keyClick(field, Qt.Key.Key_Return)
    QApplication.processEvents()
    return field


def test_f2_on_an_expression_renames_its_variable(open_canvas: Callable[..., Any]) -> None:
    hand = open_canvas(TEXT)
    rename(hand, "code_1", "result_3", "positive")
    assert "    positive = a > x\n" in hand.text
    assert "maths.scale(positive)" in hand.text
    assert "result_3" not in hand.text
    card = hand.canvas.board.cards["code_1"]
    assert card.card.title == "positive = a > x"
    assert [port.name for port in card.node.outputs] == ["positive"]
    assert hand.canvas.selection() == ["code_1"]
    assert "# code_1 = [300, 0]" in hand.text
    assert hand.undo_steps == 1
    hand.check()


def test_a_card_shows_the_name_of_code_that_binds_nothing(open_canvas: Callable[..., Any]) -> None:
    hand = open_canvas(TEXT)
    assert hand.canvas.board.cards["code_2"].card.title == 'print("now", a + 1)'
    rename(hand, "code_2", "code_2", "told")
    assert hand.canvas.board.cards["told"].card.title == "told"
    assert 'print("now", a + 1)' in hand.canvas.board.cards["told"].card.code
    assert hand.canvas.selection() == ["told"]
    hand.check()


@pytest.mark.parametrize(("card", "offered", "name", "why"), [
    ("code_1", "result_3", "b", "exists already"),
    ("code_3", "x", "other", "is an input of “flow”"),
])  # fmt: skip
def test_a_variable_that_cannot_be_renamed_says_why(
    open_canvas: Callable[..., Any], card: str, offered: str, name: str, why: str
) -> None:
    hand = open_canvas(TEXT)
    before = hand.text
    field = rename(hand, card, offered, name)
    assert hand.text == before
    assert why in field.toolTip()
    QTest.keyClick(field, Qt.Key.Key_Escape)
    QApplication.processEvents()
