"""Strokes that several parts of the panel share: colours, fonts and the shapes of cards."""

from __future__ import annotations

from functools import cache

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPen
from PySide6.QtWidgets import QWidget

from flodesk.ui.theme import theme

RADIUS = 8.0


@cache
def _color(name: str, alpha: int) -> QColor:
    made = QColor(name)
    made.setAlpha(alpha)
    return made


def color(name: str, alpha: float = 1.0) -> QColor:
    """Return a colour of the theme (``#rrggbb``) with an opacity from 0 to 1."""
    return _color(name, round(alpha * 255))


def small(widget: QWidget, pixels: int = 11, *, bold: bool = False) -> QFont:
    """Return the widget's font in another size."""
    font = QFont(widget.font())
    font.setPixelSize(pixels)
    font.setWeight(QFont.Weight.DemiBold if bold else QFont.Weight.Normal)
    return font


def card(painter: QPainter, area: QRectF, *, border: str = "", width: float = 1.0) -> None:
    """Paint the ground of a card: raised, with a hairline."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(color(border or theme().line), width))
    painter.setBrush(color(theme().raised))
    inset = width / 2
    painter.drawRoundedRect(area.adjusted(inset, inset, -inset, -inset), RADIUS, RADIUS)
    painter.setBrush(Qt.BrushStyle.NoBrush)


def elided(painter: QPainter, area: QRectF, text: str, flags: Qt.AlignmentFlag) -> None:
    """Paint a line of text, shortened at its end if it does not fit."""
    shown = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, int(area.width()))
    painter.drawText(area, flags | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine, shown)


def nothing_yet(widget: QWidget) -> None:
    """Write over the whole of an indicator that it has no value yet."""
    with QPainter(widget) as painter:
        painter.setPen(color(theme().faint))
        painter.drawText(widget.rect(), Qt.AlignmentFlag.AlignCenter, "No value yet")
