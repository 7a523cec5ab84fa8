"""Formulas that a hand types, calculated by a whitelist of syntax: nothing else can be read, called or looked into.

``formula = read("a * exp(-x / tau)")`` says in ``formula.names`` what it reads, in the order of the text, and
``formula.value({"a": 2.0, "x": ..., "tau": 0.5})`` calculates it, place by place for arrays and signals.
"""

from __future__ import annotations

import ast
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from flodesk.nodes._quantity import choose
from flodesk.public import Waveform

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
    "sqrt": ("sqrt", 1), "cbrt": ("cbrt", 1), "exp": ("exp", 1), "log": ("log", 1), "ln": ("log", 1),
    "log10": ("log10", 1), "log2": ("log2", 1), "abs": ("absolute", 1), "sign": ("sign", 1), "floor": ("floor", 1),
    "ceil": ("ceil", 1), "round": ("rint", 1), "hypot": ("hypot", 2), "min": ("minimum", 2), "max": ("maximum", 2),
    "degrees": ("degrees", 1), "radians": ("radians", 1),
}  # fmt: skip
"""The functions that a formula may call: their name in NumPy, and how many values they take."""
_CONSTANTS = {"pi": math.pi, "e": math.e, "inf": math.inf, "nan": math.nan}
"""Names that stand for numbers where nothing else is given for them."""
_LONGEST = 2000
"""Characters of a formula; a longer one is no formula that a hand typed."""

_Names = Mapping[str, Any]
_Step = Callable[[_Names], Any]


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula that was read.

    Attributes
    ----------
    text : str
        As it was typed.
    names : tuple of str
        What it reads, each once, in the order of the text; constants and functions are none of them.
    """

    text: str
    names: tuple[str, ...]
    _calculate: _Step

    def value(self, given: _Names) -> Any:
        """Calculate it.

        Parameters
        ----------
        given : mapping of name to float, Array or Waveform
            At least what it reads. One called ``e`` or ``pi`` comes before the constant.

        Raises
        ------
        ValueError
            It reads what is not given, shapes or units do not fit, or a number is too large.
        """
        import numpy

        missing = [name for name in self.names if name not in given]
        if missing:
            known = ", ".join(given) or "nothing"
            raise ValueError(f"the formula {self.text!r} reads {missing[0]}, which is not there: it may read {known}")
        with numpy.errstate(all="ignore"):
            try:
                return self._calculate(given)
            except OverflowError as error:
                raise ValueError(f"{self.text!r} gives a number that is too large") from error


@lru_cache(maxsize=256)
def read(text: str) -> Formula:
    """Read a formula.

    It may use ``+ - * / // % **`` (``^`` is a power, too), comparisons, ``and``, ``or``, ``not``, ``p if q else r``,
    numbers, names, the constants ``pi``, ``e``, ``inf`` and ``nan``, and the functions of `_FUNCTIONS`.

    Raises
    ------
    ValueError
        It cannot be read, or holds something else; the text says what.
    """
    if len(text) > _LONGEST:
        raise ValueError(f"the formula has {len(text)} characters: at most {_LONGEST} are read")
    try:
        tree = ast.parse(text.strip().replace("^", "**"), mode="eval").body
        calculate = _made(tree)
    except SyntaxError as error:
        where = f" at character {error.offset}" if error.offset else ""
        raise ValueError(f"{text!r} cannot be read as a formula: {error.msg}{where}") from None
    except OverflowError:
        raise ValueError(f"{text!r} holds a number that is too large") from None
    except (RecursionError, MemoryError):
        raise ValueError("the formula is nested too deeply: take it apart") from None
    called = {id(part.func) for part in ast.walk(tree) if isinstance(part, ast.Call)}
    found = [part for part in ast.walk(tree) if isinstance(part, ast.Name) and id(part) not in called]
    found.sort(key=lambda part: (part.lineno, part.col_offset))
    return Formula(text, tuple(dict.fromkeys(part.id for part in found if part.id not in _CONSTANTS)), calculate)


def _made(part: ast.expr) -> _Step:
    """Return what calculates a part of a formula, if it is one that a formula may hold."""
    match part:
        case ast.Constant(value=bool() | complex() as value):
            return lambda names: value
        case ast.Constant(value=int() | float() as value):
            number = float(value)
            return lambda names: number
        case ast.Name(name):
            return lambda names: names[name] if name in names else _CONSTANTS[name]
        case ast.BinOp(left, operator, right) if type(operator) in _OPERATORS:
            return _called(_OPERATORS[type(operator)], [_made(left), _made(right)])
        case ast.UnaryOp(operator, operand) if type(operator) in _OPERATORS:
            return _called(_OPERATORS[type(operator)], [_made(operand)])
        case ast.BoolOp(operator, values):
            return _called(_OPERATORS[type(operator)], [_made(one) for one in values])
        case ast.Compare(left, operators, others) if all(type(one) in _OPERATORS for one in operators):
            return _compared([_OPERATORS[type(one)] for one in operators], [_made(one) for one in (left, *others)])
        case ast.IfExp(test, then, otherwise):
            steps = [_made(one) for one in (test, then, otherwise)]
            return lambda names: choose(*(step(names) for step in steps))
        case ast.Call(ast.Name(name), arguments, []) if name in _FUNCTIONS:
            _check_count(name, len(arguments))
            return _called(_FUNCTIONS[name][0], [_made(one) for one in arguments])
        case ast.Call(ast.Name(name)) if name not in _FUNCTIONS:
            raise ValueError(f"{name} is no function of a formula: {', '.join(sorted(_FUNCTIONS))} are")
        case _:
            raise ValueError(f"{ast.unparse(part)!r} is nothing that a formula may hold")


def _check_count(name: str, count: int) -> None:
    needed = _FUNCTIONS[name][1]
    if count != needed and not (name in ("min", "max") and count > 1):
        raise ValueError(f"{name} takes {needed} value{'s' * (needed > 1)}: {count} are given")


def _called(name: str, steps: list[_Step]) -> _Step:
    """Return what calls a function of NumPy on what other steps give, two by two if there are more."""
    import numpy

    function: Callable[..., Any] = _power if name == "power" else getattr(numpy, name)
    if len(steps) == 1:
        (only,) = steps
        return lambda names: function(only(names))
    if len(steps) == 2:
        left, right = steps
        return lambda names: function(left(names), right(names))
    most = _called(name, steps[:-1])
    last = steps[-1]
    return lambda names: function(most(names), last(names))


def _compared(functions: list[str], steps: list[_Step]) -> _Step:
    """Return what compares neighbours: ``1 < x <= 3`` is true where both are."""
    pairs = [_called(name, steps[number : number + 2]) for number, name in enumerate(functions)]
    return pairs[0] if len(pairs) == 1 else _called("logical_and", pairs)


def _power(base: Any, exponent: Any) -> Any:
    import numpy

    if isinstance(base, Waveform) and numpy.ndim(exponent) == 0 and exponent == 2:
        return numpy.multiply(base, base)  # which squares the unit, too
    return numpy.power(numpy.multiply(base, 1.0), exponent)  # whole numbers have no negative powers
