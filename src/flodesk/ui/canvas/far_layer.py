"""The flow from far away: cards as blocks of colour and wires as hairlines, each colour of many at once.

2,000 items that paint themselves cost 30 ms a frame before any of them has painted a pixel: far away they have no
contents, for Qt, and two layers paint for all of them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPainterPath, QPen
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from flodesk.ui.canvas.card import HEADER
from flodesk.ui.canvas.card_ground import ground_color
from flodesk.ui.canvas.card_paint import FAR, far_color
from flodesk.ui.canvas.heat_paint import paint_heat
from flodesk.ui.canvas.marks import paint_card_marks
from flodesk.ui.canvas.node_item import NodeItem
from flodesk.ui.canvas.painting import mixed, tint
from flodesk.ui.canvas.portions import Portions
from flodesk.ui.canvas.wire_item import CROWDED_FAR, WireItem
from flodesk.ui.canvas.wire_label import paint_label
from flodesk.ui.theme import theme

_NO_CONTENTS = QGraphicsItem.GraphicsItemFlag.ItemHasNoContents
_NO_BRUSH, _NO_PEN = Qt.BrushStyle.NoBrush, Qt.PenStyle.NoPen
_STRIPE = HEADER * 0.6
_EDGE = 12.0
"""What a state or a mark takes around its card, in scene pixels."""


@dataclass(slots=True)
class Blocks:
    """Some cards: their boxes by colour of the ground and of the state; those that show more than that."""

    boxes: dict[str, list[QRectF]] = field(default_factory=dict)
    stripes: dict[str, list[QRectF]] = field(default_factory=dict)
    frames: dict[str, list[QRectF]] = field(default_factory=dict)
    chosen: list[QRectF] = field(default_factory=list)
    wrong: list[QRectF] = field(default_factory=list)
    odd: list[NodeItem] = field(default_factory=list)
    pale: list[QRectF] = field(default_factory=list)
    """Those that have nothing for the wire on the hand."""
    bounds: QRectF = field(default_factory=QRectF)

    @classmethod
    def of(cls, cards: Collection[NodeItem]) -> Blocks:
        """Put cards together by their colours."""
        look, made = theme(), cls()
        edges = []
        for card in cards:
            at, size, live = card.pos(), card.card, card.told
            x, y, width, height = at.x(), at.y(), size.width, size.height
            box = QRectF(x, y, width, height)
            edges.append((x, y, x + width, y + height))
            if card.pale:
                made.pale.append(box)
                continue
            color = ground_color(card.node, look)
            made.boxes.setdefault(color, []).append(box)
            made.stripes.setdefault(color, []).append(QRectF(x, y, width, _STRIPE))
            selected = card.isSelected()
            if selected:
                made.chosen.append(box)
            if live.wrong:
                made.wrong.append(box)
            state = far_color(look, live, selected)
            if state:
                made.frames.setdefault(state, []).append(box)
            if card.heat is not None or card.held or card.breakpoint is not None:
                made.odd.append(card)
        made.bounds = _around(edges)
        return made


@dataclass(slots=True)
class Lines:
    """Some wires: their curves by colour; those that show more than that."""

    paths: dict[str, QPainterPath] = field(default_factory=dict)
    odd: list[WireItem] = field(default_factory=list)
    bounds: QRectF = field(default_factory=QRectF)

    @classmethod
    def of(cls, wires: Collection[WireItem]) -> Lines:
        """Put wires together by their colours."""
        made = cls()
        for wire in wires:
            if wire.lit or wire.labels:
                made.odd.append(wire)
                made.bounds = made.bounds.united(wire.boundingRect())
                continue
            color = wire.color()
            path = made.paths.get(color)
            if path is None:
                path = made.paths[color] = QPainterPath()
            path.addPath(wire.path())
        for path in made.paths.values():
            made.bounds = made.bounds.united(path.controlPointRect())
        return made


def _around(edges: list[tuple[float, float, float, float]]) -> QRectF:
    if not edges:
        return QRectF()
    lefts, tops, rights, bottoms = zip(*edges, strict=True)
    left, top = min(lefts), min(tops)
    return QRectF(left, top, max(rights) - left, max(bottoms) - top)


class _Layer(QGraphicsItem):
    """Paints for many; it is never hit, and takes the room of what it paints."""

    def __init__(self, z: float) -> None:
        super().__init__()
        self.setZValue(z)
        self.setAcceptedMouseButtons(Qt.MouseButton.NoButton)
        self.setFlag(QGraphicsItem.GraphicsItemFlag.ItemUsesExtendedStyleOption)
        self.setVisible(False)
        self._extent = QRectF()

    def take_room(self, parts: Collection[Blocks] | Collection[Lines]) -> None:
        """Cover all of what there is to paint."""
        extent = QRectF()
        for part in parts:
            extent = extent.united(part.bounds)
        extent = extent.adjusted(-_EDGE, -_EDGE, _EDGE, _EDGE)
        if extent != self._extent:
            self.prepareGeometryChange()
            self._extent = extent

    def boundingRect(self) -> QRectF:
        """Return the room of all that it paints."""
        return self._extent

    def shape(self) -> QPainterPath:
        """Return nothing: what is hit are the items themselves."""
        return QPainterPath()


class _Cards(_Layer):
    """The cards."""

    def __init__(self, portions: Portions[NodeItem, Blocks]) -> None:
        super().__init__(1.0)
        self._portions = portions

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        """Paint bodies, then stripes, then states, then what few cards have."""
        look, exposed = theme(), option.exposedRect.adjusted(-_EDGE, -_EDGE, _EDGE, _EDGE)
        parts = [part for part in self._portions.made() if part.bounds.intersects(exposed)]
        painter.setPen(_NO_PEN)
        painter.setBrush(mixed(look.muted, look.canvas, 0.16))
        for part in parts:
            painter.drawRects(part.pale)
        for part in parts:
            for color, boxes in part.boxes.items():
                painter.setBrush(mixed(color, look.raised, 0.22))
                painter.drawRects(boxes)
        for part in parts:
            for color, boxes in part.stripes.items():
                painter.setBrush(tint(color))
                painter.drawRects(boxes)
        painter.setBrush(_NO_BRUSH)
        for part in parts:
            for color, boxes in part.frames.items():
                painter.setPen(QPen(tint(color), 10))
                painter.drawRects(boxes)
        for part in parts:
            for card in part.odd:
                painter.save()
                painter.translate(card.pos())
                if card.heat is not None:
                    paint_heat(painter, card.card, card.heat, far=True)
                paint_card_marks(painter, card.card, card.breakpoint, card.held, far=True)
                painter.restore()


class _Wires(_Layer):
    """The wires."""

    def __init__(self, portions: Portions[WireItem, Lines]) -> None:
        super().__init__(-1.0)
        self._portions = portions
        self.crowded = False

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        """Paint the wires; of many as lines of a pixel without smooth edges, which take a tenth of the time."""
        exposed = option.exposedRect
        detail = option.levelOfDetailFromTransform(painter.worldTransform())
        parts = [part for part in self._portions.made() if part.bounds.intersects(exposed)]
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, not self.crowded)
        painter.setBrush(_NO_BRUSH)
        for part in parts:
            for color, path in part.paths.items():
                painter.setPen(_hair(color, 0 if self.crowded else 1.2))
                painter.drawPath(path)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        for part in parts:
            for wire in part.odd:
                painter.setBrush(_NO_BRUSH)
                painter.setPen(_hair(wire.color(), 2.4 if wire.lit else 1.2))
                painter.drawPath(wire.path())
                for label in wire.labels or ():
                    paint_label(painter, label, wire.label(), wire.color(), wire.lit, detail)


def _hair(color: str, width: float) -> QPen:
    pen = QPen(tint(color), width)
    pen.setCosmetic(True)
    return pen


class FarLayers:
    """Knows all cards and wires of a scene, and paints for them where the zoom is small.

    Attributes
    ----------
    cards, wires : what there is, in portions
    cards_far : cards are blocks of colour
    wires_far : wires are hairlines
    """

    def __init__(self) -> None:
        self.cards: Portions[NodeItem, Blocks] = Portions(Blocks.of)
        self.wires: Portions[WireItem, Lines] = Portions(Lines.of)
        self.card_layer, self.wire_layer = _Cards(self.cards), _Wires(self.wires)
        self.cards_far = self.wires_far = False
        self._zoom = 1.0

    # -------------------------------------------------------------- what there is
    def add(self, item: NodeItem | WireItem) -> None:
        """Take in a new card or wire; it is seen once all of them have settled."""
        if isinstance(item, NodeItem):
            self.cards.add(item)
            item.setFlag(_NO_CONTENTS, self.cards_far)
        else:
            self.wires.add(item)
            item.setFlag(_NO_CONTENTS, self.wires_far)

    def discard(self, item: NodeItem | WireItem) -> None:
        """Give away a card or a wire that goes."""
        if isinstance(item, NodeItem):
            self._paint_anew(self.card_layer, self.cards.discard(item))
        else:
            self._paint_anew(self.wire_layer, self.wires.discard(item))

    def touch(self, item: QGraphicsItem) -> None:
        """Note that a card or wire looks different, or is elsewhere."""
        if isinstance(item, NodeItem):
            stale = self.cards.touch(item)
            if stale is not None and self.cards_far:
                self._paint_anew(self.card_layer, stale)
        elif isinstance(item, WireItem):
            old = self.wires.touch(item)
            if old is not None and self.wires_far:
                self._paint_anew(self.wire_layer, old)

    def touch_all(self) -> None:
        """Note that all look different: the theme is another."""
        self.cards.touch_all()
        self.wires.touch_all()

    @staticmethod
    def _paint_anew(layer: _Layer, part: Blocks | Lines | None) -> None:
        if part is not None:
            layer.update(part.bounds.adjusted(-_EDGE, -_EDGE, _EDGE, _EDGE))

    # -------------------------------------------------------------- when it is painted
    def settle(self) -> None:
        """Take the room of what has come or moved, and paint it; called after a burst of changes."""
        if self.cards_far:
            self.card_layer.take_room(self.cards.made())
            for blocks in self.cards.changed():
                self._paint_anew(self.card_layer, blocks)
        if self.wires_far:
            self.wire_layer.take_room(self.wires.made())
            for lines in self.wires.changed():
                self._paint_anew(self.wire_layer, lines)

    def follow(self, zoom: float | None = None, *, crowded: bool | None = None) -> None:
        """Follow the zoom and the number of wires: the items paint themselves, or the layers do for them."""
        self._zoom = self._zoom if zoom is None else zoom
        wires = self.wire_layer
        wires.crowded = wires.crowded if crowded is None else crowded
        cards_far = self._zoom < FAR
        wires_far = self._zoom < (CROWDED_FAR if wires.crowded else FAR)
        if (cards_far, wires_far) == (self.cards_far, self.wires_far):
            return
        if cards_far != self.cards_far:
            _hand_over(self.card_layer, self.cards, cards_far)
        if wires_far != self.wires_far:
            _hand_over(wires, self.wires, wires_far)
        self.cards_far, self.wires_far = cards_far, wires_far
        self.settle()


def _hand_over(layer: _Layer, items: Iterable[QGraphicsItem], far: bool) -> None:
    layer.setVisible(far)
    for item in items:
        item.setFlag(_NO_CONTENTS, far)


__all__ = ["Blocks", "FarLayers"]
