"""What is not seen steps back for a wire on the hand, too, after the wire was painted; and all of it comes back."""

from __future__ import annotations

from typing import Any

from pytestqt.qtbot import QtBot

from flodesk.flow.script import read

COUNT = 700
HEAD = """\
import flodesk
from flodesk.nodes import text


def flow():
    a = len("abc") + 1
    words = text.template("{{ x }}", x=a)
"""
TAIL = """

if __name__ == "__main__":
    flodesk.main(flow)
"""


def test_cards_that_are_not_seen_follow_and_all_come_back(hand: Any, qtbot: QtBot) -> None:
    lines = (f'    n{number} = text.template("{{{{ x }}}}", x=words)\n' for number in range(COUNT))
    hand.canvas.document._start(read(HEAD + "".join(lines) + TAIL), None)
    canvas, cards = hand.canvas, hand.canvas.board.cards
    canvas.zoom_to(1.0)
    canvas.viewer.center_on(cards["words"].box().center())
    start = cards["words"].ports["out", ""]
    outputs = [card.ports["out", ""] for key, card in cards.items() if key.startswith("n")]
    canvas.viewer.gesture.begin(start)
    seen = sum(port.faded for port in outputs)
    assert 0 < seen < COUNT
    qtbot.waitUntil(lambda: all(port.faded for port in outputs))
    canvas.viewer.gesture.cancel()
    assert not any(port.faded for port in outputs)
    canvas.viewer.gesture.begin(start)
    canvas.viewer.gesture.cancel()  # before it has come to all of them
    qtbot.wait(1)
    assert not any(port.faded for port in outputs)
    canvas.viewer.gesture.begin(start)
    hand.canvas.document._start(read(HEAD + TAIL), None)  # the cards go meanwhile
    qtbot.waitUntil(lambda: len(cards) < COUNT)
    canvas.viewer.gesture.cancel()
