"""A truth that is calculated in one line decides about selected cards, wherever its line stands."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from flodesk.flow.formulas import is_test, kind_of_formula

HEAD = """\
# /// script
# [tool.flodesk]
# version = 1
#
# [tool.flodesk.canvas.flow]
# tick = [0, 0]
# code_1 = [260, 0]
# sine = [260, 120]
# code_2 = [260, 320]
# greater = [260, 320]
# shown = [560, 120]
# ///
import flodesk
from flodesk.nodes import maths, show, source, timing


def flow():
    for tick in timing.every(0.05):
"""
END = """

if __name__ == "__main__":
    flodesk.main(flow)
"""


def turn(*lines: str) -> str:
    return HEAD + "".join(f"        {line}\n" for line in lines) + END


def press(hand: Any, *cards: str) -> None:
    for number, card in enumerate(cards):
        keys = Qt.KeyboardModifier.ControlModifier if number else Qt.KeyboardModifier.NoModifier
        hand.click(hand.canvas.node_center(card), keys)
    hand.canvas.branching.into_if()


def test_a_comparison_above_decides(open_canvas: Callable[..., Any]) -> None:
    hand = open_canvas(
        turn("high = tick % 4 > 1", "sine = source.sine(tick)", "size = tick * 10.0", "shown = show.number(size)")
    )
    assert hand.canvas.board.graph.nodes["code_1"].outputs[0].type == "truth"
    press(hand, "code_1", "code_2")
    assert "        if high:\n            size_then = tick * 10.0\n            size = size_then\n" in hand.text, (
        hand.said
    )
    assert hand.undo_steps == 1
    hand.check()


def test_a_truth_below_goes_up_with_what_it_reads(open_canvas: Callable[..., Any]) -> None:
    before = turn(
        "size = tick * 10.0", "rest = tick % 4", "greater = maths.greater(rest, 1)", "shown = show.number(size)"
    )
    hand = open_canvas(before)
    press(hand, "code_1", "greater")
    assert (
        "        rest = tick % 4\n        greater = maths.greater(rest, 1)\n        if greater:\n"
        "            size_then = tick * 10.0\n            size = size_then\n"
    ) in hand.text, hand.said
    hand.check()
    hand.canvas.document.undo()
    assert hand.text == before


def test_what_hangs_on_the_cards_does_not_decide_about_them(open_canvas: Callable[..., Any]) -> None:
    before = turn("size = tick * 10.0", "greater = maths.greater(size, 1)", "shown = show.number(size)")
    hand = open_canvas(before)
    press(hand, "code_1", "greater")
    assert hand.text == before
    assert "it hangs on" in hand.said[-1]


def test_what_acts_in_between_keeps_its_order(open_canvas: Callable[..., Any]) -> None:
    before = turn("size = tick * 10.0", "sine = print(size)", "greater = print(tick)", "shown = show.number(size)")
    before = before.replace("greater = print(tick)", "code = input() == tick")
    hand = open_canvas(before)
    press(hand, "code_1", "code_2")
    assert hand.text == before
    assert "their order matters" in hand.said[-1]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("a = tick % 4 > 1", "truth"),
        ("a = not wave", "truth"),
        ("a = wave is None", "truth"),
        ("a = 3 in wave", "truth"),
        ("a = tick > 1 and name == 'x' or on", "truth"),
        ("a = 0 < tick < 4", "truth"),
        ("a = wave > 1", "any"),
        ("a = unknown > 1", "any"),
        ("a = tick or 3", "any"),
        ("a = tick * 2", "any"),
        ("a += tick > 2", "any"),
        ("a = b = tick > 2", "any"),
        ("if tick > 2:\n    a = 1", "any"),
    ],
)
def test_the_types_of_expressions(text: str, kind: str) -> None:
    assert kind_of_formula(text, {"tick": "number", "wave": "signal", "name": "text", "on": "truth"}) == kind


def test_a_comparison_of_anything_is_meant_as_a_test() -> None:
    assert is_test("a = unknown > 1")
    assert is_test("a = on and not off")
    assert not is_test("a = unknown * 1")


@pytest.mark.parametrize(
    ("arms", "read"),
    [(("maths.scale(tick)", "maths.subtract(tick, 1)"), "level"), (("one", "tick"), "one")],
)
def test_an_if_that_goes_alone_says_whose_value_is_read(
    open_canvas: Callable[..., Any], arms: tuple[str, str], read: str
) -> None:
    hand = open_canvas(
        turn(
            "greater = maths.greater(tick, 1)",
            "one = maths.scale(tick)",
            "if greater:",
            f"    level = {arms[0]}",
            "else:",
            f"    level = {arms[1]}",
            "shown = show.number(level)",
        )
    )
    hand.canvas.fit()
    QApplication.processEvents()
    hand.click(hand.canvas.node_center("if_1"))
    hand.key(Qt.Key.Key_Delete)
    assert f"“level” is joined no more: “shown” reads “{read}” alone." in hand.said[-1]
    hand.check()
