"""Comparison: how much one picture is like another."""

from __future__ import annotations

from typing import Annotated, NamedTuple

from flodesk.nodes.image.inputs import finite, package, real, same_size, white
from flodesk.public import Picture, Unit, node


class Likeness(NamedTuple):
    """How much two pictures are alike.

    Attributes
    ----------
    psnr : float
        Ratio of white to the error, in dB.
    ssim : float
        Structural similarity, 1 for the same picture (dimensionless).
    mse : float
        Mean of the squared error, in the square of the unit of the pictures.
    """

    psnr: Annotated[float, Unit("dB")]
    ssim: float
    mse: float


@node(title="Compare pictures", tags=("psnr", "ssim", "mse", "quality", "similarity", "immse", "rms"), pure=True)
def compare(picture: Picture, reference: Picture) -> Likeness:
    """Measure how much a picture is like another: how good a compression, a denoising or a reconstruction is.

    Parameters
    ----------
    picture : Picture
        The picture, shape (rows, columns); one in color is made gray.
    reference : Picture
        What it should be like, of the same size and on the same scale.

    Returns
    -------
    psnr : float
        Square of white over the mean squared error, in dB; infinite for the same picture. White is that of the
        reference: 255 of 8 bits, 1 of real numbers up to 1.
    ssim : float
        Structural similarity in windows of 7 × 7 px, 1 for the same picture (dimensionless): near to what an eye sees.
    mse : float
        Mean squared error, in the square of the unit of the pictures.

    Raises
    ------
    ImportError
        The package scikit-image is missing.
    TypeError, ValueError
        One is no picture, points are no numbers, they differ in size, or have fewer than 7 rows or columns.

    Notes
    -----
    Reference: Z. Wang, A. C. Bovik, H. R. Sheikh, E. P. Simoncelli, Image quality assessment, IEEE Trans. Image
    Process. 13 (2004) 600.

    Examples
    --------
    >>> coins = source.picture("coins")
    >>> found = image.compare(image.gaussian(coins, 0.0), coins)
    >>> found.psnr, found.ssim, found.mse
    (inf, 1.0, 0.0)
    """
    import math

    first, second = finite(picture), finite(reference, "reference")
    same_size(first, second, ("picture", "reference"))
    if min(first.shape) < 7:
        raise ValueError(f"the pictures have the shape {first.shape}: 7 rows and 7 columns are needed")
    full = white(second) or 1.0
    one, other = real(first) / full, real(second) / full
    error = float(((one - other) ** 2).mean())
    psnr = -10.0 * math.log10(error) if error else math.inf
    ssim = float(package("metrics").structural_similarity(one, other, data_range=1.0))
    return Likeness(psnr, ssim, error * full * full)
