"""Pins: the fields that a card shows whether the script sets them or not, one line a node in the header."""

from __future__ import annotations

from dataclasses import replace

from flodesk.flow.boxes import Graph
from flodesk.flow.edit.header import setting
from flodesk.flow.model import Flow


def with_pins(flow: Flow, graph: Graph) -> Graph:
    """Return a picture whose nodes know their pins; what is no list of names is left out."""
    lines = setting(flow, "pins", graph.function)
    if not lines:
        return graph
    found = {name: tuple(dict.fromkeys(p for p in line if isinstance(p, str))) for name, line in lines.items()
             if isinstance(line, list | tuple)}  # fmt: skip
    nodes = {name: replace(node, pins=found[name]) if name in found else node for name, node in graph.nodes.items()}
    return replace(graph, nodes=nodes)
