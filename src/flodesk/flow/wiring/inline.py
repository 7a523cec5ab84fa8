"""A call of a function of the file becomes the nodes of that function: the way back from `make_subflow`."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import replace

from flodesk.flow.edit import (
    AddNodes,
    Edit,
    Move,
    RemoveNodes,
    ReplaceStatement,
    Restore,
    SetDrawn,
    SetHeader,
    SetSetting,
    SetView,
)
from flodesk.flow.edit.header import DRAWN, TABLES, setting, wire_ends
from flodesk.flow.edit.rename import bound
from flodesk.flow.edit.tree import ids
from flodesk.flow.function_ends import goes_in_steps
from flodesk.flow.model import Address, Call, Code, Docstring, Flow, Function, Region, Return, walk
from flodesk.flow.names import parameters_of
from flodesk.flow.routes import shifted
from flodesk.flow.script import ScriptError, read, write
from flodesk.flow.script.names import usage
from flodesk.flow.script.parsing import parse
from flodesk.flow.switched import how, kept_text
from flodesk.flow.syntax import parse_tree
from flodesk.flow.wiring.inlined import Inlining
from flodesk.flow.wiring.naming import drop_imports, unique
from flodesk.flow.wiring.pieces import drawn_along
from flodesk.flow.wiring.refused import Refused
from flodesk.flow.wiring.step import Steps
from flodesk.flow.wiring.subflow import middle

_TYPING = ("typing.NamedTuple", "typing.Any", "typing")
"""What is imported for the class of several results."""


def inline_subflow(flow: Flow, function: str, node: str) -> tuple[Edit, tuple[str, ...]]:
    """Put the nodes of a subflow in the place of a node that calls it.

    Names that are taken get a number. The function itself goes with its last call, and the class of the values that it
    returned with it, where nothing else uses that. Comments, places on the canvas, views and where a node runs come
    along.

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
    if called.name == function or not any(not isinstance(s, Docstring | Return) for s in called.body.statements):
        raise Refused(f"“{called.name}” has no nodes: there is nothing inside of it to take out.")
    if _leaves(called):
        raise Refused(f"“{called.name}” leaves before its end, or yields: it stays as it is.")
    if not goes_in_steps(called):
        raise Refused(
            f"“{called.name}” has something that only its call does right (global, locals, a function of a variable"
            " that changes later): it stays as it is."
        )
    if called.asynchronous != call.awaited:
        raise Refused(f"“{node}” and “{called.name}” do not agree on await: mend the call first.")
    if call.mapped is not None:
        over = " and ".join(f"“{argument.value.text}”" for argument in call.mapped_over)
        raise Refused(f"“{node}” runs for each item of {over}: take that whole first.")
    _same_meaning(flow, function, called)
    region = entry[1]
    making = Inlining(flow, function, call, called, region)
    body = making.body()
    gone = {call.id, *making.aliases}
    block = flow.block(region).statements
    index = sum(s.id not in gone for s in block[: next(n for n, s in enumerate(block) if s.id == node)])
    steps = Steps(flow)
    steps.do(RemoveNodes(function, tuple(s.id for s in block if s.id in gone)))
    steps.do(AddNodes(region, index, tuple(body)))
    for reader in making.readers:
        steps.do(ReplaceStatement(function, reader.id, reader))
    _without(steps, called.name, making.kind)
    title = f"Take {called.name} apart"
    again = read(write(steps.flow)).functions[function].body  # what became a plain call is a node
    steps.do(Restore(function, again, title) if again != steps.flow.functions[function].body else None)
    _header(steps, making)
    now = steps.flow.block(region).statements
    return steps.edit(title), tuple(statement.id for statement in now[index : index + len(body)])


def _leaves(called: Function) -> bool:
    """Say whether a function may end before its last line: taken apart, it would end the one around it."""
    inside = [s for s, region in walk(called.body, Region(called.name)) if not isinstance(s, Return) or region.owner]
    return any(isinstance(s, Return) or (isinstance(s, Code) and s.leaves) for s in inside)


def _same_meaning(flow: Flow, function: str, called: Function) -> None:
    host = flow.functions[function]
    tree = next(
        part
        for part in parse_tree(write(flow)).body
        if isinstance(part, ast.FunctionDef | ast.AsyncFunctionDef) and part.name == called.name
    )
    tree.returns = None
    for argument in ast.walk(tree.args):
        if isinstance(argument, ast.arg):
            argument.annotation = None
    for name in sorted(set(usage([tree]).reads) & (bound(host.body) | parameters_of(host.parameters))):
        raise Refused(f"“{name}” is something else in “{function}” than in “{called.name}”: rename it there first.")


# ------------------------------------------------------------------ the header
def _header(steps: Steps, making: Inlining) -> None:
    """Take places, views and settings of the nodes along."""
    flow, whole = making.flow, making.whole
    function, called, header = making.function, making.called.name, whole.header
    here = ids(steps.flow.functions[function].body)
    places = {name: at for name, at in header.canvas.get(called, {}).items() if name in here}
    place = flow.header.canvas.get(function, {}).get(making.call.id)
    step = (0.0, 0.0)
    if places and place is not None:
        if place != middle(list(places.values())):  # else it stands where it was made: all goes back
            step = (place[0] - min(x for x, _ in places.values()), place[1] - min(y for _, y in places.values()))
        steps.do(Move(function, {n: (x + step[0], y + step[1]) for n, (x, y) in places.items()}))
    known = set(flow.header.panel.get(function, {}))
    for view in header.panel.get(called, {}).values():
        if view.shows.partition(".")[0] in here:
            steps.do(SetView(function, new := unique(view.id, known), replace(view, id=new)))
    for table in TABLES:
        lines = {name: value for name, value in setting(whole, table, called).items() if name in here}
        outer = setting(flow, table, function).get(making.call.id)
        if table == "places" and outer is not None:
            body = whole.functions[called].body
            lines = {s.id: outer for s in body.statements if isinstance(s, Call | Code) and s.id in here} | lines
        for name, value in lines.items():
            steps.do(SetSetting(table, function, name, value, f"Keep {name}"))
    if places and place is not None:
        for edit in drawn_along(whole, called, steps.flow, function, step):
            steps.do(edit)
    for name, value in setting(whole, "wires", called).items():
        if here.issuperset(wire_ends(name)):
            steps.do(SetDrawn("wires", function, name, shifted(value, step), f"Keep {name}"))


# ------------------------------------------------------------------ what nobody uses any more
def _without(steps: Steps, called: str, kind: str) -> None:
    """Take a function out that nobody calls any more, and the class of what it returned if nobody else uses it."""
    if called in steps.flow.mains or called in _used(steps.flow):
        return
    steps.do(RemoveNodes("", (steps.flow.functions[called].id,)))
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
    made = next((s for s in steps.flow.module.statements if isinstance(s, Code) and s.binds == (kind,)), None)
    if made is None or kind in _used(steps.flow):
        return
    steps.do(RemoveNodes("", (made.id,)))
    ours = {name for name in made.reads if steps.flow.imports.get(name) in _TYPING}
    if unused := ours - _used(steps.flow):
        steps.do(drop_imports(steps.flow, unused))


def _used(flow: Flow) -> set[str]:
    """Return all names that the file uses: in code, in annotations and texts, in what is switched off."""
    found: set[str] = set()
    waiting = list(_texts(flow))
    while waiting:
        text = waiting.pop()
        try:
            tree = parse(text)
        except ScriptError:
            continue  # a text is no annotation, a comment no call
        found.update(part.id for part in ast.walk(tree) if isinstance(part, ast.Name))
        values = (part.value for part in ast.walk(tree) if isinstance(part, ast.Constant))
        waiting += [value for value in values if isinstance(value, str) and value != text and value.strip()]
    return found


def _texts(flow: Flow) -> Iterator[str]:
    yield write(flow)
    yield from (kept_text(s) for s, _ in walk(flow.module, Region("")) if how(s))
