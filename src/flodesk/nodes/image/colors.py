"""Gray and color, channels, color spaces, and the kinds of numbers of a picture."""

from __future__ import annotations

from typing import Literal, NamedTuple

from flodesk.nodes.image.inputs import (
    alike,
    color,
    eight_bits,
    finite,
    gray,
    known,
    package,
    picture,
    real,
    same_size,
    white,
)
from flodesk.public import Picture, node

Space = Literal["HSV", "LAB", "YCbCr", "XYZ", "stains"]
_SPACES = {"HSV": "hsv", "LAB": "lab", "YCbCr": "ycbcr", "XYZ": "xyz", "stains": "hed"}


@node(
    title="To gray",
    tags=("grayscale", "greyscale", "rgb2gray", "luminance", "black and white", "extract color plane"),
    pure=True,
)
def to_gray(picture: Picture) -> Picture:
    """Make a color picture gray, by how bright each color looks; a gray one stays as it is.

    Parameters
    ----------
    picture : Picture
        The picture, shape (rows, columns, 3 or 4); opacity is left out.

    Returns
    -------
    Picture
        The brightness, shape (rows, columns), in the kind of numbers of the picture.

    Raises
    ------
    TypeError, ValueError
        It is no picture.

    Notes
    -----
    0.2125 red + 0.7154 green + 0.0721 blue. Reference: Recommendation ITU-R BT.709-6, 2015.

    Examples
    --------
    >>> image.to_gray(np.array([[[255, 0, 0], [255, 255, 255]]], dtype=np.uint8))
    array([[ 54, 255]], dtype=uint8)
    """
    return gray(picture)


@node(title="To color", tags=("rgb", "gray2rgb", "colour"), pure=True)
def to_color(picture: Picture) -> Picture:
    """Make a gray picture one in color, to draw on it or to put it beside others; a color one keeps its colors.

    Parameters
    ----------
    picture : Picture
        The picture, shape (rows, columns); of one in color opacity is left out.

    Returns
    -------
    Picture
        Red, green and blue, shape (rows, columns, 3): whole numbers up to 255, or real numbers up to 1, as every view
        shows them.

    Raises
    ------
    TypeError, ValueError
        It is no picture.

    Examples
    --------
    >>> image.to_color(np.array([[0.0, 0.5]])).tolist()
    [[[0.0, 0.0, 0.0], [0.5, 0.5, 0.5]]]
    """
    made = color(picture)
    return made if made.dtype.kind == "f" and white(made) == 1.0 else eight_bits(made)


@node(title="To 8 bits", tags=("uint8", "convert", "cast image", "im2uint8", "depth", "contrast"), pure=True)
def to_8_bits(picture: Picture, minimum: float | None = None, maximum: float | None = None) -> Picture:
    """Make the points whole numbers from 0 (black) to 255 (white), as files and screens have them.

    Parameters
    ----------
    picture : Picture
        The picture, of any kind of numbers.
    minimum, maximum : float, optional
        What becomes black and what white, in the unit of the points; None for 0, and for the white of its kind: 65535
        of 16 bits, 1 of real numbers up to 1.

    Returns
    -------
    Picture
        The picture in 8 bits, of the same shape; what is beyond is black or white, and NaN is black.

    Raises
    ------
    TypeError, ValueError
        It is no picture, or the maximum is not above the minimum.

    Examples
    --------
    >>> image.to_8_bits(np.array([[100.0, 150.0, 200.0]]), minimum=100.0, maximum=200.0)
    array([[  0, 128, 255]], dtype=uint8)
    """
    import numpy

    made = _picture(picture)
    if minimum is None and maximum is None:
        return eight_bits(made)
    low, high = (0.0 if minimum is None else minimum), (white(made) if maximum is None else maximum)
    if not high > low:
        raise ValueError(f"white is {high:g} and black {low:g}: set the maximum above the minimum")
    return eight_bits(numpy.clip((real(made) - low) / (high - low), 0.0, 1.0))


_picture = picture
"""What the nodes here call a parameter of theirs."""


class Channels(NamedTuple):
    """The colors of a picture.

    Attributes
    ----------
    red, green, blue : Picture
        A picture in gray for each, shape (rows, columns).
    """

    red: Picture
    green: Picture
    blue: Picture


@node(tags=("planes", "extract color planes", "rgb", "bands", "red", "green", "blue"), pure=True)
def split_channels(picture: Picture) -> Channels:
    """Take a color picture apart into red, green and blue, or one of another color space into its three parts.

    Parameters
    ----------
    picture : Picture
        The picture, shape (rows, columns, 3 or 4); opacity is left out. Of a gray one all parts are the same.

    Returns
    -------
    red, green, blue : Picture
        A picture in gray for each, shape (rows, columns), in the kind of numbers of the picture.

    Raises
    ------
    TypeError, ValueError
        It is no picture.

    Examples
    --------
    >>> image.split_channels(np.array([[[1, 2, 3]]])).green
    array([[2]])
    """
    made = color(picture)
    return Channels(made[..., 0], made[..., 1], made[..., 2])


@node(tags=("rgb", "combine", "replace color plane", "composite", "planes"), pure=True)
def merge_channels(red: Picture, green: Picture, blue: Picture) -> Picture:
    """Put three gray pictures together to one in color.

    Parameters
    ----------
    red, green, blue : Picture
        The parts, each of shape (rows, columns); of one in color the brightness is taken.

    Returns
    -------
    Picture
        The picture, shape (rows, columns, 3), in the widest kind of numbers of the parts.

    Raises
    ------
    TypeError, ValueError
        One is no picture, or they differ in size.

    Examples
    --------
    >>> image.merge_channels([[1]], [[2]], [[3]])
    array([[[1, 2, 3]]])
    """
    import numpy

    parts = [gray(part, name) for part, name in ((red, "red"), (green, "green"), (blue, "blue"))]
    for part, name in zip(parts[1:], ("green", "blue"), strict=True):
        same_size(parts[0], part, ("red", name))
    return numpy.stack(parts, axis=-1)


@node(tags=("hsv", "hue", "saturation", "lab", "ycbcr", "xyz", "rgb2hsv", "rgb2lab", "color deconvolution"), pure=True)
def to_color_space(picture: Picture, space: Space = "HSV") -> Picture:
    """Say the colors of a picture in another color space; split the channels for hue or lightness alone.

    Parameters
    ----------
    picture : Picture
        The picture in red, green and blue (sRGB), shape (rows, columns, 3 or 4).
    space : str
        ``"HSV"`` (hue, saturation, value, each up to 1), ``"LAB"`` (lightness to 100, green to red, blue to yellow;
        CIE 1976, D65), ``"YCbCr"`` (luma from 16 to 235, blue and red difference around 128), ``"XYZ"`` (CIE 1931),
        ``"stains"`` (haematoxylin, eosin and DAB of a microscope, as absorbance).

    Returns
    -------
    Picture
        The three parts as real numbers, shape (rows, columns, 3).

    Raises
    ------
    ImportError
        The package scikit-image is missing.
    TypeError, ValueError
        It is no picture, or points of it are no numbers.

    Notes
    -----
    Stains by A. C. Ruifrok, D. A. Johnston, Quantification of histochemical staining by color deconvolution, Anal.
    Quant. Cytol. Histol. 23 (2001) 291.

    Examples
    --------
    >>> image.to_color_space(np.array([[[0.0, 0.5, 0.0]]]), "HSV").round(3).tolist()
    [[[0.333, 1.0, 0.5]]]
    """
    made = color(known(picture))
    return getattr(package("color"), f"rgb2{_SPACES[space]}")(real(made) / white(made))


@node(tags=("hsv", "lab", "ycbcr", "xyz", "hsv2rgb", "lab2rgb", "rgb"), pure=True)
def from_color_space(picture: Picture, space: Space = "HSV") -> Picture:
    """Turn a picture of another color space back to red, green and blue.

    Parameters
    ----------
    picture : Picture
        The three parts as `to_color_space` gives them, shape (rows, columns, 3).
    space : str
        The space that they are of.

    Returns
    -------
    Picture
        Red, green and blue (sRGB) as real numbers from 0 to 1, shape (rows, columns, 3).

    Raises
    ------
    ImportError
        The package scikit-image is missing.
    TypeError, ValueError
        It is no picture in three parts, or points of it are no numbers.

    Examples
    --------
    >>> image.from_color_space(np.array([[[1 / 3, 1.0, 0.5]]]), "HSV").round(6).tolist()
    [[[0.0, 0.5, 0.0]]]
    """
    import numpy

    made = known(picture)
    if made.ndim == 2:
        raise ValueError(f"the picture has the shape {made.shape}: the three parts of {space} are (rows, columns, 3)")
    turned = getattr(package("color"), f"{_SPACES[space]}2rgb")(real(made[..., :3]))
    return numpy.clip(turned, 0.0, 1.0)


@node(tags=("histogram matching", "color transfer", "normalise", "exposure"), pure=True)
def match_histogram(picture: Picture, reference: Picture) -> Picture:
    """Give a picture the brightness and contrast of another: shots of one scene in other light become alike.

    Parameters
    ----------
    picture : Picture
        The picture, shape (rows, columns), or (rows, columns, 3 or 4) in color.
    reference : Picture
        The picture that it is to look like, of any size; gray for a gray one.

    Returns
    -------
    Picture
        The picture with as many points of each brightness (in color, of each color) as the reference has, in the kind
        of numbers of the reference, in gray or color as the picture is.

    Raises
    ------
    ImportError
        The package scikit-image is missing.
    TypeError, ValueError
        One is no picture, or points of it are no numbers.

    Examples
    --------
    >>> image.match_histogram(np.array([[1.0, 2.0], [3.0, 4.0]]), np.array([[10.0, 20.0], [30.0, 40.0]]))
    array([[10., 20.],
           [30., 40.]])
    """
    made = _picture(picture)
    match = package("exposure").match_histograms
    if made.ndim == 2:
        wanted = finite(reference, "reference")
        return alike(match(finite(made), wanted), wanted)
    wanted = color(reference, "reference")
    return alike(match(made[..., :3], wanted, channel_axis=-1), wanted)
