"""A picture in little: what the canvas draws of an array that is one."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

WIDEST, HIGHEST = 64, 40
"""Pixels of a thumbnail at most: some 2.5 kB in grey, 8 kB in colours."""
LEAST = 8
"""An array of fewer rows or columns is rather a table of numbers."""


@dataclass(frozen=True, slots=True)
class Thumbnail:
    """Pixels row by row, of one byte (grey) or three (red, green, blue)."""

    columns: int
    rows: int
    colours: bool
    pixels: bytes

    def to_json(self) -> list[Any]:
        """Return it as plain JSON values."""
        return [self.columns, self.rows, self.colours, base64.b64encode(self.pixels).decode()]

    @classmethod
    def from_json(cls, data: Sequence[Any]) -> Thumbnail:
        """Make it again."""
        columns, rows, colours, pixels = data
        return cls(int(columns), int(rows), bool(colours), base64.b64decode(pixels))


def is_picture(value: Any) -> bool:
    """Return whether an array can be looked at as a picture: in two dimensions, or in a third one of colours."""
    if value.dtype.kind not in "biuf" or value.ndim not in (2, 3) or min(value.shape[:2]) <= LEAST:
        return False
    return value.ndim == 2 or value.shape[2] in (3, 4)


def thumbnail(value: Any) -> Thumbnail:
    """Return a picture in little: every n-th row and column, grey from the least to the greatest number.

    Colours are taken from 0 to 1 where all are in that range, else up to 255 or up to the greatest.
    """
    import numpy

    rows, columns = value.shape[:2]
    step = max(1, -(-rows // HIGHEST), -(-columns // WIDEST))
    some = value[::step, ::step]
    colours = value.ndim == 3
    if colours:
        some = some[..., :3]
    if some.dtype != numpy.uint8:
        numbers = numpy.nan_to_num(some.astype(float), posinf=0.0, neginf=0.0)
        low, high = (0.0, _reach(float(numbers.max()))) if colours else (float(numbers.min()), float(numbers.max()))
        some = ((numbers - low) * (255.0 / ((high - low) or 1.0))).clip(0, 255).astype(numpy.uint8)
    return Thumbnail(int(some.shape[1]), int(some.shape[0]), colours, numpy.ascontiguousarray(some).tobytes())


def _reach(greatest: float) -> float:
    return 1.0 if greatest <= 1.0 else max(255.0, greatest)
