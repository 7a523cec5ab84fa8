"""Broken wires of a file on the canvas: to be seen, read, taken off, and led elsewhere by a hand."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QImage, QPainter

from flodesk.flow.catalog import Catalog
from flodesk.flow.document import Document
from flodesk.flow.graph import picture
from flodesk.ui.canvas.pointed import pointed_at
from flodesk.ui.theme import theme

TEXT = """\
# /// script
# requires-python = ">=3.11"
# dependencies = ["flodesk"]
#
# [tool.flodesk]
# version = 1
#
# [tool.flodesk.canvas.flow]
# tone = [0, 0]
# louder = [420, 0]
# low = [420, 220]
# ///
import flodesk
from flodesk.nodes import dsp, maths, source


def flow():
    tone = source.sine(0, samples=50)
    louder = maths.scale(tnoe,   factor=2.0)
    low = dsp.butterworth(tone, cutof=tone)


if __name__ == "__main__":
    flodesk.main(flow)
"""
TARGET = ("louder", "value")


@pytest.fixture
def hand(open_canvas: Callable[..., Any]) -> Any:
    hand = open_canvas(TEXT)
    hand.canvas.zoom_to(1.0)
    hand.canvas.viewer.center_on(hand.canvas.board.cards["louder"].box().center())
    return hand


def label(hand: Any) -> QPoint:
    at: QPoint = hand.canvas.viewer.mapFromScene(hand.canvas.lost.items[TARGET].label_middle())
    return at


def test_it_is_drawn_to_its_port_with_its_name_and_its_reason(hand: Any) -> None:
    item = hand.canvas.lost.items[TARGET]
    assert item.lost.name == "tnoe"
    port = hand.canvas.board.cards["louder"].ports["in", "value"]
    assert item.mapToScene(0, 0) == port.middle()
    shown = pointed_at(port, hand.canvas.board)
    assert shown is not None
    assert shown.trouble == "Nothing gives “tnoe” a value."
    broken = hand.canvas.board.wires[("tone", ""), ("low", "cutof")]
    assert broken.color() == theme().error
    told = pointed_at(broken, hand.canvas.board)
    assert told is not None
    assert told.trouble == "butterworth has no input “cutof” (any more)."


def test_it_is_red_at_every_zoom(hand: Any) -> None:
    canvas = hand.canvas
    for zoom in (1.0, 0.45, 0.2):
        canvas.zoom_to(zoom)
        canvas.viewer.center_on(canvas.board.cards["louder"].box().center())
        item = canvas.lost.items[TARGET]
        image = QImage(400, 200, QImage.Format.Format_RGB32)
        painter = QPainter(image)
        canvas.viewer.scene().render(painter, source=item.sceneBoundingRect())
        painter.end()
        red = sum(
            image.pixelColor(x, y).red() > image.pixelColor(x, y).blue() + 60
            for x in range(0, 400, 4)
            for y in range(0, 200, 4)
        )
        assert red > 20


def test_a_click_selects_it_and_delete_takes_it_off_in_one_step(hand: Any) -> None:
    hand.click(label(hand))
    assert hand.canvas.lost.items[TARGET].isSelected()
    hand.key(Qt.Key.Key_Delete)
    assert "louder = maths.scale(factor=2.0)" in hand.text
    assert hand.canvas.lost.items == {}
    assert hand.undo_steps == 1
    hand.canvas.document.undo()
    assert hand.text == TEXT
    assert TARGET in hand.canvas.lost.items


def test_it_is_pulled_to_the_output_that_is_meant(hand: Any) -> None:
    hand.drag(label(hand), hand.canvas.port_position("tone", "", "out"))
    assert "louder = maths.scale(tone," in hand.text
    assert hand.canvas.lost.items == {}
    assert (("tone", ""), TARGET) in hand.wires()
    hand.canvas.document.undo()
    assert hand.text == TEXT


def test_escape_leaves_it_where_it_is(hand: Any) -> None:
    hand.drag(label(hand), hand.empty_place(), drop=False)
    assert hand.canvas.viewer.gesture.active
    hand.key(Qt.Key.Key_Escape)
    assert not hand.canvas.viewer.gesture.active
    assert hand.text == TEXT
    assert TARGET in hand.canvas.lost.items


def test_it_moves_with_its_card_and_is_in_the_picture_of_all(hand: Any) -> None:
    canvas = hand.canvas
    canvas.fit()
    view = canvas.viewer.visible_rect()
    assert view.contains(canvas.lost.items[TARGET].sceneBoundingRect())
    canvas.zoom_to(1.0)
    before = canvas.lost.items[TARGET].label_middle()
    at = canvas.node_center("louder")
    hand.drag(at, at + QPoint(0, 60))
    assert canvas.lost.items[TARGET].label_middle().y() > before.y() + 40


def test_its_menu_takes_it_off(hand: Any) -> None:
    at = label(hand)
    hand.canvas.viewer.menu_requested.emit(at, hand.canvas.viewport().mapToGlobal(at))
    menu = hand.canvas.context.menu
    assert [action.text() for action in menu.actions()] == ["Take it off\tDel"]
    menu.actions()[0].trigger()
    assert "tnoe" not in hand.text
    menu.close()


def test_a_file_that_is_saved_unchanged_stays_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "mine.py"
    path.write_bytes(TEXT.encode())
    document = Document()
    document.open(path)
    assert picture(document.flow, Catalog.builtin()).lost
    document.save()
    assert path.read_bytes() == TEXT.encode()
