"""The scene: who gets a press first, and which wires and grounds follow the cards that moved."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QPointF, QRectF, Qt, QTimer
from PySide6.QtWidgets import QGraphicsItem, QGraphicsScene, QGraphicsSceneHelpEvent, QGraphicsSceneMouseEvent

from flodesk.ui.canvas.far_layer import Blocks
from flodesk.ui.canvas.framework import NodeScene
from flodesk.ui.canvas.junction_item import JunctionItem
from flodesk.ui.canvas.lost_wire import LostWire
from flodesk.ui.canvas.node_item import NodeItem
from flodesk.ui.canvas.pieces.item import PieceItem
from flodesk.ui.canvas.port_item import PortItem
from flodesk.ui.canvas.portions import Portions
from flodesk.ui.canvas.wire_gesture import WireGesture
from flodesk.ui.canvas.wire_item import WireItem

_INSIDE = 23.0
"""How far into a card a press still means its port, in pixels of the card at full size."""


class Scene(NodeScene):
    """Hands presses to the wiring first: a press on a port must not also move the card under it.

    `settled` is called, once for a burst of moves, with the cards that moved, after their wires were drawn anew;
    `taken` with the card, note or frame that a press took hold of; `dragged` after each of its steps, `dropped` at the
    end; `reshaped` with a note or frame whose edge was let go; `link_followed` with a link that was clicked,
    `wire_clicked` with a wire, and where.
    """

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.gesture: WireGesture | None = None
        self.settled: Callable[[set[NodeItem]], None] = lambda _: None
        self.taken: Callable[[NodeItem | PieceItem | JunctionItem], None] = lambda _: None
        self.dragged: Callable[[], None] = lambda: None
        self.dropped: Callable[[], None] = lambda: None
        self.reshaped: Callable[[PieceItem], None] = lambda _: None
        self.snap_edge: Callable[[PieceItem, float, bool], float] = lambda _item, value, _across: value
        self.link_followed: Callable[[str], None] = lambda _: None
        self.wire_clicked: Callable[[WireItem, QPointF], None] = lambda *_: None
        self.touched: Callable[[QGraphicsItem], None] = lambda _: None
        """Is told of a card or wire that looks different."""
        self.gone: Callable[[WireItem], None] = lambda _: None
        """Is told of a wire that goes."""
        self.cards: Callable[[], Portions[NodeItem, Blocks]] = lambda: Portions(Blocks.of)
        """Gives all cards: going through all items takes 20 ms among 2,000."""
        self.astray: set[NodeItem] = set()
        """Cards that have moved since somebody saw to it that all stand where they belong."""
        self._moved: set[NodeItem] = set()
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(0)
        self._soon.timeout.connect(self.settle)

    def moved(self, item: NodeItem) -> None:
        """Note that a card moved or changed its size."""
        self.touched(item)
        self._moved.add(item)
        self.astray.add(item)
        if not self._soon.isActive():
            self._soon.start()

    def settle(self) -> None:
        """Draw the wires of the cards that moved."""
        self._soon.stop()
        moved, self._moved = self._moved, set()
        moved = {item for item in moved if item.scene() is self}
        if not moved:
            return
        for wire in {wire for item in moved for port in item.ports.values() for wire in port.connected_pipes}:
            if isinstance(wire, WireItem):
                wire.rebuild()
        self.settled(moved)

    # -------------------------------------------------------------- what lies where
    def zoom(self) -> float:
        """Return screen pixels a scene pixel."""
        views = self.views()
        return views[0].transform().m11() if views else 1.0

    def card_items(self) -> list[NodeItem]:
        """Return all cards."""
        return list(self.cards())

    def cards_seen(self) -> list[NodeItem]:
        """Return the cards that are seen, and some around them."""
        views = self.views()
        seen = views[0].mapToScene(views[0].viewport().rect()).boundingRect() if views else self.sceneRect()
        return list(self.cards().where(lambda blocks: blocks.bounds.intersects(seen)))

    def port_at(self, place: QPointF, *, pressed: bool = False) -> PortItem | None:
        """Return the port nearest to a point, within reach of a hand whatever the zoom; none under another card.

        Where it is `pressed`, the body of a small card is the card's: there the reach shrinks with the zoom.
        """
        reach = max(9.0, 9.0 / self.zoom())
        area = QRectF(place.x() - reach, place.y() - reach, 2 * reach, 2 * reach)
        above = self.node_at(place)
        ports = [item for item in self.items(area) if isinstance(item, PortItem) and above in (None, item.node)]
        ports = [port for port in ports if self.node_at(port.middle()) in (None, port.node)]
        if pressed and above is not None:
            inside = _INSIDE * min(1.0, self.zoom())
            ports = [port for port in ports if abs(port.middle().x() - place.x()) <= inside]
        return min(ports, key=lambda port: (port.middle() - place).manhattanLength(), default=None)

    def node_at(self, place: QPointF) -> NodeItem | None:
        """Return the topmost card under a point."""
        return next((item for item in self.items(place) if isinstance(item, NodeItem)), None)

    def wire_at(self, place: QPointF) -> WireItem | None:
        """Return the wire under a point where no card lies above it."""
        for item in self.items(place):
            if isinstance(item, NodeItem | PortItem | PieceItem | JunctionItem):
                return None
            if isinstance(item, WireItem):
                return item
        return None

    def lost_at(self, place: QPointF) -> LostWire | None:
        """Return the wire without a beginning under a point where no card lies above it."""
        for item in self.items(place):
            if isinstance(item, NodeItem):
                return None
            if isinstance(item, LostWire):
                return item
        return None

    def junction_at(self, place: QPointF) -> JunctionItem | None:
        """Return the point of a wire under a point where no card lies above it."""
        if self.node_at(place) is not None:
            return None
        return next((item for item in self.items(place) if isinstance(item, JunctionItem)), None)

    def piece_at(self, place: QPointF) -> PieceItem | None:
        """Return the note, or the frame by its title or edge, under a point where nothing lies above it."""
        for item in self.items(place):
            if isinstance(item, NodeItem | PortItem | WireItem | JunctionItem):
                return None
            if isinstance(item, PieceItem):
                return item
        return None

    def wire_near(self, place: QPointF) -> WireItem | None:
        """Return the wire that a card let go here would go into: generously, whatever the zoom."""
        found = self.wire_at(place)
        if found is not None or self.node_at(place) is not None:
            return found
        for reach in (8.0, 16.0):
            half = reach / self.zoom()
            area = QRectF(place.x() - half, place.y() - half, 2 * half, 2 * half)
            found = next((item for item in self.items(area) if isinstance(item, WireItem)), None)
            if found is not None:
                return found
        return None

    # -------------------------------------------------------------- Qt
    def drawBackground(self, *_: object) -> None:
        """Paint nothing: the viewer paints the ground."""

    def mousePressEvent(self, event: QGraphicsSceneMouseEvent) -> None:
        """Ask the wiring first; then cards and wires are selected and dragged as Qt does it."""
        if self.gesture is not None and self.gesture.press(event):
            event.accept()
            return
        if event.button() != Qt.MouseButton.LeftButton:
            event.accept()  # Qt would clear the selection
            return
        QGraphicsScene.mousePressEvent(self, event)
        grabbed = self.mouseGrabberItem()
        if isinstance(grabbed, NodeItem | JunctionItem) or (isinstance(grabbed, PieceItem) and not grabbed.resizing):
            self.taken(grabbed)

    def mouseMoveEvent(self, event: QGraphicsSceneMouseEvent) -> None:
        """Let the wire follow."""
        if self.gesture is not None:
            self.gesture.move(event.scenePos())
            if self.gesture.active:
                event.accept()
                return
        QGraphicsScene.mouseMoveEvent(self, event)
        self.dragged()

    def mouseReleaseEvent(self, event: QGraphicsSceneMouseEvent) -> None:
        """Let the wire go."""
        held = self.gesture.held if self.gesture is not None else None
        if self.gesture is not None:
            self.gesture.release(event.scenePos())
        self.dropped()
        QGraphicsScene.mouseReleaseEvent(self, event)
        if held is not None and event.button() == Qt.MouseButton.LeftButton:
            self.wire_clicked(held, event.scenePos())

    def helpEvent(self, event: QGraphicsSceneHelpEvent) -> None:
        """Leave tooltips to the viewer, which makes their text when they are asked for."""
        event.ignore()
