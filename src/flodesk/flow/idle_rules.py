"""The rule on what is switched off: who reads it all the same is told that nothing comes."""

from __future__ import annotations

from flodesk.flow.binding_rules import Report
from flodesk.flow.boxes import Graph
from flodesk.flow.idle import idle
from flodesk.flow.model import Address, Flow
from flodesk.flow.problem import About, quoted


def check_idle(flow: Flow, graph: Graph, written: Graph, report: Report) -> None:
    """Report the nodes of a function that run and read what is off, each once.

    Parameters
    ----------
    graph, written : Graph
        Its picture as it is shown, and that of the lines as they run: where `None` is refused there, all is said.
    """
    refused = {wire.target for wire in written.wires if wire.problem}
    off = [node.id for node in graph.nodes.values() if node.switched == "off"]
    found = idle(graph, off, lambda _: False)
    told: set[tuple[str, str]] = set()
    for wire in found.waiting:
        target, needed = graph.nodes[wire.target[0]], found.needs[wire.source[0]]
        part = any(p.name == wire.source[1] and "." in p.variable for p in graph.nodes[wire.source[0]].outputs)
        if (target.id, needed) in told or wire.target in refused or part:  # `switched_rules` tells of parts
            continue
        told.add((target.id, needed))
        port = next((port for port in target.inputs if port.name == wire.target[1]), None)
        line = port.statement if port is not None else target.statements[0] if target.statements else ""
        at = flow.index.get(Address(graph.function, line))
        gets, hint = "it gets None", "Switch it off as well, or wire something else to it."
        if target.kind == "switch":
            gets, hint = "None is not true, so its branch is not taken", "Wire another truth to it."
        elif target.kind == "return":
            gets, hint = "who calls the function gets None", "Return something else, or switch that on."
        report(
            "off", at[0] if at is not None else None,
            f"{quoted(target.id)} reads {quoted(needed)}, which is switched off: {gets}.",
            hint,
            "warning",
            About(port=wire.target[1], name=needed),
        )  # fmt: skip
