"""Fixes for wires and inputs: connect something that fits, put a converter between, take the wire off."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from flodesk.flow.converters import converters
from flodesk.flow.fixes.fix import Broken, End, Fix
from flodesk.flow.graph import Node, Port, Wire
from flodesk.flow.mapping import LISTS
from flodesk.flow.problem import quoted
from flodesk.flow.types import PortType, compatible
from flodesk.flow.wiring.connect import connect, disconnect
from flodesk.flow.wiring.inserting import insert_between
from flodesk.flow.wiring.lines import Lines, begins
from flodesk.flow.wiring.mapping import connect_each
from flodesk.flow.wiring.switching import switch

_TRIED = 8
"""Outputs that are tried for an open input: each costs an edit."""
_OFFERED = 2
_PLAIN: frozenset[PortType] = frozenset({"text", "path", "truth", "instrument"})
"""What an output that may give anything is seldom meant for."""
_TYPES = 3
"""Converters that are offered."""


def to_nothing(broken: Broken) -> Iterator[Fix]:
    """Switch off what reads a node that is off."""
    box = broken.box
    if box is not None:
        title, name = f"Switch {quoted(box.id)} off as well, and all that needs it", box.id
        yield from broken.step("remove", title, lambda: switch(broken.flow, broken.graph, [name], "off", too=True).edit)


def connecting(broken: Broken, target: End, kind: PortType, without: str = "", above: bool = False) -> Iterator[Fix]:
    """Give the nearest outputs that fit an input, as fixes; with `above` those alone that have a value there now."""
    found = 0
    givers = _givers(broken, target[0], kind, without)
    if above:
        givers = _with_a_value(broken, givers)
    for node, port in islice(givers, _TRIED):
        title = f"Wire {quoted(port.variable)} to {quoted(target[1])} of {quoted(target[0])}"
        source = (node.id, port.name)
        for fix in broken.step("connect", title, lambda s=source: connect(broken.flow, broken.graph, s, target)):  # type: ignore[misc]
            yield fix
            found += 1
        if found == _OFFERED:
            return


def _givers(broken: Broken, box: str, kind: PortType, without: str) -> list[tuple[Node, Port]]:
    """Return the outputs that an input may read: the same type first, then what stands before it, the nearest first."""
    nodes = broken.graph.nodes
    places = broken.flow.header.canvas.get(broken.function, {})
    order = {key: number for number, key in enumerate(nodes)}
    here = order.get(box, len(nodes))
    found: list[tuple[tuple[int, bool, float], Node, Port]] = []
    for node in nodes.values():
        if node.id == box or node.kind == "switch" or (node.kind == "call" and node.spec is None):
            continue
        if node.id in places and box in places:
            (x, y), (a, b) = places[node.id], places[box]
            far = abs(x - a) + abs(y - b)
        else:
            far = abs(order[node.id] - here)
        for port in node.outputs:
            if not port.variable or port.problem or port.variable == without or port.type in ("indicator", "none"):
                continue
            if compatible(port.type, kind):
                rank = 0 if port.type == kind else 2 if "any" in (port.type, kind) else 1
                if port.type == "any" and kind in _PLAIN:
                    continue
                found.append(((rank, order[node.id] > here, far), node, port))
    found.sort(key=lambda entry: entry[0])
    return [(node, port) for _, node, port in found]


def _with_a_value(broken: Broken, givers: list[tuple[Node, Port]]) -> list[tuple[Node, Port]]:
    """Return the outputs that the statement can read where it stands: no line has to move for them."""
    lines = Lines(broken.flow, broken.function)
    reader = lines.by_id.get(broken.about.statement)
    if reader is None:
        return givers

    def known(port: Port) -> bool:
        home = lines.home(port.variable.partition(".")[0], reader)
        return home is None or (home[1].order < reader.order and begins(reader.chain, home[0]))

    return [(node, port) for node, port in givers if known(port)]


def of_type(broken: Broken) -> Iterator[Fix]:
    """Give what can be done about a wire whose types do not fit."""
    source, target = (broken.end(end) for end in broken.about.wire)
    if source is None or target is None:
        return
    giver, taker = broken.graph.nodes[source[0]], broken.graph.nodes[target[0]]
    output = next((p for p in giver.outputs if p.name == source[1]), None)
    port = next((p for p in taker.inputs if p.name == target[1]), None)
    if output is None or port is None:
        return
    if output.type in LISTS:
        title = f"Run {quoted(target[0])} for each item"
        yield from broken.step("write", title, lambda: connect_each(broken.flow, broken.graph, source, target))
    yield from converting(broken, source, target, output.type, port.type)
    yield from islice(connecting(broken, target, port.type, output.variable), 1)
    yield from taking_off(broken, target)
    yield from switching_on(broken, source[0])


def switching_on(broken: Broken, name: str) -> Iterator[Fix]:
    """Give the fix that switches a node on again, if it is off."""
    nodes = broken.graph.nodes.values()
    node = next((node for node in nodes if node.switched == "off" and name in (node.id, *node.statements)), None)
    if node is not None:
        title = f"Switch {quoted(node.id)} on again"
        yield from broken.step("write", title, lambda: switch(broken.flow, broken.graph, [node.id], "")[0])


def converting(broken: Broken, source: End, target: End, gives: PortType, takes: PortType) -> Iterator[Fix]:
    """Give the converters that fit between two ends, as fixes."""
    for converter in converters(broken.catalog, gives, takes)[:_TYPES]:
        path = converter.spec.path
        output = next((p for p in broken.graph.nodes[source[0]].outputs if p.name == source[1]), None)
        read = output.variable if output is not None else source[0]
        title = f"Put {converter.words} between {quoted(read)} and {quoted(target[1])} of {quoted(target[0])}"
        yield from broken.step(
            "convert",
            title,
            lambda p=path: insert_between(broken.flow, broken.catalog, broken.function, p, None, source, target)[0],  # type: ignore[misc]
            path=path,
            between=(source, target),
        )


def taking_off(broken: Broken, target: End) -> Iterator[Fix]:
    """Give the fix that takes the wire off an input."""
    wire = next((w for w in broken.graph.wires if w.target == target), None)
    if wire is not None:
        source = next((p for p in broken.graph.nodes[wire.source[0]].outputs if p.name == wire.source[1]), None)
        read = source.variable if source is not None else wire.source[0]
        title = f"Take the wire from {quoted(read)} off {quoted(target[1])} of {quoted(target[0])}"
        yield from broken.step("disconnect", title, lambda: disconnect(broken.flow, broken.graph, wire))


def wires_of(broken: Broken, name: str) -> Iterator[Wire]:
    """Give the wires by which the box reads a variable."""
    box = broken.box
    for wire in broken.graph.wires:
        source = broken.graph.nodes[wire.source[0]]
        variables = {port.variable for port in source.outputs}
        if box is not None and wire.target[0] == box.id and (name in variables or source.id == name):
            yield wire
