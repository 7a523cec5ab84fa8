"""A drag on the canvas: frames take along what lies on them, what is dragged snaps, and shows where it would lie."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol, TypeAlias

from PySide6.QtCore import QPointF, QRectF

from flodesk.flow.pieces import Box, lies_in
from flodesk.ui.canvas.board import Board
from flodesk.ui.canvas.junction_item import JunctionItem
from flodesk.ui.canvas.node_item import NodeItem
from flodesk.ui.canvas.pieces.frame_item import FrameItem
from flodesk.ui.canvas.pieces.item import PieceItem
from flodesk.ui.canvas.snapping import Snapping

Movable: TypeAlias = NodeItem | PieceItem | JunctionItem


class View(Protocol):
    """What a drag asks of the viewport."""

    def will_move(self, item: Movable) -> None:
        """Note where something stands, before it moves."""

    def zoom(self) -> float:
        """Return screen pixels a scene pixel."""

    def visible_rect(self) -> QRectF:
        """Return the part of the scene that is on the screen."""


class Dragging:
    """Follows a drag that Qt does: it moves the selection, this what goes along, and all to where they snap to."""

    def __init__(self, board: Board, snapping: Snapping, view: View) -> None:
        self._board = board
        self.snapping = snapping
        self._view = view
        self._grabbed: Movable | None = None
        self._start: dict[Movable, QPointF] = {}
        self._along: dict[Movable, QPointF] = {}
        self._wires: list[float] = []
        self._moved = False
        self._lit: FrameItem | None = None

    def begin(self, grabbed: Movable) -> None:
        """Note what lies on the frames that are about to move."""
        self._grabbed, self._moved = grabbed, False
        self._start = {item: item.pos() for item in self._board.movable() if item.isSelected()}
        self._start[grabbed] = grabbed.pos()
        self._along = {item: item.pos() for item in carried(self._board, self._start)}
        for item in self._along:
            self._view.will_move(item)

    def follow(self) -> None:
        """Take everything along to where the hand is now, or to where it snaps to."""
        grabbed = self._grabbed
        if grabbed is None:
            return
        start = self._start[grabbed]
        raw = grabbed.pos() - start
        if raw.isNull() and not self._moved:
            return
        if not self._moved:
            self._first_step(grabbed, start)
        box = QRectF(start, grabbed.box().size())
        step = self.snapping.step(box, raw, self._view.zoom(), self._wires)
        if step != raw:
            for item, place in self._start.items():
                item.setPos(place + step)
        for item, place in self._along.items():
            item.setPos(place + step)
        self._light(self._frame_under(grabbed))

    def _first_step(self, grabbed: Movable, start: QPointF) -> None:
        """Find what the drag can snap to: at its first step, so that a click costs nothing."""
        self._moved = True
        moving = self._start.keys() | self._along.keys()
        still = [item.box() for item in self._board.movable() if item not in moving]
        self.snapping.begin(still, self._view.visible_rect(), len(moving))
        self._wires = []
        for port in grabbed.ports.values() if isinstance(grabbed, NodeItem) else ():
            for wire in port.connected_pipes:
                other = wire.source if wire.target is port else wire.target
                if other.node not in moving:
                    self._wires.append(other.middle().y() - (start.y() + port.pos().y()))

    def snap_edge(self, item: PieceItem, value: float, across: bool) -> float:
        """Return where an edge of a note or frame that is dragged snaps to."""
        if item is not self._grabbed or not self._moved:
            self._grabbed, self._start, self._along, self._moved = item, {item: item.pos()}, {}, True
            still = [other.box() for other in self._board.movable() if other is not item]
            self.snapping.begin(still, self._view.visible_rect())
        return self.snapping.edge(value, across, self._view.zoom())

    def end(self) -> None:
        """Forget the drag."""
        self._grabbed = None
        self._moved = False
        self._start, self._along = {}, {}
        self.snapping.end()
        self._light(None)

    def _frame_under(self, item: Movable) -> FrameItem | None:
        box = flat(item.box())
        found = [
            frame
            for frame in self._board.frames()
            if frame is not item and frame not in self._along and not frame.isSelected() and lies_in(box, frame.flat())
        ]
        return min(found, key=lambda frame: frame.extent.width() * frame.extent.height(), default=None)

    def _light(self, frame: FrameItem | None) -> None:
        if self._lit is not None and self._lit is not frame:
            self._lit.light(False)
        self._lit = frame
        if frame is not None:
            frame.light(True)


def flat(box: QRectF) -> Box:
    """Return a rectangle as left, top, width and height."""
    return box.x(), box.y(), box.width(), box.height()


def carried(board: Board, chosen: Iterable[Movable]) -> list[Movable]:
    """Return what goes along with some items, without these themselves.

    That is what lies on frames among them, frames on frames included, and the points of wires whose two ends go.
    """
    known = set(chosen)
    todo = [item for item in known if isinstance(item, FrameItem)]
    boxes = {item: flat(item.box()) for item in board.movable()} if todo else {}
    found: list[Movable] = []
    while todo:
        ground = boxes[todo.pop()]
        for item, box in boxes.items():
            if item not in known and lies_in(box, ground):
                known.add(item)
                found.append(item)
                if isinstance(item, FrameItem):
                    todo.append(item)
    for wire in board.bent():
        if wire.source.node in known and wire.target.node in known:
            found += [point for point in wire.junctions if point not in known]
    return found
