"""A new node has the wires that a hand asked for, or is refused: names that a loop carries mean one thing above it."""

from __future__ import annotations

from flodesk.flow.catalog import Catalog
from flodesk.flow.graph import picture
from flodesk.flow.model import Flow
from flodesk.flow.wiring.refused import Refused

End = tuple[str, ...]


def hold_to_wires(
    flow: Flow, catalog: Catalog, function: str, node: str, source: End | None = None, target: End | None = None
) -> None:
    """Refuse a flow in which a node that was just added does not read an output, or does not feed a node, as asked.

    Ends that are no wire's (the arms of a switch) are not looked at, nor are nodes that run in another function.

    Parameters
    ----------
    source : (node, port), optional
        What it was added at: an output, or an input that it is to feed.

    Raises
    ------
    Refused
        The new node has another wire, or none.
    """
    graph = picture(flow, catalog.with_flow(flow), function)
    if node not in graph.nodes:
        return
    giver = graph.nodes.get(source[0]) if source is not None else None
    if source is not None and giver is not None and giver.kind != "switch":
        if not any(port.name == source[1] for port in giver.outputs):
            target = source
        elif not any(wire.source == tuple(source[:2]) and wire.target[0] == node for wire in graph.wires):
            raise Refused(
                f"“{node}” would not get the value that “{source[0]}” gives here, but the one from before its loop: "
                f"add “{node}” on its own and wire it then."
            )
    if target is None or target[0] not in graph.nodes or graph.nodes[target[0]].kind == "switch":
        return
    if not any(wire.source[0] == node and wire.target[0] == target[0] for wire in graph.wires):
        raise Refused(
            f"“{node}” would not stand before “{target[0]}” reads it: add “{node}” on its own and wire it then."
        )


__all__ = ["hold_to_wires"]
