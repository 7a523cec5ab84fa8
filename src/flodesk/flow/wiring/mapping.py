"""Mapping a node over one of its inputs: it runs once for each item, and gives a list."""

from __future__ import annotations

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
from flodesk.flow.script.mapped import EACH, item_name
from flodesk.flow.slots import Slot, parameters_of, slots
from flodesk.flow.types import why_not
from flodesk.flow.wiring.connect import connect
from flodesk.flow.wiring.naming import callee_of
from flodesk.flow.wiring.passing import slot_of
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


def map_over(flow: Flow, graph: Graph, node: str, port: str) -> Edit:
    """Let a node run once for each item of what comes to an input; it gives a list then.

    A node that is mapped over another input is mapped over this one instead.

    Raises
    ------
    Refused
        It is of a kind that cannot, nothing comes to that input, or what comes has no items.
    """
    for wire in graph.wires:
        if wire.target == (node, port) and (why := why_not(wire.type, "list")):
            raise Refused(f"“{port}” of “{node}” gets no list. {why}")
    return _mapping(flow, graph, node, port)


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
    steps.do(_mapping(steps.flow, graph, *target))
    return steps.edit(f"Map {target[0]} over {target[1]}")


def _mapping(flow: Flow, graph: Graph, node: str, port: str) -> Edit:
    call, argument = _given(flow, graph, node, port)
    if call.awaited:
        raise Refused(f"“{node}” awaits what it calls: put it into a loop over the items instead.")
    if any(map(_is_filled_in, slots(call.arguments, parameters_of(flow, graph.nodes[node].spec, call)))):
        raise Refused(f"“{node}” has a template, which is filled in once a call: it cannot run for each item.")
    if isinstance(argument.value, Literal) and not _has_items(argument.value):
        raise Refused(
            f"“{port}” of “{node}” is {argument.value.text}: wire a list to it, or write one, as in [1, 2, 3]."
        )
    was = call.mapped
    each = Each() if was is None or was.each is None else replace(was.each, item="")
    if was is argument:
        raise Refused(f"“{node}” runs for each item of “{port}” already.")
    arguments = tuple(replace(a, each=each if a is argument else None) for a in call.arguments)
    return _written(graph.function, call, arguments, f"Map {node} over {port}")


def map_whole(flow: Flow, graph: Graph, node: str) -> Edit:
    """Let a mapped node take its input whole again.

    Raises
    ------
    Refused
        It is not mapped.
    """
    steps = Steps(flow)
    call, _ = _mapped(flow, graph, node)
    _give(steps, graph, call, "fail")
    now, mapped = _mapped(steps.flow, graph, node)
    arguments = tuple(replace(a, each=None) if a is mapped else a for a in now.arguments)
    steps.do(_written(graph.function, now, arguments, f"Take the input of {node} whole"))
    return steps.edit(f"Take the input of {node} whole")


def set_on_item_error(flow: Flow, graph: Graph, node: str, on_error: str) -> Edit:
    """Say what an item does that fails: ``fail``, ``skip`` or ``collect``. What reads the list goes on to do so.

    Raises
    ------
    Refused
        It is not mapped, or a text that a hand wrote reads the list, which would have another name.
    """
    call, _ = _mapped(flow, graph, node)
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
    each = replace(mapped.each, on_error=on_error, by=by, item=item_name(call))
    arguments = tuple(replace(a, each=each) if a is mapped else a for a in call.arguments)
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
    box = graph.nodes.get(node)
    if box is None:
        raise Refused(f"There is no “{node}” here: it was removed or renamed.")
    if box.switched:
        raise Refused(f"“{node}” is switched off: switch it on first.")
    if why := _CANNOT.get(box.role):
        raise Refused(f"“{node}” {why}.")
    if box.kind not in ("call", "object"):
        raise Refused(f"“{node}” is no node that takes inputs: only those can run for each item.")
    home = next((f.statement for f in box.fields if f.name == port), "") or next(
        (p.statement for p in box.inputs if p.name == port), ""
    )
    found = flow.index.get(Address(graph.function, home))
    call = found[0] if found is not None else None
    if not isinstance(call, Call) or not call.name or port == "object":
        raise Refused(f"“{node}” cannot run for each item of “{port}”.")
    if box.kind == "object" and home == box.id:
        raise Refused(f"“{port}” is what “{node}” is made with, once: map one of the inputs of its calls.")
    slot = slot_of(call, parameters_of(flow, box.spec, call), port)
    if slot is None or slot.argument is None:
        raise Refused(f"Nothing comes to “{port}” of “{node}” yet: wire a list to it first.")
    return call, slot.argument


def _mapped(flow: Flow, graph: Graph, node: str) -> tuple[Call, Argument]:
    box = graph.nodes.get(node)
    for line in box.statements if box is not None else ():
        call = flow.index[Address(graph.function, line)][0]
        if isinstance(call, Call) and call.mapped is not None:
            return call, call.mapped
    raise Refused(f"“{node}” does not run for each item of an input.")


def _is_filled_in(slot: Slot) -> bool:
    """Say whether the engine fills a text in before the call; a template of the node's own it fills in itself."""
    own = slot.parameter is not None and slot.parameter.widget == "template"
    text = slot.argument.value.text if slot.argument is not None and isinstance(slot.argument.value, Literal) else ""
    return "{{" in text and not own


def _has_items(literal: Literal) -> bool:
    return isinstance(literal.value, list | tuple | set | dict)
