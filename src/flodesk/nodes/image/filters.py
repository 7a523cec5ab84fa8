"""Filters: smoothing, sharpening, kernels, and light that is uneven."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Literal

from flodesk.nodes.image.inputs import (
    Size,
    alike,
    at_least,
    disk,
    each_color,
    known,
    odd,
    package,
    real,
    share,
    white,
    within,
)
from flodesk.public import Array, Picture, Range, Unit, node


@node(title="Gaussian", tags=("smooth", "blur", "low pass", "noise reduction", "imgaussfilt"), pure=True)
def gaussian(picture: Picture, sigma: Annotated[float, Unit("px"), Range(0.0, 1000.0, 0.5)] = 1.0) -> Picture:
    """Smooth a picture by a bell curve: noise goes, and edges become softer.

    Parameters
    ----------
    picture : Picture
        The picture, shape (rows, columns), or (rows, columns, 3 or 4) in color.
    sigma : float
        Standard deviation of the curve, in px: a point spreads over about 4.7 times as much (2.355 at half height).

    Returns
    -------
    Picture
        The smooth picture, of the same shape and kind; of a mask the share of what is inside, as real numbers.

    Raises
    ------
    TypeError, ValueError
        It is no picture, points of it are no numbers, or sigma is below 0 or longer than it.

    Examples
    --------
    >>> image.gaussian(np.array([[0.0, 0.0, 100.0, 0.0, 0.0]]), sigma=0.5).round(1)
    array([[ 0. , 10.6, 78.7, 10.6,  0. ]])
    """
    import scipy.ndimage

    made = known(picture)
    within(sigma, made, "sigma")
    return each_color(made, lambda part: alike(scipy.ndimage.gaussian_filter(real(part), sigma, mode="nearest"), made))


@node(title="Median", tags=("smooth", "despike", "salt and pepper", "hot pixels", "rank filter", "medfilt2"), pure=True)
def median(picture: Picture, size: Size = 3) -> Picture:
    """Replace each point by the median of those around it: dead and hot pixels go, edges stay sharp.

    Parameters
    ----------
    picture : Picture
        The picture, or a mask, shape (rows, columns), or (rows, columns, 3 or 4) in color.
    size : int
        Side of the square that is looked at, in px, odd: spots of less than half of it go.

    Returns
    -------
    Picture
        The medians, of the same shape and kind.

    Raises
    ------
    TypeError, ValueError
        It is no picture, points of it are no numbers, or the size is even or larger than it.

    Notes
    -----
    Reference: T. S. Huang, G. J. Yang, G. Y. Tang, A fast two-dimensional median filtering algorithm, IEEE Trans.
    Acoust. Speech Signal Process. 27 (1979) 13.

    Examples
    --------
    >>> image.median(np.array([[1, 1, 9, 1, 1]]))
    array([[1, 1, 1, 1, 1]])
    """
    import scipy.ndimage

    made = known(picture)
    within(odd(size), made, "size")

    def change(part: Array) -> Array:
        whole = part.astype("uint8") if part.dtype.kind == "b" else part
        return scipy.ndimage.median_filter(whole, size=size, mode="nearest").astype(made.dtype)

    return each_color(made, change)


@node(title="Bilateral", tags=("smooth", "edge preserving", "denoise", "imbilatfilt", "surface blur"), pure=True)
def bilateral(
    picture: Picture,
    sigma: Annotated[float, Unit("px"), Range(0.1, 100.0, 0.5)] = 2.0,
    difference: Annotated[float, Unit("%"), Range(0.1, 100.0)] = 10.0,
) -> Picture:
    """Smooth a picture within its parts and not over their edges: only points of like brightness are averaged.

    Parameters
    ----------
    picture : Picture
        The picture, shape (rows, columns), or (rows, columns, 3 or 4) in color.
    sigma : float
        How far points are averaged, as a standard deviation in px.
    difference : float
        How much they may differ, as a standard deviation in % of white: edges higher than some of it stay.

    Returns
    -------
    Picture
        The smooth picture, of the same shape and kind.

    Raises
    ------
    ImportError
        The package scikit-image is missing.
    TypeError, ValueError
        It is no picture, points of it are no numbers, or a width is not above 0 or longer than it.

    Notes
    -----
    Reference: C. Tomasi, R. Manduchi, Bilateral filtering for gray and color images, Proc. ICCV (1998) 839.

    Examples
    --------
    >>> image.bilateral(np.array([[0.0, 0.0, 0.0, 1.0, 1.0, 1.0]])).round(3)
    array([[0., 0., 0., 1., 1., 1.]])
    """
    made = known(picture)
    within(sigma, made, "sigma")
    for value, name, unit in ((sigma, "sigma", " px"), (difference, "difference", " %")):
        at_least(value, 0.1, name, unit)
    clean = package("restoration").denoise_bilateral

    def change(part: Array, axis: int | None) -> Array:
        # of three colors it takes the distance for the third of what it is
        width = difference / 100.0 / (1.0 if axis is None else 3.0**0.5)
        return clean(part, sigma_color=width, sigma_spatial=sigma, mode="edge", channel_axis=axis)

    return together(made, change)


def together(made: Array, change: Callable[[Array, int | None], Array]) -> Array:
    """Change a picture whose white is 1, all colors at once, by what is told which axis they are along, if any."""
    import numpy

    full = white(made) or 1.0
    if made.ndim == 2:
        return alike(change(share(made), None).reshape(made.shape) * full, made)  # one row comes back without its axis
    colors = alike(change(share(made)[..., :3], -1).reshape(*made.shape[:2], 3) * full, made)
    return numpy.concatenate([colors, made[..., 3:]], axis=-1)


@node(tags=("unsharp mask", "edge enhancement", "high boost", "imsharpen", "focus"), pure=True)
def sharpen(
    picture: Picture,
    sigma: Annotated[float, Unit("px"), Range(0.1, 1000.0, 0.5)] = 1.0,
    amount: Annotated[float, Range(0.0, 20.0, 0.1)] = 1.0,
) -> Picture:
    """Make edges steeper, by adding what a smooth picture lacks (unsharp mask); noise becomes stronger, too.

    Parameters
    ----------
    picture : Picture
        The picture, shape (rows, columns), or (rows, columns, 3 or 4) in color.
    sigma : float
        Standard deviation of the smoothing, in px: as wide as the edges are.
    amount : float
        How much of the difference is added (dimensionless).

    Returns
    -------
    Picture
        ``picture + amount * (picture - smooth)``, of the same shape and kind; from 0 to white.

    Raises
    ------
    TypeError, ValueError
        It is no picture, points of it are no numbers, or sigma or the amount is below its least.

    Examples
    --------
    >>> image.sharpen(np.array([[10, 10, 20, 20]], dtype=np.uint8), sigma=0.5)
    array([[10,  9, 21, 20]], dtype=uint8)
    """
    import numpy
    import scipy.ndimage

    made = known(picture)
    within(sigma, made, "sigma")
    at_least(amount, 0.0, "amount", "")
    low, high = min(0.0, float(made.min())), white(made)

    def change(part: Array) -> Array:
        plain = real(part)
        extra = plain - scipy.ndimage.gaussian_filter(plain, sigma, mode="nearest")
        return alike(numpy.clip(plain + amount * extra, low, high), made)

    return each_color(made, change)


@node(
    title="Convolve", tags=("kernel", "filter2", "imfilter", "custom filter", "conv2", "emboss", "laplace"), pure=True
)
def convolve(picture: Picture, kernel: Array) -> Picture:
    """Weigh the points around each by a kernel of your own, and add them up.

    Parameters
    ----------
    picture : Picture
        The picture, shape (rows, columns), or (rows, columns, 3 or 4) in color: each color by itself.
    kernel : Array
        The weights (dimensionless), shape (m, n), no larger than the picture: a mean has the sum 1, a derivative 0.

    Returns
    -------
    Picture
        The sums as real numbers, in the unit of the picture, of the same shape; beyond its edges the picture goes on as
        they are.

    Raises
    ------
    TypeError, ValueError
        It is no picture, points of it are no numbers, or the kernel is no such array.

    Examples
    --------
    >>> image.convolve([[1, 2, 4, 8]], [[1, 0, -1]])
    array([[1., 3., 6., 4.]])
    """
    import scipy.ndimage

    made, weights = known(picture), known(kernel, "kernel")
    if weights.ndim != 2 or weights.shape[0] > made.shape[0] + 1 or weights.shape[1] > made.shape[1] + 1:
        raise ValueError(f"the kernel has the shape {weights.shape}: give one of (m, n), no larger than the picture")
    return each_color(real(made), lambda part: scipy.ndimage.convolve(part, real(weights), mode="nearest"))


@node(
    title="Subtract background",
    tags=("rolling ball", "top hat", "uneven illumination", "shading", "flat field", "baseline"),
    pure=True,
)
def subtract_background(
    picture: Picture,
    radius: Annotated[float, Unit("px"), Range(1.0, 1000.0)] = 50.0,
    how: Literal["rolling ball", "top hat"] = "rolling ball",
    dark: bool = False,
) -> Picture:
    """Take uneven light off a picture, and leave what is smaller than a ball that rolls under it.

    Parameters
    ----------
    picture : Picture
        The picture, shape (rows, columns), or (rows, columns, 3 or 4) in color.
    radius : float
        Radius in px, larger than that of the largest object; light that changes over shorter ways stays.
    how : str
        ``"rolling ball"`` follows slopes; ``"top hat"`` (white, by an opening with a disk) takes off flat pieces, for
        small objects. From a radius of 30 px on the ball, and of 15 px the disk, rolls under every fourth point.
    dark : bool
        The objects are darker than their ground.

    Returns
    -------
    Picture
        The picture on a ground of about 0, or of white for dark objects, of the same shape and kind.

    Raises
    ------
    ImportError
        The package scikit-image is missing.
    TypeError, ValueError
        It is no picture, points of it are no numbers, or the radius is below 1 px or longer than it.

    Notes
    -----
    Reference: S. R. Sternberg, Biomedical image processing, Computer 16 (1983) 22. The ball is as high as wide where
    white is 255.

    Examples
    --------
    >>> slope = np.tile(np.linspace(60.0, 120.0, 100), (100, 1))
    >>> float(image.subtract_background(slope, radius=10.0)[10:-10, 10:-10].max()) < 0.5
    True
    """
    import numpy

    made = known(picture)
    at_least(radius, 1.0, "radius")
    within(radius, made, "radius")
    full = white(made) or 1.0

    def change(part: Array) -> Array:
        plain = (full - real(part) if dark else real(part)) * (255.0 / full)
        lifted = (plain - _ground(plain, radius, how)) * (full / 255.0)
        return alike(full - lifted if dark else lifted, made) if made.dtype.kind != "b" else numpy.rint(lifted) > 0

    return each_color(made, change)


def _ground(plain: Array, radius: float, how: str) -> Array:
    """Return the ground under a picture whose white is 255; of a large radius from the least of each 4 × 4 points."""
    import numpy
    import scipy.ndimage

    step = 4 if radius >= (30.0 if how == "rolling ball" else 15.0) else 1
    lows = plain
    if step > 1:
        down, across = (-side % step for side in plain.shape)
        tiles = numpy.pad(plain, ((0, down), (0, across)), mode="edge")
        lows = tiles.reshape(tiles.shape[0] // step, step, tiles.shape[1] // step, step).min((1, 3))
    if how == "top hat":
        ground = scipy.ndimage.grey_opening(lows, footprint=disk(radius / step), mode="nearest")
    else:
        mending = package("restoration")
        wide = 2.0 * radius / step
        ball = mending.ellipsoid_kernel((wide, wide), radius)
        # that says where the ball's top is when it touches, and once more, from above, what it covers then
        ground = -mending.rolling_ball(-mending.rolling_ball(lows, kernel=ball), kernel=ball)
    if step == 1:
        return ground
    # the tiles' middles lie half a tile in, and the ground of the outer ones goes on to the edge
    rows, columns = ((numpy.arange(side) - 0.5 * (step - 1)) / step for side in plain.shape)
    places = numpy.meshgrid(rows, columns, indexing="ij")
    return numpy.minimum(plain, scipy.ndimage.map_coordinates(ground, places, order=1, mode="nearest"))
