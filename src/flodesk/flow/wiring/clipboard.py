"""Nodes that travel as Python: copied, they are a small flow file; any Python text can be pasted."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace

from flodesk.flow.catalog import Catalog
from flodesk.flow.edit import AddNodes, Edit, EditError, Move, SetDrawn, SetView
from flodesk.flow.edit.header import setting, wire_ends
from flodesk.flow.edit.imports import renumbered
from flodesk.flow.edit.rename import Rename, bound
from flodesk.flow.edit.tree import below
from flodesk.flow.edit.tree import ids as ids_of
from flodesk.flow.graph import Graph, picture
from flodesk.flow.model import (
    Argument,
    Block,
    Call,
    Code,
    Docstring,
    Flow,
    Function,
    Header,
    Import,
    Literal,
    Loop,
    Main,
    Ref,
    Region,
    Return,
    Statement,
    Switch,
    walk,
)  # fmt: skip
from flodesk.flow.names import reads_of
from flodesk.flow.pieces import Key, pieces
from flodesk.flow.routes import shifted
from flodesk.flow.script import ScriptError, read, write
from flodesk.flow.wiring.add import Place, has_loop, make_async, new_function, place_in
from flodesk.flow.wiring.naming import callee_of, taken, unique, used_names
from flodesk.flow.wiring.pieces import drawn_along
from flodesk.flow.wiring.refused import Refused
from flodesk.flow.wiring.remove import remove
from flodesk.flow.wiring.settle import settle
from flodesk.flow.wiring.step import Steps
from flodesk.flow.wiring.views import first_view

NAME = "copied"
"""The function that copied nodes stand in."""


def copy(flow: Flow, graph: Graph, ids: Iterable[str], drawn: Collection[Key] = ()) -> str:
    """Return some nodes as the text of a small flow, with the wires among them and their places, and no other wires.

    Notes and frames go along that are in `drawn`.

    Raises
    ------
    Refused
        Nothing is selected.
    """
    wanted = set(ids) & set(graph.nodes)
    if not wanted and not drawn:
        raise Refused("Nothing is selected.")
    others = [name for name in graph.nodes if name not in wanted]
    kept = flow
    if others:
        kept, _ = remove(flow, graph, others).apply(flow)
    body = kept.functions[graph.function].body
    used = used_names(replace(kept, module=Block(statements=(Function(id=NAME, name=NAME, body=body),))))
    imports = [s for s in kept.module.statements if isinstance(s, Import) and any(n in used for n, _ in s.names)]
    imports = [
        replace(s, names=tuple(p for p in s.names if p[0] in used), raw=None, lead="")
        if s.module
        else replace(s, lead="")
        for s in imports
    ]
    places = {name: place for name, place in flow.header.canvas.get(graph.function, {}).items() if name in wanted}
    statements = tuple(s for s in body.statements if not isinstance(s, Docstring | Return))
    function = Function(id=NAME, name=NAME, body=replace(body, statements=_first_lead(statements), indent=body.indent))
    header = _with_drawn(Header(canvas={NAME: places} if places else {}), flow, graph.function, wanted, drawn)
    numbered = [statement for _, statement in renumbered(enumerate(imports))]
    return write(Flow(header=header, module=Block(statements=(*numbered, function))))


def _with_drawn(header: Header, flow: Flow, function: str, ids: set[str], drawn: Collection[Key]) -> Header:
    """Return the header with the notes and frames of a selection, and with the way and the pins of what is in it."""
    there = Flow(header=header)
    for edit in drawn_along(flow, function, there, NAME, (0.0, 0.0), drawn):
        there, _ = edit.apply(there)
    for name, line in setting(flow, "wires", function).items():
        if ids.issuperset(wire_ends(name)):
            there, _ = SetDrawn("wires", NAME, name, line, "").apply(there)
    for name, line in setting(flow, "pins", function).items():
        if name in ids:
            there, _ = SetDrawn("pins", NAME, name, line, "").apply(there)
    return there.header


def _first_lead(statements: tuple[Statement, ...]) -> tuple[Statement, ...]:
    """Take the blank lines off before the first statement."""
    if not statements:
        return statements
    first = replace(statements[0], lead=statements[0].lead.lstrip("\n"))
    return (first, *statements[1:])


def paste(flow: Flow, catalog: Catalog, function: str, text: str, place: Place) -> tuple[Edit, tuple[str, ...]]:
    """Put the nodes of a Python text on the canvas, with names that are free.

    Where the text reads a name that it does not bind and this flow does, that becomes a wire. With a loop in it, and
    one here, it becomes a flow of its own.

    Parameters
    ----------
    text : str
        What `copy` gave, or any Python.
    place : tuple
        Upper left corner of all on the canvas.

    Returns
    -------
    edit, nodes
        The ids of the new boxes; with their function before them (``flow_2.tick``) where that is a new one.

    Raises
    ------
    Refused
        The text is no Python, or nothing in it is a node.
    """
    try:
        given = read(text)
    except ScriptError as error:
        raise Refused(f"What is on the clipboard is no Python: {error}") from error
    if function not in flow.functions:
        raise Refused(f"There is no flow “{function}” to put it on.")
    source = NAME if NAME in given.functions else next(iter(given.functions), "")
    plain = [s for s in given.module.statements if not isinstance(s, Import | Docstring | Main | Function)]
    if plain or not source:
        given = Flow(header=given.header, module=Block(statements=(*_imports(given), _wrapped(plain))))
        given = read(write(given))
        source = NAME
    statements = [s for s in given.functions[source].body.statements if not isinstance(s, Docstring | Return)]
    steps = Steps(flow)
    if not statements and pieces(given, source):
        _place(steps, function, given, source, {}, [], place)
        return steps.edit("Paste"), ()
    if not statements:
        raise Refused("There is no node in what is on the clipboard.")
    home = function
    if has_loop(statements) and has_loop(flow.functions[function].body.statements):
        home = new_function(steps, function)
    return _insert(steps, catalog, home, given, source, place, home == function)


def _imports(flow: Flow) -> list[Import]:
    return [s for s in flow.module.statements if isinstance(s, Import)]


def _wrapped(statements: Sequence[Statement]) -> Function:
    """Put bare statements into a function."""
    return Function(id=NAME, name=NAME, body=Block(statements=_first_lead(tuple(statements))))


def _insert(
    steps: Steps, catalog: Catalog, function: str, given: Flow, source: str, place: Place, here: bool
) -> tuple[Edit, tuple[str, ...]]:
    """Put the statements of a function into another one."""
    old = picture(given, catalog, source)
    known = bound(steps.flow.functions[function].body)
    given, fresh = _with_free_names(steps.flow, function, given, source)
    statements = [s for s in given.functions[source].body.statements if not isinstance(s, Docstring | Return)]
    callees = {}
    for callee in sorted({s.callee for s in _calls(statements)}):
        path = given.resolve(callee)
        head = callee.partition(".")[0]
        if head in given.imports:
            callees[callee], imported = callee_of(steps.flow, function, path)
            steps.do(imported)
    region, index = place_in(steps.flow, function)
    made = [_adapted(s, callees, known) for s in statements]
    steps.do(AddNodes(region, index, tuple(made)))
    make_async(steps, function, made)
    for statement in made:
        for inner in below(statement):
            if any(ref.name in known for ref in reads_of(inner)):
                moved, edits = settle(steps.flow, function, inner.id)
                steps.took(moved, list(edits))
    boxes = [fresh.get(name, name) for name in old.nodes]
    new = picture(steps.flow, catalog, function)
    boxes = [name for name in boxes if name in new.nodes]
    _place(steps, function, given, source, given.header.canvas.get(source, {}), boxes, place)
    for name in boxes:
        spec = new.nodes[name].spec
        view = first_view(steps.flow, function, name, spec) if spec else None
        steps.do(SetView(function, name, view) if view else None)
    found = tuple(name if here else f"{function}.{name}" for name in boxes)
    return steps.edit(f"Paste {boxes[0] if len(boxes) == 1 else f'{len(boxes)} nodes'}"), found


def _with_free_names(flow: Flow, function: str, given: Flow, source: str) -> tuple[Flow, dict[str, str]]:
    """Rename what the target has already; also return the new name of each old one."""
    names = taken(flow, function)
    body = given.functions[source].body
    own = bound(body) | ids_of(body)
    fresh = {name: name for name in own if name not in names}
    names |= own
    for name in sorted(own - set(fresh)):
        base, _, number = name.rpartition("_")
        fresh[name] = unique(base if base and number.isdigit() else name, names)
        try:
            given, _ = Rename(source, name, fresh[name]).apply(given)
        except EditError as error:
            raise Refused(str(error)) from error
    return given, fresh


def _calls(statements: Sequence[Statement]) -> list[Call | Loop]:
    return [s for s, _ in walk(Block(statements=tuple(statements)), Region("")) if isinstance(s, Call | Loop)]


def _adapted(statement: Statement, callees: dict[str, str], known: set[str]) -> Statement:
    """Return a statement as it is to stand here: its imports under their names here, its free names as wires."""

    def value(argument: Argument) -> Argument:
        if isinstance(argument.value, Literal):
            head, _, rest = argument.value.text.partition(".")
            if head in known:
                return replace(argument, value=Ref(head, rest))
        return argument

    def block(inner: Block) -> Block:
        return replace(inner, statements=tuple(_adapted(s, callees, known) for s in inner.statements), indent=None)

    match statement:
        case Call():
            callee = callees.get(statement.callee, statement.callee)
            return _fresh(statement, callee=callee, arguments=tuple(map(value, statement.arguments)))
        case Loop():
            callee = callees.get(statement.callee, statement.callee)
            arguments = tuple(map(value, statement.arguments))
            return _fresh(statement, callee=callee, arguments=arguments, body=block(statement.body))
        case Switch():
            return replace(statement, arms=tuple(replace(arm, body=block(arm.body)) for arm in statement.arms))
        case Code():
            return replace(statement, raw=None if "\n" in (statement.raw or "") else statement.raw)
        case _:
            return statement


def _fresh(statement: Call | Loop, **values: object) -> Statement:
    same = all(getattr(statement, name) == value for name, value in values.items())
    if same and isinstance(statement, Call):
        return statement
    return replace(statement, raw=None, **values)  # type: ignore[arg-type]


def _place(
    steps: Steps, function: str, given: Flow, source: str, before: Mapping[str, Place], boxes: list[str], place: Place
) -> None:
    """Put boxes, notes and frames beside each other as they stood, their upper left corner at the place."""
    known = {name: before[name] for name in boxes if name in before}
    corners = [*known.values(), *(piece.box[:2] for piece in pieces(given, source).values())]
    left = min((x for x, _ in corners), default=0.0)
    top = min((y for _, y in corners), default=0.0)
    places: dict[str, tuple[float, float] | None] = {}
    for number, name in enumerate(boxes):
        x, y = known.get(name, (left + 230.0 * number, top))
        places[name] = (place[0] + x - left, place[1] + y - top)
    if places:
        steps.do(Move(function, places))
    for edit in drawn_along(given, source, steps.flow, function, (place[0] - left, place[1] - top)):
        steps.do(edit)
    step = place[0] - left, place[1] - top
    for name, line in setting(given, "wires", source).items():
        steps.do(SetDrawn("wires", function, name, shifted(line, step), "Paste"))
    for name, line in setting(given, "pins", source).items():
        steps.do(SetDrawn("pins", function, name, line, "Paste"))
