"""Pictures, heat maps and waterfalls: values as colours, with axes, a colour bar, and a region that is measured.

All is painted here: a picture of pixels costs a third of a millisecond, and moves no axes of a plot library.
"""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QAction, QImage, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QWheelEvent
from PySide6.QtWidgets import QWidget

from flodesk.indicators.pictures import Raster
from flodesk.public import Indicator
from flodesk.ui.panel.faces.face import Face
from flodesk.ui.panel.faces.pictures.colors import colored, picture
from flodesk.ui.panel.faces.pictures.frame import Room, lay_out, paint_axes, paint_bar, ruler_of
from flodesk.ui.panel.faces.pictures.plane import Plane, plane_of
from flodesk.ui.panel.faces.pictures.region import Region, cursor_of
from flodesk.ui.panel.faces.pictures.words import region_words, usual_words, value_words
from flodesk.ui.panel.faces.wheel import leave_wheel
from flodesk.ui.panel.paint import color, elided, nothing_yet, small
from flodesk.ui.panel.setting import Reading
from flodesk.ui.theme import theme

_WHOLE = QRectF(0, 0, 1, 1)
_CLOSEST = 4
"""Rows or columns that are seen at the least."""
_ZOOM = 1.25


class RasterFace(Face):
    """An image. A hand zooms with Ctrl and the wheel, drags, and measures a region; a double click shows all again."""

    below = 6
    colors = "grey"
    axes = False

    def __init__(self, reading: Reading, parent: QWidget | None = None) -> None:
        super().__init__(reading, parent)
        self.raster: Raster | None = None
        self.plane: Plane | None = None
        self.image = QImage()
        self.levels = (0.0, 1.0)
        self.seen = QRectF(_WHOLE)
        """What is seen of it, as shares of its width and height."""
        self.region = Region()
        self._mouse: QPointF | None = None
        self._panned: tuple[QPointF, QRectF] | None = None
        self.setMouseTracking(True)
        self.setMinimumHeight(20)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    # -------------------------------------------------------------- values
    def show_value(self, value: Indicator) -> None:
        """Show a picture."""
        assert isinstance(value, Raster)
        self.shown += 1
        self.raster = value
        self._settle()

    def show_reading(self, reading: Reading) -> None:
        """Take what the view says of the colours."""
        super().show_reading(reading)
        self._settle()

    def _settle(self) -> None:
        raster = self.raster
        if raster is None or raster.values is None or not raster.values.size:
            self.plane, self.image = None, QImage()
        else:
            plane = plane_of(raster, str(self.reading.options.get("newest", "top")))
            self.plane = plane
            self.region.fit(plane.columns, plane.rows)
            options, (low, high) = self.reading.options, raster.levels()
            self.levels = float(options.get("minimum", low)), float(options.get("maximum", high))
            self.image = colored(plane.values) if raster.colored else picture(plane.values, *self.levels, self.map)
        title = (raster.title if raster is not None else "") or self.reading.title
        self.setAccessibleName(f"{title}: {raster.summary() if raster is not None else 'no value yet'}")
        self.setAccessibleDescription(self.told)
        self.update()

    @property
    def map(self) -> str:
        """The name of the colour map."""
        return str(self.reading.options.get("colors", self.colors))

    # -------------------------------------------------------------- places
    def room(self) -> Room:
        """Return where picture, colour bar and the line below are."""
        plane = self.plane
        if plane is None:
            return Room(QRectF(self.rect()), QRectF(), QRectF())
        shown = self.axes or bool(plane.x.label or plane.x.unit or plane.y.label or plane.y.unit)
        x, y = (plane.x, plane.y) if shown and self.height() >= 90 and self.width() >= 120 else (None, None)
        seen = self.seen
        aspect = plane.columns * seen.width() / (plane.rows * seen.height()) if not self.axes else 0.0
        return lay_out(self, x, y, seen, ruler_of(self.raster, self.levels), aspect)

    def share_at(self, at: QPointF) -> QPointF:
        """Return the place of a point of the widget in the picture, as shares of its width and height."""
        area = self.room().picture
        wide, high = max(area.width(), 1.0), max(area.height(), 1.0)
        return QPointF(
            self.seen.left() + (at.x() - area.left()) / wide * self.seen.width(),
            self.seen.top() + (at.y() - area.top()) / high * self.seen.height(),
        )

    def box_of(self, cells: QRect) -> QRectF:
        """Return where columns and rows are on the widget."""
        assert self.plane is not None
        area, seen = self.room().picture, self.seen
        across = area.width() / seen.width() / self.plane.columns
        down = area.height() / seen.height() / self.plane.rows
        left = area.left() + cells.left() * across - seen.left() / seen.width() * area.width()
        top = area.top() + cells.top() * down - seen.top() / seen.height() * area.height()
        return QRectF(left, top, cells.width() * across, cells.height() * down)

    # -------------------------------------------------------------- what is read off
    @property
    def told(self) -> str:
        """What is written below: the value under the mouse, else the region's figures, else the size of an image."""
        raster, plane = self.raster, self.plane
        if raster is None or plane is None:
            return ""
        if self._mouse is not None and self.room().picture.contains(self._mouse):
            return value_words(raster, plane, self.share_at(self._mouse), axes=self.axes)
        if self.region.cells is not None:
            return region_words(raster, plane, self.region.cells)
        return usual_words(raster, plane, self.seen, axes=self.axes)

    # -------------------------------------------------------------- hands
    def actions_of_face(self) -> Iterator[QAction]:
        """Measure a region, show all."""
        region = QAction("Measure a region", self, checkable=True, checked=self.region.cells is not None)
        region.setShortcut("R")
        region.setEnabled(self.plane is not None)
        region.toggled.connect(self.measure)
        yield region
        fit = QAction("Show all", self, enabled=self.seen != _WHOLE)
        fit.setShortcut("0")
        fit.triggered.connect(self.fit)
        yield fit

    def measure(self, on: bool = True) -> None:
        """Put a region in the middle of what is seen, or take it away."""
        if self.plane is None or not on:
            self.region.cells = None
        else:
            seen, plane = self.seen, self.plane
            left, top = seen.left() + seen.width() / 3, seen.top() + seen.height() / 3
            size = QSize(round(seen.width() / 3 * plane.columns), round(seen.height() / 3 * plane.rows))
            self.region.set_up(QRect(QPoint(round(left * plane.columns), round(top * plane.rows)), size))
        self._say()

    def fit(self) -> None:
        """Show all of the picture."""
        self.look(QRectF(_WHOLE))

    def look(self, seen: QRectF) -> None:
        """Show a part of it, given as shares of its width and height."""
        plane = self.plane
        if plane is None:
            return
        wide = min(max(seen.width(), min(_CLOSEST / plane.columns, 1.0)), 1.0)
        high = min(max(seen.height(), min(_CLOSEST / plane.rows, 1.0)), 1.0)
        left = min(max(seen.center().x() - wide / 2, 0.0), 1.0 - wide)
        top = min(max(seen.center().y() - high / 2, 0.0), 1.0 - high)
        self.seen = QRectF(left, top, wide, high)
        self._say()

    def zoom(self, factor: float, around: QPointF | None = None) -> None:
        """Come nearer by a factor, to a place given as shares of the picture's size; else to the middle."""
        seen = self.seen
        at = around if around is not None else seen.center()
        self.look(
            QRectF(
                at.x() - (at.x() - seen.left()) / factor,
                at.y() - (at.y() - seen.top()) / factor,
                seen.width() / factor,
                seen.height() / factor,
            )
        )

    def _say(self) -> None:
        self.setAccessibleDescription(self.told)
        self.update()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Zoom with Ctrl; without it the wheel is the panel's."""
        if self.plane is None:
            event.ignore()
            return
        if not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            leave_wheel(self, event)
            return
        self.zoom(_ZOOM ** (event.angleDelta().y() / 120.0), self.share_at(event.position()))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take hold of the region, or of the picture."""
        if event.button() != Qt.MouseButton.LeftButton or self.plane is None:
            event.ignore()
            return
        grip = self.region.grip(event.position(), self.box_of(self.region.cells)) if self.region.cells else ""
        if grip:
            self.region.press(grip, self.plane.place(self.share_at(event.position())))
        elif self.seen != _WHOLE:
            self._panned = (event.position(), QRectF(self.seen))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Move what is held; else read off the value."""
        self._mouse = event.position()
        if self.region.held and self.plane is not None:
            self.region.drag(self.plane.place(self.share_at(event.position())))
            self._mouse = None
        elif self._panned is not None:
            start, before = self._panned
            area, by = self.room().picture, event.position() - start
            self.look(
                before.translated(-by.x() / area.width() * before.width(), -by.y() / area.height() * before.height())
            )
        elif self.region.cells is not None and self.plane is not None:
            self.setCursor(cursor_of(self.region.grip(event.position(), self.box_of(self.region.cells))))
        self._say()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Let go."""
        self.region.release()
        self._panned = None

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Show all."""
        self.fit()

    def leaveEvent(self, event: QEvent) -> None:
        """Read off nothing any more."""
        self._mouse = None
        self._say()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """R measures a region, arrows move it (Shift: its size), + and - zoom, 0 shows all, Esc takes it away."""
        key = event.key()
        if self.region.key(key, event.modifiers()):
            self._say()
        elif key == Qt.Key.Key_R and not event.modifiers():
            self.measure(self.region.cells is None)
        elif key in (Qt.Key.Key_Plus, Qt.Key.Key_Minus):
            self.zoom(_ZOOM if key == Qt.Key.Key_Plus else 1 / _ZOOM)
        elif key == Qt.Key.Key_0:
            self.fit()
        elif key != Qt.Key.Key_Escape or not self.let_off():
            super().keyPressEvent(event)

    def let_off(self) -> bool:
        """Take the region away."""
        there = self.region.cells is not None
        if there:
            self.measure(False)
        return there

    # -------------------------------------------------------------- paint
    def sizeHint(self) -> QSize:
        """Room for a small picture."""
        return QSize(240, 180)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the picture and what stands around it."""
        plane = self.plane
        if plane is None:
            nothing_yet(self)
            return
        with QPainter(self) as painter:
            room, seen = self.room(), self.seen
            source = QRectF(
                seen.left() * plane.columns, seen.top() * plane.rows, seen.width() * plane.columns,
                seen.height() * plane.rows,
            )  # fmt: skip
            # fewer pixels than there are values: some of them would not be seen at all
            smooth = source.width() > room.picture.width() or source.height() > room.picture.height()
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, smooth)
            painter.fillRect(room.picture, color(theme().sunken))
            painter.drawImage(room.picture, self.image, source)
            if room.picture.left() > 0 and (self.axes or plane.x.label or plane.x.unit) and self.height() >= 90:
                paint_axes(painter, self, room, plane.x, plane.y, seen)
            levels = ruler_of(self.raster, self.levels)
            if levels is not None:
                paint_bar(painter, self, room, levels, self.map)
            if self.region.cells is not None:
                painter.save()
                painter.setClipRect(room.picture.adjusted(-4, -4, 4, 4))
                self.region.paint(painter, self.box_of(self.region.cells))
                painter.restore()
            painter.setFont(small(self, 11))
            painter.setPen(color(theme().muted))
            told = self.told
            usual = self.raster is not None and told == usual_words(self.raster, plane, seen, axes=self.axes)
            elided(painter, room.told, told, Qt.AlignmentFlag.AlignHCenter if usual else Qt.AlignmentFlag.AlignLeft)
            self.paint_focus(painter)


class HeatFace(RasterFace):
    """A heat map, with axes."""

    colors = "viridis"
    axes = True


class FallFace(HeatFace):
    """A waterfall: the newest row at the top, or at the left."""

    colors = "inferno"
