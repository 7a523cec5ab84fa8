"""What is shown of differences on the scene: marks on cards, ghosts of cards and wires that are gone, new wires."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QPainterPath, QPen
from PySide6.QtWidgets import QGraphicsItem, QGraphicsPathItem, QStyleOptionGraphicsItem, QWidget

from flodesk.flow.diff.overlay import Mark
from flodesk.flow.graph import Node
from flodesk.ui.canvas.card import HEADER, chip_box, measure
from flodesk.ui.canvas.card_ground import RADIUS
from flodesk.ui.canvas.card_paint import FAR, MIDDLE
from flodesk.ui.canvas.difference_paint import (
    BADGE,
    TAG,
    color_of,
    paint_badge,
    paint_field,
    paint_frame,
    paint_tags,
    shown_tags,
    tag_room,
)
from flodesk.ui.canvas.node_item import NodeItem
from flodesk.ui.canvas.painting import curve, fonts, tint
from flodesk.ui.canvas.wire_item import WireItem
from flodesk.ui.theme import theme

_NONE = Qt.BrushStyle.NoBrush
_LEFT = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
_NEAR = 0.4
"""Below this zoom no small print is shown."""
_REACH = 3.2 * BADGE
"""How far a sign reaches out of what it stands at."""
_LARGEST = 2.0
"""How much the words below a card grow at most as it gets smaller."""
_STEP = 12.0
"""Scene pixels from which on a card has visibly moved."""


def _badge_scale(detail: float) -> float:
    """Let a sign stay large enough to be read from far."""
    return max(1.0, min(3.2, 0.8 / detail))


def _still(item: QGraphicsItem) -> None:
    """Let the hand reach through an item to what is below it."""
    item.setAcceptedMouseButtons(Qt.MouseButton.NoButton)
    item.setAcceptHoverEvents(False)


class MarkItem(QGraphicsItem):
    """The frame, the sign and the words at a card.

    It is no child of the card: a card that goes would take it along, and who still knows it would know nothing of that.
    """

    def __init__(self, card: NodeItem, mark: Mark) -> None:
        super().__init__()
        self.card = card
        self.mark = mark
        self._bounds = QRectF()
        self.setZValue(2.5)
        _still(self)
        self.follow()

    def follow(self) -> None:
        """Take the card's place and size."""
        self.prepareGeometryChange()
        card = self.card.card
        words = (TAG + 3) * len(shown_tags(self.mark.tags)) * _LARGEST + 10
        self._bounds = QRectF(-32, -32, max(card.width, tag_room(card.width) * _LARGEST) + 64, card.height + 64 + words)
        self.setPos(self.card.pos())

    def boundingRect(self) -> QRectF:
        """Return the frame with its sign and the words below it: as Qt was told, whatever the card is by now.

        Qt looks an item up by its rectangle: one that changes unsaid leaves a pointer to nothing behind.
        """
        return self._bounds

    def shape(self) -> QPainterPath:
        """Return nothing: it is never hit."""
        return QPainterPath()

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        """Paint as much as the zoom allows."""
        detail = option.levelOfDetailFromTransform(painter.worldTransform())
        card = self.card.card
        paint_frame(painter, card.width, card.height, self.mark.sign, detail < FAR)
        if detail > MIDDLE:
            for chip in card.chips:
                if chip.label in self.mark.fields:
                    paint_field(painter, chip_box(card, chip))
        if detail > _NEAR:
            scale = max(1.0, min(_LARGEST, 0.9 / detail))
            paint_tags(painter, self.mark.tags, self.mark.sign, QPointF(0, card.height + 10), card.width, scale)
        paint_badge(painter, QPointF(-3, -3), self.mark.sign, _badge_scale(detail))


class GhostItem(QGraphicsItem):
    """A card that is gone, where it stood."""

    def __init__(self, node: Node, place: QPointF) -> None:
        super().__init__()
        self.node = node
        self.card = measure(node)
        self.setPos(place)
        self.setZValue(-0.5)
        _still(self)

    def box(self) -> QRectF:
        """Return the card's rectangle in the scene."""
        return QRectF(self.x(), self.y(), self.card.width, self.card.height)

    def end(self, port: str, *, output: bool) -> QPointF:
        """Return where a wire ended, in the scene."""
        rows = self.card.outputs if output else self.card.inputs
        y = next((row.y for row in rows if row.port.name == port), HEADER / 2)
        return self.pos() + QPointF(self.card.width if output else 0.0, y)

    def boundingRect(self) -> QRectF:
        """Return the card with its sign."""
        return QRectF(-34, -34, self.card.width + 68, self.card.height + 68)

    def shape(self) -> QPainterPath:
        """Return nothing: it is never hit."""
        return QPainterPath()

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        """Paint an outline with the name struck out."""
        look = theme()
        detail = option.levelOfDetailFromTransform(painter.worldTransform())
        box = QRectF(0, 0, self.card.width, self.card.height)
        painter.setPen(QPen(tint(look.error), 5.0 if detail < FAR else 1.6, Qt.PenStyle.DashLine))
        painter.setBrush(tint(look.error, 0.07))
        painter.drawRoundedRect(box, RADIUS, RADIUS)
        if detail > FAR:
            self._name(painter, small=detail > MIDDLE)
        paint_badge(painter, QPointF(-3, -3), "-", _badge_scale(detail))

    def _name(self, painter: QPainter, *, small: bool) -> None:
        """Paint the name, struck out; large from some way off, with what it was near by."""
        look, kinds = theme(), fonts()
        room = self.card.width - 30
        font = QFont(kinds.title.font)
        font.setPixelSize(kinds.title.font.pixelSize() if small else 19)
        measure_of = QFontMetricsF(font)
        title = measure_of.elidedText(self.card.title, Qt.TextElideMode.ElideRight, room)
        row = QRectF(18, 4, room, 19) if small else QRectF(18, 0, room, HEADER)
        painter.setFont(font)
        painter.setPen(tint(look.text))
        painter.drawText(row, _LEFT, title)
        painter.setPen(QPen(tint(look.error), 1.4 if small else 2.4))
        end = row.left() + measure_of.horizontalAdvance(title) + 2
        painter.drawLine(QPointF(row.left() - 2, row.center().y() + 1), QPointF(end, row.center().y() + 1))
        if small:
            painter.setFont(kinds.kind.font)
            painter.setPen(tint(look.muted))
            painter.drawText(QRectF(18, 20.5, room, 15), _LEFT, kinds.kind.elided(self.card.subtitle, room))


class OldPlaceItem(QGraphicsItem):
    """Where a card stood that was moved, and a line from there to where it is now."""

    def __init__(self, card: NodeItem, place: QPointF) -> None:
        super().__init__()
        self.card = card
        self.place = place
        self._bounds = QRectF()
        self.setZValue(-0.6)
        _still(self)
        self.follow()

    def follow(self) -> None:
        """Draw the line anew: the card has moved."""
        self.prepareGeometryChange()
        self._bounds = self._old().united(self.card.box()).adjusted(-8, -8, 8, 8)
        self.update()

    def _old(self) -> QRectF:
        return QRectF(self.place.x(), self.place.y(), self.card.card.width, self.card.card.height)

    def boundingRect(self) -> QRectF:
        """Return both places, as Qt was told."""
        return self._bounds

    def shape(self) -> QPainterPath:
        """Return nothing: it is never hit."""
        return QPainterPath()

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        """Paint a faint outline and the line."""
        old, new = self._old(), self.card.box()
        if (old.center() - new.center()).manhattanLength() < _STEP:
            return
        look = theme()
        far = option.levelOfDetailFromTransform(painter.worldTransform()) < FAR
        painter.setBrush(tint(look.accent, 0.04))
        painter.setPen(QPen(tint(look.accent, 0.55), 4.0 if far else 1.2, Qt.PenStyle.DotLine))
        painter.drawRoundedRect(old, RADIUS, RADIUS)
        painter.drawLine(old.center(), new.center())
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(tint(look.accent, 0.55))
        painter.drawEllipse(old.center(), 3.0, 3.0)


class GhostWire(QGraphicsPathItem):
    """A wire that is gone, between what its ends are now."""

    def __init__(self, source: Callable[[], QPointF | None], target: Callable[[], QPointF | None]) -> None:
        super().__init__()
        self._source, self._target = source, target
        self.setZValue(-0.8)
        _still(self)
        self.follow()

    def follow(self) -> None:
        """Draw the curve anew: an end has moved."""
        source, target = self._source(), self._target()
        if source is not None and target is not None:
            self.setPath(curve(source, target))

    def shape(self) -> QPainterPath:
        """Return nothing: it is never hit."""
        return QPainterPath()

    def boundingRect(self) -> QRectF:
        """Return the curve with its sign."""
        return self.path().controlPointRect().adjusted(-_REACH, -_REACH, _REACH, _REACH)

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        """Paint it dashed, with a minus in the middle."""
        _paint_wire(painter, option, self.path(), "-")


class NewWire(QGraphicsPathItem):
    """What shows that a wire is new; it lies along the wire."""

    def __init__(self, wire: WireItem) -> None:
        super().__init__()
        self.wire = wire
        self.setZValue(-0.9)
        _still(self)
        self.follow()

    def follow(self) -> None:
        """Lie along the wire again."""
        self.setPath(self.wire.path())

    def shape(self) -> QPainterPath:
        """Return nothing: the hand means the wire."""
        return QPainterPath()

    def boundingRect(self) -> QRectF:
        """Return the curve with its sign."""
        return self.path().controlPointRect().adjusted(-_REACH, -_REACH, _REACH, _REACH)

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        """Paint a glow, with a plus in the middle."""
        _paint_wire(painter, option, self.path(), "+")


def _paint_wire(painter: QPainter, option: QStyleOptionGraphicsItem, path: QPainterPath, sign: str) -> None:
    color = color_of(sign, theme())
    detail = option.levelOfDetailFromTransform(painter.worldTransform())
    if sign == "+":
        pen = QPen(tint(color, 0.4), 9.0)
    else:
        pen = QPen(tint(color), max(1.8, 1.2 / detail))
        pen.setStyle(Qt.PenStyle.CustomDashLine)
        pen.setDashPattern([4.0, 3.4])
    pen.setCapStyle(Qt.PenCapStyle.FlatCap)
    painter.setBrush(_NONE)
    painter.setPen(pen)
    painter.drawPath(path)
    if detail > FAR:
        paint_badge(painter, path.pointAtPercent(0.5), sign, 0.72 * _badge_scale(detail))
