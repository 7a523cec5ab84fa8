"""A new node has the wires that a hand asked for, and the others keep theirs, or it is refused.

It is put where it has them (`flow.wiring.meaning`); this is the net below that, and looks at the picture.
"""

from __future__ import annotations

from flodesk.flow.catalog import Catalog
from flodesk.flow.graph import Graph, picture
from flodesk.flow.model import Flow
from flodesk.flow.wiring.lines import Lines
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
        elif _reads(flow, graph, node, source) and not any(
            wire.source == tuple(source[:2]) and wire.target[0] == node for wire in graph.wires
        ):
            raise Refused(
                f"There is no place for “{node}” where it gets what “{source[0]}” gives: others give the same name a"
                " value there. Rename one of them in the script."
            )
    if target is None or target[0] not in graph.nodes or graph.nodes[target[0]].kind == "switch":
        return
    if not any(wire.source[0] == node and wire.target[0] == target[0] for wire in graph.wires):
        raise Refused(
            f"“{node}” would not stand before “{target[0]}” reads it: add “{node}” on its own and wire it then."
        )


def hold_others(
    before: Flow, after: Flow, catalog: Catalog, function: str, node: str, source: End | None = None
) -> None:
    """Refuse a flow in which a card reads something else than before, because a node was added.

    What a merge takes is not looked at: it is drawn only where it is read. Nor is the input that the node was added at.

    Raises
    ------
    Refused
        A wire is gone, or begins somewhere else.
    """
    was, now = (picture(flow, catalog.with_flow(flow), function) for flow in (before, after))
    here = {(wire.source, wire.target) for wire in now.wires}
    joined = {name for graph in (was, now) for name, box in graph.nodes.items() if box.kind == "merge"}
    for wire in was.wires:
        if (wire.source, wire.target) in here or wire.target == source or joined & {wire.source[0], wire.target[0]}:
            continue
        raise Refused(
            f"There is no place for “{node}” where “{wire.target[0]}” still gets what it does: others give the same"
            " name a value there. Rename one of them in the script."
        )


def _reads(flow: Flow, graph: Graph, node: str, source: End) -> bool:
    """Say whether the lines of a node read the name of an output; an expression reads what it says."""
    name = next(port.variable for port in graph.nodes[source[0]].outputs if port.name == source[1]).partition(".")[0]
    lines = Lines(flow, graph.function).by_id
    return any(name in lines[statement].reads for statement in graph.nodes[node].statements)


__all__ = ["hold_others", "hold_to_wires"]
