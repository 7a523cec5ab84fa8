"""A node between two ports: it takes what the one gives, and gives its own result to the other."""

from __future__ import annotations

from collections.abc import Sequence

from flodesk.flow.catalog import Catalog
from flodesk.flow.converters import Converter
from flodesk.flow.edit import Edit
from flodesk.flow.graph import Graph, picture
from flodesk.flow.model import Flow
from flodesk.flow.types import PortType, compatible
from flodesk.flow.wiring.add import Place
from flodesk.flow.wiring.ahead import put_ahead
from flodesk.flow.wiring.connect import End, connect
from flodesk.flow.wiring.own_python import add_new_node as add_node
from flodesk.flow.wiring.refused import Refused
from flodesk.flow.wiring.step import Steps


def insert_between(
    flow: Flow, catalog: Catalog, function: str, path: str, place: Place | None, source: End, target: End
) -> tuple[Edit, str]:
    """Add a node of a type that reads an output and feeds an input, whether a wire runs between the two or not.

    Parameters
    ----------
    place : tuple or None
        Upper left corner of its box; None lets the canvas find one.

    Returns
    -------
    edit, node
        One step, and the id of the new box.

    Raises
    ------
    Refused
        The type does not take the one, or gives nothing that the other takes.
    """
    steps = Steps(flow)
    edit, node = add_node(flow, catalog, function, path, place, source)
    steps.do(edit)
    catalog = catalog.with_flow(steps.flow)  # it may have come with a type of its own
    steps.do(feed(steps.flow, picture(steps.flow, catalog, function), node, target))
    return steps.edit(f"Add {node}"), node


def insert_chain(
    flow: Flow,
    catalog: Catalog,
    function: str,
    chain: Sequence[Converter],
    places: Sequence[Place],
    source: End,
    target: End,
) -> tuple[Edit, tuple[str, ...]]:
    """Add nodes one behind the other between an output and an input.

    Raises
    ------
    Refused
        One of them does not take what the one before it gives.
    """
    steps = Steps(flow)
    nodes: list[str] = []
    for made, place in zip(chain[:-1], places, strict=False):
        edit, node = add_node(steps.flow, catalog, function, made.spec.path, place, source)
        steps.do(edit)
        put_ahead(steps, picture(steps.flow, catalog, function), node, target[0])
        nodes.append(node)
        source = node, made.output
    edit, node = insert_between(steps.flow, catalog, function, chain[-1].spec.path, places[-1], source, target)
    steps.do(edit)
    return steps.edit(f"Add {' and '.join((*nodes, node))}"), (*nodes, node)


def feed(flow: Flow, graph: Graph, node: str, target: End) -> Edit:
    """Wire the first output of a node that fits to an input.

    Raises
    ------
    Refused
        It gives nothing that fits.
    """
    wanted: PortType = next((p.type for p in graph.nodes[target[0]].inputs if p.name == target[1]), "any")
    if node not in graph.nodes:  # what makes a loop may start a function of its own
        raise Refused(
            f"{node} would run beside this function, not in it: add it on its own, and let its values come to "
            f"{target[0]} through a queue."
        )
    outputs = graph.nodes[node].outputs
    port = next((p for p in outputs if compatible(p.type, wanted)), next(iter(outputs), None))
    if port is None:
        raise Refused(f"{node} gives nothing that {target[0]} could take.")
    steps = Steps(flow)
    put_ahead(steps, graph, node, target[0])
    steps.do(connect(steps.flow, graph, (node, port.name), target))
    return steps.edit(f"Connect {node}")
