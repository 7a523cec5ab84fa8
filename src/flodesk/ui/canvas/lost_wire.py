"""A wire whose beginning is lost: a label with the name that nothing gives, and a broken piece of wire to its port."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPainterPath, QPen
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget
from shiboken6 import isValid

from flodesk.flow.graph import Lost
from flodesk.ui.canvas.node_item import NodeItem
from flodesk.ui.canvas.painting import fonts, tint
from flodesk.ui.canvas.port_item import PortItem
from flodesk.ui.canvas.telling import take_out
from flodesk.ui.canvas.wire_label import paint_label
from flodesk.ui.theme import theme

_STUB, _HEIGHT, _WIDEST, _SIGN = 26.0, 18.0, 150.0, 8.0
_FAR = 0.25
"""Below this zoom it is a red line alone."""


class LostWire(QGraphicsItem):
    """Hangs on its port, whose middle is its (0, 0). A hand can select it, take it off, or pull it to an output."""

    def __init__(self, lost: Lost, port: PortItem) -> None:
        super().__init__()
        self.lost = lost
        width = min(_WIDEST, fonts().label.width(lost.name) + 24)
        self._box = QRectF(-_STUB - width, -_HEIGHT / 2, width, _HEIGHT)
        self.setFlag(QGraphicsItem.GraphicsItemFlag.ItemIsSelectable)
        self.setCursor(Qt.CursorShape.ArrowCursor)
        self.setParentItem(port)  # last: the scene asks for its room at once

    @property
    def port(self) -> PortItem:
        """The port that it hangs on; no reference is kept, which would outlive the card."""
        found = self.parentItem()
        assert isinstance(found, PortItem)
        return found

    def label_middle(self) -> QPointF:
        """Return the middle of the label, in the scene."""
        return self.mapToScene(self._box.center())

    def boundingRect(self) -> QRectF:
        """Return label and wire, with the sign at the label's end."""
        return self._box.united(QRectF(-_STUB, -6, _STUB, 12)).adjusted(-_SIGN - 4, -_SIGN, 2, _SIGN)

    def shape(self) -> QPainterPath:
        """Return the label and a band around the wire, as far as the port's own reach."""
        path = QPainterPath()
        path.addRect(self._box.adjusted(-_SIGN, 0, 0, 0))
        path.addRect(QRectF(-_STUB, -6, _STUB - 12, 12))
        return path

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        """Paint a dashed red piece, the label, and a sign that is no colour."""
        look = theme()
        detail = option.levelOfDetailFromTransform(painter.worldTransform())
        pen = QPen(tint(look.error), 3.0 if self.isSelected() else 2.0)
        if detail < _FAR:
            pen.setWidthF(1.2)
            pen.setCosmetic(True)
        else:
            pen.setStyle(Qt.PenStyle.CustomDashLine)
            pen.setDashPattern([2.4, 2.6])
        painter.setPen(pen)
        painter.drawLine(QPointF(self._box.right(), 0), QPointF(-6, 0))
        if detail < _FAR:
            return
        paint_label(painter, self._box, self.lost.name, look.error, self.isSelected(), detail)
        at = QPointF(self._box.left(), 0)
        painter.setPen(QPen(tint(look.raised), 1.5))
        painter.setBrush(tint(look.error))
        painter.drawEllipse(at, _SIGN, _SIGN)
        painter.setFont(fonts().title.font)
        painter.setPen(tint(look.raised))
        painter.drawText(QRectF(at.x() - _SIGN, -8.5, 16, 16), Qt.AlignmentFlag.AlignCenter, "!")


class LostWires:
    """Those of a canvas, by their port."""

    def __init__(self, cards: Mapping[str, NodeItem]) -> None:
        self._cards = cards
        self.items: dict[tuple[str, str], LostWire] = {}

    def show(self, found: Iterable[Lost]) -> None:
        """Show these and no others; what has not changed keeps its item, and stays selected."""
        wanted = {lost.target: lost for lost in found}
        for target, item in list(self.items.items()):
            lost = wanted.get(target)
            port = self._port(target)
            if not isValid(item) or lost != item.lost or item.parentItem() is not port or item.scene() is None:
                del self.items[target]
                if isValid(item):  # else it went with its port
                    take_out(item)
        for target, lost in wanted.items():
            port = self._port(target)
            if target not in self.items and port is not None:
                self.items[target] = LostWire(lost, port)

    def extent(self) -> QRectF:
        """Return the room that they take on the scene."""
        area = QRectF()
        for item in self.items.values():
            if isValid(item):
                area = area.united(item.sceneBoundingRect())
        return area

    def _port(self, target: tuple[str, str]) -> PortItem | None:
        card = self._cards.get(target[0])
        return card.ports.get(("in", target[1])) if card is not None else None


__all__ = ["LostWire", "LostWires"]
