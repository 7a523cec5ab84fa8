"""Linear algebra: vectors and matrices, equations, and matrices taken apart. A vector is an array of shape (n,)."""

from __future__ import annotations

from flodesk.nodes.linear.factors import cholesky, eigen, lu, qr, svd
from flodesk.nodes.linear.matrices import diagonal, identity, matrix
from flodesk.nodes.linear.products import cross, dot, kronecker, multiply, norm, outer, unit_vector
from flodesk.nodes.linear.solving import (
    condition,
    determinant,
    exponential,
    inverse,
    least_squares,
    power,
    pseudo_inverse,
    rank,
    solve,
    trace,
)

__all__ = [
    "cholesky", "condition", "cross", "determinant", "diagonal", "dot", "eigen", "exponential", "identity", "inverse",
    "kronecker", "least_squares", "lu", "matrix", "multiply", "norm", "outer", "power", "pseudo_inverse", "qr", "rank",
    "solve", "svd", "trace", "unit_vector",
]  # fmt: skip

for _name in __all__:  # scripts, saved values and the library know them by this name, wherever they are written
    globals()[_name].__module__ = __name__
