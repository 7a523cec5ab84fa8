"""Which names at the top of a file may stand for something else after its text has changed.

An object there outlives a change, with all its state, as long as nothing that it hangs on has changed: neither its own
statement, nor what that names, to any depth, nor what puts something into it.
"""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from flodesk.flow.script.names import free_names, usage


@dataclass(frozen=True, slots=True)
class _Piece:
    """A statement at the top: what it binds, what it hangs on, and what it may put something into when it runs."""

    text: str
    kind: type[ast.stmt]
    plain: bool
    binds: frozenset[str]
    reads: frozenset[str]
    touches: frozenset[str]


def changed_names(before: str, now: str) -> set[str]:
    """Return the names that hang on what is different between two texts of a file."""
    old, new = list(_pieces(before)), list(_pieces(now))
    times = Counter(p.text for p in new)
    common = {text for text, many in Counter(p.text for p in old).items() if many == times[text]}
    pieces = [*old, *new]
    values = {name for piece in pieces if not _is_fixed(piece) for name in piece.binds}
    bodies = {name: piece.reads for piece in pieces if _is_function(piece) for name in piece.binds}
    found = {name for piece in pieces if piece.text not in common for name in piece.binds}
    if [p.text for p in old if p.text in common] != [p.text for p in new if p.text in common]:
        bound = Counter(name for piece in new for name in piece.binds)
        found |= {name for name, many in bound.items() if many > 1}
    while True:
        many = len(found)
        for piece in pieces:
            if piece.text not in common or piece.reads & found:
                found |= piece.binds
                found |= _reached(piece.touches, bodies) & values
        if len(found) == many:
            return found


def _pieces(text: str) -> Iterator[_Piece]:
    for node in ast.parse(text).body:
        if isinstance(node, ast.If) and "__name__" in free_names(node.test):
            continue  # it does not run here
        used = usage([node])
        reads = frozenset(used.reads)
        touches = reads
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            given = [*node.decorator_list, *node.args.defaults, *filter(None, node.args.kw_defaults)]
            touches = frozenset(name for part in given for name in free_names(part))
        plain = isinstance(node, ast.Assign | ast.AnnAssign) and isinstance(node.value, ast.Constant)
        yield _Piece(ast.dump(node), type(node), plain, frozenset(used.binds), reads, touches)


def _is_function(piece: _Piece) -> bool:
    return piece.kind in (ast.FunctionDef, ast.AsyncFunctionDef)


def _is_fixed(piece: _Piece) -> bool:
    """Say whether it binds what is no object with a state."""
    return piece.plain or _is_function(piece) or piece.kind in (ast.ClassDef, ast.Import, ast.ImportFrom)


def _reached(names: frozenset[str], bodies: dict[str, frozenset[str]]) -> set[str]:
    """Return names, and those that the functions among them name, to any depth: they may be called."""
    found, waiting = set(names), list(names)
    while waiting:
        new = bodies.get(waiting.pop(), frozenset()) - found
        found |= new
        waiting += new
    return found
