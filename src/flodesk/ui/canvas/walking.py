"""Walking with the keyboard: the next card in reading order, the nearest one in a direction."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QPointF

from flodesk.ui.canvas.dragging import Movable


def in_reading_order(cards: Iterable[Movable]) -> list[Movable]:
    """Return the cards by columns, left to right, and in a column from top to bottom."""
    return sorted(cards, key=lambda card: (round(card.x() / 120), card.y(), card.x()))


def following(cards: Iterable[Movable], now: Movable | None, step: int) -> Movable | None:
    """Return the card `step` places after `now`, around the end; the first one if there is none now."""
    order = in_reading_order(cards)
    if not order:
        return None
    if now is None or now not in order:
        return order[0 if step > 0 else -1]
    return order[(order.index(now) + step) % len(order)]


def nearest(cards: Iterable[Movable], origin: QPointF, direction: QPointF) -> Movable | None:
    """Return the nearest card from a point in a direction; what lies aside counts as three times as far."""
    best: tuple[float, Movable] | None = None
    for card in cards:
        way = card.box().center() - origin
        ahead = way.x() * direction.x() + way.y() * direction.y()
        aside = abs(way.x() * direction.y()) + abs(way.y() * direction.x())
        if ahead < 1:
            continue
        cost = ahead + 3 * aside
        if best is None or cost < best[0]:
            best = (cost, card)
    return best[1] if best else None
