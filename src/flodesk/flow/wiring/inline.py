"""A call of a function of the file becomes the nodes of that function: the way back from `make_subflow`."""

from __future__ import annotations

import ast
from dataclasses import replace

from flodesk.flow.edit import (
    AddNodes,
    Edit,
    EditError,
    Move,
    RemoveNodes,
    Rename,
    SetDrawn,
    SetHeader,
    SetSetting,
    SetView,
)
from flodesk.flow.edit.header import DRAWN, TABLES, setting, wire_ends
from flodesk.flow.edit.rename import bound, renamed_in
from flodesk.flow.edit.tree import ids, indentation, transplant, with_body
from flodesk.flow.function_ends import has_steps
from flodesk.flow.model import (
    Address,
    Bind,
    Block,
    Call,
    Code,
    Docstring,
    Flow,
    Function,
    Literal,
    Ref,
    Region,
    Return,
    Statement,
    walk,
)
from flodesk.flow.routes import shifted
from flodesk.flow.script import write
from flodesk.flow.script.names import free_names
from flodesk.flow.syntax import parse_tree
from flodesk.flow.wiring.naming import taken, unique
from flodesk.flow.wiring.pieces import drawn_along
from flodesk.flow.wiring.refused import Refused
from flodesk.flow.wiring.step import Steps


def inline_subflow(flow: Flow, function: str, node: str) -> tuple[Edit, tuple[str, ...]]:
    """Put the nodes of a subflow in the place of a node that calls it.

    Names that are taken get a number. The function itself goes with its last call. Comments, places on the canvas,
    views and where a node runs come along.

    Returns
    -------
    edit, nodes
        The ids of what stands there now.

    Raises
    ------
    Refused
        The node calls no function of the file, or one that cannot be taken apart.
    """
    entry = flow.index.get(Address(function, node))
    call = entry[0] if entry is not None else None
    called = flow.functions.get(call.callee) if isinstance(call, Call) else None
    if entry is None or not isinstance(call, Call) or called is None:
        raise Refused(f"“{node}” calls no function of this file: there is nothing inside of it to take out.")
    if called.name == function or not has_steps(called) or _leaves(called):
        raise Refused(f"“{called.name}” leaves before its end, yields, or has no nodes: it stays as it is.")
    _same_meaning(flow, function, called)
    making = _Inlining(flow, function, call, called)
    region = entry[1]
    index = next(n for n, s in enumerate(_block_of(flow, region).statements) if s.id == node)
    body = making.body(region)
    steps = Steps(flow)
    steps.do(RemoveNodes(function, (call.id,)))
    steps.do(AddNodes(region, index, tuple(body)))
    making.header(steps)
    _without(steps, called.name)
    return steps.edit(f"Take {called.name} apart"), tuple(statement.id for statement in body)


def _leaves(called: Function) -> bool:
    """Say whether a function may end before its last line: taken apart, it would end the one around it."""
    inside = [s for s, region in walk(called.body, Region(called.name)) if not isinstance(s, Return) or region.owner]
    return any(isinstance(s, Return) or (isinstance(s, Code) and s.leaves) for s in inside)


def _block_of(flow: Flow, region: Region) -> Block:
    if not region.owner:
        return flow.functions[region.function].body
    owner = flow.index[Address(region.function, region.owner)][0]
    arms = getattr(owner, "arms", None)
    block: Block = arms[region.arm].body if arms is not None else owner.body  # type: ignore[union-attr]
    return block


def _names_in(flow: Flow, function: str) -> set[str]:
    """Return the names that the text of a function has as such."""
    tree = next(
        part
        for part in parse_tree(write(flow)).body
        if isinstance(part, ast.FunctionDef | ast.AsyncFunctionDef) and part.name == function
    )
    return {part.id for part in ast.walk(tree) if isinstance(part, ast.Name)}


def _same_meaning(flow: Flow, function: str, called: Function) -> None:
    host = flow.functions[function]
    own = bound(called.body) | set(_parameters(called))
    for name in sorted((_names_in(flow, called.name) - own) & (bound(host.body) | set(_parameters(host)))):
        raise Refused(f"“{name}” is something else in “{function}” than in “{called.name}”: rename it there first.")


def _parameters(function: Function) -> dict[str, str | None]:
    """Return the parameters of a function with the texts of their defaults.

    Raises
    ------
    Refused
        It takes any number of them.
    """
    tree = parse_tree(f"def f({function.parameters}): pass").body[0]
    assert isinstance(tree, ast.FunctionDef)
    args = tree.args
    if args.vararg or args.kwarg:
        raise Refused(f"“{function.name}” takes any number of values: it stays a function.")
    positional = [*args.posonlyargs, *args.args]
    defaults: list[ast.expr | None] = [None] * (len(positional) - len(args.defaults))
    found = dict(zip(positional, [*defaults, *args.defaults], strict=True)) | dict(
        zip(args.kwonlyargs, args.kw_defaults, strict=True)
    )
    return {argument.arg: None if value is None else ast.unparse(value) for argument, value in found.items()}


class _Inlining:
    def __init__(self, flow: Flow, function: str, call: Call, called: Function) -> None:
        self.flow = flow
        self.function = function
        self.call = call
        self.called = called
        self.names = taken(flow, function)
        self.whole = flow
        """The flow with the function's names as they will be."""
        self.now: dict[str, str] = {}

    # -------------------------------------------------------------- the nodes
    def body(self, region: Region) -> list[Statement]:
        """Return the statements that stand in the place of the call."""
        parameters = _parameters(self.called)
        given = self._given(parameters)
        result = self._result(parameters)
        own = (ids(self.called.body) | bound(self.called.body)) - {"return", "__doc__"}
        clashes = sorted((own & self.names) - {result})
        self.names |= own
        # first out of the way: the call may give one parameter the value of a variable that has the name of another
        for name in sorted(given.keys() - own):
            self._rename(name, unique(f"{name}_given", self.names))
        for name in clashes:
            self._rename(name, unique(name, self.names))
        lines = self._passed(given, own)
        if result:
            self._rename(result, self.call.name)
        block = self.whole.functions[self.called.name].body
        old, new = indentation(self.whole, Region(self.called.name)), indentation(self.flow, region)
        statements = [s for s in block.statements if not isinstance(s, Docstring | Return)]
        moved = [*lines, *(transplant(s, old, new) for s in statements), *self._given_back(block, bool(result))]
        # one of several arms that bind a name has another id than its name
        moved = [replace(s, id=self.call.id) if s.id == self.call.name else s for s in moved]
        lead = self.call.lead + self._comments(block, new)
        return [replace(moved[0], lead=lead + moved[0].lead), *moved[1:]] if moved else []

    def _given(self, parameters: dict[str, str | None]) -> dict[str, Ref | Literal]:
        """Return what each parameter gets."""
        found: dict[str, Ref | Literal] = {}
        positional = iter(parameters)
        for argument in self.call.arguments:
            name = argument.keyword or next(positional, "")
            if name not in parameters:
                raise Refused(f"“{self.call.id}” passes what “{self.called.name}” does not take: mend the call first.")
            found[name] = argument.value
        for name, default in parameters.items():
            if name not in found:
                if default is None:
                    raise Refused(f"“{name}” of “{self.call.id}” is open: connect it first.")
                found[name] = Literal(default)
        return found

    def _result(self, parameters: dict[str, str | None]) -> str:
        """Return the variable that the call can be named after; empty where a line of its own has to give its name."""
        values = next((s.values for s in self.called.body.statements if isinstance(s, Return)), ())
        if not self.call.name or len(values) != 1 or not isinstance(values[0], Ref) or values[0].field:
            return ""
        name = values[0].name
        return name if name not in parameters and name in bound(self.called.body) else ""

    def _passed(self, given: dict[str, Ref | Literal], own: set[str]) -> list[Statement]:
        """Let the nodes read what the parameters were given; what is no variable gets a line."""
        lines: list[Statement] = []
        for name, value in given.items():
            if isinstance(value, Ref) and not value.field and name not in own and value.name != self.call.name:
                self._rename(name, value.name)
                continue
            new = self.now.get(name, name) if name in own else unique(name, self.names)
            self._rename(name, new)
            lines.append(Bind(id=new, name=new, value=value))
        return lines

    def _rename(self, name: str, new: str) -> None:
        """Rename what the function calls so, whatever it has been renamed to before."""
        old, self.now[name] = self.now.get(name, name), new
        if old == new:
            return
        flow, function = self.whole, self.called.name
        block = flow.functions[function].body
        try:
            if old in ids(block) | bound(block):
                self.whole, _ = Rename(function, old, new).apply(flow)
            else:
                self.whole = with_body(flow, function, renamed_in(block, old, new))
        except EditError as error:
            raise Refused(str(error)) from error

    def _given_back(self, block: Block, named: bool) -> list[Statement]:
        name = self.call.name
        if named or not name:
            return []
        values = next((s.values for s in block.statements if isinstance(s, Return)), ())
        if len(values) == 1 and isinstance(values[0], Ref | Literal):
            return [Bind(id=name, name=name, value=values[0])]
        if not values:
            read = name in _names_in(self.flow, self.function)
            return [Bind(id=name, name=name, value=Literal("None"))] if read else []
        text = ", ".join(value.text for value in values)
        reads = free_names(parse_tree(f"({text}\n)", mode="eval").body)
        return [Code(id=name, text=f"{name} = {text}", reads=reads, binds=(name,))]

    def _comments(self, block: Block, indent: str) -> str:
        """Return what is said about the function and the call as comments."""
        said = [s.value for s in block.statements if isinstance(s, Docstring)]
        lines = [line for text in [*said, self.call.note] for line in text.strip().splitlines()]
        tail = [line.strip() for line in block.tail.splitlines() if line.strip()]
        return "".join(f"{indent}# {line}".rstrip() + "\n" for line in lines) + "".join(f"{indent}{t}\n" for t in tail)

    # -------------------------------------------------------------- the header
    def header(self, steps: Steps) -> None:
        """Take places, views and settings of the nodes along."""
        function, called, header = self.function, self.called.name, self.whole.header
        here = ids(steps.flow.functions[function].body)
        places = {name: at for name, at in header.canvas.get(called, {}).items() if name in here}
        corner = self.flow.header.canvas.get(function, {}).get(self.call.id)
        if places and corner is not None:
            left, top = min(x for x, _ in places.values()), min(y for _, y in places.values())
            moved = {n: (corner[0] + x - left, corner[1] + y - top) for n, (x, y) in places.items()}
            steps.do(Move(function, dict(moved)))
        known = set(self.flow.header.panel.get(function, {}))
        for view in header.panel.get(called, {}).values():
            if view.shows.partition(".")[0] in here:
                steps.do(SetView(function, new := unique(view.id, known), replace(view, id=new)))
        for table in TABLES:
            lines = {name: value for name, value in setting(self.whole, table, called).items() if name in here}
            outer = setting(self.flow, table, function).get(self.call.id)
            if table == "places" and outer is not None:
                body = self.whole.functions[called].body
                lines = {s.id: outer for s in body.statements if isinstance(s, Call | Code) and s.id in here} | lines
            for name, value in lines.items():
                steps.do(SetSetting(table, function, name, value, f"Keep {name}"))
        step = (corner[0] - left, corner[1] - top) if places and corner is not None else (0.0, 0.0)
        if places and corner is not None:
            for edit in drawn_along(self.whole, called, steps.flow, function, step):
                steps.do(edit)
        for name, value in setting(self.whole, "wires", called).items():
            if here.issuperset(wire_ends(name)):
                steps.do(SetDrawn("wires", function, name, shifted(value, step), f"Keep {name}"))


def _without(steps: Steps, called: str) -> None:
    """Take a function out that nobody calls any more."""
    flow = steps.flow
    tree = parse_tree(write(flow))
    if called in flow.mains or any(isinstance(part, ast.Name) and part.id == called for part in ast.walk(tree)):
        return
    steps.do(RemoveNodes("", (flow.functions[called].id,)))
    header = steps.flow.header
    settings = dict(header.settings)
    for table in (*TABLES, *DRAWN):
        if called in settings.get(table, {}):
            settings[table] = {name: lines for name, lines in settings[table].items() if name != called}
            if not settings[table]:
                del settings[table]
    canvas = {name: places for name, places in header.canvas.items() if name != called}
    panel = {name: views for name, views in header.panel.items() if name != called}
    new = replace(header, canvas=canvas, panel=panel, settings=settings)
    if new != header:
        steps.do(SetHeader(new))
