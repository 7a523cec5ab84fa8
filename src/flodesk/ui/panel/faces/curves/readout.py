"""Lines of text below a plot: what cursors, peaks and figures say."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from flodesk.ui.panel.guard import Guarded
from flodesk.ui.panel.paint import color, elided, small
from flodesk.ui.theme import theme

LINE = 16
"""Pixels of a line."""


@dataclass(frozen=True, slots=True)
class Told:
    """One line: the colour of the curve that it is about, or none, and what it says."""

    text: str
    ink: str = ""


class Readout(Guarded, QWidget):
    """Painted in one go; takes no height while it has nothing to say."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.lines: tuple[Told, ...] = ()
        self._most = 1
        self.setFixedHeight(0)
        self.hide()

    def tell(self, lines: tuple[Told, ...]) -> None:
        """Show these lines."""
        if lines == self.lines:
            return
        self.lines = lines
        text = "\n".join(line.text for line in lines)
        self.setAccessibleName(text)
        self.setToolTip(text)
        self._lay_out()
        self.update()

    def limit(self, pixels: float) -> None:
        """Take no more than so much height; what has no room is in the tooltip."""
        self._most = max(1, int(pixels) // LINE)
        self._lay_out()

    def _lay_out(self) -> None:
        height = min(len(self.lines), self._most) * LINE
        if height != self.height() or self.isHidden() == bool(self.lines):
            self.setFixedHeight(height)
            self.setVisible(bool(self.lines))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint a dash of colour and the text of each line."""
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setFont(small(self, 11))
            for number, line in enumerate(self.lines):
                top, left = number * LINE, 2.0
                if line.ink:
                    painter.setPen(QPen(color(line.ink), 2.5, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
                    painter.drawLine(QPointF(left, top + LINE / 2), QPointF(left + 12, top + LINE / 2))
                    left += 18
                painter.setPen(color(theme().text))
                elided(painter, QRectF(left, top, self.width() - left, LINE), line.text, Qt.AlignmentFlag.AlignLeft)
