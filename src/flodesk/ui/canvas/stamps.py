"""Small shapes that many cards have, painted once and put down as pictures: ports, signs, badges, shadows.

To paint the shadow of a card takes twice as long as the card, a port five times as long as its picture. A picture is
made for the very size that it has on the screen and for the fraction of a pixel that it begins at, to a quarter: so it
is as sharp as what it stands for. The pictures wear the theme in force, and are forgotten with it.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QPointF, QRectF, QSizeF
from PySide6.QtGui import QImage, QPainter

from flodesk.ui.theme import current

_MOST = 16 * 1024 * 1024
"""Bytes that are kept: cards at 100 % need a quarter of a megabyte."""

Box = tuple[float, float, float, float]
"""Left, top, right and bottom of what is painted, in scene pixels around its own (0, 0)."""


class _Kept(dict[tuple[Any, ...], QImage]):
    """What has been painted; it forgets all of it when it has become too much."""

    taken = 0

    def keep(self, key: tuple[Any, ...], image: QImage) -> QImage:
        if self.taken > _MOST:
            self.forget()
        self.taken += image.sizeInBytes() + 500
        self[key] = image
        return image

    def forget(self) -> None:
        self.clear()
        self.taken = 0


_kept = _Kept()
current.changed.connect(_kept.forget)


class Stamps:
    """Puts down stamps with a painter. Between `press` and `lift` the painter must not be used for anything else.

    `detail` is screen pixels a scene pixel.
    """

    def __init__(self, painter: QPainter) -> None:
        self._painter = painter
        self._world = world = painter.worldTransform()
        self.detail = scale = world.m11()
        self._straight = scale == world.m22() > 0.0 == world.m12() == world.m21()
        if not self._straight:
            self.detail = scale = math.sqrt(abs(world.determinant()))
        self._ratio = ratio = painter.device().devicePixelRatio()
        self._unit = scale * ratio
        self._left, self._top = world.dx() * ratio, world.dy() * ratio

    def press(self) -> None:
        """Begin: from here on pixels are counted, not the scene's."""
        if self._straight:
            self._painter.resetTransform()

    def lift(self) -> None:
        """End."""
        if self._straight:
            self._painter.setWorldTransform(self._world)

    def put(self, x: float, y: float, box: Box, draw: Callable[..., None], *of: Any) -> None:
        """Put down, at a point of the card, what ``draw(painter, *of)`` paints around (0, 0) within `box`.

        `of` says all that the picture depends on, but for the theme; the ground that it is painted on is empty.
        """
        unit = self._unit
        if not self._straight:
            whole = _painted(unit, 0, 0, box, 1.0, draw, of)
            corner = QPointF(x + (math.floor(box[0] * unit) - 1) / unit, y + (math.floor(box[1] * unit) - 1) / unit)
            self._painter.drawImage(QRectF(corner, QSizeF(whole.size()) / unit), whole)
            return
        # in quarters of a pixel of the screen
        across, down = round(4 * (x * unit + self._left)), round(4 * (y * unit + self._top))
        key = (draw, of, unit, across & 3, down & 3)
        image = _kept.get(key)
        if image is None:
            image = _kept.keep(key, _painted(unit, across & 3, down & 3, box, self._ratio, draw, of))
        column, row = (across >> 2) + math.floor(box[0] * unit) - 1, (down >> 2) + math.floor(box[1] * unit) - 1
        if self._ratio == 1.0:
            self._painter.drawImage(column, row, image)
        else:
            self._painter.drawImage(QPointF(column / self._ratio, row / self._ratio), image)


def _painted(
    unit: float, across: int, down: int, box: Box, ratio: float, draw: Callable[..., None], of: tuple[Any, ...]
) -> QImage:
    left, top = math.floor(box[0] * unit) - 1, math.floor(box[1] * unit) - 1
    width, height = math.ceil(box[2] * unit) + 2 - left, math.ceil(box[3] * unit) + 2 - top
    image = QImage(width, height, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(0)
    with QPainter(image) as painter:
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.TextAntialiasing)
        painter.translate(across / 4 - left, down / 4 - top)
        painter.scale(unit, unit)
        draw(painter, *of)
    image.setDevicePixelRatio(ratio)
    return image


__all__ = ["Box", "Stamps"]
