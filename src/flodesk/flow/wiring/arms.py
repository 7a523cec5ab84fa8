"""Into an arm of a switch: what a wire from an arm means."""

from __future__ import annotations

from flodesk.flow.edit import Edit, MoveNode
from flodesk.flow.edit.tree import find
from flodesk.flow.graph import Graph, Node
from flodesk.flow.model import Flow, Loop, Region, Statement, Switch
from flodesk.flow.names import binds_of
from flodesk.flow.wiring.lines import Line, Lines
from flodesk.flow.wiring.meaning import downstream
from flodesk.flow.wiring.own_loop import keep_in_loop
from flodesk.flow.wiring.refused import Refused
from flodesk.flow.wiring.settle import refuse_too_early, settle, too_early
from flodesk.flow.wiring.step import Steps


def is_arm(graph: Graph, source: tuple[str, ...]) -> bool:
    """Say whether a port is an arm of a switch: what hangs on it runs in that arm."""
    node = graph.nodes.get(source[0])
    return node is not None and node.kind == "switch" and any(port.name == source[1] for port in node.outputs)


def into_arm(flow: Flow, graph: Graph, source: tuple[str, ...], node: Node, statement: Statement) -> Edit:
    """Put a statement into an arm: what a wire from an arm of a switch means.

    It goes before what reads it there, else to the end. What reads it elsewhere comes along.

    Raises
    ------
    Refused
        The switch depends on it, or it belongs to more than this arm.
    """
    switch = find(flow, graph.function, graph.nodes[source[0]].statements[0])[1]
    assert isinstance(switch, Switch)
    number = int(source[1].rpartition("[")[2].rstrip("]"))
    region = Region(graph.function, switch.id, number)
    lines = Lines(flow, graph.function)
    line = lines.by_id[statement.id]
    if switch.id in downstream(lines, line):
        raise Refused(f"“{switch.id}” depends on “{node.id}”, so that cannot run in one of its arms.")
    names = set(binds_of(line.statement))
    if node.kind in ("merge", "feedback") or any(len(lines.bound.get(name, ())) > 1 for name in names):
        raise Refused(f"“{node.id}” joins several places: it cannot run in one arm of “{switch.id}”.")
    if name := _carried_out(lines, line):
        raise Refused(f"“{node.id}” changes “{name}” turn by turn for what follows: it cannot run in one arm.")
    if made := next((name for name in names if any(other.object == name for other in lines.all)), ""):
        raise Refused(f"“{made}” is made once, before its loop: wire what is called in it to the arm instead.")
    keep_in_loop(lines, line, (*lines.by_id[switch.id].chain, region), asked=True)
    before = too_early(lines)
    steps = Steps(flow)
    index = _index(lines, line, region, len(switch.arms[number].body.statements))
    steps.do(MoveNode(graph.function, line.id, region, index))
    moved, edits = settle(steps.flow, graph.function, line.id)
    steps.took(moved, list(edits))
    for reader in [reader.id for reader in Lines(moved, graph.function).readers({line.id, *names})]:
        moved, edits = settle(steps.flow, graph.function, reader)
        steps.took(moved, list(edits))
    refuse_too_early(before, Lines(steps.flow, graph.function))
    return steps.edit(f"Run {node.id} in an arm of {switch.id}")


def _carried_out(lines: Lines, line: Line) -> str:
    """Return a name that the body of a loop binds and that is bound, or read, outside of it, too; empty if none is."""
    if not isinstance(line.statement, Loop):
        return ""
    inner = {name for other in lines.all if line.holds(other) for name in binds_of(other.statement)}
    users = (*(part for name in inner for part in (*lines.bound.get(name, ()), *lines.reading.get(name, ()))),)
    outside = [user for user in users if not line.holds(user)]
    return next((n for user in outside for n in sorted(inner) if n in user.reads or n in binds_of(user.statement)), "")


def _index(lines: Lines, line: Line, region: Region, end: int) -> int:
    """Return where in an arm a statement goes: before the first that reads it, else to the end."""
    units = [lines.ancestor(reader, region) for reader in lines.readers({line.id, *binds_of(line.statement)})]
    index = min((unit.index for unit in units if unit is not None and unit is not line), default=end)
    return index - (line.region == region and line.index < index)


__all__ = ["into_arm", "is_arm"]
