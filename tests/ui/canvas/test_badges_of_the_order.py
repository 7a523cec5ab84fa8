"""The numbers of the order stand above all cards, and go where their card goes."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication

from flodesk.flow import wiring
from flodesk.flow.ordering import turns
from flodesk.ui.canvas.order_badges import OrderBadge


def look(hand: Any, key: str) -> QImage:
    QApplication.processEvents()
    canvas = hand.canvas
    corner = canvas.viewer.mapFromScene(canvas.board.cards[key].box().topLeft())
    box = canvas.order.items[key].boundingRect().toRect().adjusted(2, 2, -2, -2).translated(corner)
    return canvas.viewport().grab(box).toImage()


def test_a_card_that_lies_on_it_does_not_hide_it(hand: Any) -> None:
    canvas = hand.canvas
    canvas.order.show(turns(canvas.document.flow, canvas.board.graph))
    free = look(hand, "size")
    place = canvas.board.cards["size"].box().topLeft() - QPointF(60, 60)
    canvas.document.do(wiring.move("flow", {"chart": (place.x(), place.y())}))
    canvas.select(["chart"])
    badge = canvas.order.items["size"]
    assert canvas.board.cards["chart"].box().contains(badge.scenePos())
    QApplication.processEvents()
    covered = look(hand, "size")
    middle = QPoint(free.width() // 2, free.height() // 2)
    same = [free.pixel(x, middle.y()) == covered.pixel(x, middle.y()) for x in range(4, free.width() - 4)]
    assert all(same), "the number is hidden"


def test_it_goes_with_its_card_and_where_that_goes(hand: Any) -> None:
    canvas = hand.canvas
    canvas.order.show(turns(canvas.document.flow, canvas.board.graph))
    hand.drag(canvas.node_center("size"), canvas.node_center("size") + QPoint(70, 40))
    badge = canvas.order.items["size"]
    assert badge.pos() == canvas.board.cards["size"].pos()
    canvas.select(["size"])
    hand.key(Qt.Key.Key_Delete)
    assert "size" not in canvas.order.items
    assert canvas.order.words("size") == ""
    left = [item for item in canvas.viewer.scene().items() if isinstance(item, OrderBadge)]
    assert len(left) == len(canvas.order.items) == len(canvas.board.cards)
