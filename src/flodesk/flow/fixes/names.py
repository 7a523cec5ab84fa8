"""Fixes for names: read another one, give it a value, put the reader where it has one."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from flodesk.flow.edit import AddNode, Connect, Edit, Many, ReplaceStatement, Restore, SetArguments
from flodesk.flow.edit.in_text import in_code
from flodesk.flow.edit.tree import ids
from flodesk.flow.fixes.calls import calling, default, reads, removing, write
from flodesk.flow.fixes.fix import Broken, Fix
from flodesk.flow.fixes.values import start_of, suggested
from flodesk.flow.fixes.wires import connecting, switching_on, taking_off, wires_of
from flodesk.flow.model import (
    Address,
    Arm,
    Bind,
    Block,
    Call,
    Code,
    Expression,
    Literal,
    Loop,
    Ref,
    Return,
    Statement,
    Switch,
)
from flodesk.flow.packs import OURS
from flodesk.flow.problem import quoted
from flodesk.flow.script import keep_text, read
from flodesk.flow.script import write as text_of
from flodesk.flow.slots import slots
from flodesk.flow.wiring.connect import connect
from flodesk.flow.wiring.fields import rename
from flodesk.flow.wiring.inserting import insert_between
from flodesk.flow.wiring.lines import Lines
from flodesk.flow.wiring.naming import callee_of, taken, unique
from flodesk.flow.wiring.settle import settle
from flodesk.flow.wiring.step import Steps


def unbound(broken: Broken) -> Iterator[Fix]:
    """Read or call the name that was probably meant, import it, or wire something that is there."""
    call, name, meant = broken.call, broken.about.name, broken.about.meant
    called = call is not None and call.callee.partition(".")[0] == name
    if meant:
        word = "Call" if called else "Read"
        title = f"{word} {quoted(meant)} instead of {quoted(name)} in {quoted(broken.name)}"
        yield from broken.step("rename", title, lambda: reading(broken, name, meant))
    if called and call is not None:
        yield from _importing(broken, call)
        yield from removing(broken)
        return
    if call is None or broken.box is None:
        return
    for slot in slots(call.arguments, broken.parameters):
        if slot.argument is not None and reads(slot.argument.value, name):
            kind = slot.parameter.type if slot.parameter is not None else "any"
            yield from connecting(broken, (broken.box.id, slot.name), kind, meant, above=True)
            if slot.parameter is not None and not slot.parameter.required:
                yield from default(broken, slot, slot.parameter)
            yield from broken.ask(slot.name)
            wanted = slot.parameter is not None and slot.parameter.required
            if slot.parameter is not None and wanted and (first := suggested(slot.parameter)) is not None:
                yield from write(broken, slot, first)
            return


def _importing(broken: Broken, call: Call | Loop) -> Iterator[Fix]:
    """Import the module that a call names, or the one that a node type of that name is in."""
    head, dot, rest = call.callee.partition(".")
    if not dot:
        found = [path for path, spec in broken.catalog.specs.items() if spec.name == head and path.startswith(OURS)]
        for path in found[:2]:
            yield from calling(broken, path)
    elif broken.catalog.find(f"{OURS}.{call.callee}") is not None:
        title = f"Import it at the top of the file: from {OURS} import {head}"
        yield from broken.step("import", title, lambda: _imported(broken, f"{OURS}.{head}.{rest}"))
    elif broken.catalog.has(head):
        module = call.callee.rpartition(".")[0]
        module = module if _is_there(module) else head
        title = f"Import it at the top of the file: import {module}"
        yield from broken.step("import", title, lambda: _imported(broken, f"{module}.x"))


def _is_there(module: str) -> bool:
    """Say whether an installed package has a module; it is looked for on the disk, and nothing is imported."""
    head, *rest = module.split(".")
    try:
        found = importlib.util.find_spec(head)
    except (ImportError, ValueError):
        return False
    folders = [Path(folder, *rest) for folder in (found.submodule_search_locations or ())] if found else []
    return bool(rest) and any(folder.is_dir() or folder.with_suffix(".py").exists() for folder in folders)


def _imported(broken: Broken, path: str) -> Edit:
    _, edit = callee_of(broken.flow, broken.function, path)
    return edit if edit is not None else Many((), "Import")


def reading(broken: Broken, old: str, new: str) -> Edit:
    """Return the edit that lets the statement read, or call, another name; ``parts.low`` for a part of one."""
    statement, function = broken.statement, broken.function
    head, _, part = new.partition(".")
    match statement:
        case Call() | Loop() if statement.callee.partition(".")[0] == old:
            rest = statement.callee[len(old) :]
            changed: Statement = replace(statement, callee=new + rest)
            return ReplaceStatement(function, statement.id, keep_text(statement, changed))
        case Call() | Loop():
            arguments = tuple(
                replace(a, value=_renamed(a.value, old, head, part)) if _is(a.value, old) else a
                for a in statement.arguments
            )
            return SetArguments(function, statement.id, arguments, f"Read {new}")
        case Bind():
            return Connect(function, statement.id, "value", Ref(head, part))
        case Return(values=values) if not any(isinstance(v, Expression) for v in values):
            given = tuple(_renamed(v, old, head, part) if _is(v, old) else v for v in values)
            return ReplaceStatement(function, statement.id, keep_text(statement, replace(statement, values=given)))
        case Switch():
            return _test(broken, statement, old, new)
        case Code() if not part and (text := in_code(statement.text, old, new)) is not None:
            names = tuple(dict.fromkeys(new if name == old else name for name in statement.reads))
            return ReplaceStatement(function, statement.id, replace(statement, text=text, reads=names, raw=None))
        case _:
            return Many((), "Read")


def _test(broken: Broken, switch: Switch, old: str, new: str) -> Edit:
    arms = []
    for arm in switch.arms:
        test = arm.test
        if isinstance(test, Ref) and _is(test, old):
            test = Ref(new.partition(".")[0], new.partition(".")[2] or test.field)
        elif isinstance(test, Expression) and old in test.reads and (text := in_code(test.text, old, new)) is not None:
            test = Expression(text, tuple(dict.fromkeys(new if name == old else name for name in test.reads)))
        arms.append(arm if test == arm.test else keep_text(arm, replace(arm, test=test)))
    return ReplaceStatement(broken.function, switch.id, replace(switch, arms=tuple(arms)))


def _is(value: object, name: str) -> bool:
    """Say whether a value reads a name, or a part of one (``parts.lwo``) where that is meant."""
    return isinstance(value, Ref | Literal) and name in (value.text, value.text.partition(".")[0])


def _renamed(value: Ref | Literal | Expression, old: str, head: str, part: str) -> Ref | Literal:
    rest = value.text[len(old) + 1 :] if value.text != old else ""
    return Ref(head, part or rest)


def unknown_output(broken: Broken) -> Iterator[Fix]:
    """Read the output that was probably meant, or switch on what gives it."""
    name = broken.about.name
    if broken.about.owner:
        yield from switching_on(broken, broken.about.owner)
    if broken.about.meant:
        new = f"{name.partition('.')[0]}.{broken.about.meant}"
        title = f"Read {quoted(new)} instead of {quoted(name)} in {quoted(broken.name)}"
        yield from broken.step("rename", title, lambda: reading(broken, name, new))


def order(broken: Broken) -> Iterator[Fix]:
    """Move the reader below what gives the value, or give it a start value above."""
    name = broken.about.name
    if not isinstance(broken.statement, Code):
        title = f"Move {quoted(broken.name)} below what gives {quoted(name)} its value"
        yield from broken.step("move", title, lambda: _settled(broken))
    yield from _start_value(broken, name, broken.about.statement)


def _settled(broken: Broken) -> Edit:
    steps = Steps(broken.flow)
    moved, edits = settle(broken.flow, broken.function, broken.about.statement)
    steps.took(moved, list(edits))
    return steps.edit("Move")


def _start_value(broken: Broken, name: str, before: str, *, outside: bool = True) -> Iterator[Fix]:
    """Give a name a value above a statement, and `outside` of the loops that this stands in."""
    lines = Lines(broken.flow, broken.function)
    line = lines.by_id.get(before)
    above = lines.ancestor(line, line.chain[0]) if line is not None and outside else line
    kinds = {port.type for node in broken.graph.nodes.values() for port in node.outputs if port.variable == name}
    value = start_of(kinds.pop() if len(kinds) == 1 else "number")
    if above is None or value.value is None:
        return
    used = ids(broken.flow.functions[broken.function].body)
    free = name if name not in used else next(f"bind_{n}" for n in range(1, len(used) + 2) if f"bind_{n}" not in used)
    title = f"Give {quoted(name)} the start value {value.text} above {quoted(above.id)}"
    new = Bind(id=free, name=name, value=value)
    yield from broken.step("write", title, lambda: _read_again(broken, AddNode(above.region, above.index, new)))


def _read_again(broken: Broken, edit: Edit) -> Edit:
    """Return an edit with what its text reads as: a call that gives a name another value is code."""
    steps = Steps(broken.flow)
    steps.do(edit)
    again = read(text_of(steps.flow)).functions[broken.function].body
    steps.do(Restore(broken.function, again, edit.title))
    return steps.edit(edit.title)


def circle(broken: Broken) -> Iterator[Fix]:
    """Take off the wire that closes a circle."""
    for wire in wires_of(broken, broken.about.name):
        yield from taking_off(broken, wire.target)


def after_loop(broken: Broken) -> Iterator[Fix]:
    """Collect what the loop gives, and read that."""
    for wire in wires_of(broken, broken.about.name):
        for path, words in (("collect.Last", "its last value"), ("collect.List", "all its values")):
            title = f"Collect {words} with {path} in the loop, and let {quoted(broken.name)} read that"
            full = f"{OURS}.{path}"
            yield from broken.step(
                "convert", title,
                lambda p=full, w=wire: insert_between(  # type: ignore[misc]
                    broken.flow, broken.catalog, broken.function, p, None, w.source, w.target
                )[0],
                path=full, between=(wire.source, wire.target),
            )  # fmt: skip
        return


def some_arms(broken: Broken) -> Iterator[Fix]:
    """Give the name a value on every way: in each arm, or by reading it in the arm that gives it."""
    name, owner = broken.about.name, broken.about.owner
    everywhere = list(_in_every_arm(broken, name, owner))
    yield from everywhere or _start_value(broken, name, owner, outside=False)
    binders = Lines(broken.flow, broken.function).bound.get(name, [])
    arms = {line.region.arm for line in binders if line.region.owner == owner}
    found = broken.flow.index.get(Address(broken.function, owner))
    if len(arms) == 1 and found is not None and isinstance(found[0], Switch) and broken.box is not None:
        arm = arms.pop()
        end = next((p.name for p in broken.box.inputs), "")
        if end:
            title = f"Run {quoted(broken.name)} in the arm of {quoted(owner)} that gives {quoted(name)} its value"
            source = (owner, f"arm[{arm}]")
            box = broken.box.id
            yield from broken.step("move", title, lambda: connect(broken.flow, broken.graph, source, (box, end)))


def _in_every_arm(broken: Broken, name: str, owner: str) -> Iterator[Fix]:
    """Give a name a value in the arms of a switch that give it none; what gives it one stays a node."""
    lines = Lines(broken.flow, broken.function)
    switch = lines.by_id.get(owner)
    if switch is None or not isinstance(switch.statement, Switch):
        return
    arms = list(switch.statement.arms)
    inside = [line for line in lines.bound.get(name, ()) if switch.holds(line)]
    given = {line.region.arm for line in inside if line.region.owner == owner}
    kinds = {port.type for node in broken.graph.nodes.values() for port in node.outputs if port.variable == name}
    value = start_of(kinds.pop() if len(kinds) == 1 else "number")
    plain = all(isinstance(line.statement, Call | Bind) and line.region.owner == owner for line in inside)
    if not given or not plain or value.value is None or len(inside) < len(lines.bound[name]):
        return
    if arms[-1].test is not None:
        arms.append(Arm(test=None, body=Block()))
    names = ids(broken.flow.functions[broken.function].body)
    for number in [n for n in range(len(arms)) if n not in given]:
        free = next(f"bind_{n}" for n in range(1, len(names) + 2) if f"bind_{n}" not in names)
        names.add(free)
        last = arms[number].body
        made = Bind(id=free, name=name, value=value)
        arms[number] = replace(arms[number], body=replace(last, statements=(*last.statements, made), filler=None))
    title = f"Give {quoted(name)} the value {value.text} where {quoted(owner)} gives it none"
    new = replace(switch.statement, arms=tuple(arms))
    yield from broken.step("write", title, lambda: ReplaceStatement(broken.function, owner, new))


def shadow(broken: Broken) -> Iterator[Fix]:
    """Give the node a name of its own."""
    name = broken.about.name
    new = unique(f"{name}_1", taken(broken.flow, broken.function))
    title = f"Rename the node {quoted(name)} to {quoted(new)}"
    yield from broken.step("rename", title, lambda: rename(broken.flow, broken.graph, name, new))
