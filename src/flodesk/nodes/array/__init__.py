"""Arrays: made, joined, cut, put in order and searched. Values lie along the last axis, rows and channels before it."""

from __future__ import annotations

from flodesk.nodes.array.editing import index_of_nearest, insert, interleave, logarithmic, normalize, remove, replace
from flodesk.nodes.array.picking import (
    column,
    count_true,
    find,
    index_of_maximum,
    index_of_minimum,
    reverse,
    row,
    shift,
    slice,
    sort,
    sort_order,
    take,
    unique,
)
from flodesk.nodes.array.shapes import (
    concatenate,
    filled,
    flatten,
    make,
    pad,
    repeat,
    reshape,
    rolling_window,
    shape,
    stack,
    transpose,
)

__all__ = [
    "column", "concatenate", "count_true", "filled", "find", "flatten", "index_of_maximum", "index_of_minimum",
    "index_of_nearest", "insert", "interleave", "logarithmic", "make", "normalize", "pad", "remove", "repeat",
    "replace", "reshape", "reverse", "rolling_window", "row", "shape", "shift", "slice", "sort", "sort_order",
    "stack", "take", "transpose", "unique",
]  # fmt: skip

for _name in __all__:  # scripts, saved values and the library know them by this name, wherever they are written
    globals()[_name].__module__ = __name__
