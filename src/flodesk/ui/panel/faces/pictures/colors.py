"""Colour maps, and how numbers become the pixels of a picture."""

from __future__ import annotations

import math
from functools import cache
from typing import Any

from PySide6.QtGui import QImage

MISSING = 255
"""The colour of what is no number: none at all. The others are from 0 to 254."""
_ANCHORS = {
    "grey": ("#000000", "#ffffff"),
    "viridis": (
        "#440154", "#482475", "#414487", "#355f8d", "#2a788e", "#21918c", "#22a884", "#44bf70", "#7ad151", "#bddf26",
        "#fde725",
    ),
    "inferno": (
        "#000004", "#160b39", "#420a68", "#6a176e", "#932667", "#bc3754", "#dd513a", "#f37819", "#fca50a", "#f6d746",
        "#fcffa4",
    ),
    "turbo": (
        "#30123b", "#4145ab", "#4675ed", "#39a2fc", "#1bcfd4", "#24eca6", "#61fc6c", "#a4fc3b", "#d1e834", "#f3c63a",
        "#fe9b2d", "#f36315", "#d93806", "#b11901", "#7a0402",
    ),
    "ice and fire": ("#3b4cc0", "#6788ee", "#9abbff", "#dddddd", "#f7a889", "#e26952", "#b40426"),
}  # fmt: skip


@cache
def table(name: str) -> tuple[int, ...]:
    """Return the 256 colours of a map as Qt has them (``0xAARRGGBB``); the last is transparent."""
    parts = [tuple(int(text[i : i + 2], 16) for i in (1, 3, 5)) for text in _ANCHORS.get(name, _ANCHORS["grey"])]
    made = []
    for number in range(MISSING):
        place = number / (MISSING - 1) * (len(parts) - 1)
        low = min(int(place), len(parts) - 2)
        share = place - low
        red, green, blue = (round(a + (b - a) * share) for a, b in zip(parts[low], parts[low + 1], strict=True))
        made.append(0xFF000000 | red << 16 | green << 8 | blue)
    return (*made, 0)


def indices(values: Any, low: float, high: float) -> Any:
    """Return for each number which colour it has: 0 at `low` and below it, 254 at `high` and above."""
    import numpy

    numbers = numpy.asarray(values, dtype=numpy.float32)
    span = high - low
    if not span or not math.isfinite(span):
        span = 1.0
    with numpy.errstate(invalid="ignore", over="ignore"):
        scaled = (numbers - numpy.float32(low)) * numpy.float32((MISSING - 1) / span)
        found = numpy.clip(numpy.rint(scaled), 0, MISSING - 1)
        missing = numpy.isnan(found)
        if missing.any():
            found[missing] = MISSING
        return found.astype(numpy.uint8)


def picture(values: Any, low: float, high: float, name: str) -> QImage:
    """Return numbers as a picture in the colours of a map, its first row the upper one."""
    import numpy

    pixels = numpy.ascontiguousarray(indices(values, low, high))
    rows, columns = pixels.shape
    image = QImage(pixels.data, columns, rows, columns, QImage.Format.Format_Indexed8)
    image.setColorTable(table(name))
    return image.copy()  # it would go on reading the array, which nobody keeps


def colored(values: Any) -> QImage:
    """Return colours (rows, columns, 3 or 4) as a picture: whole numbers up to 255, others up to 1 or to 255."""
    import numpy

    pixels = values
    if pixels.dtype != numpy.uint8:
        finite = numpy.nan_to_num(numpy.asarray(pixels, dtype=numpy.float32))
        most = 1.0 if pixels.dtype.kind in "fb" and float(finite.max(initial=0.0)) <= 1.0 else 255.0
        if pixels.dtype.kind in "iu" and float(finite.max(initial=0.0)) > 255.0:
            most = 65535.0
        pixels = numpy.clip(numpy.rint(finite * (255.0 / most)), 0, 255).astype(numpy.uint8)
    pixels = numpy.ascontiguousarray(pixels)
    rows, columns, channels = pixels.shape
    kind = QImage.Format.Format_RGB888 if channels == 3 else QImage.Format.Format_RGBA8888
    return QImage(pixels.data, columns, rows, columns * channels, kind).copy()
