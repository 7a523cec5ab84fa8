"""Objects: told apart, counted and measured."""

from __future__ import annotations

from typing import Annotated, Any, Literal, NamedTuple

from flodesk.nodes.image.inputs import at_least, compact, gray, labels, mask, package, pieces, real, same_size
from flodesk.nodes.image.morphology import Area, kept
from flodesk.public import Array, Picture, Range, Table, Unit, node

_mask, _labels = mask, labels
"""What the nodes here call parameters of theirs."""


class Labels(NamedTuple):
    """Objects with a number each.

    Attributes
    ----------
    labels : Picture
        Number of the object at each point, from 1; 0 on the ground. Shape (rows, columns).
    number : int
        Number of objects.
    """

    labels: Picture
    number: int


@node(tags=("connected components", "bwlabel", "particles", "blobs", "number objects", "segment"), pure=True)
def label(mask: Picture, corners: bool = True) -> Labels:
    """Give a number to each object of a mask: to points that hang together.

    Parameters
    ----------
    mask : Picture
        True on the objects, shape (rows, columns).
    corners : bool
        Points that touch at a corner alone hang together, too.

    Returns
    -------
    labels : Picture
        Number of the object at each point, from 1 at the upper left; 0 on the ground. Shape (rows, columns).
    number : int
        Number of objects.

    Raises
    ------
    TypeError, ValueError
        It is no mask.

    Examples
    --------
    >>> found = image.label(np.array([[1, 0, 1], [1, 0, 0]]))
    >>> found.labels.tolist(), found.number
    ([[1, 0, 2], [1, 0, 0]], 2)
    """
    return Labels(*pieces(_mask(mask), corners))


@node(tags=("separate", "touching objects", "split", "segment", "grains", "cells"), pure=True)
def watershed(mask: Picture, distance: Annotated[int, Unit("px"), Range(1)] = 10) -> Labels:
    """Separate objects that touch: each is divided where it is narrow, between its thickest places.

    Parameters
    ----------
    mask : Picture
        True on the objects, shape (rows, columns).
    distance : int
        The least distance of two middles, in px: about the radius of an object. Smaller ones divide more.

    Returns
    -------
    labels : Picture
        Number of the object at each point, from 1; 0 on the ground. Shape (rows, columns).
    number : int
        Number of objects.

    Raises
    ------
    ImportError
        The package scikit-image is missing.
    TypeError, ValueError
        It is no mask, or the distance is below 1.

    Notes
    -----
    A watershed of the distance to the ground. Reference: L. Vincent, P. Soille, Watersheds in digital spaces, IEEE
    Trans. Pattern Anal. Mach. Intell. 13 (1991) 583.

    Examples
    --------
    >>> down, across = np.mgrid[:40, :70]
    >>> two = np.hypot(down - 20, across - 20) < 15
    >>> two |= np.hypot(down - 20, across - 46) < 15
    >>> image.label(two).number, image.watershed(two).number
    (1, 2)
    """
    import numpy
    import scipy.ndimage

    inside = _mask(mask)
    at_least(distance, 1, "distance")
    whole, number = pieces(inside)
    if not number:
        return Labels(whole, 0)
    if inside.all():
        return Labels(whole, 1)
    depth = scipy.ndimage.distance_transform_edt(inside)
    tops = package("feature").peak_local_max(depth, min_distance=distance, labels=inside, exclude_border=False)
    # a small object beside the top of a large one has none of its own: its deepest point is one
    without = numpy.setdiff1d(numpy.arange(1, number + 1), whole[tuple(tops.T)])
    more = scipy.ndimage.maximum_position(depth, whole, without) if without.size else []
    tops = numpy.concatenate([tops, numpy.array(more, dtype=int).reshape(-1, 2)])
    markers = numpy.zeros(inside.shape, numpy.int32)
    order = numpy.lexsort((tops[:, 1], tops[:, 0]))
    markers[tuple(tops[order].T)] = numpy.arange(1, len(tops) + 1)
    around = numpy.ones((3, 3))
    found = package("segmentation").watershed(-depth, markers, mask=inside, connectivity=around)
    return Labels(found.astype(numpy.int32), len(tops))


@node(title="Count objects", tags=("particles", "cells", "coins", "count", "number", "colonies"), pure=True)
def count_objects(objects: Picture, smallest: Area = 1) -> int:
    """Count the objects of a mask, or of labels.

    Parameters
    ----------
    objects : Picture
        A mask, whose points that hang together count as one, or labels, shape (rows, columns).
    smallest : int
        Objects of so many points count, in px²: smaller ones are noise.

    Returns
    -------
    int
        Number of objects.

    Raises
    ------
    TypeError, ValueError
        It is no mask and no labels, or the area is below 0.

    Examples
    --------
    >>> image.count_objects(np.array([[True, True, False, True]]), smallest=2)
    1
    """
    import numpy

    at_least(smallest, 0, "smallest", " px²")
    counts = numpy.bincount(compact(_labels(objects, "objects"))[1].ravel())
    return int((counts[1:] >= max(smallest, 1)).sum())


@node(
    title="Measure objects",
    tags=("regionprops", "particle analysis", "area", "centroid", "shape", "blob analysis"),
    pure=True,
)
def regions(labels: Picture, picture: Picture | None = None) -> Table:
    """Measure each object: place, size, shape, and how bright it is.

    Parameters
    ----------
    labels : Picture
        Labels, as `label` and `watershed` give them, or a mask, whose points that hang together are an object. Shape
        (rows, columns).
    picture : Picture, optional
        The picture that they are of, for how bright they are; one in color is made gray.

    Returns
    -------
    Table
        A row for each object: ``label``; its middle ``x``, ``y`` in px; ``area`` in px²; ``perimeter`` in px;
        ``diameter`` in px, of a disk of that area; ``roundness``, 1 for a disk; ``left``, ``top``, ``width`` and
        ``height`` in px; ``long_axis`` and ``short_axis`` of an ellipse like it in px, ``angle`` of the long one in °,
        counterclockwise from the right. With a picture also ``mean``, ``deviation``, ``minimum`` and ``maximum`` in its
        unit.

    Raises
    ------
    TypeError, ValueError
        They are no labels, it is no picture, or they differ in size.

    Notes
    -----
    The perimeter is that of Cauchy and Crofton by lines in four directions: that of a disk is true to 1 %, that of an
    upright square 5 % too short. Reference: S. R. Lehmann, D. Legland, Efficient N-dimensional surface estimation using
    Crofton formula and run-length encoding, Insight J., 2012.

    Examples
    --------
    >>> image.regions(np.array([[1, 1, 0], [1, 1, 0], [0, 0, 2]]))[["label", "x", "y", "area", "width"]]
       label    x    y  area  width
    0      1  0.5  0.5     4      2
    1      2  2.0  2.0     1      1
    """
    import numpy
    import pandas

    names, at = compact(_labels(labels))
    columns = _shapes(at, len(names))
    if picture is not None:
        made = gray(picture)
        same_size(at, made, ("labels", "picture"))
        columns |= _brightness(at, real(made), len(names))
    return pandas.DataFrame({"label": names[1:].astype(numpy.int64), **columns})


def _shapes(at: Array, number: int) -> dict[str, Array]:
    """Return what can be said of objects by their points alone; a column for each, without the ground."""
    import numpy
    import scipy.ndimage

    rows, columns = numpy.nonzero(at)
    own = at[rows, columns]

    def total(weights: Any = None) -> Array:
        return numpy.bincount(own, weights, number)[1:]

    area = total()
    with numpy.errstate(all="ignore"):  # of no objects at all
        x, y = total(columns) / area, total(rows) / area
        right, down = columns - x[own - 1], rows - y[own - 1]
        # a point is a square and no dot: 1/12 is the variance of its side
        across, along = total(right**2) / area + 1 / 12, total(down**2) / area + 1 / 12
        both = -total(right * down) / area  # with y upwards
    middle, apart = 0.5 * (across + along), numpy.hypot(0.5 * (across - along), both)
    boxes = scipy.ndimage.find_objects(at, number - 1)
    box = numpy.array([(b[1].start, b[0].start, b[1].stop, b[0].stop) for b in boxes], dtype=int).reshape(-1, 4)
    perimeter = _perimeters(at, number)
    return {
        "x": x, "y": y, "area": area, "perimeter": perimeter, "diameter": numpy.sqrt(4.0 * area / numpy.pi),
        "roundness": numpy.minimum(4.0 * numpy.pi * area / perimeter**2, 1.0),
        "left": box[:, 0], "top": box[:, 1], "width": box[:, 2] - box[:, 0], "height": box[:, 3] - box[:, 1],
        "long_axis": 4.0 * numpy.sqrt(middle + apart),
        "short_axis": 4.0 * numpy.sqrt(numpy.maximum(middle - apart, 0.0)),
        "angle": numpy.degrees(0.5 * numpy.arctan2(2.0 * both, across - along)) + 0.0,
    }  # fmt: skip


def _perimeters(at: Array, number: int) -> Array:
    """Return the length of the outline of each object, by how often lines in four directions go in or out."""
    import numpy

    framed = numpy.pad(at, 1)
    crossed = numpy.zeros(number)
    ways = (
        (framed[:, :-1], framed[:, 1:], 1.0),
        (framed[:-1], framed[1:], 1.0),
        (framed[:-1, :-1], framed[1:, 1:], 0.5**0.5),
        (framed[:-1, 1:], framed[1:, :-1], 0.5**0.5),
    )
    for one, other, apart in ways:
        differ = one != other
        crossed += apart * numpy.bincount(one[differ], minlength=number)
        crossed += apart * numpy.bincount(other[differ], minlength=number)
    return numpy.pi / 8.0 * crossed[1:]


def _brightness(at: Array, made: Array, number: int) -> dict[str, Array]:
    import numpy
    import scipy.ndimage

    every = numpy.arange(1, number)
    measures = scipy.ndimage
    return {
        "mean": measures.mean(made, at, every), "deviation": measures.standard_deviation(made, at, every),
        "minimum": measures.minimum(made, at, every), "maximum": measures.maximum(made, at, every),
    } if number > 1 else dict.fromkeys(("mean", "deviation", "minimum", "maximum"), numpy.empty(0))  # fmt: skip


@node(
    title="Select objects", tags=("particle filter", "bwpropfilt", "filter by area", "sort out", "roundness"), pure=True
)
def select_objects(
    objects: Picture,
    by: Literal[
        "area", "perimeter", "diameter", "roundness", "width", "height", "long_axis", "short_axis", "angle", "x", "y"
    ] = "area",
    minimum: float | None = None,
    maximum: float | None = None,
) -> Picture:
    """Keep the objects whose size, shape or place is between two limits.

    Parameters
    ----------
    objects : Picture
        A mask, or labels, shape (rows, columns).
    by : str
        What counts, as `regions` measures it: lengths and places in px, the area in px², the angle in °.
    minimum, maximum : float, optional
        The limits, both included, in its unit; None leaves a side open.

    Returns
    -------
    Picture
        The mask, or the labels, with those alone, shape (rows, columns).

    Raises
    ------
    TypeError, ValueError
        It is no mask and no labels.

    Examples
    --------
    >>> objects = np.array([[1, 1, 1, 0, 2]])
    >>> image.select_objects(objects, "width", maximum=2)
    array([[0, 0, 0, 0, 2]])
    """
    import numpy

    low, high = (-numpy.inf if minimum is None else minimum), (numpy.inf if maximum is None else maximum)

    def chosen(at: Array, number: int) -> Array:
        values = _shapes(at, number)[by]
        return numpy.append(False, (values >= low) & (values <= high))

    return kept(objects, chosen)
