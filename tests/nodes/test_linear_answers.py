"""Linear algebra against Hilbert's matrix, Fibonacci's numbers, turns of a plane and other known answers."""

from __future__ import annotations

import math

import numpy as np
import pytest

from flodesk.nodes import linear

HILBERT = np.array([[1.0, 1 / 2, 1 / 3], [1 / 2, 1 / 3, 1 / 4], [1 / 3, 1 / 4, 1 / 5]])
INVERTED = np.array([[9.0, -36.0, 30.0], [-36.0, 192.0, -180.0], [30.0, -180.0, 180.0]])
FIBONACCI = np.array([[1.0, 1.0], [1.0, 0.0]])
GOLDEN = (1.0 + math.sqrt(5.0)) / 2.0
QUARTER = np.array([[0.0, -1.0], [1.0, 0.0]])
TALL = np.array([[1.0, 0.0], [1.0, 1.0], [1.0, 2.0], [1.0, 3.0]])


@pytest.mark.node("linear.matrix", "linear.identity", "linear.diagonal")
def test_matrices_by_hand():
    assert linear.matrix("1 2\n3 4").tolist() == linear.matrix("[1, 2; 3, 4;]").tolist() == [[1.0, 2.0], [3.0, 4.0]]
    assert linear.matrix("1+2j, 3i").tolist() == [[1 + 2j, 3j]]
    assert linear.identity(2).tolist() == [[1.0, 0.0], [0.0, 1.0]]
    assert linear.diagonal([1, 2]).tolist() == [[1, 0], [0, 2]]
    assert linear.diagonal([[1, 2, 3], [4, 5, 6]]).tolist() == [1, 5]


@pytest.mark.node("linear.multiply", "linear.dot", "linear.outer", "linear.kronecker")
def test_products():
    assert linear.multiply([[1, 2], [3, 4]], [[0, 1], [1, 0]]).tolist() == [[2, 1], [4, 3]]
    assert linear.multiply(QUARTER, QUARTER, QUARTER, QUARTER).tolist() == np.eye(2).tolist()
    assert linear.multiply([1.0, 1.0], FIBONACCI, [1.0, 2.0]) == 4.0
    assert linear.dot([1, 2, 3], [[4], [5], [6]]) == 32.0
    assert linear.dot([1j, 1.0], [1j, 1.0]) == 2.0
    assert linear.outer([1, 2], [1, 10, 100]).tolist() == [[1, 10, 100], [2, 20, 200]]
    assert linear.kronecker(np.eye(2), [[1, 2]]).tolist() == [[1, 2, 0, 0], [0, 0, 1, 2]]


@pytest.mark.node("linear.cross", "linear.norm", "linear.unit_vector")
def test_vectors_in_space():
    assert linear.cross([1, 2, 3], [4, 5, 6]).tolist() == [-3, 6, -3]
    assert [linear.norm([3.0, -4.0], kind) for kind in ("euclidean", "sum", "maximum", "spectral")] == [5, 7, 4, 5]
    square = [[1.0, -2.0], [3.0, 4.0]]
    assert linear.norm(square) == pytest.approx(math.sqrt(30.0))
    assert (linear.norm(square, "sum"), linear.norm(square, "maximum")) == (6.0, 7.0)
    assert linear.norm(FIBONACCI, "spectral") == pytest.approx(GOLDEN)
    assert linear.unit_vector([0.0, -2.0]).tolist() == [0.0, -1.0]


@pytest.mark.node("linear.determinant", "linear.inverse", "linear.condition", "linear.solve", "linear.trace")
def test_hilberts_matrix():
    assert linear.determinant(HILBERT) == pytest.approx(1.0 / 2160.0)
    assert linear.inverse(HILBERT) == pytest.approx(INVERTED)
    assert linear.condition(HILBERT) == pytest.approx(524.0567775860644)
    assert linear.solve(HILBERT, [1.0, 0.0, 0.0]) == pytest.approx(INVERTED[:, 0])
    assert linear.solve(HILBERT, np.eye(3)) == pytest.approx(INVERTED)
    assert linear.trace(HILBERT) == pytest.approx(1 + 1 / 3 + 1 / 5)
    assert linear.determinant([[1.0, 2.0], [2.0, 4.0]]) == 0.0
    assert linear.condition([[1.0, 2.0], [2.0, 4.0]]) > 1e15


@pytest.mark.node("linear.least_squares", "linear.pseudo_inverse", "linear.rank")
def test_a_line_through_four_points():
    found = linear.least_squares(TALL, [6.0, 5.0, 7.0, 10.0])
    assert found.solution == pytest.approx([4.9, 1.4])
    assert found.residual == pytest.approx([1.1, -1.3, -0.7, 0.9])
    assert TALL.T @ found.residual == pytest.approx([0.0, 0.0])
    assert found.rank == 2
    assert linear.pseudo_inverse(TALL) @ TALL == pytest.approx(np.eye(2))
    assert linear.pseudo_inverse(HILBERT) == pytest.approx(INVERTED)
    assert (linear.rank(TALL), linear.rank(linear.outer([1, 2], [3, 4])), linear.rank(np.zeros((2, 2)))) == (2, 1, 0)
    assert linear.least_squares([[1.0, 1.0]], [2.0]).solution == pytest.approx([1.0, 1.0])


@pytest.mark.node("linear.power", "linear.exponential", "linear.eigen")
def test_steps_in_time():
    assert linear.power(FIBONACCI, 30)[0, 1] == 832040
    assert linear.power(QUARTER, -1) == pytest.approx(QUARTER.T)
    assert linear.power(QUARTER, 0).tolist() == [[1.0, 0.0], [0.0, 1.0]]
    assert linear.exponential(QUARTER, time=math.pi / 2) == pytest.approx(QUARTER)
    assert linear.exponential(np.diag([1.0, 2.0])) == pytest.approx(np.diag([math.e, math.e**2]))
    grown = linear.eigen(FIBONACCI)
    assert grown.values == pytest.approx([GOLDEN, 1.0 - GOLDEN])
    assert FIBONACCI @ grown.vectors == pytest.approx(grown.vectors * grown.values)
    assert sorted(linear.eigen(QUARTER).values.imag) == pytest.approx([-1.0, 1.0])
    triangle = linear.eigen([[1.0, 5.0], [0.0, -3.0]])
    assert triangle.values.tolist() == [-3.0, 1.0]


@pytest.mark.node("linear.svd", "linear.qr", "linear.cholesky", "linear.lu")
def test_the_parts_make_the_matrix_again_and_are_of_their_kind():
    u, s, vh = linear.svd(TALL)
    assert u * s @ vh == pytest.approx(TALL)
    assert u.T @ u == pytest.approx(np.eye(2))
    assert s**2 == pytest.approx([9.0 + math.sqrt(61.0), 9.0 - math.sqrt(61.0)])  # of TALL.T @ TALL
    q, r = linear.qr(TALL)
    assert q @ r == pytest.approx(TALL)
    assert r == pytest.approx(np.array([[2.0, 3.0], [0.0, math.sqrt(5.0)]]))
    assert linear.cholesky([[4, 12, -16], [12, 37, -43], [-16, -43, 98]]) == pytest.approx(
        np.array([[2, 0, 0], [6, 1, 0], [-8, 5, 3]])
    )
    p, lower, upper = linear.lu(HILBERT)
    assert p @ lower @ upper == pytest.approx(HILBERT)
    assert np.triu(lower, 1).any() == np.tril(upper, -1).any() == False  # noqa: E712
    assert np.diag(lower).tolist() == [1.0, 1.0, 1.0]


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: linear.matrix(" ; "), "the matrix is empty"),
        (lambda: linear.matrix("1, 2; 3"), "row 1 has 2 values and row 2 has 1"),
        (lambda: linear.matrix("1, two"), "'two' is no number"),
        (lambda: linear.identity(0), "give 1 or more"),
        (lambda: linear.diagonal(3.0), "a vector or a matrix"),
        (lambda: linear.multiply(), "nothing to multiply"),
        (lambda: linear.multiply(TALL, TALL), r"the shapes \(4, 2\) and \(4, 2\) do not fit"),
        (lambda: linear.multiply(TALL, 3.0), "input 2 has the shape"),
        (lambda: linear.dot([1, 2], [1, 2, 3]), "a has 2 values and b 3"),
        (lambda: linear.dot(TALL, TALL), "a vector, one value after the other"),
        (lambda: linear.cross([1, 2], [3, 4]), "needs three"),
        (lambda: linear.unit_vector([0.0, 0.0]), "no direction"),
        (lambda: linear.solve(TALL, [1.0] * 4), "as many rows as columns"),
        (lambda: linear.solve(HILBERT, [1.0, 2.0]), "for each of 3 equations"),
        (lambda: linear.solve([[1.0, 2.0], [2.0, 4.0]], [1.0, 2.0]), "singular .*cannot be solved for"),
        (lambda: linear.inverse([[1.0, 2.0], [2.0, 4.0]]), "singular .*cannot be inverted"),
        (lambda: linear.power([[0.0]], -1), "singular"),
        (lambda: linear.inverse([[1.0, math.nan], [0.0, 1.0]]), "NaN or an infinity"),
        (lambda: linear.determinant([1.0, 2.0]), "rows and columns"),
        (lambda: linear.cholesky([[1.0, 2.0], [0.0, 1.0]]), "differs from its transpose"),
        (lambda: linear.cholesky([[1.0, 2.0], [2.0, 1.0]]), "least eigenvalue is -1"),
        (lambda: linear.svd(np.ones((2, 2, 2))), "rows and columns"),
    ],
)
def test_what_cannot_be_done_is_said(call, said):
    with pytest.raises(ValueError, match=said):
        call()
