"""What steps back while a wire hangs on the hand is what `fits` says, of every port."""

from __future__ import annotations

from typing import Any

from PySide6.QtWidgets import QApplication

from flodesk.flow.script import read
from flodesk.ui.canvas.reach import fits, hide_reach, show_reach

TEXT = """\
import flodesk
from flodesk.nodes import dsp, maths, show, source, text


def flow():
    signal = source.sine(0, samples=50)
    size = dsp.rms(signal)
    words = text.template("{{ x }}", x=size)
    high = maths.greater(size, 0.5)
    if high:
        level = maths.scale(size, factor=2.0)
    else:
        level = maths.clip(size, upper=1.0)
    chart = show.line(signal)


if __name__ == "__main__":
    flodesk.main(flow)
"""


def test_each_port_fades_that_does_not_fit_and_all_come_back(hand: Any) -> None:
    hand.canvas.document._start(read(TEXT), None)
    cards = list(hand.canvas.board.cards.values())
    ports = [port for card in cards for port in card.ports.values()]
    assert "switch" in {card.node.kind for card in cards}
    found = set()
    for start in ports:
        show_reach(cards, start)
        for port in ports:
            assert port.faded is (port is not start and not fits(start, port)), (start.end, port.end)
            found.add(port.faded)
        QApplication.processEvents()
    hide_reach(cards)
    assert found == {True, False}
    assert not any(port.faded for port in ports)
    assert not any(card.pale for card in cards)


def test_ports_that_fade_are_painted_so_and_no_other_thing_is_made_anew(hand: Any) -> None:
    canvas = hand.canvas
    canvas.zoom_to(1.0)
    canvas.viewer.center_on(canvas.board.cards["size"].box().center())
    QApplication.processEvents()
    card, start = canvas.board.cards["size"], canvas.board.cards["louder"].ports["out", ""]
    before, made = canvas.viewport().grab().toImage(), canvas.board.far.cards.made()
    show_reach([card], start)
    assert card.ports["out", ""].faded
    assert not card.pale
    QApplication.processEvents()
    assert canvas.viewport().grab().toImage() != before
    assert canvas.board.far.cards.made() == made
    hide_reach([card])
    QApplication.processEvents()
    assert canvas.viewport().grab().toImage() == before
