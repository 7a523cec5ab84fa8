"""Conditions of breakpoints: expressions of a small language, read by Python's parser and never handed to it to run.

What they can say: names, literals, arithmetic, comparisons, ``and or not``, ``a if b else c``, items and slices,
attributes that do not begin with an underscore, comprehensions, and calls of the functions in `FUNCTIONS` and of the
methods in `METHODS`, which only look. Nothing that they say changes a value or leaves the process.
"""

from __future__ import annotations

import ast
import math
import operator
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from flodesk.flow.syntax import parse_tree

FUNCTIONS: dict[str, Callable[..., Any]] = {
    f.__name__: f
    for f in (abs, all, any, bool, divmod, enumerate, float, int, isinstance, len, list, max, min, range, reversed)
} | {
    f.__name__: f
    for f in (round, set, sorted, str, sum, tuple, zip, math.isclose, math.isfinite, math.isinf, math.isnan)
}
METHODS = frozenset({
    "all", "any", "argmax", "argmin", "count", "endswith", "get", "index", "isdigit", "isin", "isna", "isnull", "item",
    "items", "keys", "lower", "max", "mean", "median", "min", "nunique", "startswith", "std", "strip", "sum", "tolist",
    "upper", "values", "var",
})  # fmt: skip
LARGEST = 10_000
"""The greatest exponent and the greatest count of repetitions: beyond that an expression takes for ever."""

_OPERATORS: dict[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv, ast.Mod: operator.mod, ast.Pow: operator.pow, ast.MatMult: operator.matmul,
    ast.BitAnd: operator.and_, ast.BitOr: operator.or_, ast.BitXor: operator.xor,
}  # fmt: skip
_UNARY: dict[type[ast.unaryop], Callable[[Any], Any]] = {
    ast.Not: operator.not_, ast.USub: operator.neg, ast.UAdd: operator.pos, ast.Invert: operator.invert,
}  # fmt: skip
_COMPARISONS: dict[type[ast.cmpop], Callable[[Any, Any], Any]] = {
    ast.Eq: operator.eq, ast.NotEq: operator.ne, ast.Lt: operator.lt, ast.LtE: operator.le,
    ast.Gt: operator.gt, ast.GtE: operator.ge, ast.Is: operator.is_, ast.IsNot: operator.is_not,
    ast.In: lambda a, b: a in b, ast.NotIn: lambda a, b: a not in b,
}  # fmt: skip
_PARTS = (
    ast.Constant, ast.Name, ast.Load, ast.Store, ast.BoolOp, ast.And, ast.Or, ast.IfExp, ast.Subscript, ast.Slice,
    ast.Attribute, ast.Call, ast.keyword, ast.Tuple, ast.List, ast.Set, ast.Dict, ast.GeneratorExp, ast.ListComp,
    ast.SetComp, ast.comprehension, ast.BinOp, ast.UnaryOp, ast.Compare, *_OPERATORS, *_UNARY, *_COMPARISONS,
)  # fmt: skip

Names = Mapping[str, Any]


class ConditionError(ValueError):
    """A text is no condition; the message says what is wrong with it."""


@dataclass(frozen=True, slots=True)
class Condition:
    """An expression that was looked through."""

    tree: ast.expr

    @property
    def names(self) -> tuple[str, ...]:
        """The names that it reads and does not bind itself, but for those of `FUNCTIONS`, in the order of the text."""
        read = [part for part in ast.walk(self.tree) if isinstance(part, ast.Name)]
        own = {name.id for name in read if isinstance(name.ctx, ast.Store)}
        return tuple(dict.fromkeys(name.id for name in read if name.id not in own and name.id not in FUNCTIONS))

    def holds(self, names: Names) -> bool:
        """Return whether it is true with these values; what goes wrong in it goes on as it is."""
        return bool(_value(self.tree, names))


def read_condition(text: str) -> Condition:
    """Read a condition.

    Raises
    ------
    ConditionError
        It is no expression, or says what a condition cannot say.
    """
    try:
        tree = parse_tree(text.strip(), mode="eval").body
    except SyntaxError as error:
        raise ConditionError(error.msg) from None
    except (ValueError, RecursionError, MemoryError) as error:
        raise ConditionError(str(error) or "it is too deep") from None
    for part in ast.walk(tree):
        _look_at(part)
    return Condition(tree)


def _look_at(part: ast.AST) -> None:
    if not isinstance(part, _PARTS):
        raise ConditionError(f"a condition cannot hold {_kind(part)}")
    match part:
        case ast.Attribute(attr=name) if name.startswith("_"):
            raise ConditionError(f"a condition cannot read {name}: it begins with an underscore")
        case ast.Call(func=ast.Name(id=name)) if name not in FUNCTIONS:
            raise ConditionError(f"a condition cannot call {name}(): it can call {', '.join(sorted(FUNCTIONS))}")
        case ast.Call(func=ast.Attribute(attr=name)) if name not in METHODS:
            raise ConditionError(f"a condition cannot call .{name}(): it can call {', '.join(sorted(METHODS))}")
        case ast.Call(func=func) if not isinstance(func, ast.Name | ast.Attribute):
            raise ConditionError("a condition can call functions by their name alone")
        case ast.keyword(arg=None):
            raise ConditionError("a condition cannot hold **")
        case ast.Dict(keys=keys) if None in keys:
            raise ConditionError("a condition cannot hold **")
        case ast.comprehension(is_async=1):
            raise ConditionError("a condition cannot wait")
        case _:
            pass


def _kind(part: ast.AST) -> str:
    words = {"Lambda": "a lambda", "Await": "await", "Yield": "yield", "NamedExpr": ":=", "JoinedStr": "an f-string"}
    return words.get(type(part).__name__, f"{type(part).__name__} ({ast.unparse(part)})")


def _value(tree: ast.expr, names: Names) -> Any:
    """Work an expression out."""
    match tree:
        case ast.Constant(value=value):
            return value
        case ast.Name(id=name):
            if name in names:
                return names[name]
            if name in FUNCTIONS:
                return FUNCTIONS[name]  # as in isinstance(x, int), and sorted(rows, key=len)
            raise NameError(f"name {name!r} is not defined")
        case ast.BoolOp(op=op, values=values):
            return _first(values, names, until=isinstance(op, ast.Or))
        case ast.UnaryOp(op=unary, operand=operand):
            return _UNARY[type(unary)](_value(operand, names))
        case ast.BinOp(left=left, op=operator_, right=right):
            return _worked_out(operator_, _value(left, names), _value(right, names))
        case ast.Compare():
            return _compared(tree, names)
        case ast.IfExp(test=test, body=body, orelse=other):
            return _value(body if _value(test, names) else other, names)
        case ast.Attribute(value=owner, attr=name):
            return getattr(_value(owner, names), name)
        case ast.Subscript(value=owner, slice=index):
            return _value(owner, names)[_value(index, names)]
        case ast.Slice(lower=lower, upper=upper, step=step):
            return slice(*(None if part is None else _value(part, names) for part in (lower, upper, step)))
        case ast.Call():
            return _called(tree, names)
        case _:
            return _gathered(tree, names)


def _gathered(tree: ast.expr, names: Names) -> Any:
    match tree:
        case ast.Tuple(elts=parts):
            return tuple(_value(part, names) for part in parts)
        case ast.List(elts=parts):
            return [_value(part, names) for part in parts]
        case ast.Set(elts=parts):
            return {_value(part, names) for part in parts}
        case ast.Dict(keys=keys, values=values):
            return {_value(k, names): _value(v, names) for k, v in zip(keys, values, strict=True) if k is not None}
        case ast.ListComp(elt=part, generators=loops):
            return [_value(part, inner) for inner in _turns(loops, names)]
        case ast.SetComp(elt=part, generators=loops):
            return {_value(part, inner) for inner in _turns(loops, names)}
        case ast.GeneratorExp(elt=part, generators=loops):
            return (_value(part, inner) for inner in _turns(loops, names))
        case _:
            raise TypeError(f"a condition cannot hold {_kind(tree)}")


def _first(values: list[ast.expr], names: Names, *, until: bool) -> Any:
    found: Any = None
    for part in values:
        found = _value(part, names)
        if bool(found) is until:
            break
    return found


def _worked_out(kind: ast.operator, left: Any, right: Any) -> Any:
    if isinstance(kind, ast.Pow) and isinstance(right, int) and abs(right) > LARGEST:
        raise ValueError(f"an exponent beyond {LARGEST}")
    if isinstance(kind, ast.Mult):
        for one, other in ((left, right), (right, left)):
            if isinstance(one, str | bytes | list | tuple) and isinstance(other, int) and other > LARGEST:
                raise ValueError(f"more than {LARGEST} repetitions")
    return _OPERATORS[type(kind)](left, right)


def _compared(tree: ast.Compare, names: Names) -> Any:
    left, found = _value(tree.left, names), True
    for kind, part in zip(tree.ops, tree.comparators, strict=True):
        right = _value(part, names)
        found = _COMPARISONS[type(kind)](left, right)
        if len(tree.ops) > 1 and not found:
            return found
        left = right
    return found


def _called(tree: ast.Call, names: Names) -> Any:
    # the name of a function means the function, whatever the flow has bound to it
    function = FUNCTIONS[tree.func.id] if isinstance(tree.func, ast.Name) else _value(tree.func, names)
    given = [_value(part, names) for part in tree.args]
    return function(*given, **{part.arg: _value(part.value, names) for part in tree.keywords if part.arg})


def _turns(loops: list[ast.comprehension], names: Names) -> Iterator[Names]:
    if not loops:
        yield names
        return
    loop, *others = loops
    for item in _value(loop.iter, names):
        inner = {**names, **_bound(loop.target, item)}
        if all(_value(test, inner) for test in loop.ifs):
            yield from _turns(others, inner)


def _bound(target: ast.expr, item: Any) -> dict[str, Any]:
    if isinstance(target, ast.Name):
        return {target.id: item}
    if isinstance(target, ast.Tuple | ast.List):
        parts = list(item)
        if len(parts) != len(target.elts):
            raise ValueError(f"{len(parts)} values for {len(target.elts)} names")
        return {k: v for part, value in zip(target.elts, parts, strict=True) for k, v in _bound(part, value).items()}
    raise TypeError("a condition binds names alone")
