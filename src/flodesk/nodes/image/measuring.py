"""Numbers out of a picture: its tones, what lies along a line, and lines of one level."""

from __future__ import annotations

from typing import Annotated, NamedTuple

from flodesk.nodes.image.inputs import Size, at_least, finite, gray, package, real, within
from flodesk.public import Array, Picture, Range, Table, Unit, node

Place = Annotated[float, Unit("px")]


class Tones(NamedTuple):
    """How often each tone comes.

    Attributes
    ----------
    level : Array
        Middle of each class, in the unit of the picture, shape (bins,).
    count : Array
        Number of points in it, shape (bins,).
    """

    level: Array
    count: Array


@node(title="Histogram", tags=("tones", "brightness", "distribution", "imhist", "exposure", "histograph"), pure=True)
def histogram(
    picture: Picture,
    bins: Annotated[int, Range(2, 65536)] = 256,
    minimum: float | None = None,
    maximum: float | None = None,
) -> Tones:
    """Count how often each tone comes in a picture; wire `level` and `count` to a bar chart or a plot.

    Parameters
    ----------
    picture : Picture
        The picture, shape (rows, columns); one in color is made gray, NaN is left out.
    bins : int
        Number of classes.
    minimum, maximum : float, optional
        Where the first and the last class begin and end, in the unit of the picture; None for 0 and 255 of 8 bits,
        and else for the least and the greatest point. What is beyond is not counted.

    Returns
    -------
    level : Array
        Middle of each class, in the unit of the picture, shape (bins,).
    count : Array
        Number of points in it, shape (bins,).

    Raises
    ------
    TypeError, ValueError
        It is no picture, or the maximum is below the minimum.

    Examples
    --------
    >>> found = image.histogram(np.array([[0, 7, 7]], dtype=np.uint8))
    >>> found.level[7], found.count[7]
    (7.0, 2)
    """
    import numpy

    made = gray(picture)
    at_least(bins, 2, "bins", "")
    if made.dtype.kind == "b":
        made = made.astype(int)
    known = made[numpy.isfinite(made)] if made.dtype.kind == "f" else made.ravel()
    whole = made.dtype.kind in "biu"
    ends = (0.0, 255.0 if made.dtype == numpy.uint8 else 1.0)
    if made.dtype != numpy.uint8 and known.size:
        ends = (float(known.min()), float(known.max()))
    low, high = ends[0] if minimum is None else minimum, ends[1] if maximum is None else maximum
    if not low <= high:
        raise ValueError(f"the maximum {high:g} is below the minimum {low:g}: exchange them")
    half = 0.5 if whole or low == high else 0.0  # a whole number lies in the middle of its class
    count, at = numpy.histogram(known, bins, (low - half, high + half))
    return Tones(0.5 * (at[1:] + at[:-1]), count)


class Profile(NamedTuple):
    """What lies along a line.

    Attributes
    ----------
    distance : Array
        Distance from its beginning, in px, shape (n,).
    value : Array
        The picture there, in its unit, shape (n,).
    """

    distance: Annotated[Array, Unit("px")]
    value: Array


@node(tags=("improfile", "line scan", "cross section", "intensity", "cut", "imaq line profile"), pure=True)
def line_profile(
    picture: Picture, x1: Place = 0.0, y1: Place = 0.0, x2: Place = 100.0, y2: Place = 0.0, width: Size = 1
) -> Profile:
    """Read a picture along a line.

    Parameters
    ----------
    picture : Picture
        The picture, shape (rows, columns); one in color is made gray.
    x1, y1 : float
        Where the line begins, in px from the upper left corner.
    x2, y2 : float
        Where it ends, in px.
    width : int
        Over how many px across the line is averaged: more have less noise.

    Returns
    -------
    distance : Array
        Distance from the beginning, in px, shape (n,): about a px from one to the next.
    value : Array
        The picture there, between four points each, in its unit, shape (n,).

    Raises
    ------
    TypeError, ValueError
        It is no picture, an end is not on it, or the width is below 1 or longer than it.

    Examples
    --------
    >>> found = image.line_profile([[0, 1, 2], [3, 4, 5], [6, 7, 8]], x1=1, y1=0, x2=1, y2=2)
    >>> found.distance, found.value
    (array([0., 1., 2.]), array([1., 4., 7.]))
    """
    import math

    import numpy
    import scipy.ndimage

    made = real(gray(picture))
    rows, columns = made.shape
    for x, y in ((x1, y1), (x2, y2)):
        if not (0.0 <= x <= columns - 1 and 0.0 <= y <= rows - 1):
            raise ValueError(f"{x:g}, {y:g} px is not on a picture of {columns} × {rows} points: move that end")
    at_least(width, 1, "width")
    within(width, made, "width")
    length = math.hypot(x2 - x1, y2 - y1)
    along = numpy.linspace(0.0, 1.0, math.ceil(length) + 1)
    across = numpy.arange(width) - 0.5 * (width - 1)
    right, down = ((x2 - x1) / length, (y2 - y1) / length) if length else (1.0, 0.0)
    places = [
        (y1 + along * (y2 - y1))[:, None] + right * across,
        (x1 + along * (x2 - x1))[:, None] - down * across,
    ]
    value = scipy.ndimage.map_coordinates(made, places, order=1, mode="nearest").mean(axis=1)
    return Profile(along * length, value)


@node(tags=("outline", "isoline", "boundary", "level set", "contour", "edge", "bwboundaries"), pure=True)
def contours(picture: Picture, level: float | None = None, shortest: Annotated[int, Unit("px"), Range(0)] = 0) -> Table:
    """Find the lines along which a picture, or the edge of a mask, has one level, finer than a px.

    Parameters
    ----------
    picture : Picture
        The picture, or mask, shape (rows, columns); one in color is made gray.
    level : float, optional
        The level, in the unit of the picture; None for midway between the least and the greatest point.
    shortest : int
        Lines shorter than this are left out, in px.

    Returns
    -------
    Table
        A row for each corner of a line: ``contour`` (number of the line, from 1, the longest first), ``x`` and ``y`` in
        px. A line that is closed ends where it begins.

    Raises
    ------
    ImportError
        The package scikit-image is missing.
    TypeError, ValueError
        It is no picture, points of it are no numbers, it has fewer than two rows or columns, or `shortest` is below 0.

    Notes
    -----
    Reference: W. E. Lorensen, H. E. Cline, Marching cubes, Comput. Graph. 21 (1987) 163, in two dimensions.

    Examples
    --------
    >>> image.contours([[0.0, 0.0], [1.0, 1.0]], level=0.25)
       contour    x     y
    0        1  0.0  0.25
    1        1  1.0  0.25
    """
    import numpy
    import pandas

    made = real(finite(picture))
    if min(made.shape) < 2:
        raise ValueError(f"the picture has the shape {made.shape}: a line needs two rows and two columns or more")
    at_least(shortest, 0, "shortest")
    at = 0.5 * (float(made.min()) + float(made.max())) if level is None else level
    lines = package("measure").find_contours(made, at)
    sized = [(float(numpy.linalg.norm(numpy.diff(line, axis=0), axis=1).sum()), line) for line in lines]
    chosen = [line for length, line in sorted(sized, key=lambda one: -one[0]) if length >= shortest]
    points = numpy.concatenate(chosen) if chosen else numpy.empty((0, 2))
    names = numpy.repeat(numpy.arange(1, len(chosen) + 1), [len(line) for line in chosen])
    return pandas.DataFrame({"contour": names, "x": points[:, 1], "y": points[:, 0]})
