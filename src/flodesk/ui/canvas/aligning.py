"""Align and distribute what is selected; each is one step for undo."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, TypeAlias

from PySide6.QtCore import QPointF

from flodesk.flow.pieces import Box
from flodesk.ui.canvas.board import Board
from flodesk.ui.canvas.dragging import Movable, carried, flat
from flodesk.ui.canvas.picking import Picking
from flodesk.ui.canvas.pieces.frame_item import FrameItem
from flodesk.ui.menus import Entry

How: TypeAlias = Literal["left", "centre", "right", "top", "middle", "bottom"]
_SHARES: dict[How, tuple[int, float]] = {
    "left": (0, 0.0), "centre": (0, 0.5), "right": (0, 1.0), "top": (1, 0.0), "middle": (1, 0.5), "bottom": (1, 1.0),
}  # fmt: skip
"""Along which axis (0 across, 1 down), and which share of the width or height is brought into line."""


def aligned(boxes: Mapping[Movable, Box], how: How) -> dict[Movable, QPointF]:
    """Return the places where an edge, or the middle, of all boxes is that of all of them together."""
    axis, share = _SHARES[how]
    low = min(box[axis] for box in boxes.values())
    high = max(box[axis] + box[axis + 2] for box in boxes.values())
    line = low + (high - low) * share
    return {item: _at(box, axis, line - box[axis + 2] * share) for item, box in boxes.items()}


def distributed(boxes: Mapping[Movable, Box], axis: int) -> dict[Movable, QPointF]:
    """Return the places where there is the same room between neighbours; the outermost two stay."""
    order = sorted(boxes, key=lambda item: (boxes[item][axis] + boxes[item][axis + 2] / 2, boxes[item][axis]))
    start, last = boxes[order[0]], boxes[order[-1]]
    room = last[axis] + last[axis + 2] - start[axis] - sum(boxes[item][axis + 2] for item in order)
    gap = room / (len(order) - 1)
    places: dict[Movable, QPointF] = {}
    now = start[axis]
    for item in order:
        places[item] = _at(boxes[item], axis, now)
        now += boxes[item][axis + 2] + gap
    return places


def _at(box: Box, axis: int, value: float) -> QPointF:
    return QPointF(round(value), box[1]) if axis == 0 else QPointF(box[0], round(value))


class Aligning:
    """The verbs on the selection of a canvas; a frame takes along what lies on it."""

    def __init__(self, board: Board, picking: Picking) -> None:
        self._board = board
        self._picking = picking

    def _chosen(self) -> list[Movable]:
        """Return what is aligned: what is selected, but for what a selected frame carries anyway."""
        chosen: list[Movable] = self._board.chosen()
        frames = [item for item in chosen if isinstance(item, FrameItem)]
        along = {item for frame in frames for item in carried(self._board, [frame])}
        return [item for item in chosen if item not in along]

    @property
    def possible(self) -> bool:
        """Whether at least two things are selected."""
        return len(self._chosen()) > 1

    @property
    def distributable(self) -> bool:
        """Whether at least three things are selected."""
        return len(self._chosen()) > 2

    def left(self) -> None:
        """Bring the left edges into line."""
        self._align("left")

    def centre(self) -> None:
        """Bring the middles above one another."""
        self._align("centre")

    def right(self) -> None:
        """Bring the right edges into line."""
        self._align("right")

    def top(self) -> None:
        """Bring the upper edges into line."""
        self._align("top")

    def middle(self) -> None:
        """Bring the middles beside one another."""
        self._align("middle")

    def bottom(self) -> None:
        """Bring the lower edges into line."""
        self._align("bottom")

    def across(self) -> None:
        """Leave the same room between neighbours, from left to right."""
        if self.distributable:
            self._move(distributed(self._boxes(), 0), "Distribute across")

    def down(self) -> None:
        """Leave the same room between neighbours, from top to bottom."""
        if self.distributable:
            self._move(distributed(self._boxes(), 1), "Distribute down")

    def entries(self) -> list[Entry]:
        """Return what the context menu offers: nothing where one thing is selected."""
        if not self.possible:
            return []
        lines: list[Entry] = [
            ("Left edges", "Alt+Shift+Left", self.left),
            ("Centres", "Alt+Shift+C", self.centre),
            ("Right edges", "Alt+Shift+Right", self.right),
            None,
            ("Upper edges", "Alt+Shift+Up", self.top),
            ("Middles", "Alt+Shift+M", self.middle),
            ("Lower edges", "Alt+Shift+Down", self.bottom),
        ]
        found: list[Entry] = [("Align", "", lines)]
        if self.distributable:
            found.append(
                ("Distribute", "", [("Across", "Alt+Shift+X", self.across), ("Down", "Alt+Shift+Y", self.down)])
            )
        return found

    def _align(self, how: How) -> None:
        if self.possible:
            self._move(aligned(self._boxes(), how), f"Align {how}")

    def _boxes(self) -> dict[Movable, Box]:
        return {item: flat(item.box()) for item in self._chosen()}

    def _move(self, places: dict[Movable, QPointF], title: str) -> None:
        every = dict(places)
        for item, place in places.items():
            for other in carried(self._board, [item]):
                every[other] = other.pos() + place - item.pos()
        if any(item.pos() != place for item, place in every.items()):
            self._picking.move(every, title=title)
