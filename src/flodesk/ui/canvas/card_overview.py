"""The card from some way off: its small print would be dust, so name and newest value grow to fill it."""

from __future__ import annotations

import math
from functools import cache, lru_cache

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QImage, QPainter, QPen, QPolygonF

from flodesk.engine.preview import Preview
from flodesk.engine.thumbnail import Thumbnail
from flodesk.flow.graph import Node
from flodesk.ui.canvas.card import HEADER, Card, Live, spark_of
from flodesk.ui.canvas.painting import fonts, pen, tint
from flodesk.ui.theme import Theme, theme
from flodesk.ui.theme.clock import FADED, paint_clock

READABLE = 9.0
"""Screen pixels that the letters of a name have at least."""
_AIRY = 0.85
"""How much of the body's height the letters of a value may take at most."""
_CENTER = Qt.AlignmentFlag.AlignCenter
_LEFT = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft


def readable(detail: float) -> int:
    """Return the size in scene pixels from which letters can be read at `detail` screen pixels a scene pixel."""
    return math.ceil(READABLE / detail)


def name_near_by(title: str, width: float, detail: float) -> tuple[QFont, str]:
    """Return how a name is written into the header of a card that shows all it has: larger where it would be dust."""
    kind = fonts().title
    least = readable(detail)
    if kind.font.pixelSize() >= least:
        return kind.font, kind.elided(title, width)
    return _fitting(title, width, (least,), fonts().family)


def name_far_off(title: str, width: float, detail: float) -> tuple[QFont, str]:
    """Return how a name is written into a header that has nothing else: as large as it can be, and readable."""
    least = readable(detail)
    return _fitting(title, width, tuple(range(max(19, least), max(15, least) - 1, -1)), fonts().family)


def name_alone(title: str, width: float, height: float, detail: float) -> tuple[QFont, str]:
    """Return how a name is written over all of a card: as large as it can be, and readable."""
    return _block(title, width, height, fonts().family, readable(detail))


def paint_name(painter: QPainter, card: Card, width: float, detail: float) -> None:
    """Paint the name as large as the header allows, from x = 38 over `width` scene pixels."""
    font, text = name_far_off(card.title, width, detail)
    painter.setFont(font)
    painter.setPen(tint(theme().text))
    painter.drawText(QRectF(38, 0, width, HEADER), _LEFT, text)


def paint_block(painter: QPainter, card: Card, detail: float) -> None:
    """Paint the name alone over a card, as large as it can be."""
    box = QRectF(8, 3, card.width - 16, card.height - 6)
    font, text = name_alone(card.title, box.width(), box.height(), detail)
    painter.setFont(font)
    painter.setPen(tint(theme().text))
    painter.drawText(box, _CENTER, text)


@lru_cache(4096)
def _block(text: str, width: float, height: float, _family: str, least: int = 0) -> tuple[QFont, str]:
    """Return the largest font in which a name fits into a box, and the name, in two lines where it is larger so.

    Where it does not fit into the box in letters of the `least` size, it is cut short.
    """
    font = QFont(fonts().title.font)
    breaks = [at for at, letter in enumerate(text) if letter in "_ " and 0 < at < len(text) - 1]
    middle = min(breaks, key=lambda at: abs(at - len(text) / 2), default=0)
    cut = middle + (text[middle] == "_") if middle else 0
    shapes = [(text,), *([(text[:cut], text[cut:].strip())] if cut else [])]
    least = max(least, 18)
    for size in dict.fromkeys((*range(38, least, -2), least)):
        font.setPixelSize(size)
        measure = QFontMetricsF(font)
        for lines in shapes:
            if all(measure.horizontalAdvance(line) <= width for line in lines) and len(lines) * size * 1.2 <= height:
                return font, "\n".join(lines)
    lines = next(one for one in shapes[::-1] if len(one) == 1 or len(one) * least * 1.2 <= height)
    return font, "\n".join(measure.elidedText(line, Qt.TextElideMode.ElideRight, width) for line in lines)


@lru_cache(4096)
def _fitting(text: str, width: float, sizes: tuple[int, ...], _family: str) -> tuple[QFont, str]:
    """Return the largest of some fonts in which a text fits into a width, and the text, cut where none does."""
    font = QFont(fonts().title.font)
    for size in sizes:
        font.setPixelSize(size)
        measure = QFontMetricsF(font)
        if measure.horizontalAdvance(text) <= width:
            break
    return font, measure.elidedText(text, Qt.TextElideMode.ElideRight, width)


def paint_value(painter: QPainter, node: Node, card: Card, live: Live) -> None:
    """Paint the newest value over the body, as a curve or text; of a control what it is set to; else the type."""
    body = QRectF(14, HEADER + 6, card.width - 28, card.height - HEADER - 12)
    if card.height <= HEADER + 3:
        return
    if card.trouble and live.doubtful:
        paint_warning(painter, QPointF(17, card.height - 16), 10.0, theme())
    elif card.trouble:
        font = QFont(fonts().title.font)
        font.setPixelSize(16)
        painter.setFont(font)
        painter.setPen(tint(theme().error))
        painter.drawText(body, _CENTER | Qt.TextFlag.TextWordWrap, " ".join(card.trouble))
        return
    shown = [port.name for port in node.outputs if port.name in live.previews] if live.previews else []
    faded = bool(shown) and all(name in live.earlier for name in shown)
    if faded:
        paint_clock(painter, QPointF(card.width - 17, card.height - 17), theme().muted, 9.0)
        painter.setOpacity(FADED)
    _paint_newest(painter, node, card, live, body, [live.previews[name] for name in shown])
    if faded:
        painter.setOpacity(1.0)


def _paint_newest(
    painter: QPainter, node: Node, card: Card, live: Live, body: QRectF, known: list[Preview]
) -> None:  # fmt: skip
    """Paint the newest of what is `known`, the main value first."""
    drawn = spark_of(live, node) if card.strip is not None else None
    spark = drawn if drawn is not None and drawn.spark else next((p for p in known if p.spark), None)
    if spark is not None:
        spare = max(8.0, body.height() - 0.5 * body.width()) / 2
        paint_curve(painter, body.adjusted(0, spare, 0, -spare), spark, theme().type_color(spark.type), 2.4)
        return
    small = next((p.thumb for p in known if p.thumb is not None), None)
    if small is not None:
        paint_thumbnail(painter, body.adjusted(0, 4, 0, -4), small)
        return
    text = next((p.text for p in known if p.text), "")
    if not text and card.chips and (node.role == "control" or node.kind == "constant"):
        text = card.chips[0].value
    if not text and card.code:
        text = card.code[0]
    text = text.removesuffix(" numbers")  # the figures say it; with the word they would be dust
    if text:
        _paint_text(painter, body, text, theme().text, 24)
    else:
        _paint_text(painter, body, card.subtitle, theme().muted, 17)


def paint_warning(painter: QPainter, at: QPointF, radius: float, look: Theme) -> None:
    """Paint the sign of a warning around a point: a triangle, where an error has a disc."""
    unit = radius / 8
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    line = QPen(tint(look.warning), 2 * unit)
    line.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    painter.setPen(line)
    painter.setBrush(tint(look.warning))
    corners = [QPointF(0, -6.5), QPointF(7, 5.5), QPointF(-7, 5.5)]
    painter.drawPolygon(QPolygonF([at + corner * unit for corner in corners]))
    line = QPen(tint(look.raised), 1.9 * unit)
    line.setCapStyle(Qt.PenCapStyle.RoundCap)
    painter.setPen(line)
    painter.drawLine(at + QPointF(0, -2.6) * unit, at + QPointF(0, 1.0) * unit)
    painter.drawPoint(at + QPointF(0, 3.7) * unit)
    painter.restore()


def paint_thumbnail(painter: QPainter, box: QRectF, small: Thumbnail, *, left: bool = False) -> float:
    """Paint a picture in little into a box, its sides in proportion; returns its width."""
    scale = min(box.width() / small.columns, box.height() / small.rows)
    width, height = small.columns * scale, small.rows * scale
    x = box.left() if left else box.center().x() - width / 2
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, scale < 1.5)
    painter.drawImage(QRectF(x, box.center().y() - height / 2, width, height), _image(small))
    painter.restore()
    return width


@lru_cache(256)
def _image(small: Thumbnail) -> QImage:
    depth = 3 if small.colours else 1
    kind = QImage.Format.Format_RGB888 if small.colours else QImage.Format.Format_Grayscale8
    return QImage(small.pixels, small.columns, small.rows, small.columns * depth, kind).copy()


def paint_curve(painter: QPainter, box: QRectF, preview: Preview, color: str, width: float) -> None:
    """Paint a row of samples into a box, smallest at the bottom; what is not finite is left out."""
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(pen(color, width))
    painter.translate(box.topLeft())
    painter.drawPolyline(_curve(preview.spark, box.width(), box.height()))
    painter.translate(-box.topLeft())


@lru_cache(1024)
def _curve(values: tuple[float, ...], width: float, height: float) -> QPolygonF:
    finite = [value for value in values if math.isfinite(value)]
    if not finite:
        return QPolygonF()
    low, high = min(finite), max(finite)
    scale = height / ((high - low) or 1.0)
    step = width / max(1, len(values) - 1)
    base = height if high > low else height / 2
    points = [(step * k, base - (value - low) * scale) for k, value in enumerate(values) if math.isfinite(value)]
    return QPolygonF([QPointF(*point) for point in points])


@cache
def _sizes(most: int) -> tuple[int, ...]:
    return tuple(range(most, 12, -2))


def _paint_text(painter: QPainter, box: QRectF, text: str, color: str, most: int) -> None:
    tall = round(_AIRY * box.height())  # with air to the header, and to the edge
    font, shown = _fitting(text, box.width(), _sizes(max(13, min(most, tall))), fonts().family)
    painter.setFont(font)
    painter.setPen(tint(color))
    painter.drawText(box, _CENTER, shown)
