"""Views that go along with what they show when lines get another function, or boxes other names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from flodesk.flow.edit import Edit, SetView
from flodesk.flow.graph import Graph, Node, Port
from flodesk.flow.model import Flow
from flodesk.flow.viewed import binder_of, box_of


@dataclass(frozen=True, slots=True)
class Seen:
    """What a view shows, by the lines that have it: a field of a node type, or the value of a variable."""

    statements: frozenset[str]
    field: str = ""
    type: str = ""
    variable: str = ""


def seen_by(graph: Graph, shows: str) -> Seen | None:
    """Return what a view shows in a picture; None if that is not there."""
    head, _, part = shows.partition(".")
    node = box_of(graph, head)
    if node is None:
        bound = binder_of(graph, head) if not part else None
        return _value(*bound) if bound else None
    name = part
    if not name and node.role == "control" and node.spec is not None and node.spec.parameters:
        name = node.spec.parameters[0].name
    entry = next((entry for entry in node.fields if entry.name == name), None)
    if entry is not None:
        return Seen(frozenset((entry.statement,)), entry.name, node.type)
    port = next((port for port in node.outputs if not part or part in (port.name, port.variable)), None)
    return _value(node, port) if port is not None else None


def _value(node: Node, port: Port) -> Seen:
    whole = node.kind == "merge"  # each arm binds it
    return Seen(frozenset(node.statements if whole else (port.statement,)), variable=port.variable)


def shows_port(graph: Graph, node: Node, port: Port) -> str:
    """Return how a view names an output; of what code binds its variable, which stays where code gets other lines."""
    if node.kind == "code" and port.variable and port.variable not in graph.nodes:
        return port.variable
    return f"{node.id}.{port.name}" if port.name else node.id


def where(graph: Graph, seen: Seen, whole: bool) -> str:
    """Return how a view names something in a picture; empty if it is not there. `whole` prefers the node's name."""
    for node in graph.nodes.values():
        if seen.field:
            entry = next((e for e in node.fields if e.name == seen.field and e.statement in seen.statements), None)
            if entry is not None and node.type == seen.type:
                return node.id if whole else f"{node.id}.{entry.name}"
            continue
        for port in node.outputs:
            at = seen.statements.intersection((port.statement, *node.statements))
            if port.variable == seen.variable and at and graph.value(node.id, port):
                return shows_port(graph, node, port)
    return ""


def along(flow: Flow, before: Graph, after: Mapping[str, Graph], now: Flow) -> list[Edit]:
    """Give the edits that let the views of a function follow what they show into the functions that have it now.

    Parameters
    ----------
    flow, before : Flow, Graph
        As it was, and the picture of the function whose lines have moved.
    after : mapping
        The pictures of the functions in which they may stand now, in the order in which they are looked through.
    now : Flow
        As it is, with the views as the edits so far have left them.
    """
    edits: list[Edit] = []
    function = before.function
    for name, view in flow.header.panel.get(function, {}).items():
        seen = seen_by(before, view.shows)
        found = [(home, where(graph, seen, "." not in view.shows)) for home, graph in after.items()] if seen else []
        home, shows = next(((home, shows) for home, shows in found if shows), (function, view.shows))
        if home != function and name in now.header.panel.get(function, {}):
            edits.append(SetView(function, name, None))
        wanted = replace(view, shows=shows)
        if now.header.panel.get(home, {}).get(name) != wanted:
            edits.append(SetView(home, name, wanted))
    return edits
