"""What one line of calculation (``high = tick % 4 > 1``) gives, and whether it does no more than calculate."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Mapping
from functools import lru_cache

from flodesk.flow.syntax import parse_tree
from flodesk.flow.types import PortType

_SCALAR: frozenset[PortType] = frozenset({"number", "integer", "truth", "text", "path", "none"})
"""Of what the comparison is one truth: that of arrays is an array of them."""
_QUIET = (
    ast.Name, ast.Constant, ast.UnaryOp, ast.BinOp, ast.BoolOp, ast.Compare, ast.IfExp, ast.Attribute, ast.Subscript,
    ast.Slice, ast.Tuple, ast.expr_context, ast.operator, ast.unaryop, ast.boolop, ast.cmpop,
)  # fmt: skip
_WHOLE = (ast.In, ast.NotIn, ast.Is, ast.IsNot)
"""Comparisons that give one truth, whatever is compared."""


def kind_of_formula(text: str, kinds: Mapping[str, PortType]) -> PortType:
    """Return the type of what a line of code binds: ``truth`` where it surely is one, else ``any``.

    Parameters
    ----------
    kinds : mapping of name to PortType
        What is known of the variables that it reads.
    """
    value = _value_of(text)
    return "truth" if value is not None and _is_truth(value, kinds) else "any"


def is_test(text: str) -> bool:
    """Say whether a line of code compares, or denies: what a hand means to decide with, of whatever types it is."""
    value = _value_of(text)
    parts: Iterable[ast.expr] = value.values if isinstance(value, ast.BoolOp) else [value] if value is not None else []
    return any(isinstance(p, ast.Compare) or (isinstance(p, ast.UnaryOp) and isinstance(p.op, ast.Not)) for p in parts)


@lru_cache(maxsize=2048)
def only_calculates(text: str) -> bool:
    """Say whether a line of code gives a variable what operators make of others, and calls nothing."""
    value = _value_of(text)
    return value is not None and all(isinstance(part, _QUIET) for part in ast.walk(value))


@lru_cache(maxsize=2048)
def _value_of(text: str) -> ast.expr | None:
    """Return what is given to one variable by a line, if that is all that the line does."""
    try:
        body = parse_tree(text, quiet=True).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    line = body[0] if len(body) == 1 else None
    single = isinstance(line, ast.Assign) and len(line.targets) == 1 and isinstance(line.targets[0], ast.Name)
    return line.value if single and isinstance(line, ast.Assign) else None


def _is_truth(value: ast.expr, kinds: Mapping[str, PortType]) -> bool:
    match value:
        case ast.Constant(value=bool()) | ast.UnaryOp(op=ast.Not()):
            return True
        case ast.Name(id=name):
            return kinds.get(name) == "truth"
        case ast.BoolOp(values=values):
            return all(_is_truth(one, kinds) for one in values)
        case ast.IfExp(body=body, orelse=other):
            return _is_truth(body, kinds) and _is_truth(other, kinds)
        case ast.Compare(left=left, ops=ops, comparators=others):
            if all(isinstance(op, _WHOLE) for op in ops):
                return True
            return all(_is_scalar(one, kinds) for one in (left, *others))
        case _:
            return False


def _is_scalar(value: ast.expr, kinds: Mapping[str, PortType]) -> bool:
    match value:
        case ast.Constant() | ast.JoinedStr():
            return True
        case ast.Name(id=name):
            return kinds.get(name) in _SCALAR
        case ast.UnaryOp(operand=operand):
            return _is_scalar(operand, kinds)
        case ast.BinOp(left=left, right=right):
            return _is_scalar(left, kinds) and _is_scalar(right, kinds)
        case _:
            return _is_truth(value, kinds)


__all__ = ["is_test", "kind_of_formula", "only_calculates"]
