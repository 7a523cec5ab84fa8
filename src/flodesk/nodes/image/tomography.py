"""Tomography: a slice from what is seen through it from many sides."""

from __future__ import annotations

from typing import Annotated, Literal

from flodesk.nodes.image.inputs import finite, fits, package, real
from flodesk.public import Picture, Range, node


@node(
    title="Radon transform",
    tags=("ct", "sinogram", "projections", "tomography", "x-ray", "forward projection"),
    pure=True,
)
def radon(picture: Picture, angles: Annotated[int, Range(1, 10000)] = 180) -> Picture:
    """Look through a slice from many sides, as a CT scanner does.

    Parameters
    ----------
    picture : Picture
        The slice, absorption for a px, shape (rows, columns); one in color is made gray. One that is not square is put
        in the middle of a square of zeros, and what is outside of the circle in it counts as 0.
    angles : int
        Number of angles, evenly over half a turn.

    Returns
    -------
    Picture
        The sinogram: a column for each angle and a row for each px of the detector, the sum along each ray, shape
        (side, angles).

    Raises
    ------
    ImportError
        The package scikit-image is missing.
    TypeError, ValueError
        It is no picture, points of it are no numbers, it is too small, or there is no angle.

    Notes
    -----
    Reference: A. C. Kak, M. Slaney, Principles of Computerized Tomographic Imaging, 1988, section 3.1.

    Examples
    --------
    >>> slice_ = np.zeros((21, 21))
    >>> slice_[10, 10] = 5.0
    >>> sinogram = image.radon(slice_, angles=4)
    >>> sinogram.shape, sinogram[9:12, 0].round(6) + 0.0
    ((21, 4), array([0., 5., 0.]))
    """
    import numpy

    made = real(finite(picture))
    if angles < 1:
        raise ValueError(f"the number of angles is {angles}: it must be 1 or more")
    side = max(made.shape)
    if side < 3:
        raise ValueError(f"the picture has the shape {made.shape}: a slice has 3 × 3 points or more")
    fits(side, angles)
    down, right = ((side - length) // 2 for length in made.shape)
    square = numpy.zeros((side, side))
    square[down : down + made.shape[0], right : right + made.shape[1]] = made
    middle = side // 2
    at = numpy.arange(side) - middle
    square[numpy.add.outer(at**2, at**2) > middle**2] = 0.0
    return package("transform").radon(square, theta=_turns(angles), circle=True)


def _turns(angles: int) -> list[float]:
    return [180.0 * at / angles for at in range(angles)]


@node(
    title="Inverse Radon transform",
    tags=("ct", "filtered back projection", "fbp", "reconstruct", "tomography", "sinogram", "iradon"),
    pure=True,
)
def inverse_radon(
    sinogram: Picture,
    window: Literal["ramp", "Shepp-Logan", "cosine", "Hamming", "Hann", "none"] = "ramp",
) -> Picture:
    """Reconstruct a slice from what was seen through it (filtered back projection).

    Parameters
    ----------
    sinogram : Picture
        A column for each angle, evenly over half a turn, and a row for each px of the detector, shape (side, angles).
    window : str
        How the ramp filter goes on at high frequencies: as it is, or less and less from ``"Shepp-Logan"`` to
        ``"Hann"``, with less noise and less detail; ``"none"`` smears the projections back as they are.

    Returns
    -------
    Picture
        The slice, shape (side, side), 0 outside of the circle in it.

    Raises
    ------
    ImportError
        The package scikit-image is missing.
    TypeError, ValueError
        It is no sinogram, or points of it are no numbers.

    Notes
    -----
    Reference: A. C. Kak, M. Slaney, Principles of Computerized Tomographic Imaging, 1988, section 3.3.

    Examples
    --------
    >>> slice_ = np.zeros((21, 21))
    >>> slice_[10, 10] = 5.0
    >>> found = image.inverse_radon(image.radon(slice_, angles=60))
    >>> [int(at) for at in np.unravel_index(found.argmax(), found.shape)]
    [10, 10]
    """
    made = real(finite(sinogram, "sinogram"))
    rows, angles = made.shape
    if rows < 3:
        raise ValueError(f"the sinogram has the shape {made.shape}: a detector has 3 px or more")
    chosen = None if window == "none" else window.lower()
    rebuild = package("transform").iradon
    return rebuild(made, theta=_turns(angles), filter_name=chosen, circle=True)
