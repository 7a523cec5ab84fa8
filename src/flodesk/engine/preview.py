"""What a value looks like in a line: the text and the small picture that the canvas draws beside a port."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Preview:
    """A value in brief.

    Attributes
    ----------
    type : str
        The port type that the value has (see `flodesk.flow.types`).
    text : str
        A dozen characters or so: ``0.873``, ``"abc"``, ``True``, ``f8[1000]``, ``120 × 5``.
    detail : str
        One line for a tooltip: type, shape, range, unit.
    spark : tuple of float
        At most 64 samples of a one-dimensional array, min and max kept; empty if there is nothing to draw.
    """

    type: str
    text: str
    detail: str = ""
    spark: tuple[float, ...] = ()
