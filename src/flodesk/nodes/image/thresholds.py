"""Thresholds: which points of a picture are objects, and which the ground."""

from __future__ import annotations

from typing import Annotated, Any, Literal, NamedTuple

from flodesk.nodes.image.inputs import Size, finite, odd, package, real, white, within
from flodesk.public import Array, Picture, Range, node

_WAYS = Literal["Otsu", "Li", "Yen", "triangle", "isodata", "minimum", "mean"]


class Threshold(NamedTuple):
    """What is above a level.

    Attributes
    ----------
    mask : Picture
        True on the objects, shape (rows, columns).
    level : float
        The level, in the unit of the picture.
    """

    mask: Picture
    level: float


@node(
    tags=("binarize", "binarise", "segment", "otsu", "level", "black and white", "imbinarize", "auto threshold"),
    pure=True,
)
def threshold(picture: Picture, how: _WAYS = "Otsu", level: float | None = None, dark: bool = False) -> Threshold:
    """Tell objects from their ground by how bright they are, at one level that is found or given.

    Parameters
    ----------
    picture : Picture
        The picture, shape (rows, columns); one in color is made gray.
    how : str
        How the level is found: ``"Otsu"`` (two groups, each as even as can be), ``"Li"`` (least cross entropy, for
        small objects), ``"Yen"``, ``"triangle"`` (one great peak of ground), ``"isodata"`` (midway of both means),
        ``"minimum"`` (the valley between two peaks), ``"mean"``.
    level : float, optional
        The level, in the unit of the picture; None for one that is found.
    dark : bool
        The objects are darker than their ground.

    Returns
    -------
    mask : Picture
        True where the picture is above the level (for dark objects: at it or below), shape (rows, columns). Where the
        light is uneven, use `threshold_local` or `subtract_background` first.
    level : float
        The level, in the unit of the picture.

    Raises
    ------
    ImportError
        The package scikit-image is missing.
    TypeError, ValueError
        It is no picture, points of it are no numbers, or its brightness has not the two peaks of ``"minimum"``.

    Notes
    -----
    Reference: M. Sezgin, B. Sankur, Survey over image thresholding techniques, J. Electron. Imaging 13 (2004) 146.

    Examples
    --------
    >>> found = image.threshold(np.array([[10, 11, 90], [12, 91, 92]], dtype=np.uint8))
    >>> found.mask.tolist(), found.level
    ([[False, False, True], [False, True, True]], 12.0)
    """
    made = finite(picture)
    at = _level(made, how) if level is None else float(level)
    return Threshold(made <= at if dark else made > at, at)


def _level(made: Array, how: str) -> float:
    import numpy

    low, high = float(made.min()), float(made.max())
    if low == high:
        return low
    step = _step(made)
    # each tone has a place of its own in the histogram, where there are not too many for that
    plain, least = (numpy.rint((made - low) / step).astype(numpy.uint16), low) if step else (real(made), 0.0)
    try:
        return least + (step or 1.0) * float(getattr(package("filters"), f"threshold_{how.lower()}")(plain))
    except RuntimeError as error:
        raise ValueError(
            "the brightness of the picture has not two peaks with a valley between: find the level in another way"
        ) from error


def _step(made: Array) -> float:
    """Return the distance of two tones of a picture that has less than 65536 of them, evenly spaced; 0 of any other."""
    import numpy

    if made.dtype.kind != "f":
        return 1.0 if float(made.max()) - float(made.min()) < 65536.0 else 0.0
    if len(numpy.unique(made.ravel()[:: made.size // 10000 + 1])) > 3000:  # as good as every point has its own
        return 0.0
    tones = numpy.unique(made).astype(float)
    step = float(numpy.diff(tones).min())
    places = (tones - tones[0]) / step
    even = places[-1] < 65536.0 and numpy.abs(places - numpy.rint(places)).max() < 0.01
    return step if even else 0.0


class LocalThreshold(NamedTuple):
    """What is above a level that goes along with the light.

    Attributes
    ----------
    mask : Picture
        True on the objects, shape (rows, columns).
    level : Picture
        The level at each point, in the unit of the picture, shape (rows, columns).
    """

    mask: Picture
    level: Picture


@node(
    title="Local threshold",
    tags=("adaptive", "sauvola", "niblack", "uneven light", "document", "adaptthresh"),
    pure=True,
)
def threshold_local(
    picture: Picture,
    size: Size = 51,
    how: Literal["Gaussian", "mean", "median", "Sauvola", "Niblack"] = "Gaussian",
    offset: float = 0.0,
    dark: bool = False,
) -> LocalThreshold:
    """Tell objects from their ground in uneven light: each point is compared with those around it.

    Parameters
    ----------
    picture : Picture
        The picture, shape (rows, columns); one in color is made gray.
    size : int
        Side of what is looked at around each point, in px, odd: larger than the objects.
    how : str
        What the level is: the mean, weighted by a ``"Gaussian"`` or not, the ``"median"``, or the mean less what the
        deviation says (``"Sauvola"`` for dark writing on paper, ``"Niblack"``).
    offset : float
        How far above the level around it an object is, in the unit of the picture: it keeps noise of an even ground
        out. For dark objects, how far below.
    dark : bool
        The objects are darker than their ground.

    Returns
    -------
    mask : Picture
        True on the objects, shape (rows, columns).
    level : Picture
        The level at each point with the offset, in the unit of the picture, shape (rows, columns).

    Raises
    ------
    ImportError
        The package scikit-image is missing.
    TypeError, ValueError
        It is no picture, points of it are no numbers, or the size is even or larger than it.

    Notes
    -----
    Reference: J. Sauvola, M. Pietikäinen, Adaptive document image binarization, Pattern Recognit. 33 (2000) 225.

    Examples
    --------
    >>> light = np.arange(0.0, 90.0, 10.0)[None, :] + np.where(np.arange(9) == 4, 15.0, 0.0)
    >>> image.threshold_local(light, size=3, how="median", offset=4.0).mask.tolist()
    [[False, False, False, False, True, False, False, False, False]]
    """
    made = finite(picture)
    within(odd(size), made, "size")
    ways = package("filters")
    plain = real(made)
    if how == "Sauvola":
        level = ways.threshold_sauvola(plain, window_size=size, r=0.5 * white(made))
    elif how == "Niblack":
        level = ways.threshold_niblack(plain, window_size=size)
    else:
        level = ways.threshold_local(plain, size, method=how.lower(), mode="nearest")
    level = level - offset if dark else level + offset
    return LocalThreshold(plain <= level if dark else plain > level, level)


class Levels(NamedTuple):
    """A picture in several classes of brightness.

    Attributes
    ----------
    labels : Picture
        Number of the class of each point, from 0 for the darkest, shape (rows, columns).
    levels : Array
        The levels between, rising, in the unit of the picture, shape (classes - 1,).
    """

    labels: Picture
    levels: Array


@node(title="Several thresholds", tags=("multi otsu", "multilevel", "classes", "posterize", "multithresh"), pure=True)
def threshold_levels(picture: Picture, classes: Annotated[int, Range(2, 5)] = 3) -> Levels:
    """Put the points of a picture in several classes of brightness, each as even as can be.

    Parameters
    ----------
    picture : Picture
        The picture, shape (rows, columns); one in color is made gray.
    classes : int
        Number of classes, from 2 to 5.

    Returns
    -------
    labels : Picture
        Number of the class of each point, from 0 for the darkest, shape (rows, columns).
    levels : Array
        The levels between, rising, in the unit of the picture, shape (classes - 1,).

    Raises
    ------
    ImportError
        The package scikit-image is missing.
    TypeError, ValueError
        It is no picture, points of it are no numbers, or it has fewer tones than classes.

    Notes
    -----
    Reference: P. S. Liao, T. S. Chen, P. C. Chung, A fast algorithm for multilevel thresholding, J. Inf. Sci. Eng. 17
    (2001) 713.

    Examples
    --------
    >>> image.threshold_levels(np.array([[0, 1, 50, 51, 99, 100]], dtype=np.uint8)).labels.tolist()
    [[0, 0, 1, 1, 2, 2]]
    """
    import numpy

    if not 2 <= classes <= 5:
        raise ValueError(f"{classes} classes: choose 2 to 5 of them")
    made = finite(picture)
    plain: Any = made if made.dtype == numpy.uint8 else real(made)
    tones = len(numpy.unique(plain))
    if tones < classes:
        raise ValueError(f"the picture has {tones} tones: they cannot be put in {classes} classes")
    levels = numpy.asarray(package("filters").threshold_multiotsu(plain, classes=classes), dtype=float)
    return Levels(numpy.digitize(plain, levels, right=True).astype(numpy.int32), levels)
