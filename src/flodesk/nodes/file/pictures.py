"""Pictures in files."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from flodesk.nodes._pictures import image_of
from flodesk.nodes._reading import reading
from flodesk.nodes._replacing import replacing
from flodesk.public import Picture, Range, context, node

_FORMATS = {
    ".png": "PNG", ".jpg": "JPEG", ".jpeg": "JPEG", ".tif": "TIFF", ".tiff": "TIFF", ".bmp": "BMP", ".gif": "GIF",
    ".webp": "WebP",
}  # fmt: skip


@node(title="Read image", tags=("open", "load", "picture", "photo", "png", "jpg", "tif", "imread"), pure=False)
def read_image(path: Path, color: Literal["as it is", "grey", "color"] = "as it is") -> Picture:
    """Read an image file (PNG, JPEG, TIFF, BMP, GIF, WebP): the first of several pages, the right way up.

    Parameters
    ----------
    path : Path
        The file; a relative name counts from the folder of the flow.
    color : str
        ``grey`` gives one number a point, ``color`` red, green and blue; transparency is left out then.

    Returns
    -------
    Picture
        The points as whole numbers from 0 (dark), shape (rows, columns), or (rows, columns, 3) with colours and
        (rows, columns, 4) with transparency.

    Raises
    ------
    OSError
        The file is missing or may not be read.
    ValueError
        It is no image of these kinds.

    Examples
    --------
    >>> place = file.write_image(np.array([[0, 255], [128, 0]], np.uint8), "points.png")
    >>> file.read_image(place).tolist()
    [[0, 255], [128, 0]]
    """
    import numpy
    from PIL import Image, ImageOps, UnidentifiedImageError

    with reading(path) as place:
        try:
            with Image.open(place) as opened:
                image = ImageOps.exif_transpose(opened)
                if color != "as it is":
                    image = image.convert("L" if color == "grey" else "RGB")
                elif image.mode in ("1", "L", "LA"):
                    image = image.convert("L")
                elif not image.mode.startswith(("I", "F", "RGB")):  # palettes, and colours of printers
                    image = image.convert("RGBA" if "transparency" in image.info else "RGB")
                return numpy.asarray(image)
        except (FileNotFoundError, PermissionError):
            raise
        except UnidentifiedImageError as error:
            raise ValueError(
                f"{place} is no image of a kind that is known here: save it as PNG, JPEG or TIFF"
            ) from error
        except (OSError, SyntaxError, Image.DecompressionBombError) as error:
            raise ValueError(f"{place} cannot be read as an image ({error}): save it anew") from error


@node(
    title="Write image",
    tags=("save", "export", "picture", "photo", "png", "jpg", "tif", "imwrite", "imsave"),
    pure=False,
    saves=(".png", ".jpg", ".tif", ".bmp", ".gif", ".webp"),
)
def write_image(picture: Picture, path: Path, quality: Annotated[int, Range(1, 100)] = 90) -> Path:
    """Write an image file (PNG, JPEG, TIFF, BMP, GIF, WebP, by its ending), whole or not at all.

    Parameters
    ----------
    picture : Picture
        Whole numbers from 0 (dark) to 255, up to 65535 for grey in PNG and TIFF; or numbers from 0 to 1, which TIFF
        keeps as they are if they are grey; or truth values. Shape (rows, columns), or (rows, columns, 3 or 4) with
        colours and transparency.
    path : Path
        The file; a relative name counts from the folder of the flow.
    quality : int
        Quality of JPEG and WebP, dimensionless: more is larger and better.

    Returns
    -------
    Path
        Where it was written.

    Raises
    ------
    OSError
        The folder is missing, may not be written, or the disk is full.
    ValueError
        It is no picture, the format cannot hold it, or the name has another ending.

    Examples
    --------
    >>> file.read_image(file.write_image(np.array([[False, True]]), "mask.png")).tolist()
    [[0, 255]]
    """
    place = context().path(path)
    kind = _FORMATS.get(place.suffix.lower())
    if kind is None:
        raise ValueError(f"{place.name} has no ending of a picture: use one of {', '.join(_FORMATS)}")
    image = image_of(picture, floats=kind == "TIFF")
    if image.mode == "RGBA" and kind in ("JPEG", "BMP"):
        raise ValueError(f"{kind} has no transparency: choose .png, or leave the fourth channel out")
    if image.mode == "I;16" and kind not in ("PNG", "TIFF"):
        raise ValueError(f"{kind} holds numbers from 0 to 255: choose .png or .tif, or bring it to 8 bits")
    options = {"quality": quality} if kind in ("JPEG", "WebP") else {}
    with replacing(place) as temporary:
        image.save(temporary, format=kind, **options)
    return place
