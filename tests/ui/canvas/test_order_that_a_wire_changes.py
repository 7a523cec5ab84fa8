"""A wire that moves a call which may act past others says so; where nothing but computing moves nothing is said."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

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
            ["“second” runs after “call_1” now, no longer before it: what it reads is made only then."],
        ),
        ("sum_", ("first", "value"), []),
        ("more", ("shown", "value"), []),
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
