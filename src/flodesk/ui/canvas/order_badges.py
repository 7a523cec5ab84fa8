"""The order of the run on the cards: a small pill with a number at each card's corner, of one size at any zoom."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import QGraphicsItem, QGraphicsScene, QStyleOptionGraphicsItem, QWidget

from flodesk.flow.ordering import Turn
from flodesk.ui.canvas.board import Board
from flodesk.ui.canvas.node_item import NodeItem
from flodesk.ui.canvas.painting import fonts, mixed, tint
from flodesk.ui.theme import theme

_HEIGHT, _FAR = 18.0, 0.12
"""Height in screen pixels; the zoom below which numbers would cover the cards."""


class OrderBadge(QGraphicsItem):
    """The pill of one card, above all of them: one that lies on its card does not hide it. No hand can take it."""

    def __init__(self, card: NodeItem, turn: Turn) -> None:
        super().__init__()
        self.card = card
        self.turn = turn
        self._labelled = turn.loop or bool(card.node.arms)  # above a card may stand what loop or arm begins there
        self._box = QRectF()
        self._measure()
        self.setFlag(QGraphicsItem.GraphicsItemFlag.ItemIgnoresTransformations)
        self.setAcceptedMouseButtons(Qt.MouseButton.NoButton)
        self.setZValue(3)
        self.follow()

    def follow(self) -> None:
        """Stand where the card does."""
        self.setPos(self.card.pos())

    @property
    def text(self) -> str:
        """What stands on it."""
        parts = ["↻" if self.turn.loop else "", self.turn.number, "∥" if self.turn.beside else "", self.turn.place]
        return " ".join(part for part in parts if part)

    def show_turn(self, turn: Turn) -> None:
        """Show another turn."""
        if turn != self.turn:
            self.prepareGeometryChange()
            self.turn = turn
            self._measure()
            self.update()

    def _measure(self) -> None:
        width = max(_HEIGHT + 4, fonts().value.width(self.text) + 14)
        left = -width - 3 if self._labelled else -6.0
        self._box = QRectF(left, -_HEIGHT - 3, width, _HEIGHT)

    def boundingRect(self) -> QRectF:
        """Return the pill with its frame."""
        return self._box.adjusted(-1, -1, 1, 1)

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        """Paint it above the card's upper left corner."""
        views = self.scene().views() if self.scene() is not None else []
        if views and views[0].transform().m11() < _FAR:
            return
        look = theme()
        painter.setPen(QPen(tint(look.accent), 1.2))
        painter.setBrush(mixed(look.accent, look.raised, 0.18 if look.dark else 0.12))
        painter.drawRoundedRect(self._box, _HEIGHT / 2, _HEIGHT / 2)
        painter.setFont(fonts().value.font)
        painter.setPen(tint(look.text))
        painter.drawText(self._box, Qt.AlignmentFlag.AlignCenter, self.text)


class OrderBadges:
    """Those of a canvas; there are none while nobody wants to see the order."""

    def __init__(self, scene: QGraphicsScene, board: Board) -> None:
        self._scene = scene
        self._cards = board.cards
        self.items: dict[str, OrderBadge] = {}
        board.followed.append(self._follow)

    def show(self, turns: Mapping[str, Turn]) -> None:
        """Show these and no others."""
        self._drop(key for key in self.items if key not in turns)
        for key, turn in turns.items():
            card = self._cards.get(key)
            if key in self.items:
                self.items[key].show_turn(turn)
            elif card is not None:
                self.items[key] = OrderBadge(card, turn)
                self._scene.addItem(self.items[key])

    def words(self, key: str) -> str:
        """Return when a node runs, in a sentence; empty while that is not shown."""
        badge = self.items.get(key)
        return badge.turn.words if badge is not None else ""

    def _follow(self, moved: Iterable[NodeItem]) -> None:
        if not self.items:
            return
        self._drop(key for key, badge in self.items.items() if self._cards.get(key) is not badge.card)
        for card in moved:
            if card.id in self.items:
                self.items[card.id].follow()

    def _drop(self, keys: Iterable[str]) -> None:
        for key in list(keys):
            self._scene.removeItem(self.items.pop(key))


__all__ = ["OrderBadge", "OrderBadges"]
