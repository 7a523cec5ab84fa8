"""Some nodes go into a branch or a loop of their own: what is read of them outside still has a value there."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from flodesk.flow.catalog import Catalog
from flodesk.flow.edit import AddNode, AddNodes, Edit, EditError, RemoveNodes, ReplaceStatement, SetHeader, SetView
from flodesk.flow.edit.header import renamed_header
from flodesk.flow.edit.rename import renamed_in
from flodesk.flow.edit.tree import find, indentation, transplant
from flodesk.flow.graph import Graph, picture
from flodesk.flow.idle import without_value
from flodesk.flow.model import (
    Argument,
    Arm,
    Bind,
    Block,
    Call,
    Expression,
    Flow,
    Literal,
    Loop,
    Ref,
    Region,
    Statement,
    Switch,
)
from flodesk.flow.names import binds_of
from flodesk.flow.types import PortType, compatible
from flodesk.flow.wiring.deciding import bring_before
from flodesk.flow.wiring.lines import Line, Lines
from flodesk.flow.wiring.naming import callee_of, taken, unique
from flodesk.flow.wiring.refused import Refused
from flodesk.flow.wiring.settle import refuse_too_early, too_early
from flodesk.flow.wiring.step import Steps
from flodesk.flow.wiring.subflow import Selection, selection_of
from flodesk.flow.wiring.views import first_view

_SWITCH = "flodesk.nodes.control.switch"
_NOTHING: dict[PortType, str] = {"number": "0.0", "integer": "0", "truth": "False", "text": '""'}
"""What stands for a value that an arm does not make; `None` for all other types."""
_EMPTY = Block(statements=())


def put_into_if(flow: Flow, graph: Graph, catalog: Catalog, ids: Iterable[str], test: str = "") -> tuple[Edit, str]:
    """Let nodes run only where something is true; return the id of the switch, too.

    Where they do not run, what is read of them is what came in, if that has the same type, else nothing (zero, empty).

    Parameters
    ----------
    test : str
        The variable that decides; empty for a new switch on the panel, which is on.

    Raises
    ------
    Refused
        The nodes do not stand together, or the test cannot be read there.
    """
    function = graph.function
    steps = Steps(flow)
    givers = {key for key in ids if test and test in {port.variable for port in graph.nodes[key].outputs}}
    wanted = [key for key in ids if key not in givers]
    left = _makers(graph, wanted)
    chosen = selection_of(flow, graph, wanted, left)
    if not test:
        test = _new_switch(steps, catalog, function, chosen)
        graph = picture(steps.flow, catalog, function)
        chosen = selection_of(steps.flow, graph, wanted, left)
    if bring_before(steps, graph, test, chosen):
        graph = picture(steps.flow, catalog, function)
        chosen = selection_of(steps.flow, graph, wanted, left)
    names = taken(steps.flow, function)
    body, inner = _inside(steps.flow, graph, chosen, names, "then", [])
    other: list[Statement] = []
    kinds = {port.variable: port.type for box in graph.nodes.values() for port in box.outputs}
    nothing = without_value(graph)
    for name, new in inner.items():
        body.append(Bind(id=name, name=name, value=Ref(new)))
        value = _instead(chosen, kinds, name, nothing | {test.partition(".")[0]})
        other.append(Bind(id=unique_id("bind", names), name=name, value=value))
    arms = [Arm(test=_ref(test), body=Block(statements=tuple(body)))]
    if other:
        arms.append(Arm(test=None, body=Block(statements=tuple(other))))
    switch = Switch(id=unique_id("if", names), arms=tuple(arms))
    _swap(steps, graph, chosen, [switch], inner)
    name = steps.flow.block(chosen.lines[0].region).statements[chosen.index].id
    return steps.edit(f"Put {_words(chosen)} into an if"), name


def _makers(graph: Graph, ids: Iterable[str]) -> set[str]:
    """Return the lines that make the objects of nodes with state: those stay where they are, with their state."""
    boxes = (graph.nodes[key] for key in ids if key in graph.nodes)
    return {box.statements[0] for box in boxes if box.kind == "object" and len(box.statements) > 1}


def _new_switch(steps: Steps, catalog: Catalog, function: str, chosen: Selection) -> str:
    """Put a switch that is on, with a view on the panel, before what is chosen and its loops; return its name."""
    first = chosen.lines[0]
    top = Lines(steps.flow, function).ancestor(first, first.chain[0])
    index = chosen.index if len(first.chain) == 1 else top.index if top is not None else 0
    callee, importing = callee_of(steps.flow, function, _SWITCH)
    steps.do(importing)
    name = unique("on", taken(steps.flow, function))
    call = Call(id=name, name=name, callee=callee, arguments=(Argument(Literal("True")),))
    steps.do(AddNode(first.chain[0], min(index, first.index) if len(first.chain) == 1 else index, call))
    spec = catalog.find(_SWITCH)
    view = first_view(steps.flow, function, name, spec) if spec is not None else None
    steps.do(SetView(function, view.id, view, proposed=True) if view is not None else None)
    return name


def begin_if(flow: Flow, graph: Graph, source: tuple[str, str]) -> tuple[Edit, str]:
    """Begin a branch with two empty arms at an output that is true or false; return the id of the switch, too.

    Raises
    ------
    Refused
        The output has no name that could be read.
    """
    node = graph.nodes[source[0]]
    port = next((p for p in node.outputs if p.name == source[1]), None)
    if port is None or not port.variable or port.type not in ("truth", "any", "integer", "number"):
        raise Refused(f"“{source[0]}” gives nothing there that is true or false: an if needs that.")
    lines = Lines(flow, graph.function)
    makers = lines.bound[port.variable.partition(".")[0]]
    region, index = (makers[-1].region, makers[-1].index + 1) if makers else (Region(graph.function), 0)
    if makers and isinstance(makers[-1].statement, Loop):
        region, index = Region(graph.function, makers[-1].id), 0
    name = unique_id("if", taken(flow, graph.function))
    arms = (Arm(test=_ref(port.variable), body=_EMPTY), Arm(test=None, body=_EMPTY))
    steps = Steps(flow)
    steps.do(AddNode(region, index, Switch(id=name, arms=arms)))
    name = steps.flow.block(region).statements[index].id
    return steps.edit(f"Begin an if at {port.variable}"), name


def put_into_loop(flow: Flow, graph: Graph, ids: Iterable[str]) -> tuple[Edit, str]:
    """Let nodes run several times; return the id of the producer, too. Outside the value of the last turn is read.

    What has a state is made once, before the loop.

    Raises
    ------
    Refused
        The nodes do not stand together.
    """
    function = graph.function
    steps = Steps(flow)
    count, importing = callee_of(flow, function, "flodesk.nodes.timing.count")
    steps.do(importing)
    wanted = list(ids)
    chosen = selection_of(steps.flow, graph, wanted, _makers(graph, wanted))
    lines = Lines(steps.flow, function)
    made = [line for line in chosen.lines if isinstance(line.statement, Call) and lines.calling[line.statement.name]]
    kept = {line.statement.name for line in made if isinstance(line.statement, Call)}
    if len(made) == len(chosen.lines):
        raise Refused("What has a state is made once, before its loop: select what is called, too.")
    names = taken(steps.flow, function)
    turn = unique("turn", names)
    outputs = replace(chosen, outputs=tuple(name for name in chosen.outputs if name not in kept))
    body, inner = _inside(steps.flow, graph, outputs, names, "turn", made)
    before: list[Statement] = [line.statement for line in made]
    after: list[Statement] = []
    for name, new in inner.items():
        last, importing = callee_of(steps.flow, function, "flodesk.nodes.collect.Last")
        steps.do(importing)
        keeper = unique(f"{name}_last", names)
        before.append(Call(id=keeper, name=keeper, callee=last))
        add = Call(id=unique_id("call", names), name="", callee=f"{keeper}.add", arguments=(Argument(Ref(new)),))
        body.append(add)
        after.append(Call(id=name, name=name, callee=f"{keeper}.result"))
    loop = Loop(
        id=turn, targets=(turn,), callee=count, arguments=(Argument(Literal("10")),), body=Block(statements=tuple(body))
    )
    _swap(steps, graph, chosen, [*before, loop, *after], inner)
    return steps.edit(f"Put {_words(chosen)} into a loop"), turn


def add_arm(flow: Flow, function: str, switch: str, test: bool) -> Edit:
    """Give a switch one more arm: an ``elif`` that is never taken until it gets its `test`, or the ``else``.

    What the arms join gets in it what it gets in the last one, if that can be read there, else `None`.

    Raises
    ------
    Refused
        It has an ``else`` already.
    """
    statement = find(flow, function, switch)[1]
    if not isinstance(statement, Switch):
        raise Refused(f"“{switch}” is no switch.")
    closed = statement.arms[-1].test is None
    if closed and not test:
        raise Refused(f"“{switch}” has an else already.")
    names = taken(flow, function)
    inside = {name for arm in statement.arms for s in arm.body.statements for name in binds_of(s)}
    joined: dict[str, Ref | Literal] = {}
    for arm in statement.arms:
        for one in arm.body.statements:
            if isinstance(one, Bind):
                readable = isinstance(one.value, Literal) or one.value.name not in inside
                joined[one.name] = one.value if readable else joined.get(one.name, Literal("None"))
    body = tuple(Bind(id=unique_id("bind", names), name=name, value=value) for name, value in joined.items())
    new = Arm(test=Expression("False", ()) if test else None, body=Block(statements=body))
    arms = (*statement.arms[:-1], new, statement.arms[-1]) if closed else (*statement.arms, new)
    words = f"Add an {'elif' if test else 'else'} to {switch}"
    return ReplaceStatement(function, switch, replace(statement, arms=arms), words)


# ------------------------------------------------------------------ what moves
def _inside(
    flow: Flow, graph: Graph, chosen: Selection, names: set[str], suffix: str, left: Sequence[Line]
) -> tuple[list[Statement], dict[str, str]]:
    """Return the statements as they stand inside, and the names there of what is read outside."""
    lines = Lines(flow, graph.function)
    moving = [line for line in chosen.lines if line not in left]
    inner: dict[str, str] = {}
    indent = indentation(flow, chosen.lines[0].region)
    block = Block(statements=tuple(transplant(line.statement, indent, f"{indent}    ") for line in moving))
    for name in chosen.outputs:
        if lines.calling[name]:
            raise Refused(f"“{name}” is made once, and called elsewhere, too: leave it out.")
        inner[name] = unique(f"{name}_{suffix}", names)
        try:
            block = renamed_in(block, name, inner[name])
        except EditError as error:
            raise Refused(str(error)) from error
    return list(block.statements), inner


def _instead(chosen: Selection, kinds: dict[str, PortType], name: str, but: set[str]) -> Ref | Literal:
    """Return what is read where the nodes do not run: what came in if it is of the same type, else nothing.

    What decides does not stand for a value, and what is switched off has none: both are in `but`.
    """
    kind = kinds.get(name, "any")
    given = [one for one in chosen.inputs if one not in but]
    same = [one for one in given if kinds.get(one, "any") == kind]
    if not same and kind not in _NOTHING:
        same = [one for one in given if compatible(kinds.get(one, "any"), kind)]
    return Ref(same[0]) if same else Literal(_NOTHING.get(kind, "None"))


def _swap(steps: Steps, graph: Graph, chosen: Selection, made: Sequence[Statement], inner: dict[str, str]) -> None:
    """Put statements in the place of those that are chosen; what the header says of these stays."""
    function = graph.function
    before = too_early(Lines(steps.flow, function))
    kept = steps.flow
    steps.do(RemoveNodes(function, tuple(line.id for line in chosen.lines)))
    steps.do(AddNodes(chosen.lines[0].region, chosen.index, tuple(made)))
    refuse_too_early(before, Lines(steps.flow, function))
    for old, new in inner.items():
        kept = renamed_header(kept, function, old, new)
    steps.do(SetHeader(kept.header))


def unique_id(kind: str, names: set[str]) -> str:
    """Return the next free id of a statement without a name of its own (``if_2``); it is noted down as taken."""
    found = next(f"{kind}_{n}" for n in range(1, len(names) + 2) if f"{kind}_{n}" not in names)
    names.add(found)
    return found


def _ref(variable: str) -> Ref:
    name, _, field = variable.partition(".")
    return Ref(name, field)


def _words(chosen: Selection) -> str:
    names = [line.id for line in chosen.lines]
    return ", ".join(names[:3]) + (" …" if len(names) > 3 else "")
