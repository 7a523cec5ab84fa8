"""Of which modules of packages a flow's file speaks: those that it imports, and those whose functions it calls."""

from __future__ import annotations

import sys
from collections import deque
from collections.abc import Iterable, Iterator
from pathlib import Path

from flodesk.flow.model import Call, Flow, Function, Loop, Statement, Switch
from flodesk.flow.packages.finding import Finder

_OURS = "flodesk"
_recent: deque[dict[int, tuple[Statement, frozenset[str]]]] = deque(maxlen=4)
"""The callees of the functions that were asked for last, by their `id()`: of many functions an edit changes one."""


def imported(flow: Flow, folder: Path | None) -> tuple[str, ...]:
    """Return the dotted paths that a flow imports from packages: of modules, or of what is in them.

    Python's own modules, ours and files beside the flow are none.
    """
    return tuple(dict.fromkeys(_foreign(flow.imports.values(), folder)))


def called(flow: Flow, folder: Path | None) -> tuple[str, ...]:
    """Return the dotted paths of the functions of packages that a flow calls."""
    before = tuple(_recent)
    now: dict[int, tuple[Statement, frozenset[str]]] = {}
    for statement in flow.module.statements:
        if isinstance(statement, Function | Call | Loop | Switch):
            known = next((had for each in before if (had := each.get(id(statement))) is not None), None)
            now[id(statement)] = known or (statement, frozenset(_callees((statement,))))
    _recent.appendleft(now)
    callees = dict.fromkeys(callee for _, names in now.values() for callee in sorted(names))
    heads = flow.imports
    return tuple(_foreign((flow.resolve(c) for c in callees if c.partition(".")[0] in heads), folder))


def made(flow: Flow, folder: Path | None) -> tuple[str, ...]:
    """Return the dotted paths of what makes the objects whose methods a flow calls: classes of packages, perhaps."""
    found: dict[str, None] = {}
    heads = flow.imports
    for function in flow.functions.values():
        statements = tuple(_statements(function.body.statements))
        calls = [s for s in statements if isinstance(s, Call)]
        makers = {call.name: call.callee for call in calls if call.name and call.callee.partition(".")[0] in heads}
        if makers:
            used = {s.callee.partition(".")[0] for s in statements if isinstance(s, Call | Loop) and "." in s.callee}
            found |= {flow.resolve(makers[name]): None for name in makers if name in used}
    return tuple(_foreign(found, folder))


def module_of(path: str, finder: Finder) -> str:
    """Return the module that a dotted path leads into: the longest beginning of it that is one; empty if none is."""
    parts = path.split(".")
    for number in range(len(parts), 0, -1):
        if finder.find(module := ".".join(parts[:number])) is not None:
            return module
    return ""


def _foreign(paths: Iterable[str], folder: Path | None) -> Iterator[str]:
    for path in paths:
        head = path.partition(".")[0]
        if head and head != _OURS and head not in sys.stdlib_module_names and not _is_beside(head, folder):
            yield path


def _is_beside(name: str, folder: Path | None) -> bool:
    return folder is not None and ((folder / f"{name}.py").is_file() or (folder / name).is_dir())


def _statements(statements: Iterable[Statement]) -> Iterator[Statement]:
    for statement in statements:
        yield statement
        if isinstance(statement, Loop):
            yield from _statements(statement.body.statements)
        elif isinstance(statement, Switch):
            for arm in statement.arms:
                yield from _statements(arm.body.statements)


def _callees(statements: Iterable[Statement]) -> Iterator[str]:
    for statement in statements:
        if isinstance(statement, Call):
            yield statement.callee
        elif isinstance(statement, Loop):
            yield statement.callee
            yield from _callees(statement.body.statements)
        elif isinstance(statement, Switch):
            for arm in statement.arms:
                yield from _callees(arm.body.statements)
        elif isinstance(statement, Function):
            yield from _callees(statement.body.statements)


__all__ = ["called", "imported", "made", "module_of"]
