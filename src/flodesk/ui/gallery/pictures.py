"""The pictures of the examples: their panels while they run, in both themes, as ``docs/make_gallery.py`` took them."""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPainterPath, QPen

from flodesk.resource import resource
from flodesk.ui.theme import Theme

SIZE = (480, 300)
"""Width and height in pixels in the file."""


def packed(name: str, look: Theme, size: tuple[int, int], scale: int = 2) -> QImage | None:
    """Return the picture of an example at a size in pixels at 100 %, with round corners; None where there is none."""
    return _packed(name, "dark" if look.dark else "light", look.line, size, scale)


@lru_cache(maxsize=160)
def _packed(name: str, kind: str, line: str, size: tuple[int, int], scale: int) -> QImage | None:
    try:
        whole = QImage(str(resource(f"examples/pictures/{name}-{kind}.webp")))
    except FileNotFoundError:
        return None
    if whole.isNull():
        return None
    wanted = QSize(*size) * scale
    how = Qt.AspectRatioMode.KeepAspectRatioByExpanding, Qt.TransformationMode.SmoothTransformation
    image = QImage(wanted, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.transparent)
    with QPainter(image) as painter:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        edge = QPainterPath()
        edge.addRoundedRect(QRectF(image.rect()).adjusted(1, 1, -1, -1), 6.0 * scale, 6.0 * scale)
        painter.setClipPath(edge)
        painter.drawImage(0, 0, whole.scaled(wanted, *how))
        painter.setClipping(False)
        painter.setPen(QPen(QColor(line), float(scale)))
        painter.drawPath(edge)
    image.setDevicePixelRatio(scale)
    return image


__all__ = ["SIZE", "packed"]
