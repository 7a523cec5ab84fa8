"""What each name of a function stands for: found once, before its picture is drawn or its rules are checked."""

from __future__ import annotations

import ast
from collections.abc import Iterable
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
    places : dict of int to int
        Where each statement stands among them, by its `id()`.
    bound : dict of name to list of Standing
        The statements that bind each name.
    readers : dict of name to list of Standing
        The statements whose own line reads each name as a value.
    callers : dict of name to list of Standing
        The statements whose callee begins with each name, be it of something imported or of an object here.
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
    rebound : dict of name to list of (Standing, loop)
        The code in a loop that gives a name its next value in its own text (``total += x``), and the id of the loop
        that carries it round: something there reads it before it is bound anew. Of names that are not `carried`.
    """

    standings: list[Standing] = field(default_factory=list)
    places: dict[int, int] = field(default_factory=dict)
    bound: dict[str, list[Standing]] = field(default_factory=dict)
    readers: dict[str, list[Standing]] = field(default_factory=dict)
    callers: dict[str, list[Standing]] = field(default_factory=dict)
    parameters: frozenset[str] = frozenset()
    uses: dict[str, list[tuple[Call | Loop, str]]] = field(default_factory=dict)
    read: set[str] = field(default_factory=set)
    fields: dict[str, dict[str, None]] = field(default_factory=dict)
    carried: dict[str, list[Standing]] = field(default_factory=dict)
    rebound: dict[str, list[tuple[Standing, str]]] = field(default_factory=dict)

    def rebound_in(self, loop: str) -> list[str]:
        """Return the names that code in a loop carries round, in the order of the text."""
        found = [name for name, entries in self.rebound.items() if any(owner == loop for _, owner in entries)]
        return sorted(found, key=lambda name: self.places[id(self.rebound[name][0][0].statement)])

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
        for name in dict.fromkeys(binds_of(standing.statement)):
            names.bound.setdefault(name, []).append(standing)
        for name in dict.fromkeys(ref.name for ref in reads_of(standing.statement)):
            names.readers.setdefault(name, []).append(standing)
        if head := head_of(standing.statement):
            names.callers.setdefault(head, []).append(standing)
    settle(names, names.bound.keys() | names.readers.keys())
    return names


def settle(names: Names, wanted: Iterable[str]) -> None:
    """Find what follows, for some names, from the statements that mention them: calls, fields, feedback.

    Of names that bare lines bind to one another (``b = a``) all have to be among the `wanted`, or none.
    """
    aliases: list[tuple[int, str, str]] = []
    for name in wanted:
        bound, readers = names.bound.get(name, []), names.readers.get(name, [])
        for table in (names.carried, names.rebound, names.uses, names.fields):
            table.pop(name, None)
        names.read.discard(name)
        if carried := [s for number, s in enumerate(bound) if _carries(names, s, bound[:number])]:
            names.carried[name] = carried
        elif rebound := [(s, loop) for number, s in enumerate(bound) if (loop := _rebinds(names, name, number))]:
            names.rebound[name] = rebound
        if bound and name in names.callers:
            readers = _note_uses(names, name, readers)
        if readers:
            names.read.add(name)
            fields = names.fields[name] = {}
            for standing in readers:
                _note_fields(fields, name, standing.statement)
                line = standing.statement
                if isinstance(line, Bind) and isinstance(line.value, Ref) and not line.value.field:
                    aliases.append((names.places[id(line)], line.name, line.value.name))
    for _, alias, source in sorted(aliases, reverse=True):
        # Who reads a field of `b` after `b = a` reads that field of `a`.
        names.fields[source].update(names.fields.get(alias, {}))


def _carries(names: Names, standing: Standing, before: list[Standing]) -> bool:
    """Say whether a line gives a name that was bound `before` its loop, in the text, its next value."""
    if not isinstance(standing.statement, Bind) or not (loops := standing.loops):
        return False
    return standing.statement.name in names.parameters or any(
        len(loops) > len(old.loops) and loops[: len(old.loops)] == old.loops for old in before
    )


def _rebinds(names: Names, name: str, number: int) -> str:
    """Return the loop by which the code that binds a name carries it round; empty if that is not so."""
    standing, before = names.bound[name][number], names.bound[name][:number]
    if not isinstance(standing.statement, Code) or not (loops := standing.loops):
        return ""
    reached = [(*old.loops, *([old.statement.id] if isinstance(old.statement, Loop) else ())) for old in before]
    outside = [len(around) for around in reached if len(around) < len(loops) and loops[: len(around)] == around]
    outside += [0] if name in names.parameters else []
    depth = max(outside, default=-1)
    if depth < 0 or any(around == loops and around != old.loops for around, old in zip(reached, before, strict=True)):
        return ""  # nothing is above the loop, or it gives the name a value of its own in each turn
    around, place = loops[: depth + 1], names.places[id(standing.statement)]
    readers = [s for s in names.readers.get(name, ()) if s.loops[: depth + 1] == around]
    first = min((names.places[id(s.statement)] for s in readers), default=place + 1)
    anew = [old for old in before if old.loops == around and not _arms_in(names, old, around)]
    if any(names.places[id(old.statement)] < first for old in anew):
        return ""  # each turn gives it a value before anything reads it
    return loops[depth] if first <= place or (readers and _may_be_passed(names, name, standing, around)) else ""


def _arms_in(names: Names, standing: Standing, loops: tuple[str, ...]) -> Arms:
    """Return the arms around a statement of those switches that stand in some loops themselves."""
    if not standing.arms:
        return ()
    inside = {
        s.statement.id for s in names.standings if isinstance(s.statement, Switch) and s.loops[: len(loops)] == loops
    }
    return tuple(arm for arm in standing.arms if arm[0] in inside)


def _may_be_passed(names: Names, name: str, standing: Standing, loops: tuple[str, ...]) -> bool:
    """Say whether a turn may leave a name alone that an arm binds: what reads it below gets the one of before then."""
    arms = _arms_in(names, standing, loops)
    if not arms:
        return False
    switch = next(s.statement for s in names.standings if s.statement.id == arms[0][0])
    bound = {number for s in names.bound[name] for owner, number in s.arms if owner == arms[0][0]}
    return not isinstance(switch, Switch) or switch.arms[-1].test is not None or len(bound) < len(switch.arms)


def _note_uses(names: Names, name: str, readers: list[Standing]) -> list[Standing]:
    """Note the calls of an object of this function; return who reads it, with the loops that go over it."""
    uses: list[tuple[Call | Loop, str]] = []
    over: list[Standing] = []
    for standing in names.callers[name]:
        statement = standing.statement
        assert isinstance(statement, Call | Loop)
        if isinstance(statement, Call) or statement.called:
            uses.append((statement, statement.callee.partition(".")[2] or "__call__"))
        else:
            over.append(standing)
    if uses:
        names.uses[name] = uses
    if not over:
        return readers
    return sorted([*readers, *over], key=lambda standing: names.places[id(standing.statement)])


def _note_fields(fields: dict[str, None], name: str, statement: Statement) -> None:
    """Note which fields of a name a statement reads."""
    for ref in reads_of(statement):
        if ref.name == name:
            fields[ref.field] = None
    if isinstance(statement, Loop) and not statement.called:
        head, _, method = statement.callee.partition(".")
        if head == name:
            fields[method] = None


def head_of(statement: Statement) -> str:
    """Return what the callee of a call or a loop begins with; empty for all other statements."""
    return statement.callee.partition(".")[0] if isinstance(statement, Call | Loop) else ""


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
    """List the statements of a block and below."""
    for statement in block.statements:
        if isinstance(statement, Function | Import):
            continue
        names.places[id(statement)] = len(names.standings)
        names.standings.append(Standing(statement, loops, arms))
        if isinstance(statement, Loop):
            _collect(names, statement.body, (*loops, statement.id), arms)
        elif isinstance(statement, Switch):
            for number, arm in enumerate(statement.arms):
                _collect(names, arm.body, loops, (*arms, (statement.id, number)))
