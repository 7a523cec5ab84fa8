"""What the inspector and the panel change: fields, names, code, places and views."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Mapping
from dataclasses import replace

from flodesk.flow.edit import (
    Edit,
    EditError,
    Many,
    Move,
    Rename,
    RenameFunction,
    RenameShared,
    ReplaceStatement,
    Restore,
    SetCode,
    SetParameter,
    SetView,
)  # fmt: skip
from flodesk.flow.edit.arguments import place_of, with_value
from flodesk.flow.edit.tree import find
from flodesk.flow.ends import SETTINGS
from flodesk.flow.graph import Field, Graph, Node
from flodesk.flow.model import Bind, Call, Code, Expression, Flow, Literal, Loop, Ref, Return, Switch, View
from flodesk.flow.names import parameters_of as _inputs
from flodesk.flow.script import ScriptError, keep_text, read, write
from flodesk.flow.script.names import free_names, usage
from flodesk.flow.script.shapes import dotted, is_literal
from flodesk.flow.slots import parameters_of
from flodesk.flow.switched import words as switched_words
from flodesk.flow.syntax import parse_tree
from flodesk.flow.wiring.connect import connect
from flodesk.flow.wiring.naming import check_new_name
from flodesk.flow.wiring.passing import pass_value, take_value
from flodesk.flow.wiring.refused import Refused
from flodesk.flow.wiring.settle import settle
from flodesk.flow.wiring.step import Steps


def set_field(flow: Flow, graph: Graph, node: str, parameter: str, text: str | None) -> Edit:
    """Write a parameter, as Python text; None goes back to its default.

    The name of a variable of the flow is a wire to it. What changes one literal alone is a `SetParameter`, which a
    running flow takes without a restart.

    Raises
    ------
    Refused
        There is no such field, or the text is neither a value nor a name that is known here.
    """
    box = graph.nodes.get(node)
    field = next((f for f in box.fields if f.name == parameter), None) if box else None
    if box is None or field is None:
        raise Refused(f"“{node}” has no field “{parameter}”.")
    if box.switched:
        raise Refused(f"“{node}” is {switched_words(box.switched)}: switch it on first, then change it.")
    if field.module:
        return _set_shared(flow, box, field, text)
    statement = find(flow, graph.function, field.statement)[1]
    if isinstance(statement, Switch):
        return _set_test(flow, graph, statement, int(parameter[5:-1]), text or "False")
    if text is not None and text.strip() == "":
        text = None
    if text is None:
        return _default(flow, graph.function, box, field, statement)
    value = _value(flow, graph, text.strip(), listed=_takes_list(box, parameter))
    if isinstance(value, Ref):
        return _wire(flow, graph, node, parameter, value, statement)
    if isinstance(statement, Bind):
        if isinstance(statement.value, Ref):
            changed = keep_text(statement, replace(statement, value=value))
            return ReplaceStatement(graph.function, statement.id, changed, f"Change {parameter} of {node}")
        return SetParameter(graph.function, statement.id, parameter, value)
    if isinstance(statement, Return) and not any(isinstance(v, Expression) for v in statement.values):
        given = with_value(statement, place_of(parameter, None), value)
        return ReplaceStatement(graph.function, statement.id, given, f"Change {parameter} of {node}")
    if not isinstance(statement, Call | Loop):
        raise Refused(f"“{parameter}” of “{node}” is written in its own text: change that instead.")
    return pass_value(graph.function, statement, parameters_of(flow, box.spec, statement), parameter, value)


def _set_shared(flow: Flow, box: Node, field: Field, text: str | None) -> Edit:
    """Write a parameter of what several functions share, where it is made."""
    made = find(flow, "", field.statement)[1]
    assert isinstance(made, Call)
    assert box.spec is not None
    parameters = box.spec.inputs(SETTINGS)
    if text is None or not text.strip():
        return take_value("", made, parameters, field.name) if field.given else Many((), f"Change {field.name}")
    value = _value(flow, Graph("", {}, ()), text.strip(), listed=_takes_list(box, field.name))
    return pass_value("", made, parameters, field.name, value)


def _default(flow: Flow, function: str, box: Node, field: Field, statement: object) -> Edit:
    if not isinstance(statement, Call | Loop):
        raise Refused(f"“{field.name}” needs a value.")
    if not field.given:
        return Many((), f"Change {field.name}")
    return take_value(function, statement, parameters_of(flow, box.spec, statement), field.name)


def _takes_list(box: Node, parameter: str) -> bool:
    """Say whether a field takes a list."""
    return box.spec is not None and any(p.name == parameter and p.type == "list" for p in box.spec.parameters)


def _value(flow: Flow, graph: Graph, text: str, *, listed: bool) -> Ref | Literal:
    """Read what a hand typed into a field. One word that nothing is called stands for itself where a list is taken.

    Raises
    ------
    Refused
        It is neither a value nor a known name.
    """
    try:
        tree = parse_tree(text, mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise Refused(f"“{text}” is no value. {_advice(text)}") from error
    if is_literal(tree):
        return Literal(text)
    parts = dotted(tree)
    if not parts:
        raise Refused(
            f"“{text}” would have to be calculated: put a node before this one that does it, or write the result."
        )
    head = parts[0]
    variables = {port.variable.partition(".")[0] for box in graph.nodes.values() for port in box.outputs}
    if head in variables and len(parts) <= 2:
        return Ref(head, ".".join(parts[1:]))
    if head in flow.imports or head in flow.functions:
        return Literal(text)
    if listed and len(parts) == 1:
        return Literal(repr([head]))
    if hasattr(builtins, head):
        return Literal(text)
    raise Refused(f"Nothing here is called “{head}”. {_advice(text)}")


def _advice(text: str) -> str:
    return f"A text stands in quotes: {text!r}. A number has a point, no comma: 1.5."


def _wire(flow: Flow, graph: Graph, node: str, parameter: str, ref: Ref, statement: object) -> Edit:
    """Connect a field with the variable whose name was typed into it."""
    for box in graph.nodes.values():
        for port in box.outputs:
            if port.variable == ref.text:
                return connect(flow, graph, (box.id, port.name), (node, parameter))
    box = graph.nodes[node]
    if not isinstance(statement, Call | Loop):
        raise Refused(f"“{ref.text}” is no output of a node.")
    steps = Steps(flow)
    steps.do(pass_value(graph.function, statement, parameters_of(flow, box.spec, statement), parameter, ref))
    moved, edits = settle(steps.flow, graph.function, statement.id)
    steps.took(moved, list(edits))
    return steps.edit(f"Connect {ref.text} to {node}")


def _set_test(flow: Flow, graph: Graph, switch: Switch, number: int, text: str) -> Edit:
    """Write the condition of an arm: a name, or an expression."""
    try:
        tree = parse_tree(text.strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise Refused(f"“{text}” is no condition: write a name, or a comparison such as level > 3.") from error
    arm = switch.arms[number]
    test: Ref | Expression = Expression(text.strip(), free_names(tree))
    if isinstance(tree, ast.Name) and any(
        port.variable == tree.id for box in graph.nodes.values() for port in box.outputs
    ):
        test = Ref(tree.id)
    arms = (*switch.arms[:number], keep_text(arm, replace(arm, test=test)), *switch.arms[number + 1 :])
    steps = Steps(flow)
    steps.do(ReplaceStatement(graph.function, switch.id, replace(switch, arms=arms), f"Change the test of {switch.id}"))
    moved, edits = settle(steps.flow, graph.function, switch.id)
    steps.took(moved, list(edits))
    return steps.edit(f"Change the test of {switch.id}")


# ------------------------------------------------------------------ names and code
def rename(flow: Flow, graph: Graph, old: str, new: str) -> Edit:
    """Rename a node everywhere: where it is bound and read, in code, on the canvas and on the panel.

    Of code that binds one variable it is that variable; its id is a number, and stays.

    Raises
    ------
    Refused
        The new name cannot be, or code uses the old one in a way that cannot be renamed.
    """
    new = new.strip()
    box = graph.nodes.get(old)
    if box is not None and box.kind in ("inputs", "return"):
        raise Refused(f"What “{graph.function}” takes and gives has no name of its own.")
    name = box.name if box is not None else old
    if box is not None and box.kind in ("merge", "feedback") and box.outputs:
        name = box.outputs[0].variable
    if new == name:
        return Many((), f"Rename {old}")
    check_new_name(flow, graph.function, new)
    if name in _inputs(flow.functions[graph.function].parameters):
        raise Refused(f"“{name}” is an input of “{graph.function}”: rename it on the card “Inputs”.")
    edit = Rename(graph.function, name, new)
    try:
        edit.apply(flow)
    except EditError as error:
        raise Refused(str(error)) from error
    return edit


def rename_everywhere(flow: Flow, old: str, new: str) -> Edit:
    """Rename a function of the file, a queue or another object at its top, wherever it is used.

    Raises
    ------
    Refused
        The new name cannot be.
    """
    new = new.strip()
    if new == old:
        return Many((), f"Rename {old}")
    for function in flow.functions:
        check_new_name(flow, function, new)
    edit = RenameFunction(old, new) if old in flow.functions else RenameShared(old, new)
    try:
        edit.apply(flow)
    except EditError as error:
        raise Refused(str(error)) from error
    return edit


def set_code(flow: Flow, graph: Graph, node: str, text: str) -> Edit:
    """Write the text of a code node. What has become plain calls by that are nodes of their own afterwards.

    Raises
    ------
    Refused
        It is no Python; the text says where.
    """
    box = graph.nodes.get(node)
    statement = find(flow, graph.function, box.statements[0])[1] if box and box.statements else None
    if not isinstance(statement, Code):
        raise Refused(f"“{node}” is no code node.")
    text = text.strip("\n").rstrip()
    try:
        body = parse_tree(text).body
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        where = f" in line {error.lineno}" if isinstance(error, SyntaxError) and error.lineno else ""
        raise Refused(f"This is not Python{where}: {getattr(error, 'msg', error)}") from error
    if not body:
        raise Refused("A code node cannot be empty: remove it instead.")
    found = usage(body)
    steps = Steps(flow)
    steps.do(SetCode(graph.function, statement.id, text, found.reads, found.binds, found.leaves))
    try:
        again = read(write(steps.flow)).functions[graph.function].body
    except (ScriptError, KeyError) as error:
        raise Refused(f"The file could not be read with this: {error}") from error
    if again != steps.flow.functions[graph.function].body:
        steps.do(Restore(graph.function, again, f"Change the code of {node}"))
    return steps.edit(f"Change the code of {node}")


# ------------------------------------------------------------------ canvas and panel
def move(function: str, places: Mapping[str, tuple[float, float]]) -> Edit:
    """Put boxes somewhere else on the canvas."""
    return Move(function, dict(places))


def add_view(flow: Flow, function: str, view: View) -> Edit:
    """Put a view on the panel; where its id is taken it gets another one.

    Raises
    ------
    Refused
        There is nothing to show.
    """
    if not view.shows:
        raise Refused("A view shows a node: choose which.")
    others = flow.header.panel.get(function, {})
    name, number = view.id, 2
    while name in others:
        name, number = f"{view.id}_{number}", number + 1
    return SetView(function, name, replace(view, id=name))


def move_view(
    flow: Flow, function: str, view: str, column: int, row: int, width: int | None = None, height: int | None = None
) -> Edit:
    """Move a view on the grid, or change its size.

    Raises
    ------
    Refused
        There is no such view.
    """
    found = flow.header.panel.get(function, {}).get(view)
    if found is None:
        raise Refused(f"There is no view “{view}” on the panel of “{function}”.")
    changed = replace(
        found,
        column=max(0, column),
        row=max(0, row),
        width=max(1, width or found.width),
        height=max(1, height or found.height),
        odd_at=(),
    )
    return SetView(function, view, changed)


def remove_view(flow: Flow, function: str, view: str) -> Edit:
    """Take a view off the panel; its node stays.

    Raises
    ------
    Refused
        There is no such view.
    """
    if view not in flow.header.panel.get(function, {}):
        raise Refused(f"There is no view “{view}” on the panel of “{function}”.")
    return SetView(function, view, None)
