"""A new node: its lines, its name, the import of its type, its place on the canvas and its view on the panel."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import count

from flodesk.flow.catalog import Catalog
from flodesk.flow.edit import AddNode, Edit, ReplaceStatement, SetView
from flodesk.flow.edit.tree import find
from flodesk.flow.ends import shared_by
from flodesk.flow.graph import Node, Port, picture
from flodesk.flow.model import (
    Argument,
    Block,
    Call,
    Code,
    Docstring,
    Flow,
    Function,
    Import,
    Literal,
    Loop,
    Main,
    Region,
    Return,
    Statement,
)
from flodesk.flow.python_types import is_hidden, python_type
from flodesk.flow.script import keep_text
from flodesk.flow.spec import NodeSpec, Parameter
from flodesk.flow.types import PortType, compatible
from flodesk.flow.wiring.ahead import put_ahead
from flodesk.flow.wiring.arms import into_arm, is_arm
from flodesk.flow.wiring.asynchronous import make_async
from flodesk.flow.wiring.connect import connect
from flodesk.flow.wiring.lines import Lines
from flodesk.flow.wiring.meaning import Spot
from flodesk.flow.wiring.naming import callee_of, snake, taken, unique
from flodesk.flow.wiring.refused import Refused
from flodesk.flow.wiring.step import Steps
from flodesk.flow.wiring.views import first_view

Place = tuple[float, float]
_NAMES = {"Queue": "jobs"}
_FIRST: dict[PortType, str] = {"number": "0.0", "integer": "0", "truth": "False", "text": "''"}


def add_node(
    flow: Flow,
    catalog: Catalog,
    function: str,
    spec_path: str,
    place: Place | None,
    source: tuple[str, ...] | None = None,
    at: Spot | None = None,
) -> tuple[Edit, str]:
    """Put a node of a type on the canvas.

    Without a wire it goes before the first loop of the function, else to its end. A producer is a loop with an empty
    body; where the function has a loop already it starts a function of its own, because loops that are written one
    after the other run one after the other. A type with state, or a collector, gets all its lines at once.

    Parameters
    ----------
    spec_path : str
        Dotted path of the type, as the catalog has it.
    place : tuple, optional
        Upper left corner of the box on the canvas; None lets the canvas find one.
    source : (node, port), optional
        A port that a wire was drawn from: an output, or an input (or a field) that the new node is to feed.
    at : Spot, optional
        Where its lines are written, in place of where those of one without a wire are.

    Returns
    -------
    edit, node
        The id of the new box; with its function before it (``flow_2.tick``) where that is a new one.

    Raises
    ------
    Refused
        The type is unknown, or does not fit the wire.
    """
    spec = catalog.with_flow(flow).find(spec_path) or (None if is_hidden(flow, spec_path) else python_type(spec_path))
    if spec is None:
        meant = catalog.suggest(spec_path)
        raise Refused(f"There is no node type “{spec_path}”.{f' Did you mean “{meant}”?' if meant else ''}")
    if function not in flow.functions:
        raise Refused(f"There is no flow “{function}” to put it on.")
    if spec_path == function:
        raise Refused(f"“{function}” calls itself then, without end: put the node into another function.")
    if spec.role == "shared":
        return _add_shared(flow, catalog, function, spec, place, source)
    steps = Steps(flow)
    callee, imported = callee_of(flow, function, spec_path)
    steps.do(imported)
    where, index = (at.region, at.index) if at is not None else place_in(steps.flow, function)
    if (
        spec.role == "producer"
        and source is None
        and not _inputs(spec)
        and has_loop(flow.functions[function].body.statements)
    ):
        function = new_function(steps, function)
        where, index = Region(function), 0
    lines = new_lines(spec, callee, taken(steps.flow, function))
    if shared_by(flow, spec) is not None and isinstance(loop := lines.statements[0], Loop):
        lines = NewLines(lines.node, (replace(loop, called=False),))
    first, rest = lines.statements[0], lines.statements[1:]
    outside = _above_loops(Lines(steps.flow, function), where) if rest else None
    steps.do(AddNode(*(outside or (where, index)), first, place))
    for number, statement in enumerate(rest, 0 if outside else 1):
        steps.do(AddNode(where, index + number, statement))
    make_async(steps, function, lines.statements)
    view = first_view(steps.flow, function, lines.node, spec)
    steps.do(SetView(function, view.id, view, proposed=True) if view else None)
    if source is not None:
        _wire(steps, catalog, function, lines.node, source, stays=at is not None and at.stays)
    node = lines.node if function in flow.functions else f"{function}.{lines.node}"
    return steps.edit(f"Add {lines.node}"), node


def _add_shared(
    flow: Flow, catalog: Catalog, function: str, spec: NodeSpec, place: Place | None, source: tuple[str, ...] | None
) -> tuple[Edit, str]:
    """Make a queue at the top of the file, and the end of it that a hand needs here: mostly the one to put into."""
    method = "put"
    if source is not None:
        other = picture(flow, catalog, function).nodes.get(source[0])
        if other is not None and not any(port.name == source[1] for port in other.outputs):
            method = "get"
            if method not in spec.methods:
                raise Refused(
                    f"A {spec.title.lower()} is read by a loop of its own: put a value into it in another function,"
                    " then add “From …” from the library."
                )
    steps = Steps(flow)
    callee, imported = callee_of(flow, function, spec.path)
    steps.do(imported)
    names = taken(steps.flow, function).union(*(taken(steps.flow, other) for other in flow.functions))
    name = unique(_NAMES.get(spec.name, spec.name), names)
    before = steps.flow.module.statements
    index = next((n for n, s in enumerate(before) if isinstance(s, Function | Main)), len(before))
    above = before[index - 1] if index else None
    lead = "\n" if isinstance(above, Import | Docstring) else ""
    steps.do(AddNode(Region(""), index, Call(id=name, name=name, callee=callee, lead=lead)))
    edit, node = add_node(steps.flow, catalog, function, f"{name}.{method}", place, source)
    steps.do(edit)
    return steps.edit(f"Add {name}"), node


# ------------------------------------------------------------------ the lines of a node
@dataclass(frozen=True, slots=True)
class NewLines:
    """The lines of a new node; the first one bears the box's id."""

    node: str
    statements: tuple[Statement, ...]


def new_lines(spec: NodeSpec, callee: str, names: set[str]) -> NewLines:
    """Return the lines of a new node of a type, with names that are not among `names`."""
    if spec.role == "producer":
        counts = spec.outputs and spec.outputs[0].type == "integer"
        name = unique("tick" if counts else "value", names)
        awaited = bool(spec.awaits)
        return NewLines(name, (Loop(id=name, targets=(name,), callee=callee, awaited=awaited, body=Block()),))
    first = f"{spec.name}_1"  # the file's own function holds its name, and clip_2 looks as if there were another
    name = unique(first if callee == snake(spec.name) and first not in names else spec.name, names)
    awaited = "" in spec.awaits
    made = Call(id=name, name=name, callee=callee, arguments=first_arguments(spec), awaited=awaited)
    if not spec.methods:
        return NewLines(name, (made,))
    statements: list[Statement] = [made]
    for method in spec.methods:
        awaited = method in spec.awaits
        if method == "__call__":
            result = unique(f"{name}_out", names)
            statements.append(Call(id=result, name=result, callee=name, awaited=awaited))
        elif spec.results(method):
            result = unique(f"{name}_{method}", names)
            statements.append(Call(id=result, name=result, callee=f"{name}.{method}", awaited=awaited))
        else:
            number = next(f"call_{n}" for n in count(1) if f"call_{n}" not in names)
            names.add(number)
            statements.append(Call(id=number, name="", callee=f"{name}.{method}", awaited=awaited))
    return NewLines(name, tuple(statements))


def first_arguments(spec: NodeSpec) -> tuple[Argument, ...]:
    """Return what is written out of a new node from the start: of a control its value, which a hand will change."""
    if spec.role != "control" or not spec.parameters:
        return ()
    first = spec.parameters[0]
    return (Argument(Literal(first.default or _first_text(first))),)


def _first_text(parameter: Parameter) -> str:
    if parameter.choices:
        return Literal.of(parameter.choices[0]).text
    if parameter.type == "number" and parameter.minimum is not None:
        return repr(float(parameter.minimum))
    return _FIRST.get(parameter.type, "None")


def _inputs(spec: NodeSpec) -> list[Parameter]:
    return [p for p in spec.parameters if p.required]


# ------------------------------------------------------------------ where it goes
def place_in(flow: Flow, function: str) -> tuple[Region, int]:
    """Return where a node without wires goes: before the first loop, else to the end (before what leaves)."""
    statements = flow.functions[function].body.statements
    for index, statement in enumerate(statements):
        if isinstance(statement, Loop):
            return Region(function), index
    end = len(statements)
    while end and (isinstance(last := statements[end - 1], Return) or (isinstance(last, Code) and last.leaves)):
        end -= 1
    if end == 0 and statements and isinstance(statements[0], Docstring):
        end = 1
    return Region(function), end


def _above_loops(lines: Lines, region: Region) -> tuple[Region, int] | None:
    """Return the place before the outermost loop around a region; None if there is none.

    An object is made there, once: in the loop it would forget in each turn what it has taken in.
    """
    owner = lines.by_id.get(region.owner)
    chain = (*owner.chain, region) if owner is not None else ()
    loop = next((lines.by_id[one.owner] for one in chain if lines.is_loop(one)), None)
    return (loop.region, loop.index) if loop is not None else None


def has_loop(statements: Sequence[Statement]) -> bool:
    """Say whether a loop is among some statements."""
    return any(isinstance(s, Loop) for s in statements)


def add_function(flow: Flow, like: str) -> tuple[Edit, str]:
    """Start an empty function beside another one, with which it runs side by side.

    Returns
    -------
    edit, name
        The name is made of that of the other.

    Raises
    ------
    Refused
        The file hands nothing to ``flodesk.main``.
    """
    steps = Steps(flow)
    name = new_function(steps, like)
    return steps.edit(f"New function {name}"), name


def new_function(steps: Steps, like: str) -> str:
    """Start a function beside another, and hand it to ``flodesk.main``."""
    name = unique(like, taken(steps.flow, like))
    statements = steps.flow.module.statements
    number = next((n for n, s in enumerate(statements) if isinstance(s, Main)), None)
    if number is None:
        raise Refused(
            "This file hands nothing to flodesk.main, so a second loop would not run."
            ' Add: if __name__ == "__main__": flodesk.main(…).'
        )
    main = statements[number]
    assert isinstance(main, Main)
    steps.do(AddNode(Region(""), number, Function(id=name, name=name, body=Block(), lead="\n\n")))
    more = keep_text(main, replace(main, functions=(*main.functions, name)))
    steps.do(ReplaceStatement("", main.id, more, f"Run {name}"))
    return name


# ------------------------------------------------------------------ its first wire
def _wire(steps: Steps, catalog: Catalog, function: str, node: str, source: tuple[str, ...], *, stays: bool) -> None:
    """Connect the new node with the port that a wire was drawn from."""
    graph = picture(steps.flow, catalog, function)
    other = graph.nodes.get(source[0])
    if other is None:
        raise Refused(f"There is no “{source[0]}” to connect with.")
    new = graph.nodes[node]
    output = next((p for p in other.outputs if p.name == source[1]), None)
    if output is not None:
        name = fitting_input(new, output.type)
        if name is None and is_arm(graph, source):
            steps.do(into_arm(steps.flow, graph, source, new, find(steps.flow, function, new.statements[-1])[1]))
            return
        if name is None:
            raise Refused(f"“{new.title}” has no input that takes what “{output.label}” gives.")
        steps.do(connect(steps.flow, graph, (other.id, output.name), (node, name), stays=stays))
        return
    kind = _taken(other, source[1])
    fitting = [p for p in new.outputs if kind is not None and compatible(p.type, kind)]
    if not fitting:
        raise Refused(f"“{new.title}” gives nothing that “{other.id}” takes there.")
    put_ahead(steps, graph, node, other.id)
    steps.do(connect(steps.flow, graph, (node, fitting[0].name), (other.id, source[1])))


def _taken(node: Node, name: str) -> PortType | None:
    """Return the type of what an input, or a field, of a card takes; None if it has none of that name."""
    port = next((port for port in node.inputs if port.name == name), None)
    if port is not None:
        return port.type
    if not any(entry.name == name for entry in node.fields):
        return None
    parameter = node.spec.parameter(name) if node.spec is not None else None
    return parameter.type if parameter is not None else "any"


def output_for(node: Node, spec: NodeSpec) -> Port | None:
    """Return the output of a card that a new node of a type is likely to read; None if none of them goes into it.

    It has to be an input that needs a value: a field is a wire's end only where a hand says so.
    """
    wanted = [p for p in spec.parameters if (p.required or p.passing == "many") and p.method != "__init__"]
    if spec.role in ("control", "shared") or node.kind == "switch":
        return None
    fitting = [port for port in node.outputs if any(compatible(port.type, p.type) for p in wanted)]
    exact = [port for port in fitting if any(port.type == p.type for p in wanted)]
    return next(iter(exact or fitting), None)


def fitting_input(node: Node, kind: PortType) -> str | None:
    """Return the input of a new node that a wire of some type goes to: a required one first, a field last."""
    fitting = [p for p in node.inputs if compatible(kind, p.type) and p.name != "object"]
    fitting.sort(key=lambda port: (not _exact(port, kind), not port.required))
    if fitting:
        return fitting[0].name
    spec = node.spec
    for entry in node.fields:
        parameter = spec.parameter(entry.name) if spec else None
        if parameter is not None and compatible(kind, parameter.type) and parameter.type != "any":
            return entry.name
    return None


def _exact(port: Port, kind: PortType) -> bool:
    return port.type in (kind, "any") or kind == "any"
