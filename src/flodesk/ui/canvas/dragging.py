"""A drag on the canvas: frames take along what lies on them, and what is dragged shows where it would come to lie."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeAlias

from PySide6.QtCore import QPointF, QRectF

from flodesk.flow.pieces import Box, lies_in
from flodesk.ui.canvas.board import Board
from flodesk.ui.canvas.node_item import NodeItem
from flodesk.ui.canvas.pieces.frame_item import FrameItem
from flodesk.ui.canvas.pieces.item import PieceItem

Movable: TypeAlias = NodeItem | PieceItem


class Dragging:
    """Follows a drag that Qt does: it moves the selection, this what goes along.

    Parameters
    ----------
    moving : callable
        Is told of each item that will move, before it does.
    """

    def __init__(self, board: Board, moving: Callable[[Movable], None]) -> None:
        self._board = board
        self._moving = moving
        self._grabbed: Movable | None = None
        self._start = QPointF()
        self._along: dict[Movable, QPointF] = {}
        self._lit: FrameItem | None = None

    def begin(self, grabbed: Movable) -> None:
        """Note what lies on the frames that are about to move."""
        self._grabbed, self._start = grabbed, grabbed.pos()
        chosen: set[Movable] = {grabbed, *(item for item in self._board.movable() if item.isSelected())}
        self._along = {item: item.pos() for item in carried(self._board, chosen)}
        for item in self._along:
            self._moving(item)

    def follow(self) -> None:
        """Take everything along to where the hand is now."""
        grabbed = self._grabbed
        if grabbed is None:
            return
        step = grabbed.pos() - self._start
        for item, place in self._along.items():
            item.setPos(place + step)
        if not step.isNull():
            self._light(self._frame_under(grabbed))

    def end(self) -> None:
        """Forget the drag."""
        self._grabbed = None
        self._along = {}
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
    """Return what the frames among some items carry, frames in frames included, without these items themselves."""
    known = set(chosen)
    todo = [item for item in known if isinstance(item, FrameItem)]
    if not todo:
        return []
    boxes = {item: flat(item.box()) for item in board.movable()}
    found: list[Movable] = []
    while todo:
        ground = boxes[todo.pop()]
        for item, box in boxes.items():
            if item not in known and lies_in(box, ground):
                known.add(item)
                found.append(item)
                if isinstance(item, FrameItem):
                    todo.append(item)
    return found
