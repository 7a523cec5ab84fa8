"""Which fields a card shows, as a hand chooses it."""

from __future__ import annotations

from flodesk.flow.edit import Edit, SetDrawn
from flodesk.flow.graph import Graph
from flodesk.flow.wiring.refused import Refused


def set_pin(graph: Graph, node: str, field: str, on: bool) -> Edit:
    """Let the card of a node always show a field, or only if the script sets it.

    Raises
    ------
    Refused
        There is no such node or field.
    """
    box = graph.nodes.get(node)
    if box is None or (on and not any(part.name == field for part in box.fields)):
        raise Refused(f"“{node}” has no field “{field}”.")
    pins = [pin for pin in box.pins if pin != field] + ([field] if on else [])
    return SetDrawn("pins", graph.function, node, pins or None, f"{'Pin' if on else 'Unpin'} {field} of {node}")
