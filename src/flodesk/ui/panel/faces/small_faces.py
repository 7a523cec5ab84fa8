"""Indicators of few words: a number in big digits, a lamp, a text, and what stands there before the first value."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import (
    QAction,
    QFont,
    QFontMetricsF,
    QGuiApplication,
    QPainter,
    QPaintEvent,
)
from PySide6.QtWidgets import QPlainTextEdit, QVBoxLayout, QWidget

from flodesk.indicators import Zone
from flodesk.indicators.scales import Scale, gravest
from flodesk.public import Indicator, Note, Number
from flodesk.ui.panel.faces.face import Face
from flodesk.ui.panel.faces.spark import Spark
from flodesk.ui.panel.faces.zones import zone_ink, zones_of
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


_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


class NumberFace(Face):
    """A number as large as the card allows, with its unit and SI prefix."""

    def __init__(self, reading: Reading, parent: QWidget | None = None) -> None:
        super().__init__(reading, parent)
        self._digits, self._unit = "–", ""
        self._value: Number | Scale = Number()
        self._zone: Zone | None = None
        self.spark = Spark()
        self.setMinimumHeight(20)
        self.show_reading(reading)

    def show_reading(self, reading: Reading) -> None:
        """Take what the view says: for how many seconds the course is drawn."""
        super().show_reading(reading)
        self.spark.span(float(reading.options.get("sparkline", 0.0)))
        if self.shown:
            self._settle()
        self.update()

    @property
    def text(self) -> str:
        """What is shown, and what warns."""
        words = f"{self._digits} {self._unit}".strip()
        return f"{words}, {self._zone.level.capitalize()}" if self._zone is not None else words

    def show_value(self, value: Indicator) -> None:
        """Show a number."""
        assert isinstance(value, Number | Scale)
        self.shown += 1
        if self.spark.seconds:
            self.spark.add(float(value.value))
            self.update()
        self._value = value
        self._settle()

    def _settle(self) -> None:
        """Work out digits, unit and zone, from the value and from what the view says."""
        value, options = self._value, self.reading.options
        digits = min(max(int(options.get("digits", value.digits)), 1), 15)
        zones = zones_of(options) or (value.zones if isinstance(value, Scale) else ())
        zone = gravest(zone for zone in zones if zone.holds(value.value))
        new = (*with_unit(value.value, options.get("unit", value.unit), digits), zone)
        if new != (self._digits, self._unit, self._zone):
            self._digits, self._unit, self._zone = new
            self.setAccessibleName(f"{value.title or self.reading.title}: {self.text}")
            self.update()

    def tip(self) -> str:
        """Return what the node says of itself, and the zones."""
        unit = self.reading.options.get("unit", self._value.unit)
        zones = [f"{zone.words} {unit}".rstrip() for zone in zones_of(self.reading.options)]
        return "\n".join(filter(None, (super().tip(), ". ".join(zones) + "." if zones else "")))

    def actions_of_face(self) -> Iterator[QAction]:
        """Copy the number."""
        copy = QAction("Copy value", self)
        copy.triggered.connect(lambda: QGuiApplication.clipboard().setText(f"{self._digits} {self._unit}".strip()))
        yield copy

    def _room(self) -> QRectF:
        """Return the room of the digits: above the line of their course, if that is drawn."""
        room = QRectF(self.rect())
        if self.spark.seconds and self.height() >= 44:
            room.setHeight(max(room.height() * 0.6, 24.0))
        return room

    def _fonts(self) -> tuple[QFont, QFont]:
        """Return the fonts of digits and unit, as large as the room allows: steady while digits change."""
        big = QFont(self.font())
        big.setWeight(QFont.Weight.DemiBold)
        height = min(self._room().height() * 0.72, 64.0)
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
        if not self.shown:
            nothing_yet(self)
            return
        with QPainter(self) as painter:
            big, unit = self._fonts()
            metrics = QFontMetricsF(big)
            room = self._room()
            if room.height() < self.height():
                self.spark.paint(
                    painter, QRectF(2, room.bottom() + 4, self.width() - 6, self.height() - room.bottom() - 7)
                )
            base = room.center().y() + metrics.capHeight() / 2
            painter.setFont(big)
            painter.setPen(color(theme().text if self._zone is None else zone_ink(self._zone)))
            painter.drawText(QPointF(1, base), self._digits)
            painter.setFont(unit)
            painter.setPen(color(theme().muted))
            after = 1 + metrics.horizontalAdvance(self._digits) + max(5.0, big.pixelSize() * 0.16)
            painter.drawText(QPointF(after, base), self._unit)
            if self._zone is not None:
                left = after + painter.fontMetrics().horizontalAdvance(self._unit) + 8
                painter.setFont(small(self, 11, bold=True))
                painter.setPen(color(zone_ink(self._zone)))
                wide = painter.fontMetrics().horizontalAdvance
                texts = (f"▲ {self._zone.level.capitalize()}", "▲")
                text = next((t for t in texts if wide(t) <= self.width() - left - 2), "")
                painter.drawText(QRectF(left, room.top(), self.width() - left - 2, room.height()), _RIGHT, text)


class TextFace(Face):
    """A text that can be selected and copied."""

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
        """Show a text, or what another indicator says of itself; the place that was scrolled to is kept."""
        self.shown += 1
        text = value.text if isinstance(value, Note) else value.summary()
        if text != self.edit.toPlainText():
            bar = self.edit.verticalScrollBar()
            at = bar.value()
            self.edit.setPlainText(text)
            bar.setValue(at)

    def wear_theme(self) -> None:
        """Text without a frame, on the card."""
        self.edit.setStyleSheet(
            f"QPlainTextEdit {{ background: transparent; border: none; padding: 0; color: {theme().text}; }}"
        )
