"""The ground of a loop: a tint behind everything that runs once a turn."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPainterPath, QPainterPathStroker
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from flodesk.ui.canvas.node_item import NodeItem
from flodesk.ui.canvas.painting import mixed
from flodesk.ui.theme import theme

_MARGIN, _CORNER, _BAND = 22.0, 26.0, 44.0
_MOST_BANDS = 150
"""Past so many wires a stroke around each costs more than it shows: the cards' own grounds are enough."""


class LoopItem(QGraphicsItem):
    """The tint of one loop; deeper loops are a shade stronger and lie on top."""

    def __init__(self, loop: str) -> None:
        super().__init__()
        self.loop = loop
        self.depth = 0
        self._path = QPainterPath()
        self.setAcceptedMouseButtons(Qt.MouseButton.NoButton)
        self.setAcceptHoverEvents(False)
        self.setZValue(-10)

    def set_depth(self, depth: int) -> None:
        """Say how many loops it stands in."""
        self.depth = depth
        self.setZValue(-10 + depth)

    def rebuild(self, members: Iterable[NodeItem]) -> None:
        """Draw the ground anew around the cards of the loop and the wires between them."""
        cards = list(members)
        inside = {id(card) for card in cards}
        path = QPainterPath()
        path.setFillRule(Qt.FillRule.WindingFill)
        for card in cards:
            path.addRoundedRect(card.box().adjusted(-_MARGIN, -_MARGIN, _MARGIN, _MARGIN), _CORNER, _CORNER)
        wires = [wire for card in cards for wire in card.wires() if wire.source.node is card]
        wires = [wire for wire in wires if id(wire.target.node) in inside and not wire.wire.feedback]
        if len(wires) <= _MOST_BANDS:
            stroker = QPainterPathStroker()
            stroker.setWidth(_BAND)
            stroker.setCapStyle(Qt.PenCapStyle.RoundCap)
            stroker.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
            for wire in wires:
                path.addPath(stroker.createStroke(wire.path()))
        self.prepareGeometryChange()
        self._path = path
        self.update()

    def boundingRect(self) -> QRectF:
        """Return the extent of the ground."""
        return self._path.controlPointRect()

    def shape(self) -> QPainterPath:
        """Return nothing: the ground is never hit."""
        return QPainterPath()

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        """Fill the ground."""
        look = theme()
        share = (0.055 if look.dark else 0.05) + 0.03 * min(self.depth, 3)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(mixed(look.category_color("timing"), look.canvas, share))
        painter.drawPath(self._path)
