"""Noise: how much there is, and how it goes while details stay."""

from __future__ import annotations

from typing import Annotated, Literal

from flodesk.nodes.image.filters import together
from flodesk.nodes.image.inputs import at_least, finite, known, odd, package, real, share, within
from flodesk.public import Array, Picture, Range, Unit, node


@node(title="Noise level", tags=("standard deviation", "sigma", "estimate noise", "snr", "camera"), pure=True)
def noise_level(picture: Picture) -> float:
    """Tell how strong the noise of a picture is, from what differs from one point to the next.

    Parameters
    ----------
    picture : Picture
        The picture, shape (rows, columns), three or more of each; one in color is made gray.

    Returns
    -------
    float
        Standard deviation of white noise, in the unit of the picture; fine texture counts as noise, too.

    Raises
    ------
    TypeError, ValueError
        It is no picture, points of it are no numbers, or it is too small.

    Notes
    -----
    Reference: J. Immerkær, Fast noise variance estimation, Comput. Vis. Image Underst. 64 (1996) 300.

    Examples
    --------
    >>> image.noise_level(np.arange(20.0).reshape(4, 5))
    0.0
    """
    made = real(finite(picture))
    if min(made.shape) < 3:
        raise ValueError(f"a picture of {made.shape[1]} × {made.shape[0]} points is too small: 3 × 3 are needed")
    return _noise(made)


def _noise(made: Array) -> float:
    import numpy
    import scipy.signal

    kernel = numpy.array([[1.0, -2.0, 1.0], [-2.0, 4.0, -2.0], [1.0, -2.0, 1.0]])
    found = scipy.signal.convolve2d(made, kernel, mode="valid")
    return float(numpy.sqrt(numpy.pi / 2.0) / 6.0 * numpy.abs(found).mean())


@node(
    title="Denoise (total variation)",
    tags=("tv", "Chambolle", "Rudin", "smooth", "cartoon", "edge preserving"),
    pure=True,
)
def denoise_tv(picture: Picture, weight: Annotated[float, Range(0.001, 10.0, 0.05)] = 0.1) -> Picture:
    """Take noise off by making a picture of few smooth parts: edges stay, fine texture goes.

    Parameters
    ----------
    picture : Picture
        The picture, shape (rows, columns), or (rows, columns, 3 or 4) in color.
    weight : float
        How much is smoothed (dimensionless): about the standard deviation of the noise as a share of white.

    Returns
    -------
    Picture
        The picture without its noise, of the same shape and kind.

    Raises
    ------
    ImportError
        The package scikit-image is missing.
    TypeError, ValueError
        It is no picture, points of it are no numbers, or the weight is not above 0.

    Notes
    -----
    Reference: A. Chambolle, An algorithm for total variation minimization and applications, J. Math. Imaging Vis. 20
    (2004) 89.

    Examples
    --------
    >>> image.denoise_tv(np.full((4, 4), 9, dtype=np.uint8))[0]
    array([9, 9, 9, 9], dtype=uint8)
    """
    at_least(weight, 0.001, "weight", "")
    clean = package("restoration").denoise_tv_chambolle
    return together(known(picture), lambda part, axis: clean(part, weight=weight, channel_axis=axis))


@node(
    title="Denoise (non-local means)", tags=("nlm", "nl means", "patches", "smooth", "Buades", "imnlmfilt"), pure=True
)
def denoise_nonlocal(
    picture: Picture,
    strength: Annotated[float, Unit("%"), Range(0.0, 100.0)] = 0.0,
    patch: Annotated[int, Unit("px"), Range(1, 51)] = 5,
    reach: Annotated[int, Unit("px"), Range(1, 100)] = 6,
) -> Picture:
    """Take noise off by averaging points whose surroundings are alike: texture that comes again stays.

    Parameters
    ----------
    picture : Picture
        The picture, shape (rows, columns), or (rows, columns, 3 or 4) in color.
    strength : float
        How much surroundings may differ, in % of white; 0 for what the noise asks for: 0.8 of its standard deviation.
    patch : int
        Side of what is compared, in px, odd.
    reach : int
        How far away it is looked for, in px.

    Returns
    -------
    Picture
        The picture without its noise, of the same shape and kind.

    Raises
    ------
    ImportError
        The package scikit-image is missing.
    TypeError, ValueError
        It is no picture, points of it are no numbers, or a setting is below its least or longer than it.

    Notes
    -----
    Reference: A. Buades, B. Coll, J. M. Morel, A non-local algorithm for image denoising, Proc. CVPR (2005) 60.

    Examples
    --------
    >>> image.denoise_nonlocal(np.full((8, 8), 9, dtype=np.uint8), patch=3)[0, :4]
    array([9, 9, 9, 9], dtype=uint8)
    """
    made = known(picture)
    within(odd(patch, "patch"), made, "patch")
    within(reach, made, "reach")
    at_least(reach, 1.0, "reach")
    at_least(strength, 0.0, "strength", " %")
    noise = _noise(share(finite(made))) if min(made.shape[:2]) >= 3 else 0.0
    height = strength / 100.0 if strength else 0.8 * noise
    clean = package("restoration").denoise_nl_means
    return together(
        made, lambda part, axis: clean(
            part, patch_size=patch, patch_distance=reach, h=height or 1e-6, sigma=noise, fast_mode=True,
            channel_axis=axis,
        ),
    )  # fmt: skip


@node(title="Denoise (wavelets)", tags=("wavelet", "shrinkage", "BayesShrink", "VisuShrink", "smooth"), pure=True)
def denoise_wavelet(
    picture: Picture,
    wavelet: Literal["haar", "db2", "db4", "sym4", "sym8", "bior2.2"] = "db2",
    method: Literal["BayesShrink", "VisuShrink"] = "BayesShrink",
) -> Picture:
    """Take white noise off by leaving out small wavelet parts.

    Parameters
    ----------
    picture : Picture
        The picture, shape (rows, columns), or (rows, columns, 3 or 4) in color.
    wavelet : str
        The wavelet: ``"haar"`` for blocks, ``"sym8"`` for smooth pictures.
    method : str
        ``"BayesShrink"`` has a threshold for each scale; ``"VisuShrink"`` has one for all, and smooths more.

    Returns
    -------
    Picture
        The picture without its noise, of the same shape and kind.

    Raises
    ------
    ImportError
        The package scikit-image or PyWavelets is missing.
    TypeError, ValueError
        It is no picture, points of it are no numbers, or it is too small for the wavelet.

    Notes
    -----
    Reference: S. G. Chang, B. Yu, M. Vetterli, Adaptive wavelet thresholding for image denoising and compression, IEEE
    Trans. Image Process. 9 (2000) 1532.

    Examples
    --------
    >>> noisy = 0.5 + 0.1 * np.random.default_rng(1).standard_normal((64, 64))
    >>> bool(image.denoise_wavelet(noisy).std() < 0.05)
    True
    """
    try:
        import pywt
    except ImportError as error:
        raise ImportError(
            "wavelets need the package PyWavelets, which is missing: install flodesk[wavelets]"
        ) from error
    made = known(picture)
    if made.min() == made.max():  # no noise from which a threshold could follow
        return made
    clean = package("restoration").denoise_wavelet
    # its own number of levels leaves the coarse half of the noise
    most = pywt.dwt_max_level(min(made.shape[:2]), wavelet)
    if most < 1:
        rows, columns = made.shape[:2]
        raise ValueError(
            f"a picture of {columns} × {rows} points is too small for this wavelet: choose haar, or smooth it"
        )
    levels = max(1, most - 1)
    return together(
        made, lambda part, axis: clean(
            part, wavelet=wavelet, method=method, wavelet_levels=levels, rescale_sigma=True, channel_axis=axis
        ),
    )  # fmt: skip
