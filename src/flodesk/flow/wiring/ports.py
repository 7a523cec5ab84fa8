"""The ports of a function: what it takes and gives, changed where it is drawn; the nodes that call it follow."""

from __future__ import annotations

import itertools
import re
from dataclasses import replace

from flodesk.flow.catalog import Catalog
from flodesk.flow.edit import AddNode, Edit, EditError, ReplaceStatement, SetArguments, SetHeader
from flodesk.flow.edit.header import renamed_header
from flodesk.flow.edit.rename import Captured, renamed_in
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
from flodesk.flow.wiring.lines import Lines
from flodesk.flow.wiring.naming import check_new_name, taken, unique
from flodesk.flow.wiring.refused import Refused
from flodesk.flow.wiring.results import add_class, extend, field_names, named_result, result_of, shorten
from flodesk.flow.wiring.returned import check_may_give_more, check_not_read_whole, check_own_class
from flodesk.flow.wiring.routes import rerouted
from flodesk.flow.wiring.signature import Part, parts_of, place_for_required, with_result, written
from flodesk.flow.wiring.step import Steps
from flodesk.flow.wiring.uses import calls_of, reads_of, refuse_switched, uses_of

End = tuple[str, str]


# ------------------------------------------------------------------ inputs
def add_input(flow: Flow, graph: Graph, catalog: Catalog, target: End | None = None) -> tuple[Edit, str]:
    """Let a function take one more value, which is wired to an input of a node; return its name, too.

    It is named and annotated after that input. At the nodes that call the function it is open.

    Raises
    ------
    Refused
        The function is run by itself, or something but a node or a loop uses it.
    """
    function = subflow(flow, graph.function)
    wanted, hint = "value", ""
    if target is not None:
        port = next((p for p in graph.nodes[target[0]].inputs if p.name == target[1]), None)
        if port is None:
            raise Refused(f"“{target[0]}” has no input “{target[1]}”.")
        wanted = re.sub(r"\[.*", "", port.name) or "value"
        hint = hint_for(flow, function.name, port.type)
    keywords = {a.keyword for _, call in calls_of(flow, function.name) for a in call.arguments}
    name = unique(wanted, taken(flow, function.name) | keywords)
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
        Something in the function reads it, or something but a node or a loop uses the function.
    """
    owner = subflow(flow, function)
    readers = [s.id for s, _ in walk(owner.body, Region(function)) if name in _reads(s)]
    readers = readers or [use.id for use in reads_of(flow, function, name)]
    if readers:
        raise Refused(f"“{name}” is read by “{readers[0]}”: take that wire off first.")
    parts = parts_of(owner)
    number = _number(parts, name)
    if parts[number].sign:
        raise Refused(f"“{parts[number].text}” takes any number of values: take it out in the script.")
    place = _position(parts, number)
    steps = Steps(flow)
    for home, call in calls_of(flow, function):
        kept = tuple(a for n, a in enumerate(call.arguments) if not _is(a, n, place, name))
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
    owner = subflow(flow, function)
    parts = parts_of(owner)
    number = _number(parts, name)
    first, second = sorted((number, number + step))
    if first < 0 or second >= len(parts):
        raise Refused(f"“{name}” stands at the end already.")
    if not parts[first].name or not parts[second].name:
        raise Refused(f"“{parts[first].text}, {parts[second].text}”: what is given by place or by name stays so.")
    if parts[first].default != parts[second].default or parts[first].sign or parts[second].sign:
        raise Refused("What has a default stands behind what has none: their order stays.")
    steps = Steps(flow)
    place = _position(parts, first)
    for home, call in calls_of(flow, function):
        if place is None:
            break  # both are given by name
        if sum(not a.keyword for a in call.arguments) == place + 1 and any(part.text == "/" for part in parts[first:]):
            raise Refused(f"“{call.id}” in “{home}” gives “{parts[first].name}” alone by its place: its order stays.")
        steps.do(SetArguments(home, call.id, _swapped(call.arguments, place, parts[first].name)))
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
    owner = subflow(flow, function)
    if old == new:
        return ReplaceStatement("", function, owner)
    check_new_name(flow, function, new)
    parts = parts_of(owner)
    number = _number(parts, old)
    if any(a.keyword == new for _, call in calls_of(flow, function) for a in call.arguments):
        raise Refused(f"“{function}” is given a value called “{new}” already: choose another.")
    text = re.sub(rf"\b{re.escape(old)}\b", new, parts[number].text, count=1)
    parts[number] = replace(parts[number], name=new, text=text)
    steps = Steps(flow)
    try:
        body = renamed_in(owner.body, old, new)
    except Captured as error:
        raise Refused(str(error.at(flow, function))) from error
    except EditError as error:
        raise Refused(str(error)) from error
    steps.do(ReplaceStatement("", function, replace(written(owner, parts), body=body)))
    for home, call in calls_of(steps.flow, function):
        by_name = not parts[number].sign
        arguments = tuple(replace(a, keyword=new) if by_name and a.keyword == old else a for a in call.arguments)
        steps.do(SetArguments(home, call.id, arguments) if arguments != call.arguments else None)
        for edit in rerouted(steps.flow, home, (call.id, old), (call.id, new)):
            steps.do(edit)
    for edit in rerouted(steps.flow, function, (INPUTS, old), (INPUTS, new)):
        steps.do(edit)
    return steps.edit(f"Rename the input {old} of {function} to {new}")


# ------------------------------------------------------------------ outputs
def add_output(flow: Flow, graph: Graph, source: End) -> Edit:
    """Let a function return one more value. The first is returned as it is, from the second on they have names.

    Where it is called, what read its only value goes on to read that.

    Raises
    ------
    Refused
        The function is run by itself, returns something calculated or before its end, or something but a node uses it,
        or what it returns as a whole.
    """
    function = subflow(flow, graph.function)
    output = next((p for p in graph.nodes[source[0]].outputs if p.name == source[1]), None)
    if output is None or not output.variable or graph.nodes[source[0]].kind == "switch":
        raise Refused("An arm of a switch cannot return: join its value with those of the other arms, and wire that.")
    head, _, part = output.variable.partition(".")
    value = Ref(head, part)
    _check_has_a_value(flow, function.name, head)
    check_may_give_more(flow, function, head)
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
        check_not_read_whole(flow, function.name)
        check_own_class(flow, function, named[0])
        extend(steps, function, unique((part or head).lstrip("_"), set(field_names(named[1]))), hint, value)
        return steps.edit(title)
    if any(isinstance(known, Expression) for known in last.values):
        raise Refused(f"“{function.name}” returns something calculated: give that a name first, and return the name.")
    if len(last.values) > 1:
        check_not_read_whole(flow, function.name)
        steps.do(ReplaceStatement(function.name, last.id, replace(last, values=(*last.values, value), raw=None)))
        return steps.edit(title)
    _second(steps, function, graph, last, value, part or head, hint)
    return steps.edit(title)


def _check_has_a_value(flow: Flow, function: str, name: str) -> None:
    """Refuse what only a loop gives a value: where it makes no turn, who calls the function got one up to now."""
    lines = Lines(flow, function)
    loops = [line for line in lines.all if isinstance(line.statement, Loop)]
    around = [
        next((loop for loop in loops if loop is line or loop.holds(line)), None) for line in lines.bound.get(name, ())
    ]
    if around and around[0] is not None and all(around):
        raise Refused(
            f"“{name}” gets its value in the loop of “{around[0].id}”, which may make no turn: there is nothing to"
            " return then. Wire it to a collector in the loop, such as List, and return what that gives."
        )


def _second(steps: Steps, function: Function, graph: Graph, last: Return, value: Ref, name: str, hint: str) -> None:
    """Turn the only value of a function into the first of several, and let its callers read that by its name."""
    first = last.values[0]
    types = {port.variable: port.type for box in graph.nodes.values() for port in box.outputs}
    names: set[str] = set()
    one = unique((first.field or first.name).lstrip("_") if isinstance(first, Ref) else "value", names)
    two = unique(name.lstrip("_"), names)
    known = function.returns or hint_for(steps.flow, function.name, types.get(first.text, "any"))
    kind = add_class(steps, function.name, function.name, {one: known, two: hint})
    steps.do(ReplaceStatement(function.name, last.id, result_of(kind, [first.text, value.text])))
    steps.do(ReplaceStatement("", function.name, with_result(_now(steps, function.name), kind)))
    made: set[tuple[str, str]] = set()
    while found := _next_caller(steps.flow, function.name, made):
        home, call = found
        own = unique(f"{call.name}_parts", taken(steps.flow, home))
        made.add((home, own))
        region = steps.flow.index[Address(home, call.id)][1]
        index = next(n for n, s in enumerate(steps.flow.block(region).statements) if s.id == call.id)
        header = renamed_header(steps.flow, home, call.id, own).header
        steps.do(ReplaceStatement(home, call.id, replace(call, id=own, name=own, raw=None)))
        steps.do(SetHeader(header))
        free = unique("bind", taken(steps.flow, home))  # it goes by its name as soon as it stands
        steps.do(AddNode(region, index + 1, Bind(id=free, name=call.name, value=Ref(own, one))))


def _next_caller(flow: Flow, function: str, made: set[tuple[str, str]]) -> tuple[str, Call] | None:
    """Return a node that gives what a function returns a name and was not changed yet: ids change on the way."""
    for home, call in calls_of(flow, function):
        if isinstance(call, Call) and call.name and (home, call.name) not in made:
            return home, call
    return None


def remove_output(flow: Flow, _catalog: Catalog, function: str, number: int) -> Edit:
    """Let a function return one of its named values no more.

    Raises
    ------
    Refused
        It is the only one, or a node that calls the function hands it on.
    """
    owner = subflow(flow, function)
    named = named_result(flow, owner)
    if named is None:
        raise Refused(f"“{function}” returns no named values: take the wire off instead.")
    fields = field_names(named[1])
    if number >= len(fields):
        raise Refused(f"“{function}” returns no value of the number {number + 1} any more.")
    field = fields[number]
    check_own_class(flow, owner, named[0])
    check_not_read_whole(flow, function, field)
    steps = Steps(flow)
    shorten(steps, owner, number)
    return steps.edit(f"Return {field} from {function} no more")


# ------------------------------------------------------------------ who calls it
def subflow(flow: Flow, name: str) -> Function:
    """Return a function whose ends can be changed.

    Raises
    ------
    Refused
        There is none, it is run by itself, or something uses it that cannot follow.
    """
    function = flow.functions.get(name)
    if function is None:
        raise Refused("There is no function here.")
    if name in flow.mains:
        raise Refused(
            f"“{name}” is run by itself: nobody gives it values, or takes any. Make a subflow of nodes first (Ctrl+G)."
        )
    if sum(isinstance(s, Function) and s.name == name for s in flow.module.statements) > 1 or name in flow.imports:
        raise Refused(f"“{name}” is defined more than once in this file: change that in the script.")
    for use in uses_of(flow, name):
        refuse_switched(flow, use, name, "what it gives and takes cannot follow")
        raise Refused(
            f"{use.words(flow)} uses “{name}” in its own text, not as a node: what it gives and takes cannot follow"
            " there. Give the call a line of its own, or change it in the script."
        )
    return function


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


def _position(parts: list[Part], number: int) -> int | None:
    """Return the how manieth value by place a parameter takes; None for one that takes none."""
    before = parts[:number]
    return None if any(part.sign.startswith("*") for part in before) else sum(bool(part.name) for part in before)


def _is(argument: Argument, place: int, number: int | None, name: str) -> bool:
    return argument.keyword == name or (not argument.keyword and place == number)


def _by_keyword(steps: Steps, function: Function, parts: list[Part], begin: int) -> None:
    """Let all calls pass what stands from a place on by keyword: something new comes to stand there.

    Raises
    ------
    Refused
        One passes there what can be given by its place alone.
    """
    first = sum(bool(part.name) for part in parts[:begin])
    by_place = itertools.takewhile(lambda part: not part.sign.startswith("*"), parts)
    names = [part.name for part in by_place if part.name]
    many = any(part.name and part.sign == "*" for part in parts)
    only = begin < len(parts) and any(part.text == "/" for part in parts[begin:])
    for home, call in calls_of(steps.flow, function.name):
        given = sum(not argument.keyword for argument in call.arguments)
        if given > first and (only or (many and given > len(names))):
            raise Refused(
                f"“{call.id}” in “{home}” gives “{function.name}” values by their place, where the new one would stand:"
                " change that in the script."
            )
        arguments = tuple(
            a if a.keyword or n < first or n >= len(names) else replace(a, keyword=names[n])
            for n, a in enumerate(call.arguments)
        )
        steps.do(SetArguments(home, call.id, arguments) if arguments != call.arguments else None)


def _swapped(arguments: tuple[Argument, ...], first: int, name: str) -> tuple[Argument, ...]:
    given = sum(not argument.keyword for argument in arguments)
    changed = list(arguments)
    if given > first + 1:
        changed[first], changed[first + 1] = changed[first + 1], changed[first]
    elif given == first + 1:
        changed[first] = replace(changed[first], keyword=name)
    return tuple(changed)


def _now(steps: Steps, function: str) -> Function:
    return steps.flow.functions[function]
