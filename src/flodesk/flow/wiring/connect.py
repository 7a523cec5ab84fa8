"""Wires: what a new one means, whether it can be, and what is left when one is taken off."""

from __future__ import annotations

from dataclasses import dataclass, replace

from flodesk.flow.boxes import is_carried_by_code
from flodesk.flow.converters import known
from flodesk.flow.edit import (
    AddNode,
    Connect,
    Disconnect,
    Edit,
    RemoveNode,
    ReplaceStatement,
    SetCode,
)  # fmt: skip
from flodesk.flow.edit.in_text import in_code, read_in_code
from flodesk.flow.edit.tree import find, ids
from flodesk.flow.graph import Graph, Node, Port, Wire
from flodesk.flow.mapping import why_not_items
from flodesk.flow.model import Bind, Call, Code, Expression, Flow, Literal, Loop, Ref, Region, Return, Statement, Switch
from flodesk.flow.script import keep_text
from flodesk.flow.slots import parameters_of
from flodesk.flow.switched import words as switched_words
from flodesk.flow.types import PortType, why_not
from flodesk.flow.wiring.arms import into_arm
from flodesk.flow.wiring.in_step import hold_to_turns
from flodesk.flow.wiring.lines import Lines, exclusive
from flodesk.flow.wiring.meaning import Asked, asked_by, downstream, may_get, means, place_for
from flodesk.flow.wiring.passing import pass_value, slot_of, take_value
from flodesk.flow.wiring.refused import Refused
from flodesk.flow.wiring.settle import refuse_too_early, settle, too_early
from flodesk.flow.wiring.step import Steps

End = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Target:
    """An input as a wire meets it: the box, the port's name and type, and the statement that takes the argument."""

    node: Node
    port: str
    type: PortType
    statement: Statement
    items: PortType = "any"


def connect(flow: Flow, graph: Graph, source: End, target: End, *, stays: bool = False, each: bool = False) -> Edit:
    """Wire an output to an input. An input that is wired already is wired anew; a field becomes a port.

    What reads the value moves behind it and into its loop, with all that is downstream, where the script needs that.

    Parameters
    ----------
    source, target : (node, port)
        As `Graph` names them.
    stays : bool
        What reads it does not go into the loop whose feedback it reads: it stands where it gets the value it is to get.
    each : bool
        It is a list, and its items have to fit: the input is about to be mapped over.

    Raises
    ------
    Refused
        The types do not fit, the wire would close a circle, or the two live in loops or arms that never meet.
    """
    function = graph.function
    output = _output(graph, source)
    end = graph.nodes.get(target[0])
    if end is not None and end.kind == "return" and not end.statements:
        return _first_return(flow, graph, output, source)
    meant = _target(flow, graph, target)
    if graph.nodes[source[0]].kind == "switch":
        return into_arm(flow, graph, source, meant.node, meant.statement)
    ref = _ref(output)
    _check_types(graph.nodes[source[0]], output, replace(meant, type="list", items=meant.type) if each else meant)
    lines = Lines(flow, function)
    line = lines.by_id[meant.statement.id]
    if not _is_carry(meant, lines):
        _check_circle(lines, output, ref, meant, source[0])
    steps = Steps(flow)
    if meant.node.kind == "merge" and isinstance(meant.statement, Switch):
        steps.do(_fill_arm(steps.flow, function, meant, ref))
        return _titled(steps, ref, meant)
    if isinstance(meant.statement, Code):
        hold_to_turns(flow, function, line.id, meant.port, output.statement)
    before = too_early(lines)
    steps.do(_take(steps.flow, function, meant, ref))
    asked = asked_by(lines, graph.nodes[source[0]], output)
    asked = replace(asked, loop="") if asked is not None and stays else asked
    stand(steps, function, line.id, asked)
    refuse_too_early(before, Lines(steps.flow, function))  # the new wire, too, must find its value
    return _titled(steps, ref, meant)


def stand(steps: Steps, function: str, name: str, asked: Asked | None) -> None:
    """Let a statement that reads another value now stand where it can, and where the name means what was asked for.

    Raises
    ------
    Refused
        It can stand nowhere.
    """
    lines = Lines(steps.flow, function)
    line = lines.by_id[name]
    if asked is None or lines.carries(line):
        steps.took_all(settle(steps.flow, function, name))
        return
    try:
        found = settle(steps.flow, function, name, asked)
    except Refused:
        if not asked.loop:
            raise
        asked = replace(asked, loop="")  # it reads what the loop starts with, or ends with
        found = settle(steps.flow, function, name, asked)
    now = Lines(found[0], function)
    if not means(now, asked, now.by_id[name].order, now.by_id[name].chain) and (move := place_for(lines, line, asked)):
        steps.do(move)
        found = settle(steps.flow, function, name, asked)
    steps.took_all(found)


def _titled(steps: Steps, ref: Ref, meant: Target) -> Edit:
    return steps.edit(f"Connect {ref.text} to {meant.node.id}")


def _first_return(flow: Flow, graph: Graph, output: Port, source: End) -> Edit:
    """Let a function that returned nothing return a value."""
    if graph.nodes[source[0]].kind == "switch":
        raise Refused("An arm of a switch cannot return: join its value with those of the other arms, and wire that.")
    ref = _ref(output)
    steps = Steps(flow)
    steps.do(
        AddNode(Region(graph.function), len(flow.functions[graph.function].body.statements), Return(values=(ref,)))
    )
    moved, edits = settle(steps.flow, graph.function, "return")
    steps.took(moved, list(edits))
    return steps.edit(f"Return {ref.text}")


# ------------------------------------------------------------------ both ends
def _output(graph: Graph, source: End) -> Port:
    node = graph.nodes.get(source[0])
    if node is None:
        raise Refused(
            f"“{source[0]}” is not in “{graph.function}”: between two flows that run side by side nothing flows but"
            " through a queue. Put the value into one here, and take it out there."
        )
    port = next((p for p in node.outputs if p.name == source[1]), None)
    if port is None:
        raise Refused(f"“{source[0]}” has no output “{source[1]}”.")
    return port


def _ref(output: Port) -> Ref:
    name, _, part = output.variable.partition(".")
    if not name or "." in part:
        raise Refused(f"“{output.label}” has no name in the script, so nothing can read it.")
    return Ref(name, part)


def _target(flow: Flow, graph: Graph, target: End) -> Target:
    node = graph.nodes.get(target[0])
    if node is None:
        raise Refused(
            f"“{target[0]}” is not in “{graph.function}”: between two flows that run side by side nothing flows but"
            " through a queue. Put the value into one here, and take it out there."
        )
    if node.switched:
        raise Refused(f"“{node.id}” is {switched_words(node.switched)}: switch it on first, then wire it.")
    if node.kind == "constant":
        raise Refused(f"“{node.id}” is a constant: it takes no wire. Wire what reads it instead.")
    port = next((p for p in node.inputs if p.name == target[1]), None)
    if port is None and (many := _open_end(node, target[1])):
        port = many
    if port is not None and is_carried_by_code(node):
        raise Refused(
            f"“{node.id}” starts with what stands above the loop, and gets its next value in the text of"
            f" “{port.statement}”: change it there."
        )
    if port is not None and node.kind == "feedback" and port.name == "start" and _is_next(node, port):
        raise Refused(
            f"“{node.id}” starts with the value that its name has above the loop, and has no line of its own for that:"
            " change it in the script."
        )
    if port is not None:
        return Target(node, port.name, port.takes, _statement(flow, graph, port.statement), port.items)
    field = next((f for f in node.fields if f.name == target[1]), None)
    if field is None:
        raise Refused(f"“{node.id}” has no input “{target[1]}”.")
    if field.module:
        raise Refused(
            f"“{field.name}” is set at the top of the file, once for “{field.statement}”: no wire goes there."
        )
    statement = _statement(flow, graph, field.statement)
    kind: PortType = "any"
    if isinstance(statement, Call | Loop):
        slot = slot_of(statement, parameters_of(flow, node.spec, statement), field.name)
        kind = slot.parameter.takes if slot and slot.parameter else "any"
    if field.each:
        return Target(node, field.name, "list", statement, kind)
    return Target(node, field.name, kind, statement)


def _is_next(node: Node, port: Port) -> bool:
    """Say whether the line of an input of feedback is one that gives a next value: of a start that has no line."""
    return any(other.statement == port.statement for other in node.inputs if other is not port)


def _open_end(node: Node, name: str) -> Port | None:
    """Return the open end of ``*values`` for ``values[n]`` or any number beyond the last."""
    base, bracket, _ = name.partition("[")
    ports = [p for p in node.inputs if bracket and p.name.startswith(f"{base}[")]
    return ports[-1] if ports else None


def _statement(flow: Flow, graph: Graph, name: str) -> Statement:
    return find(flow, graph.function, name)[1]


# ------------------------------------------------------------------ what speaks against it
def _check_types(giver: Node, output: Port, meant: Target) -> None:
    testing = meant.port.startswith("test[")
    why = why_not(output.type, meant.type) or why_not_items(output.items, meant.items)
    if not why:
        return
    between = known(output.type, meant.type) if why == why_not(output.type, meant.type) else ()
    advice = f" Put {' or '.join(between)} between them." if between else ""
    if testing:
        advice = " Compare it with something first."
    raise Refused(f"“{giver.id}” does not fit “{meant.port}” of “{meant.node.id}”. {why}{advice}")


def _is_carry(meant: Target, lines: Lines) -> bool:
    return lines.carries(lines.by_id[meant.statement.id])


def _check_circle(lines: Lines, output: Port, ref: Ref, meant: Target, source: str) -> None:
    if meant.node.kind == "merge" and isinstance(meant.statement, Switch):
        name, switch = meant.node.outputs[0].variable, lines.by_id[meant.statement.id]
        below = downstream(lines, *(line for line in lines.readers({name}) if may_get(lines, line, name, switch)))
    else:
        below = downstream(lines, lines.by_id[meant.statement.id])
    every = lines.bound.get(ref.name, [])
    binders = [line for line in every if line.id == output.statement] or every
    if not any(line.id in below and not lines.carries(line) for line in binders):
        return
    if source == meant.node.id:
        raise Refused(
            f"“{source}” cannot read its own result in the same turn. To carry a value to the next turn, use feedback:"
            " a start value before the loop, and the value for the next turn."
        )
    raise Refused(
        f"This would close a circle: “{source}” already depends on “{meant.node.id}”. To carry a value to the next"
        " turn, use feedback: a start value before the loop, and the value for the next turn."
    )


# ------------------------------------------------------------------ the argument itself
def _take(flow: Flow, function: str, meant: Target, ref: Ref) -> Edit:
    """Return the edit that lets a statement read a variable."""
    statement, port = meant.statement, meant.port
    match statement:
        case Call() if port == "object":
            return _other_object(function, statement, ref, meant)
        case Loop() if port in ("object", "values") and (not statement.called or port == "object"):
            rest = statement.callee.partition(".")[2] if port == "object" else ref.field
            callee = ref.name + (f".{rest}" if rest else "")
            return ReplaceStatement(function, statement.id, keep_text(statement, replace(statement, callee=callee)))
        case Call() | Loop():
            return pass_value(function, statement, parameters_of(flow, meant.node.spec, statement), port, ref)
        case Bind():
            return Connect(function, statement.id, port, ref)
        case Return(values=(Expression() as value,)):
            return _in_value(function, statement, value, port, ref)
        case Return():
            return Connect(function, statement.id, port, ref)
        case Switch() if port.startswith("test["):
            return Connect(function, statement.id, "test", ref, int(port[5:-1]))
        case Switch():
            return _in_tests(function, statement, port, ref)
        case Code():
            return _in_text(function, statement, port, ref)
        case _:
            raise Refused(f"“{meant.node.id}” takes no wire there.")


def _other_object(function: str, call: Call, ref: Ref, meant: Target) -> Edit:
    if ref.field:
        raise Refused(f"“{ref.text}” is a part of a value, not an object that “{meant.node.id}” could call.")
    _, dot, rest = call.callee.partition(".")
    return ReplaceStatement(function, call.id, keep_text(call, replace(call, callee=ref.name + dot + rest)))


def _in_tests(function: str, switch: Switch, name: str, ref: Ref) -> Edit:
    """Return the edit that lets the expressions of a switch read another variable."""
    arms = list(switch.arms)
    for number, arm in enumerate(arms):
        test = arm.test
        if not isinstance(test, Expression) or name not in test.reads:
            continue
        text = in_code(test.text, name, ref.name) if not ref.field else None
        if text is None:
            raise Refused(f"“{ref.text}” cannot be put into “{test.text}”: change the expression itself.")
        reads = tuple(dict.fromkeys(ref.name if read == name else read for read in test.reads))
        arms[number] = keep_text(arm, replace(arm, test=Expression(text, reads)))
    return ReplaceStatement(function, switch.id, replace(switch, arms=tuple(arms)))


def _in_value(function: str, statement: Return, value: Expression, name: str, ref: Ref) -> Edit:
    """Return the edit that lets the expression that a function returns read another variable."""
    text = in_code(value.text, name, ref.name) if not ref.field else None
    if text is None:
        raise Refused(f"“{ref.text}” cannot be put into “{value.text}”: change the expression itself.")
    reads = tuple(dict.fromkeys(ref.name if read == name else read for read in value.reads))
    new = keep_text(statement, replace(statement, values=(Expression(text, reads),)))
    return ReplaceStatement(function, statement.id, new)


def _in_text(function: str, code: Code, name: str, ref: Ref) -> Edit:
    """Return the edit that lets a code node read another variable."""
    change = read_in_code if name in code.binds else in_code
    text = change(code.text, name, ref.name) if not ref.field else None
    if text is None:
        raise Refused(f"“{ref.text}” cannot be put into the code of “{code.id}”: change its text instead.")
    reads = tuple(dict.fromkeys(ref.name if read == name else read for read in code.reads))
    return SetCode(function, code.id, text, reads, code.binds, code.leaves)


def _fill_arm(flow: Flow, function: str, meant: Target, ref: Ref) -> Edit:
    """Return the edit that feeds a merge from an arm that gives it nothing yet."""
    switch = meant.statement
    assert isinstance(switch, Switch)
    number = meant.port.rpartition("[")[2].rstrip("]")
    name = meant.node.outputs[0].variable
    if not number.isdigit() or int(number) >= len(switch.arms):
        raise Refused(f"“{switch.id}” has no “else”: write one in the script, so that “{name}” has a value there.")
    region = Region(function, switch.id, int(number))
    lines = Lines(flow, function)
    home = lines.home(ref.name, lines.by_id[switch.id])
    chain = (*lines.by_id[switch.id].chain, region)
    if home and chain[: len(home[0])] != home[0]:
        raise Refused(f"“{ref.text}” cannot be read in that arm of “{switch.id}”.")
    block = switch.arms[int(number)].body
    taken = ids(flow.functions[function].body)
    free = next(f"bind_{n}" for n in range(1, len(taken) + 2) if f"bind_{n}" not in taken)
    return AddNode(region, len(block.statements), Bind(id=free, name=name, value=ref))


# ------------------------------------------------------------------ taking a wire off
def disconnect(flow: Flow, graph: Graph, wire: Wire) -> Edit:
    """Take a wire off. A required input is left open, and the arguments behind it go by keyword if they must.

    A switch without its test does not run (``if False``); feedback without its next value keeps the one from the start;
    a merge is left open in that arm, and is ``None`` there if no other arm feeds it or something in that arm reads it.

    Raises
    ------
    Refused
        The input cannot be left open.
    """
    meant = _target(flow, graph, wire.target)
    function, statement, port = graph.function, meant.statement, meant.port
    match statement:
        case Call() | Loop() if port == "object" or (isinstance(statement, Loop) and not statement.called):
            raise Refused(f"“{meant.node.id}” cannot be without “{wire.source[0]}”: remove it, or connect another.")
        case Call() | Loop():
            return take_value(function, statement, parameters_of(flow, meant.node.spec, statement), port)
        case Bind() if meant.node.kind == "merge" and _is_dispensable(Lines(flow, function), statement):
            return RemoveNode(function, statement.id, keep_header=True)
        case Bind():
            value = Literal("0.0") if port == "start" else _start_of(flow, function, statement)
            changed = keep_text(statement, replace(statement, value=value))
            return ReplaceStatement(function, statement.id, changed, f"Disconnect {port} of {meant.node.id}")
        case Return(values=values) if not any(isinstance(value, Expression) for value in values):
            return Disconnect(function, statement.id, port)
        case Switch() if port.startswith("test["):
            return ReplaceStatement(
                function,
                statement.id,
                without_test(statement, int(port[5:-1])),
                f"Disconnect the test of {statement.id}",
            )
        case _:
            raise Refused(f"“{meant.node.id}” reads “{port}” in its own text: change that instead.")


def _is_dispensable(lines: Lines, feed: Bind) -> bool:
    """Say whether a merge may lose what feeds it from an arm: another arm feeds it, and none of its readers is left."""
    others = [line for line in lines.bound[feed.name] if line.id != feed.id]
    readers = [line for line in lines.all if feed.name in line.reads and line.order > lines.by_id[feed.id].order]
    return bool(others) and all(
        any(other.order < reader.order and not exclusive(other, reader) for other in others) for reader in readers
    )


def without_test(switch: Switch, number: int) -> Switch:
    """Return a switch with one arm that is never taken."""
    arm = switch.arms[number]
    closed = keep_text(arm, replace(arm, test=Expression("False", ())))
    return replace(switch, arms=(*switch.arms[:number], closed, *switch.arms[number + 1 :]))


def _start_of(flow: Flow, function: str, carry: Bind) -> Literal:
    """Return the value that feedback starts with."""
    for line in Lines(flow, function).bound[carry.name]:
        if isinstance(line.statement, Bind) and isinstance(line.statement.value, Literal) and line.id != carry.id:
            return line.statement.value
    return Literal("None")
