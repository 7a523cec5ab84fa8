"""Where cards are small, a press on a card is meant for the card, and one at its edge still for the port there."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import QPointF
from PySide6.QtGui import QFontMetricsF
from PySide6.QtWidgets import QApplication

from flodesk.engine.client import NodeState
from flodesk.ui.canvas.card_overview import _block
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
