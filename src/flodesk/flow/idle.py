"""What gives nothing because something before it is switched off: the nodes that hang on those which are off."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from flodesk.flow.boxes import Graph, Node, Wire

HANDING_ON = ("merge", "feedback")
"""Kinds of boxes that run nothing: what they get they give."""


@dataclass(slots=True)
class Idle:
    """What nothing reaches.

    Attributes
    ----------
    needs : dict
        Each node that gives nothing, and the one nearest before it that is to blame: itself if it was begun with.
    waiting : list of Wire
        Wires that bring nothing to a node which runs all the same.
    """

    needs: dict[str, str] = field(default_factory=dict)
    waiting: list[Wire] = field(default_factory=list)


def idle(graph: Graph, off: Iterable[str], stops: Callable[[Node], bool]) -> Idle:
    """Follow the wires from nodes that are off to all that gets nothing.

    Parameters
    ----------
    off : the ids of the nodes that it begins with
    stops : says of a node that gets nothing whether it gives nothing, then, and what reads it is to be followed
    """
    after: dict[str, list[Wire]] = defaultdict(list)
    for wire in graph.wires:
        after[wire.source[0]].append(wire)
    found = Idle({name: name for name in off})
    queue = deque(found.needs)
    while queue:
        name = queue.popleft()
        to_blame = name if graph.nodes[name].kind not in HANDING_ON else found.needs[name]
        for wire in after[name]:
            node = graph.nodes[wire.target[0]]
            if node.id in found.needs or _does_without(node, wire):
                continue
            if node.kind in HANDING_ON or node.switched == "bypass" or stops(node):
                found.needs[node.id] = to_blame
                queue.append(node.id)
            elif node.switched != "off":
                found.waiting.append(wire)
    return found


def without_value(graph: Graph) -> set[str]:
    """Return the variables that hold None as what would give them a value is switched off, or hangs on what is."""
    off = [node.id for node in graph.nodes.values() if node.switched == "off"]
    needs = idle(graph, off, lambda _: False).needs if off else {}
    return {port.variable for name in needs for port in graph.nodes[name].outputs if port.variable}


def _does_without(node: Node, wire: Wire) -> bool:
    """Say whether a node is not touched by an input that gets nothing: it may be None, or it is not read."""
    if node.switched == "bypass":
        return wire.target[1] != node.passing
    name = wire.target[1].partition("[")[0]
    parameters = node.spec.parameters if node.spec is not None else ()
    return any(parameter.name == name and parameter.optional for parameter in parameters)
