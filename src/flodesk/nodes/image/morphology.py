"""Shapes: objects and pictures that shrink, grow, lose holes or become lines."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Annotated, Any, Literal

from flodesk.nodes.image.inputs import (
    at_least,
    compact,
    disk,
    each_color,
    is_mask,
    known,
    labels,
    mask,
    package,
    picture,
    pieces,
    within,
)
from flodesk.public import Array, Picture, Range, Unit, node

Radius = Annotated[float, Unit("px"), Range(0.0, 1000.0, 0.5)]
Shape = Literal["disk", "square"]
Area = Annotated[int, Unit("px²"), Range(0)]


def _least(made: Array, radius: float, shape: str) -> Array:
    """Return the least value around each point; what is not on the picture does not count."""
    import scipy.ndimage

    if made.dtype.kind == "b" and shape == "disk":
        # as long as it is far from what is outside, whatever the radius
        return made.copy() if made.all() else scipy.ndimage.distance_transform_edt(made) > radius
    return _filtered(scipy.ndimage.minimum_filter, made, radius, shape, made.max())


def _most(made: Array, radius: float, shape: str) -> Array:
    """Return the greatest value around each point; what is not on the picture does not count."""
    import scipy.ndimage

    if made.dtype.kind == "b" and shape == "disk":
        return ~_least(~made, radius, shape)
    return _filtered(scipy.ndimage.maximum_filter, made, radius, shape, made.min())


def _filtered(change: Any, made: Array, radius: float, shape: str, beyond: Any) -> Array:
    plain = made.astype("uint8") if made.dtype.kind == "b" else made
    area = {"size": 2 * int(radius) + 1} if shape == "square" else {"footprint": disk(radius)}
    return change(plain, mode="constant", cval=beyond, **area).astype(made.dtype)


def _shaped(picture: Any, radius: float, shape: str, *steps: Any) -> Array:
    made = known(picture)
    within(radius, made, "radius")
    for step in steps:
        made = each_color(made, partial(step, radius=radius, shape=shape))
    return made


@node(tags=("shrink", "minimum filter", "morphology", "imerode", "dark", "separate"), pure=True)
def erode(picture: Picture, radius: Radius = 1.0, shape: Shape = "disk") -> Picture:
    """Shrink the objects of a mask, or the bright parts of a picture: thin bridges and small spots go.

    Parameters
    ----------
    picture : Picture
        The mask, or picture, shape (rows, columns), or (rows, columns, 3 or 4) in color.
    radius : float
        By how much, in px; 1.5 is a square of 3 × 3 points.
    shape : str
        What goes along the edge: a disk, or a square whose side is twice the radius and a px.

    Returns
    -------
    Picture
        The least value around each point, of the same shape and kind.

    Raises
    ------
    TypeError, ValueError
        It is no picture, points of it are no numbers, or the radius is below 0 or longer than it.

    Notes
    -----
    Reference: J. Serra, Image Analysis and Mathematical Morphology, 1982, chapter 2.

    Examples
    --------
    >>> image.erode(np.array([[0, 5, 6, 7, 8]]))
    array([[0, 0, 5, 6, 7]])
    """
    return _shaped(picture, radius, shape, _least)


@node(tags=("grow", "maximum filter", "morphology", "imdilate", "bright", "thicken", "join"), pure=True)
def dilate(picture: Picture, radius: Radius = 1.0, shape: Shape = "disk") -> Picture:
    """Let the objects of a mask grow, or the bright parts of a picture: gaps and small holes close.

    Parameters
    ----------
    picture : Picture
        The mask, or picture, shape (rows, columns), or (rows, columns, 3 or 4) in color.
    radius : float
        By how much, in px; 1.5 is a square of 3 × 3 points.
    shape : str
        What goes along the edge: a disk, or a square whose side is twice the radius and a px.

    Returns
    -------
    Picture
        The greatest value around each point, of the same shape and kind.

    Raises
    ------
    TypeError, ValueError
        It is no picture, points of it are no numbers, or the radius is below 0 or longer than it.

    Notes
    -----
    Reference: J. Serra, Image Analysis and Mathematical Morphology, 1982, chapter 2.

    Examples
    --------
    >>> image.dilate(np.array([[False, False, True, False, False]])).tolist()
    [[False, True, True, True, False]]
    """
    return _shaped(picture, radius, shape, _most)


@node(tags=("open", "imopen", "morphology", "remove spots", "smooth outline", "separate"), pure=True)
def opening(picture: Picture, radius: Radius = 1.0, shape: Shape = "disk") -> Picture:
    """Shrink objects and let them grow again: what is thinner than twice the radius goes, all else keeps its size.

    Parameters
    ----------
    picture : Picture
        The mask, or picture, shape (rows, columns), or (rows, columns, 3 or 4) in color.
    radius : float
        By how much, in px; 1.5 is a square of 3 × 3 points.
    shape : str
        What goes along the edge: a disk, or a square whose side is twice the radius and a px.

    Returns
    -------
    Picture
        The opened picture, of the same shape and kind.

    Raises
    ------
    TypeError, ValueError
        It is no picture, points of it are no numbers, or the radius is below 0 or longer than it.

    Examples
    --------
    >>> image.opening(np.array([[0, 9, 0, 0, 5, 6, 5, 0]]))
    array([[0, 0, 0, 0, 5, 5, 5, 0]])
    """
    return _shaped(picture, radius, shape, _least, _most)


@node(tags=("close", "imclose", "morphology", "join", "fill gaps", "smooth outline"), pure=True)
def closing(picture: Picture, radius: Radius = 1.0, shape: Shape = "disk") -> Picture:
    """Let objects grow and shrink them again: gaps and holes narrower than twice the radius close.

    Parameters
    ----------
    picture : Picture
        The mask, or picture, shape (rows, columns), or (rows, columns, 3 or 4) in color.
    radius : float
        By how much, in px; 1.5 is a square of 3 × 3 points.
    shape : str
        What goes along the edge: a disk, or a square whose side is twice the radius and a px.

    Returns
    -------
    Picture
        The closed picture, of the same shape and kind.

    Raises
    ------
    TypeError, ValueError
        It is no picture, points of it are no numbers, or the radius is below 0 or longer than it.

    Examples
    --------
    >>> image.closing(np.array([[0, 0, 0, 7, 2, 7, 0, 0, 0]]))
    array([[0, 0, 0, 7, 7, 7, 0, 0, 0]])
    """
    return _shaped(picture, radius, shape, _most, _least)


@node(tags=("imfill", "holes", "solid", "morphology"), pure=True)
def fill_holes(mask: Picture, largest: Area = 0) -> Picture:
    """Fill the holes of the objects of a mask.

    Parameters
    ----------
    mask : Picture
        True on the objects, shape (rows, columns).
    largest : int
        Holes of so many points are filled yet, in px²; 0 fills all.

    Returns
    -------
    Picture
        The mask without holes, shape (rows, columns); what is open to the edge of the picture is no hole.

    Raises
    ------
    TypeError, ValueError
        It is no mask, or the area is below 0.

    Examples
    --------
    >>> image.fill_holes(np.array([[1, 1, 1], [1, 0, 1], [1, 1, 1]])).tolist()[1]
    [True, True, True]
    """
    import numpy
    import scipy.ndimage

    inside = _mask(mask)
    at_least(largest, 0, "largest", " px²")
    filled = scipy.ndimage.binary_fill_holes(inside)
    if not largest:
        return filled
    holes, _ = pieces(filled & ~inside, corners=False)
    small = numpy.bincount(holes.ravel()) <= largest
    small[0] = False
    return inside | small[holes]


_mask = mask
"""What the nodes here call a parameter of theirs."""


def kept(objects: Any, chosen: Callable[[Array, int], Array]) -> Array:
    """Return the objects of a mask, or of labels, that are chosen, as such.

    `chosen` is given the number of its object, from 1, at each point, and how many numbers there are with the 0 of the
    ground; it returns a truth value for each of these.
    """
    import numpy

    found = labels(objects, "objects")
    names, at = compact(found)
    stay = numpy.array(chosen(at, len(names)), dtype=bool)
    stay[0] = False
    inside = stay[at]
    return inside if is_mask(picture(objects)) else numpy.where(inside, found, 0)


@node(tags=("bwareaopen", "small objects", "specks", "particle filter", "size filter"), pure=True)
def remove_small(objects: Picture, smallest: Area = 100) -> Picture:
    """Leave out small objects, specks of noise for example.

    Parameters
    ----------
    objects : Picture
        A mask, or labels, shape (rows, columns).
    smallest : int
        Objects of so many points stay, in px².

    Returns
    -------
    Picture
        The mask, or the labels, without the smaller ones, shape (rows, columns).

    Raises
    ------
    TypeError, ValueError
        It is no mask and no labels, or the area is below 0.

    Examples
    --------
    >>> image.remove_small(np.array([[True, True, False, True]]), smallest=2).tolist()
    [[True, True, False, False]]
    """
    import numpy

    at_least(smallest, 0, "smallest", " px²")
    return kept(objects, lambda at, number: numpy.bincount(at.ravel(), minlength=number) >= smallest)


@node(tags=("edge objects", "imclearborder", "reject border", "touching the border"), pure=True)
def clear_border(objects: Picture, margin: Annotated[int, Unit("px"), Range(0)] = 0) -> Picture:
    """Leave out objects that touch the edge of the picture, of which nobody knows how large they are.

    Parameters
    ----------
    objects : Picture
        A mask, or labels, shape (rows, columns).
    margin : int
        Those that come as near to the edge go, too, in px.

    Returns
    -------
    Picture
        The mask, or the labels, without them, shape (rows, columns).

    Raises
    ------
    TypeError, ValueError
        It is no mask and no labels, or the margin is below 0.

    Examples
    --------
    >>> image.clear_border(np.array([[0, 0, 0, 0], [1, 0, 2, 0], [0, 0, 0, 0]])).tolist()[1]
    [0, 0, 2, 0]
    """
    import numpy

    at_least(margin, 0, "margin")

    def chosen(at: Array, number: int) -> Array:
        down, across = (max(side - margin - 1, 0) for side in at.shape)
        border = numpy.ones(at.shape, bool)
        border[margin + 1 : down, margin + 1 : across] = False
        return ~numpy.isin(numpy.arange(number), at[border])

    return kept(objects, chosen)


@node(tags=("thin", "bwskel", "medial axis", "center line", "skeletonize"), pure=True)
def skeleton(mask: Picture) -> Picture:
    """Thin the objects of a mask down to lines of one px along their middle.

    Parameters
    ----------
    mask : Picture
        True on the objects, shape (rows, columns).

    Returns
    -------
    Picture
        True on the lines, shape (rows, columns); objects hang together as before.

    Raises
    ------
    ImportError
        The package scikit-image is missing.
    TypeError, ValueError
        It is no mask.

    Notes
    -----
    Reference: T. Y. Zhang, C. Y. Suen, A fast parallel algorithm for thinning digital patterns, Commun. ACM 27 (1984)
    236.

    Examples
    --------
    >>> bar = np.zeros((5, 9), dtype=bool)
    >>> bar[1:4, 1:8] = True
    >>> np.flatnonzero(image.skeleton(bar)[:, 4])
    array([2])
    """
    return package("morphology").skeletonize(_mask(mask))


@node(title="Distance map", tags=("distance transform", "danielsson", "bwdist", "edt", "thickness"), pure=True)
def distance_map(mask: Picture) -> Picture:
    """Find how far each point of the objects is from the ground.

    Parameters
    ----------
    mask : Picture
        True on the objects, shape (rows, columns).

    Returns
    -------
    Picture
        Distance to the nearest point outside, in px, shape (rows, columns); 0 outside. Infinite if all is inside.

    Raises
    ------
    TypeError, ValueError
        It is no mask.

    Examples
    --------
    >>> image.distance_map(np.array([[False, True, True, True]]))
    array([[0., 1., 2., 3.]])
    """
    import numpy
    import scipy.ndimage

    inside = _mask(mask)
    if inside.all():
        return numpy.full(inside.shape, numpy.inf)
    return scipy.ndimage.distance_transform_edt(inside)
