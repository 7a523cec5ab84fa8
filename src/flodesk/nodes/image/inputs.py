"""What the nodes of this shelf take: gray and color pictures, masks and labels, of any kind of numbers."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from typing import Annotated, Any

from flodesk.public import Array, Picture, Range, Unit

Pixels = Annotated[float, Unit("px"), Range(0.0)]
Count = Annotated[int, Unit("px"), Range(0)]
Size = Annotated[int, Unit("px"), Range(1)]

LARGEST = 1 << 28
"""Points of a picture that a node makes: 16384 × 16384, 2 GB of real numbers."""
_SHADES = (0.2125, 0.7154, 0.0721)
"""What red, green and blue add to the brightness (ITU-R BT.709), to the digits that scikit-image has, too."""


def package(part: str) -> Any:
    """Return a module of scikit-image.

    Raises
    ------
    ImportError
        The package is missing.
    """
    try:
        import skimage
    except ImportError as error:
        raise ImportError("this needs the package scikit-image, which is missing: install flodesk[images]") from error
    return importlib.import_module(f"{skimage.__name__}.{part}")


def picture(value: Any, name: str = "picture") -> Array:
    """Return a picture as an array of shape (rows, columns), or (rows, columns, 3 or 4) in color.

    Raises
    ------
    TypeError
        It holds no real numbers.
    ValueError
        It has another shape, or no points.
    """
    import numpy

    if value is None:
        raise TypeError(f"{name} is None: there is no picture. See that the node before it returns one")
    try:
        made = numpy.asarray(value)
    except ValueError as error:
        raise TypeError(f"{name} is {type(value).__name__} and cannot be read as a picture: {error}") from error
    if made.dtype.kind not in "biuf":
        more = ": take its magnitude first" if made.dtype.kind == "c" else ""
        raise TypeError(f"{name} holds {made.dtype} and not the real numbers of a picture{more}")
    if made.dtype == numpy.float16:  # of which the filters know nothing
        made = made.astype(numpy.float32)
    if made.ndim == 3 and made.shape[2] in (1, 2):  # gray with an axis for its one color, and with opacity
        made = made[..., 0]
    if made.ndim != 2 and not (made.ndim == 3 and made.shape[2] in (3, 4)):
        raise ValueError(
            f"{name} has the shape {made.shape}: a picture has (rows, columns), or (rows, columns, 3 or 4) in color"
        )
    if not made.size:
        raise ValueError(f"{name} has no points, its shape is {made.shape}: see what the node before it returns")
    return made


def gray(value: Any, name: str = "picture") -> Array:
    """Return a picture in gray, shape (rows, columns), in the kind of numbers that it has; color becomes brightness.

    Raises
    ------
    TypeError, ValueError
        It is no picture.
    """
    made = picture(value, name)
    if made.ndim == 2:
        return made
    return alike(made[..., :3] @ _shades(made), made)


def _shades(made: Array) -> Array:
    import numpy

    return numpy.array(_SHADES, made.dtype if made.dtype == numpy.float32 else float)


def known(value: Any, name: str = "picture") -> Array:
    """Return a picture, in gray or color, each point of which is a number.

    Raises
    ------
    TypeError, ValueError
        It is no picture, or points of it are no numbers.
    """
    import numpy

    made = picture(value, name)
    if made.dtype.kind == "f" and not numpy.isfinite(made).all():
        count = int((~numpy.isfinite(made)).sum())
        raise ValueError(f"{count} points of {name} are NaN or infinite: replace them by a number first")
    return made


def finite(value: Any, name: str = "picture") -> Array:
    """Return a picture in gray each point of which is a number.

    Raises
    ------
    TypeError, ValueError
        It is no picture, or points of it are no numbers.
    """
    return gray(known(value, name), name)


def color(value: Any, name: str = "picture") -> Array:
    """Return a picture in color, shape (rows, columns, 3), without opacity; gray is given to each color.

    Raises
    ------
    TypeError, ValueError
        It is no picture.
    """
    import numpy

    made = picture(value, name)
    return made[..., :3] if made.ndim == 3 else numpy.stack([made] * 3, axis=-1)


def mask(value: Any, name: str = "mask") -> Array:
    """Return a mask as truth values of shape (rows, columns): a picture of two values counts, too.

    Raises
    ------
    TypeError, ValueError
        It is no picture, or has more than two values.
    """
    made = gray(value, name)
    if made.dtype.kind == "b":
        return made
    low, high = made.min(), made.max()
    if not ((made == low) | (made == high)).all():
        raise ValueError(
            f"{name} has shades from {low:g} to {high:g}, and a mask is true or false: wire Threshold to it"
        )
    return made == high if high > low else made != 0


def labels(value: Any, name: str = "labels") -> Array:
    """Return labels as whole numbers of shape (rows, columns), 0 for the ground; the pieces of a mask are numbered.

    Raises
    ------
    TypeError, ValueError
        It is no picture of labels, and no mask.
    """
    import numpy

    made = picture(value, name)
    if made.ndim == 3:
        raise ValueError(f"{name} is a picture in color: wire labels to it, as Label and Watershed give, or a mask")
    if is_mask(made):
        return pieces(made != 0)[0]
    if made.dtype.kind == "f":
        if not (made == numpy.floor(made)).all() or not numpy.abs(made).max() < 2**53:
            raise ValueError(f"{name} holds fractions: wire labels to it, as Label and Watershed give, or a mask")
        made = made.astype(numpy.int64)
    if made.min() < 0:
        raise ValueError(f"{name} go down to {made.min()}: labels are 0 for the ground, and 1, 2, … for the objects")
    return made


def is_mask(made: Array) -> bool:
    """Say whether labels are truth values, or 0 and 255 as files have them."""
    import numpy

    return bool(made.dtype.kind == "b" or (made.dtype == numpy.uint8 and ((made == 0) | (made == 255)).all()))


def compact(found: Array) -> tuple[Array, Array]:
    """Return the labels that there are, 0 before all others, and each point's place among them."""
    import numpy

    names, places = numpy.unique(found, return_inverse=True)
    places = places.reshape(found.shape)
    return (names, places) if names[0] == 0 else (numpy.append([0], names), places + 1)


def pieces(inside: Array, corners: bool = True) -> tuple[Array, int]:
    """Return the numbered pieces of a mask, in 32 bits, and how many there are; `corners` join them, or not."""
    import numpy
    import scipy.ndimage

    around = numpy.ones((3, 3)) if corners else None
    found, number = scipy.ndimage.label(inside, around)
    return found, int(number)


def same_size(first: Array, second: Array, names: tuple[str, str]) -> None:
    """Raise unless both pictures have as many rows and columns.

    Raises
    ------
    ValueError
        They differ.
    """
    if first.shape[:2] != second.shape[:2]:
        (rows, columns), (others, across) = first.shape[:2], second.shape[:2]
        raise ValueError(
            f"{names[0]} has {columns} × {rows} points and {names[1]} {across} × {others}: resize or crop one of them"
        )


def alike(result: Array, made: Array) -> Array:
    """Return a result in the kind of numbers of the picture: whole numbers are rounded, and kept in their limits."""
    import numpy

    if made.dtype.kind in "iu":
        limits = numpy.iinfo(made.dtype)
        return numpy.clip(numpy.rint(result), limits.min, limits.max).astype(made.dtype)
    return result.astype(made.dtype, copy=False) if made.dtype.kind == "f" else result


def held(value: float, made: Array, name: str) -> float:
    """Return a value that points of the kind of the picture can have.

    Raises
    ------
    ValueError
        They cannot.
    """
    import numpy

    if made.dtype.kind in "iu":
        limits = numpy.iinfo(made.dtype)
        if not (limits.min <= value <= limits.max and value == round(value)):
            raise ValueError(
                f"{name} is {value:g}, and points of this picture are whole numbers from {limits.min} to {limits.max}:"
                " choose one of these"
            )
        return int(value)
    return value


def white(made: Array) -> float:
    """Return what white is in a picture: 255 of 8 bits, 65535 of 16, 1 of truth values.

    Of real numbers the first of 1, 255 and 65535 of which the greatest is not the double: noise on white goes
    beyond it. Of other whole numbers the first that none exceeds.
    """
    import numpy

    if made.dtype.kind == "b":
        return 1.0
    if made.dtype in (numpy.uint8, numpy.uint16):
        return float(numpy.iinfo(made.dtype).max)
    known = made[numpy.isfinite(made)] if made.dtype.kind == "f" else made
    most = float(known.max()) if known.size else 0.0
    steps, beyond = ((1.0, 255.0, 65535.0), 2.0) if made.dtype.kind == "f" else ((255.0, 65535.0), 1.0)
    return next((step for step in steps if most <= beyond * step), most)


def real(made: Array) -> Array:
    """Return the points as real numbers, of 32 bits if they are such already."""
    import numpy

    return made if made.dtype in (numpy.float32, numpy.float64) else made.astype(float)


def eight_bits(made: Array) -> Array:
    """Return a picture as whole numbers up to 255 for white, as a screen has them."""
    import numpy

    if made.dtype == numpy.uint8:
        return made
    scaled = numpy.nan_to_num(real(made) * (255.0 / white(made)), nan=0.0, posinf=255.0, neginf=0.0)
    return numpy.clip(numpy.rint(scaled), 0, 255).astype(numpy.uint8)


def each_color(made: Array, change: Callable[[Array], Array], opacity: bool = False) -> Array:
    """Return a picture each color of which is changed by itself; opacity stays as it is, unless it is to be changed."""
    import numpy

    if made.ndim == 2:
        return change(made)
    parts = [change(made[..., at]) if at < 3 or opacity else made[..., at] for at in range(made.shape[2])]
    return numpy.stack(parts, axis=-1)


def fits(rows: float, columns: float) -> tuple[int, int]:
    """Return a size in whole points that a picture can have.

    Raises
    ------
    ValueError
        It has no points, or too many.
    """
    down, across = round(rows), round(columns)
    if down < 1 or across < 1:
        raise ValueError(f"a picture of {across} × {down} points has nothing in it: choose a larger size")
    if down * across > LARGEST:
        raise ValueError(f"a picture of {across} × {down} points is too large for the memory: choose a smaller size")
    return down, across


def at_least(value: float, least: float, name: str, unit: str = " px") -> None:
    """Raise unless a setting is a number, and not below its least.

    Raises
    ------
    ValueError
        It is.
    """
    if not value >= least:
        raise ValueError(f"{name} is {value:g}{unit}: it must be {least:g}{unit} or more")


def odd(size: int, name: str = "size") -> int:
    """Return a size that has a middle.

    Raises
    ------
    ValueError
        It is even, or below 1.
    """
    if size < 1 or size % 2 == 0:
        raise ValueError(f"{name} is {size} px: it must be an odd number from 1 on, so that it has a middle")
    return size


def within(value: float, made: Array, name: str) -> float:
    """Return a length that is no longer than the picture.

    Raises
    ------
    ValueError
        It is below 0, or longer: the work would grow with it, and the result would not change.
    """
    at_least(value, 0.0, name)
    most = max(made.shape[:2])
    if value > most:
        raise ValueError(f"{name} is {value:g} px, and the picture {most} px long: choose a smaller one")
    return value


def share(made: Array) -> Array:
    """Return the points as real numbers of which 1 is white."""
    return real(made) / (white(made) or 1.0)


def disk(radius: float) -> Picture:
    """Return the points within a radius of the middle one, as truth values of an odd number of rows and columns."""
    import numpy

    reach = int(radius)
    down, across = numpy.ogrid[-reach : reach + 1, -reach : reach + 1]
    return down**2 + across**2 <= radius**2
