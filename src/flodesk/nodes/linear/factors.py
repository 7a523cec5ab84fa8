"""Matrices taken apart into simpler ones. All: G. H. Golub, C. F. Van Loan, Matrix Computations, 4th ed."""

from __future__ import annotations

from typing import NamedTuple

from flodesk.nodes.linear.matrices import matrix_of
from flodesk.public import Array, node


class Eigen(NamedTuple):
    """What a matrix only stretches.

    Attributes
    ----------
    values : Array
        The eigenvalues, shape (n,).
    vectors : Array
        The eigenvectors, a column each, shape (n, n).
    """

    values: Array
    vectors: Array


@node(title="Eigenvalues", tags=("eig", "eigenvector", "modes", "characteristic", "principal axes"), pure=True)
def eigen(matrix: Array) -> Eigen:
    """Find the vectors that a matrix only stretches, and by how much.

    Parameters
    ----------
    matrix : Array
        The matrix, shape (n, n).

    Returns
    -------
    values : Array
        The eigenvalues, shape (n,), the largest in size first, in the unit of the matrix; complex if one is.
    vectors : Array
        The eigenvectors of length 1, a column each in the order of the values, shape (n, n).

    Raises
    ------
    ValueError
        The matrix is not square.

    Notes
    -----
    Of a matrix that is equal to its transpose, values are real and the vectors at right angles. Source: G. H. Golub,
    C. F. Van Loan, Matrix Computations, 4th ed., chapters 7 and 8.

    Examples
    --------
    >>> linear.eigen([[2.0, 1.0], [1.0, 2.0]]).values
    array([3., 1.])
    """
    import numpy

    known = matrix_of(matrix, "matrix", square=True)
    symmetric = numpy.array_equal(known, known.conj().T)
    values, vectors = numpy.linalg.eigh(known) if symmetric else numpy.linalg.eig(known)
    order = numpy.argsort(-numpy.abs(values), kind="stable")
    return Eigen(values[order], vectors[:, order])


class Svd(NamedTuple):
    """A matrix as a turn, a stretch and a turn: u times diagonal(s) times vh.

    Attributes
    ----------
    u : Array
        Left singular vectors, a column each, shape (rows, k).
    s : Array
        Singular values, the largest first, shape (k,).
    vh : Array
        Right singular vectors, a row each, shape (k, columns).
    """

    u: Array
    s: Array
    vh: Array


@node(title="SVD", tags=("singular values", "principal components", "pca", "decomposition"), pure=True)
def svd(matrix: Array) -> Svd:
    """Take a matrix apart into a turn, a stretch and another turn: u times diagonal(s) times vh.

    Parameters
    ----------
    matrix : Array
        The matrix, shape (rows, columns); k is the smaller of the two.

    Returns
    -------
    u : Array
        The left singular vectors, a column each, shape (rows, k).
    s : Array
        The singular values, the largest first, shape (k,), in the unit of the matrix.
    vh : Array
        The right singular vectors, a row each, shape (k, columns).

    Raises
    ------
    ValueError
        It is no matrix.

    Notes
    -----
    Source: G. H. Golub, C. F. Van Loan, Matrix Computations, 4th ed., sections 2.4 and 8.6.

    Examples
    --------
    >>> linear.svd([[0.0, 2.0], [5.0, 0.0]]).s
    array([5., 2.])
    """
    import numpy

    return Svd(*numpy.linalg.svd(matrix_of(matrix, "matrix"), full_matrices=False))


class Qr(NamedTuple):
    """A matrix as a turn and a triangle: q times r.

    Attributes
    ----------
    q : Array
        Columns at right angles and of length 1, shape (rows, k).
    r : Array
        Upper triangle, shape (k, columns).
    """

    q: Array
    r: Array


@node(title="QR", tags=("orthogonal", "gram-schmidt", "triangular", "decomposition"), pure=True)
def qr(matrix: Array) -> Qr:
    """Take a matrix apart into columns at right angles and an upper triangle: q times r.

    Parameters
    ----------
    matrix : Array
        The matrix, shape (rows, columns); k is the smaller of the two.

    Returns
    -------
    q : Array
        Columns at right angles to one another and of length 1, shape (rows, k).
    r : Array
        The upper triangle, shape (k, columns), with no value below 0 on its diagonal.

    Raises
    ------
    ValueError
        It is no matrix.

    Notes
    -----
    Source: G. H. Golub, C. F. Van Loan, Matrix Computations, 4th ed., section 5.2.

    Examples
    --------
    >>> linear.qr([[3.0, 0.0], [4.0, 5.0]]).r
    array([[5., 4.],
           [0., 3.]])
    """
    import numpy

    q, r = numpy.linalg.qr(matrix_of(matrix, "matrix"))
    diagonal = numpy.diagonal(r)
    # the signs are free: with this choice a matrix has one answer, whichever library works it out
    size = numpy.where(diagonal == 0, 1.0, numpy.abs(diagonal))
    turn = numpy.where(diagonal == 0, 1.0, diagonal / size)
    # + 0.0: no -0 is left
    return Qr(q * turn + 0.0, r * turn.conj()[:, None] + 0.0)


@node(tags=("square root", "positive definite", "covariance", "triangular", "decomposition"), pure=True)
def cholesky(matrix: Array) -> Array:
    """Find the lower triangle whose product with its transpose is the matrix, as for drawing correlated noise.

    Parameters
    ----------
    matrix : Array
        The matrix, shape (n, n), equal to its transpose and positive definite, as a covariance is.

    Returns
    -------
    Array
        The lower triangle, shape (n, n).

    Raises
    ------
    ValueError
        The matrix is not square, not equal to its transpose, or not positive definite.

    Notes
    -----
    Source: G. H. Golub, C. F. Van Loan, Matrix Computations, 4th ed., section 4.2.

    Examples
    --------
    >>> linear.cholesky([[4.0, 2.0], [2.0, 5.0]])
    array([[2., 0.],
           [1., 2.]])
    """
    import numpy

    known = matrix_of(matrix, "matrix", square=True)
    if not numpy.allclose(known, known.conj().T, rtol=1e-10, atol=1e-12 * numpy.abs(known).max()):
        raise ValueError("the matrix differs from its transpose: Cholesky's triangle needs one that does not")
    try:
        return numpy.linalg.cholesky(known)
    except numpy.linalg.LinAlgError:
        least = numpy.linalg.eigvalsh(known)[0]
        raise ValueError(
            f"the matrix is not positive definite: its least eigenvalue is {least:.3g}, and it must be above 0"
        ) from None


class Lu(NamedTuple):
    """A matrix as rows in another order, a lower and an upper triangle: p times lower times upper.

    Attributes
    ----------
    p : Array
        The order of the rows as a matrix, shape (rows, rows).
    lower : Array
        Lower triangle with 1 on its diagonal, shape (rows, k).
    upper : Array
        Upper triangle, shape (k, columns).
    """

    p: Array
    lower: Array
    upper: Array


@node(title="LU", tags=("gauss", "elimination", "triangular", "decomposition"), pure=True)
def lu(matrix: Array) -> Lu:
    """Take a matrix apart into an order of rows, a lower and an upper triangle: p times lower times upper.

    Parameters
    ----------
    matrix : Array
        The matrix, shape (rows, columns); k is the smaller of the two.

    Returns
    -------
    p : Array
        The order of the rows as a matrix of 0 and 1, shape (rows, rows).
    lower : Array
        The lower triangle with 1 on its diagonal, shape (rows, k).
    upper : Array
        The upper triangle, shape (k, columns).

    Raises
    ------
    ValueError
        It is no matrix.

    Notes
    -----
    Source: G. H. Golub, C. F. Van Loan, Matrix Computations, 4th ed., section 3.4.

    Examples
    --------
    >>> linear.lu([[1.0, 2.0], [2.0, 2.0]]).upper
    array([[2., 2.],
           [0., 1.]])
    """
    import scipy.linalg

    return Lu(*scipy.linalg.lu(matrix_of(matrix, "matrix")))
