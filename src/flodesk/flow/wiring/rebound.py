"""Names that a text binds again: each binding gets a name of its own, so that each is a node.

``df = load(); df = clean(df)`` becomes ``df = load(); df_2 = clean(df)``: on a canvas both values are there to be seen
and wired. It is done where the statements run one after the other; what a loop or an arm binds anew is feedback or a
merge, and stays.
"""

from __future__ import annotations

import ast
from collections.abc import Collection, Sequence
from dataclasses import replace

from flodesk.flow.edit import EditError
from flodesk.flow.edit.rename import renamed_in
from flodesk.flow.edit.tree import below, with_body
from flodesk.flow.model import Bind, Block, Call, Code, Flow, Ref, Statement
from flodesk.flow.names import binds_of, names_read
from flodesk.flow.script import read, write
from flodesk.flow.syntax import parse_tree
from flodesk.flow.wiring.naming import unique


def with_names_of_their_own(given: Flow, source: str, here: Collection[str], names: set[str]) -> Flow:
    """Return the flow with the names that a function binds again made single.

    Parameters
    ----------
    here : collection of str
        Names that have a value where the statements will go: what is read before it is bound means these.
    names : set of str
        What is taken; new names are noted down in it.
    """
    statements = list(given.functions[source].body.statements)
    bound: dict[str, int] = {}
    for statement in statements:
        for inner in below(statement):
            for name in binds_of(inner):
                bound[name] = bound.get(name, 0) + 1
    changed = False
    for name, times in bound.items():
        outer = name in here and read_before_bound(statements, name)
        if times < 2 and not outer:
            continue
        new = _single(statements, name, outer, names | set(bound))
        if new is None and outer:
            fresh = unique(name, names | set(bound))
            new = _started(statements, name, fresh)
        if new is not None:
            statements, changed = new, True
    if not changed:
        return given
    body = replace(given.functions[source].body, statements=tuple(statements))
    return read(write(with_body(given, source, body)))


def read_before_bound(statements: Sequence[Statement], name: str) -> bool:
    """Say whether some statements read a name and none of those before binds it."""
    for statement in statements:
        for inner in below(statement):
            if name in names_read(inner):
                return True
            if name in binds_of(inner):
                return False
    return False


def _single(statements: list[Statement], name: str, outer: bool, taken: set[str]) -> list[Statement] | None:
    """Return the statements with a name of its own for each binding; None where that is not plain."""
    for statement in statements:
        if not _is_plain(statement, name):
            return None
    found: list[Statement] = []
    now, first = name, not outer
    for statement in statements:
        try:
            (moved,) = renamed_in(Block(statements=(statement,)), name, now).statements if now != name else (statement,)
        except EditError:
            return None
        if name in binds_of(statement) and not first:
            fresh = unique(name, taken)
            moved = bound_as(moved, now, fresh)
            now = fresh
        elif name in binds_of(statement):
            first = False
        found.append(moved)
    return found


def _is_plain(statement: Statement, name: str) -> bool:
    """Say whether a statement binds the name in one place, in the open, or not at all; and reads it at once."""
    if any(name in binds_of(inner) for inner in below(statement) if inner is not statement):
        return False
    if isinstance(statement, Code):
        (tree,) = body if len(body := parse_tree(statement.text).body) == 1 else (None,)
        later = (ast.Lambda, ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.GeneratorExp, ast.Delete)
        if name in statement.reads and tree is not None and any(isinstance(n, later) for n in ast.walk(tree)):
            return False
        if name in statement.binds:
            target = tree.targets[0] if isinstance(tree, ast.Assign) and len(tree.targets) == 1 else None
            return isinstance(target, ast.Name) and statement.text.startswith(name)
        return True
    return name not in binds_of(statement) or isinstance(statement, Call | Bind)


def bound_as(statement: Statement, old: str, new: str) -> Statement:
    """Return a call or a line of code that gives its value to another name."""
    raw = statement.raw
    raw = new + raw[len(old) :] if raw is not None and raw.startswith(old) else None
    if isinstance(statement, Code):
        return replace(statement, text=new + statement.text[len(old) :], raw=raw, binds=(new,))
    assert isinstance(statement, Call | Bind)
    return replace(statement, id=new, name=new, raw=raw)


def _started(statements: list[Statement], name: str, fresh: str) -> list[Statement] | None:
    """Return the statements with a name of their own that begins with the value from outside: feedback's start."""
    try:
        block = renamed_in(Block(statements=tuple(statements)), name, fresh)
    except EditError:
        return None
    return [Bind(id=fresh, name=fresh, value=Ref(name)), *block.statements]
