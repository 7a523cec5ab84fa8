"""Features: places in a picture that can be found again, and shapes that are known beforehand."""

from __future__ import annotations

from typing import Annotated, Any, NamedTuple

from flodesk.nodes.image.edges import canny
from flodesk.nodes.image.inputs import LARGEST, at_least, finite, gray, package, picture, real, share, within
from flodesk.public import Array, Picture, Range, Table, Unit, node

_taken = picture
"""What the nodes here call a parameter of theirs."""

Length = Annotated[float, Unit("px"), Range(1.0)]
Percent = Annotated[float, Unit("%"), Range(0.0, 100.0)]


def _table(**columns: Any) -> Table:
    import pandas

    return pandas.DataFrame(columns)


def _peaks(values: Array, distance: float, least: float, number: int) -> Array:
    """Return rows and columns of the peaks above a value, the highest first; none are nearer to each other."""
    import numpy

    if not values.max() > least:
        return numpy.empty((0, 2), int)
    find = package("feature").peak_local_max
    return find(
        values, min_distance=max(int(distance), 1), threshold_abs=least, exclude_border=False,
        num_peaks=number or float("inf"),
    )  # fmt: skip


@node(tags=("interest points", "harris", "detectHarrisFeatures", "checkerboard", "key points", "tracking"), pure=True)
def corners(
    picture: Picture,
    number: Annotated[int, Range(0)] = 0,
    distance: Length = 10.0,
    least: Percent = 10.0,
    sigma: Annotated[float, Unit("px"), Range(0.1, 100.0, 0.5)] = 1.5,
) -> Table:
    """Find corners: places where a picture changes in all directions.

    Parameters
    ----------
    picture : Picture
        The picture, shape (rows, columns); one in color is made gray.
    number : int
        Number of corners at most, the strongest; 0 for all.
    distance : float
        The least distance of two corners, in px.
    least : float
        How strong a corner is at least, in % of the strongest.
    sigma : float
        Standard deviation of the surroundings that count, in px.

    Returns
    -------
    Table
        A row for each corner, the strongest first: ``x`` and ``y`` in px, ``strength`` as a share of the strongest.

    Raises
    ------
    ImportError
        The package scikit-image is missing.
    TypeError, ValueError
        It is no picture, points of it are no numbers, or a setting is below its least.

    Notes
    -----
    Reference: C. Harris, M. Stephens, A combined corner and edge detector, Proc. Alvey Vision Conf. (1988) 147.

    Examples
    --------
    >>> board = np.zeros((20, 30))
    >>> board[6:, 9:] = 1.0
    >>> image.corners(board, number=1)[["x", "y"]].values.tolist()
    [[9, 6]]
    """
    import math

    import numpy

    made = share(finite(picture))
    for value, low, name, unit in (
        (number, 0, "number", ""),
        (distance, 1, "distance", " px"),
        (least, 0, "least", " %"),
    ):
        at_least(value, low, name, unit)
    within(sigma, made, "sigma")
    # beyond its edges the picture goes on: else each of its own corners were one
    wide = math.ceil(4.0 * sigma) + 2
    strength = package("feature").corner_harris(numpy.pad(made, wide, mode="edge"), sigma=sigma)[wide:-wide, wide:-wide]
    most = float(strength.max())
    places = _peaks(strength, distance, max(least / 100.0 * most, 1e-12), number)
    found = strength[tuple(places.T)] / (most or 1.0)
    return _table(x=places[:, 1], y=places[:, 0], strength=found)


@node(tags=("spots", "dots", "stars", "cells", "laplacian of gaussian", "detect particles"), pure=True)
def blobs(
    picture: Picture,
    smallest: Length = 3.0,
    largest: Length = 20.0,
    contrast: Percent = 10.0,
    dark: bool = False,
) -> Table:
    """Find round spots of any size between two, with their radii.

    Parameters
    ----------
    picture : Picture
        The picture, shape (rows, columns); one in color is made gray.
    smallest, largest : float
        Radius of the smallest and of the largest spot, in px.
    contrast : float
        How much a spot is brighter than its ground at least, in % of white.
    dark : bool
        The spots are darker than their ground.

    Returns
    -------
    Table
        A row for each spot, the largest first: ``x``, ``y`` and ``radius`` in px.

    Raises
    ------
    ImportError
        The package scikit-image is missing.
    TypeError, ValueError
        It is no picture, points of it are no numbers, or the largest radius is below the smallest or longer than it.

    Notes
    -----
    The Laplacian of a Gaussian at ten scales and more. Reference: T. Lindeberg, Feature detection with automatic scale
    selection, Int. J. Comput. Vis. 30 (1998) 79.

    Examples
    --------
    >>> down, across = np.mgrid[:60, :60]
    >>> spot = (np.hypot(down - 25, across - 35) <= 8) * 1.0
    >>> image.blobs(spot).round().astype(int).values.tolist()
    [[35, 25, 8]]
    """
    import math

    import numpy

    made = share(finite(picture))
    at_least(smallest, 1.0, "smallest")
    within(largest, made, "largest")
    if largest < smallest:
        raise ValueError(f"largest is {largest:g} px and smallest {smallest:g} px: exchange them")
    at_least(contrast, 0.0, "contrast", " %")
    # an even disk of radius r answers most where r = sigma √2, with 2/e of its contrast
    steps = max(10, math.ceil(8.0 * math.log2(largest / smallest)) + 1)
    found = package("feature").blob_log(
        1.0 - made if dark else made, min_sigma=smallest / 2**0.5, max_sigma=largest / 2**0.5, num_sigma=steps,
        threshold=max(contrast / 100.0 * 2.0 / math.e, 1e-9), overlap=0.5, log_scale=True,
    )  # fmt: skip
    found = found[numpy.argsort(-found[:, 2], kind="stable")]
    return _table(x=found[:, 1], y=found[:, 0], radius=found[:, 2] * 2**0.5)


class Matches(NamedTuple):
    """Where a template is in a picture.

    Attributes
    ----------
    matches : Table
        A row for each place, the best first.
    scores : Picture
        How alike they are at each place, from -1 to 1.
    """

    matches: Table
    scores: Picture


@node(tags=("pattern matching", "find", "normxcorr2", "search", "locate", "normalized cross correlation"), pure=True)
def match_template(
    picture: Picture,
    template: Picture,
    least: Annotated[float, Range(0.0, 1.0, 0.05)] = 0.8,
    number: Annotated[int, Range(0)] = 0,
) -> Matches:
    """Find the places of a picture that look like a template, a part of a picture for example.

    Parameters
    ----------
    picture : Picture
        The picture, shape (rows, columns); one in color is made gray.
    template : Picture
        What is looked for, no larger than the picture and not all the same; of the same size and angle.
    least : float
        How alike they are at least (dimensionless): 1 is the same but for brightness and contrast, 0 anything.
    number : int
        Number of places at most, the best; 0 for all.

    Returns
    -------
    matches : Table
        A row for each place, the best first: its middle ``x`` and ``y``, and ``left``, ``top``, ``width`` and
        ``height`` in px, and the ``score``. Two places are half a template apart or more.
    scores : Picture
        The score of each place of the upper left corner, from -1 to 1, shape (rows less those of the template and 1,
        columns likewise).

    Raises
    ------
    ImportError
        The package scikit-image is missing.
    TypeError, ValueError
        One is no picture, points are no numbers, or the template is larger than the picture or all the same.

    Notes
    -----
    Reference: J. P. Lewis, Fast normalized cross-correlation, Vision Interface (1995) 120.

    Examples
    --------
    >>> coins = source.picture("coins")
    >>> coin = image.crop(coins, left=40, top=30, width=50, height=60)
    >>> image.match_template(coins, coin, least=0.99).matches[["left", "top"]].values.tolist()
    [[40, 30]]
    """
    import numpy

    made, part = real(finite(picture)), real(finite(template, "template"))
    if part.shape[0] > made.shape[0] or part.shape[1] > made.shape[1]:
        raise ValueError(f"the template {part.shape[::-1]} is larger than the picture {made.shape[::-1]}: crop it")
    if part.min() == part.max():
        raise ValueError("the template is all the same, and so everywhere and nowhere: choose a part with a pattern")
    at_least(number, 0, "number", "")
    middle, spread = made.mean(), float(made.max() - made.min()) or 1.0  # near to 1, where sums of squares are exact
    scores = package("feature").match_template((made - middle) / spread, (part - middle) / spread)
    scores = numpy.clip(numpy.nan_to_num(scores), -1.0, 1.0)
    places = _peaks(scores, max(part.shape) / 2, least - 1e-9, number)
    rows, columns = part.shape
    matches = _table(
        x=places[:, 1] + 0.5 * (columns - 1), y=places[:, 0] + 0.5 * (rows - 1), left=places[:, 1], top=places[:, 0],
        width=columns, height=rows, score=scores[tuple(places.T)],
    )  # fmt: skip
    return Matches(matches, scores)


def _edges(value: Any) -> Array:
    """Return edges as a mask: what is true of a mask, and Canny's of a picture."""
    made = gray(_taken(value))
    return made if made.dtype.kind == "b" else canny(made)


@node(tags=("hough", "straight edge", "houghlines", "segments", "line detection"), pure=True)
def find_lines(
    picture: Picture,
    shortest: Length = 50.0,
    gap: Annotated[float, Unit("px"), Range(0.0)] = 5.0,
    votes: Annotated[int, Unit("px"), Range(1)] = 20,
) -> Table:
    """Find straight lines: pieces of edges.

    Parameters
    ----------
    picture : Picture
        A picture, whose edges are found by `canny` with its defaults, or a mask of edges, shape (rows, columns).
    shortest : float
        Length of the shortest line, in px.
    gap : float
        Gaps that a line may have, in px.
    votes : int
        How many px of an edge lie on a line at least.

    Returns
    -------
    Table
        A row for each line, the longest first: its ends ``x1``, ``y1``, ``x2`` and ``y2`` and its ``length`` in px, and
        its ``angle`` in °, counterclockwise from the right, from -90 to 90.

    Raises
    ------
    ImportError
        The package scikit-image is missing.
    TypeError, ValueError
        It is no picture, points of it are no numbers, or a setting is below its least.

    Notes
    -----
    It draws points by chance, always the same. Reference: C. Galamhos, J. Matas, J. Kittler, Progressive probabilistic
    Hough transform for line detection, Proc. CVPR (1999) 554.

    Examples
    --------
    >>> edge = np.eye(80, dtype=bool)[::-1]
    >>> float(image.find_lines(edge).angle[0])
    45.0
    """
    import numpy

    mask = _edges(picture)
    for value, low, name in ((shortest, 1.0, "shortest"), (gap, 0.0, "gap"), (votes, 1, "votes")):
        at_least(value, low, name)
    find = package("transform").probabilistic_hough_line
    lines = find(mask, threshold=votes, line_length=int(shortest), line_gap=int(gap), rng=0) if mask.any() else []
    ends = numpy.array(lines, dtype=float).reshape(-1, 4)
    right, down = ends[:, 2] - ends[:, 0], ends[:, 3] - ends[:, 1]
    length = numpy.hypot(right, down)
    angle = numpy.degrees(numpy.arctan2(-down, right))
    angle = angle - 180.0 * numpy.round(angle / 180.0) + 0.0
    order = numpy.argsort(-length, kind="stable")
    order = order[length[order] >= shortest]
    x1, y1, x2, y2 = ends[order].T
    return _table(x1=x1, y1=y1, x2=x2, y2=y2, length=length[order], angle=angle[order])


@node(tags=("hough", "imfindcircles", "round", "holes", "balls", "circular edge", "pupil"), pure=True)
def find_circles(
    picture: Picture,
    smallest: Length = 10.0,
    largest: Length = 50.0,
    number: Annotated[int, Range(0)] = 0,
    least: Percent = 50.0,
) -> Table:
    """Find circles: rings of edges of any radius between two.

    Parameters
    ----------
    picture : Picture
        A picture, whose edges are found by `canny` with its defaults, or a mask of edges, shape (rows, columns).
    smallest, largest : float
        Radius of the smallest and of the largest circle, in px.
    number : int
        Number of circles at most, the best; 0 for all.
    least : float
        How much of a circle is there at least, in %.

    Returns
    -------
    Table
        A row for each circle, the best first: ``x``, ``y`` and ``radius`` in px, and ``score``, the share of it that is
        there. Two middles are as far apart as the smallest radius, or more.

    Raises
    ------
    ImportError
        The package scikit-image is missing.
    TypeError, ValueError
        It is no picture, points of it are no numbers, or the radii are out of order, longer than it, or too many.

    Notes
    -----
    Reference: R. O. Duda, P. E. Hart, Use of the Hough transformation to detect lines and curves in pictures, Commun.
    ACM 15 (1972) 11.

    Examples
    --------
    >>> down, across = np.mgrid[:80, :80]
    >>> ball = (np.hypot(down - 35, across - 40) <= 20) * 1.0
    >>> image.find_circles(ball, number=1)[["x", "y", "radius"]].values.tolist()
    [[40.0, 35.0, 20.0]]
    """
    import numpy

    mask = _edges(picture)
    at_least(smallest, 1.0, "smallest")
    at_least(number, 0, "number", "")
    within(largest, mask, "largest")
    if largest < smallest:
        raise ValueError(f"largest is {largest:g} px and smallest {smallest:g} px: exchange them")
    radii = numpy.arange(round(smallest), round(largest) + 1)
    if radii.size * mask.size > LARGEST:
        raise ValueError(f"{radii.size} radii in a picture of {mask.size} points: narrow the radii, or make it smaller")
    rings = package("transform").hough_circle(mask, radii)
    best = rings.max(axis=0)
    places = _peaks(best, smallest, max(least / 100.0, 1e-9), number)
    at = tuple(places.T)
    return _table(
        x=at[1].astype(float), y=at[0].astype(float), radius=radii[rings.argmax(axis=0)[at]].astype(float),
        score=numpy.minimum(best[at], 1.0),
    )  # fmt: skip
