"""Pictures of the guide in the size in which they are shown; read and scaled beside the window."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QImage, QImageReader


def measure_in(folder: Path, room: int) -> Callable[[str], tuple[int, int] | None]:
    """Return what tells width and height in pixels of a picture of the folder, within a width of `room`."""

    def measure(path: str) -> tuple[int, int] | None:
        size = QImageReader(str(folder / path)).size()
        if not size.isValid() or size.isEmpty():
            return None
        width = min(size.width(), room)
        return width, round(size.height() * width / size.width())

    return measure


def scaled(path: Path, size: tuple[int, int], ratio: float) -> QImage:
    """Return a picture in a size in pixels, sharp on a screen of `ratio` dots a pixel; a null one if it is none."""
    image = QImage(str(path))
    if image.isNull():
        return image
    how = Qt.AspectRatioMode.IgnoreAspectRatio, Qt.TransformationMode.SmoothTransformation
    wanted = QSize(round(size[0] * ratio), round(size[1] * ratio))
    return image.scaled(wanted, *how) if wanted.width() < image.width() else image


__all__ = ["measure_in", "scaled"]
