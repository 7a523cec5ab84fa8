"""What a wire on the hand could go to: ports that cannot take it fade, and cards that have nothing for it grow pale."""

from __future__ import annotations

from collections.abc import Iterable

from flodesk.flow.types import compatible
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
    """Show which ports and cards could take a wire from a port."""
    fields = start.is_output and start.node.node.kind != "switch"
    for card in cards:
        changed = takes = False
        for port in card.ports.values():
            faded = port is not start and not fits(start, port)
            takes |= not faded
            changed |= faded != port.faded
            port.faded = faded
        out = not takes and card is not start.node and not (fields and fields_for(card.node, start.port.type))
        card.grow_pale(out)
        if changed and not out:
            card.update()


def hide_reach(cards: Iterable[NodeItem]) -> None:
    """Show all as ever: no wire hangs on the hand."""
    for card in cards:
        pale = card.pale
        card.grow_pale(False)
        if any(port.faded for port in card.ports.values()):
            for port in card.ports.values():
                port.faded = False
            if not pale:
                card.update()


__all__ = ["fits", "hide_reach", "show_reach"]
