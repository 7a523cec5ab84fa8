"""What an arm gives a merge gets a line of its own: ``level = mean(x)`` is ``level_1 = mean(x)``, ``level = level_1``.

So there is a wire between the two into which a node can be put.
"""

from __future__ import annotations

from flodesk.flow.catalog import Catalog
from flodesk.flow.edit import AddNode, ReplaceStatement, SetHeader
from flodesk.flow.edit.header import renamed_header
from flodesk.flow.graph import Graph, picture
from flodesk.flow.model import Bind, Call, Code, Flow, Ref, Switch
from flodesk.flow.wiring.enclose import unique_id
from flodesk.flow.wiring.lines import Lines
from flodesk.flow.wiring.naming import taken, unique
from flodesk.flow.wiring.rebound import bound_as
from flodesk.flow.wiring.step import Steps

_End = tuple[str, str]


def with_line_of_its_own(flow: Flow, catalog: Catalog, graph: Graph, target: _End) -> tuple[Steps, _End, _End] | None:
    """Give what feeds a merge from an arm a name of its own, and the merge a line that hands it on.

    Returns
    -------
    steps, source, target
        The flow so, and both ends of the wire in it; None where no such wire can be had, or it is there already.
    """
    function, merge = graph.function, graph.nodes[target[0]]
    port = next((one for one in merge.inputs if one.name == target[1]), None)
    lines = Lines(flow, function)
    line = lines.by_id.get(port.statement) if merge.kind == "merge" and port is not None else None
    name = merge.outputs[0].variable if merge.outputs else ""
    if line is None or not _binds_alone(line.statement, name) or lines.calling[name]:
        return None
    owner = lines.by_id.get(line.region.owner)
    if owner is None or not isinstance(owner.statement, Switch):
        return None
    names = taken(flow, function)
    steps = Steps(flow)
    new = unique(f"{name}_1" if f"{name}_1" not in names else name, names)
    steps.do(ReplaceStatement(function, line.id, bound_as(line.statement, name, new)))
    hand_on = Bind(id=unique_id("bind", names), name=name, value=Ref(new))
    steps.do(AddNode(line.region, line.index + 1, hand_on))
    handed = Lines(steps.flow, function).all[line.order + 1].id
    _keep_header(steps, function, lines, handed)
    after = picture(steps.flow, catalog.with_flow(steps.flow), function)
    merges = [node for node in after.nodes.values() if node.kind == "merge"]
    found = [(node.id, one.name) for node in merges for one in node.inputs if one.statement == handed]
    made = next((wire for wire in after.wires if wire.target in found), None)
    if made is None:
        return None
    if made.target[0] != merge.id:
        steps.do(SetHeader(renamed_header(steps.flow, function, merge.id, made.target[0]).header))
    output = next(one for one in after.nodes[made.source[0]].outputs if one.name == made.source[1])
    return (steps, made.source, made.target) if output.variable == new else None


def _binds_alone(statement: object, name: str) -> bool:
    """Say whether a statement gives the name its value, and does it in a way that can give another name that."""
    if isinstance(statement, Call):
        return statement.name == name
    if not isinstance(statement, Code) or statement.binds != (name,) or name in statement.reads:
        return False
    rest = statement.text.removeprefix(name)
    return rest != statement.text and rest.lstrip().startswith("=") and "\n" not in rest.strip()


def _keep_header(steps: Steps, function: str, before: Lines, new: str) -> None:
    """Let what the header says of statements go with them: their numbers may be others now."""
    after = [line.id for line in Lines(steps.flow, function).all if line.id != new]
    kept = steps.flow
    for line, now in zip(before.all, after, strict=True):
        if line.id != now:
            kept = renamed_header(kept, function, line.id, now)
    if kept is not steps.flow:
        steps.do(SetHeader(kept.header))


__all__ = ["with_line_of_its_own"]
