"""Which values of a flow are the same in each run: not those of chance, of the clock, or of the world outside."""

from __future__ import annotations

from flodesk.flow.boxes import Graph, Node
from flodesk.flow.catalog import Catalog
from flodesk.flow.graph import picture
from flodesk.flow.model import Flow
from flodesk.flow.packs import OURS

_TURNS = frozenset({"count", "once", "every", "delay"})
"""Of the shelf Timing: they wait, and what they give is a number of turns."""
_OUTSIDE = {
    "timing": "it depends on the clock",
    "web": "it comes from the network",
    "visa": "it comes from an instrument",
    "system": "it depends on the machine",
}
_STEADY_SHELVES = frozenset({"file", "sql", "collect", "queue", "record", "learn", "table", "show"})
"""They read and write what lies beside the flow, or keep what they are given: not pure, and yet the same each time."""


def left_out(flow: Flow, catalog: Catalog) -> dict[str, str]:
    """Say of each variable (``function.variable``) that is not the same in each run why it is not."""
    found: dict[str, str] = {}
    for function in flow.mains:
        graph = picture(flow, catalog, function)
        reasons = _spread({node.id: why for node in graph.nodes.values() if (why := _chance(node))}, graph)
        for name, why in reasons.items():
            found |= {f"{function}.{port.variable}": why for port in graph.nodes[name].outputs if port.variable}
    return found


def _chance(node: Node) -> str:
    """Say why a node gives something else in each run, of itself; empty if it does not."""
    spec = node.spec
    if spec is None or spec.pure:
        return ""
    if not spec.path.startswith(f"{OURS}."):
        return "its node type says that it is not pure" if spec.role == "function" else ""
    shelf, _, name = spec.path.removeprefix(f"{OURS}.").partition(".")
    seed = next((field for field in node.fields if field.name == "seed"), None)
    if seed is not None:
        return "" if seed.wired or (seed.text or "None") != "None" else "it is random: it has no seed"
    if shelf in _OUTSIDE:
        return "" if name in _TURNS else _OUTSIDE[shelf]
    if name == "watch_folder":
        return "it waits for files"
    return "" if shelf in _STEADY_SHELVES or spec.role != "function" else "it is random, or has an effect"


def _spread(reasons: dict[str, str], graph: Graph) -> dict[str, str]:
    """Add all that hangs on these nodes."""
    waiting = list(reasons)
    while waiting:
        source = waiting.pop()
        for wire in graph.wires:
            if wire.source[0] == source and wire.target[0] not in reasons:
                root = reasons[source] if reasons[source].startswith("it hangs on") else f"it hangs on “{source}”"
                reasons[wire.target[0]] = root
                waiting.append(wire.target[0])
    return reasons


__all__ = ["left_out"]
