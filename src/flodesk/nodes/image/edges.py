"""Edges: how steep a picture is, and lines along its steepest places."""

from __future__ import annotations

from typing import Annotated, Literal, NamedTuple

from flodesk.nodes.image.inputs import finite, package, real, within
from flodesk.public import Picture, Range, Unit, node

_ACROSS = {"Sobel": (1.0, 2.0, 1.0), "Scharr": (3.0, 10.0, 3.0), "Prewitt": (1.0, 1.0, 1.0)}


class Slopes(NamedTuple):
    """How steep a picture is.

    Attributes
    ----------
    magnitude : Picture
        Slope at each point, in the unit of the picture for a px, shape (rows, columns).
    direction : Picture
        Where it rises, in °, counterclockwise from the right, shape (rows, columns).
    """

    magnitude: Picture
    direction: Picture


@node(tags=("gradient", "sobel", "scharr", "prewitt", "derivative", "edge detection"), pure=True)
def edges(picture: Picture, how: Literal["Sobel", "Scharr", "Prewitt"] = "Sobel") -> Slopes:
    """Find how steep a picture is at each point: edges are bright.

    Parameters
    ----------
    picture : Picture
        The picture, shape (rows, columns); one in color is made gray.
    how : str
        The weights across the slope: 1, 2, 1 of Sobel, 3, 10, 3 of Scharr (the most even in all directions), 1, 1, 1 of
        Prewitt.

    Returns
    -------
    magnitude : Picture
        Slope at each point as real numbers, in the unit of the picture for a px, shape (rows, columns).
    direction : Picture
        Where it rises, in ° from -180 to 180, counterclockwise from the right as one sees it, shape (rows, columns).

    Raises
    ------
    TypeError, ValueError
        It is no picture, or points of it are no numbers.

    Notes
    -----
    Reference: R. C. Gonzalez, R. E. Woods, Digital Image Processing, 4th ed., 2018, section 10.2.

    Examples
    --------
    >>> found = image.edges([[0, 3, 6], [0, 3, 6], [0, 3, 6]])
    >>> found.magnitude[1, 1], found.direction[1, 1]
    (3.0, 0.0)
    """
    import numpy
    import scipy.ndimage

    made = real(finite(picture))
    weights = numpy.array(_ACROSS[how]) / sum(_ACROSS[how])

    def slope(axis: int) -> Picture:
        smooth = scipy.ndimage.correlate1d(made, weights, axis=1 - axis, mode="nearest")
        return scipy.ndimage.correlate1d(smooth, [-0.5, 0.0, 0.5], axis=axis, mode="nearest")

    down, across = slope(0), slope(1)
    # + 0.0 makes a zero of -0.0, whose angle would be 180°
    return Slopes(numpy.hypot(down, across), numpy.degrees(numpy.arctan2(0.0 - down, across + 0.0)))


@node(title="Canny edges", tags=("edge detection", "outline", "thin edges", "hysteresis"), pure=True)
def canny(
    picture: Picture,
    sigma: Annotated[float, Unit("px"), Range(0.0, 100.0, 0.5)] = 1.5,
    low: Annotated[float, Unit("%"), Range(0.0, 100.0)] = 10.0,
    high: Annotated[float, Unit("%"), Range(0.0, 100.0)] = 25.0,
) -> Picture:
    """Find edges as lines of one px: steep places, and what is less steep but hangs together with them.

    Parameters
    ----------
    picture : Picture
        The picture, shape (rows, columns); one in color is made gray.
    sigma : float
        Standard deviation of the smoothing before, in px: more of it for noise.
    low : float
        How steep what hangs together with an edge must be, in % of the steepest place.
    high : float
        How steep an edge must be, in % of the steepest place.

    Returns
    -------
    Picture
        True on edges, shape (rows, columns).

    Raises
    ------
    ImportError
        The package scikit-image is missing.
    TypeError, ValueError
        It is no picture, points of it are no numbers, sigma is longer than it, or low is above high.

    Notes
    -----
    Reference: J. Canny, A computational approach to edge detection, IEEE Trans. Pattern Anal. Mach. Intell. 8 (1986)
    679.

    Examples
    --------
    >>> step = np.repeat([[0.0, 1.0]], 12, axis=0).repeat(10, axis=1)
    >>> np.flatnonzero(image.canny(step)[6]).size
    1
    """
    import numpy
    import scipy.ndimage

    made = real(finite(picture))
    within(sigma, made, "sigma")
    if not 0.0 <= low <= high <= 100.0:
        raise ValueError(f"low is {low:g} % and high {high:g} %: they must rise, between 0 % and 100 %")
    find = package("feature").canny
    smooth = scipy.ndimage.gaussian_filter(made, sigma, mode="nearest")
    steep = numpy.hypot(scipy.ndimage.sobel(smooth, 0), scipy.ndimage.sobel(smooth, 1)).max()
    if steep <= 1e-9 * max(1.0, numpy.abs(made).max()):
        return numpy.zeros(made.shape, bool)
    unit = made / steep  # so that limits are shares of the steepest place
    return find(unit, sigma, low / 100.0, high / 100.0, mode="nearest")
