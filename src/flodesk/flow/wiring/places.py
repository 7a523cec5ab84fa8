"""Where a node runs, as a hand chooses it."""

from __future__ import annotations

from flodesk.flow.edit import Edit, SetSetting
from flodesk.flow.graph import Graph
from flodesk.flow.place_rules import LOCAL, why_local
from flodesk.flow.wiring.refused import Refused


def set_place(graph: Graph, node: str, place: str) -> Edit:
    """Let a node run in a place.

    Raises
    ------
    Refused
        It cannot run anywhere but here.
    """
    box = graph.nodes.get(node)
    if box is None:
        raise Refused(f"There is no “{node}” here: it was removed or renamed.")
    if place != LOCAL and (why := why_local(box)):
        raise Refused(f"“{node}” cannot run in “{place}”: {why}.")
    line = None if place == LOCAL else place
    return SetSetting("places", graph.function, node, line, f"Run {node} in {place}")
