"""Where cards are small, a press on a card is meant for the card, and one at its edge still for the port there."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QPointF
from PySide6.QtWidgets import QApplication


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
