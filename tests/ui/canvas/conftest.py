"""A real document under a real canvas, and a hand that presses real buttons."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QGraphicsScene
from pytestqt.qtbot import QtBot

from flodesk.flow.catalog import Catalog
from flodesk.flow.document import Document
from flodesk.flow.graph import Graph, picture
from flodesk.flow.script import read, write
from flodesk.ui.canvas import FlowCanvas
from flodesk.ui.canvas.grounds import Grounds
from flodesk.ui.canvas.wire_item import WireItem

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
# louder = [300, 100]
# size = [600, 100]
# chart = [600, 300]
# ///
import flodesk
from flodesk.nodes import control, dsp, maths, show, source


def flow():
    level = control.slider(2.0, minimum=0.0, maximum=10.0)
    signal = source.sine(0, frequency=5.0, samples=50)
    louder = maths.multiply(signal, level)
    size = dsp.rms(louder)
    chart = show.line(louder)


if __name__ == "__main__":
    flodesk.main(flow)
"""


class Hand:
    """Real mouse and key events on a canvas, and what must hold after each."""

    def __init__(self, canvas: FlowCanvas) -> None:
        self.canvas = canvas
        self.said: list[str] = []
        canvas.refused.connect(self.said.append)

    @property
    def text(self) -> str:
        return write(self.canvas.document.flow)

    @property
    def undo_steps(self) -> int:
        return len(self.canvas.document._done)

    def press(self, at: QPoint, keys: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        QTest.mouseMove(self.canvas.viewport(), at)
        QTest.mousePress(self.canvas.viewport(), Qt.MouseButton.LeftButton, keys, at)

    def move(self, at: QPoint) -> None:
        QTest.mouseMove(self.canvas.viewport(), at)
        QApplication.processEvents()

    def release(self, at: QPoint, keys: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        QTest.mouseRelease(self.canvas.viewport(), Qt.MouseButton.LeftButton, keys, at)
        QApplication.processEvents()

    def click(self, at: QPoint, keys: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        self.press(at, keys)
        self.release(at, keys)

    def double_click(self, at: QPoint) -> None:
        self.click(at)
        QTest.mouseDClick(self.canvas.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, at)
        QApplication.processEvents()

    def drag(
        self, start: QPoint, end: QPoint, keys: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier, drop: bool = True
    ) -> None:
        self.press(start, keys)
        for part in (0.1, 0.4, 0.8, 1.0):
            self.move(start + (end - start) * part)
        if drop:
            self.release(end, keys)

    def key(self, key: Qt.Key, keys: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        QTest.keyClick(self.canvas.viewer, key, keys)
        QApplication.processEvents()

    def empty_place(self) -> QPoint:
        """A point of the viewport with nothing near."""
        canvas = self.canvas
        area = canvas.viewport().rect().adjusted(30, 30, -30, -30)
        for y in range(area.bottom(), area.top(), -25):
            for x in range(area.left(), area.right(), 40):
                at = QPoint(x, y)
                scene = canvas.viewer.scene()
                place = canvas.to_scene(at)
                free = scene.node_at(place) is None and scene.wire_at(place) is None and scene.port_at(place) is None
                if free and canvas.viewport().childAt(at) is None:
                    return at
        raise AssertionError("the canvas is full")

    def wires(self) -> set[tuple[tuple[str, str], tuple[str, str]]]:
        return {(w.source, w.target) for w in self.canvas.board.graph.wires}

    def _check_grounds(self, graph: Graph) -> None:
        """They are as those that are made from nothing: where they lie, which lies on which, what they say."""
        cards, scene = self.canvas.board.cards, QGraphicsScene()
        made = Grounds(scene, cards)
        made.show(graph, graph.nodes.keys())
        drawn = self.canvas.board.grounds._items
        assert drawn.keys() == made._items.keys()
        for region, item in made._items.items():
            old = drawn[region]
            assert (old._patches, old._band, old.depth) == (item._patches, item._band, item.depth), region
            assert old._bands.keys() == item._bands.keys(), region
            assert all(old._bands[wire] == path for wire, path in item._bands.items()), region
            if region.is_arm:  # that of a loop tells its turns
                assert (old.label.words, old.label.pos()) == (item.label.words, item.label.pos()), region

    def check(self) -> None:
        """The flow, its picture, and what is drawn are one and the same."""
        canvas = self.canvas
        flow = canvas.document.flow
        graph = picture(flow, canvas.catalog, canvas.function)
        assert canvas.board.graph == graph
        assert {key: card.node for key, card in canvas.board.cards.items()} == dict(graph.nodes)
        items = canvas.viewer.scene().items()
        assert set(canvas.board.cards.values()) == set(canvas.viewer.scene().card_items())
        drawn = {(i.source.end, i.target.end): i for i in items if isinstance(i, WireItem)}
        assert set(drawn) == self.wires() == set(canvas.board.wires)
        assert {item.wire for item in drawn.values()} == set(graph.wires)
        for ends, item in drawn.items():
            assert item.isVisible()
            start, end = item.path().pointAtPercent(0), item.path().pointAtPercent(1)
            source = canvas.board.cards[ends[0][0]].ports["out", ends[0][1]]
            target = canvas.board.cards[ends[1][0]].ports["in", ends[1][1]]
            assert (start - source.middle()).manhattanLength() < 0.01, f"{ends} does not begin at its port"
            assert (end - target.middle()).manhattanLength() < 0.01, f"{ends} does not end at its port"
            if item._strokes is not None:
                assert item._strokes[1] == item._look(item._strokes[0]), f"{ends} wears the looks of before"
        self._check_grounds(graph)
        for key, place in flow.header.canvas.get(canvas.function, {}).items():
            if key in canvas.board.cards:
                card = canvas.board.cards[key]
                # a mouse that comes back to where it was leaves what the zoom's rounding leaves
                assert (card.x(), card.y()) == pytest.approx(place, abs=1e-6), key
        assert not canvas.viewer.live.isVisible()
        assert not any(port.faded for card in canvas.board.cards.values() for port in card.ports.values())


@pytest.fixture(scope="session")
def catalog() -> Catalog:
    return Catalog.builtin()


@pytest.fixture
def open_canvas(qtbot: QtBot, catalog: Catalog) -> Iterator[Callable[..., Hand]]:
    """Give a function that opens a text on a canvas of 1200 × 800 pixels, at 100 %, and returns the hand over it."""
    opened: list[FlowCanvas] = []

    def open_(text: str = TEXT, function: str = "flow") -> Hand:
        document = Document()
        document.flow = read(text)
        canvas = FlowCanvas(document, catalog, function)
        opened.append(canvas)
        qtbot.addWidget(canvas)
        canvas.resize(1200, 800)
        canvas.show()
        qtbot.waitExposed(canvas)
        QApplication.processEvents()
        QApplication.processEvents()
        canvas.viewer.setFocus()
        return Hand(canvas)

    yield open_
    for canvas in opened:
        canvas.close()


@pytest.fixture
def hand(open_canvas: Callable[..., Hand]) -> Hand:
    return open_canvas()
