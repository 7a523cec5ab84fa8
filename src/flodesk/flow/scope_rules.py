"""Rules on what code sees: a node gets the names that it reads, with the values of its turn, and no others."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import TypeAlias

from flodesk.flow.binding_rules import Report
from flodesk.flow.facts import Lines
from flodesk.flow.model import Bind, Call, Code, Expression, Flow, Loop, Ref, Return, Statement, Switch
from flodesk.flow.names import Names, Standing, names_of
from flodesk.flow.problem import quoted
from flodesk.flow.script.names import kept_names, own_nodes
from flodesk.flow.syntax import parse_tree

_KEEP = frozenset({"append", "appendleft", "add", "insert", "setdefault", "put"})
"""Methods that keep what they are given."""

Makers: TypeAlias = Mapping[str, frozenset[str]]
"""Functions that code in loops makes, by name; what they read when they are called."""


def check_scopes(flow: Flow, function: str, names: Names, lines: Lines, report: Report) -> None:
    """Report what sees other names, or other values of them, than it would in a script.

    Parameters
    ----------
    names : Names
        Those of the function.
    lines : Lines
        What each of its lines says by itself.
    """
    makers: dict[str, frozenset[str]] = {}
    keepers: list[Standing] = []
    for standing in names.standings:
        statement = standing.statement
        if asked := lines.of(statement).all_names:
            words = frozenset(asked) - names.bound.keys() - names.parameters
            if words and (word := _asks_for_all(statement, words)) and not _is_ours(flow, word):
                report(
                    "not-yet", statement,
                    f"{quoted(statement.id)} asks for all names of {quoted(function)} by {word}(): a node of a flow "
                    "has those alone that it reads.",
                    "Write the names that it needs: an f-string, or {'a': a, 'b': b}.",
                )  # fmt: skip
        if standing.loops and isinstance(statement, Code):
            makers.update(_functions_in(statement.text))
            keepers.append(standing)
        elif standing.loops and isinstance(statement, Call) and statement.callee.rpartition(".")[2] in _KEEP:
            keepers.append(standing)
    for standing in keepers:
        _check_kept(standing, names, makers, report)


# ------------------------------------------------------------------ all names at once
def _asks_for_all(statement: Statement, words: frozenset[str]) -> str:
    """Return which of these functions a statement's own line calls without arguments; empty if none."""
    if isinstance(statement, Call | Loop):
        return statement.callee if statement.callee in words and not statement.arguments else ""
    for text in _texts(statement):
        if "__import__(" in text:
            continue  # is given them by habit, and does not look at them
        for node in own_nodes(parse_tree(text).body):
            match node:
                case ast.Call(func=ast.Name(id=word), args=[], keywords=[]) if word in words:
                    return word
                case _:
                    pass
    return ""


def _texts(statement: Statement) -> Iterator[str]:
    """Give the pieces of Python that a statement's own line keeps to the letter."""
    values: Iterable[object] = ()
    match statement:
        case Code(text=text):
            yield text
        case Switch(arms=arms):
            values = [arm.test for arm in arms]
        case Return(values=values):
            pass
        case Bind(value=value):
            values = [value]
        case _:
            pass
    yield from (f"({value.text}\n)" for value in values if isinstance(value, Expression))


def _is_ours(flow: Flow, word: str) -> bool:
    """Say whether the file itself says what a word means."""
    return word in flow.functions or word in flow.imports or word in names_of(flow, "").bound


# ------------------------------------------------------------------ functions that outlive their turn
def _check_kept(standing: Standing, names: Names, makers: Makers, report: Report) -> None:
    statement = standing.statement
    for place, free in _kept_by(statement, makers):
        for name in sorted(free - makers.keys()):
            turning = _loops_of(names, name).intersection(standing.loops)
            if place and turning - _loops_of(names, place):
                report(
                    "not-yet", statement,
                    f"{quoted(statement.id)} keeps a function of {quoted(name)} in {quoted(place)} beyond its turn: "
                    f"there it goes on with the {quoted(name)} of that turn, in a script with the last one.",
                    f"Where that of its turn is meant, say so with a parameter: {name}={name}. Else make the function "
                    "below the loop.",
                    "warning",
                )  # fmt: skip
                return


def _loops_of(names: Names, name: str) -> set[str]:
    """Return the loops that give a name a value in each turn."""
    found: set[str] = set()
    for standing in names.bound.get(name, ()):
        own = (standing.statement.id,) if isinstance(standing.statement, Loop) else ()
        found.update(standing.loops, own)
    return found


@lru_cache(maxsize=4096)
def _functions_in(text: str) -> Makers:
    found: dict[str, frozenset[str]] = {}
    for node in own_nodes(parse_tree(text).body):
        match node:
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                found[name] = kept_names([node])
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.Lambda() | ast.GeneratorExp()):
                found[name] = kept_names([node])
            case _:
                pass
    return found


def _kept_by(statement: Statement, makers: Makers) -> Iterator[tuple[str, frozenset[str]]]:
    """Give the names of what a statement keeps functions in, with what these read when they are called."""
    if isinstance(statement, Call):
        place, _, method = statement.callee.partition(".")
        if method in _KEEP:
            read = [a.value.name for a in statement.arguments if isinstance(a.value, Ref) and not a.value.field]
            yield from ((place, makers[name]) for name in read if name in makers)
    elif isinstance(statement, Code) and (
        "lambda" in statement.text or " for " in statement.text or not makers.keys().isdisjoint(statement.reads)
    ):
        for place, kept in _kept_in(statement.text):
            if not isinstance(kept, str):
                yield place, kept
            elif kept in makers:
                yield place, makers[kept]


@lru_cache(maxsize=4096)
def _kept_in(text: str) -> tuple[tuple[str, frozenset[str] | str], ...]:
    """Return what code keeps in what: of a function what it reads when it is called, of a name itself."""
    found: list[tuple[str, frozenset[str] | str]] = []
    for node in own_nodes(parse_tree(text).body):
        match node:
            case ast.Call(func=ast.Attribute(value=container, attr=method), args=given) if method in _KEEP:
                parts = given
            case ast.Assign(targets=[ast.Subscript() | ast.Attribute() as container], value=value):
                parts = [value]
            case _:
                continue
        found += ((_root(container), kept) for part in parts for kept in _functions_of(part))
    return tuple(found)


def _functions_of(value: ast.expr) -> Iterator[frozenset[str] | str]:
    """Give what the functions in a value read when they are called, and the names in it, which may be such functions.

    It may be one itself, or have them as parts of a tuple, list or dict.
    """
    match value:
        case ast.Lambda() | ast.GeneratorExp():
            yield kept_names([ast.Assign(targets=[], value=value)])
        case ast.Name(id=name):
            yield name
        case ast.Tuple(elts=parts) | ast.List(elts=parts) | ast.Dict(values=parts):
            for part in parts:
                yield from _functions_of(part)
        case _:
            pass


def _root(value: ast.expr) -> str:
    while isinstance(value, ast.Attribute | ast.Subscript):
        value = value.value
    return value.id if isinstance(value, ast.Name) else ""
