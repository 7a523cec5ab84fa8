"""What the nodes of this shelf take for a sample."""

from __future__ import annotations

from typing import Any

from flodesk.nodes._numbers import numbers


def sample(values: Any, name: str = "values", needed: int = 1) -> Any:
    """Return the numbers of a sample in one row, without gaps (NaN).

    Raises
    ------
    TypeError
        They are no numbers.
    ValueError
        They are too few, or infinite.
    """
    import numpy

    array = numbers(values, name).ravel()
    array = array[~numpy.isnan(array)]
    if array.size < needed:
        few = "no numbers" if not array.size else f"{array.size} number{'s' * (array.size > 1)}"
        raise ValueError(f"{name} holds {few}: give {needed} or more")
    if not numpy.isfinite(array).all():
        raise ValueError(f"{name} holds infinite values: leave them out first")
    return array


def pairs(x: Any, y: Any, needed: int = 0) -> tuple[Any, Any]:
    """Return points as two rows, without those of which one half is NaN or infinite.

    Raises
    ------
    TypeError
        They are no numbers.
    ValueError
        The two have no one length, or the points are too few.
    """
    import numpy

    across, up = numbers(x, "x"), numbers(y, "y")
    if across.ndim != 1 or across.shape != up.shape:
        raise ValueError(f"x has the shape {across.shape} and y {up.shape}: both must have one axis of one length")
    good = numpy.isfinite(across) & numpy.isfinite(up)
    if int(good.sum()) < needed:
        raise ValueError(f"there are {int(good.sum())} whole pairs of x and y: give {needed} or more")
    return across[good], up[good]


def share(value: float, name: str) -> float:
    """Return a number that is above 0 and below 1.

    Raises
    ------
    ValueError
        It is not.
    """
    if not 0.0 < value < 1.0:
        raise ValueError(f"{name} is {value:g}: give a number above 0 and below 1")
    return float(value)
