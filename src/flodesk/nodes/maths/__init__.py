"""Arithmetic on numbers, arrays and signals.

Signals keep their time axis and unit (see `flodesk.public.Waveform`), so that adding two of different sample rates or
units is an error and not a number.
"""

from __future__ import annotations

from flodesk.nodes.maths.angles import acos, asin, atan, atan2, cos, degrees, radians, sin, tan
from flodesk.nodes.maths.arithmetic import (
    absolute,
    add,
    clip,
    divide,
    map_range,
    multiply,
    remainder,
    scale,
    subtract,
)
from flodesk.nodes.maths.comparing import (
    between,
    compare,
    equal,
    greater,
    less,
    logical_and,
    logical_not,
    logical_or,
    logical_xor,
    not_equal,
    where,
)
from flodesk.nodes.maths.powers import exponential, from_decibels, logarithm, power, square_root, to_decibels
from flodesk.nodes.maths.rounding import ceil, floor, round, sign, whole
from flodesk.nodes.maths.totals import cumulative_sum, element, maximum, mean, minimum, product, sum

__all__ = [
    "absolute", "acos", "add", "asin", "atan", "atan2", "between", "ceil", "clip", "compare", "cos", "cumulative_sum",
    "degrees", "divide", "element", "equal", "exponential", "floor", "from_decibels", "greater", "less", "logarithm",
    "logical_and", "logical_not", "logical_or", "logical_xor", "map_range", "maximum", "mean", "minimum", "multiply",
    "not_equal", "power", "product", "radians", "remainder", "round", "scale", "sign", "sin", "square_root",
    "subtract", "sum", "tan", "to_decibels", "where", "whole",
]  # fmt: skip

for _name in __all__:  # scripts, saved values and the library know them by this name, wherever they are written
    globals()[_name].__module__ = __name__
