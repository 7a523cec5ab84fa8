"""What each name of a function stands for: found once, before its picture is drawn or its rules are checked."""

from __future__ import annotations

import ast
from collections import defaultdict
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TypeAlias

from flodesk.flow.model import (
    Bind,
    Block,
    Call,
    Code,
    Expression,
    Flow,
    Function,
    Import,
    Literal,
    Loop,
    Ref,
    Region,
    Return,
    Statement,
    Switch,
)  # fmt: skip
from flodesk.flow.script.names import parameter_names
from flodesk.flow.syntax import parse_tree

Arms: TypeAlias = tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Standing:
    """A statement and where it stands: the loops and the arms of switches around it, outermost first."""

    statement: Statement
    loops: tuple[str, ...] = ()
    arms: Arms = ()


@dataclass(slots=True)
class Names:
    """The names of one function (or, for ``""``, of the module).

    Attributes
    ----------
    standings : list of Standing
        Every statement in the order of the text, those in loops and arms among them.
    bound : dict of name to list of Standing
        The statements that bind each name.
    parameters : frozenset of str
        Names of the function's own parameters.
    uses : dict of name to list of (Call or Loop, method)
        Calls of an object of this function, ``__call__`` for ``average(volt)``.
    read : set of str
        Names that are read as a value, not only called.
    fields : dict of name to fields
        Which fields of it are read (``""``: the whole).
    carried : dict of name to list of Standing
        The bare lines in a loop that give a name its next value: feedback.
    """

    standings: list[Standing] = field(default_factory=list)
    bound: dict[str, list[Standing]] = field(default_factory=lambda: defaultdict(list))
    parameters: frozenset[str] = frozenset()
    uses: dict[str, list[tuple[Call | Loop, str]]] = field(default_factory=lambda: defaultdict(list))
    read: set[str] = field(default_factory=set)
    fields: dict[str, dict[str, None]] = field(default_factory=lambda: defaultdict(dict))
    carried: dict[str, list[Standing]] = field(default_factory=lambda: defaultdict(list))

    def is_variable(self, name: str) -> bool:
        """Say whether a name is bound here, as a parameter or by a statement."""
        return name in self.bound or name in self.parameters

    def is_merged(self, name: str) -> bool:
        """Say whether an object and the lines that call it are one box: each method once, never read as a value."""
        uses = self.uses.get(name, ())
        methods = [method for _, method in uses]
        return (
            bool(uses)
            and len(set(methods)) == len(methods)
            and name not in self.read
            and len(self.bound[name]) == 1
            and all(isinstance(use, Call) for use, _ in uses)
        )


def block_of(flow: Flow, function: str) -> tuple[Block, Region, str]:
    """Return the body of a function, its region and its parameters as text; for ``""`` the module's.

    Raises
    ------
    KeyError
        The file has no such function.
    """
    if not function:
        return flow.module, Region(""), ""
    found = flow.functions[function]
    return found.body, Region(function), found.parameters


def names_of(flow: Flow, function: str) -> Names:
    """Go over a function once.

    Raises
    ------
    KeyError
        The file has no such function.
    """
    block, _, parameters = block_of(flow, function)
    names = Names(parameters=parameters_of(parameters))
    _collect(names, block, (), ())
    for standing in names.standings:
        _note_uses(names, standing.statement)
    for standing in reversed(names.standings):
        # Who reads a field of `b` after `b = a` reads that field of `a`.
        statement = standing.statement
        if isinstance(statement, Bind) and isinstance(statement.value, Ref) and not statement.value.field:
            names.fields[statement.value.name].update(names.fields.get(statement.name, {}))
    return names


def reads_of(statement: Statement) -> list[Ref]:
    """Return the variables that a statement's own line reads, as values, in the order of the text."""
    match statement:
        case Call() | Loop():
            return [a.value for a in statement.arguments if isinstance(a.value, Ref)]
        case Bind(value=Ref() as value):
            return [value]
        case Switch():
            found: list[Ref] = []
            for arm in statement.arms:
                match arm.test:
                    case Ref() as ref:
                        found.append(ref)
                    case Expression(reads=reads):
                        found += [Ref(name) for name in reads]
                    case None:
                        pass
            return found
        case Code():
            return [Ref(name) for name in statement.reads]
        case Return():
            return [ref for value in statement.values for ref in _value_refs(value)]
        case _:
            return []


def _value_refs(value: Ref | Literal | Expression) -> list[Ref]:
    if isinstance(value, Expression):
        return [Ref(name) for name in value.reads]
    return [value] if isinstance(value, Ref) else []


def names_read(statement: Statement) -> set[str]:
    """Return the names that a statement's own line reads; of a call also the object that it is made on."""
    found = {ref.name for ref in reads_of(statement)}
    if isinstance(statement, Call | Loop):
        found.add(statement.callee.partition(".")[0])
    return found


def binds_of(statement: Statement) -> tuple[str, ...]:
    """Return the variables that a statement's own line binds."""
    match statement:
        case Call() | Bind():
            return (statement.name,) if statement.name else ()
        case Loop():
            return statement.targets
        case Code():
            return statement.binds
        case _:
            return ()


def arm_label(switch: Switch, number: int) -> str:
    """Return the head of an arm as the script has it, without the colon."""
    test = switch.arms[number].test
    if test is None:
        return "else"
    return f"{'elif' if number else 'if'} {test.text}"


@lru_cache(maxsize=256)
def parameters_of(text: str) -> frozenset[str]:
    """Return the names of the parameters that stand between the parentheses of a function."""
    if not text.strip():
        return frozenset()
    definition = parse_tree(f"def function({text}): pass").body[0]
    assert isinstance(definition, ast.FunctionDef)
    return frozenset(parameter_names(definition.args))


def _collect(names: Names, block: Block, loops: tuple[str, ...], arms: Arms) -> None:
    for statement in block.statements:
        if isinstance(statement, Function | Import):
            continue
        standing = Standing(statement, loops, arms)
        names.standings.append(standing)
        if isinstance(statement, Bind):
            before = names.bound.get(statement.name, ())
            if any(_carries(loops, old.loops) for old in before) or (loops and statement.name in names.parameters):
                names.carried[statement.name].append(standing)
        for name in binds_of(statement):
            names.bound[name].append(standing)
        if isinstance(statement, Loop):
            _collect(names, statement.body, (*loops, statement.id), arms)
        elif isinstance(statement, Switch):
            for number, arm in enumerate(statement.arms):
                _collect(names, arm.body, loops, (*arms, (statement.id, number)))


def _carries(new: tuple[str, ...], old: tuple[str, ...]) -> bool:
    return len(new) > len(old) and new[: len(old)] == old


def _note_uses(names: Names, statement: Statement) -> None:
    for ref in reads_of(statement):
        names.read.add(ref.name)
        names.fields[ref.name][ref.field] = None
    if isinstance(statement, Call | Loop):
        head, _, method = statement.callee.partition(".")
        if head in names.bound:
            if isinstance(statement, Call) or statement.called:
                names.uses[head].append((statement, method or "__call__"))
            else:
                names.read.add(head)
                names.fields[head][method] = None
