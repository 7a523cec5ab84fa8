"""Matrices and vectors made and read, and what is asked of every input of this shelf."""

from __future__ import annotations

from typing import Annotated, Any

from flodesk.nodes._quantity import samples
from flodesk.public import Array, Range, node


def matrix_of(value: Any, name: str, square: bool = False) -> Any:
    """Return a matrix of shape (rows, columns) as floats, or as complex numbers.

    Raises
    ------
    TypeError
        It is nothing that can be calculated with.
    ValueError
        It has no rows and columns, or not as many of both, or holds NaN or an infinity.
    """
    found = finite(value, name)
    if found.ndim != 2 or found.size == 0:
        raise ValueError(f"{name} has the shape {found.shape}: a matrix with rows and columns is needed")
    if square and found.shape[0] != found.shape[1]:
        raise ValueError(f"{name} has the shape {found.shape}: as many rows as columns are needed")
    return found


def vector_of(value: Any, name: str) -> Any:
    """Return a vector of shape (n,); a matrix of one row or one column is one, too.

    Raises
    ------
    TypeError
        It is nothing that can be calculated with.
    ValueError
        Its values do not lie one after the other, or it holds NaN or an infinity.
    """
    found = finite(value, name)
    if found.ndim == 2 and 1 in found.shape:
        found = found.reshape(-1)
    if found.ndim != 1 or found.size == 0:
        raise ValueError(f"{name} has the shape {found.shape}: a vector, one value after the other, is needed")
    return found


def finite(value: Any, name: str) -> Any:
    """Return an array of floats or complex numbers without NaN and infinities.

    Raises
    ------
    TypeError
        It is nothing that can be calculated with.
    ValueError
        It holds NaN or an infinity.
    """
    import numpy

    found = samples(value, name)
    if found.dtype.kind != "c":
        found = found.astype(float)
    if not numpy.isfinite(found).all():
        raise ValueError(f"{name} holds NaN or an infinity: take these values out first")
    return found


@node(tags=("constant", "build matrix", "rows", "literal", "2d"), pure=True)
def matrix(text: str = "1, 0; 0, 1") -> Array:
    """Write a matrix by hand: values with commas or blanks between them, rows with semicolons.

    Parameters
    ----------
    text : str
        The values, as ``1, 2; 3, 4`` or a row a line. Complex ones are written as ``1+2j``.

    Returns
    -------
    Array
        Shape (rows, columns).

    Raises
    ------
    ValueError
        A value is no number, the rows differ in length, or there is nothing.

    Examples
    --------
    >>> linear.matrix("1, 2; 3, 4")
    array([[1., 2.],
           [3., 4.]])
    """
    import numpy

    lines = text.strip().strip("[]").replace("\n", ";").split(";")
    rows = [line.replace(",", " ").split() for line in lines if line.strip()]
    if not rows:
        raise ValueError("the matrix is empty: write it as 1, 2; 3, 4")
    for number, row in enumerate(rows, 1):
        if len(row) != len(rows[0]):
            raise ValueError(f"row 1 has {len(rows[0])} values and row {number} has {len(row)}: make them as long")
    return numpy.array([[_number(value) for value in row] for row in rows])


def _number(text: str) -> float | complex:
    try:
        return float(text)
    except ValueError:
        pass
    try:
        return complex(text.replace("i", "j"))
    except ValueError:
        raise ValueError(f"{text!r} is no number: write values as 1, 2; 3, 4") from None


@node(title="Identity matrix", tags=("eye", "unit matrix", "ones", "diagonal"), pure=True)
def identity(size: Annotated[int, Range(1)] = 3) -> Array:
    """Make a matrix with 1 on its diagonal and 0 elsewhere.

    Parameters
    ----------
    size : int
        Number of rows, and of columns.

    Returns
    -------
    Array
        Shape (size, size).

    Raises
    ------
    ValueError
        The size is below 1.

    Examples
    --------
    >>> linear.identity(2)
    array([[1., 0.],
           [0., 1.]])
    """
    import numpy

    if size < 1:
        raise ValueError(f"the size is {size}: give 1 or more")
    return numpy.eye(size)


@node(tags=("diag", "main diagonal", "scale"), pure=True)
def diagonal(values: Array) -> Array:
    """Make a matrix with a vector as its diagonal, or read the diagonal of a matrix.

    Parameters
    ----------
    values : Array
        A vector, shape (n,), or a matrix, shape (rows, columns).

    Returns
    -------
    Array
        Of a vector a matrix, shape (n, n), with 0 elsewhere; of a matrix its diagonal, shape (min(rows, columns),).

    Raises
    ------
    ValueError
        There are more than two dimensions, or none.

    Examples
    --------
    >>> linear.diagonal([2.0, 3.0])
    array([[2., 0.],
           [0., 3.]])
    """
    import numpy

    found = samples(values)
    if found.ndim not in (1, 2):
        raise ValueError(f"values have the shape {found.shape}: a vector or a matrix is needed")
    return numpy.diag(found).copy()
