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
from flodesk.ui.canvas.card_overview import _block, name_alone, name_far_off, paint_value
from flodesk.ui.canvas.painting import fonts
from flodesk.ui.theme import DARK, LIGHT, current

_ARGB = QImage.Format.Format_ARGB32


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


def _grid(count: int) -> str:
    """Return a flow of some nodes in rows of five, with names of all lengths."""
    names = [f"{word}_{number}" if number % 3 else word * 2 for number, word in enumerate(["level", "mean"] * 15)]
    names = [f"{name}{number}" for number, name in enumerate(names[:count])]
    places = "".join(f"# {name} = [{number % 5 * 260}, {number // 5 * 170}]\n" for number, name in enumerate(names))
    body = "".join(f"    {name} = maths.scale({number}.0, factor=2.0)\n" for number, name in enumerate(names))
    return (
        '# /// script\n# requires-python = ">=3.11"\n#\n# [tool.flodesk]\n# version = 1\n#\n'
        f"# [tool.flodesk.canvas.flow]\n{places}# ///\nimport flodesk\nfrom flodesk.nodes import maths\n\n\n"
        f'def flow():\n{body}\n\nif __name__ == "__main__":\n    flodesk.main(flow)\n'
    )


@pytest.mark.parametrize(("count", "size"), [(20, (760, 480)), (30, (760, 480)), (30, (560, 400)), (12, (760, 480))])
def test_names_can_be_read_where_all_of_a_flow_of_up_to_thirty_nodes_is_shown(
    open_canvas: Any, count: int, size: tuple[int, int]
) -> None:
    canvas = open_canvas(_grid(count)).canvas
    canvas.resize(*size)
    canvas.fit()
    QApplication.processEvents()
    written: dict[str, float] = {}

    class Noting(QPainter):
        def drawText(self, *what: Any) -> Any:
            text, scale = str(what[-1]), self.worldTransform().m11()
            written[text.replace("\n", "")] = self.font().pixelSize() * scale
            return super().drawText(*what)

    zoom = canvas.viewer.zoom()
    assert 0.25 < zoom < 0.75
    for card in canvas.board.cards.values():
        written.clear()
        image = QImage(round(card.card.width * zoom) + 1, round(card.card.height * zoom) + 1, _ARGB)
        painter = Noting(image)
        painter.scale(zoom, zoom)
        card.paint(painter, None)
        painter.end()
        name = card.card.title
        found = [size for text, size in written.items() if name.startswith(text.rstrip("…")[:4]) and text != "…"]
        assert found, (name, written)
        assert max(found) >= 9.0, (name, zoom, written)


@pytest.mark.parametrize("zoom", [0.26, 0.3, 0.34, 0.45, 0.59])
def test_a_long_name_is_cut_short_rather_than_dust(zoom: float) -> None:
    long = "a_rather_long_name_of_a_node_that_nobody_reads"
    for font, text in (name_far_off(long, 120.0, zoom), name_alone(long, 140.0, 60.0, zoom)):
        assert font.pixelSize() * zoom >= 9.0
        assert text.endswith("…")
        assert all(QFontMetricsF(font).horizontalAdvance(line) <= 140.0 for line in text.split("\n"))
