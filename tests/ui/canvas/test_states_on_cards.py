"""Each state of a node has a sign of its own on its card and words in its tooltip, and moves only what it must."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication

from flodesk.engine.client import NodeState, State
from flodesk.ui.canvas.tips import tip
from flodesk.ui.theme import DARK, LIGHT, current

SIGNS: tuple[State, ...] = ("queued", "running", "paused", "waiting", "cached", "done", "failed")
FLOW = """\
# /// script
# [tool.flodesk]
# version = 1
#
# [tool.flodesk.places.flow]
# low = "process"
#
# [tool.flodesk.detached.flow]
# saved = 4
# ///
from flodesk.nodes import maths, timing


def flow():
    for tick in timing.every(0.05):
        low = maths.scale(tick, factor=2.0)
        saved = maths.add(tick, 3)
"""


def badge_of(hand: Any, key: str) -> QImage:
    hand.canvas.viewer.viewport().update()
    QApplication.processEvents()
    card = hand.canvas.board.cards[key]
    corner = card.box().topRight()
    place = hand.canvas.viewer.mapFromScene(corner)
    image: QImage = hand.canvas.viewport().grab().toImage()
    return image.copy(place.x() - 26, place.y() + 9, 20, 20)


def form(image: QImage) -> tuple[int, ...]:
    """Return which pixels stand out from the ground, whatever their colour is."""
    ground = image.pixelColor(0, 0).lightnessF()
    pixels = [image.pixelColor(x, y).lightnessF() for y in range(image.height()) for x in range(image.width())]
    return tuple(int(abs(light - ground) > 0.12) for light in pixels)


@pytest.mark.parametrize("theme", [DARK, LIGHT], ids=lambda t: t.name)
def test_each_state_has_a_sign_and_words_of_its_own(hand: Any, theme: Any) -> None:
    current.use(theme)
    try:
        forms, words = {}, {}
        for state in SIGNS:
            hand.canvas.show_states({"flow.size": NodeState(state, 1, failures=1)})
            forms[state] = form(badge_of(hand, "size"))
            words[state] = tip(hand.canvas.board.cards["size"])
        assert len(set(forms.values())) == len(SIGNS), "not told by colour alone"
        assert len(set(words.values())) == len(SIGNS)
        assert sum(forms["queued"]) > 20
        hand.canvas.show_states({})
        assert not any(form(badge_of(hand, "size")))
    finally:
        current.use(DARK)


def test_a_producer_that_starts_anew_says_why_until_it_has_given_a_value(open_canvas: Callable[..., Any]) -> None:
    hand = open_canvas(FLOW)
    card = hand.canvas.board.cards["tick"]
    height = card.card.height
    hand.canvas.board.show_failures({"flow.tick": "OSError: the port is gone"})
    assert card.card.height == height, "nothing has failed yet"
    hand.canvas.show_states({"flow.tick": NodeState("waiting", 7, 4.0, failures=3)})
    assert " ".join(card.card.trouble).startswith("Starts anew after 4 s, failed 3 ×")
    assert "OSError: the port is gone" in tip(card)
    assert not card.live.wrong
    assert card.card.height > height
    hand.canvas.show_states({"flow.tick": NodeState("running", 7)})
    assert card.card.trouble, "it is asked again: nobody knows better yet, so the card stays as high as it is"
    hand.canvas.show_states({"flow.tick": NodeState("running", 8)})
    assert card.card.height == height
    hand.canvas.show_states({"flow.tick": NodeState("waiting", 8, 1.0, failures=1)})
    hand.canvas.show_states({"flow.tick": NodeState("failed", 8)})
    assert card.card.trouble[0].startswith("OSError")


def test_what_runs_beside_its_loop_says_how_far_it_is_behind(open_canvas: Callable[..., Any]) -> None:
    hand = open_canvas(FLOW)
    card = hand.canvas.board.cards["saved"]
    box = card.box()
    before = hand.canvas.viewport().grab().toImage()
    hand.canvas.show_states({"flow.saved": NodeState("idle", behind=3)})
    QApplication.processEvents()
    assert hand.canvas.viewport().grab().toImage() != before
    assert card.box() == box, "its chip had its room"
    assert "runs beside its loop; 3 turns are on their way" in tip(card)
    assert "runs elsewhere: Worker process (process)" in tip(hand.canvas.board.cards["low"])
