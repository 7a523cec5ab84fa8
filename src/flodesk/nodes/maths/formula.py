"""A formula that a hand types, calculated by a whitelist of syntax: nothing else can be called or read."""

from __future__ import annotations

import ast
import math
from functools import lru_cache
from typing import Any

from flodesk.nodes._quantity import quantity
from flodesk.nodes.maths.comparing import where
from flodesk.public import Quantity, Waveform, node

_OPERATORS: dict[type[ast.AST], str] = {
    ast.Add: "add", ast.Sub: "subtract", ast.Mult: "multiply", ast.Div: "true_divide", ast.FloorDiv: "floor_divide",
    ast.Mod: "remainder", ast.Pow: "power", ast.USub: "negative", ast.UAdd: "positive", ast.Not: "logical_not",
    ast.And: "logical_and", ast.Or: "logical_or", ast.Lt: "less", ast.LtE: "less_equal", ast.Gt: "greater",
    ast.GtE: "greater_equal", ast.Eq: "equal", ast.NotEq: "not_equal",
}  # fmt: skip
"""What an operator of Python is in NumPy."""
_FUNCTIONS = {
    "sin": ("sin", 1), "cos": ("cos", 1), "tan": ("tan", 1), "asin": ("arcsin", 1), "acos": ("arccos", 1),
    "atan": ("arctan", 1), "atan2": ("arctan2", 2), "sinh": ("sinh", 1), "cosh": ("cosh", 1), "tanh": ("tanh", 1),
    "sqrt": ("sqrt", 1), "exp": ("exp", 1), "log": ("log", 1), "ln": ("log", 1), "log10": ("log10", 1),
    "log2": ("log2", 1), "abs": ("absolute", 1), "sign": ("sign", 1), "floor": ("floor", 1), "ceil": ("ceil", 1),
    "round": ("rint", 1), "hypot": ("hypot", 2), "min": ("minimum", 2), "max": ("maximum", 2),
    "degrees": ("degrees", 1), "radians": ("radians", 1),
}  # fmt: skip
"""The functions that a formula may call: their name in NumPy, and how many values they take."""
_CONSTANTS = {"pi": math.pi, "e": math.e, "inf": math.inf, "nan": math.nan}
_LONGEST = 2000
"""Characters of a formula; a longer one is no formula that a hand typed."""


@node(tags=("formula", "equation", "calculator", "function", "eval", "script", "MathScript"), pure=True)
def expression(
    x: Quantity,
    formula: str = "2 * x + 1",
    a: Quantity | None = None,
    b: Quantity | None = None,
    c: Quantity | None = None,
) -> Quantity:
    """Calculate a formula.

    It may use ``+ - * / // % **`` (``^`` is a power, too), comparisons, ``and``, ``or``, ``not``, ``p if q else r``,
    the constants ``pi`` and ``e``, and the functions abs, acos, asin, atan, atan2, ceil, cos, cosh, degrees, exp,
    floor, hypot, ln, log, log10, log2, max, min, radians, round, sign, sin, sinh, sqrt, tan and tanh. Angles are in
    radians.

    Parameters
    ----------
    x : float, Array or Waveform
        What ``x`` is in the formula, in any unit.
    formula : str
        The formula, as ``a * sin(2 * pi * x) + b``.
    a, b, c : float, Array or Waveform, optional
        What ``a``, ``b`` and ``c`` are in it; only those that it uses have to be there.

    Returns
    -------
    float, Array or Waveform
        Its value, calculated place by place for arrays and signals. Signals keep their units as far as they are known.

    Raises
    ------
    ValueError
        The formula cannot be read, or reads what is not there, or shapes and units do not fit.

    Examples
    --------
    >>> maths.expression(3.0, "a * x^2 + 1", a=2.0)
    19.0
    >>> maths.expression(np.array([-1.0, 4.0]), "sqrt(x) if x > 0 else 0")
    array([0., 2.])
    """
    import numpy

    tree = _parsed(formula)
    given = {"x": x, "a": a, "b": b, "c": c}
    names = {name: quantity(value, name) for name, value in given.items() if value is not None}
    with numpy.errstate(all="ignore"):
        try:
            return _value(tree, names)
        except OverflowError as error:
            raise ValueError(f"{formula!r} gives a number that is too large") from error


@lru_cache(maxsize=256)
def _parsed(formula: str) -> ast.expr:
    """Read a formula; each part of it is one that is known."""
    if len(formula) > _LONGEST:
        raise ValueError(f"the formula has {len(formula)} characters: at most {_LONGEST} are read")
    try:
        tree = ast.parse(formula.strip().replace("^", "**"), mode="eval").body
        _check(tree, formula)
    except SyntaxError as error:
        where = f" at character {error.offset}" if error.offset else ""
        raise ValueError(f"{formula!r} cannot be read as a formula: {error.msg}{where}") from None
    except (RecursionError, MemoryError):
        raise ValueError("the formula is nested too deeply: take it apart") from None
    return tree


def _check(part: ast.expr, formula: str) -> None:
    """Raise unless a part of a formula, and all in it, is known."""
    match part:
        case ast.Constant(value=bool() | int() | float() | complex()):
            inner: list[ast.expr] = []
        case ast.Name():
            inner = []
        case ast.BinOp(left, operator, right) if type(operator) in _OPERATORS:
            inner = [left, right]
        case ast.UnaryOp(operator, operand) if type(operator) in _OPERATORS:
            inner = [operand]
        case ast.BoolOp(_, values):
            inner = values
        case ast.Compare(left, operators, others) if all(type(one) in _OPERATORS for one in operators):
            inner = [left, *others]
        case ast.IfExp(test, then, otherwise):
            inner = [test, then, otherwise]
        case ast.Call(ast.Name(name), inner, []) if name in _FUNCTIONS:
            _check_count(name, len(inner))
        case ast.Call(ast.Name(name)) if name not in _FUNCTIONS:
            raise ValueError(f"{name} in {formula!r} is no function of a formula: {', '.join(sorted(_FUNCTIONS))} are")
        case _:
            raise ValueError(f"{ast.unparse(part)!r} is nothing that a formula may hold")
    for one in inner:
        _check(one, formula)


def _check_count(name: str, count: int) -> None:
    needed = _FUNCTIONS[name][1]
    if count != needed and not (name in ("min", "max") and count > 1):
        raise ValueError(f"{name} takes {needed} value{'s' * (needed > 1)}: {count} are given")


def _value(part: ast.expr, names: dict[str, Any]) -> Any:
    """Calculate a part of a formula that was checked."""
    match part:
        case ast.Constant(value=value):
            return value if isinstance(value, bool | complex) else float(value)  # type: ignore[arg-type]
        case ast.Name(name):
            return _named(name, names)
        case ast.BinOp(left, operator, right):
            return _called(_OPERATORS[type(operator)], _value(left, names), _value(right, names))
        case ast.UnaryOp(operator, operand):
            return _called(_OPERATORS[type(operator)], _value(operand, names))
        case ast.BoolOp(operator, values):
            return _folded(_OPERATORS[type(operator)], [_value(one, names) for one in values])
        case ast.Compare(left, operators, others):
            found = [_value(one, names) for one in (left, *others)]
            tests = [
                _called(_OPERATORS[type(operator)], first, second)
                for operator, first, second in zip(operators, found, found[1:], strict=False)
            ]
            return _folded("logical_and", tests)
        case ast.IfExp(test, then, otherwise):
            return where(_value(test, names), _value(then, names), _value(otherwise, names))
        case ast.Call(ast.Name(name), arguments):
            return _folded(_FUNCTIONS[name][0], [_value(one, names) for one in arguments])
        case _:
            raise AssertionError(ast.dump(part))


def _named(name: str, names: dict[str, Any]) -> Any:
    if name in names:
        return names[name]
    if name in _CONSTANTS:
        return _CONSTANTS[name]
    if name in ("a", "b", "c"):
        raise ValueError(f"the formula reads {name}, and nothing is given for it: set {name}, or wire a value to it")
    raise ValueError(f"the formula reads {name}, which is not there: it may read x, a, b, c, pi and e")


def _called(function: str, *values: Any) -> Any:
    import numpy

    if function == "power" and not isinstance(values[0], complex) and not isinstance(values[1], complex):
        base, exponent = values
        if isinstance(base, Waveform) and numpy.ndim(exponent) == 0 and exponent == 2:
            return numpy.multiply(base, base)  # which squares the unit, too
        return numpy.power(numpy.multiply(base, 1.0), exponent)
    return getattr(numpy, function)(*values)


def _folded(function: str, values: list[Any]) -> Any:
    result = values[0] if len(values) > 1 or function.startswith("logical") else _called(function, values[0])
    for value in values[1:]:
        result = _called(function, result, value)
    return result
