"""The sign of each library shelf: a mark on a tinted square, the same in library, quick add and inspector."""

from __future__ import annotations

from functools import cache

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFont, QPainter

from flodesk.ui.theme import theme

GLYPHS = {
    "source": "∿",
    "maths": "±",
    "array": "▥",
    "linear": "⊞",
    "dsp": "ƒ",
    "statistics": "σ",
    "fit": "≈",
    "logic": "∧",
    "simulate": "∂",
    "text": "¶",
    "table": "▦",
    "sql": "▧",
    "file": "▤",
    "timing": "◷",
    "collect": "∪",
    "queue": "⇉",
    "control": "◐",
    "show": "▣",
    "record": "●",
    "visa": "Ω",
    "code": "≡",
    "own nodes": "✎",
    "broken": "!",
    "favourites": "★",
    "recent": "◔",
    "": "◆",
}


def paint_glyph(painter: QPainter, box: QRectF, category: str) -> None:
    """Paint the sign of `category` into a square `box`."""
    look = theme()
    color, ground = _colors(look.category_color(category), look.dark)
    before = painter.font()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(ground)
    painter.drawRoundedRect(box, box.width() * 0.26, box.width() * 0.26)
    painter.setFont(_font(before.family(), round(box.height() * 0.66)))
    painter.setPen(color)
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, GLYPHS.get(category, GLYPHS[""]))
    painter.setFont(before)


@cache
def _colors(color: str, dark: bool) -> tuple[QColor, QColor]:
    ground = QColor(color)
    ground.setAlphaF(0.20 if dark else 0.16)
    return QColor(color), ground


@cache
def _font(family: str, size: int) -> QFont:
    """Return a font that is made once: to find one takes as long as to paint the sign."""
    font = QFont(family)
    font.setPixelSize(size)
    font.setBold(True)
    return font
