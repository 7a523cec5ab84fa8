"""What a drag snaps to: edges and middles of what stands near, straight wires, and the grid."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass, field

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QGuiApplication, QPen
from PySide6.QtWidgets import QGraphicsLineItem, QGraphicsScene

from flodesk.ui.canvas.painting import GRID, tint
from flodesk.ui.theme import theme

_REACH = 6.0
"""How near an edge has to be, in screen pixels."""
_BEYOND = 16.0
"""How far a guide goes beyond what it brings into line, in scene pixels."""
_MOST = 300
"""With more on the screen than these, or more under the hand, nothing snaps: each step would take too long."""


@dataclass(slots=True)
class Snaps:
    """What is switched on, for all canvases of a window."""

    guides: bool = False
    grid: bool = False


@dataclass(slots=True)
class _Axis:
    """The lines along one axis that edges can snap to: their places, and the boxes that each belongs to."""

    lines: list[float] = field(default_factory=list)
    boxes: list[QRectF] = field(default_factory=list)

    @classmethod
    def of(cls, boxes: Iterable[QRectF], across: bool) -> _Axis:
        found = sorted(
            ((line, box) for box in boxes for line in _lines(box, across)), key=lambda pair: (pair[0], pair[1].x())
        )
        return cls([line for line, _ in found], [box for _, box in found])

    def nearest(self, values: Iterable[float], reach: float) -> tuple[float, int] | None:
        """Return the smallest step that brings one of the values onto a line, and the number of that line."""
        best: tuple[float, int] | None = None
        for value in values:
            at = bisect_left(self.lines, value)
            for number in (at - 1, at):
                if 0 <= number < len(self.lines):
                    step = self.lines[number] - value
                    if abs(step) <= reach and (best is None or abs(step) < abs(best[0])):
                        best = (step, number)
        return best

    def on_line(self, number: int) -> list[QRectF]:
        """Return all boxes that have an edge or middle on a line."""
        line = self.lines[number]
        return [box for at, box in zip(self.lines, self.boxes, strict=True) if abs(at - line) < 0.5]


class Snapping:
    """Finds where a drag snaps to, and shows the lines."""

    def __init__(self, scene: QGraphicsScene) -> None:
        self.snaps = Snaps()
        self._scene = scene
        self._across, self._down = _Axis(), _Axis()
        self._guides: dict[bool, QGraphicsLineItem] = {}
        self._on = False

    def begin(self, still: list[QRectF], view: QRectF, moving: int = 1) -> None:
        """Begin a drag among boxes that stay; those in the view count."""
        self._on = self.snaps.guides or self.snaps.grid
        near = [box for box in still if self.snaps.guides and box.intersects(view)] if self._on else []
        self._on = self._on and len(near) <= _MOST and moving <= _MOST
        near = near if self._on else []
        self._across, self._down = _Axis.of(near, True), _Axis.of(near, False)

    def step(self, box: QRectF, raw: QPointF, zoom: float, wires: Iterable[float] = ()) -> QPointF:
        """Return the step to go instead of `raw`.

        Parameters
        ----------
        box : QRectF
            What is dragged, as it stood at first.
        wires : iterable of float
            The steps down that would make a wire straight.
        """
        if not self._on or QGuiApplication.keyboardModifiers() & Qt.KeyboardModifier.AltModifier:
            self.end_lines()
            return raw
        there = box.translated(raw)
        reach = _REACH / zoom
        x = self._snapped(there, True, reach)
        straight = [step - raw.y() for step in wires if abs(step - raw.y()) <= reach] if self.snaps.guides else []
        y = min(straight, key=abs) if straight else self._snapped(there, False, reach)
        step = QPointF(raw.x() + x, raw.y() + y)
        self._show(box.translated(step), straight=bool(straight))
        return step

    def edge(self, value: float, across: bool, zoom: float) -> float:
        """Return where an edge that is dragged snaps to."""
        if not self._on or QGuiApplication.keyboardModifiers() & Qt.KeyboardModifier.AltModifier:
            return value
        found = (self._across if across else self._down).nearest([value], _REACH / zoom)
        if found is not None:
            return value + found[0]
        return round(value / GRID) * GRID if self.snaps.grid else value

    def _snapped(self, box: QRectF, across: bool, reach: float) -> float:
        found = (self._across if across else self._down).nearest(_lines(box, across), reach)
        if found is not None:
            return found[0]
        corner = box.x() if across else box.y()
        return round(corner / GRID) * GRID - corner if self.snaps.grid else 0.0

    # -------------------------------------------------------------- the lines
    def _show(self, box: QRectF, straight: bool) -> None:
        for across, axis in ((True, self._across), (False, self._down)):
            found = axis.nearest(_lines(box, across), 0.01) if not (straight and not across) else None
            if found is None:
                self._hide(across)
                continue
            every = box
            for other in axis.on_line(found[1]):
                every = every.united(other)
            at = axis.lines[found[1]]
            line = QLineF(at, every.top() - _BEYOND, at, every.bottom() + _BEYOND)
            if not across:
                line = QLineF(every.left() - _BEYOND, at, every.right() + _BEYOND, at)
            guide = self._guide(across)
            if guide.line() != line or not guide.isVisible():
                guide.setLine(line)
                guide.setVisible(True)

    def _guide(self, across: bool) -> QGraphicsLineItem:
        if across not in self._guides:
            made = QGraphicsLineItem()
            made.setZValue(6)
            self._scene.addItem(made)
            self._guides[across] = made
        guide = self._guides[across]
        pen = QPen(tint(theme().accent), 1)
        pen.setCosmetic(True)
        guide.setPen(pen)
        return guide

    def _hide(self, across: bool) -> None:
        if across in self._guides:
            self._guides[across].setVisible(False)

    def end_lines(self) -> None:
        """Show no lines."""
        self._hide(True)
        self._hide(False)

    def end(self) -> None:
        """Forget the drag."""
        self.end_lines()
        self._on = False
        self._across, self._down = _Axis(), _Axis()


def _lines(box: QRectF, across: bool) -> tuple[float, float, float]:
    if across:
        return box.left(), box.center().x(), box.right()
    return box.top(), box.center().y(), box.bottom()
