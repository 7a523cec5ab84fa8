"""Mapping a node over one of its inputs, or several side by side: it runs once for each item, and gives a list."""

from __future__ import annotations

import ast
import contextlib
from collections.abc import Sequence
from dataclasses import replace

from flodesk.flow.edit import Edit, ReplaceStatement, SetView
from flodesk.flow.graph import Graph, Node
from flodesk.flow.mapping import ERRORS, RESULTS
from flodesk.flow.model import (
    Address,
    Argument,
    Bind,
    Call,
    Each,
    Flow,
    Literal,
    Loop,
    Ref,
    Region,
    Return,
    Statement,
    Switch,
    walk,
)
from flodesk.flow.script import keep_text
from flodesk.flow.script.mapped import EACH, ZIP, item_names
from flodesk.flow.slots import Slot, parameters_of, slots
from flodesk.flow.syntax import parse_tree
from flodesk.flow.types import compatible, why_not
from flodesk.flow.wiring.connect import connect
from flodesk.flow.wiring.naming import callee_of, is_own
from flodesk.flow.wiring.passing import pass_value, slot_of, take_value
from flodesk.flow.wiring.refused import Refused
from flodesk.flow.wiring.step import Steps
from flodesk.flow.wiring.uses import reads_of

_CANNOT = {
    "control": "is set by hand: it has one value",
    "indicator": "shows one value: map the node before it, or put it into a loop",
    "producer": "drives a loop: it runs once for each turn already",
    "collector": "collects: put it into a loop over the items instead",
}


def may_map(node: Node) -> bool:
    """Say whether a node is of a kind that can run for each item of an input."""
    return node.kind in ("call", "object") and node.role not in _CANNOT and not node.switched


def map_over(flow: Flow, graph: Graph, node: str, *ports: str) -> Edit:
    """Let a node run once for each item of what comes to an input; it gives a list then.

    With several inputs their items go in side by side. A node that is mapped over other inputs is mapped over these
    instead. An input that is open yet gets an empty list, to be wired; one that has a value a list of it.

    Raises
    ------
    Refused
        It is of a kind that cannot, or what comes to an input has no items.
    """
    for wire in graph.wires:
        if wire.target[0] == node and wire.target[1] in ports and (why := why_not(wire.type, "list")):
            raise Refused(f"“{wire.target[1]}” of “{node}” gets no list. {why}")
    steps = Steps(flow)
    for port in ports:
        _give_items(steps, graph, node, port)
    steps.do(_mapping(steps.flow, graph, node, ports))
    return steps.edit(_title(node, ports))


def _title(node: str, ports: Sequence[str]) -> str:
    return f"Map {node} over {' and '.join(ports)}"


def connect_each(flow: Flow, graph: Graph, source: tuple[str, str], target: tuple[str, str]) -> Edit:
    """Wire a list to an input that takes one value, and let its node run once for each item.

    Raises
    ------
    Refused
        The wire cannot be, the items do not fit, or the node is of a kind that cannot run so.
    """
    box = graph.nodes.get(target[0])
    if box is not None and not may_map(box):
        raise Refused(f"“{target[0]}” cannot run for each item.")
    steps = Steps(flow)
    steps.do(connect(flow, graph, source, target, each=True))
    ports = [target[1]]
    if box is not None and box.mapped:  # what it is mapped over already goes on to be, side by side with this
        line = _line(box, target[1])
        ports = [f.name for f in box.fields if (f.each and f.statement == line) or f.name == target[1]]
        ports += [target[1]] if target[1] not in ports else []
    steps.do(_mapping(steps.flow, graph, target[0], ports))
    return steps.edit(_title(target[0], ports))


def _give_items(steps: Steps, graph: Graph, node: str, port: str) -> None:
    """Give an input a list to be mapped over, if it is open or has one value."""
    call, slot = _slot(steps.flow, graph, node, port)
    parameters = parameters_of(steps.flow, graph.nodes[node].spec, call)
    value = Literal("[]") if slot.argument is None else slot.argument.value
    if isinstance(value, Literal) and not _is_filled_in(slot):
        given = value if _has_items(value) else Literal(f"[{value.text}]")
        if slot.argument is None or given is not value:
            steps.do(pass_value(graph.function, call, parameters, port, given))


def _mapping(flow: Flow, graph: Graph, node: str, ports: Sequence[str]) -> Edit:
    found = [_given(flow, graph, node, port) for port in ports]
    call = found[0][0]
    if any(other is not call for other, _ in found):
        raise Refused(f"{_quoted(ports)} of “{node}” belong to different calls of it: map one of these.")
    if call.awaited:
        raise Refused(f"“{node}” awaits what it calls: put it into a loop over the items instead.")
    if any(map(_is_filled_in, slots(call.arguments, parameters_of(flow, graph.nodes[node].spec, call)))):
        raise Refused(f"“{node}” has a template, which is filled in once a call: it cannot run for each item.")
    was = call.mapped
    each = Each() if was is None or was.each is None else was.each
    places = {next(n for n, a in enumerate(call.arguments) if a is argument) for _, argument in found}
    if places == {n for n, a in enumerate(call.arguments) if a.each is not None}:
        raise Refused(f"“{node}” runs for each item of {_quoted(ports)} already.")
    if len(places) > 1 and each.on_error == "fail" and is_own(flow, graph.function, ZIP):
        raise Refused(f"“{ZIP}” is a name of this file: rename it, then a node can run over two inputs side by side.")
    arguments = tuple(
        replace(a, each=(a.each or replace(each, item="")) if n in places else None)
        for n, a in enumerate(call.arguments)
    )
    return _written(graph.function, call, arguments, _title(node, ports))


def map_whole(flow: Flow, graph: Graph, node: str) -> Edit:
    """Let a mapped node take its inputs whole again.

    Of what was written to map one value over, that value stays.

    Raises
    ------
    Refused
        It is not mapped.
    """
    steps = Steps(flow)
    call = _mapped(flow, graph, node)
    _give(steps, graph, call, "fail")
    now = _mapped(steps.flow, graph, node)
    title = f"Take the {'inputs' if len(now.mapped_over) > 1 else 'input'} of {node} whole"
    was = [slot.name for slot in _slots(steps.flow, graph, node, now) if slot.argument and slot.argument.each]
    arguments = tuple(replace(a, each=None) for a in now.arguments)
    steps.do(_written(graph.function, now, arguments, title))
    for port in was:
        _give_one(steps, graph, node, now.id, port)
    return steps.edit(title)


def _give_one(steps: Steps, graph: Graph, node: str, line: str, port: str) -> None:
    """Take a list of one value, or of none, out of an input that takes no list."""
    call = steps.flow.index[Address(graph.function, line)][0]
    assert isinstance(call, Call)
    parameters = parameters_of(steps.flow, graph.nodes[node].spec, call)
    slot = slot_of(call, parameters, port)
    if slot is None or slot.argument is None or slot.parameter is None or compatible("list", slot.parameter.takes):
        return
    value = slot.argument.value
    parts = _parts(value) if isinstance(value, Literal) else None
    if parts is not None and not parts:
        with contextlib.suppress(Refused):  # what is behind it goes by its place: it stays a list, and is complained of
            steps.do(take_value(graph.function, call, parameters, port))
    elif parts is not None and len(parts) == 1:
        steps.do(pass_value(graph.function, call, parameters, port, Literal(parts[0])))


def set_on_item_error(flow: Flow, graph: Graph, node: str, on_error: str) -> Edit:
    """Say what an item does that fails: ``fail``, ``skip`` or ``collect``. What reads the list goes on to do so.

    Raises
    ------
    Refused
        It is not mapped, or a text that a hand wrote reads the list, which would have another name.
    """
    call = _mapped(flow, graph, node)
    if on_error == "fail" and len(call.mapped_over) > 1 and is_own(flow, graph.function, ZIP):
        raise Refused(f"“{ZIP}” is a name of this file: rename it first.")
    steps = Steps(flow)
    _give(steps, graph, call, on_error)
    return steps.edit(f"{_WORDS[on_error]} where an item of {node} fails")


_WORDS = {"fail": "Stop", "skip": "Leave it out", "collect": "Collect the error"}


# ------------------------------------------------------------------ how it is written
def _give(steps: Steps, graph: Graph, call: Call, on_error: str) -> None:
    """Write what an item does that fails, and let the readers of the list find it."""
    mapped = call.mapped
    assert mapped is not None
    assert mapped.each is not None
    by = ""
    if on_error != "fail":
        by, imported = callee_of(steps.flow, graph.function, EACH)
        steps.do(imported)
    items = iter(item_names(call))
    named = {id(a): Each(on_error, next(items), by) for a in call.mapped_over}
    arguments = tuple(replace(a, each=named[id(a)]) if a.each is not None else a for a in call.arguments)
    steps.do(_written(graph.function, call, arguments, ""))
    fields = [RESULTS if how == "collect" else "" for how in (mapped.each.on_error, on_error)]
    if fields[0] != fields[1]:
        _read_as(steps, graph.function, call.name, fields[0], fields[1])
        was, now = (Ref(call.name, field).text for field in fields)
        for view in steps.flow.header.panel.get(graph.function, {}).values():
            if view.shows == was:
                steps.do(SetView(graph.function, view.id, replace(view, shows=now)))


def _written(function: str, call: Call, arguments: tuple[Argument, ...], title: str) -> Edit:
    return ReplaceStatement(function, call.id, keep_text(call, replace(call, arguments=arguments)), title)


def _read_as(steps: Steps, function: str, variable: str, old: str, new: str) -> None:
    """Let what reads a value, or a field of it, read another one.

    Raises
    ------
    Refused
        It stands in a text that a hand wrote.
    """
    flow = steps.flow
    for statement, _ in walk(flow.functions[function].body, Region(function)):
        reading = _reading(statement, variable, old, new)
        if reading is not statement:
            steps.do(ReplaceStatement(function, statement.id, reading, ""))
    gone = ("",) if new else (RESULTS, ERRORS)
    for use in reads_of(steps.flow, function, variable):
        if use.field in gone:
            name = f"{variable}.{use.field}" if use.field else variable
            raise Refused(f"{use.words(flow)} reads “{name}”, which would not be there any more: change that first.")


def _reading(statement: Statement, variable: str, old: str, new: str) -> Statement:
    def value(given: Ref | Literal) -> Ref | Literal:
        return replace(given, field=new) if given == Ref(variable, old) else given

    changed: Statement = statement
    match statement:
        case Call() | Loop():
            arguments = tuple(replace(a, value=value(a.value)) for a in statement.arguments)
            changed = replace(statement, arguments=arguments)
            if isinstance(changed, Loop) and not changed.called and changed.callee == Ref(variable, old).text:
                changed = replace(changed, callee=Ref(variable, new).text)
        case Bind():
            changed = replace(statement, value=value(statement.value))
        case Return():
            given = tuple(value(v) if isinstance(v, Ref | Literal) else v for v in statement.values)
            changed = replace(statement, values=given)
        case Switch():
            arms = tuple(
                keep_text(arm, replace(arm, test=Ref(variable, new))) if arm.test == Ref(variable, old) else arm
                for arm in statement.arms
            )
            return replace(statement, arms=arms) if arms != statement.arms else statement
        case _:
            pass
    return keep_text(statement, changed) if changed != statement else statement


# ------------------------------------------------------------------ what it is about
def _given(flow: Flow, graph: Graph, node: str, port: str) -> tuple[Call, Argument]:
    """Return the call that takes an input of a node, and what is given there."""
    call, slot = _slot(flow, graph, node, port)
    if slot.argument is None:
        raise Refused(f"Nothing comes to “{port}” of “{node}” yet: wire a list to it first.")
    return call, slot.argument


def _line(box: Node, port: str) -> str:
    """Return the line that an input belongs to."""
    return next((f.statement for f in box.fields if f.name == port), "") or next(
        (p.statement for p in box.inputs if p.name == port), ""
    )


def _slot(flow: Flow, graph: Graph, node: str, port: str) -> tuple[Call, Slot]:
    """Return the call that takes an input of a node, and what that is in it."""
    box = graph.nodes.get(node)
    if box is None:
        raise Refused(f"There is no “{node}” here: it was removed or renamed.")
    if box.switched:
        raise Refused(f"“{node}” is switched off: switch it on first.")
    if why := _CANNOT.get(box.role):
        raise Refused(f"“{node}” {why}.")
    if box.kind not in ("call", "object"):
        raise Refused(f"“{node}” is no node that takes inputs: only those can run for each item.")
    home = _line(box, port)
    found = flow.index.get(Address(graph.function, home))
    call = found[0] if found is not None else None
    if not isinstance(call, Call) or not call.name or port == "object":
        raise Refused(f"“{node}” cannot run for each item of “{port}”.")
    if box.kind == "object" and home == box.id:
        raise Refused(f"“{port}” is what “{node}” is made with, once: map one of the inputs of its calls.")
    slot = slot_of(call, parameters_of(flow, box.spec, call), port)
    if slot is None:
        raise Refused(f"“{node}” has no input “{port}”.")
    return call, slot


def _slots(flow: Flow, graph: Graph, node: str, call: Call) -> list[Slot]:
    return slots(call.arguments, parameters_of(flow, graph.nodes[node].spec, call))


def _mapped(flow: Flow, graph: Graph, node: str) -> Call:
    box = graph.nodes.get(node)
    for line in box.statements if box is not None else ():
        call = flow.index[Address(graph.function, line)][0]
        if isinstance(call, Call) and call.mapped is not None:
            return call
    raise Refused(f"“{node}” does not run for each item of an input.")


def _is_filled_in(slot: Slot) -> bool:
    """Say whether the engine fills a text in before the call; a template of the node's own it fills in itself."""
    own = slot.parameter is not None and slot.parameter.widget == "template"
    text = slot.argument.value.text if slot.argument is not None and isinstance(slot.argument.value, Literal) else ""
    return "{{" in text and not own


def _has_items(literal: Literal) -> bool:
    return isinstance(literal.value, list | tuple | set | dict)


def _parts(literal: Literal) -> list[str] | None:
    """Return what is written in a list, each as it is; None if it is none."""
    try:
        tree = parse_tree(f"({literal.text}\n)", mode="eval", quiet=True).body
    except (SyntaxError, ValueError):
        return None
    return [ast.unparse(part) for part in tree.elts] if isinstance(tree, ast.List) else None


def _quoted(ports: Sequence[str]) -> str:
    return " and ".join(f"“{port}”" for port in ports)
