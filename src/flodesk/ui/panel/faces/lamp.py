"""A lamp, in several shapes."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QPixmap, QRadialGradient
from PySide6.QtWidgets import QWidget

from flodesk.flow.forms import LAMP_SHAPES
from flodesk.public import Indicator, Lamp
from flodesk.ui.panel.faces.face import Face
from flodesk.ui.panel.paint import color, elided, small
from flodesk.ui.panel.setting import Reading
from flodesk.ui.theme import theme


class LampFace(Face):
    """A lamp, with its state in words too: colour alone does not reach everybody."""

    narrowest = 34
    _bulbs: dict[tuple[int, str, str, bool, float], QPixmap] = {}

    def __init__(self, reading: Reading, parent: QWidget | None = None) -> None:
        super().__init__(reading, parent)
        self._lamp: Lamp | None = None
        self.setMinimumHeight(20)

    @property
    def text(self) -> str:
        """What is written beside the lamp."""
        if self._lamp is None:
            return "–"
        word = self.reading.options.get("on" if self._lamp.on else "off", "")
        return word or ("On" if self._lamp.on else "Off")

    @property
    def shape(self) -> str:
        """What it looks like, one of `flodesk.flow.forms.LAMP_SHAPES`."""
        return str(self.reading.options.get("shape", LAMP_SHAPES[0]))

    @property
    def ink(self) -> str:
        """Its colour when lit."""
        lamp = self._lamp or Lamp()
        colors = theme()
        names = {"green": colors.ok, "red": colors.error, "amber": colors.warning, "blue": colors.running}
        return names.get(lamp.color, lamp.color if QColor(lamp.color).isValid() else colors.ok)

    def show_value(self, value: Indicator) -> None:
        """Show a lamp."""
        assert isinstance(value, Lamp)
        self.shown += 1
        if value != self._lamp:
            self._lamp = value
            self._tell()

    def show_reading(self, reading: Reading) -> None:
        """Take what the view says of the looks."""
        super().show_reading(reading)
        self._tell()

    def _tell(self) -> None:
        title = self._lamp.title if self._lamp is not None else ""
        self.setAccessibleName(f"{title or self.reading.title}: {self.text}")
        self.update()

    def sizeHint(self) -> QSize:
        """Room for a small bulb and its word."""
        return QSize(80, 28)

    def _bulb(self, size: int) -> QPixmap:
        on = self._lamp is not None and self._lamp.on
        key = (size, self.ink + theme().name, self.shape, on, self.devicePixelRatioF())
        if key not in self._bulbs:
            self._bulbs[key] = _paint_bulb(size, self.ink, on, self.shape == "square", key[4])
        return self._bulbs[key]

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the bulb from its cache, and the word."""
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            if self.shape == "label":
                self._paint_label(painter)
                return
            size = max(20, min(self.height(), 56))
            bulb = self._bulb(size)
            painter.drawPixmap(QPointF(0, (self.height() - size) / 2), bulb)
            font = small(self, 13 if size < 34 else 16, bold=True)
            painter.setFont(font)
            painter.setPen(color(theme().text if self._lamp and self._lamp.on else theme().muted))
            room = QRectF(size + 8, 0, self.width() - size - 8, self.height())
            if painter.fontMetrics().horizontalAdvance(self.text) <= room.width():
                painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, self.text)

    def _paint_label(self, painter: QPainter) -> None:
        """Paint a field with the word in it, filled if it is on."""
        on = self._lamp is not None and self._lamp.on
        high = min(self.height() - 4.0, 44.0)
        area = QRectF(0, (self.height() - high) / 2, self.width(), high).adjusted(1, 1, -1, -1)
        painter.setPen(QPen(color(self.ink, 1.0 if on else 0.45), 1.5))
        painter.setBrush(color(self.ink) if on else color(self.ink, 0.08))
        painter.drawRoundedRect(area, 5, 5)
        for size in (15, 13, 11):
            painter.setFont(small(self, size, bold=True))
            if painter.fontMetrics().horizontalAdvance(self.text) <= area.width() - 10:
                break
        painter.setPen(color(_upon(self.ink) if on else theme().muted))
        elided(painter, area.adjusted(5, 0, -5, 0), self.text, Qt.AlignmentFlag.AlignHCenter)


def _upon(ink: str) -> str:
    """Return black or white, whichever is read better upon a colour."""
    lit = QColor(ink)
    parts = (lit.redF(), lit.greenF(), lit.blueF())
    shares = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    light = 0.2126 * shares[0] + 0.7152 * shares[1] + 0.0722 * shares[2]
    return "#ffffff" if 1.05 / (light + 0.05) > (light + 0.05) / 0.05 else "#000000"


def _paint_bulb(size: int, ink: str, on: bool, square: bool, ratio: float) -> QPixmap:
    """Paint a lamp into a square: a glow and a highlight if it is on, an empty glass of its colour if not."""
    image = QPixmap(round(size * ratio), round(size * ratio))
    image.setDevicePixelRatio(ratio)
    image.fill(Qt.GlobalColor.transparent)
    with QPainter(image) as painter:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        middle, radius = QPointF(size / 2, size / 2), size * 0.32
        painter.setPen(Qt.PenStyle.NoPen)
        if on:
            glow = QRadialGradient(middle, size / 2)
            for at, alpha in ((0.0, 0.55), (0.64, 0.4), (1.0, 0.0)):
                glow.setColorAt(at, color(ink, alpha))
            painter.setBrush(glow)
            painter.drawEllipse(middle, size / 2, size / 2)
        body = QRadialGradient(middle - QPointF(radius * 0.35, radius * 0.4), radius * 1.5)
        body.setColorAt(0, QColor(ink).lighter(150) if on else color(ink, 0.34))
        body.setColorAt(1, color(ink) if on else color(ink, 0.14))
        painter.setBrush(body)
        painter.setPen(QPen(color(ink, 1.0 if on else 0.6), 1.5))
        if square:
            painter.drawRoundedRect(QRectF(middle.x() - radius, middle.y() - radius, 2 * radius, 2 * radius), 3, 3)
        else:
            painter.drawEllipse(middle, radius, radius)
    return image
