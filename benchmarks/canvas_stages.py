"""The same picture on three stages: a bare QGraphicsScene, stock NodeGraphQt, and our canvas.

Each node has two inputs and an output, the flow 1.2 wires a node; what a stage is asked for is the same for all. The
bare scene paints a card, its name and its ports, and curves for wires, with nothing else: it is the limit.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QPoint, QPointF, QRectF
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen, QStaticText
from PySide6.QtWidgets import (
    QApplication,
    QGraphicsItem,
    QGraphicsPathItem,
    QGraphicsScene,
    QGraphicsView,
    QStyleOptionGraphicsItem,
    QWidget,
)

SIZE = (1400, 900)
"""Of the viewport, in pixels."""
Place = tuple[float, float]
Wires = list[tuple[int, int, int]]


def spec(nodes: int) -> tuple[list[Place], Wires]:
    """Return the place of each node, and the wires as (from, to, number of the input)."""
    draw = random.Random(1)
    columns = max(1, int(nodes**0.5 * 0.8))
    places = [((n % columns) * 260.0, (n // columns) * 150.0) for n in range(nodes)]
    wires: set[tuple[int, int, int]] = set()
    taken: set[tuple[int, int]] = set()
    while len(wires) < int(1.2 * nodes):
        source = draw.randrange(nodes - 1)
        end = (source + draw.choice([1, 1, 1, 2, 3, columns, columns + 1]), draw.randrange(2))
        if end[0] < nodes and end not in taken:
            taken.add(end)
            wires.add((source, *end))
    return places, sorted(wires)


def script(nodes: int, *, whole: bool = False) -> str:
    """Return it as a flow; a `whole` one has numbers where no wire leads, so that the checker finds nothing."""
    places, wires = spec(nodes)
    given: dict[int, dict[int, int]] = {}
    for source, target, number in wires:
        given.setdefault(target, {})[number] = source
    lines = []
    for n in range(nodes):
        inputs = given.get(n, {})
        words = [f"n{inputs[k]}" if k == 0 or 0 in inputs else f"b=n{inputs[k]}" for k in sorted(inputs)]
        if whole:
            words = [f"n{inputs[k]}" if k in inputs else f"{k + 1}.0" for k in range(2)]
        lines.append(f"    n{n} = maths.subtract({', '.join(words)})\n")
    where = "".join(f"# n{n} = [{x:.0f}, {y:.0f}]\n" for n, (x, y) in enumerate(places))
    head = '# /// script\n# dependencies = ["flodesk"]\n#\n# [tool.flodesk]\n# version = 1\n#\n'
    return (
        f"{head}# [tool.flodesk.canvas.flow]\n{where}# ///\nimport flodesk\nfrom flodesk.nodes import maths\n\n\n"
        f'def flow():\n{"".join(lines)}\n\nif __name__ == "__main__":\n    flodesk.main(flow)\n'
    )


class Ours:
    """Our canvas over a document: it reads the text, draws the picture and shows it."""

    def __init__(self) -> None:
        from flodesk.flow.catalog import Catalog  # here: the other stages do without
        from flodesk.flow.document import Document
        from flodesk.ui.canvas import FlowCanvas

        self.document = Document()
        self.canvas = FlowCanvas(self.document, Catalog.builtin())
        self.widget: QWidget = self.canvas
        self.view: QGraphicsView = self.canvas.viewer
        self._text = ""

    def prepare(self, nodes: int) -> None:
        """Get ready what is not measured."""
        self._text = script(nodes)

    def open(self) -> None:
        """Show it."""
        from flodesk.flow.script import read

        self.document._start(read(self._text), None)

    def fit(self) -> None:
        """Bring all of it into view."""
        self.canvas.viewer.show_rect(self.canvas.viewer.scene().itemsBoundingRect())

    def near(self, number: int) -> None:
        """Show a card at 100 %, in the middle."""
        self.canvas.viewer.zoom_to(1.0)
        self.canvas.viewer.center_on(self._card(number).box().center())

    def pan(self, pixels: int) -> None:
        """Move the view."""
        self.canvas.viewer._set_viewer_pan(pixels / self.canvas.viewer.zoom(), 0)

    def zoom(self, factor: float) -> None:
        """Zoom the view."""
        self.canvas.viewer.scale(factor, factor)

    def _card(self, number: int) -> Any:
        return self.canvas.board.cards[f"n{number}"]

    def at(self, number: int) -> QPoint:
        """Return where a card can be taken hold of, in the viewport."""
        middle: QPointF = self._card(number).box().center()
        return self.canvas.viewer.mapFromScene(middle)

    def place(self, number: int) -> QPointF:
        """Return where a card stands."""
        return QPointF(self._card(number).pos())

    def select_all(self) -> None:
        """Select every card."""
        self.canvas.select_all()

    def select_none(self) -> None:
        """Select nothing."""
        self.canvas.picking.choose([])

    def delete_all(self) -> None:
        """Delete what is selected: all."""
        self.canvas.delete_selection()

    def undo(self) -> None:
        """Take the last step back."""
        self.document.undo()

    def count(self) -> int:
        """Return how many cards there are."""
        return len(self.canvas.board.cards)


class _Wire(QGraphicsPathItem):
    pen_ = QPen(QColor("#55aaaa"), 2)

    def __init__(self, source: _Card, target: _Card, number: int) -> None:
        super().__init__()
        self._ends = (source, target, number)
        self.setZValue(-1)
        self.setPen(self.pen_)
        self.rebuild()

    def rebuild(self) -> None:
        source, target, number = self._ends
        start, end = source.pos() + QPointF(160, 34), target.pos() + QPointF(0, 34 + 22 * number)
        reach = QPointF(max(40.0, abs(end.x() - start.x()) * 0.5), 0)
        path = QPainterPath(start)
        path.cubicTo(start + reach, end - reach, end)
        self.setPath(path)


class _Card(QGraphicsItem):
    box, bounds = QRectF(0, 0, 160, 80), QRectF(-8, -2, 176, 84)
    ground, line, chosen = QColor("#22262e"), QPen(QColor("#444c5a"), 1), QPen(QColor("#ffaa33"), 2)
    text, dots = QPen(QColor("#ddddee")), QColor("#44cc99")
    ports = (QPointF(0, 34), QPointF(0, 56), QPointF(160, 34))

    def __init__(self, name: str) -> None:
        super().__init__()
        self.wires: list[_Wire] = []
        flag = QGraphicsItem.GraphicsItemFlag
        self.setFlags(flag.ItemIsMovable | flag.ItemIsSelectable | flag.ItemSendsGeometryChanges)
        self._name = QStaticText(name)

    def boundingRect(self) -> QRectF:
        return self.bounds

    def itemChange(self, change: QGraphicsItem.GraphicsItemChange, value: Any) -> Any:
        if change == QGraphicsItem.GraphicsItemChange.ItemPositionHasChanged:
            for wire in self.wires:
                wire.rebuild()
        return super().itemChange(change, value)

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        painter.setPen(self.chosen if self.isSelected() else self.line)
        painter.setBrush(self.ground)
        if option.levelOfDetailFromTransform(painter.worldTransform()) < 0.4:
            painter.drawRect(self.box)
            return
        painter.drawRoundedRect(self.box, 8, 8)
        painter.setPen(self.text)
        painter.drawStaticText(10, 4, self._name)
        for text, at in (("a", QPointF(12, 39)), ("b", QPointF(12, 61)), ("out", QPointF(126, 39))):
            painter.drawText(at, text)
        painter.setBrush(self.dots)
        for at in self.ports:
            painter.drawEllipse(at, 5, 5)


class Bare:
    """A QGraphicsScene with a painted card a node and a path a wire: what Qt itself takes."""

    def __init__(self) -> None:
        self.view = QGraphicsView()
        self.widget: QWidget = self.view
        self._scene = QGraphicsScene()
        self.view.setScene(self._scene)
        self.view.setRenderHint(QPainter.RenderHint.Antialiasing)
        self.view.setBackgroundBrush(QColor("#1b1e24"))
        self.view.setViewportUpdateMode(QGraphicsView.ViewportUpdateMode.BoundingRectViewportUpdate)
        self._cards: list[_Card] = []
        self._spec: tuple[list[Place], Wires] = ([], [])

    def prepare(self, nodes: int) -> None:
        """Get ready what is not measured."""
        self._spec = spec(nodes)

    def open(self) -> None:
        """Show it."""
        places, wires = self._spec
        for number, place in enumerate(places):
            card = _Card(f"n{number}")
            card.setPos(*place)
            self._scene.addItem(card)
            self._cards.append(card)
        for source, target, number in wires:
            wire = _Wire(self._cards[source], self._cards[target], number)
            self._cards[source].wires.append(wire)
            self._cards[target].wires.append(wire)
            self._scene.addItem(wire)

    def fit(self) -> None:
        """Bring all of it into view."""
        content = self._scene.itemsBoundingRect()
        self._scene.setSceneRect(content.adjusted(-9000, -9000, 9000, 9000))
        self.view.resetTransform()
        share = min(1.0, SIZE[0] / content.width(), SIZE[1] / content.height())
        self.view.scale(share, share)
        self.view.centerOn(content.center())

    def near(self, number: int) -> None:
        """Show a card at 100 %, in the middle."""
        self.view.resetTransform()
        self.view.centerOn(self._cards[number])

    def pan(self, pixels: int) -> None:
        """Move the view."""
        bar = self.view.horizontalScrollBar()
        bar.setValue(bar.value() + pixels)

    def zoom(self, factor: float) -> None:
        """Zoom the view."""
        self.view.scale(factor, factor)

    def at(self, number: int) -> QPoint:
        """Return where a card can be taken hold of, in the viewport."""
        return self.view.mapFromScene(self._cards[number].pos() + QPointF(80, 66))

    def place(self, number: int) -> QPointF:
        """Return where a card stands."""
        return self._cards[number].pos()

    def select_all(self) -> None:
        """Select every card."""
        path = QPainterPath()
        path.addRect(self._scene.itemsBoundingRect())
        self._scene.setSelectionArea(path)

    def select_none(self) -> None:
        """Select nothing."""
        self._scene.clearSelection()

    def delete_all(self) -> None:
        """Delete all."""
        self._cards.clear()
        self._scene.clear()

    undo: Callable[[], None] | None = None

    def count(self) -> int:
        """Return how many cards there are."""
        return len(self._cards)


class Stock:
    """NodeGraphQt with its own nodes and wires, built by its own calls."""

    def __init__(self) -> None:
        from NodeGraphQt import BaseNode, NodeGraph

        class Node(BaseNode):
            __identifier__ = "bench"
            NODE_NAME = "Node"

            def __init__(self) -> None:
                super().__init__()
                self.add_input("a")
                self.add_input("b")
                self.add_output("out")

        QApplication.setStyle("fusion")
        self._graph = NodeGraph()
        self._graph.register_node(Node)
        self.view = self._graph.viewer()
        self.widget = self._graph.widget
        self._nodes: list[BaseNode] = []
        self._spec: tuple[list[Place], Wires] = ([], [])

    def prepare(self, nodes: int) -> None:
        """Get ready what is not measured."""
        self._spec = spec(nodes)

    def open(self) -> None:
        """Show it."""
        places, wires = self._spec
        for number, place in enumerate(places):
            self._nodes.append(
                self._graph.create_node("bench.Node", name=f"n{number}", pos=place, push_undo=False, selected=False)
            )
        for source, target, number in wires:
            self._nodes[source].output(0).connect_to(self._nodes[target].input(number), push_undo=False)

    def fit(self) -> None:
        """Bring all of it into view."""
        self.view.zoom_to_nodes([node.view for node in self._nodes])

    def near(self, number: int) -> None:
        """Show a card at 100 %, in the middle."""
        self.view.reset_zoom(self._nodes[number].view.sceneBoundingRect().center())

    def pan(self, pixels: int) -> None:
        """Move the view."""
        self.view._set_viewer_pan(pixels / self.view.transform().m11(), 0)

    def zoom(self, factor: float) -> None:
        """Zoom the view."""
        self.view.scale(factor, factor)

    def at(self, number: int) -> QPoint:
        """Return where a card can be taken hold of, in the viewport."""
        middle: QPointF = self._nodes[number].view.sceneBoundingRect().center()
        return self.view.mapFromScene(middle)

    def place(self, number: int) -> QPointF:
        """Return where a card stands."""
        return QPointF(self._nodes[number].view.pos())

    def select_all(self) -> None:
        """Select every card."""
        self._graph.select_all()

    def select_none(self) -> None:
        """Select nothing."""
        self._graph.clear_selection()

    def delete_all(self) -> None:
        """Delete all."""
        self._graph.delete_nodes(self._graph.all_nodes())

    def undo(self) -> None:
        """Take the last step back."""
        self._graph.undo_stack().undo()

    def count(self) -> int:
        """Return how many cards there are."""
        return len(self._graph.all_nodes())


STAGES: dict[str, Callable[[], Any]] = {"bare": Bare, "stock": Stock, "flodesk": Ours}
