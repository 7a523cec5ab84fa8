"""Arrays as pictures of Pillow, for those who write them."""

from __future__ import annotations

from typing import Any

from flodesk.public import Picture


def image_of(picture: Picture, floats: bool = False) -> Any:
    """Return a picture of Pillow.

    Parameters
    ----------
    picture : Picture
        Whole numbers from 0, truth values, or numbers from 0 to 1, shape (rows, columns), or (rows, columns, 3 or 4).
    floats : bool
        Keep numbers of one channel as they are, in 32 bits; else 0 to 1 become 0 to 255.

    Raises
    ------
    ValueError
        It is no picture, or has values that none can have.
    """
    import numpy
    from PIL import Image

    points = numpy.asarray(picture)
    if points.ndim not in (2, 3) or points.size == 0 or (points.ndim == 3 and points.shape[2] not in (3, 4)):
        raise ValueError(
            f"an array of shape {points.shape} is no picture: give it the shape (rows, columns), or (rows, columns,"
            " 3 or 4)"
        )
    if points.dtype.kind == "b":
        return Image.fromarray(numpy.where(points, 255, 0).astype(numpy.uint8))
    if points.dtype.kind not in "uif":
        raise ValueError(f"a picture is made of numbers, and {points.dtype} came: convert it")
    if floats and points.ndim == 2 and points.dtype.kind == "f":
        return Image.fromarray(points.astype(numpy.float32))
    return Image.fromarray(_whole(points))


def _whole(points: Any) -> Any:
    """Return the points as numbers of 8 bits, or of 16 where there is one channel and 8 are not enough."""
    import numpy

    low, high = points.min(), points.max()
    if points.dtype.kind == "f":
        if not (low >= 0.0 and high <= 1.0):  # NaN is neither
            raise ValueError(
                f"the numbers of the picture go from {low:g} to {high:g}: bring them to 0 to 1, or to whole"
                " numbers from 0 to 255 (image.to_8_bits does)"
            )
        return numpy.rint(points * 255.0).astype(numpy.uint8)
    if low < 0 or high > 65535:
        raise ValueError(
            f"the whole numbers of the picture go from {low} to {high}: bring them to 0 to 255 (image.to_8_bits does)"
        )
    if points.dtype == numpy.uint8 or (high <= 255 and points.dtype != numpy.uint16):
        return points.astype(numpy.uint8)
    if points.ndim == 3:
        raise ValueError(
            f"a color goes from 0 to 255, and {high} came: bring the picture to 8 bits (image.to_8_bits does)"
        )
    return points.astype(numpy.uint16)
