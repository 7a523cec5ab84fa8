"""The ground of a loop: a tint behind everything that runs once a turn."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from flodesk.ui.canvas.loop_label import LoopLabel
from flodesk.ui.canvas.node_item import NodeItem
from flodesk.ui.canvas.painting import mixed
from flodesk.ui.canvas.wire_item import WireItem
from flodesk.ui.theme import theme

_MARGIN, _CORNER, _BAND = 22.0, 26.0, 44.0
_EDGE, _EDGE_SHARE = 1.5, 0.3
"""Of the line around a loop in a loop: scene pixels, and how strong."""
_MOST_APART = 60
"""Past so many cards the nearest of each is not looked for."""
_MOST_BANDS = 150
"""Past so many wires a band along each costs more than it shows: the cards' own grounds are enough."""


class LoopItem(QGraphicsItem):
    """The tint of one loop: a patch under each card and a band under each wire between them.

    The colour is opaque, so that patches may overlap and only those on the screen need painting. Deeper loops are a
    shade stronger and lie on top.
    """

    def __init__(self, loop: str) -> None:
        super().__init__()
        self.loop = loop
        self.depth = 0
        self._patches: dict[int, QRectF] = {}
        self._bands: dict[int, QPainterPath] = {}
        self._extent = QRectF()
        self.label = LoopLabel()
        self.setAcceptedMouseButtons(Qt.MouseButton.NoButton)
        self.setAcceptHoverEvents(False)
        self.setFlag(QGraphicsItem.GraphicsItemFlag.ItemUsesExtendedStyleOption)
        self.setZValue(-10)

    def set_depth(self, depth: int) -> None:
        """Say how many loops it stands in."""
        self.depth = depth
        self.setZValue(-10 + depth)

    def rebuild(self, members: Iterable[NodeItem]) -> None:
        """Follow the cards of the loop and the wires between them; repaint what is different from before."""
        cards = {id(card): card for card in members}
        patches = {key: card.box().adjusted(-_MARGIN, -_MARGIN, _MARGIN, _MARGIN) for key, card in cards.items()}
        inner = [
            wire
            for card in cards.values()
            for wire in card.wires()
            if isinstance(wire, WireItem) and wire.source.node is card and id(wire.target.node) in cards
        ]
        bands = {id(wire): wire.path() for wire in inner if not wire.wire.feedback} if len(inner) <= _MOST_BANDS else {}
        if bands or len(cards) <= _MOST_APART:
            joined = [(wire.source.node, wire.target.node) for wire in inner if not wire.wire.feedback]
            bands |= self._links(list(cards.values()), joined)
        changed = QRectF()
        for key in patches.keys() | self._patches.keys():
            old, new = self._patches.get(key), patches.get(key)
            if old != new:
                for patch in (old, new):
                    changed = changed.united(patch.adjusted(-_EDGE, -_EDGE, _EDGE, _EDGE) if patch else QRectF())
        for key in bands.keys() | self._bands.keys():
            before, after = self._bands.get(key), bands.get(key)
            if before is None or after is None or before != after:
                for path in (before, after):
                    changed = changed.united(_reach(path) if path is not None else QRectF())
        extent = QRectF()
        for patch in patches.values():
            extent = extent.united(patch.adjusted(-_EDGE, -_EDGE, _EDGE, _EDGE))
        for band in bands.values():
            extent = extent.united(_reach(band))
        if extent != self._extent:
            self.prepareGeometryChange()
        self._patches, self._bands, self._extent = patches, bands, extent
        head = next((card for card in cards.values() if card.id == self.loop), None)
        self.label.stand(head.box().topLeft() if head is not None else None)
        self.update(changed)

    def _links(self, cards: list[NodeItem], joined: Sequence[tuple[NodeItem, NodeItem]]) -> dict[int, QPainterPath]:
        """Return the bands that hold the ground together where no wire does, each from one card to the nearest."""
        if not 1 < len(cards) <= _MOST_APART:
            return {}
        group = {id(card): {id(card)} for card in cards}

        def join(one: NodeItem, other: NodeItem) -> None:
            both = group[id(one)] | group[id(other)]
            group.update(dict.fromkeys(both, both))

        for one, other in joined:
            if group[id(one)] is not group[id(other)]:
                join(one, other)
        found: dict[int, QPainterPath] = {}
        middles = {id(card): card.box().center() for card in cards}
        while len(group[id(cards[0])]) < len(cards):
            here = [card for card in cards if id(card) in group[id(cards[0])]]
            away = [card for card in cards if id(card) not in group[id(cards[0])]]
            one, other = min(
                ((a, b) for a in here for b in away),
                key=lambda pair: (middles[id(pair[0])] - middles[id(pair[1])]).manhattanLength(),
            )
            join(one, other)
            path = QPainterPath(middles[id(one)])
            path.lineTo(middles[id(other)])
            found[-id(other)] = path
        return found

    def boundingRect(self) -> QRectF:
        """Return the extent of the ground."""
        return self._extent

    def shape(self) -> QPainterPath:
        """Return nothing: the ground is never hit."""
        return QPainterPath()

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        """Fill the part of the ground that is asked for."""
        look = theme()
        share = (0.055 if look.dark else 0.05) + 0.03 * min(self.depth, 3)
        color = mixed(look.category_color("timing"), look.canvas, share)
        exposed: QRectF = option.exposedRect
        if option.levelOfDetailFromTransform(painter.worldTransform()) < 0.25:
            for patch in self._patches.values():
                painter.fillRect(patch, color)
            return
        if self.depth:  # a line around it tells it from the loop that it stands in
            edge = mixed(look.category_color("timing"), look.canvas, _EDGE_SHARE)
            self._fill(painter, exposed, edge, _EDGE)
        self._fill(painter, exposed, color, 0.0)

    def _fill(self, painter: QPainter, exposed: QRectF, color: QColor, more: float) -> None:
        """Paint all patches and bands, by so much larger."""
        painter.setBrush(Qt.BrushStyle.NoBrush)
        pen = QPen(color, _BAND + 2 * more)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        painter.setPen(pen)
        for band in self._bands.values():
            if _reach(band).intersects(exposed):
                painter.drawPath(band)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(color)
        for patch in self._patches.values():
            if patch.intersects(exposed):
                painter.drawRoundedRect(patch.adjusted(-more, -more, more, more), _CORNER + more, _CORNER + more)


def _reach(path: QPainterPath) -> QRectF:
    reach = _BAND / 2 + _EDGE
    return path.controlPointRect().adjusted(-reach, -reach, reach, reach)
