"""A node that calls a function which returns named values, where only these are read: they need no object."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from flodesk.flow.edit.rename import bound
from flodesk.flow.edit.tree import below
from flodesk.flow.model import (
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
    Statement,
    Switch,
    walk,
)
from flodesk.flow.names import binds_of, parameters_of
from flodesk.flow.script import keep_text
from flodesk.flow.switched import how
from flodesk.flow.syntax import parse_tree
from flodesk.flow.wiring.uses import reads_of


@dataclass(slots=True)
class Parts:
    """What a node gives part by part.

    Attributes
    ----------
    call : str
        The node's variable.
    kind : str
        The class of the values.
    variables : dict
        The variable of the function that is returned as each part.
    names : dict
        Which name such a variable gets: that of the line that gives the part a name.
    """

    call: str
    kind: str
    variables: dict[str, str]
    names: dict[str, str] = field(default_factory=dict)
    _aliases: dict[str, Bind] = field(default_factory=dict)
    _readers: list[Statement] = field(default_factory=list)

    @property
    def gone(self) -> tuple[str, ...]:
        """Ids of the lines that are needed no more."""
        return tuple(alias.id for alias in self._aliases.values())

    def keep(self, name: str) -> None:
        """Let a line go on to give a part its name: the variable cannot have it."""
        self._readers.append(self._aliases.pop(name))
        self.names = {variable: given for variable, given in self.names.items() if given != name}

    def changed(self, names: Mapping[str, str]) -> tuple[Statement, ...]:
        """Return the statements that read a part, reading the variable under its new name instead."""
        now = {part: names.get(variable, variable) for part, variable in self.variables.items()}
        return tuple(self._reading(statement, now) for statement in self._readers)

    def _reading(self, statement: Statement, now: Mapping[str, str]) -> Statement:
        def ref(value: Any) -> Any:
            return Ref(now[value.field]) if isinstance(value, Ref) and value.name == self.call else value

        match statement:
            case Call() | Loop():
                arguments = tuple(replace(a, value=ref(a.value)) for a in statement.arguments)
                return keep_text(statement, replace(statement, arguments=arguments))
            case Bind():
                return keep_text(statement, replace(statement, value=ref(statement.value)))
            case Return():
                return keep_text(statement, replace(statement, values=tuple(map(ref, statement.values))))
            case Switch():
                arms = tuple(keep_text(arm, replace(arm, test=ref(arm.test))) for arm in statement.arms)
                return replace(statement, arms=arms)
            case _:
                return statement


def parts_of_result(flow: Flow, function: str, call: Call, called: Function, parameters: set[str]) -> Parts | None:
    """Return what a node gives part by part; None where what it gives is needed as a whole."""
    made = _made(flow, called, parameters)
    if made is None or not call.name:
        return None
    host = flow.functions[function]
    statements = list(walk(host.body, Region(function)))
    binders = [name for statement, _ in statements for name in binds_of(statement)]
    binders += parameters_of(host.parameters)
    if binders.count(call.name) > 1:
        return None
    found = Parts(call.name, *made)
    readers = {use.id: use for use in reads_of(flow, function, call.name)}
    if any(use.field not in found.variables for use in reads_of(flow, function, call.name)):
        return None
    region = next(region for statement, region in statements if statement is call)
    late = False
    for statement, where in statements:
        late = late or statement is call
        if statement.id not in readers or statement is call:
            continue
        if not late or not _follows(statement, call):
            return None
        alias = isinstance(statement, Bind) and where == region and binders.count(statement.name) == 1
        if isinstance(statement, Bind) and isinstance(statement.value, Ref) and alias and not statement.lead.strip():
            variable = found.variables[statement.value.field]
            if variable not in found.names and not statement.note:
                found.names[variable] = statement.name
                found._aliases[statement.name] = statement
                continue
        found._readers.append(statement)
    return found


def _follows(statement: Statement, call: Call) -> bool:
    """Say whether a statement reads a part as a value of its own, in a way that can be changed."""
    if isinstance(statement, Code) or how(statement) or any(inner is call for inner in below(statement)):
        return False
    if isinstance(statement, Call | Loop) and statement.callee.partition(".")[0] == call.name:
        return False
    tests = [arm.test for arm in statement.arms] if isinstance(statement, Switch) else []
    values = statement.values if isinstance(statement, Return) else ()
    return not any(isinstance(value, Expression) and call.name in value.reads for value in (*tests, *values))


def _made(flow: Flow, called: Function, parameters: set[str]) -> tuple[str, dict[str, str]] | None:
    """Return the class of which a function returns an object, and the variable that each part of it is."""
    last = called.body.statements[-1] if called.body.statements else None
    if not isinstance(last, Return) or len(last.values) != 1 or not isinstance(last.values[0], Expression):
        return None
    made = parse_tree(f"({last.values[0].text}\n)", mode="eval").body
    if not isinstance(made, ast.Call) or not isinstance(made.func, ast.Name):
        return None
    kind = made.func.id
    code = next((s for s in flow.module.statements if isinstance(s, Code) and s.binds == (kind,)), None)
    names = _values_of(code) if code is not None else []
    given = dict(zip(names, made.args, strict=False)) | {word.arg or "": word.value for word in made.keywords}
    variables = {part: value.id for part, value in given.items() if isinstance(value, ast.Name)}
    own = bound(called.body) - parameters
    right = set(variables) == set(names) and len(made.args) + len(made.keywords) == len(names) > 0
    return (kind, variables) if right and len({*variables.values()} & own) == len(names) else None


def _values_of(code: Code) -> list[str]:
    """Return the names of the values that a class lists; none if it is more than a list of values."""
    body = parse_tree(code.text).body
    tree = body[0]
    if len(body) != 1 or not isinstance(tree, ast.ClassDef) or tree.keywords:
        return []
    bases = [ast.unparse(base).rpartition(".")[2] for base in tree.bases]
    marks = [ast.unparse(mark).partition("(")[0].rpartition(".")[2] for mark in tree.decorator_list]
    if (bases, marks) not in ((["NamedTuple"], []), ([], ["dataclass"])):
        return []
    names = []
    for part in tree.body:
        if isinstance(part, ast.AnnAssign) and isinstance(part.target, ast.Name):
            names.append(part.target.id)
        elif not (isinstance(part, ast.Expr) and isinstance(part.value, ast.Constant)):
            return []
    return names
