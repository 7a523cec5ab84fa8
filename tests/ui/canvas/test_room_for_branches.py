"""What comes with a branch or a loop finds room: frames grow, others give way, no wire comes out at another's port."""

from __future__ import annotations

from collections.abc import Callable, Collection
from itertools import combinations
from typing import Any

import pytest
from PySide6.QtCore import QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtWidgets import QApplication

HEAD = """\
# /// script
# [tool.flodesk]
# version = 1
#
# [tool.flodesk.canvas.flow]
# constant = [-60, -60]
# tick = [-60, 120]
# rms_parts = [300, 80]
# big = [620, 40]
# below = [300, 300]
"""
FRAME = """\
#
# [tool.flodesk.frames.flow]
# frame_1 = { at = [160, 20, 440, 220], title = "Measure" }
"""
BODY = """\
# ///
from typing import NamedTuple

import flodesk
from flodesk.nodes import dsp, maths, show, source, timing


class MakeRms(NamedTuple):
    rms: float
    sine: object


def make_rms(tick: int) -> MakeRms:
    sine = source.square(tick, samples=50)
    rms = dsp.rms(sine)
    return MakeRms(rms, sine)


def flow():
    constant = source.constant(1.0)
    for tick in timing.every(0.02):
        rms_parts = make_rms(tick)
        rms = rms_parts.rms
        sine = rms_parts.sine
        big = maths.add(constant, rms)
        below = show.number(tick)


if __name__ == "__main__":
    flodesk.main(flow)
"""


def choose(hand: Any, name: str, card: str = "rms_parts") -> None:
    """Press the right button on a card, and choose from its menu."""
    at = hand.canvas.node_center(card)
    hand.click(at)
    event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, at, hand.canvas.viewport().mapToGlobal(at))
    QApplication.sendEvent(hand.canvas.viewport(), event)
    menu = hand.canvas.context.menu
    next(action for action in menu.actions() if action.text().partition("\t")[0] == name).trigger()
    menu.close()
    QApplication.processEvents()


def lies_well(hand: Any, before: Collection[str]) -> None:
    """Nothing lies on anything else, and no new wire runs behind a card."""
    board = hand.canvas.board
    cards = list(board.cards.values())
    for one, other in combinations(cards, 2):
        assert not one.box().intersects(other.box()), f"{one.id} lies on {other.id}"
    new = [card for card in cards if card.id not in before]
    assert new
    for wire in board.wires.values():
        if wire.target.node in new:
            for card in cards:
                if card not in (wire.source.node, wire.target.node):
                    inside = card.box().adjusted(2, 2, -2, -2)
                    touched = any(inside.contains(wire.path().pointAtPercent(part / 100)) for part in range(101))
                    assert not touched, f"{wire.name} runs behind {card.id}"
    for frame in board.pieces.values():
        ground = frame.box().adjusted(0, 32, 0, 0)
        for card in [*new, board.cards["rms_parts"]]:
            assert ground.contains(card.box()), f"{card.id} sticks out of its frame"
        for name in ("big", "constant", "tick", "below"):
            assert not frame.box().intersects(board.cards[name].box()), f"the frame came to lie over {name}"


@pytest.mark.parametrize("frame", [FRAME, ""])
@pytest.mark.parametrize("verb", ["Put into an if", "Put into a loop"])
def test_it_makes_room(open_canvas: Callable[..., Any], verb: str, frame: str) -> None:
    hand = open_canvas(HEAD + frame + BODY)
    before, text = set(hand.canvas.board.cards), hand.text
    choose(hand, verb)
    lies_well(hand, before)
    hand.check()
    assert hand.undo_steps == 1
    hand.key(Qt.Key.Key_F)
    hand.canvas.document.undo()
    assert hand.text == text
    hand.check()


def test_it_says_what_is_read_where_the_branch_is_not_taken(open_canvas: Callable[..., Any]) -> None:
    hand = open_canvas(HEAD + FRAME + BODY)
    choose(hand, "Put into an if")
    assert hand.said[-1] == "Where “on” is not true, “rms” is “tick”, as it comes in."
    hand.canvas.select(["big"])
    hand.canvas.branching.into_if()
    assert not hand.said[-1].startswith("Where “on_2”"), "nothing is read of it"


def test_the_card_that_decides_stays_outside(open_canvas: Callable[..., Any]) -> None:
    text = (HEAD + BODY).replace("    constant = source", "    yes = control.switch(True)\n    constant = source")
    text = text.replace("import dsp", "import control, dsp").replace("# big =", "# yes = [-60, 400]\n# big =")
    hand = open_canvas(text)
    place = QRectF(hand.canvas.board.cards["yes"].box())
    hand.canvas.fit()
    hand.click(hand.canvas.node_center("yes") + QPoint(0, -10))
    hand.click(hand.canvas.node_center("rms_parts"), Qt.KeyboardModifier.ControlModifier)
    before = set(hand.canvas.board.cards)
    hand.canvas.branching.into_if()
    assert "if yes:" in hand.text
    assert hand.canvas.board.cards["yes"].box().topLeft() == place.topLeft()
    lies_well(hand, before)


def test_the_ground_of_a_loop_is_one_and_a_loop_in_a_loop_has_an_edge(open_canvas: Callable[..., Any]) -> None:
    hand = open_canvas(HEAD + BODY)
    choose(hand, "Put into a loop")
    canvas = hand.canvas
    canvas.viewer.scene().clearSelection()
    canvas.zoom_to(1.0)
    cards = canvas.board.cards
    turn, inner = cards["turn"].box(), cards["rms_parts"].box()
    assert turn.bottom() + 44 < inner.top(), "their own grounds do not touch"
    canvas.viewer.center_on((turn.center() + inner.center()) / 2)
    QApplication.processEvents()
    shown = canvas.viewport().grab().toImage()

    def color(place: QPointF) -> str:
        return str(shown.pixelColor(canvas.viewer.mapFromScene(place)).name())

    ground = color(QPointF(turn.left() - 12, turn.center().y()))
    between = QPointF((turn.center().x() + inner.center().x()) / 2, (turn.bottom() + inner.top()) / 2)
    assert color(between) == ground, "nothing shows that one stands in the loop of the other"
    outer = color(QPointF(cards["tick"].box().center().x(), cards["tick"].box().top() - 12))
    assert outer != ground
    edges = {color(QPointF(turn.left() - 22 - part / 4, turn.center().y())) for part in range(9)}
    assert len(edges - {ground, outer}) > 1, "no edge around the inner loop"


CROWDED = """\
# /// script
# [tool.flodesk]
# version = 1
#
# [tool.flodesk.canvas.flow]
# level = [0, 0]
# code_1 = [40, 130]
# shown = [520, 0]
# ///
import flodesk
from flodesk.nodes import control, show


def flow():
    level = control.slider(2.0)
    triple = level * 3
    shown = show.number(triple)


if __name__ == "__main__":
    flodesk.main(flow)
"""


def test_under_another_card_the_loop_comes_below_and_both_are_seen(open_canvas: Callable[..., Any]) -> None:
    hand = open_canvas(CROWDED)
    canvas = hand.canvas
    canvas.resize(700, 340)
    canvas.viewer.zoom_to(1.0)
    QApplication.processEvents()
    place, before = QRectF(canvas.board.cards["code_1"].box()), set(canvas.board.cards)
    choose(hand, "Put into a loop", "code_1")
    (inner,) = (card for card in canvas.board.cards.values() if card.node.kind == "code")
    assert inner.box().topLeft() == place.topLeft()  # and the wire into it runs as before
    turn = canvas.board.cards["turn"]
    assert turn.box().top() > inner.box().bottom()
    for wire in canvas.board.wires.values():
        assert not any(turn.box().contains(wire.path().pointAtPercent(part / 100)) for part in range(101))
    seen = canvas.viewer.visible_rect()
    assert seen.contains(turn.box())
    assert seen.contains(inner.box())
    assert len(set(canvas.board.cards) - before) > 1
    hand.check()
