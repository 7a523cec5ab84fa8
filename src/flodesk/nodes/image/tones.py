"""Brightness and contrast: changes of each point by its own value."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from flodesk.nodes.image.inputs import alike, each_color, held, known, package, real, same_size, white
from flodesk.nodes.image.inputs import mask as inside
from flodesk.nodes.image.inputs import picture as taken
from flodesk.public import Array, Picture, Range, Unit, node


def _by_value(made: Array, change: Any) -> Array:
    """Change the brightness, from 0 to 1, of a picture in gray, or the value (of HSV) of one in color."""
    import numpy

    full = white(made)
    if made.ndim == 2:
        return alike(change(real(made) / full) * full, made)
    kinds = package("color")
    parts = kinds.rgb2hsv(real(made[..., :3]) / full)
    parts[..., 2] = change(parts[..., 2])
    changed = alike(kinds.hsv2rgb(parts) * full, made)
    return numpy.concatenate([changed, made[..., 3:]], axis=-1)


@node(tags=("negative", "complement", "reverse", "dark and bright", "not"), pure=True)
def invert(picture: Picture) -> Picture:
    """Turn dark to bright and bright to dark: dark objects on a bright ground become bright ones.

    Parameters
    ----------
    picture : Picture
        The picture, or a mask, shape (rows, columns), or (rows, columns, 3 or 4) in color.

    Returns
    -------
    Picture
        White less each point, of the same shape and kind; of a mask what was outside. White is 255 of 8 bits, 65535 of
        16, and of other numbers the first of 1, 255 and 65535 that fits them.

    Raises
    ------
    TypeError, ValueError
        It is no picture.

    Examples
    --------
    >>> image.invert(np.array([[0, 55, 255]], dtype=np.uint8))
    array([[255, 200,   0]], dtype=uint8)
    """
    made = taken(picture)
    if made.dtype.kind == "b":
        return ~made
    full = white(made)
    return each_color(made, lambda part: alike(full - part.astype(float), made))


@node(title="Brightness and contrast", tags=("gain", "offset", "lut", "exposure", "bcg"), pure=True)
def brightness_contrast(
    picture: Picture,
    brightness: Annotated[float, Unit("%"), Range(-100.0, 100.0)] = 0.0,
    contrast: Annotated[float, Range(0.0, 10.0, 0.1)] = 1.0,
) -> Picture:
    """Make a picture brighter or darker, and its contrast stronger or weaker.

    Parameters
    ----------
    picture : Picture
        The picture, shape (rows, columns), or (rows, columns, 3 or 4) in color.
    brightness : float
        How much brighter each point becomes, in % of white.
    contrast : float
        Factor (dimensionless) by which points go away from the middle gray: 1 leaves them, 0 makes all gray.

    Returns
    -------
    Picture
        The picture, of the same shape and kind; what would be darker than 0 or brighter than white stays there.

    Raises
    ------
    TypeError, ValueError
        It is no picture, or the contrast is below 0.

    Examples
    --------
    >>> image.brightness_contrast(np.array([[100, 150]], dtype=np.uint8), contrast=2.0)
    array([[ 72, 172]], dtype=uint8)
    """
    import numpy

    if not contrast >= 0.0:
        raise ValueError(f"the contrast is {contrast:g}: it must be 0 or more; Invert turns dark to bright")
    made = taken(picture)
    full = white(made)
    middle = 0.5 * full

    def change(part: Array) -> Array:
        moved = (real(part) - middle) * contrast + middle + brightness / 100.0 * full
        return alike(numpy.clip(moved, 0.0, full), made)

    return each_color(made, change)


@node(tags=("power law", "gamma correction", "lut", "bcg", "exposure"), pure=True)
def gamma(picture: Picture, gamma: Annotated[float, Range(0.01, 10.0, 0.1)] = 1.0) -> Picture:
    """Lift or lower the middle tones of a picture; black and white stay.

    Parameters
    ----------
    picture : Picture
        The picture, shape (rows, columns), or (rows, columns, 3 or 4) in color; what is below 0 counts as 0.
    gamma : float
        Exponent (dimensionless): below 1 the middle becomes brighter, above 1 darker.

    Returns
    -------
    Picture
        ``white * (point / white) ** gamma``, of the same shape and kind.

    Raises
    ------
    TypeError, ValueError
        It is no picture, or gamma is not above 0.

    Examples
    --------
    >>> image.gamma(np.array([[0.0, 0.25, 1.0]]), gamma=0.5)
    array([[0. , 0.5, 1. ]])
    """
    import numpy

    if not gamma > 0.0:
        raise ValueError(f"gamma is {gamma:g}: it must be above 0")
    made = taken(picture)
    full = white(made) or 1.0
    return each_color(made, lambda part: alike(full * (numpy.clip(real(part), 0.0, None) / full) ** gamma, made))


@node(
    title="Equalise",
    tags=("equalize", "histogram equalization", "clahe", "adapthisteq", "contrast", "uneven light"),
    pure=True,
)
def equalise(
    picture: Picture,
    how: Literal["global", "adaptive"] = "global",
    limit: Annotated[float, Range(0.001, 1.0, 0.01)] = 0.01,
) -> Picture:
    """Spread the brightness evenly over all tones, so that what differs little is told apart.

    Parameters
    ----------
    picture : Picture
        The picture, shape (rows, columns), or (rows, columns, 3 or 4) in color: there the hues stay.
    how : str
        ``"global"`` by one curve for all points, ``"adaptive"`` by one for each of 8 × 8 tiles (CLAHE), for uneven
        light.
    limit : float
        Of ``"adaptive"``: share of a tile's points in one of 256 tones (dimensionless) from which contrast, and with it
        noise, is not raised further; 1 has no limit.

    Returns
    -------
    Picture
        The picture, of the same shape and kind, from black to white.

    Raises
    ------
    ImportError
        The package scikit-image is missing.
    TypeError, ValueError
        It is no picture, or points of it are no numbers.

    Notes
    -----
    Reference: K. Zuiderveld, Contrast limited adaptive histogram equalization, Graphics Gems IV, 1994, 474.

    Examples
    --------
    >>> image.equalise(np.array([[0.50, 0.51], [0.52, 0.53]]))
    array([[0.25, 0.5 ],
           [0.75, 1.  ]])
    """
    made = known(picture)
    kinds = package("exposure")
    if how == "adaptive":
        return _by_value(made, lambda part: kinds.equalize_adapthist(part.clip(0.0, 1.0), clip_limit=limit))
    return _by_value(made, _spread)


def _spread(part: Array) -> Array:
    """Return the share of points that are not brighter than each."""
    import numpy

    _, at, count = numpy.unique(part, return_inverse=True, return_counts=True)
    return (numpy.cumsum(count) / part.size)[at].reshape(part.shape)


@node(
    title="Normalise",
    tags=("normalize", "stretch", "contrast stretching", "autocontrast", "rescale intensity", "imadjust"),
    pure=True,
)
def normalise(
    picture: Picture,
    darkest: Annotated[float, Unit("%"), Range(0.0, 100.0)] = 0.0,
    brightest: Annotated[float, Unit("%"), Range(0.0, 100.0)] = 0.0,
) -> Picture:
    """Stretch the contrast of a picture from black to white.

    Parameters
    ----------
    picture : Picture
        The picture, shape (rows, columns), or (rows, columns, 3 or 4) in color: all colors are stretched alike. NaN
        stays and is left out of the count.
    darkest, brightest : float
        Points that may become all black, and all white, in % of all: 1 keeps single dead or hot pixels from setting the
        scale.

    Returns
    -------
    Picture
        The picture, of the same shape: of whole numbers in the same kind, up to its white; else real numbers from 0 to
        1. One that is all the same becomes black.

    Raises
    ------
    TypeError, ValueError
        It is no picture, or no points would be left between.

    Examples
    --------
    >>> image.normalise(np.array([[100, 150, 200]], dtype=np.uint8))
    array([[  0, 128, 255]], dtype=uint8)
    """
    import numpy

    if not (darkest >= 0.0 and brightest >= 0.0 and darkest + brightest < 100.0):
        raise ValueError(f"{darkest:g} % black and {brightest:g} % white leave nothing between: choose less than 100 %")
    made = taken(picture)
    colors = made if made.ndim == 2 else made[..., :3]
    known = colors[numpy.isfinite(colors)] if made.dtype.kind == "f" else colors
    if not known.size:
        raise ValueError("no point of the picture is a number: there is nothing to normalise")
    low, high = numpy.percentile(known.astype(float), [darkest, 100.0 - brightest])
    full = white(made) if made.dtype.kind in "iu" else 1.0
    span = (high - low) or 1.0
    return each_color(made, lambda part: alike(numpy.clip((real(part) - low) / span, 0.0, 1.0) * full, made))


@node(title="Mask", tags=("apply mask", "region of interest", "roi", "cut out", "stencil", "imaq mask"), pure=True)
def apply_mask(picture: Picture, mask: Picture, outside: float = 0.0) -> Picture:
    """Keep what is inside a mask, and give all else one value.

    Parameters
    ----------
    picture : Picture
        The picture, shape (rows, columns), or (rows, columns, 3 or 4) in color.
    mask : Picture
        True or not 0 where the picture stays, shape (rows, columns).
    outside : float
        The value of the points outside, in the unit of the picture: 0 is black. NaN leaves them out of what measures,
        and needs a picture of real numbers.

    Returns
    -------
    Picture
        The picture, of the same shape and kind.

    Raises
    ------
    TypeError, ValueError
        One is no picture, they differ in size, the mask has shades, or the picture cannot hold the value.

    Examples
    --------
    >>> image.apply_mask(np.array([[5, 6, 7]]), np.array([[True, False, True]]))
    array([[5, 0, 7]])
    """
    made, kept = taken(picture), inside(mask)
    same_size(made, kept, ("picture", "mask"))
    changed = made.copy()
    changed[~kept, ...] = held(outside, made, "outside")
    return changed
