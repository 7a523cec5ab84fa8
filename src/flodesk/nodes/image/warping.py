"""Views: pictures that are turned, stretched, seen from elsewhere or unrolled, by a matrix or about a middle."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from flodesk.nodes.image.geometry import Degrees
from flodesk.nodes.image.inputs import Count, Pixels, alike, each_color, fits, held, package, real
from flodesk.nodes.image.inputs import picture as taken
from flodesk.public import Array, Picture, Range, Unit, node


@node(title="Affine matrix", tags=("transform", "rotation", "scale", "shear", "translation", "imwarp"), pure=True)
def affine_matrix(
    angle: Degrees = 0.0,
    scale: Annotated[float, Range(0.001, 1000.0)] = 1.0,
    shear: Annotated[float, Unit("°"), Range(-89.0, 89.0)] = 0.0,
    right: Annotated[float, Unit("px")] = 0.0,
    down: Annotated[float, Unit("px")] = 0.0,
) -> Array:
    """Make the matrix of a turn, a scale, a shear and a shift, about the upper left corner, for `warp`.

    Parameters
    ----------
    angle : float
        Angle in °, counterclockwise as seen on the picture.
    scale : float
        How much larger the picture becomes (dimensionless).
    shear : float
        Angle by which upright lines lean, in °, the upper end to the right.
    right, down : float
        How far the picture goes, in px; below 0 to the left, and up.

    Returns
    -------
    Array
        The matrix of (x, y, 1), in px, shape (3, 3). Multiply two of them to do one after the other.

    Raises
    ------
    ValueError
        The scale is not above 0, or the shear not between -90° and 90°.

    Examples
    --------
    >>> image.affine_matrix(scale=2.0, right=5.0).round(6) + 0.0
    array([[2., 0., 5.],
           [0., 2., 0.],
           [0., 0., 1.]])
    """
    import math

    import numpy

    if not scale > 0.0:
        raise ValueError(f"the scale is {scale:g}: it must be above 0")
    if not -90.0 < shear < 90.0:
        raise ValueError(f"a shear of {shear:g}° makes the picture flat: choose one between -90° and 90°")
    turn, lean = math.radians(angle), math.tan(math.radians(shear))
    # y goes down: a turn to the left as one sees it has the sign of a turn to the right
    turned = numpy.array([[math.cos(turn), math.sin(turn)], [-math.sin(turn), math.cos(turn)]])
    matrix = numpy.eye(3)
    matrix[:2, :2] = scale * turned @ numpy.array([[1.0, -lean], [0.0, 1.0]])
    matrix[:2, 2] = right, down
    return matrix


@node(
    title="Matrix from points",
    tags=("homography", "perspective", "calibration", "fitgeotrans", "affine", "rectify"),
    pure=True,
)
def matrix_from_points(
    points: Array, targets: Array, kind: Literal["similar", "affine", "perspective"] = "affine"
) -> Array:
    """Find the matrix that takes points of one picture to those of another, for `warp`.

    So two pictures are laid on one another, and a page or plate that was seen from the side is made straight.

    Parameters
    ----------
    points : Array
        Places on the picture, x and y in px from the upper left corner, shape (n, 2) or a table of two columns.
    targets : Array
        Where they are to go, x and y in px, shape (n, 2).
    kind : str
        ``"similar"`` turns, scales and shifts (two points or more), ``"affine"`` shears, too (three), and
        ``"perspective"`` is the view of a plane from elsewhere (four).

    Returns
    -------
    Array
        The matrix of (x, y, 1), in px, shape (3, 3); with more points than are needed, that of the least squares.

    Raises
    ------
    ValueError
        The points are too few, differ in number, or lie on one line.

    Notes
    -----
    Reference: R. Hartley, A. Zisserman, Multiple View Geometry, 2nd ed., 2003, section 4.1.

    Examples
    --------
    >>> image.matrix_from_points([[0, 0], [1, 0], [0, 1]], [[2, 3], [4, 3], [2, 5]]).round(6) + 0.0
    array([[2., 0., 2.],
           [0., 2., 3.],
           [0., 0., 1.]])
    """
    import numpy

    here, there = _places(points, "points"), _places(targets, "targets")
    least = {"similar": 2, "affine": 3, "perspective": 4}[kind]
    if len(here) != len(there) or len(here) < least:
        raise ValueError(f"{len(here)} points and {len(there)} targets: {least} or more of each are needed, in pairs")
    matrix = _perspective(here, there) if kind == "perspective" else _linear(here, there, kind == "similar")
    if not numpy.isfinite(matrix).all() or abs(numpy.linalg.det(matrix)) < 1e-12:
        raise ValueError("the points lie at one place or on one line: choose corners that span an area")
    return matrix


def _linear(here: Array, there: Array, similar: bool) -> Array:
    """Return the matrix of least squares; that of a similar picture has four unknowns, any other six."""
    import numpy

    (x, y), none, one = here.T, numpy.zeros(len(here)), numpy.ones(len(here))
    if similar:
        rows = numpy.concatenate([numpy.stack([x, -y, one, none], 1), numpy.stack([y, x, none, one], 1)])
        a, b, right, down = numpy.linalg.lstsq(rows, there.T.ravel(), rcond=None)[0]
        return numpy.array([[a, -b, right], [b, a, down], [0.0, 0.0, 1.0]])
    found = numpy.linalg.lstsq(numpy.stack([x, y, one], 1), there, rcond=None)[0]
    return numpy.vstack([found.T, [0.0, 0.0, 1.0]])


def _perspective(here: Array, there: Array) -> Array:
    """Return the homography by the direct linear transform, of points that are brought to one scale first."""
    import numpy

    def scaled(points: Array) -> Array:
        size = numpy.sqrt(2.0) / (numpy.linalg.norm(points - points.mean(0), axis=1).mean() or 1.0)
        right, down = -size * points.mean(0)
        return numpy.array([[size, 0.0, right], [0.0, size, down], [0.0, 0.0, 1.0]])

    first, second = scaled(here), scaled(there)
    one = numpy.ones((len(here), 1))
    from_ = numpy.hstack([here, one]) @ first.T
    u, v = (numpy.hstack([there, one]) @ second.T)[:, :2].T
    none = numpy.zeros_like(from_)
    rows = numpy.concatenate(
        [numpy.hstack([from_, none, -u[:, None] * from_]), numpy.hstack([none, from_, -v[:, None] * from_])]
    )
    _, sizes, ways = numpy.linalg.svd(rows)
    if sizes[7] < 1e-9 * sizes[0]:  # more than one matrix does it
        return numpy.zeros((3, 3))
    matrix = numpy.linalg.inv(second) @ ways[-1].reshape(3, 3) @ first
    return matrix / matrix[2, 2]


def _places(points: Any, name: str) -> Array:
    import numpy

    try:
        places = numpy.asarray(points, dtype=float)
    except (TypeError, ValueError) as error:
        raise ValueError(f"{name} cannot be read as numbers: {error}") from error
    if places.ndim != 2 or places.shape[1] != 2 or not numpy.isfinite(places).all():
        raise ValueError(f"{name} has the shape {places.shape}: give x and y of each point, shape (n, 2), all numbers")
    return places


@node(tags=("affine", "homography", "perspective", "transform", "imwarp", "straighten", "rectify"), pure=True)
def warp(picture: Picture, matrix: Array, width: Count = 0, height: Count = 0, outside: float = 0.0) -> Picture:
    """Move the points of a picture as a matrix says: turn, scale, shear, shift, or see it from elsewhere.

    Parameters
    ----------
    picture : Picture
        The picture, shape (rows, columns), or (rows, columns, 3 or 4) in color.
    matrix : Array
        Where (x, y, 1) goes, in px from the upper left corner, shape (3, 3) or (2, 3), as `affine_matrix` and
        `matrix_from_points` give.
    width, height : int
        Size of the result in px; 0 for that of the picture.
    outside : float
        The value of points that were not on the picture, in its unit: 0 is black.

    Returns
    -------
    Picture
        The moved picture, in the same kind of numbers.

    Raises
    ------
    ImportError
        The package scikit-image is missing.
    TypeError, ValueError
        It is no picture, points cannot have the value, or the matrix has another shape or no inverse.

    Examples
    --------
    >>> image.warp(np.array([[1.0, 2.0, 3.0]]), image.affine_matrix(right=1.0))
    array([[0., 1., 2.]])
    """
    import numpy

    made = taken(picture)
    way = numpy.asarray(matrix, dtype=float)
    if way.shape == (2, 3):
        way = numpy.vstack([way, [0.0, 0.0, 1.0]])
    if way.shape != (3, 3) or not numpy.isfinite(way).all():
        raise ValueError(f"the matrix has the shape {way.shape}: a warp needs numbers of shape (3, 3) or (2, 3)")
    if abs(numpy.linalg.det(way)) < 1e-12:
        raise ValueError("the matrix has no inverse: it would make the picture flat")
    outside = held(outside, made, "outside")
    size = fits(height or made.shape[0], width or made.shape[1])
    back = numpy.linalg.inv(way)
    move = package("transform").warp
    order = 0 if made.dtype.kind == "b" else 1

    def change(part: Array) -> Array:
        moved = move(real(part), back, output_shape=size, order=order, cval=outside, preserve_range=True, clip=False)
        return moved > 0.5 if made.dtype.kind == "b" else alike(moved, made)

    return each_color(made, change, opacity=True)


@node(
    title="Unwrap polar",
    tags=("polar", "ring", "annulus", "warp polar", "imaq unwrap", "dial", "radial profile"),
    pure=True,
)
def unwrap_polar(
    picture: Picture,
    x: Annotated[float | None, Unit("px")] = None,
    y: Annotated[float | None, Unit("px")] = None,
    radius: Pixels = 0.0,
    inner: Pixels = 0.0,
) -> Picture:
    """Unroll a ring: angles become rows and radii columns. The mean of the rows is the profile from the middle out.

    Parameters
    ----------
    picture : Picture
        The picture, shape (rows, columns), or (rows, columns, 3 or 4) in color.
    x, y : float, optional
        Middle of the ring, in px from the upper left corner; None for that of the picture.
    radius : float
        Outer radius in px; 0 for the nearest edge.
    inner : float
        Inner radius in px.

    Returns
    -------
    Picture
        A row for each degree, clockwise from the right as one sees it, and a column for each px from the inner to the
        outer radius, shape (360, outer - inner), in the same kind of numbers; what is not on the picture is 0.

    Raises
    ------
    TypeError, ValueError
        It is no picture, or the outer radius is not a px above the inner one.

    Examples
    --------
    >>> image.unwrap_polar(np.full((21, 21), 3.0), radius=5.0).shape
    (360, 5)
    """
    import numpy
    import scipy.ndimage

    made = taken(picture)
    rows, columns = made.shape[:2]
    across = 0.5 * (columns - 1) if x is None else x
    down = 0.5 * (rows - 1) if y is None else y
    outer = radius or min(across, columns - 1 - across, down, rows - 1 - down)
    if not (inner >= 0.0 and outer >= inner + 1.0):
        raise ValueError(f"a ring from {inner:g} px to {outer:g} px has no width: set the radius further out")
    fits(360, outer - inner)
    angle, away = numpy.radians(numpy.arange(360.0))[:, None], inner + numpy.arange(int(outer - inner))
    places = [down + numpy.sin(angle) * away, across + numpy.cos(angle) * away]

    def change(part: Array) -> Array:
        found = scipy.ndimage.map_coordinates(real(part), places, order=1, mode="constant")
        return found > 0.5 if made.dtype.kind == "b" else alike(found, made)

    return each_color(made, change, opacity=True)
