"""What a view of the panel names: a box of the picture, or a variable that one binds. Panel and checker ask it."""

from __future__ import annotations

from dataclasses import replace

from flodesk.flow.boxes import Graph, Node, Port
from flodesk.flow.syntax import literal


def box_of(graph: Graph, head: str) -> Node | None:
    """Return the box that a view names by what stands before the first point; None if there is none of that name.

    An object and the lines that call it are one box under the name of the object. By the name of a call
    (``logged = log(volt)``) it is the same box with what that call gives, where that are several values.
    """
    if (node := graph.nodes.get(head)) is not None:
        return node
    for node in graph.nodes.values():
        given = tuple(port for port in node.outputs if port.variable.startswith(f"{head}.")) if head else ()
        if given:
            return replace(node, outputs=given)
    return None


def binder_of(graph: Graph, name: str) -> tuple[Node, Port] | None:
    """Return the box and the output that bind a variable; None if none does."""
    found = ((node, port) for node in graph.nodes.values() for port in node.outputs if port.variable == name)
    return next(found, None) if name else None


def node_of(graph: Graph, shows: str) -> str:
    """Return the id of the node whose value or field a view shows; what it names where there is none."""
    head, _, part = shows.partition(".")
    if (node := box_of(graph, head)) is not None:
        return node.id
    bound = binder_of(graph, head) if not part else None
    return bound[0].id if bound is not None else head


def title_of(node: Node) -> str:
    """Return the title that a node gives what it shows, as the script says it; empty where it says none."""
    texts = [field.text for field in node.fields if field.name in ("title", "label") and field.text]
    return next((told for told in map(_as_text, texts) if told), "")


def _as_text(text: str) -> str:
    try:
        told = literal(text)
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        return ""  # it is a name: the run says which text it is
    return told if isinstance(told, str) else ""


def is_there(graph: Graph, shows: str) -> bool:
    """Say whether the panel finds the box, or the variable, that a view names."""
    head, _, part = shows.partition(".")
    return box_of(graph, head) is not None or (not part and binder_of(graph, head) is not None)
