"""A new node on the canvas, of the library or of one's own Python: it stands where it reads what it was added at."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace

from flodesk.flow.catalog import Catalog
from flodesk.flow.edit import AddNode, Edit, MoveNode
from flodesk.flow.edit.tree import find
from flodesk.flow.graph import Graph, picture
from flodesk.flow.model import Flow, Function, Region
from flodesk.flow.script import read
from flodesk.flow.wiring.add import Place, add_node
from flodesk.flow.wiring.arms import into_arm, is_arm
from flodesk.flow.wiring.asked_for import hold_others, hold_to_wires
from flodesk.flow.wiring.connect import connect, stand
from flodesk.flow.wiring.feeding import feed_new
from flodesk.flow.wiring.fields import rename
from flodesk.flow.wiring.in_step import hold_still
from flodesk.flow.wiring.lines import Lines
from flodesk.flow.wiring.meaning import Asked, Spot, asked_by, giver_at, spots
from flodesk.flow.wiring.naming import inner_of, taken, unique, used_names
from flodesk.flow.wiring.own_if import if_text, is_own_if
from flodesk.flow.wiring.own_python import EXPRESSION, NEW_FUNCTION, checked, refuse_value, values_of
from flodesk.flow.wiring.pasting import paste
from flodesk.flow.wiring.refused import Refused
from flodesk.flow.wiring.step import Steps


def add_new_node(
    flow: Flow,
    catalog: Catalog,
    function: str,
    path: str,
    place: Place | None,
    source: tuple[str, ...] | None = None,
    at: Spot | None = None,
) -> tuple[Edit, str]:
    """Put a node on the canvas, as `add_node` does; the paths of `OWN_PYTHON` begin Python of one's own.

    It stands where it reads what the `source` gives, and nothing else that has the same name.

    Raises
    ------
    Refused
        As `add_node`; or the expression cannot be read.
    """

    def made(at: Spot | None) -> tuple[Edit, str]:
        if path == NEW_FUNCTION.path:
            edit, node = _add_function(flow, catalog, function, place, source, at)
        elif path.startswith(EXPRESSION.path) or is_own_if(path):
            edit, node = _add_expression(flow, catalog, function, path, place, source, at)
        else:
            edit, node = add_node(flow, catalog, function, path, place, source, at)
        if source is not None:
            after, _ = edit.apply(flow)
            hold_to_wires(after, catalog, function, node, source)
            hold_others(flow, after, catalog, function, node, source)
            if asked is not None:
                hold_still(flow, after, function, node)
        return edit, node

    asked = asked_of(flow, catalog, function, source)
    others = spots(Lines(flow, function), asked) if asked is not None and at is None else []
    return first_done(made, [at, *others])


def first_done(made: Callable[[Spot | None], tuple[Edit, str]], places: Sequence[Spot | None]) -> tuple[Edit, str]:
    """Return what is made at the first of some places where it can be.

    Raises
    ------
    Refused
        It can be nowhere; the reason is that of the first.
    """
    first: Refused | None = None
    for at in places:
        try:
            return made(at)
        except Refused as problem:
            first = first or problem
    raise first or Refused("There is no place for it.")


def asked_of(flow: Flow, catalog: Catalog, function: str, source: tuple[str, ...] | None) -> Asked | None:
    """Return the binding that a port stands for; None for an input, an arm, and what nothing in the function binds."""
    if source is None or function not in flow.functions:
        return None
    node = picture(flow, catalog.with_flow(flow), function).nodes.get(source[0])
    output = next((port for port in node.outputs if port.name == source[1]), None) if node is not None else None
    return asked_by(Lines(flow, function), node, output) if node is not None and output is not None else None


def _add_function(
    flow: Flow, catalog: Catalog, function: str, place: Place | None, source: tuple[str, ...] | None, at: Spot | None
) -> tuple[Edit, str]:
    if function not in flow.functions:
        raise Refused(f"There is no flow “{function}” to put it on.")
    steps = Steps(flow)
    everywhere = set[str]().union(*(taken(flow, other) for other in flow.functions), used_names(flow))
    name = unique("my_function", everywhere)
    made = read(f"def {name}(x):\n    return x\n").functions[name]
    top = next(n for n, s in enumerate(flow.module.statements) if isinstance(s, Function) and s.name == function)
    steps.do(AddNode(Region(""), top, replace(made, lead="\n\n" if top else "", raw=None)))
    known = catalog.with_flow(steps.flow)
    edit, node = add_node(steps.flow, known, function, name, place, source, at)
    steps.do(edit)
    better = unique("result", taken(steps.flow, function) | inner_of(steps.flow.functions[function].body))
    steps.do(rename(steps.flow, picture(steps.flow, known, function), node, better))
    return steps.edit(f"Add {name}"), better


def _add_expression(
    flow: Flow,
    catalog: Catalog,
    function: str,
    path: str,
    place: Place | None,
    source: tuple[str, ...] | None,
    at: Spot | None,
) -> tuple[Edit, str]:
    steps = Steps(flow)
    before = picture(flow, catalog, function) if function in flow.functions else None
    if is_own_if(path):
        text = if_text(before, taken(flow, function) if before is not None else set(), path, source)
    else:
        text = f"result = {(formula := checked(path))}"
        if before is not None:
            refuse_value(formula, values_of(before))
    edit, nodes = paste(flow, catalog, function, text, place or (0.0, 0.0))
    steps.do(edit)
    if not nodes:
        raise Refused(f"“{path}” is no node: type what is to be calculated, such as = x * 2.")
    node = nodes[0]
    graph = picture(steps.flow, catalog, function)
    if before is None or node not in graph.nodes:
        return steps.edit(f"Add {node}"), node
    line = Lines(steps.flow, function).by_id[graph.nodes[node].statements[0]]
    asked = asked_of(flow, catalog, function, source)
    if at is not None:
        _move(steps, function, line.id, at, asked)
    elif (meant := asked or _only_meaning(before, Lines(flow, function), line.reads)) and meant.name in line.reads:
        stand(steps, function, line.id, meant)
    if source is not None and is_arm(graph, source):
        statement = find(steps.flow, function, graph.nodes[node].statements[0])[1]
        steps.do(into_arm(steps.flow, graph, source, graph.nodes[node], statement))
    elif source is not None and _is_input(graph, source):
        feed_new(steps, catalog, function, node, (source[0], source[1]))
    elif source is not None and (asked is None or asked.name not in line.reads):
        wired = {wire.target[1] for wire in graph.wires if wire.target[0] == node}
        free = next((port.name for port in graph.nodes[node].inputs if port.name not in wired), None)
        if free is not None:
            graph = picture(steps.flow, catalog, function)
            stays = at is not None and at.stays
            steps.do(connect(steps.flow, graph, (source[0], source[1]), (node, free), stays=stays))
    return steps.edit(f"Add {node}"), node


def _is_input(graph: Graph, end: tuple[str, ...]) -> bool:
    """Say whether an end is an input; a name that an output of the node has, too, is the output's, as in `add_node`."""
    node = graph.nodes.get(end[0])
    names = [port.name for port in node.outputs] if node is not None else []
    return node is not None and end[1] not in names and any(port.name == end[1] for port in node.inputs)


def _move(steps: Steps, function: str, name: str, at: Spot, asked: Asked | None) -> None:
    """Move an expression to a place, if all that it reads but what was asked for means the same there."""
    before = Lines(steps.flow, function)
    line = before.by_id[name]
    steps.do(MoveNode(function, name, at.region, at.index))  # a place of the flow without it
    after = Lines(steps.flow, function)
    moved = after.by_id[name]
    for read_name in sorted(line.reads - {asked.name if asked is not None else ""}):
        if giver_at(before, read_name, line.order, line.chain) != giver_at(after, read_name, moved.order, moved.chain):
            raise Refused(f"“{name}” reads “{read_name}”, too, and that is another value there.")


def _only_meaning(graph: Graph, lines: Lines, names: Collection[str]) -> Asked | None:
    """Return what a name of feedback means that one card alone gives: the value of a turn."""
    for name in sorted(names):
        givers = [(n, p) for n in graph.nodes.values() for p in n.outputs if p.variable.partition(".")[0] == name]
        if len({node.id for node, _ in givers}) == 1 and givers[0][0].kind == "feedback":
            return asked_by(lines, *givers[0])
    return None


__all__ = ["add_new_node", "asked_of", "first_done"]
