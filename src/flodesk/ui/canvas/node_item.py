"""A node on the scene: one item that paints its whole card, ports included."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPainterPath
from PySide6.QtWidgets import QGraphicsItem, QGraphicsSceneMouseEvent, QStyleOptionGraphicsItem, QWidget

from flodesk.flow.graph import Node, Port
from flodesk.ui.canvas.card import HEADER, Card, Live, measure
from flodesk.ui.canvas.card_paint import MIDDLE, paint_card, paint_lit_field, put_port
from flodesk.ui.canvas.framework import AbstractNodeItem
from flodesk.ui.canvas.heat_paint import ABOVE, Heat, paint_heat
from flodesk.ui.canvas.marks import paint_card_marks, paint_probes
from flodesk.ui.canvas.port_item import PortItem, Side
from flodesk.ui.canvas.stamps import Stamps
from flodesk.ui.canvas.switched_paint import paint_switched_card
from flodesk.ui.canvas.telling import tell, update

_Change = QGraphicsItem.GraphicsItemChange
_MOVING, _MOVED = _Change.ItemPositionChange, _Change.ItemPositionHasChanged
_CHOSEN = _Change.ItemSelectedHasChanged
_Flag = QGraphicsItem.GraphicsItemFlag
_FLAGS = _Flag.ItemIsSelectable | _Flag.ItemIsMovable | _Flag.ItemSendsGeometryChanges


PALE, FADED = 0.4, 0.22
"""How much is seen of a card, and of a port, that has nothing for the wire on the hand."""


class NodeItem(AbstractNodeItem):
    """A node's card. Its children are its `PortItem` objects, which paint nothing.

    Attributes
    ----------
    node : Node
        What the picture says of it.
    live : Live
        What the run and the checker have said of it (`flodesk.ui.canvas.reports`).
    ports : by side and name
    lit_field : the field that would take the wire on the hand; empty if none
    breakpoint : the condition of its breakpoint (empty: always); None if there is none
    held : whether the run is held here
    probed : the outputs that are probed
    pale : whether there is nothing on it for the wire on the hand
    """

    update = update  # type: ignore[assignment]  # all of the stubs' overloads

    def __init__(self, node: Node) -> None:
        # the constructor of NodeGraphQt's is left out: each flag that it sets for itself is asked about twice
        QGraphicsItem.__init__(self)
        self._properties = {"id": node.id, "name": node.id, "selected": False, "disabled": False}
        self.setFlags(_FLAGS)
        self.setCacheMode(QGraphicsItem.CacheMode.DeviceCoordinateCache)
        self.node = node
        self.live = Live()
        self.ports: dict[tuple[str, str], PortItem] = {}
        self.lit_field = ""
        self.breakpoint: str | None = None
        self.probed: frozenset[str] = frozenset()
        self.heat: Heat | None = None
        self.held = False
        self.pale = False
        self.painted_faded = False
        """Whether ports that cannot take the wire on the hand are faded in the picture that is kept of it."""
        self.card: Card
        self._bounds = QRectF()
        self.set_node(node)

    # -------------------------------------------------------------- what it shows
    def set_node(self, node: Node) -> None:
        """Show what the picture says now; ports that are still there keep their items, and so their wires."""
        self.node = node
        self.id = node.id
        self._lay_out()
        sides: tuple[tuple[Side, tuple[Port, ...]], ...] = (("in", node.inputs), ("out", node.outputs))
        wanted: dict[tuple[str, str], tuple[Side, Port]] = {(s, p.name): (s, p) for s, ports in sides for p in ports}
        for key in [key for key in self.ports if key not in wanted]:
            gone = self.ports.pop(key)
            for wire in list(gone.connected_pipes):
                wire.delete()
            if gone.scene():
                gone.scene().removeItem(gone)
            else:
                gone.setParentItem(None)  # type: ignore[arg-type]  # PySide's stubs forbid what Qt allows
        for key, (side, port) in wanted.items():
            if key in self.ports:
                self.ports[key].port = port
            else:
                self.ports[key] = PortItem(self, side, port)
        self._place_ports()

    def grow_pale(self, pale: bool) -> None:
        """Step back, as there is nothing here for the wire on the hand; the picture that is kept of it stays."""
        if pale != self.pale:
            self.pale = pale
            self.setOpacity(PALE if pale else 1.0)
            tell(self, "touched")

    def light_field(self, name: str) -> None:
        """Show that a field would take the wire on the hand; an empty text puts the light out."""
        if name != self.lit_field:
            self.lit_field = name
            self.update()

    def show_heat(self, heat: Heat | None) -> None:
        """Show what the node takes; None takes the colour away."""
        if heat != self.heat:
            if (heat is None) != (self.heat is None):
                self.prepareGeometryChange()
            self.heat = heat
            self._measure_bounds()
            self.update()

    def show_probes(self, ports: frozenset[str]) -> None:
        """Mark the outputs that are probed."""
        if ports != self.probed:
            self.probed = ports
            self.update()

    def show_marks(self, breakpoint: str | None, held: bool) -> None:
        """Show whether there is a breakpoint, and whether the run is held here."""
        if (breakpoint, held) != (self.breakpoint, self.held):
            self.breakpoint, self.held = breakpoint, held
            self.update()

    @property
    def told(self) -> Live:
        """What is shown of `live`: of a node that is switched off, what the checker says. No run counts for it."""
        live = self.live
        return Live(problem=live.problem, warning=live.warning) if self.node.switched == "off" else live

    def follow_live(self, *, resized: bool = False) -> None:
        """Show what `live` has become; `resized` where that may make the card longer or shorter."""
        if resized:
            self._lay_out()
            self._place_ports()
        self.update()

    def _raise(self) -> None:
        """Stand above others: a selected card, and one whose message has made it longer."""
        level = 2.0 if self.isSelected() else 1.5 if self.card.trouble else 1.0
        if level != self.zValue():
            self.setZValue(level)

    def _lay_out(self) -> None:
        self.prepareGeometryChange()
        live = self.told
        failure = live.failure or "Failed" if live.state == "failed" else ""
        self.card = measure(self.node, live.problem, failure, live.doubt)
        self._measure_bounds()
        self._raise()

    def _place_ports(self) -> None:
        for x, rows, side in ((0.0, self.card.inputs, "in"), (self.card.width, self.card.outputs, "out")):
            for row in rows:
                self.ports[(side, row.port.name)].setPos(x, row.y)
        tell(self, "moved")
        self.update()

    # -------------------------------------------------------------- where it is
    def wires(self) -> Iterator[Any]:
        """Give the wire items that end at this node."""
        for port in self.ports.values():
            yield from port.connected_pipes

    def title_box(self) -> QRectF:
        """Where the name stands, in the card's coordinates."""
        return QRectF(34, 2, self.card.width - 42, 21)

    def in_title(self, place: QPointF) -> bool:
        """Return whether a point of the card's coordinates is in its header."""
        return 0 <= place.y() <= HEADER

    def box(self) -> QRectF:
        """Return the card's rectangle in the scene, without shadow and ports."""
        return QRectF(self.pos().x(), self.pos().y(), self.card.width, self.card.height)

    def boundingRect(self) -> QRectF:
        """Return the card with its shadow, its frame and its ports."""
        return self._bounds

    def _measure_bounds(self) -> None:
        above = ABOVE + 2 if self.heat is not None else 5
        self._bounds = QRectF(-12, -above, self.card.width + 24, self.card.height + above + 10)

    def shape(self) -> QPainterPath:
        """Return the card alone."""
        path = QPainterPath()
        path.addRect(0, 0, self.card.width, self.card.height)
        return path

    # -------------------------------------------------------------- Qt
    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        """Paint the card in the detail that the zoom allows."""
        stamps = Stamps(painter)
        paint = paint_switched_card if self.node.switched else paint_card
        paint(stamps, painter, self.node, self.card, self.told, self.isSelected())
        if self.lit_field:
            paint_lit_field(painter, self.card, self.lit_field)
        if self.heat is not None:
            paint_heat(painter, self.card, self.heat, small=stamps.detail > MIDDLE)
        self._put_ports(stamps, painter)
        if self.probed:
            paint_probes(painter, self.card, self.probed)
        if self.held or self.breakpoint is not None:
            paint_card_marks(painter, self.card, self.breakpoint, self.held, far=False)

    def _put_ports(self, stamps: Stamps, painter: QPainter) -> None:
        stamps.press()
        self.painted_faded = any(item.faded for item in self.ports.values())
        for side, x, rows in (("in", 0.0, self.card.inputs), ("out", self.card.width, self.card.outputs)):
            for row in rows:
                item = self.ports[(side, row.port.name)]
                if item.faded:
                    painter.setOpacity(FADED)
                put_port(stamps, x, row.y, row.port, item.wired, item.hovered)
                if item.faded:
                    painter.setOpacity(1.0)
        stamps.lift()

    def itemChange(self, change: QGraphicsItem.GraphicsItemChange, value: Any) -> Any:
        """Take the wires along, and stand above others while selected."""
        if change is _MOVED:
            tell(self, "moved")
            return value
        if change is _MOVING:
            return value
        if change is _CHOSEN:
            self._raise()
            tell(self, "touched")
            for wire in self.wires():
                wire.update()
        return super().itemChange(change, value)

    def mouseDoubleClickEvent(self, event: QGraphicsSceneMouseEvent) -> None:
        """Leave double clicks to the viewer."""
        event.ignore()

    def mousePressEvent(self, event: QGraphicsSceneMouseEvent) -> None:
        """Begin a drag with the left button only."""
        if event.button() == Qt.MouseButton.LeftButton:
            super().mousePressEvent(event)
        else:
            event.ignore()
