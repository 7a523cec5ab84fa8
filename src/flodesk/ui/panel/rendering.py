"""Widgets as the bytes of a picture: PNG, SVG, PDF."""

from __future__ import annotations

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QMarginsF, QPoint, QSizeF
from PySide6.QtGui import QImage, QImageWriter, QPageLayout, QPageSize, QPainter, QPdfWriter, QRegion
from PySide6.QtSvg import QSvgGenerator
from PySide6.QtWidgets import QWidget

from flodesk.ui.panel.paint import color
from flodesk.ui.theme import theme

SHARPNESS = 2
"""Pixels of a PNG for each pixel of the screen that the picture is laid out for."""
_DOTS = 96
"""Pixels of the screen to an inch, as Qt and the web count them."""


def image(widget: QWidget, *, filled: bool = False) -> QImage:
    """Return a widget as a picture of twice as many pixels; `filled` puts the colour of cards behind round corners."""
    size = widget.size()
    made = QImage(size * SHARPNESS, QImage.Format.Format_ARGB32_Premultiplied)
    made.setDevicePixelRatio(SHARPNESS)
    made.fill(color(theme().raised, 0.0))
    with QPainter(made) as painter:
        _paint(widget, painter, filled=filled)
    return made


def png(widget: QWidget, *, filled: bool = False) -> bytes:
    """Return a PNG."""
    made = QByteArray()
    buffer = QBuffer(made)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    QImageWriter(buffer, QByteArray(b"png")).write(image(widget, filled=filled))
    return bytes(made.data())


def svg(widget: QWidget, *, filled: bool = False) -> bytes:
    """Return an SVG, drawn with Qt's own generator: pyqtgraph's SVG export fails on PySide6 6.12."""
    made = QByteArray()
    generator = QSvgGenerator()
    generator.setOutputDevice(QBuffer(made))
    generator.setSize(widget.size())
    generator.setViewBox(widget.rect())
    generator.setResolution(_DOTS)
    with QPainter(generator) as painter:
        _paint(widget, painter, filled=filled)
    return bytes(made.data())


def pdf(widget: QWidget, title: str = "") -> bytes:
    """Return a PDF of one page that is as large as the widget."""
    made = QByteArray()
    buffer = QBuffer(made)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(buffer)
    writer.setTitle(title)
    writer.setCreator("flodesk")
    size = QSizeF(widget.size()) / _DOTS
    page = QPageSize(size, QPageSize.Unit.Inch, "", QPageSize.SizeMatchPolicy.ExactMatch)
    way = QPageLayout.Orientation.Portrait
    writer.setPageLayout(QPageLayout(page, way, QMarginsF(), QPageLayout.Unit.Point, QMarginsF()))
    with QPainter(writer) as painter:
        scale = writer.resolution() / _DOTS
        painter.scale(scale, scale)
        _paint(widget, painter, filled=True)
    buffer.close()
    return bytes(made.data())


def _paint(widget: QWidget, painter: QPainter, *, filled: bool) -> None:
    """Paint a widget and what is in it, without the background of windows."""
    if filled:
        painter.fillRect(widget.rect(), color(theme().raised))
    widget.render(painter, QPoint(), QRegion(), QWidget.RenderFlag.DrawChildren)


def drawn(widget: QWidget, ending: str, title: str = "") -> bytes:
    """Return a picture in the format of a file's ending: ``.svg``, ``.pdf``, else PNG."""
    if ending.lower() == ".svg":
        return svg(widget, filled=True)
    return pdf(widget, title) if ending.lower() == ".pdf" else png(widget, filled=True)


__all__ = ["SHARPNESS", "drawn", "image", "pdf", "png", "svg"]
