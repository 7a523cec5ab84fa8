"""Fixes for calls: their type, their arguments, how they are called."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from flodesk.flow.await_rules import awaits
from flodesk.flow.edit import Edit, Many, ReplaceStatement, SetArguments
from flodesk.flow.fixes.fix import Broken, Fix
from flodesk.flow.fixes.values import nearly, suggested
from flodesk.flow.fixes.wires import connecting
from flodesk.flow.model import Argument, Block, Call, Function, Literal, Loop, Ref, Statement
from flodesk.flow.packs import OURS
from flodesk.flow.problem import quoted
from flodesk.flow.script import keep_text
from flodesk.flow.slots import Slot
from flodesk.flow.spec import Parameter
from flodesk.flow.wiring.lines import Lines
from flodesk.flow.wiring.naming import callee_of
from flodesk.flow.wiring.passing import pass_value, take_value
from flodesk.flow.wiring.remove import remove
from flodesk.flow.wiring.settle import settle
from flodesk.flow.wiring.step import Steps


# ------------------------------------------------------------------ one argument
def open_input(broken: Broken) -> Iterator[Fix]:
    """Wire the nearest output that fits, write one of the possible values, ask for one, or write what is plain."""
    port, slot, box = broken.about.port, broken.slot(broken.about.port), broken.box
    if slot is None or slot.parameter is None or box is None:
        return
    yield from connecting(broken, (box.id, port), slot.parameter.type)
    value = suggested(slot.parameter)
    meant = bool(slot.parameter.choices or slot.parameter.default)
    if value is not None and meant:
        yield from write(broken, slot, value)
    if value is not None or slot.parameter.type in ("any", "path"):
        yield from broken.ask(port)
    if value is not None and not meant:  # made up: with an empty text the run may fail
        yield from write(broken, slot, value)


def literal(broken: Broken) -> Iterator[Fix]:
    """Write what was probably meant, go back to the default, or ask for a value."""
    slot = broken.slot(broken.about.port)
    if slot is None or slot.parameter is None or slot.argument is None or not isinstance(slot.argument.value, Literal):
        return
    meant = nearly(slot.argument.value.value, slot.parameter)
    if meant is not None:
        yield from write(broken, slot, meant)
    if not slot.parameter.required and (meant is None or meant.text != slot.parameter.default):
        yield from default(broken, slot, slot.parameter)
    yield from broken.ask(slot.name)
    if slot.parameter.required and meant is None and (first := suggested(slot.parameter)) is not None:
        yield from write(broken, slot, first)


def write(broken: Broken, slot: Slot, value: Literal) -> Iterator[Fix]:
    """Give the fix that writes a value for an argument."""
    call = broken.call
    assert call is not None
    unit = f" {slot.parameter.unit}" if slot.parameter is not None and slot.parameter.unit else ""
    title = f"Write {value.text}{unit} for {quoted(slot.name)} of {quoted(broken.name)}"
    yield from broken.step(
        "write", title, lambda: pass_value(broken.function, call, broken.parameters, slot.name, value)
    )


def default(broken: Broken, slot: Slot, parameter: Parameter) -> Iterator[Fix]:
    """Give the fix that takes an argument out, so that its parameter has its default."""
    call = broken.call
    assert call is not None
    title = f"Go back to the default of {quoted(slot.name)} of {quoted(broken.name)}: {parameter.default}"
    yield from broken.step("write", title, lambda: take_value(broken.function, call, broken.parameters, slot.name))


def keyword(broken: Broken) -> Iterator[Fix]:
    """Write the keyword that was probably meant, or take the argument out."""
    call, old, new = broken.call, broken.about.port, broken.about.meant
    if call is None:
        return
    if new and all(argument.keyword != new for argument in call.arguments):
        renamed = tuple(replace(a, keyword=new) if a.keyword == old else a for a in call.arguments)
        title = f"Write {quoted(new)} instead of {quoted(old)} in {quoted(broken.name)}"
        yield from broken.step("rename", title, lambda: SetArguments(broken.function, call.id, renamed, title))
    yield from _without(broken, [a for a in call.arguments if a.keyword == old])


def surplus(broken: Broken) -> Iterator[Fix]:
    """Take the arguments out that nothing takes."""
    call, name = broken.call, broken.about.port
    if call is None:
        return
    first = int(name[5:-1]) if name.startswith("args[") else None
    gone = [a for a in call.arguments if a.keyword == name] if first is None else _by_place(call)[first:]
    yield from _without(broken, gone)


def _by_place(call: Call | Loop) -> list[Argument]:
    return [argument for argument in call.arguments if not argument.keyword]


def _without(broken: Broken, gone: list[Argument]) -> Iterator[Fix]:
    call = broken.call
    assert call is not None
    if gone:
        words = " and ".join(f"{a.keyword}={a.value.text}" if a.keyword else a.value.text for a in gone)
        title = f"Take {words} out of {quoted(broken.name)}"
        left = tuple(a for a in call.arguments if not any(a is other for other in gone))
        yield from broken.step("remove", title, lambda: SetArguments(broken.function, call.id, left, title))


def template(broken: Broken) -> Iterator[Fix]:
    """Write the name that was probably meant into a template."""
    slot, about, call = broken.slot(broken.about.port), broken.about, broken.call
    if call is None or slot is None or slot.argument is None or not isinstance(slot.argument.value, Literal):
        return
    if about.meant:
        inside = re.compile(rf"(\{{[{{%][^}}]*?)\b{re.escape(about.name)}\b")
        text = inside.sub(rf"\g<1>{about.meant}", slot.argument.value.text)
        title = f"Write {quoted(about.meant)} instead of {quoted(about.name)} in {quoted(slot.name)}"
        title += f" of {quoted(broken.name)}"
        yield from broken.step(
            "rename", title, lambda: pass_value(broken.function, call, broken.parameters, slot.name, Literal(text))
        )
    yield from broken.ask(slot.name)


# ------------------------------------------------------------------ what is called, and how
def unknown_type(broken: Broken) -> Iterator[Fix]:
    """Call the type that was probably meant, or remove the node."""
    if broken.about.meant:
        yield from calling(broken, broken.about.meant)
    yield from removing(broken)


def calling(broken: Broken, path: str) -> Iterator[Fix]:
    """Give the fix that lets a node call another type, imported if need be."""
    call = broken.call
    if call is None:
        return
    title = f"Call {path.removeprefix(f'{OURS}.')} instead of {call.callee} in {quoted(broken.name)}"
    yield from broken.step("rename", title, lambda: _recalled(broken, call, path))


def _recalled(broken: Broken, call: Call | Loop, path: str) -> Edit:
    steps = Steps(broken.flow)
    callee, imported = callee_of(broken.flow, broken.function, path)
    steps.do(imported)
    steps.do(ReplaceStatement(broken.function, call.id, keep_text(call, replace(call, callee=callee))))
    return steps.edit(f"Call {path}")


def removing(broken: Broken) -> Iterator[Fix]:
    """Give the fix that takes the node out."""
    box = broken.box
    if box is not None:
        yield from broken.step(
            "remove", f"Remove {quoted(box.id)}", lambda: remove(broken.flow, broken.graph, [box.id])
        )


def unreached(broken: Broken) -> Iterator[Fix]:
    """Remove all that stands below what always ends its way."""
    lines = Lines(broken.flow, broken.function)
    line = lines.by_id.get(broken.about.statement)
    if line is None:
        return
    below = [other for other in lines.all if other.region == line.region and other.order >= line.order]
    gone = {inner.id for other in below for inner in lines.inside(other)}
    boxes = [node.id for node in broken.graph.nodes.values() if node.statements and gone.issuperset(node.statements)]
    words = " and ".join(map(quoted, boxes[:3])) + (" …" if len(boxes) > 3 else "")
    yield from broken.step(
        "remove", f"Remove what never runs: {words}", lambda: remove(broken.flow, broken.graph, boxes)
    )


def as_loop(broken: Broken) -> Iterator[Fix]:
    """Turn the call of a producer into a loop over what it gives, with what reads it inside."""
    call = broken.statement
    if isinstance(call, Call) and call.name:
        title = f"Loop over what {call.callee} gives: for {call.name} in {call.callee}(…)"
        yield from broken.step("move", title, lambda: _looped(broken, call))


def _looped(broken: Broken, call: Call) -> Edit:
    steps = Steps(broken.flow)
    loop = Loop(
        id=call.id, targets=(call.name,), callee=call.callee, note=call.note,
        arguments=tuple(replace(argument, each=None) for argument in call.arguments),
        awaited=call.awaited, body=Block(), lead=call.lead,
    )  # fmt: skip
    steps.do(ReplaceStatement(broken.function, call.id, loop))
    for reader in Lines(broken.flow, broken.function).readers({call.name}):
        moved, edits = settle(steps.flow, broken.function, reader.id)
        steps.took(moved, list(edits))
    return steps.edit(f"Loop over {call.name}")


def awaiting(broken: Broken) -> Iterator[Fix]:
    """Write ``await`` where it is missing, take it away where it is not wanted, or make the function ``async``."""
    call = broken.call
    function = broken.flow.functions.get(broken.function)
    if function is None:
        return
    if not function.asynchronous and broken.statement is not None and awaits(broken.statement):
        title = f"Make {quoted(function.name)} asynchronous: async def"
        yield from broken.step("write", title, lambda: _asynchronous(function))
    elif isinstance(call, Call) and call.mapped is not None:
        return  # what is awaited runs for one value
    elif call is not None:
        awaited = not call.awaited
        word = "async for" if isinstance(call, Loop) else "await"
        title = f"Write {word} in {quoted(broken.name)}" if awaited else f"Take {word} out of {quoted(broken.name)}"
        parts: list[Edit] = [_with_await(broken, call, awaited)]
        if awaited and not function.asynchronous:
            parts.append(_asynchronous(function))
        yield from broken.step("write", title, lambda: Many(tuple(parts), title))


def _with_await(broken: Broken, call: Call | Loop, awaited: bool) -> Edit:
    changed: Statement = replace(call, awaited=awaited)
    return ReplaceStatement(broken.function, call.id, keep_text(call, changed))


def _asynchronous(function: Function) -> Edit:
    return ReplaceStatement("", function.id, keep_text(function, replace(function, asynchronous=True)))


def reads(value: object, name: str) -> bool:
    """Say whether an argument reads a name: a variable, or what stands for one that nobody binds."""
    return isinstance(value, Ref | Literal) and value.text.partition(".")[0] == name
