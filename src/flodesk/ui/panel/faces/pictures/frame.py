"""What stands around a picture: axes with tidy ticks, the colour bar, and a line for what is read off."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QImage, QPainter, QPen
from PySide6.QtWidgets import QWidget

from flodesk.indicators.pictures import Raster
from flodesk.ui.panel.faces.dials.ruler import Ruler
from flodesk.ui.panel.faces.pictures.colors import MISSING, table
from flodesk.ui.panel.faces.pictures.plane import Axis
from flodesk.ui.panel.paint import color, elided, small
from flodesk.ui.theme import theme

LINE = 16
"""Height of a line of small text."""
BAR = 12
_GAP = 6


@dataclass(frozen=True, slots=True)
class Room:
    """Where everything is on a widget."""

    picture: QRectF
    bar: QRectF
    told: QRectF


def ruler(axis: Axis, first: float, last: float) -> Ruler:
    """Return the scale of what is seen of an axis."""
    ends = sorted((axis.at(first), axis.at(last)))
    return Ruler(ends[0], ends[1], axis.unit)


def ruler_of(raster: Raster | None, levels: tuple[float, float]) -> Ruler | None:
    """Return the scale of the colours from the first to the last; None where pixels are colours themselves."""
    if raster is None or raster.colored:
        return None
    low, high = levels
    return Ruler(low, high if high > low else low + 1.0, raster.unit)


def lay_out(
    widget: QWidget, x: Axis | None, y: Axis | None, seen: QRectF, levels: Ruler | None, aspect: float = 0.0
) -> Room:
    """Divide a widget between the picture and what stands around it; `aspect` is width by height, 0 for as it comes."""
    metrics = QFontMetricsF(small(widget, 11))
    area = QRectF(widget.rect())
    told = QRectF(area.left(), area.bottom() - LINE, area.width(), LINE)
    area.setBottom(told.top() - 2)
    bar = QRectF()
    if levels is not None and area.width() >= 180 and area.height() >= 60:
        wide = max((metrics.horizontalAdvance(levels.label(tick)) for tick in levels.ticks(8)), default=0.0)
        wide = max(wide, metrics.horizontalAdvance(levels.symbol) - BAR - 2)
        top = area.top() + (LINE + 4 if levels.symbol else 6)
        bar = QRectF(area.right() - wide - BAR - 4, top, BAR, area.bottom() - top - (LINE if x else 6))
        area.setRight(bar.left() - 2 * _GAP)
    if y is not None:
        scale = ruler(y, seen.top(), seen.bottom())
        wide = max((metrics.horizontalAdvance(scale.label(tick)) for tick in scale.ticks(5)), default=0.0)
        area.setLeft(area.left() + wide + _GAP)
        area.setTop(area.top() + (LINE + 4 if y.label or scale.symbol else 6))
    if x is not None:
        area.setBottom(area.bottom() - LINE)
    if aspect and area.height() > 0:
        wide = min(area.width(), area.height() * aspect)
        high = wide / aspect
        area = QRectF(area.center().x() - wide / 2, area.top() + (area.height() - high) / 2, wide, high)
    return Room(area, bar, told)


def paint_axes(painter: QPainter, widget: QWidget, room: Room, x: Axis, y: Axis, seen: QRectF) -> None:
    """Write ticks and labels below and left of the picture."""
    area = room.picture
    painter.setFont(small(widget, 11))
    metrics = QFontMetricsF(painter.font())
    across, up = ruler(x, seen.left(), seen.right()), ruler(y, seen.top(), seen.bottom())
    right = area.left()
    for tick in across.ticks(max(2, int(area.width() / 70))):
        place = area.left() + (x.share(tick) - seen.left()) / seen.width() * area.width()
        _tick(painter, QPointF(place, area.bottom()), QPointF(place, area.bottom() + 3))
        text = across.label(tick)
        wide = metrics.horizontalAdvance(text)
        left = min(max(place - wide / 2, area.left() - 4), area.right() - wide + 8)
        painter.drawText(QPointF(left, area.bottom() + 13), text)
        right = max(right, left + wide)
    for tick in up.ticks(max(2, int(area.height() / 40))):
        place = area.top() + (y.share(tick) - seen.top()) / seen.height() * area.height()
        _tick(painter, QPointF(area.left() - 3, place), QPointF(area.left(), place))
        box = QRectF(0, place - LINE / 2, area.left() - _GAP, LINE)
        painter.drawText(box, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, up.label(tick))
    words = _words(y, up)
    if words:
        box = QRectF(0, area.top() - LINE - 4, area.width() + area.left(), LINE - 2)
        elided(painter, box, words, Qt.AlignmentFlag.AlignLeft)


def words_of(x: Axis, seen: QRectF) -> str:
    """Return what the horizontal axis is, with its unit."""
    return _words(x, ruler(x, seen.left(), seen.right()))


def _words(axis: Axis, scale: Ruler) -> str:
    return f"{axis.label} in {scale.symbol}" if axis.label and scale.symbol else axis.label or scale.symbol


def _tick(painter: QPainter, start: QPointF, stop: QPointF) -> None:
    painter.setPen(QPen(color(theme().line_strong), 1))
    painter.drawLine(start, stop)
    painter.setPen(color(theme().muted))


def paint_bar(painter: QPainter, widget: QWidget, room: Room, levels: Ruler, name: str) -> None:
    """Paint the colours from the first, below, to the last, with what they stand for."""
    area = room.bar
    if area.isEmpty():
        return
    strip = QImage(1, MISSING, QImage.Format.Format_RGB32)
    for number, ink in enumerate(table(name)[:MISSING]):
        strip.setPixel(0, MISSING - 1 - number, ink)
    painter.drawImage(area, strip)
    painter.setPen(QPen(color(theme().line_strong), 1))
    painter.drawRect(area)
    painter.setFont(small(widget, 11))
    for tick in levels.ticks(max(2, int(area.height() / 36))):
        share = (tick - levels.minimum) / (levels.maximum - levels.minimum)
        place = area.bottom() - share * area.height()
        _tick(painter, QPointF(area.right(), place), QPointF(area.right() + 2, place))
        painter.drawText(
            QRectF(area.right() + 4, place - LINE / 2, 80, LINE),
            Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter,
            levels.label(tick),
        )
    if levels.symbol:
        box = QRectF(area.left(), area.top() - LINE - 4, widget.width() - area.left(), LINE - 2)
        elided(painter, box, levels.symbol, Qt.AlignmentFlag.AlignLeft)
