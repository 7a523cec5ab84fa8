"""The line above a plot: a dash of colour and a name a curve, values at the cursor, and a chip to press."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from flodesk.ui.panel.guard import Guarded
from flodesk.ui.panel.paint import color, small
from flodesk.ui.theme import theme


@dataclass(frozen=True, slots=True)
class Entry:
    """One curve: its name, its colour, and its value at the cursor as text."""

    name: str
    ink: str
    value: str = ""


class Legend(Guarded, QWidget):
    """Painted in one go; takes no height while it has nothing to say."""

    pressed = Signal()
    """The chip was pressed."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.entries: tuple[Entry, ...] = ()
        self.place = ""
        self.chip = ""
        self._chip_area = QRectF()
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """One line."""
        return QSize(100, 18)

    def show_entries(self, entries: tuple[Entry, ...], place: str, chip: str) -> None:
        """Show curves, where the cursor is (as text), and the words on the chip; empty for none."""
        if (entries, place, chip) != (self.entries, self.place, self.chip):
            self.entries, self.place, self.chip = entries, place, chip
            self.setAccessibleName(", ".join(f"{e.name} {e.value}".strip() for e in entries))
            self.update()

    @property
    def named(self) -> bool:
        """Whether it says which curve is which: then it needs a line of its own."""
        return any(entry.name for entry in self.entries)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Press the chip."""
        if self.chip and self._chip_area.contains(event.position()):
            self.pressed.emit()
        else:
            event.ignore()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint from the left: curves, cursor; at the right: the chip."""
        colors = theme()
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            font = small(self, 11)
            painter.setFont(font)
            metrics = QFontMetricsF(font)
            if not self.named and self.place:  # it stands on the plot
                painter.fillRect(self.rect(), color(colors.raised, 0.85))
            right = self._paint_chip(painter, metrics)
            x, middle = 2.0, self.height() / 2

            def write(text: str, ink: str) -> None:
                nonlocal x
                painter.setPen(color(ink))
                painter.drawText(QRectF(x, 0, max(right - x, 0), self.height()), Qt.AlignmentFlag.AlignVCenter, text)
                x += metrics.horizontalAdvance(text)

            for entry in self.entries:
                if not entry.name and not entry.value:
                    continue
                painter.setPen(QPen(color(entry.ink), 2.5, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
                painter.drawLine(QPointF(x, middle), QPointF(x + 12, middle))
                x += 18
                write(entry.name, colors.text)
                if entry.value:
                    x += 6
                    write(entry.value, colors.muted)
                x += 16
            if self.place:  # last, so that the names stay where they are when the cursor comes and goes
                write(f"at {self.place}", colors.muted)

    def _paint_chip(self, painter: QPainter, metrics: QFontMetricsF) -> float:
        if not self.chip:
            return float(self.width())
        colors = theme()
        width = metrics.horizontalAdvance(self.chip) + 16
        self._chip_area = QRectF(self.width() - width, 0, width, self.height())
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(color(colors.accent, 0.2))
        painter.drawRoundedRect(self._chip_area, 9, 9)
        painter.setPen(color(colors.text))
        painter.drawText(self._chip_area, Qt.AlignmentFlag.AlignCenter, self.chip)
        return self._chip_area.left() - 8
