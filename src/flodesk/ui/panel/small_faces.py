"""Indicators of few words: a number in big digits, a lamp, a text, and what stands there before the first value."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import (
    QAction,
    QColor,
    QFont,
    QFontMetricsF,
    QGuiApplication,
    QPainter,
    QPaintEvent,
    QPen,
    QPixmap,
    QRadialGradient,
)
from PySide6.QtWidgets import QPlainTextEdit, QVBoxLayout, QWidget

from flodesk.public import Indicator, Lamp, Note, Number
from flodesk.ui.panel.face import Face
from flodesk.ui.panel.figures import with_unit
from flodesk.ui.panel.paint import color, nothing_yet, small
from flodesk.ui.panel.setting import Reading
from flodesk.ui.theme import theme


class WaitingFace(Face):
    """Stands in until the first value tells what kind of indicator it is."""

    def show_value(self, value: Indicator) -> None:
        """Do nothing: the card replaces this face."""

    def paintEvent(self, event: QPaintEvent) -> None:
        """Say that a run fills it."""
        nothing_yet(self)


class NumberFace(Face):
    """A number as large as the card allows, with its unit and SI prefix."""

    takes = Number

    def __init__(self, reading: Reading, parent: QWidget | None = None) -> None:
        super().__init__(reading, parent)
        self._digits, self._unit = "–", ""
        self.setMinimumHeight(20)

    @property
    def text(self) -> str:
        """What is shown."""
        return f"{self._digits} {self._unit}".strip()

    def show_value(self, value: Indicator) -> None:
        """Show a number."""
        assert isinstance(value, Number)
        self.shown += 1
        new = with_unit(value.value, value.unit, value.digits)
        if new != (self._digits, self._unit):
            self._digits, self._unit = new
            self.setAccessibleName(f"{value.title or self.reading.title}: {self.text}")
            self.update()

    def actions_of_face(self) -> Iterator[QAction]:
        """Copy the number."""
        copy = QAction("Copy value", self)
        copy.triggered.connect(lambda: QGuiApplication.clipboard().setText(self.text))
        yield copy

    def _fonts(self) -> tuple[QFont, QFont]:
        """Return the fonts of digits and unit, as large as the room allows: steady while digits change."""
        big = QFont(self.font())
        big.setWeight(QFont.Weight.DemiBold)
        height = min(self.height() * 0.72, 64.0)
        pattern = "8" * max(len(self._digits), 5)
        for pixels in range(max(int(height), 13), 11, -1):
            big.setPixelSize(pixels)
            unit = small(self, max(11, round(pixels * 0.45)))
            wide = QFontMetricsF(big).horizontalAdvance(pattern)
            if wide + QFontMetricsF(unit).horizontalAdvance(f"  {self._unit}") <= self.width() - 4:
                break
        return big, unit

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint digits and unit on one base line."""
        painter = QPainter(self)
        big, unit = self._fonts()
        metrics = QFontMetricsF(big)
        base = self.height() / 2 + metrics.capHeight() / 2
        painter.setFont(big)
        painter.setPen(color(theme().text if self.shown else theme().faint))
        painter.drawText(QPointF(1, base), self._digits)
        painter.setFont(unit)
        painter.setPen(color(theme().muted))
        after = 1 + metrics.horizontalAdvance(self._digits) + max(5.0, big.pixelSize() * 0.16)
        painter.drawText(QPointF(after, base), self._unit)
        painter.end()


class LampFace(Face):
    """A lamp, with its state in words too: colour alone does not reach everybody."""

    takes = Lamp
    narrowest = 34
    _bulbs: dict[tuple[int, str, bool, float], QPixmap] = {}

    def __init__(self, reading: Reading, parent: QWidget | None = None) -> None:
        super().__init__(reading, parent)
        self._lamp: Lamp | None = None
        self.setMinimumHeight(20)

    @property
    def text(self) -> str:
        """What is written beside the lamp."""
        return "–" if self._lamp is None else "On" if self._lamp.on else "Off"

    def show_value(self, value: Indicator) -> None:
        """Show a lamp."""
        assert isinstance(value, Lamp)
        self.shown += 1
        if value != self._lamp:
            self._lamp = value
            self.setAccessibleName(f"{value.title or self.reading.title}: {self.text}")
            self.update()

    def sizeHint(self) -> QSize:
        """Room for a small bulb and its word."""
        return QSize(80, 28)

    def _bulb(self, size: int) -> QPixmap:
        lamp = self._lamp or Lamp()
        colors = theme()
        names = {"green": colors.ok, "red": colors.error, "amber": colors.warning, "blue": colors.running}
        ink = names.get(lamp.color, lamp.color if QColor(lamp.color).isValid() else colors.ok)
        key = (size, ink + colors.name, lamp.on, self.devicePixelRatioF())
        if key not in self._bulbs:
            self._bulbs[key] = _paint_bulb(*key[:1], ink, lamp.on, key[3])
        return self._bulbs[key]

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the bulb from its cache, and the word."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        size = max(20, min(self.height(), 56))
        bulb = self._bulb(size)
        painter.drawPixmap(QPointF(0, (self.height() - size) / 2), bulb)
        font = small(self, 13 if size < 34 else 16, bold=True)
        painter.setFont(font)
        painter.setPen(color(theme().text if self._lamp and self._lamp.on else theme().muted))
        room = QRectF(size + 8, 0, self.width() - size - 8, self.height())
        if painter.fontMetrics().horizontalAdvance(self.text) <= room.width():
            painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, self.text)
        painter.end()


def _paint_bulb(size: int, ink: str, on: bool, ratio: float) -> QPixmap:
    """Paint a lamp into a square: a glow and a highlight if it is on, an empty glass of its colour if not."""
    image = QPixmap(round(size * ratio), round(size * ratio))
    image.setDevicePixelRatio(ratio)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
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
    painter.drawEllipse(middle, radius, radius)
    painter.end()
    return image


class TextFace(Face):
    """A text that can be selected and copied."""

    takes = Note

    def __init__(self, reading: Reading, parent: QWidget | None = None) -> None:
        super().__init__(reading, parent)
        self.edit = QPlainTextEdit(self)
        self.edit.setReadOnly(True)
        self.edit.setAccessibleName("Text")
        self.edit.setFrameShape(QPlainTextEdit.Shape.NoFrame)
        self.edit.setPlaceholderText("No text yet")
        self.edit.setMaximumBlockCount(2000)
        self.edit.document().setDocumentMargin(2)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.edit)
        self.wear_theme()

    def show_value(self, value: Indicator) -> None:
        """Show a text; the place that was scrolled to is kept."""
        assert isinstance(value, Note)
        self.shown += 1
        if value.text != self.edit.toPlainText():
            bar = self.edit.verticalScrollBar()
            at = bar.value()
            self.edit.setPlainText(value.text)
            bar.setValue(at)

    def wear_theme(self) -> None:
        """Text without a frame, on the card."""
        self.edit.setStyleSheet(
            f"QPlainTextEdit {{ background: transparent; border: none; padding: 0; color: {theme().text}; }}"
        )
