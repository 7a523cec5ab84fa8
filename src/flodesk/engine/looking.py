"""Which calls of an object only look at it: a part that makes them can be handed the object as a run has left it."""

from __future__ import annotations

import ast
import builtins
import inspect
import textwrap
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from flodesk.engine.plan import Plan
from flodesk.flow.sharing import Reader
from flodesk.flow.syntax import parse_tree

_KNOWN = ("builtins", "numpy", "pandas", "polars")
"""Where types come from whose methods that change something are known by name."""


def unknown_calls(plan: Plan, values: Mapping[str, Any]) -> dict[str, frozenset[str]]:
    """Return for each statement the names of the objects that it calls and may change.

    Parameters
    ----------
    plan : Plan
        Of a whole function.
    values : mapping
        The values that earlier runs have left, by variable.
    """
    found = {}
    for id, effects in plan.in_place.effects.items():
        item = plan.items.get(id)
        callee = str(getattr(item.statement, "callee", "")) if item is not None else ""
        names = frozenset(n for n in effects.uses if n not in values or not _looks(values[n], n, callee))
        if names:
            found[id] = names
    return found


def _looks(value: Any, name: str, callee: str) -> bool:
    kind: type = type(value)
    if kind.__module__.partition(".")[0] in _KNOWN and not hasattr(kind, "__next__"):
        return True
    owner, _, method = callee.partition(".")
    if owner != name or "." in method:
        return False
    return only_looks(kind, method or "__call__")


@lru_cache(maxsize=1024)
def only_looks(kind: type, method: str) -> bool:
    """Say whether a method of a class certainly leaves the object as it is, by its source."""
    function = getattr(kind, method, None)
    if not inspect.isfunction(function):
        return False
    try:
        tree = parse_tree(textwrap.dedent(inspect.getsource(function))).body[0]
    except (OSError, SyntaxError, IndexError):
        return False
    if not isinstance(tree, ast.FunctionDef) or not tree.args.args:
        return False
    if any(isinstance(node, ast.Global | ast.Nonlocal | ast.Yield | ast.YieldFrom) for node in ast.walk(tree)):
        return False
    reader = Reader(lambda callee: callee if hasattr(builtins, callee) else None)
    reader.statements(tree.body)
    own = kind.__module__.startswith("flodesk.nodes")  # these call nothing that changes them behind their backs
    return not reader.found.changes and not reader.found.uses and (own or reader.found.alone)


__all__ = ["only_looks", "unknown_calls"]
