"""Arithmetic on numbers, arrays and signals.

Signals keep their time axis and unit (see `flodesk.public.Waveform`), so that adding two of different sample rates or
units is an error and not a number.
"""

from __future__ import annotations

from flodesk.nodes.maths.angles import acos, asin, atan, atan2, cos, cosh, degrees, radians, sin, sinh, tan, tanh
from flodesk.nodes.maths.arithmetic import (
    absolute,
    add,
    clip,
    divide,
    hypotenuse,
    map_range,
    multiply,
    negate,
    quotient,
    reciprocal,
    remainder,
    scale,
    subtract,
)
from flodesk.nodes.maths.bits import bitwise, from_bits, is_bit_set, shift_bits, to_bits
from flodesk.nodes.maths.calculus import cumulative_integral, derivative, difference, integral, interpolate
from flodesk.nodes.maths.chance import random_number, random_numbers
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
from flodesk.nodes.maths.constants import physical_constant
from flodesk.nodes.maths.formulas import formula
from flodesk.nodes.maths.polynomials import (
    conjugate,
    from_polar,
    imaginary,
    make_complex,
    phase,
    polynomial,
    real,
    roots,
)
from flodesk.nodes.maths.powers import exponential, from_decibels, logarithm, power, square_root, to_decibels
from flodesk.nodes.maths.rounding import ceil, floor, round, sign, whole
from flodesk.nodes.maths.totals import cumulative_sum, element, maximum, mean, minimum, product, sum
from flodesk.nodes.maths.units import convert_unit

__all__ = [
    "absolute", "acos", "add", "asin", "atan", "atan2", "between", "bitwise", "ceil", "clip", "compare", "conjugate",
    "convert_unit", "cos", "cosh", "cumulative_integral", "cumulative_sum", "degrees", "derivative", "difference",
    "divide", "element", "equal", "exponential", "floor", "formula", "from_bits", "from_decibels", "from_polar",
    "greater", "hypotenuse", "imaginary", "integral", "interpolate", "is_bit_set", "less", "logarithm", "logical_and",
    "logical_not", "logical_or", "logical_xor", "make_complex", "map_range", "maximum", "mean", "minimum", "multiply",
    "negate", "not_equal", "phase", "physical_constant", "polynomial", "power", "product", "quotient", "radians",
    "random_number", "random_numbers", "real", "reciprocal", "remainder", "roots", "round", "scale", "shift_bits",
    "sign", "sin", "sinh", "square_root", "subtract", "sum", "tan", "tanh", "to_bits", "to_decibels", "where",
    "whole",
]  # fmt: skip

for _name in __all__:  # scripts, saved values and the library know them by this name, wherever they are written
    globals()[_name].__module__ = __name__
