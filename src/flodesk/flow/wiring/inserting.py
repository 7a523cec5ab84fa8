"""A node between two ports: it takes what the one gives, and gives its own result to the other."""

from __future__ import annotations

from collections.abc import Sequence

from flodesk.flow.catalog import Catalog
from flodesk.flow.converters import Converter
from flodesk.flow.edit import Edit
from flodesk.flow.graph import Graph, picture
from flodesk.flow.model import Flow
from flodesk.flow.wiring.add import Place
from flodesk.flow.wiring.ahead import put_ahead
from flodesk.flow.wiring.asked_for import hold_to_wires
from flodesk.flow.wiring.connect import End
from flodesk.flow.wiring.feeding import feed_new
from flodesk.flow.wiring.in_step import hold_in_step, hold_still
from flodesk.flow.wiring.lines import Lines
from flodesk.flow.wiring.meaning import Spot
from flodesk.flow.wiring.new_node import add_new_node as add_node
from flodesk.flow.wiring.new_node import first_done
from flodesk.flow.wiring.own_if import is_own_if
from flodesk.flow.wiring.own_line import with_line_of_its_own
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
    if is_own_if(path):
        raise Refused("An if gives no value that could go on: it begins at a wire, and nodes are wired to its arms.")
    graph = picture(flow, catalog.with_flow(flow), function)
    there = any(wire.source == tuple(source) and wire.target == tuple(target) for wire in graph.wires)
    if there and (own := with_line_of_its_own(flow, catalog, graph, target)) is not None:
        steps, source, target = own
        edit, node = insert_between(steps.flow, catalog, function, path, place, source, target)
        steps.do(edit)
        return steps.edit(f"Add {node}"), node

    def made(at: Spot | None) -> tuple[Edit, str]:
        steps = Steps(flow)
        edit, node = add_node(flow, catalog, function, path, place, source, at)
        steps.do(edit)
        known = catalog.with_flow(steps.flow)  # it may have come with a type of its own
        feed_new(steps, known, function, node, target)
        hold_to_wires(steps.flow, known, function, node, source, target)
        if there:
            hold_still(flow, steps.flow, function, node)
            _hold_in_step(steps.flow, known, graph, node, source, target)
        return steps.edit(f"Add {node}"), node

    return first_done(made, [None, *(_before(flow, graph, target) if there else [])])


def _before(flow: Flow, graph: Graph, target: End) -> list[Spot]:
    """Return the place right before the line that an input belongs to: it gets the value that is asked for there."""
    port = next((port for port in graph.nodes[target[0]].inputs if port.name == target[1]), None)
    line = Lines(flow, graph.function).by_id.get(port.statement) if port is not None else None
    return [Spot(line.region, line.index, stays=True)] if line is not None else []


def _hold_in_step(after: Flow, catalog: Catalog, graph: Graph, node: str, source: End, target: End) -> None:
    """Refuse a node that hands on another value than the wire that it was put into."""
    made = picture(after, catalog, graph.function).nodes.get(node)
    output = next(port for port in graph.nodes[source[0]].outputs if port.name == source[1])
    reader = next(port.statement for port in graph.nodes[target[0]].inputs if port.name == target[1])
    if made is not None:
        hold_in_step(after, graph.function, made.statements, output.variable.partition(".")[0], reader)


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
