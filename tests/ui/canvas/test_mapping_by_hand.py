"""A node is mapped over an input by menu and inspector, looks like it, and tells how many items are done."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot

from flodesk.engine.client import NodeState
from flodesk.ui.canvas.card_state import items_words
from flodesk.ui.canvas.tips import tip
from flodesk.ui.inspector import Inspector
from flodesk.ui.inspector.mapping import Choice
from flodesk.ui.theme import DARK, LIGHT, current

FLOW = """\
# /// script
# [tool.flodesk]
# version = 1
#
# [tool.flodesk.canvas.flow]
# waves = [0, 0]
# spectra = [300, 0]
# many = [300, 220]
# last = [640, 0]
# ///
import flodesk
from flodesk.nodes import control, maths


def flow():
    waves = list((1.0, 4.0, 9.0))
    spectra = maths.absolute(waves)
    many = maths.scale(waves, factor=2.0)
    last = len(spectra)
"""
MAPPED = "    spectra = [maths.absolute(wave) for wave in waves]\n"


def act(menu: QMenu | None, *titles: str) -> None:
    for title in titles:
        assert menu is not None
        action = next((a for a in menu.actions() if a.text().split("\t")[0] == title), None)
        assert action is not None, "|".join(a.text() for a in menu.actions())
        menu = action.menu() if title != titles[-1] else None  # type: ignore[assignment]
        if menu is None:
            action.trigger()


def open_menu(hand: Any, at: QPoint) -> QMenu:
    hand.canvas.context._open(at, hand.canvas.viewport().mapToGlobal(at))
    menu: QMenu = hand.canvas.context.menu
    return menu


def port(hand: Any, node: str, name: str) -> QPoint:
    place: QPoint = hand.canvas.viewer.mapFromScene(hand.canvas.board.cards[node].ports["in", name].middle())
    return place


def test_the_menu_of_a_port_maps_a_node_over_it_and_undo_takes_it_back(open_canvas: Callable[..., Any]) -> None:
    hand = open_canvas(FLOW)
    text = hand.text
    menu = open_menu(hand, port(hand, "spectra", "value"))
    act(menu, "Map over this port")
    menu.close()
    assert MAPPED in hand.text
    hand.check()
    card = hand.canvas.board.cards["spectra"]
    assert card.card.inputs[0].label == "each of value"
    assert "runs once for each item of “value”" in tip(card)
    hand.canvas.document.undo()
    assert hand.text == text
    hand.canvas.document.redo()
    assert MAPPED in hand.text
    hand.check()


def test_the_menu_of_a_mapped_card_says_what_an_item_does_that_fails(open_canvas: Callable[..., Any]) -> None:
    hand = open_canvas(FLOW.replace("    spectra = maths.absolute(waves)\n", MAPPED))
    middle = hand.canvas.node_center("spectra")
    menu = open_menu(hand, middle)
    act(menu, "If an item fails", "Leave it out, and give the errors beside")
    menu.close()
    assert "spectra = flodesk.each(lambda wave: maths.absolute(wave), waves, on_item_error='collect')" in hand.text
    assert "last = len(spectra.results)" in hand.text
    hand.check()
    menu = open_menu(hand, middle)
    act(menu, "Take “value” whole")
    menu.close()
    assert "    spectra = maths.absolute(waves)\n" in hand.text
    assert "last = len(spectra)" in hand.text
    hand.check()


def test_a_refusal_is_said(open_canvas: Callable[..., Any]) -> None:
    hand = open_canvas(FLOW.replace("list((1.0, 4.0, 9.0))", "control.slider(2.0)"))
    menu = open_menu(hand, port(hand, "spectra", "value"))
    text = hand.text
    act(menu, "Map over this port")
    menu.close()
    assert hand.text == text
    assert "gets no list" in hand.said[-1]


@pytest.mark.parametrize("look", [DARK, LIGHT], ids=lambda t: t.name)
def test_the_card_tells_how_many_items_are_done(open_canvas: Callable[..., Any], look: Any) -> None:
    current.use(look)
    try:
        hand = open_canvas(FLOW.replace("    spectra = maths.absolute(waves)\n", MAPPED))
        canvas = hand.canvas
        card, seen, words = canvas.board.cards["spectra"], [], []
        for state in (
            NodeState("idle"),
            NodeState("running", progress=0.085, items=17, of=200),
            NodeState("done", 1, items=200, of=200),
            NodeState("done", 1, items=197, of=200),
        ):
            canvas.show_states({"flow.spectra": state})
            QApplication.processEvents()
            box = canvas.viewer.mapFromScene(card.box()).boundingRect()
            seen.append(canvas.viewport().grab(box).toImage())
            words.append(items_words(card.live))
        assert words == ["for each", "17 of 200", "200 items", "197 of 200"]
        assert all(one != other for n, one in enumerate(seen) for other in seen[:n])
        assert "3 of 200 failed and were left out" in tip(card)
    finally:
        current.use(DARK)


def test_the_inspector_maps_too(open_canvas: Callable[..., Any], qtbot: QtBot) -> None:
    hand = open_canvas(FLOW)
    inspector = Inspector(hand.canvas.document, hand.canvas.catalog)
    qtbot.addWidget(inspector)
    inspector.resize(260, 700)
    inspector.show()
    qtbot.waitExposed(inspector)
    inspector.show_nodes("flow", ["spectra"])
    hand.canvas.document.listeners.append(lambda change: inspector.refresh())  # at once, as in the window

    def box(name: str) -> Choice | None:
        inspector.refresh()
        assert inspector.sheet is not None
        return next((b for b in inspector.sheet.findChildren(Choice) if b.accessibleName() == name), None)

    def choose(name: str, down: int) -> None:
        found = box(name)
        assert found is not None
        found.setFocus()
        found.showPopup()
        view = found.view()
        qtbot.waitExposed(view)
        place = view.visualRect(found.model().index(down, 0)).center()
        QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, place)

    assert box("If an item fails") is None
    choose("Maps over", 1)
    qtbot.waitUntil(lambda: MAPPED in hand.text)
    choose("If an item fails", 1)
    qtbot.waitUntil(lambda: "on_item_error='skip'" in hand.text)
    over, failing = box("Maps over"), box("If an item fails")
    assert over is not None
    assert failing is not None
    assert (over.currentText(), failing.currentText()) == ("value", "leave it out")
    hand.canvas.document.undo()
    hand.canvas.document.undo()
    assert "    spectra = maths.absolute(waves)\n" in hand.text
    over = box("Maps over")
    assert over is not None
    assert over.currentText() == "nothing"
    hand.check()


def test_two_inputs_are_mapped_over_side_by_side_by_menu_and_inspector(
    open_canvas: Callable[..., Any], qtbot: QtBot
) -> None:
    hand = open_canvas(FLOW.replace("maths.absolute(waves)", "maths.clip(waves, lower=waves)"))
    text = hand.text
    menu = open_menu(hand, port(hand, "spectra", "value"))
    act(menu, "Map over this port")
    menu.close()
    menu = open_menu(hand, port(hand, "spectra", "lower"))
    act(menu, "Map over this port, too")
    menu.close()
    both = "spectra = [maths.clip(wave, lower=wave_2) for wave, wave_2 in zip(waves, waves, strict=True)]"
    assert both in hand.text
    assert "for each item of “value” and “lower” side by side" in tip(hand.canvas.board.cards["spectra"])
    hand.check()
    menu = open_menu(hand, port(hand, "spectra", "lower"))
    act(menu, "Take “lower” alone whole")
    menu.close()
    assert "spectra = [maths.clip(wave, lower=waves) for wave in waves]" in hand.text
    menu = open_menu(hand, port(hand, "spectra", "lower"))
    act(menu, "Map over this port, too")
    menu.close()
    assert both in hand.text
    for _ in range(4):
        hand.canvas.document.undo()
    assert hand.text == text

    inspector = Inspector(hand.canvas.document, hand.canvas.catalog)
    qtbot.addWidget(inspector)
    inspector.show_nodes("flow", ["spectra"])
    hand.canvas.document.listeners.append(lambda change: inspector.refresh())

    def offered() -> Choice:
        assert inspector.sheet is not None
        return next(b for b in inspector.sheet.findChildren(Choice) if b.accessibleName() == "Maps over")

    def choose(words: str) -> None:
        box = offered()
        box.setCurrentIndex(box.findText(words))
        box.activated.emit(box.currentIndex())

    assert [offered().itemText(n) for n in range(offered().count())] == ["nothing", "value", "lower", "value and lower"]
    choose("value and lower")  # both are wired: at once
    qtbot.waitUntil(lambda: "zip(waves, waves, strict=True)" in hand.text)
    choose("nothing")
    qtbot.waitUntil(lambda: hand.text == text)
    choose("value")
    qtbot.waitUntil(lambda: "lower=waves) for wave in waves]" in hand.text)
    assert "value and lower" in [offered().itemText(n) for n in range(offered().count())]
    choose("value and lower")
    qtbot.waitUntil(lambda: "zip(waves, waves, strict=True)" in hand.text)
    assert offered().currentText() == "value and lower"
    choose("nothing")
    qtbot.waitUntil(lambda: hand.text == text)
    hand.check()


ORDER = FLOW.replace(
    "def flow",
    """def plain(x: float) -> float:
    return x


@flodesk.node(pure=False)
def loud(x: float) -> float:
    return x


@flodesk.node(pure=True)
def quiet(x: float) -> float:
    return x


def flow""",
).replace("maths.absolute(waves)", "[CALLED(wave) for wave in waves]")


@pytest.mark.parametrize(
    ("called", "here", "there"),
    [
        ("plain", "does not say that it is pure, by @flodesk.node(pure=True) above it", ""),
        ("loud", "it is not pure", "it is not pure"),
        ("quiet", "", ""),
    ],
)
def test_the_inspector_says_where_items_run_one_after_another(
    open_canvas: Callable[..., Any], qtbot: QtBot, called: str, here: str, there: str
) -> None:
    hand = open_canvas(ORDER.replace("CALLED", called))
    panel = Inspector(hand.canvas.document, hand.canvas.catalog)
    qtbot.addWidget(panel)
    panel.resize(300, 700)
    panel.show()
    qtbot.waitExposed(panel)
    panel.show_nodes("flow", ["spectra"])
    hand.canvas.document.listeners.append(lambda change: panel.refresh())
    for place, words in (("local", here), ("rq", there)):
        assert panel.sheet is not None
        assert panel.sheet.place is not None
        if place == "rq":
            panel.sheet.place.chosen.emit(place)
        panel.refresh()
        assert panel.sheet.place.currentData() == place
        assert panel.sheet.order.isVisible() == bool(words)
        assert words in panel.sheet.order.text()


def test_what_is_not_wired_yet_can_be_mapped_over(open_canvas: Callable[..., Any], qtbot: QtBot) -> None:
    hand = open_canvas(OWN.replace("halves(3.0)", "halves()"))
    inspector = Inspector(hand.canvas.document, hand.canvas.catalog)
    qtbot.addWidget(inspector)
    inspector.show_nodes("flow", ["half"])
    assert inspector.sheet is not None
    (box,) = [b for b in inspector.sheet.findChildren(Choice) if b.accessibleName() == "Maps over"]
    box.setCurrentIndex(1)
    box.activated.emit(1)
    qtbot.waitUntil(lambda: "half = [halves(item) for item in []]" in hand.text)
    hand.drag(hand.canvas.port_position("waves", "", "out"), hand.canvas.port_position("half", "x", "in"))
    assert "    half = [halves(wave) for wave in waves]\n" in hand.text or "for item in waves]" in hand.text
    hand.check()


OWN = """\
# /// script
# [tool.flodesk]
# version = 1
#
# [tool.flodesk.canvas.flow]
# waves = [0, 0]
# half = [300, 120]
# ///
import flodesk


def numbers(count: int = 3) -> list:
    return list(range(count))


def halves(x: float) -> float:
    return x / 2


def flow():
    waves = numbers()
    half = halves(3.0)
"""


def test_a_list_that_is_dropped_on_an_input_of_one_value_offers_to_map(open_canvas: Callable[..., Any]) -> None:
    hand = open_canvas(OWN)
    hand.drag(hand.canvas.port_position("waves", "", "out"), hand.canvas.port_position("half", "x", "in"))
    menu = hand.canvas.context.menu
    assert hand.text == OWN, "nothing is done before a hand says so"
    assert menu.actions()[2].text() == "Map over it: run “half” for each item\tEnter"
    QTest.keyClick(menu, Qt.Key.Key_Return)
    QApplication.processEvents()
    assert "    half = [halves(wave) for wave in waves]\n" in hand.text
    assert hand.canvas.selection() == ["half"]
    hand.check()
    hand.canvas.document.undo()
    assert hand.text == OWN


def test_what_is_refused_where_an_item_fails_is_said_below_the_field(
    open_canvas: Callable[..., Any], qtbot: QtBot
) -> None:
    hand = open_canvas(FLOW)
    inspector = Inspector(hand.canvas.document, hand.canvas.catalog)
    qtbot.addWidget(inspector)
    inspector.resize(260, 700)
    inspector.show()
    hand.canvas.document.listeners.append(lambda change: inspector.refresh())
    inspector.show_nodes("flow", ["spectra"])
    sheet = inspector.sheet
    assert sheet is not None
    sheet.item_error_chosen.emit("skip")  # of a node that is not mapped
    assert inspector.sheet is sheet
    assert sheet.mapping_error.isVisible()
    assert sheet.mapping_error.text()
