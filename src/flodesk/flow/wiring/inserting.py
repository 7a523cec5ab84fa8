"""A node between two ports: it takes what the one gives, and gives its own result to the other."""

from __future__ import annotations

from collections.abc import Sequence

from flodesk.flow.catalog import Catalog
from flodesk.flow.converters import Converter
from flodesk.flow.edit import Edit
from flodesk.flow.graph import picture
from flodesk.flow.model import Flow
from flodesk.flow.wiring.add import Place
from flodesk.flow.wiring.ahead import put_ahead
from flodesk.flow.wiring.asked_for import hold_to_wires
from flodesk.flow.wiring.connect import End
from flodesk.flow.wiring.feeding import feed_new
from flodesk.flow.wiring.own_python import EXPRESSION
from flodesk.flow.wiring.own_python import add_new_node as add_node
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
    feed_new(steps, catalog, function, node, target)
    # an expression reads what it says
    hold_to_wires(steps.flow, catalog, function, node, None if path.startswith(EXPRESSION.path) else source, target)
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
