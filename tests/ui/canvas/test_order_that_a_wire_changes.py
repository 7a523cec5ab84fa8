"""A wire that moves a call which may act past others says so; where nothing but computing moves nothing is said."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import QPointF

TEXT = """\
import flodesk
from flodesk.nodes import control, maths, show


def log(text, value=1.0):
    print(text, value)
    return value


def flow():
    level = control.slider(2.0)
    first = log("first")
    shown = show.number(first)
    sum_ = maths.add(level, 1.0)
    second = log("second", sum_)
    print("third")
    more = maths.add(second, 1.0)
    last = maths.add(level, 2.0)


if __name__ == "__main__":
    flodesk.main(flow)
"""
FIRST = "“first” runs after “second” and “call_1” now, no longer before them: what it reads is made only then."


@pytest.mark.parametrize(
    ("source", "target", "said"),
    [
        ("more", ("first", "value"), [FIRST]),
        (
            "last",
            ("second", "value"),
            [
                "second takes last as value now, in place of sum_. Undo (Ctrl+Z) brings that wire back. "
                "“second” runs after “call_1” now, no longer before it: what it reads is made only then."
            ],
        ),
        ("sum_", ("first", "value"), []),
        (
            "more",
            ("shown", "value"),
            ["shown takes more as value now, in place of first. Undo (Ctrl+Z) brings that wire back."],
        ),
        (
            "last",
            ("sum_", "values[1]"),
            ["“second” runs after “call_1” now, no longer before it: what it reads is made only then."],
        ),
        ("level", ("first", "value"), []),
    ],
)
def test_it_is_said_in_one_sentence(
    open_canvas: Callable[..., Any], source: str, target: tuple[str, str], said: list[str]
) -> None:
    hand = open_canvas(TEXT)
    hand.canvas.changes.connect((source, ""), target, None)
    assert hand.undo_steps == 1
    assert hand.said == said
    hand.check()


def acting(text: str) -> list[str]:
    """Return the first words of the calls that act, in their order."""
    words = [line.split("#")[0].split(" = ")[0].strip() for line in text.split("def flow")[1].splitlines()]
    return [word for word in words if word in ("first", "second") or word.startswith("print(")]


@pytest.mark.parametrize("path", ["flodesk.nodes.maths.scale", "def", "flodesk.nodes.dsp.Lowpass"])
@pytest.mark.parametrize("target", [("first", "value"), ("second", "value")])
def test_a_node_between_two_comes_before_what_reads_it_and_moves_nothing_that_acts(
    open_canvas: Callable[..., Any], path: str, target: tuple[str, str]
) -> None:
    hand = open_canvas(TEXT)
    before = acting(hand.text)
    assert before == ["first", "second", 'print("third")']
    hand.canvas.adding.put_between(path, ("level", ""), target)
    assert hand.undo_steps == 1
    assert acting(hand.text) == before
    assert hand.said == []
    hand.check()


def test_a_node_that_is_to_feed_an_input_comes_before_it(open_canvas: Callable[..., Any]) -> None:
    hand = open_canvas(TEXT)
    before = acting(hand.text)
    for path in ("flodesk.nodes.source.constant", "flodesk.nodes.control.slider"):
        hand.canvas.adding.add(path, QPointF(0, 900), ("first", "value"))
        assert acting(hand.text) == before
        assert hand.said == []
    hand.check()


def test_a_node_in_a_wire_from_below_says_what_it_moves(open_canvas: Callable[..., Any]) -> None:
    hand = open_canvas(TEXT)
    hand.canvas.adding.put_between("flodesk.nodes.maths.scale", ("more", ""), ("first", "value"))
    assert hand.said == [FIRST]
    hand.check()
