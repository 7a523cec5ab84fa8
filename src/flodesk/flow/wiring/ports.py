"""The ports of a function: what it takes and gives, changed where it is drawn; the nodes that call it follow."""

from __future__ import annotations

import re
from dataclasses import replace

from flodesk.flow.catalog import Catalog
from flodesk.flow.edit import AddNode, Edit, EditError, ReplaceStatement, SetArguments, SetHeader
from flodesk.flow.edit.header import renamed_header
from flodesk.flow.edit.rename import renamed_in
from flodesk.flow.function_ends import INPUTS
from flodesk.flow.graph import Graph, picture
from flodesk.flow.model import (
    Address,
    Argument,
    Bind,
    Call,
    Code,
    Expression,
    Flow,
    Function,
    Loop,
    Ref,
    Region,
    Return,
    walk,
)
from flodesk.flow.wiring.connect import connect
from flodesk.flow.wiring.hints import hint_for
from flodesk.flow.wiring.naming import check_new_name, taken, unique
from flodesk.flow.wiring.refused import Refused
from flodesk.flow.wiring.results import add_class, extend, fields_of, named_result, result_of, shorten
from flodesk.flow.wiring.signature import Part, parts_of, place_for_required, with_result, written
from flodesk.flow.wiring.step import Steps

End = tuple[str, str]


# ------------------------------------------------------------------ inputs
def add_input(flow: Flow, graph: Graph, catalog: Catalog, target: End | None = None) -> tuple[Edit, str]:
    """Let a function take one more value, which is wired to an input of a node; return its name, too.

    It is named and annotated after that input. At the nodes that call the function it is open.

    Raises
    ------
    Refused
        The function is run by itself, or code calls it.
    """
    function = _subflow(flow, graph.function)
    wanted, hint = "value", ""
    if target is not None:
        port = next((p for p in graph.nodes[target[0]].inputs if p.name == target[1]), None)
        if port is None:
            raise Refused(f"“{target[0]}” has no input “{target[1]}”.")
        wanted = re.sub(r"\[.*", "", port.name) or "value"
        hint = hint_for(flow, function.name, port.type)
    name = unique(wanted, taken(flow, function.name))
    parts = parts_of(function)
    place = place_for_required(parts)
    text = f"{name}: {hint}" if hint else name
    steps = Steps(flow)
    _by_keyword(steps, function, parts, place)
    parts.insert(place, Part(text, name, default=False))
    steps.do(ReplaceStatement("", function.name, written(function, parts)))
    if target is not None:
        steps.do(connect(steps.flow, picture(steps.flow, catalog, function.name), (INPUTS, name), target))
    return steps.edit(f"Add the input {name} to {function.name}"), name


def remove_input(flow: Flow, function: str, name: str) -> Edit:
    """Let a function not take a value any more; what is wired to it where it is called goes with it.

    Raises
    ------
    Refused
        Something in the function reads it, or code calls the function.
    """
    owner = _subflow(flow, function)
    readers = [s.id for s, _ in walk(owner.body, Region(function)) if name in _reads(s)]
    if readers:
        raise Refused(f"“{name}” is read by “{readers[0]}”: take that wire off first.")
    parts = parts_of(owner)
    number = _number(parts, name)
    steps = Steps(flow)
    for home, call in _calls(flow, function):
        kept = tuple(a for n, a in enumerate(call.arguments) if not _is(a, n, number, name))
        steps.do(SetArguments(home, call.id, kept) if kept != call.arguments else None)
    steps.do(ReplaceStatement("", function, written(_now(steps, function), [p for p in parts if p.name != name])))
    return steps.edit(f"Remove the input {name} of {function}")


def move_input(flow: Flow, function: str, name: str, step: int) -> Edit:
    """Let a parameter change places with the one before (`step` -1) or behind it (1); calls mean what they meant.

    Raises
    ------
    Refused
        There is none, or one without a default would stand behind one that has one.
    """
    owner = _subflow(flow, function)
    parts = parts_of(owner)
    number = _number(parts, name)
    first, second = sorted((number, number + step))
    if first < 0 or second >= len(parts) or not parts[first].name or not parts[second].name:
        raise Refused(f"“{name}” stands at the end already.")
    if parts[first].default != parts[second].default or parts[first].sign or parts[second].sign:
        raise Refused("What has a default stands behind what has none: their order stays.")
    steps = Steps(flow)
    names = [part.name for part in parts]
    for home, call in _calls(flow, function):
        steps.do(SetArguments(home, call.id, _swapped(call.arguments, first, names)))
    parts[first], parts[second] = parts[second], parts[first]
    steps.do(ReplaceStatement("", function, written(_now(steps, function), parts)))
    return steps.edit(f"Move the input {name} of {function}")


def rename_input(flow: Flow, function: str, old: str, new: str) -> Edit:
    """Give a parameter another name, in the function and wherever it is called.

    Raises
    ------
    Refused
        The name is none or taken, or code reads it in a way that cannot be renamed.
    """
    owner = _subflow(flow, function)
    if old == new:
        return ReplaceStatement("", function, owner)
    check_new_name(flow, function, new)
    parts = parts_of(owner)
    number = _number(parts, old)
    text = re.sub(rf"\b{re.escape(old)}\b", new, parts[number].text, count=1)
    parts[number] = replace(parts[number], name=new, text=text)
    steps = Steps(flow)
    try:
        body = renamed_in(owner.body, old, new)
    except EditError as error:
        raise Refused(str(error)) from error
    steps.do(ReplaceStatement("", function, replace(written(owner, parts), body=body)))
    for home, call in _calls(flow, function):
        arguments = tuple(replace(a, keyword=new) if a.keyword == old else a for a in call.arguments)
        steps.do(SetArguments(home, call.id, arguments) if arguments != call.arguments else None)
    return steps.edit(f"Rename the input {old} of {function} to {new}")


# ------------------------------------------------------------------ outputs
def add_output(flow: Flow, graph: Graph, source: End) -> Edit:
    """Let a function return one more value. The first is returned as it is, from the second on they have names.

    Where it is called, what read its only value goes on to read that.

    Raises
    ------
    Refused
        The function is run by itself, returns something calculated, or code calls it.
    """
    function = _subflow(flow, graph.function)
    output = next((p for p in graph.nodes[source[0]].outputs if p.name == source[1]), None)
    if output is None or not output.variable or graph.nodes[source[0]].kind == "switch":
        raise Refused("An arm of a switch cannot return: join its value with those of the other arms, and wire that.")
    head, _, part = output.variable.partition(".")
    value = Ref(head, part)
    hint = hint_for(flow, function.name, output.type)
    last = function.body.statements[-1] if function.body.statements else None
    steps = Steps(flow)
    title = f"Return {value.text} from {function.name}, too"
    if not isinstance(last, Return) or not last.values:
        if isinstance(last, Return):
            steps.do(ReplaceStatement(function.name, last.id, replace(last, values=(value,), raw=None)))
        else:
            steps.do(AddNode(Region(function.name), len(function.body.statements), Return(values=(value,))))
        if hint and not function.returns:
            steps.do(ReplaceStatement("", function.name, with_result(_now(steps, function.name), hint)))
        return steps.edit(f"Return {value.text}")
    if value in last.values:
        raise Refused(f"“{value.text}” is returned already.")
    named = named_result(flow, function)
    if named is not None:
        names = {field.target.id for field in fields_of(named[1]) if hasattr(field.target, "id")}
        extend(steps, function, unique(part or head, names), hint, value)
        return steps.edit(title)
    if any(isinstance(known, Expression) for known in last.values):
        raise Refused(f"“{function.name}” returns something calculated: give that a name first, and return the name.")
    if len(last.values) > 1:
        steps.do(ReplaceStatement(function.name, last.id, replace(last, values=(*last.values, value), raw=None)))
        return steps.edit(title)
    _second(steps, function, graph, last, value, part or head, hint)
    return steps.edit(title)


def _second(steps: Steps, function: Function, graph: Graph, last: Return, value: Ref, name: str, hint: str) -> None:
    """Turn the only value of a function into the first of several, and let its callers read that by its name."""
    first = last.values[0]
    types = {port.variable: port.type for box in graph.nodes.values() for port in box.outputs}
    names: set[str] = set()
    one = unique((first.field or first.name) if isinstance(first, Ref) else "value", names)
    two = unique(name, names)
    known = function.returns or hint_for(steps.flow, function.name, types.get(first.text, "any"))
    callers = _calls(steps.flow, function.name)
    kind = add_class(steps, function.name, function.name, {one: known, two: hint})
    steps.do(ReplaceStatement(function.name, last.id, result_of(kind, [first.text, value.text])))
    steps.do(ReplaceStatement("", function.name, with_result(_now(steps, function.name), kind)))
    for home, call in callers:
        if isinstance(call, Loop):
            raise Refused(f"“{call.id}” in “{home}” goes through what “{function.name}” returns: that stays one value.")
        if not call.name:
            continue
        own = unique(f"{call.name}_parts", taken(steps.flow, home))
        region = steps.flow.index[Address(home, call.id)][1]
        index = next(n for n, s in enumerate(steps.flow.block(region).statements) if s.id == call.id)
        header = renamed_header(steps.flow, home, call.id, own).header
        steps.do(ReplaceStatement(home, call.id, replace(call, id=own, name=own, raw=None)))
        steps.do(SetHeader(header))
        steps.do(AddNode(region, index + 1, Bind(id=call.name, name=call.name, value=Ref(own, one))))


def remove_output(flow: Flow, catalog: Catalog, function: str, number: int) -> Edit:
    """Let a function return one of its named values no more.

    Raises
    ------
    Refused
        It is the only one, or a node that calls the function hands it on.
    """
    owner = _subflow(flow, function)
    named = named_result(flow, owner)
    if named is None:
        raise Refused(f"“{function}” returns no named values: take the wire off instead.")
    field = getattr(fields_of(named[1])[number].target, "id", "")
    for home, call in _calls(flow, function):
        graph = picture(flow, catalog, home)
        reader = next((w.target[0] for w in graph.wires if w.source == (call.id, field)), "")
        reads = any(f"{call.id}.{field}" in s.text for s, _ in walk(flow.module, Region("")) if isinstance(s, Code))
        if reader or reads:
            raise Refused(f"“{field}” of “{call.id}” in “{home}” is read by “{reader or 'code'}”: take that off first.")
    steps = Steps(flow)
    shorten(steps, owner, number)
    return steps.edit(f"Return {field} from {function} no more")


# ------------------------------------------------------------------ who calls it
def _subflow(flow: Flow, name: str) -> Function:
    function = flow.functions.get(name)
    if function is None:
        raise Refused("There is no function here.")
    if name in flow.mains:
        raise Refused(
            f"“{name}” is run by itself: nobody gives it values, or takes any. Make a subflow of nodes first (Ctrl+G)."
        )
    for statement, region in walk(flow.module, Region("")):
        code = statement.text if isinstance(statement, Code) else ""
        if code and region.function and re.search(rf"\b{re.escape(name)}\b", code):
            raise Refused(
                f"“{statement.id}” in “{region.function}” calls “{name}” in its own text: change that in the script."
            )
    return function


def _calls(flow: Flow, function: str) -> list[tuple[str, Call | Loop]]:
    return [
        (region.function, statement)
        for statement, region in walk(flow.module, Region(""))
        if isinstance(statement, Call | Loop) and statement.callee == function and region.function
    ]


def _reads(statement: object) -> set[str]:
    """Return the names that one statement reads, without those below it."""
    match statement:
        case Call() | Loop():
            found = {a.value.name for a in statement.arguments if isinstance(a.value, Ref)}
            return found | {statement.callee.partition(".")[0]}
        case Bind(value=Ref(name=name)):
            return {name}
        case Code(reads=reads):
            return set(reads)
        case Return(values=values):
            return {n for v in values for n in (v.reads if isinstance(v, Expression) else [v.text.partition(".")[0]])}
        case _:
            tests = [arm.test for arm in getattr(statement, "arms", ())]
            return {n for t in tests for n in (t.reads if isinstance(t, Expression) else [t.name] if t else [])}


def _number(parts: list[Part], name: str) -> int:
    number = next((n for n, part in enumerate(parts) if part.name == name), None)
    if number is None:
        raise Refused(f"There is no input “{name}”: it was removed or renamed.")
    return number


def _is(argument: Argument, place: int, number: int, name: str) -> bool:
    return argument.keyword == name or (not argument.keyword and place == number)


def _by_keyword(steps: Steps, function: Function, parts: list[Part], begin: int) -> None:
    """Let all calls pass what stands from a place on by keyword: something new comes to stand there."""
    for home, call in _calls(steps.flow, function.name):
        arguments = tuple(
            a if a.keyword or n < begin or n >= len(parts) or parts[n].sign else replace(a, keyword=parts[n].name)
            for n, a in enumerate(call.arguments)
        )
        steps.do(SetArguments(home, call.id, arguments) if arguments != call.arguments else None)


def _swapped(arguments: tuple[Argument, ...], first: int, names: list[str]) -> tuple[Argument, ...]:
    given = sum(not argument.keyword for argument in arguments)
    changed = list(arguments)
    if given > first + 1:
        changed[first], changed[first + 1] = changed[first + 1], changed[first]
    elif given == first + 1:
        changed[first] = replace(changed[first], keyword=names[first])
    return tuple(changed)


def _now(steps: Steps, function: str) -> Function:
    return steps.flow.functions[function]
