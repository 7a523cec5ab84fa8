"""Loops say how often they have turned and how fast; wires light up when values pass, and pale where none went."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication

from flodesk.engine.client import NodeState
from flodesk.ui.canvas.activity import CALM, GLOW
from flodesk.ui.canvas.loop_words import end_words, live_words, rate_words
from flodesk.ui.theme import DARK, LIGHT, current

FLOW = """\
# /// script
# [tool.flodesk]
# version = 1
#
# [tool.flodesk.canvas.flow]
# tick = [0, 200]
# high = [300, 0]
# if_1 = [600, 0]
# up = [300, 200]
# down = [300, 400]
# level = [600, 300]
# ///
from flodesk.nodes import maths, timing


def flow():
    for tick in timing.every(0.05):
        high = maths.greater(tick, 5.0)
        if high:
            up = maths.scale(tick, factor=2.0)
            level = up
        else:
            down = maths.scale(tick, factor=3.0)
            level = down
"""
UP = {("tick", "up"), ("up", "level")}
DOWN = {("tick", "down"), ("down", "level")}


@pytest.fixture
def hand(open_canvas: Callable[..., Any]) -> Any:
    found = open_canvas(FLOW)
    found.canvas.fit()
    return found


def turn(hand: Any, number: int, now: float, arm: str, *, on: bool = True) -> None:
    """Show the states that one turn has left."""
    before = {key: card.live.count for key, card in hand.canvas.board.cards.items()}
    ran = ["tick", "high", "if_1", "level", arm]
    told = {key: NodeState("done", count, 1e-6 * number) for key, count in before.items() if count and key not in ran}
    for key in ("up", "down"):
        if key in told:
            told[key] = NodeState("done", before[key], hand.canvas.board.cards[key].live.seconds)
    told |= {key: NodeState("done", before[key] + 1, 1e-6 * number) for key in ran}
    hand.canvas.show_states({f"flow.{key}": state for key, state in told.items()})
    hand.canvas.activity.look(now, on)


def wires(hand: Any, attribute: str) -> set[tuple[str, str]]:
    found = hand.canvas.board.wires.values()
    return {(w.wire.source[0], w.wire.target[0]) for w in found if getattr(w, attribute)}


def all_wires(hand: Any) -> set[tuple[str, str]]:
    return {(w.wire.source[0], w.wire.target[0]) for w in hand.canvas.board.wires.values()}


def test_wires_light_up_when_values_pass_and_go_dark_again(hand: Any) -> None:
    hand.canvas.activity.forget()
    hand.canvas.activity.look(10.0, True)
    assert wires(hand, "flowing") == set()
    turn(hand, 1, 11.0, "down")
    assert wires(hand, "flowing") == all_wires(hand) - UP
    hand.canvas.activity.look(11.0 + GLOW / 2, True)
    assert wires(hand, "flowing") == all_wires(hand) - UP
    hand.canvas.activity.look(11.1 + GLOW, True)
    assert wires(hand, "flowing") == set()
    turn(hand, 2, 12.0, "down")
    assert wires(hand, "flowing")
    hand.canvas.activity.look(12.05, False)
    assert wires(hand, "flowing") == set(), "the run is over"


def test_where_motion_is_to_be_reduced_they_stay_lit_between_slow_turns(hand: Any) -> None:
    hand.canvas.activity.calm = True
    hand.canvas.activity.forget()
    turn(hand, 1, 11.0, "down")
    hand.canvas.activity.look(11.0 + CALM - 0.1, True)
    assert wires(hand, "flowing")
    hand.canvas.activity.look(11.0 + CALM + 0.1, True)
    assert not wires(hand, "flowing")


def test_activity_can_be_switched_off_and_branches_pale_in_any_case(hand: Any) -> None:
    hand.canvas.activity.shown = False
    hand.canvas.activity.forget()
    turn(hand, 1, 11.0, "down")
    assert not wires(hand, "flowing")
    assert wires(hand, "dim") == UP


def test_the_arm_that_was_not_taken_is_pale_and_stays_so_after_the_end(hand: Any) -> None:
    hand.canvas.activity.forget()
    assert wires(hand, "dim") == set(), "nobody knows yet"
    for number, (arm, pale) in enumerate([("down", UP), ("down", UP), ("up", DOWN), ("down", UP)]):
        turn(hand, number + 1, 11.0 + number, arm)
        assert wires(hand, "dim") == pale
    hand.canvas.activity.look(99.0, False)
    assert wires(hand, "dim") == UP
    hand.canvas.activity.forget()
    assert wires(hand, "dim") == set()


@pytest.mark.parametrize("theme", [DARK, LIGHT], ids=lambda t: t.name)
def test_lit_and_pale_wires_are_seen(hand: Any, theme: Any) -> None:
    current.use(theme)
    try:
        hand.canvas.activity.forget()
        pictures = [picture(hand)]
        hand.canvas.show_states({"flow.tick": NodeState("done", 1)})
        before = picture(hand)
        wire = next(w for w in hand.canvas.board.wires.values() if w.wire.target[0] == "up")
        for wire.flowing, wire.dim in ((True, False), (False, True)):
            wire.update()
            pictures.append(picture(hand))
            assert pictures[-1] != before
        assert pictures[-1] != pictures[-2]
    finally:
        current.use(DARK)


def picture(hand: Any) -> QImage:
    QApplication.processEvents()
    image: QImage = hand.canvas.viewport().grab().toImage()
    return image


def test_turns_and_rates_in_words() -> None:
    assert live_words(7, 0.0) == "turn 7"
    assert live_words(1204, 321.7) == "turn 1\u202f204 · 320/s"
    assert [rate_words(r) for r in (0.001, 0.05, 0.9, 2.345, 9.96, 48.6, 1234.0, 98765.0)] == [
        "1/min", "3/min", "54/min", "2.3/s", "10/s", "49/s", "1\u202f200/s", "99\u202f000/s"
    ]  # fmt: skip
    assert end_words(1204, "3.8 s") == "1\u202f204 turns in 3.8 s"
    assert end_words(1, "3.8 s") == "1 turn in 3.8 s"
    assert end_words(120, "") == "120 turns in all"


def test_the_line_of_a_loop_stands_above_its_producer_and_keeps_its_width(hand: Any) -> None:
    label = hand.canvas.board.grounds.loops["tick"].label
    assert not label.isVisible()
    label.say(live_words(111, 110.0))
    width = label.boundingRect().width()
    label.say(live_words(888, 880.0))
    assert label.boundingRect().width() == width, "figures of one width"
    card = hand.canvas.board.cards["tick"]
    assert label.pos().x() == card.box().left()
    assert label.sceneBoundingRect().bottom() <= card.box().top()
    card.setPos(40, 300)
    QApplication.processEvents()
    assert label.pos().x() == card.box().left()
    assert label.sceneBoundingRect().bottom() <= card.box().top()
    said = picture(hand)
    label.say("")
    assert not label.isVisible()
    assert picture(hand) != said
