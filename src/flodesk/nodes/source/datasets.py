"""Data sets and pictures that ship with the packages of the extras, so that they are there offline."""

from __future__ import annotations

from typing import Literal

from flodesk.public import Picture, Table, node


@node(title="Data set", tags=("iris", "wine", "digits", "breast cancer", "diabetes", "sample data", "example data"))
def dataset(
    name: Literal["iris", "wine", "digits", "breast cancer", "diabetes"] = "iris",
) -> Table:
    """Give one of the data sets that ship with scikit-learn, to try classification and regression on.

    Parameters
    ----------
    name : str
        ``"iris"`` (150 flowers of 3 kinds), ``"wine"`` (178 wines of 3 growers), ``"digits"`` (1797 handwritten digits
        of 8 × 8 pixels), ``"breast cancer"`` (569 tumours, 0 malignant or 1 benign), ``"diabetes"`` (442 patients, with
        the progress after a year as a number).

    Returns
    -------
    Table
        A row for each case; the last column, ``target``, is what is to be told from the others.

    Raises
    ------
    ImportError
        The package scikit-learn is missing.

    Notes
    -----
    Sources: R. A. Fisher 1936 (iris); M. Forina 1988 (wine); E. Alpaydin, C. Kaynak 1998 (digits); W. Street 1993
    (breast cancer); B. Efron 2004 (diabetes), as in scikit-learn.

    Examples
    --------
    >>> source.dataset("iris").shape
    (150, 5)
    """
    try:
        from sklearn import datasets
    except ImportError as error:
        raise ImportError(
            "the data sets come with the package scikit-learn, which is missing: install flodesk[learn]"
        ) from error
    load = {
        "iris": datasets.load_iris, "wine": datasets.load_wine, "digits": datasets.load_digits,
        "breast cancer": datasets.load_breast_cancer, "diabetes": datasets.load_diabetes,
    }[name]  # fmt: skip
    return load(as_frame=True).frame


@node(title="Sample picture", tags=("camera", "coins", "astronaut", "test image", "example image", "imread"))
def picture(
    name: Literal[
        "astronaut",
        "brick",
        "camera",
        "cell",
        "checkerboard",
        "chelsea",
        "clock",
        "coffee",
        "coins",
        "color wheel",
        "grass",
        "gravel",
        "horse",
        "hubble",
        "moon",
        "page",
        "phantom",
        "retina",
        "rocket",
        "text",
        "tissue",
    ] = "coins",
) -> Picture:
    """Give one of the pictures that ship with scikit-image.

    Parameters
    ----------
    name : str
        Which: ``"coins"`` (24 coins on an uneven ground), ``"page"`` and ``"text"`` (writing in uneven light),
        ``"phantom"`` (Shepp and Logan's, for tomography), ``"tissue"`` (stained with haematoxylin and DAB),
        ``"retina"`` (vessels of an eye), ``"checkerboard"`` (corners), ``"hubble"`` (galaxies), ``"camera"``,
        ``"astronaut"`` and others.

    Returns
    -------
    Picture
        Numbers from 0 to 255, shape (rows, columns) if it is gray, (rows, columns, 3) in color; the phantom from 0
        to 1, the horse true and false.

    Raises
    ------
    ImportError
        The package scikit-image is missing.

    Examples
    --------
    >>> source.picture("coins").shape
    (303, 384)
    """
    try:
        from skimage import data
    except ImportError as error:
        raise ImportError(
            "the pictures come with the package scikit-image, which is missing: install flodesk[images]"
        ) from error
    called = {
        "phantom": "shepp_logan_phantom", "hubble": "hubble_deep_field", "color wheel": "colorwheel",
        "tissue": "immunohistochemistry",
    }.get(name, name)  # fmt: skip
    return getattr(data, called)()
