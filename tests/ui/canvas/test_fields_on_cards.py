"""Fields on a card: which stand there, and how they are edited where they stand."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from flodesk.ui.canvas.card import chip_box
from flodesk.ui.inspector import Inspector

TEXT = """\
# /// script
# [tool.flodesk.canvas.flow]
# signal = [0, 0]
# louder = [300, 100]
# size = [600, 100]
# level = [0, 300]
#
# [tool.flodesk.pins.flow]
# signal = ["offset"]
# ///
from flodesk.nodes import control, dsp, maths, source


def flow():
    signal = source.sine(0, frequency=5.0, samples=50)
    level = control.slider(2.0, minimum=0.0, maximum=10.0)
    louder = maths.multiply(signal, level)
    size = dsp.rms(louder)
"""


@pytest.fixture
def hand(open_canvas: Callable[..., Any]) -> Any:
    opened = open_canvas(TEXT)
    opened.canvas.zoom_to(1.0)
    QApplication.processEvents()
    return opened


def labels(hand: Any, key: str = "signal") -> list[str]:
    return [chip.label for chip in hand.canvas.board.cards[key].card.chips if chip.label != "block"]


def chip_at(hand: Any, name: str, key: str = "signal") -> QPoint:
    card = hand.canvas.board.cards[key]
    chip = next(chip for chip in card.card.chips if chip.label == name)
    found: QPoint = hand.canvas.viewer.mapFromScene(card.mapToScene(chip_box(card.card, chip).center()))
    return found


def editor(hand: Any) -> Any:
    return hand.canvas.fields.editor


def typed(hand: Any, words: str, key: Qt.Key) -> None:
    line = editor(hand).editor.line
    QTest.keyClicks(line, words)
    QTest.keyClick(line, key)
    QApplication.processEvents()


def test_pins_come_first_with_their_defaults(hand: Any) -> None:
    assert labels(hand) == ["offset", "frequency", "samples"]
    offset, _, frequency, _ = hand.canvas.board.cards["signal"].card.chips
    assert (offset.pinned, offset.given) == (True, False)
    assert (frequency.pinned, frequency.given) == (False, True)
    assert offset.value.startswith("0.0")
    hand.canvas.fields.pin("signal", "rate", on=True)
    assert labels(hand) == ["offset", "rate", "frequency", "samples"]
    hand.canvas.fields.pin("signal", "samples", on=True)
    assert labels(hand) == ["offset", "rate", "samples", "frequency"]
    hand.canvas.fields.pin("level", "maximum", on=True)
    assert labels(hand, "level") == ["value", "maximum"], "what a control is set to stands first"
    hand.check()
    for _ in range(3):
        hand.canvas.document.undo()
    assert hand.text == TEXT


def test_more_than_six_are_shown_if_they_are_pinned(hand: Any) -> None:
    free = [part.name for part in hand.canvas.board.graph.nodes["signal"].fields if not part.wired]
    for name in free:
        if name not in hand.canvas.board.graph.nodes["signal"].pins:
            hand.canvas.fields.pin("signal", name, on=True)
    assert {*labels(hand), "block"} == set(free)
    hand.check()


def test_a_double_click_edits_a_field_where_it_stands(hand: Any) -> None:
    at = chip_at(hand, "frequency")
    hand.double_click(at)
    opened = editor(hand)
    assert opened.parent() is hand.canvas.viewport()
    assert opened.geometry().contains(at)
    assert hand.undo_steps == 0
    typed(hand, "1.5k", Qt.Key.Key_Return)
    assert editor(hand) is None
    assert "frequency=1500.0" in hand.text
    assert hand.canvas.viewer.hasFocus()
    assert hand.undo_steps == 1
    hand.check()
    hand.canvas.document.undo()
    assert hand.text == TEXT


def test_escape_leaves_a_field_as_it_was(hand: Any) -> None:
    hand.double_click(chip_at(hand, "frequency"))
    typed(hand, "77", Qt.Key.Key_Escape)
    assert editor(hand) is None
    assert hand.text == TEXT
    assert hand.canvas.viewer.hasFocus()


def test_what_is_no_value_is_refused_and_stays_open(hand: Any) -> None:
    hand.double_click(chip_at(hand, "samples"))
    typed(hand, "many", Qt.Key.Key_Return)
    assert editor(hand) is not None
    assert "no number" in editor(hand).editor.toolTip()
    assert hand.text == TEXT
    editor(hand).editor.line.selectAll()
    typed(hand, "64", Qt.Key.Key_Return)
    assert editor(hand) is None
    assert "samples=64" in hand.text


def test_tab_goes_from_field_to_field(hand: Any) -> None:
    hand.canvas.select(["signal"])
    assert hand.canvas.fields.possible
    hand.canvas.fields.edit_selected()
    assert editor(hand).field == "offset"
    typed(hand, "1", Qt.Key.Key_Tab)
    assert editor(hand).field == "block"
    QTest.keyClick(editor(hand).editor.line, Qt.Key.Key_Tab)
    assert editor(hand).field == "frequency"
    typed(hand, "6", Qt.Key.Key_Tab)
    assert editor(hand).field == "samples"
    QTest.keyClick(editor(hand).editor.line, Qt.Key.Key_Backtab)
    assert editor(hand).field == "frequency"
    QTest.keyClick(editor(hand).editor.line, Qt.Key.Key_Return)
    assert "offset=1.0" in hand.text
    assert "frequency=6.0" in hand.text
    assert hand.undo_steps == 2
    hand.check()


def test_a_click_elsewhere_keeps_what_was_typed(hand: Any) -> None:
    hand.double_click(chip_at(hand, "frequency"))
    QTest.keyClicks(editor(hand).editor.line, "9")
    hand.click(hand.empty_place())
    QApplication.processEvents()
    assert editor(hand) is None
    assert "frequency=9.0" in hand.text


def test_the_editor_follows_the_view_and_goes_with_its_card(hand: Any) -> None:
    hand.double_click(chip_at(hand, "frequency"))
    hand.canvas.zoom_to(1.5)
    assert editor(hand).geometry().contains(chip_at(hand, "frequency"))
    hand.canvas.changes.remove(["signal"])
    hand.canvas.zoom_to(1.0)
    assert editor(hand) is None


def test_the_menu_pins_and_unpins(hand: Any) -> None:
    at = chip_at(hand, "frequency")
    hand.canvas.viewer.menu_requested.emit(at, hand.canvas.viewport().mapToGlobal(at))
    menu = hand.canvas.context.menu
    entries = {action.text().partition("\t")[0]: action for action in menu.actions()}
    pins = {action.text(): action for action in entries["Fields on the card"].menu().actions()}
    assert "Unpin offset" in pins
    pins["Pin frequency"].trigger()
    pins["Unpin offset"].trigger()
    assert labels(hand) == ["frequency", "samples"]
    entries["Edit frequency…"].trigger()
    assert editor(hand).field == "frequency"
    menu.close()
    hand.check()


def test_the_inspector_pins(hand: Any, qtbot: Any) -> None:
    inspector = Inspector(hand.canvas.document, hand.canvas.catalog)
    qtbot.addWidget(inspector)
    hand.canvas.document.listeners.append(lambda _: inspector.refresh())
    inspector.show_nodes("flow", ["signal"])
    inspector.resize(280, 700)
    inspector.show()
    rows = inspector.sheet.rows
    assert rows["offset"].pin.isChecked()
    assert not rows["rate"].pin.isChecked()
    QTest.mouseClick(rows["rate"].pin, Qt.MouseButton.LeftButton)
    assert labels(hand) == ["offset", "rate", "frequency", "samples"]
    QTest.mouseClick(inspector.sheet.rows["offset"].pin, Qt.MouseButton.LeftButton)
    assert labels(hand) == ["rate", "frequency", "samples"]
    assert not inspector.sheet.rows["offset"].pin.isChecked()
    assert inspector.sheet.rows is rows, "the page stays as it is"
    hand.canvas.document.listeners.pop()
