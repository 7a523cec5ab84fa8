"""Size and place: parts, borders, turns and other changes of where points are."""

from __future__ import annotations

from functools import partial
from typing import Annotated, Any, Literal

from flodesk.nodes.image.inputs import Count, Size, alike, at_least, each_color, fits, held, package, real
from flodesk.nodes.image.inputs import picture as taken
from flodesk.public import Array, Picture, Range, Unit, node

_BORDERS: dict[str, Any] = {"edge": "edge", "mirror": "symmetric", "around": "wrap"}
Degrees = Annotated[float, Unit("°"), Range(-360.0, 360.0)]


def _sized(made: Array, rows: float, columns: float, smooth: bool) -> Array:
    """Return a picture of another size; where it shrinks, what is finer than its new points is smoothed away first."""
    size = fits(rows, columns)
    even = smooth and made.dtype.kind != "b"
    change = partial(
        package("transform").resize,
        output_shape=size,
        order=int(even),
        anti_aliasing=even,
        preserve_range=True,
        clip=False,
    )
    if even:
        return each_color(made, lambda part: alike(change(real(part)), made), opacity=True)
    return each_color(made, lambda part: change(part).astype(made.dtype), opacity=True)


@node(tags=("scale", "size", "resample", "thumbnail", "imresize", "width", "height"), pure=True)
def resize(picture: Picture, width: Size = 640, height: Size = 480, smooth: bool = True) -> Picture:
    """Give a picture another width and height.

    Parameters
    ----------
    picture : Picture
        The picture, shape (rows, columns), or (rows, columns, 3 or 4) in color.
    width, height : int
        Its new size in px.
    smooth : bool
        Go evenly from one point to the next; off takes the nearest point, as labels need. A mask is never smoothed.

    Returns
    -------
    Picture
        The picture in its new size, in the same kind of numbers.

    Raises
    ------
    ImportError
        The package scikit-image is missing.
    TypeError, ValueError
        It is no picture, or the new size is none, or too large.

    Examples
    --------
    >>> image.resize(np.full((4, 6), 7, dtype=np.uint8), width=3, height=2)
    array([[7, 7, 7],
           [7, 7, 7]], dtype=uint8)
    """
    return _sized(taken(picture), height, width, smooth)


@node(tags=("scale", "size", "zoom", "shrink", "enlarge", "resample", "binning"), pure=True)
def rescale(picture: Picture, factor: Annotated[float, Range(0.001, 100.0)] = 0.5, smooth: bool = True) -> Picture:
    """Make a picture larger or smaller by a factor.

    Parameters
    ----------
    picture : Picture
        The picture, shape (rows, columns), or (rows, columns, 3 or 4) in color.
    factor : float
        Times its width and height (dimensionless): 0.5 leaves a quarter of the points.
    smooth : bool
        Go evenly from one point to the next; off takes the nearest point, as labels need. A mask is never smoothed.

    Returns
    -------
    Picture
        The picture in its new size, in the same kind of numbers.

    Raises
    ------
    ImportError
        The package scikit-image is missing.
    TypeError, ValueError
        It is no picture, or the new size is none, or too large.

    Examples
    --------
    >>> image.rescale(source.picture("coins"), 0.1).shape
    (30, 38)
    """
    made = taken(picture)
    if not factor > 0.0:
        raise ValueError(f"the factor is {factor:g}: it must be above 0")
    return _sized(made, made.shape[0] * factor, made.shape[1] * factor, smooth)


@node(tags=("cut", "region of interest", "roi", "extract", "part", "window", "imcrop"), pure=True)
def crop(picture: Picture, left: Count = 0, top: Count = 0, width: Count = 0, height: Count = 0) -> Picture:
    """Take a part of a picture.

    Parameters
    ----------
    picture : Picture
        The picture, shape (rows, columns), or (rows, columns, 3 or 4) in color.
    left, top : int
        Where the part begins, in px from the upper left corner.
    width, height : int
        Its size in px; 0 for all that follows, and no more than that is taken.

    Returns
    -------
    Picture
        The part, in the same kind of numbers.

    Raises
    ------
    TypeError, ValueError
        It is no picture, or the part begins outside of it.

    Examples
    --------
    >>> image.crop(np.arange(12).reshape(3, 4), left=1, top=1, width=2)
    array([[ 5,  6],
           [ 9, 10]])
    """
    made = taken(picture)
    rows, columns = made.shape[:2]
    for value, name in ((left, "left"), (top, "top"), (width, "width"), (height, "height")):
        at_least(value, 0, name)
    if left >= columns or top >= rows:
        raise ValueError(f"a part from {left}, {top} px on is outside of a picture of {columns} × {rows} points")
    return made[top : top + height if height else None, left : left + width if width else None]


@node(tags=("turn", "angle", "straighten", "imrotate"), pure=True)
def rotate(picture: Picture, angle: Degrees = 90.0, expand: bool = True, outside: float = 0.0) -> Picture:
    """Turn a picture about its middle.

    Parameters
    ----------
    picture : Picture
        The picture, shape (rows, columns), or (rows, columns, 3 or 4) in color.
    angle : float
        Angle in °, counterclockwise. Whole quarters move the points and change none.
    expand : bool
        Make the picture so large that its corners are on it; off keeps its size. Whole quarters that expand have
        exactly the size of the turned picture.
    outside : float
        The value of points that were not on the picture, in its unit: 0 is black.

    Returns
    -------
    Picture
        The turned picture, in the same kind of numbers.

    Raises
    ------
    TypeError, ValueError
        It is no picture, the angle is no number, or points cannot have the value.

    Examples
    --------
    >>> image.rotate(np.array([[1, 2, 3]]), 90.0)
    array([[3],
           [2],
           [1]])
    """
    import math

    import numpy
    import scipy.ndimage

    made = taken(picture)
    if not math.isfinite(angle):
        raise ValueError(f"the angle is {angle:g}: it must be a number of degrees")
    outside = held(outside, made, "outside")
    square = made.shape[0] == made.shape[1]
    if angle % 90.0 == 0.0 and (expand or square or angle % 180.0 == 0.0):
        return numpy.rot90(made, round(angle / 90.0) % 4)
    order = 0 if made.dtype.kind == "b" else 1

    def turn(part: Array) -> Array:
        turned = scipy.ndimage.rotate(real(part), angle, reshape=expand, order=order, cval=outside)
        return turned > 0.5 if made.dtype.kind == "b" else alike(turned, made)

    return each_color(made, turn, opacity=True)


@node(tags=("mirror", "reflect", "transpose", "symmetry", "fliplr", "flipud", "imaq symmetry"), pure=True)
def flip(
    picture: Picture, how: Literal["left to right", "top to bottom", "rows to columns"] = "left to right"
) -> Picture:
    """Mirror a picture.

    Parameters
    ----------
    picture : Picture
        The picture, shape (rows, columns), or (rows, columns, 3 or 4) in color.
    how : str
        What goes where; ``"rows to columns"`` mirrors it at the line from its upper left corner down (a transpose).

    Returns
    -------
    Picture
        The mirrored picture, in the same kind of numbers.

    Raises
    ------
    TypeError, ValueError
        It is no picture.

    Examples
    --------
    >>> image.flip(np.array([[1, 2, 3]]))
    array([[3, 2, 1]])
    """
    made = taken(picture)
    if how == "rows to columns":
        return made.swapaxes(0, 1)
    return made[:, ::-1] if how == "left to right" else made[::-1]


@node(tags=("border", "frame", "extend", "margin", "padarray", "expand"), pure=True)
def pad(
    picture: Picture,
    left: Count = 0,
    right: Count = 0,
    top: Count = 0,
    bottom: Count = 0,
    how: Literal["one value", "edge", "mirror", "around"] = "one value",
    value: float = 0.0,
) -> Picture:
    """Put a border around a picture.

    Parameters
    ----------
    picture : Picture
        The picture, shape (rows, columns), or (rows, columns, 3 or 4) in color.
    left, right, top, bottom : int
        Width of the border at each side, in px.
    how : str
        What stands there: ``"one value"``, the point at the ``"edge"``, the picture in the ``"mirror"``, or the
        picture again (``"around"``).
    value : float
        Of ``"one value"``: which, in the unit of the picture; 0 is black.

    Returns
    -------
    Picture
        The larger picture, in the same kind of numbers.

    Raises
    ------
    TypeError, ValueError
        It is no picture, a width is below 0, points cannot have the value, or it would become too large.

    Examples
    --------
    >>> image.pad(np.array([[5, 6]]), left=1, bottom=1, value=9)
    array([[9, 5, 6],
           [9, 9, 9]])
    """
    import numpy

    made = taken(picture)
    for width, name in ((left, "left"), (right, "right"), (top, "top"), (bottom, "bottom")):
        at_least(width, 0, name)
    fits(made.shape[0] + top + bottom, made.shape[1] + left + right)
    sides = [(top, bottom), (left, right), (0, 0)][: made.ndim]
    if how == "one value":
        return numpy.pad(made, sides, constant_values=held(value, made, "value"))
    return numpy.pad(made, sides, mode=_BORDERS[how])
