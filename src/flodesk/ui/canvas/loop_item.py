"""The ground of a loop: a tint behind everything that runs once a turn."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPainterPath, QPen
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from flodesk.ui.canvas.loop_label import LoopLabel
from flodesk.ui.canvas.node_item import NodeItem
from flodesk.ui.canvas.painting import mixed
from flodesk.ui.canvas.wire_item import WireItem
from flodesk.ui.theme import theme

_MARGIN, _CORNER, _BAND = 22.0, 26.0, 44.0
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
        changed = QRectF()
        for key in patches.keys() | self._patches.keys():
            old, new = self._patches.get(key), patches.get(key)
            if old != new:
                changed = changed.united(old or QRectF()).united(new or QRectF())
        for key in bands.keys() | self._bands.keys():
            before, after = self._bands.get(key), bands.get(key)
            if before is None or after is None or before != after:
                for path in (before, after):
                    changed = changed.united(_reach(path) if path is not None else QRectF())
        extent = QRectF()
        for patch in patches.values():
            extent = extent.united(patch)
        for band in bands.values():
            extent = extent.united(_reach(band))
        if extent != self._extent:
            self.prepareGeometryChange()
        self._patches, self._bands, self._extent = patches, bands, extent
        head = next((card for card in cards.values() if card.id == self.loop), None)
        self.label.stand(head.box().topLeft() if head is not None else None)
        self.update(changed)

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
        painter.setBrush(Qt.BrushStyle.NoBrush)
        pen = QPen(color, _BAND)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        painter.setPen(pen)
        for band in self._bands.values():
            if _reach(band).intersects(exposed):
                painter.drawPath(band)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(color)
        for patch in self._patches.values():
            if patch.intersects(exposed):
                painter.drawRoundedRect(patch, _CORNER, _CORNER)


def _reach(path: QPainterPath) -> QRectF:
    return path.controlPointRect().adjusted(-_BAND / 2, -_BAND / 2, _BAND / 2, _BAND / 2)
