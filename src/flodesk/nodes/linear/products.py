"""Products of vectors and matrices, and how long a vector is."""

from __future__ import annotations

from functools import reduce
from typing import Any, Literal

from flodesk.nodes._quantity import samples
from flodesk.nodes.linear.matrices import matrix_of, vector_of
from flodesk.public import Array, node


@node(title="Multiply matrices", tags=("matrix product", "matmul", "A x B", "@", "mtimes", "transform"), pure=True)
def multiply(*matrices: Array) -> Array:
    """Multiply matrices, or a matrix and a vector, in the order of their wires.

    Parameters
    ----------
    *matrices : Array
        At least one, each of shape (rows, columns) with as many columns as the next has rows; the first and the last
        may be vectors.

    Returns
    -------
    Array
        Shape (rows of the first, columns of the last); with a vector, a vector, and of two vectors a number.

    Raises
    ------
    ValueError
        There is nothing to multiply, or the shapes do not fit.

    Examples
    --------
    >>> linear.multiply([[1.0, 2.0], [3.0, 4.0]], [1.0, 1.0])
    array([3., 7.])
    """
    if not matrices:
        raise ValueError("there is nothing to multiply: wire at least one matrix to it")
    found = [samples(one, f"input {number}") for number, one in enumerate(matrices, 1)]
    for number, one in enumerate(found, 1):
        if one.ndim not in (1, 2):
            raise ValueError(f"input {number} has the shape {one.shape}: a matrix or a vector is needed")
    return reduce(_multiplied, found)


def _multiplied(left: Any, right: Any) -> Any:
    try:
        return left @ right
    except ValueError:
        raise ValueError(
            f"the shapes {left.shape} and {right.shape} do not fit: as many columns before as rows after are needed"
        ) from None


def _pair(a: Any, b: Any) -> tuple[Any, Any]:
    left, right = vector_of(a, "a"), vector_of(b, "b")
    if left.shape != right.shape:
        raise ValueError(f"a has {len(left)} values and b {len(right)}: as many of both are needed")
    return left, right


@node(title="Dot product", tags=("inner product", "scalar product", "projection", "correlation"), pure=True)
def dot(a: Array, b: Array) -> float:
    """Take the dot product of two vectors.

    Parameters
    ----------
    a, b : Array
        The vectors, each of shape (n,). Of complex ones the first is conjugated.

    Returns
    -------
    float
        The sum of the products of their values, in the unit of `a` times that of `b`.

    Raises
    ------
    ValueError
        The vectors differ in length, or are none.

    Examples
    --------
    >>> linear.dot([1.0, 2.0, 3.0], [4.0, 5.0, 6.0])
    32.0
    """
    import numpy

    result: float = numpy.vdot(*_pair(a, b)).item()
    return result


@node(title="Cross product", tags=("vector product", "normal", "torque"), pure=True)
def cross(a: Array, b: Array) -> Array:
    """Take the cross product of two vectors in space: the vector at right angles to both.

    Parameters
    ----------
    a, b : Array
        The vectors, each of shape (3,).

    Returns
    -------
    Array
        Shape (3,), in the unit of `a` times that of `b`; `a`, `b` and it are like thumb and two fingers of the right
        hand.

    Raises
    ------
    ValueError
        A vector has not three values.

    Examples
    --------
    >>> linear.cross([1.0, 0.0, 0.0], [0.0, 1.0, 0.0])
    array([0., 0., 1.])
    """
    import numpy

    left, right = _pair(a, b)
    if len(left) != 3:
        raise ValueError(f"the vectors have {len(left)} values: a cross product needs three")
    return numpy.cross(left, right)


@node(tags=("length", "magnitude", "size", "euclidean", "distance", "frobenius"), pure=True)
def norm(values: Array, kind: Literal["euclidean", "sum", "maximum", "spectral"] = "euclidean") -> float:
    """Find the length of a vector, or how large a matrix is.

    Parameters
    ----------
    values : Array
        A vector, shape (n,), or a matrix, shape (rows, columns).
    kind : str
        ``"euclidean"`` is the root of the sum of squares (of a matrix Frobenius' norm), ``"sum"`` that of the sizes (of
        a matrix the largest of its columns), ``"maximum"`` the largest size (of a matrix the largest sum of a row),
        ``"spectral"`` of a matrix its largest singular value: how much it can stretch a vector.

    Returns
    -------
    float
        The norm, in the unit of the values.

    Raises
    ------
    ValueError
        It is neither vector nor matrix, or holds NaN or an infinity.

    Notes
    -----
    Source: G. H. Golub, C. F. Van Loan, Matrix Computations, 4th ed., sections 2.2 and 2.3.

    Examples
    --------
    >>> linear.norm([3.0, 4.0])
    5.0
    """
    import numpy

    found = samples(values)
    known = vector_of(values, "values") if found.ndim < 2 else matrix_of(values, "values")
    if kind == "euclidean" or (kind == "spectral" and known.ndim == 1):
        return float(numpy.linalg.norm(known))
    orders = {"sum": 1, "maximum": numpy.inf, "spectral": 2}
    return float(numpy.linalg.norm(known, orders[kind]))


@node(title="Unit vector", tags=("normalize", "normalise", "direction"), pure=True)
def unit_vector(values: Array) -> Array:
    """Scale a vector to the length 1.

    Parameters
    ----------
    values : Array
        The vector, shape (n,).

    Returns
    -------
    Array
        Its direction (dimensionless), shape (n,).

    Raises
    ------
    ValueError
        It is no vector, or its length is 0.

    Examples
    --------
    >>> linear.unit_vector([3.0, 4.0])
    array([0.6, 0.8])
    """
    import numpy

    found = vector_of(values, "values")
    size = numpy.linalg.norm(found)
    if size == 0.0:
        raise ValueError("all values are 0: the vector has no direction")
    return found / size


@node(title="Outer product", tags=("tensor product", "dyad", "multiplication table"), pure=True)
def outer(a: Array, b: Array) -> Array:
    """Multiply each value of one vector with each of another.

    Parameters
    ----------
    a, b : Array
        The vectors, of shape (n,) and (m,).

    Returns
    -------
    Array
        Shape (n, m): a row for each value of `a`, in the unit of `a` times that of `b`.

    Raises
    ------
    ValueError
        One is no vector.

    Examples
    --------
    >>> linear.outer([1.0, 2.0], [3.0, 4.0])
    array([[3., 4.],
           [6., 8.]])
    """
    import numpy

    return numpy.outer(vector_of(a, "a"), vector_of(b, "b"))


@node(title="Kronecker product", tags=("kron", "tensor product", "block matrix"), pure=True)
def kronecker(a: Array, b: Array) -> Array:
    """Put a matrix in the place of each value of another, multiplied by it.

    Parameters
    ----------
    a, b : Array
        The matrices, of shape (m, n) and (p, q).

    Returns
    -------
    Array
        Shape (m * p, n * q).

    Raises
    ------
    ValueError
        One is no matrix.

    Examples
    --------
    >>> linear.kronecker([[1.0, 2.0]], [[1.0], [10.0]])
    array([[ 1.,  2.],
           [10., 20.]])
    """
    import numpy

    return numpy.kron(matrix_of(a, "a"), matrix_of(b, "b"))
