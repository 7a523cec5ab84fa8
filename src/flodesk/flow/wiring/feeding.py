"""The first output of a node goes to an input: a new one that feeds an arm of a merge runs in that arm alone."""

from __future__ import annotations

from flodesk.flow.catalog import Catalog
from flodesk.flow.edit import Edit, MoveNode
from flodesk.flow.graph import Graph, picture
from flodesk.flow.model import Bind, Call, Code, Flow, Switch
from flodesk.flow.names import binds_of
from flodesk.flow.types import PortType, compatible
from flodesk.flow.wiring.ahead import put_ahead
from flodesk.flow.wiring.connect import End, connect
from flodesk.flow.wiring.lines import Lines, begins
from flodesk.flow.wiring.meaning import giver_at
from flodesk.flow.wiring.refused import Refused
from flodesk.flow.wiring.step import Steps


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
            f"“{node}” would run beside this function, not in it: add it on its own, and let its values come to "
            f"“{target[0]}” through a queue."
        )
    outputs = graph.nodes[node].outputs
    port = next((p for p in outputs if compatible(p.type, wanted)), next(iter(outputs), None))
    if port is None:
        raise Refused(f"“{node}” gives nothing that “{target[0]}” could take.")
    steps = Steps(flow)
    put_ahead(steps, graph, node, target[0])
    steps.do(connect(steps.flow, graph, (node, port.name), target))
    return steps.edit(f"Connect {node}")


def feed_added(flow: Flow, catalog: Catalog, function: str, node: str, target: End) -> Edit:
    """Wire a node that was just added to an input, as `feed_new` does.

    Raises
    ------
    Refused
        It gives nothing that fits.
    """
    steps = Steps(flow)
    feed_new(steps, catalog.with_flow(flow), function, node, target)
    return steps.edit(f"Connect {node}")


def feed_new(steps: Steps, catalog: Catalog, function: str, node: str, target: End) -> None:
    """Wire a node that was just added to an input; what is for an arm of a merge alone goes into that arm.

    Raises
    ------
    Refused
        It gives nothing that fits.
    """
    steps.do(feed(steps.flow, picture(steps.flow, catalog, function), node, target))
    steps.do(_into_arm_of(steps.flow, picture(steps.flow, catalog, function), node, target))


def _into_arm_of(flow: Flow, graph: Graph, node: str, target: End) -> Edit | None:
    """Return the edit that lets a new node run only in the arm whose value it gives to a merge; None to leave it.

    What is left are nodes of several lines, such as objects, and those that something else reads, too.
    """
    merge, port = target
    statements = graph.nodes[node].statements if node in graph.nodes else ()
    if merge not in graph.nodes or graph.nodes[merge].kind != "merge" or len(statements) != 1:
        return None
    lines = Lines(flow, graph.function)
    line = lines.by_id[statements[0]]
    feed = next((p.statement for p in graph.nodes[merge].inputs if p.name == port), "")
    arm = lines.by_id.get(feed)
    if arm is None or not isinstance(arm.statement, Bind) or not isinstance(line.statement, Call | Code | Bind):
        return None
    readers = [reader.id for reader in lines.readers({line.id, *binds_of(line.statement)})]
    if readers != [arm.id] or not begins(arm.chain[:-1], line.chain) or not arm.region.owner:
        return None
    if not isinstance(lines.by_id[arm.region.owner].statement, Switch):
        return None
    if arm.chain[:-1] != line.chain and graph.nodes[node].role == "control":
        return None  # what a hand sets stays outside of the loop
    if any(
        giver_at(lines, name, line.order, line.chain) != giver_at(lines, name, arm.order, arm.chain, line)
        for name in line.reads
    ):
        return None
    return MoveNode(graph.function, line.id, arm.region, arm.index)


__all__ = ["feed", "feed_added", "feed_new"]
