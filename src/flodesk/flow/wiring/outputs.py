"""The named values that a function returns, changed by hand: their names, and their order. All callers follow."""

from __future__ import annotations

import ast
import keyword
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from flodesk.flow.edit import Edit, ReplaceStatement
from flodesk.flow.edit.rename import is_name
from flodesk.flow.model import (
    Address,
    Arm,
    Bind,
    Call,
    Code,
    Expression,
    Flow,
    Function,
    Loop,
    Ref,
    Return,
    Statement,
    Switch,
)
from flodesk.flow.script import keep_text
from flodesk.flow.switched import how, kept_text
from flodesk.flow.syntax import parse_tree
from flodesk.flow.wiring.ports import subflow
from flodesk.flow.wiring.refused import Refused
from flodesk.flow.wiring.results import field_names, named_result, renamed_field, reordered
from flodesk.flow.wiring.returned import check_not_read_whole, check_own_class
from flodesk.flow.wiring.routes import rerouted
from flodesk.flow.wiring.step import Steps
from flodesk.flow.wiring.uses import calls_of, reads_of


def output_names(flow: Flow, function: str) -> tuple[str, ...]:
    """Return the names of what a function returns as named values; none if it returns anything else."""
    owner = flow.functions.get(function)
    named = named_result(flow, owner) if owner is not None else None
    return tuple(field_names(named[1])) if named is not None else ()


def rename_output(flow: Flow, function: str, old: str, new: str) -> Edit:
    """Give one of the named values that a function returns another name, there and wherever it is read.

    Raises
    ------
    Refused
        The name is none or taken, the function returns no named values, or something reads all of them at once.
    """
    owner, names = _named(flow, function, old)
    if new == old:
        return ReplaceStatement("", function, owner)
    if not is_name(new) or new.startswith("_") or keyword.issoftkeyword(new):
        raise Refused(f"“{new}” is no name of a value: use letters, digits and _, not first, and no word of Python.")
    if new in names or new in ("count", "index"):
        why = "a named value" if new in names else "what every tuple can do"
        raise Refused(f"“{new}” is the name of {why} already: choose another.")
    check_not_read_whole(flow, function)
    steps = Steps(flow)
    renamed_field(steps, owner, old, new)
    for home, call in calls_of(flow, function):
        assert not isinstance(call, Loop)
        for name in dict.fromkeys(use.id for use in reads_of(flow, home, call.name)) if call.name else ():
            statement = steps.flow.index[Address(home, name)][0]
            changed = _reading(statement, call.name, old, new)
            steps.do(ReplaceStatement(home, name, changed) if changed != statement else None)
        for edit in rerouted(steps.flow, home, (call.id, old), (call.id, new)):
            steps.do(edit)
    return steps.edit(f"Rename the output {old} of {function} to {new}")


def move_output(flow: Flow, function: str, name: str, step: int) -> Edit:
    """Let a named value that a function returns change places with the one before (`step` -1) or behind it (1).

    Raises
    ------
    Refused
        There is none, or something reads all of them at once: it may go by their order.
    """
    owner, names = _named(flow, function, name)
    number = names.index(name)
    if not 0 <= number + step < len(names):
        raise Refused(f"“{name}” stands at the end already.")
    check_not_read_whole(flow, function)
    order = list(range(len(names)))
    order[number], order[number + step] = order[number + step], order[number]
    steps = Steps(flow)
    reordered(steps, owner, order)
    return steps.edit(f"Move the output {name} of {function}")


def _named(flow: Flow, function: str, name: str) -> tuple[Function, list[str]]:
    owner = subflow(flow, function)
    named = named_result(flow, owner)
    if named is None:
        raise Refused(
            f"“{function}” returns no values with names of their own: drop a second output on its Return, and both have"
            " one; or change it in the script."
        )
    names = field_names(named[1])
    if name not in names:
        raise Refused(f"There is no output “{name}”: it was removed or renamed.")
    check_own_class(flow, owner, named[0])
    return owner, names


# ------------------------------------------------------------------ who reads it
def _reading(statement: Statement, variable: str, old: str, new: str) -> Statement:
    """Return a statement, without those below it, that reads a field of a variable under another name."""

    def value(given: Any) -> Any:
        match given:
            case Ref(name=name, field=field) if name == variable and field == old:
                return replace(given, field=new)
            case Expression(text=text):
                return replace(given, text=_in_text(text, variable, old, new))
            case _:
                return given

    changed: Statement = statement
    match statement:
        case Call() | Loop():
            changed = replace(statement, arguments=tuple(replace(a, value=value(a.value)) for a in statement.arguments))
        case Bind():
            changed = replace(statement, value=value(statement.value), note=_off(statement, variable, old, new))
        case Return():
            changed = replace(statement, values=tuple(map(value, statement.values)))
        case Switch():
            return replace(statement, arms=tuple(_arm(arm, value) for arm in statement.arms))
        case Code() if how(statement):
            return replace(statement, text=_off(statement, variable, old, new), raw=None)
        case Code():
            return replace(statement, text=_in_text(statement.text, variable, old, new), raw=None)
        case _:
            pass
    return keep_text(statement, changed) if changed != statement else statement


def _arm(arm: Arm, value: Callable[[Any], Any]) -> Arm:
    test = value(arm.test) if arm.test is not None else None
    return arm if test == arm.test else keep_text(arm, replace(arm, test=test))


def _off(statement: Bind | Code, variable: str, old: str, new: str) -> str:
    """Return the note of a line, or the text of one without a name; the call in it, if it is off, has the new name."""
    given = statement.note if isinstance(statement, Bind) else statement.text
    if not how(statement):
        return given
    kept = kept_text(statement)
    return given.removesuffix(kept) + _in_text(kept, variable, old, new)


def _in_text(text: str, variable: str, old: str, new: str) -> str:
    """Return Python text in which each ``variable.old`` has become ``variable.new``, and all else is as it was."""
    tree = parse_tree(text)
    lines = [line.encode() for line in text.split("\n")]
    found = [
        (node.end_lineno or node.lineno, node.end_col_offset or 0)
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name)
        if (node.value.id, node.attr) == (variable, old)
    ]
    for row, end in sorted(found, reverse=True):
        line = lines[row - 1]
        lines[row - 1] = line[: end - len(old.encode())] + new.encode() + line[end:]
    return "\n".join(line.decode() for line in lines)
