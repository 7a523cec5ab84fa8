"""What a wire on the hand could go to: ports that cannot take it fade, and cards that have nothing for it grow pale."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QGraphicsItem
from shiboken6 import isValid

from flodesk.flow.types import PortType, compatible
from flodesk.ui.canvas.field_ends import fields_for
from flodesk.ui.canvas.node_item import NodeItem
from flodesk.ui.canvas.port_item import PortItem


def fits(start: PortItem, port: PortItem) -> bool:
    """Return whether two ports could be wired, by their sides, cards and types."""
    if port.is_output == start.is_output or port.node is start.node:
        return False
    source, target = (start, port) if start.is_output else (port, start)
    if source.node.node.kind == "switch":
        return True  # such a wire says where a card runs, and carries no value
    return compatible(source.port.type, target.port.type)


def show_reach(cards: Iterable[NodeItem], start: PortItem) -> None:
    """Show which ports and cards could take a wire from a port: `fits` for all of them, in a fifth of the time."""
    home, output, kind = start.node, start.is_output, start.port.type
    fields = output and home.node.kind != "switch"
    suits: dict[PortType, bool] = {}
    for card in cards:
        free = (home if output else card).node.kind == "switch"
        changed = takes = False
        for (side, _), port in card.ports.items():
            other = port.port.type
            if other not in suits:
                suits[other] = compatible(kind, other) if output else compatible(other, kind)
            fit = card is not home and (side == "in") is output and (free or suits[other])
            faded = not fit and port is not start
            takes |= not faded
            if faded is not port.faded:
                port.faded, changed = faded, True
        out = not takes and card is not home and not (fields and fields_for(card.node, kind))
        card.grow_pale(out)
        if changed and not out:
            QGraphicsItem.update(card)  # which no one else paints: from far away ports are not seen


def hide_reach(cards: Iterable[NodeItem]) -> None:
    """Show all as ever: no wire hangs on the hand."""
    for card in cards:
        pale = card.pale
        card.grow_pale(False)
        if any(port.faded for port in card.ports.values()):
            for port in card.ports.values():
                port.faded = False
            if not pale or card.painted_faded:  # while it was pale it may have been painted for another reason
                QGraphicsItem.update(card)


class Reach:
    """Shows it for the wire on the hand: at once around what is seen, elsewhere once the wire has been painted.

    Parameters
    ----------
    seen, every : callable
        Give the cards near what is seen, and all.
    """

    def __init__(self, seen: Callable[[], Iterable[NodeItem]], every: Callable[[], Iterable[NodeItem]]) -> None:
        self._seen, self._every = seen, every
        self._start: PortItem | None = None
        self._shown: list[NodeItem] = []
        self._left: list[NodeItem] = []
        self._further = QTimer(interval=0)
        self._further.timeout.connect(self._go_on)

    def show(self, start: PortItem) -> None:
        """Show what a wire from a port could go to."""
        self.hide()
        self._start = start
        seen = dict.fromkeys(self._seen())
        self._left = [card for card in self._every() if card not in seen]
        self._show_on(list(seen))
        if self._left:
            self._further.start()

    def _show_on(self, cards: Sequence[NodeItem]) -> None:
        if self._start is not None:
            self._shown += cards
            show_reach(cards, self._start)

    def _go_on(self) -> None:
        some, self._left = self._left[:_AT_ONCE], self._left[_AT_ONCE:]
        self._show_on([card for card in some if isValid(card) and card.scene() is not None])
        if not self._left:
            self._further.stop()

    def hide(self) -> None:
        """Show all as ever."""
        self._further.stop()
        hide_reach(card for card in self._shown if isValid(card))
        self._start, self._shown, self._left = None, [], []


_AT_ONCE = 256
"""Cards that are looked at without a break: less than a millisecond."""

__all__ = ["Reach", "fits", "hide_reach", "show_reach"]
