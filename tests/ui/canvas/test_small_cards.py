"""Where cards are small, a press on a card is meant for the card, and one at its edge still for the port there."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from PySide6.QtCore import QPointF
from PySide6.QtGui import QFontMetricsF, QImage, QPainter
from PySide6.QtWidgets import QApplication

from flodesk.engine.client import NodeState
from flodesk.engine.preview import Preview
from flodesk.ui.canvas.card import HEADER
from flodesk.ui.canvas.card_overview import _block, paint_value
from flodesk.ui.canvas.painting import fonts
from flodesk.ui.theme import DARK, LIGHT, current


def test_a_click_inside_of_a_small_card_begins_no_wire(hand: Any) -> None:
    canvas = hand.canvas
    canvas.zoom_to(0.3)
    QApplication.processEvents()
    card = canvas.board.cards["louder"]
    port = next(port for port in card.ports.values() if not port.is_output)
    scene, viewer = canvas.viewer.scene(), canvas.viewer
    inside = viewer.mapFromScene(port.middle() + QPointF(20, 0))
    hand.click(inside)
    assert not viewer.gesture.active
    assert canvas.selection() == ["louder"]
    for away in (-20.0, 0.0):
        place = port.middle() + QPointF(away, 0)
        assert scene.port_at(place, pressed=True) is port
    assert scene.port_at(port.middle() + QPointF(20, 0)) is port, "a wire may be dropped there"
    canvas.zoom_to(1.0)
    QApplication.processEvents()
    assert scene.port_at(port.middle() + QPointF(20, 0), pressed=True) is port


@pytest.mark.parametrize("theme", [DARK, LIGHT], ids=lambda t: t.name)
def test_far_away_a_name_fills_its_card(theme: Any, hand: Any) -> None:
    wide = fonts().title.measure.height()
    for name in ("level", "level_126", "a_rather_long_name_of_a_node"):
        font, text = _block(name, 140.0, 60.0, fonts().title.font.family())
        assert font.pixelSize() > wide, "larger than near by"
        assert text.replace("\n", "") == name or text.endswith("…")
        assert all(QFontMetricsF(font).horizontalAdvance(line) <= 140 for line in text.split("\n"))
    assert _block("level_126", 140.0, 80.0, fonts().title.font.family())[1] == "level_\n126"
    current.use(theme)
    try:
        hand.canvas.zoom_to(0.3)
        hand.canvas.viewer.center_on(hand.canvas.board.cards["size"].box().center())
        QApplication.processEvents()
        hand.canvas.show_states({"flow.size": NodeState("done", 1)})
        QApplication.processEvents()
        calm = hand.canvas.viewport().grab().toImage()
        hand.canvas.show_states({"flow.size": NodeState("failed", 1)})
        QApplication.processEvents()
        assert hand.canvas.viewport().grab().toImage() != calm, "what failed is seen"
    finally:
        current.use(DARK)


@pytest.mark.parametrize("theme", [DARK, LIGHT], ids=lambda t: t.name)
def test_the_value_of_a_low_card_has_air_to_its_header_and_its_edge(theme: Any, hand: Any) -> None:
    current.use(theme)
    try:
        card = hand.canvas.board.cards["size"]
        assert card.card.height < HEADER + 40, "one row alone"
        image = QImage(round(card.card.width), round(card.card.height), QImage.Format.Format_ARGB32)
        image.fill(0)
        painter = QPainter(image)
        live = replace(card.live, previews={"": Preview("number", "0.7035")})
        paint_value(painter, card.node, card.card, live)
        painter.end()
        inked = [y for y in range(image.height()) if any(image.pixelColor(x, y).alpha() for x in range(image.width()))]
        assert inked[0] - HEADER >= 9
        assert image.height() - inked[-1] >= 9
        assert inked[-1] - inked[0] >= 9, "and is large enough to be read from afar"
    finally:
        current.use(DARK)
