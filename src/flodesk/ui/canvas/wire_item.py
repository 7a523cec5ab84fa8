"""Wires on the scene: those of the flow, and the one that a hand is drawing."""

from __future__ import annotations

from functools import cache
from typing import Any

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPainterPath, QPainterPathStroker, QPen, QPolygonF
from PySide6.QtWidgets import QGraphicsItem, QGraphicsPathItem, QStyleOptionGraphicsItem, QWidget

from flodesk.flow.graph import Wire
from flodesk.flow.routes import STRAIGHT, Route, wire_name
from flodesk.ui.canvas.card_words import short_title
from flodesk.ui.canvas.framework import LivePipeItem, PipeItem
from flodesk.ui.canvas.junction_item import JunctionItem
from flodesk.ui.canvas.marks import paint_dot
from flodesk.ui.canvas.node_item import NodeItem
from flodesk.ui.canvas.painting import curve, curve_by, fonts, pen, return_curve, round_pen, tint
from flodesk.ui.canvas.port_item import PortItem
from flodesk.ui.canvas.telling import tell, update
from flodesk.ui.canvas.wire_label import label_boxes, paint_label, stubs
from flodesk.ui.theme import theme

_DIM = 0.38
"""Opacity of a wire into an arm that was not taken."""
_ROUND = Qt.PenCapStyle.RoundCap
_NONE = Qt.BrushStyle.NoBrush
CROWDED_FAR = 0.4
"""Below this zoom wires are hairlines where there are many: 1,000 smooth ones take 60 ms a frame."""


class WireItem(PipeItem):
    """A wire of the flow. Straight on it is a curve; feedback runs back underneath, dashed, with an arrow."""

    itemChange = QGraphicsPathItem.itemChange  # Qt's own: NodeGraphQt's lights it in a way of its own

    def __init__(self, wire: Wire, source: PortItem, target: PortItem) -> None:
        # the constructor of PipeItem is left out: it makes an arrow item a wire, and a pen a hover
        QGraphicsPathItem.__init__(self)
        self.wire = wire
        self._active = self._highlight = False
        self._input_port = self._output_port = None
        self._grip: QPainterPath | None = None
        self._bounds = QRectF()
        self._mark = ""
        self._strokes: tuple[bool, tuple[QPen, ...]] | None = None
        """Whether it is selected, and what its curve is drawn with then, one after the other."""
        self.breakpoint: str | None = None
        self.held = False
        self.flowing = self.dim = False
        """Values pass; it belongs to an arm that was not taken. Whoever changes them repaints it."""
        self.name = wire_name(wire.source, wire.target)
        self.junctions: list[JunctionItem] = []
        self.labels: tuple[QRectF, QRectF] | None = None
        self.route = STRAIGHT
        self.setZValue(-1)
        self.setAcceptHoverEvents(True)
        self.setFlag(QGraphicsItem.GraphicsItemFlag.ItemIsSelectable)
        self.set_connections(source, target)

    @property
    def source(self) -> PortItem:
        """The output that it starts from."""
        port: PortItem = self._output_port
        return port

    @property
    def target(self) -> PortItem:
        """The input that it ends at."""
        port: PortItem = self._input_port
        return port

    def set_wire(self, wire: Wire) -> None:
        """Show what the picture says now of the wire between the same ports."""
        if wire is not self.wire and wire != self.wire:
            self.wire = wire
            self.rebuild()

    def set_route(self, route: Route) -> None:
        """Draw it by way of points, as labels, or as a plain curve."""
        there = [(junction.x(), junction.y()) for junction in self.junctions]
        if route == self.route and there == list(route.points):
            return
        self.route = route
        while len(self.junctions) > len(route.points):
            self._drop(self.junctions.pop())
        for number in range(len(self.junctions), len(route.points)):
            self.junctions.append(JunctionItem(self, number))
            self.scene().addItem(self.junctions[-1])
        for junction, point in zip(self.junctions, route.points, strict=True):
            junction.setPos(*point)
            junction.setVisible(not route.labels)
        self.follow()

    def follow(self) -> None:
        """Follow a point that has moved; the ground of a loop follows, too."""
        self.rebuild()
        tell(self.source.node, "moved")

    @staticmethod
    def _drop(junction: JunctionItem) -> None:
        if junction.scene():
            junction.scene().removeItem(junction)

    def delete(self) -> None:
        """Go, with its points."""
        for junction in self.junctions:
            self._drop(junction)
        self.junctions.clear()
        tell(self, "gone")
        super().delete()
        for port in (self.source, self.target):
            port.node.update()  # a port without a wire is hollow

    def label(self) -> str:
        """Return what its labels say: the variable that runs through it."""
        port = self.source.port
        return port.variable or port.label or short_title(self.source.node.node)

    def color(self) -> str:
        """Return its colour: that of its type, unless it cannot work."""
        return theme().error if self.wire.problem else theme().type_color(self.wire.type)

    def rebuild(self) -> None:
        """Draw the curve anew: an end or a point has moved."""
        start, end = self.source.middle(), self.target.middle()
        self.prepareGeometryChange()
        self.labels = None
        if self.route.labels:
            self.labels = label_boxes(self.label(), start, end)
            path = stubs(start, end)
        elif self.junctions:
            path = curve_by(start, [junction.pos() for junction in self.junctions], end)
        elif self.wire.feedback:
            ends = (self.source.node, self.target.node)
            below = max(item.box().bottom() for item in ends if isinstance(item, NodeItem)) + 26
            path = return_curve(start, end, below)
        else:
            path = curve(start, end)
        box = path.controlPointRect()
        for label in self.labels or ():
            box = box.united(label)
        self._bounds = box.adjusted(-13, -13, 13, 13)
        self._grip = self._strokes = None
        self.setPath(path)
        tell(self, "touched")

    @property
    def lit(self) -> bool:
        """Whether it is selected, or under the cursor."""
        return self._active or self.isSelected()

    def show_marks(self, breakpoint: str | None, held: bool) -> None:
        """Show whether there is a breakpoint (its condition), and whether the run is held here."""
        if (breakpoint, held) != (self.breakpoint, self.held):
            self.breakpoint, self.held = breakpoint, held
            self.update()

    def middle(self) -> QPointF:
        """Return the point halfway; of a labelled wire, where it breaks off."""
        return self.path().pointAtPercent(0.499 if self.labels else 0.5)

    # -------------------------------------------------------------- Qt
    def shape(self) -> QPainterPath:
        """Return a band around the curve that a hand can hit."""
        if self._grip is None:
            stroker = QPainterPathStroker()
            stroker.setWidth(12)
            self._grip = stroker.createStroke(self.path())
            for box in self.labels or ():
                self._grip.addRect(box)
        return self._grip

    def boundingRect(self) -> QRectF:
        """Return the curve with its frame and its signs."""
        return self._bounds

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        """Paint it in the colour of its type; from far away see `far_layer`."""
        chosen, path = self.isSelected(), self.path()
        if self._strokes is None or self._strokes[0] is not chosen:
            self._strokes = chosen, self._look(chosen)
        painter.setBrush(_NONE)
        for stroke in self._strokes[1]:
            painter.setPen(stroke)
            painter.drawPath(path)
        if self.labels or self.wire.feedback or self.wire.problem or self.breakpoint is not None:
            self._paint_signs(painter, option.levelOfDetailFromTransform(painter.worldTransform()))

    def _look(self, chosen: bool) -> tuple[QPen, ...]:
        """Return what its curve is drawn with, as it is now: what lights it up, and itself."""
        look, color = theme(), self.color()
        lit = chosen or self._active
        dead = bool(self.target.node.node.switched) and not self.passes
        dashed = self.wire.feedback or bool(self.wire.problem) or dead
        line = _line(color, 3.0 if lit or self.flowing else 2.0, (self.dim or dead) and not lit, dashed)
        if self._mark:
            return round_pen(look.error if self._mark == "refused" else look.accent, 12, 0.55), line
        if chosen:
            return round_pen(look.accent, 8, 0.40), line
        if self.source.node.isSelected() != self.target.node.isSelected():
            return pen(color, 6, 0.28), line
        return (pen(color, 8, 0.16), line) if self.flowing else (line,)

    def _paint_signs(self, painter: QPainter, detail: float) -> None:
        look, color = theme(), self.color()
        for label in self.labels or ():
            paint_label(painter, label, self.label(), color, self.lit, detail)
        if detail > 0.4 and self.wire.feedback and not self.labels:
            _arrow(painter, self.path(), color)
        if detail > 0.4 and self.wire.problem:
            _warning(painter, self.middle(), look.error, look.raised)
        if self.breakpoint is not None and detail > 0.25:
            paint_dot(painter, self.middle(), bool(self.breakpoint), held=self.held)

    def update(self, *area: Any) -> None:
        """Paint it anew: it looks different."""
        self._strokes = None
        update(self, *area)

    @property
    def passes(self) -> bool:
        """Whether its value goes on behind a card that is bypassed."""
        return bool(self.target.node.node.passing == self.target.port.name)

    def mark(self, mark: str) -> None:
        """Show that what is dragged would go into it (``"taken"``), cannot (``"refused"``), or neither (empty)."""
        self._mark = mark
        self.update()

    # what NodeGraphQt calls when it styles its own wires; ours follow the theme
    def activate(self) -> None:
        """Light up under the cursor."""
        self._active = True
        self.update()

    def highlight(self) -> None:
        """Repaint: it is selected."""
        self.update()

    def reset(self) -> None:
        """Go back to normal."""
        self._active = False
        self.update()


@cache
def _line(color: str, width: float, dim: bool, dashed: bool) -> QPen:
    made = QPen(tint(color, _DIM if dim else 1.0), width)
    made.setCapStyle(_ROUND)
    if dashed:
        made.setStyle(Qt.PenStyle.CustomDashLine)
        made.setDashPattern([2.4, 2.6])
    return made


def _arrow(painter: QPainter, path: QPainterPath, color: str) -> None:
    at, ahead = path.pointAtPercent(0.5), path.pointAtPercent(0.52)
    way = 1 if ahead.x() >= at.x() else -1
    head = [at + QPointF(6 * way, 0), at + QPointF(-4 * way, -5.5), at + QPointF(-4 * way, 5.5)]
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(tint(color))
    painter.drawPolygon(QPolygonF(head))


def _warning(painter: QPainter, at: QPointF, color: str, ground: str) -> None:
    painter.setPen(QPen(tint(ground), 1.5))
    painter.setBrush(tint(color))
    painter.drawEllipse(at, 8, 8)
    painter.setFont(fonts().title.font)
    painter.setPen(tint(ground))
    painter.drawText(QRectF(at.x() - 8, at.y() - 8.5, 16, 16), Qt.AlignmentFlag.AlignCenter, "!")


class LiveWire(LivePipeItem):
    """The wire under the hand: in its type's colour, red over a port that refuses it."""

    def __init__(self) -> None:
        QGraphicsPathItem.__init__(self)
        self._input_port = self._output_port = None
        self.port_type = "any"
        self.refused = False
        self.settled = False
        self.setZValue(5)
        self.setVisible(False)

    def draw(self, start: PortItem, end: QPointF, *, refused: bool, settled: bool) -> None:
        """Draw it from a port to a point; `settled` where that is a port that takes it."""
        middle = start.middle()
        self.port_type, self.refused, self.settled = start.port.type, refused, settled
        self.setPath(curve(middle, end) if start.is_output else curve(end, middle))
        self.setVisible(True)
        self.update()

    def boundingRect(self) -> QRectF:
        """Return the curve with its frame."""
        return self.path().controlPointRect().adjusted(-8, -8, 8, 8)

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        """Paint it: dashed while it hangs, whole where it may be let go."""
        look = theme()
        color = look.error if self.refused else look.type_color(self.port_type)
        line = QPen(tint(color), 2.6 if self.settled else 2.2)
        line.setCapStyle(_ROUND)
        if not self.settled:
            line.setStyle(Qt.PenStyle.CustomDashLine)
            line.setDashPattern([2.6, 2.6])
        painter.setBrush(_NONE)
        painter.setPen(line)
        painter.drawPath(self.path())
