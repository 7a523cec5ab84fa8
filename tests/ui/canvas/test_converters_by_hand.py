"""Wires that do not fit: the refusal offers what turns one into the other; what cannot take the wire steps back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QSize, Qt
from PySide6.QtGui import QRegion
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QMenu
from pytestqt.qtbot import QtBot

from flodesk.ui.canvas.far_layer import Blocks

TEXT = """\
# /// script
# requires-python = ">=3.11"
# dependencies = ["flodesk"]
#
# [tool.flodesk]
# version = 1
#
# [tool.flodesk.canvas.flow]
# level = [0, 0]
# signal = [0, 240]
# other = [0, 480]
# meter = [320, 100]
# words = [320, 300]
# loud = [320, 480]
# ///
import flodesk
from flodesk.nodes import control, dsp, maths, show, source, text


def flow():
    level = control.slider(2.0, minimum=0.0, maximum=10.0)
    signal = source.sine(0, frequency=5.0, samples=50)
    other = source.sine(0, frequency=2.0, samples=50)
    meter = show.number(level)
    words = text.find("a", "b")
    loud = dsp.rms(other)


if __name__ == "__main__":
    flodesk.main(flow)
"""


@pytest.fixture
def hand(open_canvas: Callable[..., Any]) -> Any:
    hand = open_canvas(TEXT)
    hand.canvas.zoom_to(1.0)
    hand.canvas.viewer.center_on(hand.canvas.board.cards["meter"].box().center())
    return hand


def offered(hand: Any) -> QMenu:
    menu = hand.canvas.context.menu
    assert isinstance(menu, QMenu)
    assert menu.isVisible()
    return menu


def test_a_refused_wire_offers_the_converter_and_enter_puts_it_in(hand: Any) -> None:
    before, steps = hand.text, hand.undo_steps
    start = hand.canvas.port_position("signal", "", "out")
    hand.drag(start, hand.canvas.port_position("meter", "value", "in"))
    menu = offered(hand)
    words = menu.actions()[0].defaultWidget().text()
    assert "gives a signal" in words
    assert "takes a number" in words
    titles = [action.text() for action in menu.actions()[2:5]]
    assert titles[0] == "Insert maths.mean: Average all values of an array or signal\tEnter"
    assert [title.partition(":")[0] for title in titles[1:]] == ["Insert dsp.rms", "Insert maths.element"]
    assert hand.text == before, "nothing is done before a hand says so"
    QTest.keyClick(menu, Qt.Key.Key_Return)
    QApplication.processEvents()
    assert "mean = maths.mean(signal)\n    meter = show.number(mean)" in hand.text
    assert hand.undo_steps == steps + 1
    assert hand.canvas.document.undo_title == "Put maths.mean between “signal” and “value” of “meter”"
    assert hand.canvas.selection() == ["mean"]
    hand.check()
    hand.canvas.document.undo()
    assert hand.text == before


def test_escape_leaves_it_and_a_click_takes_another_one(hand: Any) -> None:
    before = hand.text
    start, end = hand.canvas.port_position("signal", "", "out"), hand.canvas.port_position("meter", "value", "in")
    hand.drag(start, end)
    QTest.keyClick(offered(hand), Qt.Key.Key_Escape)
    QApplication.processEvents()
    assert hand.text == before
    hand.drag(start, end)
    menu = offered(hand)
    action = next(a for a in menu.actions() if "dsp.rms" in a.text())
    QTest.mouseClick(menu, Qt.MouseButton.LeftButton, pos=menu.actionGeometry(action).center())
    QApplication.processEvents()
    assert "rms = dsp.rms(signal)\n    meter = show.number(rms)" in hand.text


def test_a_wire_that_is_led_elsewhere_takes_a_converter_in_the_same_step(hand: Any) -> None:
    end = hand.canvas.port_position("loud", "signal", "in")
    hand.drag(end, hand.canvas.port_position("meter", "value", "in"))
    QTest.keyClick(offered(hand), Qt.Key.Key_Return)
    QApplication.processEvents()
    assert "mean = maths.mean(other)\n    meter = show.number(mean)" in hand.text
    assert "loud = dsp.rms()" in hand.text
    assert (("other", ""), ("loud", "signal")) not in hand.wires()
    hand.canvas.document.undo()
    assert hand.text == TEXT


def test_where_nothing_converts_the_refusal_alone_is_told(hand: Any) -> None:
    hand.drag(hand.canvas.port_position("meter", "", "out"), hand.canvas.port_position("words", "text", "in"))
    assert hand.canvas.context.menu is None
    assert "gives something to look at" in hand.said[-1]


@pytest.mark.parametrize("zoom", [1.0, 0.45, 0.2])
def test_cards_that_have_nothing_for_the_wire_grow_pale_at_any_zoom(hand: Any, zoom: float) -> None:
    canvas, cards = hand.canvas, hand.canvas.board.cards
    canvas.zoom_to(zoom)
    port = cards["words"].ports["out", "found"]
    canvas.viewer.gesture.begin(port)
    assert not cards["words"].pale, "the wire hangs on it"
    assert not cards["meter"].pale, "a number may be true or false"
    assert cards["words"].ports["out", "text"].faded
    assert cards["words"].ports["in", "text"].faded, "nor can the own card"
    canvas.viewer.gesture.cancel()
    canvas.viewer.gesture.begin(cards["meter"].ports["out", ""])
    pale = {key for key, card in cards.items() if card.pale}
    assert {"level", "words"} <= pale
    assert "loud" not in pale, "it takes anything"
    assert len(Blocks.of(list(cards.values())).pale) == len(pale)
    assert all(cards[key].opacity() < 0.5 for key in pale)
    canvas.viewer.gesture.cancel()
    assert not any(card.pale or card.opacity() < 1.0 for card in cards.values())


def test_from_an_input_too_and_from_the_end_of_a_wire(hand: Any) -> None:
    canvas, cards = hand.canvas, hand.canvas.board.cards
    hand.drag(canvas.port_position("words", "text", "in"), hand.empty_place(), drop=False)
    assert cards["level"].ports["out", ""].faded, "a number is no text"
    assert cards["level"].pale
    assert not cards["words"].ports["in", "text"].faded
    hand.key(Qt.Key.Key_Escape)
    assert not cards["level"].pale
    hand.drag(canvas.port_position("meter", "value", "in"), hand.empty_place(), drop=False)
    assert cards["words"].ports["in", "text"].faded, "the wire that was taken off is a number"
    assert not cards["loud"].ports["in", "signal"].faded
    hand.key(Qt.Key.Key_Escape)
    assert hand.text == TEXT


def test_the_words_of_an_answer_are_whole(hand: Any) -> None:
    hand.drag(hand.canvas.port_position("signal", "", "out"), hand.canvas.port_position("meter", "value", "in"))
    menu = offered(hand)
    label = menu.findChild(QLabel)
    assert label is not None
    assert label.height() >= label.heightForWidth(label.width())
    menu.close()


TWO = """\
# /// script
# [tool.flodesk]
# version = 1
#
# [tool.flodesk.canvas.flow]
# words = [0, 0]
# wave = [300, 60]
# after = [560, 60]
# ///
import flodesk
from flodesk.nodes import dsp, source, text


def flow():
    words = text.number(12.0)
    wave = source.sine(0, samples=50)
    after = dsp.rms(wave)


if __name__ == "__main__":
    flodesk.main(flow)
"""


def test_where_no_single_one_fits_two_are_offered(open_canvas: Callable[..., Any]) -> None:
    hand = open_canvas(TWO)
    hand.drag(hand.canvas.port_position("words", "", "out"), hand.canvas.port_position("wave", "block", "in"))
    menu = offered(hand)
    titles = [action.text() for action in menu.actions()]
    assert "Insert text.to_number, then maths.whole\tEnter" in titles
    QTest.keyClick(menu, Qt.Key.Key_Return)
    QApplication.processEvents()
    assert "    to_number = text.to_number(words)\n" in hand.text
    assert "    whole = maths.whole(to_number)\n    wave = source.sine(whole, samples=50)\n" in hand.text
    assert hand.undo_steps == 1
    assert set(hand.canvas.selection()) == {"to_number", "whole"}
    boxes = [card.box() for card in hand.canvas.board.cards.values()]
    assert not any(a.intersects(b) for number, a in enumerate(boxes) for b in boxes[:number])
    hand.check()
    hand.canvas.document.undo()
    assert hand.text == TWO


@pytest.mark.parametrize(
    ("wave", "after"),
    [((1100, 200), (1400, 200)), ((300, 60), (560, 60)), ((-700, 300), (-400, 300)), ((1100, 0), (500, 0))],
    ids=["far apart", "close by", "back to the left", "another between them"],
)
def test_two_in_a_row_come_onto_the_way(
    open_canvas: Callable[..., Any], wave: tuple[int, int], after: tuple[int, int]
) -> None:
    text = TWO.replace("wave = [300, 60]", f"wave = {list(wave)}").replace(
        "after = [560, 60]", f"after = {list(after)}"
    )
    hand = open_canvas(text)
    hand.canvas.fit()
    hand.drag(hand.canvas.port_position("words", "", "out"), hand.canvas.port_position("wave", "block", "in"))
    QTest.keyClick(offered(hand), Qt.Key.Key_Return)
    QApplication.processEvents()
    cards = hand.canvas.board.cards
    first, second, begin, end = (cards[key].box() for key in ("to_number", "whole", "words", "wave"))
    boxes = [card.box().adjusted(-8, -8, 8, 8) for card in cards.values()]
    assert not any(a.intersects(b) for number, a in enumerate(boxes) for b in boxes[:number])
    row = first.united(second)
    assert first.right() < second.left()
    assert second.left() - first.right() < 60
    way = begin.center() + (end.center() - begin.center()) / 2 - row.center()
    room = 260 if wave[0] > after[0] else 60 if wave[0] > 0 else 200
    assert abs(way.x()) < max(60, room) and abs(way.y()) < room, f"{way} off the middle of the way"  # noqa: PT018
    if begin.right() < end.left():
        assert begin.right() < row.left()
        assert row.right() < end.left()
    hand.check()


class Painted(QObject):
    """Gathers what is painted of a viewport."""

    def __init__(self, view: Any) -> None:
        super().__init__(view)
        self.region = QRegion()
        view.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint:
            self.region = self.region.united(event.region())  # type: ignore[attr-defined]
        return False


def test_the_words_of_a_refusal_are_gone_when_the_wire_is_let_go(open_canvas: Callable[..., Any], qtbot: QtBot) -> None:
    hand = open_canvas(TEXT)
    start, end = hand.canvas.port_position("meter", "", "out"), hand.canvas.port_position("words", "text", "in")
    hand.drag(start, end, drop=False)
    assert hand.canvas.viewer.gesture.message
    painted = Painted(hand.canvas.viewport())
    QApplication.processEvents()
    painted.region = QRegion()
    hand.release(end)
    words = QRect(end + QPoint(16, 16), QSize(300, 40)).intersected(hand.canvas.viewport().rect())
    qtbot.waitUntil(lambda: painted.region.contains(words.center()), timeout=60_000)
    assert painted.region.intersected(QRegion(words)) == QRegion(words), "a part of the words stays painted"
