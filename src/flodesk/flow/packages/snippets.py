"""Docstrings with blanks (``%(axis)s``) that a decorator fills from a table of texts: filled the same way here."""

from __future__ import annotations

import ast
import re
import textwrap

from flodesk.flow.packages.contents import Contents, Definition, Imported, Valued
from flodesk.flow.packages.tracing import Tracer

_BLANK = re.compile(r"^([ \t]*)(.*?)%\((\w+)\)s", re.MULTILINE)
_DEEP = 6


def filled(doc: str, node: Definition, home: Contents, tracer: Tracer) -> str:
    """Return a docstring with its blanks filled; those of which no table is found stay as they are."""
    if "%(" not in doc:
        return doc
    for decorator in node.decorator_list:
        table = _table(decorator.func if isinstance(decorator, ast.Call) else decorator, home, tracer, _DEEP)
        if table:
            return _fill(doc, table)
    return doc


def _fill(doc: str, table: dict[str, str]) -> str:
    def text(found: re.Match[str]) -> str:
        if found[3] not in table:
            return found[0]
        own = textwrap.dedent(table[found[3]].strip("\n")).split("\n")
        return f"{found[1]}{found[2]}" + f"\n{found[1]}".join(own)

    return _BLANK.sub(text, doc)


def _table(expression: ast.expr, home: Contents, tracer: Tracer, deep: int) -> dict[str, str]:
    """Return the table of texts that an expression comes down to: a name, ``filldoc(table)``, a dictionary."""
    if not deep:
        return {}
    match expression:
        case ast.Dict(keys=keys, values=values):
            return {
                key.value: text
                for key, value in zip(keys, values, strict=True)
                if isinstance(key, ast.Constant) and isinstance(key.value, str)
                if (text := _text(value, home))
            }
        case ast.Call(args=[given, *_]):
            return _table(given, home, tracer, deep - 1)
        case ast.Name(id=name):
            bound = home.names.get(name)
            if isinstance(bound, Valued) and bound.value is not None:
                return _table(bound.value, home, tracer, deep - 1)
            if isinstance(bound, Imported) and bound.name:
                other = tracer.text(bound.module)
                return _table(ast.Name(id=bound.name), other, tracer, deep - 1) if other is not None else {}
        case ast.Attribute(value=ast.Name(id=name), attr=attribute):
            bound = home.names.get(name)
            if isinstance(bound, Imported):
                other = tracer.text(bound.path)
                return _table(ast.Name(id=attribute), other, tracer, deep - 1) if other is not None else {}
        case _:
            pass
    return {}


def _text(value: ast.expr, home: Contents) -> str:
    if isinstance(value, ast.Name) and isinstance(bound := home.names.get(value.id), Valued):
        value = bound.value if bound.value is not None else value
    return value.value if isinstance(value, ast.Constant) and isinstance(value.value, str) else ""


__all__ = ["filled"]
