"""Some nodes become a function of their own, which is called in their place."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from flodesk.flow.catalog import Catalog
from flodesk.flow.detached import branches
from flodesk.flow.edit import AddNode, AddNodes, Edit, Move, RemoveNodes, SetDrawn, SetSetting
from flodesk.flow.edit.header import TABLES, setting, wire_ends
from flodesk.flow.edit.tree import indentation, transplant
from flodesk.flow.formulas import only_calculates
from flodesk.flow.graph import Graph, picture
from flodesk.flow.idle import without_value
from flodesk.flow.model import (
    Argument,
    Bind,
    Block,
    Call,
    Code,
    Flow,
    Function,
    Loop,
    Ref,
    Region,
    Return,
    Statement,
)
from flodesk.flow.names import binds_of, names_of
from flodesk.flow.packs import OURS
from flodesk.flow.pieces import Key
from flodesk.flow.spec import NodeSpec
from flodesk.flow.wiring.asynchronous import waits
from flodesk.flow.wiring.hints import hint_for
from flodesk.flow.wiring.lines import Line, Lines
from flodesk.flow.wiring.naming import taken, unique
from flodesk.flow.wiring.pieces import drawn_along, remove_pieces
from flodesk.flow.wiring.refused import Refused
from flodesk.flow.wiring.results import add_class, result_of
from flodesk.flow.wiring.settle import refuse_too_early, too_early
from flodesk.flow.wiring.step import Steps
from flodesk.flow.wiring.views_along import along


@dataclass(frozen=True, slots=True)
class Selection:
    """What moves into the function: statements of one region, in the order of the text.

    Attributes
    ----------
    index : int
        Where the call goes, counted without them.
    inputs, outputs : tuple of str
        Names that it reads from outside, and names that are read outside of it.
    """

    lines: tuple[Line, ...]
    index: int
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]


def make_subflow(flow: Flow, graph: Graph, ids: Iterable[str], drawn: Collection[Key] = ()) -> tuple[Edit, str, str]:
    """Move nodes into a new function, and call it where they stood.

    What they read from outside are its parameters, what is read of them outside is what it returns: one value as it
    is, several as a named tuple, so that each has a port. Names, wires, places and views stay as they were.
    The notes and frames in `drawn` move, too.

    Returns
    -------
    edit, function, node
        The name of the new function, and the id of the node that calls it.

    Raises
    ------
    Refused
        The nodes do not stand together, or keep something from one turn to the next.
    """
    function = graph.function
    if function not in flow.functions:
        raise Refused("There is nothing here that could become a subflow.")
    chosen = selection_of(flow, graph, ids)
    before = too_early(Lines(flow, function))
    steps = Steps(flow)
    names = taken(flow, function)
    about = chosen.outputs[0] if chosen.outputs else _name(chosen.lines)
    name = unique(f"make_{about}", names)
    region, index = chosen.lines[0].region, chosen.index
    places = _places(flow, graph, chosen)
    body = [_moved(flow, line, region) for line in chosen.lines]
    steps.do(RemoveNodes(function, tuple(line.id for line in chosen.lines)))
    returns = _returns(steps, graph, name, chosen, body)
    at = next(n for n, s in enumerate(steps.flow.module.statements) if isinstance(s, Function) and s.name == function)
    hints = _hints(steps.flow, graph)
    unhinted = without_value(graph) - _used_now(flow, function, chosen)
    parameters = ", ".join(
        f"{given}: {hints[given]}" if hints.get(given) and given not in unhinted else given for given in chosen.inputs
    )
    block, awaited = Block(statements=tuple(body)), waits(body)
    made = Function(id=name, name=name, parameters=parameters, returns=returns, body=block, asynchronous=awaited)
    steps.do(AddNode(Region(""), at, made))
    call, following = _call(name, chosen, names, awaited)
    steps.do(AddNode(region, index, call, middle(list(places.values())) if places else None))
    if following:
        steps.do(AddNodes(region, index + 1, following))
    refuse_too_early(before, Lines(steps.flow, function))
    if places:
        steps.do(Move(name, places))
    _views(steps, flow, graph, name)
    _drawn(steps, flow, graph, chosen, name, drawn)
    return steps.edit(f"Make the subflow {name}"), name, call.id


def _hints(flow: Flow, graph: Graph) -> dict[str, str]:
    """Return the annotation of each variable whose type is known."""
    ports = (port for box in graph.nodes.values() for port in box.outputs if port.variable)
    return {port.variable: hint_for(flow, graph.function, port.type) for port in ports}


def _used_now(flow: Flow, function: str, chosen: Selection) -> set[str]:
    """Return the names that what runs of a selection reads; what a line only hands on is not used by that line.

    What comes in and is not among them may be None, as what gives it may be off: no type holds for it then.
    """
    lines = Lines(flow, function)
    every = [inner for line in chosen.lines for inner in lines.inside(line)]
    used: set[str] = set()
    for line in reversed(every):
        if not isinstance(line.statement, Bind) or line.statement.name in used:
            used |= line.reads
    return used


# ------------------------------------------------------------------ what moves
def selection_of(flow: Flow, graph: Graph, wanted_ids: Iterable[str], left: Collection[str] = ()) -> Selection:
    """Return the statements of some nodes but those in `left`, which stand together, and what goes in and out.

    Raises
    ------
    Refused
        They do not stand in one region, or hang together with what stands between them.
    """
    ids = list(dict.fromkeys(wanted_ids))
    lines = Lines(flow, graph.function)
    boxes = [graph.nodes[name] for name in ids if name in graph.nodes]
    if any(box.kind in ("inputs", "return") for box in boxes):
        raise Refused(f"What “{graph.function}” takes and gives belongs to it: leave that out.")
    wanted = {statement for box in boxes for statement in box.statements} - set(left)
    found = [line for line in lines.all if line.id in wanted]
    if not found:
        raise Refused("Select the nodes first: they move into it together.")
    outer = [line for line in found if not any(other is not line and other.holds(line) for other in found)]
    region = outer[0].region
    for line in outer:
        if line.region != region:
            raise Refused(
                f"“{outer[0].id}” and “{line.id}” do not stand in the same loop or branch. What has a state, and"
                " feedback, begin before their loop: take that loop as a whole."
            )
    _with_aliases(lines, graph, outer)
    inside = {inner.id for line in outer for inner in lines.inside(line)}
    _may_move(lines, inside)
    index = _place(graph, lines, names_of(flow, graph.function).parameters, outer)
    return Selection(tuple(outer), index, *_ends(flow, graph, lines, outer, inside))


def _with_aliases(lines: Lines, graph: Graph, outer: list[Line]) -> None:
    """Take bare lines along that have no box and hand on a value of the selection."""
    drawn = {statement for box in graph.nodes.values() for statement in box.statements}
    for line in lines.all:
        statement = line.statement
        if isinstance(statement, Bind) and isinstance(statement.value, Ref) and line.id not in drawn:
            names = {name for other in outer for name in binds_of(other.statement)}
            if line.region == outer[0].region and statement.value.name in names and line not in outer:
                outer.append(line)
    outer.sort(key=lambda line: line.order)


def _may_move(lines: Lines, inside: set[str]) -> None:
    for name in inside:
        statement = lines.by_id[name].statement
        if isinstance(statement, Code) and statement.leaves:
            raise Refused(f"“{name}” leaves the loop or the function that it stands in: it cannot move out of it.")
        for bound in binds_of(statement):
            if any(other.id not in inside for other in lines.bound[bound]):
                raise Refused(
                    f"“{bound}” gets a value in the selection and outside of it: take all that gives it one, or none."
                )


def _place(graph: Graph, lines: Lines, names: frozenset[str], outer: list[Line]) -> int:
    """Return where the call goes: behind what stands between the selected nodes, or else before it.

    Raises
    ------
    Refused
        Both would change an order that matters.
    """
    first, last = outer[0], outer[-1]
    between = [
        line
        for line in lines.all
        if line.region == first.region and first.order < line.order < last.order and line not in outer
    ]
    pure = _pure(graph)
    late = next((b for b in between for s in outer if s.order < b.order and _tied(lines, names, pure, s, b)), None)
    if late is None:
        return last.index - (len(outer) - 1)
    if not any(b.order < s.order and _tied(lines, names, pure, b, s) for b in between for s in outer):
        return first.index
    raise Refused(
        f"“{late.id}” stands between the selected nodes and hangs together with them, or may act in its turn: select"
        " it, too."
    )


def _pure(graph: Graph) -> set[str]:
    """Return the statements that do no more than compute."""
    boxes = graph.nodes.values()
    pure = {s for box in boxes if box.spec is not None and _computes(box.spec) for s in box.statements}
    return pure | {s for box in boxes if box.kind == "code" and only_calculates(box.text) for s in box.statements}


def in_the_way(flow: Flow, graph: Graph, lines: Lines, movers: list[Line], first: Line) -> Line | None:
    """Return a statement at or below `first` which some others of its region cannot go above; None if they all can."""
    names, pure = names_of(flow, graph.function).parameters, _pure(graph)
    staying = [one for one in lines.all if one.region == first.region and one.order >= first.order]
    staying = [one for one in staying if one not in movers]
    return next((s for m in movers for s in staying if s.order < m.order and _tied(lines, names, pure, s, m)), None)


def _tied(lines: Lines, names: frozenset[str], pure: set[str], one: Line, other: Line) -> bool:
    """Say whether the order of two statements matters."""
    ones, others = lines.inside(one), lines.inside(other)
    reads, read = _all_read(ones), _all_read(others)
    binds, bound = _all_bound(ones), _all_bound(others)
    if binds & read or bound & reads or binds & bound:
        return True
    if any(_acts(line, pure) for line in ones) and any(_acts(line, pure) for line in others):
        return True
    # an object that is called, or that code may change, is not the same before and after
    objects = {line.object for line in (*ones, *others)} | _all_read(
        line for line in (*ones, *others) if isinstance(line.statement, Code) and line.id not in pure
    )
    return bool(reads & read & objects & (set(lines.bound) | names))


def _all_read(lines: Iterable[Line]) -> set[str]:
    return {name for line in lines for name in line.wants}


def _all_bound(lines: Iterable[Line]) -> set[str]:
    return {name for line in lines for name in binds_of(line.statement)}


def _computes(spec: NodeSpec) -> bool:
    """Say whether a node does no more than compute: of a function that says nothing nobody knows."""
    return spec.says_pure or (spec.pure and spec.path.startswith(f"{OURS}."))


def _acts(line: Line, pure: set[str]) -> bool:
    """Say whether a statement may do more than compute."""
    return isinstance(line.statement, Call | Code | Loop) and line.id not in pure


def _ends(
    flow: Flow, graph: Graph, lines: Lines, outer: list[Line], inside: set[str]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the names that come in and go out, in the order of the text."""
    known = names_of(flow, graph.function)
    every = [inner for line in outer for inner in lines.inside(line)]
    own = {name for line in every for name in binds_of(line.statement)}
    used = [name for line in every for name in _read_in_order(line) if known.is_variable(name) and name not in own]
    elsewhere = {name for line in lines.all if line.id not in inside for name in line.wants}
    given = [name for line in every for name in binds_of(line.statement) if name in elsewhere]
    return tuple(dict.fromkeys(used)), tuple(dict.fromkeys(given))


def _read_in_order(line: Line) -> list[str]:
    statement = line.statement
    if isinstance(statement, Call | Loop):
        listed = [a.value.name for a in statement.arguments if isinstance(a.value, Ref)]
        return [*listed, *sorted(line.reads - set(listed))]
    return sorted(line.wants)


def _name(lines: tuple[Line, ...]) -> str:
    return next((name for line in lines for name in binds_of(line.statement)), "all")


def _moved(flow: Flow, line: Line, region: Region) -> Statement:
    return transplant(line.statement, indentation(flow, region), "    ")


# ------------------------------------------------------------------ what is written
def _returns(steps: Steps, graph: Graph, name: str, chosen: Selection, body: list[Statement]) -> str:
    """Write what the function returns below its body; several values as a named tuple, whose name is returned."""
    if len(chosen.outputs) == 1:
        body.append(Return(values=(Ref(chosen.outputs[0]),)))
    hints = _hints(steps.flow, graph)
    if len(chosen.outputs) < 2:
        return hints.get(chosen.outputs[0], "") if chosen.outputs else ""
    kind = add_class(steps, graph.function, name, {output: hints.get(output, "") for output in chosen.outputs})
    body.append(result_of(kind, list(chosen.outputs)))
    return kind


def _call(name: str, chosen: Selection, names: set[str], awaited: bool) -> tuple[Call, tuple[Bind, ...]]:
    """Return the call in place of the nodes, and the lines that give several values their old names."""
    arguments = tuple(Argument(Ref(given)) for given in chosen.inputs)
    if len(chosen.outputs) == 1:
        output = chosen.outputs[0]
        return Call(id=output, name=output, callee=name, arguments=arguments, awaited=awaited), ()
    own = unique(f"{name.removeprefix('make_')}_{'parts' if chosen.outputs else 'done'}", names)
    call = Call(id=own, name=own, callee=name, arguments=arguments, awaited=awaited)
    return call, tuple(Bind(id=output, name=output, value=Ref(own, output)) for output in chosen.outputs)


def middle(places: list[tuple[float, float]]) -> tuple[float, float]:
    """Return where the card goes that stands for all of them: in their middle, as the eye looks for it there."""
    columns, rows = zip(*places, strict=True)
    return float(round((min(columns) + max(columns)) / 2)), float(round((min(rows) + max(rows)) / 2))


def _ids(flow: Flow, graph: Graph, chosen: Selection) -> set[str]:
    """Return the ids of all lines and boxes that move."""
    ids = {inner for line in chosen.lines for inner in [line.id]}
    ids |= {inner.id for line in chosen.lines for inner in Lines(flow, graph.function).inside(line)}
    return ids | {box.id for box in graph.nodes.values() if ids.intersection(box.statements)}


def _drawn(steps: Steps, flow: Flow, graph: Graph, chosen: Selection, name: str, drawn: Collection[Key]) -> None:
    """Take along where nodes run, their pins, the ways of the wires among them, and notes and frames."""
    function, ids = graph.function, _ids(flow, graph, chosen)
    for table in TABLES:
        for node, line in setting(flow, table, function).items():
            if node in ids:
                steps.do(SetSetting(table, name, node, line, f"Keep {node}"))
    for fault in branches(steps.flow, name)[1]:
        raise Refused(f"“{fault.node}” runs beside its loop: take that loop along, or let it run in the loop first.")
    for wire, line in setting(flow, "wires", function).items():
        if ids.issuperset(wire_ends(wire)):
            steps.do(SetDrawn("wires", name, wire, line, f"Keep {wire}"))
    for edit in [
        *drawn_along(flow, function, steps.flow, name, (0.0, 0.0), drawn),
        *remove_pieces(flow, function, drawn),
    ]:
        steps.do(edit)


def _places(flow: Flow, graph: Graph, chosen: Selection) -> dict[str, tuple[float, float]]:
    """Return places of what moves."""
    ids = _ids(flow, graph, chosen)
    return {name: at for name, at in flow.header.canvas.get(graph.function, {}).items() if name in ids}


def _views(steps: Steps, flow: Flow, graph: Graph, name: str) -> None:
    """Let views follow what they show: a value that is handed back stays where it is read."""
    if not flow.header.panel.get(graph.function):
        return
    known = Catalog({node.spec.path: node.spec for node in graph.nodes.values() if node.spec is not None}, {})
    after = {function: picture(steps.flow, known, function) for function in (graph.function, name)}
    for edit in along(flow, graph, after, steps.flow):
        steps.do(edit)
