"""The ground of a loop or of an arm: a tint behind all that stands in it."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from flodesk.ui.canvas.card_paint import FAR
from flodesk.ui.canvas.ground_label import GroundLabel
from flodesk.ui.canvas.node_item import NodeItem
from flodesk.ui.canvas.regions import Margin, Region
from flodesk.ui.canvas.wire_item import WireItem
from flodesk.ui.theme import Theme, theme

_EDGE = 1.5
"""Width of the line around it, where it has one."""
_FAR_EDGE = 5.0
"""From far away, where a thin one would not be seen."""
_MOST_APART = 60
"""Past so many cards the nearest of each is not looked for."""
_MOST_BANDS = 150
"""Past so many wires a band along each costs more than it shows: the cards' own grounds are enough."""


class Ground(QGraphicsItem):
    """A patch under each card and a band under each wire between them.

    The colour is opaque, so that patches may overlap and only those on the screen need painting. What is deeper lies on
    top.

    Attributes
    ----------
    region : Region
        Whose it is.
    depth : how many loops and arms lie around it
    label : the line above one of its cards
    """

    corner: float
    """Of each patch."""

    def __init__(self, region: Region) -> None:
        super().__init__()
        self.region = region
        self.depth = 0
        self._band = 0.0
        self._patches: dict[int, QRectF] = {}
        self._bands: dict[int, QPainterPath] = {}
        self._extent = QRectF()
        self.label = GroundLabel()
        self.setAcceptedMouseButtons(Qt.MouseButton.NoButton)
        self.setAcceptHoverEvents(False)
        self.setFlag(QGraphicsItem.GraphicsItemFlag.ItemUsesExtendedStyleOption)
        self.setZValue(-10)

    def set_depth(self, depth: int) -> None:
        """Say how many loops and arms it stands in."""
        self.depth = depth
        self.setZValue(-10 + 0.25 * depth)

    @abstractmethod
    def head(self, cards: Sequence[NodeItem]) -> NodeItem | None:
        """Return the card that the label stands above."""

    @abstractmethod
    def color(self, look: Theme) -> QColor:
        """Return what it is filled with."""

    @abstractmethod
    def edge(self, look: Theme) -> QColor | None:
        """Return the line around it, if it has one."""

    def rebuild(self, members: Sequence[tuple[NodeItem, Margin]], band: float) -> None:
        """Follow the cards and the wires between them; repaint what is different from before.

        Parameters
        ----------
        members : the cards, and how far the ground reaches past each
        band : how wide it is along wires
        """
        cards = {id(card): card for card, _ in members}
        patches = {
            id(card): card.box().adjusted(-more.side, -more.above, more.side, more.below) for card, more in members
        }
        resized, self._band = band != self._band, band
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
            if resized or before is None or after is None or before != after:
                for path in (before, after):
                    changed = changed.united(self._reach(path) if path is not None else QRectF())
        extent = QRectF()
        for patch in patches.values():
            extent = extent.united(patch)
        extent.adjust(-_EDGE, -_EDGE, _EDGE, _EDGE)
        for path in bands.values():
            extent = extent.united(self._reach(path))
        if extent != self._extent:
            self.prepareGeometryChange()
        self._patches, self._bands, self._extent = patches, bands, extent
        head = self.head([card for card, _ in members])
        if head is None:
            self.label.hide()
        else:
            self.stand(head, next(more for card, more in members if card is head))
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

    def stand(self, head: NodeItem, margin: Margin) -> None:
        """Let the label stand above a card, past which the ground reaches so far."""
        self.label.stand(head.box().topLeft())

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        """Fill the part of the ground that is asked for."""
        look = theme()
        color, edge = self.color(look), self.edge(look)
        exposed: QRectF = option.exposedRect
        if option.levelOfDetailFromTransform(painter.worldTransform()) < FAR:
            for patch in self._patches.values():
                if edge is not None:
                    painter.fillRect(patch, edge)
            for patch in self._patches.values():
                inset = _FAR_EDGE if edge is not None else 0.0
                painter.fillRect(patch.adjusted(inset, inset, -inset, -inset), color)
            return
        if edge is not None:
            self._fill(painter, exposed, edge, _EDGE)
        self._fill(painter, exposed, color, 0.0)

    def _fill(self, painter: QPainter, exposed: QRectF, color: QColor, more: float) -> None:
        """Paint all patches and bands, by so much larger."""
        painter.setBrush(Qt.BrushStyle.NoBrush)
        pen = QPen(color, self._band + 2 * more)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        painter.setPen(pen)
        for band in self._bands.values():
            if self._reach(band).intersects(exposed):
                painter.drawPath(band)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(color)
        corner = self.corner + more
        for patch in self._patches.values():
            if patch.intersects(exposed):
                painter.drawRoundedRect(patch.adjusted(-more, -more, more, more), corner, corner)

    def _reach(self, path: QPainterPath) -> QRectF:
        reach = self._band / 2 + _EDGE
        return path.controlPointRect().adjusted(-reach, -reach, reach, reach)
