"""The sign of each library shelf: a mark on a tinted square, the same in library, quick add and inspector."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFont, QIcon, QPainter, QPixmap

from flodesk.ui.theme import theme

GLYPHS = {
    "source": "∿",
    "maths": "±",
    "dsp": "ƒ",
    "statistics": "σ",
    "table": "▦",
    "file": "▤",
    "timing": "◷",
    "collect": "∪",
    "control": "◐",
    "show": "▣",
    "record": "●",
    "visa": "Ω",
    "code": "≡",
    "": "◆",
}


def paint_glyph(painter: QPainter, box: QRectF, category: str) -> None:
    """Paint the sign of `category` into a square `box`."""
    color = QColor(theme().category_color(category))
    ground = QColor(color)
    ground.setAlphaF(0.20 if theme().dark else 0.16)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(ground)
    painter.drawRoundedRect(box, box.width() * 0.26, box.width() * 0.26)
    font = QFont(painter.font())
    font.setPixelSize(round(box.height() * 0.66))
    font.setBold(True)
    painter.setFont(font)
    painter.setPen(color)
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, GLYPHS.get(category, GLYPHS[""]))
    painter.restore()


def glyph_icon(category: str, size: int = 20) -> QIcon:
    """Return the sign as an icon, sharp on screens of two pixels a point."""
    image = QPixmap(size * 2, size * 2)
    image.setDevicePixelRatio(2.0)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    paint_glyph(painter, QRectF(0, 0, size, size), category)
    painter.end()
    return QIcon(image)
