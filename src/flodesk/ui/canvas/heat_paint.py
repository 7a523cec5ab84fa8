"""The colours of heat: an edge and a chip on each card, and the legend on the canvas."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QLinearGradient, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from flodesk.ui.canvas.card import Card
from flodesk.ui.canvas.painting import fonts, mixed, tint
from flodesk.ui.theme import current, theme

ABOVE = 20.0
"""What the chip takes above the card, in scene pixels."""
_HOT = 0.6
"""The share from which on it is as hot as can be: more than that is seldom, and then it is alone."""


@dataclass(frozen=True, slots=True)
class Heat:
    """How hot a card is: its share (0 to 1) of all, that in a few characters, and in a sentence."""

    share: float
    brief: str
    words: str


def heat_color(share: float) -> QColor:
    """Return the colour of a share: from grey over amber to red."""
    look = theme()
    heat = min(max(share, 0.0) / _HOT, 1.0) ** 0.5
    if heat < 0.5:
        return mixed(look.warning, look.idle, heat * 2)
    return mixed(look.error, look.warning, heat * 2 - 1)


def on_color(ground: QColor) -> QColor:
    """Return black or white, whichever is easier to read on a ground."""
    parts = (ground.redF(), ground.greenF(), ground.blueF())
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    light = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    return QColor("#000000" if light > 0.179 else "#ffffff")


def paint_heat(painter: QPainter, card: Card, heat: Heat, *, far: bool = False, small: bool = True) -> None:
    """Paint a warm edge around a card and a chip above it with what it took; from some way off with its end alone."""
    color, share = heat_color(heat.share), heat.share
    brief = heat.brief if small else heat.brief.rpartition(" · ")[2]
    box = QRectF(0, 0, card.width, card.height)
    if far:
        fill = QColor(color)
        fill.setAlphaF(0.75)
        painter.fillRect(box, fill)
        return
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(color, 2.0 + 3.0 * min(share / _HOT, 1.0)))
    painter.drawRoundedRect(box, 10, 10)
    font = QFont(fonts().label.font)
    font.setPixelSize(11 if small else 15)
    width = QFontMetricsF(font).horizontalAdvance(brief) + 14
    chip = QRectF(card.width - width, -ABOVE + 1, width, 17)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(color)
    painter.drawRoundedRect(chip, 5, 5)
    painter.setFont(font)
    painter.setPen(on_color(color))
    painter.drawText(chip, Qt.AlignmentFlag.AlignCenter, brief)


class Legend(QWidget):
    """What the colours mean, in the lower left corner of a view; hidden while they are off."""

    SIZE = (236, 48)

    def __init__(self, view: QWidget) -> None:
        super().__init__(view)
        self._title = ""
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.resize(*self.SIZE)
        view.installEventFilter(self)
        current.changed.connect(self.update)
        self.hide()

    def show_title(self, title: str) -> None:
        """Say what is shown; an empty text hides the legend."""
        self._title = title
        self.setAccessibleName(f"Legend: {title}")
        self.setVisible(bool(title))
        self.resize(max(self.SIZE[0], round(fonts().label.width(title)) + 24), self.SIZE[1])
        self._lie()
        self.raise_()
        self.update()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Stay in the corner."""
        if event.type() == QEvent.Type.Resize:
            self._lie()
        return False

    def _lie(self) -> None:
        parent = self.parentWidget()
        if parent is not None:
            self.move(12, parent.height() - self.height() - 12)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the title, the scale and its ends."""
        look, kinds = theme(), fonts()
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(tint(look.line_strong), 1))
            painter.setBrush(tint(look.raised))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)
            painter.setFont(kinds.label.font)
            painter.setPen(tint(look.text))
            painter.drawText(QRectF(10, 5, self.width() - 20, 16), Qt.AlignmentFlag.AlignLeft, self._title)
            bar = QRectF(42, 29, self.width() - 42 - 56, 8)
            scale = QLinearGradient(bar.topLeft(), bar.topRight())
            for step in range(9):
                scale.setColorAt(step / 8, heat_color(_HOT * step / 8))
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(scale)
            painter.drawRoundedRect(bar, 4, 4)
            painter.setPen(tint(look.muted))
            middle = Qt.AlignmentFlag.AlignVCenter
            painter.drawText(QRectF(10, 24, 30, 18), middle, "0 %")
            painter.drawText(QRectF(bar.right() + 8, 24, 50, 18), middle, f"≥ {100 * _HOT:.0f} %")


__all__ = ["ABOVE", "Heat", "Legend", "heat_color", "on_color", "paint_heat"]
