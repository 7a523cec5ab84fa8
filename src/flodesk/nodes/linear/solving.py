"""Systems of linear equations, inverses, and what says whether they can be trusted."""

from __future__ import annotations

from typing import Annotated, Any, NamedTuple

from flodesk.nodes.linear.matrices import finite, matrix_of
from flodesk.public import Array, Range, node

_SINGULAR = 1e15
"""The condition number beyond which no digit of a solution in double precision is right."""


def _check_regular(matrix: Any, doing: str) -> None:
    import numpy

    condition = numpy.linalg.cond(matrix)
    if not condition < _SINGULAR:
        raise ValueError(
            f"the matrix is singular (its condition number is {condition:.2g}): its rows are not independent, and it"
            f" cannot be {doing}. Least squares and Pseudo-inverse give the nearest answer"
        )


def _right_side(matrix: Any, b: Any) -> Any:
    found = finite(b, "b")
    if found.ndim not in (1, 2) or found.shape[0] != matrix.shape[0]:
        raise ValueError(f"b has the shape {found.shape}: a value, or a row, for each of {matrix.shape[0]} equations")
    return found


@node(title="Solve equations", tags=("linear equations", "system", "mldivide", "\\", "A x = b"), pure=True)
def solve(matrix: Array, b: Array) -> Array:
    """Solve a system of as many linear equations as unknowns: matrix times x = b.

    Parameters
    ----------
    matrix : Array
        The coefficients, shape (n, n): a row for each equation.
    b : Array
        The right sides, shape (n,); or several of them as columns, shape (n, m).

    Returns
    -------
    Array
        The unknowns, in the shape of `b`.

    Raises
    ------
    ValueError
        The matrix is not square or singular, or the shapes do not fit.

    Notes
    -----
    Source: G. H. Golub, C. F. Van Loan, Matrix Computations, 4th ed., section 3.4 (elimination with pivoting).

    Examples
    --------
    >>> linear.solve([[2.0, 1.0], [1.0, 3.0]], [3.0, 5.0])
    array([0.8, 1.4])
    """
    import numpy

    known = matrix_of(matrix, "matrix", square=True)
    right = _right_side(known, b)
    _check_regular(known, "solved for")
    return numpy.linalg.solve(known, right)


class LeastSquares(NamedTuple):
    """The nearest solution of a system of equations.

    Attributes
    ----------
    solution : Array
        The unknowns, shape (n,) or (n, m).
    residual : Array
        What is left over in each equation, b minus matrix times solution, shape (k,) or (k, m).
    rank : int
        Number of independent columns of the matrix.
    """

    solution: Array
    residual: Array
    rank: int


@node(title="Least squares", tags=("lstsq", "overdetermined", "regression", "mldivide", "fit"), pure=True)
def least_squares(matrix: Array, b: Array) -> LeastSquares:
    """Solve a system of more (or fewer) equations than unknowns as nearly as possible.

    Parameters
    ----------
    matrix : Array
        The coefficients, shape (k, n): a row for each equation.
    b : Array
        The right sides, shape (k,); or several of them as columns, shape (k, m).

    Returns
    -------
    solution : Array
        The unknowns, shape (n,) or (n, m): those with the least sum of squares of the residuals; of several such the
        shortest.
    residual : Array
        What is left over in each equation, b minus matrix times solution, in the shape of `b`.
    rank : int
        Number of independent columns of the matrix; below n the solution is one of many.

    Raises
    ------
    ValueError
        The shapes do not fit, or there are NaN or infinities.

    Notes
    -----
    Source: G. H. Golub, C. F. Van Loan, Matrix Computations, 4th ed., sections 5.3 and 5.5 (by the SVD).

    Examples
    --------
    >>> linear.least_squares([[1.0], [1.0], [1.0]], [1.0, 2.0, 6.0]).solution
    array([3.])
    """
    import numpy

    known = matrix_of(matrix, "matrix")
    right = _right_side(known, b)
    solution, _, found, _ = numpy.linalg.lstsq(known, right, rcond=None)
    return LeastSquares(solution, right - known @ solution, int(found))


@node(tags=("det", "volume", "singular"), pure=True)
def determinant(matrix: Array) -> float:
    """Find the determinant of a matrix: how much it stretches a volume.

    Parameters
    ----------
    matrix : Array
        The matrix, shape (n, n).

    Returns
    -------
    float
        The determinant, in the unit of the values to the power of n; 0 if the matrix is singular.

    Raises
    ------
    ValueError
        The matrix is not square.

    Examples
    --------
    >>> maths.round(linear.determinant([[1.0, 2.0], [3.0, 4.0]]), digits=9)
    -2.0
    """
    import numpy

    result: float = numpy.linalg.det(matrix_of(matrix, "matrix", square=True)).item()
    return result


@node(tags=("inv", "reciprocal", "invert"), pure=True)
def inverse(matrix: Array) -> Array:
    """Invert a matrix. To solve equations, Solve is faster and more exact.

    Parameters
    ----------
    matrix : Array
        The matrix, shape (n, n).

    Returns
    -------
    Array
        Shape (n, n): times the matrix it is the identity.

    Raises
    ------
    ValueError
        The matrix is not square, or singular.

    Examples
    --------
    >>> linear.inverse([[2.0, 0.0], [0.0, 4.0]])
    array([[0.5 , 0.  ],
           [0.  , 0.25]])
    """
    import numpy

    known = matrix_of(matrix, "matrix", square=True)
    _check_regular(known, "inverted")
    return numpy.linalg.inv(known)


@node(title="Pseudo-inverse", tags=("pinv", "moore-penrose", "generalized inverse"), pure=True)
def pseudo_inverse(matrix: Array) -> Array:
    """Invert a matrix as nearly as possible, also one that is singular or not square.

    Parameters
    ----------
    matrix : Array
        The matrix, shape (rows, columns).

    Returns
    -------
    Array
        Shape (columns, rows): the inverse if there is one.

    Raises
    ------
    ValueError
        It is no matrix.

    Notes
    -----
    Source: R. Penrose, A generalized inverse for matrices, Proc. Cambridge Phil. Soc. 51 (1955) 406.

    Examples
    --------
    >>> linear.pseudo_inverse([[2.0, 0.0], [0.0, 0.0]])
    array([[0.5, 0. ],
           [0. , 0. ]])
    """
    import numpy

    return numpy.linalg.pinv(matrix_of(matrix, "matrix"))


@node(tags=("independent", "dimension", "singular"), pure=True)
def rank(matrix: Array) -> int:
    """Count the rows of a matrix that are independent of one another.

    Parameters
    ----------
    matrix : Array
        The matrix, shape (rows, columns).

    Returns
    -------
    int
        Number of independent rows (and columns), as far as double precision tells.

    Raises
    ------
    ValueError
        It is no matrix.

    Examples
    --------
    >>> linear.rank([[1.0, 2.0], [2.0, 4.0]])
    1
    """
    import numpy

    return int(numpy.linalg.matrix_rank(matrix_of(matrix, "matrix")))


@node(title="Condition number", tags=("cond", "sensitivity", "ill-conditioned", "singular"), pure=True)
def condition(matrix: Array) -> float:
    """Find how much errors of the right sides may grow when equations are solved.

    Parameters
    ----------
    matrix : Array
        The matrix, shape (rows, columns).

    Returns
    -------
    float
        The largest singular value through the smallest (dimensionless): 1 is best, 10 to the power of k costs about k
        digits, and from 1e15 on the matrix counts as singular.

    Raises
    ------
    ValueError
        It is no matrix.

    Notes
    -----
    Source: G. H. Golub, C. F. Van Loan, Matrix Computations, 4th ed., section 2.6.

    Examples
    --------
    >>> linear.condition([[100.0, 0.0], [0.0, 1.0]])
    100.0
    """
    import numpy

    return float(numpy.linalg.cond(matrix_of(matrix, "matrix")))


@node(tags=("spur", "sum of diagonal"), pure=True)
def trace(matrix: Array) -> float:
    """Add up the diagonal of a matrix.

    Parameters
    ----------
    matrix : Array
        The matrix, shape (n, n).

    Returns
    -------
    float
        The sum, in the unit of the values.

    Raises
    ------
    ValueError
        The matrix is not square.

    Examples
    --------
    >>> linear.trace([[1.0, 2.0], [3.0, 4.0]])
    5.0
    """
    import numpy

    result: float = numpy.trace(matrix_of(matrix, "matrix", square=True)).item()
    return result


@node(title="Matrix power", tags=("mpower", "markov", "repeat", "steps"), pure=True)
def power(matrix: Array, exponent: Annotated[int, Range(-1000, 1000)] = 2) -> Array:
    """Multiply a matrix with itself several times.

    Parameters
    ----------
    matrix : Array
        The matrix, shape (n, n).
    exponent : int
        How many times (dimensionless); 0 gives the identity, -1 the inverse.

    Returns
    -------
    Array
        Shape (n, n).

    Raises
    ------
    ValueError
        The matrix is not square, or singular where the exponent is below 0.

    Examples
    --------
    >>> linear.power([[1.0, 1.0], [1.0, 0.0]], exponent=10)
    array([[89., 55.],
           [55., 34.]])
    """
    import numpy

    known = matrix_of(matrix, "matrix", square=True)
    if exponent < 0:
        _check_regular(known, "inverted")
    return numpy.linalg.matrix_power(known, exponent)


@node(title="Matrix exponential", tags=("expm", "state transition", "differential equations"), pure=True)
def exponential(matrix: Array, time: float = 1.0) -> Array:
    """Find the matrix that carries the state of x' = matrix times x on by a time.

    Parameters
    ----------
    matrix : Array
        The matrix, shape (n, n), in 1/s.
    time : float
        The time in s.

    Returns
    -------
    Array
        ``exp(matrix * time)``, shape (n, n).

    Raises
    ------
    ValueError
        The matrix is not square.

    Notes
    -----
    Source: A. H. Al-Mohy, N. J. Higham, A new scaling and squaring algorithm for the matrix exponential, SIAM J. Matrix
    Anal. Appl. 31 (2009) 970, as `scipy.linalg.expm`.

    Examples
    --------
    >>> linear.exponential([[0.0, 1.0], [0.0, 0.0]], time=3.0)
    array([[1., 3.],
           [0., 1.]])
    """
    import scipy.linalg

    return scipy.linalg.expm(matrix_of(matrix, "matrix", square=True) * time)
